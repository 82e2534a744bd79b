"""Opening a case: the parties, what comes with the proposal, and the first configuration.

Owns the checks that only an opening has; everything else is the assessment and the progress that
every command shares. Called by ``decide``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from workflow.case import CaseState, Decision, Open, Party, Personal, Reason, Refusal, World
from workflow.chart.interpreter import NoBranch
from workflow.chart.process import OPEN, Process
from workflow.definition import Definition, Json
from workflow.locale import Message
from workflow.step.assessment import Assessment, act_keys, make_reason
from workflow.step.authority import Capacity, authorise
from workflow.step.environment import FactsNeeded
from workflow.step.inputs import check_documents, check_rules, read_fields, with_full_names
from workflow.step.progress import Progress
from workflow.time.calendars import Calendar
from workflow.time.deadlines import day_in_zone, instant_text

PARENT = "parent"
"""Id of the actor where another case opens or ends one."""


def open_case(process: Process, command: Open, world: World) -> Decision | Refusal:
    """Decide the opening of a case."""
    definition = process.definition
    if definition.opening.by_parent and command.parent is None:
        # Alone: nothing that people could give would help.
        message = Message("refusal.only-by-parent", {"workflow": definition.workflow})
        return Refusal(reasons=(Reason(code="wrong-role", message=message),), trigger=OPEN)
    today = day_in_zone(world.now, definition.timezone)
    effective_on = command.effective_on or today
    calendars = {name: world.calendar(name) for name in definition.calendars}
    seed = _seed(definition, command, calendars, instant_text(world.now), effective_on)
    progress = Progress(process, seed, world, today)
    command = with_full_names(process.opening, command)
    assessment = _assess(progress, command, effective_on)
    if assessment.reasons:
        return Refusal(reasons=assessment.reasons, trigger=OPEN)
    keys = act_keys(progress, command, assessment)
    keys["number"] = command.number
    if command.parent is not None:
        keys["parent"] = dict(command.parent)
    if command.parties:
        keys["parties"] = [_party(party) for party in command.parties]
    if seed.calendars:
        keys["calendars"] = dict(seed.calendars)
    taken = progress.take(
        "case_opened",
        OPEN,
        assessment.scene,
        effective_on,
        keys,
        inputs=assessment.inputs.values,
        documents=command.documents,
        basis=definition.opening.basis,
    )
    if isinstance(taken, NoBranch):
        return Refusal(reasons=(make_reason("no-branch", {"trigger": "open", "fields": "-"}),), trigger=OPEN)
    return progress.decision()


def _seed(
    definition: Definition, command: Open, calendars: Mapping[str, Calendar], now: str, effective_on: date
) -> CaseState:
    """The case before its first entry: nothing but what it is opened with."""
    return CaseState(
        tenant=command.tenant,
        id=command.case_id,
        number=command.number,
        workflow=definition.workflow,
        version=definition.version,
        digest=definition.digest,
        parties=tuple({"id": party.id, "side": party.side} for party in command.parties),
        configuration=(),
        calendars={
            name: {"version": calendar.version, "digest": calendar.digest}
            for name, calendar in calendars.items()
        },
        revision=0,
        seq=0,
        recorded_at="",
        stepped_on=effective_on.isoformat(),
        opened_at=now,
        parent=command.parent,
    )


def _party(party: Party) -> dict[str, Any]:
    body: dict[str, Any] = {"id": party.id, "side": party.side}
    if party.name is not None:
        body["name"] = Personal(party.name)
    return body


def _assess(progress: Progress, command: Open, effective_on: date) -> Assessment:
    process, case = progress.process, progress.case
    definition, handler = process.definition, process.opening
    reasons = _check_parties(definition, command.parties)
    if effective_on > progress.today and command.parent is None:
        params = {"on": effective_on.isoformat(), "today": progress.today.isoformat(), "last": "-"}
        reasons.append(make_reason("effective-in-future", params))
    reasons.extend(_in_force(definition, effective_on))
    found = _authority(progress, command, effective_on)
    capacity = None if isinstance(found, Reason) else found
    if isinstance(found, Reason):
        reasons.append(found)
    inputs = read_fields(
        definition,
        handler,
        command.fields,
        party=capacity.party if capacity else command.by.party,
        parties=case.parties,
        reasons=reasons,
    )
    papers = handler
    if command.parent is not None:  # what the parent hands over need not be what people attach here
        papers = replace(
            handler, attach=tuple(dict.fromkeys((*handler.attach, *_known(definition, command))))
        )
    reasons.extend(check_documents(definition, papers, None, command.documents, command.media))
    scene = progress.scene(values=case.fields, documents=(), today=effective_on)
    scene.given(
        values=inputs.merged(case.fields),
        documents=command.documents,
        today=effective_on,
        role=capacity.role if capacity else command.as_role,
        mandate=capacity.mandate if capacity else None,
        inputs=inputs.values,
    )
    if missing := [name for name in handler.facts if name not in progress.world.facts]:
        raise FactsNeeded(missing)
    rules, failed = check_rules(definition, handler, scene, command.fields)
    reasons.extend(failed)
    return Assessment(
        handler=handler,
        effective_on=effective_on,
        reasons=tuple(reasons),
        capacity=capacity,
        inputs=inputs,
        scene=scene,
        rules=tuple(rules),
    )


def _authority(progress: Progress, command: Open, effective_on: date) -> Capacity | Reason:
    definition = progress.process.definition
    if command.parent is None:
        return authorise(
            definition,
            progress.case.parties,
            definition.opening.by,
            command.by,
            command.as_role,
            command.for_party,
            effective_on,
        )
    if not definition.opening.by_parent:
        message = Message("refusal.not-by-parent", {"workflow": definition.workflow})
        return Reason(code="wrong-role", message=message)
    return Capacity(role=PARENT, party=None, entry={"id": PARENT, "case": command.parent["case"]})


def _known(definition: Definition, command: Open) -> list[str]:
    """Return the documents handed over that the definition knows."""
    return [name for name in command.documents if name in definition.documents]


def _check_parties(definition: Definition, parties: tuple[Party, ...]) -> list[Reason]:
    ids = [party.id for party in parties]
    reasons = [_wrong_party("refusal.wrong-party.id", {"party": one}) for one in ids if not _is_id(one)]
    doubled = sorted({one for one in ids if ids.count(one) > 1})
    reasons += [_wrong_party("refusal.wrong-party.twice", {"party": one}) for one in doubled]
    params: dict[str, Any]
    for party in parties:
        if party.side not in definition.sides:
            sides = ", ".join(definition.sides) or "-"
            params = {"party": party.id, "side": party.side, "sides": sides}
            reasons.append(_wrong_party("refusal.wrong-party.side", params))
    for side in definition.sides.values():
        size = sum(party.side == side.name for party in parties)
        if size < side.min or (side.max is not None and size > side.max):
            upper = "" if side.max is None else f"–{side.max}" if side.max != side.min else ""
            bounds = f"{side.min}{upper}" if side.max is not None else f"≥ {side.min}"
            params = {"side": side.name, "size": size, "bounds": bounds}
            reasons.append(_wrong_party("refusal.wrong-party.count", params))
    return reasons


def _is_id(text: str) -> bool:
    """Whether a party can be known by it: history's keys are ASCII."""
    return text.isascii() and text.isprintable() and bool(text.strip())


def _wrong_party(key: str, params: dict[str, Any]) -> Reason:
    needs: dict[str, Json] = {"side": params.get("side")}
    return Reason(code="wrong-party", message=Message(key, params), needs=needs)


def _in_force(definition: Definition, on: date) -> list[Reason]:
    start, end = definition.in_force_from, definition.in_force_until
    if (start is None or on >= start) and (end is None or on <= end):
        return []
    params = {
        "workflow": definition.workflow,
        "on": on.isoformat(),
        "from": start.isoformat() if start else "…",
        "until": end.isoformat() if end else "…",
    }
    return [Reason(code="not-enabled", message=Message("refusal.not-in-force", params))]
