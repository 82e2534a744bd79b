"""What may be done: every trigger here, allowed or refused, and never otherwise than ``decide``."""

from __future__ import annotations

import pytest

from tests.unit.support import COUNCIL, HEAD, OFFICE, OPD, PARTNER, Play, make
from workflow.case import Actor

TEXT = """
fields: {sampai: {type: date}, n: {type: integer}}
documents: {rancangan: {title: Rancangan}, kb: {title: KB}}
facts: {pagu: {type: boolean}}
rules:
  ada: {check: pagu, message: Tanpa pagu}
  besar: {check: "n is not None and n > 5", message: Terlalu kecil}
  kepala_saja: {check: "role == 'kepala'", message: Bukan kepala}
  bersurat: {check: "'kb' in documents", message: Tanpa KB}
transitions:
  batal: {by: [kepala], reason: required, to: akhir}
states:
  awal:
    transitions:
      batal: {by: [kepala], when: n is not None, to: akhir}
      isi: {by: [opd], fields: {required: [n]}, rules: [besar]}
      pakai: {by: [opd], documents: {present: [kb]}}
      lampir: {by: [opd], documents: {attach: [kb]}, rules: [bersurat]}
      uang: {by: [opd], rules: [ada]}
      kala: {by: [opd], when: pagu}
      tetap: {by: [opd], rules: [besar]}
      peran: {by: [opd], rules: [kepala_saja]}
      unggah: {by: [opd], documents: {attach: [rancangan]}}
      sepakat:
        by: [kepala]
        fields: {required: [sampai]}
        consent: {of: parties, need: all, about: [rancangan], refuse: tolak, withdraw: tarik}
        to: akhir
  akhir: {final: true, outcome: selesai}
"""


def play() -> Play:
    """A case with every sort of hindrance."""
    return Play(make(TEXT)).open()


def codes(of: Play, trigger: str, by: Actor = OPD) -> list[str]:
    """The codes of the reasons against one trigger."""
    return [reason.code for reason in of.options(by)[trigger].reasons]


def test_options_are_every_trigger_that_could_be_asked_for() -> None:
    """Each handler of the active states, in document order; what an inner one hides is not there."""
    case = play()
    case.facts = {"pagu": True}
    assert list(case.options(OPD)) == [
        "batal", "awal.batal", "awal.isi", "awal.pakai", "awal.lampir", "awal.uang", "awal.kala",
        "awal.tetap", "awal.peran", "awal.unggah", "awal.sepakat", "awal.tolak", "awal.tarik",
    ]  # fmt: skip
    case.do("isi", OPD, n=6)
    assert "batal" not in case.options(OPD)


def test_option_lacking_only_inputs_is_allowed() -> None:
    """Fields, attachments and a reason are still to be given; that is no "no"."""
    case = play()
    assert case.options(OPD)["awal.isi"].is_allowed
    assert case.options(OPD)["awal.lampir"].is_allowed
    assert case.options(HEAD)["batal"].is_allowed
    assert case.options(OPD)["awal.isi"].reasons == ()


def test_option_refused_has_the_reasons_of_the_refusal() -> None:
    """What no input can help is told as `decide` would tell it."""
    case = play()
    assert codes(case, "awal.isi", HEAD) == ["wrong-role"] == case.codes("isi", HEAD, n=6)
    assert codes(case, "awal.tetap") == ["rule-failed"] == case.codes("tetap", OPD)
    assert codes(case, "awal.peran") == ["rule-failed"]
    assert codes(case, "awal.tarik", HEAD) == ["not-enabled"]


def test_option_with_a_document_that_only_another_step_attaches_is_refused() -> None:
    """What must be there already cannot be given now."""
    case = play()
    assert codes(case, "awal.pakai") == ["missing-document"]
    assert codes(case, "awal.sepakat", HEAD) == ["missing-document"]
    case.do("lampir", OPD, "kb")
    assert case.options(OPD)["awal.pakai"].is_allowed


def test_option_whose_rule_reads_what_is_still_to_be_given_is_allowed() -> None:
    """An old value does not speak against a step that asks for a new one."""
    case = play().do("isi", OPD, n=6)
    assert case.options(OPD)["awal.isi"].is_allowed


def test_option_of_a_consent_depends_on_what_the_others_agreed_to_only_by_inputs() -> None:
    """The second member may agree: that the values are the same is for him to see to."""
    case = play().do("unggah", OPD, "rancangan").do("sepakat", HEAD, sampai="2027-01-01")
    assert case.options(PARTNER)["awal.sepakat"].is_allowed
    assert codes(case, "awal.sepakat", HEAD) == ["already-consented"]
    assert case.options(HEAD)["awal.tarik"].is_allowed
    assert codes(case, "awal.tarik", PARTNER) == ["not-enabled"]


@pytest.mark.parametrize(
    ("facts", "is_allowed", "unknown"),
    [({}, False, ("pagu",)), ({"pagu": True}, True, ()), ({"pagu": False}, False, ())],
)
def test_option_over_a_fact_is_unknown_until_it_is_asked(
    facts: dict[str, bool], is_allowed: bool, unknown: tuple[str, ...]
) -> None:
    """Where a fact was not asked the answer is "unknown", neither yes nor no."""
    case = play()
    case.facts = dict(facts)
    for trigger in ("awal.uang", "awal.kala"):
        option = case.options(OPD)[trigger]
        assert (option.is_allowed, option.unknown) == (is_allowed, unknown)
        assert bool(option.reasons) == (facts == {"pagu": False})


def test_options_for_another_need_role_and_party() -> None:
    """A recorder asks for what he may record."""
    case = play().do("unggah", OPD, "rancangan")
    assert not case.options(OFFICE)["awal.sepakat"].is_allowed
    assert case.options(OFFICE, as_role="kepala", for_party="samarinda")["awal.sepakat"].is_allowed


def test_options_with_a_name_that_history_cannot_hold_are_refused() -> None:
    """The same "no" as `decide`'s."""
    bad = Actor("a\0", roles=["opd"], party="kukar")
    options = play().options(bad)
    assert options
    assert all([one.code for one in option.reasons] == ["invalid-field"] for option in options.values())


def test_options_of_an_ambiguous_name_are_by_path_and_allowed() -> None:
    """A path is never ambiguous, so each may be asked for."""
    case = Play(
        make("""
        states:
          awal:
            regions:
              kiri: {initial: a, states: {a: {transitions: {maju: {by: [opd], to: b}}}, b: {final: true}}}
              kanan: {initial: a, states: {a: {transitions: {maju: {by: [opd], to: b}}}, b: {final: true}}}
            done: akhir
          akhir: {final: true, outcome: selesai}
        """)
    ).open()
    options = case.options(OPD)
    assert list(options) == ["awal.kiri.a.maju", "awal.kanan.a.maju"]
    assert all(option.is_allowed for option in options.values())
    for path in options:
        case.do(path, OPD)
    assert case.options(OPD) == {}


def test_options_of_a_stranger_are_all_refused() -> None:
    """Nobody is refused silently: every trigger says why."""
    case = play()
    case.facts = {"pagu": True}
    assert all(option.reasons for option in case.options(COUNCIL).values())
