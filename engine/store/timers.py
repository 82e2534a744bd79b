"""Due instants: what the sweep looks at, and what became of its attempts.

Owns ``wf_timer``. Rows are written by ``engine.store.cases.apply`` in the transaction that starts their
clock. Looking takes no lock; the sweep locks the case, never the timer (the other way round deadlocks
with ordinary commands).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, tuple_

from engine.store import tables as t
from engine.store.executors import Executor, Query
from engine.store.port import DueCase, TimerRow, TimerStatus
from engine.store.statements import Row, Statement

_t = t.timer.c
_other = t.timer.alias("other")
_ORDER = ("due_at", "path", "kind", "mark")


def _order(table: Any) -> ColumnElement[Any]:
    return tuple_(*(table.c[name] for name in _ORDER))


_SAME_CASE = and_(_other.c.tenant == _t.tenant, _other.c.case_id == _t.case_id, _other.c.attempts > 0)
_UP_TO_HERE = _order(_other) <= _order(t.timer)
_BEFORE_THIS = _order(_other) < _order(t.timer)

# A row of the same case that comes no later and is not to be tried now holds the case back.
_HELD_BACK = (
    select(1)
    .where(_SAME_CASE, _UP_TO_HERE, or_(_other.c.dead == 1, _other.c.retry_at > bindparam("now")))
    .exists()
)
_DUE = Statement(
    select(_t.case_id, func.min(_t.due_at).label("due_at"))
    .where(_t.due_at <= bindparam("now"), _t.tenant == bindparam("tenant"), ~_HELD_BACK)
    .group_by(_t.case_id)
    .order_by("due_at", _t.case_id)
    .limit(bindparam("limit"))
)

# Rows that nothing has gone wrong with, up to them, are worth a look when they are due; a row that
# failed, when its retry is, if nothing before it failed too.
_NEXT = Statement(
    select(_t.due_at)
    .where(_t.tenant == bindparam("tenant"), ~select(1).where(_SAME_CASE, _UP_TO_HERE).exists())
    .order_by(_t.due_at)
    .limit(1)
)
_NEXT_RETRY = Statement(
    select(func.min(_t.retry_at)).where(
        _t.tenant == bindparam("tenant"),
        _t.attempts > 0,
        _t.dead == 0,
        ~select(1).where(_SAME_CASE, _BEFORE_THIS).exists(),
    )
)

_STATUS = (
    _t.case_id,
    _t.path,
    _t.kind,
    _t.due_at,
    _t.mark,
    _t.attempts,
    _t.retry_at,
    _t.error,
    _t.dead,
)
_OF_CASE = and_(_t.tenant == bindparam("of_tenant"), _t.case_id == bindparam("of_case"))
_OF = Statement(select(*_STATUS).where(_OF_CASE).order_by(_t.due_at, _t.path, _t.kind, _t.mark))
_DEAD = Statement(
    select(*_STATUS)
    .where(_t.tenant == bindparam("tenant"), _t.attempts > 0, _t.dead == 1)
    .order_by(_t.due_at, _t.case_id, _t.path, _t.kind, _t.mark)
    .limit(bindparam("limit"))
)
_FAILED = Statement(
    t.timer.update()
    .where(
        _OF_CASE,
        _t.path == bindparam("of_path"),
        _t.kind == bindparam("of_kind"),
        _t.mark == bindparam("of_mark"),
    )
    .values(
        attempts=_t.attempts + 1,
        retry_at=bindparam("new_retry_at"),
        error=bindparam("new_error"),
        dead=bindparam("new_dead"),
    )
)
_REVIVE = Statement(
    t.timer.update().where(_OF_CASE, _t.dead == 1).values(attempts=0, retry_at=None, error=None, dead=0)
)


def timer_values(row: TimerRow) -> dict[str, Any]:
    """Return a timer as the columns of its row, but for tenant and case."""
    return {"path": row.path, "kind": row.kind, "mark": row.mark, "due_at": row.due_at}


class SqlTimers:
    """`engine.store.port.Timers` over an executor."""

    def __init__(self, executor: Executor, tenant: str) -> None:
        self._executor = executor
        self._tenant = tenant

    def due(self, now: str, limit: int) -> tuple[DueCase, ...]:
        """Return cases with a timer due at ``now``, earliest first; takes no lock."""
        rows = self._executor.rows(_DUE, {"tenant": self._tenant, "now": now, "limit": limit})
        return tuple(DueCase(case_id=case_id, due_at=due_at) for case_id, due_at in rows)

    def next_due(self) -> str | None:
        """Return the earliest instant at which `due` will have something to say."""
        values = {"tenant": self._tenant}
        found = self._executor.several([Query(_NEXT, values), Query(_NEXT_RETRY, values)])
        return min((row[0] for rows in found for row in rows if row[0] is not None), default=None)

    def of(self, case_id: str) -> tuple[TimerStatus, ...]:
        """Return the timers of a case by due instant."""
        return self._statuses(_OF, {"of_tenant": self._tenant, "of_case": case_id})

    def dead(self, limit: int) -> tuple[TimerStatus, ...]:
        """Return dead timers by due instant."""
        return self._statuses(_DEAD, {"tenant": self._tenant, "limit": limit})

    def failed(self, case_id: str, timer: TimerRow, *, error: str, retry_at: str | None) -> None:
        """Count a failed attempt; ``retry_at`` ``None`` makes the timer dead."""
        values = {
            "of_tenant": self._tenant,
            "of_case": case_id,
            "of_path": timer.path,
            "of_kind": timer.kind,
            "of_mark": timer.mark,
            "new_retry_at": retry_at,
            "new_error": error,
            "new_dead": int(retry_at is None),
        }
        self._executor.run(_FAILED, values)

    def revive(self, case_id: str) -> int:
        """Try the dead timers of a case again; returns how many there were."""
        return self._executor.run(_REVIVE, {"of_tenant": self._tenant, "of_case": case_id})

    def _statuses(self, statement: Statement, values: dict[str, Any]) -> tuple[TimerStatus, ...]:
        return tuple(_status(row) for row in self._executor.rows(statement, values))


def _status(row: Row) -> TimerStatus:
    case_id, path, kind, due_at, mark, attempts, retry_at, error, dead = row
    return TimerStatus(
        case_id=case_id,
        timer=TimerRow(path=path, kind=kind, due_at=due_at, mark=mark),
        attempts=attempts,
        retry_at=retry_at,
        error=error,
        is_dead=bool(dead),
    )
