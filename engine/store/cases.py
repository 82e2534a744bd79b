"""Cases: loading, locking, counting, and writing everything of one command.

Owns ``wf_case`` and the order in which a command's rows are written. The snapshot in the case row is a
cache of the fold of history; the columns beside it are what queries select by.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from engine.errors import DuplicateRequest, StaleCase
from engine.store import tables as t
from engine.store.executors import Executor, Query, Step
from engine.store.one_statement import Shape, fits, parameters, shape_of
from engine.store.one_statement import statement as one_statement
from engine.store.port import Loaded, RequestRow, Writes
from engine.store.rows import NEVER_CHANGES, Rows, rows_of
from engine.store.snapshots import from_text
from engine.store.statements import POSTGRESQL, Row, Statement, insert, insert_or_leave

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
BY_NUMBER = Statement(
    select(t.case.c.id).where(t.case.c.tenant == bindparam("tenant"), t.case.c.number == bindparam("number"))
)

_NEW = {f"new_{column.name}": column.name for column in t.case.columns if column.name not in NEVER_CHANGES}

_INSERT_CASE = insert_or_leave(t.case)
_INSERT_CHILD = insert(t.child)
_UPDATE_CASE = Statement(
    t.case.update()
    .where(
        t.case.c.tenant == bindparam("of_tenant"),
        t.case.c.id == bindparam("of_case"),
        t.case.c.revision == bindparam("before_revision"),
        t.case.c.seq == bindparam("before_seq"),
    )
    .values({name: bindparam(new) for new, name in _NEW.items()})
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
    """Write everything of a command, in one statement where the database can."""
    rows = rows_of(tenant, writes)
    if executor.dialect == POSTGRESQL and not rows.child and fits(shape := shape_of(rows)):
        _in_one(executor, rows, shape, writes)
    else:
        executor.steps([step for step in _steps(rows, writes) if step.rows])


def apply_all(executor: Executor, tenant: str, several: Sequence[Writes]) -> None:
    """Write everything of a command on several cases, the one that was asked of first: its guard is first."""
    with executor.together():
        for writes in several:
            apply(executor, tenant, writes)


def _in_one(executor: Executor, rows: Rows, shape: Shape, writes: Writes) -> None:
    requested, here, written = executor.rows(one_statement(shape), parameters(rows))[0]
    if not here:
        raise _stale(writes)
    if not requested and writes.request is not None:
        raise DuplicateRequest(request_id=writes.request.request_id)
    if not written:
        raise _stale(writes)


def _steps(rows: Rows, writes: Writes) -> Iterator[Step]:
    """Yield the guards first, so that they fail before other rows do."""
    of_case = {"tenant": rows.case["tenant"], "case_id": writes.case.id}
    yield Step(_INSERT_REQUEST, rows.request, lambda: _duplicate(writes))
    if rows.before is None:
        yield Step(_INSERT_CASE, [rows.case], lambda: _stale(writes))
        yield Step(_INSERT_CHILD, rows.child)
    else:
        yield Step(_UPDATE_CASE, [_changed(rows)], lambda: _stale(writes))
        yield Step(_DELETE_TIMERS, [of_case | {"path": path} for path in rows.timer_paths])
    yield Step(_INSERT_HISTORY, rows.history)
    yield Step(_INSERT_UNSEQUENCED, rows.unsequenced)
    yield Step(_INSERT_PERSONAL, rows.personal)
    yield Step(_INSERT_TIMER, rows.timer)
    yield Step(_INSERT_EVENT, rows.outbox)
    yield Step(_INSERT_CONTENT, rows.content)


def _changed(rows: Rows) -> dict[str, Any]:
    values = {new: rows.case[name] for new, name in _NEW.items()}
    values["of_tenant"], values["of_case"] = rows.case["tenant"], rows.case["id"]
    values["before_revision"], values["before_seq"] = rows.before or (None, None)
    return values


def _stale(writes: Writes) -> StaleCase:
    return StaleCase(case_id=writes.case.id, number=writes.case.number)


def _duplicate(writes: Writes) -> DuplicateRequest:
    return DuplicateRequest(request_id=writes.request.request_id if writes.request else "")
