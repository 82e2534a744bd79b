"""Due days: first day, roll, hold, zones, occurrences, and the record that history keeps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import islice
from typing import Any

import pytest

from tests.calendars import indonesia
from workflow.definition import FirstDay, Obligation, Roll
from workflow.durations import Duration, Unit
from workflow.time.deadlines import (
    Due,
    count,
    day_in_zone,
    first_instant,
    fixed,
    instant_text,
    is_zone,
    later_instant,
    occurrences,
    parse_instant,
    recount,
    shift,
)
from workflow.time.derivations import explain

WITA = "Asia/Makassar"


def counted(since: date, n: int, unit: Unit, zone: str = WITA, **more: Any) -> Due:
    """Count with the shipped calendar, in Makassar unless said otherwise."""
    return count(since=since, within=Duration(n, unit), zone=zone, calendar=indonesia(), **more)


def duty(**more: Any) -> Obligation:
    """A recurring duty of which only the recurrence matters."""
    return Obligation(
        path="pelaksanaan.laporan",
        name="laporan",
        state="pelaksanaan",
        within=Duration(14, Unit.DAYS),
        **more,
    )


# --- the first day -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "unit", "after", "same"),
    [
        (1, Unit.DAYS, date(2026, 3, 3), date(2026, 3, 2)),
        (45, Unit.DAYS, date(2026, 4, 16), date(2026, 4, 15)),
        (1, Unit.WORKING_DAYS, date(2026, 3, 3), date(2026, 3, 2)),
        (10, Unit.WORKING_DAYS, date(2026, 3, 16), date(2026, 3, 13)),
        (1, Unit.MONTHS, date(2026, 4, 2), date(2026, 4, 1)),
        (5, Unit.YEARS, date(2031, 3, 2), date(2031, 3, 1)),
    ],
)
def test_count_first_day_same_is_due_one_counted_day_earlier(
    n: int, unit: Unit, after: date, same: date
) -> None:
    """With 'same' the start is the first day counted, so the due day comes one day sooner."""
    since = date(2026, 3, 2)
    assert counted(since, n, unit, first_day=FirstDay.AFTER).due_on == after
    assert counted(since, n, unit, first_day=FirstDay.SAME).due_on == same


def test_count_first_day_same_on_a_day_off_begins_with_the_next_working_day() -> None:
    """A start that is no working day cannot be the first one; it is shown as not counted."""
    due = counted(date(2026, 3, 7), 1, Unit.WORKING_DAYS, first_day=FirstDay.SAME)
    assert due.due_on == date(2026, 3, 9)
    assert due.skipped == (("2026-03-07", "weekend"), ("2026-03-08", "weekend"))


def test_count_month_from_its_first_day_ends_on_its_last() -> None:
    """A month that begins on 1 March, that day included, ends on 31 March."""
    assert counted(date(2026, 3, 1), 1, Unit.MONTHS, first_day=FirstDay.SAME).due_on == date(2026, 3, 31)


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("first_day", list(FirstDay))
def test_count_nothing_is_due_on_the_start_itself(unit: Unit, first_day: FirstDay) -> None:
    """'0 days' ends with the day on which it begins, a Saturday too."""
    due = counted(date(2026, 3, 7), 0, unit, first_day=first_day)
    assert (due.due_on, due.skipped) == (date(2026, 3, 7), ())


def test_count_negative_is_refused() -> None:
    """A deadline cannot be over before it began, nor a hold end before the due day."""
    with pytest.raises(ValueError, match="before it begins"):
        counted(date(2026, 3, 1), -1, Unit.DAYS)
    with pytest.raises(ValueError, match="hold"):
        counted(date(2026, 3, 1), 1, Unit.DAYS, hold=Duration(-1, Unit.DAYS))


# --- roll, hold, provisional -----------------------------------------------------------------------


def test_count_calendar_days_on_a_holiday_stay_there_unless_rolled() -> None:
    """No rule moves a due day of 'hari'; where a definition rolls it, the days passed over are shown."""
    still = counted(date(2026, 2, 1), 13, Unit.DAYS)
    assert (still.due_on, still.skipped) == (date(2026, 2, 14), ())
    rolled = counted(date(2026, 2, 1), 13, Unit.DAYS, roll=Roll.NEXT_WORKING_DAY)
    assert rolled.due_on == date(2026, 2, 18)
    assert rolled.skipped == (
        ("2026-02-14", "weekend"),
        ("2026-02-15", "weekend"),
        ("2026-02-16", "joint_leave"),
        ("2026-02-17", "national"),
    )


def test_fixed_due_day_is_rolled_like_a_counted_one() -> None:
    """A due day that the definition gives may be rolled too; what it gave is kept."""
    due = fixed(at=date(2026, 2, 17), roll=Roll.NEXT_WORKING_DAY, zone=WITA, calendar=indonesia())
    assert (due.since, due.at, due.due_on) == (None, date(2026, 2, 17), date(2026, 2, 18))
    assert due.skipped == (("2026-02-17", "national"),)


def test_count_hold_moves_the_act_and_not_the_due_day() -> None:
    """A hold waits in its own unit; what follows stays effective on the due day."""
    due = counted(date(2026, 2, 2), 10, Unit.WORKING_DAYS, hold=Duration(3, Unit.WORKING_DAYS))
    assert due.due_at == "2026-02-18T16:00:00.000000Z"
    assert due.acts_at == "2026-02-23T16:00:00.000000Z"
    assert counted(date(2026, 2, 2), 10, Unit.WORKING_DAYS).acts_at == due.due_at


@pytest.mark.parametrize(
    ("n", "unit", "more", "expected"),
    [
        (5, Unit.WORKING_DAYS, {}, False),
        (20, Unit.WORKING_DAYS, {}, True),
        (30, Unit.DAYS, {}, False),
        (30, Unit.DAYS, {"roll": Roll.NEXT_WORKING_DAY}, True),
        (5, Unit.WORKING_DAYS, {"hold": Duration(30, Unit.WORKING_DAYS)}, True),
        (5, Unit.WORKING_DAYS, {"hold": Duration(30, Unit.DAYS)}, False),
    ],
)
def test_count_beyond_the_decrees_is_provisional_where_the_calendar_has_a_say(
    n: int, unit: Unit, more: dict[str, Any], expected: bool
) -> None:
    """A due day that later decrees could move says so; one that they cannot move does not."""
    assert counted(date(2026, 12, 10), n, unit, **more).provisional is expected


def test_count_before_the_decrees_is_provisional() -> None:
    """Days before the first decree are as unknown as those after the last."""
    assert counted(date(2023, 12, 20), 15, Unit.WORKING_DAYS).provisional


# --- zones -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "due_at"),
    [
        ("Asia/Jakarta", "2026-02-18T17:00:00.000000Z"),
        ("Asia/Pontianak", "2026-02-18T17:00:00.000000Z"),
        ("Asia/Makassar", "2026-02-18T16:00:00.000000Z"),
        ("Asia/Jayapura", "2026-02-18T15:00:00.000000Z"),
    ],
)
def test_count_due_day_ends_at_local_midnight(zone: str, due_at: str) -> None:
    """WIB, WITA and WIT end the same due day at different instants."""
    assert counted(date(2026, 2, 2), 10, Unit.WORKING_DAYS, zone=zone).due_at == due_at


@pytest.mark.parametrize(
    ("on", "zone", "instant"),
    [
        (date(2018, 11, 4), "America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),  # no midnight
        (date(2018, 2, 18), "America/Sao_Paulo", datetime(2018, 2, 18, 3, tzinfo=UTC)),  # 23:00 twice
        (date(2025, 11, 2), "America/Havana", datetime(2025, 11, 2, 4, tzinfo=UTC)),  # midnight twice
        (date(2026, 3, 29), "Europe/Berlin", datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 3, 30), "Europe/Berlin", datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(1919, 3, 31), "America/Toronto", datetime(1919, 3, 31, 4, 30, tzinfo=UTC)),  # gap round it
        (date(2011, 12, 30), "Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),  # no such day
    ],
)
def test_first_instant_change_of_clocks_is_the_first_of_the_local_day(
    on: date, zone: str, instant: datetime
) -> None:
    """Where midnight is missing, doubled or the day itself is skipped, the first instant is found."""
    assert first_instant(on, zone) == instant
    assert day_in_zone(instant, zone) >= on
    assert day_in_zone(instant - timedelta(microseconds=1), zone) < on


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Asia/Makassar", True),
        ("UTC", True),
        ("Asia/Samarinda", False),
        ("", False),
        ("../etc/passwd", False),
    ],
)
def test_is_zone_unknown_name_is_false(name: str, expected: bool) -> None:
    """Only names of the time zone database count."""
    assert is_zone(name) is expected


# --- instants --------------------------------------------------------------------------------------


def test_instant_text_other_zone_is_written_in_utc() -> None:
    """Instants are written in UTC with six digits, whatever zone they came in, and read back."""
    instant = datetime(2026, 2, 19, 0, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    assert instant_text(instant) == "2026-02-18T16:00:00.000005Z"
    assert parse_instant("2026-02-18T16:00:00.000005Z") == instant
    assert later_instant("2026-02-18T23:59:59.999999Z") == "2026-02-19T00:00:00.000000Z"


def test_instant_text_naive_is_refused() -> None:
    """An instant without a zone is none."""
    naive = datetime(2026, 2, 19)  # noqa: DTZ001 - the naive value is the point
    with pytest.raises(ValueError, match="zone"):
        instant_text(naive)
    with pytest.raises(ValueError, match="zone"):
        day_in_zone(naive, WITA)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-02-18T16:00:00Z", "2026-02-18T16:00:00.000Z", "2026-02-18T16:00:00.000000+00:00"),
        *("2026-02-18 16:00:00.000000Z", "2026-02-30T16:00:00.000000Z", "٢٠٢٦-02-18T16:00:00.000000Z", ""),
    ],
)
def test_parse_instant_other_form_is_refused(text: str) -> None:
    """History has one spelling of an instant."""
    with pytest.raises(ValueError, match=r"instant|day|month"):
        parse_instant(text)


# --- occurrences -----------------------------------------------------------------------------------


def test_occurrences_each_year_are_sorted_and_after_the_start() -> None:
    """The dates of every year come in order; the day the duty starts is not one of them."""
    semester = duty(each_year=((12, 31), (6, 30)))
    dates = list(occurrences(semester, date(2026, 6, 30), None, date(2027, 12, 31)))
    assert dates == [date(2026, 12, 31), date(2027, 6, 30), date(2027, 12, 31)]


def test_occurrences_29_february_is_28_february_in_a_common_year() -> None:
    """A yearly date that the year lacks is clamped, and found again in the next leap year."""
    dates = occurrences(duty(each_year=((2, 29),)), date(2026, 1, 1))
    assert list(islice(dates, 3)) == [date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]


def test_occurrences_every_month_from_the_31st_do_not_drift() -> None:
    """Each occurrence is counted from the start, so clamping in February is not carried on."""
    monthly = duty(every=Duration(1, Unit.MONTHS))
    dates = list(islice(occurrences(monthly, date(2026, 1, 31)), 4))
    assert dates == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]


@pytest.mark.parametrize(
    "period",
    [Duration(6, Unit.MONTHS), Duration(1, Unit.YEARS), Duration(10, Unit.DAYS), Duration(1, Unit.DAYS)],
)
def test_occurrences_taken_up_again_go_on_where_they_stopped(period: Duration) -> None:
    """Asking for those after one already opened gives the same series."""
    since = date(2024, 2, 29)
    series = list(islice(occurrences(duty(every=period), since), 12))
    for position, opened in enumerate(series[:-1]):
        assert next(occurrences(duty(every=period), since, opened)) == series[position + 1]


def test_occurrences_end_with_the_years() -> None:
    """A duty without an end stops at the last day that a date can be."""
    dates = list(occurrences(duty(every=Duration(1, Unit.YEARS)), date(9990, 1, 1)))
    assert dates[-1] == date(9999, 1, 1)
    assert list(occurrences(duty(each_year=((12, 31),)), date(9998, 12, 31))) == [date(9999, 12, 31)]


@pytest.mark.parametrize("period", [Duration(0, Unit.DAYS), Duration(10, Unit.WORKING_DAYS)])
def test_occurrences_every_that_cannot_recur_is_refused(period: Duration) -> None:
    """A period of nothing, or of working days that later decrees would shift, is no recurrence."""
    with pytest.raises(ValueError, match="recurs"):
        next(occurrences(duty(every=period), date(2026, 1, 1)))


# --- reminders, records, words -----------------------------------------------------------------------


def test_shift_back_by_working_days_finds_the_day_of_a_reminder() -> None:
    """'3 working days before' skips the days off on the way back."""
    assert shift(date(2026, 2, 18), -Duration(3, Unit.WORKING_DAYS), indonesia()) == date(2026, 2, 11)
    assert shift(date(2026, 2, 18), -Duration(14, Unit.DAYS), indonesia()) == date(2026, 2, 4)


def test_record_counted_again_from_history_is_equal() -> None:
    """What a record was counted from gives its results again."""
    due = counted(
        date(2026, 3, 2),
        10,
        Unit.WORKING_DAYS,
        first_day=FirstDay.SAME,
        roll=Roll.NEXT_WORKING_DAY,
        hold=Duration(2, Unit.DAYS),
    )
    assert recount(due.record(), indonesia()) == due
    given = fixed(at=date(2026, 5, 14), zone=WITA, calendar=indonesia())
    assert recount(given.record(), indonesia()) == given


def test_record_with_nothing_skipped_has_no_empty_list() -> None:
    """History has no empty lists and no nulls."""
    record = counted(date(2026, 3, 2), 3, Unit.WORKING_DAYS).record()
    assert "skipped" not in record
    assert "hold" not in record
    assert all(value not in (None, [], {}) for value in record.values())


def test_explain_working_days_names_every_day_and_its_reason() -> None:
    """The derivation reads from the start to the due day, in Indonesian."""
    lines = explain(counted(date(2026, 2, 2), 10, Unit.WORKING_DAYS), "id")
    assert lines[0] == "10 hari kerja sejak Senin, 2 Februari 2026; hari berikutnya adalah hari ke-1"
    assert lines[1] == "Hari kerja ke-1 s.d. ke-4: Selasa, 3 Februari 2026 s.d. Jumat, 6 Februari 2026"
    assert lines[2] == "Tidak dihitung: Sabtu, 7 Februari 2026 s.d. Minggu, 8 Februari 2026 (akhir pekan)"
    assert (
        "Senin, 16 Februari 2026 (cuti bersama: Cuti Bersama Tahun Baru Imlek; Keputusan Bersama" in lines[5]
    )
    assert lines[7] == "Hari kerja ke-10: Rabu, 18 Februari 2026"
    assert lines[8].startswith("Jatuh tempo Rabu, 18 Februari 2026")


def test_explain_english_says_the_same_days() -> None:
    """Both languages have a line for every line of the other."""
    due = counted(date(2026, 12, 10), 20, Unit.WORKING_DAYS, hold=Duration(3, Unit.WORKING_DAYS))
    english, indonesian = explain(due, "en"), explain(due, "id")
    assert len(english) == len(indonesian)
    assert english[0] == "20 working days from Thursday 10 December 2026; the day after it is the first"
    assert english[-1].startswith("Provisional: the decrees are known")


def test_explain_rolled_day_says_where_it_would_have_been() -> None:
    """A due day that moved says from where and why."""
    due = counted(date(2026, 2, 2), 15, Unit.DAYS, roll=Roll.NEXT_WORKING_DAY)
    lines = explain(due, "en")
    assert lines[1] == "Would be due on Tuesday 17 February 2026"
    assert lines[2].startswith("Passed over: Tuesday 17 February 2026 (national holiday: Tahun Baru Imlek;")


def test_explain_given_day_begins_with_it() -> None:
    """A due day that the definition gave is said to be given."""
    due = fixed(at=date(2026, 5, 14), zone=WITA, calendar=indonesia())
    assert explain(due, "en")[0] == "The due day is given: Thursday 14 May 2026"
