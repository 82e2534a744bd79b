"""Cases by what people ask for, one page at a time.

Owns the ``cases`` query. Fields are looked up in the snapshot, with the JSON functions of each database
but one meaning: a scalar matches the field's value, one of the values of a ``many`` field, or the value of
one party; a list matches the whole list. There is no index on fields; an installation that needs one can
add an expression index, and the other filters narrow first.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from engine.errors import InvalidCursor
from engine.store import tables as t
from engine.store.executors import Executor
from engine.store.port import Page
from engine.store.snapshots import from_text
from engine.store.statements import SQLITE, Statement
from workflow.case import CaseState
from workflow.definition import Json

_c = t.case.c
_PREFIX = "c1:"


def cases(
    executor: Executor,
    tenant: str,
    *,
    workflow: str | None = None,
    state: str | None = None,
    overdue: bool | None = None,
    closed: bool | None = None,
    where: Mapping[str, Json] | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Page[CaseState]:
    """Return a page of cases by id."""
    query = select(_c.id, _c.snapshot).where(_c.tenant == bindparam("tenant"))
    if after is not None:
        query = query.where(_c.id > bindparam("after"))
    if workflow is not None:
        query = query.where(_c.workflow == bindparam("workflow"))
    if state is not None:
        query = query.where(_in_state(state))
    if overdue is not None:
        query = query.where(_c.overdue == int(overdue))
    if closed is not None:
        query = query.where(_c.closed_at.is_not(None) if closed else _c.closed_at.is_(None))
    for field, value in (where or {}).items():
        query = query.where(_field_is(executor.dialect, field, value))
    return _page(executor, query, {"tenant": tenant, "workflow": workflow, "after": _read(after)}, limit)


def _page(executor: Executor, query: Select[Any], values: dict[str, Any], limit: int) -> Page[CaseState]:
    statement = Statement(query.order_by(_c.id).limit(bindparam("limit")))
    rows = executor.rows(statement, values | {"limit": limit + 1})
    more = len(rows) > limit
    shown = rows[:limit]
    return Page(
        items=tuple(from_text(snapshot) for _, snapshot in shown),
        next=_cursor(shown[-1][0]) if more and shown else None,
    )


def _in_state(path: str) -> ColumnElement[bool]:
    active = "|" + _c.state + "|"
    return or_(
        active.contains(f"|{path}|", autoescape=True),
        active.contains(f"|{path}.", autoescape=True),
    )


def _field_is(dialect: str, field: str, value: Json) -> ColumnElement[bool]:
    return _sqlite_field_is(field, value) if dialect == SQLITE else _postgres_field_is(field, value)


def _sqlite_field_is(field: str, value: Json) -> ColumnElement[bool]:
    path = f"$.fields.{json.dumps(field)}"
    if value is None:
        return func.json_type(_c.snapshot, path).is_(None)
    if isinstance(value, (list, dict)):
        compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return func.json_extract(_c.snapshot, path) == compact
    inside = func.json_each(_c.snapshot, path).table_valued("type", "atom")
    if isinstance(value, bool):
        matches: ColumnElement[bool] = inside.c.type == ("true" if value else "false")
    else:
        kind = "integer" if isinstance(value, int) else "text"
        matches = and_(inside.c.type == kind, inside.c.atom == value)
    return select(1).select_from(inside).where(matches).exists()


def _postgres_field_is(field: str, value: Json) -> ColumnElement[bool]:
    found = func.jsonb_extract_path(cast(_c.snapshot, JSONB), "fields", field, type_=JSONB)
    if value is None:
        return found.is_(None)
    # As text that the database casts: bound as JSON, the two executors would quote it differently.
    wanted = cast(literal(json.dumps(value, ensure_ascii=False), Text()), JSONB)
    if isinstance(value, (list, dict)):
        return found == wanted
    by_party = func.jsonb_each(found).table_valued("key", "value")
    one_of_parties = select(1).select_from(by_party).where(by_party.c.value == wanted).exists()
    # CASE, because jsonb_each refuses what is no object.
    return case(
        (func.jsonb_typeof(found) == "array", found.op("@>")(wanted)),
        (func.jsonb_typeof(found) == "object", one_of_parties),
        else_=func.coalesce(found == wanted, false()),
    )


def _cursor(case_id: str) -> str:
    return base64.urlsafe_b64encode(f"{_PREFIX}{case_id}".encode()).decode().rstrip("=")


def _read(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError) as error:
        raise InvalidCursor(cursor=cursor) from error
    if not text.startswith(_PREFIX):
        raise InvalidCursor(cursor=cursor)
    return text.removeprefix(_PREFIX)
