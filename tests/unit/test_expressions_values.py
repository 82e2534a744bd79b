"""Values keep their exact form between a caller, history and guards."""

from __future__ import annotations

import decimal
import pickle
import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.guards import make_field, options
from workflow.definition import Fact, FieldType, Json, Label
from workflow.durations import Duration, Unit
from workflow.expressions.guards import EvaluationError, InvalidValue, check_limits, decode, encode
from workflow.history.canonical import canonical

TYPE = FieldType
MONTHS = Duration(6, Unit.MONTHS)

FORMS: list[tuple[FieldType, Any, Json, Any]] = [
    (TYPE.TEXT, "Jalan", "Jalan", "Jalan"),
    (TYPE.TEXT, unicodedata.normalize("NFD", "é"), "é", "é"),
    (TYPE.TEXT, "baris\nkedua", "baris\nkedua", "baris\nkedua"),
    (TYPE.PERSON, "198503152010011001", "198503152010011001", "198503152010011001"),
    (TYPE.PARTY, "kukar", "kukar", "kukar"),
    (TYPE.CHOICE, "wajib", "wajib", "wajib"),
    (TYPE.INTEGER, 2**53 - 1, 2**53 - 1, 2**53 - 1),
    (TYPE.INTEGER, -3, -3, -3),
    (TYPE.DECIMAL, Decimal("1500.50"), "1500.5", Decimal("1500.5")),
    (TYPE.DECIMAL, Decimal("1E+3"), "1000", Decimal(1000)),
    (TYPE.DECIMAL, Decimal("-0.00"), "0", Decimal(0)),
    (TYPE.MONEY, 1_500_000, "1500000", Decimal(1500000)),
    (TYPE.MONEY, "001500000.50", "1500000.5", Decimal("1500000.5")),
    (TYPE.MONEY, 2**200, str(2**200), Decimal(2**200)),
    (TYPE.BOOLEAN, True, True, True),
    (TYPE.BOOLEAN, False, False, False),
    (TYPE.DATE, date(2026, 1, 31), "2026-01-31", date(2026, 1, 31)),
    (TYPE.DATE, "2026-01-31", "2026-01-31", date(2026, 1, 31)),
    (TYPE.DURATION, MONTHS, [6, "months"], MONTHS),
    (TYPE.DURATION, "6 months", [6, "months"], MONTHS),
    (TYPE.DURATION, [6, "months"], [6, "months"], MONTHS),
    (TYPE.DURATION, (6, "months"), [6, "months"], MONTHS),
]


@pytest.mark.parametrize(("kind", "given", "stored", "typed"), FORMS)
def test_value_keeps_its_meaning_between_the_three_forms(
    kind: FieldType, given: object, stored: Json, typed: object
) -> None:
    """What is given is stored in history's one form, read back typed, and stored again the same."""
    declared = make_field("x", kind)
    assert encode(declared, given) == stored
    assert type(encode(declared, given)) is type(stored)
    assert canonical(stored)
    back = decode(declared, stored)
    assert back == typed
    assert type(back) is type(typed)
    assert encode(declared, back) == stored
    assert encode(Fact(name="x", type=kind), given) == stored
    assert decode(Fact(name="x", type=kind), stored) == typed


@pytest.mark.parametrize(
    ("kind", "given", "problem"),
    [
        (TYPE.TEXT, 3, "text"),
        (TYPE.TEXT, None.__class__, "text"),
        (TYPE.TEXT, b"x", "text"),
        (TYPE.TEXT, "a\0b", "characters"),
        (TYPE.TEXT, "\ud800", "characters"),
        (TYPE.PERSON, 198503152010011001, "text"),
        (TYPE.CHOICE, True, "text"),
        (TYPE.INTEGER, True, "boolean-number"),
        (TYPE.INTEGER, 3.0, "float"),
        (TYPE.INTEGER, "3", "integer"),
        (TYPE.INTEGER, Decimal(3), "integer"),
        (TYPE.INTEGER, 2**53, "large"),
        (TYPE.INTEGER, -(10**5000), "large"),
        (TYPE.MONEY, 0.1, "float"),
        (TYPE.MONEY, True, "boolean-number"),
        (TYPE.MONEY, "1.000.000", "number"),
        (TYPE.MONEY, "1,5", "number"),
        (TYPE.MONEY, "1e6", "number"),
        (TYPE.MONEY, " 1", "number"),
        (TYPE.MONEY, "+1", "number"),
        (TYPE.MONEY, "٣", "number"),
        (TYPE.MONEY, "NaN", "number"),
        (TYPE.MONEY, "", "number"),
        (TYPE.MONEY, "1" * 5000, "number"),
        (TYPE.MONEY, None.__class__, "number"),
        (TYPE.DECIMAL, Decimal("NaN"), "digits"),
        (TYPE.DECIMAL, Decimal("sNaN"), "digits"),
        (TYPE.DECIMAL, Decimal("-Infinity"), "digits"),
        (TYPE.DECIMAL, Decimal("1E+99999"), "digits"),
        (TYPE.DECIMAL, 10**5000, "digits"),
        (TYPE.BOOLEAN, 1, "truth"),
        (TYPE.BOOLEAN, "true", "truth"),
        (TYPE.DATE, datetime(2026, 1, 31, tzinfo=UTC), "datetime"),
        (TYPE.DATE, "20260131", "date"),
        (TYPE.DATE, "2026-W05-6", "date"),
        (TYPE.DATE, "31-01-2026", "date"),
        (TYPE.DATE, "2026-02-29", "no-date"),
        (TYPE.DATE, "٢٠٢٦-٠١-٠١", "date"),
        (TYPE.DATE, 20260131, "date"),
        (TYPE.DURATION, timedelta(days=3), "timedelta"),
        (TYPE.DURATION, 3, "duration"),
        (TYPE.DURATION, "3 weeks", "duration"),
        (TYPE.DURATION, [3], "duration"),
        (TYPE.DURATION, [3, "weeks"], "duration"),
        (TYPE.DURATION, [True, "days"], "duration"),
        (TYPE.DURATION, Duration(10**9, Unit.DAYS), "duration"),
    ],
    ids=lambda one: "integer" if isinstance(one, int) else ascii(one)[:30],
)
def test_value_of_another_form_is_refused_in_words(kind: FieldType, given: object, problem: str) -> None:
    """What does not have the type's form is refused, in both languages, naming the field."""
    with pytest.raises(InvalidValue) as caught:
        encode(make_field("isian", kind), given)
    error = caught.value
    assert (error.name, error.problem, error.code) == ("isian", problem, "invalid-value")
    assert isinstance(error, ValueError)
    assert "isian" in str(error) and "isian" in error.message.text("id")
    assert str(error) != error.message.text("id")
    assert str(error).isprintable() and len(str(error)) < 250


def test_field_of_many_values_is_a_list() -> None:
    """A list or tuple goes in, a tuple comes out; a list without entries is an empty field."""
    declared = make_field("x", FieldType.MONEY, many=True)
    assert encode(declared, [Decimal("1.50"), 2]) == ["1.5", "2"]
    assert decode(declared, ["1.5", "2"]) == (Decimal("1.5"), Decimal(2))
    assert encode(declared, []) is None
    assert encode(declared, ()) is None
    for wrong, problem in (("12", "list"), ({1}, "set"), ({"a": 1}, "set"), (3, "list"), ([0.5], "float")):
        with pytest.raises(InvalidValue) as caught:
            encode(declared, wrong)
        assert caught.value.problem == problem


def test_empty_value_stays_empty() -> None:
    """None is no value in every type."""
    for kind in FieldType:
        assert encode(make_field("x", kind), None) is None
        assert decode(make_field("x", kind), None) is None
        assert check_limits(make_field("x", kind), None) is None


def test_form_does_not_depend_on_the_hosts_decimal_context() -> None:
    """A host's precision does not round what is stored or checked."""
    declared = make_field("x", FieldType.MONEY, max=Decimal("1234567890.10"))
    with decimal.localcontext(decimal.Context(prec=3, traps=[decimal.Inexact, decimal.Rounded])):
        assert encode(declared, Decimal("1234567890.123")) == "1234567890.123"
        assert check_limits(declared, "1234567890.1") is None
        assert check_limits(declared, "1234567890.11") is not None


LIMITS: list[tuple[dict[str, Any], Any, str | None]] = [
    ({"type": TYPE.CHOICE, "options": options("wajib", "sukarela")}, "wajib", None),
    ({"type": TYPE.CHOICE, "options": options("wajib", "sukarela")}, "Wajib", "value.option"),
    ({"type": TYPE.CHOICE, "options": options("a", "b"), "many": True}, ["a", "b"], None),
    ({"type": TYPE.CHOICE, "options": options("a", "b"), "many": True}, ["a", "c"], "value.option"),
    ({"type": TYPE.TEXT, "max_length": 3}, "a😀b", None),
    ({"type": TYPE.TEXT, "max_length": 3}, "abcd", "value.long"),
    ({"type": TYPE.TEXT, "min_length": 3}, "ab", "value.short"),
    ({"type": TYPE.TEXT}, " \n", "value.blank"),
    ({"type": TYPE.PERSON}, "", "value.blank"),
    ({"type": TYPE.INTEGER, "min": Decimal(1), "max": Decimal(5)}, 1, None),
    ({"type": TYPE.INTEGER, "min": Decimal(1), "max": Decimal(5)}, 5, None),
    ({"type": TYPE.INTEGER, "min": Decimal(1)}, 0, "value.low"),
    ({"type": TYPE.INTEGER, "max": Decimal(5)}, 6, "value.high"),
    ({"type": TYPE.MONEY, "currency": "IDR", "min": Decimal(0)}, "-0.01", "value.low"),
    ({"type": TYPE.MONEY, "currency": "IDR"}, "1500000.25", None),
    ({"type": TYPE.MONEY, "currency": "IDR"}, "1500000.255", "value.places"),
    ({"type": TYPE.MONEY, "currency": "JPY"}, "1500000.5", "value.places"),
    ({"type": TYPE.MONEY, "currency": "KWD"}, "1500000.125", None),
    ({"type": TYPE.MONEY}, "0.123456", None),
    ({"type": TYPE.DATE, "min": date(2020, 4, 14)}, "2020-04-13", "value.low"),
    ({"type": TYPE.DATE, "min": date(2020, 4, 14)}, "2020-04-14", None),
    ({"type": TYPE.DATE, "max": date(2030, 1, 1)}, "2030-01-02", "value.high"),
    ({"type": TYPE.BOOLEAN}, False, None),
    ({"type": TYPE.DURATION}, [45, "days"], None),
]


@pytest.mark.parametrize(("attributes", "value", "key"), LIMITS)
def test_limit_of_a_field_is_checked(attributes: dict[str, Any], value: Json, key: str | None) -> None:
    """Options, lengths, bounds and places of money, each with a text in both languages."""
    declared = make_field("x", attributes["type"], **{k: v for k, v in attributes.items() if k != "type"})
    found = check_limits(declared, value)
    assert (found.key if found else None) == key
    if found:
        assert found.text("id") != found.text("en")


def test_limit_names_the_field_by_its_title() -> None:
    """People read the title of a field, in the language of the message, not its name."""
    title = Label(id="Jumlah lampiran", en="Number of annexes")
    found = check_limits(make_field("n", FieldType.INTEGER, title=title, max=Decimal(5)), 6)
    assert found is not None
    assert found.text("id") == "Jumlah lampiran: 6 melebihi batas atas 5"
    assert found.text("en") == "Number of annexes: 6 is above the greatest value allowed, 5"


def test_errors_survive_pickling() -> None:
    """Errors cross processes whole."""
    for error in (
        InvalidValue(name="x", problem="float", shown="0.1"),
        EvaluationError(day="9999-12-31", added="1 days"),
    ):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)
