"""Events for the outbox: what entries and reminders say to consumers.

Owns the topics and the shape of payloads. Called by ``engine.commands``.
"""

from __future__ import annotations

import json
from typing import Any

from engine.store.port import Event, TimerRow
from workflow.case import Body, CaseState
from workflow.process import Process

REMINDER = "reminder."

_dumps = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=lambda wrapped: wrapped.value
).encode


def entry_event(body: Body, number: str) -> Event:
    """Return ``case.<kind>``: the entry as it was drafted, personal values readable."""
    return Event(topic=f"case.{body['kind']}", seq=body["seq"], payload=_dumps({**body, "number": number}))


def reminder_event(process: Process, case: CaseState, timer: TimerRow) -> Event:
    """Return ``reminder.<path>`` of a reminder that is due; it has no history entry."""
    clock = process.deadlines.get(timer.path) or process.obligations[timer.path]
    remind = clock.remind
    body: dict[str, Any] = {
        "tenant": case.tenant,
        "case": case.id,
        "number": case.number,
        "workflow": case.workflow,
        "path": timer.path,
        "mark": timer.mark,
        "remind_at": timer.due_at,
        "to": [str(ref) for ref in remind.to] if remind else [],
        "basis": list(clock.basis),
    }
    if timer.path in case.clocks:
        body["due_on"] = case.clocks[timer.path]["due_on"]
    if clock.title is not None:
        body["title"] = {"id": clock.title.text("id"), "en": clock.title.text("en")}
    return Event(topic=f"{REMINDER}{timer.path}", seq=0, payload=_dumps(body))
