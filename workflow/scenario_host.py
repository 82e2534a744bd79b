"""What scenarios are played on: `Host`, and `Memory`, a host without a store.

Owns how cases are kept and how time passes in memory: every clock is taken and every reminder sent at its
instant, over all cases together, as a sweep that never sleeps would. Decides nothing: that is ``decide``.
The contract tests play the same scenarios on the engine. Called by ``scenario_running``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from workflow.calendars import Calendar
from workflow.case import Actor, Body, CaseState, Command, Decision, Fire, Open, Refusal, Tick, World
from workflow.clocks import calendars_of, obligation_events, ripe
from workflow.deadlines import instant_text, parse_instant
from workflow.decide import decide
from workflow.definition import Definition
from workflow.options import available
from workflow.process import Process
from workflow.reminders import reminders
from workflow.scenario_coverage import Watch

TENANT = "scenarios"

Look = Callable[[], World]


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

    def fire(
        self, name: str, command: Fire, facts: Mapping[str, Any], children: tuple[str, ...]
    ) -> Refusal | None:
        """Ask for a transition; ``children``: names for the cases that it opens, in order."""
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
        self._cases: dict[str, Held] = {}
        self._now: datetime | None = None

    def copy(self) -> Memory:
        """Return a host that goes on from here by itself."""
        other = object.__new__(Memory)
        vars(other).update(vars(self), _cases=dict(self._cases))
        return other

    # --- acts --------------------------------------------------------------------------------------

    def open(self, name: str, workflow: str, command: Open, facts: Mapping[str, Any]) -> Refusal | None:
        """Open a case."""
        number = len(self._cases) + 1
        named = replace(
            command,
            case_id=f"00000000-0000-7000-8000-{number:012d}",
            number=f"{workflow}/{self._world({}).now.year}/{number}",
            tenant=TENANT,
        )
        return self._act(name, self._processes[workflow], named, facts, ())

    def fire(
        self, name: str, command: Fire, facts: Mapping[str, Any], children: tuple[str, ...]
    ) -> Refusal | None:
        """Ask for a transition."""
        return self._act(name, self._cases[name].process, command, facts, children)

    def _act(
        self,
        name: str,
        process: Process,
        command: Command,
        facts: Mapping[str, Any],
        children: tuple[str, ...],
    ) -> Refusal | None:
        held = self._cases.get(name)
        with self._watch.step(process) as met:
            decision = decide(process, held.state if held else None, command, self._world(facts))
            if isinstance(decision, Refusal):
                self._watch.refused(process, decision)
                return decision
            met.accept(decision)
        self._adopt(name, process, decision)
        return None

    def _adopt(self, name: str, process: Process, decision: Decision) -> None:
        """Take over what was decided: the entries, and the case after them."""
        held = self._cases.get(name)
        before = held if held is not None else Held(process=process, state=decision.case)
        self._cases[name] = replace(before, state=decision.case, entries=(*before.entries, *decision.entries))

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
            yield from (max(event.at, since) for event in obligation_events(held.process, state))
            yield from (one.at for one in self._reminders(held) if one.at > since)

    def _take(self, since: str, instant: str) -> None:
        """Take what is ripe at an instant of every case, then send the reminders that came up by it."""
        for name, held in list(self._cases.items()):
            if ripe(held.process, held.state, instant, None) is not None:
                self._act(name, held.process, Tick(), {}, ())
            after = self._cases[name]
            sent = tuple(
                f"reminder.{one.path}" for one in self._reminders(after) if since < one.at <= instant
            )
            if sent:
                self._cases[name] = replace(after, messages=(*after.messages, *sent))

    def _reminders(self, held: Held) -> Any:
        if held.state.closed_at is not None:
            return ()
        world = self._world({})
        return reminders(held.process, held.state, calendars_of(held.process, held.state, world))

    def _world(self, facts: Mapping[str, Any]) -> World:
        if self._now is None:
            raise ValueError("time begins with the first step's day")
        return World(now=self._now, calendar=self._calendars.__getitem__, virtual=True, facts=facts)

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
        if by is None:
            paths = held.process.machine.enabled(held.state.configuration)
            return tuple(path for path in paths if not held.process.handlers[path].by_clock)
        options = available(
            held.process, held.state, by, self._world(facts), as_role=as_role, for_party=for_party
        )
        return tuple(option.trigger for option in options if option.is_allowed)
