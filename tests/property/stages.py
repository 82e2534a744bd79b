"""Cases that have already come some way, from which random acts go on.

Owns the stages of the small cooperation and of the shipped processes; the latter by the walk of the
scenarios (`tests.contract.cooperation`), carried out in memory. Each is a case by itself: the cooperation
opens no children, and the agreement is opened by the agency. Families are other tests' matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from engine.files import FolderResolver
from tests.clocks import FakeClock
from tests.contract.cooperation import AGREEMENT, OPD, Cooperation, paper, proposal
from tests.places import DEFINITIONS
from tests.unit import played
from tests.unit.support import CASE, MATERIAL, Play, filed, small
from workflow.case import Actor, Command, Fire, Open, Party, Refusal
from workflow.chart.process import Process
from workflow.loading.loader import load_definition

_OPENS = re.compile(r"\n( +)opens:\n(?:\1 +.*\n)+")
_BY_PARENT = "  by: parent\n  fields: {required: [judul, maksud_tujuan, objek, lewat_provinsi]}\n"
_BY_PARENT += "  documents: {present: [kb]}\n"
_BY_HAND = _BY_PARENT.replace("parent", "[pemrakarsa.opd]").replace("present", "attach")


@cache
def _text(workflow: str) -> str:
    """Return a shipped definition's text without what ties its cases to a family."""
    text = (DEFINITIONS / f"{workflow}.yaml").read_text(encoding="utf-8")
    if workflow == "pks":
        assert text.count(_BY_PARENT) == 1
        return text.replace(_BY_PARENT, _BY_HAND)
    alone, count = _OPENS.subn("\n", text)
    assert count == 2
    return alone


@cache
def alone(workflow: str) -> Process:
    """A shipped process whose cases have neither parent nor children."""
    loaded = load_definition((_text(workflow), f"{workflow}.yaml"), resolve=FolderResolver(DEFINITIONS))
    assert loaded.definition is not None, loaded.diagnostics
    return Process(loaded.definition)


def file_of(process: Process, folder: Path) -> Path:
    """Return the file of a process of the stages; of a shipped one it is written into the folder."""
    name = f"{process.definition.workflow}.yaml"
    if process is small():
        return MATERIAL / name
    (folder / name).write_text(_text(process.definition.workflow), encoding="utf-8")
    return folder / name


class InMemory:
    """What `Cooperation` asks of an engine, answered by ``decide`` alone."""

    def __init__(self, play: Play, clock: FakeClock) -> None:
        self.play = play
        self._clock = clock

    def deploy(self, path: object, *, by: Actor) -> None:
        """The definition is there already."""

    def open(
        self,
        workflow: str,
        *,
        by: Actor,
        fields: Mapping[str, Any],
        parties: list[Party],
        documents: Mapping[str, bytes] | None = None,
    ) -> Any:
        """Open the case."""
        papers = {name: (filed(body),) for name, body in (documents or {}).items()}
        command = Open(
            case_id=CASE,
            number=f"{workflow}/2026/1",
            tenant="kukar",
            by=by,
            parties=tuple(parties),
            fields=fields,
            documents=papers,
        )
        self._put(command)
        return SimpleNamespace(id=CASE)

    def fire(self, case_id: str, trigger: str, *, documents: Mapping[str, bytes], **given: Any) -> Any:
        """Fire, which must be accepted."""
        papers = {name: (filed(body),) for name, body in documents.items()}
        self._put(Fire(trigger=trigger, documents=papers, **given))
        return None

    def _put(self, command: Command) -> None:
        self.play.now = self._clock()
        decision = self.play.put(command)
        assert not isinstance(decision, Refusal), [str(reason.message) for reason in decision.reasons]


class Alone(Cooperation):
    """The walk of an agreement that no cooperation has opened."""

    def to_agreement_drafting(self) -> Cooperation:
        """The agency opens it on 10 March."""
        self.on("2026-03-10")
        fields = {name.removeprefix("pks_"): one for name, one in AGREEMENT.items()}
        parties = [Party(one["id"], side=one["side"], name=one["name"]) for one in proposal()["parties"]]
        case = self.engine.open(
            "pks",
            by=OPD,
            fields={**fields, "lewat_provinsi": True},
            parties=parties,
            documents={"kb": paper("kb")},
        )
        self.id = case.id
        return self


def _walked(stage: str, workflow: str, walk: type[Cooperation]) -> Play:
    play, clock = Play(alone(workflow), is_checked=False), FakeClock()
    cooperation: Any = walk(InMemory(play, clock), clock)  # type: ignore[arg-type]  # it asks no more
    getattr(cooperation, stage)()
    return play


def _began(stage: Callable[[Play], Play]) -> Play:
    return stage(Play(small(), is_checked=False))


SMALL: Mapping[str, Callable[[], Play]] = {
    stage.__name__: lambda stage=stage: _began(stage)
    for stage in (played.opened, played.to_council, played.to_signature, played.to_implementation)
}
KSDD: Mapping[str, Callable[[], Play]] = {
    stage: lambda stage=stage: _walked(stage, "ksdd", Cooperation)
    for stage in (
        *("open", "to_assessment", "to_offer_sent", "to_waiting", "to_joint_signature"),
        *("to_joint_agreement", "to_incoming_offer"),
    )
}
PKS: Mapping[str, Callable[[], Play]] = {
    stage: lambda stage=stage: _walked(stage, "pks", Alone)
    for stage in ("to_agreement_drafting", "to_gate", "to_council", "to_implementation")
}
STAGES = {
    **{f"small:{name}": made for name, made in SMALL.items()},
    **{f"ksdd:{name}": made for name, made in KSDD.items()},
    **{f"pks:{name}": made for name, made in PKS.items()},
}
"""Name → a case at that stage, made anew."""
