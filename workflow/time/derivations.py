"""The derivation of a due day for people: from the start to the result, day by day, with reasons.

Owns `explain`. Adds nothing to what `workflow.time.deadlines` derived: it counts the same days again with
the same calendar and says them. Called by whoever shows a deadline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from workflow.definition import FirstDay, Roll
from workflow.durations import Unit
from workflow.locale import Message
from workflow.texts.calendars import DayText, DurationText
from workflow.time.calendars import Calendar
from workflow.time.deadlines import Due, shift

_DAY = timedelta(days=1)


def explain(due: Due, language: str = "id") -> list[str]:
    """Say how a due day came about.

    Args:
        due: The derivation.
        language: ``id`` or ``en``.

    Returns:
        Lines, in the order of the days: the start, what was counted and what was passed over with
        its reason and decree, the result, the hold, the calendar.
    """
    return [message.text(language) for message in messages(due)]


def messages(due: Due) -> Iterator[Message]:
    """Yield the same lines as messages, for whoever renders later."""
    yield _start(due)
    if due.within is not None and due.within.unit is Unit.WORKING_DAYS:
        yield from _counted(due)
    elif due.skipped:
        first = date.fromisoformat(due.skipped[0][0])
        yield _message("due.nominal", day=DayText(first))
        yield from (_message("due.rolled", **off) for off in _off_days(due))
    yield _message("due.result", day=DayText(due.due_on), zone=due.zone)
    if due.hold is not None:
        held_until = shift(due.due_on, due.hold, due.calendar)
        yield _message("due.held", hold=DurationText(due.hold), day=DayText(held_until))
    if _leans_on_calendar(due):
        calendar = due.calendar
        yield _message(
            "due.calendar", name=calendar.name, version=calendar.version, digest=calendar.digest[:12]
        )
    if due.provisional:
        covers = {"first": DayText(due.calendar.covers_from), "last": DayText(due.calendar.covers_until)}
        yield _message("due.provisional", **covers)


def _start(due: Due) -> Message:
    if due.since is None or due.within is None:
        return _message("due.at", at=DayText(due.at or due.due_on))
    key = "due.since.same" if due.first_day == FirstDay.SAME else "due.since.after"
    return _message(key, within=DurationText(due.within), since=DayText(due.since))


def _counted(due: Due) -> Iterator[Message]:
    """Working days with their numbers, run by run, and between them the days not counted."""
    assert due.since is not None  # noqa: S101  # counted, not given
    first = due.since if due.first_day == FirstDay.SAME else due.since + _DAY
    titles = {off["day"].on: off for off in _off_days(due)}
    days = (first + n * _DAY for n in range((due.due_on - first).days + 1))
    counted = 0
    for is_off, run in groupby(days, key=titles.__contains__):
        if is_off:
            yield from _skipped_runs(titles[day] for day in run)
        else:
            run_days = list(run)
            yield _run(counted + 1, run_days)
            counted += len(run_days)


def _run(n: int, days: list[date]) -> Message:
    last_n = n + len(days) - 1
    key = "due.counted.one" if len(days) == 1 else "due.counted.many"
    return _message(key, n=n, last_n=last_n, day=DayText(days[0]), last_day=DayText(days[-1]))


def _skipped_runs(off_days: Iterable[dict[str, Any]]) -> Iterator[Message]:
    """Neighbouring days of one reason in one line, e.g. a Saturday and its Sunday."""
    for reason, run in groupby(off_days, key=lambda off: off["reason"]):
        days = [off["day"] for off in run]
        key = "due.skipped.one" if len(days) == 1 else "due.skipped.many"
        yield _message(key, day=days[0], last_day=days[-1], reason=reason)


def _off_days(due: Due) -> list[dict[str, Any]]:
    return [
        {"day": DayText(date.fromisoformat(day)), "reason": _reason(due.calendar, day, reason)}
        for day, reason in due.skipped
    ]


def _reason(calendar: Calendar, day: str, reason: str) -> Message:
    kind = _message(f"day-off.{reason}")
    off = calendar.days.get(date.fromisoformat(day))
    if reason == "weekend" or off is None:
        return kind
    return _message("day-off.decreed", kind=kind, title=off.title, decree=calendar.decree_title(off.decree))


def _leans_on_calendar(due: Due) -> bool:
    units = {duration.unit for duration in (due.within, due.hold) if duration is not None}
    return Unit.WORKING_DAYS in units or due.roll == Roll.NEXT_WORKING_DAY


def _message(key: str, **params: Any) -> Message:
    return Message(key, params)
