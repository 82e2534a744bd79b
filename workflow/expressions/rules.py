"""Which values of guards go together, and what comes of it.

Owns the type rules of comparing, ``in``, arithmetic and of the result that a place wants. Each rule
takes checked parts and returns the part made of them, or reports why not. Called by
``compiler`` only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from workflow.definition import Fact, Field, FieldType
from workflow.durations import Unit
from workflow.expressions import operations
from workflow.expressions.operations import Run
from workflow.expressions.parts import (
    COMPARISON,
    PRODUCT,
    SIGN,
    SUM,
    Findings,
    Part,
    spanned,
    spell,
    truth,
)
from workflow.expressions.types import UNKNOWN, Kind, Type, type_of
from workflow.source.diagnostics import did_you_mean

_EQUAL = ("==", "!=")
_ORDERED = ("number", "date", "duration")
_TEXTLIKE = frozenset((Kind.TEXT, Kind.PERSON, Kind.PARTY, Kind.CHOICE, Kind.ROLE, Kind.DOCUMENT))


def adopt(part: Part, wanted: Type, findings: Findings) -> Part:
    """Give a text in quotes the type of what it stands beside; an option must be one of those there."""
    if not part.is_text or wanted.kind not in _TEXTLIKE:
        return part
    is_closed = bool(wanted.options) or wanted.kind is Kind.DOCUMENT
    if wanted.spellings.get(part.value) is not None:
        full = wanted.spellings[part.value]
        return replace(part, type=wanted, value=full, run=operations.constant(full), normal=spell(full))
    if not is_closed or part.value in wanted.options:
        return replace(part, type=wanted)
    known = ", ".join(wanted.options[:8]) + (", …" if len(wanted.options) > 8 else "")
    close = did_you_mean(part.value, wanted.options)
    key = "guard-unknown-option" + (".close" if close else "")
    findings.report(key, part.place, option=part.value, kind=wanted.kind, known=known, close=close)
    return findings.wrong(part.place)


def compare(sign: str, left: Part, right: Part, findings: Findings) -> Part:
    """Compare two parts."""
    place = spanned((left, right))
    if sign in ("in", "not in"):
        return _look_up(sign, left, right, findings)
    if Kind.NONE in (left.type.kind, right.type.kind):
        return _compare_none(sign, left, right, findings)
    left, right = adopt(left, right.type, findings), adopt(right, left.type, findings)
    if Kind.UNKNOWN in (left.type.kind, right.type.kind):
        return findings.wrong(place)
    key = _incomparable(sign, left, right)
    if key is None:
        return _compared(sign, left, right, findings)
    params = {"left": left.shown, "one": left.type, "right": right.shown, "other": right.type}
    findings.report(key, place, sign=sign, **params)
    return findings.wrong(place)


def _compared(sign: str, left: Part, right: Part, findings: Findings) -> Part:
    normal = f"{left.inside(COMPARISON)} {sign} {right.inside(COMPARISON)}"
    return truth((left, right), _comparison(sign, left, right), normal, COMPARISON, findings)


def _compare_none(sign: str, left: Part, right: Part, findings: Findings) -> Part:
    place = spanned((left, right))
    if Kind.UNKNOWN not in (left.type.kind, right.type.kind):
        other = right if left.type.kind is Kind.NONE else left
        instead = f"{other.shown} {'is not' if sign == '!=' else 'is'} None"
        findings.report("guard-type.none", place, sign=sign, instead=instead)
    return findings.wrong(place)


def _incomparable(sign: str, left: Part, right: Part) -> str | None:
    """Return why two parts cannot be compared, as a key; ``None``: they can."""
    one, other = left.type, right.type
    if Kind.LIST in (one.kind, other.kind):
        return "guard-type.list"
    if one.family != other.family or not _share_options(one, other):
        if Kind.DATE in (one.kind, other.kind) and (left.is_text or right.is_text):
            return "guard-type.date-text"
        return "guard-type"
    if sign not in _EQUAL and one.family not in _ORDERED:
        return "guard-type.order"
    if one.kind is Kind.DURATION:
        return _incommensurable(one, other)
    return None


def _share_options(one: Type, other: Type) -> bool:
    return not one.options or not other.options or not set(one.options).isdisjoint(other.options)


def _incommensurable(one: Type, other: Type) -> str | None:
    """Days, working days and months have no common measure but a day to start from."""
    if one.unit is None or other.unit is None:
        return "guard-type.duration-field"
    return None if one.unit is other.unit else "guard-type.duration-units"


def _comparison(sign: str, left: Part, right: Part) -> Run:
    if left.type.kind is Kind.DURATION:
        return operations.compare(sign, operations.sized(left.run), operations.sized(right.run))
    if right.is_constant and left.plain and left.field is not None:
        return operations.compare_field(sign, left.field, right.value)
    if right.is_constant:
        return operations.compare_constant(sign, left.run, right.value)
    return operations.compare(sign, left.run, right.run)


def _look_up(sign: str, left: Part, right: Part, findings: Findings) -> Part:
    """Look for one value in a list."""
    place = spanned((left, right))
    if Kind.UNKNOWN in (left.type.kind, right.type.kind):
        return findings.wrong(place)
    if right.type.element is None:
        key = "guard-type.in-text" if right.type.family == "text" else "guard-type.in"
        findings.report(key, right.place, sign=sign, right=right.shown, other=right.type)
        return findings.wrong(place)
    element = _entry_type(right, left.type, findings)
    left = adopt(left, element, findings)
    if Kind.UNKNOWN not in (left.type.kind, element.kind):
        reason = _unlisted(left.type, element)
        if reason is None:
            return _compared(sign, left, right, findings)
        findings.report(reason, place, left=left.shown, one=left.type, other=right.type)
    return findings.wrong(place)


def _entry_type(listed: Part, wanted: Type, findings: Findings) -> Type:
    """Return the type of a list's entries; texts that are written out take the type looked for."""
    items = [adopt(item, wanted, findings) for item in listed.items]
    if any(item.type.kind is Kind.UNKNOWN for item in items):
        return UNKNOWN
    return next((item.type for item in items if not item.is_text), listed.type.element or UNKNOWN)


def fits_beside(first: Part, item: Part) -> bool:
    """Tell whether two entries can stand in one list."""
    if item.type.kind in (Kind.LIST, Kind.NONE):
        return False
    return item.type.family == first.type.family or (item.is_text and first.type.kind in _TEXTLIKE)


def _unlisted(one: Type, element: Type) -> str | None:
    """Return why a value can never be in a list, as a key; ``None``: it can."""
    if one.family != element.family or not _share_options(one, element):
        return "guard-type.in-other"
    return "guard-type.in-durations" if element.kind is Kind.DURATION else None


# --- arithmetic ----------------------------------------------------------------------------------


def negate(part: Part, place: tuple[int, int], findings: Findings) -> Part:
    """Put a minus before a number or a duration."""
    if part.type.family not in ("number", "duration"):
        if part.type.kind is not Kind.UNKNOWN:
            findings.report("guard-type.minus", place, right=part.shown, other=part.type)
        return findings.wrong(place)
    operation = operations.negate_number if part.type.family == "number" else operations.negate_duration
    run = operation(part.run)
    made = replace(part, run=run, place=place, shown=findings.shown(place), field=None, plain=False)
    made = replace(made, normal=f"-{part.inside(SIGN - 1)}", binding=SIGN, is_constant=False)
    if part.is_constant and part.type.family == "number":
        value = operations.negated(part.value)
        return replace(made, is_constant=True, value=value, run=operations.constant(value))
    return made


def reckon(sign: str, left: Part, right: Part, findings: Findings) -> Part:
    """Add, subtract or multiply."""
    place = spanned((left, right))
    if Kind.UNKNOWN in (left.type.kind, right.type.kind):
        return findings.wrong(place)
    made = _sum(sign, left, right, findings)
    if made is None:
        return findings.wrong(place)
    kind, run = made
    binding = PRODUCT if sign == "*" else SUM
    normal = f"{left.inside(binding - 1)} {sign} {right.inside(binding)}"
    return Part(type=kind, run=run, normal=normal, binding=binding, place=place, shown=findings.shown(place))


def _sum(sign: str, left: Part, right: Part, findings: Findings) -> tuple[Type, Run] | None:
    one, other = left.type, right.type
    rule = _SUMS.get((one.family, sign, other.family))
    made = rule(sign, left, right) if rule is not None else "guard-type.arithmetic"
    if not isinstance(made, str):
        return made
    params = {"left": left.shown, "one": one, "right": right.shown, "other": other}
    findings.report(made, spanned((left, right)), sign=sign, **params)
    return None


# A rule returns the type and the operation, or why there is none, as a key.
_Sum: TypeAlias = Callable[[str, Part, Part], tuple[Type, Run] | str]


def _numbers(sign: str, left: Part, right: Part) -> tuple[Type, Run] | str:
    is_decimal = Kind.DECIMAL in (left.type.kind, right.type.kind)
    kind = Type(kind=Kind.DECIMAL if is_decimal else Kind.INTEGER)
    return kind, operations.reckon(sign, left.run, right.run)


def _day_and_duration(sign: str, left: Part, right: Part) -> tuple[Type, Run] | str:
    return left.type, operations.shift(left.run, right.run, backwards=sign == "-")


def _duration_and_day(sign: str, left: Part, right: Part) -> tuple[Type, Run] | str:
    return right.type, operations.shift(right.run, left.run, backwards=False)


def _days_between(sign: str, left: Part, right: Part) -> tuple[Type, Run] | str:
    return Type(kind=Kind.DURATION, unit=Unit.DAYS), operations.days_between(left.run, right.run)


def _durations(sign: str, left: Part, right: Part) -> tuple[Type, Run] | str:
    key = _incommensurable(left.type, right.type)
    return key or (left.type, operations.combine(left.run, right.run, minus=sign == "-"))


def _times(sign: str, left: Part, right: Part) -> tuple[Type, Run] | str:
    duration, number = (left, right) if left.type.kind is Kind.DURATION else (right, left)
    if number.type.kind is not Kind.INTEGER:
        return "guard-type.arithmetic"
    return duration.type, operations.times(duration.run, number.run)


def _day_and_number(sign: str, left: Part, right: Part) -> tuple[Type, Run] | str:
    return "guard-type.date-number"


_SUMS: dict[tuple[str, str, str], _Sum] = {
    **{("number", sign, "number"): _numbers for sign in "+-*"},
    **{("date", sign, "duration"): _day_and_duration for sign in "+-"},
    **{("duration", sign, "duration"): _durations for sign in "+-"},
    **{("date", sign, "number"): _day_and_number for sign in "+-"},
    ("duration", "+", "date"): _duration_and_day,
    ("date", "-", "date"): _days_between,
    ("duration", "*", "number"): _times,
    ("number", "*", "duration"): _times,
}


# --- the result ----------------------------------------------------------------------------------


def want_truth(part: Part, findings: Findings, key: str = "guard-type.boolean") -> Part:
    """See that a part is true or false."""
    if part.type.kind in (Kind.BOOLEAN, Kind.UNKNOWN):
        return part
    findings.report(key, part.place, left=part.shown, one=part.type)
    return findings.wrong(part.place)


def want(part: Part, expected: Field | Fact | FieldType, findings: Findings) -> Part:
    """See that a part fits what it is written to."""
    wanted = type_of(expected)
    if part.type.kind is Kind.UNKNOWN or (part.type.kind is Kind.NONE and isinstance(expected, Field)):
        return part
    part = _adopt_result(part, wanted, findings)
    if part.type.kind is Kind.UNKNOWN:
        return part
    if not _fits(part.type, wanted):
        key = "guard-type.date-text" if wanted.kind is Kind.DATE and part.is_text else "guard-type.result"
        one, other = part.type, wanted
        findings.report(key, part.place, left=part.shown, right=part.shown, one=one, other=other, sign="=")
        return findings.wrong(part.place)
    if _number_of(wanted) is Kind.DECIMAL and _number_of(part.type) is Kind.INTEGER:
        to_decimal = operations.to_decimals if wanted.element else operations.to_decimal
        return replace(part, run=to_decimal(part.run))
    return part


def _adopt_result(part: Part, wanted: Type, findings: Findings) -> Part:
    if wanted.element is None or not part.items:
        return adopt(part, wanted, findings)
    items = tuple(adopt(item, wanted.element, findings) for item in part.items)
    if any(item.type.kind is Kind.UNKNOWN for item in items):
        return findings.wrong(part.place)
    element = next((item.type for item in items if not item.is_text), items[0].type)
    return replace(part, items=items, type=Type(kind=Kind.LIST, element=element))


def _number_of(one: Type) -> Kind:
    return one.element.kind if one.element is not None else one.kind


def _fits(given: Type, wanted: Type) -> bool:
    if given.element is not None and wanted.element is not None:
        return _fits(given.element, wanted.element)
    if given.family != wanted.family or (given.kind is Kind.DECIMAL and wanted.kind is Kind.INTEGER):
        return False
    return not wanted.options or (bool(given.options) and set(given.options) <= set(wanted.options))
