"""Families of cases: who opened whom, and locking from the outermost case inward.

Owns ``wf_child``, a row for each case that another opened, and its queries. Whoever changes a case holds
the locks of all cases above it, taken from the outermost inward: so one at a time is at work in a family,
whatever its size, and two that meet wait in one order. A case that nobody opened costs nothing more than
its own lock. Called by ``engine.store.database``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, bindparam, literal_column, not_, select

from engine.store import cases
from engine.store import tables as t
from engine.store.executors import Executor
from engine.store.port import Loaded
from engine.store.snapshots import from_text
from engine.store.statements import POSTGRESQL, Statement
from workflow.case import CaseState

_child = t.child.c
_case = t.case.c
_OF_TENANT = _child.tenant == bindparam("tenant")

_THIS = and_(_case.tenant == bindparam("tenant"), _case.id == bindparam("case_id"))
_READ = select(_case.snapshot).where(_THIS)
_IS_CHILD = select(literal_column("1")).where(_OF_TENANT, _child.case_id == _case.id).exists()
_OUTERMOST = _READ.where(not_(_IS_CHILD))

# SQLite has one writer: its transaction is the lock, and which case comes first does not matter.
LOCK = Statement(sqlite=_READ, postgresql=_OUTERMOST.with_for_update(of=t.case))
LOCK_OR_SKIP = Statement(sqlite=_READ, postgresql=_OUTERMOST.with_for_update(of=t.case, skip_locked=True))


def _upward() -> Select[Any]:
    own = select(_child.case_id, _child.parent, literal_column("0").label("step")).where(
        _OF_TENANT, _child.case_id == bindparam("case_id")
    )
    up = own.cte("up", recursive=True)
    above = select(_child.case_id, _child.parent, (up.c.step + 1).label("step")).where(
        _OF_TENANT, _child.case_id == up.c.parent
    )
    up = up.union_all(above)
    return select(up.c.parent).order_by(up.c.step.desc())


def _downward() -> Select[Any]:
    down = select(_case.id).where(_THIS).cte("down", recursive=True)
    below = select(_child.case_id).where(_OF_TENANT, _child.parent == down.c.id)
    down = down.union_all(below)
    return select(_case.snapshot).where(_case.tenant == bindparam("tenant"), _case.id == down.c.id)


_ANCESTORS = Statement(_upward())
_DESCENDANTS = Statement(_downward())
_CHILDREN = Statement(
    select(_case.snapshot)
    .where(
        _OF_TENANT,
        _child.parent == bindparam("case_id"),
        _case.tenant == _child.tenant,
        _case.id == _child.case_id,
    )
    .order_by(_case.opened_at, _case.id)
)
_PARENT = Statement(select(_child.parent).where(_OF_TENANT, _child.case_id == bindparam("case_id")))


def ancestors(executor: Executor, tenant: str, case_id: str) -> tuple[str, ...]:
    """Return the ids of the cases above a case, the outermost first."""
    return tuple(row[0] for row in executor.rows(_ANCESTORS, {"tenant": tenant, "case_id": case_id}))


def parent(executor: Executor, tenant: str, case_id: str) -> str | None:
    """Return the id of the case that opened one, as its row says."""
    rows = executor.rows(_PARENT, {"tenant": tenant, "case_id": case_id})
    return str(rows[0][0]) if rows else None


def children(executor: Executor, tenant: str, case_id: str) -> tuple[CaseState, ...]:
    """Return the cases that a case opened, elder ones first."""
    rows = executor.rows(_CHILDREN, {"tenant": tenant, "case_id": case_id})
    return tuple(from_text(snapshot) for (snapshot,) in rows)


def family(executor: Executor, tenant: str, case_id: str) -> tuple[CaseState, ...]:
    """Return every case of a case's family, parents before their children, elder ones first."""
    above = ancestors(executor, tenant, case_id)
    first = above[0] if above else case_id
    rows = executor.rows(_DESCENDANTS, {"tenant": tenant, "case_id": first})
    found = {case.id: case for case in (from_text(snapshot) for (snapshot,) in rows)}
    return tuple(_in_order(found, first))


def _in_order(found: Mapping[str, CaseState], case_id: str) -> Iterator[CaseState]:
    case = found.get(case_id)
    if case is not None:
        yield case
        for child in case.children:
            yield from _in_order(found, child)


def load(executor: Executor, tenant: str, case_id: str, request_id: str | None) -> Loaded:
    """Lock a case, after those above it, and read it and a request id."""
    loaded = cases.load(executor, tenant, case_id, request_id, LOCK)
    if loaded.case is not None or executor.dialect != POSTGRESQL:
        return loaded
    above = ancestors(executor, tenant, case_id)
    if not above:
        return loaded
    for one in above:
        cases.load(executor, tenant, one, None, cases.LOCK)
    return cases.load(executor, tenant, case_id, request_id, cases.LOCK)


def lock_or_skip(executor: Executor, tenant: str, case_id: str) -> CaseState | None:
    """Lock and read a case as `load` does; ``None`` at once where another holds one of them."""
    case = cases.load(executor, tenant, case_id, None, LOCK_OR_SKIP).case
    if case is not None or executor.dialect != POSTGRESQL:
        return case
    above = ancestors(executor, tenant, case_id)
    for one in above:
        if cases.load(executor, tenant, one, None, cases.LOCK_OR_SKIP).case is None:
            return None
    return cases.load(executor, tenant, case_id, None, cases.LOCK_OR_SKIP).case if above else None


def lock_all(executor: Executor, tenant: str, case_ids: Iterable[str]) -> None:
    """Lock several cases and those above them, in one order that is the same for everybody."""
    if executor.dialect != POSTGRESQL:
        return
    ways = sorted((*ancestors(executor, tenant, case_id), case_id) for case_id in set(case_ids))
    for case_id in dict.fromkeys(one for way in _prefixes(ways) for one in way[-1:]):
        cases.load(executor, tenant, case_id, None, cases.LOCK)


def _prefixes(ways: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return every way and every beginning of one, in order: a case stands after those above it."""
    return sorted({way[: length + 1] for way in ways for length in range(len(way))})
