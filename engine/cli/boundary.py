"""The edge of the command line: every error becomes words and an exit status.

Owns the promise that no traceback reaches a user unasked. An error of the engine is said as it is; an
error of usage with the line that would help; whatever else comes is a defect, said in one line.
"""

from __future__ import annotations

import errno
import os
import re
import sys
import traceback
from types import TracebackType
from typing import Any

import click

from engine.cli.session import Session

USAGE = 2
_SAID_BY_CLICK = (
    (re.compile(r"Got unexpected extra arguments? \((.*)\)"), "usage.extra"),
    (re.compile(r"Option '([^']+)' requires an argument"), "usage.no-value"),
    (re.compile(r"Option '([^']+)' does not take a value"), "usage.no-value-taken"),
)
"""What click says of usage without saying of what kind it is; whatever else it says stays as it is."""
OTHER_WORDS = {
    **dict.fromkeys(("--document", "--documents", "--doc", "--file"), ("--attach",)),
    **dict.fromkeys(("--field", "--fields", "--filter"), ("--field", "--where")),
    **dict.fromkeys(("--by", "--actor", "--user"), ("--as",)),
    **dict.fromkeys(("--date", "--effective-on"), ("--on",)),
}
"""Words that people use for an option, with what it is called; the first that the command has."""
DEFECT = 1
INTERRUPTED = 130
READER_GONE = 1  # as click itself leaves


class Boundary:
    """Catches what a command raises and keeps the exit status.

    Args:
        session: Says in which language and form.
    """

    def __init__(self, session: Session) -> None:
        self.status = 0
        self._session = session

    def __enter__(self) -> Boundary:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None or isinstance(error, (SystemExit, GeneratorExit)):
            return False
        self.status = self._say(error)
        return True

    def _say(self, error: BaseException) -> int:
        if isinstance(error, click.ClickException):
            return self._usage(error)
        if isinstance(error, (KeyboardInterrupt, click.Abort)):
            self._session.note(self._session.say("interrupted"))
            return INTERRUPTED
        if isinstance(error, BrokenPipeError):
            # Whoever reads has read enough; without this Python complains once more at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return READER_GONE
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            return self._plain("disk-full", error.strerror or "", DEFECT)
        if isinstance(error, UnicodeEncodeError) and "surrogates" in error.reason:
            return self._plain("usage", self._session.say("usage.not-utf8"), USAGE)
        # Not before an error is there: `--help` needs none of these.
        from engine.cli.failures import said  # noqa: PLC0415

        status = said(self._session, error)
        if status is None:
            status = self._defect(error)
        if self._session.debug:
            self._session.note("".join(traceback.format_exception(error)).rstrip())
        return status

    def _plain(self, code: str, message: str, status: int) -> int:
        self._session.note(self._session.say("usage.error", message=message))
        self._json(code, message, status)
        return status

    def _usage(self, error: click.ClickException) -> int:
        session = self._session
        context: click.Context | None = getattr(error, "ctx", None)
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            session.note(error.format_message())
            return USAGE
        if context is not None:
            session.note(context.get_usage())
            session.note(session.say("usage.try", command=context.command_path))
        return self._plain("usage", self._in_language(error), USAGE)

    def _in_language(self, error: click.ClickException) -> str:
        session = self._session
        if isinstance(error, click.NoSuchOption):
            near = _meant(error)
            key = "usage.no-option.near" if near else "usage.no-option"
            return session.say(key, option=error.option_name, near=near)
        if isinstance(error, click.MissingParameter) and error.param is not None:
            return session.say("usage.missing", what=error.param.get_error_hint(error.ctx or _no_context()))
        if isinstance(error, click.BadParameter) and error.param is not None:
            return self._unfit(error, error.param)
        for start, key in _SAID_BY_CLICK:
            if found := start.match(error.message):
                return session.say(key, what=found[1])
        return error.format_message()

    def _unfit(self, error: click.BadParameter, parameter: click.Parameter) -> str:
        """Say what an option takes, as its type knows it."""
        session, kind = self._session, parameter.type
        what = parameter.get_error_hint(error.ctx or _no_context())
        if isinstance(kind, click.Choice):
            return session.say("usage.choice", what=what, known=", ".join(kind.choices))
        if isinstance(kind, click.IntRange):
            most = "…" if kind.max is None else kind.max
            return session.say("usage.range", what=what, least=kind.min, most=most)
        if kind is click.INT:
            return session.say("usage.integer", what=what)
        return error.format_message()

    def _defect(self, error: BaseException) -> int:
        what = f"{type(error).__name__}: {error}"
        self._session.note(self._session.say("defect", what=" ".join(what.split())))
        if not self._session.debug:
            self._session.note(self._session.say("defect.report"))
        self._json("defect", what, DEFECT)
        return DEFECT

    def _json(self, code: str, message: str, status: int, **more: Any) -> None:
        if self._session.as_json:
            self._session.json({"error": {"code": code, "message": message, "exit_status": status, **more}})


def _meant(error: click.NoSuchOption) -> str:
    """Return the option that was meant; empty: none is like it."""
    # Not before it is needed: it stands beside the models of diagnostics, which are heavy.
    from workflow.source.diagnostics import did_you_mean  # noqa: PLC0415

    parameters = error.ctx.command.get_params(error.ctx) if error.ctx is not None else ()
    known = [name for one in parameters for name in (*one.opts, *one.secondary_opts) if name.startswith("--")]
    also = next((name for name in OTHER_WORDS.get(error.option_name, ()) if name in known), None)
    return also or did_you_mean(error.option_name, known) or ""


def _no_context() -> click.Context:
    return click.Context(click.Command("kerjasama"))
