"""Reading scenario files: every mistake at once, each with its place and the nearest name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from textwrap import dedent, indent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.places import DEFINITIONS, ROOT
from tests.scenarios import source
from tests.unit.support import make, small
from tests.unit.test_scenarios import HEAD, PROCESS
from workflow.scenarios.scenarios import files_named, read_scenarios
from workflow.scenarios.shapes import REFUSALS, ScenariosShape
from workflow.source.diagnostics import Diagnostic
from workflow.source.shapes import Either, Items, Named, Shape, members
from workflow.source.text import parse

OPENED = """\
dasar:
  steps:
    - {on: 2026-02-02, open: contoh, who: rina, mark: dibuka}
"""


def findings(text: str) -> tuple[Diagnostic, ...]:
    """Return what is found in a whole file for the small process."""
    parsed = parse(text, file="contoh.scenarios.yaml")
    return read_scenarios(parsed, {"contoh.yaml": make(PROCESS).definition}).diagnostics


def of_scenarios(scenarios: str) -> tuple[Diagnostic, ...]:
    """Return what is found in scenarios of the small process."""
    return findings(HEAD + indent(dedent(scenarios), "  "))


def of_step(step: str) -> tuple[Diagnostic, ...]:
    """Return what is found in one step after the opening."""
    return of_scenarios(OPENED + f"lanjutan:\n  from: dasar.dibuka\n  steps:\n    - {step}\n")


def codes(found: tuple[Diagnostic, ...]) -> list[str]:
    """Return the codes of findings."""
    return [one.code for one in found]


def at(text: str, one: Diagnostic) -> str:
    """Return the text that a finding points at."""
    return text.split("\n")[one.line - 1][one.column - 1 : one.end_column - 1]


@pytest.mark.parametrize(
    ("step", "code", "word", "help"),
    [
        ("{who: rina, doez: isi}", "unknown-key", "doez", "does"),
        ("{who: rinna, does: isi}", "unknown-actor", "rinna", "rina"),
        ("{who: rina, does: ise}", "unknown-trigger", "ise", "isi"),
        ("{who: rina, does: awl.isi}", "unknown-trigger", "awl.isi", "awal.isi"),
        ("{who: rina, does: isi, give: {nilia: 5}}", "unknown-field", "nilia", "nilai"),
        ("{who: rina, does: isi, give: {nilai: lima}}", "value-unfit", "lima", None),
        ("{who: rina, does: isi, give: {setuju: ya}}", "value-unfit", "ya", None),
        ("{who: rina, does: kirim, attach: [surta]}", "unknown-document", "surta", "surat"),
        ("{who: rina, does: danai, facts: {paggu: true}}", "unknown-fact", "paggu", "pagu"),
        ("{who: rina, does: danai, facts: {pagu: ada}}", "value-unfit", "ada", None),
        ("{who: rina, does: isi, as_role: odp}", "unknown-role", "odp", "opd"),
        ("{who: rina, does: isi, for_party: kukarr}", "unknown-party", "kukarr", "kukar"),
        ("{who: rina, does: isi, refused: rule}", "wrong-value", "rule", None),
        ("{who: rina, does: isi, refused: wrong-rule}", "wrong-value", "wrong-rule", "wrong-role"),
        ("{who: rina, does: isi, refused: {rule: berbilan}}", "unknown-rule", "berbilan", "berbilang"),
        ("{who: rina, does: isi, effective_on: 2026-02-30}", "no-such-day", "2026-02-30", None),
        ("{case: lain, who: rina, does: isi}", "unknown-case", "lain", None),
        ("{wait_until: 2026-02-01}", "scenario-time", "2026-02-01", "effective_on"),
        ("{on: besok}", "wrong-value", "besok", None),
        ("{expect: {in: [menungu]}}", "unknown-state", "menungu", "menunggu"),
        ("{expect: {due: {targat: 2026-02-05}}}", "unknown-clock", "targat", "target"),
        ("{expect: {due: {target: 2026-02-31}}}", "no-such-day", "2026-02-31", None),
        ("{expect: {overdue: [lapur]}}", "unknown-clock", "lapur", "lapor"),
        ("{expect: {fired: [lapor]}}", "unknown-clock", "lapor", None),
        ("{expect: {fields: {nilay: 5}}}", "unknown-field", "nilay", "nilai"),
        ("{expect: {fields: {nilai: lima}}}", "value-unfit", "lima", None),
        ("{expect: {available: [isis]}}", "unknown-trigger", "isis", "isi"),
        ("{expect: {messages: [targe]}}", "unknown-message", "targe", "target"),
        ("{expect: {outcome: selesay}}", "unknown-outcome", "selesay", "selesai"),
        ("{expect: {last: {by: bud}}}", "unknown-actor", "bud", "budi"),
        ("{expect: {last: {trigger: isin}}}", "unknown-trigger", "isin", "isi"),
        ("{who: rina, does: isi, opens: anak}", "opens-nothing", "opens", None),
        ("{who: rina, open: pks}", "unknown-workflow", "pks", None),
        ("{who: rina, open: contoh}", "name-twice", "contoh", "case"),
        ("{who: rina, suspend: tru}", "wrong-value", "tru", "true"),
        ("{who: rina, resume: false}", "wrong-value", "false", None),
        ("{who: rina, extend: targat, within: 2 days}", "unknown-clock", "targat", "target"),
        ("{who: rina, extend: lapor, within: 2 days}", "unknown-clock", "lapor", None),
        ("{who: rina, extend: target, within: 2 dys}", "wrong-value", "2 dys", None),
        ("{who: rina, extend: target}", "missing-key", "extend", None),
        ("{who: rina, within: 2 days}", "missing-key", "within", None),
        ("{who: rina, correct: {nilia: 5}}", "unknown-field", "nilia", "nilai"),
        ("{who: rina, correct: {nilai: lima}}", "value-unfit", "lima", None),
        ("{who: rina, correct: {}}", "empty-value", "correct", None),
        ("{who: rina, attach: [surta]}", "unknown-document", "surta", "surat"),
        ("{who: rina, suspend: true, resume: true}", "conflicting-keys", "resume", None),
        ("{who: rina, suspend: true, does: isi}", "conflicting-keys", "suspend", None),
        ("{who: rina, suspend: true, attach: [surat]}", "conflicting-keys", "suspend", None),
        ("{who: rina, suspend: true, give: {nilai: 5}}", "missing-key", "give", None),
        ("{who: rina, suspend: true, opens: anak}", "missing-key", "opens", None),
        ("{who: rina, attach: [surat], give: {nilai: 5}}", "missing-key", "give", None),
    ],
)
def test_mistake_in_a_step_is_found_at_its_place(step: str, code: str, word: str, help: str | None) -> None:
    """Each name that there is not, and each value that does not fit, is the one finding, with its place."""
    text = HEAD + indent(OPENED + f"lanjutan:\n  from: dasar.dibuka\n  steps:\n    - {step}\n", "  ")
    [found] = findings(text)
    assert (found.code, at(text, found)) == (code, word)
    assert help is None or help in str(found.help), found.help


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("{does: isi}", "missing-key"),
        ("{who: rina, give: {nilai: 5}}", "missing-key"),
        ("{wait_until: 2026-02-09, reason: x}", "missing-key"),
        ("{suspend: true, reason: x}", "missing-key"),
        ("{attach: [surat]}", "missing-key"),
        ("{wait_until: 2026-02-09, who: rina, attach: [surat]}", "conflicting-keys"),
        ("{wait_until: 2026-02-09, who: rina, resume: true}", "conflicting-keys"),
        ("{on: 2026-02-09, wait_until: 2026-02-09}", "conflicting-keys"),
        ("{who: rina, does: isi, wait_until: 2026-02-09}", "conflicting-keys"),
        ("{who: rina, does: isi, opens: anak, refused: wrong-role}", "conflicting-keys"),
        ("{who: rina, does: isi, refused: {}}", "missing-key"),
        ("{who: rina, does: [isi]}", "wrong-type"),
        ("{expect: [menunggu]}", "wrong-type"),
        ("{expect: {due: [target]}}", "wrong-type"),
    ],
)
def test_keys_that_do_not_go_together_are_found(step: str, code: str) -> None:
    """A step that is no act says nothing of one, and an act has an actor."""
    assert code in codes(of_step(step))


def test_value_that_shall_be_refused_is_no_finding() -> None:
    """A step that expects a refusal may give what does not fit; that is what it shows."""
    assert of_step("{who: rina, does: isi, give: {nilai: lima}, refused: invalid-field}") == ()
    assert of_step("{who: rina, correct: {nilai: lima}, refused: invalid-field}") == ()


def test_paths_may_be_named_by_their_end() -> None:
    """States, clocks, transitions and fields are known by as much of their path as tells them apart."""
    expected = (
        "in: [awal], due: {awal.target: 2026-02-05}, available: [awal.kirim], overdue: [menunggu.lapor]"
    )
    assert of_step(f"{{who: rina, does: awal.isi, expect: {{{expected}}}}}") == ()


def test_first_step_needs_a_day_and_a_case() -> None:
    """A scenario that goes on from nothing begins with a day and an opening."""
    assert codes(of_scenarios("satu: {steps: [{open: contoh, who: rina}]}")) == ["missing-key"]
    assert codes(of_scenarios("satu: {steps: [{on: 2026-02-02, who: rina, does: isi}]}")) == ["unknown-case"]


def test_time_goes_on_from_the_mark() -> None:
    """A scenario that goes on from a mark cannot begin before the day of the mark."""
    assert codes(of_step("{on: 2026-02-01, who: rina, does: isi}")) == ["scenario-time"]
    assert of_step("{on: 2026-02-02, who: rina, does: isi}") == ()


def test_from_what_is_not_there_is_found() -> None:
    """A scenario or mark that there is not, and scenarios that go on from themselves, are found."""
    step = "steps: [{who: rina, does: isi, mark: akhir}]"
    assert codes(of_scenarios(OPENED + f"satu: {{from: dsar.dibuka, {step}}}")) == ["unknown-scenario"]
    assert codes(of_scenarios(OPENED + f"satu: {{from: dasar.dibuk, {step}}}")) == ["unknown-scenario"]
    assert codes(of_scenarios(f"satu: {{from: satu.akhir, {step}}}")) == ["scenario-circle"]
    three = "\n".join(f"{one}: {{from: {other}.akhir, {step}}}" for one, other in ("ab", "bc", "ca"))
    assert codes(of_scenarios(three)) == ["scenario-circle"]


def test_scenarios_may_go_on_from_later_ones() -> None:
    """The order in which scenarios stand in the file does not matter to ``from``."""
    later = "satu: {from: dasar.dibuka, steps: [{who: rina, does: isi}]}\n" + OPENED
    assert of_scenarios(later) == ()


def test_mark_twice_is_found() -> None:
    """A mark stands once in a scenario, that at its end included."""
    steps = "[{on: 2026-02-02, open: contoh, who: rina, mark: a}, {who: rina, does: isi, mark: a}]"
    assert codes(of_scenarios(f"satu: {{steps: {steps}}}")) == ["name-twice"]
    steps = "[{on: 2026-02-02, open: contoh, who: rina, mark: a}]"
    assert codes(of_scenarios(f"satu: {{mark: a, steps: {steps}}}")) == ["name-twice"]


def test_head_of_the_file_is_held_against_the_definition() -> None:
    """Sides, roles and parties that the definition or the file does not have are found."""
    scenarios = indent(OPENED, "  ")
    assert codes(findings(HEAD.replace("samarinda: mitra", "samarinda: mitra_") + scenarios)) == [
        "unknown-party"
    ]
    assert codes(findings(HEAD.replace("roles: [kepala]", "roles: [kpala]") + scenarios)) == ["unknown-role"]
    stranger = HEAD.replace("roles: [kepala], party: kukar", "roles: [kepala], party: kuker")
    assert codes(findings(stranger + scenarios)) == ["unknown-party"]


def test_definition_that_is_not_there_is_found_once() -> None:
    """A file that is not there is one finding; nothing is said of the names that it would have had."""
    text = HEAD.replace("contoh.yaml", "cotoh.yaml") + indent(OPENED, "  ")
    assert codes(findings(text)) == ["file-not-read"]


def test_definition_with_errors_says_so_itself() -> None:
    """Where a definition has errors of its own, its scenarios are not read and nothing is made up."""
    parsed = parse(HEAD + indent(OPENED, "  "), file="contoh.scenarios.yaml")
    found = read_scenarios(parsed, {"contoh.yaml": None})
    assert (found.scenarios, found.diagnostics) == (None, ())


def test_mandate_of_an_actor_is_filled_in() -> None:
    """A mandate gives the actor's only role for the actor's party, unless it says otherwise."""
    head = HEAD.replace(
        "bupati: {roles: [kepala], party: kukar}",
        "bupati: {roles: [kepala], party: kukar, mandate: {id: SK-1, from: 2026-01-01, until: 2026-12-31}}",
    )
    steps = (
        "satu: {steps: [{on: 2026-02-02, open: contoh, who: rina}, {who: bupati, does: tutup, reason: x}]}"
    )
    parsed = parse(head + indent(steps, "  "), file="contoh.scenarios.yaml")
    read = read_scenarios(parsed, {"contoh.yaml": make(PROCESS).definition})
    assert read.scenarios is not None, read.diagnostics
    who = read.scenarios.scenarios["satu"].steps[1].who
    assert who is not None
    [mandate] = who.mandates
    assert (mandate.id, mandate.role, mandate.party) == ("SK-1", "kepala", "kukar")
    assert str(mandate.valid_from), str(mandate.valid_until) == ("2026-01-01", "2026-12-31")


def test_files_named_is_what_the_file_is_for() -> None:
    """One file or a list may be named; a file that is none of scenarios names none."""
    assert files_named(parse("scenarios_for: a.yaml", file="x")) == ("a.yaml",)
    assert files_named(parse("scenarios_for: [a.yaml, b.yaml, a.yaml]", file="x")) == ("a.yaml", "b.yaml")
    assert files_named(parse("- 1", file="x")) == ()
    assert files_named(parse("[", file="x")) == ()


def test_values_are_typed_by_what_they_fill() -> None:
    """Text that has the form of its field is that value; quoted text stays text."""
    text = """\
format: 1
scenarios_for: kerjasama_kecil.yaml
actors: {rina: {roles: [opd], party: kukar}}
scenarios:
  satu:
    steps:
      - on: 2026-02-02
        open: kerjasama_kecil
        who: rina
        give: {judul: 2026, urusan: perhubungan, nilai: 1500.50, narahubung: [a, b], jumlah_asli: 2}
        refused: wrong-party
"""
    parsed = parse(text, file="x")
    read = read_scenarios(parsed, {"kerjasama_kecil.yaml": small().definition})
    # `parties` is not given, so that the actor's party is not known.
    assert codes(read.diagnostics) == ["unknown-party"]
    parsed = parse(text.replace("actors:", "parties: {kukar: pemrakarsa}\nactors:"), file="x")
    read = read_scenarios(parsed, {"kerjasama_kecil.yaml": small().definition})
    assert read.scenarios is not None, read.diagnostics
    assert read.scenarios.scenarios["satu"].steps[0].give == {
        "judul": "2026",
        "urusan": ["perhubungan"],
        "nilai": "1500.50",
        "narahubung": ["a", "b"],
        "jumlah_asli": 2,
    }


def _codes_given(tree: ast.AST) -> Iterator[str]:
    """Yield the codes that a module refuses with, where they stand in it as texts."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        named = [one.value for one in call.keywords if one.arg == "code"]
        last = {"Reason": named, "make_reason": [*named, *call.args[2:], *call.args[:1]]}
        for one in last.get(call.func.id, [])[:1]:
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one.value


def test_refusal_codes_are_those_of_the_core() -> None:
    """Every code with which the core refuses is one that a scenario can expect."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "workflow").rglob("*.py")]
    used = {code for tree in trees for code in _codes_given(tree)}
    assert len(used) > 10
    assert used <= set(REFUSALS)


SHIPPED = (DEFINITIONS / "ksdd.scenarios.yaml").read_text(encoding="utf-8")


@given(
    st.integers(0, len(SHIPPED) - 1),
    st.integers(0, 30),
    st.sampled_from(["", "x", " ", "{", "]", ": ", "\n", "- "]),
)
def test_reading_any_file_answers(start: int, length: int, put: str) -> None:
    """Whatever is cut out of or put into a file, reading gives scenarios or findings inside the file."""
    text = SHIPPED[:start] + put + SHIPPED[start + length :]
    parsed = parse(text, file="x")
    definitions = source(DEFINITIONS / "ksdd.scenarios.yaml").definitions
    read = read_scenarios(parsed, dict.fromkeys(files_named(parsed), definitions["ksdd"]))
    lines = text.split("\n")
    for one in read.diagnostics:
        assert 1 <= one.line <= one.end_line <= len(lines)
        assert 1 <= one.column <= len(lines[one.line - 1]) + 1
    assert (read.scenarios is None) == any(one.severity == "error" for one in read.diagnostics)


def _keys(model: type[Shape]) -> set[str]:
    """Return every key that may stand in a shape or inside it, but for those that the author chooses."""
    found: set[str] = set()
    for key, member in members(model).items():
        found.add(key)
        specs = [member.spec]
        while specs:
            spec = specs.pop()
            if isinstance(spec, Either):
                specs.append(spec.model)
            elif isinstance(spec, Items | Named):
                specs.append(spec.item)
            elif isinstance(spec, type):
                found |= _keys(spec)
    return found


def test_reference_names_every_key_and_no_other() -> None:
    """The tables of docs/reference/scenarios.md name the keys that may be written, no more and no less."""
    page = (ROOT / "docs" / "reference" / "scenarios.md").read_text(encoding="utf-8")
    named = {
        word for row in re.findall(r"(?m)^\| (`[^|]*) \|", page) for word in re.findall(r"`([a-z_]+)`", row)
    }
    assert named == _keys(ScenariosShape) - {"id", "en"} | {"id"}
