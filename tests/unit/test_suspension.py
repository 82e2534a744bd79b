"""A case that stands still: which clocks stop with it, by how much they are due later, and until when."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.support import OFFICE, OPD, Play, make
from workflow.case import Command, Correct, Decision, Extend, Refusal, Resume, Suspend
from workflow.durations import Duration, Unit

TEXT = """
fields: {diterima: {type: date}, pandangan: {type: text}}
suspension: {by: [pemrakarsa.sekretariat], max_total: 20 days}
extension: {by: [pemrakarsa.sekretariat], of: [target, dapat], max_total: 9 days}
correction: {by: [pemrakarsa.sekretariat], fields: [diterima]}
states:
  awal:
    deadlines:
      target: {within: 10 days, kind: target}
      dapat: {within: 30 days, kind: statutory, suspendable: true, basis: P22 ps 8(3), then: {to: tengah}}
      hukum: {within: 12 days, kind: statutory, basis: P22 ps 12(4), then: {to: tengah}}
      janji: {within: 11 days, kind: contractual}
      surat: {within: 8 days, since: diterima, kind: target}
    obligations:
      laporan: {every: 5 days, within: 10 days, by: [opd], fulfilled_by: lapor, kind: target}
    transitions:
      lapor: {by: [opd]}
      terima: {by: [opd], fields: {required: [diterima]}}
  tengah:
    deadlines:
      lanjut: {within: 6 days, kind: target}
      putus: {within: 40 days, kind: statutory, basis: P22 ps 12(4), then: {to: akhir}}
    obligations:
      pantau: {every: 3 days, within: 2 days, by: [opd], fulfilled_by: lapor, kind: target}
    transitions:
      lapor: {by: [opd]}
  akhir: {final: true, outcome: selesai}
"""


def case(text: str = TEXT) -> Play:
    """A case opened on 2 February 2026."""
    return Play(make(text)).open()


def do(play: Play, on: str, command: Command) -> Play:
    """Act on a day, which must be accepted; everything that must hold of a decision is checked."""
    decision = play.at(on).put(command)
    assert isinstance(decision, Decision), [str(one.message) for one in decision.reasons]
    return play


def refused(play: Play, on: str, command: Command) -> str:
    """Act on a day, which must be refused; return the first code."""
    refusal = play.at(on).ask(command)
    assert isinstance(refusal, Refusal), refusal
    return refusal.code


SUSPEND, RESUME = Suspend(by=OFFICE), Resume(by=OFFICE)


def status(play: Play) -> dict[str, str]:
    """How each clock of the active states stands, by its name."""
    return {path.rpartition(".")[2]: clock["status"] for path, clock in play.case.clocks.items()}


def test_suspension_stops_targets_and_what_says_so_and_nothing_else() -> None:
    """A target stops, a statutory clock only where it says `suspendable`; others run on."""
    play = do(case(), "2026-02-04", SUSPEND)
    assert status(play) == {
        "target": "suspended", "dapat": "suspended", "hukum": "running", "janji": "running",
    }  # fmt: skip
    assert play.last["clocks"] == [
        {"op": "suspended", "path": "awal.target"}, {"op": "suspended", "path": "awal.dapat"},
    ]  # fmt: skip


def test_suspended_clock_is_due_later_by_as_long_as_it_stood_still_and_the_others_are_not() -> None:
    """Resumed, each stopped clock is due as many days later; one that ran on keeps its day."""
    play = do(case(), "2026-02-04", SUSPEND)
    before = {name: play.due(f"awal.{name}") for name in ("hukum", "janji")}
    do(play, "2026-02-11", RESUME)
    assert (play.due("awal.target"), play.due("awal.dapat")) == ("2026-02-19", "2026-03-11")
    assert {name: play.due(f"awal.{name}") for name in before} == before
    assert set(status(play).values()) == {"running"}


def test_suspendable_statutory_clock_does_not_act_while_it_stands_still() -> None:
    """Nothing happens on the day on which it would have been due; it acts on the later one."""
    text = TEXT.replace("hukum: {within: 12 days", "hukum: {within: 300 days").replace("20 days", "60 days")
    play = do(case(text), "2026-02-04", SUSPEND)
    play.tick("2026-03-20")  # it would have acted on the 5th
    assert play.states == ("awal",)
    do(play, "2026-03-20", RESUME)
    assert play.due("awal.dapat") == "2026-04-17"  # 44 days after 4 March
    play.tick("2026-04-18")
    assert (play.states, play.last["effective_on"]) == (("tengah",), "2026-04-17")


def test_suspensions_add_up_for_a_clock() -> None:
    """What stood still twice is due later by both times."""
    play = do(do(case(), "2026-02-04", SUSPEND), "2026-02-07", RESUME)
    do(do(play, "2026-02-08", SUSPEND), "2026-02-10", RESUME)
    assert play.due("awal.target") == "2026-02-17"  # 12 February and 3 and 2 days


def test_suspensions_add_up_for_an_occurrence_that_is_open() -> None:
    """An occurrence that was open in two suspensions is due later by both."""
    play = case()
    play.tick("2026-02-07")  # opened, due on the 17th
    do(do(play, "2026-02-08", SUSPEND), "2026-02-10", RESUME)
    assert [one["due_on"] for one in play.case.obligations["awal.laporan"]["open"]] == ["2026-02-19"]
    do(do(play, "2026-02-11", SUSPEND), "2026-02-13", RESUME)
    assert [one["due_on"] for one in play.case.obligations["awal.laporan"]["open"]] == ["2026-02-21"]


def test_clock_that_starts_in_a_suspension_stands_still_from_the_start() -> None:
    """A state entered by the clock of a suspended case starts its targets, and they stand still."""
    play = do(case(), "2026-02-10", SUSPEND)
    play.tick("2026-02-15")  # the statutory clock of the 14th
    assert play.states == ("tengah",)
    assert status(play) == {"lanjut": "suspended", "putus": "running"}
    do(play, "2026-02-18", RESUME)
    assert play.due("tengah.lanjut") == "2026-02-24"  # 6 days after the 18th, since it began to run then
    assert play.due("tengah.putus") == "2026-03-26"


def test_clock_started_in_a_suspension_by_a_correction_stands_still() -> None:
    """A field that is corrected in a suspension starts its clock, which stands still until it is resumed."""
    play = do(case(), "2026-02-04", SUSPEND)
    do(play, "2026-02-06", Correct(by=OFFICE, fields={"diterima": "2026-02-01"}))
    assert status(play)["surat"] == "suspended"
    do(play, "2026-02-10", RESUME)
    assert play.due("awal.surat") == "2026-02-15"  # 9 February, and the six days since the 4th


def test_duty_that_begins_in_a_suspension_owes_nothing_for_its_time() -> None:
    """Occurrences of a state entered in a suspension count from its entry; those within it never open."""
    play = do(case(), "2026-02-10", SUSPEND)
    play.tick("2026-02-15")
    do(play, "2026-02-22", RESUME)
    assert play.case.obligations["tengah.pantau"] == {
        "since": "2026-02-14", "open": [], "through": "2026-02-20",
    }  # fmt: skip
    play.tick("2026-02-23T10:00")
    assert [one["occurrence"] for one in play.case.obligations["tengah.pantau"]["open"]] == ["2026-02-23"]


def test_clock_extended_while_it_stands_still_goes_on_standing_still() -> None:
    """An extension adds to the due day of a stopped clock; only resuming lets it run."""
    play = do(case(), "2026-02-04", SUSPEND)
    do(play, "2026-02-05", Extend(by=OFFICE, deadline="target", within=Duration(5, Unit.DAYS)))
    assert status(play)["target"] == "suspended"
    play.tick("2026-02-14")
    assert status(play)["target"] == "suspended"
    do(play, "2026-02-14", RESUME)
    assert play.due("awal.target") == "2026-02-27"  # 12 and 5 and 10 days


def test_suspensions_together_last_no_longer_than_the_definition_gives() -> None:
    """`max_total` is of all suspensions: the clock resumes the second when both have taken it."""
    play = do(do(case(), "2026-02-03", SUSPEND), "2026-02-05", RESUME)
    do(play, "2026-02-06", SUSPEND)
    play.tick("2026-02-23")
    assert play.case.suspension is not None
    resumed = play.tick("2026-02-24")[0]
    assert (resumed["kind"], resumed["actor"]) == ("case_resumed", {"id": "clock"})
    assert resumed["effective_on"] == "2026-02-24"  # 2 and 18 days
    assert play.case.suspended_days == 20
    assert refused(play, "2026-02-25", SUSPEND) == "not-enabled"


def test_suspension_without_max_total_lasts_until_it_is_resumed() -> None:
    """Nothing bounds it: no clock resumes it, and what stood still is due as much later."""
    text = TEXT.replace(", max_total: 20 days}", "}").replace(
        "hukum: {within: 12 days", "hukum: {within: 9 years"
    )
    play = do(case(text), "2026-02-04", SUSPEND)
    play.tick("2027-02-04")
    assert play.case.suspension is not None
    do(play, "2027-02-04", RESUME)
    assert play.due("awal.target") == "2027-02-12"


def test_suspension_of_which_the_time_was_up_before_an_act_has_ended_for_it() -> None:
    """An act after the last day finds the case resumed, whether or not a sweep ran."""
    play = do(case(TEXT.replace("hukum: {within: 12 days", "hukum: {within: 9 years")), "2026-02-04", SUSPEND)
    play.at("2026-03-01").do("terima", OPD, diterima="2026-03-01")
    assert play.kinds()[-2:] != ["case_suspended", "transition_taken"]
    assert "case_resumed" in play.kinds()
    assert play.last["kind"] == "transition_taken"


@pytest.mark.parametrize("kind", ["statutory", "contractual", "target"])
def test_suspension_stops_every_duty_whatever_its_kind(kind: str) -> None:
    """Of deadlines the kind decides; an obligation stands still in any case: nothing opens or is overdue."""
    text = TEXT.replace("fulfilled_by: lapor, kind: target}", f"fulfilled_by: lapor, kind: {kind}}}", 1)
    play = case(text)
    play.tick("2026-02-07")  # opened, due on the 17th
    do(play, "2026-02-08", SUSPEND)
    play.tick("2026-02-20")
    assert "obligation_overdue" not in play.kinds()
    assert play.kinds().count("obligation_opened") == 1


def test_suspension_resumed_on_its_day_moves_nothing() -> None:
    """Stopped and resumed on one day, no clock has stood still."""
    play = case()
    before: dict[str, Any] = {path: clock["due_on"] for path, clock in play.case.clocks.items()}
    do(do(play, "2026-02-04", SUSPEND), "2026-02-04T15:00", RESUME)
    assert {path: clock["due_on"] for path, clock in play.case.clocks.items()} == before
    assert play.case.suspended_days == 0


def test_correction_keeps_what_a_clock_was_extended_by_and_how_long_it_stood_still() -> None:
    """Counted anew from another start, a clock keeps what it was given, before its extension and after."""
    text = TEXT.replace("of: [target, dapat]", "of: [surat]")
    play = case(text).do("terima", OPD, diterima="2026-02-02")  # due on the 10th
    do(do(play, "2026-02-03", SUSPEND), "2026-02-05", RESUME)
    do(play, "2026-02-05", Extend(by=OFFICE, deadline="surat", within=Duration(4, Unit.DAYS)))
    do(do(play, "2026-02-06", SUSPEND), "2026-02-09", RESUME)
    assert play.due("awal.surat") == "2026-02-19"  # 2 and 4 and 3 days
    do(play, "2026-02-10", Correct(by=OFFICE, fields={"diterima": "2026-02-01"}))
    assert play.due("awal.surat") == "2026-02-18"


@pytest.mark.parametrize("unit", ["months", "working days"])
def test_extensions_of_another_unit_than_their_bound_never_fit(unit: str) -> None:
    """`max_total: 9 days` says nothing of months or working days, so none may be given."""
    within = Duration(1, Unit(unit.replace(" ", "_")))
    code = refused(case(), "2026-02-04", Extend(by=OFFICE, deadline="target", within=within))
    assert code == "rule-failed"


def test_extension_of_a_statutory_clock_moves_when_it_acts() -> None:
    """An extended clock acts on the extended day, and extensions together stay within `max_total`."""
    text = TEXT.replace("of: [target, dapat]", "of: [hukum]")
    nine = Extend(by=OFFICE, deadline="hukum", within=Duration(9, Unit.DAYS))
    play = do(case(text), "2026-02-14", nine)
    assert play.due("awal.hukum") == "2026-02-23"
    one = Extend(by=OFFICE, deadline="hukum", within=Duration(1, Unit.DAYS))
    assert refused(play, "2026-02-14", one) == "rule-failed"
    play.tick("2026-02-23")
    assert play.states == ("awal",)
    play.tick("2026-02-24")
    assert (play.states, play.last["effective_on"]) == (("tengah",), "2026-02-23")
