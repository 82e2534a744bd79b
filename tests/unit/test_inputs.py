"""What comes with a command: fields, documents, a reason, texts; and the rules over them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.support import HEAD, OFFICE, OPD, PARTIES, PARTNER, Play, make
from workflow.case import Actor, Party, Personal
from workflow.durations import Duration, Unit
from workflow.step.inputs import YEARS

FIELDS = """
fields:
  judul: {type: text, title: {id: Judul, en: Title}, min_length: 3, max_length: 10, basis: P22 ps 9(3)}
  n: {type: integer, min: 1, max: 9}
  harga: {type: decimal}
  nilai: {type: money, currency: IDR, min: 0}
  sah: {type: boolean}
  tgl: {type: date, min: 2026-01-01}
  lama: {type: duration}
  hasil: {type: choice, options: {ya: Ya, tidak: Tidak}}
  banyak: {type: choice, options: {a: A, b: B}, many: true}
  orang: {type: person, personal: true}
  pihak: {type: party}
  para: {type: party, many: true}
  nomor: {type: text, per: party}
  kontak: {type: person, per: party, personal: true}
groups:
  dua: [judul, n]
states:
  awal:
    transitions:
      isi:
        by: [opd, sekretariat, kepala]
        fields:
          optional: [dua, harga, nilai, sah, tgl, lama, hasil, banyak, orang, pihak, para, nomor, kontak]
      wajib: {by: [opd, kepala], fields: {required: [dua]}}
      tiap: {by: [opd, kepala, sekretariat], fields: {required: [nomor]}}
      maju: {by: [opd], to: akhir}
  akhir: {final: true, outcome: selesai}
"""


def play() -> Play:
    """A case with a field of every type."""
    return Play(make(FIELDS)).open()


# --- values --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"judul": "Angkutan"}, "Angkutan"),
        ({"judul": "Kafe\u0301"}, "Kafé"),
        ({"n": 9}, 9),
        ({"harga": Decimal("1.50")}, "1.5"),
        ({"harga": "-0.0"}, "0"),
        ({"nilai": 1_500_000}, "1500000"),
        ({"sah": False}, False),
        ({"tgl": date(2026, 2, 1)}, "2026-02-01"),
        ({"tgl": "2026-02-01"}, "2026-02-01"),
        ({"lama": "45 days"}, [45, "days"]),
        ({"lama": Duration(6, Unit.MONTHS)}, [6, "months"]),
        ({"hasil": "ya"}, "ya"),
        ({"banyak": ("b", "a")}, ["b", "a"]),
        ({"pihak": "samarinda"}, "samarinda"),
        ({"para": ["kukar", "samarinda"]}, ["kukar", "samarinda"]),
        ({"nomor": "K/1"}, {"kukar": "K/1"}),
        ({"nomor": {"kukar": "K/1", "samarinda": "S/2"}}, {"kukar": "K/1", "samarinda": "S/2"}),
    ],
)
def test_field_given_is_kept_in_the_form_of_history(given: dict[str, Any], kept: Any) -> None:
    """Every type has one form in which it stands in history and in the case."""
    case = play().do("isi", OPD, **given)
    [name] = given
    assert case.fields[name] == kept


@pytest.mark.parametrize(
    "given",
    [
        {"judul": "ab"}, {"judul": "terlalu panjang"}, {"judul": "   "}, {"judul": 7}, {"judul": "a\0b"},
        {"judul": "\ud800abc"}, {"n": 0}, {"n": 10}, {"n": "3"}, {"n": True}, {"n": 1.0}, {"n": 2**60},
        {"harga": 1.5}, {"harga": "1e3"}, {"harga": "9" * 10_000}, {"nilai": -1}, {"nilai": "0.001"},
        {"sah": "ya"}, {"sah": 1}, {"tgl": "2026-02-30"}, {"tgl": "1 Februari 2026"}, {"tgl": "2025-12-31"},
        {"tgl": "20260201"}, {"lama": "sebentar"}, {"lama": 45}, {"hasil": "mungkin"}, {"hasil": ["ya"]},
        {"banyak": "a"}, {"banyak": {"a"}}, {"banyak": ["a", "z"]}, {"pihak": "balikpapan"},
        {"para": ["kukar", "balikpapan"]}, {"nomor": {"balikpapan": "B/3"}}, {"nomor": 3},
        {"nomor": {"kukar": 3}},
    ],
)  # fmt: skip
def test_field_of_another_form_or_beyond_its_limits_is_refused(given: dict[str, Any]) -> None:
    """A value that its type or limits do not allow is refused with the field and the reason."""
    refusal = play().refused("isi", OPD, **given)
    assert [reason.code for reason in refusal.reasons] == ["invalid-field"]
    assert refusal.reasons[0].needs["fields"] == list(given)


@pytest.mark.parametrize("year", [YEARS[0] - 1, YEARS[1] + 1, 1, 9999])
def test_field_with_a_date_that_nobody_can_mean_is_refused(year: int) -> None:
    """A slip of the pen in a year is told before any clock counts from it."""
    process = make("""
    fields: {tgl: {type: date}}
    states:
      awal: {transitions: {isi: {by: [opd], fields: {required: [tgl]}}, maju: {by: [opd], to: akhir}}}
      akhir: {final: true, outcome: selesai}
    """)
    assert Play(process).open().codes("isi", OPD, tgl=date(year, 6, 1)) == ["invalid-field"]


def test_field_invalid_carries_title_and_basis() -> None:
    """The reason names the field as people know it, and the article that asks for it."""
    reason = play().refused("isi", OPD, judul="ab").reasons[0]
    assert "Judul" in reason.message.text("id")
    assert "Title" in reason.message.text("en")
    assert reason.basis == ("P22 ps 9(3)",)


def test_field_that_the_handler_does_not_declare_is_refused_with_the_nearest() -> None:
    """What is not asked for is not silently dropped."""
    refusal = play().refused("wajib", OPD, judul="Angkutan", n=1, judull="x", hasil="ya")
    assert [reason.code for reason in refusal.reasons] == ["invalid-field", "invalid-field"]
    assert "judul" in refusal.reasons[0].message.text("en")
    assert refusal.reasons[1].needs["allowed"] == ["judul", "n"]


@pytest.mark.parametrize("empty", [None, "", [], ()])
def test_field_required_and_empty_is_missing(empty: Any) -> None:
    """An empty value is no value; one reason for each field that is missing."""
    assert play().codes("wajib", OPD, judul=empty) == ["missing-field", "missing-field"]


def test_field_required_is_missing_though_the_case_has_it() -> None:
    """`required` is given with this command; what the case holds from before does not do."""
    case = play().do("wajib", OPD, judul="Angkutan", n=1)
    assert case.codes("wajib", OPD, n=2) == ["missing-field"]


def test_field_required_and_invalid_is_not_called_missing_too() -> None:
    """One problem, one reason."""
    assert play().codes("wajib", OPD, judul="ab", n=1) == ["invalid-field"]


def test_field_optional_left_out_stays_and_given_empty_is_emptied() -> None:
    """Leaving out an optional field keeps it; giving it empty empties it, with no `new` in history."""
    case = play().do("isi", OPD, judul="Angkutan", hasil="ya", banyak=["a"])
    case.do("isi", OPD, hasil=None, banyak=[])
    assert dict(case.fields) == {"judul": "Angkutan"}
    assert case.last["changes"] == {"hasil": {"old": "ya"}, "banyak": {"old": ["a"]}}


def test_field_given_as_it_was_changes_nothing() -> None:
    """Only what differs stands in `changes`; nothing differs: no `changes`, no new revision."""
    case = play().do("wajib", OPD, judul="Angkutan", n=1)
    revision = case.case.revision
    case.do("wajib", OPD, judul="Angkutan", n=1)
    assert "changes" not in case.last
    assert case.case.revision == revision


# --- for each party --------------------------------------------------------------------------------------


def test_per_party_plain_value_is_that_of_the_party_acted_for() -> None:
    """Each head gives his own number; a recorder gives that of the party recorded."""
    case = play().do("tiap", OPD, nomor="K/1").do("tiap", PARTNER, nomor="S/2")
    assert case.fields["nomor"] == {"kukar": "K/1", "samarinda": "S/2"}
    assert case.last["changes"] == {"nomor": {"samarinda": {"new": "S/2"}}}
    parties = [*PARTIES, Party("balikpapan", side="mitra")]
    recorded = Play(make(FIELDS)).open(parties=parties)
    recorded.do("tiap", OFFICE, nomor="B/3", as_role="kepala", for_party="balikpapan")
    assert recorded.fields["nomor"] == {"balikpapan": "B/3"}


def test_per_party_mapping_gives_several_and_empties_some() -> None:
    """A mapping gives a value for each party named and leaves the others; `None` empties one."""
    case = play().do("isi", OPD, nomor={"kukar": "K/1", "samarinda": "S/2"})
    case.do("isi", OPD, nomor={"kukar": None})
    assert case.fields["nomor"] == {"samarinda": "S/2"}
    assert case.last["changes"] == {"nomor": {"kukar": {"old": "K/1"}}}
    case.do("isi", OPD, nomor={"samarinda": None})
    assert "nomor" not in case.fields


@pytest.mark.parametrize("given", [{}, {"kukar": ""}, {"kukar": None}, {"kukar": "K/1", "samarinda": ""}])
def test_per_party_required_and_empty_for_one_is_missing(given: dict[str, Any]) -> None:
    """An empty value of a party is missing."""
    assert play().codes("tiap", OPD, nomor=given) == ["missing-field"]


def test_per_party_value_of_someone_of_no_party_is_refused() -> None:
    """Without a party there is nobody whose value it could be."""
    process = make(FIELDS.replace("isi:\n        by: [opd,", "isi:\n        by: [dprd, opd,"))
    assert Play(process).open().codes("isi", Actor("ketua", roles=["dprd"]), nomor="D/4") == ["invalid-field"]


# --- personal --------------------------------------------------------------------------------------------


def test_personal_values_are_wrapped_in_the_draft_and_plain_in_the_case() -> None:
    """History will hold commitments; the case holds the value."""
    case = play().do("isi", OPD, orang="Siti", kontak={"kukar": "Ani", "samarinda": "Budi"})
    case.do("isi", OPD, orang="Rahma", kontak={"kukar": None})
    assert case.last["changes"] == {
        "orang": {"old": Personal("Siti"), "new": Personal("Rahma")},
        "kontak": {"kukar": {"old": Personal("Ani")}},
    }
    assert case.fields == {"orang": "Rahma", "kontak": {"samarinda": "Budi"}}


# --- documents -------------------------------------------------------------------------------------------

PAPERS = """
documents:
  kak: {title: {id: Kerangka Acuan, en: Terms of reference}, media: [application/pdf], basis: P22 ps 7(2)}
  surat: {title: Surat}
  notulen: {title: Notulen}
states:
  awal:
    transitions:
      kirim: {by: [opd], documents: {attach: [kak, surat]}}
      pakai: {by: [opd], documents: {present: [kak]}}
      tukar: {by: [opd], documents: {attach: [surat], present: [surat, kak]}}
      maju: {by: [opd], to: akhir}
  akhir: {final: true, outcome: selesai}
"""


def papers() -> Play:
    """A case that asks for documents."""
    return Play(make(PAPERS)).open()


def test_document_attached_is_kept_by_its_digests() -> None:
    """The entry and the case hold the digests of what was attached."""
    case = papers().do("kirim", OPD, "kak", "surat")
    assert case.last["documents"] == {name: list(found) for name, found in case.case.documents.items()}


def test_document_lacking_is_refused_each_by_itself() -> None:
    """Every document that is lacking is told, with its title and basis."""
    refusal = papers().refused("kirim", OPD)
    assert [reason.needs["documents"] for reason in refusal.reasons] == [["kak"], ["surat"]]
    assert refusal.reasons[0].basis == ("P22 ps 7(2)",)
    assert "Kerangka" in refusal.reasons[0].message.text("id")
    assert papers().codes("kirim", OPD, "kak") == ["missing-document"]


def test_document_present_is_there_from_before_or_given_now() -> None:
    """`present` is there already, any time before, or comes with the same command."""
    case = papers()
    assert case.codes("pakai", OPD) == ["missing-document"]
    assert case.codes("tukar", OPD, "surat") == ["missing-document"]
    case.do("kirim", OPD, "kak", "surat").do("pakai", OPD)
    case.do("tukar", OPD, "surat@2")


def test_document_that_the_handler_does_not_attach_is_refused() -> None:
    """Nothing comes into a case that no step asks for."""
    refusal = papers().refused("kirim", OPD, "kak", "surat", "notulen", "surta")
    assert [reason.code for reason in refusal.reasons] == ["missing-document", "missing-document"]
    assert "surat" in refusal.reasons[1].message.text("en")
    assert papers().codes("pakai", OPD, "kak") == ["missing-document"]


def test_document_of_another_media_type_is_refused() -> None:
    """Where the definition names media types, a file of another one is refused."""
    case = papers()
    pdf, text = {"kak": ("application/pdf",)}, {"kak": ("text/plain",), "surat": ("text/plain",)}
    assert case.codes("kirim", OPD, "kak", "surat", media=text) == ["missing-document"]
    case.do("kirim", OPD, "kak", "surat", media=pdf)


def test_document_new_version_replaces_the_old_one() -> None:
    """The case holds what was last attached; history holds each."""
    case = papers().do("kirim", OPD, "kak", "surat").do("kirim", OPD, "kak@2", "surat")
    first, second = (entry["documents"]["kak"] for entry in case.entries[1:])
    assert first != second
    assert list(case.case.documents["kak"]) == second


# --- reason, comment and other texts ------------------------------------------------------------------------

TEXTS = """
states:
  awal:
    transitions:
      batal: {by: [opd], reason: required, to: akhir}
      catat: {by: [opd]}
  akhir: {final: true, outcome: selesai}
"""


@pytest.mark.parametrize("reason", [None, "", "  ", "\n\t"])
def test_reason_required_and_blank_is_missing(reason: str | None) -> None:
    """A blank reason is none."""
    assert Play(make(TEXTS)).open().codes("batal", OPD, reason=reason) == ["missing-reason"]


def test_reason_and_comment_are_commitments_to_be() -> None:
    """Both are personal: only commitments will stand in history. Given unasked, a reason is kept too."""
    case = Play(make(TEXTS)).open().do("catat", OPD, reason="karena", comment="Kafe\u0301")
    assert case.last["reason"] == Personal("karena")
    assert case.last["comment"] == Personal("Kafé")


def test_texts_are_brought_to_normal_form() -> None:
    """Who acts is the same person however the name was typed."""
    actor = Actor("andre\u0301", roles=["opd"], party="kukar")
    case = Play(make(TEXTS)).open(by=actor).do("catat", actor, request_id="e\u0301")
    assert case.last["actor"]["id"] == "andré"
    assert case.last["request"] == "é"


@pytest.mark.parametrize("bad", ["a\0", "\ud800"])
@pytest.mark.parametrize(
    "place", ["reason", "comment", "request_id", "as_role", "for_party", "trigger", "id"]
)
def test_texts_that_history_cannot_hold_refuse_the_command(place: str, bad: str) -> None:
    """NUL and half a surrogate pair are a refusal, never an error of writing."""
    who = Actor(bad, roles=["opd"], party="kukar") if place == "id" else OPD
    given = {} if place in ("trigger", "id") else {place: bad}
    trigger = bad if place == "trigger" else "catat"
    assert Play(make(TEXTS)).open().codes(trigger, who, **given) == ["invalid-field"]


# --- rules -----------------------------------------------------------------------------------------------

RULES = """
fields:
  mulai: {type: date}
  sampai: {type: date}
  n: {type: integer}
documents: {surat: {title: Surat}}
rules:
  urut:
    check: mulai < sampai
    message: {id: Akhir sesudah awal, en: The end comes after the start}
    basis: P22 ps 9(3)
  cukup:
    check: n is None or n >= len(parties)
    message: Kurang
  bersurat: {check: "'surat' in documents", message: Tanpa surat}
  kepala_saja: {check: "role == 'kepala'", message: Bukan kepala}
  sudah: {check: "sampai <= today", message: Belum}
states:
  awal:
    transitions:
      isi: {by: [opd, kepala], fields: {required: [mulai, sampai], optional: [n]}, rules: [urut, cukup]}
      surat: {by: [opd], documents: {attach: [surat]}, rules: [bersurat]}
      peran: {by: [opd, kepala], rules: [kepala_saja]}
      kini: {by: [opd], fields: {required: [sampai]}, rules: [sudah]}
      maju: {by: [opd], to: akhir}
  akhir: {final: true, outcome: selesai}
"""


def rules() -> Play:
    """A case with rules over everything that a rule may read."""
    return Play(make(RULES)).open()


def test_rule_failed_tells_message_article_and_values() -> None:
    """The refusal carries the rule, its message in both languages, its basis and what it read."""
    [reason] = rules().refused("isi", OPD, mulai="2026-03-01", sampai="2026-02-01").reasons
    assert (reason.code, reason.rule, reason.basis) == ("rule-failed", "urut", ("P22 ps 9(3)",))
    assert reason.values == {"mulai": "2026-03-01", "sampai": "2026-02-01"}
    assert "sesudah" in reason.message.text("id")
    assert "after" in reason.message.text("en")


def test_rules_checked_are_recorded_in_their_order() -> None:
    """An accepted step says which rules it was held against."""
    case = rules().do("isi", OPD, mulai="2026-02-01", sampai="2026-03-01", n=2)
    assert case.last["rules"] == [{"id": "urut", "ok": True}, {"id": "cukup", "ok": True}]


def test_rule_waits_for_a_field_that_is_still_to_be_given() -> None:
    """A rule over a required field that is lacking or invalid is not judged on an old value."""
    case = rules().do("isi", OPD, mulai="2026-02-01", sampai="2026-03-01")
    assert case.codes("isi", OPD, mulai="2026-04-01") == ["missing-field"]
    assert case.codes("isi", OPD, mulai="2026-04-01", sampai="besok") == ["invalid-field"]


def test_rule_reads_an_optional_field_of_the_case() -> None:
    """What is not given is as the case has it."""
    case = rules().do("isi", OPD, mulai="2026-02-01", sampai="2026-03-01", n=5)
    assert case.codes("isi", OPD, mulai="2026-02-01", sampai="2026-03-01", n=1) == ["rule-failed"]
    case.do("isi", OPD, mulai="2026-02-01", sampai="2026-03-02")
    case.do("isi", OPD, mulai="2026-02-01", sampai="2026-03-01", n=None)


def test_rule_reads_documents_given_with_the_command() -> None:
    """`documents` are those of the case and those that come now."""
    assert rules().codes("surat", OPD) == ["missing-document", "rule-failed"]
    rules().do("surat", OPD, "surat")


def test_rule_reads_the_role_acted_in() -> None:
    """`role` is the capacity, also where another records it."""
    assert rules().codes("peran", OPD) == ["rule-failed"]
    rules().do("peran", HEAD).do("peran", OFFICE, as_role="kepala", for_party="samarinda")


def test_rule_reads_today_as_the_effective_day() -> None:
    """What had happened by the day of the act had happened."""
    case = rules().at("2026-02-20")
    case.do("kini", OPD, sampai="2026-02-10", effective_on=date(2026, 2, 10))
    assert case.codes("kini", OPD, sampai="2026-02-15", effective_on=date(2026, 2, 14)) == ["rule-failed"]


def test_rule_and_every_other_reason_come_together() -> None:
    """Several rules that fail are all told."""
    codes = rules().codes("isi", OPD, mulai="2026-03-01", sampai="2026-02-01", n=1)
    assert codes == ["rule-failed", "rule-failed"]
