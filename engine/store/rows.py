"""What a command writes, as rows: the columns of every table it touches.

Owns the mapping from `Writes` to columns, and nothing of how rows are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from engine.store.history import personal_values, sealed_values
from engine.store.port import RequestRow, Writes
from engine.store.snapshots import to_text
from engine.store.statements import Values
from engine.store.timers import timer_values
from workflow.case import CaseState

NEVER_CHANGES = ("tenant", "id", "number", "workflow", "opened_at")
"""Columns of a case that stay as they were at its opening; an UPDATE leaves their indexes alone."""


class Rows(NamedTuple):
    """The rows of a command by table, as `engine.store.cases` makes them."""

    request: Sequence[Values]
    case: Values
    child: Sequence[Values]
    history: Sequence[Values]
    unsequenced: Sequence[Values]
    personal: Sequence[Values]
    timer: Sequence[Values]
    outbox: Sequence[Values]
    content: Sequence[Values]
    timer_paths: Sequence[str]
    before: tuple[int, int] | None


def rows_of(tenant: str, writes: Writes) -> Rows:
    """Return the rows of a command."""
    before, request = writes.before, writes.request
    of_case = {"tenant": tenant, "case_id": writes.case.id}
    return Rows(
        request=[] if request is None else [_request_values(tenant, request)],
        case=case_values(tenant, writes.case),
        child=[] if before is not None else list(_child(of_case, writes.case)),
        history=[of_case | sealed_values(entry) for entry in writes.entries],
        unsequenced=[of_case | {"seq": entry.seq, "hash": entry.hash} for entry in writes.entries],
        personal=[of_case | personal_values(row) for row in writes.personal],
        timer=[of_case | timer_values(row) for row in writes.timers],
        outbox=list(_events(of_case, writes)),
        content=list(_contents(tenant, writes)),
        timer_paths=writes.timer_paths,
        before=None if before is None else (before.revision, before.seq),
    )


def case_values(tenant: str, case: CaseState) -> dict[str, Any]:
    """Return a case as its row; every column follows from the fold of its history."""
    return {
        "tenant": tenant,
        "id": case.id,
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


def _child(of_case: dict[str, Any], case: CaseState) -> Iterator[Values]:
    if case.parent is not None:
        yield of_case | {"parent": case.parent["case"]}


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
