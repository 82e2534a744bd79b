"""``history`` and ``timers``: what happened to a case, and what time it is under.

Owns how an entry becomes a line for people. Reads and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click

from engine.cli.commands import command, option
from engine.cli.opening import opened
from engine.cli.session import Session
from engine.cli.showing import day, inner_title, moment, title, zone_name
from engine.runtime import Engine
from engine.views import Duty, HistoryEntry, Timer
from workflow.definition import Definition, Label
from workflow.source.characters import visible

MOST = 2**63 - 1
"""The largest number that a database takes."""

_TEXTS = {"@comment": "history.comment", "@reason": "history.reason"}


@command("history")
@click.argument("case")
@option("--after", "after", text="after-seq", metavar="SEQ", type=click.IntRange(min=0), default=0)
@option("--limit", "limit", text="limit", metavar="N", type=click.IntRange(min=1))
def history_command(session: Session, case: str, after: int, limit: int | None) -> None:
    """Show the entries of a case."""
    with opened(session) as engine:
        found = engine.case(case)
        entries = engine.history(
            found.id, after=min(after, MOST), limit=None if limit is None else min(limit, MOST)
        )
        numbers = numbers_of(engine, entries)
    if session.as_json:
        session.json({"case": found.id, "number": found.number, "entries": [_entry(one) for one in entries]})
        return
    for entry in entries:
        for line in _lines(session, found.definition, entry, numbers):
            session.out(line)


def numbers_of(engine: Engine, entries: Iterable[HistoryEntry]) -> dict[str, str]:
    """Return the numbers of the children that entries are about, by id; history itself has none."""
    parents = {entry.body["case"] for entry in entries if "child" in entry.body}
    return {one.id: one.number for parent in parents for one in engine.children(parent)}


def _entry(entry: HistoryEntry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "entry": dict(entry.body),
        "hash": entry.hash,
        "personal": dict(entry.personal),
    }


def row(
    session: Session, definition: Definition, entry: HistoryEntry, numbers: Mapping[str, str]
) -> list[str]:
    """Return an entry as the cells of a table: number, day, what, who, where to, article.

    Args:
        numbers: As `numbers_of` returns them.
    """
    body = entry.body
    return [
        str(entry.seq),
        day(session, body["effective_on"]),
        what(session, definition, body, numbers),
        who(session, definition, body),
        _to(session, definition, body),
        ", ".join(body.get("basis", ())),
    ]


def what(
    session: Session, definition: Definition, body: Mapping[str, Any], numbers: Mapping[str, str]
) -> str:
    """Say what an entry records."""
    kind = body["kind"]
    path = body.get("trigger") or _acted(body)
    if path in FOLLOWED:
        return session.say(FOLLOWED[path])
    named = name_of(session, definition, path) if path else _child_of(body, numbers)
    if kind == "transition_taken" and named:
        return named
    if kind == "consent_given" and body["votes"][-1]["vote"] == "no":
        kind = "consent_refused"
    said = session.say(f"kind.{kind}") if kind in KINDS else kind
    return f"{said}: {named}" if named else said


def _child_of(body: Mapping[str, Any], numbers: Mapping[str, str]) -> str:
    """Return the number of the child that an entry is about, and how it ended."""
    if "child" not in body:
        return ""
    outcome = f" ({body['outcome']})" if body["kind"] == "child_closed" else ""
    child = body["child"]
    return f"{numbers.get(child['case'], child['name'])}{outcome}"


FOLLOWED = {"@always": "history.followed", "@parent": "history.with-parent"}
"""What history names as a trigger where a step follows from a relative: key of the words for it."""


def _acted(body: Mapping[str, Any]) -> str | None:
    """Return the path of the clock or duty that an entry is about."""
    of_duties = body["kind"].startswith("obligation_")
    records = body.get("obligations" if of_duties else "clocks", ())
    acted = [one["path"] for one in records if of_duties or one["op"] in ("fired", "expired")]
    return acted[0] if acted else None


KINDS = frozenset(
    (
        *(
            "case_opened",
            "transition_taken",
            "consent_given",
            "consent_refused",
            "consent_withdrawn",
            "consent_voided",
        ),
        *("clock_fired", "deadline_expired", "obligation_opened", "obligation_met", "obligation_overdue"),
        *("obligation_lapsed", "calendar_applied", "child_opened", "child_closed"),
    )
)
"""Kinds of entries that have words; others are shown by their name."""


def name_of(session: Session, definition: Definition, path: str) -> str:
    """Return the title of a transition, deadline or obligation, or else its name."""
    state_path, _, name = path.rpartition(".")
    state = definition.states.get(state_path)
    if state is None:
        return name
    titles: dict[str, Label | None] = {one.name: one.title for one in state.obligations}
    titles |= {one.name: one.title for one in state.deadlines}
    titles |= {one.name: one.title for one in state.handlers}
    return title(session, titles.get(name), name)


MACHINES = ("clock", "child", "parent", "engine")
"""Actors that are no people."""


def who(session: Session, definition: Definition, body: Mapping[str, Any]) -> str:
    """Say who acted, in which capacity and for whom, and who recorded it."""
    actor = body.get("actor", {})
    if actor.get("id") in MACHINES:
        return session.say(f"who.{actor['id']}")
    role = actor.get("role")
    shown = session.text(definition.roles[role].title) if role in definition.roles else role or ""
    capacity = ", ".join(part for part in (shown, actor.get("party")) if part)
    name = f"{actor['id']} ({capacity})" if "id" in actor else capacity
    recorder = body.get("recorder") or actor.get("recorder")
    return session.say("who.recorded", who=name, recorder=recorder["id"]) if recorder else name


def _to(session: Session, definition: Definition, body: Mapping[str, Any]) -> str:
    if "to" not in body or body.get("from") == body["to"]:
        return ""
    before = set(body.get("from", ()))
    return " | ".join(inner_title(session, definition, path) for path in body["to"] if path not in before)


def _lines(
    session: Session, definition: Definition, entry: HistoryEntry, numbers: Mapping[str, str]
) -> Iterator[str]:
    """Yield an entry for people: when and what, who and why, and what was said."""
    number, on, did, whom, to, basis = (visible(cell) for cell in row(session, definition, entry, numbers))
    margin = " " * 6
    arrow = f" → {to}" if to else ""
    yield f"{number:>4}  {on}: {click.style(did, bold=True)}{arrow}"
    yield margin + " · ".join(part for part in (whom, basis) if part)
    body = entry.body
    recorded = moment(session, body["recorded_at"], definition.timezone)
    if on not in recorded:
        yield margin + session.say("history.recorded", at=recorded)
    for place, key in _TEXTS.items():
        if place in entry.personal:
            yield margin + session.say(key, text=visible(str(entry.personal[place])))


# --- clocks ----------------------------------------------------------------------------------------


@command("timers")
@click.argument("case")
def timers_command(session: Session, case: str) -> None:
    """Show the clocks and duties of a case with their derivation."""
    with opened(session) as engine:
        found = engine.case(case)
        timers, duties = engine.timers(found.id), engine.obligations(found.id)
    if session.as_json:
        session.json(
            {
                "case": found.id,
                "number": found.number,
                "timers": [_timer(one) for one in timers],
                "duties": [_duty(one) for one in duties],
            }
        )
        return
    if not timers and not duties:
        session.note(session.say("timers.none", number=found.number))
    for timer in timers:
        for line in timer_lines(session, timer):
            session.out(line)
        session.out()
    for duty in duties:
        name = title(session, duty.title, duty.path)
        dates = {"on": day(session, duty.occurrence), "due": day(session, duty.due_on)}
        session.out(click.style(name, bold=True) + "  " + session.say(f"duty.{duty.status}", **dates))
        session.out("  " + session.say("why.by", roles=", ".join(duty.by)))
        session.out("  " + session.say("reason.basis", basis=", ".join(duty.basis) or "-"))


def timer_lines(session: Session, timer: Timer) -> Iterator[str]:
    """Yield a clock for people: what it is, when it acts, how that came about, where it rests."""
    name = title(session, timer.title, timer.path)
    status = session.say(f"timer.{timer.status}")
    zone = str(timer.record.get("zone", ""))
    due = f"{day(session, timer.due_on)} ({zone_name(timer.due_on, zone)})" if zone else ""
    yield click.style(name, bold=True) + f"  {session.say('timer.kind.' + timer.kind)}, {status}, {due}"
    for line in timer.explanation[session.language]:
        yield f"  {line}"
    if timer.basis:
        yield "  " + session.say("reason.basis", basis=", ".join(timer.basis))


def _timer(timer: Timer) -> dict[str, Any]:
    return {
        "path": timer.path,
        "kind": timer.kind,
        "status": timer.status,
        "due_on": timer.due_on.isoformat(),
        "due_at": timer.due_at.isoformat(),
        "acts_at": timer.acts_at.isoformat(),
        "basis": list(timer.basis),
        "is_provisional": timer.is_provisional,
        "record": dict(timer.record),
        "explanation": {language: list(lines) for language, lines in timer.explanation.items()},
    }


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "path": duty.path,
        "occurrence": duty.occurrence.isoformat(),
        "due_on": duty.due_on.isoformat(),
        "status": duty.status,
        "by": list(duty.by),
        "basis": list(duty.basis),
    }
