"""Names and values of a scenario, held against the definition of a case.

Owns `Names`: what is looked up is reported where it is not there, with the nearest that is; without a
definition names are taken as they are. Called by ``steps`` and ``expectations``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from workflow.definition import Definition, Fact, Field
from workflow.expressions.guards import decode, encode
from workflow.loading.context import Context, texts
from workflow.scenarios.model import RefusedAs, is_end
from workflow.scenarios.shapes import RefusedShape, StepShape
from workflow.scenarios.values import given, problem
from workflow.source.diagnostics import Span
from workflow.source.nodes import Node, Scalar
from workflow.source.reading import suggestion


class Names:
    """Names looked up in one definition; without one they are taken as they are."""

    def __init__(self, context: Context, definition: Definition | None) -> None:
        self._context = context
        self._definition = definition

    def one(self, kind: str, name: Scalar | None) -> str | None:
        """Look up a role, or a document or rule by its name or the end of its path."""
        if name is None:
            return None
        if self._definition is not None:
            tables: Mapping[str, Collection[str]] = {
                "role": self._definition.roles,
                "document": self._definition.documents,
                "rule": self._definition.rules,
            }
            if kind != "role":
                self.end(kind, name, tables[kind])
            elif name.text not in tables[kind]:
                self._context.report_unknown(kind, name.span, name.text, tables[kind])
        return name.text

    def trigger(self, name: Scalar | None) -> str | None:
        """Look up a trigger by its name or the end of its path."""
        if name is None:
            return None
        if self._definition is not None:
            self.end("trigger", name, self.handlers)
        return name.text

    def deadline(self, name: Scalar | None) -> str | None:
        """Look up a deadline by its name or the end of its path."""
        if name is None:
            return None
        if self._definition is not None:
            states = self._definition.states.values()
            self.end("clock", name, [one.path for state in states for one in state.deadlines])
        return name.text

    def end(self, kind: str, name: Scalar, paths: Collection[str]) -> None:
        """Report a name that is the end of no path, with the nearest end of as many segments."""
        if any(is_end(path, name.text) for path in paths):
            return
        size = name.text.count(".") + 1
        ends = dict.fromkeys(".".join(path.split(".")[-size:]) for path in paths if path)
        self._context.report_unknown(kind, name.span, name.text, ends)

    @property
    def handlers(self) -> tuple[str, ...]:
        """Paths of every transition, votes of a consent by their own names."""
        states = self._definition.states.values() if self._definition else ()
        return tuple(one.path for state in states for one in state.handlers)

    def fields(
        self, written: Iterable[tuple[Scalar, Node]], *, is_checked: bool
    ) -> Iterator[tuple[str, Any]]:
        """Type the fields of an act; what an act may be refused for is not reported."""
        if self._definition is None:
            return
        for name, node in written:
            meant = self.fields_called(name)
            if not meant:
                continue
            fitting = next((one for one in meant if problem(one, given(one, node)) is None), meant[0])
            value = given(fitting, node)
            if is_checked:
                self._report_value(fitting, value, node)
            yield name.text, value

    def expected_fields(
        self, written: Iterable[tuple[Scalar, Node]]
    ) -> Iterator[tuple[Scalar, Node, str, Any]]:
        """Look up expected fields: yield the name and node as written, the field, the value as in history."""
        if self._definition is None:
            return
        for name, node in written:
            meant = self.fields_called(name)
            if len(meant) > 1:
                names = ", ".join(one.name for one in meant)
                self._context.report(
                    "unknown-field", name.span, key="unknown-field.several", name=name.text, names=names
                )
                continue
            for declared in meant:
                value = given(declared, node)
                if self._report_value(declared, value, node):
                    continue
                if declared.per_party and isinstance(value, dict):
                    yield (
                        name,
                        node,
                        declared.name,
                        {key: encode(declared, one) for key, one in value.items()},
                    )
                else:
                    yield name, node, declared.name, encode(declared, value)

    def fields_called(self, name: Scalar) -> tuple[Field, ...]:
        """Return the fields that a name can mean: the one of that name, else local ones; report none."""
        if self._definition is None:
            return ()
        fields = self._definition.fields
        if name.text in fields:
            return (fields[name.text],)
        meant = tuple(one for one in fields.values() if is_end(one.name, name.text))
        if not meant:
            bare = dict.fromkeys(one.bare for one in fields.values())
            self._context.report_unknown("field", name.span, name.text, bare)
        return meant

    def facts(self, written: Iterable[tuple[Scalar, Node]]) -> Iterator[tuple[str, Any]]:
        """Type the facts that are answered."""
        if self._definition is None:
            return
        for name, node in written:
            declared = self._definition.facts.get(name.text)
            if declared is None:
                self._context.report_unknown("fact", name.span, name.text, self._definition.facts)
                continue
            value = given(declared, node)
            if not self._report_value(declared, value, node):
                yield name.text, decode(declared, encode(declared, value))

    def _report_value(self, declared: Field | Fact, value: Any, node: Node) -> bool:
        """Report a value that is none of its field; return whether there was something to report."""
        wrong = problem(declared, value)
        if wrong is None:
            return False
        help = None
        if isinstance(node, Scalar) and isinstance(declared, Field) and declared.options:
            help = suggestion(node.text, declared.options)
        self._context.report("value-unfit", _start(node), name=declared.name, why=wrong, help=help)
        return True

    def refused(self, shape: StepShape) -> RefusedAs | None:
        """Return with what the step must be refused."""
        written = shape.refused
        if written is None:
            return None
        if isinstance(written, Scalar):
            return RefusedAs(span=written.span, code=written.text)
        return RefusedAs(
            span=shape.key("refused"),
            code=written.code.text if written.code else None,
            rule=self._rule(written),
            basis=texts(written.basis),
        )

    def _rule(self, written: RefusedShape) -> str | None:
        return self.one("rule", written.rule)


def _start(node: Node) -> Span:
    span = node.span
    return span if isinstance(node, Scalar) else Span(span.line, span.column, span.line, span.column + 1)
