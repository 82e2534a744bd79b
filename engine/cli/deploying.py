"""``deploy`` and ``definitions``: which processes run in a database.

The command line's user is the operator: whoever can open the database may deploy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from engine.calls import ADMINISTRATOR
from engine.cli.commands import command, option
from engine.cli.failures import CommandProblem
from engine.cli.opening import opened
from engine.cli.scenario_files import SUFFIX as SCENARIOS
from engine.cli.session import Session
from engine.cli.showing import moment, table
from engine.registry import Deployed
from engine.runtime import Engine
from workflow.case import Actor
from workflow.source.renderers import render_text

ZONE = "Asia/Jakarta"
"""The zone in which instants are shown that belong to no case."""


@command("deploy")
@click.argument("files", metavar="FILE|NAME...", nargs=-1, required=True)
@option("--as", "who", text="as", metavar="ID")
@option("--parameter", "words", text="parameter", metavar="NAME=VALUE", multiple=True)
def deploy_command(session: Session, files: tuple[str, ...], who: str | None, words: tuple[str, ...]) -> None:
    """Deploy definitions and calendars, in the order given."""
    if not who:
        raise CommandProblem(what="no-actor")
    parameters = dict(_pair(word) for word in words)
    definitions = _definitions(session, files)
    if parameters and len(definitions) > 1:
        raise CommandProblem(what="parameter-of-several")
    by = Actor(who, roles=(ADMINISTRATOR,))
    with opened(session, may_make=True) as engine:
        done = (
            [engine.deploy(definitions[0], by=by, parameters=parameters)]
            if parameters
            else engine.deploy_many(definitions, by=by)
        )
        for deployed in done:
            if deployed.diagnostics:
                session.note(render_text(deployed.diagnostics, {}, language=session.language).rstrip())
            if not session.as_json:
                _show(session, deployed)
        missing = _missing(engine, done)
    if session.as_json:
        every = [_deployed(one) for one in done]
        session.json({**every[0], "deployed": every, "missing": missing})
    elif missing:
        session.note(session.say("deployed.missing", names=", ".join(missing), words=" ".join(missing)))


def _definitions(session: Session, files: tuple[str, ...]) -> list[str]:
    """Leave out files of scenarios, which the shell's ``*.yaml`` brings along."""
    definitions = [file for file in files if not file.endswith(SCENARIOS)]
    if not definitions:
        raise CommandProblem(what="only-scenarios", file=files[0])
    for file in files:
        if file not in definitions:
            session.note(session.say("deployed.no-definition", file=file))
    return definitions


def _missing(engine: Engine, done: Sequence[Deployed]) -> list[str]:
    """Return the workflows that what was deployed opens cases of and that are not deployed themselves."""
    there = {one.workflow for one in engine.definitions()}
    opened = [
        child.workflow
        for one in done
        if one.kind == "definition"
        for child in engine.definition(one.name, one.version).children.values()
    ]
    return [name for name in dict.fromkeys(opened) if name not in there]


def _show(session: Session, deployed: Deployed) -> None:
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
