"""Tables (``type: record``) from what is given to what is verified, on every store.

A table is a list of rows; each row names some of the columns. What has another form is refused, with the
row's number where it lies in a row, and nothing is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kerjasama import Actor, Case, Engine, Party, Refused
from tests.cli import Ran, run
from tests.clocks import FakeClock
from tests.reader.reader import Reader

PROCESS = """\
format: 1
workflow: rencana
version: 1
title: {id: Rencana, en: Plan}
timezone: Asia/Makassar
calendar: indonesia
roles: {opd: {title: {id: Perangkat daerah, en: Agency}}}
parties:
  pemrakarsa: {count: 1, roles: [opd]}
  mitra: {min: 1, roles: [opd]}
fields:
  rencana:
    type: record
    title: {id: Daftar rencana, en: List of plans}
    fields:
      kegiatan: {type: text, max_length: 20, title: {id: Kegiatan, en: Activity}}
      tahun: {type: integer, min: 2020, max: 2030, title: {id: Tahun, en: Year}}
      biaya: {type: money, currency: IDR, min: 0, title: {id: Biaya, en: Cost}}
      mulai: {type: date, title: {id: Mulai, en: Begins}}
      lama: {type: duration, title: {id: Lama, en: Duration}}
      jenis: {type: choice, options: {fisik: {id: Fisik, en: Works}, jasa: {id: Jasa, en: Services}}}
      selesai: {type: boolean, title: {id: Selesai, en: Done}}
  daftar_hadir:
    type: record
    personal: true
    fields: {nama: {type: text}, jabatan: {type: text}}
  sumbangan:
    type: record
    per: party
    fields: {barang: {type: text}, jumlah: {type: integer}}
rules:
  tidak_terlalu_banyak:
    check: rencana is None or len(rencana) <= 3
    message: {id: Paling banyak tiga kegiatan, en: At most three activities}
open:
  by: [pemrakarsa.opd]
  fields: {optional: [rencana, daftar_hadir]}
  rules: [tidak_terlalu_banyak]
  to: disusun
states:
  disusun:
    transitions:
      ubah:
        by: [pemrakarsa.opd]
        fields: {optional: [rencana, daftar_hadir]}
        rules: [tidak_terlalu_banyak]
      sumbang: {by: [opd], fields: {required: [sumbangan]}}
      putuskan:
        by: [pemrakarsa.opd]
        choose:
          - when: rencana is not None and len(rencana) > 1
            to: banyak
          - to: sedikit
  banyak: {final: true, outcome: banyak}
  sedikit: {final: true, outcome: sedikit}
"""

ADMIN = Actor("admin", roles=["administrator"])
OPD = Actor("rina", roles=["opd"], party="kukar")
PARTNER = Actor("sari", roles=["opd"], party="samarinda")
PARTIES = (Party("kukar", side="pemrakarsa"), Party("samarinda", side="mitra"))

FULL = {
    "kegiatan": "Pengerukan",
    "tahun": 2026,
    "biaya": "1500000.50",
    "mulai": date(2026, 3, 2),
    "lama": "6 months",
    "jenis": "fisik",
    "selesai": False,
}
SHORT = {"kegiatan": "Dermaga"}


@pytest.fixture
def engine(store_url: str, clock: FakeClock, tmp_path: Path) -> Iterator[Engine]:
    """An engine with the process of tables, in virtual time."""
    file = tmp_path / "rencana.yaml"
    file.write_text(PROCESS, encoding="utf-8")
    with Engine(store_url, tenant="kukar", clock=clock) as made:
        made.deploy(file, by=ADMIN)
        yield made


def opened(engine: Engine, **fields: Any) -> Case:
    """Open a case."""
    return engine.open("rencana", by=OPD, fields=fields, parties=PARTIES)


def refused(engine: Engine, case: Case, **fields: Any) -> str:
    """Give fields that must be refused and leave no trace; return what is said in English."""
    before = len(engine.history(case.id))
    with pytest.raises(Refused) as refusal:
        engine.fire(case.id, "ubah", by=OPD, fields=fields)
    assert refusal.value.code == "invalid-field"
    assert len(engine.history(case.id)) == before
    assert engine.case(case.id).fields == case.fields
    [reason] = refusal.value.reasons
    assert reason.message.text("id") != reason.message.text("en")
    return reason.message.text("en")


def plain(rows: Any) -> Any:
    """Rows as plain values, for comparison."""
    return [dict(row) for row in rows]


# --- given, stored, shown -----------------------------------------------------------------------------


def test_record_given_is_kept_typed_row_by_row(engine: Engine) -> None:
    """Each cell has its column's type; a column that is not given, or `None`, is not there."""
    case = opened(engine, rencana=[FULL, {**SHORT, "tahun": None}])
    first, second = plain(engine.case(case.id).fields["rencana"])
    assert first == {**FULL, "biaya": Decimal("1500000.5"), "lama": first["lama"]}
    assert str(first["lama"]) == "6 months"
    assert second == SHORT
    [entry] = engine.history(case.id)
    assert entry.body["changes"]["rencana"]["new"] == [
        {**FULL, "biaya": "1500000.5", "mulai": "2026-03-02", "lama": [6, "months"]},
        SHORT,
    ]


def test_record_changed_keeps_both_states_and_emptied_is_none(engine: Engine, clock: FakeClock) -> None:
    """A table is changed whole; history has the old rows and the new; no rows are no value."""
    case = opened(engine, rencana=[SHORT])
    clock.set(clock() + timedelta(hours=1))
    engine.fire(case.id, "ubah", by=OPD, fields={"rencana": [FULL, SHORT]})
    change = engine.history(case.id)[-1].body["changes"]["rencana"]
    assert change["old"] == [SHORT]
    assert len(change["new"]) == 2
    again = engine.fire(case.id, "ubah", by=OPD, fields={"rencana": [FULL, SHORT]})
    assert "rencana" not in engine.history(case.id)[-1].body.get("changes", {})
    assert len(again.fields["rencana"]) == 2
    engine.fire(case.id, "ubah", by=OPD, fields={"rencana": []})
    assert engine.case(case.id).fields.get("rencana") is None
    assert "new" not in engine.history(case.id)[-1].body["changes"]["rencana"]


def test_record_as_of_shows_the_rows_that_were_known(engine: Engine, clock: FakeClock) -> None:
    """A past instant shows the table of that time, typed as now."""
    case = opened(engine, rencana=[FULL])
    known_at = clock()
    clock.set(known_at + timedelta(days=3))
    engine.fire(case.id, "ubah", by=OPD, fields={"rencana": [SHORT]})
    assert plain(engine.case(case.id).fields["rencana"]) == [SHORT]
    [row] = engine.case(case.id, as_of=known_at + timedelta(hours=1)).fields["rencana"]
    assert (row["biaya"], row["mulai"]) == (Decimal("1500000.5"), date(2026, 3, 2))


def test_record_rows_shown_cannot_be_changed(engine: Engine) -> None:
    """What is shown is read only: no caller changes a case by its rows."""
    [row] = opened(engine, rencana=[SHORT]).fields["rencana"]
    assert isinstance(row, Mapping)
    with pytest.raises(TypeError):
        row["kegiatan"] = "lain"


def test_record_per_party_is_each_partys_own(engine: Engine) -> None:
    """Each party gives its own table."""
    case = opened(engine)
    engine.fire(case.id, "sumbang", by=OPD, fields={"sumbangan": [{"barang": "bus", "jumlah": 4}]})
    engine.fire(case.id, "sumbang", by=PARTNER, fields={"sumbangan": [{"barang": "halte"}]})
    kept = engine.case(case.id).fields["sumbangan"]
    assert {party: plain(rows) for party, rows in kept.items()} == {
        "kukar": [{"barang": "bus", "jumlah": 4}],
        "samarinda": [{"barang": "halte"}],
    }
    assert engine.ledger.verify().is_clean


# --- refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["Pengerukan"], "row 1: rencana is a table; 'Pengerukan' is no row"),
        ([SHORT, {}], "row 2: rencana is a table; {} is no row"),
        ([{"kegiatan": None}], "is no row"),
        ([SHORT, {"kegiatn": "x"}], "row 2: rencana: there is no column 'kegiatn'"),
        ("Pengerukan", "not a list"),
        (SHORT, "no order"),
        ([SHORT, {"tahun": 2019}], "row 2: "),
        ([{"kegiatan": "x" * 21}], "row 1: "),
        ([SHORT, SHORT, {"jenis": "lain"}], "row 3: "),
        ([{"biaya": "0.001"}], "row 1: "),
        ([SHORT, {"tahun": "2026"}], "row 2: "),
        ([SHORT, {"biaya": 0.5}], "row 2: "),
        ([SHORT, SHORT, {"mulai": "2026-02-30"}], "row 3: "),
        ([{"selesai": "ya"}], "row 1: "),
    ],
)
def test_record_of_another_form_is_refused_with_its_row(engine: Engine, rows: Any, said: str) -> None:
    """Unknown columns, empty rows, wrong values and what is no list are refused and told."""
    case = opened(engine, rencana=[SHORT])
    assert said in refused(engine, case, rencana=rows)


# --- guards ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "outcome"), [(None, "sedikit"), ([SHORT], "sedikit"), ([SHORT, FULL], "banyak")]
)
def test_record_length_decides_in_a_guard(engine: Engine, rows: Any, outcome: str) -> None:
    """`len` of a table is the number of its rows."""
    case = opened(engine, rencana=rows)
    assert engine.fire(case.id, "putuskan", by=OPD).outcome == outcome


def test_record_length_refuses_in_a_rule(engine: Engine) -> None:
    """A rule sees the rows that the command gives."""
    case = opened(engine, rencana=[SHORT])
    with pytest.raises(Refused) as refusal:
        engine.fire(case.id, "ubah", by=OPD, fields={"rencana": [SHORT] * 4})
    assert [reason.rule for reason in refusal.value.reasons] == ["tidak_terlalu_banyak"]
    engine.fire(case.id, "ubah", by=OPD, fields={"rencana": [SHORT] * 3})


# --- history, replay, verification ----------------------------------------------------------------------


def test_record_history_is_replayed_and_verified(engine: Engine) -> None:
    """The recorded commands decide the same again, and the second reader agrees with every cell."""
    case = opened(engine, rencana=[FULL], daftar_hadir=[{"nama": "Siti", "jabatan": "Camat"}])
    engine.fire(case.id, "ubah", by=OPD, fields={"rencana": [SHORT, FULL], "daftar_hadir": [{"nama": "Ani"}]})
    engine.fire(case.id, "sumbang", by=PARTNER, fields={"sumbangan": [{"barang": "bus", "jumlah": 4}]})
    engine.fire(case.id, "putuskan", by=OPD)
    assert [one.message.text("en") for one in engine.ledger.verify().findings] == []
    entries = engine.history(case.id)
    report = Reader().read([entry.text for entry in entries])
    assert [str(problem) for problem in report.problems] == []
    assert report.hashes == [entry.hash for entry in entries]


def test_record_personal_stays_out_of_history(engine: Engine) -> None:
    """A personal table is committed to as a whole: no cell of it stands in history."""
    case = opened(engine, daftar_hadir=[{"nama": "Siti Aminah", "jabatan": "Camat"}])
    assert plain(engine.case(case.id).fields["daftar_hadir"]) == [{"nama": "Siti Aminah", "jabatan": "Camat"}]
    [entry] = engine.history(case.id)
    assert "Siti" not in entry.text
    assert "Camat" not in entry.text
    assert set(entry.body["changes"]["daftar_hadir"]["new"]) == {"commit"}
    assert engine.ledger.verify().is_clean


# --- the command line -----------------------------------------------------------------------------------


class Shell:
    """The command line on this test's database."""

    def __init__(self, url: str, clock: FakeClock) -> None:
        self._database = ("--db", url, "--tenant", "kukar", "--lang", "en")
        self._clock = clock

    def __call__(self, *words: str) -> Ran:
        """Run a command in English."""
        return run(*words, *self._database, clock=self._clock)


@pytest.fixture
def shell(engine: Engine, store_url: str, clock: FakeClock) -> Shell:
    """The command line beside the engine."""
    return Shell(store_url, clock)


def test_record_given_on_the_command_line_is_the_same(engine: Engine, shell: Shell) -> None:
    """`--field rencana='{…}'` once for each row, or all rows as a JSON list."""
    case = opened(engine)
    acting = ("do", case.number, "ubah", "--as", "rina", "--role", "opd", "--party", "kukar")
    row = {"kegiatan": "Pengerukan", "tahun": 2026, "biaya": "1500000.5", "mulai": "2026-03-02"}
    fields = ("--field", f"rencana={json.dumps(row)}", "--field", f"rencana={json.dumps(SHORT)}")
    done = shell(*acting, *fields)
    assert done.status == 0, done.both
    kept = engine.case(case.id).fields["rencana"]
    assert plain(kept) == [{**row, "biaya": Decimal("1500000.5"), "mulai": date(2026, 3, 2)}, SHORT]
    assert shell(*acting, "--field", f"rencana={json.dumps([SHORT, row])}").status == 0
    assert plain(engine.case(case.id).fields["rencana"])[0] == SHORT
    wrong = shell(*acting, "--field", 'rencana={"tahun": 1999}')
    assert wrong.status != 0
    assert "2020" in wrong.both
    broken = shell(*acting, "--field", "rencana={kegiatan: x}")
    assert broken.status != 0
    assert plain(engine.case(case.id).fields["rencana"])[0] == SHORT


def test_record_shown_on_the_command_line_names_its_columns(engine: Engine, shell: Shell) -> None:
    """A table is shown row by row under the titles of its columns; one of each party too."""
    case = opened(engine, rencana=[FULL, SHORT])
    engine.fire(case.id, "sumbang", by=PARTNER, fields={"sumbangan": [{"barang": "bus", "jumlah": 4}]})
    shown = shell("case", case.number)
    assert shown.status == 0, shown.both
    text = " ".join(shown.out.split())
    assert "Activity: Pengerukan; Year: 2026" in text
    assert "/ Activity: Dermaga" in text
    assert "samarinda: barang: bus; jumlah: 4" in text


PROPOSAL = """\
usulan: rencana
who: {id: rina, roles: [opd], party: kukar}
parties: [{id: kukar, side: pemrakarsa}, {id: samarinda, side: mitra}]
open:
  rencana:
    - {kegiatan: Pengerukan, tahun: 2026, biaya: 1500000.50, mulai: 2026-03-02, selesai: false}
    - kegiatan: Dermaga
"""


def test_record_in_a_proposal_opens_the_case(engine: Engine, shell: Shell, tmp_path: Path) -> None:
    """A proposal file gives a table as a list of rows."""
    file = tmp_path / "usulan.yaml"
    file.write_text(PROPOSAL, encoding="utf-8")
    done = shell("open", "--file", str(file))
    assert done.status == 0, done.both
    [case] = engine.cases(workflow="rencana", limit=5).items
    first, second = plain(engine.case(case.id).fields["rencana"])
    assert (first["biaya"], first["selesai"], second) == (Decimal("1500000.5"), False, SHORT)


@pytest.mark.parametrize(
    ("row", "code", "line", "column"),
    [
        ("    - {kegiatan: x, tahun: banyak}", "wrong-value", 6, 28),
        ("    - {kegiatan: x, tahn: 2026}", "unknown-field", 6, 21),
        ("    - {jenis: lain}", "wrong-value", 6, 15),
        ("    - kegiatan saja", "wrong-type", 6, 7),
        ("    kegiatan: x", "wrong-type", 6, 5),
    ],
)
def test_record_in_a_proposal_is_checked_by_its_columns(
    engine: Engine, shell: Shell, tmp_path: Path, row: str, code: str, line: int, column: int
) -> None:
    """What is wrong with a row is said at its cell, and no case is opened."""
    file = tmp_path / "usulan.yaml"
    lines = PROPOSAL.splitlines()
    file.write_text("\n".join([*lines[:5], row]) + "\n", encoding="utf-8")
    done = shell("open", "--file", str(file))
    assert done.status == 3, done.both
    assert f"[{code}]" in done.both
    assert f"{file}:{line}:{column}" in done.both
    assert engine.cases(workflow="rencana", limit=5).items == ()
