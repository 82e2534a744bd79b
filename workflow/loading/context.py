"""What every part of the loader shares: where findings go, and how a name is looked up.

Owns the collecting of findings for one definition and the wording of "there is no such …". Called by
the ``loading_*`` modules only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from unicodedata import normalize

import workflow.texts.loading  # noqa: F401  (registers the texts of these findings)
from workflow.definition import Label
from workflow.loading.document import LabelShape
from workflow.locale import Message
from workflow.source.diagnostics import Diagnostic, Related, Severity, Span, finding, place
from workflow.source.provenance import Provenance
from workflow.source.reading import suggestion
from workflow.source.text import Scalar


@dataclass(slots=True)
class Context:
    """The findings about one definition.

    ``is_graph_whole``: whether every target could be resolved, so that what the states are reachable
    from can be said.
    ``parameters``: territory → the names of its parameters. ``made_up``: what the loader put around a
    fragment that is read alone, and nobody wrote.
    """

    file: str
    provenance: Provenance
    diagnostics: list[Diagnostic] = field(default_factory=list)
    is_graph_whole: bool = True
    parameters: Mapping[int, Collection[str]] = field(default_factory=dict)
    made_up: frozenset[str] = frozenset()

    def report(
        self,
        code: str,
        span: Span,
        *,
        key: str | None = None,
        severity: Severity = Severity.ERROR,
        help: Message | None = None,
        related: Iterable[Related] = (),
        **params: Any,
    ) -> None:
        """Add a finding at a place of the definition's tree."""
        found = finding(
            code, self.file, span, key=key, severity=severity, help=help, related=related, **params
        )
        self.diagnostics.append(found)

    def report_unknown(self, kind: str, span: Span, name: str, candidates: Collection[str]) -> None:
        """Report a name that is not declared, with the nearest one that is.

        Args:
            kind: ``field role party document rule fact state trigger``; the code is ``unknown-<kind>``.
        """
        written = [one for one in candidates if one not in self.made_up]
        if self.is_parameter(name, span):
            help: Message | None = Message("loading.did-you-mean", {"word": f"${name}"})
        else:
            help = suggestion(name, written)
        # A path says nothing more where its last name is listed by itself.
        shown = [one for one in written if "." not in one or one.rpartition(".")[2] not in written]
        if help is None and 0 < len(shown) <= 12:
            help = Message("loading.there-are", {"names": ", ".join(shown)})
        self.report(f"unknown-{kind}", span, name=name, help=help)

    def is_parameter(self, name: str, span: Span) -> bool:
        """Whether the file in which a place lies has a parameter of this name."""
        return name in self.parameters.get(self.provenance.territory(span), ())

    def note(self, key: str, span: Span, **params: Any) -> Related:
        """Make a related place in the definition's tree."""
        return place(Message(key, params), self.file, span)

    def follows(self, span: Span) -> str:
        """Return the character after a span, or nothing at the end of its line."""
        return self.provenance.follows(span)

    def date(self, scalar: Scalar | None) -> date | None:
        """Read a day, reporting one that the calendar does not have."""
        if scalar is None:
            return None
        try:
            return date.fromisoformat(scalar.text)
        except ValueError:
            self.report("no-such-day", scalar.span, value=scalar.text)
            return None


def label(shape: LabelShape) -> Label:
    """Return a label; a single text counts as Indonesian."""
    if isinstance(shape, Scalar):
        return Label(id=normalize("NFC", shape.text))
    return Label(
        id=normalize("NFC", shape.id.text),
        en=None if shape.en is None else normalize("NFC", shape.en.text),
    )


def label_or_none(shape: LabelShape | None) -> Label | None:
    """Return a label where there is one."""
    return None if shape is None else label(shape)


def texts(scalars: Iterable[Scalar]) -> tuple[str, ...]:
    """Return the texts of scalars."""
    return tuple(scalar.text for scalar in scalars)
