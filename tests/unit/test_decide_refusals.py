"""Every refusal code that LANGUAGE lists is reached, and every text of a refusal can be said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from tests.unit.support import HEAD, OFFICE, OPD, PARTIES, PARTNER, Play, check_texts, make
from workflow import locale
from workflow.case import Actor, Party, Reason, Refusal
from workflow.locale import Message

CODES = frozenset(
    (
        *("not-enabled", "ambiguous-trigger", "no-branch", "wrong-role", "wrong-party", "same-person"),
        *("missing-mandate", "missing-field", "invalid-field", "missing-document", "missing-reason"),
        *("rule-failed", "already-consented", "differing-consent", "clock-already-acted"),
        *("effective-in-future", "effective-before-last-step", "child-open", "case-closed"),
        *("case-suspended", "stale-case", "idempotency-mismatch"),
    )
)
ELSEWHERE = frozenset({"missing-mandate", "child-open", "case-suspended", "idempotency-mismatch"})
"""Codes of what is not built yet, and of the store (`idempotency-mismatch`)."""

TEXT = """
in_force: {from: 2020-04-14}
fields:
  n: {type: integer, max: 9, title: {id: Banyak, en: Number}}
  sampai: {type: date}
  pihak: {type: party}
  nomor: {type: text, per: party}
documents:
  kb: {title: {id: Kesepakatan, en: Agreement}, media: [application/pdf]}
  rancangan: {title: Rancangan}
rules: {kecil: {check: n < 5, message: {id: Terlalu besar, en: Too large}, basis: P22 ps 9(3)}}
open: {by: [pemrakarsa.opd], to: awal}
states:
  awal:
    regions:
      kiri:
        initial: satu
        states:
          satu:
            transitions:
              usul: {by: [opd, sekretariat]}
              setuju: {by: [opd, kepala, dprd], other_person_than: [usul]}
              isi: {by: [opd], fields: {required: [n], optional: [pihak]}, rules: [kecil]}
              tiap: {by: [dprd, opd], fields: {required: [nomor]}}
              lampir: {by: [opd], documents: {attach: [kb]}}
              pakai: {by: [opd], documents: {present: [kb]}}
              pilih:
                by: [opd]
                fields: {required: [n]}
                choose:
                  - when: n > 3
                    to: dua
              sepakat:
                by: [mitra.kepala, pemrakarsa.kepala]
                fields: {required: [sampai]}
                documents: {attach: [kb]}
                consent: {of: parties, need: all, about: [rancangan], refuse: tolak, withdraw: tarik}
                to: dua
              unggah: {by: [opd], documents: {attach: [rancangan]}}
              batal: {by: [opd], reason: required, to: dua}
              dewan: {by: [dprd, mitra.kepala]}
              rangkap: {by: [opd]}
              kelak: {by: [opd], when: "'kb' in documents"}
          dua: {transitions: {lanjut: {by: [opd], to: tiga}}}
          tiga: {final: true}
      kanan:
        initial: satu
        states:
          satu:
            deadlines: {batas: {within: 30 days, kind: target, then: {to: dua}}}
            transitions: {rangkap: {by: [opd]}, geser: {by: [opd], to: dua}}
          dua: {final: true}
    done: akhir
  akhir: {final: true, outcome: selesai}
"""


CHILD = """
open: {by: parent, to: awal}
states:
  awal: {transitions: {tutup: {by: [opd], to: akhir}}}
  akhir: {final: true, outcome: selesai}
"""


def given(*steps: tuple[str, Actor, tuple[str, ...], dict[str, Any]]) -> Play:
    """A case after some steps."""
    play = Play(make(TEXT)).open()
    for trigger, by, documents, fields in steps:
        play.do(trigger, by, *documents, **fields)
    return play


DRAFT = ("unggah", OPD, ("rancangan",), {})
SIGNED = ("sepakat", HEAD, (), {"sampai": "2027-01-01"})
SIDELESS = Actor("ketua", roles=["dprd"])


def last_vote(play: Play, *documents: str, **fields: Any) -> Any:
    """The partner's vote."""
    return play.fire("sepakat", PARTNER, *documents, **fields)


def closed() -> Play:
    """A case that has ended."""
    play = given(("batal", OPD, (), {"reason": "x"}), ("lanjut", OPD, (), {}), ("geser", OPD, (), {}))
    assert play.case.outcome == "selesai"
    return play


def later() -> Play:
    """A case on whose clock nobody looked."""
    return given().at("2026-04-20")


def not_a_member() -> Any:
    """A consent asked of a role that is of no party."""
    play = Play(
        make("""
        states:
          awal:
            transitions:
              sepakat: {by: [dprd, kepala], consent: {of: parties, need: all}, to: akhir}
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    return play.fire("sepakat", SIDELESS)


PLACES: dict[str, Callable[[], Any]] = {
    "refusal.reserved-actor": lambda: given().fire("usul", Actor("engine", roles=["opd"], party="kukar")),
    "refusal.wrong-role": lambda: given().fire("usul", HEAD),
    "refusal.wrong-role.as": lambda: given().fire("usul", HEAD, as_role="kepala"),
    "refusal.wrong-role.record": lambda: given().fire("dewan", OFFICE),
    "refusal.wrong-party": lambda: given().fire("usul", Actor("x", roles=["opd"], party="lain")),
    "refusal.wrong-party.id": lambda: Play(make(TEXT)).try_open(parties=[*PARTIES, Party("", side="mitra")]),
    "refusal.wrong-party.twice": lambda: Play(make(TEXT)).try_open(parties=[*PARTIES, PARTIES[1]]),
    "refusal.wrong-party.side": lambda: Play(make(TEXT)).try_open(
        parties=[*PARTIES, Party("x", side="saksi")]
    ),
    "refusal.wrong-party.count": lambda: Play(make(TEXT)).try_open(parties=PARTIES[:1]),
    "refusal.only-by-parent": lambda: Play(make(CHILD)).try_open(),
    "refusal.same-person": lambda: given(("usul", OPD, (), {})).fire("setuju", OPD),
    "refusal.not-enabled": lambda: given().fire("entah", OPD),
    "refusal.not-enabled.elsewhere": lambda: given().fire("lanjut", OPD),
    "refusal.not-enabled.condition": lambda: given().fire("kelak", OPD),
    "refusal.not-in-force": lambda: Play(make(TEXT)).try_open(effective_on=date(2019, 1, 1)),
    "refusal.ambiguous-trigger": lambda: given().fire("rangkap", OPD),
    "refusal.no-branch": lambda: given().fire("pilih", OPD, n=1),
    "refusal.missing-field": lambda: given().fire("isi", OPD),
    "refusal.invalid-field": lambda: given().fire("isi", OPD, n="satu"),
    "refusal.invalid-field.year": lambda: given(DRAFT).fire("sepakat", HEAD, sampai="0001-01-01"),
    "refusal.invalid-field.party": lambda: given().fire("isi", OPD, n=1, pihak="lain"),
    "refusal.invalid-field.no-party": lambda: given().fire("tiap", SIDELESS, nomor="D/1"),
    "refusal.invalid-field.unexpected": lambda: given().fire("usul", OPD, xyz=1),
    "refusal.invalid-field.unexpected.nearest": lambda: given().fire("isi", OPD, n=1, pihk="kukar"),
    "refusal.missing-document": lambda: given().fire("lampir", OPD),
    "refusal.missing-document.present": lambda: given().fire("pakai", OPD),
    "refusal.missing-document.about": lambda: given().fire("sepakat", HEAD, sampai="2027-01-01"),
    "refusal.document-unexpected": lambda: given().fire("usul", OPD, "kb"),
    "refusal.document-unexpected.nearest": lambda: given().fire("lampir", OPD, "kb", "kbb"),
    "refusal.document-media": lambda: given().fire("lampir", OPD, "kb", media={"kb": ("text/plain",)}),
    "refusal.document-too-early": lambda: given(DRAFT).fire("sepakat", HEAD, "kb", sampai="2027-01-01"),
    "refusal.missing-reason": lambda: given().fire("batal", OPD),
    "refusal.rule-failed": lambda: given().fire("isi", OPD, n=7),
    "refusal.already-consented": lambda: given(DRAFT, SIGNED).fire("sepakat", HEAD, sampai="2027-01-01"),
    "refusal.nothing-to-withdraw": lambda: given().fire("tarik", HEAD),
    "refusal.differing-consent": lambda: last_vote(given(DRAFT, SIGNED), "kb", sampai="2028-01-01"),
    "refusal.clock-already-acted": lambda: later().fire("usul", OPD, effective_on=date(2026, 2, 20)),
    "refusal.effective-in-future": lambda: given().fire("usul", OPD, effective_on=date(2026, 2, 3)),
    "refusal.effective-before-last-step": lambda: given().fire("usul", OPD, effective_on=date(2026, 2, 1)),
    "refusal.case-closed": lambda: closed().fire("usul", OPD),
    "refusal.stale-case": lambda: given().fire("usul", OPD, expect=7),
    "refusal.wrong-party.member": not_a_member,
    "refusal.unwritable-text": lambda: given().fire("usul", OPD, comment="\0"),
}
"""Text of a refusal → a way to get it."""

IN_ACTS = {
    "refusal.invalid-field.emptied",
    "refusal.missing-mandate",
    "refusal.case-suspended",
    "refusal.not-suspended",
    "refusal.suspension-spent",
    "refusal.no-power",
    "refusal.not-extensible",
    "refusal.extension-too-long",
    "refusal.nothing-corrected",
    "refusal.nothing-attached",
}
"""Texts that ``test_acts.py`` reaches."""

IN_FAMILIES = {
    "refusal.child-open",
    "refusal.child-open.max",
    "refusal.child-not-opened",
    "refusal.not-by-parent",
}
"""Texts that ``test_family.py`` reaches."""

NOT_HERE = {"refusal.idempotency-mismatch", *IN_ACTS, *IN_FAMILIES}
"""Texts of refusals that the runtime gives, and those reached elsewhere."""


def messages(reason: Reason) -> Iterator[Message]:
    """The message of a reason and those inside it."""
    yield reason.message
    yield from (value for value in reason.message.params.values() if isinstance(value, Message))


@pytest.mark.parametrize("key", PLACES)
def test_refusal_text_is_reached_and_can_be_said(key: str) -> None:
    """There is a way to every text, and with its parameters it says something in both languages."""
    refusal = PLACES[key]()
    assert isinstance(refusal, Refusal), refusal
    assert key in [said.key for reason in refusal.reasons for said in messages(reason)]
    check_texts(refusal)
    for reason in refusal.reasons:
        assert reason.message.text("id") != reason.message.text("en")


def test_refusal_texts_are_all_tried() -> None:
    """A text that nobody can get is none; a new one comes with its way here."""
    texts = {key for key in locale._catalogue if key.startswith("refusal.")}
    # Known only where the engine is imported:
    of_the_engine = {"refusal.not-administrator", "refusal.text-too-long", "refusal.unseen-character"}
    assert texts - of_the_engine == PLACES.keys() | NOT_HERE


def test_refusal_codes_of_the_language_are_all_reached() -> None:
    """The codes are those that LANGUAGE lists, and each one of this slice is reached."""
    found = {reason.code for ask in PLACES.values() for reason in ask().reasons}
    assert found == CODES - ELSEWHERE
    assert all(re.fullmatch(r"[a-z-]+", code) for code in found)


def test_refusal_code_is_that_of_the_first_reason() -> None:
    """`Refusal.code` is what a caller who looks at one thing sees."""
    refusal = given().refused("batal", HEAD)
    assert refusal.code == "wrong-role"
    assert [reason.code for reason in refusal.reasons] == ["wrong-role", "missing-reason"]
