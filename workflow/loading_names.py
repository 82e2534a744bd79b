"""What a definition declares before its states: roles, sides, fields, groups, facts, documents.

Owns the resolution of these declarations and of references to them. A name whose declaration is
broken is known all the same, so that one mistake is reported once. Called by ``loading``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from keyword import iskeyword

from workflow.catalogues import Catalogues
from workflow.definition import Document, Emit, Fact, Field, FieldType, Label, Role, RoleRef, Side
from workflow.document import ColumnShape, EmitShape, FieldShape, GivenShape, RuleShape, WorkflowShape
from workflow.expressions import RESERVED
from workflow.loading_context import Context, label, label_or_none, texts
from workflow.shapes import DATE
from workflow.text import Mapping, Node, Scalar

_LIMITED = frozenset((FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.DATE))
_WITH_LENGTH = frozenset((FieldType.TEXT, FieldType.PERSON))


@dataclass(slots=True)
class Names:
    """The declarations of a definition, by name; ``written`` has every name that stands in the file."""

    written: MappingOf[str, frozenset[str]]
    roles: dict[str, Role] = field(default_factory=dict)
    sides: dict[str, Side] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    rules: dict[str, RuleShape] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)  # (kind, name) of what is referred to


KINDS = {
    "role": "roles",
    "party": "parties",
    "field": "fields",
    "group": "groups",
    "fact": "facts",
    "document": "documents",
    "rule": "rules",
}
"""Kind of name → key of the file that declares such names."""


class Declarations:
    """Resolves the declarations of one definition and the references to them."""

    def __init__(self, root: Node, shape: WorkflowShape, context: Context, catalogues: Catalogues) -> None:
        self._shape = shape
        self._context = context
        self._catalogues = catalogues
        self.names = Names({kind: _written(root, key) for kind, key in KINDS.items()})
        self._resolve()

    def _resolve(self) -> None:
        names, shape = self.names, self._shape
        # Roles and sides refer to each other: names first, references after.
        for key, role in shape.roles:
            sides = tuple(name.text for name, side in shape.parties if key.text in texts(side.roles))
            basis = self._catalogues.basis(role.basis)
            names.roles[key.text] = Role(
                name=key.text,
                title=label(role.title),
                sides=sides,
                is_mandate_required=role.mandate is not None,
                decided=self._catalogues.decided(role.decided),
                basis=basis,
            )
        self._resolve_sides()
        for key, role in shape.roles:
            if role.recorded_by:
                recorders = self.role_refs(role.recorded_by)
                names.roles[key.text] = replace(names.roles[key.text], recorded_by=recorders)
        for key, body in shape.fields:
            self._check_word(key)
            names.fields[key.text] = self._field(key.text, body)
        self._resolve_facts()
        for key, document in shape.documents:
            names.documents[key.text] = Document(
                name=key.text,
                title=label(document.title),
                media=texts(document.media),
                decided=self._catalogues.decided(document.decided),
                basis=self._catalogues.basis(document.basis),
            )
        names.rules.update((key.text, rule) for key, rule in shape.rules)
        self._resolve_groups()

    def _resolve_sides(self) -> None:
        names = self.names
        for key, shape in self._shape.parties:
            for role in shape.roles:
                self.has("role", role, is_use=False)
            low, high = _number(shape.count or shape.min, 1), _number(shape.count or shape.max, None)
            if high is not None and low is not None and low > high:
                self._context.report("wrong-limit", shape.key("max"), key="wrong-limit.order")
            names.sides[key.text] = Side(
                name=key.text,
                title=label_or_none(shape.title),
                roles=texts(shape.roles),
                min=low or 0,
                max=high,
                decided=self._catalogues.decided(shape.decided),
                basis=self._catalogues.basis(shape.basis),
            )
        for key, shape in self._shape.parties:
            if shape.recorded_by:
                recorders = self.role_refs(shape.recorded_by)
                names.sides[key.text] = replace(names.sides[key.text], recorded_by=recorders)

    def _resolve_facts(self) -> None:
        for key, shape in self._shape.facts:
            self._check_word(key)
            self._check_twice(key, "fields")
            self.names.facts[key.text] = Fact(
                name=key.text,
                type=FieldType(shape.type.text),
                title=label_or_none(shape.title),
                decided=self._catalogues.decided(shape.decided),
                basis=self._catalogues.basis(shape.basis),
            )

    def _resolve_groups(self) -> None:
        for key, members in self._shape.groups:
            self._check_twice(key, "fields")
            self.names.groups[key.text] = tuple(
                one.text for one in members if self.has("field", one, is_use=False)
            )

    def _check_word(self, key: Scalar) -> None:
        if key.text in RESERVED or iskeyword(key.text):
            self._context.report("reserved-name", key.span, name=key.text)

    def _check_twice(self, key: Scalar, where: str) -> None:
        declared = {name.text: name for name, _ in getattr(self._shape, where)}
        if key.text in declared:
            note = self._context.note("loading.first-here", declared[key.text].span)
            self._context.report("name-twice", key.span, name=key.text, related=(note,))

    # Fields ----------------------------------------------------------------------------------------

    def _field(self, name: str, shape: FieldShape) -> Field:
        made = self._value(name, shape)
        columns = {key.text: self._value(key.text, column) for key, column in shape.fields}
        is_record = made.type is FieldType.RECORD
        if is_record and not columns and not shape.has("fields"):
            self._context.report("record-columns", shape.owner)
        if not is_record and shape.has("fields"):
            self._context.report("record-columns", shape.key("fields"), key="record-columns.type")
        if is_record and shape.many is not None and not _is_true(shape.many):
            self._context.report("record-columns", shape.many.span, key="record-columns.many")
        return replace(
            made,
            many=made.many or is_record,
            per_party=shape.per is not None,
            personal=_is_true(shape.personal),
            columns=columns,
        )

    def _value(self, name: str, shape: FieldShape | ColumnShape) -> Field:
        kind = FieldType(shape.type.text)
        low, high = self._limits(kind, shape)
        short, long = _number(shape.min_length, None), _number(shape.max_length, None)
        if short is not None and long is not None and short > long:
            self._context.report("wrong-limit", shape.key("max_length"), key="wrong-limit.order")
        self._check_for_type(shape, ("min_length", "max_length"), kind, _WITH_LENGTH)
        self._check_for_type(shape, ("currency",), kind, frozenset((FieldType.MONEY,)))
        return Field(
            name=name,
            type=kind,
            title=label_or_none(shape.title),
            description=label_or_none(shape.description),
            options=self._options(kind, shape),
            many=_is_true(shape.many),
            min=low,
            max=high,
            min_length=short,
            max_length=long,
            currency=shape.currency.text if shape.currency else None,
            decided=self._catalogues.decided(shape.decided),
            basis=self._catalogues.basis(shape.basis),
        )

    def _options(self, kind: FieldType, shape: FieldShape | ColumnShape) -> dict[str, Label]:
        self._check_for_type(shape, ("options", "list"), kind, frozenset((FieldType.CHOICE,)))
        if shape.list is not None:
            return dict(self._catalogues.options(shape.list))
        if (
            kind is FieldType.CHOICE
            and not shape.options
            and not shape.has("options")
            and not shape.has("list")
        ):
            self._context.report("choice-without-options", shape.owner)
        return {key.text: label(title) for key, title in shape.options}

    def _check_for_type(
        self,
        shape: FieldShape | ColumnShape,
        keys: tuple[str, ...],
        kind: FieldType,
        allowed: frozenset[FieldType],
    ) -> None:
        for key in keys:
            if shape.has(key) and kind not in allowed:
                self._context.report(
                    "wrong-limit",
                    shape.key(key),
                    key="wrong-limit.type",
                    name=key,
                    type=kind.value,
                    allowed=", ".join(sorted(one.value for one in allowed)),
                )

    def _limits(
        self, kind: FieldType, shape: FieldShape | ColumnShape
    ) -> tuple[Decimal | date | None, Decimal | date | None]:
        self._check_for_type(shape, ("min", "max"), kind, _LIMITED)
        if kind not in _LIMITED:
            return None, None
        low, high = self._limit(kind, shape.min), self._limit(kind, shape.max)
        if low is not None and high is not None and low > high:  # type: ignore[operator]  # of one type
            self._context.report("wrong-limit", shape.key("max"), key="wrong-limit.order")
        return low, high

    def _limit(self, kind: FieldType, scalar: Scalar | None) -> Decimal | date | None:
        if scalar is None:
            return None
        is_date = DATE.fullmatch(scalar.text) is not None
        if is_date != (kind is FieldType.DATE) or (kind is FieldType.INTEGER and "." in scalar.text):
            self._context.report(
                "wrong-limit", scalar.span, key="wrong-limit.value", value=scalar.text, type=kind.value
            )
            return None
        return self._context.date(scalar) if is_date else Decimal(scalar.text)

    # References ------------------------------------------------------------------------------------

    def has(
        self, kind: str, scalar: Scalar, start: int = 0, length: int | None = None, *, is_use: bool = True
    ) -> bool:
        """Whether a name is declared; one that does not even stand in the file is reported.

        Args:
            start: Where in the scalar the name begins.
            length: How long it is; ``None``: to the end.
            is_use: Whether naming it here counts as using it.
        """
        name = scalar.text[start : None if length is None else start + length]
        declared = getattr(self.names, "sides" if kind == "party" else KINDS[kind])
        if is_use:
            self.names.used.add((kind, name))
        if name in declared:
            return True
        if name not in self.names.written[kind]:
            self._context.report_unknown(kind, scalar.part(start, len(name)), name, tuple(declared))
        return False

    def known(self, kind: str, scalars: Iterable[Scalar]) -> tuple[str, ...]:
        """Return the names that are declared, each once; report the others."""
        return tuple(dict.fromkeys(one.text for one in scalars if self.has(kind, one)))

    def fields(self, scalars: Iterable[Scalar]) -> tuple[str, ...]:
        """Return field names with groups spliced in, each once."""
        return tuple(dict.fromkeys(self._spliced(scalars)))

    def _spliced(self, scalars: Iterable[Scalar]) -> Iterator[str]:
        for one in scalars:
            if one.text in self.names.groups:
                self.names.used.add(("group", one.text))
                self.names.used.update(("field", name) for name in self.names.groups[one.text])
                yield from self.names.groups[one.text]
            elif one.text in self.names.written["group"]:
                continue
            elif one.text not in self.names.fields and one.text not in self.names.written["field"]:
                candidates = (*self.names.fields, *self.names.groups)
                self._context.report_unknown("field", one.span, one.text, candidates)
            elif self.has("field", one):
                yield one.text

    def expand(self, scalars: Iterable[Scalar]) -> tuple[str, ...]:
        """Return the field names that are declared, groups spliced in; report nothing."""
        names = self.names
        spliced = (name for one in scalars for name in names.groups.get(one.text, (one.text,)))
        return tuple(dict.fromkeys(name for name in spliced if name in names.fields))

    def given(self, shape: GivenShape | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the required and the optional fields of a command."""
        if shape is None:
            return (), ()
        required, optional = self.fields(shape.required), self.fields(shape.optional)
        for one in shape.optional:
            if one.text in required:
                self._context.report("name-twice", one.span, key="name-twice.given", name=one.text)
        return required, tuple(name for name in optional if name not in required)

    def role_refs(self, scalars: Iterable[Scalar]) -> tuple[RoleRef, ...]:
        """Return roles as ``by`` names them; report those that nobody can hold."""
        found = (self._role_ref(one) for one in scalars)
        return tuple(dict.fromkeys(ref for ref in found if ref is not None))

    def emits(self, shapes: Iterable[EmitShape]) -> tuple[Emit, ...]:
        """Return the events of a transition or deadline."""
        return tuple(Emit(event=one.event.text, notify=self.role_refs(one.notify)) for one in shapes)

    def _role_ref(self, scalar: Scalar) -> RoleRef | None:
        side, dot, role = scalar.text.rpartition(".")
        if not dot:
            return RoleRef(role=role) if self.has("role", scalar) else None
        is_side = self.has("party", scalar, 0, len(side))
        if not self.has("role", scalar, len(side) + 1, len(role)) or not is_side:
            return None
        if role not in self.names.sides[side].roles:
            self._context.report(
                "nobody-may-act",
                scalar.span,
                key="nobody-may-act.side",
                role=role,
                side=side,
                roles=", ".join(self.names.sides[side].roles) or "–",
            )
        return RoleRef(role=role, side=side)


def _written(root: Node, key: str) -> frozenset[str]:
    node = root.get(key) if isinstance(root, Mapping) else None
    return frozenset(entry.key.text for entry in node.entries) if isinstance(node, Mapping) else frozenset()


def _is_true(scalar: Scalar | None) -> bool:
    return scalar is not None and scalar.text == "true"


def _number(scalar: Scalar | None, default: int | None) -> int | None:
    return default if scalar is None else int(scalar.text)
