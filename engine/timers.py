"""The timers of a case as rows, and the sweep that takes what is due.

Owns which rows a case's clocks and obligations stand for, and the sweep: look without locking, lock the
*case*, look again, decide with the clock as actor, commit. Case first, always; due order per case; a
failing timer is retried with back-off, holds back its own case only, and ends as a dead letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.store.port import TimerRow
from workflow.case import CaseState
from workflow.chart.process import Process
from workflow.step.clocks import SUSPENSION, obligation_events, suspension_end
from workflow.step.reminders import reminders_of
from workflow.time.calendars import Calendar
from workflow.time.deadlines import instant_text

Calendars = Mapping[str, Calendar]


def timer_rows(process: Process, case: CaseState, path: str) -> Iterator[TimerRow]:
    """Yield the rows of one clock or obligation, reminders apart: what `verify` holds against the table."""
    if case.closed_at is not None:
        return
    clock = case.clocks.get(path)
    if clock is not None and clock["status"] == "running":
        yield TimerRow(path=path, kind="act", due_at=clock["acts_at"])
    if path == SUSPENSION and (end := suspension_end(process, case)) is not None:
        yield TimerRow(path=path, kind="act", due_at=end.at)
    if path in case.obligations:
        for event in obligation_events(process, case):
            if event.path == path:
                yield TimerRow(path=path, kind=event.what, due_at=event.at, mark=event.occurrence or "")


def reminder_rows(
    process: Process, case: CaseState, path: str, calendars: Calendars, now: str
) -> Iterator[TimerRow]:
    """Yield the reminders of one clock or obligation that are still to come."""
    for one in reminders_of(process, case, path, calendars):
        if one.at > now:
            yield TimerRow(path=path, kind="reminder", due_at=one.at, mark=one.mark)


def changed_paths(process: Process, before: CaseState | None, after: CaseState) -> tuple[str, ...]:
    """Return the clocks and obligations whose rows a step may have changed."""
    old_clocks: Mapping[str, Any] = before.clocks if before else {}
    paths = dict.fromkeys(
        path
        for path in (*old_clocks, *after.clocks)
        if old_clocks.get(path) is not after.clocks.get(path)
        or (after.closed_at is not None and (before is None or before.closed_at is None))
    )
    old_duties: Mapping[str, Any] = before.obligations if before else {}
    paths.update(dict.fromkeys((*old_duties, *after.obligations)))
    if after.suspension is not None or (before is not None and before.suspension is not None):
        paths[SUSPENSION] = None
    return tuple(paths)


BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""How long a failing timer waits before each further attempt; after the last it is a dead letter."""


def retry_at(now: datetime, attempts: int) -> str | None:
    """Return when to try again after ``attempts`` failures; ``None``: no more."""
    return instant_text(now + BACK_OFF[attempts]) if attempts < len(BACK_OFF) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep did: cases looked at, entries written, reminders sent, timers that failed."""

    cases: int = 0
    entries: int = 0
    reminders: int = 0
    failed: int = 0
    busy: int = 0

    def __add__(self, other: Swept) -> Swept:
        return Swept(
            cases=self.cases + other.cases,
            entries=self.entries + other.entries,
            reminders=self.reminders + other.reminders,
            failed=self.failed + other.failed,
            busy=self.busy + other.busy,
        )
