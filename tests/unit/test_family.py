"""Families of cases: what opens, closes and ends together, in which order, and what history says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.families import GOVERNOR, HEAD, OFFICE, OPD, Clan, process
from tests.unit.support import PARTIES, make
from workflow.case import Body, Party
from workflow.chart.process import Process
from workflow.definition import Definition
from workflow.history.replay import Illegal, replay
from workflow.step.decide import ClockFailed, ConsequenceFailed, Restless
from workflow.step.environment import FactsNeeded
from workflow.step.family import FamilyFacts, StepFailed
from workflow.step.kin import Kin
from workflow.step.options import available

THREE = (*PARTIES, Party("paser", side="mitra"))


def started(parties: tuple[Party, ...] = PARTIES, **fields: Any) -> tuple[Clan, str]:
    """A joint agreement with its document."""
    clan = Clan()
    kb = clan.open(parties=parties, **fields)
    clan.do(kb, "unggah", OPD, "kb")
    return clan, kb


def signed(clan: Clan, kb: str, until: str) -> str:
    """An agreement in force until a day."""
    [pks] = clan.do(kb, "mulai_pks", OPD)
    clan.do(pks, "tanda_tangan", HEAD, berlaku_sampai=until)
    return pks


# --- opening -----------------------------------------------------------------------------------------


def test_opening_child_writes_parent_first_then_child() -> None:
    """``child_opened`` here stands after the step's own entry and before ``case_opened`` there."""
    clan, kb = started()
    before = len(clan.order())
    [pks] = clan.do(kb, "mulai_pks", OPD)
    assert clan.order(before) == [("kb", "transition_taken"), ("kb", "child_opened"), ("pks", "case_opened")]
    opened, there = clan.entries[kb][-1], clan.entries[pks][0]
    assert opened["child"] == {"case": pks, "name": "pks"}
    assert opened["revision"] == clan.entries[kb][-2]["revision"]
    assert there["parent"] == {"case": kb, "name": "pks"}
    assert there["actor"] == {"id": "parent", "case": kb}
    assert there["documents"] == {"kb": list(clan.cases[kb].documents["kb"])}


def test_opening_child_carries_fields_parties_and_the_day() -> None:
    """What ``opens`` gives, the parent's parties with their names, and the day on which it happened."""
    clan, kb = started()
    clan.at("2026-02-05")
    [pks] = clan.do(kb, "mulai_pks", OPD, effective_on=date(2026, 2, 3))
    case = clan.cases[pks]
    assert case.fields == {"judul": "Angkutan", "pagu": "1000000000"}
    assert case.parties == clan.cases[kb].parties
    assert (case.stepped_on, case.parent) == ("2026-02-03", {"case": kb, "name": "pks"})
    assert clan.cases[kb].children == {pks: {"name": "pks"}}


def test_opening_child_in_an_earlier_zone_is_today_there() -> None:
    """Just after midnight at the parent's it is still the day before at the child's: never the future."""
    clan, kb = started()
    pks = signed(clan, kb, "2027-01-01")
    clan.at("2026-02-10T00:30")
    [inner] = clan.do(pks, "rinci", OPD)
    assert clan.cases[pks].stepped_on != "2026-02-09"
    assert clan.cases[inner].stepped_on == "2026-02-09"


def test_opening_one_child_for_each_party_of_a_side() -> None:
    """With ``for_each`` a child has the first side's party and one of that side."""
    clan, kb = started(THREE)
    opened = clan.do(kb, "mulai_per_mitra", OPD)
    parties = [[str(one["id"]) for one in clan.cases[pks].parties] for pks in opened]
    assert parties == [["kukar", "samarinda"], ["kukar", "paser"]]


def test_opening_more_children_than_may_be_open_is_refused() -> None:
    """``max`` counts the open ones only, and those that the step would open."""
    clan, kb = started(THREE)
    pks, *_ = [clan.do(kb, "mulai_pks", OPD)[0] for _ in range(2)]
    assert clan.codes(kb, "mulai_per_mitra", OPD) == ["child-open"]
    clan.do(kb, "mulai_pks", OPD)
    assert clan.codes(kb, "mulai_pks", OPD) == ["child-open"]
    clan.do(pks, "batalkan", HEAD)
    clan.do(kb, "mulai_pks", OPD)


def test_opening_child_without_what_it_asks_for_is_refused() -> None:
    """The child's own reasons come back, each said to be the child's."""
    clan = Clan()
    kb = clan.open()
    refusal = clan.fire(kb, "mulai_pks", OPD)
    assert refusal is not None
    [reason] = refusal.reasons
    assert reason.code == "missing-document"
    assert reason.message.key == "refusal.child-not-opened"
    assert "pks" in reason.message.text("id")
    assert "document" in reason.message.text("en")


def test_opening_child_of_a_workflow_that_no_parent_opens_is_refused() -> None:
    """``open: by: parent`` is what lets a parent."""
    clan, kb = started()
    clan._processes = {"ambil": make("workflow: ambil\nstates: {awal: {final: true, outcome: ya}}")}
    assert clan.codes(kb, "mulai_pembinaan", GOVERNOR) == ["wrong-role"]


# --- closing -----------------------------------------------------------------------------------------


def test_closing_child_writes_its_last_entry_first() -> None:
    """Then the parent's ``child_closed`` with how it ended, which is no new state of the parent."""
    clan, kb = started()
    [pks] = clan.do(kb, "mulai_pks", OPD)
    before, revision = len(clan.order()), clan.cases[kb].revision
    clan.do(pks, "batalkan", HEAD)
    assert clan.order(before) == [("pks", "transition_taken"), ("kb", "child_closed")]
    last = clan.entries[kb][-1]
    assert last["actor"] == {"id": "child", "case": pks}
    assert (last["child"], last["outcome"]) == ({"case": pks, "name": "pks"}, "dibatalkan")
    assert clan.cases[kb].revision == revision
    assert clan.cases[kb].children == {pks: {"name": "pks", "outcome": "dibatalkan"}}


def test_closing_last_child_opens_the_parents_always() -> None:
    """``all(p.closed for p in children('pks'))`` is looked at when a child closes, not before."""
    clan, kb = started()
    first, second = (clan.do(kb, "mulai_pks", OPD)[0] for _ in range(2))
    clan.do(kb, "akhiri", HEAD)
    clan.do(first, "batalkan", HEAD)
    assert clan.states(kb) == ("penutupan",)
    clan.do(second, "batalkan", HEAD)
    last = clan.entries[kb][-1]
    assert (last["kind"], last["from"], last["to"]) == ("transition_taken", ["penutupan"], ["berakhir"])
    assert last["trigger"] == "@always"
    assert last["actor"] == {"id": "child", "case": second}


def test_parent_without_children_passes_its_always_at_once() -> None:
    """Of no children everything holds."""
    clan, kb = started()
    clan.do(kb, "akhiri", HEAD)
    assert clan.cases[kb].outcome == "berakhir"


@pytest.mark.parametrize(("trigger", "after"), [("ambil_alih", "diambil_alih"), ("terlaksana", "berjalan")])
def test_child_transition_is_taken_where_its_guard_holds(trigger: str, after: str) -> None:
    """``child.outcome`` decides; without a true guard the end is noted and nothing is taken."""
    clan, kb = started()
    [taken] = clan.do(kb, "mulai_pembinaan", GOVERNOR)
    clan.do(taken, trigger, GOVERNOR)
    assert clan.states(kb) == (after,)
    moved = clan.kinds(kb)[-2:] == ["child_closed", "transition_taken"]
    assert moved == (after == "diambil_alih")
    if moved:
        assert clan.entries[kb][-1]["trigger"] == "pengambilalihan"


def test_child_transition_is_not_for_people() -> None:
    """``by: child`` is neither allowed nor offered."""
    clan, kb = started()
    assert clan.codes(kb, "pengambilalihan", HEAD) == ["not-enabled"]  # no child has closed
    clan = Clan(processes={"induk": parent_of("anak", "to: akhir")})
    case = clan.open("induk")
    assert clan.codes(case, "lagi", OPD) == ["wrong-role"]
    options = available(clan.process("induk"), clan.cases[case], OPD, clan.world)
    assert [one.trigger for one in options] == ["awal.buka", "awal.selesai"]


def test_three_levels_close_upward_by_the_innermost_clock() -> None:
    """The clock of a grandchild ends it, its parent by ``by: child``, and the outermost by ``always``."""
    clan, kb = started()
    pks = signed(clan, kb, "2027-01-01")
    [inner] = clan.do(pks, "rinci", OPD)
    clan.do(kb, "akhiri", HEAD)
    before = len(clan.order())
    clan.tick("2026-03-02")
    assert clan.order(before) == [
        ("rincian", "clock_fired"),
        ("pks", "child_closed"),
        ("pks", "transition_taken"),
        ("kb", "child_closed"),
        ("kb", "transition_taken"),
    ]
    assert [clan.cases[one].outcome for one in (inner, pks, kb)] == ["tuntas", "tuntas", "berakhir"]
    assert clan.entries[kb][-1]["effective_on"] == "2026-02-12"


def test_child_recorded_late_moves_its_parent_no_earlier_than_its_last_step() -> None:
    """The end is noted on its own day; what follows from it rewinds nothing."""
    clan, kb = started()
    [pks] = clan.do(kb, "mulai_pks", OPD)
    clan.at("2026-02-20").do(kb, "akhiri", HEAD)
    clan.do(pks, "batalkan", HEAD, effective_on=date(2026, 2, 10))
    noted, moved = clan.entries[kb][-2:]
    assert (noted["effective_on"], moved["effective_on"]) == ("2026-02-10", "2026-02-20")


# --- a parent that ends ------------------------------------------------------------------------------


def test_parent_ending_is_refused_while_a_child_goes_on() -> None:
    """``refuse``, with the children named."""
    clan, kb = started()
    [pks] = clan.do(kb, "mulai_pks", OPD)
    refusal = clan.fire(kb, "bubarkan", HEAD)
    assert refusal is not None
    assert refusal.reasons[0].needs == {"children": [pks]}
    assert clan.cases[pks].number in refusal.reasons[0].message.text("en")
    clan.do(pks, "batalkan", HEAD)
    clan.do(kb, "bubarkan", HEAD)


def test_clock_that_may_not_end_the_case_expires_without_effect() -> None:
    """A term that runs out while agreements go on is recorded as expired; nothing is closed."""
    clan, kb = started(berlaku_sampai="2026-03-01")
    pks = signed(clan, kb, "2026-06-01")
    clan.tick("2026-03-10")
    assert clan.kinds(kb)[-1] == "deadline_expired"
    assert clan.states(kb) == ("berjalan",)
    assert clan.cases[pks].closed_at is None
    clan.tick("2026-06-10")
    assert clan.kinds(kb)[-1] == "child_closed"


def test_parent_ending_closes_children_after_its_own_last_entry() -> None:
    """``close``: the child's last entry is by the parent, its clocks and duties stop, the parent notes it."""
    clan, kb = started()
    [note] = clan.do(kb, "mulai_catatan", OPD)
    clan.tick("2026-03-04")
    before = len(clan.order())
    clan.do(kb, "bubarkan", HEAD)
    assert clan.order(before) == [
        ("kb", "transition_taken"),
        ("catatan", "transition_taken"),
        ("catatan", "obligation_lapsed"),
        ("kb", "child_closed"),
    ]
    last = clan.entries[note][-2]
    assert last["actor"] == {"id": "parent", "case": kb}
    assert (last["from"], last["to"], last["outcome"]) == (["terbuka"], ["terbuka"], "closed_with_parent")
    assert [(one["op"], one["path"]) for one in last["clocks"]] == [("stopped", "terbuka.tindak_lanjut")]
    assert clan.cases[note].closed_at == last["recorded_at"]
    assert (clan.cases[note].clocks, clan.cases[note].obligations) == ({}, {})
    assert clan.cases[kb].children[note]["outcome"] == "closed_with_parent"


def test_parent_ending_keeps_children_and_notes_their_end_later() -> None:
    """``keep``: the child goes on; the closed parent notes how it ended and takes nothing."""
    clan, kb = started()
    [taken] = clan.do(kb, "mulai_pembinaan", GOVERNOR)
    clan.do(kb, "bubarkan", HEAD)
    closed_at, outcome = clan.cases[kb].closed_at, clan.cases[kb].outcome
    clan.do(taken, "ambil_alih", GOVERNOR)
    assert clan.kinds(kb)[-1] == "child_closed"
    assert (clan.cases[kb].closed_at, clan.cases[kb].outcome) == (closed_at, outcome)


def test_branch_overrides_what_the_end_means_for_children() -> None:
    """A takeover closes agreements that any other end would be refused for."""
    clan, kb = started()
    [pks] = clan.do(kb, "mulai_pks", OPD)
    [taken] = clan.do(kb, "mulai_pembinaan", GOVERNOR)
    clan.do(taken, "ambil_alih", GOVERNOR)
    assert clan.cases[kb].outcome == "diambil_alih"
    assert clan.cases[pks].outcome == "closed_with_parent"


def test_grandchild_in_the_way_keeps_the_whole_family_open() -> None:
    """Closing a child means closing what it has opened; where that is refused, nothing is closed."""
    clan, kb = started()
    pks = signed(clan, kb, "2027-01-01")
    [inner] = clan.do(pks, "rinci", OPD)
    [taken] = clan.do(kb, "mulai_pembinaan", GOVERNOR)
    clan.do(taken, "ambil_alih", GOVERNOR)
    assert clan.kinds(kb)[-1] == "child_closed"  # noted, not taken
    assert [clan.cases[one].closed_at for one in (kb, pks, inner)] == [None, None, None]


def test_closing_goes_down_through_the_levels() -> None:
    """What a closed child would close itself ends as well, the inner noted in the outer."""
    clan, kb = started()
    pks = signed(clan, kb, "2027-01-01")
    [inner] = clan.do(pks, "lampirkan", OPD)
    [taken] = clan.do(kb, "mulai_pembinaan", GOVERNOR)
    before = len(clan.order())
    clan.do(taken, "ambil_alih", GOVERNOR)
    assert clan.order(before) == [
        ("ambil", "transition_taken"),
        ("kb", "child_closed"),
        ("kb", "transition_taken"),
        ("pks", "transition_taken"),
        ("catatan", "transition_taken"),
        ("pks", "child_closed"),
        ("kb", "child_closed"),
    ]
    assert clan.cases[inner].outcome == "closed_with_parent"


# --- what guards see ---------------------------------------------------------------------------------


def test_guard_sees_what_a_child_shares_as_it_is_now() -> None:
    """No entry of the parent is written when a shared value changes; it is read when asked."""
    clan, kb = started()
    [pks] = clan.do(kb, "mulai_pks", OPD)
    clan.do(kb, "tandai", OFFICE)
    assert clan.cases[kb].fields["tingkat"] == "biasa"
    entries = len(clan.entries[kb])
    clan.do(pks, "nilai_pekerjaan", OFFICE, nilai=600_000_000)
    assert len(clan.entries[kb]) == entries
    clan.do(kb, "tandai", OFFICE)
    assert clan.cases[kb].fields["tingkat"] == "penting"
    assert clan.codes(kb, "ubah_pagu", OFFICE, pagu=500_000_000) == ["rule-failed"]


def test_guard_of_a_child_sees_what_the_parent_shares() -> None:
    """The ceiling is the parent's, as it is now."""
    clan, kb = started()
    [pks] = clan.do(kb, "mulai_pks", OPD)
    assert clan.codes(pks, "nilai_pekerjaan", OFFICE, nilai=2_000_000_000) == ["rule-failed"]
    clan.do(kb, "ubah_pagu", OFFICE, pagu=3_000_000_000)
    clan.do(pks, "nilai_pekerjaan", OFFICE, nilai=2_000_000_000)


def kin_of(clan: Clan, case_id: str, **look: Process) -> Kin:
    """What a case sees of its relatives, some of them being of another version."""

    def found(other: str) -> tuple[Definition, Any]:
        case = clan.cases[other]
        return (look.get(case.workflow) or process(case.workflow)).definition, case

    case = clan.cases[case_id]
    return Kin(process(case.workflow).definition, case, found)


def test_relative_shares_nothing_that_is_not_listed() -> None:
    """Names outside of ``shares`` are empty, whatever the other case holds."""
    clan, kb = started(berlaku_sampai="2027-01-01")
    pks = signed(clan, kb, "2026-12-31")
    [child] = kin_of(clan, kb).children("pks")
    assert child.field("judul") is None
    assert child.field("berlaku_sampai") == date(2026, 12, 31)
    parent = kin_of(clan, pks).parent
    assert parent.field("judul") is None
    assert parent.field("berlaku_sampai") == date(2027, 1, 1)
    assert (parent.closed, parent.outcome) == (False, None)


def test_relative_of_another_version_shares_what_both_understand() -> None:
    """A version without the field, or with another sort of value, counts as empty to its child."""
    clan, kb = started(berlaku_sampai="2027-01-01")
    pks = signed(clan, kb, "2026-12-31")
    fields = dict(process("kb").definition.fields)
    text = replace(fields["judul"], name="berlaku_sampai")
    for changed_fields in ({**fields, "berlaku_sampai": text}, {"judul": fields["judul"]}):
        other = Process(replace(process("kb").definition, fields=changed_fields))
        assert kin_of(clan, pks, kb=other).parent.field("berlaku_sampai") is None
    del fields["berlaku_sampai"]
    without = Process(replace(process("pks").definition, fields={}))
    [child] = kin_of(clan, kb, pks=without).children("pks")
    assert child.field("berlaku_sampai") is None


# --- clocks of a family -------------------------------------------------------------------------------


def outcome(clan: Clan) -> list[list[tuple[Any, ...]]]:
    """Everything that history says but for when it was written down."""
    return [
        [
            (one["kind"], one["effective_on"], one.get("to"), one.get("outcome"), one.get("changes"))
            for one in drafts
        ]
        for drafts in clan.entries.values()
    ]


@pytest.mark.parametrize("days", [(), ("2026-02-12",), ("2026-02-15", "2026-03-02"), ("2026-03-01",)])
def test_family_comes_out_the_same_whenever_the_sweep_wakes(days: tuple[str, ...]) -> None:
    """Clocks of parent and children, due on different days, give one history for every schedule."""

    def played(sweeps: tuple[str, ...]) -> Clan:
        clan, kb = started(berlaku_sampai="2026-03-01")
        first = signed(clan, kb, "2026-02-20")
        signed(clan, kb, "2026-02-28")
        clan.do(first, "rinci", OPD)
        clan.do(kb, "mulai_catatan", OPD)
        for day in sweeps:
            clan.tick(day)
        clan.at("2026-03-05")
        if clan.cases[kb].closed_at is None:
            clan.fire(kb, "tandai", OFFICE)
        return clan.tick("2026-04-30")

    late, swept = played(()), played(days)
    assert outcome(swept) == outcome(late)
    [kb, *_] = swept.cases.values()
    assert (kb.outcome, kb.stepped_on) == ("berakhir", "2026-03-01")


def test_childs_clock_comes_before_its_parents_at_one_instant() -> None:
    """Inner first: the agreement that ends on the same day no longer stands in its parent's way."""
    clan, kb = started(berlaku_sampai="2026-03-01")
    pks = signed(clan, kb, "2026-03-01")
    before = len(clan.order())
    clan.tick("2026-03-02")
    assert clan.order(before) == [("pks", "clock_fired"), ("kb", "child_closed"), ("kb", "clock_fired")]
    assert clan.cases[pks].closed_at is not None


def test_act_on_a_child_takes_the_parents_ripe_clock_first() -> None:
    """The parent's term closes the note before anybody can act on it."""
    clan, kb = started(berlaku_sampai="2026-03-01")
    [note] = clan.do(kb, "mulai_catatan", OPD)
    clan.at("2026-03-05")
    assert clan.codes(note, "tutup", OPD) == ["case-closed"]
    clan.tick()
    assert clan.cases[note].outcome == "closed_with_parent"


def failing() -> Process:
    """Agreements whose clock has no value."""
    definition = process("pks").definition
    state = definition.states["berjalan"]
    [deadline] = state.deadlines
    guard = (
        make("""
        fields: {d: {type: date}}
        open: {by: [pemrakarsa.opd], fields: {required: [d]}, to: awal}
        states:
          awal: {transitions: {x: {by: [opd], when: d + years(9000) > d, to: akhir}}}
          akhir: {final: true, outcome: ya}
        """)
        .handlers["awal.x"]
        .when
    )
    assert guard is not None and deadline.then is not None
    broken = replace(deadline, then=(replace(deadline.then[0], when=Broken(guard)),))
    states = {**definition.states, "berjalan": replace(state, deadlines=(broken,))}
    return Process(replace(definition, states=states))


class Broken:
    """A guard that reckons beyond the calendar."""

    fields = frozenset({"berlaku_sampai"})

    def __init__(self, guard: Any) -> None:
        self._guard = guard

    def __call__(self, env: Any) -> Any:
        """Ask the guard of another definition about this one's date."""

        class Renamed:
            def field(self, name: str) -> Any:
                return env.field("berlaku_sampai")

        return self._guard(Renamed())


def test_failing_clock_of_one_case_holds_back_that_case_only() -> None:
    """A sibling's clock that has no value is set aside; the others' law goes on."""
    clan, kb = started()
    clan._processes = {"pks": failing()}
    broken = signed(clan, kb, "2026-02-20")
    clan._processes = {"pks": failing()}
    [note] = clan.do(kb, "mulai_catatan", OPD)
    clan.tick("2026-03-10")
    assert isinstance(clan.failures[broken], ClockFailed)
    assert clan.cases[note].clocks["terbuka.tindak_lanjut"]["status"] == "expired"
    family = clan.family()
    with pytest.raises(ClockFailed):
        family.tick(broken)
    clan.do(kb, "tandai", OFFICE)


# --- what never rests, and what is lacking ---------------------------------------------------------------


def parent_of(child: str, extra: str = "") -> Process:
    """A case that opens a child, and another each time that one closes."""
    return make(f"""
        workflow: induk
        children: {{anak: {{workflow: {child}, at_parent_end: keep}}}}
        facts: {{boleh: {{type: boolean}}}}
        states:
          awal:
            transitions:
              buka: {{by: [opd], opens: {{child: anak}}}}
              lagi:
                by: child
                child: anak
                {extra or "opens: {child: anak}"}
              selesai: {{by: [opd], when: boleh, to: akhir}}
          akhir: {{final: true, outcome: ya}}
        """)


def test_children_that_open_each_other_without_end_are_a_defect() -> None:
    """A child that ends as it is opened, and a parent that opens another each time."""
    anak = make("workflow: anak\nopen: {by: parent, to: akhir}\nstates: {akhir: {final: true, outcome: ya}}")
    clan = Clan(processes={"induk": parent_of("anak"), "anak": anak})
    case = clan.open("induk")
    with pytest.raises(Restless):
        clan.fire(case, "buka", OPD)


def test_consequence_without_a_value_is_a_defect_and_nobodys_refusal() -> None:
    """Where the end of a child makes a guard reckon beyond the calendar, no one's act is to blame."""
    anak = make("workflow: anak\nopen: {by: parent, to: akhir}\nstates: {akhir: {final: true, outcome: ya}}")
    induk = make("""
        workflow: induk
        fields: {d: {type: date}}
        open: {by: [pemrakarsa.opd], fields: {required: [d]}, to: awal}
        children: {anak: {workflow: anak, at_parent_end: keep}}
        states:
          awal:
            transitions:
              buka: {by: [opd], opens: {child: anak}}
              lagi: {by: child, child: anak, when: d + years(9000) > d, to: akhir}
          akhir: {final: true, outcome: ya}
        """)
    clan = Clan(processes={"induk": induk, "anak": anak})
    case = clan.open("induk", d="2026-01-01")
    with pytest.raises(ConsequenceFailed):
        clan.fire(case, "buka", OPD)


def test_facts_of_what_follows_are_asked_for_with_their_case() -> None:
    """A step that follows needs facts: the family says of which case, and nothing is decided."""
    anak = make("""
        workflow: anak
        facts: {pagu_tersedia: {type: boolean}}
        rules: {ada: {check: pagu_tersedia, message: {id: Tidak ada pagu, en: No budget}}}
        open: {by: parent, rules: [ada], to: akhir}
        states: {akhir: {final: true, outcome: ya}}
        """)
    clan = Clan(processes={"induk": parent_of("anak", "to: akhir"), "anak": anak})
    case = clan.open("induk")
    with pytest.raises(FamilyFacts) as lacking:
        clan.fire(case, "buka", OPD)
    assert isinstance(lacking.value, FactsNeeded)
    assert (lacking.value.names, lacking.value.case) == (("pagu_tersedia",), None)
    assert lacking.value.process is anak
    clan.facts = {"pagu_tersedia": True}
    clan.do(case, "buka", OPD)
    assert clan.cases[case].outcome == "ya"


def test_clock_whose_consequence_is_refused_is_a_defect() -> None:
    """A clock ends a child, its parent opens another, whose definition refuses: the clock cannot act."""
    anak = make("""
        workflow: anak
        documents: {surat: {title: Surat}}
        open: {by: parent, to: jalan}
        states:
          jalan:
            deadlines: {batas: {within: 5 days, kind: target, then: {to: akhir}}}
          akhir: {final: true, outcome: ya}
        """)
    lain = make("""
        workflow: lain
        documents: {surat: {title: Surat}}
        open: {by: parent, documents: {present: [surat]}, to: akhir}
        states: {akhir: {final: true, outcome: ya}}
        """)
    induk = make("""
        workflow: induk
        children:
          anak: {workflow: anak, at_parent_end: keep}
          lain: {workflow: lain, at_parent_end: keep}
        states:
          awal:
            transitions:
              buka: {by: [opd], opens: {child: anak}}
              lagi: {by: child, child: anak, opens: {child: lain}}
              selesai: {by: [opd], to: akhir}
          akhir: {final: true, outcome: ya}
        """)
    clan = Clan(processes={"induk": induk, "anak": anak, "lain": lain})
    case = clan.open("induk")
    [opened] = clan.do(case, "buka", OPD)
    clan.tick("2026-02-20")
    assert isinstance(clan.failures[opened], StepFailed)
    assert clan.cases[opened].closed_at is None


# --- regions -----------------------------------------------------------------------------------------


def test_child_transition_is_taken_in_each_region_inner_before_outer() -> None:
    """One region each; a transition around one that was taken is passed over."""
    anak = make("workflow: anak\nopen: {by: parent, to: akhir}\nstates: {akhir: {final: true, outcome: ya}}")
    induk = make("""
        workflow: induk
        children: {anak: {workflow: anak, at_parent_end: keep}}
        transitions:
          luar: {by: child, child: anak, to: akhir}
        states:
          awal:
            transitions:
              buka: {by: [opd], opens: {child: anak}}
            regions:
              kiri:
                initial: a
                states:
                  a: {transitions: {ke_b: {by: child, child: anak, to: b}}}
                  b: {}
              kanan:
                initial: c
                states:
                  c: {transitions: {ke_d: {by: child, child: anak, to: d}}}
                  d: {}
          akhir: {final: true, outcome: ya}
        """)
    clan = Clan(processes={"induk": induk, "anak": anak})
    case = clan.open("induk")
    clan.do(case, "buka", OPD)
    assert clan.states(case) == ("awal.kiri.b", "awal.kanan.d")
    clan.do(case, "buka", OPD)
    assert clan.cases[case].outcome == "ya"


# --- replay ------------------------------------------------------------------------------------------


def tampered(clan: Clan, case_id: str, at: int, **keys: Any) -> list[Illegal]:
    """What replay finds where one entry says something else."""
    entries: list[Body] = [dict(one) for one in clan.entries[case_id]]
    entries[at] |= keys
    return clan.illegal(case_id, entries)


def test_replay_finds_an_end_of_a_child_that_the_parent_did_not_follow() -> None:
    """Whether a child has closed is in the parent's own history: leaving out what follows is found."""
    clan, kb = started()
    [pks] = clan.do(kb, "mulai_pks", OPD)
    clan.do(kb, "akhiri", HEAD)
    clan.do(pks, "batalkan", HEAD)
    entries = clan.entries[kb][:-1]
    known = clan.process("kb")
    found = list(replay(known, entries, clan._calendars.__getitem__))
    assert [one.why for one in found] == ["differs"]


def test_replay_finds_a_child_opened_twice_or_of_another_kind() -> None:
    """What a step opens is decided again: how many, and of which relation."""
    clan, kb = started()
    clan.do(kb, "mulai_pks", OPD)
    child = clan.entries[kb][-1]["child"]
    [found] = tampered(clan, kb, -1, child={**child, "name": "ambil"})
    assert (found.why, found.detail) == ("differs", "child")


def test_replay_finds_a_guard_that_the_relative_did_not_open() -> None:
    """With the relatives as of then, a step that read what they share is decided again in full."""
    clan, kb = started()
    clan.do(kb, "mulai_pks", OPD)
    clan.do(kb, "tandai", OFFICE)
    forged = {"changes": {"tingkat": {"new": "penting"}}}
    [found] = tampered(clan, kb, -1, **forged)
    assert (found.why, found.detail) == ("differs", "changes")


def test_replay_alone_takes_what_reads_shared_values_as_recorded() -> None:
    """Without the relatives such a step cannot be decided again; the others are."""
    clan, kb = started()
    clan.do(kb, "mulai_pks", OPD)
    clan.do(kb, "tandai", OFFICE)
    assert clan.illegal_alone(kb) == []


def test_replay_finds_an_end_with_the_parent_that_was_another() -> None:
    """A case that ends with its parent ends where it stands."""
    clan, kb = started()
    [note] = clan.do(kb, "mulai_catatan", OPD)
    clan.do(kb, "bubarkan", HEAD)
    [found] = tampered(clan, note, -1, outcome="tertutup")
    assert (found.why, found.detail) == ("differs", "outcome")
