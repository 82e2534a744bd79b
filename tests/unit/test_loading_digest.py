"""The canonical form of a definition, and what does and does not change its digest."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from tests.definitions import definition
from workflow.definition import Definition

DECLARED = """\
parties:
  pihak: {min: 2, roles: [opd, ketua]}
fields:
  judul: {type: text, max_length: 300, title: {id: Judul, en: Title}}
  nilai: {type: money, min: 0.50, currency: IDR}
  jumlah: {type: integer, min: 1}
  sejak: {type: date, min: 2020-01-01}
  urusan: {type: choice, list: lists/urusan.yaml, many: true}
groups: {inti: [judul, nilai]}
documents:
  kak: {title: KAK, media: application/pdf}
rules:
  cukup: {check: "nilai  is not None and (nilai > 1_000)", message: Kurang, basis: P22 ps 7}
"""
OPENING = """\
open:
  by: opd
  fields: {required: inti, optional: [jumlah, sejak, urusan]}
  to: disusun
"""
STATES = """\
disusun:
  deadlines:
    batas: {within: 1 day, kind: target, remind: {before: 3 days, to: opd}}
  transitions:
    ajukan: {by: [opd], documents: {attach: kak}, rules: cukup, to: menunggu}
menunggu:
  initial: awal
  states:
    awal: {}
  transitions:
    setujui:
      by: [ketua]
      consent: {of: parties, need: 2}
      choose:
        - when: jumlah is not None and jumlah > 3
          to: selesai
          set: {judul: "'besar'"}
        - to: selesai
selesai: {final: true, outcome: selesai}
"""
CANONICAL = {
    "format": 1,
    "workflow": "contoh",
    "version": 1,
    "title": {"id": "Contoh"},
    "timezone": "Asia/Makassar",
    "calendar": "indonesia",
    "roles": [["opd", {"title": {"id": "Perangkat daerah"}}], ["ketua", {"title": {"id": "Ketua"}}]],
    "parties": [["pihak", {"min": 2, "roles": ["opd", "ketua"]}]],
    "fields": [
        ["judul", {"type": "text", "max_length": 300, "title": {"id": "Judul", "en": "Title"}}],
        ["nilai", {"type": "money", "min": "0.5", "currency": "IDR"}],
        ["jumlah", {"type": "integer", "min": 1}],
        ["sejak", {"type": "date", "min": "2020-01-01"}],
        [
            "urusan",
            {
                "type": "choice",
                "many": True,
                "options": [
                    ["pendidikan", {"id": "Pendidikan"}],
                    ["kesehatan", {"id": "Kesehatan"}],
                    ["lingkungan_hidup", {"id": "Lingkungan hidup"}],
                    ["perhubungan", {"id": "Perhubungan"}],
                    ["pariwisata", {"id": "Pariwisata"}],
                ],
            },
        ],
    ],
    "groups": {"inti": ["judul", "nilai"]},
    "documents": {"kak": {"title": {"id": "KAK"}, "media": ["application/pdf"]}},
    "rules": {
        "cukup": {
            "check": "nilai is not None and nilai > 1000",
            "message": {"id": "Kurang"},
            "basis": ["P22 ps 7"],
        }
    },
    "open": {
        "by": ["opd"],
        "fields": {"required": ["inti"], "optional": ["jumlah", "sejak", "urusan"]},
        "to": "disusun",
    },
    "states": [
        [
            "disusun",
            {
                "deadlines": [
                    [
                        "batas",
                        {
                            "within": [1, "days"],
                            "kind": "target",
                            "remind": {"before": [[3, "days"]], "to": ["opd"]},
                        },
                    ]
                ],
                "transitions": [
                    [
                        "ajukan",
                        {
                            "by": ["opd"],
                            "documents": {"attach": ["kak"]},
                            "rules": ["cukup"],
                            "to": "menunggu",
                        },
                    ]
                ],
            },
        ],
        [
            "menunggu",
            {
                "initial": "awal",
                "states": [["awal"]],
                "transitions": [
                    [
                        "setujui",
                        {
                            "by": ["ketua"],
                            "consent": {"of": "parties", "need": 2},
                            "choose": [
                                {
                                    "when": "jumlah is not None and jumlah > 3",
                                    "to": "selesai",
                                    "set": {"judul": "'besar'"},
                                },
                                {"to": "selesai"},
                            ],
                        },
                    ]
                ],
            },
        ],
        ["selesai", {"final": True, "outcome": "selesai"}],
    ],
}


def load(declared: str = DECLARED, opening: str = OPENING, states: str = STATES) -> Definition:
    """Load the definition or a variant."""
    return definition(declared, opening=opening, states=states)


def test_canonical_form_is_as_the_history_format_says() -> None:
    """Chosen order as lists of pairs, one value as a list, spellings in normal form, nothing empty."""
    assert load().canonical == CANONICAL


def test_digest_is_hash_of_prefix_and_canonical_bytes() -> None:
    """The digest can be computed from the form with the standard library alone."""
    text = json.dumps(CANONICAL, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    expected = sha256(b"kerjasama/definition/1\0" + text.encode()).hexdigest()
    assert load().digest == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("min: 0.50", "min: 0.5"),
        ("{min: 2, roles: [opd, ketua]}", "{roles: ['opd', \"ketua\"], min: 2}"),
        ("media: application/pdf", "media: [application/pdf]"),
        ("title: {id: Judul, en: Title}", "title: {en: Title, id: Judul}"),
        ("nilai  is not None and (nilai > 1_000)", "nilai is not None and nilai>1000"),
        ("title: KAK", "title: {id: KAK}"),
        ("groups:", "# a comment\ngroups:"),
    ],
)
def test_digest_does_not_change_with_the_spelling(old: str, new: str) -> None:
    """What means the same has one digest."""
    assert old in DECLARED
    assert load(DECLARED.replace(old, new)).digest == load().digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Judul", "Judul kerja sama"),  # labels count
        ("basis: P22 ps 7", "basis: P22 ps 8"),  # and so do articles
        ("max_length: 300", "max_length: 301"),
        ("[opd, ketua]", "[ketua, opd]"),
        ("min: 2,", "min: 2, max: 5,"),
        ("inti: [judul, nilai]", "inti: [nilai, judul]"),
    ],
)
def test_digest_changes_with_the_meaning(old: str, new: str) -> None:
    """Whatever a reader could see as different has another digest."""
    assert old in DECLARED
    assert load(DECLARED.replace(old, new)).digest != load().digest


def test_digest_changes_with_the_order_that_the_author_chose() -> None:
    """The order of states and fields means something."""
    first, second = "awal: {}", "akhir: {}"
    states = STATES.replace(first, f"{first}\n    {second}").replace(
        "setujui:", "lanjut: {by: opd, to: akhir}\n    setujui:"
    )
    swapped = states.replace(f"{first}\n    {second}", f"{second}\n    {first}")
    assert load(states=states).digest != load(states=swapped).digest


def test_text_is_brought_to_nfc() -> None:
    """Two ways of writing a letter are one text."""
    composed = load(DECLARED.replace("Kurang", "Pak\u00e9"))
    decomposed = load(DECLARED.replace("Kurang", "Pake\u0301"))
    assert composed.digest == decomposed.digest
    assert decomposed.rules["cukup"].message.id == "Pak\u00e9"
