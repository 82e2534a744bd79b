"""``deploy`` and ``definitions``: which processes run in a database.

The command line's user is the operator: whoever can open the database may deploy.
"""

from __future__ import annotations

from typing import Any

import click

from engine.calls import ADMINISTRATOR
from engine.cli.commands import command, option
from engine.cli.failures import CommandProblem
from engine.cli.opening import opened
from engine.cli.session import Session
from engine.cli.showing import moment, table
from engine.registry import Deployed
from workflow.case import Actor
from workflow.source.renderers import render_text

ZONE = "Asia/Jakarta"
"""The zone in which instants are shown that belong to no case."""


@command("deploy")
@click.argument("file", metavar="FILE|NAME")
@option("--as", "who", text="as", metavar="ID")
@option("--parameter", "words", text="parameter", metavar="NAME=VALUE", multiple=True)
def deploy_command(session: Session, file: str, who: str | None, words: tuple[str, ...]) -> None:
    """Deploy a definition or a calendar."""
    if not who:
        raise CommandProblem(what="no-actor")
    with opened(session, may_make=True) as engine:
        parameters = dict(_pair(word) for word in words)
        deployed = engine.deploy(file, by=Actor(who, roles=(ADMINISTRATOR,)), parameters=parameters)
    if deployed.diagnostics:
        session.note(render_text(deployed.diagnostics, {}, language=session.language).rstrip())
    if session.as_json:
        session.json(_deployed(deployed))
        return
    key = f"deployed.{deployed.kind}.{'new' if deployed.is_new else 'same'}"
    digest = deployed.digest[:12]
    session.out(session.say(key, name=deployed.name, version=deployed.version, digest=digest))
    for name, version in (deployed.calendars or {}).items():
        session.out(session.say("deployed.with-calendar", name=name, version=version))
    if deployed.kind == "calendar":
        counts = {"open": deployed.open_clocks, "moved": deployed.moved_clocks}
        session.out(session.say("deployed.moves", **counts))


def _pair(word: str) -> tuple[str, str]:
    name, sign, value = word.partition("=")
    if not sign:
        raise CommandProblem(what="parameter-form", word=word)
    return name.strip(), value.strip()


def _deployed(deployed: Deployed) -> dict[str, Any]:
    return {
        "kind": deployed.kind,
        "name": deployed.name,
        "version": deployed.version,
        "digest": deployed.digest,
        "is_new": deployed.is_new,
        "calendars": dict(deployed.calendars or {}),
        "open_clocks": deployed.open_clocks,
        "moved_clocks": deployed.moved_clocks,
        "diagnostics": [one.model_dump(mode="json") for one in deployed.diagnostics],
    }


@command("definitions")
def definitions_command(session: Session) -> None:
    """Show what is deployed."""
    with opened(session) as engine:
        definitions, calendars = engine.definitions(), engine.calendars()
    rows = [
        {
            "kind": "definition",
            "name": one.workflow,
            "version": one.version,
            "digest": one.digest,
            "deployed_at": one.deployed_at,
            "deployed_by": one.deployed_by,
        }
        for one in definitions
    ]
    rows += [
        {
            "kind": "calendar",
            "name": one.name,
            "version": one.version,
            "digest": one.digest,
            "deployed_at": one.loaded_at,
            "deployed_by": one.loaded_by,
        }
        for one in calendars
    ]
    if session.as_json:
        session.json({"definitions": rows})
        return
    if not rows:
        session.note(session.say("definitions.none"))
        return
    head = [session.say(f"head.{name}") for name in ("kind", "name", "version", "digest", "deployed", "by")]
    shown = [
        [
            session.say(f"kind.{row['kind']}"),
            str(row["name"]),
            str(row["version"]),
            str(row["digest"])[:12],
            moment(session, str(row["deployed_at"]), ZONE),
            str(row["deployed_by"]),
        ]
        for row in rows
    ]
    for line in table(head, shown):
        session.out(line)
