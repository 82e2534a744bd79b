"""Random charts with random oracles: interpreter, machine and the W3C's algorithm."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Hashable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.charts import Answers, Node, atomic, chart_of, final, machine, regions, to
from tests.w3c import EndlessError, Interpreter
from workflow.chart.interpreter import (
    OPEN,
    ROOT,
    Chart,
    ChartBranch,
    NoBranch,
    Runaway,
    Step,
    askable,
    select,
    start,
    take,
)
from workflow.chart.machine import Machine
from workflow.definition import StateKind

EVENTS = ("t", "u", "v")
GUARDS = tuple(range(6))


# --- charts ----------------------------------------------------------------------------------------


@st.composite
def trees(draw: st.DrawFn, *, wild: bool) -> Node:
    """A tree of states; ``wild``: also what only this engine has (regions at the top, in regions)."""
    count = iter(range(1000))
    budget = [draw(st.integers(3, 14))]

    def grown(depth: int, above: StateKind) -> Node:
        name = f"s{next(count)}"
        budget[0] -= 1
        kinds = ["atomic", "atomic", "machine"]
        if above is StateKind.COMPOUND or wild:
            kinds += ["regions", "final"]
        kind = draw(st.sampled_from(kinds)) if depth < 4 and budget[0] > 0 else "atomic"
        if kind == "machine":
            return machine(name, *below(depth, StateKind.COMPOUND, 1))
        if kind == "regions":
            return regions(name, *below(depth, StateKind.PARALLEL, 2))
        return final(name) if kind == "final" else atomic(name)

    def below(depth: int, kind: StateKind, least: int) -> list[Node]:
        return [grown(depth + 1, kind) for _ in range(draw(st.integers(least, 3)))]

    shape = draw(st.sampled_from(["machine", "machine", "regions"])) if wild else "machine"
    children = below(0, StateKind.COMPOUND if shape == "machine" else StateKind.PARALLEL, 2)
    return machine(ROOT, *children) if shape == "machine" else regions(ROOT, *children)


def everything(node: Node) -> list[Node]:
    """A node and all below it."""
    return [node, *(deeper for child in node.children for deeper in everything(child))]


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """A chart with handlers, choices, follow-ups, ends, defaults and an opening, anywhere."""
    root = draw(trees(wild=True))
    nodes = everything(root)
    targets = st.sampled_from([node.name for node in nodes])
    guards = st.none() | st.sampled_from(GUARDS)
    branches = st.builds(_branch, st.none() | targets, guards, st.booleans())
    for node in nodes:
        for event in draw(st.lists(st.sampled_from(EVENTS), max_size=3)):
            node.when(event, *draw(st.lists(branches, max_size=3)), guard=draw(guards))
        # Follow-ups without a guard mostly go in a circle; a few are enough.
        asked = st.builds(_branch, st.none() | targets, st.sampled_from(GUARDS), st.booleans())
        node.then(*draw(st.lists(asked, max_size=2)))
        if draw(st.integers(0, 9)) == 0:
            node.then(draw(branches))
        if node.children:
            node.done = draw(st.none() | st.builds(_branch, targets, guards, st.just(False)))
            node.initial = draw(st.none() | st.sampled_from([deep.name for deep in everything(node)[1:]]))
    return chart_of(root=root, opening=draw(st.lists(branches, max_size=2)))


def _branch(target: str | None, guard: Hashable | None, external: bool) -> ChartBranch:
    return to(target, guard, external=external)


@st.composite
def plain_charts(draw: st.DrawFn) -> Chart:
    """A chart within what SCXML and this engine share (docs/reference/semantics.md)."""
    root = draw(trees(wild=False))
    nodes = everything(root)
    targets = [node.name for node in nodes[1:]]
    for node in nodes[1:]:
        inside = {deep.name for deep in everything(node)[1:]}

        def branch(
            guards: st.SearchStrategy[Any], node: Node = node, inside: set[str] = inside
        ) -> ChartBranch:
            target = draw(st.sampled_from(targets))
            has_to_leave = node.kind is StateKind.PARALLEL and target in inside
            return to(target, draw(guards), external=has_to_leave or draw(st.booleans()))

        for event in draw(st.lists(st.sampled_from(EVENTS), max_size=2)):
            node.when(event, branch(st.none()))
        for _ in range(draw(st.integers(0, 2))):
            node.then(branch(st.sampled_from(GUARDS)))
        if node.children:
            node.done = branch(st.none()) if draw(st.booleans()) else None
            node.initial = draw(st.none() | st.sampled_from(sorted(inside)))
    return chart_of(root=root)


def oracle(seed: int) -> Answers:
    """An oracle whose answers depend on the guard and on all effects before, and which logs.

    Later guards mostly say no, so that most runs come to rest.
    """

    def decide(guard: Hashable, log: list[tuple[str, Any]]) -> bool:
        told = [what for said, what in log if said == "do"]
        return zlib.crc32(f"{seed}/{guard}/{told}".encode()) % 100 < max(5, 60 - 8 * len(told))

    return Answers(decide=decide)


def outcome(work: Callable[[], Any]) -> Any:
    """What a call returned, or how its run was given up."""
    try:
        return work()
    except Runaway as error:
        return (error.code, error.source, error.taken)


# --- interpreter ---------------------------------------------------------------------------------


def check(chart: Chart, step: Step) -> None:
    """What holds of every step."""
    assert chart.is_legal(step.target)
    before, after = Counter(chart.active(step.source)), Counter(chart.active(step.target))
    assert before + Counter(step.entered) == after + Counter(step.exited)
    if len(step.taken) == 1:
        order = [chart.states[path].order for path in step.exited]
        assert order == sorted(order, reverse=True)
        order = [chart.states[path].order for path in step.entered]
        assert order == sorted(order)
        assert set(step.exited) <= set(before)
    for path in step.exited:
        assert path in before or path in step.entered
    if step.final and chart.states[ROOT].kind is StateKind.COMPOUND:
        assert chart.states[step.target[-1]].kind is StateKind.FINAL
        assert chart.states[step.target[-1]].parent == ROOT


@given(chart=charts(), seed=st.integers(0, 2**16), events=st.lists(st.sampled_from(EVENTS), max_size=6))
def test_interpreter_configuration_is_always_legal(chart: Chart, seed: int, events: list[str]) -> None:
    """Every step leads from a legal configuration to a legal one, by consistent exits and entries."""
    asked = oracle(seed)
    opening = chart.edges.get(OPEN)
    step = outcome(lambda: start(chart, opening.branches if opening else (), asked))
    if not isinstance(step, Step):
        return
    check(chart, step)
    for event in events:
        where = step.target
        edges = select(chart, where, event, asked)
        assert len({edge.source for edge in edges}) == len(edges)
        assert set(edges) <= set(askable(chart, where, asked))
        assert not any(one.source in chart.inside[two.source] for one in edges for two in edges)
        if not edges:
            continue
        done = outcome(lambda where=where, edges=edges: take(chart, where, edges, asked))
        if isinstance(done, Step):
            check(chart, done)
            step = done
        elif isinstance(done, NoBranch):
            assert done.edge in {edge.id for edge in edges}


# --- machine -------------------------------------------------------------------------------------


@given(
    chart=charts(),
    seeds=st.lists(st.integers(0, 2**16), min_size=1, max_size=5),
    limit=st.sampled_from([0, 2, 50_000]),
)
def test_machine_equals_interpreter_for_every_oracle(chart: Chart, seeds: list[int], limit: int) -> None:
    """Cold, warm or full, the machine asks, tells and answers exactly as the interpreter does."""
    flat = Machine(chart, limit=limit)
    opening = chart.edges.get(OPEN)
    for seed in (*seeds, *seeds):
        mine, theirs = oracle(seed), oracle(seed)
        step = outcome(lambda mine=mine: flat.start(mine))
        assert step == outcome(
            lambda theirs=theirs: start(chart, opening.branches if opening else (), theirs)
        )
        assert mine.log == theirs.log
        for _ in range(3):
            if not isinstance(step, Step):
                break
            step = walk(chart, flat, step, mine, theirs)
    assert flat.remembered <= limit


def walk(chart: Chart, flat: Machine, step: Step, mine: Answers, theirs: Answers) -> Step:
    """Ask for every name and take every edge that is active; return the last step that moved."""
    where, last = step.target, step
    for event in EVENTS:
        ids = flat.select(where, event, mine)
        assert ids == tuple(edge.id for edge in select(chart, where, event, theirs))
    for edge in chart.edges.values():
        if edge.source not in chart.active(where) or edge.id == OPEN:
            continue
        moved = outcome(lambda edge=edge: flat.take(where, edge.id, mine))
        assert moved == outcome(lambda edge=edge: take(chart, where, (edge,), theirs))
        assert mine.log == theirs.log
        if isinstance(moved, Step):
            last = moved
    return last


# --- the recommendation ---------------------------------------------------------------------------


@settings(max_examples=300)
@given(chart=plain_charts(), seed=st.integers(0, 2**16), events=st.lists(st.sampled_from(EVENTS), max_size=6))
def test_interpreter_equals_the_recommendation(chart: Chart, seed: int, events: list[str]) -> None:
    """Where the two share the language, each step leaves, does and enters what SCXML's algorithm does."""
    mine, theirs = oracle(seed), oracle(seed)
    w3c = Interpreter(chart, theirs.ask, theirs.do)
    step = outcome(lambda: start(chart, (), mine))
    try:
        w3c.interpret()
        agree(step, w3c, mine, theirs)
        for event in events:
            if step.final:
                break
            edges = select(chart, step.target, event, mine)
            w3c.event(event)
            if edges:
                where = step.target
                step = outcome(lambda where=where, edges=edges: take(chart, where, edges, mine))
                agree(step, w3c, mine, theirs)
            else:
                assert (w3c.exited, w3c.entered) == ([], [])
    except EndlessError:
        assert step[0] == "runaway"


def agree(step: Any, w3c: Interpreter, mine: Answers, theirs: Answers) -> None:
    """The same leaves, exits, entries and effects, in the same order."""
    assert isinstance(step, Step)
    leaves = [path for path in w3c.chart.states if path in w3c.configuration]
    assert list(step.target) == [path for path in leaves if not w3c.chart.states[path].children]
    assert (list(step.exited), list(step.entered)) == (w3c.exited, w3c.entered)
    assert mine.heard("do") == theirs.heard("do")
    assert step.final is not w3c.running
