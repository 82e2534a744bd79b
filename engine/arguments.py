"""The arguments of the embedding API: of which kind each one is, and what is said where it is another.

Owns the one list of arguments with their kinds. Whether a value fits a definition is decided later and
refused with its reasons; here only what no definition could ever take is told, before anything is read.
Called by ``engine.runtime`` with whatever a caller gave.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from os import PathLike
from typing import Any

from engine.refused import InvalidCall, WrongArgument
from workflow.case import Actor, Party
from workflow.durations import Duration
from workflow.source.diagnostics import did_you_mean

_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What an argument may be.

    Attributes:
        name: Names the words for it: ``argument.<name>``.
        plain: Exact types that need no further look.
        takes: Types that are taken; ``but``: those among them that are not.
        example: How it is written.
        is_needed: Whether ``None`` is refused too.
    """

    name: str
    plain: frozenset[type]
    takes: tuple[type, ...]
    example: str
    but: tuple[type, ...] = ()
    is_needed: bool = False


def _kind(name: str, *takes: type, example: str, but: tuple[type, ...] = (), needed: bool = False) -> Kind:
    return Kind(name=name, plain=frozenset(takes), takes=takes, example=example, but=but, is_needed=needed)


TEXT = _kind("text", str, example='"…"')
NUMBER = _kind("number", int, but=(bool,), example="100")
DAY = _kind("day", date, but=(datetime,), example="date(2026, 1, 31)")
INSTANT = _kind("instant", datetime, example="datetime(2026, 1, 31, 9, 0, tzinfo=UTC)")
MAPPING = _kind("mapping", dict, Mapping, example='{"judul": "Air baku"}')
FUNCTION = _kind("function", Callable, example="lambda delivery: print(delivery.topic)")  # type: ignore[arg-type]  # isinstance knows it
PROVIDER = _kind("function", Callable, example="lambda request: 100")  # type: ignore[arg-type]  # isinstance knows it
CLOCK = _kind("function", Callable, example="lambda: datetime.now(UTC)")  # type: ignore[arg-type]  # isinstance knows it
TRUTH = _kind("truth", bool, example="True")

_KINDS: Mapping[str, Kind] = {
    "by": _kind("actor", Actor, example='Actor("rina", roles=["opd"], party="kukar")', needed=True),
    "case_id": _kind("case", str, example='case.id, or "ksdd/2026/1"', needed=True),
    "trigger": _kind("text", str, example='"ajukan"', needed=True),
    "deadline": _kind("text", str, example='"tinjauan"', needed=True),
    "within": _kind("duration", str, Duration, example='"10 days"', needed=True),
    "fields": MAPPING,
    "parameters": MAPPING,
    "where": MAPPING,
    "documents": _kind("documents", dict, Mapping, example='{"kak": "kak.pdf"}'),
    "limit": NUMBER,
    "path": _kind("path", str, PathLike, example='"definitions/ksdd.yaml"', needed=True),
    "paths": _kind("paths", list, tuple, example='["ksdd", "pks"]', needed=True),
    "handler": FUNCTION,
    "provider": PROVIDER,
    "clock": CLOCK,
    "workflow": _kind("text", str, example='"ksdd"'),
    "state": _kind("text", str, example='"penyiapan"'),
    "overdue": TRUTH,
    "closed": TRUTH,
    "delivery_id": _kind("number", int, but=(bool,), example="letter.id", needed=True),
    "consumer": _kind("text", str, example='"notifier"', needed=True),
    "pattern": _kind("text", str, example='"case.*"', needed=True),
    "fact": _kind("text", str, example='"pagu_tersedia"', needed=True),
    "number": _kind("text", str, example='"ksdd/2026/1"', needed=True),
    "digest": TEXT,
    "tenant": _kind("text", str, example='"kukar"', needed=True),
    "version": NUMBER,
    # What may be said with every act:
    "reason": TEXT,
    "comment": TEXT,
    "as_role": _kind("text", str, example='"sekretariat_tkksd"'),
    "for_party": _kind("text", str, example='"samarinda"'),
    "effective_on": DAY,
    "request_id": TEXT,
    "expect": _kind("number", int, but=(bool,), example="case.revision"),
}
"""Argument → its kind."""

SAID = ("reason", "comment", "as_role", "for_party", "effective_on", "request_id", "expect")
"""What may be said with every act on a case."""

_PERSONAL = frozenset({"fields", "reason", "comment", "parties"})
_CALL = ("case_id", "trigger", "by", "fields", "documents", *SAID)
_SOUGHT = frozenset(
    {"case_id", "workflow", "state", "consumer", "pattern", "fact", "number", "digest", "tenant", "after"}
)
"""What is looked for in the store as it is given; the texts of commands are looked at by ``legible``."""

_UNKEPT = re.compile("[\0\ud800-\udfff]")
_NAMED = _kind("names", dict, example=MAPPING.example)
_CALLS = _kind("calls", list, example='[{"case_id": case.id, "trigger": "ajukan", "by": opd}]')
_PARTIES = _kind("parties", list, example='[Party("kukar", side="pemrakarsa")]')


def check(**given: object) -> None:
    """Make sure that arguments, by name, are of their kinds, and names such as a store can look for.

    Raises:
        WrongArgument: The first one that is not.
        InvalidCall: A name holds what no database takes.
    """
    for name, value in given.items():
        kind = _KINDS[name]
        if type(value) not in kind.plain:  # nearly all are: each command passes here
            _look(name, value, kind)
        elif name in _SOUGHT:
            check_kept(name, value)


def check_one(name: str, value: object, kind: Kind) -> None:
    """Make sure that an argument whose name means different things is of this kind.

    Raises:
        WrongArgument: It is not.
        InvalidCall: It is a name that holds what no database takes.
    """
    if type(value) not in kind.plain:
        _look(name, value, kind)
    elif name in _SOUGHT:
        check_kept(name, value)


def check_kept(name: str, value: object) -> None:
    """Make sure that a database can take a text.

    Raises:
        InvalidCall: It holds NUL, or half a character.
    """
    if isinstance(value, str) and not value.isprintable() and _UNKEPT.search(value):
        raise InvalidCall(what="unkept", argument=name)


def check_names(name: str, given: Mapping[Any, object]) -> None:
    """Make sure that the keys of a mapping are texts.

    Raises:
        WrongArgument: One is not.
    """
    for key in given:
        if not isinstance(key, str):
            raise _wrong(name, key, _NAMED)


def check_aware(name: str, instant: datetime | None) -> None:
    """Make sure that an instant has a time zone.

    Raises:
        WrongArgument: It is no instant.
        InvalidCall: It has no time zone, and would mean another instant on another machine.
    """
    check_one(name, instant, INSTANT)
    if instant is not None and instant.tzinfo is None:
        raise InvalidCall(what="zone", argument=name)


def check_said(said: Mapping[str, object], **given: object) -> None:
    """Make sure of what is said with an act, and of its other arguments: known names, each of its kind.

    Raises:
        WrongArgument: A value is of another kind.
        InvalidCall: A name is not known.
    """
    _names(said, SAID)
    check(**given, **said)


def check_calls(calls: object) -> list[Mapping[str, Any]]:
    """Return several calls, each of which has what a call needs and nothing else.

    Raises:
        WrongArgument: They are no list, or one of them is no mapping.
        InvalidCall: A name is lacking or not known.
    """
    if isinstance(calls, (str, bytes, Mapping)) or not isinstance(calls, Iterable):
        raise _wrong("calls", calls, _CALLS)
    return [check_call(call) for call in calls]


def path_list(paths: Sequence[object]) -> None:
    """Make sure that each of several paths is one.

    Raises:
        WrongArgument: It is no list, or what is in it is no path.
    """
    check(paths=paths)
    for number, path in enumerate(paths):
        check_one(f"paths[{number}]", path, _KINDS["path"])


def check_call(call: object) -> Mapping[str, Any]:
    """Return one of several calls, which has what a call needs and nothing else.

    Raises:
        WrongArgument: It is no mapping.
        InvalidCall: A name is lacking or not known.
    """
    if not isinstance(call, Mapping):
        raise _wrong("calls", call, _CALLS)
    _names(call, _CALL)
    for name in _CALL[:3]:
        if name not in call:
            raise InvalidCall(what="argument-missing", argument=name)
    return call


def party_list(parties: object) -> tuple[Party, ...]:
    """Return the parties given at opening.

    Raises:
        WrongArgument: It is no list of parties.
    """
    if isinstance(parties, (str, bytes, Mapping, Party)) or not isinstance(parties, Iterable):
        raise _wrong("parties", parties, _PARTIES)
    several = tuple(parties)
    for one in several:
        if not isinstance(one, Party):
            raise _wrong("parties", one, _PARTIES)
    return several


def limit_of(limit: int | None, most: int = 2**63 - 2) -> int | None:
    """Return a limit, of at least 1.

    Raises:
        WrongArgument: It is no whole number.
        InvalidCall: It is less than 1.
    """
    check(limit=limit)
    if limit is None:
        return None
    if limit < 1:
        raise InvalidCall(what="limit", limit=limit)
    return min(limit, most)


def _names(given: Mapping[str, object], known: tuple[str, ...]) -> None:
    for name in given:
        if name not in known:
            nearest = did_you_mean(str(name), known)
            what = "argument-unknown.nearest" if nearest else "argument-unknown"
            raise InvalidCall(what=what, argument=name, nearest=nearest or "", known=", ".join(known))


def _look(name: str, value: object, kind: Kind) -> None:
    if value is None:
        if not kind.is_needed:
            return
    elif isinstance(value, kind.takes) and not (kind.but and isinstance(value, kind.but)):
        return
    raise _wrong(name, value, kind)


def _wrong(name: str, value: object, kind: Kind) -> WrongArgument:
    return WrongArgument(argument=name, kind=kind.name, given=_shown(name, value), example=kind.example)


def _shown(name: str, value: object) -> str:
    """Say what was given: its type, and the value where it is short and nobody's own."""
    type_name = type(value).__name__
    if value is None:
        return "None"
    is_plain = isinstance(value, (str, bytes, int, float, date)) and name not in _PERSONAL
    shown = ascii(value) if is_plain else ""
    return f"{type_name} {shown}" if shown and len(shown) <= _SHOWN else type_name
