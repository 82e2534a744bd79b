"""What entries cite, as it is stored: definitions, calendars and files, held against their digests.

Owns the caches of one verification. It trusts no cache of the running engine, since what is stored may
have changed under it. Called by ``engine.verifying``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from engine.registry import load_stored
from engine.store.port import CalendarRow, DefinitionRow, Transaction
from workflow.chart.process import Process
from workflow.history.canonical import DEFINITION_PREFIX, NotCanonical, digest_of, parse_canonical
from workflow.time.calendars import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What was found under a citation: it, or the code of the finding that speaks against it."""

    process: Process | None = None
    calendar: Calendar | None = None
    code: str | None = None


class Evidence:
    """Definitions, calendars and files as the store has them, each looked at once.

    Args:
        has_files: Whether files are looked at; reading them is what takes long where there are many.
    """

    def __init__(self, *, has_files: bool = True) -> None:
        self._has_files = has_files
        self._documents: dict[str, str] = {}
        self._definitions: dict[tuple[str, int, str], Cited] = {}
        self._calendars: dict[str, Cited] = {}

    def definition(self, tx: Transaction, workflow: str, version: int, digest: str) -> Cited:
        """Return the definition that entries cite, made ready to run."""
        key = (workflow, version, digest)
        if key not in self._definitions:
            row = tx.definitions.get(workflow, version)
            self._definitions[key] = _definition(row, digest)
        return self._definitions[key]

    def calendar(self, tx: Transaction, digest: str) -> Cited:
        """Return the calendar that entries cite."""
        if digest not in self._calendars:
            row = tx.definitions.calendar_by_digest(digest)
            self._calendars[digest] = _calendar(row, digest)
        return self._calendars[digest]

    def document(self, tx: Transaction, digest: str) -> str:
        """Return the code of what speaks against a file that entries cite; empty: nothing."""
        if not self._has_files:
            return ""
        if digest not in self._documents:
            self._documents[digest] = _document(tx, digest)
        return self._documents[digest]


def _document(tx: Transaction, digest: str) -> str:
    content = tx.content(digest)
    if content is None:
        return "document-missing"
    return "" if hashlib.sha256(content.body).hexdigest() == digest else "document-changed"


def _definition(row: DefinitionRow | None, digest: str) -> Cited:
    if row is None:
        return Cited(code="definition-missing")
    try:
        form = parse_canonical(row.canonical)
    except NotCanonical:
        return Cited(code="definition-changed")
    if not row.sources:
        return Cited(code="definition-changed")
    # the canonical form is what is exported, the sources are what runs: both must be the cited one
    loaded = load_stored(row).definition
    digests = {row.digest, digest_of(DEFINITION_PREFIX, form), loaded.digest if loaded else ""}
    if loaded is None or digests != {digest}:
        return Cited(code="definition-changed")
    return Cited(process=Process(loaded))


def _calendar(row: CalendarRow | None, digest: str) -> Cited:
    if row is None:
        return Cited(code="calendar-missing")
    try:
        form: Any = parse_canonical(row.canonical)
        calendar = Calendar.from_canonical(form)
    except (NotCanonical, LookupError, TypeError, ValueError, AttributeError):
        return Cited(code="calendar-changed")  # a forged form may have any shape
    if (calendar.digest, calendar.name, calendar.version) != (digest, row.name, row.version):
        return Cited(code="calendar-changed")
    return Cited(calendar=calendar)
