"""A definition under check: its parts, its graph, where things stand, and what a check yields.

Owns `Subject` and `Found`. Called by ``checks`` and ``fields``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from workflow.chart.build import build_chart
from workflow.checks.knowledge import Knowledge
from workflow.checks.reachability import Reachability
from workflow.definition import Branch, Deadline, Definition, Handler, Obligation
from workflow.expressions.guards import Expression
from workflow.loading.branches import Key, Places
from workflow.loading.context import Context
from workflow.loading.expansion import OpenExit
from workflow.source.diagnostics import Related, Severity, Span
from workflow.source.text import Scalar


@dataclass(kw_only=True)
class Subject:
    """A definition under check, and where its parts stand.

    Attributes:
        declared: (kind, name) → where it is declared; see ``loading.names.KINDS``.
        used: (kind, name) of everything that is referred to.
        scalars: Expression → where it stands.
        exits: Ends of fragments that nothing maps, by their path.
    """

    definition: Definition
    context: Context
    places: Places
    declared: Mapping[tuple[str, str], Span]
    used: set[tuple[str, str]]
    scalars: Mapping[Expression, Scalar]
    exits: Mapping[str, OpenExit]
    lacking: set[tuple[Expression, str]] = field(default_factory=set)  # reads that may be empty

    @cached_property
    def graph(self) -> Reachability:
        """What can be reached in the definition's chart."""
        return Reachability(build_chart(self.definition))

    @cached_property
    def knowledge(self) -> Knowledge:
        """What is known of fields in each state."""
        return Knowledge(self.definition, self.graph)

    @cached_property
    def handlers(self) -> tuple[Handler, ...]:
        """Every handler, in document order."""
        return tuple(one for state in self.definition.states.values() for one in state.handlers)

    @cached_property
    def deadlines(self) -> tuple[Deadline, ...]:
        """Every deadline, in document order."""
        return tuple(one for state in self.definition.states.values() for one in state.deadlines)

    @cached_property
    def obligations(self) -> tuple[Obligation, ...]:
        """Every obligation, in document order."""
        return tuple(one for state in self.definition.states.values() for one in state.obligations)

    @property
    def clocks(self) -> tuple[Deadline | Obligation, ...]:
        """Every deadline, then every obligation."""
        return (*self.deadlines, *self.obligations)

    @cached_property
    def branchings(self) -> tuple[tuple[Key, tuple[Branch, ...]], ...]:
        """Every list of branches with the key of its place."""
        found: list[tuple[Key, tuple[Branch, ...]]] = [(("open", ""), self.definition.opening.branches)]
        found += [(("handler", one.path), one.branches) for one in self.handlers if one.branches]
        found += [
            (("always", state.path), state.always)
            for state in self.definition.states.values()
            if state.always
        ]
        found += [(("then", one.path), one.then) for one in self.deadlines if one.then]
        return tuple(found)

    @cached_property
    def given(self) -> frozenset[str]:
        """Fields that some command or branch can write."""
        names = {*self.definition.opening.required, *self.definition.opening.optional}
        for handler in self.handlers:
            names.update(handler.required, handler.optional)
            if handler.consent and handler.consent.refused:
                names.update(one.field for one in handler.consent.refused.set)
        for _, branches in self.branchings:
            names.update(one.field for branch in branches for one in branch.set)
        return frozenset(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding of a check; its code is the check's name."""

    span: Span
    variant: str | None = None
    severity: Severity = Severity.ERROR
    related: tuple[Related, ...] = ()
    params: Mapping[str, Any]
