"""Facts answered from other cases: whether a condition holds of any of them.

Owns what such a condition sees of a case, and that the ripe clocks of its family are taken in thought first,
so that the answer does not depend on when a sweep woke. Which cases are looked at is the asker's business.
Pure; called by the engine and the host of scenarios.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from workflow.case import CaseState, Party, World
from workflow.chart.process import Process
from workflow.definition import FromCases
from workflow.expressions.guards import decode
from workflow.step.clocks import calendars_of
from workflow.step.family import Family
from workflow.time.calendars import Calendar


def is_of_same_party(asked: FromCases, ours: Collection[str], case: CaseState) -> bool:
    """Whether a case has, on the side asked for, one of the parties that the asking case has there."""
    return any(one["side"] == asked.same and one["id"] in ours for one in case.parties)


def parties_of(asked: FromCases, parties: Iterable[Party] | Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return ids of the asking case's parties on the side asked for."""
    pairs = ((one.id, one.side) if isinstance(one, Party) else (one["id"], one["side"]) for one in parties)
    return frozenset(str(party) for party, side in pairs if side == asked.same)


def holds(asked: FromCases, process: Process, case_id: str, family: Family, today: date) -> bool:
    """Whether the condition holds of one case as it stands now, the ripe clocks of its family taken.

    A clock that fails is not the asker's business: its case is then seen as it stood before.

    Args:
        family: The case and its relatives, which is used up.
        today: The day of the act that asks.
    """
    family.tick()
    return asked.any(OtherCase(process, family.case(case_id), family.world, today)) is True


class OtherCase:
    """What a condition sees of another case: fields, documents, states, clocks, and how it ended.

    Names are looked for by the end of their path, since definitions are independent of each other; a field
    that this one's version does not have is empty.
    """

    role: str | None = None

    def __init__(self, process: Process, case: CaseState, world: World, today: date) -> None:
        self._process = process
        self._case = case
        self._world = world
        self.today = today

    @property
    def outcome(self) -> str | None:
        """How it ended."""
        return self._case.outcome

    @property
    def documents(self) -> Collection[str]:
        """Names of its documents, with and without the state that they belong to."""
        return {*self._case.documents, *(name.rpartition(".")[2] for name in self._case.documents)}

    @property
    def parties(self) -> tuple[str, ...]:
        """Ids of its parties."""
        return tuple(str(one["id"]) for one in self._case.parties)

    @property
    def calendar(self) -> Calendar:
        """Its calendar."""
        name = self._process.definition.calendar
        return calendars_of(self._process, self._case, self._world)[name]

    def field(self, name: str) -> Any:
        """Return a field's value as Python has it."""
        declared = self._process.definition.fields.get(name)
        raw = self._case.fields.get(name)
        return None if declared is None or raw is None else decode(declared, raw)

    def fact(self, name: str) -> Any:
        """Refuse: a condition on other cases reads no facts."""
        raise LookupError(name)

    def in_state(self, path: str) -> bool:
        """Whether a state whose path ends so is active."""
        return any(_ends(one, path) for one in self._process.active(self._case.configuration))

    def expired(self, path: str) -> bool:
        """Whether a deadline whose path ends so has passed."""
        return any(
            clock["status"] in ("expired", "fired")
            for name, clock in self._case.clocks.items()
            if _ends(name, path)
        )

    def overdue(self, path: str) -> bool:
        """Whether an obligation whose path ends so has an occurrence that is overdue."""
        return any(
            one["overdue"]
            for name, duty in self._case.obligations.items()
            if _ends(name, path)
            for one in duty["open"]
        )


def _ends(path: str, end: str) -> bool:
    return f".{path}".endswith(f".{end}")
