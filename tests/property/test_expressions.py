"""What must hold of guards whatever they say and whatever the case holds.

Expressions are drawn as text, well-typed and not; the checker decides. A second, naive reading of
them (`meaning`) reckons with fractions and day numbers and shares no code with the compiler.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume, event, example, given, settings
from hypothesis import strategies as st

from tests.guards import FIELDS, SCOPE, Sight, known, make_field
from workflow.definition import Field, FieldType
from workflow.durations import Duration, Unit
from workflow.expressions.guards import (
    EvaluationError,
    Expression,
    check_limits,
    compile_expression,
    decode,
    encode,
)
from workflow.history.canonical import canonical
from workflow.source.diagnostics import CODES, Span, finding

READABLE = [name for name, one in FIELDS.items() if not (one.personal or one.per_party)]

# --- expressions as text -------------------------------------------------------------------------

atoms = st.sampled_from(
    [
        *FIELDS,
        *("pagu_tersedia", "today", "role", "documents", "parties", "zzz", "None", "True", "False"),
        *("0", "1", "3", "7.25", "1_000", "'wajib'", "'layak'", "'kesehatan'", "'kak'", "'kukar'", "'é'"),
        *("date('2026-01-31')", "in_state('dprd')", "days(3)", "working_days(2)", "months(5)", "years(1)"),
    ]
)
signs = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in", "not in", "+", "-", "*", "and", "or"])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} {} {})".format, inner, signs, inner),
        st.builds("{} {} {}".format, inner, signs, inner),
        st.builds("{} {} None".format, st.sampled_from(READABLE), st.sampled_from(["is", "is not"])),
        st.builds("not {}".format, inner),
        st.builds("-{}".format, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{}({})".format, st.sampled_from(["len", "days", "working_days", "months"]), inner),
    )


anything = st.recursive(atoms, _larger, max_leaves=12)

numbers = st.recursive(
    st.sampled_from(["jumlah", "skor", "nilai", "0", "2", "7.5", "1_000", "0.1", "len(urusan)"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
        st.builds("-{}".format, inner),
    ),
    max_leaves=4,
)
dates = st.sampled_from(
    ["kb_tanggal", "kb_sampai", "today", "date('2026-01-31')", "today + days(3)", "kb_tanggal - days(jumlah)"]
)
comparisons = st.one_of(
    st.builds("{} {} {}".format, numbers, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), numbers),
    st.builds("{} < {} <= {}".format, numbers, numbers, numbers),
    st.builds("{} {} {}".format, dates, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), dates),
    st.builds("{} {} [{}, {}]".format, numbers, st.sampled_from(["in", "not in"]), numbers, numbers),
    st.builds("kategori {} 'wajib'".format, st.sampled_from(["==", "!="])),
    st.builds("'kesehatan' {} urusan".format, st.sampled_from(["in", "not in"])),
    st.builds("{} {} None".format, st.sampled_from(READABLE), st.sampled_from(["is", "is not"])),
    st.sampled_from(["bertahap", "True", "False"]),
)


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    guarded = st.builds(
        "({0} is not None and ({1}))".format,
        st.sampled_from(["jumlah", "skor", "bertahap", "kategori"]),
        inner,
    )
    return st.one_of(
        st.builds("{} {} {}".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("not ({})".format, inner),
        guarded,
    )


conditions = st.recursive(comparisons, _joined, max_leaves=6)

# --- environments --------------------------------------------------------------------------------

years = st.dates(date(1990, 1, 1), date(2090, 12, 31))
VALUES: dict[FieldType, st.SearchStrategy[Any]] = {
    FieldType.TEXT: st.text(max_size=5).filter(lambda text: "\0" not in text),
    FieldType.PERSON: st.sampled_from(["budi", "rina"]),
    FieldType.PARTY: st.sampled_from(["kukar", "samarinda"]),
    FieldType.INTEGER: st.integers(-1000, 1000),
    FieldType.DECIMAL: st.decimals(-(10**6), 10**6, places=2),
    FieldType.MONEY: st.decimals(0, 10**12, places=2),
    FieldType.BOOLEAN: st.booleans(),
    FieldType.DATE: years,
    FieldType.DURATION: st.builds(Duration, st.integers(-100, 100), st.sampled_from(list(Unit))),
}


def values_of(declared: Field) -> st.SearchStrategy[Any]:
    """Values that a field can hold."""
    one = st.sampled_from(list(declared.options)) if declared.options else VALUES[declared.type]
    return st.lists(one, min_size=1, max_size=3).map(tuple) if declared.many else one


@st.composite
def sights(draw: st.DrawFn, filled: frozenset[str] = frozenset()) -> Sight:
    """Any case, where at least the fields ``filled`` are there."""
    fields = {}
    for name in READABLE:
        if name in filled or draw(st.booleans()):
            fields[name] = draw(values_of(FIELDS[name]))
    return Sight(
        fields=fields,
        facts={"pagu_tersedia": draw(st.booleans())},
        today=draw(years),
        role=draw(st.sampled_from([None, "opd", "kepala_daerah"])),
        documents=draw(st.frozensets(st.sampled_from(["kak", "kb"]))),
        parties=("kukar", "samarinda"),
        active=draw(st.frozensets(st.sampled_from(["dprd", "dprd.dibahas", "telaah"]))),
    )


known_fields = st.frozensets(st.sampled_from(READABLE))

# --- a second reading ----------------------------------------------------------------------------


class Unread(Exception):
    """An empty field was read."""


def meaning(node: ast.expr, sight: Sight) -> Any:
    """Compute a tree of `conditions` naively: numbers as fractions, days as day numbers."""
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return all(meaning(value, sight) for value in values)
        case ast.BoolOp(values=values):
            return any(meaning(value, sight) for value in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not meaning(operand, sight)
        case ast.UnaryOp(operand=operand):
            return -meaning(operand, sight)
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() as op]):
            assert isinstance(left, ast.Name)
            return (left.id in sight.fields) is isinstance(op, ast.IsNot)
        case ast.Compare(left=left, ops=ops, comparators=rights):
            sides = [left, *rights]
            return all(
                _holds(op, meaning(one, sight), meaning(other, sight))
                for op, one, other in zip(ops, sides, sides[1:], strict=False)
            )
        case ast.BinOp(left=left, op=op, right=right):
            one, other = meaning(left, sight), meaning(right, sight)
            return (
                one + other
                if isinstance(op, ast.Add)
                else one - other
                if isinstance(op, ast.Sub)
                else one * other
            )
        case ast.List(elts=items):
            return [meaning(item, sight) for item in items]
        case ast.Call(func=ast.Name(id="date"), args=[ast.Constant(value=str(text))]):
            return Fraction(date.fromisoformat(text).toordinal())
        case ast.Call(func=ast.Name(id="days"), args=[number]):
            return meaning(number, sight)
        case ast.Call(args=[listed]):
            return Fraction(len(meaning(listed, sight)))
        case ast.Constant(value=bool() | str() as value):
            return value
        case ast.Constant(value=value):
            return Fraction(str(value))
        case ast.Name(id="today"):
            return Fraction(sight.today.toordinal())
        case ast.Name(id=name):
            return _as_number(sight.fields[name]) if name in sight.fields else _empty(name)
    raise AssertionError(ast.dump(node))


def _empty(name: str) -> Any:
    if FIELDS[name].many:
        return ()
    raise Unread(name)


def _as_number(value: Any) -> Any:
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return value if isinstance(value, bool | str | tuple) else Fraction(value)


def _holds(op: ast.cmpop, one: Any, other: Any) -> bool:
    match op:
        case ast.Eq():
            return bool(one == other)
        case ast.NotEq():
            return bool(one != other)
        case ast.Lt():
            return bool(one < other)
        case ast.LtE():
            return bool(one <= other)
        case ast.Gt():
            return bool(one > other)
        case ast.GtE():
            return bool(one >= other)
        case ast.In():
            return one in other
    return one not in other


# --- what must hold ------------------------------------------------------------------------------


@settings(max_examples=400)
@given(anything, known_fields, st.data())
def test_what_the_checker_takes_never_fails(text: str, there: frozenset[str], data: st.DataObject) -> None:
    """A guard without problems has a value of its type in every well-typed case, empty fields or not."""
    guard = compile_expression(text, known(*there) if there else SCOPE)
    event(f"compiled: {isinstance(guard, Expression)}")
    if not isinstance(guard, Expression):
        return
    value = guard(data.draw(sights(there)))
    expected = {"integer": int, "decimal": int | Decimal, "boolean": bool, "date": date, "duration": Duration}
    assert isinstance(value, expected.get(guard.type.kind.value, object))


@settings(max_examples=400)
@given(conditions, known_fields, st.data())
def test_guard_means_what_a_second_reading_says(
    text: str, there: frozenset[str], data: st.DataObject
) -> None:
    """Compiled guards agree with a naive reading of the same text, which reads no empty field either."""
    guard = compile_expression(text, known(*there) if there else SCOPE, expect="boolean")
    assume(isinstance(guard, Expression))
    assert isinstance(guard, Expression)
    sight = data.draw(sights(there))
    assert guard(sight) == meaning(ast.parse(text, mode="eval").body, sight)


@settings(max_examples=300)
@given(conditions, st.data())
def test_field_that_is_read_empty_is_always_refused(text: str, data: st.DataObject) -> None:
    """Where a naive reading meets an empty field, the checker had said so."""
    guard = compile_expression(text, SCOPE, expect="boolean")
    event(f"compiled: {isinstance(guard, Expression)}")
    try:
        meaning(ast.parse(text, mode="eval").body, data.draw(sights()))
    except Unread as empty:
        assert not isinstance(guard, Expression)
        assert ("maybe-empty", str(empty)) in {(one.code, one.params.get("field")) for one in guard} or any(
            one.code != "maybe-empty" for one in guard
        )


@settings(max_examples=300)
@given(st.one_of(anything, conditions), st.data())
def test_normal_form_is_stable_and_means_the_same(text: str, data: st.DataObject) -> None:
    """The normal spelling compiles to itself, reads the same, and has the same value everywhere."""
    guard = compile_expression(text, known())
    event(f"compiled: {isinstance(guard, Expression)}")
    if not isinstance(guard, Expression):
        return
    again = compile_expression(guard.normal, known())
    assert isinstance(again, Expression), guard.normal
    assert again.normal == guard.normal
    assert (again.fields, again.facts, again.uses) == (guard.fields, guard.facts, guard.uses)
    sight = data.draw(sights(frozenset(READABLE)))
    assert again(sight) == guard(sight)


PIECES = ["(", ")", "[", "]", "not ", "-", "+", "*", ".", ",", "'", '"', "\\", "1", "0x", "e", "_", "\n", "#"]
hostile = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from([*PIECES, *FIELDS, " and ", " in ", " is ", "None", "λ", "\ud800", "\0"])).map(
        "".join
    ),
    st.builds(
        lambda piece, n: piece * n,
        st.sampled_from([*PIECES, "f(", "x.", "1+", "a is "]),
        st.integers(1, 3000),
    ),
)


@settings(max_examples=400)
@given(hostile)
@example("x" * 2001)
@example("'" * 1999)
@example("1" * 1999)
def test_hostile_text_is_answered(text: str) -> None:
    """Whatever is written, the answer is a guard or problems with texts, inside the text."""
    found = compile_expression(text, known())
    if isinstance(found, Expression):
        return
    assert found
    for one in found:
        assert 0 <= one.start <= one.start + one.length <= len(text)
        assert one.code in CODES
        assert finding(one.code, "x.yaml", Span(1, 1, 1, 2), key=one.key, **one.params).message


@given(st.sampled_from([name for name in READABLE if FIELDS[name].type is not FieldType.DURATION]), st.data())
def test_value_survives_history(name: str, data: st.DataObject) -> None:
    """Encoding, storing and decoding a value gives it back, and encoding again the same bytes."""
    declared = FIELDS[name]
    stored = encode(declared, data.draw(values_of(declared)))
    assert stored is not None
    back = decode(declared, stored)
    assert canonical(encode(declared, back)) == canonical(stored)
    assert check_limits(replace(declared, currency=None), stored) is None or declared.type is FieldType.TEXT


junk = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(), st.binary()),
    *(st.dates(), st.datetimes(), st.timedeltas(), st.builds(object)),
    st.lists(st.integers()),
    st.tuples(st.integers(), st.sampled_from(["days", "weeks"])),
    st.dictionaries(st.text(), st.text()),
)


@given(st.sampled_from(FieldType), st.booleans(), junk)
def test_value_of_any_sort_is_stored_or_refused(kind: FieldType, many: bool, value: object) -> None:
    """Whatever a caller gives is brought to history's form, or refused with a `ValueError`."""
    try:
        stored = encode(make_field("x", kind, many=many), value)
    except ValueError as refused:
        assert str(refused)
        return
    if stored is not None:
        assert canonical(stored)
        assert decode(make_field("x", kind, many=many), stored) is not None


@given(st.integers(-(2**53), 2**53), st.sampled_from(list(Unit)), st.dates())
def test_day_is_reckoned_or_refused(n: int, unit: Unit, on: date) -> None:
    """Adding any number of any unit to any day gives a day or an error that says so."""
    guard = compile_expression(f"kb_tanggal + {unit}(jumlah)", known())
    assert isinstance(guard, Expression)
    try:
        found = guard(Sight(fields={"kb_tanggal": on, "jumlah": n}))
    except EvaluationError:
        room = min(date.max - on, on - date.min) // timedelta(days=366)
        assert abs(n) > room
        return
    assert isinstance(found, date)
