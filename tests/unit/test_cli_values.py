"""From words and files to values, and from values to lines on a terminal."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.cli.failures import CommandProblem, FileRejected
from engine.cli.proposals import fields_of, read_proposal
from engine.cli.session import Session
from engine.cli.showing import described, moment, table, value
from engine.cli.values import attachments, filters, from_words, typed
from tests.places import DEFINITIONS
from workflow.definition import Definition, Field, FieldType, Label
from workflow.loading.catalogues import FileNotResolved
from workflow.loading.loader import load_definition
from workflow.source.text import Mapping as TextMapping
from workflow.source.text import Parsed, parse

PROCESS = """
format: 1
workflow: surat
version: 1
title: Surat
timezone: Asia/Makassar
calendar: indonesia
roles: {arsiparis: {title: Arsiparis}}
parties: {dinas: {min: 1, roles: [arsiparis]}}
fields:
  perihal: {type: text}
  jumlah: {type: integer}
  biaya: {type: money, currency: IDR}
  penting: {type: boolean}
  jenis: {type: choice, many: true, options: {a: A, b: B}}
  nomor: {type: text, per: party}
  tanggal: {type: date}
open:
  by: [dinas.arsiparis]
  fields: {optional: [perihal, jumlah, biaya, penting, jenis, nomor, tanggal]}
  to: dicatat
states:
  dicatat:
    fields: {lengkap: {type: boolean}, paraf: {type: integer, per: party}}
    transitions:
      tutup: {by: [dinas.arsiparis], fields: {optional: [lengkap, paraf]}, to: selesai}
  selesai: {final: true, outcome: selesai}
"""


class _Nothing:
    def read(self, relative_path: str, from_file: str) -> tuple[str, bytes]:
        raise FileNotResolved(path=relative_path, reason="missing")


@pytest.fixture(scope="module")
def definition() -> Definition:
    """A process with a field of each kind that words must be told for."""
    loaded = load_definition((PROCESS, "surat.yaml"), resolve=_Nothing())
    assert loaded.definition is not None, loaded.diagnostics
    return loaded.definition


def _file(text: str) -> Parsed:
    return parse(text, file="usulan.yaml")


def test_words_are_typed_by_their_fields(definition: Definition) -> None:
    """`name=value` becomes the value that the field takes; lists and parties are told apart."""
    words = ["perihal=12", "jumlah=12", "biaya=1500.50", "penting=true", "jenis=a", "nomor.kukar=1/K"]
    assert from_words(definition, words) == {
        "perihal": "12",
        "jumlah": 12,
        "biaya": "1500.50",
        "penting": True,
        "jenis": ["a"],
        "nomor": {"kukar": "1/K"},
    }
    assert from_words(definition, ["jenis=a", "jenis=b", "perihal=x=y", "jumlah="]) == {
        "jenis": ["a", "b"],
        "perihal": "x=y",
        "jumlah": None,
    }


def test_words_that_do_not_fit_stay_for_the_engine_to_refuse(definition: Definition) -> None:
    """What has not the form of its field is handed on as text, and so is an unknown field."""
    assert from_words(definition, ["jumlah=banyak", "penting=mungkin", "lain=1"]) == {
        "jumlah": "banyak",
        "penting": "mungkin",
        "lain": "1",
    }
    quoted = Field(name="penting", type=FieldType.BOOLEAN)
    assert typed(quoted, "true", is_plain=False) == "true"


@pytest.mark.parametrize("word", ["perihal", "=x", ""])
def test_words_without_a_name_or_sign_are_errors(definition: Definition, word: str) -> None:
    """A word that is no NAME=VALUE is said, for fields, documents and conditions."""
    for read in (
        lambda: from_words(definition, [word]),
        lambda: attachments([word]),
        lambda: filters(definition.fields, [word]),
    ):
        with pytest.raises(CommandProblem) as problem:
            read()
        assert problem.value.exit_status == 2
        assert problem.value.text("id") != problem.value.text("en")


def test_filters_are_in_the_form_of_history(definition: Definition) -> None:
    """A condition is compared as history keeps values: money in normal form, truth as truth."""
    asked = filters(definition.fields, ["biaya=1500.50", "penting=false", "jenis=a", "tanggal=2026-02-02"])
    assert asked == {"biaya": "1500.5", "penting": False, "jenis": "a", "tanggal": "2026-02-02"}


def test_proposal_says_who_for_whom_and_what(definition: Definition) -> None:
    """A proposal brings who, parties, fields and documents, and sections of triggers."""
    proposal = read_proposal(
        _file(
            "usulan: surat\n"
            "who: {id: rina, roles: [arsiparis], party: kukar}\n"
            "parties: [{id: kukar, side: dinas, name: Kukar}]\n"
            "open: {perihal: Undangan, jumlah: 3, jenis: [a, b], nomor: {kukar: 1/K}, penting: true}\n"
            "documents: {lampiran: [a.pdf, b.pdf]}\n"
            "tutup: {perihal: Selesai}\n"
        )
    )
    assert proposal.workflow == "surat"
    assert proposal.who is not None
    assert (proposal.who.id, proposal.who.roles, proposal.who.party) == ("rina", ("arsiparis",), "kukar")
    assert [(party.id, party.side, party.name) for party in proposal.parties] == [("kukar", "dinas", "Kukar")]
    assert proposal.documents == {"lampiran": ("a.pdf", "b.pdf")}
    assert set(proposal.sections) == {"open", "tutup"}
    assert fields_of(proposal.parsed, proposal.sections["open"], definition) == {
        "perihal": "Undangan",
        "jumlah": 3,
        "jenis": ["a", "b"],
        "nomor": {"kukar": "1/K"},
        "penting": True,
    }


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("parties: []\n", "missing-key", 1, 1),
        ("- a\n", "wrong-type", 1, 1),
        ("usulan: surat\nparties: kukar\n", "wrong-type", 2, 10),
        ("usulan: surat\nparties:\n  - {id: kukar, sdie: dinas}\n", "unknown-key", 3, 17),
        ("usulan: surat\nwho: {roles: [a]}\n", "missing-key", 2, 6),
        ("usulan: surat\nopne: x\n", "unknown-key", 2, 1),
        ("usulan: surat\nopen: [a]\n", "wrong-type", 2, 1),
        ("usulan: surat\ndocuments: {kak: {}}\n", "empty-value", 2, 13),
    ],
)
def test_proposal_of_another_form_is_rejected_with_its_place(
    text: str, code: str, line: int, column: int
) -> None:
    """Whatever is wrong with a proposal is said with line and column."""
    with pytest.raises(FileRejected) as rejected:
        read_proposal(_file(text))
    found = [(one.code, one.line, one.column) for one in rejected.value.diagnostics]
    assert (code, line, column) in found
    assert rejected.value.exit_status == 3


def test_proposal_fields_are_checked_with_their_places(definition: Definition) -> None:
    """Unknown fields and values of another form are all told, where they stand."""
    proposal = read_proposal(
        _file("usulan: surat\nopen:\n  perihl: x\n  jumlah: banyak\n  jenis: [a, c]\n  tanggal: 2026-02-30\n")
    )
    with pytest.raises(FileRejected) as rejected:
        fields_of(proposal.parsed, proposal.sections["open"], definition)
    assert [(one.code, one.line, one.column) for one in rejected.value.diagnostics] == [
        ("unknown-field", 3, 3),
        ("wrong-value", 4, 11),
        ("wrong-value", 5, 14),
        ("wrong-value", 6, 12),
    ]
    assert "perihal" in (rejected.value.diagnostics[0].help or "")


def test_shipped_proposal_fits_its_definition() -> None:
    """The example has nothing wrong with it."""
    path = DEFINITIONS / "examples" / "usulan_kukar_samarinda.yaml"
    proposal = read_proposal(parse(path.read_bytes(), file=path.name))
    assert proposal.workflow == "ksdd"
    assert {party.id for party in proposal.parties} == {"kukar", "samarinda"}


# --- what is shown -----------------------------------------------------------------------------------


def test_table_aligns_wide_characters_and_shows_hidden_ones() -> None:
    """Columns stand under each other whatever the characters, and nothing can move the cursor."""
    plain = list(table((), [["a", "1"], ["中文", "2"], ["\x1b[2Jx", "3"]]))
    assert plain[0] == "a" + " " * (len("<U+001B>[2Jx") + 1) + "1"
    assert plain[1].startswith("中文") and plain[1].endswith("2")
    assert "\x1b" not in plain[2]


def test_described_wraps_what_does_not_fit() -> None:
    """A long text stands below its name, within the width of the page."""
    lines = list(described([("Judul", "kata " * 60), ("Nilai", "1")], "  "))
    assert lines[0] == "  Judul:"
    assert all(len(line) <= 100 for line in lines)
    assert lines[-1] == "  Nilai: 1"
    assert list(described([("Catatan", "satu\ndua")])) == ["Catatan:", "    satu", "    dua"]


@pytest.mark.parametrize(
    ("language", "zone", "shown"),
    [
        ("id", "Asia/Jakarta", "Senin, 2 Februari 2026 08:05 WIB"),
        ("id", "Asia/Makassar", "Senin, 2 Februari 2026 09:05 WITA"),
        ("en", "Asia/Jayapura", "Monday 2 February 2026 10:05 WIT"),
    ],
)
def test_moment_names_the_zone(language: str, zone: str, shown: str) -> None:
    """People see the time of the case's zone, and which zone that is."""
    session = Session(language=language, environment={})
    assert moment(session, "2026-02-02T01:05:00.000000Z", zone) == shown


def test_value_is_said_in_the_language() -> None:
    """Money, truth, choices and values by party are written as people write them."""
    session = Session(language="id", environment={})
    money = Field(name="n", type=FieldType.MONEY, currency="IDR")
    choice = Field(name="c", type=FieldType.CHOICE, options={"a": Label(id="Setuju", en="Agrees")})
    assert value(session, money, Decimal("7850000000.5")) == "IDR 7.850.000.000,5"
    assert value(session, None, True) == "ya"
    assert value(session, choice, {"kukar": "a", "samarinda": "a"}) == "kukar: Setuju; samarinda: Setuju"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("usulan:\n", "empty-value"),
        ("usulan: surat\nparties: [{id: a, side: dinas}, {id: a, side: dinas}]\n", "name-twice"),
    ],
)
def test_proposal_without_workflow_or_with_a_party_twice_is_refused(text: str, code: str) -> None:
    """A proposal names its workflow, and each party once."""
    with pytest.raises(FileRejected) as rejected:
        read_proposal(parse(text, file="usulan.yaml"))
    assert [one.code for one in rejected.value.diagnostics] == [code]


@pytest.mark.parametrize("name", ["lengkap", "dicatat.lengkap"])
def test_words_local_field_is_typed_under_either_name(definition: Definition, name: str) -> None:
    """A field of a state is known by its bare name and by its path; the dot of a path is no party's."""
    assert from_words(definition, [f"{name}=true"]) == {name: True}


@pytest.mark.parametrize("name", ["paraf", "dicatat.paraf"])
def test_words_local_field_takes_a_partys_value(definition: Definition, name: str) -> None:
    """What follows the name of a field is the party."""
    assert from_words(definition, [f"{name}.kukar=3"]) == {name: {"kukar": 3}}


def test_file_local_field_is_typed_by_its_bare_name(definition: Definition) -> None:
    """The section of a trigger names fields as its state does."""
    parsed = _file("lengkap: true\n")
    assert isinstance(parsed.root, TextMapping)
    assert fields_of(parsed, parsed.root, definition) == {"lengkap": True}
