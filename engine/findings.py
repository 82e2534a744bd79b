"""What verification finds, as data.

Owns `Finding`, `Report` and the list of codes. Rendering is elsewhere. Made by ``engine.ledger`` and
``engine.chain``; read by the command line and by hosts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import engine.texts.ledger  # noqa: F401  (registers the text of every code)
from workflow.definition import Json
from workflow.locale import Message

CODES: Mapping[str, str] = {
    "unreadable": "the entry's text is not the canonical text of a history entry",
    "hash-mismatch": "the stored hash is not the hash of the entry's text",
    "columns-changed": "the columns beside an entry say something else than its text",
    "misplaced": "the entry belongs to another case or tenant, or to another place in the case",
    "gap": "an entry between two others is missing",
    "chain-broken": "the entry does not follow on the entry before it",
    "order-broken": "recorded_at does not increase, or the revision jumps",
    "truncated": "the case had more entries than there are",
    "case-behind": "the case row is older than the history",
    "case-missing": "there are entries of a case that does not exist",
    "head-mismatch": "the case row names another last entry than the history has",
    "case-changed": "the case row is not what folding the history gives",
    "not-foldable": "the entry cannot follow on the case as it was",
    "log-mismatch": "the log of the tenant holds another hash for the entry",
    "log-surplus": "the log of the tenant holds an entry that the history does not have",
    "unlogged": "the entry never reached the log of the tenant",
    "timer-changed": "the timers of the case are not what its clocks and duties imply",
    "personal-changed": "a personal value or its salt is not what the entry committed to",
    "personal-missing": "the value behind a commitment is gone although it was not erased",
    "personal-surplus": "there is a personal value that no entry committed to",
    "clock-mismatch": "a due day does not follow from its start and its calendar",
    "calendar-missing": "the calendar that an entry counted with is not stored",
    "calendar-changed": "the stored calendar is not the one that the entries cite",
    "definition-missing": "the definition that an entry cites is not stored",
    "definition-changed": "the stored definition is not the one that the entries cite",
    "document-missing": "a file that an entry attached is not stored",
    "document-changed": "a stored file is not the one that the entry attached",
    "relative-mismatch": "a child or the parent does not tell the same of it",
    "not-allowed": "decided again, the definition does not allow the entry",
    "number-missing": "a number was given out and no case has it",
    "counter-behind": "a case has a number that its counter has not given out",
    "unprotected": "the database does not refuse changes of history by itself",
}
"""Every code of a finding, with what it means."""

WARNINGS = frozenset({"unprotected"})
"""Codes that say nothing about the history itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it must be.

    Attributes:
        code: One of `CODES`.
        case: Id of the case; ``None`` where the finding is about the database.
        number: Its number, as far as it is known: what the message calls it.
        seq: The entry it is about; ``None`` where it is about no one entry.
        message: For people, in both languages.
    """

    code: str
    case: str | None = None
    number: str | None = None
    seq: int | None = None
    message: Message

    @property
    def is_warning(self) -> bool:
        """Whether the history itself is not in doubt."""
        return self.code in WARNINGS

    def to_json(self) -> dict[str, Json]:
        """Return the finding as JSON, with both texts."""
        return {
            "code": self.code,
            "case": self.case,
            "number": self.number,
            "seq": self.seq,
            "message": self.message.text("en"),
            "message_id": self.message.text("id"),
        }


def found(code: str, case: str | None = None, seq: int | None = None, **params: Any) -> Finding:
    """Make a finding; ``params`` fill its text."""
    if code not in CODES:
        raise ValueError(f"{code!r} is no code of a finding")
    message = Message(f"ledger.{code}", {"case": case, "seq": seq, **params})
    return Finding(code=code, case=case, seq=seq, message=message)


def called(finding: Finding, number: str | None) -> Finding:
    """Return a finding that calls its case by the number, where there is one."""
    if number is None:
        return finding
    message = Message(finding.message.key, {**finding.message.params, "case": number})
    return replace(finding, number=number, message=message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was verified and what was found, by case and entry."""

    findings: tuple[Finding, ...]
    cases: int
    entries: int

    @property
    def is_clean(self) -> bool:
        """Whether nothing speaks against the history (warnings apart)."""
        return all(finding.is_warning for finding in self.findings)
