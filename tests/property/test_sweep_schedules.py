"""The law never depends on when the sweep woke: the same acts under every schedule give one result.

Acts are drawn once, on a case that no sweep ever touched; then the same acts, recorded at the same
instants, are asked of cases that were swept at other times. Every act must be answered alike, and what
is left at the end must be the same, apart from the instants under which entries were written down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from tests.calendars import indonesia
from tests.property.acting import (
    PARTIES,
    Recorded,
    clocked_definitions,
    fields_of,
    next_act,
    pass_time,
    people,
)
from tests.unit.support import CASE, make, small
from workflow.case import Actor, Body, CaseState, Decision, Open, Refusal, Tick, World
from workflow.deadlines import parse_instant
from workflow.decide import decide
from workflow.evolve import fold
from workflow.process import Process
from workflow.replay import replay

START = datetime(2026, 2, 2, 1, tzinfo=UTC)
END = timedelta(days=200)
"""How long after the last act the case is looked at once more."""


# --- a case under a schedule ----------------------------------------------------------------------------


class Run:
    """A case in memory, to which commands and sweeps come at given instants."""

    def __init__(self, process: Process, opening: Open) -> None:
        self.process = process
        self.entries: list[Body] = []
        self.answers: list[tuple[str, ...]] = []
        self.now = START
        opened = decide(process, None, opening, self.world())
        assert isinstance(opened, Decision)
        self.case = self._adopt(opened)

    def world(self, now: datetime | None = None) -> World:
        """What may be known at an instant."""
        return World(now=now or self.now, calendar=lambda _: indonesia(), facts={"pagu_tersedia": True})

    def fire(self, act: Recorded) -> None:
        """Ask for an act, and note the answer."""
        self.now = act.at
        decision = decide(self.process, self.case, act.command, self.world())
        if isinstance(decision, Refusal):
            self.answers.append(tuple(reason.code for reason in decision.reasons))
        else:
            self.answers.append(())
            self.case = self._adopt(decision)

    def tick(self, at: datetime) -> None:
        """Sweep."""
        self.now = at
        decision = decide(self.process, self.case, Tick(), self.world())
        assert isinstance(decision, Decision)
        self.case = self._adopt(decision)

    def next_due(self) -> datetime | None:
        """When the sweep would have to wake next: the earliest row of the timer table."""
        from engine.timers import timer_rows

        rows = [
            row.due_at
            for path in (*self.case.clocks, *self.case.obligations)
            for row in timer_rows(self.process, self.case, path)
        ]
        return parse_instant(min(rows)) if rows else None

    def _adopt(self, decision: Decision) -> CaseState:
        self.entries.extend(decision.entries)
        return decision.case


Schedule = Callable[[Run, datetime], None]
"""What sweeps do on a case until an instant."""


def never(run: Run, until: datetime) -> None:
    """No sweep at all: only catch-up."""


def at_every_due_instant(run: Run, until: datetime) -> None:
    """A sweep exactly when something falls due, as the background clock means to."""
    for _ in range(10_000):
        due = run.next_due()
        if due is None or due > until:
            return
        run.tick(max(due, run.now))
    raise AssertionError("the sweep never comes to rest")


def late_and_again(run: Run, until: datetime) -> None:
    """A sweep just before each act, and once more."""
    run.tick(until)
    run.tick(until)


def at_instants(instants: Sequence[int]) -> Schedule:
    """Sweeps at so many hours after the start, whatever falls due."""

    def sweep(run: Run, until: datetime) -> None:
        for hours in instants:
            at = START + timedelta(hours=hours)
            if run.now <= at <= until:
                run.tick(at)

    return sweep


def under(process: Process, opening: Open, acts: Iterable[Recorded], schedule: Schedule) -> Run:
    """Play the acts with sweeps between them, and look once more at the end."""
    run = Run(process, opening)
    for act in acts:
        schedule(run, act.at)
        run.fire(act)
    end = run.now + END
    schedule(run, end)
    run.tick(end)
    return run


def essence(case: CaseState) -> CaseState:
    """A case without the instants at which it was written down."""
    return replace(case, recorded_at="", closed_at="closed" if case.closed_at else None)


def lines(entries: Iterable[Body]) -> list[Body]:
    """Entries without the instants at which they were written down."""
    return [{key: value for key, value in entry.items() if key != "recorded_at"} for entry in entries]


# --- the same acts --------------------------------------------------------------------------------------


def draw_acts(data: st.DataObject, process: Process, opening: Open, most: int) -> list[Recorded]:
    """Draw acts from what the case, swept by nobody, offers at each moment."""
    run, acts = Run(process, opening), []
    for _ in range(data.draw(st.integers(1, most))):
        now = pass_time(data.draw, run.now)
        command = data.draw(next_act(process, run.case, run.world(now), process.definition.timezone))
        act = Recorded(at=now, command=command)
        acts.append(act)
        run.fire(act)
    event(f"accepted: {sum(not answer for answer in run.answers) * 4 // len(acts)}/4")
    return acts


def same_under_every_schedule(data: st.DataObject, process: Process, opening: Open, most: int) -> None:
    """Hold every schedule against no sweep at all."""
    acts = draw_acts(data, process, opening, most)
    plain = under(process, opening, acts, never)
    kinds = {entry["kind"] for entry in plain.entries}
    for kind in kinds & {"clock_fired", "deadline_expired", "obligation_overdue"}:
        event(kind)
    hours = data.draw(st.lists(st.integers(0, 24 * 120), max_size=12).map(sorted))
    for schedule in (at_every_due_instant, late_and_again, at_instants(hours)):
        run = under(process, opening, acts, schedule)
        assert run.answers == plain.answers
        assert lines(run.entries) == lines(plain.entries)
        assert essence(run.case) == essence(plain.case)
        assert list(replay(process, run.entries, lambda _: indonesia())) == []
        assert fold(run.entries, process.definition) == run.case
    assert list(replay(process, plain.entries, lambda _: indonesia())) == []


def opening_of(data: st.DataObject, process: Process, by: Actor, fields: dict[str, Any]) -> Open:
    """Open with these fields."""
    return Open(case_id=CASE, number="x/2026/1", tenant="kukar", by=by, parties=PARTIES, fields=fields)


def clocked(data: st.DataObject) -> tuple[Process, Open]:
    """A random definition with clocks, and an opening."""
    text = data.draw(clocked_definitions())
    try:
        process = make(text)
    except AssertionError as rejected:  # e.g. clocks that start each other at once
        event(f"rejected: {str(rejected).split()[1]}")
        assume(False)
    fields = fields_of(data.draw, process.definition.fields, date(2026, 2, 2))
    opd = Actor("opd-kukar", roles=["opd"], party="kukar")
    return process, opening_of(data, process, opd, fields)


def cooperation(data: st.DataObject) -> tuple[Process, Open]:
    """The small cooperation, opened."""
    process = small()
    [opd] = [one for one in people(process.definition) if one.roles == ("opd",) and one.party == "kukar"]
    fields = {
        "judul": "Angkutan",
        "kategori": data.draw(st.sampled_from(["wajib", "sukarela"])),
        "urusan": ["perhubungan"],
    }
    return process, opening_of(data, process, opd, fields)


@settings(max_examples=80, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.data())
def test_schedules_of_sweeps_over_random_clocks_give_one_result(data: st.DataObject) -> None:
    """Whatever clocks a definition has, when they were looked at never decides."""
    process, opening = clocked(data)
    same_under_every_schedule(data, process, opening, 8)


@settings(max_examples=40)
@given(st.data())
def test_schedules_of_sweeps_over_a_cooperation_give_one_result(data: st.DataObject) -> None:
    """The same of a whole cooperation, with consent, regions and duties."""
    process, opening = cooperation(data)
    same_under_every_schedule(data, process, opening, 14)


@pytest.mark.soak
@settings(max_examples=4000, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.data())
def test_schedules_of_sweeps_over_random_clocks_give_one_result_for_long(data: st.DataObject) -> None:
    """Thousands of random definitions and acts."""
    process, opening = clocked(data)
    same_under_every_schedule(data, process, opening, 12)


@pytest.mark.soak
@settings(max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_schedules_of_sweeps_over_a_cooperation_give_one_result_for_long(data: st.DataObject) -> None:
    """Thousands of random cooperations."""
    process, opening = cooperation(data)
    same_under_every_schedule(data, process, opening, 25)
