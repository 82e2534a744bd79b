"""Families in which everything happens come out the same whenever the sweep wakes.

Suspension, resumption, extension, correction and attachment, children of every sort, consent with
silence, mandates and facts from other cases: acts are drawn once, on families that no sweep ever touched,
then the same acts are asked under other schedules. Answers and histories must be the same, and every
history folds to its case and is legal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.property.happenings import happening
from tests.property.rumpun import Shape, shapes
from tests.property.village import END, Happening, Village

Schedule = Callable[[Village, datetime], None]


def never(village: Village, until: datetime) -> None:
    """No sweep at all: only catch-up."""


def at_every_due_instant(village: Village, until: datetime) -> None:
    """A sweep exactly when something falls due."""
    for _ in range(10_000):
        due = village.next_due()
        if due is None or due > until:
            return
        village.sweep(max(due, village.now))
    raise AssertionError("the sweep never comes to rest")


def late_and_again(village: Village, until: datetime) -> None:
    """A sweep just before each act, and once more."""
    village.sweep(until)
    village.sweep(until)


def at_instants(since: datetime, instants: Sequence[int]) -> Schedule:
    """Sweeps at so many hours after the start, whatever falls due."""

    def sweep(village: Village, until: datetime) -> None:
        for hours in instants:
            at = since + timedelta(hours=hours)
            if village.now <= at <= until:
                village.sweep(at)

    return sweep


def under(shape: Shape, happened: Iterable[Happening], schedule: Schedule, *, has_budget: bool) -> Village:
    """Let the same happen with sweeps between, and look once more at the end."""
    village = Village(shape, has_budget=has_budget)
    for what in happened:
        schedule(village, what.at)
        village.do(what)
    end = village.now + END
    schedule(village, end)
    village.sweep(end)
    return village


def drawn(data: st.DataObject, shape: Shape, most: int, *, has_budget: bool) -> list[Happening]:
    """Draw what happens to families that nobody sweeps; say of what kinds it was."""
    village, happened = Village(shape, has_budget=has_budget), []
    for _ in range(data.draw(st.integers(2, most))):
        what = happening(data.draw, village)
        happened.append(what)
        answer = village.do(what)
        kind = type(what.command).__name__
        event(f"{kind}: {answer[0] if answer else 'accepted'}")
    return happened


def same_under_every_schedule(data: st.DataObject, most: int) -> None:
    """Hold every schedule against no sweep at all."""
    shape, has_budget = data.draw(shapes()), data.draw(st.sampled_from([True, True, True, False]))
    happened = drawn(data, shape, most, has_budget=has_budget)
    plain = under(shape, happened, never, has_budget=has_budget)
    plain.check()
    for kind in {entry["kind"] for entries in plain.entries.values() for entry in entries}:
        event(kind)
    hours = data.draw(st.lists(st.integers(0, 24 * 90), max_size=8).map(sorted))
    for schedule in (at_every_due_instant, late_and_again, at_instants(happened[0].at, hours)):
        village = under(shape, happened, schedule, has_budget=has_budget)
        assert village.answers == plain.answers
        assert village.told() == plain.told()
        village.check()


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.data())
def test_village_comes_out_the_same_for_every_schedule(data: st.DataObject) -> None:
    """Whatever is done with families and between them, when clocks were looked at never decides."""
    same_under_every_schedule(data, 10)


@pytest.mark.soak
@settings(max_examples=4000, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.data())
def test_village_comes_out_the_same_for_every_schedule_for_long(data: st.DataObject) -> None:
    """Thousands of villages."""
    same_under_every_schedule(data, 25)
