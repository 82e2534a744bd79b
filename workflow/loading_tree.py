"""The states of a definition as a tree, and the names that can be reached in it.

Owns paths, document order, the shape of each state, the rule by which a target is looked up, and the
index of triggers. Knows nothing of guards or fields. Called by ``loading`` before anything that
refers to a state or a trigger is resolved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from workflow.definition import StateKind
from workflow.diagnostics import Span
from workflow.document import StateShape, TransitionShape, WorkflowShape
from workflow.loading_context import Context
from workflow.text import Scalar

MAX_DEPTH = 16
"""Deepest nesting of states; the canonical form has three levels for each."""

MAX_STATES = 1_000
"""Most states; what can be reached is computed for pairs of them."""

SELF = "self"

AnyState: TypeAlias = "StateShape | WorkflowShape"


@dataclass(slots=True, kw_only=True)
class Spot:
    """One state on its way to becoming a `workflow.definition.State`."""

    path: str
    name: str
    span: Span
    shape: AnyState
    kind: StateKind
    parent: Spot | None
    order: int
    depth: int
    children: dict[str, Spot] = field(default_factory=dict)

    def child_path(self, name: str) -> str:
        """Return the path of something called ``name`` in this state."""
        return f"{self.path}.{name}" if self.path else name


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerPlace:
    """Where a trigger stands."""

    path: str
    spot: Spot
    span: Span


class Tree:
    """All states by path, in document order, the root first."""

    def __init__(self, workflow: WorkflowShape, context: Context) -> None:
        self._context = context
        self.spots: dict[str, Spot] = {}
        self.triggers: dict[str, list[TriggerPlace]] = {}
        self.is_whole = True  # whether every state of the file is here
        span = workflow.key("workflow")
        self.root = self._add("", "", span, workflow, None)
        for spot in self.spots.values():
            self._index_triggers(spot)

    def _add(self, path: str, name: str, span: Span, shape: AnyState, parent: Spot | None) -> Spot:
        depth = parent.depth + 1 if parent else 0
        spot = Spot(
            path=path,
            name=name,
            span=span,
            shape=shape,
            kind=_kind(shape),
            parent=parent,
            order=len(self.spots),
            depth=depth,
        )
        self.spots[path] = spot
        inside = inner_states(shape)
        if inside and depth >= MAX_DEPTH:
            self._context.report("too-deep", span, key="too-deep.states", most=MAX_DEPTH)
            self._cut()
            return spot
        if len(self.spots) + len(inside) > MAX_STATES:
            if self.is_whole:  # once is enough
                self._context.report("too-many-nodes", span, key="too-many-nodes.states", most=MAX_STATES)
            self._cut()
            return spot
        for key, body in inside:
            if key.text == SELF:
                self._context.report("reserved-name", key.span, name=SELF)
            spot.children[key.text] = self._add(spot.child_path(key.text), key.text, key.span, body, spot)
        return spot

    def _cut(self) -> None:
        self._context.is_graph_whole = False
        self.is_whole = False

    def _index_triggers(self, spot: Spot) -> None:
        for name, place in _triggers(spot):
            stands = self.triggers.setdefault(name, [])
            twice = next((other for other in stands if other.path == place.path), None)
            if twice is not None:
                note = self._context.note("loading.first-here", twice.span)
                self._context.report("name-twice", place.span, name=name, related=(note,))
                continue
            stands.append(place)

    # Looking up ------------------------------------------------------------------------------------

    def target(self, source: Spot, scalar: Scalar) -> Spot | None:
        """Find a target from ``source``: own children, then siblings, then outward; nearest wins.

        Reports a target that is not there.
        """
        if scalar.text == SELF:
            return source
        first, *rest = scalar.text.split(".")
        spot = self._nearest(source, first)
        if spot is None:
            self._report_unknown(scalar, 0, first, self._visible(source))
            return None
        offset = len(first) + 1
        for name in rest:
            inner = spot.children.get(name)
            if inner is None:
                self._report_unknown(scalar, offset, name, tuple(spot.children), spot.path)
                return None
            spot, offset = inner, offset + len(name) + 1
        return spot

    @staticmethod
    def _nearest(source: Spot, name: str) -> Spot | None:
        scope: Spot | None = source
        while scope is not None:
            if name in scope.children:
                return scope.children[name]
            scope = scope.parent
        return None

    @staticmethod
    def _visible(source: Spot) -> tuple[str, ...]:
        names: dict[str, None] = {}
        scope: Spot | None = source
        while scope is not None:
            names.update(dict.fromkeys(scope.children))
            scope = scope.parent
        return tuple(names)

    def _report_unknown(
        self, scalar: Scalar, start: int, name: str, names: tuple[str, ...], inside: str | None = None
    ) -> None:
        self._context.is_graph_whole = False
        if not self.is_whole:
            return
        span = scalar.part(start, len(name))
        elsewhere = [path for path in self.spots if path.rpartition(".")[2] == name]
        if elsewhere and inside is None:
            self._context.report(
                "unknown-state", span, key="unknown-state.elsewhere", name=name, path=elsewhere[0]
            )
            return
        self._context.report_unknown("state", span, name, names)

    def handlers(self, scalar: Scalar) -> tuple[str, ...]:
        """Return the paths of all handlers that a trigger's name or path means; report none."""
        text = scalar.text
        if text in self.triggers:
            return tuple(place.path for place in self.triggers[text])
        paths = [place.path for places in self.triggers.values() for place in places]
        if text in paths:
            return (text,)
        candidates = (*self.triggers, *paths)
        self._context.report_unknown("trigger", scalar.span, text, candidates)
        return ()


def inner_states(shape: AnyState) -> tuple[tuple[Scalar, StateShape], ...]:
    """Return the states directly inside."""
    if isinstance(shape, WorkflowShape):
        return shape.states
    return shape.states or shape.regions


def _kind(shape: AnyState) -> StateKind:
    if isinstance(shape, WorkflowShape):
        return StateKind.COMPOUND
    if shape.final is not None:
        return StateKind.FINAL
    if shape.regions:
        return StateKind.PARALLEL
    return StateKind.COMPOUND if shape.states else StateKind.ATOMIC


def _triggers(spot: Spot) -> Iterator[tuple[str, TriggerPlace]]:
    for key, shape in spot.shape.transitions:
        yield key.text, TriggerPlace(path=spot.child_path(key.text), spot=spot, span=key.span)
        for act in acts(shape):
            yield act.text, TriggerPlace(path=spot.child_path(act.text), spot=spot, span=act.span)


def acts(shape: TransitionShape) -> Iterator[Scalar]:
    """Yield the names of the acts of a transition's consent besides the yes: refuse, then withdraw."""
    if shape.consent is not None:
        yield from (name for name in (shape.consent.refuse, shape.consent.withdraw) if name is not None)
