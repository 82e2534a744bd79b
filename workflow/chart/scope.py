"""What one transition reaches in the tree of states: what it leaves, what it enters, what has ended.

Owns the domain of a transition, the entry set and the meaning of "ended" (W3C SCXML, Appendix D).
Pure questions about a chart; nothing here asks an oracle or keeps a configuration. Called by
``chart``.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from workflow.chart.model import ROOT, Chart, ChartBranch, ChartState, Edge
from workflow.definition import StateKind


def domain_of(chart: Chart, edge: Edge, branch: ChartBranch) -> str | None:
    """Return the state inside which a branch leaves everything and enters anew; it stays active itself.

    That is the source where the target lies inside it; else the nearest state around the source and the
    target that is a nested machine or the root. ``None``: the root is left and entered too.
    """
    source, target = edge.source, branch.target
    if not branch.external and target in chart.inside[source]:
        return source
    for path in chart.lineage[source][1:]:
        is_eligible = path == ROOT or chart.states[path].kind is StateKind.COMPOUND
        if is_eligible and target in chart.inside[path]:
            return path
    return None


def has_ended(chart: Chart, path: str, active: AbstractSet[str]) -> bool:
    """Whether a state has ended: its nested machine is in a final state, or each of its regions is."""
    state = chart.states[path]
    if state.kind is StateKind.PARALLEL:
        return all(has_ended(chart, child, active) for child in state.children)
    if state.kind is StateKind.COMPOUND:
        return any(
            child in active and chart.states[child].kind is StateKind.FINAL for child in state.children
        )
    return state.kind is StateKind.FINAL and path in active


class Entry:
    """The states to enter: the targets, what encloses them, and what is entered by default.

    Attributes:
        paths: What was collected so far.
    """

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        self.paths: set[str] = set()

    def add(self, target: str, domain: str | None) -> None:
        """Enter a target and all that encloses it below ``domain`` (``None``: the root too)."""
        self._add_with_default(target)
        self._add_around(target, domain)
        if domain is not None and self._chart.states[domain].kind is StateKind.PARALLEL:
            self._fill_regions(self._chart.states[domain])

    def _add_with_default(self, path: str) -> None:
        self.paths.add(path)
        state = self._chart.states[path]
        if state.kind is StateKind.COMPOUND:
            initial = state.children[0] if state.initial is None else state.initial
            self._add_with_default(initial)
            self._add_around(initial, path)
        elif state.kind is StateKind.PARALLEL:
            self._fill_regions(state)

    def _add_around(self, path: str, domain: str | None) -> None:
        for ancestor in self._chart.lineage[path][1:]:
            if ancestor == domain:
                return
            self.paths.add(ancestor)
            state = self._chart.states[ancestor]
            if state.kind is StateKind.PARALLEL:
                self._fill_regions(state)

    def _fill_regions(self, state: ChartState) -> None:
        for region in state.children:
            if region not in self.paths:
                self._add_with_default(region)
