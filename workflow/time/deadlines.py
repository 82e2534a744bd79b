"""Due days of deadlines and dates of occurrences, with the derivation as history keeps it.

Owns `Due`, counting (`count`, `fixed`), re-deriving a clock's record (`recount`), the dates of
recurring duties (`occurrences`) and history's fixed form of instants. Pure: the calendar and the
zone are given, nothing reads a clock. Called by ``clocks`` for deadlines and obligations, by replay
and ``verify``, and by whoever shows a derivation.

Source: LANGUAGE "Clocks"; HISTORY-FORMAT, key ``clocks``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflow.definition import FirstDay, Roll
from workflow.durations import Duration, Unit, add
from workflow.time import cron
from workflow.time.calendars import Calendar

if TYPE_CHECKING:
    from workflow.definition import Json, Obligation

_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_FORM = "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ"  # isoformat() with an offset takes half as long again
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Due:
    """A due day and how it came about. Without slots, so that its record is made once.

    Attributes:
        since: The day counted from; ``None`` where the definition gives the due day (``at``).
        at: The due day that the definition gave, before it was rolled; ``None`` where counted.
        due_on: The due day. What follows from the clock is effective on it.
        due_at: First instant after the due day in ``zone``, UTC in history's form.
        acts_at: When the clock acts: ``due_at``, or the same after ``hold``.
        skipped: Every day passed over with its reason, by date: days off while working days were
            counted, or the days over which the due day was rolled.
        provisional: The calendar had a say in the due day or the hold, and one of the days looked
            at lies outside the days that it covers.
        within: What was counted; ``None`` with ``at``.
        calendar: Counted with.
        suspended: How long the clock stood still, in its own unit (working days where it counts
            these, else days); the due day has moved by as much.
    """

    since: date | None
    at: date | None
    due_on: date
    due_at: str
    acts_at: str
    skipped: tuple[tuple[str, str], ...]
    provisional: bool
    within: Duration | None
    first_day: FirstDay
    roll: Roll
    hold: Duration | None
    zone: str
    calendar: Calendar
    suspended: int = 0

    def record(self) -> dict[str, Json]:
        """Return the clock's record as history keeps it, without ``op`` and ``path``."""
        return dict(self._record)

    @cached_property
    def _record(self) -> dict[str, Json]:
        calendar = self.calendar
        record: dict[str, Any] = {}
        if self.within is not None and self.since is not None:
            record["since"] = self.since.isoformat()
            record["within"] = self.within.to_json()
        elif self.at is not None:
            record["at"] = self.at.isoformat()
        record["first_day"] = self.first_day.value
        record["roll"] = self.roll.value
        if self.hold is not None:
            record["hold"] = self.hold.to_json()
        record["zone"] = self.zone
        record["calendar"] = {
            "name": calendar.name,
            "version": calendar.version,
            "digest": calendar.digest,
        }
        if self.skipped:
            record["skipped"] = [list(day) for day in self.skipped]
        if self.suspended:
            record["suspended"] = self.suspended
        record["due_on"] = self.due_on.isoformat()
        record["due_at"] = self.due_at
        record["acts_at"] = self.acts_at
        return record


# --- counting ------------------------------------------------------------------------------------


def count(
    *,
    since: date,
    within: Duration,
    first_day: FirstDay = FirstDay.AFTER,
    roll: Roll = Roll.NONE,
    hold: Duration | None = None,
    zone: str,
    calendar: Calendar,
) -> Due:
    """Count from a day.

    Days: the n-th day after ``since``, or with ``first_day: same`` the n-th with ``since`` as the
    first. Months and years: the day of that number, clamped; with ``same`` the day before it, since
    a month that begins on the 1st ends on the last. Working days: the n-th working day after
    ``since``, or with ``same`` the n-th from ``since`` on, which counts if it is a working day.

    Args:
        since: The start, a day in ``zone``.
        within: Nothing (``0 days``) is due on the start itself.
        first_day: Whether ``since`` itself is counted.
        roll: Whether a due day that is no working day moves to the next one.
        hold: How long the clock still waits for letters on their way, in its own unit.
        zone: IANA name; the due day ends there.
        calendar: Working days.

    Raises:
        ValueError: ``within`` or ``hold`` is negative.
        OverflowError: The due day would lie outside the years 1 to 9999.
    """
    return _count(since, within, first_day, roll, hold, zone, calendar)


@lru_cache(maxsize=8192)
def _count(
    since: date,
    within: Duration,
    first_day: FirstDay,
    roll: Roll,
    hold: Duration | None,
    zone: str,
    calendar: Calendar,
) -> Due:
    if within.n < 0:
        raise ValueError(f"a deadline cannot be over before it begins: {within}")
    uncounted = since - _DAY if first_day == FirstDay.SAME and within.n else since
    if within.unit is Unit.WORKING_DAYS:
        due_on = calendar.add_working_days(uncounted, within.n)
        looked_at = (uncounted + _DAY, due_on)
    else:
        nominal = add(since, within) - (since - uncounted)
        due_on = _rolled(nominal, roll, calendar)
        looked_at = (nominal, due_on)
    skipped = _skipped(looked_at, within.unit, roll, calendar)
    due_at, acts_at, is_provisional = _ends(due_on, hold, zone, calendar)
    return Due(
        since=since,
        at=None,
        due_on=due_on,
        due_at=due_at,
        acts_at=acts_at,
        skipped=skipped,
        provisional=is_provisional or _is_unknown(looked_at, within.unit, roll, calendar),
        within=within,
        first_day=first_day,
        roll=roll,
        hold=hold,
        zone=zone,
        calendar=calendar,
    )


def fixed(
    *, at: date, roll: Roll = Roll.NONE, hold: Duration | None = None, zone: str, calendar: Calendar
) -> Due:
    """Take a due day that the definition gives (``at``); arguments and errors as for `count`."""
    due_on = _rolled(at, roll, calendar)
    due_at, acts_at, is_provisional = _ends(due_on, hold, zone, calendar)
    looked_at = (at, due_on)
    return Due(
        since=None,
        at=at,
        due_on=due_on,
        due_at=due_at,
        acts_at=acts_at,
        skipped=_skipped(looked_at, Unit.DAYS, roll, calendar),
        provisional=is_provisional or _is_unknown(looked_at, Unit.DAYS, roll, calendar),
        within=None,
        first_day=FirstDay.AFTER,
        roll=roll,
        hold=hold,
        zone=zone,
        calendar=calendar,
    )


def later(due: Due, suspended: int) -> Due:
    """Move a due day by the time that its clock stood still.

    Args:
        due: As counted without it.
        suspended: Working days where the clock counts these, else days; in all, not since last time.

    Raises:
        OverflowError: As for `count`.
    """
    if not suspended:
        return due
    is_working = due.within is not None and due.within.unit is Unit.WORKING_DAYS
    unit = Unit.WORKING_DAYS if is_working else Unit.DAYS
    moved = shift(due.due_on, Duration(suspended, unit), due.calendar)
    due_on = moved if is_working else _rolled(moved, due.roll, due.calendar)
    start = due.due_on
    if is_working and due.since is not None:
        start = due.since if due.first_day == FirstDay.SAME else due.since + _DAY
    due_at, acts_at, is_provisional = _ends(due_on, due.hold, due.zone, due.calendar)
    looked_at = (start if is_working else moved, due_on)
    return replace(
        due,
        due_on=due_on,
        due_at=due_at,
        acts_at=acts_at,
        skipped=_skipped(looked_at, unit, due.roll, due.calendar),
        provisional=due.provisional or is_provisional or _is_unknown(looked_at, unit, due.roll, due.calendar),
        suspended=suspended,
    )


def stood_still(due: Due, start: date, end: date) -> int:
    """Count how long a clock stood still from ``start`` until it went on on ``end``, in its own unit."""
    if due.within is not None and due.within.unit is Unit.WORKING_DAYS:
        return due.calendar.working_days(start, end - _DAY) if end > start else 0
    return max(0, (end - start).days)


def recount(record: Mapping[str, Any], calendar: Calendar) -> Due:
    """Derive the due day again from a clock's record in history.

    Args:
        record: As `Due.record` writes it; only what was given is read (``since``, ``within`` or
            ``at``, ``first_day``, ``roll``, ``hold``, ``zone``), never a result.
        calendar: The calendar to count with: the recorded one to verify, a newer one to move.
    """
    roll, zone = Roll(record.get("roll", Roll.NONE)), record["zone"]
    hold = Duration.from_json(record["hold"]) if "hold" in record else None
    if "at" in record:
        on = date.fromisoformat(record["at"])
        due = fixed(at=on, roll=roll, hold=hold, zone=zone, calendar=calendar)
    else:
        due = count(
            since=date.fromisoformat(record["since"]),
            within=Duration.from_json(record["within"]),
            first_day=FirstDay(record.get("first_day", FirstDay.AFTER)),
            roll=roll,
            hold=hold,
            zone=zone,
            calendar=calendar,
        )
    return later(due, record.get("suspended", 0))


def shift(on: date, duration: Duration, calendar: Calendar) -> date:
    """Move a day by a duration of any unit; a negative one (``-duration``) moves it back.

    The way to the day of a reminder: ``shift(due_on, -before, calendar)``.
    """
    if duration.unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(on, duration.n)
    return add(on, duration)


def _rolled(nominal: date, roll: Roll, calendar: Calendar) -> date:
    if roll == Roll.NONE or calendar.is_working_day(nominal):
        return nominal
    return calendar.add_working_days(nominal, 1)


def _has_a_say(unit: Unit, roll: Roll) -> bool:
    return unit is Unit.WORKING_DAYS or roll == Roll.NEXT_WORKING_DAY


def _skipped(
    looked_at: tuple[date, date], unit: Unit, roll: Roll, calendar: Calendar
) -> tuple[tuple[str, str], ...]:
    return calendar.days_off(*looked_at) if _has_a_say(unit, roll) else ()


def _is_unknown(looked_at: tuple[date, date], unit: Unit, roll: Roll, calendar: Calendar) -> bool:
    return _has_a_say(unit, roll) and any(calendar.is_provisional(day) for day in looked_at)


def _ends(due_on: date, hold: Duration | None, zone: str, calendar: Calendar) -> tuple[str, str, bool]:
    """``due_at``, ``acts_at``, and whether the end of the hold is provisional."""
    due_at = _instant_after(due_on, zone)
    if hold is None:
        return due_at, due_at, False
    if hold.n < 0:
        raise ValueError(f"a hold cannot be negative: {hold}")
    held_until = shift(due_on, hold, calendar)
    is_provisional = hold.unit is Unit.WORKING_DAYS and calendar.is_provisional(held_until)
    return due_at, _instant_after(held_until, zone), is_provisional


# --- recurring duties ----------------------------------------------------------------------------


def occurrences(
    obligation: Obligation, since: date, after: date | None = None, until: date | None = None
) -> Iterator[date]:
    """Yield the dates of a recurring duty, in order, without end where ``until`` is ``None``.

    ``every``: the n-th is ``since`` and n periods, counted from ``since`` each time, so that
    clamping never accumulates; the first is one period after ``since``. ``each_year``: its dates
    after ``since``; 29 February is 28 February in a common year.

    Args:
        obligation: Gives ``each_year`` and ``every``.
        since: The day the duty starts; never itself an occurrence.
        after: The last occurrence already opened; only later ones are yielded.
        until: The last day on which one may fall.

    Raises:
        ValueError: ``every`` is not at least one day, month or year.
    """
    after = since if after is None else max(after, since)
    if obligation.every:
        dates = _every(obligation.every, since, after)
    elif obligation.cron:
        dates = _by_cron(obligation.cron, after)
    else:
        dates = _each_year(obligation, after)
    for on in dates:
        if until is not None and on > until:
            return
        if on > after:
            yield on


def _every(period: Duration, since: date, after: date) -> Iterator[date]:
    if period.n < 1 or period.unit is Unit.WORKING_DAYS:
        raise ValueError(f"a duty recurs every so many days, months or years, not every {period}")
    n = _periods_surely_passed(period, since, after)
    while True:
        n += 1
        try:
            yield add(since, period * n)
        except OverflowError:
            return


def _periods_surely_passed(period: Duration, since: date, after: date) -> int:
    if period.unit is Unit.DAYS:
        return (after - since).days // period.n
    months = (after.year - since.year) * 12 + after.month - since.month
    return max(0, months // (period.n * (12 if period.unit is Unit.YEARS else 1)) - 1)


def _by_cron(text: str, after: date) -> Iterator[date]:
    recurrence = cron.parse(text)
    if recurrence is None:
        raise ValueError(f"no recurrence: {text}")
    on = after
    while on < date.max:
        on += _DAY
        if recurrence.matches(on):
            yield on


def _each_year(obligation: Obligation, after: date) -> Iterator[date]:
    for year in range(after.year, date.max.year + 1):
        yield from sorted({_day_of_year(year, month, day) for month, day in obligation.each_year})


def _day_of_year(year: int, month: int, day: int) -> date:
    # 2000 was a leap year: 29 February exists there and is clamped where it does not.
    return add(date(2000, month, day), Duration(year - 2000, Unit.YEARS))


# --- instants ------------------------------------------------------------------------------------


def instant_text(instant: datetime) -> str:
    """Write an aware instant in history's fixed form ``YYYY-MM-DDTHH:MM:SS.ffffffZ``."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    t = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return _FORM % (t.year, t.month, t.day, t.hour, t.minute, t.second, t.microsecond)


def parse_instant(text: str) -> datetime:
    """Read history's fixed form; anything else raises ``ValueError``."""
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"not an instant in the form YYYY-MM-DDTHH:MM:SS.ffffffZ: {text!r}")
    return datetime.fromisoformat(text)


def later_instant(text: str) -> str:
    """Return the instant one microsecond later, both in history's fixed form."""
    return instant_text(parse_instant(text) + _MICROSECOND)


def is_zone(name: str) -> bool:
    """Whether the IANA name can be counted in."""
    try:
        _zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def day_in_zone(instant: datetime, zone: str) -> date:
    """Return the local date of an aware instant."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(_zone(zone)).date()


def first_instant(on: date, zone: str) -> datetime:
    """Return the first instant, in UTC, of a local day.

    Mostly local midnight. Where a change of clocks leaves no midnight, or not even the day, it is
    the instant at which the local date becomes ``on`` or passes it.
    """
    local = _zone(zone)
    midnight = datetime(on.year, on.month, on.day, tzinfo=local)
    instant = midnight.astimezone(UTC)
    if instant.astimezone(local).replace(tzinfo=None) == midnight.replace(tzinfo=None):
        return instant
    return _search_first_instant(on, local, instant - 2 * _DAY, instant + 2 * _DAY)


def _search_first_instant(on: date, local: ZoneInfo, before: datetime, at_or_after: datetime) -> datetime:
    while at_or_after - before > _MICROSECOND:
        middle = before + (at_or_after - before) // 2
        if middle.astimezone(local).date() < on:
            before = middle
        else:
            at_or_after = middle
    return at_or_after


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=8192)
def _instant_after(on: date, zone: str) -> str:
    return instant_text(first_instant(on + _DAY, zone))
