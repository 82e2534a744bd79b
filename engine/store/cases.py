"""Cases: loading, locking, counting, and writing everything of one command.

Owns ``wf_case`` and the order in which a command's rows are written. The snapshot in the case row is a
cache of the fold of history; the columns beside it are what queries select by.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from engine.errors import DuplicateRequest, StaleCase
from engine.store import tables as t
from engine.store.executors import Executor, Query, Step
from engine.store.history import personal_values, sealed_values
from engine.store.port import Loaded, RequestRow, Writes
from engine.store.snapshots import from_text, to_text
from engine.store.statements import POSTGRESQL, Row, Statement, Values, insert, insert_or_leave
from engine.store.timers import timer_values
from workflow.case import CaseState

_THIS = and_(t.case.c.tenant == bindparam("tenant"), t.case.c.id == bindparam("case_id"))
_READ = select(t.case.c.snapshot).where(_THIS)
_READ_REQUEST = select(
    t.request.c.request_id, t.request.c.case_id, t.request.c.seq, t.request.c.salt, t.request.c.digest
).where(t.request.c.tenant == bindparam("tenant"), t.request.c.request_id == bindparam("request_id"))

# SQLite has one writer: its transaction is the lock, and FOR UPDATE is left out of the text.
READ = Statement(_READ)
LOCK = Statement(_READ.with_for_update())
LOCK_OR_SKIP = Statement(_READ.with_for_update(skip_locked=True))
REQUEST = Statement(_READ_REQUEST)

_COLUMNS = tuple(column.name for column in t.case.columns if column.name not in ("tenant", "id"))

_INSERT_CASE = insert_or_leave(t.case)
_UPDATE_CASE = Statement(
    t.case.update()
    .where(
        _THIS,
        t.case.c.revision == bindparam("before_revision"),
        t.case.c.seq == bindparam("before_seq"),
    )
    .values({name: bindparam(f"new_{name}") for name in _COLUMNS})
)
_INSERT_REQUEST = insert_or_leave(t.request)
_INSERT_HISTORY = insert(t.history, "id")
_INSERT_UNSEQUENCED = insert(t.unsequenced)
_INSERT_PERSONAL = insert(t.personal)
_INSERT_TIMER = insert(t.timer, "attempts", "retry_at", "error", "dead")
_INSERT_EVENT = insert(t.outbox, "id", "position")
_INSERT_CONTENT = insert_or_leave(t.content)
_DELETE_TIMERS = Statement(
    t.timer.delete().where(
        t.timer.c.tenant == bindparam("tenant"),
        t.timer.c.case_id == bindparam("case_id"),
        t.timer.c.path == bindparam("path"),
    )
)

_FIRST = {
    "tenant": bindparam("tenant"),
    "workflow": bindparam("workflow"),
    "year": bindparam("year"),
    "last": 1,
}
_COUNTER = ("tenant", "workflow", "year")
_COUNT = Statement(
    sqlite=sqlite_insert(t.number)
    .values(_FIRST)
    .on_conflict_do_update(index_elements=_COUNTER, set_={"last": t.number.c.last + 1}),
    postgresql=postgresql_insert(t.number)
    .values(_FIRST)
    .on_conflict_do_update(index_elements=_COUNTER, set_={"last": t.number.c.last + 1}),
)
_COUNTED = Statement(
    select(t.number.c.last).where(
        t.number.c.tenant == bindparam("tenant"),
        t.number.c.workflow == bindparam("workflow"),
        t.number.c.year == bindparam("year"),
    )
)
_COUNT_RETURNING = Statement(
    postgresql=postgresql_insert(t.number)
    .values(_FIRST)
    .on_conflict_do_update(index_elements=_COUNTER, set_={"last": t.number.c.last + 1})
    .returning(t.number.c.last)
)


def load(
    executor: Executor, tenant: str, case_id: str, request_id: str | None, statement: Statement
) -> Loaded:
    """Read a case with ``statement`` (`READ`, `LOCK` or `LOCK_OR_SKIP`), and a request id after it."""
    queries = [Query(statement, {"tenant": tenant, "case_id": case_id})]
    if request_id is not None:
        queries.append(Query(REQUEST, {"tenant": tenant, "request_id": request_id}))
    cases, *requests = executor.several(queries)
    return Loaded(
        case=from_text(cases[0][0]) if cases else None,
        request=request_row(requests[0][0]) if requests and requests[0] else None,
    )


def request_row(row: Row) -> RequestRow:
    """Return the row of `REQUEST` as a value."""
    request_id, case_id, seq, salt, digest = row
    return RequestRow(request_id=request_id, case_id=case_id, seq=seq, salt=bytes(salt or b""), digest=digest)


def next_number(executor: Executor, tenant: str, workflow: str, year: int) -> int:
    """Count one up; the counter's row stays locked until the transaction ends."""
    values = {"tenant": tenant, "workflow": workflow, "year": year}
    if executor.dialect == POSTGRESQL:
        return int(executor.rows(_COUNT_RETURNING, values)[0][0])
    executor.run(_COUNT, values)  # RETURNING is younger than some SQLite in use
    return int(executor.rows(_COUNTED, values)[0][0])


def apply(executor: Executor, tenant: str, writes: Writes) -> None:
    """Write everything of a command. The guards come first, so that they fail before other rows do."""
    executor.steps([step for step in _steps(tenant, writes) if step.rows])


def _steps(tenant: str, writes: Writes) -> Iterator[Step]:
    case_id = writes.case.id
    of_case = {"tenant": tenant, "case_id": case_id}
    if (request := writes.request) is not None:
        yield Step(
            _INSERT_REQUEST, [_request_values(tenant, request)], lambda: _duplicate(request.request_id)
        )
    yield _case_step(tenant, writes)
    yield Step(_INSERT_HISTORY, [of_case | sealed_values(entry) for entry in writes.entries])
    yield Step(
        _INSERT_UNSEQUENCED, [of_case | {"seq": entry.seq, "hash": entry.hash} for entry in writes.entries]
    )
    yield Step(_INSERT_PERSONAL, [of_case | personal_values(row) for row in writes.personal])
    if writes.before is not None:
        yield Step(_DELETE_TIMERS, [of_case | {"path": path} for path in writes.timer_paths])
    yield Step(_INSERT_TIMER, [of_case | timer_values(row) for row in writes.timers])
    yield Step(_INSERT_EVENT, list(_events(of_case, writes)))
    yield Step(_INSERT_CONTENT, list(_contents(tenant, writes)))


def _case_step(tenant: str, writes: Writes) -> Step:
    case, before = writes.case, writes.before
    columns = _columns(case)
    if before is None:
        return Step(_INSERT_CASE, [{"tenant": tenant, "id": case.id, **columns}], lambda: _stale(case))
    values = {f"new_{name}": value for name, value in columns.items()}
    values |= {
        "tenant": tenant,
        "case_id": case.id,
        "before_revision": before.revision,
        "before_seq": before.seq,
    }
    return Step(_UPDATE_CASE, [values], lambda: _stale(case))


def _stale(case: CaseState) -> StaleCase:
    return StaleCase(case_id=case.id)


def _duplicate(request_id: str) -> DuplicateRequest:
    return DuplicateRequest(request_id=request_id)


def _columns(case: CaseState) -> dict[str, Any]:
    return {
        "number": case.number,
        "workflow": case.workflow,
        "version": case.version,
        "digest": case.digest,
        "state": "|".join(case.configuration),
        "revision": case.revision,
        "seq": case.seq,
        "head": case.head,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "outcome": case.outcome,
        "next_due": min(_pending(case), default=None),
        "overdue": int(is_overdue(case)),
        "snapshot": to_text(case),
    }


def is_overdue(case: CaseState) -> bool:
    """Return whether a deadline has expired in an active state, or an open occurrence is overdue."""
    return any(clock.get("status") == "expired" for clock in case.clocks.values()) or any(
        occurrence.get("overdue") for duty in case.obligations.values() for occurrence in duty.get("open", ())
    )


def _pending(case: CaseState) -> Iterator[str]:
    for clock in case.clocks.values():
        if clock.get("status") == "running" and "due_at" in clock:
            yield clock["due_at"]
    for duty in case.obligations.values():
        for occurrence in duty.get("open", ()):
            if not occurrence.get("overdue"):
                yield occurrence["due_at"]


def _request_values(tenant: str, request: RequestRow) -> Values:
    return {
        "tenant": tenant,
        "request_id": request.request_id,
        "case_id": request.case_id,
        "seq": request.seq,
        "salt": request.salt,
        "digest": request.digest,
    }


def _events(of_case: dict[str, Any], writes: Writes) -> Iterator[Values]:
    for event in writes.events:
        yield of_case | {
            "topic": event.topic,
            "seq": event.seq,
            "recorded_at": writes.case.recorded_at,
            "payload": event.payload,
        }


def _contents(tenant: str, writes: Writes) -> Iterator[Values]:
    for content in writes.contents:
        yield {
            "tenant": tenant,
            "digest": content.digest,
            "media_type": content.media_type,
            "name": content.name,
            "size": len(content.body),
            "body": content.body,
        }
