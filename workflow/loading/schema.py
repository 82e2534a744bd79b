"""The JSON Schema of definition files, for editors and other tools.

Owns the translation of the shapes of ``workflow.loading.document`` into draft 2020-12. The schema says what
`workflow.source.reading` accepts, no more and no less; what names mean, no schema can say. Called by the
command line.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from workflow.loading.document import WorkflowShape
from workflow.source.shapes import (
    DATE,
    LARGEST,
    PARAMETER,
    Either,
    Form,
    Free,
    Items,
    Leaf,
    Named,
    Shape,
    Spec,
    members,
)

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def definition_schema(model: type[Shape] = WorkflowShape) -> Schema:
    """Return the JSON Schema (draft 2020-12) of a definition file, or of another shape.

    Scalars are typed as YAML 1.2 types what JSON can write: ``45`` is a number, ``1 day`` and
    ``2020-04-14`` are text.
    """
    writer = _Writer()
    reference = writer.spec(model)
    return {"$schema": DIALECT, "title": "kerjasama, format 1", **reference, "$defs": writer.definitions}


class _Writer:
    """Collects the schemas of the shapes by name."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def spec(self, spec: Spec) -> Schema:
        if isinstance(spec, Leaf):
            return self._or_parameter(spec)
        if isinstance(spec, Items):
            several: Schema = {"type": "array", "items": self.spec(spec.item)}
            if spec.least:
                several["minItems"] = spec.least
            return {"anyOf": [self.spec(spec.item), several]} if spec.is_single else several
        if isinstance(spec, Named):
            return self._named(spec)
        if isinstance(spec, Either):
            return {"anyOf": [self._or_parameter(spec.leaf), self.spec(spec.model)]}
        if isinstance(spec, Free):
            return {} if spec.takes_null else {"not": {"type": "null"}}
        return self._model(spec)

    def _or_parameter(self, leaf: Leaf) -> Schema:
        """Allow ``$name`` where a parameter may stand; texts and expressions allow it as they are."""
        schema = _leaf(leaf)
        if not leaf.takes_parameter or leaf.form in (Form.TEXT, Form.EXPRESSION):
            return schema
        self.definitions["Filled"] = {
            "type": "string",
            "description": "A parameter",
            "pattern": f"^{PARAMETER.pattern}$",
        }
        return {"anyOf": [schema, {"$ref": "#/$defs/Filled"}]}

    def _named(self, spec: Named) -> Schema:
        names = {"pattern": f"^(?:{spec.key.pattern})$"}
        found: Schema = {
            "type": "object",
            "propertyNames": names,
            "additionalProperties": self.spec(spec.item),
        }
        if spec.least:
            found["minProperties"] = spec.least
        return found

    def _model(self, model: type[Shape]) -> Schema:
        name = model.__name__.removesuffix("Shape")
        if name not in self.definitions:
            self.definitions[name] = {}  # shapes may contain themselves
            self.definitions[name] = self._object(model)
        return {"$ref": f"#/$defs/{name}"}

    def _object(self, model: type[Shape]) -> Schema:
        found: Schema = {"type": "object", "additionalProperties": False}
        if model.__doc__:
            found["description"] = model.__doc__
        found["properties"] = {}
        for key, member in members(model).items():
            schema = self.spec(member.spec)
            if member.description:
                schema = {**schema, "description": member.description}
            found["properties"][key] = schema
        required = [key for key, member in members(model).items() if member.is_required]
        required += [group[0] for group in model.needed if len(group) == 1]
        if required:
            found["required"] = required
        if model.beside:
            found["dependentRequired"] = {name: [other] for name, other in model.beside}
        if together := _together(model):
            found["allOf"] = together
        return found


def _together(model: type[Shape]) -> list[Schema]:
    at_most_one = [
        {"not": {"required": [first, second]}}
        for group in model.exclusive
        for position, first in enumerate(group)
        for second in group[position + 1 :]
    ]
    at_least_one = [
        {"anyOf": [{"required": [name]} for name in group]} for group in model.needed if len(group) > 1
    ]
    return at_most_one + at_least_one


def _leaf(leaf: Leaf) -> Schema:
    if leaf.form in (Form.TEXT, Form.EXPRESSION):
        return {"type": ["string", "number", "boolean"], "pattern": r"^[\s\S]*\S"}
    if leaf.form in (Form.WORD, Form.DURATION):
        return _word(leaf)
    if leaf.form is Form.BOOLEAN:
        return {"type": "boolean"} if len(leaf.words) == 2 else {"const": True}
    if leaf.form is Form.LIMIT:
        return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{DATE.pattern}$"}]}
    whole: Schema = {"type": "integer", "minimum": leaf.least, "maximum": LARGEST}
    return {"anyOf": [{"enum": list(leaf.words)}, whole]} if leaf.form is Form.COUNT else whole


def _word(leaf: Leaf) -> Schema:
    if leaf.words == ("1",):
        return {"type": ["integer", "string"], "enum": [1, "1"]}  # the number of a format may be quoted
    if leaf.words:
        return {"enum": list(leaf.words)}
    return {"type": "string", "pattern": f"^(?:{leaf.pattern})$"}
