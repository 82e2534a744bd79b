"""Branches: where they lead, when, and what they set.

Owns the resolution of ``to``, ``choose``, ``set``, ``reenter`` and ``then``, and `Places`, which says
where the parts of a definition stand. Called by the other ``loading_*`` modules.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from workflow.definition import Branch, StateKind
from workflow.expressions.guards import Expression, Kind, Type
from workflow.loading.catalogues import Catalogues
from workflow.loading.context import Context
from workflow.loading.document import BranchShape, OpeningShape, RefusedShape, ThenShape, TransitionShape
from workflow.loading.guards import Guards, Place
from workflow.loading.tree import SELF, Spot, Tree
from workflow.source.diagnostics import Span
from workflow.source.provenance import HOST
from workflow.source.text import Scalar

Key: TypeAlias = "tuple[str | int, ...]"


@dataclass(slots=True)
class Places:
    """Where the parts of a definition stand, for the checks.

    Keys: ``("state", path)``, ``("handler", path)``, ``("clock", path)``, ``("consent", path)``,
    ``("always", path)``, ``("done", path)``, and the same with the number of a branch behind.
    """

    spans: dict[Key, Span] = field(default_factory=dict)

    def add(self, span: Span, *key: str | int) -> None:
        """Note where something stands."""
        self.spans[key] = span

    def of(self, *key: str | int) -> Span:
        """Return where something stands; of a branch without a place of its own, its owner's."""
        while key not in self.spans and len(key) > 2:
            key = key[:-1]
        return self.spans[key]


class Branches:
    """Resolves the branches of one definition."""

    def __init__(
        self, *, context: Context, catalogues: Catalogues, tree: Tree, guards: Guards, places: Places
    ) -> None:
        self._context = context
        self._catalogues = catalogues
        self._tree = tree
        self._guards = guards
        self._places = places
        self.dead: list[tuple[str, BranchShape]] = []  # branches that parameters leave out, by state
        self.settled: list[BranchShape] = []  # branches whose condition parameters make true

    def choices(
        self,
        shape: TransitionShape | OpeningShape | ThenShape,
        spot: Spot,
        place: Place,
        key: Key,
    ) -> tuple[Branch, ...]:
        """Resolve ``choose``, or what stands in its place; a ``set`` beside ``choose`` is every branch's."""
        if not shape.choose:
            return (self.one_way(shape, spot, place, key),)
        shared = self._guards.assignments(shape.set, place)
        found = []
        for branch in self.several(shape.choose, spot, place, key):
            own = {assignment.field for assignment in branch.set}
            found.append(replace(branch, set=(*(one for one in shared if one.field not in own), *branch.set)))
        return tuple(found)

    def several(
        self, shapes: Iterable[BranchShape], spot: Spot, place: Place, key: Key
    ) -> tuple[Branch, ...]:
        """Resolve a list of branches, without those that parameters decide against."""
        found: list[Branch] = []
        is_decided = False
        for shape in shapes:
            branch = self.branch(shape, spot, place, (*key, len(found)))
            bound = branch.when.bound if branch.when else None
            if is_decided or bound is False:
                self.dead.append((spot.path, shape))
                continue
            if bound is True:
                branch, is_decided = replace(branch, when=None), True
                self.settled.append(shape)
            found.append(branch)
        return tuple(found)

    def one_way(
        self,
        shape: TransitionShape | OpeningShape | RefusedShape | ThenShape,
        spot: Spot,
        place: Place,
        key: Key,
    ) -> Branch:
        """Resolve ``to`` and ``set`` written without ``choose``."""
        reenter = None if isinstance(shape, OpeningShape) else shape.reenter
        target = self.target(spot, shape.to) if shape.to else None
        if shape.to:
            self._places.add(shape.to.span, *key, 0)
        return Branch(
            target=target,
            external=self._is_external(spot, target, shape.to, reenter),
            set=self._guards.assignments(shape.set, place),
            at_parent_end=None if isinstance(shape, OpeningShape) else self._parent_end(shape, target),
            basis=self._catalogues.basis(shape.basis) if isinstance(shape, RefusedShape) else (),
            decided=self._catalogues.decided(shape.decided) if isinstance(shape, RefusedShape) else None,
        )

    def branch(self, shape: BranchShape, spot: Spot, place: Place, key: Key) -> Branch:
        """Resolve one entry of ``choose`` or ``always``."""
        self._places.add(shape.owner, *key)
        when = self._guards.guard(shape.when, place) if shape.when else None
        if shape.when is not None and when is None:
            when = _unreadable(shape.when)
        target = self.target(spot, shape.to) if shape.to else None
        return Branch(
            when=when,
            target=target,
            external=self._is_external(spot, target, shape.to, shape.reenter),
            set=self._guards.assignments(shape.set, place),
            at_parent_end=self._parent_end(shape, target),
            basis=self._catalogues.basis(shape.basis),
            decided=self._catalogues.decided(shape.decided),
        )

    def _parent_end(
        self, shape: BranchShape | TransitionShape | RefusedShape | ThenShape, target: str | None
    ) -> str | None:
        if shape.at_parent_end is None:
            return None
        spot = self._tree.spots[target] if target else None
        if spot is not None and (spot.depth != 1 or spot.kind is not StateKind.FINAL):
            self._context.report("parent-end-misplaced", shape.key("at_parent_end"))
        return shape.at_parent_end.text

    def target(self, spot: Spot, scalar: Scalar) -> str | None:
        """Return the path of a target; report one that is not there."""
        found = self._tree.target(spot, scalar)
        if found is not None and found.parent is None:
            self._context.report("target-is-workflow", scalar.span)
            return None
        if found is None:
            return None
        if spot.territory != HOST:
            self._guards.declarations.resolved[scalar] = found.path
        return found.path

    def _is_external(self, spot: Spot, target: str | None, to: Scalar | None, reenter: Scalar | None) -> bool:
        if reenter is not None and reenter.text == "true":
            if to is None:
                self._context.report("reenter-without-to", reenter.span)
            return True
        return to is not None and (to.text == SELF or target == spot.path)


def _unreadable(scalar: Scalar) -> Expression:
    """Stand in for a guard with problems, so that its branch stays a conditional one."""
    nothing: frozenset[str] = frozenset()
    return Expression(
        text=scalar.text,
        normal=scalar.text,
        fields=nothing,
        facts=nothing,
        uses=nothing,
        type=Type(kind=Kind.BOOLEAN),
        run=_never,
    )


def _never(environment: object) -> bool:
    return False
