"""``why``: whether an act would be accepted, and every reason why not.

Writes nothing. Without a trigger it shows everything that could be asked for here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from engine.cli.commands import command
from engine.cli.failures import reason_json, reason_lines
from engine.cli.opening import opened
from engine.cli.people import Act, act_options
from engine.cli.session import Session
from engine.cli.showing import states_title, title
from engine.runtime import Engine
from engine.views import Available, Case, Explanation
from workflow.definition import Definition


@command("why")
@click.argument("case")
@click.argument("trigger", required=False)
@act_options
def why_command(session: Session, case: str, trigger: str | None, act: Act) -> None:
    """Explain what may be done, or why an act would be refused."""
    with opened(session) as engine:
        found = engine.case(case)
        if trigger is None:
            _all(session, engine, found, act)
            return
        explanation = engine.explain(
            found.id,
            trigger,
            by=act.actor,
            fields=act.fields(found.definition, trigger),
            documents=act.documents,
            reason=act.reason,
            **act.named,
        )
        offered = engine.available(found.id, by=act.actor, as_role=act.as_role, for_party=act.for_party)
    if session.as_json:
        session.json(_explained(explanation))
        return
    same = [one for one in offered if _is_meant(one.trigger, explanation.trigger)]
    name = title(session, same[0].title, trigger) if same else trigger
    state = states_title(session, found.definition, found.configuration)
    key = "why.allowed" if explanation.is_allowed else "why.refused"
    session.out(session.say(key, trigger=name, number=found.number, state=state))
    for line in reason_lines(session, explanation.reasons):
        session.out(line)
    if explanation.unknown:
        session.out("  " + session.say("why.unknown", facts=", ".join(explanation.unknown)))
    for one in same:
        for line in _asks_for(session, found.definition, one):
            session.out("  " + line)


def _is_meant(path: str, asked: str) -> bool:
    return path == asked or path.endswith(f".{asked}")


def _all(session: Session, engine: Engine, case: Case, act: Act) -> None:
    offered = engine.available(case.id, by=act.actor, as_role=act.as_role, for_party=act.for_party)
    if session.as_json:
        session.json({"case": case.number, "triggers": [_offered(one) for one in offered]})
        return
    state = states_title(session, case.definition, case.configuration)
    session.out(session.say("why.here", number=case.number, state=state))
    for one in offered:
        name = one.trigger.rpartition(".")[2]
        key = "why.yes" if one.is_allowed else "why.no"
        session.out(session.say(key, trigger=name, title=title(session, one.title, name)))
        lines = (
            _asks_for(session, case.definition, one) if one.is_allowed else reason_lines(session, one.reasons)
        )
        for line in lines:
            session.out("    " + line.strip())
    if not offered:
        session.out(session.say("why.nothing"))


def _asks_for(session: Session, definition: Definition, one: Available) -> Iterator[str]:
    """Say what an act is given with, and where it rests."""
    if one.required:
        yield session.say("why.fields", names=", ".join(one.required))
    if one.optional:
        yield session.say("why.optional", names=", ".join(one.optional))
    if one.attach:
        documents = definition.documents
        names = ", ".join(f"{name} ({session.text(documents[name].title)})" for name in one.attach)
        yield session.say("why.documents", names=names)
    if one.is_reason_required:
        yield session.say("why.reason")
    yield session.say("why.by", roles=", ".join(one.by))
    if one.basis:
        yield session.say("reason.basis", basis=", ".join(one.basis))


def _explained(explanation: Explanation) -> dict[str, Any]:
    return {
        "trigger": explanation.trigger,
        "is_allowed": explanation.is_allowed,
        "reasons": [reason_json(one) for one in explanation.reasons],
        "unknown": list(explanation.unknown),
    }


def _offered(one: Available) -> dict[str, Any]:
    return {
        "trigger": one.trigger,
        "title": None if one.title is None else {"id": one.title.text("id"), "en": one.title.text("en")},
        "is_allowed": one.is_allowed,
        "required": list(one.required),
        "optional": list(one.optional),
        "attach": list(one.attach),
        "is_reason_required": one.is_reason_required,
        "by": list(one.by),
        "basis": list(one.basis),
        "reasons": [reason_json(reason) for reason in one.reasons],
        "unknown": list(one.unknown),
    }
