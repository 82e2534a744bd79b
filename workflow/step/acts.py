"""Acts on a case that are no transitions: suspension, resumption, extension, correction, attachment.

Owns what each of them checks and writes. None moves the statechart. Each rests on a key of the
definition; without it nobody may. Called by ``decide``, after the ripe clocks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from workflow.case import (
    Attach,
    Body,
    CaseAct,
    Correct,
    Decision,
    Extend,
    Personal,
    Reason,
    Refusal,
    Resume,
    Suspend,
)
from workflow.definition import Definition, Handler, Power
from workflow.durations import Duration
from workflow.locale import Message
from workflow.step.assessment import make_reason, standing
from workflow.step.authority import Capacity, authorise
from workflow.step.clocks import (
    clock_record,
    clock_records,
    obligation_records,
    occurrence_due,
    occurrence_record,
    skipped,
    stands_still,
    turned,
)
from workflow.step.environment import Scene
from workflow.step.inputs import check_documents, invalid, read_fields
from workflow.step.progress import CLOCK, Progress
from workflow.time.deadlines import count, later, recount, stood_still


def perform(progress: Progress, command: CaseAct, effective_on: date) -> Decision | Refusal:
    """Decide an act that is no transition."""
    name, act = _ACTS[type(command)]
    refusal = standing(progress, command, effective_on, f"@{name}")
    if refusal is not None:
        return refusal
    power = _powers(progress.process.definition)[name]
    if power is None:
        reason = make_reason("no-power", {"act": Message(f"act.{name}"), "key": _KEYS[name]}, "not-enabled")
        return Refusal(reasons=(reason,), trigger=f"@{name}")
    reasons: list[Reason] = []
    found = authorise(
        progress.process.definition,
        progress.case.parties,
        power.by,
        command.by,
        command.as_role,
        command.for_party,
        effective_on,
    )
    if isinstance(found, Reason):
        reasons.append(found)
    if power.reason_required and not command.reason:
        reasons.append(make_reason("missing-reason", {"trigger": name}))
    keys = _said(command, found if isinstance(found, Capacity) else None, power)
    act(progress, command, power, effective_on, keys, reasons)
    if reasons:
        return Refusal(reasons=tuple(reasons), trigger=f"@{name}")
    return Decision(entries=tuple(progress.entries), case=progress.case)


def allowed(definition: Definition) -> tuple[str, ...]:
    """Return the names of the acts that a definition lets somebody do."""
    return tuple(name for name, power in _powers(definition).items() if power is not None)


def _powers(definition: Definition) -> Mapping[str, Power | None]:
    return {
        "suspend": definition.suspension,
        "resume": definition.suspension,
        "extend": definition.extension,
        "correct": definition.correction,
        "attach": definition.attachment,
    }


def _said(command: CaseAct, capacity: Capacity | None, power: Power) -> Body:
    keys: Body = {"actor": capacity.entry if capacity else {"id": command.by.id}}
    if command.request_id:
        keys["request"] = command.request_id
    if command.comment:
        keys["comment"] = Personal(command.comment)
    if command.reason:
        keys["reason"] = Personal(command.reason)
    if power.basis:
        keys["basis"] = list(power.basis)
    return keys


# --- suspension ---------------------------------------------------------------------------------------


def _suspend(
    progress: Progress, command: Any, power: Power, on: date, keys: Body, reasons: list[Reason]
) -> None:
    case = progress.case
    if case.suspension is not None:
        reasons.append(make_reason("case-suspended", {"since": case.suspension["from"]}))
    if power.max_total is not None and case.suspended_days >= power.max_total.n:
        params = {"days": case.suspended_days, "most": str(power.max_total)}
        reasons.append(make_reason("suspension-spent", params, "not-enabled"))
    if reasons:
        return
    clocks = [
        {"op": "suspended", "path": path}
        for path, clock in case.clocks.items()
        if clock["status"] == "running" and stands_still(progress.process.deadlines[path])
    ]
    keys["suspension"] = {"from": on.isoformat()}
    if clocks:
        keys["clocks"] = clocks
    progress.write("case_suspended", on, keys, revise=True)


def _resume(
    progress: Progress, command: Any, power: Power, on: date, keys: Body, reasons: list[Reason]
) -> None:
    if progress.case.suspension is None:
        reasons.append(make_reason("not-suspended", {}, "not-enabled"))
    if not reasons:
        resume(progress, on, keys)


def resume(progress: Progress, on: date, keys: Body) -> None:
    """Write that the case goes on, and by how much what stood still is due later."""
    case = progress.case
    span = case.suspension or {"from": on.isoformat()}
    since = date.fromisoformat(span["from"])
    keys["suspension"] = {"from": span["from"], "until": on.isoformat()}
    clocks = []
    for path, clock in case.clocks.items():
        if clock["status"] == "suspended":
            deadline = progress.process.deadlines[path]
            calendar = progress.calendars[deadline.calendar]
            base = recount({**clock, "suspended": 0}, calendar)
            still = clock.get("suspended", 0) + stood_still(base, _began(clock, since), on)
            clocks.append(clock_record("resumed", deadline, later(base, still)))
    if clocks:
        keys["clocks"] = clocks
    if duties := _resumed_duties(progress, since, on):
        keys["obligations"] = duties
    progress.write("case_resumed", on, keys, revise=True)


def _began(clock: Mapping[str, Any], suspended_on: date) -> date:
    """Return from when a clock stood still: from the suspension on, or from its own later beginning."""
    if "since" not in clock or clock.get("extensions"):
        return suspended_on
    return max(suspended_on, date.fromisoformat(clock["since"]))


def _resumed_duties(progress: Progress, since: date, on: date) -> list[Body]:
    """Occurrences that fell into the suspension never open; what was open is due as much later."""
    records: list[Body] = []
    case = progress.case
    for path, duty in case.obligations.items():
        obligation = progress.process.obligations[path]
        for one in duty["open"]:
            if not one["overdue"]:
                occurrence = date.fromisoformat(one["occurrence"])
                counted = occurrence_due(obligation, occurrence, progress.calendars)
                due = replace(counted, due_on=date.fromisoformat(one["due_on"]))  # after earlier suspensions
                moved = later(due, stood_still(due, max(since, occurrence), on))
                records.append(occurrence_record("moved", path, one["occurrence"], moved))
        records += list(skipped(obligation, case, duty, on))
    return records


def resume_by_clock(progress: Progress, on: date) -> None:
    """End a suspension that has lasted as long as it may."""
    keys: Body = {"actor": CLOCK}
    power = progress.process.definition.suspension
    if power is not None and power.basis:
        keys["basis"] = list(power.basis)
    resume(progress, on, keys)


# --- extension ------------------------------------------------------------------------------------------


def _extend(
    progress: Progress, command: Any, power: Power, on: date, keys: Body, reasons: list[Reason]
) -> None:
    case = progress.case
    running = [path for path, clock in case.clocks.items() if clock["status"] in ("running", "suspended")]
    named = [
        path
        for path in running
        if path in power.of and (path == command.deadline or path.endswith(f".{command.deadline}"))
    ]
    if len(named) != 1:
        possible = ", ".join(path for path in running if path in power.of) or "-"
        params = {"deadline": command.deadline, "possible": possible}
        reasons.append(make_reason("not-extensible", params, "not-enabled"))
        return
    deadline, clock = progress.process.deadlines[named[0]], case.clocks[named[0]]
    given = [Duration.from_json(one) for one in clock.get("extensions", ())]
    most = power.max_total
    if command.within.n < 1 or (most is not None and not _fits([*given, command.within], most)):
        params = {"deadline": named[0], "most": str(most), "given": ", ".join(map(str, given)) or "-"}
        reasons.append(make_reason("extension-too-long", params, "rule-failed"))
    if reasons:
        return
    due = count(
        since=date.fromisoformat(clock["due_on"]),
        within=command.within,
        roll=deadline.roll,
        hold=deadline.hold,
        zone=deadline.zone,
        calendar=progress.calendars[deadline.calendar],
    )
    keys["clocks"] = [clock_record("extended", deadline, due)]
    progress.write("deadline_extended", on, keys, revise=False)


def _fits(given: list[Duration], most: Duration) -> bool:
    """Whether durations of one unit with ``most`` add up to no more; another unit never fits."""
    return all(one.unit is most.unit for one in given) and sum(one.n for one in given) <= most.n


# --- correction and attachment -----------------------------------------------------------------------------


def _correct(
    progress: Progress, command: Any, power: Power, on: date, keys: Body, reasons: list[Reason]
) -> None:
    case, definition = progress.case, progress.process.definition
    handler = Handler(path="@correct", name="correct", state="", optional=power.fields)
    inputs = read_fields(
        definition, handler, command.fields, party=command.by.party, parties=case.parties, reasons=reasons
    )
    scene = progress.scene(values=inputs.merged(case.fields), documents=case.documents, today=on)
    changes = progress.changes(case.fields, scene.values, inputs.values)
    # What every way to a state gives is read there without asking, so nothing may take it away again.
    for name, value in inputs.values.items():
        declared = definition.fields[name]
        if value is None and name in case.fields and not (declared.personal or declared.many):
            reasons.append(invalid(declared, Message("refusal.invalid-field.emptied", {})))
    if not changes and not reasons:
        params = {"allowed": ", ".join(power.fields)}
        reasons.append(make_reason("nothing-corrected", params, "missing-field"))
    if reasons:
        return
    keys["changes"] = changes
    _move(progress, keys, scene, on, changed=changes)
    progress.write("fields_corrected", on, keys, revise=True)


def _move(
    progress: Progress, keys: Body, scene: Scene, on: date, *, changed: Body, turned: tuple[str, ...] = ()
) -> None:
    """Add what an act means for the clocks and duties of the states that stay active."""
    process, case = progress.process, progress.case
    active = process.active(case.configuration)
    clocks = clock_records(
        process,
        case,
        scene,
        progress.calendars,
        exited=(),
        entered=(),
        active=active,
        effective_on=on,
        changed=changed,
        turned=turned,
    )
    if clocks:
        keys["clocks"] = clocks
    duties = obligation_records(
        process,
        case,
        scene,
        exited=(),
        entered=(),
        active=active,
        effective_on=on,
        changed=changed,
        turned=turned,
    )
    if duties:
        keys["obligations"] = duties


def _attach(
    progress: Progress, command: Any, power: Power, on: date, keys: Body, reasons: list[Reason]
) -> None:
    definition, case = progress.process.definition, progress.case
    handler = Handler(path="@attach", name="attach", state="", attach=power.documents)
    reasons += check_documents(definition, handler, case, command.documents, command.media, attachments=False)
    if not any(command.documents.values()) and not reasons:
        params = {"allowed": ", ".join(power.documents)}
        reasons.append(make_reason("nothing-attached", params, "missing-document"))
    if reasons:
        return
    keys["documents"] = {name: list(digests) for name, digests in command.documents.items()}
    if progress.process.conditions:
        before = progress.scene(values=case.fields, documents=case.documents, today=on)
        after = progress.scene(values=case.fields, documents={*case.documents, *command.documents}, today=on)
        turning = turned(progress.process, before, after)
        _move(progress, keys, after, on, changed={}, turned=turning)
    progress.write("document_attached", on, keys, revise=True)
    progress.void_votes((), on)


_ACTS: dict[type[CaseAct], tuple[str, Callable[..., None]]] = {
    Suspend: ("suspend", _suspend),
    Resume: ("resume", _resume),
    Extend: ("extend", _extend),
    Correct: ("correct", _correct),
    Attach: ("attach", _attach),
}
ACTS: Mapping[str, type[CaseAct]] = {name: command for command, (name, _) in _ACTS.items()}
"""Name of an act → its command."""

_KEYS = {
    "suspend": "suspension",
    "resume": "suspension",
    "extend": "extension",
    "correct": "correction",
    "attach": "attachment",
}
