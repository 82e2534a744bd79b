"""Events for the outbox: what entries and reminders say to consumers.

Owns the topics and the shape of payloads. Called by ``engine.commands``.
"""

from __future__ import annotations

from typing import Any

from pydantic_core import to_json

from engine.store.port import Event, TimerRow
from workflow.case import Body, CaseState, Emitted
from workflow.chart.process import Process
from workflow.history.sealing import readable

REMINDER = "reminder."


def entry_event(body: Body, number: str) -> Event:
    """Return ``case.<kind>``: the entry as it was drafted, personal values readable."""
    return Event(
        topic=f"case.{body['kind']}", seq=body["seq"], payload=_text({**readable(body), "number": number})
    )


def emitted_event(emitted: Emitted, case: CaseState) -> Event:
    """Return ``event.<name>``, what a definition emits with a step; it has no history entry of its own."""
    body: dict[str, Any] = {
        "tenant": case.tenant,
        "case": case.id,
        "number": case.number,
        "workflow": case.workflow,
        "event": emitted.event,
        "seq": emitted.seq,
        "notify": list(emitted.notify),
        "state": list(case.configuration),
    }
    return Event(topic=f"event.{emitted.event}", seq=emitted.seq, payload=_text(body))


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
    return Event(topic=f"{REMINDER}{timer.path}", seq=0, payload=_text(body))


def _text(body: Body) -> str:
    return to_json(body).decode()
