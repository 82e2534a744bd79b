"""Acts that are no transitions, local fields, mandates, and clocks that stand still."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.unit.support import HEAD, OFFICE, OPD, Play, digests, make
from workflow.case import (
    Actor,
    Attach,
    Command,
    Correct,
    Decision,
    Extend,
    Mandate,
    Refusal,
    Resume,
    Suspend,
)
from workflow.durations import Duration, Unit

TEXT = """
fields: {judul: {type: text}, diterima: {type: date}, kontak: {type: person, personal: true}}
documents: {surat: {title: Surat}, kb: {title: KB}}
suspension: {by: [pemrakarsa.sekretariat], max_total: 20 days, reason: required, basis: P22 ps 8(3)}
extension: {by: [pemrakarsa.kepala], of: [hukum, target], max_total: 10 days, reason: required}
correction: {by: [pemrakarsa.sekretariat], fields: [diterima, kontak], reason: required}
attachment: {by: [pemrakarsa.opd], documents: [surat]}
open: {by: [pemrakarsa.opd], fields: {optional: [judul]}, to: awal}
states:
  awal:
    deadlines:
      target: {within: 10 working days, kind: target}
      hukum: {within: 30 days, since: diterima, kind: statutory, basis: P22 ps 8(3), then: {to: akhir}}
    obligations:
      laporan: {every: 7 days, within: 3 days, by: [opd], fulfilled_by: lapor}
    transitions:
      terima: {by: [opd], fields: {required: [diterima]}}
      lapor: {by: [opd]}
      selesai: {by: [opd], to: akhir}
  akhir: {final: true, outcome: selesai}
"""


def case(now: str = "2026-02-02") -> Play:
    """A case with a target of ten working days, due on 18 February, and a duty every week."""
    return Play(make(TEXT), now).open()


def act(play: Play, command: Command) -> Play:
    """Act, which must be accepted; everything that must hold of a decision is checked."""
    decision = play._adopted(play.ask(command))
    assert isinstance(decision, Decision), [str(one.message) for one in decision.reasons]
    return play


def no(play: Play, command: Command) -> Refusal:
    """Act, which must be refused."""
    before = play.state
    refusal = play.ask(command)
    assert isinstance(refusal, Refusal)
    assert play.state is before
    return refusal


def suspend(**given: Any) -> Suspend:
    """The office suspends."""
    return Suspend(**{"by": OFFICE, "reason": "sengketa batas"} | given)


def resume(**given: Any) -> Resume:
    """The office resumes."""
    return Resume(**{"by": OFFICE, "reason": "selesai"} | given)


def test_suspension_stops_targets_and_moves_them_by_as_many_working_days() -> None:
    """A target stands still while the case is suspended, and is due as many working days later."""
    play = act(case().at("2026-02-05"), suspend())
    assert play.case.clocks["awal.target"]["status"] == "suspended"
    act(play.at("2026-02-12"), resume())
    assert play.due("awal.target") == "2026-02-25"  # 5 working days after 18 February
    assert play.last["clocks"][0]["suspended"] == 5
    assert play.case.suspended_days == 7


def test_suspension_leaves_a_statutory_clock_running() -> None:
    """A statutory deadline acts on its day although the case is suspended."""
    play = case().do("terima", OPD, diterima="2026-02-02")
    act(play.at("2026-02-25"), suspend())
    play.tick("2026-03-05")
    assert play.case.outcome == "selesai"
    assert "obligation_lapsed" in play.kinds()


def test_suspension_refuses_transitions_until_it_is_resumed() -> None:
    """Nothing is done in a suspended case but to resume it, correct and attach."""
    play = act(case(), suspend())
    assert play.codes("selesai", OPD) == ["case-suspended"]
    assert no(play, suspend()).code == "case-suspended"
    act(play, Attach(by=OPD, documents=digests("surat")))
    act(play, resume())
    assert no(play, resume()).code == "not-enabled"
    play.do("selesai", OPD)


def test_suspension_ends_by_itself_when_its_time_is_spent() -> None:
    """The clock resumes a case whose suspensions have taken all that the definition gives."""
    play = act(case(), suspend())
    entries = play.tick("2026-03-20")
    assert entries[0]["kind"] == "case_resumed"
    assert entries[0]["actor"] == {"id": "clock"}
    assert entries[0]["effective_on"] == "2026-02-22"
    assert play.case.suspended_days == 20
    assert no(play, suspend()).code == "not-enabled"


def test_suspension_occurrences_that_fall_into_it_never_open() -> None:
    """A duty owes nothing for the time of a suspension; what was open is due as much later."""
    play = case()
    play.tick("2026-02-10")  # the occurrence of 9 February is open, due on the 12th
    act(play, suspend())
    assert play.tick("2026-02-20") == []
    act(play, resume())
    duty = play.case.obligations["awal.laporan"]
    assert [one["due_on"] for one in duty["open"]] == ["2026-02-22"]
    assert duty["through"] == "2026-02-16"
    play.tick("2026-02-23T10:00")
    assert [one["occurrence"] for one in play.case.obligations["awal.laporan"]["open"]] == [
        "2026-02-09",
        "2026-02-23",
    ]


def test_extension_counts_from_the_due_day_and_stays_within_its_bound() -> None:
    """An extension is added to the due day; in all no more than the definition gives."""
    play = case().do("terima", OPD, diterima="2026-02-02")
    assert play.due("awal.hukum") == "2026-03-04"
    ten = {"by": HEAD, "reason": "surat tertunda"}
    act(play, Extend(deadline="hukum", within=Duration(6, Unit.DAYS), **ten))
    assert play.due("awal.hukum") == "2026-03-10"
    assert no(play, Extend(deadline="hukum", within=Duration(5, Unit.DAYS), **ten)).code == "rule-failed"
    assert no(play, Extend(deadline="hukum", within=Duration(1, Unit.MONTHS), **ten)).code == "rule-failed"
    act(play, Extend(deadline="awal.hukum", within=Duration(4, Unit.DAYS), **ten))
    assert play.due("awal.hukum") == "2026-03-14"
    assert no(play, Extend(deadline="laporan", within=Duration(1, Unit.DAYS), **ten)).code == "not-enabled"


def test_extension_outlives_a_start_that_is_corrected() -> None:
    """A clock counted anew keeps what it was extended by."""
    play = case().do("terima", OPD, diterima="2026-02-02")
    act(play, Extend(by=HEAD, reason="x", deadline="hukum", within=Duration(6, Unit.DAYS)))
    act(play, Correct(by=OFFICE, reason="salah catat", fields={"diterima": "2026-02-01"}))
    assert play.due("awal.hukum") == "2026-03-09"
    assert play.last["kind"] == "fields_corrected"
    assert play.last["clocks"][0]["op"] == "moved"


def test_correction_of_nothing_or_of_another_field_is_refused() -> None:
    """Only the fields that the definition names are corrected, and only to something else."""
    play = case().do("terima", OPD, diterima="2026-02-02")
    said = {"by": OFFICE, "reason": "x"}
    assert no(play, Correct(fields={"diterima": "2026-02-02"}, **said)).code == "missing-field"
    assert no(play, Correct(fields={"judul": "lain"}, **said)).code == "invalid-field"
    assert no(play, Correct(fields={"diterima": None}, **said)).code == "invalid-field"
    assert no(play, Correct(fields={"diterima": "2026-02-01"}, by=OFFICE)).code == "missing-reason"
    assert no(play, Correct(fields={"diterima": "2026-02-01"}, by=OPD, reason="x")).code == "wrong-role"


def test_correction_of_a_personal_field_leaves_a_commitment_only() -> None:
    """A personal value that is corrected is in the case and not in history."""
    play = act(case(), Correct(by=OFFICE, reason="x", fields={"kontak": "orang-1"}))
    assert play.fields["kontak"] == "orang-1"


def test_attachment_takes_the_documents_it_names() -> None:
    """Documents may be attached outside of transitions, as the definition says."""
    play = act(case(), Attach(by=OPD, documents=digests("surat")))
    assert "surat" in play.case.documents
    assert no(play, Attach(by=OPD, documents=digests("kb"))).code == "missing-document"
    assert no(play, Attach(by=OPD)).code == "missing-document"


@pytest.mark.parametrize(
    "command",
    [
        Suspend(by=OFFICE, reason="x"),
        Resume(by=OFFICE, reason="x"),
        Extend(by=OFFICE, reason="x", deadline="a", within=Duration(1, Unit.DAYS)),
        Correct(by=OFFICE, reason="x"),
        Attach(by=OFFICE),
    ],
)
def test_act_without_its_key_may_be_done_by_nobody(command: Command) -> None:
    """Without the key in the definition nobody may."""
    text = """
    states:
      awal: {transitions: {selesai: {by: [opd], to: akhir}}}
      akhir: {final: true, outcome: a}
    """
    play = Play(make(text))
    assert no(play.open(), command).code == "not-enabled"


def test_mandate_is_needed_on_the_day_of_the_act_and_noted() -> None:
    """A role under a mandate acts on days on which one is valid, and history names it."""
    text = """
    roles: {opd: {title: OPD}, kuasa: {title: Penerima kuasa, mandate: required}}
    parties: {pemrakarsa: {count: 1, roles: [opd, kuasa]}, mitra: {min: 1, roles: [opd]}}
    states:
      awal: {transitions: {tanda: {by: [pemrakarsa.kuasa], to: akhir}}}
      akhir: {final: true, outcome: a}
    """
    play = Play(make(text)).open()
    signer = Actor("kadis", roles=["kuasa"], party="kukar")
    assert play.codes("tanda", signer) == ["missing-mandate"]
    expired = Mandate(id="k1", role="kuasa", digest="d" * 64, valid_until=date(2026, 2, 1))
    assert play.codes("tanda", Actor("kadis", roles=["kuasa"], party="kukar", mandates=[expired])) == [
        "missing-mandate"
    ]
    valid = Mandate(id="k2", role="kuasa", digest="e" * 64, party="kukar", valid_from=date(2026, 2, 1))
    play.do("tanda", Actor("kadis", roles=["kuasa"], party="kukar", mandates=[expired, valid]))
    assert play.last["actor"]["mandate"] == {"id": "k2", "digest": "e" * 64}


def test_mandate_can_be_read_by_a_rule() -> None:
    """A rule sees whether an act is done under a mandate."""
    text = """
    roles: {opd: {title: OPD}, kuasa: {title: Penerima kuasa, mandate: required}}
    parties: {pemrakarsa: {count: 1, roles: [opd, kuasa]}, mitra: {min: 1, roles: [opd]}}
    rules: {bermandat: {check: mandate is not None, message: Tanpa kuasa}}
    states:
      awal: {transitions: {tanda: {by: [kuasa, opd], rules: [bermandat], to: akhir}}}
      akhir: {final: true, outcome: a}
    """
    play = Play(make(text)).open()
    assert play.codes("tanda", OPD) == ["rule-failed"]
    valid = Mandate(id="k2", role="kuasa", digest="e" * 64)
    play.do("tanda", Actor("kadis", roles=["kuasa"], party="kukar", mandates=[valid]))


def test_silence_of_the_others_is_taken_as_their_consent_on_its_day() -> None:
    """Where silence means consent, the clock takes the transition and the votes are spent."""
    text = """
    states:
      awal:
        transitions:
          sepakat:
            by: [kepala]
            consent:
              of: parties
              need: all
              refuse: tolak
              refused: {to: batal}
              silence: {after: 10 working days, means: consent}
            to: akhir
            basis: P22 ps 8(3)
      batal: {final: true, outcome: batal}
      akhir: {final: true, outcome: selesai}
    """
    play = Play(make(text)).open().do("sepakat", HEAD)
    assert play.tick("2026-02-18") == []
    play.tick("2026-02-19")
    assert (play.case.outcome, play.last["kind"]) == ("selesai", "clock_fired")
    assert play.last["effective_on"] == "2026-02-18"
    assert play.last["trigger"] == "awal.sepakat"
    assert play.case.votes == {}


def test_deadline_that_an_act_fulfils_stops_while_its_state_goes_on() -> None:
    """`fulfilled_by` meets a deadline without leaving its state."""
    text = """
    states:
      awal:
        deadlines:
          jawab: {within: 5 days, kind: target, fulfilled_by: lapor, then: {to: akhir}}
        transitions:
          lapor: {by: [opd]}
          selesai: {by: [opd], to: akhir}
      akhir: {final: true, outcome: selesai}
    """
    play = Play(make(text)).open().do("lapor", OPD)
    assert "awal.jawab" not in play.case.clocks
    assert play.tick("2026-03-01") == []
    assert play.states == ("awal",)
