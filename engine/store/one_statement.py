"""Everything of one command as one statement: PostgreSQL's data-modifying CTE.

Owns that statement, one text for each shape of `Writes` (how many entries, timers …), so that the database
prepares it once. One round trip instead of a dozen, and atomic by itself, also inside a host's
transaction. The guards are part of it: where the case has moved on or the request id is there already,
nothing is written, and the counts returned say which of the two it was.

Data-modifying parts of one statement see the same snapshot and run in no given order: no two of them touch
the same row, and whatever depends on a guard reads its result.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    column,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
    values,
)
from sqlalchemy.dialects.postgresql import insert

from engine.store import tables as t
from engine.store.rows import NEVER_CHANGES, Rows
from engine.store.statements import POSTGRESQL, Statement

LIMIT = 24
"""Rows of one kind up to which a text of its own is kept; more are rare and go step by step."""

_TIMER_KEY = ("tenant", "case_id", "path", "kind", "mark")


class Shape(NamedTuple):
    """How many rows of each kind a command writes: what decides about the text."""

    is_opening: bool
    request: int
    history: int
    unsequenced: int
    personal: int
    timer: int
    outbox: int
    content: int
    timer_paths: int


def shape_of(rows: Rows) -> Shape:
    """Return what decides about the text."""
    return Shape(
        rows.before is None,
        len(rows.request),
        len(rows.history),
        len(rows.unsequenced),
        len(rows.personal),
        len(rows.timer),
        len(rows.outbox),
        len(rows.content),
        len(rows.timer_paths),
    )


def fits(shape: Shape) -> bool:
    """Return whether the rows go into one statement."""
    return max(shape[1:]) <= LIMIT


def parameters(rows: Rows) -> dict[str, Any]:
    """Return the values of the statement's parameters."""
    found = {f"case_{name}": value for name, value in rows.case.items()}
    if rows.before is not None:
        found["before_revision"], found["before_seq"] = rows.before
    for n, path in enumerate(rows.timer_paths):
        found[f"path_{n}"] = path
    for table in ("request", "history", "unsequenced", "personal", "timer", "outbox", "content"):
        for n, row in enumerate(getattr(rows, table)):
            for name, value in row.items():
                found[f"{table}_{n}_{name}"] = value
    return found


@lru_cache(maxsize=256)
def statement(shape: Shape) -> Statement:
    """Return the statement: one row, how many requests and how many cases it touched."""
    here = None if shape.is_opening else _locked()
    requested = _requested(here) if shape.request else None
    guard = requested if requested is not None else here
    written = _opened(guard) if shape.is_opening else _moved(guard)
    parts = [
        *_inserted(t.history, "history", shape.history, written, ("id",)),
        *_inserted(t.unsequenced, "unsequenced", shape.unsequenced, written),
        *_inserted(t.personal, "personal", shape.personal, written),
        *_timers(shape, written),
        *_inserted(t.outbox, "outbox", shape.outbox, written, ("id", "position")),
        *_inserted(t.content, "content", shape.content, written, leave=True),
    ]
    result = select(
        literal_column("1") if requested is None else _count(requested),
        literal_column("1") if here is None else _count(here),
        _count(written),
    )
    return Statement(**{POSTGRESQL: result.add_cte(*parts)})


def _locked() -> CTE:
    this = and_(
        t.case.c.tenant == _bound(t.case, "case", "tenant"),
        t.case.c.id == _bound(t.case, "case", "id"),
        t.case.c.revision == bindparam("before_revision", type_=t.case.c.revision.type),
        t.case.c.seq == bindparam("before_seq", type_=t.case.c.seq.type),
    )
    return (
        select(literal_column("1").label("one")).select_from(t.case).where(this).with_for_update().cte("here")
    )


def _requested(guard: CTE | None) -> CTE:
    rows = _rows(t.request, "request", 1, guard, ())
    kept = insert(t.request).from_select(list(rows.selected_columns.keys()), rows).on_conflict_do_nothing()
    return kept.returning(literal_column("1").label("one")).cte("requested")


def _opened(guard: CTE | None) -> CTE:
    names = [item.name for item in t.case.columns]
    row = select(*(_bound(t.case, "case", name).label(name) for name in names)).where(*_if(guard))
    kept = insert(t.case).from_select(names, row).on_conflict_do_nothing()
    return kept.returning(literal_column("1").label("one")).cte("written")


def _moved(guard: CTE | None) -> CTE:
    this = and_(
        t.case.c.tenant == _bound(t.case, "case", "tenant"), t.case.c.id == _bound(t.case, "case", "id")
    )
    new = {
        item.name: _bound(t.case, "case", item.name)
        for item in t.case.columns
        if item.name not in NEVER_CHANGES
    }
    moved = t.case.update().where(this, *_if(guard)).values(new)
    return moved.returning(literal_column("1").label("one")).cte("written")


def _inserted(
    table: Table, prefix: str, count: int, guard: CTE, left_out: tuple[str, ...] = (), *, leave: bool = False
) -> list[CTE]:
    if not count:
        return []
    rows = _rows(table, prefix, count, guard, left_out)
    new = insert(table).from_select(list(rows.selected_columns.keys()), rows)
    return [(new.on_conflict_do_nothing() if leave else new).cte(f"into_{prefix}")]


def _timers(shape: Shape, written: CTE) -> list[CTE]:
    parts = []
    of_case = and_(
        t.timer.c.tenant == _bound(t.case, "case", "tenant"),
        t.timer.c.case_id == _bound(t.case, "case", "id"),
    )
    if shape.timer_paths and not shape.is_opening:
        paths = [bindparam(f"path_{n}", type_=t.timer.c.path.type) for n in range(shape.timer_paths)]
        stays = [
            and_(*(t.timer.c[name] == _bound(t.timer, f"timer_{n}", name) for name in _TIMER_KEY[2:]))
            for n in range(shape.timer)
        ]
        kept = not_(or_(*stays)) if stays else literal_column("true")
        gone = t.timer.delete().where(of_case, t.timer.c.path.in_(paths), kept, *_if(written))
        parts.append(gone.cte("gone"))
    if shape.timer:
        rows = _rows(t.timer, "timer", shape.timer, written, ("attempts", "retry_at", "error", "dead"))
        new = insert(t.timer).from_select(list(rows.selected_columns.keys()), rows, include_defaults=False)
        changed = {
            "due_at": new.excluded.due_at,
            "attempts": literal_column("0"),
            "retry_at": null(),
            "error": null(),
            "dead": literal_column("0"),
        }
        parts.append(new.on_conflict_do_update(index_elements=_TIMER_KEY, set_=changed).cte("into_timer"))
    return parts


def _rows(table: Table, prefix: str, count: int, guard: CTE | None, left_out: tuple[str, ...]) -> Select[Any]:
    columns = [item for item in table.columns if item.name not in left_out]
    given = values(*(column(item.name, item.type) for item in columns), name=f"given_{prefix}").data(
        [tuple(_bound(table, f"{prefix}_{n}", item.name) for item in columns) for n in range(count)]
    )
    return select(*given.columns).where(*_if(guard))


def _bound(table: Table, prefix: str, name: str) -> ColumnElement[Any]:
    return bindparam(f"{prefix}_{name}", type_=table.c[name].type)


def _if(guard: CTE | None) -> list[ColumnElement[bool]]:
    return [] if guard is None else [select(literal_column("1")).select_from(guard).exists()]


def _count(part: CTE) -> Any:
    return select(func.count()).select_from(part).scalar_subquery()
