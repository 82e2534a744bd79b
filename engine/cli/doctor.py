"""``doctor``: whether this installation and this database are sound, line by line, with what would help.

Owns the checks; each yields one line. A line that fails keeps the others from nothing.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import click

from engine.cli.commands import command
from engine.cli.opening import opened, sqlite_file
from engine.cli.session import Session
from engine.cli.showing import day, table
from engine.errors import EngineError
from engine.files import shipped_definition
from engine.runtime import Engine
from engine.store.inspection import Inspection, consumers, inspect
from workflow.source.characters import visible
from workflow.source.text import parse
from workflow.time.calendars import Calendar, load_calendar

OK, WARN, FAIL = "ok", "warn", "fail"
COLORS = {OK: "green", WARN: "yellow", FAIL: "red"}
PACKAGES = ("click", "pydantic", "transitions", "SQLAlchemy", "alembic", "APScheduler", "PyYAML")
OPTIONAL = ("psycopg", "tzdata")
OURS = ("workflow", "engine", "kerjasama", "definitions")
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
SOON = timedelta(days=90)
"""A calendar whose decrees end sooner than this is worth a warning."""

WANTED = {
    "journal_mode": ("wal", "memory"),
    "synchronous": ("2", "3"),
    "foreign_keys": ("1",),
    "recursive_triggers": ("1",),
    "secure_delete": ("1",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing looked at. ``help`` says what would help where it is not ``ok``."""

    name: str
    status: str
    found: str
    help: str = ""


@command("doctor")
def doctor_command(session: Session) -> int:
    """Look whether everything is sound."""
    lines = [*_installation(session), *_database(session)]
    if session.as_json:
        session.json(
            {
                "is_sound": all(one.status != FAIL for one in lines),
                "lines": [
                    {"name": one.name, "status": one.status, "found": one.found, "help": one.help or None}
                    for one in lines
                ],
            }
        )
    else:
        words = [session.say(f"doctor.{one.status}") for one in lines]
        rows = [[word, one.name, one.found] for word, one in zip(words, lines, strict=True)]
        for text, word, one in zip(table((), rows), words, lines, strict=True):
            session.out(click.style(word, fg=COLORS[one.status]) + text[len(word) :])
            if one.help:
                session.out(" " * (max(map(len, words)) + 2) + session.say("doctor.help", help=one.help))
    return 1 if any(one.status == FAIL for one in lines) else 0


# --- the installation --------------------------------------------------------------------------------


def _installation(session: Session) -> Iterator[Line]:
    python = f"{platform.python_version()} ({sys.executable})"
    is_new_enough = sys.version_info >= (3, 11)
    yield Line(name="python", status=OK if is_new_enough else FAIL, found=python)
    yield from _packages(session)
    yield _siblings(session)
    yield _zones(session)
    yield _definitions(session)
    yield _shipped_calendar(session)


def _packages(session: Session) -> Iterator[Line]:
    for name in (*PACKAGES, *OPTIONAL):
        try:
            yield Line(name=name, status=OK, found=metadata.version(name))
        except metadata.PackageNotFoundError:
            if name in PACKAGES:
                lacking = session.say("doctor.package.missing")
                yield Line(name=name, status=FAIL, found=lacking, help=session.say("doctor.package.help"))
            else:
                yield Line(name=name, status=OK, found=session.say(f"doctor.optional.{name}"))


def _siblings(session: Session) -> Line:
    """Look whether our packages lie beside each other and nothing shadows them."""
    here = Path(__file__).resolve().parents[2]
    strangers = []
    for name in OURS:
        spec = find_spec(name)
        place = Path(spec.origin).resolve() if spec is not None and spec.origin else None
        if place is None or not place.is_relative_to(here):
            strangers.append(f"{name} ({place or '-'})")
    if strangers:
        found = ", ".join(strangers)
        return Line(
            name="import", status=FAIL, found=found, help=session.say("doctor.shadow.help", here=here)
        )
    return Line(name="import", status=OK, found=str(here))


def _zones(session: Session) -> Line:
    try:
        names = [datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)).tzname() or zone for zone in ZONES]
    except ZoneInfoNotFoundError as lacking:
        help_ = session.say("doctor.zones.help")
        return Line(name="tz", status=FAIL, found=str(lacking), help=help_)
    found = session.say("doctor.zones", names=", ".join(names), count=len(available_timezones()))
    return Line(name="tz", status=OK, found=found)


def _definitions(session: Session) -> Line:
    path = shipped_definition("ksdd")
    if path is None:
        help_ = session.say("doctor.package.help")
        return Line(name="definitions", status=FAIL, found=session.say("doctor.definitions.none"), help=help_)
    names = ", ".join(sorted(file.stem for file in path.parent.glob("*.yaml") if "." not in file.stem))
    return Line(name="definitions", status=OK, found=f"{names} ({path.parent})")


def _shipped_calendar(session: Session) -> Line:
    path = shipped_definition("calendars/indonesia")
    if path is None:
        return Line(name="calendars", status=FAIL, found=session.say("doctor.definitions.none"))
    calendar, _ = load_calendar(parse(path.read_bytes(), file=str(path)), lambda name: None)
    if calendar is None:
        return Line(name="calendars", status=FAIL, found=str(path))
    return _covering(session, "calendars", calendar.name, calendar.version, calendar.covers_until)


def _covering(session: Session, name: str, calendar: str, version: int, until: date) -> Line:
    found = session.say("doctor.calendar", name=calendar, version=version, until=day(session, until))
    if until < datetime.now(UTC).date() + SOON:
        return Line(name=name, status=WARN, found=found, help=session.say("doctor.calendar.help"))
    return Line(name=name, status=OK, found=found)


# --- the database ------------------------------------------------------------------------------------


def _database(session: Session) -> Iterator[Line]:
    file = sqlite_file(session.url)
    if file is not None and not file.exists():
        help_ = session.say("doctor.database.help")
        found = session.say("doctor.database.none", file=file)
        yield Line(name="database", status=WARN, found=found, help=help_)
        return
    try:
        seen = inspect(session.url)
    except EngineError as error:
        yield Line(name="database", status=FAIL, found=visible(error.text(session.language)))
        return
    yield Line(name="database", status=OK, found=f"{seen.dialect} {seen.server}")
    yield from _pragmas(session, seen)
    yield _schema(session, seen)
    if seen.schema == seen.head:
        yield _triggers(session, seen)
        with opened(session) as engine:
            yield from _content(session, engine)


def _pragmas(session: Session, seen: Inspection) -> Iterator[Line]:
    if not seen.pragmas:
        return
    found = ", ".join(f"{name} = {value}" for name, value in seen.pragmas.items())
    weak = [name for name, value in seen.pragmas.items() if value not in WANTED[name]]
    help_ = session.say("doctor.pragmas.help", names=", ".join(weak)) if weak else ""
    yield Line(name="pragmas", status=WARN if weak else OK, found=found, help=help_)


def _schema(session: Session, seen: Inspection) -> Line:
    if seen.schema == seen.head:
        return Line(name="schema", status=OK, found=seen.schema)
    found = session.say("doctor.schema", found=seen.schema, head=seen.head)
    return Line(name="schema", status=FAIL, found=found, help=session.say("doctor.schema.help"))


def _triggers(session: Session, seen: Inspection) -> Line:
    if not seen.missing_triggers:
        return Line(name="triggers", status=OK, found=session.say("doctor.triggers"))
    found = session.say("doctor.triggers.missing", names=", ".join(seen.missing_triggers))
    return Line(name="triggers", status=WARN, found=found, help=session.say("doctor.triggers.help"))


def _content(session: Session, engine: Engine) -> Iterator[Line]:
    deployed = ", ".join(f"{one.workflow} {one.version}" for one in engine.definitions())
    if deployed:
        yield Line(name="deployed", status=OK, found=deployed)
    else:
        help_ = session.say("doctor.deployed.help")
        yield Line(name="deployed", status=WARN, found=session.say("definitions.none"), help=help_)
    latest = {row.name: row for row in engine.calendars()}
    for row in latest.values():
        calendar = Calendar.from_canonical(json.loads(row.canonical))
        yield _covering(session, "calendar", row.name, row.version, calendar.covers_until)
    yield _clock(session, engine)
    yield from _outbox(session)


def _clock(session: Session, engine: Engine) -> Line:
    health = engine.health()
    if health.get("has_dead_timers"):
        help_ = session.say("doctor.dead.help")
        return Line(name="clock", status=FAIL, found=session.say("doctor.dead"), help=help_)
    if late := health.get("late_since"):
        found = session.say("doctor.late", since=late)
        return Line(name="clock", status=WARN, found=found, help=session.say("doctor.late.help"))
    return Line(name="clock", status=OK, found=session.say("doctor.on-time"))


def _outbox(session: Session) -> Iterator[Line]:
    for one in consumers(session.url, session.tenant):
        found = session.say("doctor.outbox", name=one.name, count=one.pending)
        help_ = session.say("doctor.outbox.help") if one.has_dead else ""
        yield Line(name="outbox", status=FAIL if one.has_dead else OK, found=found, help=help_)
