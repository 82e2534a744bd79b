"""What resolves the parts of one definition, made in the order in which one needs the other.

Owns `Parts`. Called by ``loading``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from workflow.definition import FieldType, FromCases, Rule
from workflow.expressions.guards import Kin
from workflow.loading.branches import Branches, Places
from workflow.loading.catalogues import Catalogues
from workflow.loading.clocks import Clocks
from workflow.loading.context import Context, texts
from workflow.loading.document import FromCasesShape, WorkflowShape
from workflow.loading.expansion import Expansion
from workflow.loading.family import Family
from workflow.loading.guards import Guards
from workflow.loading.handlers import PARENT, Handlers
from workflow.loading.names import Declarations
from workflow.loading.states import States
from workflow.loading.tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The resolvers of one definition."""

    context: Context
    catalogues: Catalogues
    tree: Tree
    declarations: Declarations
    guards: Guards
    family: Family
    branches: Branches
    places: Places

    @classmethod
    def of(
        cls,
        shape: WorkflowShape,
        context: Context,
        catalogues: Catalogues,
        expansion: Expansion,
        *,
        is_alone: bool = False,
    ) -> Parts:
        """Make the resolvers of a definition whose form has been read.

        Args:
            is_alone: Whether it is a fragment without a host, whose roles nobody declares.
        """
        uses = {one.path: number for number, one in enumerate(expansion.territories) if number}
        tree = Tree(shape, context, uses)
        declarations = Declarations(shape, tree, context, catalogues, is_alone=is_alone)
        family = Family(shape.children, context=context, catalogues=catalogues, declarations=declarations)
        spots = tree.spots.values()
        guards = Guards(
            context=context,
            declarations=declarations,
            tree=tree,
            constants={number: one.constants() for number, one in enumerate(expansion.territories)},
            deadlines=frozenset(
                spot.child_path(key.text) for spot in spots for key, _ in spot.shape.deadlines
            ),
            obligations=frozenset(
                spot.child_path(key.text) for spot in spots for key, _ in spot.shape.obligations
            ),
            kin=family.kin,
            parent=_parent(shape, declarations),
        )
        places = Places()
        branches = Branches(context=context, catalogues=catalogues, tree=tree, guards=guards, places=places)
        parts = cls(
            context=context,
            catalogues=catalogues,
            tree=tree,
            declarations=declarations,
            guards=guards,
            family=family,
            branches=branches,
            places=places,
        )
        for key, fact in shape.facts:
            if fact.from_cases is not None:
                parts._from_cases(key.text, fact.from_cases)
        return parts

    def _from_cases(self, name: str, shape: FromCasesShape) -> None:
        names = self.declarations.names
        declared = names.facts[name]
        if declared.type is not FieldType.BOOLEAN:
            self.context.report("from-cases-type", shape.owner, name=name)
        others = [self.family.other(one) for one in shape.workflow]
        first, *rest = [other.fields if other else {} for other in others] or [{}]
        shared = {key: one for key, one in first.items() if all(fields.get(key) == one for fields in rest)}
        is_side = self.declarations.has("party", shape.same)
        any_of_them = self.guards.of_others(shape.any, shared)
        if any_of_them is not None and is_side:
            asked = FromCases(workflows=texts(shape.workflow), same=shape.same.text, any=any_of_them)
            names.facts[name] = replace(declared, from_cases=asked)

    def states(self, rules: dict[str, Rule], timezone: str, calendar: str) -> States:
        """Return what resolves the states.

        Args:
            rules: Compiled, by full name.
            timezone: The workflow's, of every clock without its own; ``calendar`` likewise.
        """
        fulfils: dict[str, list[str]] = {}
        clocks = Clocks(
            context=self.context,
            catalogues=self.catalogues,
            declarations=self.declarations,
            tree=self.tree,
            guards=self.guards,
            branches=self.branches,
            places=self.places,
            zone=timezone,
            calendar=calendar,
        )
        handlers = Handlers(
            context=self.context,
            catalogues=self.catalogues,
            declarations=self.declarations,
            tree=self.tree,
            guards=self.guards,
            branches=self.branches,
            places=self.places,
            rules=rules,
            fulfils=fulfils,
            family=self.family,
            clocks=clocks,
        )
        return States(
            context=self.context,
            catalogues=self.catalogues,
            declarations=self.declarations,
            tree=self.tree,
            handlers=handlers,
            branches=self.branches,
            clocks=clocks,
            places=self.places,
            fulfils=fulfils,
        )


def _parent(shape: WorkflowShape, declarations: Declarations) -> Kin | None:
    """Return what a child sees of its parent: what both have under one name and the relation shares."""
    if shape.open is None or PARENT not in texts(shape.open.by):
        return None
    fields = declarations.names.fields.items()
    seen = {name: one for name, one in fields if not (one.personal or one.per_party or one.state is not None)}
    return Kin(fields=seen)
