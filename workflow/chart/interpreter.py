"""The statechart interpreter: which transitions are enabled, and what taking one does.

SCXML's algorithm (W3C, Appendix D): document order, inner before outer, run to completion, entry and
exit order, pre-emption between regions, ``done``. What departs from it is listed in
``docs/reference/semantics.md``. Owns the semantics and nothing else: guards are asked of an oracle and
effects told to it, so that execution, "what if", checks and replay are one algorithm over different
oracles. Roles, fields and clocks are decided elsewhere. Called by ``machine`` (which remembers the
paths) and by whoever forks an oracle.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from workflow.chart.build import OPEN, build_chart
from workflow.chart.model import ROOT, Chart, ChartBranch, ChartState, Edge
from workflow.chart.scope import Entry, domain_of, has_ended
from workflow.definition import StateKind
from workflow.errors import WorkflowError

__all__ = [
    "ALWAYS",
    "MICROSTEPS",
    "OPEN",
    "ROOT",
    "Chart",
    "ChartBranch",
    "ChartState",
    "Edge",
    "NoBranch",
    "NotActive",
    "Oracle",
    "Runaway",
    "Step",
    "askable",
    "build_chart",
    "select",
    "settle",
    "start",
    "take",
]

ALWAYS = "@always"
"""What is asked for where only ``always`` is looked at again."""

MICROSTEPS = 100
"""How many follow-ups (``always``, ``done``) one step may take before it counts as endless."""


class Oracle(Protocol):
    """Answers guards and is told what happens. Asked and told in one fixed order."""

    def ask(self, guard: Any) -> bool:
        """Whether a guard holds now."""
        ...

    def do(self, effect: Any) -> None:
        """Take the effect of a branch, between exit and entry; later guards see it."""
        ...

    def moved(self, active: frozenset[str], entered: tuple[str, ...]) -> None:
        """Learn the states that are active now, before a guard or effect of a follow-up.

        ``entered``: those entered since it was last told (or since the step began), in order; one that
        was left and entered again stands there too.

        Told only where an earlier microstep of the same step has changed them: ``in_state`` in the
        guard of an ``always`` means the configuration of that moment. A guard of the asked edge itself
        sees the configuration that the step started from, of which nothing is told.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one step did, its follow-ups included.

    Attributes:
        source: Active leaf paths before, in document order; empty at opening.
        target: The same after.
        exited: Paths in the order in which they were left. A state entered and left on the way stands
            in both lists; one that is in ``source`` and ``target`` and here was left and entered again.
        entered: Paths in the order in which they were entered; the root too at opening.
        taken: Ids of the edges in the order in which they were taken, the asked one first.
        branch: Index of the branch that the (first) asked edge took.
        final: Whether the whole chart has ended.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    exited: tuple[str, ...]
    entered: tuple[str, ...]
    taken: tuple[str, ...]
    branch: int
    final: bool


@dataclass(frozen=True, slots=True)
class NoBranch:
    """No branch of the edge is open: nothing was left, entered or told to the oracle."""

    edge: str


class Runaway(WorkflowError):
    """Run to completion does not end: the follow-ups of a step go in a circle.

    Attributes:
        source: Leaves that the step started from.
        taken: Ids of the edges taken until it was given up.
    """

    code = "runaway"

    def __init__(self, source: tuple[str, ...], taken: tuple[str, ...]) -> None:
        super().__init__(source, taken)
        self.source = source
        self.taken = taken

    def __str__(self) -> str:
        circle = " → ".join(dict.fromkeys(self.taken[-MICROSTEPS // 2 :]))
        return f"the step from {'|'.join(self.source) or OPEN} does not end after {MICROSTEPS}: {circle}"


class NotActive(WorkflowError):
    """An edge was to be taken whose state is not active.

    Attributes:
        edge: Id of the edge.
        configuration: The active leaves.
    """

    code = "not-active"

    def __init__(self, edge: str, configuration: tuple[str, ...]) -> None:
        super().__init__(edge, configuration)
        self.edge = edge
        self.configuration = configuration

    def __str__(self) -> str:
        return f"the state of {self.edge} is not active in {'|'.join(self.configuration)}"


def select(chart: Chart, configuration: tuple[str, ...], event: str, oracle: Oracle) -> tuple[Edge, ...]:
    """Return the edges enabled by an event, each in another region.

    An edge is enabled where its own guard holds; the guards of its branches are not asked. From each
    active leaf outward the first enabled edge counts, and one that stands outside another enabled one
    is hidden by it. Regions do not pre-empt each other here: that depends on the branches, so `take`
    does it.

    Args:
        chart: The chart.
        configuration: Active leaf paths in document order.
        event: The name asked for.
        oracle: Asked about guards, each once, leaves in document order, inner before outer.

    Returns:
        In document order of the leaves that they were found from.
    """
    found: dict[str, Edge] = {}
    answers: dict[str, bool] = {}
    for leaf in configuration:
        for path in chart.lineage[leaf]:
            if edge := _enabled(chart.states[path].edges, event, oracle, answers):
                found[edge.id] = edge
                break
    around = {path for edge in found.values() for path in chart.lineage[edge.source][1:]}
    return tuple(edge for edge in found.values() if edge.source not in around)


def askable(chart: Chart, configuration: tuple[str, ...], oracle: Oracle | None = None) -> tuple[Edge, ...]:
    """Return every edge that could be asked for by name here, in document order.

    Of one name, an edge that stands outside another is hidden by it: with an oracle only where the
    inner one's own guard holds, so that each edge returned either is enabled or has a false guard;
    without one always.

    Args:
        chart: The chart.
        configuration: Active leaf paths in document order.
        oracle: Asked about the guards of edges that may hide others.
    """
    active = sorted(chart.active(configuration), key=lambda path: chart.states[path].order)
    edges = [edge for path in active for edge in chart.states[path].edges]
    places = {(edge.event, edge.source) for edge in edges}
    hidden: set[tuple[str | None, str]] = set()
    for edge in edges:
        around = places & {(edge.event, path) for path in chart.lineage[edge.source][1:]}
        if around and (oracle is None or edge.guard is None or oracle.ask(edge.guard)):
            hidden |= around
    return tuple(edge for edge in edges if (edge.event, edge.source) not in hidden)


def take(
    chart: Chart, configuration: tuple[str, ...], edges: tuple[Edge, ...], oracle: Oracle
) -> Step | NoBranch:
    """Take edges to completion.

    The branch of each is chosen first; then states are left (inner first, later before earlier),
    effects told, states entered (outer first, document order), and ``always`` and ``done`` followed
    until none is open. Of several edges whose exits meet, the inner one wins, else the earlier.

    Args:
        chart: The chart.
        configuration: Active leaf paths in document order.
        edges: At least one; normally one that `select` returned, or a clock's.
        oracle: Asked and told as the steps go.

    Returns:
        The step; or `NoBranch` for the first edge none of whose branches is open.

    Raises:
        NotActive: The state of an edge is not active (``not-active``).
        Runaway: The follow-ups do not end (``runaway``).
    """
    run = _Run(chart, configuration, oracle)
    chosen: list[_Chosen] = []
    for edge in edges:
        if edge.source not in run.active:
            raise NotActive(edge.id, configuration)
        if (choice := _choose(edge, oracle.ask)) is None:
            return NoBranch(edge.id)
        chosen.append(choice)
    run.microstep(run.without_preempted(chosen))
    run.complete()
    return run.step(chosen[0].position)


def start(chart: Chart, branches: tuple[ChartBranch, ...], oracle: Oracle) -> Step | NoBranch:
    """Enter the chart from nothing, to completion.

    Args:
        chart: The chart.
        branches: The opening's; the first open one says where the case starts (without a target, or
            with no branches at all: where the root does by default).
        oracle: Asked and told as the steps go.

    Returns:
        The step, from an empty ``source``; or `NoBranch`.

    Raises:
        Runaway: The follow-ups do not end (``runaway``).
    """
    edge = Edge(id=OPEN, source=ROOT, branches=branches or (ChartBranch(target=ROOT),))
    if (choice := _choose(edge, oracle.ask)) is None:
        return NoBranch(OPEN)
    run = _Run(chart, (), oracle)
    run.open(choice)
    run.complete()
    return run.step(choice.position)


def settle(chart: Chart, configuration: tuple[str, ...], oracle: Oracle) -> Step | NoBranch:
    """Look at ``always`` again, since something outside of the chart has changed.

    Args:
        chart: The chart.
        configuration: Active leaf paths in document order, at rest.
        oracle: Asked and told as the steps go.

    Returns:
        The step; or `NoBranch` (of ``@always``) where nothing is open.

    Raises:
        Runaway: The follow-ups do not end (``runaway``).
    """
    run = _Run(chart, configuration, oracle)
    run.complete()
    step = run.step(0)
    return step if step.taken else NoBranch(ALWAYS)


class _Chosen(NamedTuple):
    """An edge with the branch that it takes."""

    edge: Edge
    position: int

    @property
    def branch(self) -> ChartBranch:
        return self.edge.branches[self.position]


class _Ask(Protocol):
    def __call__(self, guard: Hashable, /) -> bool: ...


def _enabled(edges: tuple[Edge, ...], event: str, oracle: Oracle, answers: dict[str, bool]) -> Edge | None:
    for edge in edges:
        if edge.event != event:
            continue
        if edge.id not in answers:
            answers[edge.id] = edge.guard is None or oracle.ask(edge.guard)
        if answers[edge.id]:
            return edge
    return None


def _choose(edge: Edge, ask: _Ask) -> _Chosen | None:
    for index, branch in enumerate(edge.branches):
        if branch.guard is None or ask(branch.guard):
            return _Chosen(edge, index)
    return None


class _Run:
    """One run to completion: the configuration on the way and what was done so far."""

    def __init__(self, chart: Chart, source: tuple[str, ...], oracle: Oracle) -> None:
        self.chart = chart
        self.source = source
        self.active = set(chart.active(source))
        self._oracle = oracle
        self._is_told = True
        self._told = 0
        self._ended: deque[str] = deque()
        self._exited: list[str] = []
        self._entered: list[str] = []
        self._taken: list[str] = []

    # --- what the oracle hears ---

    def _ask(self, guard: Hashable) -> bool:
        self._tell_moves()
        return self._oracle.ask(guard)

    def _tell_moves(self) -> None:
        if not self._is_told:
            self._is_told = True
            entered, self._told = tuple(self._entered[self._told :]), len(self._entered)
            self._oracle.moved(frozenset(self.active), entered)

    # --- steps ---

    def open(self, chosen: _Chosen) -> None:
        """Enter the chart by a branch of the opening."""
        self._tell([chosen])
        target = chosen.branch.target
        entry = Entry(self.chart)
        entry.add(ROOT if target is None else target, None)
        self._enter(entry)

    def microstep(self, chosen: list[_Chosen]) -> None:
        """Leave, tell and enter for edges that do not stand in each other's way."""
        if any(one.branch.effect is not None for one in chosen):
            self._tell_moves()
        leaving: set[str] = set().union(*(self._exits(one) for one in chosen))
        self.active -= leaving
        self._exited.extend(reversed(self._in_order(leaving)))
        self._tell(chosen)
        entry = Entry(self.chart)
        for one in chosen:
            if one.branch.target is not None:
                entry.add(one.branch.target, domain_of(self.chart, one.edge, one.branch))
        self._enter(entry)

    def complete(self) -> None:
        """Follow ``always``, then ``done``, until neither is open or the chart has ended."""
        for _ in range(MICROSTEPS):
            if not (chosen := self._follow_up()):
                return
            self.microstep(chosen)
        if self._follow_up():
            raise Runaway(self.source, tuple(self._taken))

    def step(self, branch: int) -> Step:
        """Return what was done."""
        return Step(
            source=self.source,
            target=tuple(self._leaves()),
            exited=tuple(self._exited),
            entered=tuple(self._entered),
            taken=tuple(self._taken),
            branch=branch,
            final=self._has_ended(ROOT),
        )

    def _tell(self, chosen: list[_Chosen]) -> None:
        for one in chosen:
            self._taken.append(one.edge.id)
            if one.branch.effect is not None:
                self._oracle.do(one.branch.effect)

    def _enter(self, entry: Entry) -> None:
        if entry.paths:
            self._is_told = False
        for path in self._in_order(entry.paths):
            self.active.add(path)
            self._entered.append(path)
            state = self.chart.states[path]
            if state.kind is StateKind.FINAL:
                self._note_end(state)

    # --- selection of follow-ups ---

    def _follow_up(self) -> list[_Chosen]:
        # Regions side by side at the top end when they have come to rest, a machine at once.
        if self.chart.states[ROOT].kind is StateKind.COMPOUND and self._has_ended(ROOT):
            return []
        return self.without_preempted(self._eventless()) or self._done()

    def _eventless(self) -> list[_Chosen]:
        found: dict[str, _Chosen] = {}
        choices: dict[str, _Chosen | None] = {}
        for leaf in self._leaves():
            for path in self.chart.lineage[leaf]:
                edge = self.chart.states[path].always
                if edge is None:
                    continue
                if edge.id not in choices:
                    choices[edge.id] = _choose(edge, self._ask)
                if choice := choices[edge.id]:
                    found[edge.id] = choice
                    break
        return list(found.values())

    def _done(self) -> list[_Chosen]:
        while self._ended:
            state = self.chart.states[self._ended.popleft()]
            # Another follow-up may have left the state, or moved it on, since it ended.
            if state.done and self._has_ended(state.path) and (choice := _choose(state.done, self._ask)):
                return [choice]
        return []

    def without_preempted(self, chosen: list[_Chosen]) -> list[_Chosen]:
        """Drop edges whose exits meet those of another: the inner one wins, else the earlier."""
        if len(chosen) < 2:
            return chosen
        kept: list[_Chosen] = []
        for one in chosen:
            rivals = [other for other in kept if self._exits(one) & self._exits(other)]
            above = self.chart.lineage[one.edge.source][1:]
            if all(other.edge.source in above for other in rivals):
                kept = [other for other in kept if other not in rivals]
                kept.append(one)
        return kept

    # --- the tree ---

    def _exits(self, chosen: _Chosen) -> set[str]:
        if chosen.branch.target is None:
            return set()
        domain = domain_of(self.chart, chosen.edge, chosen.branch)
        return set(self.active) if domain is None else self.active & self.chart.inside[domain]

    def _note_end(self, final: ChartState) -> None:
        """Queue ``done`` of the state that a final one ends, and of each parallel above it."""
        path = final.parent
        while path is not None and path != ROOT and self._has_ended(path):
            self._ended.append(path)
            path = self.chart.states[path].parent
            if path is not None and self.chart.states[path].kind is not StateKind.PARALLEL:
                return

    def _has_ended(self, path: str) -> bool:
        return has_ended(self.chart, path, self.active)

    def _leaves(self) -> list[str]:
        states = self.chart.states
        return self._in_order(path for path in self.active if not states[path].children)

    def _in_order(self, paths: Iterable[str]) -> list[str]:
        states = self.chart.states
        return sorted(paths, key=lambda path: states[path].order)
