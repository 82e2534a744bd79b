"""What keys an entry has and what stands in them, for the second reader.

Written from HISTORY-FORMAT alone, with the standard library alone. Kinds and keys that the page
does not name are kept, not refused: later kinds may join.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from tests.reader.model import Broken

KINDS = frozenset(
    {
        "case_opened",
        "transition_taken",
        "consent_given",
        "consent_withdrawn",
        "consent_voided",
        "clock_fired",
        "deadline_expired",
        "deadline_extended",
        "obligation_opened",
        "obligation_met",
        "obligation_overdue",
        "obligation_lapsed",
        "case_suspended",
        "case_resumed",
        "document_attached",
        "fields_corrected",
        "calendar_applied",
        "case_migrated",
        "child_opened",
        "child_closed",
        "personal_erased",
        "mandate_noted",
        "case_imported",
    }
)

ALWAYS = (
    "v",
    "tenant",
    "case",
    "seq",
    "revision",
    "kind",
    "recorded_at",
    "effective_on",
    "clock",
    "engine",
    "definition",
    "actor",
    "prev",
)

NEEDS = {
    "case_opened": ["number", "to", "calendars"],
    "transition_taken": ["trigger", "from", "to"],
    "consent_given": ["trigger", "votes"],
    "consent_withdrawn": ["trigger", "votes"],
    "clock_fired": ["from", "to", "clocks"],
    "deadline_expired": ["clocks"],
    "deadline_extended": ["clocks"],
    "obligation_opened": ["obligations"],
    "obligation_met": ["obligations"],
    "obligation_overdue": ["obligations"],
    "obligation_lapsed": ["obligations"],
    "case_suspended": ["suspension"],
    "case_resumed": ["suspension"],
    "document_attached": ["documents"],
    "fields_corrected": ["changes"],
    "calendar_applied": ["calendars"],
    "case_migrated": ["definition_before"],
    "child_opened": ["child"],
    "child_closed": ["child"],
    "personal_erased": ["erased"],
}
"""Keys that a kind cannot be without, since it is what the kind is about."""

ONLY_AT_OPENING = ("number", "parties", "parent")

_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_HASH = re.compile(r"[0-9a-f]{64}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
UNITS = ("days", "working_days", "months", "years")


def check_entry(entry):
    """Raise `Broken` where an entry's keys are not as the page says."""
    if not isinstance(entry, dict):
        raise Broken("shape", "an entry is an object")
    for key in ALWAYS:
        require(key in entry, "missing-key", f"'{key}' is missing")
    for key, check in _KEYS.items():
        if key in entry:
            check(entry[key], key)
    for key in NEEDS.get(entry["kind"], ()):
        require(key in entry, "missing-key", f"'{key}' is missing in {entry['kind']}")
    if entry["kind"] in KINDS:
        _check_presence(entry)


def _check_presence(entry):
    opening = entry["kind"] in ("case_opened", "case_imported")
    for key in ONLY_AT_OPENING:
        require(opening or key not in entry, "shape", f"'{key}' stands in an opening only")
    if entry["kind"] == "case_opened":
        require("from" not in entry, "shape", "an opening comes from nowhere: 'to' stands alone")
    else:
        require(("from" in entry) == ("to" in entry), "shape", "'from' and 'to' stand together")


def require(holds, code, sentence):
    """Raise `Broken` unless ``holds``."""
    if not holds:
        raise Broken(code, sentence)


def is_commitment(value):
    """Whether a value is a commitment."""
    return (
        isinstance(value, dict) and set(value) == {"commit"} and bool(_HASH.fullmatch(str(value["commit"])))
    )


def as_date(value, key):
    """Read a date or raise `Broken`."""
    require(isinstance(value, str) and _DATE.fullmatch(value), "date", f"{key} is not YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Broken("date", f"{key} is no day") from None


def as_instant(value, key):
    """Read an instant or raise `Broken`."""
    require(
        isinstance(value, str) and _INSTANT.fullmatch(value), "instant", f"{key} is not in the fixed form"
    )
    try:
        return datetime.fromisoformat(value[:-1] + "+00:00")
    except ValueError:
        raise Broken("instant", f"{key} is no instant") from None


def as_duration(value, key):
    """Read a duration or raise `Broken`."""
    _duration(value, key)
    return value[0], value[1]


# --- one check for each key ----------------------------------------------------------------------


def _text(value, key):
    require(isinstance(value, str) and value, "shape", f"{key} is not text")


def _number(value, key):
    require(type(value) is int and value >= 1, "shape", f"{key} is not a positive integer")


def _hash(value, key):
    require(isinstance(value, str) and _HASH.fullmatch(value), "shape", f"{key} is not 64 hex digits")


def _boolean(value, key):
    require(isinstance(value, bool), "shape", f"{key} is not true or false")


def _any(value, key):
    """Accept whatever the model allows."""


def _duration(value, key):
    require(isinstance(value, list) and len(value) == 2, "duration", f"{key} is not [n, unit]")
    require(type(value[0]) is int and value[1] in UNITS, "duration", f"{key} is not [n, unit]")


def _one_of(*words):
    def check(value, key):
        require(value in words, "shape", f"{key} is not one of {', '.join(words)}")

    return check


def _object(needed, optional=None):
    known = {**needed, **(optional or {})}

    def check(value, key):
        require(isinstance(value, dict), "shape", f"{key} is not an object")
        for name in needed:
            require(name in value, "missing-key", f"{key}.{name} is missing")
        for name, inner in value.items():
            if name in known:
                known[name](inner, f"{key}.{name}")

    return check


def _list_of(inner):
    def check(value, key):
        require(isinstance(value, list), "shape", f"{key} is not a list")
        for position, one in enumerate(value):
            inner(one, f"{key}[{position}]")

    return check


def _map_of(inner):
    def check(value, key):
        require(isinstance(value, dict), "shape", f"{key} is not an object")
        for name, one in value.items():
            inner(one, f"{key}.{name}")

    return check


def _commitment(value, key):
    require(is_commitment(value), "shape", f"{key} is not a commitment")


def _case(value, key):
    require(isinstance(value, str) and _UUID7.fullmatch(value), "shape", f"{key} is not a UUIDv7")


def _change(value, key):
    require(isinstance(value, dict), "shape", f"{key} is not an object")
    for side, one in value.items():
        require(side in ("old", "new") or isinstance(one, dict), "shape", f"{key} is not old and new")


def _skipped(value, key):
    require(isinstance(value, list), "shape", f"{key} is not a list")
    for pair in value:
        require(isinstance(pair, list) and len(pair) == 2, "shape", f"{key} is not [date, reason]")
        as_date(pair[0], key)
        _reason(pair[1], key)


_reason = _one_of("weekend", "national", "joint_leave", "regional")
_digests = _list_of(_hash)
_calendar = {"version": _number, "digest": _hash}
_child = _object({"case": _case, "name": _text})
_definition = _object({"workflow": _text, "version": _number, "digest": _hash})
_recorder = _object({"id": _text}, {"role": _text, "party": _text})
_actor = _object(
    {},
    {
        "id": _text,
        "role": _text,
        "party": _text,
        "mandate": _object({"id": _text, "digest": _text}),
        "recorder": _recorder,
        "case": _case,
    },
)


def _who(value, key):
    _actor(value, key)
    recorded = "recorder" in value
    require(recorded or "id" in value, "shape", f"{key} has neither id nor recorder")
    require(not (recorded and "id" in value), "shape", f"{key}: a recorded decider has no id")


_clock = _object(
    {
        "op": _one_of("started", "moved", "stopped", "fired", "suspended", "resumed", "extended"),
        "path": _text,
    },
    {
        "since": as_date,
        "within": _duration,
        "at": as_date,
        "first_day": _one_of("after", "same"),
        "roll": _one_of("none", "next_working_day"),
        "hold": _duration,
        "zone": _text,
        "calendar": _object({"name": _text, **_calendar}),
        "skipped": _skipped,
        "due_on": as_date,
        "due_at": as_instant,
        "acts_at": as_instant,
    },
)
_obligation = _object(
    {"op": _text, "path": _text}, {"occurrence": as_date, "due_on": as_date, "due_at": as_instant}
)
_vote = _object({"member": _text, "vote": _one_of("yes", "no", "withdrawn")}, {"about": _map_of(_digests)})

_KEYS = {
    "v": lambda value, key: require(value == 1 and type(value) is int, "shape", "v is not 1"),
    "tenant": _text,
    "case": _case,
    "seq": _number,
    "revision": _number,
    "kind": _text,
    "recorded_at": as_instant,
    "effective_on": as_date,
    "clock": _one_of("system", "virtual"),
    "engine": _object({"version": _text, "semantics": _number}),
    "definition": _definition,
    "definition_before": _definition,
    "trigger": _text,
    "request": _text,
    "number": _text,
    "parties": _list_of(_object({"id": _text, "side": _text}, {"name": _commitment})),
    "parent": _child,
    "child": _child,
    "outcome": _text,
    "calendars": _map_of(_object(_calendar)),
    "actor": _who,
    "from": _list_of(_text),
    "to": _list_of(_text),
    "changes": _map_of(_change),
    "documents": _map_of(_digests),
    "facts": _map_of(_any),
    "rules": _list_of(_object({"id": _text, "ok": _boolean})),
    "votes": _list_of(_vote),
    "clocks": _list_of(_clock),
    "obligations": _list_of(_obligation),
    "erased": _list_of(_object({"seq": _number, "field": _text}, {"party": _text})),
    "comment": _commitment,
    "reason": _commitment,
    "prev": _hash,
}
