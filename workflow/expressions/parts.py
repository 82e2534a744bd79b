"""A checked piece of a guard, and the list of what is wrong with the rest.

Owns `Part`, what the compiler and its rules hand to each other, and `Findings`, which turns places
of Python's tree into places of the text. Called by ``compiler`` and ``rules``.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from workflow.expressions.operations import Run, constant
from workflow.expressions.tokens import problem
from workflow.expressions.types import BOOLEAN, UNKNOWN, Kind, Problem, Type
from workflow.history.canonical import decimal_text

NOTHING: frozenset[str] = frozenset()

# How strongly the parts of a construct hold together, loosest first; for printing only.
OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN, ATOM = range(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a guard, typed and compiled.

    Attributes:
        type: What value it has.
        run: Computes it.
        normal: Its normal spelling.
        binding: How strongly the normal spelling holds together.
        place: Where it stands in the text: start and length.
        shown: Its own words, for messages.
        is_constant: Whether the text alone says its value, which is then ``value``.
        is_bound: Whether that value comes of a parameter: what it decides is left out.
        field: The field that it is, where it is nothing else.
        plain: Whether ``run`` is the bare read of that field.
        items: The entries of a list that is written out.
        when_true: Fields that are known not to be empty where it is true.
        when_false: The same where it is false.
    """

    type: Type
    run: Run
    normal: str
    place: tuple[int, int]
    shown: str
    binding: int = ATOM
    is_constant: bool = False
    is_bound: bool = False
    value: Any = None
    field: str | None = None
    plain: bool = False
    items: tuple[Part, ...] = ()
    when_true: frozenset[str] = NOTHING
    when_false: frozenset[str] = NOTHING

    def inside(self, binding: int) -> str:
        """Return the normal spelling as part of a construct that binds as strongly as ``binding``."""
        return self.normal if self.binding > binding else f"({self.normal})"

    @property
    def is_text(self) -> bool:
        """Whether it is a text in quotes, which takes the type of what it stands beside."""
        return self.is_constant and self.type.kind is Kind.TEXT


@dataclass(slots=True)
class Findings:
    """The problems of one guard, as they are found."""

    text: str
    problems: list[Problem] = field(default_factory=list)

    def place(self, node: ast.expr) -> tuple[int, int]:
        """Return start and length of a node in characters.

        The tree counts UTF-8 bytes, and the brackets that were put around the text; a tuple without
        brackets of its own takes those.
        """
        encoded = self.text.encode()
        start, end = max(0, node.col_offset - 1), min(len(encoded), (node.end_col_offset or 1) - 1)
        if len(encoded) != len(self.text):
            start, end = (len(encoded[:offset].decode()) for offset in (start, end))
        return start, end - start

    def shown(self, place: tuple[int, int]) -> str:
        """Return the words at a place, short enough for a message."""
        words = " ".join(self.text[place[0] : place[0] + place[1]].split())
        return words if len(words) <= 50 else f"{words[:49]}…"

    def report(self, key: str, place: tuple[int, int], **params: object) -> None:
        """Note a problem."""
        start, length = place
        self.problems.append(problem(key, start, length, **params))

    def wrong(self, place: tuple[int, int]) -> Part:
        """Stand for a part that has been reported."""
        return Part(type=UNKNOWN, run=constant(None), normal="", place=place, shown=self.shown(place))


def truth(parts: Sequence[Part], run: Run, normal: str, binding: int, findings: Findings) -> Part:
    """Make a boolean part that reaches from the first to the last of ``parts``."""
    place = spanned(parts)
    shown = findings.shown(place)
    return Part(type=BOOLEAN, run=run, normal=normal, binding=binding, place=place, shown=shown)


def spanned(parts: Sequence[Part]) -> tuple[int, int]:
    """Return the place from the first to the last of ``parts``."""
    start = parts[0].place[0]
    return start, sum(parts[-1].place) - start


def spell(value: Any) -> str:
    """Return the normal spelling of a constant."""
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"
    return decimal_text(value) if isinstance(value, Decimal) else str(value)
