"""Small statecharts written by hand, and oracles for them.

In these charts the path of a state is its bare name, so names are unique within a chart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from workflow.chart.interpreter import OPEN, ROOT, Chart, ChartBranch, ChartState, Edge
from workflow.definition import StateKind

COMPOUND, PARALLEL, ATOMIC, FINAL = (
    StateKind.COMPOUND,
    StateKind.PARALLEL,
    StateKind.ATOMIC,
    StateKind.FINAL,
)


@dataclass
class Node:
    """A state with what stands in it."""

    name: str
    kind: StateKind
    children: tuple[Node, ...] = ()
    initial: str | None = None
    on: list[Edge] = field(default_factory=list)
    always: list[ChartBranch] = field(default_factory=list)
    done: ChartBranch | None = None

    def when(self, event: str, *branches: ChartBranch, guard: Hashable | None = None) -> Node:
        """Add an edge; its id is ``state.event``, with a number from the second of that name on."""
        same = sum(edge.event == event for edge in self.on)
        name = f"{self.name}.{event}" + (f"#{same + 1}" if same else "")
        self.on.append(Edge(id=name, source=self.name, event=event, guard=guard, branches=branches))
        return self

    def then(self, *branches: ChartBranch) -> Node:
        """Add eventless branches."""
        self.always.extend(branches)
        return self

    def ended(self, branch: ChartBranch) -> Node:
        """Say what follows when the state has ended."""
        self.done = branch
        return self


def to(target: str | None, guard: Hashable | None = None, *, external: bool = False) -> ChartBranch:
    """A branch; its effect is the text ``→ target``."""
    return ChartBranch(guard=guard, target=target, external=external, effect=f"→ {target}")


def atomic(name: str) -> Node:
    """A state without children."""
    return Node(name, ATOMIC)


def final(name: str) -> Node:
    """An end."""
    return Node(name, FINAL)


def machine(name: str, *children: Node, initial: str | None = None) -> Node:
    """A nested machine."""
    return Node(name, COMPOUND, children, initial)


def regions(name: str, *children: Node) -> Node:
    """Regions side by side."""
    return Node(name, PARALLEL, children)


def chart_of(*children: Node, root: Node | None = None, opening: Iterable[ChartBranch] = ()) -> Chart:
    """The chart of a root state, by default a machine of ``children``."""
    states: dict[str, ChartState] = {}
    for node, parent, depth in _walk(root or machine(ROOT, *children), None, 0):
        states[node.name] = _state(node, parent, depth, len(states))
    edges = {
        edge.id: edge
        for state in states.values()
        for edge in (*state.edges, state.always, state.done)
        if edge is not None
    }
    if branches := tuple(opening):
        edges[OPEN] = Edge(id=OPEN, source=ROOT, branches=branches)
    return Chart(states=states, edges=edges)


def _walk(node: Node, parent: str | None, depth: int) -> Iterator[tuple[Node, str | None, int]]:
    yield node, parent, depth
    for child in node.children:
        yield from _walk(child, node.name, depth + 1)


def _state(node: Node, parent: str | None, depth: int, order: int) -> ChartState:
    always = done = None
    if node.always:
        always = Edge(id=f"@always/{node.name}", source=node.name, branches=tuple(node.always))
    if node.done:
        done = Edge(id=f"@done/{node.name}", source=node.name, branches=(node.done,))
    return ChartState(
        path=node.name,
        kind=node.kind,
        parent=parent,
        order=order,
        depth=depth,
        children=tuple(child.name for child in node.children),
        initial=node.initial,
        edges=tuple(node.on),
        always=always,
        done=done,
    )


class Answers:
    """An oracle that logs what passes; guards in ``true`` hold, unless ``decide`` says otherwise."""

    def __init__(
        self,
        true: Collection[Hashable] = (),
        decide: Callable[[Hashable, list[tuple[str, Any]]], bool] | None = None,
    ) -> None:
        self._true = true
        self._decide = decide
        self.log: list[tuple[str, Any]] = []

    def ask(self, guard: Hashable) -> bool:
        """Answer and log."""
        answer = self._decide(guard, self.log) if self._decide else guard in self._true
        self.log.append(("ask", guard))
        return answer

    def do(self, effect: Any) -> None:
        """Log an effect."""
        self.log.append(("do", effect))

    def moved(self, active: frozenset[str], entered: tuple[str, ...]) -> None:
        """Log the configuration, and what was entered."""
        self.log.append(("moved", active))
        self.log.append(("entered", entered))

    def heard(self, kind: str) -> list[Any]:
        """What was asked, done or moved, in order."""
        return [what for said, what in self.log if said == kind]
