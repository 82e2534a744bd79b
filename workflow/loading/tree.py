"""The states of a definition as a tree, and the names that can be reached in it.

Owns paths, document order, the shape of each state, the rule by which a target is looked up, and the
index of triggers. Knows nothing of guards or fields. Called by ``loading`` before anything that
refers to a state or a trigger is resolved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from workflow.definition import StateKind
from workflow.loading.context import Context
from workflow.loading.document import StateShape, TransitionShape, WorkflowShape
from workflow.source.diagnostics import Span
from workflow.source.provenance import HOST
from workflow.source.text import Scalar

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
    territory: int = HOST
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
    """All states by path, in document order, the root first.

    Args:
        uses: Path of a state that is a fragment → the territory of that use.
    """

    def __init__(self, workflow: WorkflowShape, context: Context, uses: Mapping[str, int]) -> None:
        self._context = context
        self._uses = uses
        self.spots: dict[str, Spot] = {}
        self.triggers: dict[str, list[TriggerPlace]] = {}
        self._seen: dict[str, frozenset[str]] = {}
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
            territory=self._uses.get(path, parent.territory if parent else HOST),
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

    def start(self, place: Spot, span: Span) -> Spot:
        """Return from where a name at ``place`` is looked up: what fills a parameter, from its host."""
        territory = self._context.provenance.territory(span)
        spot = place
        while spot.territory != territory and spot.parent is not None:
            spot = spot.parent
        return spot

    def outward(self, place: Spot, span: Span) -> Iterator[Spot]:
        """Yield the states in which a name at ``place`` is looked up, the nearest first."""
        spot: Spot | None = self.start(place, span)
        territory = spot.territory if spot else HOST
        while spot is not None and spot.territory == territory:
            yield spot
            spot = spot.parent

    def inside(self, place: Spot, path: str, span: Span) -> Spot | None:
        """Find the state of a path as a target is found, quietly."""
        first, *rest = path.split(".")
        spot = self._nearest(place, first, span)
        for name in rest:
            spot = spot.children.get(name) if spot else None
        return spot

    def target(self, source: Spot, scalar: Scalar, *, is_quiet: bool = False) -> Spot | None:
        """Find a target from ``source``: own children, then siblings, then outward; nearest wins.

        Reports a target that is not there.
        """
        if scalar.text == SELF:
            return self._self(source, scalar)
        if is_quiet:
            return self.inside(source, scalar.text, scalar.span)
        first, *rest = scalar.text.split(".")
        spot = self._nearest(source, first, scalar.span)
        if spot is None:
            self._report_unknown(scalar, 0, first, self._visible(source, scalar.span))
            return None
        offset = len(first) + 1
        for name in rest:
            inner = spot.children.get(name)
            if inner is None:
                self._report_unknown(scalar, offset, name, tuple(spot.children), spot.path)
                return None
            spot, offset = inner, offset + len(name) + 1
        return spot

    def _self(self, source: Spot, scalar: Scalar) -> Spot:
        """Return what ``self`` is: in an exit, the state that uses the fragment."""
        start = self.start(source, scalar.span)
        spot = source
        while spot is not start and spot.parent is not start and spot.parent is not None:
            spot = spot.parent
        return spot

    def _nearest(self, source: Spot, name: str, span: Span) -> Spot | None:
        scopes = self.outward(source, span)
        return next((scope.children[name] for scope in scopes if name in scope.children), None)

    def _visible(self, source: Spot, span: Span) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for scope in self.outward(source, span) for name in scope.children))

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

    def handlers(self, place: Spot, scalar: Scalar) -> tuple[str, ...]:
        """Return the paths of all handlers that a trigger's name or path means, seen from ``place``."""
        text = scalar.text
        seen = self.seen(place, scalar.span)
        stands = [one for name in self.triggers.values() for one in name if one.spot.path in seen]
        exact = [one for one in stands if one.path == text]
        found = exact or [one for one in stands if one.path.endswith(f".{text}")]
        home = self.start(place, scalar.span).territory
        # What a fragment has inside is its own affair where the host has a trigger of this name itself.
        found = [one for one in found if one.spot.territory == home] or found
        if not found:
            names = tuple(dict.fromkeys(one.path.rpartition(".")[2] for one in stands))
            self._context.report_unknown(
                "trigger", scalar.span, text, (*names, *(one.path for one in stands))
            )
        return tuple(one.path for one in found)

    def seen(self, place: Spot, span: Span) -> frozenset[str]:
        """Return the paths of the states that a name at ``place`` may mean something of."""
        top = list(self.outward(place, span))[-1]
        if top.path not in self._seen:
            inside = f"{top.path}." if top.path else ""
            paths = (path for path in self.spots if path == top.path or path.startswith(inside))
            self._seen[top.path] = frozenset(paths)
        return self._seen[top.path]


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
