"""Durations are read as laws write them, and months clamp without drifting."""

from __future__ import annotations

from datetime import date

import pytest

from workflow.durations import MAX_N, Duration, Unit, add, parse


@pytest.mark.parametrize(
    ("text", "n", "unit"),
    [
        ("45 days", 45, Unit.DAYS),
        ("1 day", 1, Unit.DAYS),
        ("10 working days", 10, Unit.WORKING_DAYS),
        ("1 working day", 1, Unit.WORKING_DAYS),
        ("6 months", 6, Unit.MONTHS),
        ("5 years", 5, Unit.YEARS),
        ("0 days", 0, Unit.DAYS),
        ("100000 days", MAX_N, Unit.DAYS),
    ],
)
def test_parse_known_spelling_gives_number_and_unit(text: str, n: int, unit: Unit) -> None:
    """Every spelling of the language is read, and printed as it was written."""
    duration = parse(text)
    assert duration == Duration(n, unit)
    assert str(duration) == text


def test_parse_plural_of_one_is_printed_in_the_normal_spelling() -> None:
    """'1 days' is understood and normalised."""
    assert str(parse("1 days")) == "1 day"


@pytest.mark.parametrize(
    "text",
    [
        *("", "45", "days", "45days", "45  days", " 45 days", "45 days ", "45 Days", "-1 days", "+1 days"),
        *("045 days", "1.5 days", "4_5 days", "٤ days", "45 weeks", "45 hari", "100001 days", "9999999 days"),
        *("10 working day days", "45 days\n"),
    ],
)
def test_parse_other_text_is_none(text: str) -> None:
    """What is not exactly a duration is not guessed at."""
    assert parse(text) is None


@pytest.mark.parametrize("unit", list(Unit))
def test_json_form_read_again_is_equal(unit: Unit) -> None:
    """A duration survives its form in history."""
    duration = Duration(3, unit)
    assert duration.to_json() == [3, unit.value]
    assert Duration.from_json(duration.to_json()) == duration


@pytest.mark.parametrize(
    "value", [None, 3, "3 days", [3], ["3", "days"], [True, "days"], [3, "weeks"], [3, "days", 1], {"n": 3}]
)
def test_json_form_wrong_shape_is_refused(value: object) -> None:
    """Anything but a number and the name of a unit is refused."""
    with pytest.raises(ValueError, match=r"duration|Unit"):
        Duration.from_json(value)


@pytest.mark.parametrize(
    ("on", "n", "unit", "expected"),
    [
        (date(2026, 1, 31), 1, Unit.MONTHS, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, Unit.MONTHS, date(2024, 2, 29)),
        (date(2026, 1, 31), 2, Unit.MONTHS, date(2026, 3, 31)),
        (date(2024, 2, 29), 1, Unit.YEARS, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, Unit.YEARS, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, Unit.MONTHS, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, Unit.MONTHS, date(2025, 12, 15)),
        (date(2026, 3, 31), -1, Unit.MONTHS, date(2026, 2, 28)),
        (date(2026, 2, 2), 45, Unit.DAYS, date(2026, 3, 19)),
        (date(2026, 3, 1), -1, Unit.DAYS, date(2026, 2, 28)),
        (date(2026, 5, 5), 0, Unit.YEARS, date(2026, 5, 5)),
    ],
)
def test_add_months_and_years_clamp_to_the_last_day(on: date, n: int, unit: Unit, expected: date) -> None:
    """The day of the month is kept where the month has it, else it is the last."""
    assert add(on, Duration(n, unit)) == expected


def test_add_working_days_without_calendar_is_refused() -> None:
    """Working days cannot be counted without knowing them."""
    with pytest.raises(ValueError, match="calendar"):
        add(date(2026, 1, 1), Duration(1, Unit.WORKING_DAYS))


@pytest.mark.parametrize(
    ("on", "duration"),
    [
        (date(9999, 12, 31), Duration(1, Unit.DAYS)),
        (date(9999, 12, 1), Duration(1, Unit.MONTHS)),
        (date(1, 1, 1), Duration(-1, Unit.YEARS)),
        (date(2026, 1, 1), Duration(MAX_N, Unit.YEARS)),
    ],
)
def test_add_beyond_the_years_is_one_error(on: date, duration: Duration) -> None:
    """What no date can hold is refused the same way for every unit."""
    with pytest.raises(OverflowError):
        add(on, duration)
