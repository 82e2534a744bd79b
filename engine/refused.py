"""A "no" as an exception, and the errors of the embedding API.

Owns `Refused`, which carries a refusal of the pure core with everything that it says, and the errors
of finding and deploying things. A refusal is a different branch from a defect: nothing is wrong with
the software, and trying again as asked will be refused again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import engine.texts.runtime  # noqa: F401 - registers the texts that these errors are rendered with
from engine.errors import EngineError
from workflow.case import Reason, Refusal
from workflow.locale import Message
from workflow.source.characters import visible
from workflow.source.diagnostics import Diagnostic

_SHOWN = 12
"""How many names are shown of those that are known."""


class Refused(EngineError):
    """A command was refused; the case is as it was.

    Attributes:
        code: Of the first reason (an instance attribute here).
        reasons: Every reason, with message, rule, articles, values and what would help.
        trigger: What was asked for.
    """

    code = "refused"
    exit_status = 4
    http_status = 422

    def __init__(self, *, refusal: Refusal, case_id: str | None = None) -> None:
        super().__init__(refusal=refusal, case_id=case_id)
        self.refusal = refusal
        self.case_id = case_id
        self.code = refusal.code  # type: ignore[misc]  # the stable code of this refusal

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every reason."""
        return self.refusal.reasons

    @property
    def trigger(self) -> str | None:
        """What was asked for."""
        return self.refusal.trigger

    def text(self, language: str = "en") -> str:
        """Render every reason, one a line, in ``language``."""
        return "\n".join(f"{reason.code}: {reason.message.text(language)}" for reason in self.reasons)

    def to_json(self) -> dict[str, Any]:
        """Return the refusal as plain data."""
        return {
            "trigger": self.trigger,
            "reasons": [
                {
                    "code": reason.code,
                    "message": {"id": reason.message.text("id"), "en": reason.message.text("en")},
                    **({"rule": reason.rule} if reason.rule else {}),
                    **({"basis": list(reason.basis)} if reason.basis else {}),
                    **({"values": dict(reason.values)} if reason.values else {}),
                    **({"needs": dict(reason.needs)} if reason.needs else {}),
                }
                for reason in self.reasons
            ],
        }


class _NotThere(EngineError):
    exit_status = 5
    http_status = 404


class CaseNotFound(_NotThere):
    """There is no such case for this tenant."""

    code = "case-not-found"

    def __init__(self, *, case_id: str) -> None:
        super().__init__(case_id=case_id)


class DefinitionNotFound(_NotThere):
    """No such workflow or version of it is deployed; ``is_child``: a step would open a case of it."""

    code = "definition-not-found"

    def __init__(self, *, workflow: str, deployed: Sequence[str] = (), is_child: bool = False) -> None:
        super().__init__(workflow=workflow, deployed=tuple(deployed), is_child=is_child)

    def message(self) -> Message:
        """Return the error's text as data."""
        deployed = ", ".join(self.context["deployed"]) or "-"
        key = f"error.{self.code}" + (".child" if self.context["is_child"] else "")
        return Message(key, {"workflow": self.context["workflow"], "deployed": deployed})


class DefinitionRejected(EngineError):
    """A definition has errors and was not deployed; ``diagnostics`` says where and what would help."""

    code = "definition-rejected"
    exit_status = 3
    http_status = 422

    def __init__(self, *, file: str, diagnostics: Sequence[Diagnostic], sources: Any = None) -> None:
        super().__init__(file=file, diagnostics=tuple(diagnostics), sources=sources)
        self.diagnostics = tuple(diagnostics)
        self.sources = dict(sources or {})

    def message(self) -> Message:
        """Return the error's text as data."""
        first = self.diagnostics[0] if self.diagnostics else None
        place = f"{first.file}:{first.line}:{first.column}: {first.message}" if first else "-"
        params = {"file": self.context["file"], "count": len(self.diagnostics), "first": place}
        return Message(f"error.{self.code}", params)


class FactUnknown(EngineError):
    """A step reads a fact and the host provides none by that name."""

    code = "fact-unknown"

    def __init__(self, *, fact: str) -> None:
        super().__init__(fact=fact)


class ProviderFailed(EngineError):
    """A host's provider raised, or gave a value of another type: a defect, not a refusal."""

    code = "provider-failed"

    def __init__(self, *, fact: str, detail: str) -> None:
        super().__init__(fact=fact, detail=detail)


class InvalidCall(EngineError):
    """The call itself cannot be. ``what`` names the text, ``invalid-call.…``; the rest fills it."""

    code = "invalid-call"
    exit_status = 2
    http_status = 400

    def __init__(self, *, what: str, **context: Any) -> None:
        super().__init__(what=what, **context)

    def message(self) -> Message:
        """Return the error's text as data."""
        context = dict(self.context)
        return Message(f"invalid-call.{context.pop('what')}", context)


class UnknownFilter(InvalidCall):
    """Cases were asked for by a workflow, state or field that no deployed definition has."""

    code = "unknown-filter"

    def __init__(self, *, what: str, name: str, nearest: str = "", known: Sequence[str] = ()) -> None:
        EngineError.__init__(self, what=what, name=name, nearest=nearest, known=tuple(known))

    def message(self) -> Message:
        """Return the error's text as data."""
        context = self.context
        shown = ", ".join(context["known"][:_SHOWN]) + (", …" if len(context["known"]) > _SHOWN else "")
        params = {
            "what": Message(f"filter.{context['what']}", {}),
            "name": visible(context["name"]),
            "nearest": context["nearest"],
            "known": shown or "-",
        }
        return Message(f"error.{self.code}" + (".nearest" if context["nearest"] else ""), params)


class WrongArgument(InvalidCall, TypeError):
    """An argument is of another Python type than can ever be taken; also a `TypeError`."""

    code = "wrong-argument"

    def __init__(self, *, argument: str, kind: str, given: str, example: str) -> None:
        EngineError.__init__(self, argument=argument, kind=kind, given=given, example=example)

    def message(self) -> Message:
        """Return the error's text as data."""
        context = dict(self.context)
        context["kind"] = Message(f"argument.{context['kind']}", {})
        return Message(f"error.{self.code}", context)
