"""Deployed definitions, loaded calendars, and files by their digest.

Owns ``wf_definition``, ``wf_calendar`` and reading ``wf_content``. A version is written once: the same
name and version with another digest is refused, with the same digest it is no news.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import bindparam, select

from engine.errors import DefinitionConflict
from engine.store import tables as t
from engine.store.executors import Executor
from engine.store.port import CalendarRow, Content, DefinitionRow
from engine.store.statements import Row, Statement, insert_or_leave

_d = t.definition.c
_DEFINITIONS = select(
    _d.workflow, _d.version, _d.digest, _d.sources, _d.canonical, _d.deployed_by, _d.deployed_at
).where(_d.tenant == bindparam("tenant"))
_OF_WORKFLOW = _DEFINITIONS.where(_d.workflow == bindparam("name"))
_DEFINITION = Statement(_OF_WORKFLOW.where(_d.version == bindparam("version")))
_LATEST = Statement(_OF_WORKFLOW.order_by(_d.version.desc()).limit(1))
_ALL = Statement(_DEFINITIONS.order_by(_d.workflow, _d.version))
_ALL_OF = Statement(_OF_WORKFLOW.order_by(_d.version))
_PUT = insert_or_leave(t.definition)
_OPEN_LOG = insert_or_leave(t.log)

_c = t.calendar.c
_CALENDARS = select(
    _c.name, _c.version, _c.digest, _c.sources, _c.canonical, _c.loaded_by, _c.loaded_at
).where(_c.tenant == bindparam("tenant"))
_NAMED = _CALENDARS.where(_c.name == bindparam("name"))
_CALENDAR = Statement(_NAMED.where(_c.version == bindparam("version")))
_LATEST_CALENDAR = Statement(_NAMED.order_by(_c.version.desc()).limit(1))
_CALENDAR_BY_DIGEST = Statement(_CALENDARS.where(_c.digest == bindparam("digest")))
_ALL_CALENDARS = Statement(_CALENDARS.order_by(_c.name, _c.version))
_ALL_CALENDARS_OF = Statement(_NAMED.order_by(_c.version))
_PUT_CALENDAR = insert_or_leave(t.calendar)

_f = t.content.c
_CONTENT = Statement(
    select(_f.digest, _f.media_type, _f.name, _f.body).where(
        _f.tenant == bindparam("tenant"), _f.digest == bindparam("digest")
    )
)


def content(executor: Executor, tenant: str, digest: str) -> Content | None:
    """Return a file by its SHA-256."""
    for found, media_type, name, body in executor.rows(_CONTENT, {"tenant": tenant, "digest": digest}):
        return Content(digest=found, media_type=media_type, name=name, body=bytes(body))
    return None


class SqlDefinitions:
    """`engine.store.port.Definitions` over an executor."""

    def __init__(self, executor: Executor, tenant: str) -> None:
        self._executor = executor
        self._tenant = tenant

    def put(self, row: DefinitionRow) -> bool:
        """Keep a definition version; ``False``: it was there already, with the same digest."""
        values = {
            "tenant": self._tenant,
            "workflow": row.workflow,
            "version": row.version,
            "digest": row.digest,
            "sources": json.dumps(dict(row.sources), ensure_ascii=False),
            "canonical": row.canonical,
            "deployed_by": row.deployed_by,
            "deployed_at": row.deployed_at,
        }
        # Without a definition there is no case: the tenant's log has its head row before any entry.
        self._executor.run(_OPEN_LOG, {"tenant": self._tenant, "size": 0})
        if self._executor.run(_PUT, values):
            return True
        _same(self.get(row.workflow, row.version), row.workflow, row.version, row.digest)
        return False

    def get(self, workflow: str, version: int | None = None) -> DefinitionRow | None:
        """Return one version, or the highest where ``version`` is ``None``."""
        rows = self._of(_LATEST if version is None else _DEFINITION, name=workflow, version=version)
        return _definition(rows[0]) if rows else None

    def all(self, workflow: str | None = None) -> tuple[DefinitionRow, ...]:
        """Return every version, by workflow and version."""
        rows = self._of(_ALL) if workflow is None else self._of(_ALL_OF, name=workflow)
        return tuple(_definition(row) for row in rows)

    def put_calendar(self, row: CalendarRow) -> bool:
        """Keep a calendar version; ``False``: it was there already, with the same digest."""
        values = {
            "tenant": self._tenant,
            "name": row.name,
            "version": row.version,
            "digest": row.digest,
            "sources": json.dumps(dict(row.sources), ensure_ascii=False),
            "canonical": row.canonical,
            "loaded_by": row.loaded_by,
            "loaded_at": row.loaded_at,
        }
        if self._executor.run(_PUT_CALENDAR, values):
            return True
        _same(self.calendar(row.name, row.version), row.name, row.version, row.digest)
        return False

    def calendar(self, name: str, version: int | None = None) -> CalendarRow | None:
        """Return one version, or the highest where ``version`` is ``None``."""
        rows = self._of(_LATEST_CALENDAR if version is None else _CALENDAR, name=name, version=version)
        return _calendar(rows[0]) if rows else None

    def calendar_by_digest(self, digest: str) -> CalendarRow | None:
        """Return the calendar version with this digest."""
        rows = self._of(_CALENDAR_BY_DIGEST, digest=digest)
        return _calendar(rows[0]) if rows else None

    def calendars(self, name: str | None = None) -> tuple[CalendarRow, ...]:
        """Return every version, by name and version."""
        rows = self._of(_ALL_CALENDARS) if name is None else self._of(_ALL_CALENDARS_OF, name=name)
        return tuple(_calendar(row) for row in rows)

    def _of(self, statement: Statement, **values: Any) -> list[Row]:
        return self._executor.rows(statement, {"tenant": self._tenant, **values})


def _same(found: DefinitionRow | CalendarRow | None, name: str, version: int, digest: str) -> None:
    there = found.digest if found is not None else "another's"
    if there != digest:
        raise DefinitionConflict(name=name, version=version, found=there, given=digest)


def _definition(row: Row) -> DefinitionRow:
    workflow, version, digest, sources, canonical, deployed_by, deployed_at = row
    return DefinitionRow(
        workflow=workflow,
        version=version,
        digest=digest,
        sources=json.loads(sources),
        canonical=canonical,
        deployed_by=deployed_by,
        deployed_at=deployed_at,
    )


def _calendar(row: Row) -> CalendarRow:
    name, version, digest, sources, canonical, loaded_by, loaded_at = row
    return CalendarRow(
        name=name,
        version=version,
        digest=digest,
        sources=json.loads(sources),
        canonical=canonical,
        loaded_by=loaded_by,
        loaded_at=loaded_at,
    )
