"""Consent: one vote of each member, what it is about, when it is reached and when it is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.support import HEAD, OFFICE, OPD, PARTIES, PARTNER, Play, make
from workflow.case import Actor, Party
from workflow.step.consent import FIELDS, needed

TEMPLATE = """
fields: {{sampai: {{type: date}}, nomor: {{type: text, per: party}}, n: {{type: integer}}}}
documents:
  rancangan: {{title: Rancangan}}
  kb: {{title: Kesepakatan}}
rules: {{masuk_akal: {{check: "n is None or n > 0", message: Tidak masuk akal}}}}
states:
  awal:
    transitions:
      unggah: {{by: [opd], documents: {{attach: [rancangan]}}}}
      catat: {{by: [opd], fields: {{optional: [n]}}}}
      mundur: {{by: [opd], to: lain}}
      sepakat:
        by: [kepala]
{given}
        consent: {{of: parties, need: {need}, {more}}}
        {to}
  lain:
    transitions:
      kembali: {{by: [opd], to: awal}}
      lanjut: {{by: [opd], to: tujuan}}
      gagalkan: {{by: [opd], to: gagal}}
  tujuan: {{transitions: {{kembali: {{by: [opd], to: awal}}, maju: {{by: [opd], to: akhir}}}}}}
  gagal: {{transitions: {{kembali: {{by: [opd], to: awal}}}}}}
  akhir: {{final: true, outcome: selesai}}
"""
ACTS = "refuse: tolak, withdraw: tarik"
PATH = "awal.sepakat"
THIRD = Actor("wali2", roles=["kepala"], party="balikpapan")
THREE = [*PARTIES, Party("balikpapan", side="mitra")]


def consent(
    need: str = "all", more: str = ACTS, given: str = "", to: str = "to: tujuan", parties: Any = PARTIES
) -> Play:
    """A case in which a consent is asked."""
    indented = "\n".join(f"        {line}" for line in given.splitlines() if line)
    text = TEMPLATE.format(need=need, more=more, given=indented, to=to)
    return Play(make(text)).open(parties=parties)


def votes(play: Play) -> list[tuple[Any, Any]]:
    """The votes that stand, in voting order."""
    return [(vote["member"], vote["vote"]) for vote in play.case.votes.get(PATH, ())]


# --- reaching -------------------------------------------------------------------------------------------


def test_consent_of_all_is_reached_by_the_last_yes() -> None:
    """Each yes is an entry; the last one is followed by the transition, by the same actor."""
    play = consent().do("sepakat", HEAD)
    assert play.states == ("awal",)
    assert votes(play) == [("kukar", "yes")]
    play.do("sepakat", PARTNER)
    assert play.kinds() == ["case_opened", "consent_given", "consent_given", "transition_taken"]
    assert play.states == ("tujuan",)
    assert play.last["actor"] == play.entries[-2]["actor"]
    assert play.last["trigger"] == PATH
    assert "votes" not in play.last
    assert votes(play) == []


def test_consent_of_a_majority_counts_all_members() -> None:
    """Two of three are a majority; one is not, though nobody said no."""
    play = consent("majority", parties=THREE).do("sepakat", HEAD)
    assert play.states == ("awal",)
    assert play.do("sepakat", THIRD).states == ("tujuan",)


def test_consent_of_a_number_is_reached_by_so_many() -> None:
    """`need: 2` asks for two, whoever they are."""
    play = consent("2", parties=THREE).do("sepakat", THIRD)
    assert play.do("sepakat", PARTNER).states == ("tujuan",)


@pytest.mark.parametrize(
    ("need", "size", "most"), [("all", 3, 3), ("majority", 3, 2), ("majority", 4, 3), (2, 5, 2)]
)
def test_needed_is_a_share_of_all_members(need: str | int, size: int, most: int) -> None:
    """A majority is more than half of all members."""
    assert needed(need, size) == most


def test_consent_reached_without_to_spends_the_votes() -> None:
    """Reaching `need` spends the votes also where nothing is left or entered; the next round is new."""
    play = consent(to="set: {n: 1}").do("sepakat", HEAD).do("sepakat", PARTNER)
    assert play.states == ("awal",)
    assert votes(play) == []
    assert play.fields["n"] == 1
    play.do("sepakat", HEAD)
    assert votes(play) == [("kukar", "yes")]


def test_consent_counts_only_parties_of_sides_that_hold_the_role() -> None:
    """A side of which nobody may vote has no vote."""
    play = Play(
        make("""
        states:
          awal:
            transitions:
              sepakat: {by: [mitra.kepala], consent: {of: parties, need: 1}, to: akhir}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    assert play.codes("sepakat", HEAD) == ["wrong-party"]
    assert play.do("sepakat", PARTNER).case.outcome == "selesai"


def test_consent_recorded_for_a_member_is_that_members_vote() -> None:
    """The vote is the party's, whoever writes it down."""
    play = consent().do("sepakat", OFFICE, as_role="kepala", for_party="samarinda")
    assert votes(play) == [("samarinda", "yes")]
    assert play.codes("sepakat", PARTNER) == ["already-consented"]


def test_consent_of_another_role_is_refused() -> None:
    """The acts of a consent have the same `by`."""
    for act in ("sepakat", "tolak", "tarik"):
        assert consent().codes(act, OPD) == ["wrong-role"]


# --- no, and taking back --------------------------------------------------------------------------------


def test_vote_twice_is_refused() -> None:
    """Nobody votes twice; to change a vote, withdraw it."""
    play = consent().do("sepakat", HEAD)
    assert play.codes("sepakat", HEAD) == ["already-consented"]
    assert play.codes("tolak", HEAD) == ["already-consented"]


def test_vote_withdrawn_can_be_given_again() -> None:
    """Until the last yes a member may take back his vote; it is an entry of its own."""
    play = consent().do("sepakat", HEAD).do("tarik", HEAD)
    assert play.last["kind"] == "consent_withdrawn"
    assert play.last["votes"] == [{"member": "kukar", "vote": "withdrawn"}]
    assert votes(play) == []
    assert play.do("sepakat", HEAD).do("sepakat", PARTNER).states == ("tujuan",)


def test_withdrawal_of_what_was_never_given_is_refused() -> None:
    """There is nothing to take back."""
    assert consent().codes("tarik", HEAD) == ["not-enabled"]
    assert consent().do("sepakat", HEAD).codes("tarik", PARTNER) == ["not-enabled"]


def test_withdrawal_after_the_last_yes_finds_nothing() -> None:
    """What is reached is reached."""
    play = consent().do("sepakat", HEAD).do("sepakat", PARTNER)
    assert play.codes("tarik", HEAD) == ["not-enabled"]


def test_refusal_that_leaves_the_need_within_reach_goes_on() -> None:
    """One no of three leaves a majority possible."""
    play = consent("majority", parties=THREE).do("tolak", HEAD)
    assert play.last["kind"] == "consent_given"
    assert votes(play) == [("kukar", "no")]
    play.do("sepakat", PARTNER)
    assert play.do("sepakat", THIRD).states == ("tujuan",)


def test_refusal_withdrawn_brings_the_need_back() -> None:
    """A no may be taken back and turned into a yes."""
    play = consent("majority", parties=THREE).do("tolak", HEAD).do("tarik", HEAD).do("sepakat", HEAD)
    assert votes(play) == [("kukar", "yes")]


def test_refusal_that_puts_the_need_out_of_reach_takes_refused() -> None:
    """When `need` can no longer be reached, `refused` is taken and the votes are spent."""
    play = consent(more=f"{ACTS}, refused: {{to: gagal, set: {{n: 7}}}}").do("sepakat", HEAD)
    play.do("tolak", PARTNER)
    assert play.kinds(2) == ["consent_given", "transition_taken"]
    assert play.last["trigger"] == "awal.tolak"
    assert play.states == ("gagal",)
    assert play.fields["n"] == 7
    assert votes(play) == []
    assert votes(play.do("kembali", OPD)) == []


def test_refusal_out_of_reach_without_refused_voids_the_votes() -> None:
    """Without `refused` nobody moves, and the next round begins without old votes."""
    play = consent().do("sepakat", HEAD).do("tolak", PARTNER)
    assert play.kinds(2) == ["consent_given", "consent_voided"]
    assert play.last["actor"] == {"id": "engine"}
    assert votes(play) == []
    assert play.do("sepakat", PARTNER).do("sepakat", HEAD).states == ("tujuan",)


# --- what it is about -----------------------------------------------------------------------------------

ABOUT = f"{ACTS}, about: [rancangan]"


def test_vote_names_the_digests_of_what_it_is_about() -> None:
    """A yes is to the version that is in the case."""
    play = consent(more=ABOUT).do("unggah", OPD, "rancangan").do("sepakat", HEAD)
    [vote] = play.last["votes"]
    assert vote["about"] == {"rancangan": list(play.case.documents["rancangan"])}


def test_vote_on_a_document_that_is_not_there_is_refused() -> None:
    """Nobody can agree to nothing; a no needs no document."""
    assert consent(more=ABOUT).codes("sepakat", HEAD) == ["missing-document"]
    play = consent(more=ABOUT).do("tolak", HEAD)
    assert "about" not in play.entries[1]["votes"][0]


def test_new_version_of_what_it_is_about_voids_the_votes() -> None:
    """Who agreed to the old draft has not agreed to the new one."""
    play = consent(more=ABOUT).do("unggah", OPD, "rancangan").do("sepakat", HEAD)
    play.do("unggah", OPD, "rancangan@2")
    assert play.kinds(3) == ["transition_taken", "consent_voided"]
    assert play.last["trigger"] == PATH
    assert votes(play) == []
    assert play.do("sepakat", HEAD).do("sepakat", PARTNER).states == ("tujuan",)


def test_other_changes_leave_the_votes() -> None:
    """A field that is none of the consent's leaves the votes as they are."""
    play = consent(more=ABOUT).do("unggah", OPD, "rancangan").do("sepakat", HEAD).do("catat", OPD, n=3)
    assert votes(play) == [("kukar", "yes")]


def test_leaving_the_state_voids_the_votes() -> None:
    """A round ends with its state, whoever leaves it."""
    play = consent().do("sepakat", HEAD).do("mundur", OPD)
    assert play.kinds(2) == ["transition_taken", "consent_voided"]
    assert votes(play.do("kembali", OPD)) == []


def test_leaving_the_state_by_a_clock_voids_the_votes() -> None:
    """Also where a clock leaves it, effective on the due day."""
    play = Play(
        make("""
        states:
          awal:
            deadlines: {batas: {within: 3 days, kind: target, then: {to: lain}}}
            transitions:
              sepakat: {by: [kepala], consent: {of: parties, need: all}, to: lain}
          lain: {transitions: {maju: {by: [opd], to: akhir}}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    play.do("sepakat", HEAD)
    entries = play.tick("2026-02-20")
    assert [entry["kind"] for entry in entries] == ["clock_fired", "consent_voided"]
    assert entries[1]["effective_on"] == "2026-02-05"


def test_end_of_the_case_voids_the_votes() -> None:
    """A case that ends while a round is open leaves no vote behind."""
    play = Play(
        make("""
        transitions: {batal: {by: [opd], to: akhir}}
        states:
          awal: {transitions: {sepakat: {by: [kepala], consent: {of: parties, need: all}, to: akhir}}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    play.do("sepakat", HEAD).do("batal", OPD)
    assert play.kinds(2) == ["transition_taken", "consent_voided"]
    assert play.case.votes == {}
    assert play.case.outcome == "selesai"


# --- fields, rules and attachments ----------------------------------------------------------------------

TERMS = "fields: {required: [sampai], optional: [n]}\nrules: [masuk_akal]"
OWN = "fields: {required: [nomor]}"
PAPER = "documents: {attach: [kb]}"


def test_fields_wait_with_the_votes_and_are_written_by_the_last() -> None:
    """What is no party's own is written when `need` is reached."""
    play = consent(given=TERMS).do("sepakat", HEAD, sampai="2027-01-01")
    assert "sampai" not in play.fields
    assert "changes" not in play.last
    play.do("sepakat", PARTNER, sampai="2027-01-01")
    assert play.fields["sampai"] == "2027-01-01"
    assert "changes" not in play.entries[-2]
    assert play.last["changes"] == {"sampai": {"new": "2027-01-01"}}


@pytest.mark.parametrize("other", [{"sampai": "2028-01-01"}, {"sampai": "2027-01-01", "n": 1}])
def test_fields_other_than_those_agreed_to_are_refused(other: Mapping[str, Any]) -> None:
    """All votes are about the same values."""
    play = consent(given=TERMS).do("sepakat", HEAD, sampai="2027-01-01")
    assert play.codes("sepakat", PARTNER, **other) == ["differing-consent"]


def test_fields_may_change_once_the_first_vote_is_withdrawn() -> None:
    """With no vote left there is nothing to differ from."""
    play = consent(given=TERMS).do("sepakat", HEAD, sampai="2027-01-01").do("tarik", HEAD)
    play.do("sepakat", PARTNER, sampai="2028-01-01").do("sepakat", HEAD, sampai="2028-01-01")
    assert play.fields["sampai"] == "2028-01-01"


def test_fields_are_asked_at_every_vote() -> None:
    """Each yes gives the values; a no gives none."""
    play = consent(given=TERMS).do("sepakat", HEAD, sampai="2027-01-01")
    assert play.codes("sepakat", PARTNER) == ["missing-field", "differing-consent"]
    assert play.codes("tolak", PARTNER, sampai="2027-01-01") == ["invalid-field"]


def test_fields_given_as_they_were_still_count_as_agreed() -> None:
    """The digest is of what was given, whether it changes the case or not; replay finds it again."""
    play = consent(given=TERMS).do("catat", OPD, n=4)
    play.do("sepakat", HEAD, sampai="2027-01-01", n=4).do("sepakat", PARTNER, sampai="2027-01-01", n=4)
    assert play.fields == {"n": 4, "sampai": "2027-01-01"}
    again = consent(given=TERMS).do("sepakat", HEAD, sampai="2027-01-01")
    [vote] = again.last["votes"]
    assert list(vote["about"]) == [FIELDS]


def test_rules_are_checked_at_every_vote() -> None:
    """A rule refuses the first vote as it would refuse the last."""
    assert consent(given=TERMS).codes("sepakat", HEAD, sampai="2027-01-01", n=0) == ["rule-failed"]
    play = consent(given=TERMS).do("sepakat", HEAD, sampai="2027-01-01", n=2)
    assert play.last["rules"] == [{"id": "masuk_akal", "ok": True}]


def test_own_fields_are_written_with_the_vote() -> None:
    """A `per: party` field is the member's own and does not wait."""
    play = consent(given=OWN).do("sepakat", HEAD, nomor="K/1")
    assert play.last["changes"] == {"nomor": {"kukar": {"new": "K/1"}}}
    assert "about" not in play.last["votes"][0]
    play.do("tarik", HEAD).do("sepakat", HEAD, nomor="K/1").do("sepakat", PARTNER, nomor="S/2")
    assert play.fields["nomor"] == {"kukar": "K/1", "samarinda": "S/2"}


def test_attachments_come_with_the_last_vote() -> None:
    """They are asked at the last yes and refused before it."""
    play = consent(given=PAPER)
    assert play.codes("sepakat", HEAD, "kb") == ["missing-document"]
    play.do("sepakat", HEAD)
    assert play.codes("sepakat", PARTNER) == ["missing-document"]
    play.do("sepakat", PARTNER, "kb")
    assert play.last["kind"] == "transition_taken"
    assert "documents" in play.last
    assert "documents" not in play.entries[-2]


def test_last_vote_that_finds_no_branch_is_refused_as_a_whole() -> None:
    """The vote is not written where the transition that it makes cannot be."""
    play = Play(
        make("""
        fields: {n: {type: integer}}
        states:
          awal:
            transitions:
              sepakat:
                by: [kepala]
                fields: {required: [n]}
                consent: {of: parties, need: all}
                choose:
                  - when: n > 5
                    to: akhir
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    play.do("sepakat", HEAD, n=1)
    assert play.codes("sepakat", PARTNER, n=1) == ["no-branch"]
    assert play.kinds() == ["case_opened", "consent_given"]


def test_votes_that_were_never_brought_to_an_end_are_legal() -> None:
    """Values of a vote that was withdrawn or voided were never written; replay takes it as recorded."""
    play = consent(given=TERMS).do("sepakat", HEAD, sampai="2027-01-01").do("tarik", HEAD)
    play.do("sepakat", HEAD, sampai="2028-01-01").do("mundur", OPD).do("kembali", OPD)
    play.do("sepakat", HEAD, sampai="2029-01-01").do("sepakat", PARTNER, sampai="2029-01-01")
    assert play.illegal() == []
    assert play.states == ("tujuan",)


def test_votes_that_would_have_changed_a_value_and_were_voided_are_legal() -> None:
    """Also where the case holds an older value of what was voted on."""
    play = consent(given=TERMS).do("sepakat", HEAD, sampai="2027-01-01")
    play.do("sepakat", PARTNER, sampai="2027-01-01").do("kembali", OPD)
    play.do("sepakat", HEAD, sampai="2028-01-01").do("mundur", OPD)
    assert play.illegal() == []
    assert play.fields["sampai"] == "2027-01-01"
