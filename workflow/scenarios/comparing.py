"""Whether what a scenario expects after a step is so.

Owns one function for each kind of expectation; each returns what was found instead, or ``None``. What
cases are and how they came there is the host's business. Called by ``running``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.case import Body, CaseState, Reason, Refusal
from workflow.definition import Definition
from workflow.history.canonical import canonical
from workflow.locale import Message
from workflow.scenarios.model import Expected, RefusedAs, is_end
from workflow.step.evolve import plain

LAST = "last."


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What can be seen of a case after a step.

    Attributes:
        last: The last entry of its history; ``fresh`` are those of the step.
        messages: Topics of what was sent in the step.
        available: Paths of what may be asked for.
    """

    case: CaseState
    overdue: tuple[str, ...]
    last: Body
    fresh: Sequence[Body]
    messages: tuple[str, ...]
    available: tuple[str, ...]


def difference(expected: Expected, seen: Seen) -> Message | None:
    """Return what was found where it is not what was expected."""
    if expected.key.startswith(LAST):
        return _last(expected, seen)
    return _COMPARE[expected.key](expected, seen)


def wanted(expected: Expected) -> Message:
    """Say what was expected."""
    return _said(expected, shown(expected.value))


def _said(expected: Expected, value: object) -> Message:
    if expected.name:
        return Message("scenario.of", {"key": expected.key, "name": expected.name, "value": value})
    return Message("scenario.value", {"key": expected.key, "value": value})


def shown(value: Any) -> object:
    """Return a value as people read it; a list without entries, and no value, are "nothing"."""
    if value is None or value in ((), [], {}, ""):
        return Message("scenario.nothing")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {shown(one)}" for name, one in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(str(shown(one)) for one in value)
    return str(value)


# --- one kind each ---------------------------------------------------------------------------------


def _in(expected: Expected, seen: Seen) -> Message | None:
    active = _active(seen.case.configuration)
    if any(is_end(path, expected.value) for path in active):
        return None
    return _said(expected, shown(seen.case.configuration))


def _active(configuration: Iterable[str]) -> dict[str, None]:
    """Return every active state but the workflow itself."""
    paths: dict[str, None] = {}
    for leaf in configuration:
        segments = leaf.split(".")
        paths.update(dict.fromkeys(".".join(segments[:size]) for size in range(1, len(segments) + 1)))
    return paths


def _due(expected: Expected, seen: Seen) -> Message | None:
    found = {path: on for path, on in _due_days(seen.case) if is_end(path, expected.name)}
    days = set(found.values())
    if len(days) > 1:
        return Message("scenario.several", {"names": ", ".join(found)})
    return None if days == {expected.value} else _said(expected, shown("".join(days)))


def _due_days(case: CaseState) -> Iterable[tuple[str, str]]:
    """Yield clocks that run or have expired, and each duty's oldest open occurrence."""
    for path, clock in case.clocks.items():
        if clock["status"] in ("running", "expired"):
            yield path, clock["due_on"]
    for path, duty in case.obligations.items():
        if duty["open"]:
            yield path, duty["open"][0]["due_on"]


def _fields(expected: Expected, seen: Seen) -> Message | None:
    found = seen.case.fields.get(expected.name)
    if isinstance(expected.value, dict) and isinstance(found, Mapping):
        found = {party: found.get(party) for party in expected.value}
    return None if _same(found, expected.value) else _said(expected, shown(found))


def _same(one: Any, other: Any) -> bool:
    """Compare as history does: ``True`` is not 1, an empty list is nothing."""
    return (one in (None, [], ()) and other in (None, [], ())) or _bytes(one) == _bytes(other)


def _bytes(value: Any) -> bytes:
    filled = (
        {name: one for name, one in value.items() if one is not None} if isinstance(value, dict) else value
    )
    return canonical({"value": filled}) if filled not in (None, {}, []) else b""


def _overdue(expected: Expected, seen: Seen) -> Message | None:
    return _same_set(expected, seen.overdue)


def _available(expected: Expected, seen: Seen) -> Message | None:
    return _same_set(expected, seen.available)


def _same_set(expected: Expected, found: Sequence[str]) -> Message | None:
    """Hold a complete list against paths, in any order, each name standing for one path."""
    rest = list(found)
    for name in expected.value:
        match = next((path for path in rest if is_end(path, name)), None)
        if match is None:
            return _said(expected, shown(found))
        rest.remove(match)
    return _said(expected, shown(found)) if rest else None


def _fired(expected: Expected, seen: Seen) -> Message | None:
    fired = [one["path"] for entry in seen.fresh for one in entry.get("clocks", ()) if one["op"] == "fired"]
    return _same_order(expected, fired)


def _messages(expected: Expected, seen: Seen) -> Message | None:
    return _same_order(expected, seen.messages)


def _same_order(expected: Expected, found: Sequence[str]) -> Message | None:
    is_same = len(found) == len(expected.value) and all(map(is_end, found, expected.value))
    return None if is_same else _said(expected, shown(found))


def _outcome(expected: Expected, seen: Seen) -> Message | None:
    return None if seen.case.outcome == expected.value else _said(expected, shown(seen.case.outcome))


_COMPARE: Mapping[str, Callable[[Expected, Seen], Message | None]] = {
    "in": _in,
    "due": _due,
    "fields": _fields,
    "overdue": _overdue,
    "fired": _fired,
    "available": _available,
    "messages": _messages,
    "outcome": _outcome,
}


# --- the last entry ----------------------------------------------------------------------------------


def _last(expected: Expected, seen: Seen) -> Message | None:
    entry = seen.last
    actor = entry["actor"]
    match expected.key.removeprefix(LAST):
        case "by":
            people = (actor.get("id"), actor.get("recorder", {}).get("id"))
            is_so, found = expected.value in people, next(filter(None, people), None)
        case "basis":
            found = entry.get("basis", ())
            is_so = set(expected.value) <= set(found)
        case "trigger":
            found = entry.get("trigger", "")
            is_so = is_end(found, expected.value)
        case key:
            owner = actor if key in ("role", "for_party") else entry
            found = plain(owner.get("party" if key == "for_party" else key))
            is_so = found == expected.value
    return None if is_so else _said(expected, shown(found))


# --- refusals --------------------------------------------------------------------------------------


def is_refused_as(refusal: Refusal, expected: RefusedAs) -> bool:
    """Whether one of the reasons is the one expected."""
    return any(_is_reason(reason, expected) for reason in refusal.reasons)


def _is_reason(reason: Reason, expected: RefusedAs) -> bool:
    return (
        expected.code in (None, reason.code)
        and (expected.rule is None or (reason.rule is not None and is_end(reason.rule, expected.rule)))
        and set(expected.basis) <= set(reason.basis)
    )


def refused_as(expected: RefusedAs) -> Message:
    """Say with what a step was expected to be refused."""
    words = [word for word in (expected.code, expected.rule, *expected.basis) if word]
    return Message("scenario.refused", {"what": ", ".join(words)})


def refused_with(refusal: Refusal) -> Message:
    """Say with what a step was refused."""
    words = [f"{one.code} ({one.rule})" if one.rule else one.code for one in refusal.reasons]
    return Message("scenario.refused", {"what": ", ".join(dict.fromkeys(words))})


def overdue_of(definition: Definition, case: CaseState) -> tuple[str, ...]:
    """Return the paths of everything that is overdue in a case: clocks without consequence, duties."""
    silent = {one.path for state in definition.states.values() for one in state.deadlines if one.then is None}
    clocks = [path for path, clock in case.clocks.items() if clock["status"] == "expired" and path in silent]
    duties = [path for path, duty in case.obligations.items() if any(one["overdue"] for one in duty["open"])]
    return (*clocks, *duties)
