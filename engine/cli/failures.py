"""Errors of the engine as words and data: a refusal with every reason, a file with every problem.

Owns how they are shown and their exit statuses, which they carry themselves. Called by
``engine.cli.boundary`` once an error is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

import engine.texts.cli_words  # noqa: F401  (registers what the commands say)
from engine.cli.session import Session
from engine.errors import EngineError
from engine.refused import DefinitionRejected, Refused
from workflow.case import Reason
from workflow.locale import Message
from workflow.source.characters import visible
from workflow.source.diagnostics import Diagnostic
from workflow.source.renderers import render_text


class CommandProblem(EngineError):
    """What was asked on the command line cannot be: ``what`` names the text, the rest fills it."""

    code = "command-problem"
    exit_status = 2

    def __init__(self, *, what: str, **context: Any) -> None:
        super().__init__(what=what, **context)

    def message(self) -> Message:
        """Return the problem's text as data."""
        context = dict(self.context)
        return Message(f"cli.problem.{context.pop('what')}", context)


class NotThere(CommandProblem):
    """What was named on the command line is not there."""

    code = "not-there"
    exit_status = 5


class FileRejected(EngineError):
    """A file given to a command has problems; ``diagnostics`` says where and what would help."""

    code = "file-rejected"
    exit_status = 3

    def __init__(self, *, diagnostics: Sequence[Diagnostic], sources: Mapping[str, str]) -> None:
        super().__init__(diagnostics=tuple(diagnostics), sources=dict(sources))
        self.diagnostics = tuple(diagnostics)
        self.sources = dict(sources)

    def message(self) -> Message:
        """Return the error's text as data."""
        first = self.diagnostics[0]
        params = {"file": first.file, "count": len(self.diagnostics)}
        return Message("cli.problem.file-rejected", params)


def said(session: Session, error: BaseException) -> int | None:
    """Say an error of the engine; ``None``: it is none.

    With ``--json`` it goes to standard output as data too.
    """
    if not isinstance(error, EngineError):
        return None
    if isinstance(error, Refused):
        session.note(click.style(session.say("refused"), fg="red", bold=True))
        for line in reason_lines(session, error.reasons):
            session.note(line)
    elif isinstance(error, (DefinitionRejected, FileRejected)):
        shown = render_text(error.diagnostics, error.sources, language=session.language)
        session.note(shown.rstrip())
        if isinstance(error, DefinitionRejected):
            session.note(session.say("not-deployed", file=error.context["file"]))
    else:
        session.note(session.say("error", message=error.text(session.language)))
    if session.as_json:
        session.json({"error": as_json(session, error)})
    return error.exit_status


def as_json(session: Session, error: EngineError) -> dict[str, Any]:
    """Return an error as data."""
    body: dict[str, Any] = {
        "code": error.code,
        "message": error.text(session.language),
        "exit_status": error.exit_status,
    }
    if error.is_retryable:
        body["is_retryable"] = True
    if isinstance(error, Refused):
        body |= {"trigger": error.trigger, "reasons": [reason_json(one) for one in error.reasons]}
    if isinstance(error, (DefinitionRejected, FileRejected)):
        body["diagnostics"] = [one.model_dump(mode="json") for one in error.diagnostics]
    return body


def reason_json(reason: Reason) -> dict[str, Any]:
    """Return a reason as data, every key there."""
    return {
        "code": reason.code,
        "message": {"id": reason.message.text("id"), "en": reason.message.text("en")},
        "rule": reason.rule,
        "basis": list(reason.basis),
        "values": dict(reason.values),
        "needs": dict(reason.needs),
    }


def reason_lines(session: Session, reasons: Sequence[Reason]) -> Iterator[str]:
    """Yield every reason with its article, the values that matter and what would help."""
    for reason in reasons:
        code = click.style(reason.code, fg="yellow")
        yield f"  {code}: {visible(session.text(reason.message))}"
        if reason.basis:
            yield f"      {session.say('reason.basis', basis=', '.join(reason.basis))}"
        if reason.values:
            values = ", ".join(f"{name} = {_shown(value)}" for name, value in reason.values.items())
            yield f"      {session.say('reason.values', values=values)}"
        if set(reason.needs) - SAID_ALREADY:
            yield f"      {session.say('reason.needs', needs=needs_text(session, reason.needs))}"


def needs_text(session: Session, needs: Mapping[str, Any]) -> str:
    """Say what would help."""
    parts = []
    for name, wanted in needs.items():
        several = wanted if isinstance(wanted, (list, tuple)) else [wanted]
        if not several:
            continue
        shown = ", ".join(_shown(one) for one in several)
        parts.append(f"{session.say('needs.' + name) if name in NEEDS else name} {shown}")
    return "; ".join(parts)


SAID_ALREADY = frozenset({"fields", "documents", "allowed", "trigger", "state", "other_person_than"})
"""Needs that the message of their reason names already."""

NEEDS = frozenset({"role", "as_role", "side", *SAID_ALREADY})
"""The keys of `Reason.needs` that have words; another is shown as it is."""


def _shown(value: Any) -> str:
    return visible(value) if isinstance(value, str) else str(value)
