"""Clocks and duties that run only where their `when` is true, and how duties count and are met."""

from __future__ import annotations

from datetime import date

import pytest

from tests.calendars import calendar
from tests.unit.support import HEAD, OFFICE, OPD, PARTNER, Play, digests, make
from workflow.case import Attach, Body, Correct, Decision

SEVEN = calendar("""\
    format: 1
    calendar: tujuh
    version: 1
    week: [mon, tue, wed, thu, fri, sat, sun]
    joint_leave_counts: true
    covers: {from: 2026-01-01, until: 2026-12-31}
    decrees: {}
    """)
"""A calendar in which every day is a working day."""


def ops(entry: Body, kind: str = "clocks") -> list[str]:
    """What an entry does to clocks or duties."""
    return [record["op"] for record in entry.get(kind, ())]


# --- a deadline with a condition ------------------------------------------------------------------------

CONDITIONED = """
fields: {nilai: {type: integer}, mulai: {type: date}}
documents: {surat: {title: Surat}}
correction: {by: [pemrakarsa.sekretariat], fields: [nilai]}
attachment: {by: [pemrakarsa.opd], documents: [surat]}
open: {by: [pemrakarsa.opd], fields: {optional: [nilai, mulai]}, to: awal}
states:
  awal:
    deadlines:
      batas: {within: 10 days, kind: target, CONDITION}
    transitions:
      isi: {by: [opd], fields: {optional: [nilai, mulai]}}
      kirim: {by: [opd], documents: {attach: [surat]}}
      ulang: {by: [opd], to: self}
      maju: {by: [opd], to: akhir}
  akhir: {final: true, outcome: selesai}
"""
BATAS = "awal.batas"
LARGE = "when: nilai is not None and nilai > 5"


def conditioned(condition: str, **given: object) -> Play:
    """A case with one deadline that has a condition, opened on 2 February 2026."""
    return Play(make(CONDITIONED.replace("CONDITION", condition))).open(**given)


def test_deadline_is_armed_at_entry_only_where_its_condition_is_true() -> None:
    """A condition that does not hold at the entry of the state leaves no clock."""
    assert conditioned(LARGE).case.clocks == {}
    assert conditioned(LARGE, nilai=5).case.clocks == {}
    assert conditioned(LARGE, nilai=6).due(BATAS) == "2026-02-12"


def test_deadline_starts_when_a_field_makes_its_condition_true() -> None:
    """The step that makes it true starts the clock, which counts from that day."""
    play = conditioned(LARGE, nilai=1).at("2026-02-05").do("isi", OPD, nilai=9)
    assert ops(play.last) == ["started"]
    assert play.due(BATAS) == "2026-02-15"


def test_deadline_of_a_field_starts_from_that_field_when_its_condition_becomes_true() -> None:
    """With `since` the day is the field's, whenever the condition becomes true."""
    play = conditioned(f"since: mulai, {LARGE}", nilai=1, mulai="2026-02-01")
    play.at("2026-02-05").do("isi", OPD, nilai=9)
    assert play.due(BATAS) == "2026-02-11"


def test_deadline_goes_on_while_its_condition_stays_true() -> None:
    """Another value for which it holds changes nothing."""
    play = conditioned(LARGE, nilai=6).at("2026-02-05").do("isi", OPD, nilai=7)
    assert ops(play.last) == []
    assert play.due(BATAS) == "2026-02-12"


def test_deadline_stops_when_its_condition_is_no_longer_true_and_begins_anew() -> None:
    """A clock whose condition is gone is stopped; it begins anew when the condition comes back."""
    play = conditioned(LARGE, nilai=6).at("2026-02-05").do("isi", OPD, nilai=2)
    assert ops(play.last) == ["stopped"]
    assert play.tick("2026-02-20") == []
    play.do("isi", OPD, nilai=8)
    assert play.due(BATAS) == "2026-03-02"


def test_deadline_of_a_condition_is_looked_at_when_its_field_is_corrected() -> None:
    """A correction that makes the condition true starts the clock."""
    play = conditioned(LARGE, nilai=1).at("2026-02-05")
    assert isinstance(play.put(Correct(by=OFFICE, fields={"nilai": 7})), Decision)
    assert play.due(BATAS) == "2026-02-15"


@pytest.mark.parametrize("is_act", [False, True])
def test_deadline_starts_when_a_document_makes_its_condition_true(is_act: bool) -> None:
    """A condition on documents is looked at where one is attached, by a transition or by itself."""
    play = conditioned("when: \"'surat' in documents\"")
    assert play.case.clocks == {}
    play.at("2026-02-05")
    if is_act:
        assert isinstance(play.put(Attach(by=OPD, documents=digests("surat"))), Decision)
    else:
        play.do("kirim", OPD, "surat")
    assert ops(play.last) == ["started"]
    assert play.due(BATAS) == "2026-02-15"


REGIONS = """
states:
  awal:
    transitions: {tutup: {by: [opd], to: akhir}}
    regions:
      kiri:
        initial: satu
        states:
          satu: {transitions: {naik: {by: [opd], to: dua}}}
          dua: {transitions: {turun: {by: [opd], to: satu}}}
      kanan:
        initial: diam
        states:
          diam:
            deadlines:
              batas: {within: 10 days, kind: target, fulfilled_by: jawab, when: in_state('awal.kiri.dua')}
            obligations:
              lapor: {every: 1 days, within: 1 days, by: [opd], kind: target, when: in_state('awal.kiri.dua')}
            transitions: {jawab: {by: [opd]}}
  akhir: {final: true, outcome: selesai}
"""
DIAM = "awal.kanan.diam"


def test_clock_starts_and_stops_with_the_state_of_another_region() -> None:
    """A condition on another region's state is looked at as that region moves, after the step."""
    play = Play(make(REGIONS)).open()
    assert (play.case.clocks, play.case.obligations) == ({}, {})
    play.at("2026-02-05").do("naik", OPD)
    assert play.due(f"{DIAM}.batas") == "2026-02-15"
    assert play.case.obligations == {f"{DIAM}.lapor": {"since": "2026-02-05", "open": []}}
    play.at("2026-02-05T10:00").do("turun", OPD)
    assert (play.case.clocks, play.case.obligations) == ({}, {})


def test_clock_that_was_met_does_not_begin_again_while_its_condition_holds() -> None:
    """Met is met: a step that changes nothing of the condition arms nothing."""
    play = Play(make(REGIONS)).open().do("naik", OPD).do("jawab", OPD)
    assert play.case.clocks == {}
    play.do("jawab", OPD)
    assert play.case.clocks == {}


# --- a deadline that acts fulfil --------------------------------------------------------------------------

FULFILLED = """
fields: {diterima: {type: date}}
states:
  awal:
    deadlines:
      jawab: {within: 5 days, kind: target, fulfilled_by: [lapor, tolak], then: {to: lewat}}
      diam: {within: 5 days, kind: target, fulfilled_by: lapor}
    transitions:
      lapor: {by: [opd]}
      tolak: {by: [opd], to: lewat}
      ulang: {by: [opd], to: self}
  lewat: {transitions: {tutup: {by: [opd], to: akhir}}}
  akhir: {final: true, outcome: selesai}
"""


def test_deadline_that_is_overdue_is_met_late() -> None:
    """What was late and is done is no longer overdue."""
    text = FULFILLED.replace("jawab: {within: 5 days", "jawab: {within: 50 days")
    play = Play(make(text)).open()
    play.tick("2026-02-09")
    assert play.case.clocks["awal.diam"]["status"] == "expired"
    play.do("lapor", OPD)
    assert play.case.clocks == {}


def test_deadline_that_was_met_is_there_again_at_the_next_entry() -> None:
    """A deadline belongs to one entry of its state: the next one has its own."""
    play = Play(make(FULFILLED)).open().do("lapor", OPD).at("2026-02-10").do("ulang", OPD)
    assert play.due("awal.jawab") == "2026-02-15"


def test_deadline_met_by_the_act_that_leaves_its_state_is_stopped_once() -> None:
    """Met and left in one step, the clock has one record."""
    play = Play(make(FULFILLED)).open().do("tolak", OPD)
    assert sorted(record["path"] for record in play.last["clocks"]) == ["awal.diam", "awal.jawab"]


# --- silence ------------------------------------------------------------------------------------------------

SILENCE = """
fields: {n: {type: integer}}
states:
  awal:
    transitions:
      sepakat:
        by: [kepala]
        consent:
          of: parties
          need: all
          refuse: tolak
          refused: {REFUSED}
          silence: {after: 10 days, means: MEANS}
        TAKEN
        basis: P22 ps 8(3)
      tutup: {by: [opd], to: akhir}
      hapus: {by: [opd], to: batal}
  batal: {final: true, outcome: batal}
  akhir: {final: true, outcome: selesai}
"""


def silent(means: str, *, refused: str = "to: batal", taken: str = "to: akhir") -> Play:
    """A consent of all parties, on which silence speaks after 12 February."""
    text = SILENCE.replace("REFUSED", refused).replace("MEANS", means).replace("TAKEN", taken)
    return Play(make(text)).open()


def test_silence_that_means_refusal_takes_what_a_refusal_leads_to() -> None:
    """Where silence means no, the clock takes `refused` on its due day, and the votes are spent."""
    play = silent("refusal").do("sepakat", HEAD)
    assert play.tick("2026-02-12") == []
    play.tick("2026-02-13")
    assert (play.case.outcome, play.last["kind"], play.last["effective_on"]) == (
        "batal", "clock_fired", "2026-02-12",
    )  # fmt: skip
    assert play.case.votes == {}
    assert play.last["basis"] == ["P22 ps 8(3)"]


def test_silence_that_means_refusal_and_stays_spends_the_votes() -> None:
    """A refusal that leads nowhere ends the round: the next yes is the first again."""
    play = silent("refusal", refused="set: {n: 1}").do("sepakat", HEAD)
    play.tick("2026-02-13")
    assert (play.states, play.fields["n"], play.case.votes) == (("awal",), 1, {})
    play.do("sepakat", HEAD)
    assert play.states == ("awal",)


@pytest.mark.parametrize("means", ["consent", "refusal"])
def test_silence_does_not_speak_after_all_have_consented(means: str) -> None:
    """A question that was answered is not answered again by the clock, though its state goes on."""
    play = silent(means, taken="set: {n: 1}")
    play.do("sepakat", HEAD).do("sepakat", PARTNER)
    assert play.fields["n"] == 1
    assert play.case.clocks == {}
    assert play.tick("2026-03-01") == []


def test_silence_does_not_turn_a_refusal_into_a_consent() -> None:
    """Somebody said no: the clock cannot take the transition afterwards, though the state goes on."""
    play = silent("consent", refused="set: {n: 1}").do("tolak", PARTNER)
    assert (play.states, play.fields["n"]) == (("awal",), 1)
    assert play.tick("2026-03-01") == []
    assert play.states == ("awal",)


# --- duties -------------------------------------------------------------------------------------------------


def duty(how: str, **given: object) -> Play:
    """A case with one duty, opened on Monday 2 February 2026."""
    return Play(
        make(f"""
        fields: {{nilai: {{type: integer}}, mulai: {{type: date}}}}
        correction: {{by: [pemrakarsa.sekretariat], fields: [nilai, mulai]}}
        open: {{by: [pemrakarsa.opd], fields: {{optional: [nilai, mulai]}}, to: awal}}
        states:
          awal:
            obligations:
              lapor: {{{how}, by: [opd], fulfilled_by: kirim, kind: statutory, basis: P22 ps 17}}
            transitions:
              isi: {{by: [opd], fields: {{optional: [nilai, mulai]}}}}
              kirim: {{by: [opd]}}
              maju: {{by: [opd], to: akhir}}
          akhir: {{final: true, outcome: selesai}}
        """),
        calendars={"tujuh": SEVEN},
    ).open(**given)


LAPOR = "awal.lapor"


def occurrences(play: Play) -> list[tuple[str, str]]:
    """Day and due day of every occurrence that has opened."""
    return [
        (record["occurrence"], record["due_on"])
        for entry in play.entries
        for record in entry.get("obligations", ())
        if record["op"] == "opened"
    ]


@pytest.mark.parametrize(
    ("how", "found"),
    [
        # Friday 13 February: 14 and 15 are a weekend, 16 joint leave, 17 a holiday.
        ("within: 1 days", ("2026-02-13", "2026-02-14")),
        ("within: 1 days, first_day: same", ("2026-02-13", "2026-02-13")),
        ("within: 1 days, roll: next_working_day", ("2026-02-13", "2026-02-18")),
        ("within: 2 working days", ("2026-02-13", "2026-02-19")),
        ("within: 2 working days, first_day: same", ("2026-02-13", "2026-02-18")),
        ("within: 2 working days, calendar: tujuh", ("2026-02-13", "2026-02-15")),
    ],
)
def test_occurrence_counts_as_a_deadline_does(how: str, found: tuple[str, str]) -> None:
    """`first_day`, `roll` and `calendar` mean for a duty what they mean for a deadline."""
    play = duty(f"each_year: [02-13], {how}")
    play.tick("2026-03-01")
    assert occurrences(play) == [found]


def test_occurrence_opens_and_ends_in_the_zone_of_its_duty() -> None:
    """`zone`: it opens with the day there, and is overdue when the due day has ended there."""
    play = duty("each_year: [02-13], within: 1 days, zone: Asia/Jakarta")  # an hour behind Makassar
    assert play.tick("2026-02-13T00:59") == []
    [opened] = play.tick("2026-02-13T01:00")
    assert opened["obligations"][0]["due_at"] == "2026-02-14T17:00:00.000000Z"
    assert play.tick("2026-02-15T00:59") == []
    assert play.tick("2026-02-15T01:00")[0]["kind"] == "obligation_overdue"


def test_occurrences_of_a_cron_open_on_its_days() -> None:
    """A duty by `cron` has an occurrence on each day that it names, never on that of its start."""
    play = duty("cron: last * *, within: 5 days")
    play.tick("2026-05-15")
    assert occurrences(play) == [
        ("2026-02-28", "2026-03-05"), ("2026-03-31", "2026-04-05"), ("2026-04-30", "2026-05-05"),
    ]  # fmt: skip
    play.do("kirim", OPD)
    assert play.last["obligations"] == [{"op": "met", "path": LAPOR, "occurrence": "2026-02-28"}]
    monday = duty("cron: '* * mon', within: 1 days")
    monday.tick("2026-02-17")
    assert [day for day, _ in occurrences(monday)] == ["2026-02-09", "2026-02-16"]


def test_occurrences_of_a_cron_are_the_same_however_late_the_sweep_wakes() -> None:
    """Swept every day or once, a duty has the same occurrences, each of its own day."""
    often, late = duty("cron: '1,15 * *', within: 3 days"), duty("cron: '1,15 * *', within: 3 days")
    for day in range(3, 29):
        often.tick(f"2026-02-{day:02}")
    late.tick("2026-02-28")
    assert occurrences(often) == occurrences(late) == [("2026-02-15", "2026-02-18")]
    assert [entry["effective_on"] for entry in often.entries] == [
        entry["effective_on"] for entry in late.entries
    ]


WHEN = "every: 10 days, within: 5 days, since: mulai, when: nilai is not None and nilai > 5"


def test_duty_begins_only_where_its_condition_is_true() -> None:
    """Without it nothing opens; with it the occurrences count from the start."""
    play = duty(WHEN, mulai="2026-02-01", nilai=1)
    assert play.tick("2026-03-15") == []
    play = duty(WHEN, mulai="2026-02-01", nilai=6)
    play.tick("2026-02-22")
    assert [day for day, _ in occurrences(play)] == ["2026-02-11", "2026-02-21"]


def test_duty_goes_on_while_its_condition_stays_true() -> None:
    """Another value for which it holds begins no new row: what was opened and met stays so."""
    play = duty(WHEN, mulai="2026-02-01", nilai=6)
    play.tick("2026-02-12")
    play.do("kirim", OPD).do("isi", OPD, nilai=8)
    assert ops(play.last, "obligations") == []
    assert play.tick("2026-02-13") == []


def test_duty_whose_condition_comes_later_owes_nothing_for_the_time_before() -> None:
    """Days on which it was not armed are no occurrences, whenever the row counts from."""
    play = duty(WHEN, mulai="2026-02-01", nilai=1).at("2026-02-25").do("isi", OPD, nilai=6)
    assert ops(play.last, "obligations") == ["started", "skipped", "skipped"]
    play.tick("2026-03-20")
    assert [day for day, _ in occurrences(play)] == ["2026-03-03", "2026-03-13"]


def test_duty_whose_condition_is_gone_and_comes_back_goes_on_with_what_is_open() -> None:
    """What had opened stays owed; nothing opens meanwhile, and the row goes on afterwards."""
    play = duty(WHEN, mulai="2026-02-01", nilai=6)
    play.tick("2026-02-12")
    play.do("isi", OPD, nilai=1)
    assert ops(play.last, "obligations") == ["stopped"]
    play.do("isi", OPD, nilai=2)
    assert ops(play.last, "obligations") == []
    assert play.tick("2026-03-01") == []
    play.do("isi", OPD, nilai=7)
    play.tick("2026-03-04")
    assert [day for day, _ in occurrences(play)] == ["2026-02-11", "2026-03-03"]
    assert [one["occurrence"] for one in play.case.obligations[LAPOR]["open"]] == ["2026-02-11", "2026-03-03"]


def test_duty_counts_anew_when_its_start_is_corrected() -> None:
    """A correction of the start moves a duty as a transition that gives the field does."""
    play = duty("every: 10 days, within: 5 days, since: mulai", mulai="2026-02-01")
    assert isinstance(play.put(Correct(by=OFFICE, fields={"mulai": "2026-02-02"})), Decision)
    assert play.last["obligations"] == [{"op": "started", "path": LAPOR, "occurrence": "2026-02-02"}]
    play.tick("2026-02-13")
    assert [day for day, _ in occurrences(play)] == ["2026-02-12"]


@pytest.mark.parametrize(
    ("start", "following"),
    [("2026-01-22", "2026-02-21"), ("2026-01-31", "2026-02-20"), ("2026-02-05", "2026-02-15")],
)
def test_duty_that_counts_anew_owes_nothing_twice(start: str, following: str) -> None:
    """Days up to the last occurrence that had opened are past: what was met then is not owed again."""
    play = duty("every: 10 days, within: 5 days, since: mulai", mulai="2026-02-01")
    play.tick("2026-02-12")
    play.do("kirim", OPD)
    assert isinstance(play.put(Correct(by=OFFICE, fields={"mulai": start})), Decision)
    play.tick("2026-02-22")
    assert [day for day, _ in occurrences(play)] == ["2026-02-11", following]


def test_duty_may_start_by_an_act_recorded_later() -> None:
    """A condition made true by an act of an earlier day arms the duty from that day on."""
    play = duty("every: 10 days, within: 5 days, when: nilai is not None").at("2026-02-20")
    play.do("isi", OPD, nilai=1, effective_on=date(2026, 2, 5))
    assert play.case.obligations[LAPOR]["since"] == "2026-02-05"
    play.tick()
    assert [day for day, _ in occurrences(play)] == ["2026-02-15"]
