"""What the checks say of a chart holds in every run of it, and is found in time for any chart."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.definitions import codes
from tests.property.test_chart import charts, oracle, outcome
from workflow.chart.interpreter import OPEN, ROOT, Chart, ChartBranch, Step, start, take
from workflow.chart.model import Edge
from workflow.checks.reachability import Reachability, components
from workflow.definition import StateKind

graphs = st.integers(1, 8).flatmap(
    lambda size: st.fixed_dictionaries({n: st.sets(st.integers(0, size - 1)) for n in range(size)})
)


def run(chart: Chart, seed: int, choices: list[int]) -> list[tuple[str, ...]]:
    """Return the configurations of one run in which any edge of an active state may be taken."""
    asked = oracle(seed)
    step = outcome(lambda: start(chart, chart.edges[OPEN].branches, asked))
    seen = []
    for choice in choices:
        if not isinstance(step, Step):
            break
        where = step.target
        seen.append(where)
        active = chart.active(where)
        edges = [
            edge
            for edge in chart.edges.values()
            if edge.source in active and not edge.id.startswith(("@open", "@always/", "@done/"))
        ]
        if not edges:
            break
        edge = edges[choice % len(edges)]
        moved = outcome(lambda where=where, edge=edge: take(chart, where, (edge,), asked))
        step = moved if isinstance(moved, Step) else step
    return [*seen, step.target] if isinstance(step, Step) else seen


def definable(chart: Chart) -> Chart:
    """Make of a chart one that a definition could say: one machine that opens in a state of its own."""
    root = chart.states[ROOT]
    first = root.children[-1]
    edges = {OPEN: Edge(id=OPEN, source=ROOT, branches=(ChartBranch(target=first),)), **chart.edges}
    for name, edge in edges.items():
        fallback = first if name == OPEN else None
        branches = tuple(replace(one, target=one.target or fallback) for one in edge.branches)
        edges[name] = replace(edge, branches=branches or (ChartBranch(target=first),) * (name == OPEN))
    states = {
        path: replace(
            state,
            kind=StateKind.COMPOUND if path == ROOT else state.kind,
            edges=tuple(edges[edge.id] for edge in state.edges),
            always=edges[state.always.id] if state.always else None,
            done=edges[state.done.id] if state.done and path != ROOT else None,
        )
        for path, state in chart.states.items()
    }
    if root.done is not None:
        del edges[root.done.id]
    return Chart(states=states, edges=edges)


definables = charts().map(definable)


@settings(max_examples=80)
@given(chart=definables, seed=st.integers(0, 2**16), choices=st.lists(st.integers(0, 30), max_size=12))
def test_active_state_is_reached(chart: Chart, seed: int, choices: list[int]) -> None:
    """No run makes a state active that the checks call unreachable."""
    graph = Reachability(chart)
    for configuration in run(chart, seed, choices):
        assert chart.active(configuration) <= graph.reached


@settings(max_examples=80)
@given(chart=definables, seed=st.integers(0, 2**16), choices=st.lists(st.integers(0, 30), max_size=12))
def test_case_that_ended_was_never_stuck(chart: Chart, seed: int, choices: list[int]) -> None:
    """No run ends that has been in a state out of which the checks see no way."""
    stuck = {path for group in Reachability(chart).stuck for path in group}
    seen = run(chart, seed, choices)
    ends = [number for number, configuration in enumerate(seen) if has_ended(chart, configuration)]
    for configuration in seen[: max(ends, default=0)]:
        assert stuck.isdisjoint(configuration)


def has_ended(chart: Chart, configuration: tuple[str, ...]) -> bool:
    """Whether a final state at the top is active."""
    states = (chart.states[leaf] for leaf in configuration)
    return any(state.kind is StateKind.FINAL and state.parent == ROOT for state in states)


@given(graph=graphs)
def test_components_are_what_leads_to_each_other(graph: dict[int, set[int]]) -> None:
    """Two nodes are in one component just when each leads to the other; each node is in one."""

    def beyond(start: int) -> set[int]:
        found, waiting = {start}, [start]
        while waiting:
            new = graph[waiting.pop()] - found
            found |= new
            waiting += new
        return found

    groups = components(graph)
    assert sorted(node for group in groups for node in group) == sorted(graph)
    for one in graph:
        (group,) = (each for each in groups if one in each)
        assert group == {other for other in graph if other in beyond(one) and one in beyond(other)}


def test_long_chains_are_judged_in_time() -> None:
    """A definition of hundreds of states, one behind the other, is judged in proportion to its length."""
    first = "disusun: {transitions: {x: {by: [opd], to: s0}, y: {by: [opd], to: selesai}}}\n"
    last = "s449: {transitions: {x: {by: [opd], to: s0}}}\nselesai: {final: true, outcome: x}\n"
    begun = process_time()
    for body in (
        "s{0}: {{transitions: {{x: {{by: [opd], to: s{1}}}}}}}\n",
        "s{0}: {{always: [{{to: s{1}}}]}}\n",
        "s{0}: {{initial: a, states: {{a: {{final: true}}}}, done: s{1}}}\n",
        "s{0}: {{deadlines: {{b: {{within: 0 days, kind: target, then: {{to: s{1}}}}}}}}}\n",
    ):
        chain = "".join(body.format(number, number + 1) for number in range(449))
        assert codes(states=first + chain + last) == ["cannot-end"]
    assert process_time() - begun < 10
