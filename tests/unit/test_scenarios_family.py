"""Scenarios of several cases that belong together: opened by an act, closing, told to their parent."""

from __future__ import annotations

from textwrap import dedent, indent

from tests.calendars import indonesia
from tests.unit.support import make
from workflow.scenarios.scenarios import Result, read_scenarios, run
from workflow.source.diagnostics import Diagnostic
from workflow.source.renderers import render_text
from workflow.source.text import parse

PARENT = """\
workflow: induk
fields: {nilai: {type: money, currency: IDR}, hasil: {type: text}}
children:
  anak: {workflow: anak, shares: [nilai], at_parent_end: refuse}
  per_mitra: {workflow: anak, shares: [nilai], at_parent_end: close}
open: {by: [pemrakarsa.opd], to: berjalan}
states:
  berjalan:
    transitions:
      buka: {by: [pemrakarsa.opd], opens: {child: anak}}
      buka_semua: {by: [pemrakarsa.opd], opens: {child: per_mitra, for_each: mitra}}
      akhiri: {by: [pemrakarsa.kepala], to: selesai}
    always:
      - when: len(children('anak')) > 1 and all(one.closed for one in children('anak'))
        to: selesai
  selesai: {final: true, outcome: selesai}
"""

CHILD = """\
workflow: anak
fields: {nilai: {type: money, currency: IDR}}
rules: {berbilang: {check: nilai > 0, message: Harus lebih dari nol}}
open: {by: parent, to: disusun}
states:
  disusun:
    deadlines:
      batas: {within: 10 days, kind: contractual, then: {to: gugur}}
    transitions:
      tutup: {by: [pemrakarsa.opd], fields: {required: [nilai]}, rules: [berbilang], to: jadi}
  jadi: {final: true, outcome: jadi}
  gugur: {final: true, outcome: gugur}
"""

HEAD = """\
format: 1
scenarios_for: [induk.yaml, anak.yaml]
parties: {kukar: pemrakarsa, samarinda: mitra, balikpapan: mitra}
actors:
  rina: {roles: [opd], party: kukar}
  bupati: {roles: [kepala], party: kukar}
scenarios:
  satu:
    steps:
      - {on: 2026-02-02, open: induk, who: rina}
"""


def read(steps: str) -> tuple[Diagnostic, ...]:
    """Return what is found in a scenario that goes on with these steps."""
    parsed = parse(HEAD + indent(dedent(steps), "      "), file="keluarga.scenarios.yaml")
    definitions = {"induk.yaml": make(PARENT).definition, "anak.yaml": make(CHILD).definition}
    return read_scenarios(parsed, definitions).diagnostics


def play(steps: str) -> Result:
    """Play a scenario that goes on with these steps."""
    parsed = parse(HEAD + indent(dedent(steps), "      "), file="keluarga.scenarios.yaml")
    by_name = {"induk": make(PARENT).definition, "anak": make(CHILD).definition}
    found = read_scenarios(parsed, {f"{name}.yaml": one for name, one in by_name.items()})
    assert found.scenarios is not None, render_text(found.diagnostics, {parsed.file: parsed.text})
    [result] = run(found.scenarios, by_name, {"indonesia": indonesia()}).results
    return result


def said(result: Result) -> object:
    """Return what was expected and found, for a test that fails."""
    one = result.difference
    return one and (one.step, one.expected.text(), one.found.text(), one.state)


def test_act_opens_a_case_under_the_name_given() -> None:
    """``opens`` names the case that an act opens; it is a case like any other from then on."""
    result = play(
        """\
        - {who: rina, does: buka, opens: a, expect: {in: [berjalan], last: {kind: child_opened}}}
        - {case: a, expect: {in: [disusun], due: {batas: 2026-02-12}, last: {kind: case_opened, by: parent}}}
        - {case: a, who: rina, does: tutup, give: {nilai: 0}, refused: {rule: berbilang}}
        - {case: a, who: rina, does: tutup, give: {nilai: 5}, expect: {outcome: jadi}}
        - {expect: {in: [berjalan], last: {kind: child_closed, by: child, outcome: jadi}}}
        """
    )
    assert result.is_ok, said(result)


def test_parent_goes_on_when_its_children_have_closed() -> None:
    """What the last child's end brings about for its parent is seen in the same step."""
    result = play(
        """\
        - {who: rina, does: buka, opens: a}
        - {who: rina, does: buka, opens: b}
        - {case: a, who: rina, does: tutup, give: {nilai: 5}}
        - {expect: {in: [berjalan]}}
        - {who: bupati, does: akhiri, refused: child-open}
        - {case: b, wait_until: 2026-02-13, expect: {outcome: gugur, fired: [batas]}}
        - {expect: {outcome: selesai}}
        """
    )
    assert result.is_ok, said(result)


def test_act_opens_a_case_for_each_party_of_a_side() -> None:
    """Several cases of one act are named in their order, and end with their parent where it says so."""
    result = play(
        """\
        - {who: rina, does: buka_semua, opens: [samarinda_, balikpapan_]}
        - {case: balikpapan_, expect: {in: [disusun]}}
        - {who: bupati, does: akhiri, expect: {outcome: selesai}}
        - {case: samarinda_, who: rina, does: tutup, give: {nilai: 5}, refused: case-closed}
        """
    )
    assert result.is_ok, said(result)


def test_cases_without_a_name_live_all_the_same() -> None:
    """A case that the scenario does not name is opened, and keeps its parent from ending."""
    result = play(
        """\
        - {who: rina, does: buka}
        - {who: bupati, does: akhiri, refused: child-open}
        - {wait_until: 2026-02-13, expect: {in: [berjalan], last: {by: child, outcome: gugur}}}
        - {who: bupati, does: akhiri, expect: {outcome: selesai}}
        """
    )
    assert result.is_ok, said(result)


def test_more_names_than_cases_is_a_difference() -> None:
    """An act that opens fewer cases than the scenario names is not as it says."""
    result = play("- {who: rina, does: buka, opens: [a, b]}\n")
    assert result.difference is not None
    assert (result.difference.key, result.difference.expected.text(), result.difference.found.text()) == (
        "opens",
        "opens: a, b",
        "1 opened",
    )


def test_steps_of_a_child_are_held_against_its_definition() -> None:
    """What is named in a step of a child is looked up in the child's definition."""
    found = read("- {who: rina, does: buka, opens: a}\n- {case: a, who: rina, does: buka}\n")
    assert [one.code for one in found] == ["unknown-trigger"]
    found = read("- {who: rina, does: buka, opens: a}\n- {case: b, who: rina, does: tutup}\n")
    assert [(one.code, one.help) for one in found] == [("unknown-case", "there are: a")]
    found = read("- {who: bupati, does: akhiri, opens: a}\n")
    assert [one.code for one in found] == ["opens-nothing"]
