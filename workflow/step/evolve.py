"""The fold of history: a case before an entry and the entry give the case after it.

Owns the one way in which an entry changes a case. ``decide`` uses it on the drafts that it makes and
verification uses it on what is stored, so ``fold(history) == case`` cannot drift apart. It decides
nothing and checks nothing: whether an entry was allowed is `workflow.history.replay`'s question.

A personal value stands in a draft as `Personal` and becomes the value itself in the case; in stored
history it is a commitment and stays one until the reader puts the value in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from workflow.case import Body, CaseState, Personal, changed_case
from workflow.definition import Definition

SPENDS = {"transition_taken", "consent_voided", "clock_fired"}
"""Kinds that end the votes of the consent which their ``trigger``, where they have one, belongs to."""


def fold(entries: Iterable[Body], definition: Definition) -> CaseState:
    """Fold the entries of one case, from its opening on."""
    case: CaseState | None = None
    for entry in entries:
        case = evolve(case, entry, definition)
    if case is None:
        raise ValueError("a case has at least the entry that opened it")
    return case


def evolve(case: CaseState | None, entry: Body, definition: Definition) -> CaseState:
    """Return the case after ``entry``; ``case`` is ``None`` before the opening."""
    if case is None:
        return _opened(entry, definition)
    changed: dict[str, Any] = {
        "seq": entry["seq"],
        "revision": entry["revision"],
        "recorded_at": entry["recorded_at"],
        "head": "",
    }
    if entry["revision"] != case.revision:
        changed["stepped_on"] = entry["effective_on"]
    for key, apply in _APPLY.items():
        if key in entry:
            apply(case, entry, definition, changed)
    _note_performer(case, entry, changed)
    _void_votes(case, entry, definition, changed)
    if entry["kind"] == "clock_fired":
        acted_on = entry["effective_on"]
        changed["clock_acted_on"] = max(case.clock_acted_on or acted_on, acted_on)
    return changed_case(case, changed)


def plain(value: Any) -> Any:
    """Take a personal value out of its wrapper."""
    return value.value if isinstance(value, Personal) else value


def _opened(entry: Body, definition: Definition) -> CaseState:
    parties = tuple({key: plain(value) for key, value in party.items()} for party in entry.get("parties", ()))
    case = CaseState(
        tenant=entry["tenant"],
        id=entry["case"],
        number=entry["number"],
        workflow=entry["definition"]["workflow"],
        version=entry["definition"]["version"],
        digest=entry["definition"]["digest"],
        parties=parties,
        configuration=tuple(entry["to"]),
        calendars=dict(entry.get("calendars", {})),
        revision=0,
        seq=0,
        recorded_at=entry["recorded_at"],
        stepped_on=entry["effective_on"],
        opened_at=entry["recorded_at"],
        parent=entry.get("parent"),
    )
    return evolve(case, entry, definition)


def _configuration(case: CaseState, entry: Body, definition: Definition, changed: dict[str, Any]) -> None:
    changed["configuration"] = tuple(entry["to"])


def _outcome(case: CaseState, entry: Body, definition: Definition, changed: dict[str, Any]) -> None:
    if entry["kind"] != "child_closed":
        changed["outcome"] = entry["outcome"]
        changed["closed_at"] = entry["recorded_at"]


def _fields(case: CaseState, entry: Body, definition: Definition, changed: dict[str, Any]) -> None:
    fields = dict(case.fields)
    for name, change in entry["changes"].items():
        declared = definition.fields.get(name)
        if declared is not None and declared.per_party:
            by_party = dict(fields.get(name, {}))
            for party, one in change.items():
                _set(by_party, party, one)
            _set(fields, name, {"new": by_party} if by_party else {})
        else:
            _set(fields, name, change)
    changed["fields"] = fields


def _set(values: dict[str, Any], name: str, change: Mapping[str, Any]) -> None:
    if "new" in change:
        values[name] = plain(change["new"])
    else:
        values.pop(name, None)


def _documents(case: CaseState, entry: Body, definition: Definition, changed: dict[str, Any]) -> None:
    attached = {name: tuple(digests) for name, digests in entry["documents"].items()}
    changed["documents"] = {**case.documents, **attached}


def _child(case: CaseState, entry: Body, definition: Definition, changed: dict[str, Any]) -> None:
    known = {"name": entry["child"]["name"]}
    if entry["kind"] == "child_closed":
        known["outcome"] = entry["outcome"]
    changed["children"] = {**case.children, entry["child"]["case"]: known}


def _calendars(case: CaseState, entry: Body, definition: Definition, changed: dict[str, Any]) -> None:
    changed["calendars"] = {**case.calendars, **entry["calendars"]}


def _votes(case: CaseState, entry: Body, definition: Definition, changed: dict[str, Any]) -> None:
    path = consent_path(definition, entry["trigger"])
    votes = list(case.votes.get(path, ()))
    for vote in entry["votes"]:
        votes = [earlier for earlier in votes if earlier["member"] != vote["member"]]
        if vote["vote"] != "withdrawn":
            votes.append(vote)
    changed["votes"] = {**case.votes, path: tuple(votes)}
    if not votes:
        del changed["votes"][path]


def _void_votes(case: CaseState, entry: Body, definition: Definition, changed: dict[str, Any]) -> None:
    """Votes are spent by the transition that they made, and void when an entry says so."""
    if case.votes and entry["kind"] in SPENDS and "trigger" in entry:
        path = consent_path(definition, entry["trigger"])
        if path in case.votes:
            changed["votes"] = {key: votes for key, votes in case.votes.items() if key != path}


def _clocks(case: CaseState, entry: Body, definition: Definition, changed: dict[str, Any]) -> None:
    clocks = dict(case.clocks)
    for record in entry["clocks"]:
        path, op = record["path"], record["op"]
        if op == "stopped":
            clocks.pop(path, None)
        elif op == "fired":
            status = "fired" if entry["kind"] == "clock_fired" else "expired"
            clocks[path] = {**clocks[path], "status": status}
        elif op == "suspended":
            clocks[path] = {**clocks[path], "status": "suspended"}
        else:
            clocks[path] = _counted(clocks.get(path), record)
    changed["clocks"] = clocks


def _counted(before: Mapping[str, Any] | None, record: Body) -> dict[str, Any]:
    """A clock with a derivation of its own; what it was extended by stays with it."""
    clock = dict(record)
    op = clock.pop("op")
    del clock["path"]
    extensions = list(before.get("extensions", ())) if before is not None and op != "started" else []
    if op == "extended":
        extensions.append(record["within"])
    if extensions:
        clock["extensions"] = extensions
    if before is not None and (stood := _stood_still(before, op)):
        clock["stood_still"] = stood
    stands_still = op in ("moved", "extended") and before is not None and before["status"] == "suspended"
    clock["status"] = "suspended" if stands_still else "running"
    return clock


def _stood_still(before: Mapping[str, Any], op: str) -> int:
    """How long a clock stood still before it was last extended: its due day then is where that begins."""
    if op == "started":
        return 0
    earlier: int = before.get("stood_still", 0)
    return earlier + (before.get("suspended", 0) if op == "extended" else 0)


def _suspension(case: CaseState, entry: Body, definition: Definition, changed: dict[str, Any]) -> None:
    span = entry["suspension"]
    if entry["kind"] == "case_suspended":
        changed["suspension"] = {"from": span["from"]}
        return
    days = (date.fromisoformat(span["until"]) - date.fromisoformat(span["from"])).days
    changed["suspension"] = None
    changed["suspended_days"] = case.suspended_days + days


def _obligations(case: CaseState, entry: Body, definition: Definition, changed: dict[str, Any]) -> None:
    obligations = dict(case.obligations)
    for record in entry["obligations"]:
        path = record["path"]
        duty = _OBLIGATION[record["op"]](obligations.get(path), record)
        if duty is None:
            obligations.pop(path, None)
        else:
            obligations[path] = duty
    changed["obligations"] = obligations


Duty = dict[str, Any]


def _started(duty: Duty | None, record: Body) -> Duty:
    return {"since": record["occurrence"], "open": list(duty["open"]) if duty else []}


def _stopped(duty: Duty | None, record: Body) -> Duty | None:
    return {**duty, "stopped": True} if duty and duty["open"] else None


def _occurrence_opened(duty: Duty | None, record: Body) -> Duty | None:
    if duty is None:
        return None
    occurrence = {key: record[key] for key in ("occurrence", "due_on", "due_at")} | {"overdue": False}
    return {**duty, "through": record["occurrence"], "open": [*duty["open"], occurrence]}


def _overdue(duty: Duty | None, record: Body) -> Duty | None:
    if duty is None:
        return None
    late = record["occurrence"]
    return {
        **duty,
        "open": [{**one, "overdue": True} if one["occurrence"] == late else one for one in duty["open"]],
    }


def _occurrence_skipped(duty: Duty | None, record: Body) -> Duty | None:
    return None if duty is None else {**duty, "through": record["occurrence"]}


def _occurrence_moved(duty: Duty | None, record: Body) -> Duty | None:
    if duty is None:
        return None
    due = {"due_on": record["due_on"], "due_at": record["due_at"]}
    moved = record["occurrence"]
    return {
        **duty,
        "open": [{**one, **due} if one["occurrence"] == moved else one for one in duty["open"]],
    }


def _closed(duty: Duty | None, record: Body) -> Duty | None:
    if duty is None:
        return None
    rest = [one for one in duty["open"] if one["occurrence"] != record["occurrence"]]
    return None if duty.get("stopped") and not rest else {**duty, "open": rest}


_OBLIGATION: dict[str, Callable[[Duty | None, Body], Duty | None]] = {
    "started": _started,
    "stopped": _stopped,
    "opened": _occurrence_opened,
    "overdue": _overdue,
    "skipped": _occurrence_skipped,
    "moved": _occurrence_moved,
    "met": _closed,
    "lapsed": _closed,
}

_APPLY: dict[str, Callable[[CaseState, Body, Definition, dict[str, Any]], None]] = {
    "to": _configuration,
    "outcome": _outcome,
    "changes": _fields,
    "documents": _documents,
    "calendars": _calendars,
    "votes": _votes,
    "clocks": _clocks,
    "obligations": _obligations,
    "suspension": _suspension,
    "child": _child,
}


def _note_performer(case: CaseState, entry: Body, changed: dict[str, Any]) -> None:
    if entry["kind"] in ("transition_taken", "consent_given") and not entry.get("trigger", "@").startswith(
        "@"
    ):
        actor = entry["actor"]
        if "mandate" in actor:
            actor = {key: value for key, value in actor.items() if key != "mandate"}
        changed["performers"] = {**case.performers, entry["trigger"]: actor}


def consent_path(definition: Definition, trigger: str) -> str:
    """Return the path of the handler that carries the consent which ``trigger`` votes in."""
    state, _, name = trigger.rpartition(".")
    for handler in definition.states[state].handlers:
        if handler.name == name:
            return handler.consent_path or handler.path
    return trigger
