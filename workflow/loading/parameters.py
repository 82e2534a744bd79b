"""Parameters of workflows and fragments: what fills them, and what guards see of them.

Owns `Value`, a parameter with what it is filled with, the form that each type takes, and the constants
that guards read. Where a value is put in is ``expansion``'s business. Called by ``expansion`` and
``loading``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from workflow.definition import Json, ParameterType
from workflow.durations import Unit, parse
from workflow.expressions.guards import Constant, Kind, Type
from workflow.history.canonical import decimal_text, normal_text
from workflow.source.diagnostics import Span
from workflow.source.shapes import (
    DURATION,
    NAME_PATTERN,
    NUMBER,
    PATH,
    Form,
    Items,
    Leaf,
    Spec,
)
from workflow.source.text import Node, Scalar, Sequence

NONE = "none"

_ROLE = Leaf(form=Form.WORD, name="role", pattern=rf"{NAME_PATTERN}(?:\.{NAME_PATTERN})?")
_NUMBER = Leaf(form=Form.WORD, name="number", pattern=NUMBER.pattern)
_TRUTH = Leaf(form=Form.BOOLEAN, name="boolean", words=("true", "false"))
_TEXT = Leaf(form=Form.TEXT, name="text")
_BASIS = Leaf(form=Form.TEXT, name="basis")
_GUARD = Leaf(form=Form.EXPRESSION, name="expression")

FORMS: Mapping[ParameterType, Spec] = {
    ParameterType.DURATION: DURATION,
    ParameterType.BOOLEAN: _TRUTH,
    ParameterType.NUMBER: _NUMBER,
    ParameterType.TEXT: _TEXT,
    ParameterType.BASIS: Items(item=_BASIS, is_single=True),
    ParameterType.ROLE: _ROLE,
    ParameterType.ROLES: Items(item=_ROLE, is_single=True),
    ParameterType.DOCUMENT: PATH,
    ParameterType.DOCUMENTS: Items(item=PATH, is_single=True),
    ParameterType.TRIGGER: PATH,
    ParameterType.TRIGGERS: Items(item=PATH, is_single=True),
    ParameterType.CONDITION: _GUARD,
}
"""Type → the form of what fills it, ``none`` apart."""

CONSTANT = frozenset(
    (ParameterType.DURATION, ParameterType.BOOLEAN, ParameterType.NUMBER, ParameterType.TEXT)
)
"""Types whose values guards read by the bare name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A parameter, filled.

    Attributes:
        node: What fills it, at its place in the tree; ``None``: nothing does, and what it would fill
            is left out.
        is_broken: Whether nothing right was given, which has been reported.
        is_sample: Whether it only stands for what may be given, in a fragment that is read alone.
    """

    name: str
    type: ParameterType
    node: Node | None
    is_broken: bool = False
    is_sample: bool = False

    def constant(self) -> Constant | None:
        """Return what guards see of it, if they see it."""
        if self.is_broken and self.type in CONSTANT:
            stand_in = Scalar(text=SAMPLES[self.type], plain=True, span=Span(0, 1, 0, 1))
            return Value(name=self.name, type=self.type, node=stand_in, is_sample=True).constant()
        if self.type is ParameterType.CONDITION and self.is_sample:
            return Constant(type=Type(kind=Kind.BOOLEAN), value=True, is_known=False)
        if self.type not in CONSTANT:
            return None
        if not isinstance(self.node, Scalar):
            return Constant(type=Type(kind=Kind.NONE), value=None)
        return _constant(self.type, self.node.text, is_known=not self.is_sample)

    def to_json(self) -> Json:
        """Return it as the canonical form has it."""
        if self.node is None:
            return None
        if isinstance(self.node, Sequence):
            return [one.text for one in self.node.items if isinstance(one, Scalar)]
        if not isinstance(self.node, Scalar):
            return None
        text = self.node.text
        if isinstance(FORMS[self.type], Items):
            return [normal_text(text)]
        if self.type is ParameterType.DURATION and (duration := parse(text)) is not None:
            return duration.to_json()
        if self.type is ParameterType.BOOLEAN:
            return text == "true"
        if self.type is ParameterType.NUMBER:
            number = Decimal(text)
            return int(number) if number == int(number) else decimal_text(number)
        return normal_text(text)


def _constant(kind: ParameterType, text: str, *, is_known: bool) -> Constant | None:
    if kind is ParameterType.DURATION:
        duration = parse(text)
        if duration is None:
            return None
        unit = Unit.MONTHS if duration.unit is Unit.YEARS else duration.unit
        return Constant(type=Type(kind=Kind.DURATION, unit=unit), value=duration, is_known=is_known)
    if kind is ParameterType.BOOLEAN:
        return Constant(type=Type(kind=Kind.BOOLEAN), value=text == "true", is_known=is_known)
    if kind is ParameterType.TEXT:
        return Constant(type=Type(kind=Kind.TEXT), value=normal_text(text), is_known=is_known)
    number = Decimal(text)
    if number == int(number):
        return Constant(type=Type(kind=Kind.INTEGER), value=int(number), is_known=is_known)
    return Constant(type=Type(kind=Kind.DECIMAL), value=number, is_known=is_known)


def is_none(node: Node) -> bool:
    """Whether a value says that nothing fills its parameter."""
    return isinstance(node, Scalar) and node.plain and node.text == NONE


def node_of(value: object, kind: ParameterType, span: Span) -> Node | None:
    """Return what a caller gave for a parameter as if it had been written; ``None``: it cannot be.

    Args:
        value: Text, a truth, a number or a list of texts; for lists also one text with commas.
        span: Where to point if it is wrong.
    """
    if isinstance(value, str) and isinstance(FORMS[kind], Items) and value != NONE:
        value = [one.strip() for one in value.split(",")]
    if isinstance(value, list | tuple):
        texts = [one for one in value if isinstance(one, str)]
        items = tuple(Scalar(text=text, plain=True, span=span) for text in texts)
        return Sequence(items=items, span=span) if len(texts) == len(value) else None
    if value is None:
        return Scalar(text=NONE, plain=True, span=span)
    if isinstance(value, bool):
        return Scalar(text="true" if value else "false", plain=True, span=span)
    if isinstance(value, str | int | Decimal):
        return Scalar(text=str(value), plain=True, span=span)
    return None


SAMPLES: Mapping[ParameterType, str] = {
    ParameterType.DURATION: "1 day",
    ParameterType.BOOLEAN: "true",
    ParameterType.NUMBER: "1",
    ParameterType.TEXT: "x",
    ParameterType.BASIS: "X ps 1",
    ParameterType.ROLE: "sample",
    ParameterType.ROLES: "sample",
    ParameterType.DOCUMENT: "sample",
    ParameterType.DOCUMENTS: "sample",
    ParameterType.CONDITION: "True",
}
"""Type → what stands for a value that nobody has given yet, where a fragment is read alone."""
