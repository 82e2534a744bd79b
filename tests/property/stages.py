"""Cases that have already come some way, from which random acts go on.

Owns the stages of the small cooperation and of the shipped process; the latter by the walk of the
scenarios (`tests.contract.cooperation`), carried out in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from tests.clocks import FakeClock
from tests.contract.cooperation import Cooperation
from tests.unit import played
from tests.unit.support import CASE, Play, filed, ksdd, small
from workflow.case import Actor, Command, Fire, Open, Party, Refusal


class InMemory:
    """What `Cooperation` asks of an engine, answered by ``decide`` alone."""

    def __init__(self, play: Play, clock: FakeClock) -> None:
        self.play = play
        self._clock = clock

    def deploy(self, path: object, *, by: Actor) -> None:
        """The definition is there already."""

    def open(self, workflow: str, *, by: Actor, fields: Mapping[str, Any], parties: list[Party]) -> Any:
        """Open the case."""
        number = "ksdd/2026/1"
        self._put(
            Open(case_id=CASE, number=number, tenant="kukar", by=by, parties=tuple(parties), fields=fields)
        )
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


def _walked(stage: str) -> Play:
    play, clock = Play(ksdd(), is_checked=False), FakeClock()
    cooperation: Any = Cooperation(InMemory(play, clock), clock)  # type: ignore[arg-type]  # it asks no more
    getattr(cooperation, stage)()
    return play


def _began(stage: Callable[[Play], Play]) -> Play:
    return stage(Play(small(), is_checked=False))


SMALL: Mapping[str, Callable[[], Play]] = {
    stage.__name__: lambda stage=stage: _began(stage)
    for stage in (played.opened, played.to_council, played.to_signature, played.to_implementation)
}
KSDD: Mapping[str, Callable[[], Play]] = {
    stage: lambda stage=stage: _walked(stage)
    for stage in (
        *("open", "to_assessment", "to_offer_sent", "to_waiting", "to_joint_signature"),
        *("to_agreement_drafting", "to_gate", "to_council", "to_implementation"),
    )
}
STAGES = {
    **{f"small:{name}": made for name, made in SMALL.items()},
    **{f"ksdd:{name}": made for name, made in KSDD.items()},
}
"""Name → a case at that stage, made anew."""
