"""Opening a case: by whom, with which parties, with what, and where it starts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.unit.support import CASE, COUNCIL, HEAD, OFFICE, PARTIES, Play, check_texts, make
from workflow.case import Actor, Party, Personal, Refusal
from workflow.step.environment import FactsNeeded

TEXT = """
in_force: {from: 2020-04-14, until: 2027-12-31}
fields:
  judul: {type: text}
  jenis: {type: choice, options: {a: A, b: B, c: C}}
  orang: {type: person, personal: true}
documents: {usulan: {title: Usulan}}
facts: {pagu: {type: boolean}}
rules: {ada: {check: pagu, message: Tanpa pagu, basis: P22 ps 11(1)}}
open:
  by: [pemrakarsa.opd, dprd]
  fields: {required: [judul, jenis], optional: [orang]}
  documents: {attach: [usulan]}
  rules: [ada]
  basis: P22 ps 7
  choose:
    - when: jenis == 'a'
      to: awal
    - when: jenis == 'b'
      to: lain
      set: {judul: "'B'"}
states:
  awal: {transitions: {maju: {by: [opd], to: akhir}}}
  lain: {transitions: {maju: {by: [opd], to: akhir}}}
  akhir: {final: true, outcome: selesai}
"""
GIVEN = {"judul": "Angkutan", "jenis": "a"}


def fresh(now: str = "2026-02-02", **facts: Any) -> Play:
    """A case about to be opened."""
    play = Play(make(TEXT), now)
    play.facts = {"pagu": True, **facts}
    return play


def refused(play: Play, *documents: str, **given: Any) -> list[str]:
    """Open, which must be refused; return the codes."""
    refusal = play.try_open(*documents, **given)
    assert isinstance(refusal, Refusal), refusal
    assert refusal.trigger == "@open"
    check_texts(refusal)
    assert play.state is None
    return [reason.code for reason in refusal.reasons]


def test_open_writes_one_entry_with_everything_that_the_case_begins_with() -> None:
    """The opening carries number, parties, calendars, and what every entry of a command carries."""
    play = fresh().open("usulan", **GIVEN, orang="Siti", comment="Segera", request_id="r-1")
    [entry] = play.entries
    assert entry["kind"] == "case_opened"
    assert (entry["seq"], entry["revision"]) == (1, 1)
    assert entry["number"] == "contoh/2026/1"
    assert entry["parties"] == [
        {"id": "kukar", "side": "pemrakarsa", "name": Personal("Kutai Kartanegara")},
        {"id": "samarinda", "side": "mitra"},
    ]
    assert list(entry["calendars"]) == ["indonesia"]
    assert entry["to"] == ["awal"]
    assert "from" not in entry
    assert "trigger" not in entry
    assert entry["request"] == "r-1"
    assert entry["comment"] == Personal("Segera")
    assert entry["facts"] == {"pagu": True}
    assert entry["rules"] == [{"id": "ada", "ok": True}]
    assert entry["basis"] == ["P22 ps 7"]
    assert entry["changes"]["orang"] == {"new": Personal("Siti")}
    assert play.case.id == CASE
    assert play.case.opened_at == entry["recorded_at"]


def test_open_starts_where_the_first_true_branch_says() -> None:
    """`choose` reads the fields of the proposal, and its `set` is written."""
    play = fresh().open("usulan", judul="Angkutan", jenis="b")
    assert play.states == ("lain",)
    assert play.fields["judul"] == "B"


def test_open_without_a_true_branch_is_refused() -> None:
    """There is nowhere to start."""
    assert refused(fresh(), "usulan", judul="Angkutan", jenis="c") == ["no-branch"]


def test_open_by_whom_may_not_is_refused() -> None:
    """Opening has its `by` as every transition."""
    assert refused(fresh(), "usulan", by=HEAD, **GIVEN) == ["wrong-role"]
    assert refused(fresh(), "usulan", by=Actor("clock", roles=["opd"], party="kukar"), **GIVEN) == [
        "wrong-role"
    ]
    partner = Actor("sari", roles=["opd"], party="samarinda")
    assert refused(fresh(), "usulan", by=partner, **GIVEN) == ["wrong-party"]
    fresh().open("usulan", by=COUNCIL, **GIVEN)


def test_open_recorded_for_another_keeps_both() -> None:
    """A council's proposal may be recorded by whom its role allows."""
    play = fresh().open("usulan", by=OFFICE, as_role="dprd", **GIVEN)
    assert play.last["actor"]["recorder"]["id"] == "budi"


@pytest.mark.parametrize(
    "parties",
    [
        (), PARTIES[:1], PARTIES[1:], [*PARTIES, Party("kukar2", side="pemrakarsa")],
        [*PARTIES, *(Party(f"m{n}", side="mitra") for n in range(4))],
        [*PARTIES, Party("samarinda", side="mitra")], [*PARTIES, Party("x", side="pengamat")],
        [PARTIES[0], Party("", side="mitra")], [PARTIES[0], Party("kukár", side="mitra")],
        [PARTIES[0], Party("a\nb", side="mitra")],
    ],
)  # fmt: skip
def test_open_with_parties_that_do_not_fit_is_refused(parties: Any) -> None:
    """Each side has as many parties as it takes, each party stands once, on a side that exists."""
    codes = refused(fresh(), "usulan", parties=parties, **GIVEN)
    assert codes
    assert set(codes) == {"wrong-party"}


def test_open_with_as_many_parties_as_a_side_takes_is_accepted() -> None:
    """The bounds of a side are its own."""
    many = [*PARTIES, *(Party(f"m{n}", side="mitra") for n in range(3))]
    assert len(fresh().open("usulan", parties=many, **GIVEN).case.parties) == 5


def test_open_without_what_is_asked_is_refused_with_all_of_it() -> None:
    """Fields, documents and rules are told together."""
    codes = refused(fresh(pagu=False), jenis="z", salah=1)
    assert codes == ["invalid-field", "invalid-field", "missing-field", "missing-document", "rule-failed"]


def test_open_needs_the_facts_that_its_rules_read() -> None:
    """Facts are asked before the step."""
    play = Play(make(TEXT))
    with pytest.raises(FactsNeeded):
        play.try_open("usulan", **GIVEN)


@pytest.mark.parametrize(
    ("on", "is_in_force"), [("2020-04-13", False), ("2020-04-14", True), ("2027-12-31", True)]
)
def test_open_on_a_day_outside_the_definitions_force_is_refused(on: str, is_in_force: bool) -> None:
    """A definition is in force from a day, and until one; what counts is the day of the opening."""
    given = {**GIVEN, "effective_on": date.fromisoformat(on)}
    if is_in_force:
        fresh("2027-12-31").open("usulan", **given)
    else:
        assert refused(fresh("2027-12-31"), "usulan", **given) == ["not-enabled"]
    assert refused(fresh("2028-01-01"), "usulan", **GIVEN) == ["not-enabled"]


def test_open_effective_later_than_today_is_refused_and_earlier_is_kept() -> None:
    """A case may be recorded after it began, and its clocks count from then."""
    assert refused(fresh(), "usulan", effective_on=date(2026, 2, 3), **GIVEN) == ["effective-in-future"]
    play = fresh().open("usulan", effective_on=date(2026, 1, 5), **GIVEN)
    assert play.last["effective_on"] == play.case.stepped_on == "2026-01-05"
    assert play.last["recorded_at"] > "2026-02"


def test_open_into_an_end_closes_the_case_at_once() -> None:
    """A proposal may be decided by its opening."""
    play = Play(
        make("""
        fields: {ya: {type: boolean}}
        open:
          by: [opd]
          fields: {required: [ya]}
          choose:
            - when: ya
              to: awal
            - to: ditolak
        states:
          awal: {transitions: {maju: {by: [opd], to: ditolak}}}
          ditolak: {final: true, outcome: ditolak}
        """)
    ).open(ya=False)
    assert play.case.outcome == play.last["outcome"] == "ditolak"
    assert play.case.closed_at == play.last["recorded_at"]


def test_open_starts_the_clocks_of_every_state_entered() -> None:
    """Also those of the workflow itself."""
    play = Play(
        make("""
        deadlines: {seluruh: {within: 9 days, kind: target}}
        states:
          awal:
            deadlines: {batas: {within: 3 days, kind: target}}
            transitions: {maju: {by: [opd], to: akhir}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open(effective_on=date(2026, 1, 30))
    assert [record["path"] for record in play.last["clocks"]] == ["seluruh", "awal.batas"]
    assert play.due("awal.batas") == "2026-02-02"


def test_open_per_party_value_is_that_of_the_opening_party() -> None:
    """A plain value given at opening is the proposer's."""
    play = Play(
        make("""
        fields: {nomor: {type: text, per: party}}
        open: {by: [opd], fields: {required: [nomor]}, to: awal}
        states:
          awal: {transitions: {maju: {by: [opd], to: akhir}}}
          akhir: {final: true, outcome: selesai}
        """)
    )
    assert play.open(nomor="K/1").fields == {"nomor": {"kukar": "K/1"}}


def test_open_without_parties_works_where_there_are_no_sides() -> None:
    """A definition without sides has roles outside them only."""
    play = Play(
        make("""
        roles: {opd: {title: OPD}}
        parties: {}
        open: {by: [opd], to: awal}
        states:
          awal: {transitions: {maju: {by: [opd], to: akhir}}}
          akhir: {final: true, outcome: selesai}
        """)
    ).open(parties=())
    assert "parties" not in play.last
    assert play.do("maju", Actor("siapa", roles=["opd"])).case.outcome == "selesai"
