"""What a definition says is what its resolved form holds."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from tests.bad_definitions import MATERIAL
from tests.definitions import codes, definition, findings, load, write
from workflow.definition import (
    Act,
    Definition,
    FieldType,
    FirstDay,
    Kind,
    Label,
    RoleRef,
    Roll,
    StateKind,
)
from workflow.durations import Duration, Unit


@pytest.fixture(scope="module")
def small() -> Definition:
    """The small cooperation of the tests."""
    loaded = load((MATERIAL / "kerjasama_kecil.yaml").read_text(encoding="utf-8"))
    assert loaded.definition is not None
    assert not loaded.diagnostics
    return loaded.definition


def test_head_is_read(small: Definition) -> None:
    """The head of a file is the head of the definition; a single label is Indonesian."""
    assert (small.workflow, small.version, small.timezone) == ("kerjasama_kecil", 1, "Asia/Makassar")
    assert small.title == Label(id="Kerja sama kecil", en="A small cooperation")
    assert small.description == Label(id="Kerja sama dua daerah dalam bentuk paling ringkas.")
    assert small.basis == ("UU23 ps 363-365", "P22 ps 3-24")
    assert (small.in_force_from, small.in_force_until) == (date(2020, 4, 14), None)
    assert small.calendars == ("indonesia",)


def test_parties_and_roles_are_resolved(small: Definition) -> None:
    """A side knows its numbers and roles, a role the sides that hold it and who may record it."""
    assert (small.sides["pemrakarsa"].min, small.sides["pemrakarsa"].max) == (1, 1)
    assert (small.sides["mitra"].min, small.sides["mitra"].max) == (1, 4)
    assert small.sides["mitra"].recorded_by == (RoleRef(role="sekretariat", side="pemrakarsa"),)
    assert small.roles["kepala_daerah"].sides == ("pemrakarsa", "mitra")
    assert small.roles["pimpinan_dprd"].sides == ()
    assert small.roles["pimpinan_dprd"].recorded_by == (RoleRef(role="sekretariat"),)


def test_fields_are_typed(small: Definition) -> None:
    """Types, limits, options and lists of fields are values; a shared list becomes options."""
    assert list(small.fields["urusan"].options)[:2] == ["pendidikan", "kesehatan"]
    assert small.fields["urusan"].many
    assert small.fields["nilai"].min == Decimal(0)
    assert small.fields["nilai"].currency == "IDR"
    assert small.fields["kategori"].options["sukarela"] == Label(id="Sukarela", en="Voluntary")
    assert small.fields["narahubung"].personal
    assert small.fields["nomor_kb"].per_party
    assert small.fields["judul"].max_length == 300
    assert small.facts["pagu_tersedia"].type is FieldType.BOOLEAN
    assert small.documents["kak"].media == ("application/pdf",)
    assert small.groups == {"isi_kak": ("latar_belakang", "manfaat")}


def test_states_stand_in_document_order(small: Definition) -> None:
    """States are by path in document order, the root first, with kind, depth and initial state."""
    states = small.states
    assert next(iter(states)) == ""
    assert [state.order for state in states.values()] == list(range(len(states)))
    assert states[""].kind is StateKind.COMPOUND
    assert states["menuju_kb"].kind is StateKind.PARALLEL
    assert states["menuju_kb"].children == ("menuju_kb.dprd", "menuju_kb.naskah")
    assert states["menuju_kb.dprd"].initial == "menuju_kb.dprd.surat"
    assert states["menuju_kb.dprd.disetujui"].kind is StateKind.FINAL
    assert states["menuju_kb.dprd.disetujui"].depth == 3
    assert states["dibatalkan"].outcome == "dibatalkan"
    done = states["menuju_kb"].done
    assert done is not None
    assert done.target == "penandatanganan"
    assert [branch.target for branch in states["pemilahan"].always] == [
        "pelaksanaan.dibiayai",
        "pelaksanaan.tanpa_biaya",
    ]


def test_handler_holds_what_it_asks(small: Definition) -> None:
    """Groups are spliced, documents, rules and facts are known by name, branches have targets."""
    submit, give_opinion = small.states["penyusunan"].handlers
    assert submit.path == "penyusunan.ajukan"
    assert submit.required == ("latar_belakang", "manfaat")
    assert submit.attach == ("kak",)
    assert [branch.target for branch in submit.branches] == ["telaah"]
    assert submit.basis == ("P22 ps 7(2)-(3)",)
    assert [(branch.target, branch.when) for branch in give_opinion.branches] == [(None, None)]
    assess = small.states["telaah"].handlers[0]
    assert assess.other_person_than == ("penyusunan.ajukan",)
    assert [branch.when is None for branch in assess.branches] == [False, True]
    agree = small.states["menuju_kb.naskah.dirancang"].handlers[0]
    assert (agree.present, agree.rules, agree.facts) == (("kak",), ("pagu_ada",), ("pagu_tersedia",))
    assert small.states[""].handlers[0].reason_required


def test_consent_makes_three_handlers(small: Definition) -> None:
    """Saying yes, saying no and taking a yes back are handlers of their own, one after the other."""
    yes, no, withdraw = small.states["penandatanganan"].handlers
    assert [one.act for one in (yes, no, withdraw)] == [Act.YES, Act.NO, Act.WITHDRAW]
    assert {one.consent_path for one in (yes, no, withdraw)} == {"penandatanganan.tandatangani"}
    assert [one.path.rpartition(".")[2] for one in (no, withdraw)] == [
        "tolak_tanda_tangan",
        "tarik_tanda_tangan",
    ]
    assert no.by == yes.by == (RoleRef(role="kepala_daerah"),)
    assert (no.branches, no.required, no.consent) == ((), (), None)
    assert yes.consent is not None
    assert (yes.consent.need, yes.consent.about) == ("all", ("rancangan_kb",))
    assert yes.consent.refused is not None
    assert yes.consent.refused.target == "penyusunan"


def test_deadline_is_resolved(small: Definition) -> None:
    """A deadline knows its start, length, zone, calendar, reminder and what follows."""
    clock = small.states["menuju_kb.dprd.di_dprd"].deadlines[0]
    assert (clock.kind, clock.since) == (Kind.STATUTORY, "diterima_dprd")
    assert clock.within == Duration(45, Unit.DAYS)
    assert (clock.zone, clock.calendar) == ("Asia/Makassar", "indonesia")
    assert (clock.first_day, clock.roll, clock.hold) == (FirstDay.AFTER, Roll.NONE, None)
    assert clock.then is not None
    assert [branch.target for branch in clock.then] == ["menuju_kb.dprd.dianggap_disetujui"]
    assert clock.then_basis == clock.basis == ("P22 ps 12(4)",)
    assert clock.remind is not None
    assert clock.remind.before == (Duration(14, Unit.DAYS), Duration(1, Unit.DAYS))
    assert clock.remind.at == time(8, 0)
    assert small.states["penyusunan"].deadlines[0].remind is not None
    assert small.states["penyusunan"].deadlines[0].remind.at == time(7, 0)
    end = small.states["pelaksanaan"].deadlines[0]
    assert end.at is not None
    assert end.at.fields == {"berlaku_sampai"}
    assert end.then is not None
    assert [one.field for one in end.then[0].set] == ["sebab_berakhir"]


def test_obligation_and_its_handler_know_each_other(small: Definition) -> None:
    """An obligation names the handlers that meet it, and they name it."""
    duty = small.states["pelaksanaan"].obligations[0]
    assert duty.each_year == ((6, 30), (12, 31))
    assert duty.within == Duration(14, Unit.DAYS)
    assert duty.kind is Kind.STATUTORY
    assert duty.fulfilled_by == ("pelaksanaan.kirim_laporan",)
    assert small.states["pelaksanaan"].handlers[0].fulfils == ("pelaksanaan.laporan_semester",)


# Targets -----------------------------------------------------------------------------------------

NESTED = """\
a:
  initial: b
  states:
    b:
      initial: c
      states:
        c:
          transitions:
            pergi: {{by: [opd], to: {target}}}
        d: {{}}
    d: {{}}
    e:
      initial: c
      states:
        c: {{}}
  transitions:
    selesaikan: {{by: [opd], to: selesai}}
    tunjuk: {{by: [opd], to: e.c}}
    lihat: {{by: [opd], to: d}}
    turun: {{by: [opd], to: b.d}}
disusun:
  transitions:
    masuk: {{by: [opd], to: a}}
selesai: {{final: true, outcome: selesai}}
"""


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("d", "a.b.d"),  # the sibling, not the one further out
        ("e", "a.e"),
        ("e.c", "a.e.c"),
        ("b", "a.b"),  # the state around
        ("a.d", "a.d"),
        ("selesai", "selesai"),
    ],
)
def test_target_nearest_wins(target: str, path: str) -> None:
    """A target is found among own children, then siblings, then outward; the rest goes down."""
    handler = definition(states=NESTED.format(target=target)).states["a.b.c"].handlers[0]
    assert (handler.branches[0].target, handler.branches[0].external) == (path, False)


def test_target_own_child_before_sibling() -> None:
    """An own child is nearer than a sibling of the same name."""
    states = NESTED.format(target="selesai") + "d: {transitions: {lanjut: {by: [opd], to: selesai}}}\n"
    states = states.replace(
        "masuk: {by: [opd], to: a}", "masuk: {by: [opd], to: a}\n    luar: {by: [opd], to: d}"
    )
    found = definition(states=states).states
    assert [one.branches[0].target for one in found["a"].handlers] == ["selesai", "a.e.c", "a.d", "a.b.d"]
    assert [one.branches[0].target for one in found["disusun"].handlers] == ["a", "d"]


@pytest.mark.parametrize("target", ["self", "c"])
def test_target_self_leaves_and_enters(target: str) -> None:
    """``to: self``, and a state's own name, leave the state and enter it again."""
    handler = definition(states=NESTED.format(target=target)).states["a.b.c"].handlers[0]
    assert (handler.branches[0].target, handler.branches[0].external) == ("a.b.c", True)


def test_target_only_further_in_is_named_by_its_path() -> None:
    """A state that lies elsewhere is not found by its bare name; the path is offered."""
    states = NESTED.format(target="selesai").replace("to: a}", "to: b}")
    (found,) = (one for one in findings(states=states) if one.code == "unknown-state")
    assert found.help == "write its path: a.b"


def test_reenter_makes_inner_target_external() -> None:
    """``reenter: true`` asks for the external transition."""
    states = NESTED.format(target="selesai").replace("to: b.d}", "to: b.d, reenter: true}")
    handler = definition(states=states).states["a"].handlers[-1]
    assert (handler.branches[0].target, handler.branches[0].external) == ("a.b.d", True)


# Triggers ----------------------------------------------------------------------------------------


def test_trigger_name_means_every_place() -> None:
    """A bare trigger name means every handler of that name, a path one of them."""
    states = """\
    disusun:
      transitions:
        ajukan: {by: [opd], to: diperbaiki}
    diperbaiki:
      transitions:
        ajukan: {by: [opd], to: dinilai}
    dinilai:
      transitions:
        terima: {by: [ketua], other_person_than: [ajukan], to: selesai}
        tolak: {by: [ketua], other_person_than: [diperbaiki.ajukan, diperbaiki.ajukan], to: selesai}
    selesai: {final: true, outcome: selesai}
    """
    accept, refuse = definition(states=states).states["dinilai"].handlers
    assert accept.other_person_than == ("disusun.ajukan", "diperbaiki.ajukan")
    assert refuse.other_person_than == ("diperbaiki.ajukan",)


def test_set_beside_choose_is_every_branch_s() -> None:
    """What stands beside ``choose`` is set in every branch that does not set it itself."""
    states = """\
    disusun:
      transitions:
        ajukan:
          by: [opd]
          set: {sebab: "'umum'"}
          choose:
            - when: parties == parties
              to: selesai
              set: {sebab: "'khusus'"}
            - to: selesai
    selesai: {final: true, outcome: selesai}
    """
    states = states.replace("parties == parties", "len(parties) > 1")
    handler = definition("fields: {sebab: {type: text}}", states=states).states["disusun"].handlers[0]
    values = [[one.value.text for one in branch.set] for branch in handler.branches]
    assert values == [["'khusus'"], ["'umum'"]]


def test_deadline_own_zone_calendar_and_then_basis() -> None:
    """A deadline may count in the receiving body's zone and calendar, and ``then`` cite its own article."""
    states = """\
    disusun:
      deadlines:
        batas:
          within: 3 working days
          first_day: same
          roll: next_working_day
          hold: 2 days
          zone: Asia/Jakarta
          calendar: pusat
          kind: statutory
          then: {to: selesai, basis: P22 ps 9}
          basis: P22 ps 8
      transitions:
        ajukan: {by: [opd], to: selesai}
    selesai: {final: true, outcome: selesai}
    """
    found = definition(states=states)
    clock = found.states["disusun"].deadlines[0]
    assert (clock.zone, clock.calendar, clock.hold) == ("Asia/Jakarta", "pusat", Duration(2, Unit.DAYS))
    assert (clock.first_day, clock.roll) == (FirstDay.SAME, Roll.NEXT_WORKING_DAY)
    assert (clock.basis, clock.then_basis) == (("P22 ps 8",), ("P22 ps 9",))
    assert found.calendars == ("indonesia", "pusat")


def test_facts_that_are_only_recorded_are_kept() -> None:
    """Facts of a transition are asked too where no guard reads them."""
    states = """\
    disusun:
      transitions:
        ajukan: {by: opd, facts: pagu, to: selesai}
    selesai: {final: true, outcome: selesai}
    """
    (found,) = definition("facts: {pagu: {type: money}}", states=states).states["disusun"].handlers
    assert (found.by, found.facts) == ((RoleRef(role="opd"),), ("pagu",))


# All at once -------------------------------------------------------------------------------------


def test_problems_are_found_at_once() -> None:
    """Problems of form, names, guards and laws are reported together, by place."""
    found = codes(
        """\
        basis: P99 ps 1
        fields:
          judul: {type: text, maximum: 3}
          nilai: {type: money}
        """,
        opening="""\
        open:
          by: [odp]
          fields: {required: [judul], optional: [nilai]}
          choose:
            - when: nilai > 0
              to: disusunn
            - to: disusun
        """,
        states="""\
        disusun:
          transitions:
            ajukan: {by: [opd], rules: [lengkap], to: selesai}
            simpan: {by: [opd], documents: {attach: [kak]}, too: x}
        selesai: {final: true, outcome: selesai}
        """,
    )
    assert found == [
        "unknown-law",
        "unknown-key",
        "unknown-role",
        "maybe-empty",
        "unknown-state",
        "unknown-rule",
        "unknown-document",
        "unknown-key",
    ]


def test_broken_declaration_is_known_all_the_same() -> None:
    """A name whose declaration is broken is not reported again where it is used."""
    found = codes(
        "fields: {judul: {type: teks}}\nroles2: {}",
        opening="""\
        open:
          by: [opd]
          fields: {required: [judul]}
          choose:
            - when: judul == 'a'
              to: disusun
        """,
    )
    assert found == ["wrong-value", "unknown-key"]


def test_missing_head_keeps_the_rest() -> None:
    """Without its head a definition is still looked at."""
    text = write(states="a: {transitions: {b: {by: [nobody], to: c}}}").replace("version: 1\n", "")
    found = [one.code for one in load(text).diagnostics]
    assert found == ["missing-key", "unknown-state", "unknown-role", "unknown-state"]
