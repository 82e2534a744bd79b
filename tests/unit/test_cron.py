"""Recurrences by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from workflow.time.cron import parse


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("30 6 *", ["2026-06-30"]),
        ("last 2,6 *", ["2026-02-28", "2026-06-30"]),
        ("1 */3 *", ["2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01"]),
        ("5-7 1 *", ["2026-01-05", "2026-01-06", "2026-01-07"]),
        ("* 2 mon", ["2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23"]),
        ("1 2 mon", ["2026-02-01", "2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23"]),
        ("28/2 2 *", ["2026-02-28"]),
    ],
)
def test_cron_falls_on_the_days_it_names(text: str, days: list[str]) -> None:
    """A recurrence falls on just the days that it names, a year long."""
    cron = parse(text)
    assert cron is not None
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [on.isoformat() for on in year if cron.matches(on)] == days


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 2",
        "1 2 3 4",
        "32 1 *",
        "0 1 *",
        "1 13 *",
        "30 2 *",
        "5-1 1 *",
        "*-3 1 *",
        "1 1 8",
        "1 1 1",
        "a b c",
    ],
)
def test_cron_that_names_no_day_is_refused(text: str) -> None:
    """What is no recurrence, or falls on no day of any year, is refused."""
    assert parse(text) is None
