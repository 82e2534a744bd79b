"""What must hold of counting whatever the day, the length, the calendar and the zone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from workflow.definition import FirstDay, Roll
from workflow.durations import Duration, Unit, add, parse
from workflow.time.calendars import WEEKDAYS, Calendar
from workflow.time.deadlines import count, day_in_zone, first_instant, parse_instant, recount
from workflow.time.decrees import REASONS

DAY = timedelta(days=1)
ZONES = (
    *("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "UTC", "Europe/Berlin", "America/Sao_Paulo"),
    *("Pacific/Apia", "America/Havana", "Australia/Lord_Howe", "Africa/Cairo"),
)

days = st.dates(date(2023, 6, 1), date(2027, 6, 30))
lengths = st.integers(1, 200)
units = st.sampled_from(list(Unit))
durations = st.builds(Duration, st.integers(1, 60), units)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any week, any days off of 2024–2026 under any reason, joint leave counted or not."""
    week = draw(st.sets(st.sampled_from(WEEKDAYS), min_size=1))
    off = draw(
        st.dictionaries(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.sampled_from(REASONS), max_size=60)
    )
    decree: dict[str, Any] = {"title": {"id": "SKB"}, "issued": "2023-10-01"}
    for day, reason in off.items():
        decree.setdefault(reason, {})[day.isoformat()] = "Libur"
    return Calendar.from_canonical(
        {
            "format": 1,
            "calendar": "contoh",
            "version": 1,
            "week": sorted(week, key=WEEKDAYS.index),
            "joint_leave_counts": draw(st.booleans()),
            "covers": {"from": "2024-01-01", "until": "2026-12-31"},
            "decrees": {"skb": decree},
        }
    )


def walked(calendar: Calendar, on: date, n: int) -> date:
    """The n-th working day after ``on``, found on foot."""
    while n:
        on += DAY
        n -= calendar.is_working_day(on)
    return on


@given(calendars(), days, lengths)
def test_add_working_days_is_what_walking_finds(calendar: Calendar, on: date, n: int) -> None:
    """Arithmetic with ranks and bisections gives the day that counting on one's fingers gives."""
    assert calendar.add_working_days(on, n) == walked(calendar, on, n)


@given(calendars(), days, lengths)
def test_add_working_days_negative_undoes_positive(calendar: Calendar, on: date, n: int) -> None:
    """From a working day, so many forth and so many back is the same day."""
    start = calendar.add_working_days(on, 1)
    assert calendar.add_working_days(calendar.add_working_days(start, n), -n) == start
    assert calendar.add_working_days(calendar.add_working_days(start, -n), n) == start


@given(calendars(), days, lengths)
def test_days_between_are_counted_or_off(calendar: Calendar, on: date, n: int) -> None:
    """Every day up to the due day is counted or has a reason; none is both, none is forgotten."""
    due_on = calendar.add_working_days(on, n)
    off = calendar.days_off(on + DAY, due_on)
    assert calendar.working_days(on + DAY, due_on) == n
    assert n + len(off) == (due_on - on).days
    assert list(off) == sorted(off)
    assert all(calendar.reason(date.fromisoformat(day)) == reason for day, reason in off)


@given(calendars(), days, durations, st.sampled_from(FirstDay), st.sampled_from(Roll), st.data())
def test_count_is_monotone_and_never_before_its_start(
    calendar: Calendar, since: date, within: Duration, first_day: FirstDay, roll: Roll, data: st.DataObject
) -> None:
    """A later start, or a longer time, never gives an earlier due day."""
    options: dict[str, Any] = {
        "first_day": first_day,
        "roll": roll,
        "zone": "Asia/Makassar",
        "calendar": calendar,
    }
    due = count(since=since, within=within, **options)
    later = count(since=since + data.draw(st.integers(0, 40)) * DAY, within=within, **options)
    longer = count(
        since=since, within=Duration(within.n + data.draw(st.integers(0, 40)), within.unit), **options
    )
    assert since <= due.due_on <= min(later.due_on, longer.due_on)


@given(calendars(), days, durations)
def test_count_first_day_same_is_one_counted_day_less(
    calendar: Calendar, since: date, within: Duration
) -> None:
    """'same' counts the start itself, so it ends one counted day before 'after'."""
    options: dict[str, Any] = {"within": within, "zone": "Asia/Makassar", "calendar": calendar}
    after = count(since=since, first_day=FirstDay.AFTER, **options).due_on
    same = count(since=since, first_day=FirstDay.SAME, **options).due_on
    if within.unit is not Unit.WORKING_DAYS:
        assert same == after - DAY
    elif calendar.is_working_day(since):
        assert same == (calendar.add_working_days(after, -1) if within.n > 1 else since)
    else:
        assert same == after


@given(
    calendars(),
    days,
    durations,
    st.sampled_from(FirstDay),
    st.sampled_from(Roll),
    st.none() | durations,
    st.sampled_from(ZONES),
)
def test_recount_of_a_record_gives_the_same(
    calendar: Calendar,
    since: date,
    within: Duration,
    first_day: FirstDay,
    roll: Roll,
    hold: Duration | None,
    zone: str,
) -> None:
    """History keeps all that is needed to derive a due day again, and the result agrees."""
    due = count(
        since=since, within=within, first_day=first_day, roll=roll, hold=hold, zone=zone, calendar=calendar
    )
    again = recount(due.record(), Calendar.from_canonical(calendar.canonical))
    assert again == due
    assert again.record() == due.record()
    assert due.acts_at >= due.due_at


@given(st.dates(date(1900, 1, 1), date(2037, 12, 31)), st.sampled_from(ZONES))
def test_first_instant_is_where_the_local_date_turns(on: date, zone: str) -> None:
    """At the first instant the day has come, a microsecond earlier it has not."""
    instant = first_instant(on, zone)
    assert day_in_zone(instant, zone) >= on
    assert day_in_zone(instant - timedelta(microseconds=1), zone) < on


@given(days, durations.filter(lambda within: within.unit is not Unit.WORKING_DAYS), st.sampled_from(ZONES))
def test_count_due_at_is_the_end_of_the_due_day(since: date, within: Duration, zone: str) -> None:
    """The clock is due when the due day is over in its zone, not a microsecond before."""
    calendar = Calendar.from_canonical(
        {
            "format": 1,
            "calendar": "contoh",
            "version": 1,
            "week": ["mon"],
            "covers": {"from": "2024-01-01", "until": "2026-12-31"},
        }
    )
    due = count(since=since, within=within, zone=zone, calendar=calendar)
    at = parse_instant(due.due_at).astimezone(ZoneInfo(zone))
    assert at.date() > due.due_on
    assert day_in_zone(at - timedelta(microseconds=1), zone) <= due.due_on


@given(days, st.integers(0, 600))
def test_add_months_keeps_the_day_or_takes_the_last(on: date, n: int) -> None:
    """Adding months reaches the right month, on the same day or on its last, whichever is first."""
    reached = add(on, Duration(n, Unit.MONTHS))
    assert (reached.year * 12 + reached.month) - (on.year * 12 + on.month) == n
    assert reached.day == on.day or (reached.day < on.day and (reached + DAY).day == 1)


@given(st.builds(Duration, st.integers(0, 100_000), units))
def test_duration_printed_and_read_is_equal(duration: Duration) -> None:
    """Every duration has a spelling of its own, and a form in history."""
    assert parse(str(duration)) == duration
    assert Duration.from_json(duration.to_json()) == duration


@given(calendars(), days)
def test_calendar_from_its_own_canonical_form_is_equal(calendar: Calendar, on: date) -> None:
    """A stored calendar is the calendar."""
    again = Calendar.from_canonical(calendar.canonical)
    assert again == calendar
    assert again.reason(on) == calendar.reason(on)
