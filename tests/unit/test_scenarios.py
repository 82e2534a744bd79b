"""Playing scenarios in memory: what a step does, what is compared, what is said of a difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from textwrap import dedent, indent
from typing import Any

import pytest

from tests.calendars import indonesia
from tests.places import DEFINITIONS
from tests.scenarios import source
from tests.unit.support import make
from workflow.scenarios.scenarios import (
    Expected,
    RefusedAs,
    Result,
    Results,
    ScenarioFile,
    Step,
    read_scenarios,
    run,
)
from workflow.source.renderers import render_text
from workflow.source.text import parse

PROCESS = """\
facts: {pagu: {type: boolean}}
fields:
  nilai: {type: money, currency: IDR}
  diterima: {type: date}
  nomor: {type: text, per: party}
  setuju: {type: boolean}
documents: {surat: {title: Surat}}
rules:
  ada_pagu: {check: pagu, message: Tidak ada pagu, basis: P22 ps 11(1)}
  berbilang: {check: nilai > 0, message: Harus lebih dari nol}
states:
  awal:
    deadlines:
      target: {within: 3 days, kind: target, remind: {before: [1 day], to: [pemrakarsa.opd]}}
    transitions:
      isi: {by: [pemrakarsa.opd], fields: {optional: [nilai, setuju, nomor]}}
      kirim:
        by: [pemrakarsa.opd]
        fields: {required: [nilai]}
        documents: {attach: [surat]}
        rules: [berbilang]
        to: menunggu
      danai: {by: [pemrakarsa.opd], rules: [ada_pagu], to: menunggu}
      tutup: {by: [pemrakarsa.kepala], reason: required, to: selesai}
  menunggu:
    deadlines:
      batas: {within: 10 days, kind: statutory, basis: P22 ps 8(3), then: {to: diam}}
    obligations:
      lapor: {each_year: [02-10], within: 3 days, by: [pemrakarsa.opd], fulfilled_by: laporkan}
    transitions:
      terima: {by: [pemrakarsa.sekretariat], fields: {required: [diterima]}, to: selesai}
      laporkan: {by: [pemrakarsa.opd], emit: [{event: dilaporkan, notify: [pemrakarsa.sekretariat]}]}
      jawab: {by: [mitra.kepala], to: selesai}
  diam: {transitions: {tutup: {by: [pemrakarsa.kepala], to: selesai}}}
  selesai: {final: true, outcome: selesai}
"""

HEAD = """\
format: 1
scenarios_for: [contoh.yaml]
parties: {kukar: pemrakarsa, samarinda: mitra}
actors:
  rina: {roles: [opd], party: kukar}
  budi: {roles: [sekretariat], party: kukar}
  bupati: {roles: [kepala], party: kukar}
scenarios:
"""

OPENED = "- {on: 2026-02-02, open: contoh, who: rina, mark: dibuka}\n"


def read(scenarios: str) -> ScenarioFile:
    """Read scenarios of the small process, which must be without findings."""
    found = read_scenarios(
        parse(HEAD + indent(dedent(scenarios), "  "), file="contoh.scenarios.yaml"),
        {"contoh.yaml": make(PROCESS).definition},
    )
    assert found.scenarios is not None, render_text(found.diagnostics, {})
    return found.scenarios


def play(scenarios: str, **options: Any) -> Results:
    """Play scenarios of the small process."""
    definition = make(PROCESS).definition
    return run(read(scenarios), {"contoh": definition}, {"indonesia": indonesia()}, **options)


def one(*steps: str) -> Result:
    """Play one scenario, whose steps these are."""
    written = "".join(indent(dedent(several), "    ") for several in steps)
    [result] = play(f"satu:\n  steps:\n{written}").results
    return result


def after(step: str) -> Result:
    """Play one step after the opening on 2 February 2026."""
    return one(OPENED, f"- {step}\n")


def said(result: Result, language: str = "en") -> tuple[str, str]:
    """Return what was expected and what was found."""
    assert result.difference is not None
    return result.difference.expected.text(language), result.difference.found.text(language)


# --- steps -----------------------------------------------------------------------------------------


def test_step_accepted_as_said_is_ok() -> None:
    """A scenario whose steps come as it says passes."""
    result = after("{who: rina, does: kirim, give: {nilai: 5}, attach: [surat], expect: {in: [menunggu]}}")
    assert result.is_ok
    assert result.steps == 2


def test_step_without_refused_must_succeed() -> None:
    """A refusal that nobody expected is the difference, with its reasons and what could be done."""
    result = after("{who: rina, does: kirim, give: {nilai: 5}}")
    assert said(result) == ("accepted", "refused: missing-document")
    assert result.difference is not None
    assert [reason.code for reason in result.difference.reasons] == ["missing-document"]
    assert result.difference.state == ("awal",)
    assert result.difference.available == ("awal.isi", "awal.kirim")
    assert (result.difference.step, result.difference.steps) == (2, 2)
    assert result.difference.on == date(2026, 2, 2)
    assert result.difference.act.text("id") == "rina melakukan kirim"


def test_step_with_refused_must_be_refused_with_it() -> None:
    """A step that is accepted, or refused with something else, is not as the scenario says."""
    assert after("{who: rina, does: kirim, give: {nilai: 5}, refused: missing-document}").is_ok
    accepted = after("{who: rina, does: isi, refused: wrong-role}")
    assert said(accepted) == ("refused: wrong-role", "accepted")
    otherwise = after("{who: rina, does: kirim, refused: wrong-role}")
    assert said(otherwise) == ("refused: wrong-role", "refused: missing-field, missing-document")


def test_refused_one_of_several_reasons_is_enough() -> None:
    """A refusal carries all reasons that apply; the one expected must be among them."""
    assert after("{who: rina, does: kirim, refused: missing-field}").is_ok
    assert after("{who: rina, does: kirim, refused: missing-document}").is_ok


def test_refused_code_rule_and_basis_are_those_of_one_reason() -> None:
    """Code, rule and articles that belong to different reasons do not match together."""
    refused = "{who: rina, does: kirim, give: {nilai: -1}, refused: {code: %s, rule: berbilang}}"
    assert after(refused % "rule-failed").is_ok
    assert (
        said(after(refused % "missing-document"))[1] == "refused: missing-document, rule-failed (berbilang)"
    )
    facts = "{who: rina, does: danai, facts: {pagu: false}, refused: {rule: ada_pagu, basis: %s}}"
    assert after(facts % "P22 ps 11(1)").is_ok
    assert not after(facts % "P22 ps 12").is_ok


def test_refused_step_changes_nothing() -> None:
    """After a refused act the case is as it was."""
    refused = "who: rina, does: kirim, give: {nilai: 5}, refused: missing-document"
    assert after(f"{{{refused}, expect: {{fields: {{nilai: null}}, in: [awal]}}}}").is_ok


def test_facts_not_answered_are_asked_for() -> None:
    """A rule that reads a fact which the step does not answer is named."""
    result = after("{who: rina, does: danai}")
    assert "pagu" in said(result)[1]
    assert result.difference is not None
    assert result.difference.key == "facts"
    assert after("{who: rina, does: danai, facts: {pagu: true}, expect: {in: [menunggu]}}").is_ok


def test_recorded_act_is_done_for_another_party() -> None:
    """``as_role`` and ``for_party`` record what another decided; the last entry tells both apart."""
    result = one(
        OPENED,
        """\
        - {who: rina, does: danai, facts: {pagu: true}}
        - {who: budi, does: jawab, refused: wrong-role}
        - who: budi
          as_role: kepala
          for_party: samarinda
          does: jawab
          expect: {outcome: selesai, last: {by: budi, role: kepala, for_party: samarinda, trigger: jawab}}
        """,
    )
    assert result.is_ok, said(result)


def test_reason_and_effective_day_reach_the_act() -> None:
    """``reason`` and ``effective_on`` are those of the command."""
    assert after("{who: bupati, does: tutup, refused: missing-reason}").is_ok
    closing = "on: 2026-02-04, who: bupati, does: tutup, reason: x"
    assert after(
        f"{{{closing}, effective_on: 2026-02-03, expect: {{last: {{effective_on: 2026-02-03}}}}}}"
    ).is_ok
    assert after(f"{{{closing}, effective_on: 2026-02-05, refused: effective-in-future}}").is_ok


@pytest.mark.parametrize(
    ("act", "en", "id"),
    [
        ("suspend: true", "rina suspends the case", "rina menangguhkan kasus"),
        ("resume: true", "rina resumes the case", "rina melanjutkan kasus"),
        ("extend: target, within: 1 days", "rina extends target", "rina memperpanjang target"),
        (
            "correct: {nilai: 5, setuju: true}",
            "rina corrects nilai, setuju",
            "rina membetulkan nilai, setuju",
        ),
        ("attach: [surat]", "rina attaches surat", "rina melampirkan surat"),
    ],
)
def test_act_that_is_no_transition_is_refused_where_the_definition_gives_it_to_nobody(
    act: str, en: str, id: str
) -> None:
    """Other acts are refused as transitions are, and the difference says what was tried."""
    assert after(f"{{who: rina, {act}, refused: not-enabled}}").is_ok
    result = after(f"{{who: rina, {act}}}")
    assert said(result) == ("accepted", "refused: not-enabled")
    assert result.difference is not None
    assert (result.difference.act.text("en"), result.difference.act.text("id")) == (en, id)


def test_opening_refused_leaves_no_case() -> None:
    """A refused opening opens nothing, so nothing can be expected of its case."""
    refused = "- {on: 2026-02-02, open: contoh, who: budi, refused: wrong-role%s}\n"
    assert one(refused % "").is_ok
    assert said(one(refused % ", expect: {in: [awal]}")) == ("in: awal", "nothing")


def test_opening_refused_may_be_followed_by_one_that_succeeds() -> None:
    """A refused opening takes no name, so that the same scenario can show how it is done rightly."""
    refused = "- {on: 2026-02-02, open: contoh, who: budi, refused: wrong-role}\n"
    result = one(refused, OPENED, "- {expect: {in: [awal]}}\n")
    assert result.is_ok, said(result)


# --- time ------------------------------------------------------------------------------------------


def test_wait_until_takes_what_is_due_by_that_morning() -> None:
    """A clock acts in the night after its due day, and not before."""
    sent = "- {who: rina, does: danai, facts: {pagu: true}, expect: {due: {batas: 2026-02-12}}}\n"
    assert one(OPENED, sent, "- {wait_until: 2026-02-12, expect: {in: [menunggu], fired: []}}\n").is_ok
    result = one(
        OPENED,
        sent,
        """\
        - wait_until: 2026-02-13
          expect:
            in: [diam]
            fired: [batas]
            last: {by: clock, kind: obligation_lapsed, effective_on: 2026-02-12}
        """,
    )
    assert result.is_ok, said(result)


def test_clock_acts_before_an_act_of_a_later_day() -> None:
    """A step on a later day finds the case as its clocks left it, and what they did is of that step."""
    result = one(
        OPENED,
        """\
        - {who: rina, does: danai, facts: {pagu: true}}
        - {on: 2026-03-01, who: budi, does: terima, refused: not-enabled, expect: {fired: [batas]}}
        - {on: 2026-03-02, who: bupati, does: tutup, expect: {fired: [], outcome: selesai}}
        """,
    )
    assert result.is_ok, said(result)


def test_expired_clock_and_late_duty_are_overdue() -> None:
    """``overdue`` is the complete list: clocks without consequence and duties, each while it lasts."""
    result = one(
        OPENED,
        """\
        - {wait_until: 2026-02-05, expect: {overdue: []}}
        - {wait_until: 2026-02-06, expect: {overdue: [target], fired: [awal.target]}}
        - {who: rina, does: danai, facts: {pagu: true}, expect: {overdue: []}}
        - {wait_until: 2026-02-10, expect: {due: {lapor: 2026-02-13}}}
        - {wait_until: 2026-02-14, expect: {overdue: [menunggu.lapor]}}
        - {who: rina, does: laporkan, expect: {overdue: []}}
        """,
    )
    assert result.is_ok, said(result)
    incomplete = one(OPENED, "- {wait_until: 2026-02-06, expect: {overdue: []}}\n")
    assert said(incomplete) == ("overdue: nothing", "overdue: awal.target")


def test_reminders_are_sent_at_their_hour_of_their_day() -> None:
    """``messages`` are what was sent in the step, reminders under the name of what they remind of."""
    assert one(OPENED, "- {wait_until: 2026-02-03, expect: {messages: []}}\n").is_ok
    assert one(OPENED, "- {wait_until: 2026-02-04, expect: {messages: [target]}}\n").is_ok
    left = "- {on: 2026-02-03, who: bupati, does: tutup, reason: x}\n"
    assert one(OPENED, left, "- {wait_until: 2026-02-05, expect: {messages: []}}\n").is_ok


def test_events_of_an_act_are_sent_in_its_step() -> None:
    """What a transition emits is among the messages of its step, under the event's name."""
    sent = "- {who: rina, does: danai, facts: {pagu: true}, expect: {messages: []}}\n"
    assert one(OPENED, sent, "- {who: rina, does: laporkan, expect: {messages: [dilaporkan]}}\n").is_ok
    refused = "- {who: budi, does: laporkan, refused: wrong-role, expect: {messages: []}}\n"
    assert one(OPENED, sent, refused).is_ok


# --- what is expected --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("in: [menunggu]", "in: awal"),
        ("due: {target: 2026-02-04}", "due target: 2026-02-05"),
        ("due: {batas: 2026-02-04}", "due batas: nothing"),
        ("fields: {nilai: 5}", "fields nilai: nothing"),
        ("available: [isi]", "available: awal.isi, awal.kirim"),
        ("available: [isi, kirim, danai]", "available: awal.isi, awal.kirim"),
        ("messages: [target]", "messages: nothing"),
        ("outcome: selesai", "outcome: nothing"),
        ("last: {kind: clock_fired}", "last.kind: case_opened"),
        ("last: {by: clock}", "last.by: rina"),
        ("last: {for_party: samarinda}", "last.for_party: kukar"),
        ("last: {trigger: isi}", "last.trigger: nothing"),
        ("last: {basis: P22 ps 7}", "last.basis: nothing"),
    ],
)
def test_expectation_that_is_not_so_is_told(expected: str, found: str) -> None:
    """Each kind of expectation says what was found instead."""
    result = after(f"{{who: rina, expect: {{{expected}}}}}")
    assert said(result)[1] == found


def test_expectations_are_compared_in_the_order_written() -> None:
    """The first difference of a step is the one that stands first in the file."""
    result = after("{expect: {outcome: selesai, in: [menunggu]}}")
    assert said(result)[0] == "outcome: selesai"
    result = after("{expect: {in: [menunggu], outcome: selesai}}")
    assert said(result)[0] == "in: menunggu"


def test_fields_of_a_party_may_be_expected_alone() -> None:
    """Of a field with a value for each party only the parties named are compared; null is empty."""
    given = "who: rina, does: isi, give: {nomor: A/1, setuju: false, nilai: 1500.50}"
    assert after(f"{{{given}, expect: {{fields: {{nomor: {{kukar: A/1, samarinda: null}}}}}}}}").is_ok
    assert after(f"{{{given}, expect: {{fields: {{setuju: false, nilai: 1500.5}}}}}}").is_ok
    assert said(after(f"{{{given}, expect: {{fields: {{nomor: {{samarinda: B}}}}}}}}"))[1] == (
        "fields nomor: samarinda: nothing"
    )
    assert not after(f"{{{given}, expect: {{fields: {{setuju: null}}}}}}").is_ok


def test_available_of_nobody_is_what_anyone_could_ask_for() -> None:
    """Without an actor ``available`` is what can be asked for here; with one what they may."""
    assert after("{expect: {available: [isi, kirim, danai, tutup]}}").is_ok
    assert after("{who: bupati, expect: {available: [tutup]}}").is_ok
    assert after("{who: budi, expect: {available: []}}").is_ok


def test_available_depends_on_the_facts_of_the_step() -> None:
    """What a fact must allow may be asked for where the step answers so."""
    assert after("{who: rina, expect: {available: [isi, kirim]}}").is_ok
    assert after("{who: rina, facts: {pagu: true}, expect: {available: [isi, kirim, danai]}}").is_ok
    assert after("{who: rina, facts: {pagu: false}, expect: {available: [isi, kirim]}}").is_ok


# --- several scenarios -------------------------------------------------------------------------------

BRANCHES = """\
awal:
  steps:
    - {on: 2026-02-02, open: contoh, who: rina, mark: dibuka}
    - {who: rina, does: isi, give: {nilai: 5}, mark: diisi}
ditutup:
  from: awal.dibuka
  steps:
    - {who: bupati, does: tutup, reason: x, expect: {outcome: selesai, fields: {nilai: null}}}
didanai:
  from: awal.diisi
  mark: akhir
  steps:
    - {on: 2026-02-03, who: rina, does: danai, facts: {pagu: true}, expect: {fields: {nilai: 5}}}
diam:
  from: didanai.akhir
  steps:
    - {wait_until: 2026-02-14, expect: {in: [diam]}}
"""


def test_scenarios_from_a_mark_go_on_by_themselves() -> None:
    """Each scenario goes on from a copy of the state at the mark; none sees what another did."""
    results = play(BRANCHES)
    assert [(result.scenario, result.is_ok) for result in results.results] == [
        ("awal", True),
        ("ditutup", True),
        ("didanai", True),
        ("diam", True),
    ]


def test_course_holds_every_step_from_the_opening_on() -> None:
    """The course of a scenario begins with the opening and goes to each mark gone on from."""
    file = read(BRANCHES)
    assert [(name, step.number) for name, step in file.course("diam").steps] == [
        ("awal", 1),
        ("awal", 2),
        ("didanai", 1),
        ("diam", 1),
    ]
    assert [name for name, _ in file.course("ditutup").steps] == ["awal", "ditutup"]


def test_scenario_from_one_that_fails_before_the_mark_fails_too() -> None:
    """A scenario whose beginning does not come to its mark says so; those from earlier marks are played."""
    results = play(BRANCHES.replace("give: {nilai: 5}, mark", "give: {nilai: 5}, expect: {in: [diam]}, mark"))
    assert [(one.scenario, one.difference.key if one.difference else None) for one in results.results] == [
        ("awal", "in"),
        ("ditutup", None),
        ("didanai", "from"),
        ("diam", "from"),
    ]
    assert said(results.results[2]) == ("the state at awal.diisi", "awal does not come so far")


def test_only_plays_what_is_named_and_what_it_goes_on_from() -> None:
    """``only`` limits the results, and ``progress`` is told each as it comes."""
    told: list[str] = []
    results = play(BRANCHES, only=["diam"], progress=lambda result: told.append(result.scenario))
    assert [result.scenario for result in results.results] == told == ["diam"]
    assert results.results[0].is_ok


def test_several_cases_are_told_apart_by_name() -> None:
    """Each named case is its own, time passes for all of them, and the unnamed one is the scenario's."""
    result = one(
        OPENED,
        """\
        - {case: lain, open: contoh, who: rina}
        - {case: lain, who: rina, does: danai, facts: {pagu: true}, expect: {in: [menunggu]}}
        - {expect: {in: [awal]}}
        - {wait_until: 2026-02-13, expect: {in: [awal], fired: [target]}}
        - {case: lain, expect: {in: [diam], fired: []}}
        """,
    )
    assert result.is_ok, said(result)


# --- coverage --------------------------------------------------------------------------------------


def test_coverage_counts_what_accepted_steps_met() -> None:
    """States entered, acts, branches and clocks of accepted steps count; a rule counts both ways."""
    coverage = play(BRANCHES).coverage["contoh"]
    missing = {kind: part.missing for kind, part in coverage.parts().items()}
    assert missing["states"] == ()
    assert missing["transitions"] == (
        "awal.kirim",
        "menunggu.terima",
        "menunggu.laporkan",
        "menunggu.jawab",
        "diam.tutup",
    )
    assert "awal.kirim → menunggu" in missing["branches"]
    assert "clock menunggu.batas → diam" not in missing["branches"]
    assert missing["rules"] == ("ada_pagu (never refused)", "berbilang (never held or refused)")
    assert missing["clocks"] == ("awal.target",)
    assert (coverage.transitions.count, coverage.transitions.total) == (3, 8)


def test_coverage_leaves_out_what_was_refused() -> None:
    """A refused act covers nothing but the rule that refused it."""
    results = play(
        "satu:\n  steps:\n    "
        + OPENED
        + "    - {who: rina, does: kirim, give: {nilai: 0}, attach: [surat], refused: {rule: berbilang}}\n",
    )
    coverage = results.coverage["contoh"]
    assert "awal.kirim" in coverage.transitions.missing
    assert "awal.kirim → menunggu" in coverage.branches.missing
    assert "berbilang (never held)" in coverage.rules.missing
    assert "menunggu" in coverage.states.missing


# --- scenarios bite ----------------------------------------------------------------------------------


def _falsified(expected: Expected) -> Expected:
    """Return an expectation that is not met where the given one is."""
    if isinstance(expected.value, tuple):
        return replace(expected, value=(*expected.value, "lain"))
    return replace(expected, value="lain")


def _altered() -> Iterator[tuple[str, ScenarioFile, Any]]:
    """Yield the shipped scenarios with one thing in them that is not so, and where."""
    file = source(DEFINITIONS / "ksdd.scenarios.yaml").scenarios
    assert file is not None
    for name, scenario in file.scenarios.items():
        for step in scenario.steps:
            changed: list[tuple[Any, Step]] = [
                (expected.span, replace(step, expect=(*step.expect[:i], _falsified(expected))))
                for i, expected in enumerate(step.expect)
            ]
            if step.refused is not None:
                changed.append((step.span, replace(step, refused=None)))
                other = RefusedAs(span=step.refused.span, code="stale-case")
                changed.append((step.refused.span, replace(step, refused=other)))
            for span, wrong in changed:
                steps = tuple(wrong if one is step else one for one in scenario.steps)
                scenarios = {**file.scenarios, name: replace(scenario, steps=steps)}
                yield name, replace(file, scenarios=scenarios), span


def test_every_expectation_of_the_shipped_scenarios_bites() -> None:
    """Whatever a shipped scenario says, its contrary is found, and at its place."""
    read = source(DEFINITIONS / "ksdd.scenarios.yaml")
    count = 0
    for name, file, span in _altered():
        [result] = run(file, read.definitions, read.calendars, only=[name]).results
        assert result.difference is not None, (name, span)
        assert result.difference.span == span, (name, result.difference)
        count += 1
    assert count > 200
