"""Playing scenarios: step by step on a host, until the first thing that is not as it says.

Owns the order of a step: time goes on, the act is done, what it made due is taken, what is expected is
looked at. Called by the command line and the tests; the tests also play on the engine.

A step takes place at nine in the morning of its day, in the zone of its case's definition.

Source: LANGUAGE, "Scenarios".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from workflow.case import CaseState, Extend, Fire, OnCase, Open, Refusal
from workflow.definition import Definition
from workflow.errors import WorkflowError
from workflow.locale import Message
from workflow.scenarios.comparing import (
    Seen,
    difference,
    is_refused_as,
    overdue_of,
    refused_as,
    refused_with,
    wanted,
)
from workflow.scenarios.coverage import Watch
from workflow.scenarios.host import Host, Memory, placeholder
from workflow.scenarios.model import Difference, Result, Results, Scenario, ScenarioFile, Step
from workflow.source.diagnostics import Span
from workflow.step.acts import ACTS
from workflow.step.environment import FactsNeeded
from workflow.time.calendars import Calendar

OFFICE_HOURS = time(9)


def run(
    file: ScenarioFile,
    definitions: Mapping[str, Definition],
    calendars: Mapping[str, Calendar],
    *,
    only: Collection[str] | None = None,
    progress: Callable[[Result], None] | None = None,
) -> Results:
    """Play the scenarios of a file in memory, each once.

    Args:
        file: As it was read against these definitions.
        definitions: By workflow.
        calendars: By name.
        only: Names of the scenarios to play (and those that they go on from); ``None``: all.
        progress: Told the result of each scenario as it is there.

    Returns:
        What came of each, in document order, and what they covered.
    """
    running = _Running(file, definitions, calendars)
    results = []
    for name in file.scenarios:
        if only is None or name in only:
            results.append(running.result(name))
            if progress is not None:
                progress(results[-1])
    return Results(file=file.file, results=tuple(results), coverage=running.watch.coverage())


def play(
    steps: Iterable[Step], host: Host, file: ScenarioFile, definitions: Mapping[str, Definition]
) -> Difference | None:
    """Play steps one after the other on a host; stop at the first difference."""
    playing = Playing(host=host, file=file, definitions=definitions)
    several = tuple(steps)
    for step in several:
        found = playing.step(step, len(several))
        if found is not None:
            return found
    return None


class _Running:
    """One run of a file."""

    def __init__(
        self, file: ScenarioFile, definitions: Mapping[str, Definition], calendars: Mapping[str, Calendar]
    ) -> None:
        self.watch = Watch()
        self._file = file
        self._definitions = definitions
        self._start = Memory(definitions, calendars, self.watch)
        self._results: dict[str, Result] = {}
        self._marks: dict[tuple[str, str], Playing] = {}

    def result(self, name: str) -> Result:
        """Play a scenario, the one that it goes on from first; each is played once."""
        if name not in self._results:
            self._results[name] = self._played(self._file.scenarios[name])
        return self._results[name]

    def _played(self, scenario: Scenario) -> Result:
        if scenario.start is None:
            playing = Playing(host=self._start.copy(), file=self._file, definitions=self._definitions)
        else:
            self.result(scenario.start[0])
            before = self._marks.get(scenario.start)
            if before is None:
                return self._result(scenario, self._lost(scenario, scenario.start))
            playing = before.copy()
        found = None
        for step in scenario.steps:
            found = playing.step(step, len(scenario.steps))
            if found is not None:
                break
            self._mark(scenario, step.mark, playing)
        else:
            self._mark(scenario, scenario.mark, playing)
        return self._result(scenario, found)

    def _mark(self, scenario: Scenario, mark: str | None, playing: Playing) -> None:
        if mark is not None:
            self._marks[scenario.name, mark] = playing.copy()

    def _lost(self, scenario: Scenario, start: tuple[str, str]) -> Difference:
        """Say that the scenario gone on from does not come to its mark."""
        return Difference(
            file=self._file.file,
            span=scenario.span,
            step=0,
            steps=len(scenario.steps),
            act=Message("scenario.act.look"),
            on=None,
            key="from",
            expected=Message("scenario.at-mark", {"mark": ".".join(start)}),
            found=Message("scenario.not-there", {"scenario": start[0]}),
        )

    @staticmethod
    def _result(scenario: Scenario, found: Difference | None) -> Result:
        return Result(
            scenario=scenario.name,
            span=scenario.span,
            title=scenario.title,
            steps=len(scenario.steps),
            difference=found,
        )


@dataclass(slots=True, kw_only=True)
class Playing:
    """A scenario being played: the host, the day, and the instant at which it is."""

    host: Host
    file: ScenarioFile
    definitions: Mapping[str, Definition]
    on: date | None = None
    now: datetime | None = None

    def copy(self) -> Playing:
        """Return one that goes on from here by itself; the host must be able to."""
        if not isinstance(self.host, Memory):
            raise TypeError("only a host in memory can be gone on from twice")
        return Playing(
            host=self.host.copy(),
            file=self.file,
            definitions=self.definitions,
            on=self.on,
            now=self.now,
        )

    def step(self, step: Step, steps: int) -> Difference | None:
        """Play one step; return the first thing that is not as it says."""
        told = _Told(self, step, steps)
        entries, messages = len(self.host.entries(step.case)), len(self.host.messages(step.case))
        try:
            refusal = self._do(step)
        except FactsNeeded as lacking:
            found = Message("scenario.facts-needed", {"names": ", ".join(lacking.names)})
            return told.differs("facts", step.span, Message("scenario.facts"), found)
        except WorkflowError as defect:
            found = Message("scenario.defect-found", {"what": str(defect)})
            return told.differs("defect", step.span, Message("scenario.defect"), found)
        if (wrong := self._answered(told, step, refusal)) is not None:
            return wrong
        missing = [name for name in step.opens if self.host.state(name) is None]
        if missing:
            expected = Message("scenario.value", {"key": "opens", "value": ", ".join(step.opens)})
            found = Message("scenario.not-opened", {"count": len(step.opens) - len(missing)})
            return told.differs("opens", step.span, expected, found)
        return self._expected(told, step, entries, messages)

    # --- what is done ------------------------------------------------------------------------------

    def _do(self, step: Step) -> Refusal | None:
        """Let time pass, do the act, and take what it made due."""
        self.on = step.wait_until or step.on or self.on
        self.now = now = self._instant(step)
        self.host.go(now)
        refusal = None
        if step.open is not None:
            refusal = self.host.open(step.case, step.open, self._opening(step), step.facts)
        elif step.does is not None or step.act is not None:
            refusal = self.host.act(step.case, self._command(step), step.facts, step.opens)
        self.host.go(now)
        return refusal

    def _instant(self, step: Step) -> datetime:
        """Return when a step takes place; of cases in several zones never before the step before."""
        case = self.host.state(step.case)
        workflow = step.open or (case.workflow if case is not None else None)
        if self.on is None or workflow is None:
            raise ValueError("a step takes place on a day, in a case")
        zone = ZoneInfo(self.definitions[workflow].timezone)
        now = datetime.combine(self.on, OFFICE_HOURS, tzinfo=zone).astimezone(UTC)
        return max(now, self.now or now)

    def _opening(self, step: Step) -> Open:
        command = self._command(step)
        sides = self.definitions[str(step.open)].sides
        return Open(
            case_id="",
            number="",
            tenant="",
            by=command.by,
            parties=tuple(party for party in self.file.parties if party.side in sides),
            fields=command.fields,
            documents=command.documents,
            as_role=command.as_role,
            for_party=command.for_party,
            reason=command.reason,
            effective_on=command.effective_on,
        )

    @staticmethod
    def _command(step: Step) -> OnCase:
        if step.who is None:
            raise ValueError("an act has an actor")
        said: dict[str, Any] = {
            "by": step.who,
            "fields": step.give,
            "documents": {name: (placeholder(name),) for name in step.attach},
            "as_role": step.as_role,
            "for_party": step.for_party,
            "reason": step.reason,
            "effective_on": step.effective_on,
        }
        if step.extend is not None and step.within is not None:
            return Extend(deadline=step.extend, within=step.within, **said)
        if step.act is not None:
            return ACTS[step.act](**said)
        return Fire(trigger=step.does or "", **said)

    # --- what came of it ---------------------------------------------------------------------------

    def _answered(self, told: _Told, step: Step, refusal: Refusal | None) -> Difference | None:
        """Compare whether the act was refused, and with what."""
        if step.refused is None:
            if refusal is None:
                return None
            return told.differs(
                "accepted", step.span, Message("scenario.accepted"), refused_with(refusal), refusal
            )
        expected = refused_as(step.refused)
        if refusal is None:
            return told.differs("refused", step.refused.span, expected, Message("scenario.accepted"))
        if not is_refused_as(refusal, step.refused):
            return told.differs("refused", step.refused.span, expected, refused_with(refusal), refusal)
        return None

    def _expected(self, told: _Told, step: Step, entries: int, messages: int) -> Difference | None:
        if not step.expect:
            return None
        seen = self._seen(step, entries, messages)
        if seen is None:
            return told.differs(
                "in", step.expect[0].span, wanted(step.expect[0]), Message("scenario.nothing")
            )
        for expected in step.expect:
            found = difference(expected, seen)
            if found is not None:
                return told.differs(expected.key, expected.span, wanted(expected), found)
        return None

    def _seen(self, step: Step, entries: int, messages: int) -> Seen | None:
        case = self.host.state(step.case)
        if case is None:
            return None
        asks = {one.key for one in step.expect}
        written = self.host.entries(step.case)
        return Seen(
            case=case,
            overdue=overdue_of(self.definitions[case.workflow], case),
            last=written[-1],
            fresh=written[entries:],
            messages=self.host.messages(step.case)[messages:],
            available=self.available(step, case) if "available" in asks else (),
        )

    def available(self, step: Step, case: CaseState) -> tuple[str, ...]:
        """Return what could be asked for in a case, by the actor of a step where it has one."""
        if case.closed_at is not None:
            return ()
        return self.host.available(step.case, step.who, step.as_role, step.for_party, step.facts)


@dataclass(frozen=True, slots=True)
class _Told:
    """Makes the differences of one step."""

    playing: Playing
    step: Step
    steps: int

    def differs(
        self, key: str, span: Span, expected: Message, found: Message, refusal: Refusal | None = None
    ) -> Difference:
        """Return a difference, with where the case is and what could be done there."""
        step = self.step
        case = self.playing.host.state(step.case)
        return Difference(
            file=self.playing.file.file,
            span=span,
            step=step.number,
            steps=self.steps,
            act=act_of(step),
            on=self.playing.on,
            key=key,
            expected=expected,
            found=found,
            reasons=refusal.reasons if refusal is not None else (),
            state=case.configuration if case is not None else (),
            available=self.playing.available(step, case) if case is not None else (),
        )


def _named(step: Step) -> str:
    """Name what an act that is no transition is about."""
    return step.extend or ", ".join((*step.give, *step.attach))


def act_of(step: Step) -> Message:
    """Say what a step does."""
    who = step.who.id if step.who is not None else ""
    if step.open is not None:
        act = Message("scenario.act.open", {"who": who, "workflow": step.open})
    elif step.does is not None:
        act = Message("scenario.act.does", {"who": who, "trigger": step.does})
    elif step.act is not None:
        act = Message(f"scenario.act.{step.act}", {"who": who, "names": _named(step)})
    elif step.wait_until is not None:
        act = Message("scenario.act.wait", {"on": step.wait_until.isoformat()})
    else:
        act = Message("scenario.act.look")
    return Message("scenario.act.in-case", {"act": act, "case": step.case}) if step.case else act
