"""Which fields cannot be empty where: a must-analysis over the statechart.

Owns `Knowledge`: for every state the fields that every way to it gives and nothing empties while it is
active, and from that each guard, rule and value that reads a field which may be empty, with a way on
which it is. Over-approximates what can happen, so that what it lets pass is never empty. Called by
``checks``.

Source: LANGUAGE, "fields required on every path to a state make a field known there".
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from workflow.chart.build import OPEN
from workflow.chart.model import ROOT, Edge
from workflow.chart.scope import domain_of
from workflow.checks.reachability import Reachability
from workflow.definition import Assignment, Branch, Deadline, Definition, Handler, Obligation, StateKind
from workflow.expressions.guards import Expression, Kind

Fields = frozenset[str]
NOTHING: Fields = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one branch does to fields, and where it leads.

    Attributes:
        id: Of its edge.
        number: Of the branch.
        before: Known beside what its source knows, before its own condition is asked.
        asked: Known because its condition is true.
        gives: Known after it, whatever was before.
        empties: May be empty after it.
    """

    id: str
    number: int
    source: str
    branch: Branch
    entered: Fields
    leaves: Fields  # what may be active and is left
    before: Fields
    asked: Fields
    gives: Fields
    empties: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """A read of a field that may be empty.

    Attributes:
        at: Start and length in the expression.
        way: Paths of states, from the first, on the way to which nothing gives it.
        asked_by: For a rule: path of the handler that asks it, ``""`` for the opening.
    """

    expression: Expression
    field: str
    at: tuple[int, int]
    way: tuple[str, ...] = ()
    asked_by: str | None = None


class Knowledge:
    """What is known of the fields of one definition."""

    def __init__(self, definition: Definition, graph: Reachability) -> None:
        self._definition = definition
        self._graph = graph
        self._chart = graph.chart
        self._handlers = {one.path: one for state in definition.states.values() for one in state.handlers}
        self._deadlines = {one.path: one for state in definition.states.values() for one in state.deadlines}
        self._beside: dict[str, Fields] = {}

    # What each step does -----------------------------------------------------------------------------

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every branch of every edge whose source can become active."""
        reached = self._graph.reached
        edges = (edge for edge in self._chart.edges.values() if edge.id == OPEN or edge.source in reached)
        return tuple(step for edge in edges for step in self._steps(edge))

    def _steps(self, edge: Edge) -> Iterator[Step]:
        before, given, emptied = self._inputs(edge)
        passed = NOTHING
        for number, chart_branch in enumerate(edge.branches):
            branch: Branch = chart_branch.effect
            when = branch.when
            asked = when.if_true if when else NOTHING
            gives, empties = _after(branch.set, given, emptied - asked - passed)
            entered = self._graph.entered(edge, chart_branch)
            local = frozenset(name for path in entered for name in self._definition.states[path].fields)
            leaves = NOTHING
            if branch.target is not None:
                domain = domain_of(self._chart, edge, chart_branch)
                leaves = frozenset(self._chart.states) if domain is None else self._chart.inside[domain]
            yield Step(
                id=edge.id,
                number=number,
                source=edge.source,
                branch=branch,
                entered=entered,
                leaves=leaves,
                before=before | passed | given,
                asked=asked,
                gives=gives,
                empties=(empties | local) - gives,
            )
            passed |= when.if_false if when else NOTHING

    def _inputs(self, edge: Edge) -> tuple[Fields, Fields, Fields]:
        """Return what an edge knows besides its source, what comes with it and what it may empty."""
        if edge.id == OPEN:
            given = self._single(self._definition.opening.required)
            return given, given, NOTHING
        handler = self._handlers.get(edge.id)
        if handler is not None:
            given, optional = self._single(handler.required), self._single(handler.optional)
            asked = handler.when.if_true if handler.when else NOTHING
            return (asked - optional) | given, given, optional
        deadline = self._deadlines.get(edge.id.removeprefix("@clock/"))
        if deadline is not None:
            return counted_from(deadline), NOTHING, NOTHING
        return NOTHING, NOTHING, NOTHING

    def _single(self, names: Iterable[str]) -> Fields:
        fields = self._definition.fields
        return frozenset(name for name in names if not fields[name].per_party)

    # What is known where -----------------------------------------------------------------------------

    @cached_property
    def known(self) -> Mapping[str, Fields]:
        """The fields that cannot be empty while a state is active, by its path."""
        everything = frozenset(self._definition.fields)
        known = dict.fromkeys(self._chart.states, everything)
        waiting = deque(self._apply(known, [step for step in self.steps if step.id == OPEN]))
        waiting.append(ROOT)
        while waiting:
            path = waiting.popleft()
            for changed in self._apply(known, self._leaving.get(path, ())):
                if changed not in waiting:
                    waiting.append(changed)
                # What a final state knows goes on through the `done` of what encloses it.
                waiting.extend(
                    above for above in self._chart.lineage[changed][1:3] if self._chart.states[above].done
                )
        return known

    def _apply(self, known: dict[str, Fields], steps: Iterable[Step]) -> set[str]:
        changed = set()
        for step in steps:
            after = (self._before(known, step) | step.asked | step.gives) - step.empties
            for path in step.entered:
                if not known[path] <= after:
                    known[path] &= after
                    changed.add(path)
            for path in self._staying(step) if step.empties else ():
                if not known[path].isdisjoint(step.empties):
                    known[path] -= step.empties
                    changed.add(path)
        return changed

    def _before(self, known: Mapping[str, Fields], step: Step) -> Fields:
        """Return what is known when a branch is taken, its own inputs included."""
        if step.id == OPEN:
            return step.before
        source = known[step.source]
        if step.id.startswith("@done/"):
            source |= self._at_end(known, step.source)
        handler = self._handlers.get(step.id)
        optional = self._single(handler.optional) if handler else NOTHING
        return (source - optional) | step.before

    def _at_end(self, known: Mapping[str, Fields], path: str) -> Fields:
        """Return what is known once a nested machine or every region has ended."""
        state = self._chart.states[path]
        if state.kind is StateKind.PARALLEL:
            return frozenset().union(*(self._at_end(known, child) for child in state.children))
        finals = [one for one in state.children if self._chart.states[one].kind is StateKind.FINAL]
        ends = [known[one] for one in finals if one in self._graph.reached]
        return frozenset.intersection(*ends) if ends else NOTHING

    def _staying(self, step: Step) -> Iterator[str]:
        """Yield the states that may be active with the source and stay so."""
        if step.id != OPEN:
            yield from (path for path in self._company(step.source) if path not in step.leaves)

    def _company(self, source: str) -> Fields:
        """Return the states that may be active while ``source`` is."""
        if source not in self._beside:
            lineage = self._chart.lineage
            around = set(lineage[source])
            found = around | self._chart.inside[source]
            for path in self._chart.states:
                shared = next(above for above in lineage[path] if above in around)
                if self._chart.states[shared].kind is StateKind.PARALLEL:
                    found.add(path)
            self._beside[source] = frozenset(found)
        return self._beside[source]

    # What lacks --------------------------------------------------------------------------------------

    def lacking(self) -> Iterator[Lack]:
        """Yield every read of a field that may be empty once a case is open."""
        for step in self.steps:
            if step.id != OPEN:
                yield from self._of_step(step)
        for state in self._definition.states.values():
            if state.path not in self._graph.reached:
                continue
            known = self.known[state.path]
            for handler in state.handlers:
                yield from self._of_handler(handler, known)
            conditions = [one.when for one in state.deadlines] + [one.when for one in state.obligations]
            for condition in conditions:
                yield from self._read(condition, known, state.path)

    def _of_step(self, step: Step) -> Iterator[Lack]:
        when = step.branch.when
        before, state = self._before(self.known, step), step.source
        yield from self._read(when, before, state)
        known = before | step.asked
        for assignment in step.branch.set:
            yield from self._read(assignment.value, known, state)
            known, _ = _after((assignment,), known, NOTHING)

    def _of_handler(self, handler: Handler, known: Fields) -> Iterator[Lack]:
        yield from self._read(handler.when, known, handler.state)
        asked = handler.when.if_true if handler.when else NOTHING
        inside = ((known | asked) - self._single(handler.optional)) | self._single(handler.required)
        for value in handler.opens.fields.values() if handler.opens else ():
            yield from self._read(value, inside, handler.state)
        for rule in handler.rules:
            yield from self._rule(rule, inside, handler.state, handler.path)

    def _rule(self, name: str, known: Fields, state: str, asked_by: str) -> Iterator[Lack]:
        rule = self._definition.rules.get(name)
        if rule is not None:
            yield from self._read(rule.check, known, state, asked_by)

    def _read(
        self, expression: Expression | None, known: Fields, state: str, asked_by: str | None = None
    ) -> Iterator[Lack]:
        for lack in _lacks(expression, known, asked_by):
            yield replace(lack, way=self._way(lack.field, state))

    def outlives(self, field: str, clock: Deadline | Obligation) -> tuple[str, ...] | None:
        """Return a way out of a clock's state and back on which a field keeps the value that it had.

        Not by what the clock itself does.

        Returns:
            Where each step leads, the last into the state; ``None``: there is no such way.
        """
        state = clock.state
        came: dict[str, tuple[str | None, str]] = {}
        waiting: deque[str] = deque()
        own = (OPEN, f"@clock/{clock.path}")

        def keeps(step: Step) -> bool:
            return step.id not in own and not self._renews(step, field)

        def arrive(step: Step, source: str | None) -> bool:
            for path in self._in_order(step.entered):
                if path not in came:
                    came[path] = source, step.branch.target or path
                    waiting.append(path)
            return state in step.entered

        company = self._company(state)
        for step in self.steps:
            is_out = step.source in company and state in step.leaves
            if is_out and keeps(step) and arrive(step, None):
                return tuple(self._traced(came, state))
        while waiting:
            path = waiting.popleft()
            for step in self._leaving.get(path, ()):
                if keeps(step) and arrive(step, path):
                    return tuple(self._traced(came, state))
        return None

    @cached_property
    def _leaving(self) -> Mapping[str, list[Step]]:
        """The steps by their source, but for the opening."""
        found: dict[str, list[Step]] = {}
        for step in self.steps:
            if step.id != OPEN:
                found.setdefault(step.source, []).append(step)
        return found

    def _in_order(self, paths: Fields) -> list[str]:
        """Return states in document order, so that a way is the same each time that it is told."""
        return sorted(paths, key=lambda path: self._chart.states[path].order)

    def _renews(self, step: Step, field: str) -> bool:
        """Whether a step gives a field anew or empties it for certain."""
        local = self._definition.fields[field].state
        is_set = any(one.field == field for one in step.branch.set)
        return is_set or field in step.gives or (local is not None and local in step.entered)

    def _way(self, field: str, state: str) -> tuple[str, ...]:
        """Return a shortest way to a state on which a field is empty: where each step of it leads."""
        came: dict[str, tuple[str | None, str]] = {}  # state → the state before, and where the step led
        waiting: deque[str] = deque()

        def arrive(step: Step, source: str | None) -> None:
            for path in self._in_order(step.entered):
                if path not in came:
                    came[path] = source, step.branch.target or path
                    waiting.append(path)

        for step in self.steps:
            is_start = step.id == OPEN and field not in step.gives | step.before | step.asked
            if is_start or field in step.empties:
                arrive(step, None)
        while waiting and state not in came:
            path = waiting.popleft()
            for step in self._leaving.get(path, ()):
                if field not in (step.gives | step.before | step.asked):
                    arrive(step, path)
        return tuple(self._traced(came, state))

    @staticmethod
    def _traced(came: Mapping[str, tuple[str | None, str]], state: str) -> list[str]:
        found: list[str] = []
        path: str | None = state
        while path is not None and path in came and len(found) <= len(came):
            path, led_to = came[path]
            found.append(led_to)
        return list(dict.fromkeys(reversed(found)))


def lacking_at_opening(definition: Definition) -> Iterator[Lack]:
    """Yield every read of a field that may be empty when a case is opened."""
    opening, fields = definition.opening, definition.fields
    known = frozenset(name for name in opening.required if not fields[name].per_party)
    for rule in opening.rules:
        if rule in definition.rules:
            yield from _lacks(definition.rules[rule].check, known, "")
    for branch in opening.branches:
        when = branch.when
        yield from _lacks(when, known, None)
        inside = known | (when.if_true if when else NOTHING)
        for assignment in branch.set:
            yield from _lacks(assignment.value, inside, None)
            inside, _ = _after((assignment,), inside, NOTHING)
        known |= when.if_false if when else NOTHING


def _lacks(expression: Expression | None, known: Fields, asked_by: str | None) -> Iterator[Lack]:
    for need in expression.needs if expression else ():
        if need.field not in known and expression is not None:
            at = need.start, need.length
            yield Lack(expression=expression, field=need.field, at=at, asked_by=asked_by)


def _after(assignments: tuple[Assignment, ...], gives: Fields, empties: Fields) -> tuple[Fields, Fields]:
    """Return what is given and what is emptied once some values are set."""
    given, emptied = set(gives), set(empties)
    for one in assignments:
        is_none = one.value.type.kind is Kind.NONE
        (emptied if is_none else given).add(one.field)
        (given if is_none else emptied).discard(one.field)
    return frozenset(given), frozenset(emptied) - given


def counted_from(clock: Deadline | Obligation) -> Fields:
    """Return the fields that a clock counts from, without which it does not run; none: from its state."""
    since = frozenset((clock.since,)) if clock.since else NOTHING
    at = clock.at if isinstance(clock, Deadline) else None
    return since | (at.fields if at else NOTHING)
