"""A definition in one line, a world, and a case played in memory, for the tests of the pure step.

Owns `make` (YAML text → `Process`, with everything that a test is not about filled in) and `Play`, which
asks ``decide`` as the runtime does, without a store. Whatever a play adopts is held against what must
hold of every decision: it seals, unseals to itself, folds to the case, survives the case row's text and
is legal by replay. So every test that plays is a test of these too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from textwrap import dedent
from typing import Any
from zoneinfo import ZoneInfo

from engine.files import FolderResolver
from engine.store.snapshots import from_text, to_text
from tests.calendars import indonesia
from tests.places import DEFINITIONS, ROOT
from workflow.case import Actor, Body, CaseState, Command, Decision, Fire, Open, Party, Refusal, Tick, World
from workflow.chart.process import Process
from workflow.definition import Definition
from workflow.history.canonical import parse_canonical
from workflow.history.replay import Illegal, replay
from workflow.history.sealing import Sealed, seal, unseal
from workflow.loading.loader import load_definition
from workflow.locale import LANGUAGES
from workflow.step.decide import decide
from workflow.step.evolve import fold
from workflow.step.options import Option, available
from workflow.time.calendars import Calendar

MATERIAL = ROOT / "tests" / "material"
ZONE = "Asia/Makassar"
CASE = "01940000-0000-7000-8000-000000000001"

OPD = Actor("rina", roles=["opd"], party="kukar")
OFFICE = Actor("budi", roles=["sekretariat"], party="kukar")
HEAD = Actor("bupati", roles=["kepala"], party="kukar")
PARTNER = Actor("wali", roles=["kepala"], party="samarinda")
COUNCIL = Actor("ketua", roles=["dprd"])
PARTIES = (Party("kukar", side="pemrakarsa", name="Kutai Kartanegara"), Party("samarinda", side="mitra"))

_DEFAULTS = {
    "format": "format: 1",
    "workflow": "workflow: contoh",
    "version": "version: 1",
    "title": "title: Contoh",
    "timezone": f"timezone: {ZONE}",
    "calendar": "calendar: indonesia",
    "roles": """\
roles:
  opd: {title: OPD}
  sekretariat: {title: Sekretariat}
  kepala: {title: Kepala daerah}
  dprd: {title: DPRD, recorded_by: [sekretariat]}""",
    "parties": """\
parties:
  pemrakarsa: {count: 1, roles: [opd, sekretariat, kepala]}
  mitra: {min: 1, max: 4, roles: [kepala, opd], recorded_by: [pemrakarsa.sekretariat]}""",
    "open": "open: {by: [pemrakarsa.opd], to: awal}",
}


def make(body: str) -> Process:
    """Return the process that a definition describes.

    Args:
        body: The text; top-level keys that it lacks are filled in: roles ``opd sekretariat kepala dprd``,
            sides ``pemrakarsa`` and ``mitra``, opened by the agency into the state ``awal``.

    Raises:
        AssertionError: The text has errors.
    """
    return _made(dedent(body))


@cache
def _made(body: str) -> Process:
    given = set(re.findall(r"(?m)^([a-z_]+):", body))
    head = [text for key, text in _DEFAULTS.items() if key not in given]
    return Process(_load("\n".join([*head, body]), "contoh.yaml", MATERIAL))


@cache
def small() -> Process:
    """The small cooperation of ``tests/material``."""
    text = (MATERIAL / "kerjasama_kecil.yaml").read_text(encoding="utf-8")
    return Process(_load(text, "kerjasama_kecil.yaml", MATERIAL))


@cache
def shipped(workflow: str) -> Process:
    """Return a shipped definition, made ready."""
    text = (DEFINITIONS / f"{workflow}.yaml").read_text(encoding="utf-8")
    return Process(_load(text, f"{workflow}.yaml", DEFINITIONS))


def _load(text: str, file: str, folder: Any) -> Definition:
    loaded = load_definition((text, file), resolve=FolderResolver(folder))
    assert loaded.definition is not None, [
        f"{one.line}:{one.column} {one.code} {one.message}"
        for one in loaded.diagnostics
        if one.severity == "error"
    ]
    return loaded.definition


def digests(*names: str) -> dict[str, tuple[str, ...]]:
    """Return a digest for each document; ``kb@2`` stands for a second version of ``kb``."""
    return {name.partition("@")[0]: (filed(f"%PDF-1.7 {name}".encode()),) for name in names}


PAPERS: dict[str, bytes] = {}
"""Every file that was ever filed in this process, by its digest."""


def filed(body: bytes) -> str:
    """Keep a file, and return its digest."""
    digest = hashlib.sha256(body).hexdigest()
    PAPERS[digest] = body
    return digest


def local(text: str, zone: str = ZONE) -> datetime:
    """Return the UTC instant of a local day, at nine, or of a local ``YYYY-MM-DDTHH:MM``."""
    day, _, hour = text.partition("T")
    at = time.fromisoformat(hour) if hour else time(9)
    return datetime.combine(date.fromisoformat(day), at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


KNOWN = ("as_role", "for_party", "reason", "comment", "effective_on", "request_id", "media")


class Play:
    """One case in memory, in virtual time.

    Args:
        process: The definition.
        now: Local day, or ``YYYY-MM-DDTHH:MM``, in ``zone``.
        calendars: By name, besides ``indonesia``.
        zone: In which `at` reads its days.

    Attributes:
        entries: The drafts of every entry adopted.
        asked: Every command put, with its instant.
        facts: What the host would answer.
    """

    def __init__(
        self,
        process: Process,
        now: str = "2026-02-02",
        *,
        calendars: Mapping[str, Calendar] | None = None,
        zone: str = ZONE,
        is_checked: bool = True,
    ) -> None:
        self.process = process
        self.facts: dict[str, Any] = {}
        self.entries: list[Body] = []
        self.asked: list[tuple[datetime, Command]] = []
        self.state: CaseState | None = None
        self.zone = zone
        self.now = local(now, zone)
        self._is_checked = is_checked
        known = {"indonesia": indonesia(), **(calendars or {})}
        self._calendars = known | {one.digest: one for one in known.values()}

    # What is asked ---------------------------------------------------------------------------------

    @property
    def world(self) -> World:
        """What a step may know now."""
        return World(now=self.now, calendar=self._calendars.__getitem__, virtual=True, facts=self.facts)

    def at(self, text: str) -> Play:
        """Go to a local day, or ``YYYY-MM-DDTHH:MM``."""
        self.now = local(text, self.zone)
        return self

    def ask(self, command: Command) -> Decision | Refusal:
        """Ask ``decide`` and adopt nothing."""
        return decide(self.process, None if isinstance(command, Open) else self.state, command, self.world)

    def put(self, command: Command) -> Decision | Refusal:
        """Ask, and adopt what is decided."""
        self.asked.append((self.now, command))
        return self._adopted(self.ask(command))

    def try_open(
        self, *documents: str, by: Actor = OPD, parties: Iterable[Party] = PARTIES, **given: Any
    ) -> Decision | Refusal:
        """Ask for an opening; keywords that `Open` does not know are fields."""
        known = {name: given.pop(name) for name in KNOWN if name in given}
        command = Open(
            case_id=CASE, number="contoh/2026/1", tenant="kukar", by=by, parties=tuple(parties),
            fields=given, documents=digests(*documents), **known,
        )  # fmt: skip
        return self.put(command)

    def open(self, *documents: str, **given: Any) -> Play:
        """Open, which must be accepted."""
        self._accepted(self.try_open(*documents, **given))
        return self

    def fire(self, trigger: str, by: Actor, *documents: str, **given: Any) -> Decision | Refusal:
        """Fire; what is accepted is adopted. Keywords that `Fire` does not know are fields."""
        return self.put(firing(trigger, by, *documents, **given))

    def do(self, trigger: str, by: Actor, *documents: str, **given: Any) -> Play:
        """Fire, which must be accepted."""
        self._accepted(self.fire(trigger, by, *documents, **given))
        return self

    def refused(self, trigger: str, by: Actor, *documents: str, **given: Any) -> Refusal:
        """Fire, which must be refused and leave everything as it was."""
        before = self.state, list(self.entries)
        refusal = self.fire(trigger, by, *documents, **given)
        assert isinstance(refusal, Refusal), f"{trigger} was accepted: {refusal}"
        assert (self.state, self.entries) == before
        check_texts(refusal)
        return refusal

    def codes(self, trigger: str, by: Actor, *documents: str, **given: Any) -> list[str]:
        """Return the codes of a refusal, in order."""
        return [reason.code for reason in self.refused(trigger, by, *documents, **given).reasons]

    def tick(self, at: str | None = None) -> list[Body]:
        """Take what is ripe; return the entries."""
        if at is not None:
            self.at(at)
        decision = self.put(Tick())
        self._accepted(decision)
        assert isinstance(decision, Decision)
        return list(decision.entries)

    # What can be seen ------------------------------------------------------------------------------

    @property
    def case(self) -> CaseState:
        """The case, which must be open or closed by now."""
        assert self.state is not None
        return self.state

    @property
    def states(self) -> tuple[str, ...]:
        """The active leaves."""
        return self.case.configuration

    @property
    def fields(self) -> Mapping[str, Any]:
        """The fields."""
        return self.case.fields

    @property
    def last(self) -> Body:
        """The last entry."""
        return self.entries[-1]

    def kinds(self, since: int = 0) -> list[str]:
        """Kinds of the entries from the one with index ``since`` on."""
        return [entry["kind"] for entry in self.entries[since:]]

    def due(self, path: str) -> str:
        """The due day of a clock."""
        return str(self.case.clocks[path]["due_on"])

    def options(self, by: Actor, **how: Any) -> dict[str, Option]:
        """What ``available`` says, by path."""
        before = self.state
        found = {option.trigger: option for option in available(
            self.process, self.case, by, self.world, **how
        )}  # fmt: skip
        assert self.state is before
        return found

    def illegal(self) -> list[Illegal]:
        """What replay finds wrong with the entries."""
        return list(replay(self.process, self.entries, self._calendars.__getitem__))

    # Adopting --------------------------------------------------------------------------------------

    def _accepted(self, decision: Decision | Refusal) -> None:
        if isinstance(decision, Refusal):
            raise AssertionError([str(reason.message) for reason in decision.reasons])

    def _adopted(self, decision: Decision | Refusal) -> Decision | Refusal:
        if isinstance(decision, Decision):
            before = self.state
            self.entries.extend(decision.entries)
            self.state = decision.case
            if self._is_checked:
                check_decision(self.process, before, decision)
                check_history(self)
        return decision


def firing(trigger: str, by: Actor, *documents: str, **given: Any) -> Fire:
    """Return a command; keywords that `Fire` does not know are fields."""
    known = {name: given.pop(name) for name in (*KNOWN, "expect") if name in given}
    return Fire(trigger=trigger, by=by, fields=given, documents=digests(*documents), **known)


# What must hold of everything that was decided -------------------------------------------------------


def check_decision(process: Process, before: CaseState | None, decision: Decision) -> None:
    """Check one decision: drafts in order, and a case that is theirs and survives its text."""
    seq = before.seq if before else 0
    revision = before.revision if before else 0
    recorded_at = before.recorded_at if before else ""
    for entry in decision.entries:
        seq += 1
        assert entry["seq"] == seq
        assert entry["revision"] in (revision, revision + 1)
        assert entry["recorded_at"] > recorded_at
        revision, recorded_at = entry["revision"], entry["recorded_at"]
        assert None not in entry.values()
    assert (decision.case.seq, decision.case.revision) == (seq, revision)
    assert from_text(to_text(decision.case)) == decision.case
    assert process.chart.is_legal(decision.case.configuration)


def check_history(play: Play) -> None:
    """Check the whole history: canonical, unsealed to its drafts, folding to the case, legal."""
    sealed = sealed_of(play.entries)
    drafts = unsealed(sealed)
    assert drafts == play.entries
    assert fold(drafts, play.process.definition) == play.state
    assert not (illegal := play.illegal()), illegal


def sealed_of(entries: list[Body]) -> Sealed:
    """Seal drafts with salts that never repeat."""
    return seal(entries, head="", salt=_salts())


def unsealed(sealed: Sealed) -> list[Body]:
    """Open sealed entries again."""
    drafts = []
    for entry in sealed.entries:
        rows = [row for row in sealed.personal if row.seq == entry.seq]
        body: Any = parse_canonical(entry.text)
        opened = unseal(body, rows)
        assert not opened.absent
        assert not opened.false
        drafts.append(opened.body)
    return drafts


def _salts() -> Callable[[], bytes]:
    numbers = iter(range(1, 1 << 30))
    return lambda: next(numbers).to_bytes(32)


def check_texts(refusal: Refusal) -> None:
    """Check that every reason can be said in both languages, with nothing left unfilled."""
    for reason in refusal.reasons:
        for language in LANGUAGES:
            said = reason.message.text(language)
            assert said
            assert not re.search(r"\{[a-z_]*\}", said), said
            assert "None" not in re.sub(r"is (not )?None", "", said), said  # a condition may say so
