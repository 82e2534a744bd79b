"""The schema: fresh equals migrated, any number may upgrade at once, a newer one is refused."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine import faults
from engine.errors import SchemaNewer, SchemaOutdated
from engine.store import Store, schema, tables
from engine.store.migrations import SCRIPTS

TENANT = "kukar"


@pytest.fixture
def engine(store_url: str) -> Iterator[sa.Engine]:
    """A plain SQLAlchemy engine on an empty database."""
    yield sa.create_engine(store_url, poolclass=sa.NullPool)


def build_fresh(connection: sa.Connection) -> None:
    """Build what ``tables.py`` says, at once."""
    tables.metadata.create_all(connection)
    for statement in tables.append_only(connection.dialect.name):
        connection.execute(sa.text(statement))


def described(connection: sa.Connection) -> set[tuple[object, ...]]:
    """Return everything that makes the schema, as the database tells it."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master")
    else:
        rows = connection.exec_driver_sql(
            "SELECT 'column', table_name, column_name, data_type, is_nullable, column_default, is_identity, "
            "collation_name FROM information_schema.columns WHERE table_name LIKE 'wf\\_%%' "
            "UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '', '', '' FROM pg_indexes "
            "WHERE schemaname = 'public' "
            "UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), "
            "'', '', '', '' FROM pg_constraint WHERE connamespace = 'public'::regnamespace "
            "UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), "
            "'', '', '', '' FROM pg_trigger WHERE NOT tgisinternal "
            "UNION ALL SELECT 'function', proname, prosrc, '', '', '', '', '' FROM pg_proc "
            "WHERE pronamespace = 'public'::regnamespace"
        )
    return {tuple(row) for row in rows if schema.version_table.name not in str(row)}


def test_fresh_schema_equals_migrated_schema_with_triggers(engine: sa.Engine) -> None:
    """The scripts, one after another, build what ``tables.py`` says, indexes and triggers included."""
    with engine.connect() as connection:
        build_fresh(connection)
        fresh = described(connection)
        connection.rollback()
    with engine.begin() as connection:
        for (name,) in connection.execute(
            sa.text("SELECT tbl_name FROM sqlite_master WHERE type = 'table'")
            if engine.dialect.name == "sqlite"
            else sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).all():
            connection.exec_driver_sql(f"DROP TABLE {name}")
    assert schema.upgrade(engine) == schema.REVISIONS
    with engine.connect() as connection:
        migrated = described(connection)
    assert migrated == fresh
    assert sum(1 for row in migrated if row[0] == "trigger") == 4


def test_autogenerate_finds_nothing_to_do(engine: sa.Engine) -> None:
    """Alembic's own comparison agrees."""
    schema.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        found = [
            change
            for change in compare_metadata(context, tables.metadata)
            if schema.version_table.name not in str(change)
        ]
    assert found == []


def test_hosts_autogenerate_leaves_our_tables_alone(engine: sa.Engine) -> None:
    """With `include_name` a host's alembic neither drops nor changes ``wf_`` tables."""
    schema.upgrade(engine)
    hosts = sa.MetaData()
    sa.Table("invoice", hosts, sa.Column("id", sa.Integer, primary_key=True))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": schema.include_name})
        found = compare_metadata(context, hosts)
    assert [change[0] for change in found] == ["add_table"]


def test_scripts_are_a_chain_that_alembic_reads() -> None:
    """The list of revisions is the chain of the scripts, and its end is what the software needs."""
    assert tuple(SCRIPTS) == schema.REVISIONS
    assert [script.down_revision for script in SCRIPTS.values()] == [None, *schema.REVISIONS[:-1]]
    folder = Path(schema.__file__).parent / "migrations"
    directory = ScriptDirectory(str(folder), version_locations=[str(folder / "versions")])
    assert directory.get_current_head() == schema.HEAD


def test_upgrade_again_does_nothing(engine: sa.Engine) -> None:
    """A database that is up to date is left alone."""
    schema.upgrade(engine)
    assert schema.upgrade(engine) == ()
    schema.check(engine)


def test_check_on_empty_database_says_what_to_run(store_url: str) -> None:
    """``schema="check"`` changes nothing, and the refusal names the remedy."""
    with pytest.raises(SchemaOutdated, match="kerjasama db upgrade"):
        Store.open(store_url, tenant=TENANT, schema="check")
    engine = sa.create_engine(store_url, poolclass=sa.NullPool)
    assert sa.inspect(engine).get_table_names() == []


@pytest.mark.parametrize("how", ["upgrade", "check"])
def test_newer_schema_is_refused(engine: sa.Engine, store_url: str, how: str) -> None:
    """Software that is older than its database does not touch it."""
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(schema.version_table.update().values(version_num="9999"))
    with pytest.raises(SchemaNewer, match="9999"):
        Store.open(store_url, tenant=TENANT, schema=how)


def test_failed_upgrade_leaves_nothing(engine: sa.Engine) -> None:
    """A script that fails half way is rolled back with everything it made, on SQLite too."""

    def fail() -> None:
        raise LookupError

    faults.arm("schema.upgrading", fail)
    try:
        with pytest.raises(LookupError):
            schema.upgrade(engine)
    finally:
        faults.disarm()
    assert sa.inspect(engine).get_table_names() == []
    assert schema.upgrade(engine) == schema.REVISIONS


def upgrade_in_process(url: str) -> str:
    """Open a store and close it: what every starting process does."""
    store = Store.open(url, tenant=TENANT)
    with store.transaction() as tx:
        tx.next_number("ksdd", 2026)
    store.close()
    return "ok"


@pytest.mark.slow
def test_thirty_upgrades_at_once_all_succeed(store_url: str) -> None:
    """Threads and processes that start together on an empty database all get a working store."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(6, mp_context=context) as processes, ThreadPoolExecutor(12) as threads:
        running = [processes.submit(upgrade_in_process, store_url) for _ in range(18)]
        running += [threads.submit(upgrade_in_process, store_url) for _ in range(12)]
        assert [one.result() for one in running] == ["ok"] * 30
    store = Store.open(store_url, tenant=TENANT, schema="check")
    with store.transaction() as tx:
        assert tx.next_number("ksdd", 2026) == 31
    store.close()


def test_upgrade_on_a_hosts_engine_works_with_its_settings(store_url: str) -> None:
    """A host's engine is used as it is, and gets no listeners."""
    host = sa.create_engine(store_url)
    before = dict(host.pool.dispatch.__dict__), dict(host.dispatch.__dict__)
    store = Store.open(host, tenant=TENANT)
    with store.transaction() as tx:
        assert tx.next_number("ksdd", 2026) == 1
    with store.transaction(write=False) as tx:
        assert tx.case("none") is None
    assert store.checked_out == 0
    assert (dict(host.pool.dispatch.__dict__), dict(host.dispatch.__dict__)) == before
    host.dispose()
