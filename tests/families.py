"""A family of cases in memory: ``tests/material/keluarga`` played through ``workflow.step.family``.

Owns `Clan`, which asks the family as the engine does, without a store. Whatever it adopts is held against
what must hold of every decision of every case: drafts in order, a fold that gives the case, a history that
replay allows with the relatives as of then, and the order of entries through the whole family.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from engine.files import FolderResolver
from engine.store.snapshots import from_text, to_text
from tests.calendars import indonesia
from tests.places import ROOT
from tests.unit.support import PARTIES, check_texts, firing, local, sealed_of, unsealed
from workflow.case import Actor, Body, CaseAct, CaseState, Fire, Open, Party, Refusal, RelativeUnknown, World
from workflow.chart.process import Process
from workflow.definition import Definition
from workflow.history.replay import Illegal, replay
from workflow.loading.loader import load_definition
from workflow.step.decide import decide
from workflow.step.evolve import evolve, fold
from workflow.step.family import Change, Family
from workflow.time.calendars import Calendar

MATERIAL = ROOT / "tests" / "material" / "keluarga"

OPD = Actor("rina", roles=["opd"], party="kukar")
OFFICE = Actor("budi", roles=["sekretariat"], party="kukar")
HEAD = Actor("bupati", roles=["kepala"], party="kukar")
GOVERNOR = Actor("gub", roles=["gubernur"])


@cache
def process(workflow: str) -> Process:
    """Return one of the family's definitions, made ready."""
    text = (MATERIAL / f"{workflow}.yaml").read_text(encoding="utf-8")
    loaded = load_definition((text, f"{workflow}.yaml"), resolve=FolderResolver(MATERIAL))
    assert loaded.definition is not None, loaded.diagnostics
    return Process(loaded.definition)


class Clan:
    """A family of cases, in virtual time; the first one is the head of it.

    Attributes:
        cases: By id, parents before their children, elder ones first.
        entries: The drafts of every case.
        facts: What the host would answer.
    """

    def __init__(self, now: str = "2026-02-02", *, processes: Mapping[str, Process] | None = None) -> None:
        self.now = local(now)
        self.cases: dict[str, CaseState] = {}
        self.entries: dict[str, list[Body]] = {}
        self.facts: dict[str, Any] = {}
        self.failures: Mapping[str, Exception] = {}
        self._processes = processes or {}
        self._ids = 0
        known: dict[str, Calendar] = {"indonesia": indonesia()}
        self._calendars = known | {one.digest: one for one in known.values()}

    def process(self, workflow: str) -> Process:
        """Return a definition."""
        return self._processes.get(workflow) or process(workflow)

    # What is asked ---------------------------------------------------------------------------------

    @property
    def world(self) -> World:
        """What a step may know now."""
        return World(
            now=self.now,
            calendar=self._calendars.__getitem__,
            virtual=True,
            facts=self.facts,
            new_case=self._id,
        )

    def _id(self) -> str:
        self._ids += 1
        return f"01940000-0000-7000-8000-{self._ids:012d}"

    def family(self) -> Family:
        """Return the family as it stands."""
        return Family(
            members=[(self.process(one.workflow), one) for one in self.cases.values()],
            world=self.world,
            process_of=self.process,
            number=lambda workflow, year: f"{workflow}/{year}/{self._ids}",
        )

    def at(self, text: str) -> Clan:
        """Go to a local day, or ``YYYY-MM-DDTHH:MM``."""
        self.now = local(text)
        return self

    def open(self, workflow: str = "kb", parties: Sequence[Party] = PARTIES, **fields: Any) -> str:
        """Open the head of the family; return its id."""
        given = {"judul": "Angkutan", "pagu": 1_000_000_000, **fields} if workflow == "kb" else fields
        command = Open(
            case_id=self._id(),
            number=f"{workflow}/2026/1",
            tenant="kukar",
            by=OPD,
            parties=tuple(parties),
            fields=given,
        )
        decision = decide(self.process(workflow), None, command, self.world)
        assert not isinstance(decision, Refusal), [str(one.message) for one in decision.reasons]
        self._adopt([
            Change(
                process=self.process(workflow), before=None, case=decision.case, entries=decision.entries
            )
        ])  # fmt: skip
        return command.case_id

    def put(self, case_id: str, command: Fire | CaseAct) -> Refusal | None:
        """Ask, and adopt what is decided."""
        family = self.family()
        refusal = family.act(case_id, command)
        if refusal is None:
            self._adopt(family.changes)
        else:
            check_texts(refusal)
        self.failures = family.failures
        return refusal

    def fire(self, case_id: str, trigger: str, by: Actor, *documents: str, **given: Any) -> Refusal | None:
        """Fire; keywords that `Fire` does not know are fields."""
        return self.put(case_id, firing(trigger, by, *documents, **given))

    def do(self, case_id: str, trigger: str, by: Actor, *documents: str, **given: Any) -> list[str]:
        """Fire, which must be accepted; return the ids of the children opened."""
        before = set(self.cases)
        refusal = self.fire(case_id, trigger, by, *documents, **given)
        assert refusal is None, [str(one.message) for one in refusal.reasons]
        return [one for one in self.cases if one not in before]

    def codes(self, case_id: str, trigger: str, by: Actor, *documents: str, **given: Any) -> list[str]:
        """Fire, which must be refused and change nothing; return the codes."""
        before = dict(self.cases), {one: list(drafts) for one, drafts in self.entries.items()}
        refusal = self.fire(case_id, trigger, by, *documents, **given)
        assert refusal is not None, f"{trigger} was accepted"
        assert (self.cases, self.entries) == before
        return [one.code for one in refusal.reasons]

    def tick(self, at: str | None = None) -> Clan:
        """Take what is ripe in the whole family."""
        if at is not None:
            self.at(at)
        family = self.family()
        family.tick()
        self._adopt(family.changes)
        self.failures = family.failures
        return self

    # What can be seen ------------------------------------------------------------------------------

    def states(self, case_id: str) -> tuple[str, ...]:
        """The active leaves of a case."""
        return self.cases[case_id].configuration

    def kinds(self, case_id: str) -> list[str]:
        """Kinds of the entries of a case."""
        return [entry["kind"] for entry in self.entries[case_id]]

    def order(self, since: int = 0) -> list[tuple[str, str]]:
        """Every entry of the family in order of recording: workflow and kind."""
        every = sorted(
            (entry["recorded_at"], entry["definition"]["workflow"], entry["kind"])
            for drafts in self.entries.values()
            for entry in drafts
        )
        return [(workflow, kind) for _, workflow, kind in every][since:]

    def as_of(self, case_id: str, before: str) -> tuple[Definition, CaseState]:
        """Return a case as it stood before an instant."""
        definition = self.process(self.cases[case_id].workflow).definition
        case: CaseState | None = None
        for entry in self.entries[case_id]:
            if entry["recorded_at"] < before:
                case = evolve(case, entry, definition)
        if case is None:
            raise RelativeUnknown(case_id)
        return definition, case

    def illegal(self, case_id: str, entries: list[Body] | None = None) -> list[Illegal]:
        """What replay finds wrong with the entries of a case, its relatives being known."""
        known = self.process(self.cases[case_id].workflow)
        given = entries or self.entries[case_id]
        return list(replay(known, given, self._calendars.__getitem__, self.as_of))

    def illegal_alone(self, case_id: str) -> list[Illegal]:
        """What replay finds wrong with the entries of a case by themselves."""
        known = self.process(self.cases[case_id].workflow)
        return list(replay(known, self.entries[case_id], self._calendars.__getitem__))

    # Adopting --------------------------------------------------------------------------------------

    def _adopt(self, changes: Sequence[Change]) -> None:
        for one in changes:
            self.cases[one.case.id] = one.case
            self.entries.setdefault(one.case.id, []).extend(one.entries)
        instants = [entry["recorded_at"] for drafts in self.entries.values() for entry in drafts]
        assert len(instants) == len(set(instants)), "two entries of a family at one instant"
        for one in changes:
            self._check(one.case)

    def _check(self, case: CaseState) -> None:
        drafts = self.entries[case.id]
        assert [entry["seq"] for entry in drafts] == list(range(1, len(drafts) + 1))
        again = unsealed(sealed_of(drafts))
        assert again == drafts
        assert fold(again, self.process(case.workflow).definition) == case
        assert from_text(to_text(case)) == case
        assert not (illegal := self.illegal(case.id)), illegal
        assert not (illegal := self.illegal_alone(case.id)), illegal
