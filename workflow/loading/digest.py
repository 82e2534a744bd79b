"""The canonical form of a definition, and the digest over it.

Owns which of a file's spellings are one and the same. Walks the shapes of ``workflow.loading.document``, so
that a key added there is covered here; hashing belongs to ``workflow.history.canonical``. Called by
``loading`` for a definition without errors.

Source: HISTORY-FORMAT, "Definition digest".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflow.definition import FieldType, Json, Label
from workflow.durations import parse
from workflow.history.canonical import DEFINITION_PREFIX, decimal_text, digest_of, normal_text
from workflow.loading.document import FieldShape, LabelShape, TitleShape, WorkflowShape
from workflow.source.shapes import DATE, Either, Form, Items, Leaf, Named, Shape, Spec, members
from workflow.source.text import Scalar

FORMAT = ("1",)


def canonical_form(
    shape: WorkflowShape,
    guards: Mapping[Scalar, str],
    options: Callable[[Scalar], Iterable[tuple[str, Label]]],
) -> dict[str, Json]:
    """Return the form that the digest covers.

    Args:
        shape: A definition without errors.
        guards: The normal spelling of every guard, and what references mean that come from elsewhere.
        options: Gives the choices of a shared list, in order.
    """
    return _Writer(guards, options).shape(shape)


def digest(form: Mapping[str, Json]) -> str:
    """Return the definition digest, in hex."""
    return digest_of(DEFINITION_PREFIX, dict(form))


@dataclass(frozen=True, slots=True)
class _Writer:
    guards: Mapping[Scalar, str]
    options: Callable[[Scalar], Iterable[tuple[str, Label]]]

    def shape(self, shape: Shape) -> dict[str, Json]:
        """Write a mapping of fixed keys: without what is absent or empty, defaults not filled in."""
        found: dict[str, Json] = {}
        for key, member in members(type(shape)).items():
            value = getattr(shape, member.attribute)
            if value is None or value == () or key == "parameters":  # those are written as they are bound
                continue
            written = self._value(member.spec, value)
            if written not in ([], {}):
                found[key] = written
        if isinstance(shape, FieldShape):
            self._field(shape, found)
        return found

    def _field(self, shape: FieldShape, found: dict[str, Json]) -> None:
        """Write what depends on a field's type, and its shared list as the options it stands for."""
        if shape.list is not None:
            del found["list"]
            found["options"] = [
                [name, _label({"id": one.id, "en": one.en})] for name, one in self.options(shape.list)
            ]
        if shape.type.text == FieldType.INTEGER:
            found.update({key: int(limit.text) for key, limit in _limits(shape)})

    def _value(self, spec: Spec, value: Any) -> Json:
        if isinstance(spec, Leaf):
            return self._leaf(spec, value)
        if isinstance(spec, Items):
            return [self._value(spec.item, one) for one in value]
        if isinstance(spec, Named):
            bodies = [
                (self.guards.get(name, name.text), self._value(spec.item, body)) for name, body in value
            ]
            return [_pair(name, body) for name, body in bodies] if spec.is_ordered else dict(bodies)
        if isinstance(spec, Either):
            return _written_label(value) if spec.model is TitleShape else None
        return self.shape(value)

    def _leaf(self, leaf: Leaf, scalar: Scalar) -> Json:
        text = self.guards.get(scalar, scalar.text) if leaf.form is Form.WORD else scalar.text
        match leaf.form:
            case Form.EXPRESSION:
                written: Json = normal_text(self.guards[scalar])
            case Form.DURATION:
                duration = parse(text)
                written = duration.to_json() if duration else text
            case Form.BOOLEAN:
                written = text == "true"
            case Form.LIMIT if not DATE.fullmatch(text):
                written = decimal_text(Decimal(text))
            case Form.INTEGER:
                written = int(text)
            case Form.COUNT if text not in leaf.words:
                written = int(text)
            case _:
                written = normal_text(text)
        return int(text) if leaf.words == FORMAT else written


def _pair(name: str, body: Json) -> Json:
    """Write one entry of an ordered mapping; an empty body is left out as every empty member is."""
    return [name] if body in ([], {}) else [name, body]


def _limits(shape: FieldShape) -> list[tuple[str, Scalar]]:
    pairs = (("min", shape.min), ("max", shape.max))
    return [(key, limit) for key, limit in pairs if limit is not None]


def _written_label(label: LabelShape) -> Json:
    if isinstance(label, TitleShape):
        return _label({"id": label.id.text, "en": label.en.text if label.en else None})
    return _label({"id": label.text, "en": None})


def _label(texts: Mapping[str, str | None]) -> dict[str, Json]:
    return {language: normal_text(text) for language, text in texts.items() if text is not None}
