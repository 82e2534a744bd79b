"""Legality: what was recorded is decided again, and what the definition did not allow is found."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.calendars import indonesia
from tests.unit import played
from tests.unit.support import Play, make, small
from workflow.case import Actor, Body, Personal
from workflow.history.replay import Illegal, replay
from workflow.step.evolve import fold

FREE = frozenset({"request", "comment", "reason"})
"""Keys that no definition asks for: only the chain protects them."""

UNSEEN = frozenset(
    {"v", "tenant", "case", "number", "parties", "recorded_at", "effective_on", "clock", "engine"}
)
"""Keys that replay takes as given, or that other checks hold against their neighbours."""


def replayed(entries: list[Body]) -> list[Illegal]:
    """What replay finds, or that it cannot even read the entries."""
    try:
        return list(replay(small(), entries, lambda _: indonesia()))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        return [Illegal(seq=0, why="unreadable", detail=repr(error))]


@pytest.fixture(params=[played.ended, played.cancelled], ids=["ended", "cancelled"])
def entries(request: pytest.FixtureRequest) -> list[Body]:
    """A legal history, to be changed."""
    play: Play = request.param()
    return copy.deepcopy(play.entries)


def find(entries: list[Body], kind: str, **having: Any) -> Body:
    """The first entry of a kind whose keys have these values."""
    return next(
        entry
        for entry in entries
        if entry["kind"] == kind and all(entry.get(key) == value for key, value in having.items())
    )


def test_replay_of_what_was_decided_finds_nothing(entries: list[Body]) -> None:
    """Every entry is what `decide` says to its command."""
    assert replayed(entries) == []


def test_replay_finds_every_key_that_is_taken_away(entries: list[Body]) -> None:
    """No key of any entry can go missing but those that nobody asks for.

    Without ``changes`` an act that gave what was there before would be legal too: the fold is another.
    """
    unseen = []
    case = fold(entries, small().definition)
    for at, entry in enumerate(entries):
        for key in entry.keys() - FREE - UNSEEN:
            forged = copy.deepcopy(entries)
            del forged[at][key]
            if not replayed(forged) and fold(forged, small().definition) == case:
                unseen.append((entry["seq"], entry["kind"], key))
    assert unseen == []


def test_replay_finds_every_entry_that_is_taken_away(entries: list[Body]) -> None:
    """Of a history no entry can be left out but the last, which nothing follows."""
    unseen = []
    for at in range(len(entries) - 1):
        forged = entries[:at] + entries[at + 1 :]
        if not replayed(forged):
            unseen.append((entries[at]["seq"], entries[at]["kind"]))
    assert unseen == []


def test_replay_finds_entries_that_changed_places(entries: list[Body]) -> None:
    """Each entry stands where it happened."""
    for at in range(len(entries) - 1):
        forged = [*entries[:at], entries[at + 1], entries[at], *entries[at + 2 :]]
        assert replayed(forged), entries[at]["seq"]


def change_actor(entry: Body) -> None:
    """Somebody else did it."""
    entry["actor"] = {"id": "rina", "role": "opd", "party": "kukar"}


def change_outcome(entry: Body) -> None:
    """It came out as no option."""
    entry["changes"] = {**entry.get("changes", {}), "hasil": {"old": "perbaikan", "new": "tidak_ada"}}


def change_target(entry: Body) -> None:
    """It led elsewhere."""
    entry["to"] = ["pelaksanaan.dibiayai"]


def change_due(entry: Body) -> None:
    """It was due much later."""
    entry["clocks"][-1]["due_on"] = "2099-01-01"


def change_rule(entry: Body) -> None:
    """A rule had failed."""
    entry["rules"] = [{"id": "pagu_ada", "ok": False}]


def change_fact(entry: Body) -> None:
    """The host had answered otherwise."""
    entry["facts"] = {"pagu_tersedia": False}


def change_vote(entry: Body) -> None:
    """It was another's vote."""
    entry["votes"][0]["member"] = "samarinda"


def change_day(entry: Body) -> None:
    """It happened earlier."""
    entry["effective_on"] = "2026-01-01"


@pytest.mark.parametrize(
    ("kind", "trigger", "forge", "why"),
    [
        ("transition_taken", "telaah.putuskan", change_actor, "refused"),
        ("transition_taken", "telaah.putuskan", change_outcome, "refused"),
        ("transition_taken", "telaah.putuskan", change_day, "refused"),
        ("transition_taken", "penyusunan.ajukan", change_target, "differs"),
        ("transition_taken", "menuju_kb.dprd.surat.kirim_surat", change_due, "differs"),
        ("transition_taken", "menuju_kb.naskah.dirancang.sepakati_rancangan", change_rule, "differs"),
        ("transition_taken", "menuju_kb.naskah.dirancang.sepakati_rancangan", change_fact, "refused"),
        ("consent_given", "penandatanganan.tandatangani", change_vote, "differs"),
    ],
)
def test_replay_names_the_entry_and_what_is_wrong(
    entries: list[Body], kind: str, trigger: str, forge: Callable[[Body], None], why: str
) -> None:
    """A forged entry is found where it stands, as refused or as different."""
    entry = find(entries, kind, trigger=trigger)
    forge(entry)
    first = replayed(entries)[0]
    assert (first.seq, first.why) == (entry["seq"], why)


def test_replay_finds_a_trigger_that_is_not_there(entries: list[Body]) -> None:
    """A handler of no definition cannot have been asked for."""
    entry = find(entries, "transition_taken")
    entry["trigger"] = "penyusunan.entah"
    assert (replayed(entries)[0].seq, replayed(entries)[0].why) == (entry["seq"], "refused")


def test_replay_finds_a_kind_that_it_does_not_know(entries: list[Body]) -> None:
    """What this version cannot judge it does not pass over."""
    entries.append({**entries[-1], "kind": "kunjungan", "seq": entries[-1]["seq"] + 1})
    assert [found.why for found in replayed(entries)] == ["unknown-kind"]


def test_replay_finds_a_history_that_does_not_begin(entries: list[Body]) -> None:
    """A case begins with its opening."""
    assert replayed(entries[1:])[0].why == "differs"


def test_replay_finds_a_clock_taken_too_early() -> None:
    """A clock that acted before its time is not due."""
    entries = copy.deepcopy(played.to_signature().entries)
    entry = find(entries, "clock_fired")
    entry["recorded_at"] = "2026-04-15T00:00:00.000000Z"
    assert replayed(entries) == [
        Illegal(seq=entry["seq"], why="not-due", detail="menuju_kb.dprd.di_dprd.batas_dprd")
    ]


def test_replay_finds_an_act_that_passed_over_a_clock() -> None:
    """An act recorded when a clock was ripe must find it taken."""
    entries = copy.deepcopy(played.to_council().entries)
    assert entries[1]["kind"] == "deadline_expired"
    del entries[1]
    assert replayed(entries)[0].why == "skipped-clock"


def test_replay_accepts_a_hold_that_a_later_act_has_ended() -> None:
    """A holding clock taken for the act that follows it is due for that act."""
    play = Play(
        make("""
        states:
          awal:
            deadlines: {batas: {within: 3 days, hold: 30 days, kind: target, then: {to: diam}}}
            transitions: {maju: {by: [opd], to: akhir}}
          diam: {transitions: {maju: {by: [opd], to: akhir}}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    play.at("2026-02-10").do("maju", played.OPD)
    assert play.kinds() == ["case_opened", "clock_fired", "transition_taken"]
    assert play.illegal() == []
    alone = play.entries[:2]
    assert [found.why for found in replay(play.process, alone, lambda _: indonesia())] == ["not-due"]


def test_replay_looks_past_what_follows_from_a_clock_to_the_act_that_ended_its_hold() -> None:
    """What lapses with a clock stands between it and the act for which it was taken."""
    play = Play(
        make("""
        states:
          awal:
            deadlines: {batas: {within: 9 days, hold: 30 days, kind: target, then: {to: diam}}}
            obligations: {lapor: {each_year: [02-05], within: 90 days, by: [opd], kind: target}}
            transitions: {sepakat: {by: [kepala], consent: {of: parties, need: all}, to: akhir}}
          diam: {transitions: {maju: {by: [opd], to: akhir}}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    play.at("2026-02-06").do("sepakat", Actor("bupati", roles=["kepala"], party="kukar"))
    play.at("2026-02-20").do("maju", played.OPD)
    kinds = ["clock_fired", "obligation_lapsed", "consent_voided", "transition_taken"]
    assert play.kinds()[-4:] == kinds
    late = copy.deepcopy(play.entries)
    late[-1]["recorded_at"] = "2026-02-21T00:00:00.000000Z"  # another command, which did not end the hold
    assert next(replay(play.process, late, lambda _: indonesia())).why == "not-due"


def test_replay_opens_personal_values_and_lives_without_them() -> None:
    """A commitment that cannot be opened agrees with any value in its place, and with none elsewhere."""
    entries = copy.deepcopy(played.opened().entries)
    assert isinstance(entries[0]["comment"], Personal)
    entries[0]["comment"] = {"commit": "0" * 64}
    assert replayed(entries) == []
    entries[0]["changes"]["judul"] = {"new": {"commit": "0" * 64}}
    assert replayed(entries) != []
