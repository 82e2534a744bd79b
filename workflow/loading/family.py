"""Child cases: what kinds there are, what a transition opens, and what is known of the child's own file.

Owns `Family`, which resolves ``children`` and ``opens`` and says what guards may read of a related
case. A child's definition is read where it stands beside this one (``pks.yaml`` for the workflow
``pks``), and only for its fields, documents, outcomes and opening: versions stay independent. Called
by the ``loading_*`` modules.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field

from workflow.definition import Field, FieldType, Opens, Relation
from workflow.expressions.guards import Expression, Kin
from workflow.loading.catalogues import Catalogues
from workflow.loading.context import Context, label_or_none, texts
from workflow.loading.document import FieldShape, OpensShape, RelationShape
from workflow.loading.guards import Guards, Place
from workflow.loading.names import Declarations
from workflow.source.diagnostics import Severity
from workflow.source.reading import Reader
from workflow.source.text import Mapping, Node, Scalar, Sequence

DEFAULT_END = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """What is known of another workflow's definition.

    Attributes:
        required: Fields that its opening requires; ``present``: documents that must be there then.
        is_child: Whether a parent opens it.
    """

    fields: MappingOf[str, Field] = field(default_factory=dict)
    documents: frozenset[str] = frozenset()
    outcomes: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    is_child: bool = False


class Family:
    """Resolves the relations of one definition."""

    def __init__(
        self,
        shapes: Iterable[tuple[Scalar, RelationShape]],
        *,
        context: Context,
        catalogues: Catalogues,
        declarations: Declarations,
    ) -> None:
        self._context = context
        self._catalogues = catalogues
        self._names = declarations
        self._others: dict[str, Other | None] = {}
        self.relations = {key.text: self._relation(key, shape) for key, shape in shapes}
        self.kin = {name: self._kin(relation) for name, relation in self.relations.items()}

    def _relation(self, key: Scalar, shape: RelationShape) -> Relation:
        other = self.other(shape.workflow)
        if other is None:
            self._context.report(
                "child-not-read", shape.workflow.span, severity=Severity.WARNING, name=shape.workflow.text
            )
        for one in shape.shares:
            declared = other.fields.get(one.text) if other else None
            if other is not None and declared is None:
                self._context.report_unknown("field", one.span, one.text, tuple(other.fields))
            elif declared is not None and declared.personal:
                self._context.report(
                    "personal-in-guard", one.span, key="personal-in-guard.shares", found=one.text
                )
        return Relation(
            name=key.text,
            workflow=shape.workflow.text,
            title=label_or_none(shape.title),
            shares=texts(shape.shares),
            max=int(shape.max.text) if shape.max else None,
            at_parent_end=shape.at_parent_end.text if shape.at_parent_end else DEFAULT_END,
            decided=self._catalogues.decided(shape.decided),
            basis=self._catalogues.basis(shape.basis),
        )

    def _kin(self, relation: Relation) -> Kin:
        other = self._others[relation.workflow]
        if other is None:
            return Kin()
        shared = {name: other.fields[name] for name in relation.shares if name in other.fields}
        return Kin(fields=shared, outcomes=other.outcomes)

    # What a transition opens -------------------------------------------------------------------------

    def relation(self, scalar: Scalar) -> Relation | None:
        """Return the kind of children that a name means; report one that is not there."""
        found = self.relations.get(scalar.text)
        self._names.names.used.add(("child", scalar.text))
        if found is None:
            self._context.report_unknown("child", scalar.span, scalar.text, tuple(self.relations))
        return found

    def opens(self, shape: OpensShape, guards: Guards, place: Place) -> Opens | None:
        """Resolve what a transition opens."""
        relation = self.relation(shape.child)
        other = self._others[relation.workflow] if relation else None
        if shape.for_each is not None:
            self._names.has("party", shape.for_each)
        fields = {
            name.text: value
            for name, scalar in shape.fields
            if (value := self._value(name, scalar, other, guards, place)) is not None
        }
        documents = self._names.known("document", shape.documents)
        if relation is None:
            return None
        if other is not None:
            self._check_opening(shape, relation, other)
        each = shape.for_each.text if shape.for_each else None
        return Opens(child=relation.name, for_each=each, fields=fields, documents=documents)

    def _value(
        self,
        name: Scalar,
        scalar: Scalar,
        other: Other | None,
        guards: Guards,
        place: Place,
    ) -> Expression | None:
        declared = other.fields.get(name.text) if other else None
        if other is not None and declared is None:
            self._context.report_unknown("field", name.span, name.text, tuple(other.fields))
        if declared is not None and declared.personal:
            self._context.report("personal-in-guard", name.span, key="personal-in-guard.set", found=name.text)
            return None
        return guards.value(scalar, place, declared)

    def _check_opening(self, shape: OpensShape, relation: Relation, other: Other) -> None:
        if not other.is_child:
            self._context.report("opens-incomplete", shape.child.span, name=relation.workflow)
        lacking = sorted(other.required - {name.text for name, _ in shape.fields})
        if lacking:
            names = ", ".join(lacking)
            self._context.report(
                "opens-incomplete", shape.child.span, key="opens-incomplete.fields", names=names
            )
        papers = sorted(other.present - set(texts(shape.documents)))
        if papers:
            names = ", ".join(papers)
            self._context.report(
                "opens-incomplete", shape.child.span, key="opens-incomplete.documents", names=names
            )

    # Other files -------------------------------------------------------------------------------------

    def other(self, workflow: Scalar) -> Other | None:
        """Return what is known of another workflow, ``None`` where its file cannot be read."""
        name = workflow.text
        if name not in self._others:
            root = self._catalogues.root(f"{name}.yaml")
            self._others[name] = None if root is None else self._read(root)
        return self._others[name]

    def _read(self, root: Mapping) -> Other:
        reader = Reader("")  # what is wrong in another definition is said where it is checked
        fields = {}
        for key, body in _entries(root.get("fields")):
            shape = reader.read(body, FieldShape, key.span)
            if shape is not None:
                fields[key.text] = self._other_field(key.text, shape)
        opening = root.get("open")
        return Other(
            fields=fields,
            documents=frozenset(key.text for key, _ in _entries(root.get("documents"))),
            outcomes=tuple(dict.fromkeys(_outcomes(root.get("states")))),
            required=frozenset(_words(_at(opening, "fields", "required"))) & fields.keys(),
            present=frozenset(_words(_at(opening, "documents", "present"))),
            is_child="parent" in _words(_at(opening, "by")),
        )

    def _other_field(self, name: str, shape: FieldShape) -> Field:
        options = dict.fromkeys((key.text for key, _ in shape.options))
        if shape.list is not None:
            options = dict.fromkeys(name for name, _ in self._catalogues.options_of(shape.list.text))
        return Field(
            name=name,
            type=FieldType(shape.type.text),
            options=options,  # type: ignore[arg-type]  # of another definition only the names matter
            many=(shape.many is not None and shape.many.text == "true") or shape.type.text == "record",
            per_party=shape.per is not None,
            personal=shape.personal is not None and shape.personal.text == "true",
        )


def _entries(node: Node | None) -> Iterable[tuple[Scalar, Node]]:
    return ((one.key, one.value) for one in node.entries) if isinstance(node, Mapping) else ()


def _at(node: Node | None, *keys: str) -> Node | None:
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _words(node: Node | None) -> Iterable[str]:
    if isinstance(node, Scalar):
        return (node.text,)
    return (one.text for one in node.items if isinstance(one, Scalar)) if isinstance(node, Sequence) else ()


def _outcomes(states: Node | None) -> Iterable[str]:
    for _, body in _entries(states):
        outcome = _at(body, "outcome")
        if isinstance(outcome, Scalar):
            yield outcome.text
