"""What scenarios are played on: `Host`, and `Memory`, a host without a store.

Owns how cases are kept and how time passes in memory: every clock is taken and every reminder sent at its
instant, over all cases together, as a sweep that never sleeps would. Decides nothing: that is ``decide``,
for cases that opened others through ``step.family``. The contract tests play the same scenarios on the
engine. Called by ``running``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from workflow.case import Actor, Body, CaseState, OnCase, Open, Refusal, World
from workflow.chart.process import Process
from workflow.definition import Definition, FromCases
from workflow.errors import WorkflowError
from workflow.scenarios.coverage import Watch
from workflow.step.clocks import calendars_of, obligation_events, ripe, suspension_end
from workflow.step.decide import decide
from workflow.step.environment import FactsNeeded
from workflow.step.family import Change, Family, FamilyFacts
from workflow.step.options import available
from workflow.step.other_cases import holds, is_of_same_party, parties_of
from workflow.step.reminders import Reminding, reminders
from workflow.time.calendars import Calendar
from workflow.time.deadlines import day_in_zone, instant_text, parse_instant

TENANT = "scenarios"


def placeholder(name: str) -> str:
    """Return the digest of the file that stands for a document: of its name."""
    return hashlib.sha256(name.encode()).hexdigest()


class Host(Protocol):
    """Keeps the cases of one scenario, each under the name that the scenario gives it."""

    def go(self, now: datetime) -> None:
        """Let time pass until ``now``; whatever is due by then has been taken and sent afterwards."""
        ...

    def open(self, name: str, workflow: str, command: Open, facts: Mapping[str, Any]) -> Refusal | None:
        """Open a case; case id, number and tenant of the command are the host's to say."""
        ...

    def act(
        self, name: str, command: OnCase, facts: Mapping[str, Any], children: tuple[str, ...]
    ) -> Refusal | None:
        """Ask for a transition or another act; ``children``: names for the cases that it opens, in order."""
        ...

    def state(self, name: str) -> CaseState | None:
        """Return a case; ``None`` where none of that name was opened."""
        ...

    def entries(self, name: str) -> tuple[Body, ...]:
        """Return the history of a case."""
        ...

    def messages(self, name: str) -> tuple[str, ...]:
        """Return the topics of all events and reminders sent for a case, in order."""
        ...

    def available(
        self,
        name: str,
        by: Actor | None,
        as_role: str | None,
        for_party: str | None,
        facts: Mapping[str, Any],
    ) -> tuple[str, ...]:
        """Return the paths of what may be asked for now, by ``by`` or, where it is ``None``, by anyone.

        What depends on a fact that is not among ``facts`` may not be.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A case in memory."""

    process: Process
    state: CaseState
    entries: tuple[Body, ...] = ()
    messages: tuple[str, ...] = ()

    def after(self, change: Change) -> Held:
        """Return the case after what happened to it in its family."""
        return replace(
            self,
            state=change.case,
            entries=(*self.entries, *change.entries),
            messages=(*self.messages, *(f"event.{one.event}" for one in change.events)),
        )


class NotInFile(WorkflowError):
    """A case is to be opened of a workflow that the scenario file is not for."""

    code = "not-in-file"

    def __init__(self, workflow: str) -> None:
        super().__init__(workflow)
        self.workflow = workflow

    def __str__(self) -> str:
        return f"no file under 'scenarios_for' holds the workflow {self.workflow}"


class Memory:
    """A host in memory.

    Args:
        definitions: By workflow.
        calendars: By name.
        watch: Notes what is met of the definitions.
    """

    def __init__(
        self, definitions: Mapping[str, Definition], calendars: Mapping[str, Calendar], watch: Watch
    ) -> None:
        self._processes = {name: watch.process(definition) for name, definition in definitions.items()}
        self._calendars = {**calendars, **{one.digest: one for one in calendars.values()}}
        self._watch = watch
        self._cases: dict[str, Held] = {}  # by name; parents before their children, elder ones first
        self._names: dict[str, str] = {}  # id → name
        self._ids = 0
        self._given: tuple[str, ...] = ()  # numbers for cases that are only being opened
        self._now: datetime | None = None

    def copy(self) -> Memory:
        """Return a host that goes on from here by itself."""
        other = object.__new__(Memory)
        vars(other).update(vars(self), _cases=dict(self._cases), _names=dict(self._names))
        return other

    # --- acts --------------------------------------------------------------------------------------

    def open(self, name: str, workflow: str, command: Open, facts: Mapping[str, Any]) -> Refusal | None:
        """Open a case."""
        process, world = self._process(workflow), self._world(facts)
        self._given = ()
        named = replace(
            command,
            case_id=self._new_id(),
            number=self._number(workflow, world.now.year),
            tenant=TENANT,
        )
        try:
            decision = self._watch.around(process, lambda: decide(process, None, named, world))
        except FactsNeeded as lacking:
            known = self._known(lacking.names, process, None, named.parties, named.effective_on)
            if not known:
                raise
            return self.open(name, workflow, command, {**facts, **known})
        if isinstance(decision, Refusal):
            self._watch.drop()
            return decision
        self._watch.keep()
        change = Change(
            process=process,
            before=None,
            case=decision.case,
            entries=decision.entries,
            events=decision.events,
        )
        self._adopt((change,), (name,))
        return None

    def act(
        self, name: str, command: OnCase, facts: Mapping[str, Any], children: tuple[str, ...]
    ) -> Refusal | None:
        """Ask for a transition or another act."""
        family = self._family(name, facts)
        try:
            refusal = family.act(self._cases[name].state.id, command)
        except FamilyFacts as lacking:
            asking = lacking.command
            parties = (
                asking.parties if isinstance(asking, Open) else lacking.case.parties if lacking.case else ()
            )
            known = self._known(lacking.names, lacking.process, lacking.case, parties, command.effective_on)
            if not known:
                raise
            return self.act(name, command, {**facts, **known}, children)
        if refusal is not None:
            self._watch.drop()
            return refusal
        self._watch.keep()
        self._adopt(family.changes, children)
        return None

    def _family(self, name: str, facts: Mapping[str, Any]) -> Family:
        """Return the family of a case."""
        self._given = ()
        root = self._root(name)
        members = [one for other, one in self._cases.items() if self._root(other) == root]
        return Family(
            members=[(one.process, one.state) for one in members],
            world=self._world(facts),
            process_of=self._process,
            number=self._number,
            around=self._watch.around,
        )

    def _known(
        self,
        names: Iterable[str],
        process: Process,
        case: CaseState | None,
        parties: Iterable[Any],
        on: date | None,
    ) -> dict[str, bool]:
        """Answer those of these facts that are answered from other cases."""
        today = on or day_in_zone(self._world({}).now, process.definition.timezone)
        asked = {name: process.definition.facts[name].from_cases for name in names}
        return {
            name: self._any(one, parties_of(one, parties), case, today)
            for name, one in asked.items()
            if one is not None
        }

    def _any(self, asked: FromCases, ours: frozenset[str], case: CaseState | None, today: date) -> bool:
        return any(
            holds(asked, one.process, one.state.id, self._family(name, {}), today)
            for name, one in self._cases.items()
            if one.state.workflow in asked.workflows
            and (case is None or one.state.id != case.id)
            and is_of_same_party(asked, ours, one.state)
        )

    def _root(self, name: str) -> str:
        parent = self._cases[name].state.parent
        return name if parent is None else self._root(self._names[parent["case"]])

    def _adopt(self, changes: Iterable[Change], opened: Iterable[str]) -> None:
        """Take over what happened to cases; ``opened``: names for new ones, made up where they end."""
        names = iter(opened)
        for change in changes:
            case = change.case
            if case.id not in self._names:
                self._names[case.id] = next(names, f"{case.workflow}:{case.number}")
            name = self._names[case.id]
            held = self._cases.get(name, Held(process=change.process, state=case))
            self._cases[name] = held.after(change)

    def _process(self, workflow: str) -> Process:
        if workflow not in self._processes:
            raise NotInFile(workflow)
        return self._processes[workflow]

    def _number(self, workflow: str, year: int) -> str:
        """Return the next number; those given since a case was last taken over count too."""
        start = f"{workflow}/{year}/"
        taken = (*(held.state.number for held in self._cases.values()), *self._given)
        number = f"{start}{sum(one.startswith(start) for one in taken) + 1}"
        self._given = (*self._given, number)
        return number

    def _new_id(self) -> str:
        self._ids += 1
        return f"00000000-0000-7000-8000-{self._ids:012d}"

    # --- time --------------------------------------------------------------------------------------

    def go(self, now: datetime) -> None:
        """Let time pass until ``now``, from one instant at which something is due to the next."""
        until = instant_text(now)
        since = instant_text(self._now) if self._now is not None else until
        while (instant := min(self._instants(since), default=until)) < until:
            self._now = parse_instant(instant)
            self._take(since, instant)
            since = instant
        self._now = now
        self._take(since, until)

    def _instants(self, since: str) -> Iterator[str]:
        """Yield when something is due next, of each case; what is due already counts as now."""
        for held in self._cases.values():
            state = held.state
            if state.closed_at is not None:
                continue
            for clock in state.clocks.values():
                if clock["status"] == "running":
                    yield max(clock["acts_at"], since)
            if (end := suspension_end(held.process, state)) is not None:
                yield max(end.at, since)
            yield from (max(event.at, since) for event in obligation_events(held.process, state))
            yield from (one.at for one in self._reminders(held) if one.at > since)

    def _take(self, since: str, instant: str) -> None:
        """Take what is ripe at an instant of every case, then send the reminders that came up by it."""
        for name in list(self._cases):
            held = self._cases[name]
            if ripe(held.process, held.state, instant, None) is not None:
                self._tick(name)
        for name, held in self._cases.items():
            # of one instant by path, as the rows of an engine are
            come_up = (one for one in self._reminders(held) if since < one.at <= instant)
            in_order = sorted(come_up, key=lambda one: (one.at, one.path, one.mark))
            if sent := tuple(f"reminder.{one.path}" for one in in_order):
                self._cases[name] = replace(held, messages=(*held.messages, *sent))

    def _tick(self, name: str) -> None:
        family = self._family(name, {})
        family.tick()
        for failure in family.failures.values():
            raise failure
        self._watch.keep()
        self._adopt(family.changes, ())

    def _reminders(self, held: Held) -> Iterable[Reminding]:
        world = self._world({})
        return reminders(held.process, held.state, calendars_of(held.process, held.state, world))

    def _world(self, facts: Mapping[str, Any]) -> World:
        if self._now is None:
            raise ValueError("time begins with the first step's day")
        return World(
            now=self._now,
            calendar=self._calendars.__getitem__,
            virtual=True,
            facts=facts,
            new_case=self._new_id,
        )

    # --- what can be seen --------------------------------------------------------------------------

    def state(self, name: str) -> CaseState | None:
        """Return a case."""
        held = self._cases.get(name)
        return held.state if held is not None else None

    def entries(self, name: str) -> tuple[Body, ...]:
        """Return the drafts of a case's history."""
        held = self._cases.get(name)
        return held.entries if held is not None else ()

    def messages(self, name: str) -> tuple[str, ...]:
        """Return the topics of what was sent for a case."""
        held = self._cases.get(name)
        return held.messages if held is not None else ()

    def available(
        self,
        name: str,
        by: Actor | None,
        as_role: str | None,
        for_party: str | None,
        facts: Mapping[str, Any],
    ) -> tuple[str, ...]:
        """Return the paths of what may be asked for now."""
        held = self._cases.get(name)
        if held is None or held.state.closed_at is not None:
            return ()
        handlers = held.process.handlers
        if by is None:
            paths = held.process.machine.enabled(held.state.configuration)
            return tuple(one for one in paths if not handlers[one].by_child)
        known = self._known(held.process.definition.facts, held.process, held.state, held.state.parties, None)
        world = self._family(name, facts).seen_by(self._world({**known, **facts}))
        options = available(held.process, held.state, by, world, as_role=as_role, for_party=for_party)
        return tuple(option.trigger for option in options if option.is_allowed)
