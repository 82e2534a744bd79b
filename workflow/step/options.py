"""What may be done with a case: every trigger here, allowed or refused with the reasons.

Asks the same assessment that ``decide`` acts on; writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from workflow.case import Actor, CaseState, Fire, Reason, Refusal, World
from workflow.chart.process import Process
from workflow.definition import Handler, Rule
from workflow.expressions.guards import EvaluationError
from workflow.step.assessment import assess, scene_before, select
from workflow.step.decide import catch_up
from workflow.step.environment import FactsNeeded
from workflow.step.progress import Progress
from workflow.step.wording import in_words
from workflow.time.deadlines import day_in_zone

ABOUT = "refusal.missing-document.about"
INPUT_CODES = frozenset({"missing-field", "missing-reason", "no-branch", "differing-consent"})
"""Reasons that only say what a caller has still to give, or to give otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A trigger that could be asked for here, and whether this actor may.

    Attributes:
        is_allowed: Whether nothing but inputs is lacking.
        reasons: Why not; empty where allowed.
        unknown: Facts that were not asked and on which the answer depends.
    """

    trigger: str
    handler: Handler
    is_allowed: bool
    reasons: tuple[Reason, ...] = ()
    unknown: tuple[str, ...] = ()


def available(
    process: Process,
    case: CaseState,
    by: Actor,
    world: World,
    *,
    as_role: str | None = None,
    for_party: str | None = None,
) -> tuple[Option, ...]:
    """Return every trigger of the case's states, allowed or refused, after the ripe clocks.

    Writes nothing: the ripe clocks are taken in thought.
    """
    today = day_in_zone(world.now, process.definition.timezone)
    progress = Progress(process, case, world, today)
    catch_up(progress, today)
    if progress.case.closed_at is not None:
        return ()
    spelled = in_words(Fire(trigger="", by=by, as_role=as_role, for_party=for_party))
    options = []
    for path in _offered(progress):
        handler = process.handlers[path]
        if handler.by_child:
            continue
        if isinstance(spelled, Fire):
            options.append(_option(progress, handler, replace(spelled, trigger=path), today))
        elif isinstance(spelled, Refusal):
            options.append(Option(trigger=path, handler=handler, is_allowed=False, reasons=spelled.reasons))
    return tuple(options)


def _offered(progress: Progress) -> tuple[str, ...]:
    """Return the handlers that could be asked for; where a guard reads a fact not asked, by place alone."""
    machine, configuration = progress.process.machine, progress.case.configuration
    try:
        return machine.enabled(configuration, scene_before(progress, progress.today))
    except (FactsNeeded, EvaluationError):
        return machine.enabled(configuration)


def _option(progress: Progress, handler: Handler, command: Fire, today: date) -> Option:
    scene = scene_before(progress, today)
    reasons: tuple[Reason, ...]
    try:
        chosen = select(progress, handler.path, scene)
        if isinstance(chosen, Refusal):
            reasons = chosen.reasons
        else:
            reasons = assess(progress, handler, command, today, scene).reasons
    except FactsNeeded as lacking:
        return Option(trigger=handler.path, handler=handler, is_allowed=False, unknown=lacking.names)
    except EvaluationError as error:
        reasons = (Reason(code="invalid-field", message=error.message),)
    rules = progress.process.definition.rules
    blocking = tuple(reason for reason in reasons if not _is_input(reason, handler, rules))
    return Option(trigger=handler.path, handler=handler, is_allowed=not blocking, reasons=blocking)


def _is_input(reason: Reason, handler: Handler, rules: Mapping[str, Rule]) -> bool:
    """Whether what the caller gives with the command decides on this reason."""
    if reason.code == "missing-document":
        return reason.message.key != ABOUT and all(
            name in handler.attach for name in reason.needs.get("documents", ())
        )
    if reason.code == "rule-failed" and reason.rule is not None:
        check = rules[reason.rule].check
        given = check.fields.intersection((*handler.required, *handler.optional))
        return bool(given) or ("documents" in check.uses and bool(handler.attach))
    return reason.code in INPUT_CODES
