"""Working days of a jurisdiction: which days are off, by which decree, and counting with reasons.

Owns `Calendar`, built from its canonical form alone (so that a stored or exported calendar counts
exactly as the file did), and `load_calendar`. Knows no deadline, zone or language. Called by
deadlines, guards (``working_days()``), reminders, the engine that stores calendars, and ``verify``.

A day that is off for two reasons has one: ``weekend`` before anything a decree says, so that a
decree on a Saturday changes no derivation; then ``national``, ``regional``, ``joint_leave``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from workflow.definition import Label
from workflow.history.canonical import CALENDAR_PREFIX, digest_of
from workflow.time.calendar_files import WEEKDAYS, read
from workflow.time.decrees import DayOff, days_off

if TYPE_CHECKING:
    from workflow.definition import Json
    from workflow.source.diagnostics import Diagnostic
    from workflow.source.text import Parsed

_MARGIN = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Working days, versioned and hashed. Equal digests are equal calendars.

    Build it with `Calendar.from_canonical` or `load_calendar`.

    Attributes:
        week: Names of the weekdays that are worked, ``mon`` first.
        joint_leave_counts: Whether a day of joint leave (*cuti bersama*) is a working day.
        covers_from: First day for which the decrees are known.
        covers_until: Last day for which the decrees are known; what lies beyond is provisional.
        days: Day → why it is off, by date, of the decrees alone; joint leave also where it counts
            as a working day, and days that are no day of the week as well.
        canonical: What the digest covers, ``extends`` resolved.
    """

    digest: str
    name: str = field(compare=False)
    version: int = field(compare=False)
    week: tuple[str, ...] = field(compare=False)
    joint_leave_counts: bool = field(compare=False)
    covers_from: date = field(compare=False)
    covers_until: date = field(compare=False)
    days: Mapping[date, DayOff] = field(compare=False, repr=False)
    canonical: dict[str, Json] = field(compare=False, repr=False)
    # Weekday numbers worked, how many of them lie before each number, and the ordinals of working
    # weekdays that a decree takes off: with these, counting is arithmetic and two bisections.
    _worked: tuple[int, ...] = field(init=False, compare=False, repr=False)
    _before: tuple[int, ...] = field(init=False, compare=False, repr=False)
    _off: tuple[int, ...] = field(init=False, compare=False, repr=False)
    # Every day off from some time before the calendar to some time after it, as history shows it.
    _window: tuple[int, int] = field(init=False, compare=False, repr=False)
    _closed: tuple[int, ...] = field(init=False, compare=False, repr=False)
    _shown: tuple[tuple[str, str], ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        def keep(name: str, value: object) -> None:
            object.__setattr__(self, name, value)

        keep("_worked", tuple(n for n, day in enumerate(WEEKDAYS) if day in self.week))
        keep("_before", (0, *accumulate(day in self.week for day in WEEKDAYS)))
        keep("_off", tuple(sorted(day.toordinal() for day in self.days if self._is_taken_off(day))))
        first = max(self.covers_from, date.min + _MARGIN) - _MARGIN
        last = min(self.covers_until, date.max - _MARGIN) + _MARGIN
        shown = tuple(self._days_off_one_by_one(first, last))
        keep("_window", (first.toordinal(), last.toordinal()))
        keep("_closed", tuple(date.fromisoformat(day).toordinal() for day, _ in shown))
        keep("_shown", shown)

    @classmethod
    def from_canonical(cls, canonical: Mapping[str, Json]) -> Calendar:
        """Build a calendar from its canonical form, as a file was read, stored or exported.

        Args:
            canonical: ``{"format", "calendar", "version", "week", "covers", "decrees"?, …}`` with
                ``extends`` resolved; every decree ``{"title", "issued", "amends"?, "national"?,
                "regional"?, "joint_leave"?, "removes"?}``.
        """
        form: Any = dict(canonical)
        return cls(
            digest=digest_of(CALENDAR_PREFIX, form),
            name=form["calendar"],
            version=form["version"],
            week=tuple(form["week"]),
            joint_leave_counts=form.get("joint_leave_counts", False),
            covers_from=date.fromisoformat(form["covers"]["from"]),
            covers_until=date.fromisoformat(form["covers"]["until"]),
            days=days_off(form.get("decrees", {})),
            canonical=form,
        )

    def is_working_day(self, on: date) -> bool:
        """Whether ``on`` is a day of the week that no decree takes off."""
        return self.reason(on) is None

    def reason(self, on: date) -> str | None:
        """Why ``on`` is no working day: ``weekend national regional joint_leave``, else ``None``."""
        if WEEKDAYS[on.weekday()] not in self.week:
            return "weekend"
        day = self.days.get(on)
        if day is None or (self.joint_leave_counts and day.reason == "joint_leave"):
            return None
        return day.reason

    def is_provisional(self, on: date) -> bool:
        """Whether ``on`` lies outside the days for which the decrees are known."""
        return not self.covers_from <= on <= self.covers_until

    def add_working_days(self, on: date, n: int) -> date:
        """Return the ``n``-th working day after ``on``; for a negative ``n`` before it; 0 is ``on``.

        ``on`` itself never counts, whether it is a working day or not.

        Raises:
            OverflowError: The result lies outside the years 1 to 9999.
        """
        if n == 0:
            return on
        ordinal = on.toordinal()
        rank = self._rank(ordinal) + n if n > 0 else self._rank(ordinal - 1) + n + 1
        try:
            return date.fromordinal(self._select(rank))
        except ValueError as outside:
            raise OverflowError(f"{on} and {n} working days is outside the years 1 to 9999") from outside

    def working_days(self, first: date, last: date) -> int:
        """Count the working days from ``first`` to ``last``, both included."""
        return max(0, self._rank(last.toordinal()) - self._rank(first.toordinal() - 1))

    def days_off(self, first: date, last: date) -> tuple[tuple[str, str], ...]:
        """Return every day off from ``first`` to ``last``, both included, by date, with its reason.

        Returns:
            ``(YYYY-MM-DD, reason)`` pairs, as ``skipped`` stands in history.
        """
        start, end = first.toordinal(), last.toordinal()
        if self._window[0] <= start and end <= self._window[1]:
            return self._shown[bisect_left(self._closed, start) : bisect_right(self._closed, end)]
        return tuple(self._days_off_one_by_one(first, last))

    def decree_title(self, decree: str) -> Label:
        """Return the title of a decree by its name; the name where it has none."""
        title = _mapping(_mapping(self.canonical.get("decrees")).get(decree)).get("title", {"id": decree})
        return Label(id=title["id"], en=title.get("en"))

    def known_on(self, day: date) -> Calendar:
        """Return what could be known of this calendar on ``day``: the decrees issued by then.

        It has a digest of its own. ``covers`` stays: who asks what was known also asks what was
        counted with it.
        """
        decrees = {
            name: decree
            for name, decree in _mapping(self.canonical.get("decrees")).items()
            if date.fromisoformat(decree["issued"]) <= day
        }
        kept: dict[str, Any] = {key: value for key, value in self.canonical.items() if key != "decrees"}
        return Calendar.from_canonical(kept | ({"decrees": decrees} if decrees else {}))

    def _is_taken_off(self, on: date) -> bool:
        return self.reason(on) not in (None, "weekend")

    def _days_off_one_by_one(self, first: date, last: date) -> Iterator[tuple[str, str]]:
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            on = date.fromordinal(ordinal)
            if (reason := self.reason(on)) is not None:
                yield on.isoformat(), reason

    def _rank(self, ordinal: int) -> int:
        """Working days up to and including ``ordinal``; ordinal 1 is a Monday."""
        weeks, days = divmod(ordinal, 7)
        return weeks * len(self._worked) + self._before[days] - bisect_right(self._off, ordinal)

    def _select(self, rank: int) -> int:
        """Ordinal of the working day that has ``rank``.

        Starts at the day that would have it without any decree and moves on by the days off passed
        over, until there are no more: it never passes the answer, so the first rest is the answer.
        """
        passed, ordinal = 0, self._weekday_of_rank(rank)
        while (off := bisect_right(self._off, ordinal)) != passed:
            passed, ordinal = off, self._weekday_of_rank(rank + off)
        return ordinal

    def _weekday_of_rank(self, rank: int) -> int:
        weeks, index = divmod(rank - 1, len(self._worked))
        return weeks * 7 + self._worked[index] + 1


def load_calendar(
    parsed: Parsed, resolve: Callable[[str], Parsed | None]
) -> tuple[Calendar | None, tuple[Diagnostic, ...]]:
    """Read a calendar file.

    Args:
        parsed: The file's text as a tree.
        resolve: Finds the file of a calendar by its name (``calendars/<name>.yaml`` in the
            definitions' folder); ``None`` where there is none.

    Returns:
        The calendar and every finding; no calendar where a finding is an error.
    """
    canonical, diagnostics = read(parsed, resolve)
    return (None if canonical is None else Calendar.from_canonical(canonical)), diagnostics


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
