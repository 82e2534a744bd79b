"""Recurrence by day: ``day month weekday``, as in the last three places of a crontab line.

Owns `Cron`: reading it and telling whether a day is one. A place is ``*``, a number, a range ``1-5``, a
step ``*/3`` or ``1-12/2``, or several of these with commas; weekdays are ``mon`` … ``sun``, days may be
``last``. As in cron, where both day and weekday are given, either makes the day. Called by the loader
and by ``deadlines``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>[1-9]\d?))?", re.ASCII)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cron:
    """The days that a recurrence falls on.

    Attributes:
        text: As it was written.
        days: Of the month; ``None`` for any. 0 stands for the last one.
        months: 1 to 12.
        weekdays: 0 (Monday) to 6; ``None`` for any.
    """

    text: str
    days: frozenset[int] | None
    months: frozenset[int]
    weekdays: frozenset[int] | None

    def matches(self, on: date) -> bool:
        """Whether a day is one of the recurrence.

        Example:
            >>> parse("last 3,6,9,12 *").matches(date(2026, 6, 30))
            True
        """
        if on.month not in self.months:
            return False
        if self.days is None and self.weekdays is None:
            return True
        is_last = (on + _DAY).month != on.month
        is_day = self.days is not None and (on.day in self.days or (is_last and 0 in self.days))
        return is_day or (self.weekdays is not None and on.weekday() in self.weekdays)


def parse(text: str) -> Cron | None:
    """Read a recurrence; ``None`` where the text is none, or names no day that exists."""
    places = text.split()
    if len(places) != 3:
        return None
    days = _place(places[0], range(1, 32), {"last": 0})
    months = _place(places[1], range(1, 13), {})
    weekdays = _place(places[2], range(7), {name: i for i, name in enumerate(WEEKDAYS)})
    if days is None or months is None or weekdays is None:
        return None
    cron = Cron(
        text=text,
        days=None if places[0] == "*" else days,
        months=months,
        weekdays=None if places[2] == "*" else weekdays,
    )
    # 2000 has a 29 February: what falls on none of its days falls on none at all.
    year = (date(2000, 1, 1) + _DAY * n for n in range(366))
    return cron if any(cron.matches(on) for on in year) else None


def _place(text: str, values: range, names: dict[str, int]) -> frozenset[int] | None:
    found: set[int] = set()
    for part in text.split(","):
        matched = _PART.fullmatch(part)
        if matched is None:
            return None
        first = _value(matched["first"], values, names)
        if matched["first"] == "*":
            if matched["last"] is not None:
                return None
            low, high = values[0], values[-1]
        elif first is None:
            return None
        elif matched["last"] is None:
            low, high = first, values[-1] if matched["step"] else first
        else:
            last = _value(matched["last"], values, names)
            if last is None or last < first:
                return None
            low, high = first, last
        found.update(range(low, high + 1, int(matched["step"] or 1)))
    return frozenset(found)


def _value(text: str, values: range, names: dict[str, int]) -> int | None:
    if text in names:
        return names[text]
    if not text.isdecimal() or names.keys() & {"mon"}:
        return None
    value = int(text)
    return value if value in values else None
