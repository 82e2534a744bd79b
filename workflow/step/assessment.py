"""A command held against a handler: who asks, what comes with it, what speaks against it.

Owns the selection of a handler and the gathering of every reason for a "no"; it writes nothing.
``decide`` acts on an assessment without reasons, `workflow.step.options` shows the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from workflow.case import Body, CaseAct, CaseState, Fire, Open, Personal, Reason, Refusal
from workflow.definition import Act, Handler, Opens
from workflow.expressions.guards import encode
from workflow.locale import Message
from workflow.step import consent
from workflow.step.authority import Capacity, authorise, same_person
from workflow.step.environment import FactsNeeded, Scene
from workflow.step.inputs import Inputs, check_documents, check_rules, read_fields
from workflow.step.kin import count_opened, numbers, open_children
from workflow.step.progress import Progress
from workflow.time.deadlines import day_in_zone, parse_instant


class Assessment(NamedTuple):
    """A handler held against a command: everything that ``_act`` needs, or the reasons why not."""

    handler: Handler
    effective_on: date
    reasons: tuple[Reason, ...]
    capacity: Capacity | None
    inputs: Inputs
    scene: Scene
    rules: tuple[dict[str, Any], ...]


def standing(progress: Progress, command: Fire | CaseAct, effective_on: date, trigger: str) -> Refusal | None:
    """Refuse what no handler could accept: a closed case, a stale caller, a day that cannot be."""
    case = progress.case
    if case.closed_at is not None:
        params: dict[str, Any] = {
            "number": case.number,
            "outcome": case.outcome or "-",
            "closed_on": day_in_zone(
                parse_instant(case.closed_at), progress.process.definition.timezone
            ).isoformat(),
        }
        return _no("case-closed", params, trigger)
    if command.expect is not None and command.expect != case.revision:
        params = {"expected": command.expect, "revision": case.revision}
        return _no("stale-case", params, trigger)
    if case.suspension is not None and isinstance(command, Fire):
        return _no("case-suspended", {"since": case.suspension["from"]}, trigger)
    reason = effective_reason(case, effective_on, progress.today)
    return Refusal(reasons=(reason,), trigger=trigger) if reason else None


def effective_reason(case: CaseState, effective_on: date, today: date) -> Reason | None:
    """Say why an act cannot have happened on ``effective_on``."""
    on, last = effective_on.isoformat(), case.stepped_on
    if effective_on > today:
        code = "effective-in-future"
    elif case.clock_acted_on is not None and on <= case.clock_acted_on:
        code, last = "clock-already-acted", case.clock_acted_on
    elif on < last:
        code = "effective-before-last-step"
    else:
        return None
    return make_reason(code, {"on": on, "today": today.isoformat(), "last": last})


def make_reason(key: str, params: dict[str, Any], code: str | None = None) -> Reason:
    """Return the reason with the text ``key``, which is its code where none is given."""
    return Reason(code=code or key, message=Message(f"refusal.{key}", params))


def _no(code: str, params: dict[str, Any], trigger: str) -> Refusal:
    return Refusal(reasons=(make_reason(code, params),), trigger=trigger)


def scene_before(progress: Progress, effective_on: date) -> Scene:
    """Return the scene in which a handler is selected: the case before the command, on its day."""
    case = progress.case
    return progress.scene(values=case.fields, documents=case.documents, today=effective_on)


def select(progress: Progress, trigger: str, scene: Scene) -> Handler | Refusal:
    """Select the handler that ``trigger``, a bare name or a path, asks for in this configuration."""
    process, case = progress.process, progress.case
    name = trigger.rpartition(".")[2]
    edges = process.machine.select(case.configuration, name, scene)
    if trigger in edges:
        edges = (trigger,)
    elif "." in trigger:
        edges = tuple(edge for edge in edges if edge.endswith(f".{trigger}"))
    if len(edges) == 1:
        return process.handlers[edges[0]]
    askable = [process.handlers[edge] for edge in process.machine.enabled(case.configuration)]
    here = sorted(handler.name for handler in askable if not handler.by_child)
    params: dict[str, Any] = {
        "trigger": trigger,
        "state": " | ".join(case.configuration),
        "paths": ", ".join(edges),
        "here": ", ".join(here) or "-",
    }
    if edges:
        reason = Reason(
            code="ambiguous-trigger",
            message=Message("refusal.ambiguous-trigger", params),
            needs={"trigger": list(edges)},
        )
        return Refusal(reasons=(reason,), trigger=trigger)
    # What stands here by that name and was not selected has a condition that does not hold.
    guarded = [handler for handler in askable if handler.name == name and handler.when is not None]
    if guarded:
        return Refusal(reasons=(_condition(progress, guarded, scene, params),), trigger=trigger)
    elsewhere = [handler.state for handler in process.handlers.values() if handler.name == name]
    params["elsewhere"] = ", ".join(elsewhere)
    key = "refusal.not-enabled" + (".elsewhere" if elsewhere else "")
    needs = {"state": elsewhere, "trigger": here}
    reason = Reason(code="not-enabled", message=Message(key, params), needs=needs)
    return Refusal(reasons=(reason,), trigger=trigger)


def _condition(
    progress: Progress, guarded: Sequence[Handler], scene: Scene, params: dict[str, Any]
) -> Reason:
    """Say which conditions do not hold, and the values that they read."""
    conditions = [handler.when for handler in guarded if handler.when is not None]
    declared = progress.process.definition.fields
    read = sorted({name for one in conditions for name in one.fields if not declared[name].personal})
    others = [one for one in params["here"].split(", ") if one != guarded[0].name]
    params |= {"when": "; ".join(one.normal for one in conditions), "here": ", ".join(others) or "-"}
    return Reason(
        code="not-enabled",
        message=Message("refusal.not-enabled.condition", params),
        values={name: scene.values[name] for name in read if name in scene.values},
        needs={"trigger": others},
    )


def assess(
    progress: Progress, handler: Handler, command: Fire, effective_on: date, scene: Scene
) -> Assessment:
    """Hold a handler against a command, and collect every reason that speaks against it.

    Args:
        scene: The one in which the handler was selected; the command's inputs are put over it.
    """
    process, case = progress.process, progress.case
    definition = process.definition
    reasons: list[Reason] = []
    capacity = _authority(progress, handler, command, effective_on, reasons)
    party = capacity.party if capacity else (command.for_party or command.by.party)
    inputs = read_fields(
        definition, handler, command.fields, party=party, parties=case.parties, reasons=reasons
    )
    reasons.extend(_documents(progress, handler, command))
    if handler.reason_required and not (command.reason or "").strip():
        reasons.append(make_reason("missing-reason", {"trigger": handler.title or handler.name}))
    documents = case.documents
    if command.documents:
        documents = {**case.documents, **command.documents}
    scene.given(
        values=inputs.merged(case.fields),
        documents=documents,
        today=effective_on,
        role=capacity.role if capacity else command.as_role,
        mandate=capacity.mandate if capacity else None,
        inputs=inputs.values,
    )
    rules, failed = check_rules(definition, handler, scene, command.fields)
    reasons.extend(failed)
    if handler.consent_path is not None and capacity is not None:
        carrier = process.handlers[handler.consent_path]
        reasons.extend(consent.check_vote(definition, case, carrier, handler.act, capacity, inputs))
    if handler.opens is not None and (full := too_many_children(progress, handler.opens)):
        reasons.append(full)
    if missing := [name for name in handler.facts if name not in progress.world.facts]:
        raise FactsNeeded(missing)
    return Assessment(
        handler=handler,
        effective_on=effective_on,
        reasons=tuple(reasons),
        capacity=capacity,
        inputs=inputs,
        scene=scene,
        rules=tuple(rules),
    )


def too_many_children(progress: Progress, opens: Opens) -> Reason | None:
    """Refuse what would leave more children of a relation open than there may be."""
    relation = progress.process.definition.children[opens.child]
    if relation.max is None or count_opened(progress.case, opens) <= relation.max:
        return None
    there = [one for one, _ in open_children(progress.case, opens.child)]
    params = {"name": opens.child, "most": relation.max, "children": _numbers(progress, there) or "-"}
    return _child_open("child-open.max", params, there, relation.basis)


def children_open(progress: Progress, children: tuple[str, ...]) -> Reason:
    """Say that a case cannot end while these children go on."""
    params = {"number": progress.case.number, "children": _numbers(progress, children)}
    return _child_open("child-open", params, children, ())


def _child_open(key: str, params: dict[str, Any], children: Sequence[str], basis: tuple[str, ...]) -> Reason:
    return Reason(
        code="child-open",
        message=Message(f"refusal.{key}", params),
        basis=basis,
        needs={"children": list(children)},
    )


def _numbers(progress: Progress, children: Sequence[str]) -> str:
    return numbers(children, progress.world.relative)


def _authority(
    progress: Progress, handler: Handler, command: Fire, effective_on: date, reasons: list[Reason]
) -> Capacity | None:
    if handler.by_child:
        reasons.append(make_reason("wrong-role", {"actor": command.by.id, "needed": "child", "held": "-"}))
        return None
    case = progress.case
    found = authorise(
        progress.process.definition,
        case.parties,
        handler.by,
        command.by,
        command.as_role,
        command.for_party,
        effective_on,
    )
    if isinstance(found, Reason):
        reasons.append(found)
        return None
    if same := same_person(progress.process.definition, case, handler, found):
        reasons.append(same)
    return found


def _documents(progress: Progress, handler: Handler, command: Fire) -> list[Reason]:
    definition, case = progress.process.definition, progress.case
    if handler.act is not Act.YES:
        return check_documents(definition, handler, case, command.documents, command.media)
    last = consent.is_reached(definition, case, handler, more=1)
    reasons = check_documents(definition, handler, case, command.documents, command.media, attachments=last)
    if not last and command.documents:
        params = {"documents": ", ".join(command.documents)}
        message = Message("refusal.document-too-early", params)
        reasons.append(Reason(code="missing-document", message=message))
    return reasons


def act_keys(progress: Progress, command: Fire | Open, assessment: Assessment) -> Body:
    """Return what every entry of a command says of it: who, why, and on which grounds."""
    keys: Body = {"actor": assessment.capacity.entry if assessment.capacity else {"id": command.by.id}}
    if isinstance(command, Fire):
        keys["trigger"] = assessment.handler.path
    if command.request_id:
        keys["request"] = command.request_id
    if assessment.handler.facts:
        definition, facts = progress.process.definition, progress.world.facts
        keys["facts"] = {
            name: encode(definition.facts[name], facts[name]) for name in assessment.handler.facts
        }
    if assessment.rules:
        keys["rules"] = list(assessment.rules)
    if command.comment:
        keys["comment"] = Personal(command.comment)
    if command.reason:
        keys["reason"] = Personal(command.reason)
    return keys
