"""Legality: the recorded entries of a case decided again.

Owns the comparison of what ``decide`` says to the command behind an entry with what was recorded; the way
back to that command is ``workflow.history.recorded``'s. Pure. Called by the ledger's verification.

Two things cannot be asked again: values of a consent that wait for its last vote and were never
written, and personal values that were erased. There the step is taken as recorded; everything else of
it is compared. A step that reads what a related case shares needs that case as of then: who replays
gives it (the ledger does), else the step is taken as recorded, whole. Which children there are, and
whether and how they have ended, a case knows from its own history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from workflow.case import (
    Body,
    CaseState,
    CloseWithParent,
    Decision,
    Personal,
    Refusal,
    RelativeUnknown,
    World,
)
from workflow.chart.process import Process
from workflow.definition import Definition
from workflow.errors import WorkflowError
from workflow.expressions.guards import decode
from workflow.history.recorded import (
    act_of,
    firing_of,
    noting_of,
    opening_of,
    waiting_values,
    with_documents,
    without_values,
)
from workflow.step.clocks import Ripe, pending, ripe
from workflow.step.decide import decide, take_event
from workflow.step.evolve import evolve
from workflow.step.offspring import CHILD
from workflow.step.opening import PARENT
from workflow.step.progress import CLOCK, Progress
from workflow.time.calendars import Calendar
from workflow.time.deadlines import day_in_zone, parse_instant

CLOCK_KINDS = frozenset({"clock_fired", "deadline_expired", "obligation_opened", "obligation_overdue"})
ACT_KINDS = frozenset(
    {"case_suspended", "case_resumed", "deadline_extended", "fields_corrected", "document_attached"}
)
FOLLOWING_KINDS = frozenset({"obligation_met", "obligation_lapsed", "child_opened", "consent_voided"})
"""Kinds of entries that belong to the step before them."""
COMMAND_KINDS = frozenset({"transition_taken", "consent_given", "consent_withdrawn"})
UNKNOWN_VOTE = frozenset({"missing-field", "differing-consent", "rule-failed"})
"""Reasons that do not speak against a vote whose waiting values are not known."""

FAMILY_STEPS = timedelta(milliseconds=10)
"""Within this the entries of one command on a family of cases follow each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Illegal:
    """An entry that the definition did not allow, or not in this form.

    Attributes:
        seq: The entry.
        why: ``refused`` (with the codes in ``detail``), ``not-due``, ``differs`` (with the keys),
            ``skipped-clock`` (a ripe clock was passed over), ``failed`` (no step can be taken from here;
            the code of the error in ``detail``) or ``unknown-kind``.
    """

    seq: int
    why: str
    detail: str


Relatives = Callable[[str, str], tuple[Definition, CaseState]]
"""A related case by id, as it stood before an instant."""


def no_relatives(case_id: str, before: str) -> tuple[Definition, CaseState]:
    """Know no related case."""
    raise RelativeUnknown(case_id)


def replay(
    process: Process,
    entries: Sequence[Body],
    calendar: Callable[[str], Calendar],
    relatives: Relatives = no_relatives,
) -> Iterator[Illegal]:
    """Decide the entries of one case again, and yield what does not agree.

    Args:
        entries: In order, without ``prev``, personal values opened (`workflow.history.sealing.unseal`).
        calendar: Calendar by digest, as `World.calendar`.
        relatives: Related cases as of then.
    """
    case: CaseState | None = None
    at = 0
    while at < len(entries):
        if case is None and entries[at]["kind"] != "case_opened":
            yield Illegal(seq=entries[at]["seq"], why="differs", detail="kind")
            return
        found, length = _tried(process, case, entries, at, Given(calendar, relatives))
        yield from found
        for one in entries[at : at + length]:
            case = evolve(case, one, process.definition)
        at += length


Found = tuple[list[Illegal], int]


class Given(NamedTuple):
    """What is given besides the entries."""

    calendar: Callable[[str], Calendar]
    relatives: Relatives


def _tried(
    process: Process,
    case: CaseState | None,
    entries: Sequence[Body],
    at: int,
    given: Given,
) -> Found:
    """Take a step; an entry from which none can be taken is a finding, not an error."""
    try:
        return _step(process, case, entries, at, given)
    except RelativeUnknown:
        return [], _length(entries, at)
    except WorkflowError as error:
        return [Illegal(seq=entries[at]["seq"], why="failed", detail=error.code)], 1


def _step(
    process: Process,
    case: CaseState | None,
    entries: Sequence[Body],
    at: int,
    given: Given,
) -> Found:
    entry = entries[at]
    calendar = given.calendar
    world = _world(process, entries, at, given)
    if case is None:
        names = {ref["digest"]: name for name, ref in entry.get("calendars", {}).items()}
        by_name = {name: digest for digest, name in names.items()}
        world = replace(world, calendar=lambda key: calendar(by_name.get(key, key)))
        return _compare(entries, at, decide(process, None, opening_of(process, entry), world))
    if entry["kind"] in CLOCK_KINDS or (entry["kind"] == "case_resumed" and entry["actor"] == CLOCK):
        return _clock(process, case, entries, at, world)
    if entry["kind"] == "child_closed" and entry["child"]["case"] in case.children:
        return _compare(entries, at, decide(process, case, noting_of(entry), world))
    if entry["kind"] == "transition_taken" and entry["actor"].get("id") == PARENT and case.parent:
        on = date.fromisoformat(entry["effective_on"])
        return _compare(entries, at, decide(process, case, CloseWithParent(effective_on=on), world))
    if entry["kind"] in ACT_KINDS:
        return _compare(entries, at, decide(process, case, act_of(process, entry), world))
    if entry["kind"] in COMMAND_KINDS and "trigger" in entry:
        return _command(process, case, entries, at, world)
    return [Illegal(seq=entry["seq"], why="unknown-kind", detail=entry["kind"])], 1


def _command(process: Process, case: CaseState, entries: Sequence[Body], at: int, world: World) -> Found:
    entry = entries[at]
    handler = process.handlers.get(entry["trigger"])
    if handler is None:
        return [Illegal(seq=entry["seq"], why="refused", detail="not-enabled")], 1
    waiting = waiting_values(process, case, handler, entries, at)
    whole = with_documents(handler, entries, at)
    decision = decide(process, case, firing_of(process, case, handler, whole, waiting or {}), world)
    if waiting is None:
        if isinstance(decision, Refusal) and {reason.code for reason in decision.reasons} <= UNKNOWN_VOTE:
            return [], 1
        entries = [*entries[:at], without_values(entry)]
        if isinstance(decision, Decision):
            bare = [without_values(one) if "votes" in one else one for one in decision.entries]
            decision = replace(decision, entries=tuple(bare))
    if isinstance(decision, Decision) and decision.entries[0]["kind"] in CLOCK_KINDS:
        passed = decision.entries[0].get("clocks", ())
        paths = ", ".join(record["path"] for record in passed if record["op"] == "fired")
        return [Illegal(seq=entry["seq"], why="skipped-clock", detail=paths)], 1
    return _compare(entries, at, decision)


def _length(entries: Sequence[Body], at: int) -> int:
    """Return how many entries a step has, as far as they tell by themselves."""
    first, length = entries[at], 1
    for one in entries[at + 1 :]:
        is_more = one["kind"] == "transition_taken" and first["kind"] in ("consent_given", "child_closed")
        is_same = one["actor"] == first["actor"] and "request" not in one
        if one["kind"] not in FOLLOWING_KINDS and not (is_more and is_same):
            break
        length += 1
    return length


def _world(process: Process, entries: Sequence[Body], at: int, given: Given) -> World:
    entry = entries[at]
    opened = (one["child"]["case"] for one in entries[at:] if one["kind"] == "child_opened")
    declared = process.definition.facts
    facts = {
        name: decode(declared[name], value)
        for name, value in entry.get("facts", {}).items()
        if name in declared
    }
    return World(
        now=parse_instant(entry["recorded_at"]),
        calendar=given.calendar,
        relative=lambda case_id: given.relatives(case_id, entry["recorded_at"]),
        new_case=lambda: next(opened, "-"),
        virtual=entry["clock"] == "virtual",
        facts=facts,
        version=entry["engine"]["version"],
    )


# --- clocks -----------------------------------------------------------------------------------------


def _clock(process: Process, case: CaseState, entries: Sequence[Body], at: int, world: World) -> Found:
    entry = entries[at]
    event = pending(process, case)
    if event is None or not _is_due(process, case, entries, at, event):
        return [Illegal(seq=entry["seq"], why="not-due", detail=event.path if event else "-")], 1
    today = day_in_zone(world.now, process.definition.timezone)
    progress = Progress(process, case, world, today)
    take_event(progress, event)
    decision = Decision(entries=tuple(progress.entries), case=progress.case)
    return _compare(entries, at, decision)


def _is_due(process: Process, case: CaseState, entries: Sequence[Body], at: int, event: Ripe) -> bool:
    """Whether the clocks were ripe: by themselves, or for the act that follows in the same breath."""
    recorded_at = entries[at]["recorded_at"]
    if ripe(process, case, recorded_at, None) is not None:
        return True
    following = _following(entries, at, bool(case.children) or case.parent is not None)
    return following is not None and ripe(process, case, recorded_at, following["effective_on"]) is not None


def _following(entries: Sequence[Body], at: int, has_relatives: bool) -> Body | None:
    """Return the act before which a clock was taken: entries of one command are a microsecond apart.

    Where there are relatives, steps of theirs may stand between, each a microsecond too.
    """
    most = FAMILY_STEPS if has_relatives else timedelta(microseconds=1)
    for before, one in pairwise(entries[at:]):
        if parse_instant(one["recorded_at"]) - parse_instant(before["recorded_at"]) > most:
            return None
        if one["kind"] in COMMAND_KINDS | ACT_KINDS and _is_of_people(one):
            return one
    return None


def _is_of_people(entry: Body) -> bool:
    return entry["actor"].get("id") not in (CLOCK["id"], CHILD, PARENT)


# --- comparing ------------------------------------------------------------------------------------------


def _compare(entries: Sequence[Body], at: int, decision: Decision | Refusal) -> Found:
    entry = entries[at]
    if isinstance(decision, Refusal):
        codes = ", ".join(reason.code for reason in decision.reasons)
        return [Illegal(seq=entry["seq"], why="refused", detail=codes)], 1
    found = []
    length = len(decision.entries)
    if at + length > len(entries):
        return [Illegal(seq=entry["seq"], why="differs", detail="an entry is missing")], len(entries) - at
    for recorded, expected in zip(entries[at : at + length], decision.entries, strict=True):
        keys = sorted(
            key for key in {*recorded, *expected} if not _agree(recorded.get(key), expected.get(key))
        )
        if keys:
            found.append(Illegal(seq=recorded["seq"], why="differs", detail=", ".join(keys)))
    return found, length


def _agree(recorded: Any, expected: Any) -> bool:
    """Whether two values are the same; a commitment that cannot be opened agrees with any value."""
    if isinstance(recorded, dict) and recorded.keys() == {"commit"}:
        return isinstance(expected, Personal)
    if isinstance(recorded, dict) and isinstance(expected, dict):
        return recorded.keys() == expected.keys() and all(
            _agree(recorded[key], expected[key]) for key in recorded
        )
    if isinstance(recorded, list) and isinstance(expected, (list, tuple)):
        return len(recorded) == len(expected) and all(map(_agree, recorded, expected))
    return bool(recorded == expected)
