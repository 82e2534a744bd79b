"""Many families of cases in memory, which see each other only by facts: what an engine does, without a store.

Owns `Village`, on which the workflows of ``rumpun`` are played as the engine plays them, and `Happening`,
an act that means the same under every schedule of sweeps: cases are known by the way from the head of
their family, never by an id that depends on who was opened first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from engine.timers import timer_rows
from tests.calendars import indonesia
from tests.property.rumpun import Shape, family
from tests.unit.support import local
from workflow.case import (
    Body,
    CaseAct,
    CaseState,
    Command,
    Fire,
    Open,
    Refusal,
    RelativeUnknown,
    World,
)
from workflow.chart.process import Process
from workflow.definition import Definition, Kind
from workflow.history.replay import Illegal, replay
from workflow.step.clocks import SUSPENSION
from workflow.step.decide import decide
from workflow.step.evolve import evolve, fold
from workflow.step.family import Change, Family, FamilyFacts
from workflow.step.other_cases import holds, is_of_same_party, parties_of
from workflow.time.deadlines import day_in_zone, parse_instant

START = "2026-02-02"
Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An act at an instant: on the case with this name, or an opening where it is none yet."""

    at: datetime
    name: str
    command: Open | Fire | CaseAct


class Village:
    """Families in memory, in virtual time.

    Args:
        has_budget: What the host answers when it is asked for ``pagu``.

    Attributes:
        cases: By id; ``names``: name → id, the n-th head ``n``, its k-th child ``n.k``.
        entries: The drafts of every case.
        answers: The codes of every refusal, and `()` for what was accepted.
    """

    def __init__(self, shape: Shape, *, has_budget: bool = True) -> None:
        self.processes = family(shape)
        self.now = local(START)
        self.cases: dict[str, CaseState] = {}
        self.entries: dict[str, list[Body]] = {}
        self.names: dict[str, str] = {}
        self.answers: list[Codes] = []
        self.sweeps: list[datetime] = []
        self._ids = 0
        self._host = {"pagu": has_budget}
        known = {"indonesia": indonesia()}
        self._calendars = known | {one.digest: one for one in known.values()}

    # --- what is known -----------------------------------------------------------------------------

    def world(self, facts: Mapping[str, Any] | None = None) -> World:
        """What a step may know now."""
        return World(
            now=self.now,
            calendar=self._calendars.__getitem__,
            virtual=True,
            facts=facts or {},
            new_case=self._id,
        )

    def _id(self) -> str:
        self._ids += 1
        return f"01940000-0000-7000-8000-{self._ids:012d}"

    def process(self, case: CaseState) -> Process:
        """The definition of a case."""
        return self.processes[case.workflow]

    def case(self, name: str) -> CaseState:
        """A case by its name."""
        return self.cases[self.names[name]]

    def heads(self) -> list[CaseState]:
        """The heads of the families."""
        return [one for one in self.cases.values() if one.parent is None]

    def family(self, case_id: str, facts: Mapping[str, Any] | None = None) -> Family:
        """The family of a case as it stands."""
        return Family(
            members=[(self.process(one), one) for one in self._members(case_id)],
            world=self.world(facts),
            process_of=self.processes.__getitem__,
            number=lambda workflow, year: f"{workflow}/{year}/{self._ids}",
        )

    def _members(self, case_id: str) -> Iterator[CaseState]:
        head = self.cases[case_id]
        while head.parent is not None:
            head = self.cases[head.parent["case"]]
        yield from self._below(head)

    def _below(self, case: CaseState) -> Iterator[CaseState]:
        yield case
        for child in case.children:
            yield from self._below(self.cases[child])

    def seen(self, name: str) -> tuple[Process, CaseState, World]:
        """A case after its family's ripe clocks, and the world in which it may be asked."""
        case = self.case(name)
        every = self._facts(self.process(case), case, case.parties, None, self.process(case).definition.facts)
        ticked = self.family(case.id, every)
        ticked.tick(case.id)
        return self.process(case), ticked.case(case.id), ticked.seen_by(self.world(every))

    # --- facts -------------------------------------------------------------------------------------

    def _facts(
        self, process: Process, case: CaseState | None, parties: Any, on: date | None, names: Any
    ) -> dict[str, Any]:
        today = on or day_in_zone(self.now, process.definition.timezone)
        found = {}
        for name in names:
            asked = process.definition.facts[name].from_cases
            if asked is None:
                found[name] = self._host[name]
                continue
            ours = parties_of(asked, parties)
            found[name] = any(
                holds(asked, self.process(one), one.id, self.family(one.id), today)
                for one in self.cases.values()
                if one.workflow in asked.workflows
                and (case is None or one.id != case.id)
                and is_of_same_party(asked, ours, one)
            )
        return found

    # --- what is asked -----------------------------------------------------------------------------

    def do(self, what: Happening) -> Codes:
        """Let something happen, and note the answer."""
        self.now = what.at
        if isinstance(what.command, Open):
            answer = self._open(what.command)
        else:
            answer = self._act(self.names[what.name], what.command, {})
        self.answers.append(answer)
        return answer

    def _open(self, command: Open, facts: Mapping[str, Any] | None = None) -> Codes:
        number = f"{command.number}/2026/{self._ids}"
        named = replace(command, case_id=self._id(), number=number, tenant="kukar")
        process = self.processes[command.number]
        decision = decide(process, None, named, self.world(facts))
        if isinstance(decision, Refusal):
            return _codes(decision)
        self._adopt([
            Change(process=process, before=None, case=decision.case, entries=decision.entries)
        ])  # fmt: skip
        return ()

    def _act(self, case_id: str, command: Fire | CaseAct, facts: Mapping[str, Any]) -> Codes:
        asked = self.family(case_id, facts)
        before = dict(self.cases)
        try:
            refusal = asked.act(case_id, command)
        except FamilyFacts as lacking:
            by: Command = lacking.command
            parties = by.parties if isinstance(by, Open) else lacking.case.parties if lacking.case else ()
            on = by.effective_on if isinstance(by, (Open, Fire, CaseAct)) else None
            found = self._facts(lacking.process, lacking.case, parties, on, lacking.names)
            return self._act(case_id, command, {**facts, **found})
        assert not asked.failures, asked.failures
        assert self.cases == before
        if refusal is not None:
            return _codes(refusal)
        self._adopt(asked.changes)
        return ()

    def sweep(self, at: datetime) -> None:
        """Take what is ripe, family by family."""
        self.now = at
        self.sweeps.append(at)
        for head in self.heads():
            swept = self.family(head.id)
            swept.tick()
            assert not swept.failures, swept.failures
            self._adopt(swept.changes)

    def next_due(self) -> datetime | None:
        """When the sweep would have to wake next."""
        rows = [
            row.due_at
            for case in self.cases.values()
            for path in (*case.clocks, *case.obligations, SUSPENSION)
            for row in timer_rows(self.process(case), case, path)
        ]
        return parse_instant(min(rows)) if rows else None

    def _adopt(self, changes: Sequence[Change]) -> None:
        for one in changes:
            self.cases[one.case.id] = one.case
            self.entries.setdefault(one.case.id, []).extend(one.entries)
            self._check_stillness(one.case)
        for head, case in enumerate(self.heads()):
            self._name(str(head), case)

    def _name(self, name: str, case: CaseState) -> None:
        self.names[name] = case.id
        for number, child in enumerate(case.children):
            self._name(f"{name}.{number}", self.cases[child])

    # --- what must hold ----------------------------------------------------------------------------

    def check(self) -> None:
        """Every history folds to its case and is legal, alone and among its relatives."""
        for case_id, entries in self.entries.items():
            case = self.cases[case_id]
            process = self.process(case)
            assert fold(entries, process.definition) == case
            assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
            assert not (illegal := self.illegal(case_id)), (illegal, entries[illegal[0].seq - 1])
            alone = list(replay(process, entries, self._calendars.__getitem__))
            assert not alone, (alone, entries[alone[0].seq - 1])

    def _check_stillness(self, case: CaseState) -> None:
        """While a case is suspended what stands still with it runs nowhere, and only then."""
        for path, clock in case.clocks.items():
            deadline = self.process(case).deadlines[path]
            stops = deadline.kind is Kind.TARGET or deadline.is_suspendable
            is_still = case.suspension is not None and stops
            assert clock["status"] != ("running" if is_still else "suspended"), (path, clock)

    def illegal(self, case_id: str) -> list[Illegal]:
        """What replay finds wrong with a case, its relatives being known as of then."""
        entries, process = self.entries[case_id], self.process(self.cases[case_id])
        return list(replay(process, entries, self._calendars.__getitem__, self._as_of))

    def _as_of(self, case_id: str, before: str) -> tuple[Definition, CaseState]:
        case: CaseState | None = None
        definition = self.process(self.cases[case_id]).definition
        for entry in self.entries[case_id]:
            if entry["recorded_at"] < before:
                case = evolve(case, entry, definition)
        if case is None:
            raise RelativeUnknown(case_id)
        return definition, case

    def told(self) -> dict[str, list[Body]]:
        """What the histories say of every case, but for when it was written and under which ids."""
        return {
            name: in_words(self.entries[case_id], {one: known for known, one in self.names.items()})
            for name, case_id in self.names.items()
        }


def in_words(entries: Sequence[Body], names: Mapping[str, str]) -> list[Body]:
    """Return entries without instants of recording, numbers and links, ids replaced by names."""
    left = ("recorded_at", "number", "prev")
    bare = [{key: value for key, value in entry.items() if key not in left} for entry in entries]
    text = json.dumps(bare, default=lambda personal: ["personal", personal.value])
    for one, name in names.items():
        text = text.replace(f'"{one}"', f'"<{name}>"')
    told: list[Body] = json.loads(text)
    return told


def _codes(refusal: Refusal) -> Codes:
    return tuple(reason.code for reason in refusal.reasons)


END = timedelta(days=200)
"""How long after the last act every family is looked at once more."""
