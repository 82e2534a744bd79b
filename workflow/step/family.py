"""A family of cases: a case that opened others, and everything that moves when one of them does.

Owns the order in which a command, the ripe clocks of a whole family and what follows from them are
decided: children opened, children that end with their parent, parents told that a child has closed, level
after level. It decides nothing itself, each step is ``decide``, and keeps nothing: who asks gives the
cases, whose locks it holds, and writes what has changed, all of it or nothing. Called by the engine and by
the host of scenarios; pure.

Clocks of a case are taken in the order of ``due_at``; of several cases of a family, that one comes first of
which something has been ripe for longest, as if a sweep never slept (without ``hold`` that is the order of
``due_at`` too); of several at one instant a child before its parent, of siblings the elder first. Instants of
recording rise through the whole family, so that ``the case as of then`` means the same for every one of its
members.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from workflow.case import (
    Actor,
    Body,
    CaseAct,
    CaseState,
    ChildOpening,
    CloseWithParent,
    Command,
    Decision,
    Emitted,
    FamilyAct,
    Fire,
    NoteChildClosed,
    Open,
    Refusal,
    RelativeUnknown,
    Tick,
    World,
)
from workflow.chart.process import Process
from workflow.definition import Definition
from workflow.errors import WorkflowError
from workflow.locale import Message
from workflow.step.clocks import Ripe, obligation_events, ripe, suspension_end
from workflow.step.decide import CATCH_UP_LIMIT, Restless, decide, take_event
from workflow.step.environment import FactsNeeded
from workflow.step.opening import PARENT
from workflow.step.progress import Progress
from workflow.time.deadlines import day_in_zone, instant_text, later_instant, parse_instant

Kept: TypeAlias = tuple[Process, CaseState]
Around: TypeAlias = Callable[[Process, Callable[[], Decision | Refusal]], Decision | Refusal]

MOST_FOLLOWS = 100
"""How many steps may follow from each other through a family; more means that it never rests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happens to one case of the family, and the case before; ``None``: it is opened here."""

    process: Process
    before: CaseState | None
    case: CaseState
    entries: tuple[Body, ...] = ()
    events: tuple[Emitted, ...] = ()

    @classmethod
    def of(cls, process: Process, before: CaseState, decision: Decision) -> Change:
        """Make one of a decision about a case that has no relatives."""
        return cls(
            process=process,
            before=before,
            case=decision.case,
            entries=decision.entries,
            events=decision.events,
        )

    @property
    def decision(self) -> Decision:
        """The same as a decision about this case alone."""
        return Decision(entries=self.entries, case=self.case, events=self.events)


class FamilyFacts(FactsNeeded):
    """A step of the family reads facts that were not asked; ``process``, ``case`` and ``command`` say which.

    ``case`` is ``None`` where a child is to be opened.
    """

    def __init__(
        self, names: Iterable[str], process: Process, case: CaseState | None, command: Command
    ) -> None:
        super().__init__(tuple(names))
        self.process = process
        self.case = case
        self.command = command


class _Refused(WorkflowError):
    """What follows from a step is refused, and so the step."""

    code = "family-refused"

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class StepFailed(WorkflowError):
    """What follows from a clock is refused: its definition asks for what its child does not allow."""

    code = "family-step-failed"

    def __init__(self, refusal: Refusal) -> None:
        super().__init__("; ".join(str(reason.message) for reason in refusal.reasons))
        self.refusal = refusal


def is_family(process: Process, case: CaseState) -> bool:
    """Whether a case has, or may have, relatives."""
    return bool(process.definition.children) or case.parent is not None or bool(case.children)


@dataclass(slots=True, kw_only=True)
class Family:
    """The cases of one family while one command is decided.

    Args:
        members: Every case of it, closed ones too, parents before their children, elder ones first. For a
            case that is only now being opened: none.
        world: As for a single case; ``relative`` is the family's own.
        process_of: The definition in force of a workflow, made ready: what a child is opened on.
        number: The next number for a workflow and a year; may be asked for an opening that is refused in
            the end.
        around: Runs each step, for whoever wants to watch it; returns what it returned.
    """

    members: Iterable[Kept]
    world: World
    process_of: Callable[[str], Process]
    number: Callable[[str, int], str]
    around: Around = field(default=lambda process, step: step())
    failures: dict[str, WorkflowError] = field(default_factory=dict)
    _changes: dict[str, Change] = field(init=False)
    _now: str = field(init=False)
    _is_today: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._changes = {
            case.id: Change(process=process, before=case, case=case) for process, case in self.members
        }
        recorded = max((one.case.recorded_at for one in self._changes.values()), default="")
        now = instant_text(self.world.now)
        self._now = now if now > recorded else later_instant(recorded)

    # --- what is asked -------------------------------------------------------------------------------

    def act(self, case_id: str, command: Fire | CaseAct) -> Refusal | None:
        """Decide a command on one of the cases, after the family's ripe clocks.

        Returns:
            The refusal, after which nothing of this family is to be kept; else ``None``.

        Raises:
            FamilyFacts: A step reads facts that the world lacks.
        """
        target = self._changes[case_id]
        today = day_in_zone(parse_instant(self._now), target.process.definition.timezone)
        on = command.effective_on or today
        self._catch_up(case_id, on if on <= today else None)
        self._is_today = on >= today
        try:
            self._ask(case_id, command)
        except _Refused as refused:
            return refused.refusal
        return None

    def tick(self, case_id: str | None = None) -> None:
        """Take the family's ripe clocks; what fails of another case than ``case_id`` is set aside.

        Raises:
            WorkflowError: A clock of ``case_id`` fails.
        """
        self._catch_up(case_id, None)

    # --- what came of it -----------------------------------------------------------------------------

    @property
    def changes(self) -> tuple[Change, ...]:
        """The cases that have changed, parents before the children that they opened."""
        return tuple(one for one in self._changes.values() if one.entries)

    @property
    def every(self) -> tuple[Change, ...]:
        """Every case of the family, changed or not."""
        return tuple(self._changes.values())

    def case(self, case_id: str) -> CaseState:
        """Return a case as it stands now."""
        return self._changes[case_id].case

    def relative(self, case_id: str) -> tuple[Definition, CaseState]:
        """Return a case as it stands now, as `World.relative` does."""
        one = self._changes.get(case_id)
        if one is None:
            raise RelativeUnknown(case_id)
        return one.process.definition, one.case

    def seen_by(self, world: World) -> World:
        """Return a world that knows this family."""
        return replace(world, now=parse_instant(self._now), relative=self.relative)

    # --- clocks --------------------------------------------------------------------------------------

    def _catch_up(self, target: str | None, on: date | None) -> None:
        for _ in range(CATCH_UP_LIMIT):
            first = self._first(target, on)
            if first is None:
                return
            case_id, event = first
            before = dict(self._changes), self._now
            try:
                self._take(case_id, event)
            except WorkflowError as error:
                if case_id == target:
                    raise
                self._changes, self._now = before
                self.failures[case_id] = error
        raise Restless(next(iter(self._changes.values())).case.number)

    def _first(self, target: str | None, on: date | None) -> tuple[str, Ripe] | None:
        """Return what is to be taken next in the whole family."""
        found: list[tuple[tuple[str, int, int], str, Ripe]] = []
        for position, (case_id, one) in enumerate(self._changes.items()):
            if one.case.closed_at is not None or case_id in self.failures:
                continue
            effective = on.isoformat() if on is not None and case_id == target else None
            event = ripe(one.process, one.case, self._now, effective)
            if event is not None:
                since = min(self._now, *_instants(one.process, one.case))
                found.append(((since, -self._depth(one.case), position), case_id, event))
        if not found:
            return None
        _, case_id, event = min(found)
        return case_id, event

    def _depth(self, case: CaseState) -> int:
        depth = 0
        while case.parent is not None and case.parent["case"] in self._changes:
            depth, case = depth + 1, self._changes[case.parent["case"]].case
        return depth

    def _take(self, case_id: str, event: Ripe) -> None:
        one = self._changes[case_id]
        self._is_today = False  # what a clock does happens on its due day, whenever that is looked at

        def take() -> Decision:
            world = self.seen_by(self.world)
            progress = Progress(one.process, one.case, world, self._today(one.process))
            take_event(progress, event)
            return progress.decision()

        try:
            self._adopt(case_id, self._run(one.process, one.case, Tick(), take), 0)
        except _Refused as refused:
            raise StepFailed(refused.refusal) from refused

    # --- steps and what follows from them ------------------------------------------------------------

    def _ask(self, case_id: str, command: Fire | CaseAct | FamilyAct, depth: int = 0) -> None:
        one = self._changes.get(case_id)
        if one is None:
            raise RelativeUnknown(case_id)
        process, case = one.process, one.case
        world = self.seen_by(self.world)
        decision = self._run(process, case, command, lambda: decide(process, case, command, world))
        self._adopt(case_id, decision, depth)

    def _run(
        self,
        process: Process,
        case: CaseState | None,
        command: Command,
        step: Callable[[], Decision | Refusal],
    ) -> Decision:
        try:
            decision = self.around(process, step)
        except FactsNeeded as lacking:
            raise FamilyFacts(lacking.names, process, case, command) from None
        if isinstance(decision, Refusal):
            raise _Refused(decision)
        return decision

    def _adopt(self, case_id: str, decision: Decision, depth: int) -> None:
        """Take over a decision about one case, and decide what follows from it for others."""
        one = self._changes[case_id]
        if depth > MOST_FOLLOWS:
            raise Restless(one.case.number)
        was_open = one.case.closed_at is None or (one.before is None and not one.entries)
        self._changes[case_id] = replace(
            one,
            case=decision.case,
            entries=(*one.entries, *decision.entries),
            events=(*one.events, *decision.events),
        )
        if decision.entries:
            self._now = later_instant(decision.entries[-1]["recorded_at"])
        for opening in decision.openings:
            self._open_child(case_id, opening, depth + 1)
        if not was_open or decision.case.closed_at is None:
            return
        on = _ended_on(decision)
        for child in decision.closings:
            self._ask(child, CloseWithParent(effective_on=self._there(on, child)), depth + 1)
        parent = decision.case.parent
        if parent is not None:
            note = NoteChildClosed(
                child=case_id,
                outcome=str(decision.case.outcome),
                effective_on=self._there(on, parent["case"]),
            )
            self._ask(parent["case"], note, depth + 1)

    def _open_child(self, parent_id: str, opening: ChildOpening, depth: int) -> None:
        parent = self._changes[parent_id]
        process = self.process_of(opening.workflow)
        today = self._today(process)
        command = Open(
            case_id=opening.case_id,
            number=self.number(opening.workflow, today.year),
            tenant=parent.case.tenant,
            by=Actor(PARENT),
            parties=opening.parties,
            fields=opening.fields,
            documents=opening.documents,
            effective_on=self._day(opening.effective_on, process),
            parent={"case": parent_id, "name": opening.name},
        )
        world = self.seen_by(self.world)
        try:
            decision = self._run(process, None, command, lambda: decide(process, None, command, world))
        except _Refused as refused:
            raise _Refused(_of_child(refused.refusal, opening)) from None
        self._changes[opening.case_id] = Change(process=process, before=None, case=decision.case)
        self._adopt(opening.case_id, decision, depth)

    # --- days in other zones -------------------------------------------------------------------------

    def _today(self, process: Process) -> date:
        return day_in_zone(parse_instant(self._now), process.definition.timezone)

    def _there(self, on: date, case_id: str) -> date:
        one = self._changes.get(case_id)
        return on if one is None else self._day(on, one.process)

    def _day(self, on: date, there: Process) -> date:
        """Return the day of a step in another zone: what somebody does today is done today there too."""
        today = self._today(there)
        return today if self._is_today else min(on, today)


def _instants(process: Process, case: CaseState) -> Iterator[str]:
    """Yield when a sweep that never sleeps would take up a case again."""
    yield from (clock["acts_at"] for clock in case.clocks.values() if clock["status"] == "running")
    yield from (event.at for event in obligation_events(process, case))
    if (end := suspension_end(process, case)) is not None:
        yield end.at


def _ended_on(decision: Decision) -> date:
    """Return the effective day of the entry that ended a case."""
    ends = (one for one in decision.entries if "outcome" in one and one["kind"] != "child_closed")
    return date.fromisoformat(next(ends)["effective_on"])


def _of_child(refusal: Refusal, opening: ChildOpening) -> Refusal:
    """Say of each reason that it speaks against the child that was to be opened."""
    reasons = (
        replace(
            reason,
            message=Message(
                "refusal.child-not-opened",
                {"name": opening.name, "workflow": opening.workflow, "why": reason.message},
            ),
        )
        for reason in refusal.reasons
    )
    return Refusal(reasons=tuple(reasons), trigger=refusal.trigger)
