"""Due instants: what the sweep looks at, and what became of its attempts.

Owns ``wf_timer``. Rows are written by ``engine.store.cases.apply`` in the transaction that starts their
clock. Looking takes no lock; the sweep locks the case, never the timer (the other way round deadlocks
with ordinary commands).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select

from engine.store import tables as t
from engine.store.executors import Executor
from engine.store.port import DueCase, TimerRow, TimerStatus
from engine.store.statements import Row, Statement

_t = t.timer.c
_earlier = t.timer.alias("earlier")

# A row of the same case that is due no later and is not to be tried now holds the case back.
_HELD_BACK = (
    select(1)
    .where(
        _earlier.c.tenant == _t.tenant,
        _earlier.c.case_id == _t.case_id,
        _earlier.c.due_at <= _t.due_at,
        or_(_earlier.c.dead == 1, _earlier.c.retry_at > bindparam("now")),
    )
    .exists()
)
_DUE = Statement(
    select(_t.case_id, func.min(_t.due_at).label("due_at"))
    .where(_t.due_at <= bindparam("now"), _t.tenant == bindparam("tenant"), ~_HELD_BACK)
    .group_by(_t.case_id)
    .order_by("due_at", _t.case_id)
    .limit(bindparam("limit"))
)

# The earliest row of each case says when the case is next worth a look.
_ahead = t.timer.alias("ahead")
_IS_FIRST = ~(
    select(1)
    .where(_ahead.c.tenant == _t.tenant, _ahead.c.case_id == _t.case_id, _ahead.c.due_at < _t.due_at)
    .exists()
)
_NEXT = Statement(
    select(func.min(func.coalesce(_t.retry_at, _t.due_at))).where(
        _t.tenant == bindparam("tenant"), _t.dead == 0, _IS_FIRST
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
_OF_CASE = and_(_t.tenant == bindparam("tenant"), _t.case_id == bindparam("of_case"))
_OF = Statement(select(*_STATUS).where(_OF_CASE).order_by(_t.due_at, _t.path, _t.kind, _t.mark))
_DEAD = Statement(
    select(*_STATUS)
    .where(_t.tenant == bindparam("tenant"), _t.dead == 1)
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
        found: str | None = self._executor.rows(_NEXT, {"tenant": self._tenant})[0][0]
        return found

    def of(self, case_id: str) -> tuple[TimerStatus, ...]:
        """Return the timers of a case by due instant."""
        return self._statuses(_OF, {"of_case": case_id})

    def dead(self, limit: int) -> tuple[TimerStatus, ...]:
        """Return dead timers by due instant."""
        return self._statuses(_DEAD, {"limit": limit})

    def failed(self, case_id: str, timer: TimerRow, *, error: str, retry_at: str | None) -> None:
        """Count a failed attempt; ``retry_at`` ``None`` makes the timer dead."""
        values = {
            "tenant": self._tenant,
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
        return self._executor.run(_REVIVE, {"tenant": self._tenant, "of_case": case_id})

    def _statuses(self, statement: Statement, values: dict[str, Any]) -> tuple[TimerStatus, ...]:
        rows = self._executor.rows(statement, {"tenant": self._tenant, **values})
        return tuple(_status(row) for row in rows)


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
