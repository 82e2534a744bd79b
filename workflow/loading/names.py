"""What a definition declares: roles, sides, fields, groups, facts, documents, and where each is seen.

Owns the resolution of these declarations and of references to them. Fields, groups, documents and rules
may stand in a state, where they are local: known under the path of the state and their name, and
looked up from the place outward. What a fragment declares is seen inside it; from outside by path. A
name whose declaration is broken is known all the same, so that one mistake is reported once. Called by
``loading``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from keyword import iskeyword

from workflow.definition import Document, Emit, Fact, Field, FieldType, Role, RoleRef, Side
from workflow.expressions.guards import RESERVED
from workflow.loading.catalogues import Catalogues
from workflow.loading.context import Context, label, label_or_none, texts
from workflow.loading.document import EmitShape, GivenShape, RuleShape, WorkflowShape
from workflow.loading.fields import Fields, number
from workflow.loading.tree import Spot, Tree
from workflow.source.diagnostics import Span
from workflow.source.provenance import HOST
from workflow.source.text import Scalar

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

LOCAL = ("field", "group", "document", "rule")
"""Kinds that a state may declare for itself."""


@dataclass(slots=True)
class Names:
    """The declarations of a definition, by full name."""

    roles: dict[str, Role] = field(default_factory=dict)
    sides: dict[str, Side] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    rules: dict[str, RuleShape] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)  # (kind, name) of what is referred to
    declared: dict[tuple[str, str], Span] = field(default_factory=dict)
    local: dict[str, list[str]] = field(default_factory=dict)  # path of a state → its fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What guards at one place see.

    Attributes:
        documents: Name as it is seen → full name.
        inside: Paths of the states of the workflow or fragment that the place belongs to.
    """

    fields: MappingOf[str, Field]
    documents: MappingOf[str, str]
    facts: MappingOf[str, Fact]
    inside: frozenset[str]


class Declarations:
    """Resolves the declarations of one definition and the references to them.

    Attributes:
        here: The state in which what is being resolved stands.
        resolved: References whose words alone do not say what they mean, with what they do: to what is
            local, and all that leads somewhere inside a fragment.
    """

    def __init__(
        self,
        shape: WorkflowShape,
        tree: Tree,
        context: Context,
        catalogues: Catalogues,
        *,
        is_alone: bool = False,
    ) -> None:
        self._shape = shape
        self._tree = tree
        self._context = context
        self._catalogues = catalogues
        self._is_alone = is_alone
        self._fields = Fields(context, catalogues)
        self._seen: dict[tuple[str, int], Seen] = {}
        self.here = tree.root
        self.resolved: dict[Scalar, str] = {}
        self.names = Names()
        self._resolve()

    def _resolve(self) -> None:
        names, shape = self.names, self._shape
        names.declared.update((("child", key.text), key.span) for key, _ in shape.children)
        for kind, table in KINDS.items():
            names.declared.update(((kind, one.text), one.span) for one, _ in getattr(shape, table))
        # Roles and sides refer to each other: names first, references after.
        for key, role in shape.roles:
            sides = tuple(name.text for name, side in shape.parties if key.text in texts(side.roles))
            names.roles[key.text] = Role(
                name=key.text,
                title=label(role.title),
                sides=sides,
                is_mandate_required=role.mandate is not None,
                decided=self._catalogues.decided(role.decided),
                basis=self._catalogues.basis(role.basis),
            )
        self._resolve_sides()
        for key, role in shape.roles:
            if role.recorded_by:
                recorders = self.role_refs(role.recorded_by)
                names.roles[key.text] = replace(names.roles[key.text], recorded_by=recorders)
        for spot in self._tree.spots.values():
            self._resolve_spot(spot)
        self._resolve_facts()
        for spot in self._tree.spots.values():
            self._resolve_groups(spot)

    def _resolve_spot(self, spot: Spot) -> None:
        names, shape = self.names, spot.shape
        is_local = spot.parent is not None
        if is_local:
            for kind in LOCAL:
                table = getattr(shape, KINDS[kind])
                names.declared.update(((kind, spot.child_path(one.text)), one.span) for one, _ in table)
        for key, body in shape.fields:
            self._check_word(key)
            full = spot.child_path(key.text)
            names.fields[full] = self._fields.field(full, body, spot.path if is_local else None)
            if is_local:
                names.local.setdefault(spot.path, []).append(full)
        for key, document in shape.documents:
            full = spot.child_path(key.text)
            names.documents[full] = Document(
                name=full,
                title=label(document.title),
                media=texts(document.media),
                decided=self._catalogues.decided(document.decided),
                basis=self._catalogues.basis(document.basis),
            )
        names.rules.update((spot.child_path(key.text), rule) for key, rule in shape.rules)

    def _resolve_sides(self) -> None:
        names = self.names
        for key, shape in self._shape.parties:
            for role in shape.roles:
                self.find("role", role, is_use=False)
            low, high = number(shape.count or shape.min, 1), number(shape.count or shape.max, None)
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
            self._check_twice(key, self._tree.root)
            self.names.facts[key.text] = Fact(
                name=key.text,
                type=FieldType(shape.type.text),
                title=label_or_none(shape.title),
                decided=self._catalogues.decided(shape.decided),
                basis=self._catalogues.basis(shape.basis),
            )

    def _resolve_groups(self, spot: Spot) -> None:
        self.here = spot
        for key, members in spot.shape.groups:
            self._check_twice(key, spot)
            found = (self.find("field", one, is_use=False) for one in members)
            self.names.groups[spot.child_path(key.text)] = tuple(name for name in found if name is not None)
        self.here = self._tree.root

    def _check_word(self, key: Scalar) -> None:
        if key.text in RESERVED or iskeyword(key.text):
            self._context.report("reserved-name", key.span, name=key.text)

    def _check_twice(self, key: Scalar, spot: Spot) -> None:
        declared = {name.text: name for name, _ in spot.shape.fields}
        if key.text in declared:
            note = self._context.note("loading.first-here", declared[key.text].span)
            self._context.report("name-twice", key.span, name=key.text, related=(note,))

    # References ------------------------------------------------------------------------------------

    def find(
        self, kind: str, scalar: Scalar, start: int = 0, length: int | None = None, *, is_use: bool = True
    ) -> str | None:
        """Return the full name that a reference means; report one that means nothing.

        Args:
            start: Where in the scalar the name begins.
            length: How long it is; ``None``: to the end.
            is_use: Whether naming it here counts as using it.
        """
        name = scalar.text[start : None if length is None else start + length]
        if self._is_alone and kind in ("role", "party"):
            self.names.used.add((kind, name))
            return name
        full, is_written = self._look_up(kind, name, scalar.span)
        if full is None:
            if not is_written:
                span = scalar.part(start, len(name))
                self._context.report_unknown(kind, span, name, tuple(self._visible(kind, scalar.span)))
            return None
        if is_use:
            self.names.used.add((kind, full))
        if full != name and name == scalar.text:
            self.resolved[scalar] = full
        return full

    def has(self, kind: str, scalar: Scalar, start: int = 0, length: int | None = None) -> bool:
        """Whether a name is declared; report one that is not."""
        return self.find(kind, scalar, start, length) is not None

    def _look_up(self, kind: str, name: str, span: Span) -> tuple[str | None, bool]:
        """Return the full name, and whether the name stands in the file at all."""
        table = self._table(kind)
        if kind not in LOCAL:
            key = KINDS[kind]
            is_host = kind != "fact" or self._context.provenance.territory(span) == HOST
            return (name if name in table and is_host else None), name in self._shape.written(key) and is_host
        if "." in name:
            return self._look_up_path(kind, name, span)
        for spot in self._tree.outward(self.here, span):
            if name in spot.shape.written(KINDS[kind]):
                full = spot.child_path(name)
                return (full if full in table else None), True
        return None, False

    def _look_up_path(self, kind: str, name: str, span: Span) -> tuple[str | None, bool]:
        where, _, bare = name.rpartition(".")
        spot = self._tree.inside(self.here, where, span)
        if spot is None or bare not in spot.shape.written(KINDS[kind]):
            return None, False
        full = spot.child_path(bare)
        return (full if full in self._table(kind) else None), True

    def _table(self, kind: str) -> MappingOf[str, object]:
        found: MappingOf[str, object] = getattr(self.names, "sides" if kind == "party" else KINDS[kind])
        return found

    def _visible(self, kind: str, span: Span) -> MappingOf[str, str]:
        """Return the names seen at a place, bare → full; the nearest hides the others."""
        if kind not in LOCAL:
            return {name: name for name in self._table(kind)}
        found: dict[str, str] = {}
        table = self._table(kind)
        for spot in self._tree.outward(self.here, span):
            for name, _ in getattr(spot.shape, KINDS[kind]):
                full = spot.child_path(name.text)
                if full in table:
                    found.setdefault(name.text, full)
        return found

    def seen(self, span: Span) -> Seen:
        """Return what guards at a place see by bare names."""
        start = self._tree.start(self.here, span)
        key = start.path, start.territory
        if key not in self._seen:
            names = self.names
            fields = {bare: names.fields[full] for bare, full in self._visible("field", span).items()}
            documents = self._visible("document", span)
            inside = self._tree.seen(self.here, span)
            paths = {
                full.removeprefix(f"{start.path}."): full
                for full in names.documents
                if full.rpartition(".")[0] in inside
            }
            facts = names.facts if start.territory == HOST else {}
            self._seen[key] = Seen(
                fields=fields, documents={**paths, **documents}, facts=facts, inside=inside
            )
        return self._seen[key]

    def is_broken(self, name: str, span: Span) -> bool:
        """Whether a name is that of a field or fact whose declaration is broken."""
        return any(self._look_up(kind, name, span) == (None, True) for kind in ("field", "fact"))

    def state_of(self, name: str, span: Span) -> str | None:
        """Return the first state whose local field of this name is read from a place by its path only."""
        paths = (path for path in self.names.local if self.field_of(f"{path}.{name}", span) is not None)
        return next(paths, None)

    def field_of(self, name: str, span: Span) -> Field | None:
        """Find the field of a dotted name, quietly."""
        full, _ = self._look_up_path("field", name, span)
        return self.names.fields[full] if full else None

    def known(self, kind: str, scalars: Iterable[Scalar]) -> tuple[str, ...]:
        """Return the full names of what is declared, each once; report the others."""
        found = (self.find(kind, one) for one in scalars)
        return tuple(dict.fromkeys(name for name in found if name is not None))

    def fields(self, scalars: Iterable[Scalar]) -> tuple[str, ...]:
        """Return full names of fields with groups spliced in, each once."""
        return tuple(dict.fromkeys(self._spliced(scalars)))

    def _spliced(self, scalars: Iterable[Scalar]) -> Iterator[str]:
        names = self.names
        for one in scalars:
            group, is_group = self._look_up("group", one.text, one.span)
            if group is not None:
                self.find("group", one)
                names.used.update(("field", name) for name in names.groups[group])
                yield from names.groups[group]
            elif not is_group:
                full, is_written = self._look_up("field", one.text, one.span)
                if full is None and not is_written:
                    groups = self._visible("group", one.span)
                    candidates = (*self._visible("field", one.span), *groups)
                    self._context.report_unknown("field", one.span, one.text, candidates)
                elif full is not None and self.find("field", one):
                    yield full

    def given(self, shape: GivenShape | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the required and the optional fields of a command."""
        if shape is None:
            return (), ()
        required, optional = self.fields(shape.required), self.fields(shape.optional)
        for one in shape.optional:
            full, _ = self._look_up("field", one.text, one.span)
            if full in required:
                self._context.report("name-twice", one.span, key="name-twice.given", name=one.text)
        return required, tuple(name for name in optional if name not in required)

    def role_refs(self, scalars: Iterable[Scalar]) -> tuple[RoleRef, ...]:
        """Return roles as ``by`` names them; report those that nobody can hold."""
        found = (self._role_ref(one) for one in scalars)
        return tuple(dict.fromkeys(ref for ref in found if ref is not None))

    def triggers(self, spot: Spot, scalars: Iterable[Scalar]) -> tuple[str, ...]:
        """Return the paths of all handlers that some names mean, seen from a state."""
        found: dict[str, None] = {}
        for one in scalars:
            paths = self._tree.handlers(spot, one)
            found.update(dict.fromkeys(paths))
            if spot.territory != HOST:
                self.resolved[one] = "|".join(paths)
        return tuple(found)

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
        if not self._is_alone and role not in self.names.sides[side].roles:
            self._context.report(
                "nobody-may-act",
                scalar.span,
                key="nobody-may-act.side",
                role=role,
                side=side,
                roles=", ".join(self.names.sides[side].roles) or "–",
            )
        return RoleRef(role=role, side=side)
