"""The tree that YAML text becomes: scalars, mappings and sequences, each with its place.

Owns the node classes and nothing else; `text` builds them and gives them out under its own name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from workflow.source import spans
from workflow.source.diagnostics import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A key or a value that is text, as it was written.

    Attributes:
        text: The value: quotes removed, escapes and folded lines resolved, not typed.
        plain: Whether it was written without quotes and not as a block.
        span: Where, quotes included.
        raw: As written, quotes included; empty where that is ``text`` on one line.
        style: ``""`` plain, ``'`` or ``"`` quoted, ``|`` or ``>`` block.
    """

    text: str
    plain: bool
    span: Span
    raw: str = field(default="", repr=False, compare=False)
    style: str = field(default="", repr=False, compare=False)

    def part(self, start: int, length: int) -> Span:
        """Return where ``length`` characters of ``text`` from offset ``start`` stand in the source.

        Exact for one line and for literal blocks; in folded text a line break stands for its blanks.
        """
        line, column = self.span[:2]
        start = max(0, min(start, len(self.text)))
        end = min(start + max(length, 0), len(self.text))
        if not self.raw:
            return Span(line, column + start, line, column + end)
        traced = spans.offsets(self.raw, self.style, self.text[: end + 1])
        first = traced[start][0] if start < len(traced) else traced[-1][1] if traced else 0
        last = traced[end - 1][1] if end > start else first
        return Span(*spans.moved(line, column, self.raw, first), *spans.moved(line, column, self.raw, last))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One key of a mapping with its value."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A mapping: its entries in the order in which they were written, each key once."""

    entries: tuple[Entry, ...]
    span: Span
    _by_name: dict[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {entry.key.text: entry for entry in self.entries})

    def get(self, name: str) -> Node | None:
        """Return the value of a key, or ``None`` where there is no such key."""
        entry = self._by_name.get(name)
        return entry.value if entry else None

    def key(self, name: str) -> Scalar | None:
        """Return a key as it was written, or ``None`` where there is no such key."""
        entry = self._by_name.get(name)
        return entry.key if entry else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A list in the order in which it was written."""

    items: tuple[Node, ...]
    span: Span


Node: TypeAlias = Scalar | Mapping | Sequence
