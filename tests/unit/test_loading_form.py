"""Whatever is wrong with the form and the names of a file is said with a place and a remedy."""

from __future__ import annotations

import pytest

from engine.files import TextResolver
from tests.definitions import HEAD, STATES, codes, findings, load, write
from workflow.loading.catalogues import check_shared
from workflow.loading.document import TransitionShape
from workflow.loading.loader import load_definition
from workflow.source.diagnostics import Diagnostic, Severity
from workflow.source.shapes import members
from workflow.source.text import parse


def one(declared: str = "", **parts: str) -> Diagnostic:
    """Return the only finding."""
    found = findings(declared, **parts)
    assert len(found) == 1, [(each.code, each.message) for each in found]
    return found[0]


def transition(body: str) -> str:
    """Write a state with one transition that has ``body``."""
    return f"disusun: {{transitions: {{ajukan: {{{body}}}}}}}\nselesai: {{final: true, outcome: x}}\n"


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (
            "by: [opd], to: selesai, fields: [judul]",
            "wrong-type",
            "expected a mapping (key: value) here, found a list",
        ),
        (
            "by: [opd], to: [selesai]",
            "wrong-type",
            "expected a name, or names joined by dots here, found a list",
        ),
        ("by: {opd: ya}, to: selesai", "wrong-type", "expected a list here, found a mapping (key: value)"),
        (
            "by: [opd], choose: {to: selesai}",
            "wrong-type",
            "expected a list here, found a mapping (key: value)",
        ),
        ("by: [], to: selesai", "empty-value", "this list is empty"),
        ("by: [opd], to: ~", "empty-value", "a value is missing here"),
        ("by: [opd], to: ''", "empty-value", "a value is missing here"),
        ("by: [opd], to: Selesai", "wrong-value", "'Selesai' is not a name, or names joined by dots"),
        ("by: [opd], to: selesai, reason: ya", "wrong-value", "'ya' is not one of: required"),
        ("by: [opd], to: selesai, reenter: yes", "wrong-value", "'yes' is not true or false"),
        (
            "by: [opd], to: selesai, reenter: 'true'",
            "wrong-value",
            "'true' in quotes is text, expected true or false",
        ),
        ("to: selesai", "missing-key", "the key 'by' is missing"),
        ("by: child, to: selesai", "missing-key", "the key 'child' is missing"),
        ("by: [opd], to: selesai, emit: x", "wrong-type", "expected a list here, found a single value"),
        ("by: [opd], to: selesai, decided: {question: A}", "missing-key", "the key 'chosen' is missing"),
        ("by: $siapa, to: selesai", "unknown-parameter", "there is no parameter 'siapa'"),
        ("by: [opd], to: selesai, consent: {of: parties}", "missing-key", "the key 'need' is missing"),
        (
            "by: [opd], choose: [{basis: P22 ps 1}]",
            "missing-key",
            "one of these keys is missing: when, to, set",
        ),
    ],
)
def test_form_of_a_transition(body: str, code: str, message: str) -> None:
    """A value of another form than its key takes is refused, saying what belongs there."""
    found = one(states=transition(body))
    assert (found.code, found.message) == (code, message)


@pytest.mark.parametrize("key", ["to_state", "zzz"])
def test_unknown_key_is_answered_with_a_near_one_or_with_all(key: str) -> None:
    """Where no key is near, the help lists those that may stand there, in both languages."""
    found = one(states=transition(f"by: [opd], to: selesai, {key}: x"))
    keys = ", ".join(members(TransitionShape))
    assert (found.code, found.help, found.help_id) == (
        *("unknown-key", f"the keys here are: {keys}", f"kunci di sini: {keys}"),
    )
    near = one(states=transition("by: [opd], to: selesai, titel: x"))
    assert near.help == "did you mean 'title'?"


@pytest.mark.parametrize(
    ("clock", "code"),
    [
        ("{within: 45 hari, kind: statutory}", "wrong-value"),
        ("{within: 45 days}", "missing-key"),
        ("{kind: target}", "missing-key"),
        ("{within: 1 day, at: mulai, kind: target}", "conflicting-keys"),
        ("{within: 1 day, kind: statutary}", "wrong-value"),
        ("{within: 1 day, kind: statutory, suspendable: true}", "suspendable-without-basis"),
        ("{within: 1 day, kind: target, fulfilled_by: ajuka}", "unknown-trigger"),
        ("{within: 1 day, kind: target, when: today > mulai}", "guard-not-here"),
        ("{within: 1 day, kind: target, remind: {before: [1 day]}}", "missing-key"),
        ("{within: 1 day, kind: target, remind: {before: [1 day], at: 25:00, to: [opd]}}", "wrong-value"),
        ("{within: 1 day, kind: target, then: {basis: P22 ps 1}}", "missing-key"),
        ("{within: 1 day, kind: target, then: {to: selesai, otherwise: stay}}", "conflicting-keys"),
        ("{within: 1 day, kind: target, zone: Asia/Kutai}", "unknown-timezone"),
    ],
)
def test_form_of_a_deadline(clock: str, code: str) -> None:
    """A deadline says how long or until when, of what kind it is, and nothing that contradicts."""
    declared = "fields: {mulai: {type: date}}\n"
    states = STATES.replace("disusun:\n", f"disusun:\n  deadlines: {{b: {clock}}}\n")
    found = [each for each in codes(declared, states=states) if each != "deadline-never-starts"]
    assert found[0] == code


@pytest.mark.parametrize(
    ("duty", "code"),
    [
        ("each_year: [06-31], within: 1 day, by: [opd]", "no-such-day"),
        ("each_year: [6-30], within: 1 day, by: [opd]", "wrong-value"),
        ("every: 0 days, within: 1 day, by: [opd]", "wrong-value"),
        ("every: 5 working days, within: 1 day, by: [opd]", "wrong-value"),
        ("cron: 0 0 * * *, within: 1 day, by: [opd]", "wrong-value"),
        ("cron: '31 2 *', within: 1 day, by: [opd]", "wrong-value"),
        ("cron: 1 1 *, every: 1 month, within: 1 day, by: [opd]", "conflicting-keys"),
        ("within: 1 day, by: [opd]", "missing-key"),
        ("each_year: [06-30], every: 1 month, within: 1 day, by: [opd]", "conflicting-keys"),
        ("each_year: [06-30], within: 1 day, by: [opd], fulfilled_by: ajuka", "unknown-trigger"),
        ("each_year: [06-30], within: 1 day, by: [opd], until: judul", "start-not-a-date"),
    ],
)
def test_form_of_an_obligation(duty: str, code: str) -> None:
    """An obligation says when it recurs, in a way that it can."""
    states = STATES.replace("disusun:\n", f"disusun:\n  obligations: {{l: {{{duty}, kind: target}}}}\n")
    assert codes("fields: {judul: {type: text}}\n", states=states) == [code]


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("{type: teks}", "wrong-value"),
        ("{type: record}", "record-columns"),
        ("{type: record, many: false, fields: {a: {type: text}}}", "record-columns"),
        ("{type: text, fields: {a: {type: text}}}", "record-columns"),
        ("{type: record, fields: {a: {type: record}}}", "wrong-value"),
        ("{type: text, min: 1}", "wrong-limit"),
        ("{type: money, min: 2020-01-01}", "wrong-limit"),
        ("{type: integer, min: 1.5}", "wrong-limit"),
        ("{type: date, min: 1}", "wrong-limit"),
        ("{type: date, min: 2026-02-30}", "no-such-day"),
        ("{type: money, min: 2, max: 1}", "wrong-limit"),
        ("{type: date, min: 2026-02-02, max: 2026-02-01}", "wrong-limit"),
        ("{type: text, min_length: 3, max_length: 2}", "wrong-limit"),
        ("{type: money, max_length: 2}", "wrong-limit"),
        ("{type: text, currency: IDR}", "wrong-limit"),
        ("{type: money, currency: rupiah}", "wrong-value"),
        ("{type: text, options: {a: A}}", "wrong-limit"),
        ("{type: choice}", "choice-without-options"),
        ("{type: choice, options: {}}", "empty-value"),
        ("{type: choice, options: {a: A}, list: lists/urusan.yaml}", "conflicting-keys"),
        ("{type: choice, list: lists/tidak_ada.yaml}", "file-not-read"),
        ("{type: choice, list: ../urusan.yaml}", "wrong-value"),
        ("{type: choice, list: lists/laws.yaml}", "file-not-read"),
        ("{type: text, per: parties}", "wrong-value"),
        ("{type: text, many: ya}", "wrong-value"),
    ],
)
def test_form_of_a_field(declared: str, code: str) -> None:
    """A field has a type, and limits and choices that suit it."""
    assert code in codes(f"fields: {{a: {declared}}}\n")


@pytest.mark.parametrize(
    "name",
    ["today", "role", "documents", "parties", "len", "days", "overdue", "children", "class", "lambda", "is"],
)
def test_word_of_guards_is_no_name(name: str) -> None:
    """A field or fact cannot be called what means something in a guard."""
    assert codes(f"fields: {{{name}: {{type: text}}}}\n") == ["reserved-name"]
    assert codes(f"facts: {{{name}: {{type: text}}}}\n") == ["reserved-name"]


@pytest.mark.parametrize("name", ["Nama", "1a", "a-b", "a.b", "nilai ini", "null", "'true'"])
def test_name_of_another_form_is_refused(name: str) -> None:
    """Names are small letters, digits and underscores, and no word of YAML."""
    assert "bad-name" in codes(f"fields: {{{name}: {{type: text}}}}\n")


@pytest.mark.parametrize(
    ("basis", "code"),
    [
        ("P22 ps 12", None),
        ("P22 ps 12(4)", None),
        ("P22 ps 12(1)a", None),
        ("P22 ps 12(1)a-c", None),
        ("P22 ps 7(2)-(3)", None),
        ("P22 ps 3-24", None),
        ("P22 ps 12(4)-13(1)", None),
        ("PERPRES21 ps 999", None),  # a law whose number of articles is not known
        ("P22", "basis-syntax"),
        ("P22 ps", "basis-syntax"),
        ("P22 pasal 12", "basis-syntax"),
        ("P22 ps 12 (4)", "basis-syntax"),
        ("P22 ps 012", "basis-syntax"),
        ("P22 ps 12-", "basis-syntax"),
        ("P22 ps 12-11", "basis-syntax"),
        ("P22 ps 12-12", "basis-syntax"),
        ("P22 ps 7(3)-(2)", "basis-syntax"),
        ("P22 ps 7(2)c-a", "basis-syntax"),
        ("P22 ps 12, P22 ps 13", "basis-syntax"),
        ("P22 ps 65", "article-beyond-law"),
        ("P22 ps 3-65", "article-beyond-law"),
        ("UU32 ps 1", "unknown-law"),
    ],
)
def test_basis_is_held_against_the_catalogue(basis: str, code: str | None) -> None:
    """An article is cited in one way, its law is known and it has such an article."""
    assert codes(f'basis: ["{basis}"]\n') == ([code] if code else [])


def test_every_element_may_have_a_basis() -> None:
    """A wrong basis is found wherever one may stand."""
    declared = """\
    basis: X1 ps 1
    parties: {pihak: {min: 2, roles: [opd, ketua], basis: X2 ps 1}}
    fields: {a: {type: text, basis: X3 ps 1}}
    facts: {f: {type: boolean, basis: X4 ps 1}}
    documents: {d: {title: D, basis: X5 ps 1}}
    rules: {r: {check: f, message: M, basis: X6 ps 1}}
    """
    opening = "open: {by: [opd], rules: [r], choose: [{to: disusun, basis: X7 ps 1}], basis: X8 ps 1}\n"
    states = """\
    disusun:
      basis: X9 ps 1
      deadlines: {b: {within: 1 day, kind: target, then: {to: selesai, basis: X10 ps 1}, basis: X11 ps 1}}
      obligations: {o: {each_year: [01-01], within: 1 day, by: [opd], basis: X12 ps 1}}
      transitions:
        a:
          by: [opd]
          consent: {need: all, refuse: t, refused: {to: selesai, basis: X13 ps 1}}
          basis: X14 ps 1
    selesai: {final: true, outcome: x, basis: X15 ps 1}
    """
    head = HEAD.replace("{title: Ketua}", "{title: Ketua, basis: X16 ps 1}")
    found = load(write(declared, opening=opening, states=states, head=head)).diagnostics
    wrong = [each.message.split("'")[1] for each in found if each.code == "unknown-law"]
    assert sorted(wrong, key=lambda law: int(law[1:])) == [f"X{number}" for number in range(1, 17)]


def test_problem_in_a_list_is_placed_in_the_list() -> None:
    """A shared list with an error is named where it is used and shown where it is wrong."""
    sources = {
        "calendars/indonesia.yaml": "",
        "lists/a.yaml": "format: 1\nlist: a\nversion: 1\ntitle: A\nitems: {x: {tittle: X}}\n",
    }
    text = write("fields: {a: {type: choice, list: lists/a.yaml}}\n")
    loaded = load_definition((text, "contoh.yaml"), resolve=TextResolver(sources))
    found = [(each.file, each.code) for each in loaded.diagnostics if each.code != "unused-declaration"]
    assert found == [
        ("contoh.yaml", "file-not-read"),
        ("lists/a.yaml", "missing-key"),
        ("lists/a.yaml", "unknown-key"),
    ]
    assert set(loaded.sources) == {"contoh.yaml", "lists/a.yaml"}


def test_without_catalogue_articles_are_only_noted() -> None:
    """Where there is no catalogue of laws, a note says once that articles were not checked."""
    text = write("basis: [P99 ps 1, P98 ps 1]\n", states=STATES)
    loaded = load_definition((text, "contoh.yaml"), resolve=TextResolver({"calendars/indonesia.yaml": ""}))
    assert [(each.code, each.severity) for each in loaded.diagnostics] == [("file-not-read", Severity.NOTE)]
    assert loaded.definition is not None


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ("disusun: {final: true, outcome: a, transitions: {x: {by: [opd]}}}\n", "final-with-more"),
        ("disusun: {final: true}\n", "outcome-missing"),
        (
            "disusun: {initial: a, states: {a: {final: true, outcome: a}}, done: selesai}\n",
            "outcome-misplaced",
        ),
        ("disusun: {states: {a: {}}}\n", "initial-missing"),
        ("disusun: {initial: b, states: {a: {}}}\n", "unknown-state"),
        ("disusun: {regions: {a: {final: true}}}\n", "final-region"),
        ("disusun: {regions: {a: {}}, states: {b: {}}}\n", "conflicting-keys"),
        ("disusun: {done: selesai}\n", "nothing-inside"),
        ("disusun: {use: fragments/a.yaml}\n", "file-not-read"),
        ("disusun: {with: {a: b}}\n", "missing-key"),
        ("disusun: {exits: {a: selesai}}\n", "missing-key"),
        ("disusun: {transitions: {self: {by: [opd]}}, initial: self, states: {self: {}}}\n", "reserved-name"),
    ],
)
def test_form_of_a_state(states: str, code: str) -> None:
    """A state is one of four kinds, and says what its kind needs."""
    assert code in codes(states=states + "selesai: {final: true, outcome: x}\n")


def test_states_nested_too_deeply_are_refused() -> None:
    """States nest at most sixteen deep, so that the canonical form stays within its bound."""

    def nest(depth: int) -> str:
        return f"{{initial: a, states: {{a: {nest(depth - 1)}}}}}" if depth else "{}"

    way_out = "transitions: {batal: {by: [opd], to: selesai}}\n"
    end = "selesai: {final: true, outcome: x}\n"
    assert codes(way_out, states=f"disusun: {nest(15)}\n{end}") == []
    assert codes(way_out, states=f"disusun: {nest(16)}\n{end}") == ["too-deep"]


def test_too_many_states_are_refused() -> None:
    """A definition has at most a thousand states, the workflow itself among them."""
    way_out = "transitions: {batal: {by: [opd], to: selesai}}\n"
    end = "selesai: {final: true, outcome: x}\n"

    def many(states: int) -> list[str]:
        inner = ", ".join(f"a{number}: {{}}" for number in range(states))
        return codes(way_out, states=f"disusun: {{initial: a0, states: {{{inner}}}}}\n{end}")

    assert set(many(997)) == {"unreachable-state"}
    assert many(998) == ["too-many-nodes"]


def test_act_of_a_consent_cannot_take_a_name_twice() -> None:
    """The acts of a consent are triggers like any other: one name, one act."""
    states = """\
    disusun:
      transitions:
        setujui: {by: [opd], consent: {need: all, refuse: tolak, refused: {to: selesai}}, to: selesai}
        tolak: {by: [opd], to: selesai}
    selesai: {final: true, outcome: x}
    """
    found = one("parties: {pihak: {min: 2, roles: [opd]}}\n", states=states)
    assert (found.code, len(found.related)) == ("name-twice", 1)


def test_every_way_to_open_says_where_it_starts() -> None:
    """A branch of the opening without a target would open a case nowhere."""
    opening = "open: {by: [opd], choose: [{when: len(parties) > 1, set: {a: 3}}, {to: disusun}]}\n"
    assert codes("fields: {a: {type: integer}}\n", opening=opening) == ["missing-key"]


def test_findings_are_in_the_order_of_the_file() -> None:
    """Findings come by place, whichever step found them."""
    found = findings("fields: {a: {type: teks}}\n", opening="open: {by: [nobody], to: nowhere}\n")
    assert [each.line for each in found] == sorted(each.line for each in found)


@pytest.mark.parametrize("body", ["by: [opd, opd], to: selesai", "by: [opd, ketua, opd], to: selesai"])
def test_word_twice_in_a_list_is_warned_about(body: str) -> None:
    """A role that stands twice in one list is a slip, and perhaps another was meant."""
    found = one(states=transition(body))
    assert (found.code, found.severity, len(found.related)) == ("name-twice", Severity.WARNING, 1)


def test_calendar_of_another_name_than_its_file_is_warned_about() -> None:
    """A file that is found by a calendar's name holds that calendar."""
    files = TextResolver({"calendars/indonesia.yaml": "format: 1\ncalendar: indonesa\nversion: 1\n"})
    found = load_definition((write(), "contoh.yaml"), resolve=files).diagnostics
    assert [one.code for one in found] == ["unknown-calendar"]
    assert "'indonesa'" in found[0].message


@pytest.mark.parametrize(
    ("basis", "codes"),
    [
        ("[P22 ps 4(1), P22 ps 5]", []),
        ("[P22 ps 4(1) P22 ps 5]", ["basis-syntax"]),
        ("P22 ps 4(07)", ["basis-syntax"]),
        ("P22 ps 4(123)", ["basis-syntax"]),
        ("P2 ps 4", ["unknown-law"]),
    ],
)
def test_articles_of_a_shared_list_are_checked_by_itself(basis: str, codes: list[str]) -> None:
    """What is wrong with a list's articles is said of the list, whoever uses it."""
    laws = "format: 1\nlaws: {P22: {title: Peraturan}}\n"
    text = f"format: 1\nlist: urusan\nversion: 1\ntitle: Urusan\nbasis: {basis}\nitems: {{a: {{title: A}}}}\n"
    found = check_shared(parse(text, file="urusan.yaml"), TextResolver({"lists/laws.yaml": laws}))
    assert [(one.code, one.line) for one in found] == [(code, 5) for code in codes]
