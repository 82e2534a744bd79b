"""The statechart as the interpreter reads it: states, edges and what follows from their nesting.

Owns the frozen values only. They come from a definition through ``build`` (tests write them by
hand), and are read by ``chart``, ``machine``, ``checks`` and diagrams. Guards and effects are opaque
here: an oracle answers the one and is told the other.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from workflow.definition import StateKind

ROOT = ""
"""Path of the outermost state, the workflow itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartBranch:
    """One way on from an edge.

    Attributes:
        guard: Asked of the oracle; ``None`` is always true.
        target: Path of the state to enter; ``None`` leaves and enters nothing.
        external: Leave and re-enter the source although the target lies inside it.
        effect: Told to the oracle between exit and entry; ``None`` is not told.
    """

    guard: Hashable | None = None
    target: str | None = None
    external: bool = False
    effect: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A transition of one state: whether it is enabled, and the branches it may take.

    Attributes:
        id: Path of the handler, or ``@clock/…``, ``@refused/…``, ``@always/…``, ``@done/…``, ``@open``.
        source: Path of the state that it stands in.
        event: Name by which it is asked for; ``None`` where it is not asked for by name.
        guard: What must hold for it to be selected.
        branches: In document order; the first whose guard holds is taken.
    """

    id: str
    source: str
    event: str | None = None
    guard: Hashable | None = None
    branches: tuple[ChartBranch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartState:
    """A node of the chart.

    Attributes:
        order: Position in document order, parents before children, the root 0.
        depth: Number of ancestors.
        initial: Path entered by default, a child or deeper; ``None``: the first child.
        edges: Edges asked for by name, in document order.
        always: Branches taken without being asked for.
        done: Taken when the nested machine or every region has ended.
    """

    path: str
    kind: StateKind
    parent: str | None
    order: int
    depth: int
    children: tuple[str, ...] = ()
    initial: str | None = None
    edges: tuple[Edge, ...] = ()
    always: Edge | None = None
    done: Edge | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A whole statechart.

    Attributes:
        states: By path, in document order, the root first.
        edges: Every edge by its id.
        lineage: Path → the state itself, its parent, and so on to the root.
        inside: Path → its proper descendants.
        events: Every name by which some edge is asked for.
    """

    states: Mapping[str, ChartState]
    edges: Mapping[str, Edge]
    lineage: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    inside: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)
    events: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        lineage: dict[str, tuple[str, ...]] = {}
        inside: dict[str, set[str]] = {path: set() for path in self.states}
        for path, state in self.states.items():
            above = () if state.parent is None else lineage[state.parent]
            lineage[path] = (path, *above)
            for ancestor in above:
                inside[ancestor].add(path)
        events = {edge.event for state in self.states.values() for edge in state.edges}
        object.__setattr__(self, "lineage", lineage)
        object.__setattr__(self, "inside", {path: frozenset(below) for path, below in inside.items()})
        object.__setattr__(self, "events", frozenset(name for name in events if name is not None))

    def active(self, configuration: tuple[str, ...]) -> frozenset[str]:
        """Return every active state of a configuration, composite ones and the root included."""
        return frozenset(path for leaf in configuration for path in self.lineage[leaf])

    def is_legal(self, configuration: tuple[str, ...]) -> bool:
        """Whether the leaves, in document order, are a configuration that the chart can be in."""
        if not configuration or any(leaf not in self.states for leaf in configuration):
            return False
        orders = [self.states[leaf].order for leaf in configuration]
        if any(left >= right for left, right in pairwise(orders)):
            return False
        active = self.active(configuration)
        leaves = {path for path in active if not self.states[path].children}
        return leaves == set(configuration) and all(self._is_whole(path, active) for path in active)

    def _is_whole(self, path: str, active: frozenset[str]) -> bool:
        state = self.states[path]
        below = sum(child in active for child in state.children)
        return below == {StateKind.COMPOUND: 1, StateKind.PARALLEL: len(state.children)}.get(state.kind, 0)
