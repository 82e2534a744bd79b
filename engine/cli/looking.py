"""``case`` and ``cases``: where cases stand.

Reads and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from engine.cli.commands import command, option
from engine.cli.failures import CommandProblem, NotThere
from engine.cli.opening import opened
from engine.cli.session import Session
from engine.cli.showing import (
    day,
    described,
    moment,
    pairs,
    state_title,
    states_title,
    table,
    title,
    value,
)
from engine.cli.telling import name_of
from engine.cli.values import filters
from engine.runtime import Engine
from engine.views import Case
from workflow.definition import Field
from workflow.time.deadlines import first_instant


@command("case")
@click.argument("case")
@option("--as-of", "as_of", text="as-of", metavar="INSTANT")
def case_command(session: Session, case: str, as_of: str | None) -> None:
    """Show a case."""
    with opened(session) as engine:
        now = engine.case(case)
        if as_of is None:
            shown, timers = now, [one for one in engine.timers(now.id) if one.status == "running"]
        else:
            instant = instant_of(as_of, now.definition.timezone)
            if instant < now.opened_at:
                opened_at = moment(session, now.opened_at, now.definition.timezone)
                raise NotThere(what="not-yet", number=now.number, opened_at=opened_at)
            shown, timers = engine.case(now.id, as_of=instant), []
        parent = engine.case(shown.parent).number if shown.parent is not None else None
        known = shown.state_of.children
        children = [one for one in engine.children(shown.id) if one.id in known] if known else []
    if session.as_json:
        session.json(shown.to_json())
        return
    for line in _lines(session, shown, parent):
        session.out(line)
    if children:
        session.out()
        session.out(click.style(session.say("case.children"), bold=True))
        for line in pairs([(one.number, _standing(session, one)) for one in children], "  "):
            session.out(line)
    if timers and shown.closed_at is None:
        session.out()
        session.out(click.style(session.say("case.due"), bold=True))
        rows = [(title(session, one.title, one.path), day(session, one.due_on)) for one in timers]
        for line in pairs(rows, "  "):
            session.out(line)


def instant_of(text: str, zone: str) -> datetime:
    """Return the instant that a text names; a day is its end, and what has no zone is in ``zone``.

    Example:
        >>> instant_of("2026-02-02", "Asia/Makassar").isoformat()
        '2026-02-02T15:59:59.999999+00:00'
    """
    try:
        if len(text) == len("2026-02-02"):
            end = first_instant(date.fromisoformat(text) + timedelta(days=1), zone)
            return (end - timedelta(microseconds=1)).astimezone(UTC)
        instant = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise CommandProblem(what="instant-form", text=text) from None
    return (instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _standing(session: Session, case: Case) -> str:
    """Say where a child stands now, or how it has ended."""
    if case.closed_at is not None:
        return f"{session.say('case.outcome')}: {case.outcome}"
    return states_title(session, case.definition, case.configuration)


def _lines(session: Session, case: Case, parent: str | None) -> Iterator[str]:
    definition = case.definition
    zone = definition.timezone
    head = [
        (session.say("case.number"), case.number),
        (session.say("case.id"), case.id),
        (session.say("case.process"), f"{session.text(definition.title)} ({case.workflow} {case.version})"),
        (session.say("case.revision"), str(case.revision)),
        (session.say("case.opened"), moment(session, case.opened_at, zone)),
    ]
    if parent is not None:
        head.append((session.say("case.parent"), parent))
    if case.closed_at is not None:
        head.append((session.say("case.closed"), moment(session, case.closed_at, zone)))
        head.append((session.say("case.outcome"), case.outcome or "-"))
    yield from pairs(head)
    yield ""
    yield click.style(session.say("case.state"), bold=True)
    for path in case.configuration:
        yield f"  {state_title(session, definition, path)}  ({path})"
    yield ""
    yield click.style(session.say("case.parties"), bold=True)
    rows = []
    for party in case.parties:
        side = definition.sides.get(party.side)
        rows.append(
            (party.id, f"{party.name or '-'} ({title(session, side.title if side else None, party.side)})")
        )
    yield from pairs(rows, "  ")
    yield ""
    yield click.style(session.say("case.fields"), bold=True)
    declared = definition.fields
    yield from described(
        (
            (
                f"{title(session, declared[name].title, name)} ({name})",
                value(session, declared[name], one),
            )
            for name, one in case.fields.items()
        ),
        "  ",
    )
    if case.documents:
        yield ""
        yield click.style(session.say("case.documents"), bold=True)
        documents = [
            (
                f"{session.text(definition.documents[name].title)} ({name})",
                " ".join(one[:12] for one in digests),
            )
            for name, digests in case.documents.items()
        ]
        yield from pairs(documents, "  ")
    if case.overdue:
        yield ""
        yield click.style(session.say("case.overdue"), fg="red", bold=True)
        for path in case.overdue:
            yield f"  {name_of(session, definition, path)} ({path})"


@command("cases")
@option("--workflow", "workflow", text="workflow", metavar="NAME")
@option("--state", "state", text="state", metavar="PATH")
@option("--overdue/--not-overdue", "overdue", text="overdue", default=None)
@option("--closed/--open", "closed", text="closed", default=None)
@option("--where", "where", text="where", metavar="NAME=VALUE", multiple=True)
@option("--after", "after", text="after", metavar="CURSOR")
@option("--limit", "limit", text="limit", metavar="N", type=click.IntRange(1, 1000), default=100)
def cases_command(session: Session, where: tuple[str, ...], **asked: Any) -> None:
    """Show cases."""
    with opened(session) as engine:
        wanted = filters(_fields(engine, asked["workflow"]), where) if where else None
        page = engine.cases(where=wanted, **asked)
    if session.as_json:
        session.json({"cases": [one.to_json() for one in page.items], "next": page.next})
        return
    if not page.items:
        session.note(session.say("cases.none"))
        return
    head = [session.say(f"head.{name}") for name in ("number", "state", "parties", "opened", "overdue")]
    for line in table(head, (_row(session, one) for one in page.items)):
        session.out(line)
    if page.next is not None:
        session.note(session.say("cases.more", cursor=page.next))


def _row(session: Session, case: Case) -> list[str]:
    state = states_title(session, case.definition, case.configuration)
    opened_on = case.opened_at.astimezone(ZoneInfo(case.definition.timezone)).date()
    parties = ", ".join(party.id for party in case.parties)
    overdue = session.say("cases.overdue", count=len(case.overdue)) if case.overdue else ""
    return [case.number, state, parties, day(session, opened_on), overdue]


def _fields(engine: Engine, workflow: str | None) -> Mapping[str, Field]:
    """Return the fields by name, those of the latest definitions first."""
    fields: dict[str, Field] = {}
    names = sorted({one.workflow for one in engine.definitions()})
    for name in [one for one in names if workflow in (None, one)]:
        for field in engine.definition(name).fields.values():
            fields.setdefault(field.name, field)
    return fields
