"""Deadlines and obligations in a case: what starts, moves, stops and takes them, and in which order."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.unit.support import HEAD, OFFICE, OPD, Play, make
from workflow.case import Body


def one(deadline: str, *, fields: str = "mulai: {type: date}, lain: {type: date}") -> Play:
    """A case with one deadline in its first state, opened on Monday 2 February 2026."""
    return Play(
        make(f"""
        fields: {{{fields}}}
        states:
          awal:
            deadlines: {{batas: {{kind: target, {deadline}}}}}
            transitions:
              isi: {{by: [opd], fields: {{optional: [mulai, lain]}}}}
              maju: {{by: [opd], to: tengah}}
          tengah: {{transitions: {{kembali: {{by: [opd], to: awal}}, tutup: {{by: [opd], to: akhir}}}}}}
          akhir: {{final: true, outcome: selesai}}
        """)
    ).open()


BATAS = "awal.batas"


def ops(entry: Body) -> list[tuple[str, str]]:
    """What an entry does to clocks."""
    return [(record["op"], record["path"]) for record in entry.get("clocks", ())]


def acted(entries: list[Body]) -> list[str]:
    """The clocks taken by entries, in order."""
    return [record["path"] for entry in entries for record in entry["clocks"] if record["op"] == "fired"]


# --- where a clock begins -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deadline", "due"),
    [
        ("within: 10 days", "2026-02-12"),
        ("within: 10 days, first_day: same", "2026-02-11"),
        ("within: 10 working days", "2026-02-18"),  # 16 and 17 February are off
        ("within: 1 months", "2026-03-02"),
        ("within: 5 days, roll: next_working_day", "2026-02-09"),  # the 7th is a Saturday
        ("within: 5 days", "2026-02-07"),
        ("within: 0 days", "2026-02-02"),
    ],
)
def test_clock_counts_from_the_entry_of_its_state(deadline: str, due: str) -> None:
    """Without `since` a clock counts from the day on which its state was entered."""
    play = one(deadline)
    assert play.due(BATAS) == due
    assert ops(play.last) == [("started", BATAS)]


def test_clock_counts_from_the_effective_day_of_the_entry() -> None:
    """Recorded late, a step starts its clocks on the day on which it happened."""
    play = one("within: 10 days").do("maju", OPD)
    play.at("2026-02-20").do("kembali", OPD, effective_on=date(2026, 2, 16))
    assert play.due(BATAS) == "2026-02-26"
    assert play.case.clocks[BATAS]["since"] == "2026-02-16"


def test_clock_since_a_field_is_armed_when_the_field_is_known() -> None:
    """While its start is not known there is no clock; the field starts it."""
    play = one("within: 10 days, since: mulai")
    assert play.case.clocks == {}
    play.do("isi", OPD, mulai="2026-01-30")
    assert ops(play.last) == [("started", BATAS)]
    assert play.due(BATAS) == "2026-02-09"


def test_clock_since_a_field_known_before_starts_with_its_state() -> None:
    """A field given earlier, or with the step itself, starts the clock at entry."""
    play = one("within: 10 days, since: mulai").do("isi", OPD, mulai="2026-02-01").do("maju", OPD)
    assert play.do("kembali", OPD).due(BATAS) == "2026-02-11"


def test_clock_at_a_day_is_due_on_that_day() -> None:
    """`at` gives the due day itself, from the fields that it reads."""
    play = one("at: mulai + days(3)")
    assert play.case.clocks == {}
    play.do("isi", OPD, mulai="2026-02-10")
    assert play.due(BATAS) == "2026-02-13"
    assert play.case.clocks[BATAS]["at"] == "2026-02-13"


def test_clock_in_a_zone_of_its_own_ends_there() -> None:
    """The due day ends in the zone of the body that it binds."""
    assert one("within: 1 days").case.clocks[BATAS]["due_at"] == "2026-02-03T16:00:00.000000Z"
    jakarta = one("within: 1 days, zone: Asia/Jakarta")
    assert jakarta.case.clocks[BATAS]["due_at"] == "2026-02-03T17:00:00.000000Z"


def test_clock_record_derives_the_due_day() -> None:
    """History keeps everything from which the due day follows."""
    play = one("within: 10 working days, hold: 3 working days")
    [record] = play.last["clocks"]
    assert record == {
        "op": "started", "path": BATAS, "since": "2026-02-02", "within": [10, "working_days"],
        "first_day": "after", "roll": "none", "hold": [3, "working_days"], "zone": "Asia/Makassar",
        "calendar": {"name": "indonesia", **play.case.calendars["indonesia"]},
        "skipped": [
            ["2026-02-07", "weekend"], ["2026-02-08", "weekend"], ["2026-02-14", "weekend"],
            ["2026-02-15", "weekend"], ["2026-02-16", "joint_leave"], ["2026-02-17", "national"],
        ],
        "due_on": "2026-02-18", "due_at": "2026-02-18T16:00:00.000000Z",
        "acts_at": "2026-02-23T16:00:00.000000Z",
    }  # fmt: skip


# --- moving and stopping --------------------------------------------------------------------------------


def test_clock_moves_when_its_field_changes() -> None:
    """A start that is corrected derives the due day anew."""
    play = one("within: 10 days, since: mulai").do("isi", OPD, mulai="2026-02-01")
    play.do("isi", OPD, mulai="2026-02-02")
    assert ops(play.last) == [("moved", BATAS)]
    assert play.due(BATAS) == "2026-02-12"


def test_clock_does_not_move_for_another_field_or_the_same_value() -> None:
    """Only what it counts from moves a clock."""
    play = one("within: 10 days, since: mulai").do("isi", OPD, mulai="2026-02-01")
    assert "clocks" not in play.do("isi", OPD, lain="2026-02-05").last
    assert "clocks" not in play.do("isi", OPD, mulai="2026-02-01").last


def test_clock_stops_when_its_field_is_emptied() -> None:
    """A start that is no longer known leaves no clock."""
    play = one("within: 10 days, since: mulai").do("isi", OPD, mulai="2026-02-01").do("isi", OPD, mulai=None)
    assert ops(play.last) == [("stopped", BATAS)]
    assert play.case.clocks == {}


def test_clock_stops_with_its_state_and_starts_anew_at_the_next_entry() -> None:
    """A clock belongs to one entry of its state."""
    play = one("within: 10 days").do("maju", OPD)
    assert ops(play.last) == [("stopped", BATAS)]
    assert play.at("2026-03-01").tick() == []
    play.do("kembali", OPD)
    assert play.due(BATAS) == "2026-03-11"


def test_clock_runs_on_through_an_internal_transition() -> None:
    """Where nothing is left or entered, clocks run on."""
    play = one("within: 10 days").at("2026-02-05").do("isi", OPD, lain="2026-02-05")
    assert play.due(BATAS) == "2026-02-12"


@pytest.mark.parametrize("to", ["to: self", "to: dalam, reenter: true"])
def test_clock_of_a_state_left_and_entered_again_starts_anew(to: str) -> None:
    """`to: self` and `reenter` restart the clocks of the state: stopped first, then started."""
    play = Play(
        make(f"""
        states:
          awal:
            deadlines: {{batas: {{kind: target, within: 10 days}}}}
            initial: dalam
            states: {{dalam: {{}}}}
            transitions:
              ulang: {{by: [opd], {to}}}
              geser: {{by: [opd], to: dalam}}
              maju: {{by: [opd], to: akhir}}
          akhir: {{final: true, outcome: selesai}}
        """)
    ).open()
    assert "clocks" not in play.at("2026-02-04").do("geser", OPD).last
    play.do("ulang", OPD)
    assert ops(play.last) == [("stopped", BATAS), ("started", BATAS)]
    assert play.due(BATAS) == "2026-02-14"


def test_clocks_stop_in_the_order_in_which_states_are_left_and_start_as_they_are_entered() -> None:
    """Inner states are left before outer ones and entered after them."""
    play = Play(
        make("""
        states:
          awal:
            deadlines: {luar: {kind: target, within: 1 days}}
            initial: dalam
            states: {dalam: {deadlines: {inti: {kind: target, within: 1 days}}}}
            transitions: {ulang: {by: [opd], to: self}, maju: {by: [opd], to: akhir}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    play.do("ulang", OPD)
    assert ops(play.last) == [
        ("stopped", "awal.dalam.inti"), ("stopped", "awal.luar"),
        ("started", "awal.luar"), ("started", "awal.dalam.inti"),
    ]  # fmt: skip


def test_clock_of_a_state_passed_through_is_never_started() -> None:
    """A state entered and left in one step arms nothing."""
    play = Play(
        make("""
        states:
          awal: {transitions: {maju: {by: [opd], to: pilah}}}
          pilah:
            deadlines: {sia: {kind: target, within: 1 days}}
            always: [{to: tengah}]
          tengah: {transitions: {tutup: {by: [opd], to: akhir}}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    play.do("maju", OPD)
    assert play.states == ("tengah",)
    assert "clocks" not in play.last


def test_clocks_of_the_workflow_run_until_the_end_of_the_case() -> None:
    """The outermost state has clocks too; the end of the case stops every one."""
    play = Play(
        make("""
        deadlines: {seluruh: {kind: target, within: 1 years}}
        states:
          awal:
            deadlines: {batas: {kind: target, within: 9 days}}
            transitions: {maju: {by: [opd], to: tengah}, tutup: {by: [opd], to: akhir}}
          tengah: {transitions: {kembali: {by: [opd], to: awal}}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    assert ops(play.do("maju", OPD).last) == [("stopped", "awal.batas")]
    play.do("kembali", OPD).do("tutup", OPD)
    assert ops(play.last) == [("stopped", "awal.batas"), ("stopped", "seluruh")]
    assert play.case.clocks == {}
    assert play.tick("2030-01-01") == []


# --- what a clock does ----------------------------------------------------------------------------------

THEN = """
fields: {pandangan: {type: text}, putusan: {type: text}}
states:
  awal:
    deadlines:
      batas:
        within: 10 days
        kind: statutory
        basis: P22 ps 12(4)
        then:
          basis: P22 ps 12(1)e
          choose:
            - when: pandangan is None
              to: diam
              set: {putusan: "'dianggap'"}
          otherwise: stay
    transitions:
      beri: {by: [opd], fields: {required: [pandangan]}}
      maju: {by: [opd], to: akhir}
  diam:
    deadlines: {lanjut: {within: 5 days, kind: target}}
    transitions: {maju: {by: [opd], to: akhir}}
  akhir: {final: true, outcome: selesai}
"""


def then() -> Play:
    """A case whose silence is law."""
    return Play(make(THEN)).open()


def test_clock_acts_after_its_due_day_and_not_on_it() -> None:
    """The last day belongs to whoever has it: the clock acts at the first instant after."""
    play = then()
    assert play.at("2026-02-12T23:59").tick() == []
    assert acted(play.at("2026-02-13T00:00").tick()) == ["awal.batas"]


def test_clock_effect_is_of_the_due_day_whenever_it_is_taken() -> None:
    """What a clock does is effective on its due day, and the next clock counts from it."""
    play = then()
    [entry] = play.tick("2026-02-16")
    assert entry["kind"] == "clock_fired"
    assert entry["effective_on"] == "2026-02-12"
    assert entry["actor"] == {"id": "clock"}
    assert entry["basis"] == ["P22 ps 12(1)e"]
    assert entry["changes"] == {"putusan": {"new": "dianggap"}}
    assert entry["clocks"][0] == {"op": "fired", "path": "awal.batas", "due_on": "2026-02-12"}
    assert ops(entry) == [("fired", "awal.batas"), ("stopped", "awal.batas"), ("started", "diam.lanjut")]
    assert play.due("diam.lanjut") == "2026-02-17"
    assert "trigger" not in entry


def test_clock_without_its_own_basis_of_then_cites_the_deadline() -> None:
    """`then` may carry its own basis; without it the entry cites the deadline's."""
    process = make(THEN.replace("          basis: P22 ps 12(1)e\n", ""))
    [entry] = Play(process).open().tick("2026-02-16")
    assert entry["basis"] == ["P22 ps 12(4)"]


def test_clock_without_a_true_branch_expires_without_effect() -> None:
    """`otherwise: stay`: recorded as expired, and nothing moves."""
    play = then().do("beri", OPD, pandangan="catatan")
    revision = play.case.revision
    [entry] = play.tick("2026-05-01")
    assert entry["kind"] == "deadline_expired"
    assert entry["basis"] == ["P22 ps 12(4)"]
    assert play.states == ("awal",)
    assert play.case.revision == revision
    assert play.case.clocks["awal.batas"]["status"] == "expired"
    assert play.tick("2026-06-01") == []


def test_clock_without_then_is_marked_overdue_once_and_no_more() -> None:
    """The law states no consequence: the deadline is overdue, and what was late may still be done."""
    play = one("within: 10 days")
    [entry] = play.tick("2026-05-01")
    assert entry["kind"] == "deadline_expired"
    assert {"from", "to", "changes"}.isdisjoint(entry)
    assert play.tick("2026-06-01") == []


def test_deadline_without_then_bars_nothing() -> None:
    """An act of a day before the due day may still be recorded after it."""
    play = one("within: 10 days")
    play.tick("2026-02-20")
    play.do("maju", OPD, effective_on=date(2026, 2, 5))
    assert play.last["effective_on"] == "2026-02-05"
    assert "stopped" in [op for op, _ in ops(play.last)]


@pytest.mark.parametrize("is_swept", [False, True])
@pytest.mark.parametrize("on", [10, 12])
def test_act_of_a_day_on_which_the_clock_has_acted_is_refused(on: int, is_swept: bool) -> None:
    """On or before the effective day of a branch already taken: `clock-already-acted`, swept or not."""
    play = then().at("2026-02-20")
    if is_swept:
        play.tick()
    assert play.codes("diam.maju", OPD, effective_on=date(2026, 2, on)) == ["clock-already-acted"]
    play.do("diam.maju", OPD, effective_on=date(2026, 2, 13))


def test_act_before_the_due_day_finds_the_clock_running() -> None:
    """In time is in time, also on the last day."""
    play = then().at("2026-02-12T22:00").do("maju", OPD)
    assert play.kinds() == ["case_opened", "transition_taken"]


def test_act_in_time_but_recorded_after_the_clock_is_refused() -> None:
    """Without `hold` a letter on its way comes too late: nothing is rewound."""
    play = then().at("2026-02-14")
    assert play.codes("maju", OPD, effective_on=date(2026, 2, 12)) == ["clock-already-acted"]


@pytest.mark.parametrize("is_swept", [False, True])
def test_clock_of_an_old_field_takes_the_day_of_the_case_back_with_it(is_swept: bool) -> None:
    """The last entry that raised `revision` counts, also where a clock of an earlier day wrote it.

    A date recorded late starts a clock that was due before the act that recorded it. What the clock did
    is effective on its due day, and from there on acts may come, although one of a later day came before.
    """
    text = """
    fields: {mulai: {type: date}}
    states:
      awal:
        deadlines: {batas: {within: 10 days, since: mulai, kind: target, then: {to: diam}}}
        transitions: {isi: {by: [opd], fields: {required: [mulai]}}}
      diam: {transitions: {maju: {by: [opd], to: akhir}}}
      akhir: {final: true, outcome: selesai}
    """
    play = Play(make(text)).open().at("2026-02-10").do("isi", OPD, mulai="2026-01-20")
    assert (play.due(BATAS), play.case.stepped_on) == ("2026-01-30", "2026-02-10")
    if is_swept:
        play.tick()
        assert (play.states, play.case.stepped_on) == (("diam",), "2026-01-30")
    assert play.codes("maju", OPD, effective_on=date(2026, 1, 30)) == ["clock-already-acted"]
    play.do("maju", OPD, effective_on=date(2026, 1, 31))
    assert [(entry["kind"], entry["effective_on"]) for entry in play.entries] == [
        ("case_opened", "2026-02-02"), ("transition_taken", "2026-02-10"),
        ("clock_fired", "2026-01-30"), ("transition_taken", "2026-01-31"),
    ]  # fmt: skip


def test_clock_restarted_by_its_field_after_it_ran_out_runs_again() -> None:
    """A due day that is moved after it passed is a due day again."""
    play = one("at: mulai").do("isi", OPD, mulai="2026-02-05")
    play.tick("2026-02-10")
    assert play.case.clocks[BATAS]["status"] == "expired"
    play.do("isi", OPD, mulai="2026-02-20")
    assert play.case.clocks[BATAS]["status"] == "running"
    assert acted(play.tick("2026-03-01")) == [BATAS]


def test_clock_reads_today_as_its_due_day() -> None:
    """What a clock decides does not depend on when it is asked."""
    play = Play(
        make("""
        states:
          awal:
            deadlines:
              batas:
                within: 10 days
                kind: target
                then:
                  choose:
                    - when: "today <= date('2026-02-12')"
                      to: tepat
                    - to: lewat
          tepat: {final: true, outcome: tepat}
          lewat: {final: true, outcome: lewat}
        """)
    ).open()
    play.tick("2027-01-01")
    assert play.case.outcome == "tepat"


# --- holding --------------------------------------------------------------------------------------------

HOLD = """
fields: {n: {type: integer}}
states:
  awal:
    deadlines: {batas: {within: 10 days, hold: 5 days, kind: target, then: {to: diam}}}
    transitions: {catat: {by: [opd], fields: {optional: [n]}}, maju: {by: [opd], to: akhir}}
  diam: {transitions: {maju: {by: [opd], to: akhir}}}
  akhir: {final: true, outcome: selesai}
"""


def held() -> Play:
    """A case whose clock is due on 12 February and waits for letters until the 17th."""
    return Play(make(HOLD)).open()


def test_hold_lets_letters_on_their_way_arrive() -> None:
    """While the clock holds, an act of a day up to the due day is still in time."""
    play = held().at("2026-02-16")
    assert play.tick() == []
    play.do("maju", OPD, effective_on=date(2026, 2, 12))
    assert play.kinds() == ["case_opened", "transition_taken"]


def test_hold_over_the_clock_acts_as_of_the_due_day() -> None:
    """After the hold the clock acts, effective on its due day."""
    play = held()
    assert play.at("2026-02-17T23:59").tick() == []
    [entry] = play.tick("2026-02-18")
    assert entry["effective_on"] == "2026-02-12"


def test_hold_is_ended_by_a_later_act() -> None:
    """An act of a day after the due day comes after what the clock did."""
    play = held().at("2026-02-14")
    play.do("maju", OPD)
    assert play.kinds() == ["case_opened", "clock_fired", "transition_taken"]
    assert play.last["from"] == ["diam"]


def test_hold_is_not_ended_by_a_later_act_that_is_refused() -> None:
    """A refused command writes nothing; the hold goes on, and the letter is still in time."""
    play = held().at("2026-02-14")
    assert play.codes("maju", HEAD) == ["wrong-role"]
    play.do("maju", OPD, effective_on=date(2026, 2, 11))
    assert play.kinds() == ["case_opened", "transition_taken"]


def test_hold_is_ended_by_a_clock_due_later_that_is_ripe() -> None:
    """Every clock with an earlier `due_at`, whether holding or not, is taken before a ripe one."""
    play = Play(
        make("""
        states:
          awal:
            regions:
              kiri:
                initial: satu
                states:
                  satu:
                    deadlines: {tahan: {within: 10 days, hold: 20 days, kind: target, then: {to: dua}}}
                  dua: {final: true}
              kanan:
                initial: satu
                states:
                  satu: {deadlines: {lekas: {within: 12 days, kind: target, then: {to: dua}}}}
                  dua: {final: true}
            done: akhir
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    assert play.at("2026-02-14T12:00").tick() == []
    entries = play.tick("2026-02-15")
    assert acted(entries) == ["awal.kiri.satu.tahan", "awal.kanan.satu.lekas"]
    assert [entry["effective_on"] for entry in entries] == ["2026-02-12", "2026-02-14"]


# --- order ----------------------------------------------------------------------------------------------


def test_order_is_by_due_instant() -> None:
    """What is due first acts first, whatever stands first in the text."""
    play = Play(
        make("""
        states:
          awal:
            deadlines:
              kedua: {within: 9 days, kind: target}
              pertama: {within: 3 days, kind: target}
            transitions: {maju: {by: [opd], to: akhir}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    entries = play.tick("2026-03-01")
    assert acted(entries) == ["awal.pertama", "awal.kedua"]


def test_order_of_one_instant_is_inner_first_then_document_order() -> None:
    """At equal `due_at` the inner clock acts first, then the one that stands first."""
    play = Play(
        make("""
        deadlines: {terluar: {within: 3 days, kind: target}}
        states:
          awal:
            deadlines:
              luar_satu: {within: 3 days, kind: target}
              luar_dua: {within: 3 days, kind: target}
            regions:
              kiri: {initial: a, states: {a: {deadlines: {kiri: {within: 3 days, kind: target}}}}}
              kanan: {initial: a, states: {a: {deadlines: {kanan: {within: 3 days, kind: target}}}}}
            transitions: {maju: {by: [opd], to: akhir}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    assert [path.rpartition(".")[2] for path in acted(play.tick("2026-03-01"))] == [
        "kiri", "kanan", "luar_satu", "luar_dua", "terluar",
    ]  # fmt: skip


def test_order_of_one_state_is_that_of_the_text_whenever_each_was_armed() -> None:
    """A clock armed later, by its field, still stands where the author put it."""
    play = Play(
        make("""
        fields: {mulai: {type: date}}
        states:
          awal:
            deadlines:
              satu: {within: 10 days, since: mulai, kind: target}
              dua: {within: 10 days, kind: target}
            transitions: {isi: {by: [opd], fields: {required: [mulai]}}, maju: {by: [opd], to: akhir}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    play.do("isi", OPD, mulai="2026-02-02")
    assert acted(play.tick("2026-03-01")) == ["awal.satu", "awal.dua"]


def test_order_is_looked_up_again_after_each() -> None:
    """A clock whose state an earlier one leaves is stopped and never acts."""
    play = Play(
        make("""
        deadlines: {seluruh: {within: 5 days, kind: target, then: {to: lewat}}}
        states:
          awal:
            deadlines:
              sebelum: {within: 3 days, kind: target}
              sesudah: {within: 9 days, kind: target, then: {to: akhir}}
            transitions: {maju: {by: [opd], to: akhir}}
          lewat:
            deadlines: {lagi: {within: 2 days, kind: target, then: {to: akhir}}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    entries = play.tick("2026-03-01")
    assert acted(entries) == ["awal.sebelum", "seluruh", "lewat.lagi"]
    assert ("stopped", "awal.sesudah") in ops(entries[1])
    assert [entry["effective_on"] for entry in entries] == ["2026-02-05", "2026-02-07", "2026-02-09"]
    assert play.case.outcome == "selesai"


def test_catch_up_is_the_sweep_that_did_not_run() -> None:
    """A command takes what a sweep would have taken, entry by entry."""
    swept, late = then(), then()
    swept.tick("2026-02-14")
    swept.tick("2026-02-20")
    for play in (swept, late):
        play.at("2026-02-20").do("maju", OPD)
    assert swept.kinds() == late.kinds()
    assert [entry["effective_on"] for entry in swept.entries] == [
        entry["effective_on"] for entry in late.entries
    ]
    assert swept.fields == late.fields


# --- obligations ----------------------------------------------------------------------------------------


def duty(how: str, *, to: str = "", start: str = "2026-02-02", **given: Any) -> Play:
    """A case with one recurring duty."""
    return Play(
        make(f"""
        fields: {{mulai: {{type: date}}, sampai: {{type: date}}}}
        documents: {{laporan: {{title: Laporan}}}}
        open: {{by: [opd], fields: {{optional: [mulai, sampai]}}, to: awal}}
        states:
          awal:
            obligations:
              lapor: {{{how}, by: [opd], fulfilled_by: kirim, kind: target, basis: P22 ps 17}}
            transitions:
              isi: {{by: [opd], fields: {{optional: [mulai, sampai]}}}}
              kirim: {{by: [opd], documents: {{attach: [laporan]}}{to}}}
              ulang: {{by: [opd], to: self}}
              maju: {{by: [sekretariat], to: akhir}}
          akhir: {{final: true, outcome: selesai}}
        """),
        start,
    ).open(**given)


LAPOR = "awal.lapor"
HALF_YEARLY = "each_year: [06-30, 12-31], within: 14 days"


def happened(entries: list[Body]) -> list[tuple[str, str, str]]:
    """What entries say of occurrences: what, which and of which day."""
    return [
        (record["op"], record["occurrence"], entry["effective_on"])
        for entry in entries
        for record in entry.get("obligations", ())
    ]


def test_occurrence_opens_on_its_date_and_is_overdue_after_its_due_day() -> None:
    """It opens at the first instant of its day, and is overdue when the due day has ended."""
    play = duty(HALF_YEARLY)
    assert play.at("2026-06-29T23:59").tick() == []
    [opened] = play.tick("2026-06-30T00:00")
    assert opened["kind"] == "obligation_opened"
    assert opened["obligations"] == [
        {
            "op": "opened", "path": LAPOR, "occurrence": "2026-06-30",
            "due_on": "2026-07-14", "due_at": "2026-07-14T16:00:00.000000Z",
        }
    ]  # fmt: skip
    assert opened["basis"] == ["P22 ps 17"]
    assert opened["actor"] == {"id": "clock"}
    assert play.at("2026-07-14T23:59").tick() == []
    [late] = play.tick("2026-07-15T00:00")
    assert late["kind"] == "obligation_overdue"
    assert late["effective_on"] == "2026-07-14"
    assert play.tick("2026-08-01") == []


def test_occurrences_of_years_open_in_order() -> None:
    """A sweep that comes late finds each occurrence on its own day, between the others' ends."""
    play = duty(HALF_YEARLY)
    assert happened(play.tick("2027-07-01")) == [
        ("opened", "2026-06-30", "2026-06-30"), ("overdue", "2026-06-30", "2026-07-14"),
        ("opened", "2026-12-31", "2026-12-31"), ("overdue", "2026-12-31", "2027-01-14"),
        ("opened", "2027-06-30", "2027-06-30"),
    ]  # fmt: skip


def test_occurrences_every_period_never_drift() -> None:
    """Counted from the start each time: a 31st that was clamped comes back."""
    play = duty("every: 1 months, within: 5 days, since: mulai", mulai="2026-01-31")
    opened = [on for op, on, _ in happened(play.tick("2026-06-01")) if op == "opened"]
    assert opened == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]


def test_occurrences_since_a_field_begin_when_it_is_known_and_end_with_until() -> None:
    """`since` starts and `until` ends the row."""
    play = duty("every: 1 months, within: 5 days, since: mulai, until: sampai")
    assert play.case.obligations == {}
    play.do("isi", OPD, mulai="2026-02-01", sampai="2026-04-15")
    opened = [on for op, on, _ in happened(play.tick("2026-12-01")) if op == "opened"]
    assert opened == ["2026-03-01", "2026-04-01"]


def test_occurrence_met_is_the_oldest_open_one() -> None:
    """The act that fulfils a duty meets one occurrence, the oldest; overdue or not."""
    play = duty(HALF_YEARLY)
    play.tick("2027-01-05")
    play.do("kirim", OPD, "laporan")
    assert play.kinds()[-2:] == ["transition_taken", "obligation_met"]
    assert happened([play.last]) == [("met", "2026-06-30", "2027-01-05")]
    assert play.last["actor"] == play.entries[-2]["actor"]
    assert play.last["revision"] == play.entries[-2]["revision"]
    assert happened([play.do("kirim", OPD, "laporan@2").last]) == [("met", "2026-12-31", "2027-01-05")]
    assert play.do("kirim", OPD, "laporan@3").last["kind"] == "transition_taken"


def test_occurrence_not_yet_open_is_not_met_early() -> None:
    """What comes before its date meets nothing."""
    play = duty(HALF_YEARLY).do("kirim", OPD, "laporan")
    assert play.last["kind"] == "transition_taken"
    assert play.tick("2026-07-01")[0]["kind"] == "obligation_opened"


def test_occurrence_lapses_when_its_state_is_left() -> None:
    """What is open when the duty ends lapses with an entry, oldest first, by whose act it follows from."""
    play = duty(HALF_YEARLY)
    play.tick("2027-01-05")
    play.do("maju", OFFICE)
    assert play.kinds()[-3:] == ["transition_taken", "obligation_lapsed", "obligation_lapsed"]
    assert happened(play.entries[-2:]) == [
        ("lapsed", "2026-06-30", "2027-01-05"), ("lapsed", "2026-12-31", "2027-01-05"),
    ]  # fmt: skip
    assert play.last["actor"]["id"] == "budi"
    assert play.case.obligations == {}


def test_occurrence_met_by_the_act_that_ends_the_duty_does_not_lapse() -> None:
    """The last report is a report; only what it leaves open lapses."""
    play = duty(HALF_YEARLY, to=", to: akhir")
    play.tick("2027-01-05")
    play.do("kirim", OPD, "laporan")
    assert happened(play.entries[-2:]) == [
        ("met", "2026-06-30", "2027-01-05"), ("lapsed", "2026-12-31", "2027-01-05"),
    ]  # fmt: skip
    assert play.case.obligations == {}


def test_occurrence_of_a_state_left_and_entered_again_lapses() -> None:
    """A new entry begins a new row; what was open belongs to the old one."""
    play = duty(HALF_YEARLY)
    play.tick("2026-07-05")
    play.do("ulang", OPD)
    assert play.last["kind"] == "obligation_lapsed"
    assert play.case.obligations[LAPOR] == {"since": "2026-07-05", "open": []}


def test_duty_starts_and_stops_stand_in_the_step_that_brings_them_about() -> None:
    """The start is in history, so that every occurrence follows from it (decision 3)."""
    play = duty(HALF_YEARLY)
    assert play.last["obligations"] == [{"op": "started", "path": LAPOR, "occurrence": "2026-02-02"}]
    play.do("maju", OFFICE)
    assert play.last["obligations"] == [{"op": "stopped", "path": LAPOR, "occurrence": "2026-02-02"}]


def test_duty_whose_start_is_emptied_opens_no_more_and_keeps_what_is_open() -> None:
    """Without a start nothing new opens; what had opened can still be met, and lapses at the end."""
    play = duty("every: 1 months, within: 5 days, since: mulai", mulai="2026-02-01")
    play.tick("2026-03-02")
    play.do("isi", OPD, mulai=None)
    assert play.tick("2026-12-01") == []
    play.do("kirim", OPD, "laporan")
    assert play.last["kind"] == "obligation_met"
    assert play.case.obligations == {}


def test_obligations_bar_nothing() -> None:
    """An overdue duty moves nothing: an act of an earlier day may still be recorded."""
    play = duty(HALF_YEARLY)
    play.tick("2026-08-01")
    play.do("isi", OPD, mulai="2026-03-01", effective_on=date(2026, 3, 1))
    assert play.last["effective_on"] == "2026-03-01"
    assert play.case.revision == 2


# --- the days of a calendar -----------------------------------------------------------------------------


def test_calendar_of_the_case_is_that_of_its_opening() -> None:
    """A case counts with the calendars that it was opened with, by digest."""
    play = one("within: 10 working days")
    reference = play.case.calendars["indonesia"]
    assert play.entries[0]["calendars"] == {"indonesia": reference}
    assert play.case.clocks[BATAS]["calendar"]["digest"] == reference["digest"]
