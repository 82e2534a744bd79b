"""How things look on a terminal: tables, days and instants, names of states and values.

Owns layout without any dependency. What comes from a case or a file is made visible first, so that no
value can move the cursor or hide what follows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

import click

from engine.cli.session import Session
from workflow.definition import Definition, Field, FieldType, Label
from workflow.durations import Duration
from workflow.source.characters import visible, width
from workflow.texts.calendars import DayText, DurationText

GAP = "  "
SEPARATOR = " › "
"""Between the titles of a state and those around it."""
WIDTH = 100
"""Columns within which long texts are wrapped."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table: columns as wide as they must be, a head above them.

    Example:
        >>> list(table((), [["1", "x"], ["22", "y"]]))
        ['1   x', '22  y']
    """
    lines = [[visible(cell) for cell in row] for row in rows]
    shown = [list(head), *lines] if head else lines
    if not lines:
        return
    widths = [max(width(row[column]) for row in shown) for column in range(len(shown[0]))]
    if head:
        yield click.style(_line(head, widths), bold=True) if any(head) else ""
    for row in lines:
        yield _line(row, widths)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (wide - width(cell)) for cell, wide in zip(cells, widths, strict=True))
    return GAP.join(padded).rstrip()


def pairs(rows: Iterable[tuple[str, str]], indent: str = "") -> Iterator[str]:
    """Yield lines of a name and what it stands for."""
    for line in table((), [list(row) for row in rows]):
        yield indent + line


def described(rows: Iterable[tuple[str, str]], indent: str = "") -> Iterator[str]:
    """Yield lines of a name and a text: beside it where they fit, else below it, wrapped."""
    for name, text in rows:
        paragraphs = [visible(line) for line in text.splitlines()] or [""]
        line = f"{indent}{visible(name)}: {paragraphs[0]}"
        if len(paragraphs) == 1 and width(line) <= WIDTH:
            yield line
            continue
        yield f"{indent}{visible(name)}:"
        inner = indent + " " * 4
        for paragraph in paragraphs:
            yield from wrap(paragraph, WIDTH, initial_indent=inner, subsequent_indent=inner)


# --- time ------------------------------------------------------------------------------------------


def day(session: Session, on: date | str) -> str:
    """Return a day for people."""
    return DayText(date.fromisoformat(on) if isinstance(on, str) else on).text(session.language)


def moment(session: Session, at: datetime | str, zone: str) -> str:
    """Return an instant for people, in a zone that is named (WIB, WITA, WIT).

    Example:
        >>> moment(Session(language="en", environment={}), "2026-02-02T01:05:00.000000Z", "Asia/Makassar")
        'Monday 2 February 2026 09:05 WITA'
    """
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    local = instant.astimezone(ZoneInfo(zone))
    return f"{day(session, local.date())} {local:%H:%M} {local.tzname() or zone}"


def zone_name(on: date, zone: str) -> str:
    """Return what a zone is called on a day: WIB, WITA, WIT, or else its own name."""
    return datetime(on.year, on.month, on.day, 12, tzinfo=ZoneInfo(zone)).tzname() or zone


# --- names and values ------------------------------------------------------------------------------


def state_title(session: Session, definition: Definition, path: str) -> str:
    """Return the titles of a state and those around it, outermost first."""
    titles = []
    names = path.split(".")
    for depth in range(1, len(names) + 1):
        state = definition.states.get(".".join(names[:depth]))
        if state is not None and state.title is not None:
            titles.append(session.text(state.title))
    return SEPARATOR.join(titles) or path


def states_title(session: Session, definition: Definition, configuration: Iterable[str]) -> str:
    """Return the inner titles of the active states, side by side."""
    return " | ".join(inner_title(session, definition, path) for path in configuration)


def inner_title(session: Session, definition: Definition, path: str) -> str:
    """Return the title of a state after that of the state around it: alone it can be said of several."""
    return SEPARATOR.join(state_title(session, definition, path).split(SEPARATOR)[-2:])


def title(session: Session, label: Label | None, name: str) -> str:
    """Return a title, or the name where there is none."""
    return name if label is None else session.text(label)


def value(session: Session, declared: Field | None, given: Any) -> str:
    """Return a typed value of a field for people."""
    if isinstance(given, Mapping):
        return "; ".join(f"{party}: {value(session, declared, one)}" for party, one in given.items())
    if declared is not None and declared.columns:
        return _table(session, declared, given)
    if isinstance(given, (list, tuple)):
        return ", ".join(value(session, declared, one) for one in given)
    if isinstance(given, bool):
        return session.say("yes" if given else "no")
    if isinstance(given, date):
        return day(session, given)
    if isinstance(given, Duration):
        return DurationText(given).text(session.language)
    return str(given) if declared is None else _of_field(session, declared, given)


def _of_field(session: Session, declared: Field, given: Any) -> str:
    if declared.type is FieldType.MONEY and isinstance(given, Decimal):
        return _money(session, declared, given)
    return session.text(declared.options[given]) if given in declared.options else str(given)


def _table(session: Session, record: Field, rows: Iterable[Mapping[str, Any]]) -> str:
    shown = (
        "; ".join(
            f"{title(session, column.title, name)}: {value(session, column, row[name])}"
            for name, column in record.columns.items()
            if name in row
        )
        for row in rows
    )
    return " / ".join(shown)


def _money(session: Session, declared: Field, amount: Decimal) -> str:
    shown = f"{amount:,}"
    if session.language == "id":
        shown = shown.translate(str.maketrans(",.", ".,"))
    return f"{declared.currency or ''} {shown}".strip()
