"""The engine's calls inside a host's transaction: they share its fate, whole, and leave the host alone.

How a connection is joined is the store's (``test_host_transaction.py``). Here: what a whole command
writes, refuses, asks and answers while the host's own rows are in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from threading import Event, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.errors import CannotJoin
from engine.facts import FactRequest
from engine.timers import Swept
from kerjasama import Engine, IdempotencyMismatch, Refused, StaleCase
from tests.clocks import FakeClock
from tests.contract.test_host_transaction import INVOICE, with_begin_recipe
from tests.endurance import (
    ADMIN,
    CALENDAR,
    DEFINITION,
    OFFICER,
    STRANGER,
    TENANT,
    close,
    deploy,
    every_case,
    kinds,
    note,
    open_case,
    requests,
    send,
)


class HostFailed(Exception):
    """The host changes its mind."""


@dataclass(frozen=True)
class Host:
    """A host with a table of its own in the engine's database."""

    database: sa.Engine
    begin: Callable[[], AbstractContextManager[Any]]

    def paid(self) -> int:
        """Count the host's own rows."""
        with self.database.connect() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(INVOICE)) or 0

    def everything(self) -> Mapping[str, list[tuple[Any, ...]]]:
        """Return every row of every table, the host's and ours."""
        tables = sa.MetaData()
        with self.database.connect() as connection:
            tables.reflect(connection)
            return {
                table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
                for table in tables.sorted_tables
            }


def pay(joined: Any) -> None:
    """Do something of the host's own."""
    joined.execute(sa.insert(INVOICE).values(paid=1))


@pytest.fixture(params=["connection", "session"])
def host(store_url: str, request: pytest.FixtureRequest) -> Iterator[Host]:
    """A host that uses Core, and one that uses the ORM."""
    database = with_begin_recipe(store_url) if store_url.startswith("sqlite") else sa.create_engine(store_url)

    @contextmanager
    def in_session() -> Iterator[Session]:
        with Session(database) as session, session.begin():
            yield session

    INVOICE.metadata.create_all(database)
    yield Host(database, in_session if request.param == "session" else database.begin)
    database.dispose()


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    """An engine with the small workflow, in virtual time."""
    with Engine(store_url, tenant=TENANT, clock=clock) as made:
        yield deploy(made)


def a_whole_cooperation(engine: Engine, joined: Any) -> str:
    """Open a case and act on it, with a clock, a document, a duty and request ids; return its id."""
    case = open_case(engine, request_id="o", connection=joined)
    noted = {"urutan": 1, "narahubung": "p-1"}
    engine.fire(case.id, "catat", by=OFFICER, fields=noted, request_id="n", connection=joined)
    send(engine, case.id, date(2026, 1, 5), request_id="s", connection=joined)
    engine.fire(case.id, "jawab", by=OFFICER, connection=joined)
    engine.fire(case.id, "mulai_wajib", by=OFFICER, connection=joined)
    return case.id


# --- commit and rollback --------------------------------------------------------------------------


def test_commands_committed_by_the_host_stay_with_its_rows(engine: Engine, host: Host) -> None:
    """What the host commits is there: the case, its history and its clocks, and what the host wrote."""
    with host.begin() as joined:
        pay(joined)
        case_id = a_whole_cooperation(engine, joined)
    assert host.paid() == 1
    assert engine.case(case_id).state == "wajib_lapor"
    assert requests(engine, case_id) == {"o": 1, "n": 1, "s": 1}
    assert engine.obligations(case_id)[0].due_on == date(2026, 2, 14)
    assert engine.ledger.verify().is_clean


def test_commands_rolled_back_by_the_host_leave_nothing(engine: Engine, host: Host) -> None:
    """What the host rolls back never was: no case, entry, timer, event, file, request id or number."""
    before = host.everything()
    with pytest.raises(HostFailed), host.begin() as joined:
        pay(joined)
        a_whole_cooperation(engine, joined)
        raise HostFailed
    assert host.everything() == before
    assert open_case(engine, request_id="o").number == "ketahanan/2026/1"


def test_act_rolled_back_by_the_host_leaves_the_case_as_it_was(engine: Engine, host: Host) -> None:
    """A rollback undoes the clocks that the act took first, too; they are taken again later."""
    case = send(engine, open_case(engine).id)
    before = host.everything()
    with pytest.raises(HostFailed), host.begin() as joined:
        acted = close(engine, case.id, connection=joined)
        assert acted.outcome == "selesai"
        raise HostFailed
    assert host.everything() == before
    assert engine.tick().entries == 1
    assert kinds(engine, case.id)["clock_fired"] == 1
    assert engine.ledger.verify().is_clean


def test_savepoint_rolled_back_by_the_host_undoes_what_is_inside(engine: Engine, host: Host) -> None:
    """A host may give up a part: what was before and after in its transaction stays."""
    with host.begin() as joined:
        case = open_case(engine, request_id="o", connection=joined)
        with pytest.raises(HostFailed), joined.begin_nested():
            note(engine, case.id, 1, request_id="n", connection=joined)
            open_case(engine, connection=joined)
            raise HostFailed
        again = note(engine, case.id, 2, request_id="n", connection=joined)
        pay(joined)
    assert engine.case(case.id) == again
    assert again.fields["urutan"] == 2
    assert [one.id for one in every_case(engine)] == [case.id]
    assert open_case(engine).number.endswith("/2")
    assert engine.ledger.verify().is_clean


def test_tables_are_left_alone_by_reading_in_a_transaction(engine: Engine, host: Host) -> None:
    """Reading inside a host's transaction writes nothing and leaves it usable."""
    case = send(engine, open_case(engine).id)
    before = host.everything()
    with host.begin() as joined:
        engine.case(case.id, connection=joined)
        engine.available(case.id, by=OFFICER, connection=joined)
        engine.explain(case.id, "jawab", by=OFFICER, connection=joined)
    assert host.everything() == before
    with host.begin() as joined:
        engine.available(case.id, by=OFFICER, connection=joined)
        pay(joined)
    assert host.paid() == 1


# --- refused --------------------------------------------------------------------------------------


def test_refusal_lets_the_host_go_on_and_commit(engine: Engine, host: Host) -> None:
    """A refusal writes nothing and breaks nothing: the host's transaction is as it was."""
    case = open_case(engine)
    before = host.everything()
    with host.begin() as joined:
        with pytest.raises(Refused, match="wrong-role"):
            engine.fire(case.id, "catat", by=STRANGER, fields={"urutan": 1}, connection=joined)
        with pytest.raises(Refused, match="wrong-role"):
            engine.open("ketahanan", by=STRANGER, fields={"judul": "x"}, connection=joined)
    assert host.everything() == before
    with host.begin() as joined:
        with pytest.raises(Refused, match="wrong-role"):
            engine.open("ketahanan", by=STRANGER, fields={"judul": "x"}, connection=joined)
        pay(joined)
        opened = open_case(engine, connection=joined)
    assert host.paid() == 1
    assert opened.number == "ketahanan/2026/2"  # the refused ones took no number


def test_one_of_several_refused_undoes_its_neighbours_and_not_the_host(engine: Engine, host: Host) -> None:
    """An atomic `fire_many` that is refused undoes itself; the host goes on."""
    case = open_case(engine)
    good = {"case_id": case.id, "trigger": "catat", "by": OFFICER, "fields": {"urutan": 1}}
    with host.begin() as joined:
        pay(joined)
        with pytest.raises(Refused):
            engine.fire_many([good, {**good, "by": STRANGER}], connection=joined)
        done, refused = engine.fire_many(
            [{**good, "fields": {"urutan": 2}}, {**good, "by": STRANGER}], atomic=False, connection=joined
        )
        assert isinstance(refused, Refused)
    assert host.paid() == 1
    assert engine.case(case.id) == done
    assert kinds(engine, case.id)["transition_taken"] == 1


def test_stale_expectation_lets_the_host_go_on_and_commit(engine: Engine, host: Host) -> None:
    """A host that saw an older revision is told, and may look again in the same transaction."""
    case = open_case(engine)
    note(engine, case.id, 1)
    with host.begin() as joined:
        pay(joined)
        with pytest.raises(StaleCase):
            note(engine, case.id, 2, expect=case.revision, connection=joined)
        seen = engine.case(case.id, connection=joined)
        note(engine, case.id, 3, expect=seen.revision, connection=joined)
    assert host.paid() == 1
    assert engine.case(case.id).fields["urutan"] == 3


# --- request ids ----------------------------------------------------------------------------------


def test_request_repeated_inside_a_transaction_is_answered(engine: Engine, host: Host) -> None:
    """A request id met before is answered inside, whether it was done before or in this transaction."""
    case = open_case(engine)
    first = note(engine, case.id, 1, request_id="a")
    with host.begin() as joined:
        assert note(engine, case.id, 1, request_id="a", connection=joined) == first
        second = note(engine, case.id, 2, request_id="b", connection=joined)
        assert note(engine, case.id, 2, request_id="b", connection=joined) == second
        opened = open_case(engine, request_id="o", connection=joined)
        assert open_case(engine, request_id="o", connection=joined) == opened
        with pytest.raises(IdempotencyMismatch):
            note(engine, case.id, 3, request_id="a", connection=joined)
        pay(joined)
    assert requests(engine, case.id) == {"a": 1, "b": 1}
    assert len(every_case(engine)) == 2
    assert host.paid() == 1


def test_request_id_of_a_rolled_back_act_is_free(engine: Engine, host: Host) -> None:
    """What never was is not remembered: the id does its work later."""
    case = open_case(engine)
    with pytest.raises(HostFailed), host.begin() as joined:
        note(engine, case.id, 1, request_id="a", connection=joined)
        raise HostFailed
    assert note(engine, case.id, 2, request_id="a").fields["urutan"] == 2


# --- facts ----------------------------------------------------------------------------------------


def test_fact_is_asked_and_recorded_inside_a_transaction(engine: Engine, host: Host) -> None:
    """A provider is asked for the case as the host's transaction sees it, once."""
    asked: list[FactRequest] = []
    engine.provide("pagu_tersedia", lambda request: asked.append(request) is None)
    with host.begin() as joined:
        case = open_case(engine, connection=joined)
        engine.fire(case.id, "anggarkan", by=OFFICER, fields={"urutan": 5}, connection=joined)
        pay(joined)
    assert [(one.fact, one.case, one.trigger) for one in asked] == [("pagu_tersedia", case, "anggarkan")]
    assert engine.history(case.id)[-1].body["facts"] == {"pagu_tersedia": True}
    assert host.paid() == 1


def test_fact_against_an_act_refuses_it_and_lets_the_host_go_on(engine: Engine, host: Host) -> None:
    """A rule broken by a fact is a refusal like any other."""
    case = open_case(engine)
    engine.provide("pagu_tersedia", lambda request: False)
    with host.begin() as joined:
        with pytest.raises(Refused, match="rule"):
            engine.fire(case.id, "anggarkan", by=OFFICER, fields={"urutan": 5}, connection=joined)
        pay(joined)
    assert host.paid() == 1
    assert engine.case(case.id) == case


# --- seeing ---------------------------------------------------------------------------------------


def test_reading_inside_a_transaction_sees_its_uncommitted_rows(engine: Engine, host: Host) -> None:
    """Inside, the host sees what it has done; outside nobody does."""
    with host.begin() as joined:
        case = open_case(engine, connection=joined)
        sent = send(engine, case.id, date(2026, 1, 5), connection=joined)
        assert engine.case(case.id, connection=joined) == sent
        offered = engine.available(case.id, by=OFFICER, connection=joined)
        assert {one.trigger.rpartition(".")[2] for one in offered if one.is_allowed} >= {"jawab", "catat"}
        assert engine.explain(case.id, "jawab", by=OFFICER, connection=joined).is_allowed
        assert every_case(engine) == []
    assert every_case(engine) == [sent]


def test_definition_deployed_and_rolled_back_by_the_host_can_be_another(
    store_url: str, clock: FakeClock, host: Host, tmp_path: Any
) -> None:
    """A version seen only in a transaction that never was does not stick to its number."""
    other = tmp_path / "ketahanan.yaml"
    text = DEFINITION.read_text(encoding="utf-8")
    other.write_text(text.replace("max_length: 100", "max_length: 3"), encoding="utf-8")
    with Engine(store_url, tenant=TENANT, clock=clock) as engine:
        engine.deploy(CALENDAR, by=ADMIN)
        with pytest.raises(HostFailed), host.begin() as joined:
            engine.deploy(DEFINITION, by=ADMIN, connection=joined)
            open_case(engine, "Panjang sekali", connection=joined)
            raise HostFailed
        engine.deploy(other, by=ADMIN)
        case = open_case(engine, "abc")
        note(engine, case.id)
        with pytest.raises(Refused):
            open_case(engine, "Panjang sekali")
        assert engine.ledger.verify().is_clean


# --- who waits for whom ---------------------------------------------------------------------------


def test_case_read_by_the_host_is_locked_until_it_is_done(engine: Engine, host: Host) -> None:
    """Who reads a case in order to act on it is not overtaken: another's act comes afterwards."""
    case = open_case(engine)
    done = Event()

    def other() -> None:
        note(engine, case.id, 2)
        done.set()

    thread = Thread(target=other)
    with host.begin() as joined:
        seen = engine.case(case.id, connection=joined)
        thread.start()
        note(engine, case.id, 1, expect=seen.revision, connection=joined)
        assert not done.is_set()
    thread.join(timeout=30)
    assert done.is_set()
    notes = [entry.body["changes"]["urutan"]["new"] for entry in engine.history(case.id)[1:]]
    assert notes == [1, 2]


def test_case_held_by_the_host_is_swept_when_the_host_is_done(
    engine: Engine, host: Host, store_url: str
) -> None:
    """A sweep takes the others and leaves the held case to the next; on SQLite, of one writer, it waits."""
    held, free = (send(engine, open_case(engine).id) for _ in range(2))
    swept: list[Swept] = []
    thread = Thread(target=lambda: swept.append(engine.tick()))
    with host.begin() as joined:
        engine.case(held.id, connection=joined)
        thread.start()
        if store_url.startswith("sqlite"):
            assert kinds(engine, free.id)["clock_fired"] == 0
        else:
            thread.join(timeout=30)
            assert [(one.cases, one.busy) for one in swept] == [(1, 1)]
            assert kinds(engine, free.id)["clock_fired"] == 1
        assert kinds(engine, held.id)["clock_fired"] == 0
    thread.join(timeout=30)
    engine.tick()
    assert [kinds(engine, case.id)["clock_fired"] for case in (held, free)] == [1, 1]


def test_autocommit_is_refused_before_anything_is_written(engine: Engine, host: Host, store_url: str) -> None:
    """On a connection that commits every statement nothing could vanish with a rollback."""
    case = open_case(engine)
    before = host.everything()
    database = sa.create_engine(store_url, isolation_level="AUTOCOMMIT")
    with database.connect() as connection:
        with pytest.raises(CannotJoin):
            note(engine, case.id, connection=connection)
        with pytest.raises(CannotJoin):
            open_case(engine, connection=connection)
    database.dispose()
    assert host.everything() == before
