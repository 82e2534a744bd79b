"""What guards do when they run: arithmetic on exact numbers, days and durations, and comparing.

Owns the run-time half of every operator. Types have been checked before: nothing here asks for
them. Called by ``compiler``, whose closures hold these functions.

Numbers never meet the host's decimal context: sums go through a context of this module's own with
room for every exact result, and comparing decimals is exact in any context.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from typing import Any, TypeAlias, cast
from unicodedata import normalize

from workflow.durations import Duration, Unit, add
from workflow.expressions.types import CaseEnvironment, Environment, EvaluationError, RelatedCase

Run: TypeAlias = Callable[[Environment], Any]
"""A compiled part: reads an environment and returns a Python value."""

# A guard multiplies at most 51 numbers of at most 2,000 digits each.
_EXACT = Context(prec=150_000, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda one, many: one in many,
    "not in": lambda one, many: one not in many,
}

# --- reading -------------------------------------------------------------------------------------


def read_field(name: str) -> Run:
    """Read a field as the environment has it."""
    return lambda env: env.field(name)


def read_text(read: Run) -> Run:
    """Read a text in NFC, in which it is compared; ASCII, nearly every text, is in it already."""

    def run(env: Environment) -> str | None:
        text: str | None = read(env)
        return text if text is None or text.isascii() else normalize("NFC", text)

    return run


def read_list(read: Run) -> Run:
    """Read a list; an empty field is a list without entries."""
    return lambda env: read(env) or ()


def read_texts(read: Run) -> Run:
    """Read a list of texts, each in NFC."""
    return lambda env: tuple(normalize("NFC", text) for text in read(env) or ())


def read_fact(name: str) -> Run:
    """Read a fact as the environment has it."""
    return lambda env: env.fact(name)


def _case(env: Environment) -> CaseEnvironment:
    """Guards with clocks or related cases stand only where the environment has them."""
    return cast(CaseEnvironment, env)


SPECIAL: Mapping[str, Run] = {
    "today": lambda env: env.today,
    "role": lambda env: env.role,
    "mandate": lambda env: _case(env).mandate,
    "outcome": lambda env: _case(env).outcome,
    "documents": lambda env: env.documents,
    "parties": lambda env: env.parties,
}


def active(path: str) -> Run:
    """Tell whether a state is active."""
    return lambda env: env.in_state(path)


# --- clocks and related cases --------------------------------------------------------------------


def expired(path: str) -> Run:
    """Tell whether a deadline has passed."""
    return lambda env: _case(env).expired(path)


def overdue(path: str) -> Run:
    """Tell whether an obligation is overdue."""
    return lambda env: _case(env).overdue(path)


class Bound:
    """An environment in which one related case has a name, inside ``all`` and ``any``."""

    __slots__ = ("_env", "kin")

    def __init__(self, env: Environment, kin: RelatedCase) -> None:
        self._env = env
        self.kin = kin

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env, name)


KIN: Mapping[str, Callable[[Any], RelatedCase]] = {
    "": lambda env: env.kin,
    "child": lambda env: env.child,
    "parent": lambda env: env.parent,
}
"""How a related case is reached: by the name it has inside ``all`` and ``any``, or by its word."""


def is_closed(kin: Callable[[Any], RelatedCase]) -> Run:
    """Tell whether a related case has ended."""
    return lambda env: kin(env).closed


def outcome_of(kin: Callable[[Any], RelatedCase]) -> Run:
    """Read how a related case ended."""
    return lambda env: kin(env).outcome


def shared(kin: Callable[[Any], RelatedCase], name: str) -> Run:
    """Read what a related case shares."""
    return lambda env: kin(env).field(name)


def children(name: str) -> Run:
    """List the children of one kind."""
    return lambda env: tuple(_case(env).children(name))


def every_one(of: Run, holds: Run) -> Run:
    """Tell whether something holds of every related case."""
    return lambda env: all(holds(cast(Environment, Bound(env, kin))) for kin in of(env))


def any_one(of: Run, holds: Run) -> Run:
    """Tell whether something holds of any related case."""
    return lambda env: any(holds(cast(Environment, Bound(env, kin))) for kin in of(env))


# --- arithmetic ----------------------------------------------------------------------------------


def negate_number(value: Run) -> Run:
    """Negate an integer or decimal, exactly."""
    return lambda env: negated(value(env))


def negate_duration(value: Run) -> Run:
    """Negate a duration."""
    return lambda env: -value(env)


_INTEGERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_DECIMALS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": _EXACT.add,
    "-": _EXACT.subtract,
    "*": _EXACT.multiply,
}


def reckon(sign: str, left: Run, right: Run) -> Run:
    """Add, subtract or multiply numbers, exactly."""
    integers, decimals = _INTEGERS[sign], _DECIMALS[sign]

    def run(env: Environment) -> Any:
        one, other = left(env), right(env)
        # The context would turn a pair of integers into decimals.
        if isinstance(one, int) and isinstance(other, int):
            return integers(one, other)
        return decimals(one, other)

    return run


def shift(on: Run, by: Run, *, backwards: bool) -> Run:
    """Add a duration to a day, or take it off."""

    def run(env: Environment) -> date:
        day: date = on(env)
        duration: Duration = -by(env) if backwards else by(env)
        try:
            if duration.unit is Unit.WORKING_DAYS:
                return env.calendar.add_working_days(day, duration.n)
            return add(day, duration)
        except OverflowError:
            raise EvaluationError(day=day.isoformat(), added=f"{duration.n} {duration.unit}") from None

    return run


def days_between(later: Run, earlier: Run) -> Run:
    """Take one day off another: how many days lie between them."""
    return lambda env: Duration((later(env) - earlier(env)).days, Unit.DAYS)


def combine(left: Run, right: Run, *, minus: bool) -> Run:
    """Add or subtract durations of one unit; months and years are one."""

    def run(env: Environment) -> Duration:
        one, other = left(env), right(env)
        n = duration_size(one) + (-duration_size(other) if minus else duration_size(other))
        return Duration(n, Unit.MONTHS if one.unit is Unit.YEARS else one.unit)

    return run


def times(duration: Run, number: Run) -> Run:
    """Multiply a duration by an integer."""
    return lambda env: duration(env) * number(env)


def build(unit: Unit, number: Run) -> Run:
    """Make a duration from a number."""
    return lambda env: Duration(number(env), unit)


def duration_size(duration: Duration) -> int:
    """Count a duration in its unit, years in months, so that durations of one unit compare."""
    return duration.n * 12 if duration.unit is Unit.YEARS else duration.n


def sized(duration: Run) -> Run:
    """Turn a duration into what it is compared by."""
    return lambda env: duration_size(duration(env))


def has_entries(values: Run) -> Run:
    """Tell whether a list has an entry."""
    return lambda env: bool(values(env))


# --- comparing and joining -----------------------------------------------------------------------


def compare(sign: str, left: Run, right: Run) -> Run:
    """Compare two parts."""
    holds = COMPARISONS[sign]
    return lambda env: holds(left(env), right(env))


def compare_field(sign: str, name: str, value: Any) -> Run:
    """Compare a field with a constant: most of all guards, so without a call between."""
    holds = COMPARISONS[sign]
    return lambda env: holds(env.field(name), value)


def compare_constant(sign: str, left: Run, value: Any) -> Run:
    """Compare a part with a constant."""
    holds = COMPARISONS[sign]
    return lambda env: holds(left(env), value)


def is_empty(value: Run) -> Run:
    """Tell whether a field is empty."""
    return lambda env: value(env) is None


def is_given(value: Run) -> Run:
    """Tell whether a field is not empty."""
    return lambda env: value(env) is not None


def both(parts: tuple[Run, ...]) -> Run:
    """Join with ``and``: the first that is false decides."""
    if len(parts) == 2:
        left, right = parts
        return lambda env: left(env) and right(env)

    def run(env: Environment) -> bool:
        return all(part(env) for part in parts)

    return run


def either(parts: tuple[Run, ...]) -> Run:
    """Join with ``or``: the first that is true decides."""
    if len(parts) == 2:
        left, right = parts
        return lambda env: left(env) or right(env)

    def run(env: Environment) -> bool:
        return any(part(env) for part in parts)

    return run


def deny(value: Run) -> Run:
    """Turn a truth round."""
    return lambda env: not value(env)


def constant(value: Any) -> Run:
    """Return the same value always."""
    return lambda env: value


def gather(parts: tuple[Run, ...]) -> Run:
    """Make a list of parts."""
    return lambda env: tuple(part(env) for part in parts)


def length(value: Run) -> Run:
    """Count the characters of a text or the entries of a list."""
    return lambda env: len(value(env))


def negated(number: int | Decimal) -> int | Decimal:
    """Negate a number, exactly."""
    return -number if isinstance(number, int) else _EXACT.minus(number)


def to_decimal(number: Run) -> Run:
    """Turn an integer into a decimal."""
    return lambda env: Decimal(number(env))


def to_decimals(numbers: Run) -> Run:
    """Turn a list of integers into decimals."""
    return lambda env: tuple(Decimal(number) for number in numbers(env))
