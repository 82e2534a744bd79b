"""Durations as law and definitions write them: a number of days, working days, months or years.

Owns `Duration`, its spellings (``45 days``; ``[45, "days"]`` in history) and arithmetic on calendar
days, months and years. Counting working days needs a calendar and lives in ``workflow.time.calendars``.
Called by the loader, guards, deadlines and whoever prints a duration. Reads nothing.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflow.definition import Json

MAX_N = 100_000
"""Largest number of units that is read: far beyond any law, well inside the arithmetic of dates."""


class Unit(StrEnum):
    """What is counted. *Hari* and *hari kerja* are different words in different laws."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"


_SINGULAR = {
    Unit.DAYS: "day",
    Unit.WORKING_DAYS: "working day",
    Unit.MONTHS: "month",
    Unit.YEARS: "year",
}
_BY_WORD = {word + plural: unit for unit, word in _SINGULAR.items() for plural in ("", "s")}
_TEXT = re.compile(r"(0|[1-9][0-9]{0,5}) (day|working day|month|year)(s?)")


@dataclass(frozen=True, slots=True)
class Duration:
    """A number of units, e.g. ``Duration(45, Unit.DAYS)``.

    Not ordered: whether 30 days are longer than a month depends on the day they start from.
    """

    n: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.n} {_SINGULAR[self.unit]}{'' if abs(self.n) == 1 else 's'}"

    def __neg__(self) -> Duration:
        return Duration(-self.n, self.unit)

    def __mul__(self, times: int) -> Duration:
        return Duration(self.n * times, self.unit)

    def to_json(self) -> list[Json]:
        """Return ``[n, unit]``, as history and the canonical form of definitions keep it."""
        return [self.n, self.unit.value]

    @classmethod
    def from_json(cls, value: object) -> Duration:
        """Read ``[n, unit]``.

        Raises:
            ValueError: It is not a list of an integer and the name of a unit.
        """
        match value:
            case [int(n), str(unit)] if not isinstance(n, bool) and abs(n) <= MAX_N:
                return cls(n, Unit(unit))
        raise ValueError(f"not a duration in history's form [n, unit]: {value!r}")


def parse(text: str) -> Duration | None:
    """Read ``45 days``, ``1 day``, ``10 working days``, ``6 months``, ``5 years``.

    Returns:
        The duration, or ``None`` where the text is not one.

    Example:
        >>> parse("10 working days")
        Duration(n=10, unit=<Unit.WORKING_DAYS: 'working_days'>)
        >>> str(parse("1 day"))
        '1 day'
        >>> parse("ten days") is None
        True
    """
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    n = int(found[1])
    return Duration(n, _BY_WORD[found[2] + found[3]]) if n <= MAX_N else None


def add(on: date, duration: Duration) -> date:
    """Add days, months or years to a day.

    Months and years keep the day of the month where the month reached has it and otherwise end on
    its last day. For the n-th of a series add ``period * n`` to the anchor, never one period to the
    occurrence before, so that 31 January, 28 February, 31 March do not drift.

    Raises:
        ValueError: The unit is working days, which need a calendar.
        OverflowError: The result lies outside the years 1 to 9999.

    Example:
        >>> add(date(2024, 2, 29), Duration(1, Unit.YEARS))
        datetime.date(2025, 2, 28)
        >>> add(date(2026, 1, 31), Duration(1, Unit.MONTHS))
        datetime.date(2026, 2, 28)
    """
    if duration.unit is Unit.DAYS:
        return on + timedelta(duration.n)
    if duration.unit is Unit.WORKING_DAYS:
        raise ValueError("working days are counted by a calendar: Calendar.add_working_days")
    months = duration.n * (12 if duration.unit is Unit.YEARS else 1)
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(f"{on} and {duration} is outside the years 1 to 9999")
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))
