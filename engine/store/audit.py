"""What verification reads beyond what commands do: every case there ever was, and the log beside it.

Owns the queries of ``engine.ledger``. Nothing here writes. It looks at the tables themselves: also at
rows whose case is gone, and at the triggers that should guard history.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select, text, union

from engine.store import families
from engine.store import tables as t
from engine.store.executors import Executor
from engine.store.statements import POSTGRESQL, SQLITE, Statement

_c = t.case.c
_COUNT = Statement(select(func.count()).select_from(t.case).where(_c.tenant == bindparam("tenant")))
_CASES = Statement(
    select(_c.id)
    .where(_c.tenant == bindparam("tenant"), _c.id > bindparam("after"))
    .order_by(_c.id)
    .limit(bindparam("limit"))
)


_NUMBERS = Statement(
    select(_c.id, _c.number)
    .where(_c.tenant == bindparam("tenant"), _c.id > bindparam("after"))
    .order_by(_c.id)
    .limit(bindparam("limit"))
)
_COUNTERS = Statement(
    select(t.number.c.workflow, t.number.c.year, t.number.c.last).where(
        t.number.c.tenant == bindparam("tenant")
    )
)
_NAMES = tuple(column.name for column in t.case.columns if column.name != "snapshot")
_COLUMNS = Statement(
    select(*(_c[name] for name in _NAMES)).where(
        _c.tenant == bindparam("tenant"), _c.id == bindparam("case_id")
    )
)


def _orphans(table: Any) -> Any:
    return select(table.c.case_id).where(
        table.c.tenant == bindparam("tenant"),
        ~select(literal_column("1")).where(_c.tenant == table.c.tenant, _c.id == table.c.case_id).exists(),
    )


_ORPHANS = Statement(union(*(_orphans(table) for table in (t.history, t.unsequenced, t.leaf))))


def _logged(table: Any) -> Any:
    return select(table.c.seq, table.c.hash).where(
        table.c.tenant == bindparam("tenant"), table.c.case_id == bindparam("case_id")
    )


_LOGGED = Statement(union(_logged(t.unsequenced), _logged(t.leaf)))

_TRIGGERS = Statement(
    sqlite=text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"),
    postgresql=text(
        "SELECT g.tgname, p.prosrc FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid "
        "JOIN pg_proc p ON p.oid = g.tgfoid "
        "WHERE pg_table_is_visible(c.oid) AND g.tgenabled IN ('O', 'A') AND NOT g.tgisinternal"
    ),
)
_SAYS = {SQLITE: "RAISE(ABORT", POSTGRESQL: "RAISE EXCEPTION"}
_ACTS = {SQLITE: ("no_update", "no_delete"), POSTGRESQL: ("no_change", "no_truncate")}


class Audit:
    """Reads for one tenant inside one transaction."""

    def __init__(self, executor: Executor, tenant: str) -> None:
        self._executor = executor
        self._tenant = tenant

    def count(self) -> int:
        """Count the cases of the tenant."""
        return int(self._executor.rows(_COUNT, {"tenant": self._tenant})[0][0])

    def case_ids(self, *, after: str, limit: int) -> tuple[str, ...]:
        """Return ids of cases after ``after``, in order."""
        values = {"tenant": self._tenant, "after": after, "limit": limit}
        return tuple(row[0] for row in self._executor.rows(_CASES, values))

    def numbers(self, *, after: str, limit: int) -> Mapping[str, str]:
        """Return the numbers of cases by id, those after ``after``, in order."""
        values = {"tenant": self._tenant, "after": after, "limit": limit}
        return {row[0]: row[1] for row in self._executor.rows(_NUMBERS, values)}

    def counters(self) -> Mapping[tuple[str, int], int]:
        """Return the last number given out by workflow and year."""
        rows = self._executor.rows(_COUNTERS, {"tenant": self._tenant})
        return {(workflow, year): last for workflow, year, last in rows}

    def orphans(self) -> tuple[str, ...]:
        """Return ids of cases that have entries or are in the log, but are no longer there."""
        return tuple(sorted(row[0] for row in self._executor.rows(_ORPHANS, {"tenant": self._tenant})))

    def columns(self, case_id: str) -> Mapping[str, Any]:
        """Return the columns beside a case's snapshot, by name; empty where there is no such case."""
        rows = self._executor.rows(_COLUMNS, {"tenant": self._tenant, "case_id": case_id})
        return dict(zip(_NAMES, rows[0], strict=True)) if rows else {}

    def parent(self, case_id: str) -> str | None:
        """Return the case that opened one, as the row beside it says."""
        return families.parent(self._executor, self._tenant, case_id)

    def logged(self, case_id: str) -> Mapping[int, str]:
        """Return what the log of the tenant holds of a case: seq → hash, sequenced or waiting."""
        values = {"tenant": self._tenant, "case_id": case_id}
        return dict(sorted((seq, hash_) for seq, hash_ in self._executor.rows(_LOGGED, values)))

    def missing_triggers(self) -> tuple[str, ...]:
        """Return the names of append-only triggers that are not there, are off, or refuse nothing."""
        dialect = self._executor.dialect
        refusing = {name for name, source in self._executor.rows(_TRIGGERS, {}) if _SAYS[dialect] in source}
        wanted = [f"{table}_{act}" for table in t.APPEND_ONLY for act in _ACTS[dialect]]
        return tuple(name for name in wanted if name not in refusing)
