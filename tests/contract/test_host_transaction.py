"""Joining a host's transaction: our rows share its fate, whatever kind of transaction the host has.

The matrix: kinds of host × what happens. The store never commits, rolls back or listens there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from engine.errors import CannotJoin, Contention, DuplicateRequest, StaleCase
from engine.store import Store
from engine.store.port import CalendarRow, DefinitionRow, Transaction
from engine.store.sqlite import weaker_pragmas
from tests.contract.store_material import OPENED_AT, TENANT, due, instant, opening, step
from workflow.case import CaseState

INVOICE = sa.Table(
    "invoice", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("paid", sa.Integer)
)


@dataclass(frozen=True)
class Host:
    """A host: its engine, and how it opens a transaction of its own."""

    engine: sa.Engine
    transaction: Callable[[], AbstractContextManager[Any]]

    def paid(self) -> int:
        """Count the host's own rows."""
        with self.engine.connect() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(INVOICE)) or 0


@dataclass(frozen=True)
class Setting:
    """One row of the matrix: a host, a store on the same database, and a case that is open there."""

    host: Host
    store: Store
    case: CaseState


def with_begin_recipe(url: str) -> sa.Engine:
    """Return an engine that sends BEGIN itself, as SQLAlchemy's documentation shows for pysqlite."""
    engine = sa.create_engine(url)

    @sa.event.listens_for(engine, "connect")
    def silence(driver: Any, record: Any) -> None:
        driver.isolation_level = None

    @sa.event.listens_for(engine, "begin")
    def say_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def in_connection(engine: sa.Engine) -> Host:
    """Host that uses Core connections."""

    @contextmanager
    def transaction() -> Iterator[sa.Connection]:
        with engine.begin() as connection:
            yield connection

    return Host(engine, transaction)


def in_session(engine: sa.Engine) -> Host:
    """Host that uses the ORM."""

    @contextmanager
    def transaction() -> Iterator[Session]:
        with Session(engine) as session, session.begin():
            yield session

    return Host(engine, transaction)


def in_savepoint(engine: sa.Engine) -> Host:
    """Host that is inside a savepoint, after something of its own."""

    @contextmanager
    def transaction() -> Iterator[sa.Connection]:
        with engine.begin() as connection:
            connection.execute(sa.select(INVOICE))
            with connection.begin_nested():
                yield connection

    return Host(engine, transaction)


HOSTS: dict[str, tuple[str, Callable[[str], Host]]] = {
    "sqlite-driver-default": ("sqlite", lambda url: in_connection(sa.create_engine(url))),
    "sqlite-begin-recipe": ("sqlite", lambda url: in_connection(with_begin_recipe(url))),
    "sqlite-session": ("sqlite", lambda url: in_session(sa.create_engine(url))),
    "sqlite-session-begin-recipe": ("sqlite", lambda url: in_session(with_begin_recipe(url))),
    "sqlite-savepoint-begin-recipe": ("sqlite", lambda url: in_savepoint(with_begin_recipe(url))),
    "psycopg": ("postgres", lambda url: in_connection(sa.create_engine(url))),
    "psycopg-session": ("postgres", lambda url: in_session(sa.create_engine(url))),
    "psycopg-repeatable-read": (
        "postgres",
        lambda url: in_connection(sa.create_engine(url, isolation_level="REPEATABLE READ")),
    ),
    "psycopg-serializable": (
        "postgres",
        lambda url: in_session(sa.create_engine(url, isolation_level="SERIALIZABLE")),
    ),
    "psycopg-savepoint": ("postgres", lambda url: in_savepoint(sa.create_engine(url))),
}


def opened_in(store: Store) -> CaseState:
    """Open a case before the host does anything."""
    writes = opening()
    with store.transaction() as tx:
        tx.apply(writes)
    return writes.case


@pytest.fixture
def opened(store: Store) -> CaseState:
    """A case that is there before the host does anything."""
    return opened_in(store)


@pytest.fixture(params=HOSTS)
def setting(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Setting]:
    """Every kind of host, on a database of its own."""
    database, make = HOSTS[request.param]
    url = f"sqlite:///{tmp_path / 'kerjasama.db'}"
    if database == "postgres":
        url = request.getfixturevalue("postgres_database")
    store = Store.open(url, tenant=TENANT)
    host = make(url)
    INVOICE.metadata.create_all(host.engine)
    yield Setting(host, store, opened_in(store))
    host.engine.dispose()
    store.close()


def kept(store: Store, case_id: str) -> int:
    """Return how many entries of a case everybody can see."""
    with store.transaction(write=False) as tx:
        return len(tx.history(case_id))


def pay(connection: Any) -> None:
    """Do something of the host's own."""
    connection.execute(INVOICE.insert().values(paid=1))


def fire(store: Store, connection: Any, case_id: str, request_id: str | None = None) -> CaseState:
    """Do what the engine does for one command."""
    with store.transaction(connection) as tx:
        case = tx.case(case_id, lock=True)
        assert case is not None
        writes = step(case, request_id=request_id, timers=(due("a", instant(1)),), timer_paths=("a", "b"))
        tx.apply(writes)
    return writes.case


@pytest.mark.parametrize("order", ["host first", "engine first"])
def test_commit_of_the_host_keeps_both(setting: Setting, order: str) -> None:
    """Both are there after the host's commit, and not before."""
    store, host, opened = setting.store, setting.host, setting.case
    with host.transaction() as connection:
        if order == "host first":
            pay(connection)
        after = fire(store, connection, opened.id, "r-1")
        if order != "host first":
            pay(connection)
        if store.dialect == "postgresql":
            assert kept(store, opened.id) == 1
    assert (kept(store, opened.id), host.paid()) == (2, 1)
    with store.transaction(write=False) as tx:
        assert tx.case(opened.id) == after
        assert [status.timer.path for status in tx.timers.of(opened.id)] == ["a"]


@pytest.mark.parametrize("order", ["host first", "engine first"])
def test_rollback_of_the_host_removes_both(setting: Setting, order: str) -> None:
    """Nothing of ours outlives the host's rollback."""
    store, host, opened = setting.store, setting.host, setting.case
    fresh = opening()
    with pytest.raises(LookupError), host.transaction() as connection:
        if order == "host first":
            pay(connection)
        fire(store, connection, opened.id, "r-1")
        with store.transaction(connection) as tx:
            assert tx.next_number("ksdd", 2026) == 1
            tx.apply(fresh)
        if order != "host first":
            pay(connection)
        raise LookupError
    assert (kept(store, opened.id), kept(store, fresh.case.id), host.paid()) == (1, 0, 0)
    with store.transaction() as tx:
        assert tx.request("r-1") is None
        assert tx.next_number("ksdd", 2026) == 1
        assert tx.case(opened.id) == opened


def test_refusal_leaves_the_host_its_transaction(setting: Setting) -> None:
    """A look that decides nothing writes nothing; the host goes on and commits."""
    store, host, opened = setting.store, setting.host, setting.case
    with host.transaction() as connection:
        with store.transaction(connection) as tx:
            assert tx.case(opened.id, lock=True) == opened
        pay(connection)
    assert (kept(store, opened.id), host.paid()) == (1, 1)


def test_duplicate_leaves_the_host_its_transaction(setting: Setting) -> None:
    """A repeated request is told without breaking the host's transaction, and writes nothing."""
    store, host, opened = setting.store, setting.host, setting.case
    with store.transaction() as tx:
        done = step(opened, request_id="r-1")
        tx.apply(done)
    fresh = opening(request=done.request)
    with host.transaction() as connection:
        pay(connection)
        with pytest.raises(DuplicateRequest):
            fire(store, connection, opened.id, "r-1")
        with store.transaction(connection) as tx, suppress(DuplicateRequest):
            tx.apply(fresh)
        with store.transaction(connection) as tx:
            assert tx.request("r-1") == done.request
            assert tx.case(opened.id) == done.case
        pay(connection)
    assert (kept(store, opened.id), kept(store, fresh.case.id), host.paid()) == (2, 0, 2)


def test_stale_leaves_the_host_its_transaction(setting: Setting) -> None:
    """A case that has moved on is told, nothing of the command stays, the host goes on."""
    store, host, opened = setting.store, setting.host, setting.case
    with store.transaction() as tx:
        tx.apply(step(opened))
    with host.transaction() as connection:
        pay(connection)
        with pytest.raises(StaleCase), store.transaction(connection) as tx:
            tx.apply(step(opened, request_id="late"))
        with store.transaction(connection) as tx:
            assert tx.request("late") is None
        fire(store, connection, opened.id, "late")
    assert (kept(store, opened.id), host.paid()) == (3, 1)


def test_savepoint_of_the_host_undoes_only_its_part(setting: Setting) -> None:
    """What the host rolls back to a savepoint is gone, what came before stays."""
    store, host, opened = setting.store, setting.host, setting.case
    with host.transaction() as connection:
        fire(store, connection, opened.id)
        with suppress(LookupError), connection.begin_nested():
            fire(store, connection, opened.id, "r-1")
            pay(connection)
            raise LookupError
        pay(connection)
    assert (kept(store, opened.id), host.paid()) == (2, 1)
    with store.transaction(write=False) as tx:
        assert tx.request("r-1") is None


def test_joined_look_locks_the_case(setting: Setting) -> None:
    """Between a joined look and the host's commit nobody else changes the case."""
    store, host, opened = setting.store, setting.host, setting.case
    with host.transaction() as connection:
        with store.transaction(connection) as tx:
            assert tx.case(opened.id, lock=True) == opened
        assert _other_gets(store, host, opened.id) is None
        fire(store, connection, opened.id)
    assert kept(store, opened.id) == 2


def _other_gets(store: Store, host: Host, case_id: str) -> CaseState | None:
    if store.dialect == "postgresql":
        with store.transaction() as tx:
            return tx.lock_case_skip_locked(case_id)
    impatient = sa.create_engine(host.engine.url, connect_args={"timeout": 0})
    try:
        with impatient.begin() as connection, store.transaction(connection) as tx:
            return tx.case(case_id, lock=True)
    except Contention:
        return None
    finally:
        impatient.dispose()


def test_reading_in_the_hosts_transaction_sees_what_it_wrote(setting: Setting) -> None:
    """A joined read sees the uncommitted command of the same transaction."""
    store, host, opened = setting.store, setting.host, setting.case
    with host.transaction() as connection:
        after = fire(store, connection, opened.id)
        with store.transaction(connection, write=False) as tx:
            assert tx.case(opened.id) == after
            assert len(tx.history(opened.id)) == 2


def test_nothing_is_added_to_the_hosts_engine(setting: Setting) -> None:
    """No listener, no setting: the host's engine is the host's."""
    store, host, opened = setting.store, setting.host, setting.case

    def listeners() -> list[int]:
        found: tuple[Any, ...] = (
            host.engine.dispatch,
            host.engine.pool.dispatch,
            host.engine.dialect.dispatch,
        )
        return [len(tuple(getattr(d, name))) for d in found for name in sorted(d._event_names)]

    before = listeners()
    with host.transaction() as connection:
        fire(store, connection, opened.id)
    assert listeners() == before


def test_everything_else_works_joined(setting: Setting) -> None:
    """Definitions, calendars, timers and the outbox go through a host's connection too."""
    store, host = setting.store, setting.host
    with host.transaction() as connection:
        with store.transaction(connection) as tx:
            _use_the_rest(tx)
        pay(connection)
    with store.transaction(write=False) as tx:
        assert tx.definitions.get("ksdd") is not None
        assert len(tx.cases(state="penyusunan_kak").items) == 2


def _use_the_rest(tx: Transaction) -> None:
    definition = DefinitionRow(
        workflow="ksdd",
        version=1,
        digest="a" * 64,
        sources={"ksdd.yaml": "%s :name ?"},
        canonical="{}",
        deployed_by="admin",
        deployed_at=OPENED_AT,
    )
    calendar = CalendarRow(
        name="indonesia",
        version=1,
        digest="c" * 64,
        sources={},
        canonical="{}",
        loaded_by="admin",
        loaded_at=OPENED_AT,
    )
    assert tx.definitions.put(definition)
    assert not tx.definitions.put(definition)
    assert tx.definitions.put_calendar(calendar)
    assert tx.definitions.get("ksdd", 1) == definition
    tx.outbox.register("notifier", "case.*")
    writes = opening(timers=(due("a", instant(1)),), timer_paths=("a",))
    tx.apply(writes)
    tx.timers.failed(writes.case.id, due("a", instant(1)), error="boom", retry_at=instant(2))
    assert tx.timers.next_due() == instant(2)
    batch = tx.outbox.take("notifier", owner="me", now=instant(1), lease_until=instant(2), limit=9)
    assert batch is not None
    assert [one.topic for one in batch] == ["case.case_opened"]
    assert tx.outbox.delivered("notifier", "me", (batch[0].id,))


# --- what is refused -------------------------------------------------------------------------------


def test_autocommit_connection_is_refused(store: Store, store_url: str) -> None:
    """In AUTOCOMMIT nothing could be undone together, however the host has set it."""
    engine = sa.create_engine(store_url, isolation_level="AUTOCOMMIT")
    plain = sa.create_engine(store_url)
    for made in (engine, plain.execution_options(isolation_level="AUTOCOMMIT")):
        with (
            made.connect() as connection,
            pytest.raises(CannotJoin, match="AUTOCOMMIT"),
            store.transaction(connection),
        ):
            pass
    with plain.connect() as connection:
        changed = connection.execution_options(isolation_level="AUTOCOMMIT")
        with pytest.raises(CannotJoin, match="AUTOCOMMIT"), store.transaction(changed):
            pass
    engine.dispose()
    plain.dispose()


def test_connection_to_another_database_is_refused(store: Store) -> None:
    """A connection of another kind of database cannot carry our rows."""
    other = "sqlite://" if store.dialect == "postgresql" else "postgresql+psycopg://nobody@127.0.0.1:1/none"
    engine = sa.create_engine(other)
    if store.dialect == "postgresql":
        with (
            engine.connect() as connection,
            pytest.raises(CannotJoin, match="sqlite"),
            store.transaction(connection),
        ):
            pass
    else:
        with pytest.raises(CannotJoin, match="neither"), store.transaction(engine):
            pass
    engine.dispose()


def test_closed_connection_is_refused(store: Store, store_url: str) -> None:
    """A closed connection is said to be closed."""
    engine = sa.create_engine(store_url)
    connection = engine.connect()
    connection.close()
    with pytest.raises(CannotJoin, match="closed"), store.transaction(connection):
        pass
    engine.dispose()


def test_scoped_session_is_joined(store: Store, store_url: str, opened: CaseState) -> None:
    """A ``scoped_session`` stands for the session of this thread."""
    engine = sa.create_engine(store_url)
    scoped = scoped_session(sessionmaker(engine))
    fire(store, scoped, opened.id)
    scoped.rollback()
    assert kept(store, opened.id) == 1
    fire(store, scoped, opened.id)
    scoped.commit()
    assert kept(store, opened.id) == 2
    scoped.remove()
    engine.dispose()


def test_connection_without_transaction_gets_one(store: Store, store_url: str, opened: CaseState) -> None:
    """As any statement of the host's would, ours begin the transaction that the host then ends."""
    engine = sa.create_engine(store_url)
    with engine.connect() as connection:
        fire(store, connection, opened.id)
        connection.rollback()
        assert kept(store, opened.id) == 1
        fire(store, connection, opened.id)
        connection.commit()
    assert kept(store, opened.id) == 2
    engine.dispose()


# --- SQLite alone ----------------------------------------------------------------------------------


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of a SQLite file."""
    return f"sqlite:///{tmp_path / 'kerjasama.db'}"


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """A store on SQLite."""
    store = Store.open(sqlite_url, tenant=TENANT)
    yield store
    store.close()


def test_savepoint_that_would_commit_is_refused(sqlite_store: Store, sqlite_url: str) -> None:
    """With the driver's defaults an outermost savepoint commits at its release: our rows would stay."""
    opened = opened_in(sqlite_store)
    engine = sa.create_engine(sqlite_url)
    with (
        pytest.raises(CannotJoin, match="savepoint"),
        engine.begin() as connection,
        connection.begin_nested(),
    ):
        fire(sqlite_store, connection, opened.id)
    assert kept(sqlite_store, opened.id) == 1
    engine.dispose()


def test_savepoint_after_our_begin_is_joined(sqlite_store: Store, sqlite_url: str) -> None:
    """Once the engine has said BEGIN in this transaction, savepoints are safe."""
    opened = opened_in(sqlite_store)
    engine = sa.create_engine(sqlite_url)
    with pytest.raises(LookupError), engine.begin() as connection:
        fire(sqlite_store, connection, opened.id)
        with connection.begin_nested():
            fire(sqlite_store, connection, opened.id)
        raise LookupError
    assert kept(sqlite_store, opened.id) == 1
    with (  # the same driver connection again
        engine.begin() as connection,
        connection.begin_nested(),
        pytest.raises(CannotJoin, match="savepoint"),
    ):
        fire(sqlite_store, connection, opened.id)
    engine.dispose()


def test_weaker_pragmas_of_a_host_are_reported(sqlite_store: Store, sqlite_url: str) -> None:
    """The host is told what its connection does less strictly, and nothing is changed."""
    engine = sa.create_engine(sqlite_url)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = 0")  # some builds switch it on
        assert weaker_pragmas(connection) == (
            "foreign_keys = 0",
            "recursive_triggers = 0",
            "secure_delete = 0",
        )
        connection.exec_driver_sql("PRAGMA synchronous = 1")
        for name in ("foreign_keys", "recursive_triggers", "secure_delete"):
            connection.exec_driver_sql(f"PRAGMA {name} = 1")
        assert weaker_pragmas(connection) == ("synchronous = 1",)
    engine.dispose()


def test_busy_database_is_contention_for_a_host(sqlite_store: Store, sqlite_url: str) -> None:
    """The host's own short patience ends in a typed, retryable error, and its transaction stays usable."""
    opened = opened_in(sqlite_store)
    engine = sa.create_engine(sqlite_url, connect_args={"timeout": 0})
    with sqlite_store.transaction() as tx:
        assert tx.case(opened.id, lock=True) == opened
        with engine.connect() as connection, pytest.raises(Contention) as caught:
            fire(sqlite_store, connection, opened.id)
    assert caught.value.is_retryable
    with engine.begin() as connection:
        fire(sqlite_store, connection, opened.id)
    assert kept(sqlite_store, opened.id) == 2
    engine.dispose()


# --- PostgreSQL alone ------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_changed_case_is_contention_under_a_snapshot(postgres_database: str, level: str) -> None:
    """A host whose snapshot is older than the case is told to try again with a typed error."""
    store = Store.open(postgres_database, tenant=TENANT)
    opened = opened_in(store)
    engine = sa.create_engine(postgres_database, isolation_level=level)
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT 1 FROM wf_case"))
        with store.transaction() as tx:
            tx.apply(step(opened, request_id="r-1"))
        with pytest.raises(Contention) as caught:
            fire(store, connection, opened.id)
        assert caught.value.is_retryable
        connection.rollback()
        fire(store, connection, opened.id)
        connection.commit()
    assert kept(store, opened.id) == 3
    engine.dispose()
    store.close()
