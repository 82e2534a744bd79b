"""History is only ever added to, and every entry waits for the log."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from engine.store import Store
from engine.store.port import RefusalRow
from engine.store.tables import APPEND_ONLY
from tests.contract.store_material import opening, step


def _engine(url: str) -> sa.Engine:
    return sa.create_engine(url, poolclass=sa.NullPool)


@pytest.mark.parametrize("statement", ["UPDATE wf_history SET entry = '{}'", "DELETE FROM wf_history"])
def test_history_refuses_change_and_removal(store: Store, store_url: str, statement: str) -> None:
    """A trigger refuses what nobody may do by accident, whoever connects."""
    with store.transaction() as tx:
        tx.apply(opening())
    with (
        _engine(store_url).connect() as connection,
        pytest.raises(DBAPIError, match="wf_history is append-only"),
    ):
        connection.execute(sa.text(statement))


@pytest.mark.parametrize("statement", ["UPDATE wf_leaf SET hash = ''", "DELETE FROM wf_leaf"])
def test_log_refuses_change_and_removal(store: Store, store_url: str, statement: str) -> None:
    """So does the log of the tenant."""
    with _engine(store_url).connect() as connection:
        connection.execute(sa.text("INSERT INTO wf_leaf VALUES ('kukar', 0, 'case', 1, 'h')"))
        with pytest.raises(DBAPIError, match="wf_leaf is append-only"):
            connection.execute(sa.text(statement))


def test_history_refuses_to_be_emptied_or_replaced(store: Store, store_url: str) -> None:
    """TRUNCATE on PostgreSQL, and SQLite's REPLACE on a connection of ours, are refused too."""
    writes = opening()
    with store.transaction() as tx:
        tx.apply(writes)
    if store.dialect == "postgresql":
        for table in APPEND_ONLY:
            with _engine(store_url).connect() as connection, pytest.raises(DBAPIError, match="append-only"):
                connection.execute(sa.text(f"TRUNCATE {table} CASCADE"))
        return
    replacing = (
        "INSERT OR REPLACE INTO wf_history (id, tenant, case_id, seq, revision, kind, recorded_at, "
        "effective_on, entry, hash) SELECT id, tenant, case_id, seq, 9, kind, recorded_at, effective_on, "
        "'{}', hash FROM wf_history"
    )
    with _engine(store_url).connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.exec_driver_sql("PRAGMA recursive_triggers = 1")
        connection.execute(sa.text(replacing))


def test_every_entry_waits_for_the_log(store: Store, store_url: str) -> None:
    """Each entry has its row in the queue of the sequencer, written with it."""
    writes = opening()
    with store.transaction() as tx:
        tx.apply(writes)
        tx.apply(step(writes.case))
    with _engine(store_url).connect() as connection:
        waiting = connection.execute(sa.text("SELECT case_id, seq, hash FROM wf_unsequenced ORDER BY seq"))
        assert [tuple(row) for row in waiting] == [
            (writes.case.id, 1, writes.case.head),
            (writes.case.id, 2, f"{2:064x}"),
        ]


def test_refusals_come_latest_first(store: Store) -> None:
    """Refused attempts have their own stream."""
    rows = [
        RefusalRow(
            recorded_at=f"2026-02-0{n}T00:00:00.000000Z",
            case_id="c-1",
            trigger="ajukan",
            actor="rina",
            code="wrong-role",
            text='{"code":"wrong-role"}',
        )
        for n in (1, 2, 3)
    ]
    for row in rows:
        with store.transaction() as tx:
            tx.refuse(row)
    with store.transaction(write=False) as tx:
        assert tx.refusals("c-1") == tuple(reversed(rows))
        assert tx.refusals("c-1", limit=1) == (rows[2],)
        assert tx.refusals("c-2") == ()
