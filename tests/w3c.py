"""SCXML's algorithm as the recommendation writes it down (W3C SCXML 1.0, Appendix D).

A second implementation for the tests, transcribed procedure by procedure under the recommendation's
own names, without history, data model, invoke and external queue. It shares no code with
``workflow.chart.interpreter`` but the values of the chart. Each branch of an edge is a transition of
its own, as SCXML has it. One departure: ``done`` is raised for the parent alone or with its
grandparent as written, but handled only while the state has still ended (see docs/reference/semantics.md).

Source: https://www.w3.org/TR/scxml/#AlgorithmforSCXMLInterpretation
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from workflow.chart.interpreter import ROOT, Chart, Edge
from workflow.definition import StateKind


class EndlessError(Exception):
    """The macrostep did not end."""


@dataclass(frozen=True)
class Transition:
    """One SCXML transition: what one branch of an edge is."""

    edge: Edge
    index: int

    @property
    def source(self) -> str:
        """State that it stands in."""
        return self.edge.source

    @property
    def target(self) -> str | None:
        """State to enter."""
        return self.edge.branches[self.index].target

    @property
    def type(self) -> str:
        """Whether it leaves its source."""
        return "external" if self.edge.branches[self.index].external else "internal"

    @property
    def cond(self) -> Hashable:
        """What must hold."""
        return self.edge.branches[self.index].guard


class Interpreter:
    """The recommendation's interpreter over one chart."""

    def __init__(self, chart: Chart, cond: Callable[[Hashable], bool], do: Callable[[object], None]) -> None:
        self.chart = chart
        self.cond = cond
        self.do = do
        self.configuration: list[str] = []
        self.internal_queue: list[str] = []
        self.running = True
        self.exited: list[str] = []
        self.entered: list[str] = []

    # procedure interpret / mainEventLoop

    def interpret(self) -> None:
        """Enter the chart and run to completion."""
        self.enter_states([None])
        self.macrostep()

    def event(self, name: str) -> None:
        """Handle one external event to completion."""
        self.exited, self.entered = [], []
        enabled = self.select_transitions(lambda state: [e for e in state.edges if e.event == name])
        if enabled:
            self.microstep(enabled)
        self.macrostep()

    def macrostep(self) -> None:
        """Eventless transitions first, then the internal queue, until neither has any."""
        for _ in range(100):
            enabled = (
                self.select_transitions(lambda state: [state.always] if state.always else [])
                if self.running
                else []
            )
            while not enabled and self.running and self.internal_queue:
                done = self.internal_queue.pop(0)
                if self.is_in_final_state(done):
                    enabled = self.select_transitions(
                        lambda state, done=done: [state.done] if state.done and state.path == done else []
                    )
            if not enabled:
                return
            self.microstep(enabled)
        raise EndlessError

    # function selectTransitions

    def select_transitions(self, matching: Callable[..., list[Edge]]) -> list[Transition]:
        """The optimal enabled set."""
        enabled: list[Transition] = []
        atomic = [s for s in self.configuration if not self.chart.states[s].children]
        for state in sorted(atomic, key=self.order):
            found = self.first_enabled([state, *self.get_proper_ancestors(state, None)], matching)
            if found and found not in enabled:
                enabled.append(found)
        return self.remove_conflicting_transitions(enabled)

    def first_enabled(self, states: list[str], matching: Callable[..., list[Edge]]) -> Transition | None:
        """The loop labelled so in the recommendation."""
        for state in states:
            for edge in matching(self.chart.states[state]):
                for index, branch in enumerate(edge.branches):
                    if branch.guard is None or self.cond(branch.guard):
                        return Transition(edge, index)
        return None

    def remove_conflicting_transitions(self, enabled: list[Transition]) -> list[Transition]:
        """Pre-emption."""
        filtered: list[Transition] = []
        for t1 in enabled:
            preempted = False
            to_remove = []
            for t2 in filtered:
                if self.compute_exit_set([t1]) & self.compute_exit_set([t2]):
                    if self.is_descendant(t1.source, t2.source):
                        to_remove.append(t2)
                    else:
                        preempted = True
                        break
            if not preempted:
                filtered = [t3 for t3 in filtered if t3 not in to_remove]
                filtered.append(t1)
        return filtered

    # procedure microstep

    def microstep(self, enabled: list[Transition]) -> None:
        """Exit, execute, enter."""
        for state in sorted(self.compute_exit_set(enabled), key=self.order, reverse=True):
            self.configuration.remove(state)
            self.exited.append(state)
        for t in enabled:
            self.do(t.edge.branches[t.index].effect)
        self.enter_states(list(enabled))

    def compute_exit_set(self, transitions: list[Transition]) -> set[str]:
        """States that the transitions leave."""
        leaving = set()
        for t in transitions:
            if t.target is not None:
                domain = self.get_transition_domain(t)
                leaving |= {s for s in self.configuration if self.is_descendant(s, domain)}
        return leaving

    def enter_states(self, enabled: list[Transition | None]) -> None:
        """Enter what the transitions demand; ``None`` stands for the initial one of the document."""
        to_enter: set[str] = set()
        for t in enabled:
            if t is None:
                self.add_descendant_states_to_enter(ROOT, to_enter)
            elif t.target is not None:
                self.add_descendant_states_to_enter(t.target, to_enter)
                self.add_ancestor_states_to_enter(t.target, self.get_transition_domain(t), to_enter)
        for s in sorted(to_enter, key=self.order):
            self.configuration.append(s)
            self.entered.append(s)
            if self.kind(s) is StateKind.FINAL:
                parent = self.parent(s)
                if parent == ROOT:
                    self.running = False
                else:
                    grandparent = self.parent(parent)
                    self.internal_queue.append(parent)
                    if self.kind(grandparent) is StateKind.PARALLEL and all(
                        self.is_in_final_state(child) for child in self.children(grandparent)
                    ):
                        self.internal_queue.append(grandparent)

    def add_descendant_states_to_enter(self, state: str, to_enter: set[str]) -> None:
        """The state and what is entered in it by default."""
        to_enter.add(state)
        if self.kind(state) is StateKind.COMPOUND:
            initial = self.chart.states[state].initial or self.children(state)[0]
            self.add_descendant_states_to_enter(initial, to_enter)
            self.add_ancestor_states_to_enter(initial, state, to_enter)
        elif self.kind(state) is StateKind.PARALLEL:
            for child in self.children(state):
                if not any(self.is_descendant(s, child) for s in to_enter):
                    self.add_descendant_states_to_enter(child, to_enter)

    def add_ancestor_states_to_enter(self, state: str, ancestor: str | None, to_enter: set[str]) -> None:
        """What encloses the state, below ``ancestor``."""
        for anc in self.get_proper_ancestors(state, ancestor):
            to_enter.add(anc)
            if self.kind(anc) is StateKind.PARALLEL:
                for child in self.children(anc):
                    if not any(self.is_descendant(s, child) for s in to_enter):
                        self.add_descendant_states_to_enter(child, to_enter)

    # predicates and functions

    def is_in_final_state(self, s: str) -> bool:
        """Whether a state has ended."""
        if self.kind(s) is StateKind.COMPOUND:
            return any(self.kind(c) is StateKind.FINAL and c in self.configuration for c in self.children(s))
        if self.kind(s) is StateKind.PARALLEL:
            return all(self.is_in_final_state(c) for c in self.children(s))
        return False

    def get_transition_domain(self, t: Transition) -> str:
        """The state inside which everything is left and entered."""
        assert t.target is not None
        is_compound = self.kind(t.source) is StateKind.COMPOUND
        if t.type == "internal" and is_compound and self.is_descendant(t.target, t.source):
            return t.source
        return self.find_lcca([t.source, t.target])

    def find_lcca(self, states: list[str]) -> str:
        """The least common compound ancestor."""
        for anc in self.get_proper_ancestors(states[0], None):
            if (anc == ROOT or self.kind(anc) is StateKind.COMPOUND) and all(
                self.is_descendant(s, anc) for s in states[1:]
            ):
                return anc
        raise AssertionError("no common ancestor")

    def get_proper_ancestors(self, state: str, until: str | None) -> list[str]:
        """Ancestors from the inside out, up to ``until`` (exclusive)."""
        found = []
        parent = self.chart.states[state].parent
        while parent is not None and parent != until:
            found.append(parent)
            parent = self.chart.states[parent].parent
        return found

    def is_descendant(self, state1: str, state2: str) -> bool:
        """Whether the first lies properly inside the second."""
        return state2 in self.get_proper_ancestors(state1, None)

    def kind(self, s: str) -> StateKind:
        """The shape of a state."""
        return self.chart.states[s].kind

    def children(self, s: str) -> tuple[str, ...]:
        """Child states in document order."""
        return self.chart.states[s].children

    def parent(self, s: str) -> str:
        """The state around; of the root there is none."""
        parent = self.chart.states[s].parent
        assert parent is not None
        return parent

    def order(self, s: str) -> int:
        """Document order."""
        return list(self.chart.states).index(s)
