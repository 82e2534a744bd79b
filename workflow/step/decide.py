"""``decide``: what a command does to a case, or why it does not.

The one pure decision function. Executing, "what may I do", "why not", replay of recorded history
and simulation are all this function over the same inputs. A refusal is data and changes nothing; a
decision carries the drafts of the entries and the case after them.

The order of a command: the ripe clocks of the case first, then the command itself, on the case that
they left. A handler is selected by state and ``when`` alone; everything else only refuses.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from workflow.case import (
    Body,
    CaseAct,
    CaseState,
    CloseWithParent,
    Command,
    Decision,
    Fire,
    NoteChildClosed,
    Open,
    Reason,
    Refusal,
    Tick,
    World,
)
from workflow.chart.interpreter import NoBranch
from workflow.chart.process import Process, clock_edge, refused_edge
from workflow.definition import Act, Handler
from workflow.errors import WorkflowError
from workflow.expressions.guards import EvaluationError
from workflow.expressions.values import InvalidValue
from workflow.locale import Message
from workflow.step import consent
from workflow.step.acts import perform, resume_by_clock
from workflow.step.assessment import (
    Assessment,
    act_keys,
    assess,
    children_open,
    scene_before,
    select,
    standing,
)
from workflow.step.clocks import Ripe, occurrence_due, occurrence_record, ripe
from workflow.step.inputs import with_full_names
from workflow.step.offspring import close_with_parent, note_child_closed
from workflow.step.opening import open_case
from workflow.step.progress import CLOCK, ChildrenOpen, Progress
from workflow.step.wording import in_words
from workflow.texts import refusals as _refusals  # noqa: F401 - registers the texts
from workflow.time.deadlines import day_in_zone

CATCH_UP_LIMIT = 10_000
"""Clocks and occurrences taken before one command; more means a definition that never rests."""


class Restless(WorkflowError):
    """The clocks of a case start each other without end."""

    code = "restless-clocks"

    def __init__(self, number: str) -> None:
        super().__init__(f"more than {CATCH_UP_LIMIT} clocks of case {number} are due at once")


class ClockFailed(WorkflowError):
    """A guard or ``set`` has no value where a clock of the case takes its branch."""

    code = "clock-failed"

    def __init__(self, path: str, why: Message) -> None:
        super().__init__(f"the clock {path} cannot act: {why}")
        self.path = path


class ConsequenceFailed(ClockFailed):
    """A guard or ``set`` has no value where the end of a child moves the case."""

    code = "consequence-failed"


def decide(process: Process, case: CaseState | None, command: Command, world: World) -> Decision | Refusal:
    """Decide a command on a case.

    Args:
        process: The definition of the case, made ready.
        case: The snapshot; ``None`` to open one.
        command: What is asked.
        world: What may be known besides: the instant, calendars, facts.

    Returns:
        The entries to write, in order (none where a `Tick` finds nothing ripe), or the refusal with
        every reason.

    Raises:
        FactsNeeded: A guard or rule reads a fact that ``world`` lacks.
        Restless: Clocks start each other without end; `Runaway`: the statechart does not come to rest.
        ClockFailed: What a clock brings about has no value; nobody's command is to blame.
    """
    if isinstance(command, (NoteChildClosed, CloseWithParent)):
        return _follow(process, case, command, world)
    if not isinstance(command, Tick):
        spelled = in_words(command)
        if isinstance(spelled, Refusal):
            return spelled
        command = spelled
    try:
        return _decide(process, case, command, world)
    except (EvaluationError, InvalidValue) as error:
        # A guard, rule or `set` has no value for what this person gave.
        reason = Reason(code="invalid-field", message=error.message)
        return Refusal(reasons=(reason,), trigger=command.trigger if isinstance(command, Fire) else None)


def _decide(
    process: Process, case: CaseState | None, command: Open | Fire | Tick | CaseAct, world: World
) -> Decision | Refusal:
    if isinstance(command, Open):
        return open_case(process, command, world)
    if case is None:
        raise ValueError("a command on a case needs the case")
    today = day_in_zone(world.now, process.definition.timezone)
    progress = Progress(process, case, world, today)
    if isinstance(command, Fire):  # nearly all are
        return _fire(progress, command)
    if isinstance(command, Tick):
        catch_up(progress, None)
        return progress.decision()
    effective_on = command.effective_on or today
    if effective_on <= today:
        catch_up(progress, effective_on)
    return perform(progress, command, effective_on)


def _follow(
    process: Process, case: CaseState | None, command: NoteChildClosed | CloseWithParent, world: World
) -> Decision | Refusal:
    """Decide what follows for a case from the end of a relative; the family's ripe clocks were taken."""
    if case is None:
        raise ValueError("a command on a case needs the case")
    progress = Progress(process, case, world, day_in_zone(world.now, process.definition.timezone))
    if isinstance(command, CloseWithParent):
        return close_with_parent(progress, command)
    try:
        return note_child_closed(progress, command)
    except (EvaluationError, InvalidValue) as error:
        raise ConsequenceFailed(command.child, error.message) from error


def catch_up(progress: Progress, effective_on: date | None) -> None:
    """Take what is ripe, one after the other, before an act effective on ``effective_on``."""
    on = effective_on.isoformat() if effective_on is not None else None
    for _ in range(CATCH_UP_LIMIT):
        event = ripe(progress.process, progress.case, progress.now, on)
        if event is None:
            return
        take_event(progress, event)
    raise Restless(progress.case.number)


def take_event(progress: Progress, event: Ripe) -> None:
    """Take one clock or occurrence, effective on its day, recorded now."""
    try:
        _TAKE[event.what](progress, event)
    except (EvaluationError, InvalidValue) as error:
        raise ClockFailed(event.path, error.message) from error


def _take_clock(progress: Progress, event: Ripe) -> None:
    deadline = progress.process.deadlines[event.path]
    on = date.fromisoformat(event.on)
    keys: Body = {"actor": CLOCK}
    if deadline.silence_of is not None:
        keys["trigger"] = deadline.silence_of  # it speaks for those who stayed silent: their votes are spent
    if deadline.then is not None:
        scene = progress.scene(
            values=progress.case.fields, documents=progress.case.documents, today=on, role=None
        )
        taken = progress.take(
            "clock_fired",
            clock_edge(event.path),
            scene,
            on,
            keys,
            basis=deadline.then_basis or deadline.basis,
            decided=deadline.decided,
            emit=deadline.emit,
            fired=event.path,
        )
        if taken is None:
            return
    keys["clocks"] = [{"op": "fired", "path": event.path, "due_on": event.on}]
    if deadline.basis:
        keys["basis"] = list(deadline.basis)
    progress.write("deadline_expired", on, keys, revise=False)


def _open_occurrence(progress: Progress, event: Ripe) -> None:
    on = date.fromisoformat(event.on)
    due = occurrence_due(progress.process.obligations[event.path], on, progress.calendars)
    record = occurrence_record("opened", event.path, event.on, due)
    progress.duty_entry("obligation_opened", on, record)


def _mark_overdue(progress: Progress, event: Ripe) -> None:
    record = occurrence_record("overdue", event.path, str(event.occurrence))
    on = date.fromisoformat(event.on)
    progress.duty_entry("obligation_overdue", on, record)


def _resume(progress: Progress, event: Ripe) -> None:
    resume_by_clock(progress, date.fromisoformat(event.on))


_TAKE = {"resume": _resume, "clock": _take_clock, "occurrence": _open_occurrence, "overdue": _mark_overdue}


# --- a transition is asked for ------------------------------------------------------------------------


def _fire(progress: Progress, command: Fire) -> Decision | Refusal:
    effective_on = command.effective_on or progress.today
    if effective_on <= progress.today:
        catch_up(progress, effective_on)
    refusal = standing(progress, command, effective_on, command.trigger)
    if refusal is not None:
        return refusal
    scene = scene_before(progress, effective_on)
    handler = select(progress, command.trigger, scene)
    if isinstance(handler, Refusal):
        return handler
    command = with_full_names(handler, command)
    assessment = assess(progress, handler, command, effective_on, scene)
    if assessment.reasons:
        return Refusal(reasons=assessment.reasons, trigger=handler.path)
    reason = _act(progress, command, assessment)
    if reason is not None:
        return Refusal(reasons=(reason,), trigger=handler.path)
    return progress.decision()


def _act(progress: Progress, command: Fire, assessment: Assessment) -> Reason | None:
    """Write what the assessed command does; the reason where no branch is true."""
    handler = assessment.handler
    if handler.act is Act.TAKE:
        keys = act_keys(progress, command, assessment)
        return _transition(progress, command, assessment, keys, handler.path, assessment.inputs.values)
    return _vote(progress, command, assessment)


def _transition(
    progress: Progress,
    command: Fire,
    assessment: Assessment,
    keys: Body,
    edge: str,
    inputs: Any,
) -> Reason | None:
    handler = assessment.handler
    taken = progress.take(
        "transition_taken",
        edge,
        assessment.scene,
        assessment.effective_on,
        keys,
        inputs=inputs,
        documents=command.documents,
        basis=handler.basis,
        decided=handler.decided,
        emit=handler.emit,
        fulfils=(*handler.fulfils, *_answered(progress.process, handler)),
        opens=handler.opens if edge == handler.path else None,
    )
    if isinstance(taken, ChildrenOpen):
        return children_open(progress, taken.children)
    if isinstance(taken, NoBranch):
        read = {name for branch in handler.branches if branch.when is not None for name in branch.when.fields}
        values = {
            name: assessment.scene.values[name]
            for name in sorted(read)
            if name in assessment.scene.values and not progress.process.definition.fields[name].personal
        }
        params = {"trigger": handler.name, "fields": ", ".join(sorted(read)) or "-"}
        return Reason(code="no-branch", message=Message("refusal.no-branch", params), values=values)
    return None


def _answered(process: Process, handler: Handler) -> tuple[str, ...]:
    """Return the deadline that would speak for the silent, once those asked have decided without it."""
    carrier = process.handlers[handler.consent_path] if handler.consent_path is not None else None
    silence = carrier.consent.silence if carrier is not None and carrier.consent is not None else None
    return () if silence is None else (silence,)


def _vote(progress: Progress, command: Fire, assessment: Assessment) -> Reason | None:
    process, handler = progress.process, assessment.handler
    definition = process.definition
    carrier = process.handlers[handler.consent_path or handler.path]
    capacity, inputs = assessment.capacity, assessment.inputs
    if capacity is None:
        raise ValueError("a vote without a capacity was assessed as allowed")
    case = progress.case
    keys = act_keys(progress, command, assessment)
    named = consent.about(case, carrier, inputs) if handler.act is Act.YES else {}
    keys["votes"] = [consent.vote_record(capacity, handler.act, named)]
    if inputs.per_party:
        after = consent.by_party_changes(case, inputs)
        if changes := progress.changes(case.fields, after, inputs.per_party):
            keys["changes"] = changes
    basis = handler.basis or carrier.basis
    if basis:
        keys["basis"] = list(basis)
    kind = "consent_withdrawn" if handler.act is Act.WITHDRAW else "consent_given"
    progress.write(kind, assessment.effective_on, keys, revise=True)
    after_vote: Body = {"actor": capacity.entry, "trigger": handler.path}
    if handler.act is Act.YES and consent.is_reached(definition, progress.case, carrier):
        waiting = [name for name in inputs.values if name not in inputs.per_party]
        return _transition(progress, command, assessment, after_vote, carrier.path, waiting)
    if handler.act is Act.NO and consent.is_lost(definition, progress.case, carrier):
        if carrier.consent is not None and carrier.consent.refused is not None:
            edge = refused_edge(carrier.path)
            return _transition(progress, command, assessment, after_vote, edge, ())
        progress.void(carrier.path, assessment.effective_on)
    return None
