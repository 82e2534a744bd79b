"""Calendars for the tests: the shipped one, and small ones written in the test itself."""

from __future__ import annotations

from functools import cache
from textwrap import dedent
from typing import Any

from tests.places import DEFINITIONS
from workflow.calendars import Calendar, from_canonical, load_calendar
from workflow.diagnostics import Diagnostic
from workflow.text import Parsed, parse


def find(path: str) -> Parsed | None:
    """Find a file of the shipped definitions by its path inside them."""
    file = DEFINITIONS / path
    return parse(file.read_bytes(), file=path) if file.is_file() else None


def read(text: str, **others: str) -> tuple[Calendar | None, tuple[Diagnostic, ...]]:
    """Read a calendar from its text; ``others``: calendars that it may extend, by name."""

    def resolve(path: str) -> Parsed | None:
        name = path.removeprefix("calendars/").removesuffix(".yaml")
        return parse(dedent(others[name]), file=path) if name in others else None

    return load_calendar(parse(dedent(text), file="calendar.yaml"), resolve)


def calendar(text: str, **others: str) -> Calendar:
    """Read a calendar that must be without errors."""
    read_calendar, found = read(text, **others)
    assert read_calendar is not None, found
    return read_calendar


@cache
def indonesia(*, joint_leave_counts: bool = False) -> Calendar:
    """The shipped calendar, with joint leave as a day off or as a working day."""
    parsed = find("calendars/indonesia.yaml")
    assert parsed is not None
    shipped, found = load_calendar(parsed, find)
    assert shipped is not None, found
    form: Any = dict(shipped.canonical)
    return from_canonical(form | {"joint_leave_counts": joint_leave_counts})
