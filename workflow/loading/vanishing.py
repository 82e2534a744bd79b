"""What parameters make unreachable: it vanishes, as if it had never been written.

Owns `Vanished`: the states that no case of this definition can reach and that it could with other
parameters. What nothing could ever reach stays, and is reported by the checks. Called by ``loading``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from workflow.chart.build import build_chart
from workflow.chart.model import Chart, ChartBranch, Edge
from workflow.checks.reachability import Reachability
from workflow.definition import Definition, Handler, State
from workflow.loading.document import (
    BranchShape,
    OpeningShape,
    StateShape,
    ThenShape,
    TransitionShape,
    WorkflowShape,
)
from workflow.loading.expansion import Expansion
from workflow.loading.parts import Parts

S = TypeVar("S", StateShape, WorkflowShape)
C = TypeVar("C", TransitionShape, ThenShape, OpeningShape)


class Vanished:
    """What of one definition vanishes.

    Attributes:
        paths: Of the states that do.
    """

    def __init__(self, definition: Definition, parts: Parts, expansion: Expansion) -> None:
        self._dead = {id(shape) for _, shape in parts.branches.dead}
        self._settled = {id(shape) for shape in parts.branches.settled}
        self.paths: frozenset[str] = frozenset()
        ghosts = [(path, to) for path, to in expansion.ghosts if path in parts.tree.spots] + [
            (path, shape.to) for path, shape in parts.branches.dead if shape.to is not None
        ]
        if not ghosts or not parts.context.is_graph_whole:
            return
        chart = build_chart(definition)
        lost = frozenset(definition.states) - Reachability(chart).reached
        edges = dict(chart.edges)
        for number, (path, to) in enumerate(ghosts):
            target = parts.tree.target(parts.tree.spots[path], to, is_quiet=True)
            if target is not None and target.parent is not None:
                branch = ChartBranch(target=target.path)
                edges[f"@ghost/{number}"] = Edge(id=f"@ghost/{number}", source=path, branches=(branch,))
        found = lost & Reachability(Chart(states=chart.states, edges=edges)).reached
        self.paths = _left_alone(found, chart)

    def without(self, definition: Definition) -> Definition:
        """Return the definition without what vanishes."""
        if not self.paths:
            return definition
        gone = {one.path for path in self.paths for one in definition.states[path].handlers}
        states = {
            path: self._left(state, gone)
            for path, state in definition.states.items()
            if path not in self.paths
        }
        return replace(definition, states=states)

    def _left(self, state: State, gone: set[str]) -> State:
        children = tuple(path for path in state.children if path not in self.paths)
        handlers = tuple(_without(handler, gone) for handler in state.handlers)
        return replace(state, children=children, handlers=handlers)

    # The form that the digest covers -------------------------------------------------------------------

    def pruned(self, shape: WorkflowShape) -> WorkflowShape:
        """Return a definition's shape without what vanishes, for its canonical form."""
        if not self.paths and not self._dead and not self._settled:
            return shape
        whole = self._state(shape, "")
        if shape.open is not None:
            whole = whole.without(open=self._command(shape.open))
        return whole

    def _state(self, shape: S, path: str) -> S:
        def inner(name: str) -> str:
            return f"{path}.{name}" if path else name

        transitions = tuple((key, self._command(one)) for key, one in shape.transitions)
        deadlines = tuple(
            (key, one.without(then=self._command(one.then)) if one.then else one)
            for key, one in shape.deadlines
        )
        changes: dict[str, object] = {"transitions": transitions, "deadlines": deadlines}
        tables = ("states", "regions") if hasattr(shape, "regions") else ("states",)
        for table in tables:
            changes[table] = tuple(
                (key, self._state(body, inner(key.text)))
                for key, body in getattr(shape, table)
                if inner(key.text) not in self.paths
            )
        if isinstance(shape, StateShape):
            changes["always"] = self._branches(shape.always)
        return shape.without(**changes)

    def _command(self, shape: C) -> C:
        return shape.without(choose=self._branches(shape.choose)) if shape.choose else shape

    def _branches(self, shapes: tuple[BranchShape, ...]) -> tuple[BranchShape, ...]:
        left = (one for one in shapes if id(one) not in self._dead)
        return tuple(one.without(when=None) if id(one) in self._settled else one for one in left)


def _left_alone(found: frozenset[str], chart: Chart) -> frozenset[str]:
    """Return states with what is inside them, but for those to which a state leads that stays.

    One that is never reached, and by no fault of a parameter, stays to be reported; what it leads to too.
    """
    while True:
        paths = found.union(*(chart.inside[path] for path in found))
        kept = {
            path
            for edge in chart.edges.values()
            if edge.source not in paths
            for branch in edge.branches
            if branch.target in paths
            for path in (*chart.lineage[branch.target], *chart.inside[branch.target])
        }
        if not kept:
            return paths
        found = paths - kept


def _without(handler: Handler, gone: set[str]) -> Handler:
    if gone.isdisjoint(handler.other_person_than):
        return handler
    others = tuple(path for path in handler.other_person_than if path not in gone)
    return replace(handler, other_person_than=others)
