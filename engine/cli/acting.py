"""``open`` and ``do``: what changes a case.

Owns nothing but the way from options to one call of the embedding API and what is said afterwards.
"""

from __future__ import annotations

from typing import Any

import click

from engine.cli.commands import command, option
from engine.cli.failures import CommandProblem
from engine.cli.opening import opened
from engine.cli.people import Act, act_options
from engine.cli.proposals import fields_of, read_proposal, read_text
from engine.cli.session import Session
from engine.cli.showing import day, states_title
from engine.cli.values import parties
from engine.runtime import Engine
from engine.views import Case
from workflow.source.text import Mapping as TextMapping


@command("open")
@click.argument("workflow", required=False)
@option("--file", "proposal", text="proposal", metavar="FILE")
@option("--with", "with_", text="with", metavar="PARTY=SIDE[:NAME]", multiple=True)
@act_options
def open_command(
    session: Session, workflow: str | None, proposal: str | None, with_: tuple[str, ...], act: Act
) -> None:
    """Open a case."""
    if act.party is not None and "=" in act.party:
        raise CommandProblem(what="party-is-with", word=act.party)
    more = {party.id: party for party in parties(with_)}
    given = read_proposal(read_text(proposal)) if proposal else None
    name = workflow or (given.workflow if given else None)
    if not name:
        raise CommandProblem(what="no-workflow")
    if given is not None and name != given.workflow:
        raise CommandProblem(what="other-workflow", asked=name, file=given.workflow)
    with opened(session) as engine:
        definition = engine.definition(name)
        fields: dict[str, Any] = {}
        documents: dict[str, Any] = {}
        if given is not None:
            part = given.sections.get("open") or TextMapping(entries=(), span=given.parsed.root.span)  # type: ignore[union-attr]  # a proposal that was read has a root
            fields = fields_of(given.parsed, part, definition)
            documents = {document: list(files) for document, files in given.documents.items()}
        who = act.actor if act.who or given is None or given.who is None else given.who
        case = engine.open(
            name,
            by=who,
            parties=tuple({**{one.id: one for one in (given.parties if given else ())}, **more}.values()),
            fields={**fields, **act.fields(definition, "open")},
            documents={**documents, **act.documents},
            reason=act.reason,
            comment=act.comment,
            request_id=act.request_id,
            **act.named,
        )
        done(session, engine, case, "opened")


@command("do")
@click.argument("case")
@click.argument("trigger")
@act_options
@option("--expect", "expect", text="expect", metavar="N", type=int)
def do_command(session: Session, case: str, trigger: str, expect: int | None, act: Act) -> None:
    """Ask for a transition."""
    with opened(session) as engine:
        found = engine.case(case)
        after = engine.fire(
            found.id,
            trigger,
            by=act.actor,
            fields=act.fields(found.definition, trigger),
            documents=act.documents,
            reason=act.reason,
            comment=act.comment,
            request_id=act.request_id,
            expect=expect,
            **act.named,
        )
        done(session, engine, after, "done")


def done(session: Session, engine: Engine, case: Case, what: str) -> None:
    """Say where the case stands after an act, and what is due."""
    if session.as_json:
        session.json(case.to_json())
        return
    state = states_title(session, case.definition, case.configuration)
    session.out(session.say(what, number=case.number, state=state, path=case.state, revision=case.revision))
    if case.outcome is not None:
        session.out(session.say("ended", outcome=case.outcome))
        return
    for timer in engine.timers(case.id):
        if timer.status == "running":
            name = session.text(timer.title) or timer.path
            session.out(session.say("due-line", name=name, day=day(session, timer.due_on)))
