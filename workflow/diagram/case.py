"""The way that a case has gone, as a drawing shows it.

Owns `Progress` and how it is read from the case and its entries. Computes nothing that history does
not say: which branch of several an act took follows from where the case went. Called by whoever draws
a case; read by ``diagram``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from workflow.case import CaseState
from workflow.definition import Branch, Definition, StateKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One time that a transition was made: on which day, and the states that the case came to."""

    on: date
    entered: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A clock of the case. ``status``: ``running``, ``suspended``, ``ripe``, ``overdue`` or ``expired``."""

    due_on: date
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """An open occurrence of a duty."""

    on: date
    due_on: date
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a case stands and how it came there.

    Attributes:
        active: Active leaves and all states around them.
        entered: State → the days on which it was entered, in order.
        taken: Path of a transition or deadline, ``open`` for the opening, ``STATE@always`` or
            ``STATE@done`` for what a state goes on to by itself → each time it was made.
        clocks: Path of a deadline → its clock.
        duties: Path of an obligation → its open occurrences.
    """

    number: str
    parties: tuple[str, ...]
    opened_on: date
    active: frozenset[str]
    closed_on: date | None = None
    outcome: str | None = None
    entered: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    taken: Mapping[str, tuple[Taken, ...]] = field(default_factory=dict)
    clocks: Mapping[str, Running] = field(default_factory=dict)
    duties: Mapping[str, tuple[Occurrence, ...]] = field(default_factory=dict)


OPEN = "open"
ALWAYS = "@always"
DONE = "@done"

_Step: TypeAlias = tuple[str, str, tuple[str, ...]]
"""A way that is gone without anybody: its row, where it leads, and the states that it leaves behind."""


def progress_of(
    definition: Definition, case: CaseState, entries: Iterable[Mapping[str, Any]], *, ripe: Iterable[str] = ()
) -> Progress:
    """Return the way of a case.

    Args:
        definition: The version that the case runs on.
        case: The case.
        entries: The bodies of its entries, in order.
        ripe: Paths of the deadlines whose time has come while the sweep has not.
    """
    way = _Way(definition)
    for entry in entries:
        way.follow(entry)
    return Progress(
        number=case.number,
        parties=tuple(str(one.get("name") or one["id"]) for one in case.parties),
        opened_on=way.days[0] if way.days else date.fromisoformat(case.stepped_on),
        closed_on=way.days[-1] if case.closed_at and way.days else None,
        outcome=case.outcome,
        active=_with_outer(case.configuration),
        entered={path: tuple(days) for path, days in way.entered.items()},
        taken={path: tuple(times) for path, times in way.taken.items()},
        clocks=_clocks(definition, case, frozenset(ripe)),
        duties=_duties(case),
    )


class _Way:
    """Collects the steps of a case, one entry at a time."""

    def __init__(self, definition: Definition) -> None:
        self._handlers = {one.path: one for state in definition.states.values() for one in state.handlers}
        self._deadlines = {one.path: one for state in definition.states.values() for one in state.deadlines}
        self._states = definition.states
        self._opening = definition.opening.branches
        self.days: list[date] = []
        self.entered: dict[str, list[date]] = {}
        self.taken: dict[str, list[Taken]] = {}

    def follow(self, entry: Mapping[str, Any]) -> None:
        """Note what an entry did."""
        if "to" not in entry:
            return
        on = date.fromisoformat(entry["effective_on"])
        before, leaves = frozenset(entry.get("from", ())), frozenset(entry["to"])
        fresh = leaves - before
        self.days.append(on)
        path = OPEN if entry["kind"] == "case_opened" else entry.get("trigger") or _fired(entry)
        if path:
            passed = self._passed(path, before, leaves, on)
            taken = Taken(on=on, entered=_with_outer(leaves) | passed)
            self.taken.setdefault(self._row(path), []).append(taken)
            fresh |= passed
        for state in sorted(_with_outer(fresh) - _with_outer(before)):
            self.entered.setdefault(state, []).append(on)

    def _row(self, path: str) -> str:
        """Return the transition that an act belongs to: the votes of a consent are one transition."""
        handler = self._handlers.get(path)
        return handler.consent_path or path if handler is not None else path

    def _passed(self, path: str, before: frozenset[str], leaves: frozenset[str], on: date) -> frozenset[str]:
        """Return the states that the case went on from at once, and note the ways by which it did.

        Where several ways lead to where it went, history does not say which: none is noted then.
        """
        reached = _with_outer(leaves)
        if path == ALWAYS:
            starts = [one for state in _with_outer(before) for one in self._onward(state)]
            found = [((row, to, ()), *rest) for row, to in starts for rest in self._ways_on(to, reached)]
        else:
            targets = {branch.target: None for branch in self._branches(path) if branch.target and leaves}
            found = [steps for target in targets for steps in self._ways_on(target, reached)]
            if not found and len(targets) == 1:
                return frozenset(targets) - reached
        if len(found) != 1:
            return frozenset()
        passed: set[str] = set()
        for row, to, entered in found[0]:
            self.taken.setdefault(row, []).append(Taken(on=on, entered=frozenset({to})))
            passed.update(entered)
        return frozenset(passed)

    def _branches(self, path: str) -> tuple[Branch, ...]:
        if path == OPEN:
            return self._opening
        if path in self._handlers:
            return self._handlers[path].branches
        return (self._deadlines[path].then or ()) if path in self._deadlines else ()

    def _ways_on(
        self, target: str, reached: frozenset[str], seen: frozenset[str] = frozenset()
    ) -> Iterator[tuple[_Step, ...]]:
        """Yield by which steps that need nobody a case came from a state to where it went."""
        entered = [target]
        while (initial := self._states[entered[-1]].initial) is not None:
            entered.append(initial)
        if entered[-1] in reached:
            yield ()
        elif target not in seen:
            for state in reversed(entered):
                for row, to in self._onward(state):
                    for rest in self._ways_on(to, reached, seen | {target}):
                        yield ((row, to, tuple(entered)), *rest)

    def _onward(self, path: str) -> Iterator[tuple[str, str]]:
        """Yield where a state goes on to by itself: the row that says so, and the target."""
        state = self._states[path]
        for branch in state.always:
            if branch.target is not None:
                yield f"{path}{ALWAYS}", branch.target
        outer = self._states[state.parent] if state.parent is not None else state
        if outer.done is None and outer.parent is not None:
            outer = self._states[outer.parent]  # around a region, if it is one
            if outer.kind is not StateKind.PARALLEL:
                return
        if state.kind is StateKind.FINAL and outer.done is not None and outer.done.target is not None:
            yield f"{outer.path}{DONE}", outer.done.target


def _fired(entry: Mapping[str, Any]) -> str | None:
    fired = [one["path"] for one in entry.get("clocks", ()) if one["op"] == "fired"]
    return fired[0] if fired else None


def _with_outer(leaves: Iterable[str]) -> frozenset[str]:
    """Return states with all that lie around them, the root left out."""
    return frozenset(
        ".".join(names[:depth])
        for names in (leaf.split(".") for leaf in leaves)
        for depth in range(1, len(names) + 1)
    )


def _clocks(definition: Definition, case: CaseState, ripe: frozenset[str]) -> dict[str, Running]:
    deadlines = {one.path: one for state in definition.states.values() for one in state.deadlines}
    found = {}
    for path, record in case.clocks.items():
        deadline = deadlines.get(path)
        status = str(record["status"])
        if deadline is None or case.closed_at or status == "fired":
            continue
        if status == "expired":
            status = "overdue" if deadline.then is None else "expired"
        elif status == "running" and path in ripe:
            status = "ripe"
        due_on = date.fromisoformat(str(record["due_on"]))
        found[path] = Running(due_on=due_on, status=status)
    return found


def _duties(case: CaseState) -> dict[str, tuple[Occurrence, ...]]:
    return {
        path: tuple(
            Occurrence(
                on=date.fromisoformat(one["occurrence"]),
                due_on=date.fromisoformat(one["due_on"]),
                is_overdue=bool(one["overdue"]),
            )
            for one in duty["open"]
        )
        for path, duty in case.obligations.items()
        if duty["open"]
    }
