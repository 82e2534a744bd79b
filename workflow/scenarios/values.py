"""Values as they are written in a scenario file, and what they stand for.

Owns the way from a node to what a caller of the embedding API gives. It types what has the form of its
field and leaves everything else as it was written, so that a scenario can also give what must be refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from workflow.definition import Fact, Field, FieldType
from workflow.expressions.guards import check_limits, encode
from workflow.expressions.values import InvalidValue
from workflow.locale import Message
from workflow.source.nodes import Mapping, Node, Scalar
from workflow.source.reading import NULLS

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_TRUTH = {"true": True, "false": False}


def given(declared: Field | Fact, node: Node) -> Any:
    """Return what a node stands for in a field: of a ``per: party`` field a mapping is by party."""
    if isinstance(declared, Field) and declared.per_party and isinstance(node, Mapping):
        return {entry.key.text: _value(declared, entry.value) for entry in node.entries}
    return _value(declared, node)


def _value(declared: Field | Fact, node: Node) -> Any:
    if isinstance(node, Scalar):
        one = _typed(declared.type, node)
        return [one] if getattr(declared, "many", False) and one is not None else one
    if isinstance(node, Mapping):
        return _record(declared, node)
    return [
        _record(declared, item) if isinstance(item, Mapping) else _item(declared, item) for item in node.items
    ]


def _item(declared: Field | Fact, node: Node) -> Any:
    if isinstance(node, Scalar):
        return _typed(declared.type, node)
    return [_item(declared, item) for item in getattr(node, "items", ())]


def _record(declared: Field | Fact, node: Mapping) -> dict[str, Any]:
    columns = getattr(declared, "columns", {})
    text = Field(name=declared.name, type=FieldType.TEXT)
    return {entry.key.text: _value(columns.get(entry.key.text, text), entry.value) for entry in node.entries}


def _typed(kind: FieldType, scalar: Scalar) -> Any:
    text = scalar.text
    if scalar.plain and text in NULLS:
        return None
    if not scalar.plain:
        return text
    if kind is FieldType.BOOLEAN:
        return _TRUTH.get(text, text)
    if kind is FieldType.INTEGER and _INTEGER.fullmatch(text):
        return int(text)
    return text


def problem(declared: Field | Fact, value: Any) -> Message | None:
    """Say why a value is none of its field; ``None`` where it is one, or by party each is."""
    if isinstance(declared, Field) and declared.per_party and isinstance(value, dict):
        return next((wrong for one in value.values() if (wrong := _problem(declared, one))), None)
    return _problem(declared, value)


def _problem(declared: Field | Fact, value: Any) -> Message | None:
    try:
        encoded = encode(declared, value)
    except InvalidValue as error:
        return error.message
    return check_limits(declared, encoded) if isinstance(declared, Field) else None


def scalars(node: Node) -> Iterator[Scalar]:
    """Yield every text of a node."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Mapping):
        for entry in node.entries:
            yield from scalars(entry.value)
    else:
        for item in node.items:
            yield from scalars(item)
