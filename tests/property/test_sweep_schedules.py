"""The law never depends on when the sweep woke: the same acts under every schedule give one result.

Acts are drawn once, on a case that no sweep ever touched; then the same acts, recorded at the same
instants, are asked of cases that were swept at other times. Every act must be answered alike, and what
is left at the end must be the same, apart from the instants under which entries were written down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st

from engine.timers import timer_rows
from tests.calendars import indonesia
from tests.property.acting import (
    PARTIES,
    Recorded,
    clocked_definitions,
    fields_of,
    next_act,
    pass_time,
)
from tests.property.driving import Driver, common, prepared
from tests.property.stages import STAGES
from tests.unit.support import Play, make
from workflow.case import Actor, Body, CaseState, Decision, Refusal, Tick, World
from workflow.history.replay import replay
from workflow.step.decide import decide
from workflow.step.evolve import fold
from workflow.time.deadlines import parse_instant

END = timedelta(days=200)
"""How long after the last act the case is looked at once more."""


# --- a case under a schedule ----------------------------------------------------------------------------


class Run:
    """A case in memory, going on from where a play has brought it, to which acts and sweeps come."""

    def __init__(self, start: Play) -> None:
        self.process = start.process
        self.entries = list(start.entries)
        self.answers: list[tuple[str, ...]] = []
        self.sweeps: list[datetime] = []
        self.now = start.now
        self.case = start.case

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
        self.sweeps.append(at)
        decision = decide(self.process, self.case, Tick(), self.world())
        assert isinstance(decision, Decision)
        self.case = self._adopt(decision)

    def next_due(self) -> datetime | None:
        """When the sweep would have to wake next: the earliest row of the timer table."""
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


def at_instants(since: datetime, instants: Sequence[int]) -> Schedule:
    """Sweeps at so many hours after the start, whatever falls due."""

    def sweep(run: Run, until: datetime) -> None:
        for hours in instants:
            at = since + timedelta(hours=hours)
            if run.now <= at <= until:
                run.tick(at)

    return sweep


def under(start: Play, acts: Iterable[Recorded], schedule: Schedule) -> Run:
    """Play the acts with sweeps between them, and look once more at the end."""
    run = Run(start)
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


def draw_acts(data: st.DataObject, start: Play, most: int) -> list[Recorded]:
    """Draw acts from what the case, swept by nobody, offers at each moment."""
    run, acts = Run(start), []
    for _ in range(data.draw(st.integers(1, most))):
        now = pass_time(data.draw, run.now)
        zone = run.process.definition.timezone
        act = Recorded(at=now, command=data.draw(next_act(run.process, run.case, run.world(now), zone)))
        acts.append(act)
        run.fire(act)
    event(f"accepted: {sum(not answer for answer in run.answers) * 4 // len(acts)}/4")
    return acts


def same_under_every_schedule(data: st.DataObject, start: Play, most: int) -> None:
    """Hold every schedule against no sweep at all."""
    process = start.process
    acts = draw_acts(data, start, most)
    plain = under(start, acts, never)
    for kind in {entry["kind"] for entry in plain.entries}:
        event(kind)
    assert list(replay(process, plain.entries, lambda _: indonesia())) == []
    hours = data.draw(st.lists(st.integers(0, 24 * 120), max_size=12).map(sorted))
    for schedule in (at_every_due_instant, late_and_again, at_instants(start.now, hours)):
        run = under(start, acts, schedule)
        assert run.answers == plain.answers
        assert lines(run.entries) == lines(plain.entries)
        assert essence(run.case) == essence(plain.case)
        assert list(replay(process, run.entries, lambda _: indonesia())) == []
        assert fold(run.entries, process.definition) == run.case


def clocked(data: st.DataObject) -> Play:
    """A case of a random definition with clocks, just opened."""
    text = data.draw(clocked_definitions())
    try:
        process = make(text)
    except AssertionError as rejected:  # e.g. clocks that start each other at once
        event(f"rejected: {str(rejected).split()[1]}")
        assume(False)
    fields = fields_of(data.draw, process.definition.fields, date(2026, 2, 2))
    opd = Actor("opd-kukar", roles=["opd"], party="kukar")
    return Play(process, is_checked=False).open(by=opd, parties=PARTIES, **fields)


def cooperation(data: st.DataObject) -> Play:
    """A cooperation at some stage."""
    return STAGES[data.draw(st.sampled_from(sorted(STAGES)))]()


@settings(max_examples=80, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.data())
def test_schedules_of_sweeps_over_random_clocks_give_one_result(data: st.DataObject) -> None:
    """Whatever clocks a definition has, when they were looked at never decides."""
    same_under_every_schedule(data, clocked(data), 7)


@settings(max_examples=40)
@given(st.data())
def test_schedules_of_sweeps_over_a_cooperation_give_one_result(data: st.DataObject) -> None:
    """The same of a whole cooperation, with consent, regions and duties."""
    same_under_every_schedule(data, cooperation(data), 8)


@pytest.mark.soak
@settings(max_examples=4000, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.data())
def test_schedules_of_sweeps_over_random_clocks_give_one_result_for_long(data: st.DataObject) -> None:
    """Thousands of random definitions and acts."""
    same_under_every_schedule(data, clocked(data), 12)


@pytest.mark.soak
@settings(max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_schedules_of_sweeps_over_a_cooperation_give_one_result_for_long(data: st.DataObject) -> None:
    """Thousands of random cooperations."""
    same_under_every_schedule(data, cooperation(data), 25)


# --- through the store ---------------------------------------------------------------------------------


def written(stage: str, acts: Sequence[Recorded], sweeps: Sequence[datetime]) -> tuple[list[Any], list[Any]]:
    """Return the answers and the entries of an engine to which acts and sweeps come, in order of time."""
    driver = Driver(prepared(stage))
    try:
        answers = []
        # At one instant the sweep comes first.
        happenings = sorted(
            [(at, 0, at) for at in sweeps] + [(act.at, 1, act) for act in acts], key=lambda one: one[:2]
        )
        for at, _, what in happenings:
            driver.clock.set(at)
            if isinstance(what, Recorded):
                answers.append(driver.fire(what.command))
            else:
                driver.engine.tick()
        driver.clock.set(acts[-1].at + END)
        driver.engine.tick()
        assert driver.engine.ledger.verify().is_clean
        return answers, lines(common(driver.entries()))
    finally:
        driver.close()


@settings(
    max_examples=5,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(st.data(), st.sampled_from(sorted(STAGES)))
def test_schedules_of_sweeps_over_a_store_give_one_result(data: st.DataObject, stage: str) -> None:
    """The sweep itself, at other times, over tables: one result, and it verifies."""
    start = STAGES[stage]()
    acts = draw_acts(data, start, 6)
    run = Run(start)
    for act in acts:
        at_every_due_instant(run, act.at)
        run.fire(act)
    hours = data.draw(st.lists(st.integers(0, 24 * 60), max_size=5))
    random = [start.now + timedelta(hours=number) for number in hours]
    expected = written(stage, acts, ())
    assert expected[0] == run.answers
    for sweeps in (run.sweeps, random, [act.at for act in acts]):
        assert written(stage, acts, sweeps) == expected
