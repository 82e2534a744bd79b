"""From the tree of a file to its shape, with every problem on the way.

Owns the walk that holds a node against a model of ``workflow.loading.document``. It knows forms, not
meanings: names are resolved by ``workflow.loading.loader``. What is broken is reported and left out, so that
the rest can be looked at too. Called by the loader.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import Enum
from typing import Any, TypeVar

import workflow.texts.loading
import workflow.texts.reading  # noqa: F401  (registers its texts)
from workflow.locale import Message
from workflow.source.diagnostics import Diagnostic, Severity, Span, did_you_mean, finding, place
from workflow.source.remedies import remedy
from workflow.source.shapes import (
    DATE,
    INTEGER,
    LARGEST,
    NUMBER,
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
from workflow.source.text import Mapping, Node, Scalar, Sequence

S = TypeVar("S", bound=Shape)

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BROKEN = object()


class Parameters(Enum):
    """What becomes of ``$name`` where a parameter may stand.

    ``REFUSED``: this file has none. ``ACCEPTED``: any is right. ``GONE``: those that are still there
    have been reported, so what they fill is left out.
    """

    REFUSED = "refused"
    ACCEPTED = "accepted"
    GONE = "gone"


class Reader:
    """Reads the shapes of one file; ``diagnostics`` grows as it goes."""

    def __init__(self, file: str, parameters: Parameters = Parameters.REFUSED) -> None:
        self.file = file
        self._parameters = parameters
        self.diagnostics: list[Diagnostic] = []

    def read(self, node: Node, model: type[S], owner: Span) -> S | None:
        """Read ``node`` as ``model``.

        Args:
            owner: Where to point when something is missing: the name under which the node stands.

        Returns:
            The shape with what could be read, or ``None`` where something that it needs is missing
            or broken; then a diagnostic says so.
        """
        if not isinstance(node, Mapping):
            self._report_type(node, "mapping", owner, keys=members(model))
            return None
        return self._shape(node, model, owner)

    def value(self, spec: Spec, node: Node, owner: Span) -> Any:
        """Read ``node`` as what a specification says; ``None`` where it is broken, which is reported."""
        found = self._value(spec, node, owner)
        return None if found is _BROKEN else found

    # Values ----------------------------------------------------------------------------------------

    def _value(self, spec: Spec, node: Node, owner: Span) -> Any:
        if isinstance(node, Scalar) and node.plain and node.text in NULLS:
            if isinstance(spec, Free) and spec.takes_null and node.text:
                return node
            self._report("empty-value", owner if node.text == "" else node.span)
            return _BROKEN
        match spec:
            case Free():
                value = node
            case Leaf():
                value = self._leaf(spec, node, owner)
            case Items():
                value = self._items(spec, node, owner)
            case Named():
                value = self._named(spec, node, owner)
            case Either() if isinstance(node, Mapping):
                value = self._or_broken(self._shape(node, spec.model, owner))
            case Either():
                value = self._leaf(spec.leaf, node, owner)
            case _:
                value = self._or_broken(self.read(node, spec, owner))
        return value

    @staticmethod
    def _or_broken(shape: Shape | None) -> Any:
        return _BROKEN if shape is None else shape

    def _leaf(self, leaf: Leaf, node: Node, owner: Span) -> Any:
        if not isinstance(node, Scalar):
            self._report_type(node, "scalar", owner, expected=expectation(leaf))
            return _BROKEN
        may_be_parameter = leaf.takes_parameter and self._parameters is not Parameters.REFUSED
        if may_be_parameter and PARAMETER.fullmatch(node.text):
            return node if self._parameters is Parameters.ACCEPTED else _BROKEN
        if fits(leaf, node):
            return node
        self._report_value(leaf, node)
        return _BROKEN

    def _items(self, spec: Items, node: Node, owner: Span) -> Any:
        if isinstance(node, Sequence):
            nodes = node.items
        elif spec.is_single and (isinstance(node, Scalar) or not isinstance(spec.item, Leaf)):
            nodes = (node,)
        else:
            self._report_type(node, "list", owner)
            return _BROKEN
        if len(nodes) < spec.least:
            self._report("empty-value", node.span, key="empty-value.list")
            return _BROKEN
        if isinstance(spec.item, Leaf) and not spec.may_repeat:
            self._check_repeated(spec.item, nodes, node.span)
        values = [self._value(spec.item, item, _start(item)) for item in nodes]
        return tuple(value for value in values if value is not _BROKEN)

    def _check_repeated(self, leaf: Leaf, nodes: tuple[Node, ...], inside: Span) -> None:
        """Report a word that a list holds already: where one was written twice, another may be meant."""
        if leaf.words or leaf.form not in (Form.WORD, Form.DURATION):
            return
        firsts: dict[str, Scalar] = {}
        for one in nodes:
            # What a parameter put in stands elsewhere, and may well be there already.
            if not isinstance(one, Scalar) or not inside[:2] <= one.span[:2] <= inside[2:]:
                continue
            first = firsts.setdefault(one.text, one)
            if first is not one:
                note = place(Message("loading.first-here"), self.file, first.span)
                self._report(
                    "name-twice",
                    one.span,
                    key="name-twice.list",
                    severity=Severity.WARNING,
                    name=one.text,
                    related=(note,),
                )

    def _named(self, spec: Named, node: Node, owner: Span) -> Any:
        if not isinstance(node, Mapping):
            self._report_type(node, "mapping", owner)
            return _BROKEN
        if len(node.entries) < spec.least:
            self._report("empty-value", owner, key="empty-value.mapping")
            return _BROKEN
        return tuple(self._bodies(spec, node))

    def _bodies(self, spec: Named, node: Mapping) -> Iterator[tuple[Scalar, Any]]:
        for entry in node.entries:
            if not fits(spec.key, entry.key):
                name = entry.key.text
                help = remedy(spec.key, name)
                self._report("bad-name", entry.key.span, help=help, name=name, expected=expectation(spec.key))
            value = self._value(spec.item, entry.value, entry.key.span)
            if value is not _BROKEN:
                yield entry.key, value

    # Mappings of fixed keys ------------------------------------------------------------------------

    def _shape(self, node: Mapping, model: type[S], owner: Span) -> S | None:
        known = members(model)
        values: dict[str, Any] = {}
        broken = set()
        for entry in node.entries:
            name = entry.key.text
            member = known.get(name)
            if member is None:
                self._report_key(entry.key, model)
                continue
            value = self._value(member.spec, entry.value, entry.key.span)
            if value is _BROKEN:
                broken.add(name)
            else:
                values[member.attribute] = value
        required = [member for member in known.values() if member.is_required]
        missing = [one.key for one in required if one.attribute not in values and one.key not in broken]
        for name in missing:
            self._report("missing-key", owner, name=name)
        self._check_together(node, model, owner)
        if any(one.attribute not in values for one in required):
            return None
        return model.made(values, node, owner)

    def _check_together(self, node: Mapping, model: type[Shape], owner: Span) -> None:
        for group in model.exclusive:
            present = [key for name in group if (key := node.key(name)) is not None]
            for second in present[1:]:
                first = present[0]
                note = place(Message("loading.other-key", {"name": first.text}), self.file, first.span)
                self._report(
                    "conflicting-keys", second.span, one=second.text, other=first.text, related=(note,)
                )
        for name, other in model.beside:
            if (key := node.key(name)) is not None and node.key(other) is None:
                self._report("missing-key", key.span, key="missing-key.beside", name=other, key_here=name)
        for group in model.needed:
            if len(group) == 1 and not node.key(group[0]):
                self._report("missing-key", owner, name=group[0])
            elif not any(node.key(name) for name in group):
                self._report("missing-key", owner, key="missing-key.one-of", names=", ".join(group))

    # Findings --------------------------------------------------------------------------------------

    def _report_key(self, key: Scalar, model: type[Shape]) -> None:
        known = members(model)
        help = suggestion(key.text, known) or Message("reading.keys-here", {"names": ", ".join(known)})
        self._report("unknown-key", key.span, help=help, name=key.text)

    def _report_type(
        self,
        node: Node,
        wanted: str,
        owner: Span,
        expected: Message | None = None,
        keys: Collection[str] = (),
    ) -> None:
        found = {Scalar: "scalar", Mapping: "mapping", Sequence: "list"}[type(node)]
        self._report(
            "wrong-type",
            _start(node) if isinstance(node, Scalar) else owner,
            help=Message("reading.keys-here", {"names": ", ".join(keys)}) if keys else None,
            wanted=expected or Message(f"shape.a-{wanted}"),
            found=Message(f"shape.a-{found}"),
        )

    def _report_value(self, leaf: Leaf, node: Scalar) -> None:
        if not node.text.strip():
            self._report("empty-value", node.span)
            return
        is_quoted = leaf.form in (Form.INTEGER, Form.BOOLEAN, Form.LIMIT, Form.COUNT) and not node.plain
        key = "wrong-value.quoted" if is_quoted and _unquoted_fits(leaf, node.text) else None
        near = suggestion(node.text, leaf.words) if leaf.words and not key else None
        help = None if key else near or remedy(leaf, node.text)
        self._report(
            "wrong-value", node.span, key=key, help=help, value=node.text, expected=expectation(leaf)
        )

    def _report(self, code: str, span: Span, **context: Any) -> None:
        self.diagnostics.append(finding(code, self.file, span, **context))


def fits(leaf: Leaf, scalar: Scalar) -> bool:
    """Whether a scalar is of the form of a leaf."""
    text = scalar.text
    if leaf.form in (Form.TEXT, Form.EXPRESSION):
        return bool(text.strip())
    if leaf.form in (Form.WORD, Form.DURATION):
        return text in leaf.words if leaf.words else _matches(leaf.pattern or "", text)
    if leaf.form is Form.COUNT and text in leaf.words:
        return True
    if leaf.form is Form.LIMIT and DATE.fullmatch(text):
        return True
    return scalar.plain and _unquoted_fits(leaf, text)


def _unquoted_fits(leaf: Leaf, text: str) -> bool:
    if leaf.form is Form.BOOLEAN:
        return text in leaf.words
    if leaf.form is Form.LIMIT:
        return NUMBER.fullmatch(text) is not None
    return INTEGER.fullmatch(text) is not None and leaf.least <= int(text) <= LARGEST


def _matches(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text) is not None


def expectation(leaf: Leaf) -> Message:
    """Say what a leaf expects."""
    return Message(f"shape.{leaf.name}", {"words": ", ".join(leaf.words), "least": leaf.least})


def suggestion(word: str, candidates: Any) -> Message | None:
    """Return "did you mean", or ``None`` where nothing is near."""
    meant = did_you_mean(word, candidates)
    return Message("loading.did-you-mean", {"word": meant}) if meant else None


def _start(node: Node) -> Span:
    """Where to point at a node: a scalar as a whole, a collection at its beginning."""
    span = node.span
    if isinstance(node, Scalar):
        return span
    return Span(span.line, span.column, span.line, span.column + 1)
