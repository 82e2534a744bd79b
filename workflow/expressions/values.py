"""Values of fields and facts: between a caller's Python, the guards' Python and history's JSON.

Owns the form of each field type and its limits. It takes one field's value at a time: entries of a
``many`` field are handled here, the parties of a ``per: party`` field by the caller, who hands over
the value of each. Whether a person or party exists is not asked here. Called by ``decide`` and its
parts through ``expressions``, by the loader for limits, and by whatever shows values.

Three forms: a *given* value is what a caller of the Python API or a provider of facts hands in; the
*history form* is what is stored (HISTORY-FORMAT); a *typed* value is what guards reckon with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar

import workflow.texts.values  # noqa: F401  (registers the texts of values)
from workflow.definition import Fact, Field, FieldType, Json
from workflow.durations import Duration, parse
from workflow.errors import WorkflowError
from workflow.history.canonical import MAX_DIGITS, MAX_INTEGER, NotCanonical, decimal_text, normal_text
from workflow.locale import Message

DATE_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER_FORM = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")

# ISO 4217: currencies whose smallest unit is not a hundredth.
_PLACES = {
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


class InvalidValue(WorkflowError, ValueError):
    """A value does not have the form that the type of its field asks for.

    Attributes:
        name: The field or fact.
        problem: What is wrong: ``float boolean text integer large number digits date datetime
            duration list set characters row column``.
        shown: The value, as far as the message needs it.
        row: Of a table the row, from 1, and
        column: the column that it lies in; ``None`` elsewhere.
    """

    code: ClassVar[str] = "invalid-value"

    def __init__(
        self, *, name: str, problem: str, shown: str, row: int | None = None, column: str | None = None
    ) -> None:
        self.name = name
        self.problem = problem
        self.shown = shown
        self.row = row
        self.column = column
        super().__init__(self.message.text("en"))

    @property
    def message(self) -> Message:
        """The message for people, in both languages."""
        said = Message(f"value.{self.problem}", {"field": self.column or self.name, "shown": self.shown})
        if self.row is None:
            return said
        return Message("value.in-row", {"field": self.name, "row": self.row, "problem": said})

    def __reduce__(self) -> tuple[Any, ...]:
        return _invalid_value, (self.name, self.problem, self.shown, self.row, self.column)


def _invalid_value(name: str, problem: str, shown: str, row: int | None, column: str | None) -> InvalidValue:
    return InvalidValue(name=name, problem=problem, shown=shown, row=row, column=column)


class _Unfit(Exception):
    """A value does not fit; becomes an `InvalidValue` where the field's name is known."""

    def __init__(self, problem: str, value: object) -> None:
        super().__init__(problem)
        self.problem = problem
        self.value = value


# --- history form to typed -----------------------------------------------------------------------


def decode(field: Field | Fact, value: Json) -> Any:
    """Turn a value in history's form into the one that guards reckon with.

    Args:
        field: The field or fact; of a ``per: party`` field ``value`` is one party's.
        value: As in history, well-formed: what `encode` returned.

    Returns:
        ``str``, ``int``, `Decimal`, ``bool``, `date` or `Duration`; of a ``many`` field a tuple of
        them, of a record a tuple of rows, each a mapping of the columns given; ``None`` for ``None``.
    """
    if value is None:
        return None
    if isinstance(field, Field) and field.type is FieldType.RECORD:
        return tuple(_typed_row(field, row) for row in value)  # type: ignore[union-attr]  # rows in history
    one = _DECODERS[field.type]
    if getattr(field, "many", False):
        return tuple(one(entry) for entry in value)  # type: ignore[union-attr]  # a list in history
    return one(value)


def _typed_row(record: Field, row: Any) -> Mapping[str, Any]:
    return MappingProxyType({name: decode(record.columns[name], one) for name, one in row.items()})


def _plain(value: Any) -> Any:
    return value


_DECODERS: Mapping[FieldType, Callable[[Any], Any]] = {
    **dict.fromkeys(FieldType, _plain),
    FieldType.DECIMAL: Decimal,
    FieldType.MONEY: Decimal,
    FieldType.DATE: date.fromisoformat,
    FieldType.DURATION: Duration.from_json,
}


# --- given to history form -----------------------------------------------------------------------


def encode(field: Field | Fact, value: object) -> Json:
    """Bring a value to history's form, checking its form and nothing else.

    Taken are: for text, choices, persons and parties ``str``; for integers ``int``; for decimals and
    money `Decimal`, ``int`` or the number as text (``"1500000.50"``), never ``float``, which has
    lost the number already; for booleans ``bool``; for dates `date` (not `datetime`, which depends
    on a zone) or ``"YYYY-MM-DD"``; for durations `Duration`, ``"45 days"`` or ``[45, "days"]``. Of a
    ``many`` field a list or tuple of them. Of a record a list or tuple of rows, each a mapping from
    column to value; a column may be missing or ``None``, not all of a row.

    Args:
        field: The field or fact; of a ``per: party`` field ``value`` is one party's.
        value: As given by a caller, or typed.

    Returns:
        History's form, text in NFC; ``None`` for ``None`` and for a list without entries: empty.

    Raises:
        InvalidValue: The value does not have the type's form (also a ``ValueError``).

    Example:
        >>> encode(Field(name="nilai", type=FieldType.MONEY), Decimal("1500.50"))
        '1500.5'
    """
    if value is None:
        return None
    try:
        if isinstance(field, Field) and field.type is FieldType.RECORD:
            rows = enumerate(_entries(value), start=1)
            return [_row(field, number, row) for number, row in rows] or None
        one = _ENCODERS[field.type]
        if getattr(field, "many", False):
            return [one(entry) for entry in _entries(value)] or None
        return one(value)
    except _Unfit as unfit:
        raise InvalidValue(name=field.name, problem=unfit.problem, shown=_shown(unfit.value)) from None


def _shown(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > 256:
        return f"{value.bit_length()}-bit integer"
    shown = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return shown if len(shown) <= 60 else f"{shown[:59]}…"


def _entries(value: object) -> Sequence[object]:
    if isinstance(value, set | frozenset | dict):
        raise _Unfit("set", value)
    if not isinstance(value, list | tuple):
        raise _Unfit("list", value)
    return value


def _row(record: Field, number: int, row: object) -> Json:
    try:
        return _cells(record, row)
    except _Unfit as unfit:
        problem, shown, column = unfit.problem, _shown(unfit.value), None
    except InvalidValue as invalid:
        problem, shown, column = invalid.problem, invalid.shown, invalid.name
    raise InvalidValue(name=record.name, problem=problem, shown=shown, row=number, column=column)


def _cells(record: Field, row: object) -> Json:
    if not isinstance(row, Mapping):
        raise _Unfit("row", row)
    for name in row:
        if name not in record.columns:
            raise _Unfit("column", name)
    cells = {name: encode(column, row.get(name)) for name, column in record.columns.items()}
    given: dict[str, Json] = {name: one for name, one in cells.items() if one is not None}
    if not given:
        raise _Unfit("row", row)
    return given


def _text(value: object) -> Json:
    if not isinstance(value, str):
        raise _Unfit("text", value)
    try:
        return normal_text(str(value))
    except NotCanonical:
        raise _Unfit("characters", value) from None


def _integer(value: object) -> Json:
    if isinstance(value, bool):
        raise _Unfit("boolean-number", value)
    if not isinstance(value, int):
        raise _Unfit("float" if isinstance(value, float) else "integer", value)
    if abs(value) > MAX_INTEGER:
        raise _Unfit("large", value)
    return int(value)


def _decimal(value: object) -> Json:
    if isinstance(value, bool):
        raise _Unfit("boolean-number", value)
    if isinstance(value, float):
        raise _Unfit("float", value)
    if isinstance(value, str) and not (len(value) <= 2 * MAX_DIGITS and _NUMBER_FORM.fullmatch(value)):
        raise _Unfit("number", value)
    if not isinstance(value, str | int | Decimal):
        raise _Unfit("number", value)
    # str() of an int beyond 4,300 digits raises, Decimal() of it does not.
    try:
        return decimal_text(Decimal(value))
    except NotCanonical:
        raise _Unfit("digits", value if not isinstance(value, Decimal) else "") from None


def _boolean(value: object) -> Json:
    if not isinstance(value, bool):
        raise _Unfit("truth", value)
    return value


def _date(value: object) -> Json:
    if isinstance(value, datetime):
        raise _Unfit("datetime", value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and DATE_FORM.fullmatch(value):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            raise _Unfit("no-date", value) from None
    raise _Unfit("date", value)


def _duration(value: object) -> Json:
    if isinstance(value, timedelta):
        raise _Unfit("timedelta", value)
    if isinstance(value, str):
        value = parse(value) or value
    try:
        json = value.to_json() if isinstance(value, Duration) else value
        return Duration.from_json(list(json) if isinstance(json, tuple) else json).to_json()
    except ValueError:
        raise _Unfit("duration", value) from None


_ENCODERS: Mapping[FieldType, Callable[[object], Json]] = {
    **dict.fromkeys(FieldType, _text),
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _decimal,
    FieldType.MONEY: _decimal,
    FieldType.BOOLEAN: _boolean,
    FieldType.DATE: _date,
    FieldType.DURATION: _duration,
}


# --- limits --------------------------------------------------------------------------------------


def check_limits(field: Field, value: Json) -> Message | None:
    """Check a value against what its field declares: options, lengths, bounds, places of money.

    Args:
        field: The field; of a ``per: party`` field ``value`` is one party's.
        value: In history's form, as `encode` returned it.

    Returns:
        The first thing that is wrong, for people; ``None`` where nothing is.
    """
    if value is None:
        return None
    if field.type is FieldType.RECORD:
        return _row_beyond(field, value)
    for entry in value if field.many and isinstance(value, list) else (value,):
        if found := _beyond(field, entry):
            problem, params = found
            return Message(f"value.{problem}", {"field": field.title or field.name, **params})
    return None


def _row_beyond(record: Field, rows: Json) -> Message | None:
    for number, row in enumerate(rows, start=1):  # type: ignore[arg-type]  # rows in history
        for name, one in row.items():  # type: ignore[union-attr]  # a row
            if problem := check_limits(record.columns[name], one):
                what = record.title or record.name
                return Message("value.in-row", {"field": what, "row": number, "problem": problem})
    return None


def _beyond(field: Field, value: Json) -> tuple[str, dict[str, object]] | None:
    match field.type:
        case FieldType.CHOICE:
            if value not in field.options:
                return "option", {"shown": value, "known": ", ".join(field.options)}
        case FieldType.TEXT | FieldType.PERSON | FieldType.PARTY:
            return _beyond_length(field, str(value))
        case FieldType.INTEGER | FieldType.DECIMAL | FieldType.MONEY:
            number = Decimal(str(value))
            return _beyond_places(field, number) or _beyond_bounds(field, number)
        case FieldType.DATE:
            return _beyond_bounds(field, date.fromisoformat(str(value)))
    return None


def _beyond_length(field: Field, text: str) -> tuple[str, dict[str, object]] | None:
    if not text.strip():
        return "blank", {}
    if field.min_length is not None and len(text) < field.min_length:
        return "short", {"least": field.min_length, "found": len(text)}
    if field.max_length is not None and len(text) > field.max_length:
        return "long", {"most": field.max_length, "found": len(text)}
    return None


def _beyond_places(field: Field, number: Decimal) -> tuple[str, dict[str, object]] | None:
    if field.type is not FieldType.MONEY or field.currency is None:
        return None
    places = _PLACES.get(field.currency, 2)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        return "places", {"shown": decimal_text(number), "currency": field.currency, "places": places}
    return None


def _beyond_bounds(field: Field, value: Decimal | date) -> tuple[str, dict[str, object]] | None:
    for problem, bound, sign in (("low", field.min, 1), ("high", field.max, -1)):
        if bound is not None and sign * _difference(value, bound) < 0:
            return problem, {"shown": _spelt(value), "limit": _spelt(bound)}
    return None


def _difference(value: Decimal | date, bound: Decimal | date) -> int:
    """Return -1, 0 or 1, as ``value`` is below, at or above ``bound``; exact in any decimal context."""
    if isinstance(value, Decimal) and isinstance(bound, Decimal):
        return (value > bound) - (value < bound)
    if isinstance(value, date) and isinstance(bound, date):
        return (value > bound) - (value < bound)
    raise TypeError(f"{bound!r} is no bound for {value!r}")


def _spelt(value: Decimal | date) -> str:
    return decimal_text(value) if isinstance(value, Decimal) else value.isoformat()
