"""What guards may read where they stand, and which fields are known not to be empty there."""

from __future__ import annotations

import pytest

from tests.definitions import codes, definition, findings
from workflow.source.diagnostics import Severity

FIELDS = """\
fields:
  judul: {type: text}
  nilai: {type: money}
  mulai: {type: date}
  nomor: {type: text, per: party}
  nama: {type: person, personal: true}
facts:
  pagu: {type: boolean}
"""


def opening(required: str = "", optional: str = "", more: str = "") -> str:
    """Write an opening with fields."""
    return f"""\
open:
  by: [opd]
  fields: {{required: [{required}], optional: [{optional}]}}
{more}  to: disusun
"""


def handler(body: str, rest: str = "") -> str:
    """Write a state with one handler beside another that leads on."""
    lines = "".join(f"      {line}\n" for line in body.splitlines())
    return f"""\
disusun:
  transitions:
    lanjut: {{by: [opd], to: selesai}}
    ajukan:
      by: [opd]
{lines}{rest}selesai: {{final: true, outcome: selesai}}
"""


CHOOSE = "choose:\n  - when: nilai > 0\n    to: selesai\n  - to: disusun"


def test_choose_knows_what_its_handler_requires() -> None:
    """A branch may read a field that the command gives for sure."""
    assert codes(FIELDS, states=handler(f"fields: {{required: [nilai]}}\n{CHOOSE}")) == []


@pytest.mark.parametrize("given", ["", "fields: {optional: [nilai]}\n"])
def test_choose_does_not_know_what_may_be_left_out(given: str) -> None:
    """A branch that reads a field which may be empty must ask first."""
    assert codes(FIELDS, opening=opening(optional="nilai"), states=handler(given + CHOOSE)) == ["maybe-empty"]


def test_asking_first_makes_a_field_known() -> None:
    """``is not None`` is the way to read a field that may be empty."""
    body = CHOOSE.replace("nilai > 0", "nilai is not None and nilai > 0")
    assert codes(FIELDS, opening=opening(optional="nilai"), states=handler(body)) == []


def test_what_opening_requires_is_known_for_ever() -> None:
    """A field required at opening that nothing can empty is never empty."""
    assert codes(FIELDS, opening=opening("nilai"), states=handler(CHOOSE)) == []


@pytest.mark.parametrize(
    "emptying",
    [
        "    ubah: {by: [opd], fields: {optional: [nilai]}}\n",
        "    hapus: {by: [opd], set: {nilai: None}}\n",
        "    pilih:\n      by: [opd]\n      choose:\n        - set: {nilai: None}\n",
    ],
)
def test_what_can_be_emptied_is_not_known_for_ever(emptying: str) -> None:
    """A field that some command may leave empty has to be asked about."""
    assert codes(FIELDS, opening=opening("nilai"), states=handler(CHOOSE, emptying)) == ["maybe-empty"]


RULE = "rules:\n  cukup: {check: nilai > 0, message: Kurang}\n"


def test_rule_knows_what_every_command_that_asks_it_requires() -> None:
    """A rule may read what all who ask it require."""
    states = handler("fields: {required: [nilai]}\nrules: [cukup]\nto: selesai")
    assert codes(FIELDS + RULE, states=states) == []


def test_rule_shows_who_asks_without_requiring() -> None:
    """A rule that one command asks without the field is an error; the command is shown."""
    states = handler(
        "fields: {required: [nilai]}\nrules: [cukup]\nto: selesai",
        "    simpan: {by: [opd], fields: {optional: [nilai]}, rules: [cukup]}\n",
    )
    (found,) = findings(FIELDS + RULE, states=states)
    assert found.code == "maybe-empty"
    assert [one.line for one in found.related] == [32]


def test_rule_that_nothing_asks_is_only_unused() -> None:
    """A rule that no command asks is not an error."""
    assert codes(FIELDS + RULE, opening=opening(optional="nilai")) == []


def test_when_does_not_see_what_its_command_gives() -> None:
    """``when`` sees the case before the command: the field is not known, and reading it is doubted."""
    states = handler("when: nilai > 0\nfields: {required: [nilai]}\nto: selesai")
    assert codes(FIELDS, states=states) == ["maybe-empty"]
    (found,) = findings(FIELDS, states=states.replace("nilai > 0", "nilai is not None"))
    assert (found.code, found.severity) == ("when-reads-input", Severity.WARNING)
    assert (found.line, found.column) == (27, 15)


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ("always:\n    - when: pagu\n      to: selesai", "guard-not-here"),
        ("always:\n    - when: today > date('2026-01-01')\n      to: selesai", "guard-not-here"),
        ("always:\n    - when: role == 'opd'\n      to: selesai", "guard-not-here"),
        (
            "deadlines:\n    b: {within: 1 day, kind: target, then: {choose: [{when: pagu, to: selesai}]}}",
            "fact-in-clock",
        ),
        ("deadlines:\n    b: {at: pagu, kind: target}", "guard-not-here"),
        ("deadlines:\n    b: {at: today, kind: target}", "guard-not-here"),
        ("deadlines:\n    b: {at: nilai, kind: target}", "guard-type"),
    ],
)
def test_place_decides_what_may_be_read(states: str, code: str) -> None:
    """Facts and the day cannot be read where nobody acts; a due day must be a date."""
    lead_on = "transitions:\n    lanjut: {by: [opd], to: selesai}\nselesai: {final: true, outcome: x}\n"
    text = f"disusun:\n  {states}\n  {lead_on}"
    assert codes(FIELDS, opening=opening("nilai"), states=text) == [code]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("when: role == 'opd'\nto: selesai", "guard-not-here"),
        ("when: nama is not None\nto: selesai", "personal-in-guard"),
        ("set: {judul: nama}\nto: selesai", "personal-in-guard"),
        ("set: {nama: \"'a'\"}\nto: selesai", "personal-in-guard"),
        ("set: {nomor: \"'a'\"}\nto: selesai", "set-per-party"),
        ("when: nomor is not None\nto: selesai", "guard-not-here"),
        ("set: {nilai: \"'a'\"}\nto: selesai", "guard-type"),
        ("set: {nilaii: 3}\nto: selesai", "unknown-field"),
        ("when: nilai\nto: selesai", "guard-type"),
        ("when: in_state('disusunn')\nto: selesai", "guard-unknown-name"),
        ("when: $syarat\nto: selesai", "unknown-parameter"),
        ("when: overdue('laporan')\nto: selesai", "guard-unknown-name"),
        ("when: child.closed\nto: selesai", "guard-not-here"),
        ("when: parent.closed\nto: selesai", "guard-not-here"),
    ],
)
def test_handler_guard_refuses(body: str, code: str) -> None:
    """Personal and per-party values, wrong types, unknown names and later words are refused."""
    assert codes(FIELDS, opening=opening("nilai"), states=handler(body)) == [code]


def test_at_may_read_fields_that_are_empty_at_first() -> None:
    """A clock with ``at`` is armed once the fields are there, so they need no asking."""
    states = """\
    disusun:
      deadlines:
        batas: {at: mulai - months(6), kind: target}
      transitions:
        catat: {by: [opd], fields: {required: [mulai]}}
        ajukan: {by: [opd], to: selesai}
    selesai: {final: true, outcome: selesai}
    """
    assert codes(FIELDS, states=states) == []


def test_facts_of_a_handler_are_those_of_all_its_expressions() -> None:
    """Facts read by guards, branches, values and rules are asked before the step."""
    declared = """\
    fields: {nilai: {type: money}, ada: {type: boolean}}
    facts: {a: {type: boolean}, b: {type: boolean}, c: {type: boolean}, d: {type: boolean}, e: {type: money}}
    rules: {r: {check: d, message: Tidak}}
    """
    states = """\
    disusun:
      transitions:
        ajukan:
          by: [opd]
          when: a
          rules: [r]
          facts: [e]
          choose:
            - when: b
              to: selesai
            - to: selesai
              set: {ada: c}
    selesai: {final: true, outcome: selesai}
    """
    found = definition(declared, states=states)
    assert found.states["disusun"].handlers[0].facts == ("a", "b", "c", "d", "e")


def test_position_in_quoted_and_block_guards() -> None:
    """A finding points into the guard, however it is written."""
    for spelt in (
        '"nilai > 0 or nilia > 1"',
        "'nilai > 0 or nilia > 1'",
        "|\n            nilai > 0 or nilia > 1",
    ):
        states = handler(
            f"fields: {{required: [nilai]}}\nchoose:\n  - when: {spelt}\n    to: selesai\n  - to: disusun"
        )
        (found,) = findings(FIELDS, states=states)
        assert found.code == "guard-unknown-name"
        assert found.end_column - found.column == len("nilia")
