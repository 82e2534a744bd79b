"""Scenarios: courses of events with what must be so on the way, and what came of playing them.

Owns the values and nothing else: a file of scenarios, resolved, and the results of a run.

Source: LANGUAGE, "Scenarios".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflow.case import Actor, Party, Reason
from workflow.definition import Label
from workflow.durations import Duration
from workflow.locale import Message
from workflow.source.diagnostics import Span


def is_end(path: str, end: str) -> bool:
    """Whether a path is ``end``, or ends with it after a dot.

    Example:
        >>> is_end("menuju_kb.telaah", "telaah"), is_end("menuju_kb.telaah", "laah")
        (True, False)
    """
    return path == end or path.endswith(f".{end}")


# --- what is written -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One thing that must be so after a step.

    Attributes:
        key: ``in due fields overdue fired available messages outcome``, or ``last.<key of an entry>``.
        name: The path or field that it is about, where it is about one.
        value: What is expected: text, a date as text, a tuple of texts, or a field's value as in history.
    """

    key: str
    value: Any
    span: Span
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedAs:
    """With what a step must be refused: what is given must be that of one reason."""

    span: Span
    code: str | None = None
    rule: str | None = None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step, with its names resolved.

    Attributes:
        number: From 1, in its scenario.
        span: Where it begins.
        case: Name of the case; empty for the one that the scenario opened.
        on: The day to go to before it; ``wait_until`` the same for a step that only lets time pass.
        open: The workflow that it opens a case of; ``does``: the transition that it asks for; ``act``: the
            name of an act that is no transition, of `workflow.step.acts.ACTS`.
        extend: The deadline that gets more time, ``within``: how much.
        give: Field → value as a caller gives it, those of a correction too.
        facts: Fact → value as guards reckon with it.
        opens: Names for the children that it opens, in the order in which they are opened.
        expect: In the order in which it is written.
    """

    number: int
    span: Span
    case: str = ""
    on: date | None = None
    wait_until: date | None = None
    open: str | None = None
    does: str | None = None
    act: str | None = None
    extend: str | None = None
    within: Duration | None = None
    who: Actor | None = None
    as_role: str | None = None
    for_party: str | None = None
    give: Mapping[str, Any] = field(default_factory=dict)
    attach: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    effective_on: date | None = None
    opens: tuple[str, ...] = ()
    refused: RefusedAs | None = None
    expect: tuple[Expected, ...] = ()
    mark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A course of events.

    Attributes:
        start: The scenario and mark that it goes on from.
        mark: A name for the state after the last step.
    """

    name: str
    span: Span
    steps: tuple[Step, ...]
    title: Label | None = None
    start: tuple[str, str] | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The steps from the opening of the first case on, through every scenario gone on from.

    ``steps``: each with the name of its scenario.
    """

    scenario: str
    steps: tuple[tuple[str, Step], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioFile:
    """A file of scenarios, in document order."""

    file: str
    parties: tuple[Party, ...]
    scenarios: Mapping[str, Scenario]

    def course(self, name: str) -> Course:
        """Return everything that leads to the end of a scenario."""
        scenario = self.scenarios[name]
        before: tuple[tuple[str, Step], ...] = ()
        if scenario.start is not None:
            earlier, mark = scenario.start
            before = self._until(earlier, mark)
        return Course(scenario=name, steps=(*before, *((name, step) for step in scenario.steps)))

    def _until(self, name: str, mark: str) -> tuple[tuple[str, Step], ...]:
        steps = self.course(name).steps
        last = next(
            (i for i, (owner, step) in enumerate(steps, 1) if owner == name and step.mark == mark), len(steps)
        )
        return steps[:last]


# --- what came of it ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first thing that was not as a scenario says.

    Attributes:
        span: What was expected stands here; ``file`` is the scenario's.
        step: Number of the step; ``steps`` how many the scenario has.
        act: What the step does, for people.
        on: The day of the step.
        key: What differs: ``accepted refused facts from defect`` or a key of `Expected`.
        reasons: Of the refusal that came unexpectedly, or came otherwise.
        state: The active leaves of the step's case then; empty before it is opened.
        available: What could be asked for there, by the step's actor where it has one.
    """

    file: str
    span: Span
    step: int
    steps: int
    act: Message
    on: date | None
    key: str
    expected: Message
    found: Message
    reasons: tuple[Reason, ...] = ()
    state: tuple[str, ...] = ()
    available: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one scenario."""

    scenario: str
    span: Span
    title: Label | None = None
    steps: int = 0
    difference: Difference | None = None

    @property
    def is_ok(self) -> bool:
        """Whether everything was as the scenario says."""
        return self.difference is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """How much of one kind of thing was met: all there is, and what was not met, in document order."""

    total: int
    missing: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many were met."""
        return self.total - len(self.missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the accepted steps of a run met of one definition.

    Attributes:
        states: Entered. The workflow itself is not counted.
        transitions: Accepted; every vote of a consent by its own name.
        acts: That are no transitions: those that the definition lets somebody do, accepted.
        branches: Taken: of openings, transitions, clocks, refused consents, ``always`` and ``done``.
        rules: Seen to hold in a command that was accepted, and seen to refuse one.
        clocks: Deadlines that acted or expired, obligations that had an occurrence.
    """

    workflow: str
    states: Covered
    transitions: Covered
    acts: Covered
    branches: Covered
    rules: Covered
    clocks: Covered

    def parts(self) -> Mapping[str, Covered]:
        """Return the kinds by name."""
        return {
            "states": self.states,
            "transitions": self.transitions,
            "acts": self.acts,
            "branches": self.branches,
            "rules": self.rules,
            "clocks": self.clocks,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What came of a file of scenarios: the results in document order, coverage by workflow."""

    file: str
    results: tuple[Result, ...]
    coverage: Mapping[str, Coverage] = field(default_factory=dict)

    @property
    def is_ok(self) -> bool:
        """Whether every scenario is."""
        return all(result.is_ok for result in self.results)
