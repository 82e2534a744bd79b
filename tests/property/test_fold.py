"""What must hold of every case whatever was asked of it: history, fold, snapshot, replay, options.

Cases are played in memory over the small cooperation and over the shipped process, with good and bad
commands drawn from what each case offers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from engine.store.snapshots import from_text, to_text
from tests.property.acting import PARTIES, ZONES, commands, next_act, offered, pass_time, people
from tests.property.stages import SMALL, STAGES
from tests.unit.support import Play, check_texts, sealed_of, small, unsealed
from workflow.case import Actor, CaseState, Decision, Fire, Refusal
from workflow.chart.process import Process
from workflow.definition import RoleRef
from workflow.step.authority import Capacity, authorise
from workflow.step.decide import decide
from workflow.step.evolve import evolve, fold
from workflow.step.options import available

DEPENDS_ON_INPUT = frozenset(
    ("rule-failed", "no-branch", "differing-consent", "missing-document", "missing-field", "invalid-field")
)
"""Codes by which values that were drawn blindly may be refused."""


def opened(contact: str = "Siti") -> Play:
    """A case of the small cooperation."""
    play = Play(small(), is_checked=False)
    play.facts = {"pagu_tersedia": True}
    opd = Actor("opd-kukar", roles=["opd"], party="kukar")
    return play.open(
        by=opd, judul="Angkutan", kategori="sukarela", urusan=["perhubungan"], narahubung=[contact]
    )


def played(data: st.DataObject, play: Play, most: int, *, bad: bool = True) -> Play:
    """Let some acts happen, good ones for the most part."""
    for _ in range(data.draw(st.integers(1, most))):
        play.now = pass_time(data.draw, play.now)
        zone = play.process.definition.timezone
        command = data.draw(next_act(play.process, play.case, play.world, zone, bad=bad))
        decision = play.put(command)
        if isinstance(decision, Refusal):
            check_texts(decision)
            event("refused " + decision.code)
        else:
            for entry in decision.entries:
                event(entry["kind"])
    return play


stages = st.sampled_from(sorted(STAGES))


# --- history --------------------------------------------------------------------------------------------


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), stages)
def test_history_of_random_acts_seals_folds_and_is_legal(data: st.DataObject, stage: str) -> None:
    """Drafts seal and unseal to themselves, fold at every entry alike, and are legal by replay."""
    play = played(data, STAGES[stage](), 8)
    process = play.process
    drafts = unsealed(sealed_of(play.entries))
    assert drafts == play.entries
    before: CaseState | None = None
    again: CaseState | None = None
    for draft, stored in zip(play.entries, drafts, strict=True):
        before = evolve(before, draft, process.definition)
        again = from_text(to_text(evolve(again, stored, process.definition)))
        assert before == again
    assert before == play.case == fold(drafts, process.definition)
    assert play.illegal() == []


@settings(max_examples=100)
@given(st.text(), st.text(), st.text(), st.text())
def test_history_holds_any_text_or_the_command_is_refused(
    who: str, reason: str, comment: str, contact: str
) -> None:
    """Whatever people type is kept in NFC or refused; it never breaks the writing of history."""
    play = opened()
    head = Actor(who, roles=["kepala_daerah"], party="kukar")
    for command in (
        Fire(trigger="perbaiki", by=head, comment=comment),
        Fire(trigger=who, by=head),
        Fire(trigger="batalkan", by=head, reason=reason, comment=comment, request_id=contact),
    ):
        decision = play.put(command)
        if isinstance(decision, Refusal):
            check_texts(decision)
    assert unsealed(sealed_of(play.entries)) == play.entries
    assert play.illegal() == []
    fresh = Play(small(), is_checked=False)
    answer = fresh.try_open(
        by=Actor("rina", roles=["opd"], party="kukar"), judul=contact, kategori="sukarela",
        urusan=["perhubungan"], narahubung=[contact],
    )  # fmt: skip
    if isinstance(answer, Decision):
        assert unsealed(sealed_of(fresh.entries)) == fresh.entries
    else:
        assert {reason.code for reason in answer.reasons} <= {"invalid-field", "missing-field"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), stages)
def test_stored_and_reloaded_case_is_decided_alike(data: st.DataObject, stage: str) -> None:
    """A step over a snapshot that went through its text is the step over the case itself."""
    play = played(data, STAGES[stage](), 5)
    process = play.process
    command = data.draw(next_act(process, play.case, play.world, process.definition.timezone))
    reloaded = from_text(to_text(play.case))
    assert decide(process, reloaded, command, play.world) == decide(process, play.case, command, play.world)


# --- options -------------------------------------------------------------------------------------------


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), stages)
def test_option_and_decision_agree(data: st.DataObject, stage: str) -> None:
    """What is allowed succeeds with good inputs; what is refused is refused with the same codes."""
    play = played(data, STAGES[stage](), 5)
    process = play.process
    handlers = offered(process, play.case, play.world)
    if not handlers:
        return
    handler = data.draw(st.sampled_from(handlers))
    today = play.world.now.astimezone(ZoneInfo(process.definition.timezone)).date()
    command = data.draw(commands(process, play.case, handler, today, bad=False))
    actor = data.draw(st.sampled_from([command.by, *people(process.definition)]))
    command = replace(command, trigger=handler.path, effective_on=None, by=actor)
    options = available(process, play.case, actor, play.world)
    option = next(one for one in options if one.trigger == handler.path)
    decision = decide(process, play.case, command, play.world)
    found = {reason.code for reason in decision.reasons} if isinstance(decision, Refusal) else set()
    event("allowed" if option.is_allowed else "refused")
    if option.is_allowed:
        assert found <= DEPENDS_ON_INPUT
    else:
        expected = {reason.code for reason in option.reasons}
        assert expected
        assert expected <= found
        assert found - expected <= DEPENDS_ON_INPUT


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), stages)
def test_reading_and_refusing_change_nothing(data: st.DataObject, stage: str) -> None:
    """Neither options nor a refusal leave a trace in the case."""
    play = played(data, STAGES[stage](), 4)
    process, case, text = play.process, play.case, to_text(play.case)
    now = pass_time(data.draw, play.now)
    available(process, case, Actor("siapa-pun"), replace(play.world, now=now))
    for handler in data.draw(st.lists(st.sampled_from(sorted(process.handlers)), max_size=5)):
        decide(process, case, Fire(trigger=handler, by=Actor("siapa-pun")), replace(play.world, now=now))
    assert to_text(case) == text


# --- authority ------------------------------------------------------------------------------------------

REFS = [
    RoleRef(role="opd"), RoleRef(role="kepala_daerah"), RoleRef(role="kepala_daerah", side="mitra"),
    RoleRef(role="sekretariat", side="pemrakarsa"), RoleRef(role="pimpinan_dprd"),
]  # fmt: skip
ROLES = ["opd", "sekretariat", "kepala_daerah", "pimpinan_dprd"]


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(REFS), min_size=1, unique=True),
    st.sets(st.sampled_from(ROLES)),
    st.sets(st.sampled_from(ROLES)),
    st.sampled_from([None, "kukar", "samarinda", "balikpapan"]),
    st.none() | st.sampled_from(ROLES),
    st.sampled_from([None, "kukar", "samarinda", "balikpapan"]),
)
def test_authority_more_roles_never_take_a_right_away(
    by: list[RoleRef],
    few: set[str],
    more: set[str],
    party: str | None,
    as_role: str | None,
    for_party: str | None,
) -> None:
    """Whoever may act still may with another role besides, and so does a longer `by`."""
    definition = small().definition
    parties = [{"id": one.id, "side": one.side} for one in PARTIES]

    def ask(roles: set[str], refs: list[RoleRef]) -> object:
        actor = Actor("siapa", roles=sorted(roles), party=party)
        return authorise(definition, parties, refs, actor, as_role, for_party, date(2026, 2, 2))

    found = ask(few, by)
    if isinstance(found, Capacity):
        assert isinstance(ask(few | more, by), Capacity)
        assert isinstance(ask(few, REFS), Capacity)
        assert found.role in [ref.role for ref in by]
        assert as_role in (None, found.role)


# --- zones ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_zone_shifts_instants_and_nothing_else(zone: str, data: st.DataObject) -> None:
    """The same local acts in WIB, WITA and WIT give the same days, states and fields."""
    definition = replace(small().definition, timezone="Asia/Makassar")
    stage = data.draw(st.sampled_from(sorted(SMALL)))
    here = _moved(SMALL[stage](), definition, timedelta())
    there = _moved(SMALL[stage](), _in_zone(definition, zone), _offset(zone))
    for _ in range(data.draw(st.integers(1, 8))):
        here.now = pass_time(data.draw, here.now)
        there.now = here.now + _offset(zone)
        command = data.draw(next_act(here.process, here.case, here.world, "Asia/Makassar"))
        answers = [play.put(command) for play in (here, there)]
        assert [isinstance(one, Decision) for one in answers] in ([True, True], [False, False])
        if isinstance(answers[0], Refusal) and isinstance(answers[1], Refusal):
            assert [one.code for one in answers[0].reasons] == [one.code for one in answers[1].reasons]
    days = [(entry["kind"], entry["effective_on"], entry.get("to")) for entry in here.entries]
    assert [(entry["kind"], entry["effective_on"], entry.get("to")) for entry in there.entries] == days
    assert there.illegal() == []
    assert here.fields == there.fields


def _moved(play: Play, definition: Any, offset: timedelta) -> Play:
    """A case of the same age that began in another zone."""
    began = Play(Process(definition), is_checked=False)
    began.facts = play.facts
    for at, command in play.asked:
        began.now = at + offset
        began.put(command)
    return began


def _offset(zone: str) -> timedelta:
    """How much later in the day of UTC the same local time is."""
    moment = datetime(2026, 2, 2, tzinfo=UTC)
    wita = moment.astimezone(ZoneInfo("Asia/Makassar")).utcoffset() or timedelta()
    return wita - (moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta())


def _in_zone(definition: Any, zone: str) -> Any:
    """The same definition with every clock in another zone."""
    states = {
        path: replace(
            state,
            deadlines=tuple(replace(one, zone=zone) for one in state.deadlines),
            obligations=tuple(replace(one, zone=zone) for one in state.obligations),
        )
        for path, state in definition.states.items()
    }
    return replace(definition, timezone=zone, states=states)
