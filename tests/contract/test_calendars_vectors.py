"""The shipped calendar agrees with data by others: decrees, due dates, the law's own table, history."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import holidays
import pytest
from holidays.constants import GOVERNMENT, PUBLIC

from tests.calendars import find, indonesia
from tests.places import VECTORS
from workflow.durations import Duration, Unit
from workflow.time.calendars import load_calendar
from workflow.time.deadlines import Due, count, recount

WITA = "Asia/Makassar"
COLUMNS = {"due_with_cuti_bersama": False, "due_libur_nasional_only": True}
"""Column of the due dates → whether joint leave counts as a working day in it."""


def due_dates() -> list[dict[str, Any]]:
    """The 60 due dates; none where the vectors are not there, and then the tests below say so."""
    file = VECTORS / "time" / "workday_cases.json"
    cases: list[dict[str, Any]] = json.loads(file.read_text())["cases"] if file.is_file() else []
    return cases


def counted(since: str, n: int, unit: Unit, *, joint_leave_counts: bool = False) -> Due:
    """Count as the vectors do: the day after the start is the first."""
    return count(
        since=date.fromisoformat(since),
        within=Duration(n, unit),
        zone=WITA,
        calendar=indonesia(joint_leave_counts=joint_leave_counts),
    )


def test_due_dates_are_all_there(vectors: Path) -> None:
    """All 60 cases are tested, of which one runs into the year that no decree covers."""
    cases = json.loads((vectors / "time" / "workday_cases.json").read_text())["cases"]
    assert len(cases) == len(due_dates()) == 60
    assert [case["start"] for case in cases if case["due_with_cuti_bersama"] > "2026-12-31"] == ["2026-11-28"]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("case", due_dates(), ids=lambda case: f"{case['start']}+{case['working_days']}")
def test_count_due_date_by_two_others_is_the_same(case: dict[str, Any], column: str) -> None:
    """Two independent implementations give this day; beyond the decrees ours is provisional."""
    joint_leave_counts = COLUMNS[column]
    due = counted(
        case["start"], case["working_days"], Unit.WORKING_DAYS, joint_leave_counts=joint_leave_counts
    )
    assert due.provisional == (case[column] > "2026-12-31")
    if not due.provisional:
        assert due.due_on.isoformat() == case[column]
    calendar = indonesia(joint_leave_counts=joint_leave_counts)
    assert calendar.is_working_day(date.fromisoformat(case["start"])) or not case["start_is_working_day"]


TABLE = [
    ("2026-02-02", "2026-04-16", "2026-04-09", "2026-03-19", "2026-03-04", "2026-02-17", "2026-02-09"),
    ("2026-03-02", "2026-05-13", "2026-05-07", "2026-04-16", "2026-04-01", "2026-03-17", "2026-03-09"),
    ("2026-10-01", "2026-12-03", "2026-12-03", "2026-11-15", "2026-10-31", "2026-10-16", "2026-10-08"),
]
"""Receipt; 45 working days without and with joint leave counted; 45, 30, 15 days; 5 working days."""


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_count_periods_of_the_law_from_receipt(row: tuple[str, ...]) -> None:
    """The periods of P22, PP28 and P25 from a receipt, in *hari* and in *hari kerja*."""
    receipt, *expected = row
    found = [
        counted(receipt, 45, Unit.WORKING_DAYS),
        counted(receipt, 45, Unit.WORKING_DAYS, joint_leave_counts=True),
        *(counted(receipt, n, Unit.DAYS) for n in (45, 30, 15)),
        counted(receipt, 5, Unit.WORKING_DAYS),
    ]
    assert [due.due_on.isoformat() for due in found] == expected


def test_count_five_working_days_over_idul_fitri_depend_on_joint_leave() -> None:
    """From 16 March 2026 the switch moves five working days by almost a week."""
    assert counted("2026-03-16", 5, Unit.WORKING_DAYS).due_on == date(2026, 3, 30)
    counts = counted("2026-03-16", 5, Unit.WORKING_DAYS, joint_leave_counts=True)
    assert counts.due_on == date(2026, 3, 24)


def test_calendar_days_are_those_of_the_decrees(vectors: Path) -> None:
    """Every day of 2024–2026 with its title, national and joint leave apart, and no other day."""
    years = json.loads((vectors / "time" / "skb_2024_2026.json").read_text())["years"].values()
    expected = {day: ("national", title) for year in years for day, title in year["libur_nasional"].items()}
    expected |= {day: ("joint_leave", title) for year in years for day, title in year["cuti_bersama"].items()}
    found = {day.isoformat(): (off.reason, off.title) for day, off in indonesia().days.items()}
    assert found == expected


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_calendar_agrees_with_the_holidays_package(year: int) -> None:
    """An independent collection of the same decrees has the same days off."""
    public = holidays.country_holidays("ID", years=year, categories=(PUBLIC,))
    both = holidays.country_holidays("ID", years=year, categories=(PUBLIC, GOVERNMENT))
    ours = {day: off.reason for day, off in indonesia().days.items() if day.year == year}
    assert {day for day, reason in ours.items() if reason == "national"} == set(public)
    assert set(ours) == set(both)


def test_calendar_18_august_2025_was_not_known_in_july(vectors: Path) -> None:
    """A day declared in the middle of the year is no day off for who asks what was known before."""
    day = date(2025, 8, 18)
    assert indonesia().reason(day) == "joint_leave"
    assert indonesia().days[day].decree == "skb_2025_perubahan"
    assert indonesia().known_on(date(2025, 7, 31)).reason(day) is None
    assert indonesia().known_on(date(2025, 8, 8)).reason(day) == "joint_leave"


def test_calendar_election_days_have_decrees_of_their_own() -> None:
    """The two elections of 2024 were made holidays shortly before, by the President."""
    days = indonesia().days
    assert days[date(2024, 2, 14)].decree == "keppres_pemilu_2024"
    assert days[date(2024, 11, 27)].decree == "keppres_pilkada_2024"
    assert indonesia().known_on(date(2024, 11, 20)).is_working_day(date(2024, 11, 27))


def test_calendar_shipped_file_has_no_finding() -> None:
    """The file that is shipped is clean, and counts joint leave as no working day."""
    parsed = find("indonesia")
    assert parsed is not None
    shipped, found = load_calendar(parsed, find)
    assert found == ()
    assert shipped is not None
    assert (shipped.name, shipped.joint_leave_counts) == ("indonesia", False)
    assert (shipped.covers_from, shipped.covers_until) == (date(2024, 1, 1), date(2026, 12, 31))


def test_record_of_the_history_vector_is_derived_again(vectors: Path) -> None:
    """The clock of the history vector comes out as it stands there, every day passed over included."""
    entries = json.loads((vectors / "history_format_1.json").read_text())["entries"]
    [clock] = entries[0]["entry"]["clocks"]
    record = recount(clock, indonesia()).record()
    ignored = {"op", "path", "calendar"}  # the vector's calendar digest is made up
    assert {key: value for key, value in clock.items() if key not in ignored} == {
        key: value for key, value in record.items() if key not in ignored
    }
