"""Walks through a definition, generated: every act in every standing of a case, and on to an end.

Owns `explore`, which asks ``decide`` for every act that stands in the active states of a case, wherever
acts and clocks can bring it, and `walks`, which chooses walks from opening to an end that together take
every transition and clock. For definitions whose acts need nothing but a role and fields without rules:
anything refused is an error here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

from workflow.case import Actor, CaseState, Decision, Fire, Open, Refusal, Tick, World
from workflow.chart.process import Process
from workflow.definition import FieldType, Handler, RoleRef
from workflow.step.decide import decide
from workflow.time.calendars import Calendar
from workflow.time.deadlines import parse_instant

START = datetime(2026, 2, 2, 2, tzinfo=UTC)
LATER = date(2026, 4, 1)
CASE = "01940000-0000-7000-8000-000000000001"

Standing: TypeAlias = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]
"""The active leaves, and how each clock with a consequence stands."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a walk: an act, or (``handler is None``) waiting until the next clock acts."""

    handler: Handler | None
    taken: frozenset[str]  # paths of the handlers and clocks that the entries name
    to: Standing

    def command(self) -> Fire | Tick:
        """Return what to ask for."""
        if self.handler is None:
            return Tick()
        by = actor(self.handler.by)
        return Fire(trigger=self.handler.path, by=by, fields=self.fields)

    @property
    def fields(self) -> dict[str, Any]:
        """Return the fields that the act requires; a test knows none but dates and texts."""
        return {} if self.handler is None else dict.fromkeys(self.handler.required, LATER)


@dataclass(slots=True)
class Map:
    """What there is to be walked.

    Attributes:
        moves: Standing → the moves from it; none from an end.
        ends: The standings of closed cases.
    """

    start: Standing
    moves: dict[Standing, list[Move]] = field(default_factory=dict)
    ends: set[Standing] = field(default_factory=set)


def actor(by: Iterable[RoleRef]) -> Actor:
    """Return someone who holds the first role; another person for each role."""
    role = next(iter(by)).role
    return Actor(f"{role}_1", roles=(role,))


def opening(process: Process) -> Open:
    """Return the command that opens a case, every required field given."""
    fields = process.definition.fields
    given = {
        name: LATER if fields[name].type is FieldType.DATE else f"contoh {name}"
        for name in process.definition.opening.required
    }
    by = actor(process.definition.opening.by)
    return Open(case_id=CASE, number="contoh/2026/1", tenant="kota", by=by, fields=given)


def next_act(process: Process, case: CaseState) -> datetime | None:
    """Return when the next clock with a consequence acts; ``None``: no such clock runs."""
    running = [
        parse_instant(one["acts_at"])
        for path, one in case.clocks.items()
        if one["status"] == "running" and process.deadlines[path].then is not None
    ]
    return min(running, default=None)


def explore(process: Process, calendars: Mapping[str, Calendar]) -> Map:
    """Ask for every act in every standing that a case can get into.

    Raises:
        AssertionError: An act was refused.
    """
    by_digest = {**calendars, **{one.digest: one for one in calendars.values()}}

    def ask(case: CaseState | None, command: Any, now: datetime) -> Decision:
        answer = decide(process, case, command, World(now=now, calendar=by_digest.__getitem__, virtual=True))
        assert not isinstance(answer, Refusal), [str(one.message) for one in answer.reasons]
        return answer

    opened = ask(None, opening(process), START).case
    found = Map(start=_standing(process, opened))
    waiting = deque([(opened, START)])
    found.moves[found.start] = []
    while waiting:
        case, now = waiting.popleft()
        here = found.moves[_standing(process, case)]
        if case.closed_at is not None:
            found.ends.add(_standing(process, case))
            continue
        for handler, at in _possible(process, case, now):
            asked = Move(handler=handler, taken=frozenset(), to=found.start).command()
            decision = ask(case, asked, at)
            there = _standing(process, decision.case)
            here.append(Move(handler=handler, taken=_taken(decision), to=there))
            if there not in found.moves:
                found.moves[there] = []
                waiting.append((decision.case, at))
    return found


def _standing(process: Process, case: CaseState) -> Standing:
    clocks = ((path, one["status"]) for path, one in case.clocks.items() if process.deadlines[path].then)
    return case.configuration, tuple(sorted(clocks))


def _possible(process: Process, case: CaseState, now: datetime) -> Iterable[tuple[Handler | None, datetime]]:
    for path in process.active(case.configuration):
        for handler in process.state(path).handlers:
            yield handler, now + timedelta(minutes=1)
    acts_at = next_act(process, case)
    if acts_at is not None:
        yield None, acts_at


def _taken(decision: Decision) -> frozenset[str]:
    taken = {entry["trigger"] for entry in decision.entries if "trigger" in entry}
    fired = (one for entry in decision.entries for one in entry.get("clocks", ()) if one["op"] == "fired")
    return frozenset(taken.union(one["path"] for one in fired))


def walks(found: Map) -> list[list[Move]]:
    """Return walks from the start to an end that together take everything that any move takes.

    Raises:
        AssertionError: From some standing there is no way to an end.
    """
    before = _ways(found)
    after = _ways_out(found)
    assert after.keys() | found.ends == found.moves.keys(), found.moves.keys() - after.keys() - found.ends
    missing = {name for moves in found.moves.values() for move in moves for name in move.taken}
    chosen = []
    for standing, moves in found.moves.items():
        for move in moves:
            if move.taken & missing:
                walk = [*before[standing], move]
                while walk[-1].to not in found.ends:
                    walk.append(after[walk[-1].to])
                chosen.append(walk)
                missing.difference_update(*(one.taken for one in walk))
    return chosen


def _ways(found: Map) -> dict[Standing, list[Move]]:
    """Return a shortest way from the start to each standing; they were found in that order."""
    ways: dict[Standing, list[Move]] = {found.start: []}
    for standing, moves in found.moves.items():
        for move in moves:
            ways.setdefault(move.to, [*ways[standing], move])
    return ways


def _ways_out(found: Map) -> dict[Standing, Move]:
    """Return the first move of a shortest way from each standing to an end."""
    into: dict[Standing, list[tuple[Standing, Move]]] = {}
    for standing, moves in found.moves.items():
        for move in moves:
            into.setdefault(move.to, []).append((standing, move))
    out: dict[Standing, Move] = {}
    waiting = deque(found.ends)
    while waiting:
        for standing, move in into.get(waiting.popleft(), ()):
            if standing not in out:
                out[standing] = move
                waiting.append(standing)
    return out
