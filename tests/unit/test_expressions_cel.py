"""Guards agree with the cases of cel-spec that they can express, and say no to the others.

Source: google/cel-spec, tests/simple (Apache-2.0), in ``vectors/expr``. Each case is spelt in the
guard language word by word (`spelt`). What then compiles must have CEL's value; what CEL answers with
an error must be refused before it can run; what CEL has and guards have not is refused with a reason,
and how many fall to which reason is fixed here.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.guards import Sight, make_field
from workflow.definition import Field, FieldType
from workflow.expressions.guards import Expression, Problem, Scope, compile_expression

WORDS = {"&&": " and ", "||": " or ", "true": "True", "false": "False", "null": "None", "size": "len"}
TYPES = {
    "int": FieldType.INTEGER,
    "uint": FieldType.INTEGER,
    "double": FieldType.DECIMAL,
    "string": FieldType.TEXT,
    "bool": FieldType.BOOLEAN,
}

DIFFERENT = {
    # Text is compared in NFC: what looks the same is the same.
    "'Am\\u00E9lie' == 'Ame\\u0301lie'": True,
    # Integers have neither a width nor a sort without sign: errors in CEL, exact here.
    "-(42u)": -42,
    "-(5u)": -5,
    "0u - 1u": -1,
    "5000000000 * 5000000000": 25 * 10**18,
    "(-5000000000) * 5000000000": -25 * 10**18,
    "5000000000u * 5000000000u": 25 * 10**18,
}
"""Cases that compile and mean something else here, with the value that they have here."""


APPLIED = 267
"""How many of the 775 cases can be spelt as guards."""

REASONS = {
    "guard-syntax.instead": 88,
    "guard-call.method": 79,
    "guard-syntax.large": 56,
    "guard-unknown-name.function": 54,
    "guard-syntax.division": 48,
    "guard-type.order": 42,
    "guard-syntax.prefix": 30,
    "guard-syntax.subscript": 17,
    "(bound to a map or message)": 15,
    "guard-type.list": 13,
    "guard-type.empty-list": 12,
    "guard-type.arithmetic": 12,
    "guard-type.none": 10,
    "guard-type.boolean": 7,
    "guard-type.mixed-list": 6,
    "guard-syntax.number": 4,
    "guard-type": 4,
    "guard-syntax.word": 4,
    "guard-syntax.escape": 2,
    "guard-unknown-name": 3,
    "guard-syntax.construct": 1,
    "guard-type.minus": 1,
}
"""Why the others cannot: key of the first problem → how many."""


def spelt(expr: str) -> str:
    """Spell a CEL expression as a guard: operators, numbers and constants, nothing else."""
    parts = re.split(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", expr)
    for at, part in enumerate(parts):
        parts[at] = _text(part) if at % 2 else _code(part)
    return "".join(parts).strip()


def _text(quoted: str) -> str:
    return re.sub(r"\\u([0-9A-Fa-f]{4})", lambda found: chr(int(found[1], 16)), quoted)


def _code(code: str) -> str:
    code = re.sub(r"\bdyn\(", "(", code)
    code = re.sub(r"(\d)[uU]\b", r"\1", code)
    code = re.sub(r"\d*\.?\d+e[+-]?\d+", lambda found: format(Decimal(found[0]), "f"), code)
    code = re.sub(r"(?<![\d\w])\.(\d)", r"0.\1", code)
    code = re.sub(r"\b([1-9]\d{0,2}\.\d{3})\b", r"\g<1>0", code)  # 1.125 may be read as 1125: 1.1250
    code = re.sub(r"!(?!=)", " not ", code)
    code = re.sub(r"&&|\|\|", lambda found: WORDS[found[0]], code)
    return re.sub(r"\b(true|false|null|size)\b", lambda found: WORDS[found[0]], code)


def fields_of(case: dict[str, Any]) -> dict[str, Field] | None:
    """The bindings of a case as fields; ``None`` where one is of a sort that guards do not have."""
    fields = {}
    for name, value in case["bindings"].items():
        [kind] = value
        if kind not in TYPES:
            return None
        fields[name] = make_field(name, TYPES[kind])
    return fields


def value_of(value: dict[str, Any]) -> object:
    """A CEL value as Python has it."""
    [(kind, plain)] = value.items()
    if kind in ("int", "uint"):
        return int(plain)
    if kind == "list":
        return tuple(value_of(one) for one in plain)
    return Decimal(plain) if kind == "double" else plain


def compile_case(case: dict[str, Any]) -> Expression | tuple[Problem, ...] | None:
    """Compile a case; ``None`` where its bindings cannot be fields."""
    fields = fields_of(case)
    if fields is None:
        return None
    return compile_expression(spelt(case["expr"]), Scope(fields=fields, known=frozenset(fields)))


@pytest.fixture(scope="module")
def cases(vectors: Path) -> list[dict[str, Any]]:
    """Every case of the file."""
    found: list[dict[str, Any]] = json.loads((vectors / "expr" / "cel_guard_cases.json").read_text("utf-8"))
    return found


def test_guard_agrees_with_cel_where_it_compiles(cases: list[dict[str, Any]]) -> None:
    """Every case that can be spelt as a guard has CEL's value, but for the listed differences."""
    applied, different = 0, {}
    for case in cases:
        guard = compile_case(case)
        if not isinstance(guard, Expression):
            continue
        values = {name: value_of(value) for name, value in case["bindings"].items()}
        applied += 1
        found = guard(Sight(fields=values))
        if "error" in case or found != value_of(case["value"]):
            different[case["expr"]] = found
    assert different == DIFFERENT
    assert applied == APPLIED


def test_guard_refuses_what_cel_fails_on(cases: list[dict[str, Any]]) -> None:
    """What is an error while CEL runs is refused here before it can run, but for exact integers."""
    errors = [case for case in cases if "error" in case and case["expr"] not in DIFFERENT]
    assert len(errors) == 88
    assert [case["expr"] for case in errors if isinstance(compile_case(case), Expression)] == []


def test_guard_refuses_the_rest_of_cel_for_a_reason(cases: list[dict[str, Any]]) -> None:
    """How many cases fall to which reason is known: nothing is lost by accident."""
    reasons: Counter[str] = Counter()
    for case in cases:
        found = compile_case(case)
        if found is None:
            reasons["(bound to a map or message)"] += 1
        elif isinstance(found, tuple):
            reasons[found[0].key] += 1
    assert sum(reasons.values()) == len(cases) - APPLIED
    assert dict(reasons) == REASONS
