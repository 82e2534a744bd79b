"""Child cases, facts from other cases, powers, silence and events: what is read and what is refused."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.definitions import STATES, codes, write
from workflow.definition import Branch, Definition, Emit, Kind, RoleRef
from workflow.durations import Duration, Unit
from workflow.loading.catalogues import FileNotResolved
from workflow.loading.loader import Loaded, load_definition
from workflow.source.diagnostics import Severity

PKS = """\
format: 1
workflow: pks
version: 1
title: PKS
timezone: Asia/Makassar
calendar: indonesia
roles: {opd: {title: Perangkat daerah}}
fields:
  judul: {type: text}
  nilai: {type: money}
  jenis: {type: choice, options: {a: A, b: B}}
  kontak: {type: person, personal: true}
documents: {kb: {title: Kesepakatan Bersama}}
open:
  by: parent
  fields: {required: [judul]}
  documents: {present: [kb]}
  to: disusun
states:
  disusun: {transitions: {ajukan: {by: [opd], to: selesai}}}
  selesai: {final: true, outcome: berakhir}
"""
DECLARED = """\
parties: {mitra: {min: 1, roles: [opd]}}
fields: {judul: {type: text}}
documents: {kb: {title: Kesepakatan Bersama}}
children: {pks: {workflow: pks, shares: [nilai, jenis], max: 3, at_parent_end: close}}
"""
OPENING = "open: {by: [opd], fields: {required: [judul]}, to: disusun}\n"


class Beside:
    """Gives the child's file and nothing else."""

    def read(self, relative_path: str, from_file: str) -> tuple[str, bytes]:
        """Read a file; see `workflow.loading.loader.Resolver`."""
        if relative_path == "calendars/indonesia.yaml":
            return relative_path, b""
        if relative_path != "pks.yaml":
            raise FileNotResolved(path=relative_path, reason="missing")
        return relative_path, PKS.encode()


def load(body: str, *, declared: str = DECLARED, more: str = "") -> Loaded:
    """Load a parent with one transition more in its first state."""
    states = STATES.replace("transitions:\n", f"transitions:\n    {body}\n") + more
    text = write(declared, opening=OPENING, states=states)
    return load_definition((text, "kb.yaml"), resolve=Beside())


def made(body: str, *, declared: str = DECLARED, more: str = "") -> Definition:
    """Load what must be right."""
    loaded = load(body, declared=declared, more=more)
    assert loaded.definition is not None, [one.message for one in loaded.diagnostics]
    return loaded.definition


def said(body: str, declared: str = DECLARED) -> list[str]:
    """Return the codes of what is wrong with a transition."""
    return [one.code for one in load(body, declared=declared).diagnostics if one.code != "unused-declaration"]


OPENS = "mulai: {by: [opd], opens: {child: pks, for_each: mitra, fields: {judul: judul}, documents: [kb]}}"


def test_relation_and_what_a_transition_opens_are_resolved() -> None:
    """``children`` and ``opens`` stand in the definition as they are written, values compiled."""
    found = made(OPENS)
    relation = found.children["pks"]
    assert (relation.workflow, relation.shares, relation.max) == ("pks", ("nilai", "jenis"), 3)
    assert relation.at_parent_end == "close"
    opens = found.states["disusun"].handlers[0].opens
    assert opens is not None
    assert (opens.child, opens.for_each, opens.documents) == ("pks", "mitra", ("kb",))
    assert opens.fields["judul"].fields == {"judul"}


def test_opening_of_a_child_is_checked_against_its_own_definition() -> None:
    """Fields that the child does not have, of another type, personal or missing are refused."""
    opens = "mulai: {{by: [opd], opens: {{child: pks, fields: {{{0}}}, documents: [kb]}}}}"
    assert said(opens.format("judul: judul, nilaai: 3")) == ["unknown-field"]
    assert said(opens.format("judul: judul, nilai: judul")) == ["guard-type"]
    assert said(opens.format("judul: judul, kontak: judul")) == ["personal-in-guard"]
    assert said(opens.format("")) == ["opens-incomplete"]
    assert said("mulai: {by: [opd], opens: {child: pks, fields: {judul: judul}}}") == ["opens-incomplete"]
    assert said("mulai: {by: [opd], opens: {child: pkss}}") == ["unknown-child"]


def test_shares_are_fields_of_the_child_and_never_personal() -> None:
    """What a parent is to see must be there, and no personal value crosses to another case."""
    assert said(OPENS, DECLARED.replace("jenis]", "jenis, luas]")) == ["unknown-field"]
    assert said(OPENS, DECLARED.replace("jenis]", "jenis, kontak]")) == ["personal-in-guard"]


def test_guard_on_children_is_typed_by_the_child() -> None:
    """Outcomes and shared fields of a child are known from its file."""
    guard = "tutup: {{by: [opd], when: {0}, to: selesai}}"
    taken = made(guard.format("\"all(p.closed and p.outcome == 'berakhir' for p in children('pks'))\""))
    when = taken.states["disusun"].handlers[0].when
    assert when is not None and (set(when.relations), set(when.uses)) == ({"pks"}, {"children"})
    assert said(guard.format("\"any(p.outcome == 'gagal' for p in children('pks'))\"")) == [
        "guard-unknown-option"
    ]
    assert said(guard.format("\"any(p.nilai > 3 for p in children('pks'))\"")) == ["maybe-empty"]
    assert said(guard.format("\"any(p.nilai is not None and p.nilai > 3 for p in children('pks'))\"")) == []
    assert said(guard.format("\"any(p.judul is None for p in children('pks'))\"")) == ["guard-unknown-name"]


def test_transition_by_a_child_sees_the_child_that_closed() -> None:
    """``by: child`` names the relation, and only there ``child`` is something."""
    found = made("usai: {by: child, child: pks, when: \"child.outcome == 'berakhir'\", to: selesai}")
    handler = found.states["disusun"].handlers[0]
    assert (handler.by, handler.by_child, handler.child) == ((), True, "pks")
    assert said("usai: {by: child, to: selesai}") == ["missing-key"]
    assert said("usai: {by: [child, opd], child: pks, to: selesai}") == ["clock-and-people"]
    assert said("usai: {by: [opd], when: child.closed, to: selesai}") == ["guard-not-here"]


def test_child_whose_file_is_missing_is_a_warning_and_its_fields_unread() -> None:
    """Without the child's definition its end can be asked, and nothing that it shares."""
    declared = DECLARED.replace("workflow: pks", "workflow: lain")
    guard = "tutup: {{by: [opd], when: \"all({0} for p in children('pks'))\", to: selesai}}"
    assert said(guard.format("p.closed and p.outcome == 'apa saja'"), declared) == ["child-not-read"]
    assert said(guard.format("p.nilai is None"), declared) == ["child-not-read", "guard-unknown-name"]


def test_parent_opens_and_is_seen_by_shared_names() -> None:
    """``by: parent`` opens; ``parent`` shows whether it has closed, how, and fields of one name."""
    opening = "open: {by: parent, fields: {required: [judul]}, documents: {present: [kb]}, to: disusun}\n"
    declared = "fields: {judul: {type: text}}\ndocuments: {kb: {title: KB}}\n"
    guard = "tutup: {{by: [opd], when: {0}, to: selesai}}"

    def of(text: str) -> list[str]:
        states = STATES.replace("transitions:\n", f"transitions:\n    {guard.format(text)}\n")
        return codes(declared, opening=opening, states=states)

    assert of("parent.closed or parent.outcome == 'x'") == []
    assert of("parent.judul is not None and len(parent.judul) > 3") == []
    assert of("parent.nilai is None") == ["guard-unknown-name"]
    assert codes(opening="open: {by: [parent, opd], to: disusun}\n") == ["clock-and-people"]


def test_end_of_the_parent_is_overridden_on_a_way_to_an_end() -> None:
    """``at_parent_end`` belongs to a branch that ends the case."""
    found = made("tutup: {by: [opd], to: selesai, at_parent_end: keep}")
    assert found.states["disusun"].handlers[0].branches == (Branch(target="selesai", at_parent_end="keep"),)
    assert said("ulang: {by: [opd], to: self, at_parent_end: keep}") == ["parent-end-misplaced"]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("when: ada, to: selesai", "ada"),
        ("choose: [{when: judul is None or ada, to: selesai}]", "ada"),
        ("choose: [{when: lain, to: selesai}]", "lain"),
        ("set: {setuju: ada}, to: selesai", "ada"),
        ("opens: {child: pks, fields: {judul: nama}, documents: [kb]}", "nama"),
        ("rules: [boleh, cukup], to: selesai", "cukup"),
        ("facts: [lain], to: selesai", "lain"),
    ],
)
def test_fact_read_where_a_child_moves_its_parent_is_refused_at_its_place(body: str, word: str) -> None:
    """A child may end by a clock: whatever follows for its parent asks nobody, the host or other cases."""
    fields = "judul: {type: text}, setuju: {type: boolean}"
    declared = DECLARED.replace("judul: {type: text}", fields) + dedent("""\
        facts:
          ada: {type: boolean}
          nama: {type: text}
          lain: {type: boolean, from_cases: {workflow: pks, same: mitra, any: outcome is None}}
        rules:
          boleh: {check: judul is not None, message: Tanpa judul}
          cukup: {check: ada, message: Tidak cukup}
        """)
    loaded = load(f"tutup: {{by: child, child: pks, {body}}}", declared=declared)
    [found] = [one for one in loaded.diagnostics if one.severity is Severity.ERROR]
    line = loaded.sources["kb.yaml"].split("\n")[found.line - 1]
    assert (found.code, line[found.column - 1 : found.end_column - 1]) == ("fact-by-child", word)
    assert said(f"tutup: {{by: [opd], {body}}}", declared) == []


def test_fact_is_answered_from_other_cases() -> None:
    """The condition on other cases names their clocks by the end of a path, and the fact is a boolean."""
    facts = "facts: {{a: {{type: {0}, from_cases: {{workflow: [kb, pks], same: {1}, any: {2}}}}}}}\n"
    good = DECLARED + facts.format("boolean", "mitra", "\"overdue('laporan') and outcome is None\"")
    asked = made("tutup: {by: [opd], facts: [a], to: selesai}", declared=good).facts["a"].from_cases
    assert asked is not None
    assert (asked.workflows, asked.same) == (("kb", "pks"), "mitra")
    assert set(asked.any.uses) == {"clocks", "outcome"}
    tutup = "tutup: {by: [opd], facts: [a], to: selesai}"
    assert said(tutup, DECLARED + facts.format("integer", "mitra", "today is None")) != []
    assert said(tutup, DECLARED + facts.format("integer", "mitra", "outcome is None")) == ["from-cases-type"]
    assert said(tutup, DECLARED + facts.format("boolean", "mitraa", "outcome is None")) == ["unknown-party"]


def test_powers_name_roles_deadlines_fields_and_documents() -> None:
    """Acts that are no transitions are there for those whom the definition names."""
    declared = """\
    fields: {judul: {type: text}}
    documents: {kb: {title: KB}}
    suspension: {by: [opd], max_total: 60 days, reason: required}
    extension: {by: [ketua], of: [batas], max_total: 30 days, basis: P22 ps 1}
    correction: {by: [opd], fields: [judul], reason: required}
    attachment: {by: [opd], documents: [kb]}
    """
    states = STATES.replace("disusun:\n", "disusun:\n  deadlines: {batas: {within: 1 day, kind: target}}\n")
    text = write(declared, opening=OPENING, states=states)
    found = load_definition((text, "kb.yaml"), resolve=Beside()).definition
    assert found is not None and found.suspension and found.extension
    assert (found.suspension.by, found.suspension.reason_required) == ((RoleRef(role="opd"),), True)
    assert found.suspension.max_total == Duration(60, Unit.DAYS)
    assert found.extension.of == ("disusun.batas",)
    assert found.correction is not None and found.correction.fields == ("judul",)
    assert found.attachment is not None and found.attachment.documents == ("kb",)
    assert codes("extension: {by: [opd], of: [batass]}\n", states=states) == ["unknown-deadline"]


@pytest.mark.parametrize("total", ["2 months", "20 working days", "1 year"])
def test_suspension_is_bounded_in_days_alone(total: str) -> None:
    """Several suspensions add up in days, so another unit would say nothing about them."""
    assert codes(f"suspension: {{by: [opd], max_total: {total}}}\n") == ["wrong-value"]
    assert codes("suspension: {by: [opd], max_total: 1 day}\n") == []


def test_silence_is_a_deadline_of_the_state_that_speaks_for_the_consent() -> None:
    """Its path lies under the handler, its branches are the handler's or the refusal's."""
    parties = "parties: {pihak: {min: 2, roles: [opd]}}\n"
    consent = "consent: {{need: all, refuse: tolak, refused: {{to: ditolak}}, silence: {{{0}}}}}"
    rest = "ditolak: {final: true, outcome: ditolak}\n"

    def of(silence: str) -> Definition:
        body = f"setujui: {{by: [opd], {consent.format(silence)}, to: selesai, basis: P22 ps 1}}"
        return made(
            body,
            declared=DECLARED.replace("parties: {", "parties: {pihak: {min: 2, roles: [opd]}, "),
            more=rest,
        )

    found = of("after: 10 working days, means: consent")
    (deadline,) = found.states["disusun"].deadlines
    handler = found.states["disusun"].handlers[0]
    assert (deadline.path, deadline.name) == ("disusun.setujui.silence", "silence")
    assert (deadline.silence_of, deadline.then) == ("disusun.setujui", handler.branches)
    assert (deadline.kind, deadline.basis) == (Kind.STATUTORY, ("P22 ps 1",))
    assert handler.consent is not None and handler.consent.silence == deadline.path
    (other,) = of("after: 1 month, means: refusal, kind: target").states["disusun"].deadlines
    assert (other.then, other.is_suspendable) == ((Branch(target="ditolak"),), True)
    silent = "silence: {after: 1 day, means: refusal, kind: target}"
    body = f"setujui: {{by: [opd], consent: {{need: all, {silent}}}, to: selesai}}"
    states = STATES.replace("transitions:\n", f"transitions:\n    {body}\n")
    assert codes(parties, states=states) == ["silence-without-refused"]


def test_event_names_whom_it_is_meant_for() -> None:
    """Events stand on transitions, deadlines and the opening; their roles are checked."""
    found = made("kirim: {by: [opd], emit: [{event: dikirim, notify: [ketua, mitra.opd]}]}")
    assert found.states["disusun"].handlers[0].emit == (
        Emit(event="dikirim", notify=(RoleRef(role="ketua"), RoleRef(role="opd", side="mitra"))),
    )
    assert said("kirim: {by: [opd], emit: [{event: dikirim, notify: [ketuaa]}]}") == ["unknown-role"]


def test_decision_on_the_law_is_kept_and_its_articles_checked() -> None:
    """``decided`` may stand beside every ``basis``."""
    decided = "{{question: Kapan?, chosen: Hari itu, basis: {0}}}"
    body = "kirim: {{by: [opd], decided: {0}}}"
    found = made(body.format(decided.format("P22 ps 1")))
    kept = found.states["disusun"].handlers[0].decided
    assert kept is not None and (kept.question.id, kept.basis) == ("Kapan?", ("P22 ps 1",))
    assert "basis-syntax" in said(body.format(decided.format("pasal 1")))


def test_deadline_is_met_by_a_transition_and_armed_where_its_condition_holds() -> None:
    """``fulfilled_by`` and ``when`` of clocks are resolved; handlers know what they fulfil."""
    declared = "fields: {judul: {type: text}}\n"
    clocks = """\
disusun:
  deadlines:
    batas: {within: 1 day, kind: target, fulfilled_by: putuskan, when: judul is not None}
  obligations:
    lapor:
      cron: last 6 *
      within: 14 days
      by: [opd]
      kind: target
      fulfilled_by: putuskan
      when: "'x' in parties"
"""
    text = write(declared, opening=OPENING, states=STATES.replace("disusun:\n", clocks))
    loaded = load_definition((text, "kb.yaml"), resolve=Beside())
    assert loaded.definition is not None, loaded.diagnostics
    state = loaded.definition.states["disusun"]
    (deadline,), (duty,) = state.deadlines, state.obligations
    assert deadline.fulfilled_by == duty.fulfilled_by == ("disusun.putuskan",)
    assert state.handlers[1].fulfils == ("disusun.batas", "disusun.lapor")
    assert deadline.when is not None and duty.when is not None and duty.cron == "last 6 *"
