"""Where a line of the expanded tree comes from: which file, filled in at which place, seen from where.

Owns `Provenance`. A definition is read as one tree although fragments and parameters bring parts of
other files into it, some of them several times. Each such part is given lines of its own, beyond those
of any file, so that a position says everything; findings are turned back into places that people know
by `Provenance.resolved`. Called by ``expansion`` and ``loading``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.locale import Message
from workflow.source.diagnostics import Diagnostic, Related, Span, place

STRIDE = 1 << 20
"""Lines that each part has for itself; no file is as long."""

HOST = 0
"""The territory of the workflow itself; every use of a fragment has one of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One part of the tree.

    Attributes:
        file: Where it was written.
        territory: From where its names are looked up.
        why: Text key of what brought it here, with ``at`` its place; ``None`` for the workflow's file.
    """

    file: str
    territory: int
    why: Message | None = None
    at: Span | None = None


class Provenance:
    """The parts of one tree, by their lines."""

    def __init__(self, file: str, text: str) -> None:
        self._segments = [Segment(file=file, territory=HOST)]
        self._texts = {file: text}
        self._lines: dict[str, list[str]] = {}
        self._uses: dict[str, tuple[Message, Span]] = {}

    def use(self, file: str, why: Message, at: Span) -> None:
        """Note where a file is used, for what is found in it as a file; the first use stays."""
        self._uses.setdefault(file, (why, at))

    def add(self, file: str, text: str, territory: int, why: Message, at: Span) -> int:
        """Add a part; return by how many lines its positions are moved."""
        self._texts.setdefault(file, text)
        self._segments.append(Segment(file=file, territory=territory, why=why, at=at))
        return (len(self._segments) - 1) * STRIDE

    def again(self, span: Span, why: Message, at: Span) -> int:
        """Add a part that stands in the tree already, brought to another place; return its move."""
        before = self.segment(span)
        self._segments.append(Segment(file=before.file, territory=before.territory, why=why, at=at))
        return (len(self._segments) - 1 - span.line // STRIDE) * STRIDE

    def segment(self, span: Span) -> Segment:
        """Return the part that a position lies in."""
        return self._segments[span.line // STRIDE]

    def territory(self, span: Span) -> int:
        """Return from where the names at a position are looked up."""
        return self._segments[span.line // STRIDE].territory

    def follows(self, span: Span) -> str:
        """Return the character after a span, or nothing at the end of its line."""
        file = self.segment(span).file
        if file not in self._lines:
            self._lines[file] = self._texts[file].split("\n")
        lines, number = self._lines[file], span.end_line % STRIDE
        return lines[number - 1][span.end_column - 1 : span.end_column] if number <= len(lines) else ""

    def where(self, span: Span) -> tuple[str, Span]:
        """Return the file of a position, and the position in it."""
        line, column, end_line, end_column = span
        return self.segment(span).file, Span(line % STRIDE, column, end_line % STRIDE, end_column)

    def resolved(self, found: Diagnostic) -> Diagnostic:
        """Return a finding in the tree as one in the file that it comes from, naming both places."""
        span = Span(found.line, found.column, found.end_line, found.end_column)
        related = tuple(self._related(one) for one in found.related)
        if span.line < STRIDE:
            related += self._used(found.file)
            return found if related == found.related else found.model_copy(update={"related": related})
        return found.model_copy(update={**self._placed(span), "related": (*related, *self._brought_by(span))})

    def _used(self, file: str) -> tuple[Related, ...]:
        """Return the place that uses a file, the nearest first; of the workflow's own there is none."""
        if file not in self._uses or file == self._segments[HOST].file:
            return ()
        why, at = self._uses[file]
        where, span = self.where(at)
        return place(why, where, span), *self._brought_by(at)

    def _related(self, one: Related) -> Related:
        if one.line < STRIDE:
            return one
        return one.model_copy(update=self._placed(Span(one.line, one.column, one.end_line, one.end_column)))

    def _placed(self, span: Span) -> Mapping[str, str | int]:
        file, real = self.where(span)
        return {"file": file, **real._asdict()}

    def _brought_by(self, span: Span) -> tuple[Related, ...]:
        """Return the places that brought a part here, the nearest first."""
        found: list[Related] = []
        segment = self.segment(span)
        while segment.why is not None and segment.at is not None:
            file, at = self.where(segment.at)
            found.append(place(segment.why, file, at))
            segment = self.segment(segment.at)
        return tuple(found)
