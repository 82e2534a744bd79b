"""A definition made ready to run: its statechart, its machine and the indexes that a step looks into.

One `Process` a definition version, shared by all threads; everything is computed once and only the
machine's memo grows. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from workflow.chart.interpreter import Chart, build_chart
from workflow.chart.machine import Machine
from workflow.definition import Act, Deadline, Definition, Field, Handler, Obligation, State
from workflow.expressions.guards import Expression

OPEN = "@open"
"""The edge by which a case is opened."""


def clock_edge(path: str) -> str:
    """Return the edge that a deadline's ``then`` takes."""
    return f"@clock/{path}"


def refused_edge(path: str) -> str:
    """Return the edge taken when a consent can no longer be reached."""
    return f"@refused/{path}"


def _clocks(states: Mapping[str, State]) -> Iterator[tuple[str, Deadline | Obligation]]:
    """Yield every clock in document order; within a state its deadlines, then its obligations."""
    for state in states.values():
        yield from ((deadline.path, deadline) for deadline in state.deadlines)
        yield from ((duty.path, duty) for duty in state.obligations)


def _read_by(since: str | None, *expressions: Expression | None) -> set[str]:
    read = {since} if since else set()
    return read.union(*(one.fields for one in expressions if one is not None))


class Process:
    """A definition with its chart, machine and indexes.

    Args:
        definition: As the loader resolved it.
    """

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.chart: Chart = build_chart(definition)
        self.machine = Machine(self.chart)
        states = definition.states
        self.handlers: Mapping[str, Handler] = {
            handler.path: handler for state in states.values() for handler in state.handlers
        }
        self.deadlines: Mapping[str, Deadline] = {
            deadline.path: deadline for state in states.values() for deadline in state.deadlines
        }
        self.obligations: Mapping[str, Obligation] = {
            duty.path: duty for state in states.values() for duty in state.obligations
        }
        self.order: Mapping[str, tuple[int, int]] = {
            path: (-states[clock.state].depth, number) for number, (path, clock) in enumerate(_clocks(states))
        }
        self.opening = Handler(
            path=OPEN,
            name=OPEN,
            state="",
            by=definition.opening.by,
            required=definition.opening.required,
            optional=definition.opening.optional,
            attach=definition.opening.attach,
            present=definition.opening.present,
            rules=definition.opening.rules,
            facts=definition.opening.facts,
            branches=definition.opening.branches,
            basis=definition.opening.basis,
        )
        self.reference = {
            "workflow": definition.workflow,
            "version": definition.version,
            "digest": definition.digest,
        }
        self._active: dict[tuple[str, ...], frozenset[str]] = {}

    @cached_property
    def field_readers(self) -> Mapping[str, tuple[str, ...]]:
        """Field → paths of the deadlines and obligations whose start depends on it."""
        readers: dict[str, list[str]] = {}
        for deadline in self.deadlines.values():
            for name in _read_by(deadline.since, deadline.at, deadline.when):
                readers.setdefault(name, []).append(deadline.path)
        for duty in self.obligations.values():
            for name in _read_by(duty.since, duty.when):
                readers.setdefault(name, []).append(duty.path)
        return {name: tuple(paths) for name, paths in readers.items()}

    @cached_property
    def conditions(self) -> tuple[tuple[Deadline | Obligation, Expression], ...]:
        """Deadlines and obligations whose ``when`` reads more than fields, each with it."""
        clocks: tuple[Deadline | Obligation, ...] = (*self.deadlines.values(), *self.obligations.values())
        return tuple(
            (one, one.when)
            for one in clocks
            if one.when is not None and one.when.uses & {"documents", "in_state"}
        )

    @cached_property
    def consents(self) -> tuple[Handler, ...]:
        """The handlers that carry a consent, in document order."""
        return tuple(handler for handler in self.handlers.values() if handler.act is Act.YES)

    def field(self, name: str) -> Field | None:
        """Return a declared field."""
        return self.definition.fields.get(name)

    def state(self, path: str) -> State:
        """Return a state by its path."""
        return self.definition.states[path]

    def active(self, configuration: tuple[str, ...]) -> frozenset[str]:
        """Return every active state of a configuration, the root included."""
        known = self._active.get(configuration)
        if known is None:
            paths = {""}
            for leaf in configuration:
                path = leaf
                while path:
                    paths.add(path)
                    path = path.rpartition(".")[0]
            known = self._active[configuration] = frozenset(paths)
        return known
