"""Who may act: roles, parties and sides, recording for others, and two different persons."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.support import COUNCIL, HEAD, OFFICE, OPD, PARTIES, PARTNER, Play, make
from workflow.case import Actor, Party, Reason
from workflow.definition import RoleRef
from workflow.step.authority import RESERVED, authorise

ROLES = """
states:
  awal:
    transitions:
      siapa: {by: [kepala]}
      mitra_saja: {by: [mitra.kepala]}
      dewan: {by: [dprd]}
      campur: {by: [dprd, mitra.kepala, opd]}
      maju: {by: [opd], to: akhir}
  akhir: {final: true, outcome: selesai}
"""


def roles() -> Play:
    """A case of two parties, on which nothing moves."""
    return Play(make(ROLES)).open()


# --- roles and sides -----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [HEAD, PARTNER])
def test_bare_role_means_that_role_of_any_side(who: Actor) -> None:
    """`by: [kepala]` is the head of region of either side."""
    play = roles().do("siapa", who)
    assert play.last["actor"] == {"id": who.id, "role": "kepala", "party": who.party}


def test_role_of_one_side_is_not_held_by_the_other() -> None:
    """`mitra.kepala` is the partner's alone."""
    assert roles().codes("mitra_saja", HEAD) == ["wrong-party"]
    roles().do("mitra_saja", PARTNER)


def test_role_not_held_is_refused_with_what_is_needed() -> None:
    """The refusal names the roles that could."""
    refusal = roles().refused("siapa", OPD)
    assert refusal.code == "wrong-role"
    assert refusal.reasons[0].needs["role"] == ["kepala"]


@pytest.mark.parametrize("party", ["balikpapan", None])
def test_role_held_for_no_party_of_the_case_is_refused(party: str | None) -> None:
    """A role of a side is held for a party of this case or not at all."""
    stranger = Actor("asing", roles=["kepala"], party=party)
    assert roles().codes("siapa", stranger) == ["wrong-party"]


@pytest.mark.parametrize("party", [None, "balikpapan", "kukar"])
def test_role_outside_the_sides_needs_no_party(party: str | None) -> None:
    """A council is of no side; whatever party its member is of does not matter."""
    roles().do("dewan", Actor("ketua", roles=["dprd"], party=party))


def test_role_recorded_is_the_first_of_by_that_the_actor_holds() -> None:
    """Without `as_role` the first in `by` that fits is recorded; with it the one asked for."""
    everything = Actor("semua", roles=["opd", "kepala", "dprd"], party="samarinda")
    assert roles().do("campur", everything).last["actor"]["role"] == "dprd"
    assert roles().do("campur", everything, as_role="kepala").last["actor"]["role"] == "kepala"
    assert roles().do("campur", everything, as_role="opd").last["actor"]["role"] == "opd"


def test_role_that_by_does_not_name_is_refused_though_held() -> None:
    """`as_role` chooses among the roles of `by`."""
    refusal = roles().refused("campur", OFFICE, as_role="sekretariat")
    assert refusal.code == "wrong-role"
    assert "sekretariat" in refusal.reasons[0].message.text("id")


def test_role_asked_for_and_not_held_is_refused() -> None:
    """`as_role` does not give a role."""
    assert roles().codes("siapa", OPD, as_role="kepala") == ["wrong-role"]


@pytest.mark.parametrize("reserved", [*sorted(RESERVED), ""])
def test_reserved_id_is_refused_for_people(reserved: str) -> None:
    """`clock child parent engine` are the machine's; nobody has an empty id."""
    assert roles().codes("siapa", Actor(reserved, roles=["kepala"], party="kukar")) == ["wrong-role"]


def test_party_own_named_is_no_recording() -> None:
    """`for_party` may name the actor's own party."""
    assert "recorder" not in roles().do("siapa", HEAD, for_party="kukar").last["actor"]


# --- recording for others ------------------------------------------------------------------------------


def test_recorded_role_keeps_recorder_and_decider_apart() -> None:
    """A role with `recorded_by` may be recorded; the decider has no id."""
    play = roles().do("dewan", OFFICE, as_role="dprd")
    assert play.last["actor"] == {
        "role": "dprd",
        "recorder": {"id": "budi", "role": "sekretariat", "party": "kukar"},
    }


def test_recorded_side_keeps_the_party_decided_for() -> None:
    """A side with `recorded_by` may be recorded; the party follows from `for_party`."""
    play = roles().do("mitra_saja", OFFICE, as_role="kepala", for_party="samarinda")
    assert play.last["actor"] == {
        "role": "kepala",
        "party": "samarinda",
        "recorder": {"id": "budi", "role": "sekretariat", "party": "kukar"},
    }


def test_recording_needs_the_role_to_be_said() -> None:
    """A recorder does not act for another by chance: the refusal says what to give."""
    refusal = roles().refused("dewan", OFFICE)
    assert refusal.code == "wrong-role"
    assert refusal.reasons[0].needs["as_role"] == ["dprd"]
    assert roles().refused("mitra_saja", OFFICE).reasons[0].needs["as_role"] == ["kepala"]


def test_recording_needs_the_party_to_be_said() -> None:
    """For a role of a side it must be said which party decided."""
    assert roles().codes("mitra_saja", OFFICE, as_role="kepala") == ["wrong-role"]


def test_recording_is_refused_to_whom_nobody_allowed_it() -> None:
    """Only the roles of `recorded_by`, held for a party of the case, may record."""
    assert roles().codes("dewan", OPD, as_role="dprd") == ["wrong-role"]
    assert roles().codes("mitra_saja", OPD, as_role="kepala", for_party="samarinda") == ["wrong-role"]
    stranger = Actor("x", roles=["sekretariat"], party="balikpapan")
    assert roles().codes("mitra_saja", stranger, as_role="kepala", for_party="samarinda") == ["wrong-role"]


def test_recording_for_a_side_that_is_not_recorded_is_refused() -> None:
    """The side without `recorded_by` acts for itself."""
    play = roles()
    assert play.codes("siapa", OFFICE, as_role="kepala", for_party="kukar") == ["wrong-role"]
    play.do("siapa", OFFICE, as_role="kepala", for_party="samarinda")


def test_recording_for_no_party_of_the_case_is_refused() -> None:
    """Nobody can be recorded who is not there."""
    assert roles().codes("siapa", OFFICE, as_role="kepala", for_party="balikpapan") == ["wrong-party"]


def test_recording_for_the_wrong_side_is_refused() -> None:
    """`mitra.kepala` cannot be recorded for the initiator."""
    assert roles().codes("mitra_saja", OFFICE, as_role="kepala", for_party="kukar") == ["wrong-role"]


def test_recorded_party_among_several_is_the_one_named() -> None:
    """Each party of a side holds the roles for itself, and is recorded for itself."""
    parties = [*PARTIES, Party("balikpapan", side="mitra")]
    play = Play(make(ROLES)).open(parties=parties)
    play.do("mitra_saja", OFFICE, as_role="kepala", for_party="balikpapan")
    assert play.last["actor"]["party"] == "balikpapan"


# --- another person ------------------------------------------------------------------------------------

OTHERS = """
states:
  awal:
    transitions:
      usul: {by: [opd, dprd, kepala]}
      setuju: {by: [opd, dprd, kepala], other_person_than: [usul]}
      maju: {by: [opd], to: akhir}
  akhir: {final: true, outcome: selesai}
"""


def others() -> Play:
    """A case in which a proposal is approved by somebody else."""
    return Play(make(OTHERS)).open()


def test_other_person_the_same_id_is_refused_in_any_role() -> None:
    """A person is known by id: another hat does not make another person."""
    play = others().do("usul", OPD)
    assert play.codes("setuju", OPD) == ["same-person"]
    assert play.codes("setuju", Actor("rina", roles=["kepala"], party="samarinda")) == ["same-person"]
    play.do("setuju", Actor("sari", roles=["opd"], party="kukar"))


def test_other_person_counts_whoever_last_performed_it() -> None:
    """Only the last performance counts."""
    play = others().do("usul", OPD).do("usul", HEAD)
    assert play.codes("setuju", HEAD) == ["same-person"]
    play.do("setuju", OPD)


def test_other_person_nobody_performed_it_yet_refuses_nobody() -> None:
    """Before it was ever performed, anyone may."""
    others().do("setuju", OPD)


def test_other_person_recorded_decider_is_known_by_role_and_party() -> None:
    """The recorded decider has no id; the recorder is not he."""
    play = others().do("usul", OFFICE, as_role="dprd")
    assert play.codes("setuju", COUNCIL) == ["same-person"]
    assert play.codes("setuju", OFFICE, as_role="dprd") == ["same-person"]
    somewhere = Actor("wakil", roles=["dprd"], party="kukar")  # a council is of no party
    assert play.codes("setuju", somewhere) == ["same-person"]
    play.do("setuju", OPD)


def test_other_person_recorded_for_two_parties_are_two_persons() -> None:
    """The heads of two parties, both recorded, are not the same."""
    play = others().do("usul", OFFICE, as_role="kepala", for_party="samarinda")
    assert play.codes("setuju", PARTNER) == ["same-person"]
    play.do("setuju", HEAD)


def test_other_person_of_a_consent_is_who_voted_last() -> None:
    """A vote is performed by whoever casts it."""
    play = Play(
        make("""
        states:
          awal:
            transitions:
              sepakat:
                by: [kepala]
                consent: {of: parties, need: all}
                to: arsip
          arsip: {transitions: {simpan: {by: [kepala], other_person_than: [awal.sepakat], to: akhir}}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    play.do("sepakat", HEAD).do("sepakat", PARTNER)
    assert play.codes("simpan", PARTNER) == ["same-person"]
    play.do("simpan", HEAD)


# --- the capacity itself ---------------------------------------------------------------------------------


def test_authorise_answers_in_which_capacity() -> None:
    """The capacity names role and party; the entry is the actor as history keeps it."""
    definition = make(ROLES).definition
    parties = roles().case.parties
    found = authorise(definition, parties, (RoleRef(role="kepala"),), HEAD, None, None, date(2026, 2, 2))
    assert not isinstance(found, Reason)
    assert (found.role, found.party, found.entry["id"]) == ("kepala", "kukar", "bupati")
