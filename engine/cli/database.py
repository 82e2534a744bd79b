"""``db``: the schema of a database."""

from __future__ import annotations

import click

import engine.texts.cli_words  # noqa: F401  (registers what the commands say)
from engine.cli.commands import Group, command, spoken
from engine.cli.session import Session
from engine.store.inspection import upgrade


@click.group("db", cls=Group, help="help.db")
@spoken
def db_command() -> None:
    """Look after the schema."""


@command("upgrade")
def _upgrade(session: Session) -> None:
    """Bring the schema up to date."""
    done = upgrade(session.url)
    if session.as_json:
        session.json({"from": done.before, "to": done.after, "ran": list(done.ran)})
    else:
        key = "upgraded" if done.ran else "upgraded.nothing"
        session.out(session.say(key, before=done.before, after=done.after))


db_command.add_command(_upgrade)
