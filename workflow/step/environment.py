"""What a guard, rule or ``set`` sees of a case: the environment that expressions are evaluated in.

Owns `Scene`, which puts a command's inputs over the case's fields and serves as the statechart's
oracle: it answers guards and takes the ``set`` of each branch on the way, so that a later guard sees
it. Made anew for each step; the case itself is never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from workflow.definition import Branch, Definition, Field
from workflow.errors import WorkflowError
from workflow.expressions.guards import Expression, decode, encode
from workflow.step.kin import Kin, Relative
from workflow.time.calendars import Calendar


class FactsNeeded(WorkflowError):
    """A step reads facts that were not asked; the caller asks them and decides again."""

    code = "facts-needed"

    def __init__(self, names: Collection[str]) -> None:
        self.names = tuple(names)
        super().__init__(f"facts to ask before this step: {', '.join(self.names)}")


class Scene:
    """The environment of one step, and the oracle of the statechart.

    Attributes:
        values: Fields as in history, inputs and ``set`` included.
        branches: The branches taken, in order.
    """

    __slots__ = (
        "_calendar",
        "_clocks",
        "_decoded",
        "_emptied",
        "_kept",
        "_obligations",
        "_parties",
        "active",
        "branches",
        "definition",
        "documents",
        "facts",
        "kin",
        "mandate",
        "role",
        "today",
        "values",
    )

    def __init__(
        self,
        definition: Definition,
        *,
        values: Mapping[str, Any],
        documents: Collection[str],
        parties: Sequence[Mapping[str, Any]],
        active: frozenset[str],
        today: date,
        calendar: Callable[[], Calendar],
        facts: Mapping[str, Any],
        clocks: Mapping[str, Mapping[str, Any]],
        obligations: Mapping[str, Mapping[str, Any]],
        kin: Kin,
        role: str | None = None,
    ) -> None:
        self.definition = definition
        self.values = values
        self.documents = documents
        self._parties = parties
        self.active = active
        self.today = today
        self.facts = facts
        self.kin = kin
        self.role = role
        self.mandate: str | None = None
        self.branches: list[Branch] = []
        self._kept: set[str] = set()
        self._emptied: list[str] = []
        self._clocks = clocks
        self._obligations = obligations
        self._calendar = calendar
        self._decoded: dict[str, Any] = {}

    def given(
        self,
        *,
        values: Mapping[str, Any],
        documents: Collection[str],
        today: date,
        role: str | None,
        mandate: str | None = None,
        inputs: Collection[str] = (),
    ) -> None:
        """Put what a command brings over the case; nothing was asked yet that it could change.

        Args:
            mandate: Id of the mandate acted under.
            inputs: Names of the fields that the command gives: they outlast the entry of their state.
        """
        self._kept = set(inputs)
        self.values = values
        self.documents = documents
        self.today = today
        self.role = role
        self.mandate = mandate
        self._decoded = {}

    @property
    def outcome(self) -> str | None:
        """How the case ended: a step is taken while it goes on."""
        return None

    @property
    def parties(self) -> tuple[str, ...]:
        """Ids of the parties of the case."""
        return tuple(str(party["id"]) for party in self._parties)

    def ask(self, guard: Expression) -> bool:
        """Answer a guard; only a plain ``True`` counts."""
        return guard(self) is True

    def do(self, effect: Branch) -> None:
        """Take the ``set`` of a branch; each assignment sees those before it."""
        self.branches.append(effect)
        if not effect.set:
            return
        values = dict(self.values)
        self.values = values
        for assignment in effect.set:
            declared = self.definition.fields[assignment.field]
            value = assignment.value(self)
            self._kept.add(assignment.field)
            self._decoded.pop(assignment.field, None)
            if value is None:
                values.pop(assignment.field, None)
            else:
                values[assignment.field] = encode(declared, value)

    def moved(self, active: frozenset[str], entered: tuple[str, ...]) -> None:
        """Learn the states active now, before a guard of a follow-up."""
        self.active = active
        self.entered(entered)

    def entered(self, paths: Iterable[str]) -> list[str]:
        """Empty the local fields of states entered, but for what this step gives or sets.

        Returns:
            Names of the fields emptied.
        """
        states = self.definition.states
        emptied = [
            name
            for path in paths
            for name in states[path].fields
            if name in self.values and name not in self._kept
        ]
        if emptied:
            self.values = {name: value for name, value in self.values.items() if name not in emptied}
            self._emptied += emptied
            for name in emptied:
                self._decoded.pop(name, None)
        return self._emptied

    def field(self, name: str) -> Any:
        """Return a field's value as Python has it, ``None`` where it is empty."""
        try:
            return self._decoded[name]
        except KeyError:
            pass
        raw = self.values.get(name)
        value = None if raw is None else decode(self._field(name), raw)
        self._decoded[name] = value
        return value

    def fact(self, name: str) -> Any:
        """Return a fact that was asked."""
        try:
            return self.facts[name]
        except KeyError:
            raise FactsNeeded((name,)) from None

    def expired(self, path: str) -> bool:
        """Whether a deadline of this entry of its state has passed."""
        clock = self._clocks.get(path)
        return clock is not None and clock["status"] in ("expired", "fired")

    def overdue(self, path: str) -> bool:
        """Whether an occurrence of a duty is overdue."""
        duty = self._obligations.get(path)
        return duty is not None and any(one["overdue"] for one in duty["open"])

    def children(self, name: str) -> tuple[Relative, ...]:
        """Return the children of one relation, in the order in which they were opened."""
        return self.kin.children(name)

    @property
    def child(self) -> Relative:
        """The child that has just closed."""
        return self.kin.child

    @property
    def parent(self) -> Relative:
        """The case that opened this one."""
        return self.kin.parent

    def in_state(self, path: str) -> bool:
        """Whether a state was active before the step."""
        return path in self.active

    @property
    def calendar(self) -> Calendar:
        """The calendar that ``working_days()`` counts with."""
        return self._calendar()

    def _field(self, name: str) -> Field:
        return self.definition.fields[name]
