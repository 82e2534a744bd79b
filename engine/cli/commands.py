"""The tree of commands and how its help is said, in either language.

Owns the names of the commands, where each one lives, and the classes that take their words from the
catalogue of texts when they are shown. Imports no command: a command's module is imported when the
command is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

import click

from engine.cli.session import Session
from workflow.locale import LANGUAGES

F = TypeVar("F", bound=Callable[..., Any])

PLACES = {
    "demo": "engine.cli.demo",
    "doctor": "engine.cli.doctor",
    "db": "engine.cli.database",
    "check": "engine.cli.checking",
    "schema": "engine.cli.checking",
    "diagram": "engine.cli.diagrams",
    "test": "engine.cli.testing",
    "deploy": "engine.cli.deploying",
    "definitions": "engine.cli.deploying",
    "open": "engine.cli.acting",
    "do": "engine.cli.acting",
    "suspend": "engine.cli.powers",
    "resume": "engine.cli.powers",
    "extend": "engine.cli.powers",
    "correct": "engine.cli.powers",
    "attach": "engine.cli.powers",
    "why": "engine.cli.asking",
    "case": "engine.cli.looking",
    "cases": "engine.cli.looking",
    "history": "engine.cli.telling",
    "timers": "engine.cli.telling",
    "verify": "engine.cli.keeping",
    "tick": "engine.cli.keeping",
}
"""Command → the module that holds it, under the name ``<command>_command``."""

SHARED = frozenset({"database", "tenant", "as_json", "language", "debug", "help"})
"""Names of the options that every command has; the help shows them last."""


def session_of(context: click.Context) -> Session:
    """Return the session of a running command."""
    session = context.find_object(Session)
    if session is None:
        raise RuntimeError("a command runs inside a session")
    return session


class _Spoken:
    """A command whose help is a key of the catalogue."""

    help: str | None
    params: list[click.Parameter]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        session = session_of(ctx)
        pieces = " ".join(ctx.command.collect_usage_pieces(ctx))
        shown = pieces.replace("[OPTIONS]", session.say("usage.options"))
        formatter.write_usage(ctx.command_path, shown, prefix=f"{session.say('usage')} ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(session_of(ctx).say(str(self.help)))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options; a group's commands after them."""
        session = session_of(ctx)
        options = [one for one in ctx.command.get_params(ctx) if isinstance(one, click.Option)]
        options.sort(key=lambda one: one.name in SHARED)
        records = [record for one in options if (record := one.get_help_record(ctx)) is not None]
        if records:
            with formatter.section(session.say("help.options")):
                formatter.write_dl(records)
        if isinstance(ctx.command, click.Group):
            rows = [(name, session.say(f"command.{name}")) for name in ctx.command.list_commands(ctx)]
            with formatter.section(session.say("help.commands")):
                formatter.write_dl(rows)


class Command(_Spoken, click.Command):
    """A command with help in either language."""


class Group(_Spoken, click.Group):
    """A group with help in either language."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was meant."""
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None:
            # Not before it is needed: it stands beside the models of diagnostics, which are heavy.
            from workflow.source.diagnostics import did_you_mean  # noqa: PLC0415

            near = did_you_mean(name, self.list_commands(ctx))
            key = "usage.no-command.near" if near else "usage.no-command"
            session = session_of(ctx)
            said = session.say(key, command=name, near=near or "", help=ctx.command_path)
            raise click.UsageError(said, ctx)
        return name, command, args[1:]


class LazyGroup(Group):
    """The group of all commands, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the help."""
        return list(PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in PLACES:
            return None
        command: click.Command = getattr(import_module(PLACES[cmd_name]), f"{cmd_name}_command")
        return command


class Option(click.Option):
    """An option whose help is a key of the catalogue."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return names and help in the session's language."""
        record = super().get_help_record(ctx)
        if record is None or self.help is None:
            return record
        session = session_of(ctx)
        names, text = record
        said = text.replace(self.help, session.say(self.help), 1)
        return names, said.replace("[required]", session.say("help.required"))


# --- what every command takes ----------------------------------------------------------------------


def option(*names: str, text: str, **attributes: Any) -> Callable[[F], F]:
    """Declare an option; ``text`` names its help, ``cli.option.<text>``."""
    return click.option(*names, cls=Option, help=f"option.{text}", **attributes)


def _keep(attribute: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def keep(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
        if value:
            setattr(session_of(ctx), attribute, value)
        return value

    return keep


def _kept(*names: str, attribute: str, text: str, **attributes: Any) -> Callable[[F], F]:
    return option(*names, attribute, text=text, callback=_keep(attribute), expose_value=False, **attributes)


def spoken(command: F) -> F:
    """Add what every command takes: language, debugging, help."""
    command = click.help_option("--help", "-h", cls=Option, help="option.help")(command)
    command = _kept("--debug", attribute="debug", text="debug", is_flag=True)(command)
    choice = click.Choice(LANGUAGES)
    return _kept("--lang", attribute="language", text="lang", type=choice)(command)


def _stored(command: F, database: str = "db") -> F:
    """Add what every command on a database takes; ``database`` names the help of ``--db``."""
    command = _kept("--tenant", attribute="tenant", text="tenant", metavar="NAME")(command)
    return _kept("--db", attribute="database", text=database, metavar="URL")(command)


def command(
    name: str, *, is_stored: bool = True, has_json: bool = True, database: str = "db"
) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command of a function, which gets the session first.

    Args:
        name: Its name; the help is ``cli.help.<name>``.
        is_stored: Whether it works on a database.
        has_json: Whether it prints data.
        database: Names the help of ``--db``.
    """

    def made(function: Callable[..., Any]) -> click.Command:
        function = spoken(function)
        if has_json:
            function = _kept("--json", attribute="as_json", text="json", is_flag=True)(function)
        if is_stored:
            function = _stored(function, database)
        function = click.pass_obj(function)
        return click.command(name, cls=Command, help=f"help.{name}")(function)

    return made


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        from engine.version import VERSION  # noqa: PLC0415  (only where it is asked for)

        click.echo(f"kerjasama {VERSION}")
        ctx.exit()


@click.group("kerjasama", cls=LazyGroup, help="help.kerjasama")
@_stored
@option("--version", text="version", is_flag=True, is_eager=True, expose_value=False, callback=_version)
@spoken
def COMMAND() -> None:  # noqa: N802  (a value to those who import it)
    """Take the options that hold for every command."""
