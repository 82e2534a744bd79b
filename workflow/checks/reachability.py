"""What can be reached in a statechart: states, ends, and circles that nobody starts.

Owns over-approximations on the chart, without asking a single guard: a state that is not reached here
is never active, and one without a way to an end has none. Uses the interpreter's own rules for what
a transition enters. Takes time in proportion to the chart, so that a large file is no trap. Called by
``checks``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar

from workflow.chart.build import OPEN
from workflow.chart.model import ROOT, Chart, ChartBranch, Edge
from workflow.chart.scope import Entry, domain_of
from workflow.definition import StateKind

N = TypeVar("N", bound=Hashable)


class Reachability:
    """Questions about one chart; every answer is computed once."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self._by_source: dict[str, list[Edge]] = {path: [] for path in chart.states}
        for edge in chart.edges.values():
            if edge.id != OPEN:
                self._by_source[edge.source].append(edge)
        self._entered: dict[tuple[str, str | None], frozenset[str]] = {}

    def entered(self, edge: Edge, branch: ChartBranch) -> frozenset[str]:
        """Return the states that a branch enters, inner and enclosing ones included."""
        if branch.target is None:
            return frozenset()
        domain = domain_of(self.chart, edge, branch)
        key = branch.target, domain
        if key not in self._entered:
            entry = Entry(self.chart)
            entry.add(branch.target, domain)
            self._entered[key] = frozenset(entry.paths)
        return self._entered[key]

    # What is reached -------------------------------------------------------------------------------

    @cached_property
    def _flood(self) -> _Flood:
        return _Flood(self)

    @property
    def reached(self) -> frozenset[str]:
        """The states that can become active."""
        return self._flood.reached

    def can_be_done(self, path: str) -> bool:
        """Whether a nested machine, or every region, can get into a final state."""
        return path in self._flood.doable

    def edges_from(self, path: str) -> list[Edge]:
        """Return the edges of a state, what is taken when it is done included."""
        return self._by_source[path]

    # What can end ----------------------------------------------------------------------------------

    @cached_property
    def stuck(self) -> tuple[tuple[str, ...], ...]:
        """Groups of states, in document order, that a case can get into and never out of to an end.

        Only where it really hangs: states that merely lead into such a group are left out.
        """
        living = self._living
        dead = [path for path in self._leaves if path not in living and not self._is_end(path)]
        onward = {path: set(self._onward(path)).intersection(dead) for path in dead}
        ends = (group for group in components(onward) if all(onward[path] <= group for path in group))
        groups = [tuple(sorted(group, key=self._order)) for group in ends]
        return tuple(sorted(groups, key=lambda group: self._order(group[0])))

    @cached_property
    def _leaves(self) -> tuple[str, ...]:
        return tuple(path for path in self.chart.states if path in self.reached and self._is_leaf(path))

    def _is_leaf(self, path: str) -> bool:
        return not self.chart.states[path].children

    def _is_end(self, path: str) -> bool:
        state = self.chart.states[path]
        return state.kind is StateKind.FINAL and state.parent == ROOT

    @cached_property
    def _living(self) -> frozenset[str]:
        """Leaves from which a move of their own, or of a state around them, leads to an end."""
        into: dict[str, list[str]] = {}  # leaf → states with a move that enters it
        for path in self.reached:
            for entered in self._moves(path):
                for leaf in filter(self._is_leaf, entered):
                    into.setdefault(leaf, []).append(path)
        living: set[str] = set()
        alive: set[str] = set()
        waiting = [source for leaf in into if self._is_end(leaf) for source in into[leaf]]
        while waiting:
            path = waiting.pop()
            if path in alive:
                continue
            alive.add(path)
            for below in (path, *self.chart.inside[path]):
                if self._is_leaf(below) and below not in living:
                    living.add(below)
                    waiting += into.get(below, ())
        return frozenset(living)

    def _moves(self, path: str) -> Iterator[frozenset[str]]:
        """Yield what each move that stands in a state enters; of a parallel state also what leaves it."""
        for edge in self._moving(path):
            for branch in edge.branches:
                if branch.target is not None:
                    yield self.entered(edge, branch)
        if self.chart.states[path].kind is StateKind.PARALLEL:
            inside = self.chart.inside[path]
            for inner in inside & self.reached:
                for edge in self._moving(inner):
                    for branch in edge.branches:
                        if branch.target is not None and branch.target not in inside:
                            yield self.entered(edge, branch)

    def _moving(self, path: str) -> Iterator[Edge]:
        """Yield the edges of a state; the end of a machine counts as a move of its final states."""
        state = self.chart.states[path]
        for edge in self._by_source[path]:
            if edge is not state.done:
                yield edge
        if state.kind is StateKind.FINAL:
            for above in self.chart.lineage[path][1:3]:
                done = self.chart.states[above].done
                is_near = above == state.parent or self.chart.states[above].kind is StateKind.PARALLEL
                if done is not None and is_near and self.can_be_done(above):
                    yield done

    def _onward(self, path: str) -> Iterator[str]:
        for above in self.chart.lineage[path]:
            for entered in self._moves(above):
                yield from filter(self._is_leaf, entered)

    def _order(self, path: str) -> int:
        return self.chart.states[path].order

    # Circles ---------------------------------------------------------------------------------------

    def circles(self, is_at_once: Callable[[str], bool], *, only_sure: bool) -> tuple[tuple[str, ...], ...]:
        """Return circles of edges that need nobody, each as ids in document order.

        Args:
            is_at_once: Whether a clock, by the path of its deadline, has run out when its state is
                entered.
            only_sure: Follow branches without a guard only.
        """
        onward = {
            edge.id: set(self._after(edge, is_at_once, only_sure))
            for edge in self.chart.edges.values()
            if edge.id.startswith(("@always/", "@done/", "@clock/")) and edge.source in self.reached
        }
        found = (group for group in components(onward) if any(group & onward[edge] for edge in group))
        place = {edge: number for number, edge in enumerate(onward)}
        circles = (tuple(sorted(group, key=place.__getitem__)) for group in found)
        return tuple(sorted(circles, key=lambda circle: place[circle[0]]))

    def _after(self, edge: Edge, is_at_once: Callable[[str], bool], only_sure: bool) -> Iterator[str]:
        for branch in edge.branches:
            if only_sure and branch.guard is not None:
                return
            if branch.target is None and edge.id.startswith("@always/"):
                yield edge.id
            yield from self._at_once(self.entered(edge, branch), is_at_once)
            if only_sure:
                return

    def _at_once(self, entered: frozenset[str], is_at_once: Callable[[str], bool]) -> Iterator[str]:
        """Yield the edges that need nobody once some states are entered."""
        for path in entered:
            state = self.chart.states[path]
            if state.always is not None:
                yield state.always.id
            for edge in self._by_source[path]:
                if edge.id.startswith("@clock/") and is_at_once(edge.id.removeprefix("@clock/")):
                    yield edge.id
            if state.kind is StateKind.FINAL and state.parent is not None:
                done = self.chart.states[state.parent].done
                if done is not None:
                    yield done.id


class _Flood:
    """The states that can become active, found by following every branch from the opening.

    Attributes:
        reached: What was found.
        doable: Of these, the nested machines and parallel states that can be done.
    """

    def __init__(self, graph: Reachability) -> None:
        self._graph = graph
        self._states = graph.chart.states
        self._found = {ROOT}
        self._doable: set[str] = set()
        self._regions = {
            path: len(state.children)
            for path, state in self._states.items()
            if state.kind is StateKind.PARALLEL
        }
        self._waiting: list[str] = []
        opening = graph.chart.edges[OPEN]
        self._take((opening, *graph.edges_from(ROOT)))
        while self._waiting:
            path = self._waiting.pop()
            if path not in self._found:
                self._found.add(path)
                self._reach(path)
        self.reached = frozenset(self._found)
        self.doable = frozenset(self._doable)

    def _reach(self, path: str) -> None:
        state = self._states[path]
        self._take(edge for edge in self._graph.edges_from(path) if edge is not state.done)
        if state.kind is StateKind.FINAL and state.parent is not None:
            self._finish(state.parent)
        # A machine may have been done, by a target inside it, before it was itself looked at.
        if path in self._doable and state.done is not None:
            self._take((state.done,))

    def _finish(self, path: str) -> None:
        """Note that a machine can be done, and with its last region a parallel state."""
        if path in self._doable or path == ROOT:
            return
        self._doable.add(path)
        state = self._states[path]
        if path in self._found and state.done is not None:
            self._take((state.done,))
        if state.parent in self._regions:
            self._regions[state.parent] -= 1
            if not self._regions[state.parent]:
                self._finish(state.parent)

    def _take(self, edges: Iterable[Edge]) -> None:
        for edge in edges:
            for branch in edge.branches:
                self._waiting += self._graph.entered(edge, branch) - self._found


def components(onward: Mapping[N, Iterable[N]]) -> list[set[N]]:
    """Return the strongly connected components of a graph (Tarjan's algorithm, without recursion).

    Args:
        onward: Node → the nodes that it leads to, each of them a key too.

    Returns:
        Sets of nodes that all lead to each other; what a set leads to stands before it.
    """
    index: dict[N, int] = {}
    low: dict[N, int] = {}
    stack: list[N] = []
    on_stack: set[N] = set()
    found: list[set[N]] = []
    for start in onward:
        if start in index:
            continue
        path: list[tuple[N, Iterator[N]]] = [(start, iter(onward[start]))]
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        while path:
            node, rest = path[-1]
            step = next((one for one in rest if one not in index or one in on_stack), None)
            if step is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == index[node]:
                    found.append(_popped(stack, on_stack, node))
            elif step in index:
                low[node] = min(low[node], index[step])
            else:
                index[step] = low[step] = len(index)
                stack.append(step)
                on_stack.add(step)
                path.append((step, iter(onward[step])))
    return found


def _popped(stack: list[N], on_stack: set[N], last: N) -> set[N]:
    group: set[N] = set()
    while last not in group:
        group.add(stack.pop())
    on_stack.difference_update(group)
    return group
