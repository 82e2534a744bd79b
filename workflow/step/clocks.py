"""The clocks of a case: what starts, moves and stops them, and which is due next.

Owns the records that history keeps under ``clocks`` and ``obligations``, and the order in which what
is ripe is taken (LANGUAGE, "Effective order"). Counting itself is `workflow.time.deadlines`. Called by
``decide``; pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from workflow.case import Body, CaseState, World
from workflow.chart.process import Process
from workflow.definition import Deadline, Kind, Obligation, State
from workflow.durations import Duration
from workflow.step.environment import Scene
from workflow.time.calendars import Calendar
from workflow.time.deadlines import (
    Due,
    count,
    first_instant,
    fixed,
    instant_text,
    later,
    occurrences,
    recount,
)

Calendars = Mapping[str, Calendar]

SUSPENSION = "@suspension"
"""Path of the timer that ends a suspension."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ripe:
    """A clock, or an occurrence of an obligation, that is to be taken now.

    ``what``: ``clock``, ``occurrence`` (it opens), ``overdue``, or ``resume`` (a suspension ends).
    """

    what: str
    path: str
    on: str
    at: str
    occurrence: str | None = None


def calendars_of(process: Process, case: CaseState, world: World) -> Calendars:
    """Return the calendars that the case counts with, by name."""
    return {name: world.calendar(str(ref["digest"])) for name, ref in case.calendars.items()}


# --- what is due next ------------------------------------------------------------------------------


def ripe(process: Process, case: CaseState, now: str, effective_on: str | None) -> Ripe | None:
    """Return what is to be taken next at ``now``, before an act effective on ``effective_on``.

    A clock is ripe when ``acts_at`` has come, and for an act effective on a later day than its due
    day also while it holds. Together with what is ripe, every clock with an earlier ``due_at`` is
    taken, whether holding or not: so the first of all that is pending is the next.
    """
    if case.closed_at is not None:
        return None
    for clock in case.clocks.values():
        if _is_ripe(clock, now, effective_on):
            return pending(process, case)
    if case.obligations and any(event.at <= now for event in obligation_events(process, case)):
        return pending(process, case)
    if case.suspension is not None:
        end = suspension_end(process, case)
        if end is not None and end.at <= now:
            return pending(process, case)
    return None


def stands_still(deadline: Deadline) -> bool:
    """Whether a suspension stops a deadline: a target always, another where its definition says so."""
    return deadline.kind is Kind.TARGET or deadline.is_suspendable


def _is_ripe(clock: Mapping[str, Any], now: str, effective_on: str | None) -> bool:
    if clock["status"] != "running":
        return False
    acts_at: str = clock["acts_at"]
    if acts_at <= now:
        return True
    return effective_on is not None and clock["due_on"] < effective_on and clock["due_at"] <= now


def pending(process: Process, case: CaseState) -> Ripe | None:
    """Return the first of all that is still to come, ripe or not.

    In order of ``due_at``, then inner before outer, then document order.
    """
    first: Keyed | None = None
    for path, clock in case.clocks.items():
        if clock["status"] == "running":
            event = Ripe(what="clock", path=path, on=clock["due_on"], at=clock["due_at"])
            first = _earlier(first, process, event)
    for event in obligation_events(process, case):
        first = _earlier(first, process, event)
    if (end := suspension_end(process, case)) is not None:
        first = _earlier(first, process, end)
    return first[1] if first is not None else None


def suspension_end(process: Process, case: CaseState) -> Ripe | None:
    """Return when a suspension ends by itself; ``None`` where there is none, or nothing bounds it."""
    power = process.definition.suspension
    if case.suspension is None or power is None or power.max_total is None:
        return None
    left = power.max_total.n - case.suspended_days
    on = date.fromisoformat(case.suspension["from"]) + timedelta(days=left)
    at = instant_text(first_instant(on, process.definition.timezone))
    return Ripe(what="resume", path=SUSPENSION, on=on.isoformat(), at=at)


Keyed = tuple[tuple[str, tuple[int, int], str], Ripe]


def _earlier(first: Keyed | None, process: Process, event: Ripe) -> Keyed:
    key = (event.at, process.order.get(event.path, (0, 0)), event.occurrence or "")
    return (key, event) if first is None or key < first[0] else first


def obligation_events(process: Process, case: CaseState) -> Iterator[Ripe]:
    """Yield, for each obligation, its next occurrence to open and every open one still to be judged."""
    if case.suspension is not None:
        return
    for path, duty in case.obligations.items():
        for one in duty["open"]:
            if not one["overdue"] and not duty.get("stopped"):
                yield Ripe(
                    what="overdue",
                    path=path,
                    on=one["due_on"],
                    at=one["due_at"],
                    occurrence=one["occurrence"],
                )
        if duty.get("stopped"):
            continue
        obligation = process.obligations[path]
        following = next_occurrence(obligation, case, duty)
        if following is not None:
            opens_at = instant_text(first_instant(following, obligation.zone))
            on = following.isoformat()
            yield Ripe(what="occurrence", path=path, on=on, at=opens_at, occurrence=on)


def next_occurrence(obligation: Obligation, case: CaseState, duty: Mapping[str, Any]) -> date | None:
    """Return the date of the first occurrence after those already opened."""
    through = duty.get("through")
    until = case.fields.get(obligation.until) if obligation.until else None
    dates = occurrences(
        obligation,
        date.fromisoformat(duty["since"]),
        date.fromisoformat(through) if through else None,
        date.fromisoformat(until) if until else None,
    )
    return next(iter(dates), None)


# --- what a step does to the clocks ------------------------------------------------------------------


def clock_records(
    process: Process,
    case: CaseState,
    scene: Scene,
    calendars: Calendars,
    *,
    exited: Iterable[str],
    entered: Iterable[str],
    active: frozenset[str],
    effective_on: date,
    changed: Collection[str],
    turned: Collection[str] = (),
    fired: str | None = None,
    met: Iterable[str] = (),
) -> list[Body]:
    """Return the ``clocks`` records of a step: fired, stopped in exit order, then started and moved.

    In a suspended case what begins to run stands still at once.

    Args:
        exited: States left, in exit order; ``entered`` likewise.
        active: The states active after the step.
        changed: Names of the fields that the step changed.
        turned: What `turned` returns.
        fired: The deadline whose clock is being taken, if any.
        met: Deadlines that the act meets.
    """
    records: list[Body] = []
    if fired is not None:
        records.append({"op": "fired", "path": fired, "due_on": case.clocks[fired]["due_on"]})
    stopped = set(met)
    records += [{"op": "stopped", "path": path} for path in met]
    for state in exited:
        for deadline in process.state(state).deadlines:
            if deadline.path in case.clocks and deadline.path not in stopped:
                stopped.add(deadline.path)
                records.append({"op": "stopped", "path": deadline.path})
    started: set[str] = set()
    for state in entered:
        if state in active:
            for deadline in process.state(state).deadlines:
                started.add(deadline.path)
                due = _due(deadline, scene, calendars, effective_on)
                if due is not None:
                    records.append(clock_record("started", deadline, due))
    for path in _touched(process, changed, turned):
        touched = process.deadlines.get(path)
        if touched is None or path in started or path in stopped or touched.state not in active:
            continue
        records.extend(_moved(touched, case, scene, calendars, effective_on))
    if case.suspension is not None:
        records += list(_stopped_at_once(process, case, records))
    return records


def _stopped_at_once(process: Process, case: CaseState, records: Iterable[Body]) -> Iterator[Body]:
    for record in records:
        path = record["path"]
        runs = record["op"] == "started" or (
            record["op"] == "moved" and case.clocks[path]["status"] != "suspended"
        )
        if runs and stands_still(process.deadlines[path]):
            yield {"op": "suspended", "path": path}


def turned(process: Process, before: Scene, after: Scene) -> tuple[str, ...]:
    """Return the clocks and duties whose ``when`` a step answers otherwise by more than by fields."""
    return tuple(
        clock.path
        for clock, when in process.conditions
        if clock.state in after.active and before.ask(when) is not after.ask(when)
    )


def _touched(process: Process, changed: Iterable[str], turned: Iterable[str]) -> list[str]:
    readers = process.field_readers
    if not readers and not turned:
        return []
    paths = {path: None for name in changed for path in readers.get(name, ())} | dict.fromkeys(turned)
    return sorted(paths, key=lambda path: process.order[path][1])


def _moved(
    deadline: Deadline,
    case: CaseState,
    scene: Scene,
    calendars: Calendars,
    effective_on: date,
) -> Iterator[Body]:
    """Start, move or stop one clock whose start has changed."""
    before = case.clocks.get(deadline.path)
    due = _due(deadline, scene, calendars, effective_on)
    if due is not None and before is not None:
        if deadline.since is None and deadline.at is None:
            return  # counted from the entry of its state, which has not changed
        due = _prolonged(due, deadline, before)
    if due is None:
        if before is not None:
            yield {"op": "stopped", "path": deadline.path}
    elif before is None:
        yield clock_record("started", deadline, due)
    elif (before["due_on"], before.get("since"), before.get("at")) != (
        due.due_on.isoformat(),
        due.since.isoformat() if due.since else None,
        due.at.isoformat() if due.at else None,
    ):
        yield clock_record("moved", deadline, due)


def _prolonged(due: Due, deadline: Deadline, before: Mapping[str, Any]) -> Due:
    """Add what a clock was extended by, and how long it stood still, to a due day counted anew."""
    due = later(due, before.get("stood_still", 0))
    for extension in before.get("extensions", ()):
        due = count(
            since=due.due_on,
            within=Duration.from_json(extension),
            roll=deadline.roll,
            hold=deadline.hold,
            zone=deadline.zone,
            calendar=due.calendar,
        )
    return later(due, before.get("suspended", 0))


def _due(deadline: Deadline, scene: Scene, calendars: Calendars, effective_on: date) -> Due | None:
    """Count the due day, ``None`` while the start is not known or the clock is not to run."""
    if deadline.when is not None and not scene.ask(deadline.when):
        return None
    calendar = calendars[deadline.calendar]
    if deadline.at is not None:
        if any(scene.field(name) is None for name in deadline.at.fields):
            return None
        return fixed(
            at=deadline.at(scene),
            roll=deadline.roll,
            hold=deadline.hold,
            zone=deadline.zone,
            calendar=calendar,
        )
    since = effective_on if deadline.since is None else scene.field(deadline.since)
    if since is None or deadline.within is None:
        return None
    return count(
        since=since,
        within=deadline.within,
        first_day=deadline.first_day,
        roll=deadline.roll,
        hold=deadline.hold,
        zone=deadline.zone,
        calendar=calendar,
    )


def clock_record(op: str, deadline: Deadline, due: Due) -> Body:
    """Return the record of a clock with its whole derivation, as history keeps it."""
    return {"op": op, "path": deadline.path, **due.record()}


# --- what a step does to the obligations ---------------------------------------------------------------


def obligation_records(
    process: Process,
    case: CaseState,
    scene: Scene,
    *,
    exited: Iterable[str],
    entered: Iterable[str],
    active: frozenset[str],
    effective_on: date,
    changed: Collection[str],
    turned: Collection[str] = (),
) -> list[Body]:
    """Return the ``obligations`` records of a step: which duties end and which begin, and when.

    Arguments as for `clock_records`.
    """
    records: list[Body] = []
    stopped: set[str] = set()
    for duty in _duties(process, exited):
        if duty.path in case.obligations and not case.obligations[duty.path].get("stopped"):
            stopped.add(duty.path)
            since = case.obligations[duty.path]["since"]
            records.append({"op": "stopped", "path": duty.path, "occurrence": since})
    started: set[str] = set()
    for duty in _duties(process, (state for state in entered if state in active)):
        started.add(duty.path)
        since = _since(duty, scene, effective_on)
        if since is not None:
            records.append({"op": "started", "path": duty.path, "occurrence": since.isoformat()})
    for path in _touched(process, changed, turned):
        obligation = process.obligations.get(path)
        if obligation is None or path in started or path in stopped or obligation.state not in active:
            continue
        since = _since(obligation, scene, effective_on)
        records += list(_moved_duty(obligation, case, since, effective_on, changed))
    return records


def _moved_duty(
    obligation: Obligation, case: CaseState, since: date | None, effective_on: date, changed: Collection[str]
) -> Iterator[Body]:
    """Start or stop one duty whose start or condition has changed."""
    path = obligation.path
    duty = case.obligations.get(path)
    running = duty if duty is not None and not duty.get("stopped") else None
    if since is None:
        if running is not None:
            yield occurrence_record("stopped", path, running["since"])
        return
    if running is not None and (obligation.since is None or running["since"] == since.isoformat()):
        return
    row = {"since": since.isoformat()}
    yield occurrence_record("started", path, row["since"])
    if running is not None and "through" in running:
        # What was owed once, met or open, is not owed again because the row counts from another day.
        yield from skipped(obligation, case, row, date.fromisoformat(running["through"]) + timedelta(days=1))
    elif running is None and obligation.since not in changed:
        yield from skipped(obligation, case, row, effective_on)


def skipped(obligation: Obligation, case: CaseState, duty: Mapping[str, Any], until: date) -> Iterator[Body]:
    """Pass over the occurrences that fall before a day, on which the duty did not run."""
    following = next_occurrence(obligation, case, duty)
    while following is not None and following < until:
        yield occurrence_record("skipped", obligation.path, following.isoformat())
        following = next_occurrence(obligation, case, {**duty, "through": following.isoformat()})


def _since(duty: Obligation, scene: Scene, effective_on: date) -> date | None:
    """Return the day from which a duty runs, ``None`` while it is not known or not to run."""
    if duty.when is not None and not scene.ask(duty.when):
        return None
    since: date | None = effective_on if duty.since is None else scene.field(duty.since)
    return since


def _duties(process: Process, states: Iterable[str]) -> Iterator[Obligation]:
    for path in states:
        state: State = process.state(path)
        yield from state.obligations


def occurrence_record(op: str, path: str, occurrence: str, due: Due | None = None) -> Body:
    """Return the record of one occurrence."""
    record: Body = {"op": op, "path": path, "occurrence": occurrence}
    if due is not None:
        record["due_on"] = due.due_on.isoformat()
        record["due_at"] = due.due_at
    return record


def occurrence_due(obligation: Obligation, occurrence: date, calendars: Calendars) -> Due:
    """Count when an occurrence is due."""
    return count(
        since=occurrence,
        within=obligation.within,
        first_day=obligation.first_day,
        roll=obligation.roll,
        hold=None,
        zone=obligation.zone,
        calendar=calendars[obligation.calendar],
    )


def moved_clocks(process: Process, case: CaseState, calendar: Calendar) -> tuple[int, int]:
    """Count the running clocks that count with a calendar of this name, and those it would move."""
    counted = moved = 0
    for path, clock in case.clocks.items():
        if clock["status"] == "running" and process.deadlines[path].calendar == calendar.name:
            counted += 1
            moved += recount(clock, calendar).due_on.isoformat() != clock["due_on"]
    return counted, moved
