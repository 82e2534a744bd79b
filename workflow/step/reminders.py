"""When people are reminded of a clock or obligation.

Owns the instants of reminders; they have no history entry and change nothing. Called by whoever sends
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from workflow.case import CaseState
from workflow.chart.process import Process
from workflow.definition import Deadline, Obligation
from workflow.step.clocks import Calendars, next_occurrence, occurrence_due
from workflow.time.deadlines import instant_text, shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminding:
    """One reminder. ``mark`` tells those of one path apart: the occurrence's date and how long before."""

    path: str
    at: str
    mark: str


def reminders(process: Process, case: CaseState, calendars: Calendars) -> Iterator[Reminding]:
    """Yield every reminder of what is running, past ones too: clocks first, then obligations."""
    for path in dict.fromkeys((*case.clocks, *case.obligations)):
        yield from reminders_of(process, case, path, calendars)


def reminders_of(process: Process, case: CaseState, path: str, calendars: Calendars) -> Iterator[Reminding]:
    """Yield the reminders of one clock or obligation, past ones too, none where it does not run."""
    if case.closed_at is not None:
        return
    clock = case.clocks.get(path)
    if clock is not None and clock["status"] == "running":
        yield from _of(process.deadlines[path], date.fromisoformat(clock["due_on"]), calendars, "")
    duty = case.obligations.get(path)
    if duty is None or duty.get("stopped") or case.suspension is not None:
        return
    obligation = process.obligations[path]
    if obligation.remind is None:
        return
    for one in duty["open"]:
        if not one["overdue"]:
            due_on = date.fromisoformat(one["due_on"])
            yield from _of(obligation, due_on, calendars, f"{one['occurrence']} ")
    following = next_occurrence(obligation, case, duty)
    if following is not None:
        due_on = occurrence_due(obligation, following, calendars).due_on
        yield from _of(obligation, due_on, calendars, f"{following.isoformat()} ")


def _of(clock: Deadline | Obligation, due_on: date, calendars: Calendars, prefix: str) -> Iterator[Reminding]:
    remind = clock.remind
    if remind is None:
        return
    for before in remind.before:
        on = shift(due_on, -before, calendars[clock.calendar])
        local = datetime.combine(on, remind.at, tzinfo=ZoneInfo(clock.zone))
        yield Reminding(path=clock.path, at=instant_text(local.astimezone(UTC)), mark=f"{prefix}{before}")
