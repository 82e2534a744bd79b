"""What can be reached in a statechart: states, ends, and circles that nobody starts.

Owns over-approximations on the chart, without asking a single guard: a state that is not reached here
is never active, and one without a way to an end has none. Uses the interpreter's own rules for what
a transition enters. Called by ``checks``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from workflow.chart_build import OPEN
from workflow.chart_model import ROOT, Chart, ChartBranch, Edge
from workflow.chart_scope import Entry, domain_of
from workflow.definition import StateKind


class Reachability:
    """Questions about one chart; every answer is computed once."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self._by_source: dict[str, list[Edge]] = {path: [] for path in chart.states}
        for edge in chart.edges.values():
            if edge.id != OPEN:
                self._by_source[edge.source].append(edge)
        self._entered: dict[tuple[str, str, bool], frozenset[str]] = {}

    def entered(self, edge: Edge, branch: ChartBranch) -> frozenset[str]:
        """Return the states that a branch enters, inner and enclosing ones included."""
        if branch.target is None:
            return frozenset()
        key = edge.source, branch.target, branch.external
        if key not in self._entered:
            entry = Entry(self.chart)
            entry.add(branch.target, domain_of(self.chart, edge, branch))
            self._entered[key] = frozenset(entry.paths)
        return self._entered[key]

    # What is reached -------------------------------------------------------------------------------

    @cached_property
    def reached(self) -> frozenset[str]:
        """The states that can become active."""
        found = {ROOT}
        opening = self.chart.edges[OPEN]
        waiting = [path for branch in opening.branches for path in self.entered(opening, branch)]
        while True:
            while waiting:
                path = waiting.pop()
                if path in found:
                    continue
                found.add(path)
                waiting += self._from(path)
            # Endings depend on all that was found, so they are looked at when nothing else is new.
            waiting = [
                path for edge in self._endings(found) for path in self._into(edge) if path not in found
            ]
            waiting += [path for path in self._from(ROOT) if path not in found]
            if not waiting:
                return frozenset(found)

    def _from(self, path: str) -> Iterator[str]:
        for edge in self._by_source[path]:
            if edge is not self.chart.states[path].done:
                yield from self._into(edge)

    def _into(self, edge: Edge) -> Iterator[str]:
        for branch in edge.branches:
            yield from self.entered(edge, branch)

    def _endings(self, found: Iterable[str]) -> Iterator[Edge]:
        known = frozenset(found)
        for path in known:
            done = self.chart.states[path].done
            if done is not None and self.can_be_done(path, known):
                yield done

    def can_be_done(self, path: str, found: frozenset[str]) -> bool:
        """Whether a nested machine or every region can be in a final state that is in ``found``."""
        state = self.chart.states[path]
        if state.kind is StateKind.PARALLEL:
            return all(self.can_be_done(region, found) for region in state.children)
        finals = (child for child in state.children if self.chart.states[child].kind is StateKind.FINAL)
        return any(child in found for child in finals)

    # What can end ----------------------------------------------------------------------------------

    @cached_property
    def stuck(self) -> tuple[tuple[str, ...], ...]:
        """Groups of states, in document order, that a case can get into and never out of to an end.

        Only where it really hangs: states that merely lead into such a group are left out.
        """
        dead = {path for path in self._leaves if not self._lives(path, self._alive)}
        onward = {path: {to for to in self._onward(path) if to in dead} for path in dead}
        beyond = {path: _closure(path, onward.__getitem__) for path in dead}
        groups = {
            tuple(sorted({path} | beyond[path], key=self._order))
            for path in dead
            if all(path in beyond[other] for other in beyond[path])
        }
        return tuple(sorted(groups, key=lambda group: self._order(group[0])))

    @cached_property
    def _leaves(self) -> tuple[str, ...]:
        leaves = (path for path in self.reached if not self.chart.states[path].children)
        return tuple(path for path in leaves if not self._is_end(path))

    def _is_end(self, path: str) -> bool:
        state = self.chart.states[path]
        return state.kind is StateKind.FINAL and state.parent == ROOT

    @cached_property
    def _alive(self) -> frozenset[str]:
        """States with a move of their own that leads to an end."""
        alive: set[str] = set()
        while True:
            more = {
                path
                for path in self.reached - alive
                if any(self._leads_out(entered, alive) for entered in self._moves(path))
            }
            if not more:
                return frozenset(alive)
            alive |= more

    def _leads_out(self, entered: frozenset[str], alive: set[str]) -> bool:
        leaves = [path for path in entered if not self.chart.states[path].children]
        return any(self._is_end(path) or self._lives(path, alive) for path in leaves)

    def _lives(self, path: str, alive: Iterable[str]) -> bool:
        return not frozenset(self.chart.lineage[path]).isdisjoint(alive)

    def _moves(self, path: str) -> Iterator[frozenset[str]]:
        """Yield what each move that stands in a state enters; of a parallel state also what leaves it."""
        for edge in self._edges_of(path):
            for branch in edge.branches:
                if branch.target is not None:
                    yield self.entered(edge, branch)
        if self.chart.states[path].kind is StateKind.PARALLEL:
            inside = self.chart.inside[path]
            for inner in inside & self.reached:
                for edge in self._edges_of(inner):
                    for branch in edge.branches:
                        if branch.target is not None and branch.target not in inside:
                            yield self.entered(edge, branch)

    def _edges_of(self, path: str) -> Iterator[Edge]:
        """Yield the edges of a state; the end of a machine counts as a move of its final states."""
        state = self.chart.states[path]
        for edge in self._by_source[path]:
            if edge is not state.done:
                yield edge
        if state.kind is StateKind.FINAL:
            for above in self.chart.lineage[path][1:3]:
                done = self.chart.states[above].done
                is_near = above == state.parent or self.chart.states[above].kind is StateKind.PARALLEL
                if done is not None and is_near and self.can_be_done(above, self.reached):
                    yield done

    def _onward(self, path: str) -> Iterator[str]:
        for above in self.chart.lineage[path]:
            for entered in self._moves(above):
                yield from (to for to in entered if not self.chart.states[to].children)

    def _order(self, path: str) -> int:
        return self.chart.states[path].order

    # Circles ---------------------------------------------------------------------------------------

    def next_at_once(self, entered: frozenset[str], is_at_once: Callable[[str], bool]) -> Iterator[Edge]:
        """Yield the edges that need nobody once some states are entered.

        Args:
            is_at_once: Whether a clock, by the path of its deadline, has run out when its state is
                entered.
        """
        for path in entered:
            state = self.chart.states[path]
            if state.always is not None:
                yield state.always
            for edge in self._by_source[path]:
                if edge.id.startswith("@clock/") and is_at_once(edge.id.removeprefix("@clock/")):
                    yield edge
            if state.kind is StateKind.FINAL and state.parent is not None:
                done = self.chart.states[state.parent].done
                if done is not None:
                    yield done

    def circles(self, is_at_once: Callable[[str], bool], *, only_sure: bool) -> tuple[tuple[str, ...], ...]:
        """Return circles of edges that need nobody, each as ids beginning with the first in order.

        Args:
            is_at_once: See `next_at_once`.
            only_sure: Follow branches without a guard only.
        """
        onward: dict[str, set[str]] = {}
        for edge in self.chart.edges.values():
            if edge.id.startswith(("@always/", "@done/", "@clock/")) and edge.source in self.reached:
                onward[edge.id] = set(self._after(edge, is_at_once, only_sure))
        found: dict[frozenset[str], tuple[str, ...]] = {}
        for start in onward:
            beyond = _closure(start, lambda one: onward.get(one, set()))
            if start in beyond:
                circle = tuple(
                    one for one in onward if one in beyond and start in _closure(one, onward.__getitem__)
                )
                found.setdefault(frozenset(circle), circle)
        return tuple(found.values())

    def _after(self, edge: Edge, is_at_once: Callable[[str], bool], only_sure: bool) -> Iterator[str]:
        for branch in edge.branches:
            if only_sure and branch.guard is not None:
                return
            if branch.target is None and edge.id.startswith("@always/"):
                yield edge.id
            for following in self.next_at_once(self.entered(edge, branch), is_at_once):
                yield following.id
            if only_sure:
                return


def _closure(start: str, onward: Callable[[str], Iterable[str]]) -> set[str]:
    """Return all that can be reached from ``start`` in one step or more."""
    found: set[str] = set()
    waiting = list(onward(start))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += onward(one)
    return found
