"""From the text of a definition to the resolved `Definition`, with every problem on the way.

Owns the order of the steps: text, shape, declarations, rules, states, checks, digest. Reads no file:
lists and the catalogue of laws come through a `Resolver`. Never raises on what a file contains.
Called by whoever deploys, checks or tests a definition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from workflow import digest as digests
from workflow.catalogues import Catalogues, FileNotResolved, Resolver
from workflow.checks import Subject, check
from workflow.definition import Definition, FieldType, FromCases, Rule
from workflow.diagnostics import Diagnostic, Related, Span, has_errors
from workflow.document import FromCasesShape, OpeningShape, StateShape, TransitionShape, WorkflowShape
from workflow.expressions import Kin
from workflow.loading_branches import Branches, Places
from workflow.loading_clocks import Clocks, zone
from workflow.loading_context import Context, label, label_or_none, texts
from workflow.loading_family import Family
from workflow.loading_guards import Guards, Lacking, Place
from workflow.loading_handlers import Handlers
from workflow.loading_names import KINDS, Declarations
from workflow.loading_powers import Powers
from workflow.loading_states import States
from workflow.loading_tree import Tree
from workflow.reading import Reader
from workflow.text import Mapping, Node, Parsed, Scalar, parse

__all__ = ["FileNotResolved", "Loaded", "Resolver", "load_definition"]

TOP = Span(1, 1, 1, 1)
"""Where to point when the file as a whole lacks something."""

LEAVES_GAPS = frozenset(("yaml-alias", "merge-key", "key-not-text", "text-too-long"))
IN_GAPS = ("missing-key", "unknown-", "guard-unknown-name")
"""After a problem of the text that leaves a gap in the tree, what would be found in the gap is not said."""

MISREAD = frozenset(("odd-space", "tab-indentation", "too-many-problems"))
"""After these the tree may be another one than the author sees: nothing is said about it."""

Command: TypeAlias = TransitionShape | OpeningShape


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What came of reading a definition.

    Attributes:
        definition: ``None`` where a finding is an error.
        diagnostics: By file, the definition's own first, and place.
        sources: File → its text, for rendering the findings.
    """

    definition: Definition | None
    diagnostics: tuple[Diagnostic, ...]
    sources: MappingOf[str, str] = field(default_factory=dict)


def load_definition(source: Parsed | tuple[str | bytes, str], *, resolve: Resolver) -> Loaded:
    """Read, resolve and check a definition.

    Args:
        source: A file's tree, or its text and the name by which people know it.
        resolve: Finds the lists and the catalogue of laws that it refers to.

    Returns:
        The definition, and every problem at once. What is broken in form is left out and the rest
        looked at all the same; whether states are reached and can end is only said of a definition
        whose form and targets are right.
    """
    parsed = source if isinstance(source, Parsed) else parse(source[0], file=source[1])
    loading = _Loading(parsed, resolve)
    definition = loading.run()
    found = loading.diagnostics()
    return Loaded(
        definition=None if has_errors(found) else definition,
        diagnostics=found,
        sources={parsed.file: parsed.text, **loading.catalogues.sources},
    )


class _Loading:
    """One definition being read."""

    def __init__(self, parsed: Parsed, resolve: Resolver) -> None:
        self.parsed = parsed
        self.context = Context(parsed.file, parsed.text)
        self.catalogues = Catalogues(self.context, resolve)
        self.reader = Reader(parsed.file)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return the findings, each once: the definition's own first, by place."""
        own = (*self.parsed.diagnostics, *self._said())
        found = {_identity(one): one for one in (*own, *self.catalogues.diagnostics)}
        return tuple(sorted(found.values(), key=lambda one: (one.file != self.parsed.file, *_identity(one))))

    def _said(self) -> tuple[Diagnostic, ...]:
        """Return what was found in the tree, as far as the tree is what the author meant."""
        said = (*self.reader.diagnostics, *self.context.diagnostics)
        problems = {one.code for one in self.parsed.diagnostics}
        if problems & MISREAD:
            return ()
        if problems & LEAVES_GAPS:
            return tuple(one for one in said if not one.code.startswith(IN_GAPS))
        return said

    def run(self) -> Definition | None:
        """Take the steps as far as they go."""
        shape = self._shape(self.parsed.root)
        if shape is None or self.parsed.root is None:
            return None
        declarations = Declarations(self.parsed.root, shape, self.context, self.catalogues)
        tree = Tree(shape, self.context)
        guards = Guards(self.context, declarations, frozenset(tree.spots) - {""})
        guards.always_known = _always_known(shape, tree, declarations)
        family = Family(
            shape.children, context=self.context, catalogues=self.catalogues, declarations=declarations
        )
        self._prepare(guards, shape, tree, family, declarations)
        rules = self._rules(shape, tree, declarations, guards)
        places = Places()
        definition = self._definition(shape, declarations, tree, guards, rules, places, family)
        if definition is None or has_errors((*self.parsed.diagnostics, *self.reader.diagnostics)):
            return None
        subject = Subject(
            definition=definition,
            context=self.context,
            places=places,
            declared=_declared(shape),
            used=declarations.names.used | guards.reads,
        )
        check(subject)
        if has_errors(self.diagnostics()):
            return None
        form = digests.canonical_form(shape, guards.normal, self.catalogues.options)
        return replace(definition, canonical=form, digest=digests.digest(form))

    def _prepare(
        self, guards: Guards, shape: WorkflowShape, tree: Tree, family: Family, declarations: Declarations
    ) -> None:
        """Tell guards what they may name, and compile what facts ask of other cases."""
        spots = tree.spots.items()
        guards.deadlines = frozenset(
            spot.child_path(key.text) for _, spot in spots for key, _ in spot.shape.deadlines
        )
        guards.obligations = frozenset(
            spot.child_path(key.text) for _, spot in spots for key, _ in spot.shape.obligations
        )
        guards.kin = family.kin
        fields = declarations.names.fields
        if shape.open is not None and "parent" in texts(shape.open.by):
            seen = {name: one for name, one in fields.items() if not one.personal and not one.per_party}
            guards.parent = Kin(fields=seen)
        for key, fact in shape.facts:
            if fact.from_cases is not None:
                self._from_cases(key.text, fact.from_cases, guards, family, declarations)

    def _from_cases(
        self, name: str, shape: FromCasesShape, guards: Guards, family: Family, declarations: Declarations
    ) -> None:
        declared = declarations.names.facts[name]
        if declared.type is not FieldType.BOOLEAN:
            self.context.report("from-cases-type", shape.owner, name=name)
        others = [family.other(one) for one in shape.workflow]
        first, *rest = [other.fields if other else {} for other in others] or [{}]
        shared = {key: one for key, one in first.items() if all(fields.get(key) == one for fields in rest)}
        is_side = declarations.has("party", shape.same)
        any_of_them = guards.of_others(shape.any, shared)
        if any_of_them is not None and is_side:
            asked = FromCases(workflows=texts(shape.workflow), same=shape.same.text, any=any_of_them)
            declarations.names.facts[name] = replace(declared, from_cases=asked)

    def _shape(self, root: Node | None) -> WorkflowShape | None:
        if isinstance(root, Mapping) and (fragment := root.key("fragment")) is not None:
            self.context.report("not-yet-supported", fragment.span, name=fragment.text)
            return None
        return None if root is None else self.reader.read(root, WorkflowShape, TOP)

    def _rules(
        self, shape: WorkflowShape, tree: Tree, declarations: Declarations, guards: Guards
    ) -> dict[str, Rule]:
        """Compile each rule with the fields that every command which asks it requires."""
        users = _users(shape, tree)
        found = {}
        for key, rule in shape.rules:
            asked_by = [(one, frozenset(_required(one, declarations))) for one in users.get(key.text, ())]
            known = (
                frozenset.intersection(*(required for _, required in asked_by))
                if asked_by
                else frozenset(declarations.names.fields)
            )
            check = guards.guard(rule.check, Place.RULE, known, self._lacking(key.text, asked_by))
            if check is not None:
                found[key.text] = Rule(
                    name=key.text,
                    check=check,
                    message=label(rule.message),
                    decided=self.catalogues.decided(rule.decided),
                    basis=self.catalogues.basis(rule.basis),
                )
        return found

    def _lacking(self, rule: str, asked_by: Iterable[tuple[Command, frozenset[str]]]) -> Lacking:
        """Return what shows the commands that ask a rule without requiring a field that it reads."""

        def lacking(field: str) -> tuple[Related, ...]:
            return tuple(
                self.context.note("loading.asked-here", command.owner, rule=rule)
                for command, required in asked_by
                if field not in required
            )

        return lacking

    def _definition(
        self,
        shape: WorkflowShape,
        declarations: Declarations,
        tree: Tree,
        guards: Guards,
        rules: dict[str, Rule],
        places: Places,
        family: Family,
    ) -> Definition | None:
        names = declarations.names
        timezone = zone(shape.timezone, self.context) if shape.timezone else ""
        calendar = shape.calendar.text if shape.calendar else ""
        basis = self.catalogues.basis(shape.basis)
        start = self.context.date(shape.in_force.from_) if shape.in_force else None
        end = self.context.date(shape.in_force.until) if shape.in_force else None
        states = self._states(declarations, tree, guards, rules, places, timezone, calendar, family)
        by_path = states.resolve()
        opening = states.opening(shape.open) if shape.open else None
        if opening is None or shape.title is None or shape.workflow is None or shape.version is None:
            return None
        deadlines = tuple(one.path for state in by_path.values() for one in state.deadlines)
        powers = Powers(context=self.context, catalogues=self.catalogues, declarations=declarations)
        given = powers.all(shape, deadlines)
        return Definition(
            workflow=shape.workflow.text,
            version=int(shape.version.text),
            title=label(shape.title),
            timezone=timezone,
            calendar=calendar,
            opening=opening,
            states=by_path,
            description=label_or_none(shape.description),
            basis=basis,
            in_force_from=start,
            in_force_until=end,
            roles=names.roles,
            sides=names.sides,
            fields=names.fields,
            groups=names.groups,
            facts=names.facts,
            documents=names.documents,
            rules=rules,
            children=family.relations,
            suspension=given.get("suspension"),
            extension=given.get("extension"),
            correction=given.get("correction"),
            attachment=given.get("attachment"),
            decided=self.catalogues.decided(shape.decided),
        )

    def _states(
        self,
        declarations: Declarations,
        tree: Tree,
        guards: Guards,
        rules: dict[str, Rule],
        places: Places,
        timezone: str,
        calendar: str,
        family: Family,
    ) -> States:
        context, catalogues = self.context, self.catalogues
        fulfils: dict[str, list[str]] = {}
        branches = Branches(context=context, catalogues=catalogues, tree=tree, guards=guards, places=places)
        clocks = Clocks(
            context=context,
            catalogues=catalogues,
            declarations=declarations,
            tree=tree,
            guards=guards,
            branches=branches,
            places=places,
            zone=timezone,
            calendar=calendar,
        )
        handlers = Handlers(
            context=context,
            catalogues=catalogues,
            declarations=declarations,
            tree=tree,
            guards=guards,
            branches=branches,
            places=places,
            rules=rules,
            fulfils=fulfils,
            family=family,
            clocks=clocks,
        )
        return States(
            context=context,
            catalogues=catalogues,
            declarations=declarations,
            tree=tree,
            handlers=handlers,
            branches=branches,
            clocks=clocks,
            places=places,
            fulfils=fulfils,
        )


def _identity(found: Diagnostic) -> tuple[str, int, int, str, str]:
    return found.file, found.line, found.column, found.code, found.message


def _declared(shape: WorkflowShape) -> dict[tuple[str, str], Span]:
    """Return where each name is declared, by kind and name."""
    tables = {kind: getattr(shape, key) for kind, key in KINDS.items()}
    return {(kind, name.text): name.span for kind, table in tables.items() for name, _ in table}


def _commands(shape: WorkflowShape, tree: Tree) -> Iterator[Command]:
    if shape.open is not None:
        yield shape.open
    for spot in tree.spots.values():
        for _, transition in spot.shape.transitions:
            yield transition


def _users(shape: WorkflowShape, tree: Tree) -> dict[str, list[Command]]:
    users: dict[str, list[Command]] = {}
    for command in _commands(shape, tree):
        for rule in command.rules:
            users.setdefault(rule.text, []).append(command)
    return users


def _required(command: Command, declarations: Declarations) -> tuple[str, ...]:
    return declarations.expand(command.fields.required) if command.fields else ()


def _always_known(shape: WorkflowShape, tree: Tree, declarations: Declarations) -> frozenset[str]:
    """Return the fields that no case is ever without: given at opening, and never emptied after."""
    if shape.open is None:
        return frozenset()
    fields = declarations.names.fields
    known = {name for name in _required(shape.open, declarations) if not fields[name].per_party}
    for command in _commands(shape, tree):
        if command.fields:
            known.difference_update(declarations.expand(command.fields.optional))
    for name, value in _assignments(shape, tree):
        if value.text.strip() == "None":
            known.discard(name.text)
    return frozenset(known)


def _assignments(shape: WorkflowShape, tree: Tree) -> Iterator[tuple[Scalar, Scalar]]:
    for command in _commands(shape, tree):
        yield from command.set
        for branch in command.choose:
            yield from branch.set
        if isinstance(command, TransitionShape) and command.consent and command.consent.refused:
            yield from command.consent.refused.set
    for spot in tree.spots.values():
        for branch in spot.shape.always if isinstance(spot.shape, StateShape) else ():
            yield from branch.set
        for _, deadline in spot.shape.deadlines:
            if deadline.then:
                yield from deadline.then.set
                for branch in deadline.then.choose:
                    yield from branch.set
