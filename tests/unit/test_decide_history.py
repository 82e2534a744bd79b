"""The drafts have the keys, order and revisions of history format 1."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest

from tests.unit import played
from tests.unit.played import HEAD, KINDS, OPD, PARTNER, SECRETARIAT
from tests.unit.support import Play, make, sealed_of
from workflow.case import SEMANTICS, Body
from workflow.definition import Definition
from workflow.time.deadlines import later_instant

ALWAYS = {
    *("v", "tenant", "case", "seq", "revision", "kind", "recorded_at", "effective_on", "clock", "engine"),
    *("definition", "actor"),
}
SAID = {"request", "comment", "reason", "facts", "rules", "basis"}
STEP = {"changes", "documents", "clocks", "obligations", "outcome"}

KEYS: dict[str, tuple[set[str], set[str]]] = {
    "case_opened": ({"number", "to"}, {"parties", "calendars"} | SAID | STEP),
    "transition_taken": ({"trigger", "from", "to"}, SAID | STEP),
    "consent_given": ({"trigger", "votes"}, {"changes"} | SAID),
    "consent_withdrawn": ({"trigger", "votes"}, SAID),
    "consent_voided": ({"trigger"}, set()),
    "clock_fired": ({"from", "to", "clocks"}, {"changes", "obligations", "outcome", "basis"}),
    "deadline_expired": ({"clocks"}, {"basis"}),
    **dict.fromkeys(
        ("obligation_opened", "obligation_met", "obligation_overdue", "obligation_lapsed"),
        ({"obligations"}, {"basis"}),
    ),
}
"""Kind → the keys that an entry of it has besides those of all, and those that it may have."""


@cache
def entries() -> tuple[Body, ...]:
    """The entries of two cases that meet every kind between them."""
    return (*played.ended().entries, *played.cancelled().entries)


def test_every_kind_of_this_slice_is_played() -> None:
    """What is said of all kinds is tried on all kinds."""
    assert {entry["kind"] for entry in entries()} == set(KINDS) == KEYS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_entry_has_the_keys_of_its_kind(kind: str) -> None:
    """Each key stands where the format says, and nowhere else."""
    needed, possible = KEYS[kind]
    for entry in entries():
        if entry["kind"] == kind:
            assert entry.keys() >= ALWAYS | needed
            assert entry.keys() <= ALWAYS | needed | possible


def test_entry_holds_nothing_empty() -> None:
    """An absent key is the null: no empty object, list or text stands in a draft."""
    for entry in entries():
        for key, value in entry.items():
            assert value not in (None, [], {}, (), ""), key


def test_entries_seal_into_the_restricted_model() -> None:
    """Sealing refuses what the model does not have; these it takes."""
    assert len(sealed_of(played.ended().entries).entries) == len(played.ended().entries)


def test_entry_names_engine_definition_and_clock() -> None:
    """Software, semantics, definition and the kind of time stand in every entry."""
    definition: Definition = played.opened().process.definition
    for entry in entries():
        assert entry["engine"]["semantics"] == SEMANTICS
        assert entry["definition"] == {
            "workflow": definition.workflow, "version": definition.version, "digest": definition.digest,
        }  # fmt: skip
        assert entry["clock"] == "virtual"


def test_recorded_at_rises_by_at_least_a_microsecond() -> None:
    """Several entries of one command, or of a clock that stands still, are still in order."""
    play = played.ended()
    for before, after in pairwise(play.entries):
        assert after["recorded_at"] >= later_instant(before["recorded_at"])
        assert after["seq"] == before["seq"] + 1


@pytest.mark.parametrize("now", ["2026-02-02T09:00", "2026-02-02T08:59", "2026-02-02T00:00"])
def test_recorded_at_never_runs_back_with_the_hosts_clock(now: str) -> None:
    """A host whose clock is behind writes after the last entry all the same, and legally."""
    play = played.opened()
    recorded = play.last["recorded_at"]
    play.at(now).do("perbaiki", OPD, manfaat="x")
    assert play.last["recorded_at"] == later_instant(recorded)


def test_time_of_a_case_is_that_of_its_entries() -> None:
    """What is ripe is judged at the instant recorded: two hosts with different clocks agree."""
    process = make("""
    states:
      awal:
        deadlines: {batas: {within: 0 days, kind: target, then: {to: tengah}}}
        transitions: {catat: {by: [opd]}, maju: {by: [opd], to: tengah}}
      tengah: {transitions: {maju: {by: [opd], to: akhir}}}
      akhir: {final: true, outcome: selesai}
    """)
    play = Play(process, "2026-02-02T23:59").open()
    play.at("2026-02-02T23:59")
    play.now = play.now.replace(second=59, microsecond=999_999)
    play.do("catat", OPD)  # recorded one microsecond before midnight
    # The next microsecond is midnight, under which an act would be recorded: the clock acts before it.
    assert play.codes("maju", OPD) == ["clock-already-acted"]
    [fired] = play.tick()
    assert fired["recorded_at"] == "2026-02-02T16:00:00.000000Z"
    assert play.at("2026-02-03").do("maju", OPD).last["from"] == ["tengah"]


@pytest.mark.parametrize("kind", KINDS)
def test_revision_rises_with_what_changes_the_case_and_nothing_else(kind: str) -> None:
    """Configuration, fields, documents or votes raise it by one; deadlines and duties alone do not."""
    for play in (played.ended(), played.cancelled()):
        revision = 0
        for entry in play.entries:
            if entry["kind"] == kind:
                is_change = (
                    entry["kind"] in ("case_opened", "consent_given", "consent_withdrawn", "consent_voided")
                    or entry.get("from") != entry.get("to")
                    or "changes" in entry
                    or "documents" in entry
                )
                assert entry["revision"] == revision + is_change
            revision = entry["revision"]


def test_internal_transition_stays_where_it_is() -> None:
    """`from` equals `to`, and no clock is touched."""
    play = played.opened().do("perbaiki", OPD, nilai="1")
    assert play.last["from"] == play.last["to"] == ["penyusunan"]
    assert "clocks" not in play.last


def test_step_with_follow_ups_is_one_entry_to_where_it_came_to_rest() -> None:
    """`always` and `done` belong to the step."""
    play = played.to_implementation()
    filed = play.last
    assert filed["from"] == ["pengarsipan"]
    assert filed["to"] == ["pelaksanaan.dibiayai"]
    gate = next(entry for entry in play.entries if entry["kind"] == "clock_fired")
    assert gate["to"] == ["penandatanganan"]
    assert gate["from"] == ["menuju_kb.dprd.di_dprd", "menuju_kb.naskah.siap"]


def test_paths_stand_in_document_order() -> None:
    """Active leaves are listed as the text lists them."""
    play = played.to_council()
    assert play.last["to"] == ["menuju_kb.dprd.surat", "menuju_kb.naskah.dirancang"]


def test_entries_of_a_command_stand_in_the_order_of_the_format() -> None:
    """Clocks first, the own entry, then what it met; only the own entry has the request."""
    play = played.to_implementation()
    before = len(play.entries)
    play.at("2026-07-20").do("kirim_laporan", OPD, "laporan", request_id="r-9")
    assert play.kinds(before) == [
        "obligation_opened", "obligation_overdue", "transition_taken", "obligation_met",
    ]  # fmt: skip
    assert [entry.get("request") for entry in play.entries[before:]] == [None, None, "r-9", None]
    effective = [entry["effective_on"] for entry in play.entries[before:]]
    assert effective == ["2026-06-30", "2026-07-14", "2026-07-20", "2026-07-20"]


def test_last_yes_is_a_vote_followed_by_the_transition() -> None:
    """The vote carries the party's own values; the transition documents and configuration."""
    play = played.to_signature().do("tandatangani", HEAD, nomor_kb="K/1")
    before = len(play.entries)
    play.do("tandatangani", PARTNER, "kb", nomor_kb="S/1", request_id="r-2", comment="Setuju")
    vote, taken = play.entries[before:]
    assert (vote["kind"], taken["kind"]) == ("consent_given", "transition_taken")
    assert vote["changes"] == {"nomor_kb": {"samarinda": {"new": "S/1"}}}
    assert vote["votes"][0]["about"] == {"rancangan_kb": list(play.case.documents["rancangan_kb"])}
    assert "documents" in taken
    assert taken["revision"] == vote["revision"] + 1
    assert {"request", "comment"} & taken.keys() == set()
    assert {"request", "comment"} <= vote.keys()


def test_end_of_a_case_stands_in_its_last_step() -> None:
    """The entry that ends the case carries the outcome and stops every clock."""
    play = played.ended()
    final = next(entry for entry in play.entries if "outcome" in entry)
    assert final["outcome"] == "berakhir"
    assert final["effective_on"] == "2027-07-05"
    assert final["clocks"][-1] == {"op": "stopped", "path": "pelaksanaan.akhir"}
    assert play.case.closed_at == final["recorded_at"]
    lapsed = play.entries[play.entries.index(final) + 1 :]
    assert {entry["kind"] for entry in lapsed} == {"obligation_lapsed"}
    assert {entry["effective_on"] for entry in lapsed} == {"2027-07-05"}


def test_basis_is_that_of_branch_then_or_handler() -> None:
    """The article of the branch taken, else of the transition."""
    play = Play(
        make("""
        fields: {n: {type: integer}}
        states:
          awal:
            transitions:
              maju:
                by: [opd]
                basis: P22 ps 7
                fields: {required: [n]}
                choose:
                  - when: n > 5
                    to: awal
                    basis: [P22 ps 8(3)-(4), P22 ps 9]
                  - to: akhir
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    assert play.do("maju", OPD, n=9).last["basis"] == ["P22 ps 8(3)-(4)", "P22 ps 9"]
    assert play.do("maju", OPD, n=1).last["basis"] == ["P22 ps 7"]


def test_actor_recorded_has_recorder_and_no_id() -> None:
    """Who decided and who wrote it down are kept apart."""
    recorded = [entry["actor"] for entry in entries() if "recorder" in entry["actor"]]
    assert recorded
    for actor in recorded:
        assert "id" not in actor
        assert actor["recorder"]["id"] == SECRETARIAT.id
    assert {entry["actor"]["id"] for entry in entries() if entry["kind"] == "clock_fired"} == {"clock"}
    assert {entry["actor"]["id"] for entry in entries() if entry["kind"] == "consent_voided"} == {"engine"}
