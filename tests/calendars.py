"""Calendars for the tests: the shipped one, and small ones written in the test itself."""

from __future__ import annotations

from functools import cache
from textwrap import dedent
from typing import Any

from tests.places import DEFINITIONS
from workflow.source.diagnostics import Diagnostic
from workflow.source.text import Parsed, parse
from workflow.time.calendars import Calendar, load_calendar


def find(name: str) -> Parsed | None:
    """Find the file of a shipped calendar."""
    file = DEFINITIONS / "calendars" / f"{name}.yaml"
    return parse(file.read_bytes(), file=file.name) if file.is_file() else None


def read(text: str, **others: str) -> tuple[Calendar | None, tuple[Diagnostic, ...]]:
    """Read a calendar from its text; ``others``: calendars that it may extend, by name."""

    def resolve(name: str) -> Parsed | None:
        return parse(dedent(others[name]), file=f"{name}.yaml") if name in others else None

    return load_calendar(parse(dedent(text), file="calendar.yaml"), resolve)


def calendar(text: str, **others: str) -> Calendar:
    """Read a calendar that must be without errors."""
    read_calendar, found = read(text, **others)
    assert read_calendar is not None, found
    return read_calendar


@cache
def indonesia(*, joint_leave_counts: bool = False) -> Calendar:
    """The shipped calendar, with joint leave as a day off or as a working day."""
    parsed = find("indonesia")
    assert parsed is not None
    shipped, found = load_calendar(parsed, find)
    assert shipped is not None, found
    form: Any = dict(shipped.canonical)
    return Calendar.from_canonical(form | {"joint_leave_counts": joint_leave_counts})
