"""Everything that is read and not changed: cases, history, clocks, what may be done; and deploying.

Owns the reading side of the embedding API. It computes what is ripe in thought, as LANGUAGE says of
reads, and writes nothing (deploying apart, which writes definitions and no case). Called by
``engine.runtime``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from engine import filters
from engine.commands import Commands
from engine.files import DefinitionResolver, shipped_definition
from engine.legible import illegible
from engine.refused import CaseNotFound, InvalidCall
from engine.registry import Deployed, is_calendar, load_file
from engine.store.port import CalendarRow, DefinitionRow, Page, Transaction
from engine.views import Available, Case, Duty, Explanation, HistoryEntry, Timer
from workflow.case import Actor, CaseState, Decision, Fire, Refusal, World
from workflow.chart.process import Process
from workflow.definition import Definition, Json
from workflow.source.text import Parsed
from workflow.step.clocks import calendars_of, moved_clocks, next_occurrence, occurrence_due
from workflow.step.decide import decide
from workflow.step.environment import FactsNeeded
from workflow.step.family import is_family
from workflow.step.options import Option, available
from workflow.time.calendars import Calendar
from workflow.time.deadlines import instant_text, parse_instant, recount
from workflow.time.derivations import explain

LANGUAGES = ("id", "en")


class Readings:
    """Reads through the commands' store, registry and clock."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._store = commands.store
        self._registry = commands.registry

    # --- definitions -------------------------------------------------------------------------------

    def deploy(
        self, paths: Sequence[str | Path], *, by: str, parameters: Mapping[str, Any], connection: Any
    ) -> tuple[Deployed, ...]:
        """Deploy definition and calendar files in the order given, all in one transaction."""
        read = [load_file(_file(path)) for path in paths]
        with self._store.transaction(connection) as tx:
            return tuple(self._deploy(tx, *one, by=by, parameters=parameters) for one in read)

    def _deploy(
        self,
        tx: Transaction,
        parsed: Parsed,
        resolver: DefinitionResolver,
        *,
        by: str,
        parameters: Mapping[str, Any],
    ) -> Deployed:
        now = self._commands.now()
        if not is_calendar(parsed):
            return self._registry.deploy_definition(
                tx, parsed, resolver, by=by, now=now, parameters=parameters
            )
        if parameters:
            raise InvalidCall(what="calendar-parameters")
        deployed = self._registry.deploy_calendar(tx, parsed, resolver, by=by, now=now)
        calendar = self._registry.calendar(tx, deployed.digest)
        open_clocks, moved = self._count_moved(tx, calendar)
        return replace(deployed, open_clocks=open_clocks, moved_clocks=moved)

    def _count_moved(self, tx: Transaction, calendar: Calendar) -> tuple[int, int]:
        """Count the clocks of open cases with this calendar's name, and those that it would move."""
        counted = moved = 0
        after: str | None = None
        while True:
            page = tx.cases(closed=False, after=after, limit=500)
            for state in page.items:
                if calendar.name in state.calendars:
                    process = self._registry.process_of(tx, state)
                    both = moved_clocks(process, state, calendar)
                    counted, moved = counted + both[0], moved + both[1]
            after = page.next
            if after is None:
                return counted, moved

    def definitions(self) -> tuple[DefinitionRow, ...]:
        """Return every deployed definition version."""
        with self._store.transaction(write=False) as tx:
            return tx.definitions.all()

    def definition(self, workflow: str, version: int | None) -> Definition:
        """Return a deployed definition."""
        with self._store.transaction(write=False) as tx:
            return self._registry.process(tx, workflow, version).definition

    def calendars(self) -> tuple[CalendarRow, ...]:
        """Return every loaded calendar version."""
        with self._store.transaction(write=False) as tx:
            return tx.definitions.calendars()

    # --- cases -------------------------------------------------------------------------------------

    def case_id(self, number: str) -> str:
        """Return the id of the case with a number."""
        with self._store.transaction(write=False) as tx:
            found = tx.case_id(number)
        if found is None:
            raise CaseNotFound(case_id=number)
        return found

    def _read(self, tx: Transaction, case_id: str) -> tuple[Process, CaseState]:
        state = tx.case(case_id)
        if state is None:
            raise CaseNotFound(case_id=case_id)
        return self._registry.process_of(tx, state), state

    def case(self, case_id: str, as_of: datetime | None, connection: Any) -> Case:
        """Return a case, now or as it was known."""
        with self._store.transaction(connection, write=connection is not None) as tx:
            if as_of is not None:
                until = instant_text(as_of.astimezone(UTC))
                return self._commands.as_of(tx, case_id, lambda entry: entry.recorded_at <= until)
            state = tx.case(case_id, lock=connection is not None)
            if state is None:
                raise CaseNotFound(case_id=case_id)
            return Case(self._registry.process_of(tx, state), state)

    def children(self, case_id: str, connection: Any) -> tuple[Case, ...]:
        """Return the cases that a case opened, elder ones first."""
        with self._store.transaction(connection, write=False) as tx:
            self._read(tx, case_id)
            return tuple(Case(self._registry.process_of(tx, one), one) for one in tx.children(case_id))

    def cases(self, **asked: Any) -> Page[Case]:
        """Return a page of cases."""
        with self._store.transaction(write=False) as tx:
            by_name = {name: asked[name] for name in ("workflow", "state", "where")}
            asked["where"] = filters.known(tx, self._registry, **by_name)
            page = tx.cases(**asked)
            items = tuple(Case(self._registry.process_of(tx, state), state) for state in page.items)
        return Page(items=items, next=page.next)

    def history(self, case_id: str, after: int, limit: int | None) -> tuple[HistoryEntry, ...]:
        """Return the entries of a case, with the personal values that are still there."""
        with self._store.transaction(write=False) as tx:
            self._read(tx, case_id)
            entries = tx.history(case_id, after=after, limit=limit)
            rows = tx.personal(case_id)
        personal: dict[int, dict[str, Json]] = {}
        for row in rows:
            place = f"{row.field}.{row.party}" if row.party else row.field
            personal.setdefault(row.seq, {})[place] = json.loads(row.value)
        return tuple(
            HistoryEntry.of(one.seq, one.kind, one.text, one.hash, personal.get(one.seq, {}))
            for one in entries
        )

    def content(self, digest: str) -> bytes | None:
        """Return a document's bytes."""
        with self._store.transaction(write=False) as tx:
            content = tx.content(digest)
        return content.body if content is not None else None

    # --- clocks ------------------------------------------------------------------------------------

    def timers(self, case_id: str) -> tuple[Timer, ...]:
        """Return the clocks of a case by due day."""
        with self._store.transaction(write=False) as tx:
            process, state = self._read(tx, case_id)
            world = self._commands.world(tx)
            calendars = calendars_of(process, state, world)
        now = instant_text(world.now)
        found = [_timer(process, path, clock, calendars, now) for path, clock in state.clocks.items()]
        return tuple(sorted(found, key=lambda timer: (timer.due_at, timer.path)))

    def obligations(self, case_id: str) -> tuple[Duty, ...]:
        """Return the duties of a case by due day."""
        with self._store.transaction(write=False) as tx:
            process, state = self._read(tx, case_id)
            calendars = calendars_of(process, state, self._commands.world(tx))
        duties: list[Duty] = []
        for path, duty in state.obligations.items():
            obligation = process.obligations[path]
            dates = [
                (one["occurrence"], one["due_on"], "overdue" if one["overdue"] else "open")
                for one in duty["open"]
            ]
            following = None if duty.get("stopped") else next_occurrence(obligation, state, duty)
            if following is not None:
                due = occurrence_due(obligation, following, calendars)
                dates.append((following.isoformat(), due.due_on.isoformat(), "coming"))
            duties.extend(
                Duty(
                    path=path,
                    title=obligation.title,
                    occurrence=date.fromisoformat(occurrence),
                    due_on=date.fromisoformat(due_on),
                    status=status,
                    by=tuple(str(ref) for ref in obligation.by),
                    basis=obligation.basis,
                )
                for occurrence, due_on, status in dates
            )
        return tuple(sorted(duties, key=lambda one: (one.due_on, one.path)))

    # --- what may be done --------------------------------------------------------------------------

    def available(
        self, case_id: str, by: Actor, as_role: str | None, for_party: str | None, connection: Any
    ) -> tuple[Available, ...]:
        """Return every trigger here, allowed or refused."""
        facts = self._facts(case_id, by, connection)
        with self._store.transaction(connection, write=False) as tx:
            process, state = self._read(tx, case_id)
            world = self._commands.world(tx, facts)
            if is_family(process, state):
                family = self._commands.families.family(tx, tx.family(case_id), world)
                family.tick(case_id)
                state, world = family.case(case_id), family.seen_by(world)
            options = available(process, state, by, world, as_role=as_role, for_party=for_party)
        return tuple(_available(option) for option in options)

    def explain(self, case_id: str, command: Fire, at: datetime | None, connection: Any) -> Explanation:
        """Say whether an act would be accepted."""
        if refusal := illegible(command):
            return Explanation(trigger=command.trigger, is_allowed=False, reasons=refusal.reasons)
        facts = self._facts(case_id, command.by, connection, command)
        with self._store.transaction(connection, write=False) as tx:
            process, state = self._read(tx, case_id)
            world = self._commands.world(tx, facts)
            if at is not None:
                world = replace(world, now=at.astimezone(UTC))
            try:
                decision = self._decide(tx, process, state, command, world)
            except FactsNeeded as lacking:
                return Explanation(trigger=command.trigger, is_allowed=False, unknown=lacking.names)
        if isinstance(decision, Refusal):
            return Explanation(
                trigger=decision.trigger or command.trigger, is_allowed=False, reasons=decision.reasons
            )
        return Explanation(trigger=command.trigger, is_allowed=True)

    def _decide(
        self, tx: Transaction, process: Process, state: CaseState, command: Fire, world: World
    ) -> Decision | Refusal | None:
        if not is_family(process, state):
            return decide(process, state, command, world)
        return self._commands.families.family(tx, tx.family(state.id), world).act(state.id, command)

    def _facts(
        self, case_id: str, by: Actor, connection: Any, command: Fire | None = None
    ) -> Mapping[str, Any]:
        """Ask what providers there are, outside of our transaction; without an answer a fact is unknown."""
        with self._store.transaction(connection, write=False) as tx:
            process, state = self._read(tx, case_id)
        if not process.definition.facts:
            return {}
        return self._commands.facts.known(process, state, by, connection, command)


def _timer(
    process: Process, path: str, clock: Mapping[str, Any], calendars: Mapping[str, Calendar], now: str
) -> Timer:
    deadline = process.deadlines[path]
    due = recount(clock, calendars[deadline.calendar])
    status = clock["status"]
    return Timer(
        path=path,
        title=deadline.title,
        kind=deadline.kind.value,
        status="due" if status == "running" and clock["acts_at"] <= now else status,
        due_on=date.fromisoformat(clock["due_on"]),
        due_at=parse_instant(clock["due_at"]),
        acts_at=parse_instant(clock["acts_at"]),
        basis=deadline.basis,
        record={key: value for key, value in clock.items() if key != "status"},
        is_provisional=due.provisional,
        explanation={language: tuple(explain(due, language)) for language in LANGUAGES},
    )


def _file(path: str | Path) -> Path:
    """Return the file of this path, or the shipped definition of this name."""
    file = Path(path)
    if not file.exists() and (shipped := shipped_definition(str(path))) is not None:
        return shipped
    if not file.is_file():
        raise InvalidCall(what="no-file", path=str(path))
    return file


def _available(option: Option) -> Available:
    handler = option.handler
    return Available(
        trigger=option.trigger,
        title=handler.title,
        is_allowed=option.is_allowed,
        required=handler.required,
        optional=handler.optional,
        attach=handler.attach,
        is_reason_required=handler.reason_required,
        by=tuple(str(ref) for ref in handler.by),
        basis=handler.basis,
        reasons=option.reasons,
        unknown=option.unknown,
    )
