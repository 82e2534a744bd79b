"""The day arithmetic of clocks derived again, for the second reader.

Written from HISTORY-FORMAT and the "Clocks" section of LANGUAGE, with the standard library alone.
Without a calendar, the recorded ``skipped`` days are taken as the days off, and the count must come
out exactly; with the calendar's canonical form, the skipped days themselves are checked too.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tests.reader.model import Broken, digest
from tests.reader.shapes import as_date, as_duration, as_instant, require

DAY = timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
COUNTED = ("started", "moved")


def check_clock(record, calendars):
    """Raise `Broken` where a clock's record does not follow from its start.

    ``calendars``: digest → canonical form, as far as they are known.
    """
    if record["op"] not in COUNTED:
        return
    for key in ("zone", "calendar", "due_on", "due_at", "acts_at"):
        require(key in record, "missing-key", f"clock {record['path']} has no {key}")
    require(("at" in record) != ("within" in record), "clock", "a clock has 'within' or 'at'")
    if "suspended" in record:
        return  # shifted by a suspension: the arithmetic of that is not told by this record alone
    form = calendars.get(record["calendar"]["digest"])
    due_on = as_date(record["due_on"], "due_on")
    try:
        _check_due(record, due_on)
        _check_instants(record, due_on, form)
        if form is not None:
            _check_days_off(record, due_on, form)
    except (OverflowError, ZoneInfoNotFoundError, ValueError) as error:
        raise Broken("clock", f"cannot be counted: {error}") from None


def _check_due(record, due_on):
    skipped = [as_date(day, "skipped") for day, _ in record.get("skipped", [])]
    require(skipped == sorted(set(skipped)), "clock", "skipped days are not in order")
    roll = record.get("roll", "none")
    if "at" in record:
        _check_rolled(as_date(record["at"], "at"), due_on, skipped, roll)
        return
    require("since" in record, "missing-key", "a clock with 'within' has 'since'")
    since = as_date(record["since"], "since")
    n, unit = as_duration(record["within"], "within")
    before = since - DAY if record.get("first_day", "after") == "same" else since
    if unit == "working_days":
        _check_counted(before, n, due_on, skipped)
    else:
        _check_rolled(add(since, n, unit) - (since - before), due_on, skipped, roll)


def _check_counted(before, n, due_on, skipped):
    """Between the start and the due day lie exactly ``n`` days that are not skipped."""
    require(all(before < day < due_on for day in skipped), "clock", "a skipped day is outside the count")
    counted = (due_on - before).days - len(skipped)
    require(counted == n, "clock", f"{counted} days were counted, not {n}")


def _check_rolled(nominal, due_on, skipped, roll):
    """The due day is the nominal one, or the first day after it that is not skipped."""
    passed = [nominal + DAY * number for number in range(max((due_on - nominal).days, 0))]
    require(due_on >= nominal and skipped == passed, "clock", f"{nominal} does not lead to {due_on}")
    require(roll == "next_working_day" or not passed, "clock", "rolled although nothing says so")


def _check_instants(record, due_on, form):
    zone = ZoneInfo(record["zone"])
    due_at = as_instant(record["due_at"], "due_at")
    acts_at = as_instant(record["acts_at"], "acts_at")
    require(due_at == first_instant(due_on + DAY, zone), "clock", "due_at is not the end of the due day")
    require(acts_at >= due_at, "clock", "acts_at is before due_at")
    if "hold" not in record:
        require(acts_at == due_at, "clock", "acts later although nothing holds it")
        return
    n, unit = as_duration(record["hold"], "hold")
    if unit != "working_days":
        held = add(due_on, n, unit)
    elif form is not None:
        require(0 <= n < 10_000, "clock", "a hold of that length is not believable")
        held = due_on
        while n:
            held += DAY
            n -= reason(form, held) in (None, "unsure")
    else:
        return
    require(acts_at == first_instant(held + DAY, zone), "clock", "acts_at is not the end of the hold")


def _check_days_off(record, due_on, form):
    skipped = dict(record.get("skipped", []))
    for day, given in skipped.items():
        why = reason(form, date.fromisoformat(day))
        require(why in (given, "unsure"), "calendar", f"{day} is not off as {given} by the calendar")
    if record.get("within", [0, ""])[1] != "working_days":
        return
    day = as_date(record["since"], "since") + (
        DAY if record.get("first_day", "after") == "after" else DAY * 0
    )
    while day <= due_on:
        off = reason(form, day) not in (None, "unsure")
        require(not off or day.isoformat() in skipped, "calendar", f"{day} was counted but is off")
        day += DAY


def check_form(kind, form, given):
    """Raise `Broken` unless a canonical form has the digest under which it is cited."""
    require(digest(kind, form) == given, f"{kind}-digest", f"the {kind}'s form does not have its digest")


def reason(form, day):
    """Why a day is off by a calendar's canonical form; ``unsure`` where decrees amend each other."""
    if WEEKDAYS[day.weekday()] not in form["week"]:
        return "weekend"
    text = day.isoformat()
    decrees = form.get("decrees", {}).values()
    if any(text in decree.get("removes", []) for decree in decrees):
        return "unsure"
    for why in ("national", "regional", "joint_leave"):
        if why == "joint_leave" and form.get("joint_leave_counts"):
            continue
        if any(text in decree.get(why, {}) for decree in decrees):
            return why
    return None


def add(on, n, unit):
    """Add days, months or years to a day; months and years clamp to the last day of the month."""
    if unit == "days":
        return on + DAY * n
    months = on.year * 12 + on.month - 1 + n * (12 if unit == "years" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def first_instant(on, zone):
    """The first instant of a local day, in UTC (midnight; no Indonesian zone skips one)."""
    return datetime.combine(on, time(), tzinfo=zone).astimezone(UTC)
