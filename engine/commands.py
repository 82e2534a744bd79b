"""A command from call to commit: read, ask facts, lock, decide, seal, write, answer.

Owns the one path by which a case changes, whoever asks: a caller, the sweep, the command line. One
transaction a command, the store's own or the host's; nothing here decides. Called by
``engine.runtime``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from engine import faults
from engine.documents import Attached
from engine.errors import Contention, DuplicateRequest, EngineError, IdempotencyMismatch, StaleCase
from engine.events import REMINDER
from engine.facts import Asked, Facts, FactsLacking
from engine.families import Families
from engine.ids import uuid7
from engine.legible import illegible
from engine.others import Others
from engine.refused import CaseNotFound, InvalidCall, Refused
from engine.registry import Registry
from engine.requests import is_same, request_row
from engine.store import Store
from engine.store.port import (
    RefusalRow,
    RequestRow,
    SealedEntry,
    Transaction,
)
from engine.timers import Swept
from engine.views import Case
from engine.writing import earliest, open_entries, writes_of
from workflow.case import CaseState, Decision, OnCase, Open, Refusal, Tick, World
from workflow.chart.process import Process
from workflow.step.decide import decide
from workflow.step.environment import FactsNeeded
from workflow.step.evolve import fold
from workflow.step.family import Change, FamilyFacts, is_family
from workflow.step.wording import in_words
from workflow.time.deadlines import day_in_zone, instant_text

ATTEMPTS = 5
"""How often a command is tried when others were quicker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One of several commands that go into one transaction."""

    case_id: str
    command: OnCase
    attached: Attached


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command led to, and the earliest instant at which something of it will be due."""

    case: Case
    due_at: str | None = None


class Commands:
    """Executes commands on one store for one tenant.

    Args:
        clock: Gives the instant, aware; asked after the case is locked.
        is_virtual: Whether that is virtual time.
    """

    def __init__(
        self,
        store: Store,
        registry: Registry,
        clock: Callable[[], datetime],
        *,
        is_virtual: bool,
        version: str,
    ) -> None:
        self.store = store
        self.registry = registry
        self.families = Families(registry)
        self.facts = Facts(Others(store, registry, self.world), self.now)
        self._clock = clock
        self._is_virtual = is_virtual
        self._version = version
        self.on_due: Callable[[str], None] = lambda due_at: None

    def now(self) -> datetime:
        """Return the instant, UTC."""
        instant = self._clock()
        if getattr(instant, "tzinfo", None) is None:  # it would be another instant on another machine
            raise InvalidCall(what="clock")
        return instant.astimezone(UTC)

    def world(self, tx: Transaction, facts: Mapping[str, Any] | None = None) -> World:
        """Return what a step may know at this moment."""
        return World(
            now=self.now(),
            calendar=self.registry.looker(tx),
            virtual=self._is_virtual,
            facts=facts or {},
            version=self._version,
        )

    # --- from a caller -----------------------------------------------------------------------------

    def open(self, workflow: str, command: Open, attached: Attached, connection: Any) -> Case:
        """Open a case; ``command`` has no id and number yet."""
        if refusal := _unwritable(command):
            raise self._refused(refusal, command, None, connection)
        return self._try(lambda asked: self._open(workflow, command, attached, asked, connection), connection)

    def fire(self, case_id: str, command: OnCase, attached: Attached, connection: Any) -> Case:
        """Fire a trigger."""
        if refusal := _unwritable(command):  # before its request id is looked up
            raise self._refused(refusal, command, case_id, connection)
        return self._try(
            lambda asked: self._fire(case_id, command, attached, asked, connection),
            connection,
            is_expecting=command.expect is not None,
        )

    def _try(self, act: Callable[[Asked], Case], connection: Any, *, is_expecting: bool = False) -> Case:
        """Run an act until it is through: ask facts where it needs them, go again where others were quicker.

        In a host's transaction nothing is tried again but for a request id met and facts asked: the
        host owns the attempt.
        """
        asked = Asked()
        lost = 0
        while True:
            try:
                return act(asked)
            except FactsLacking as lacking:
                lost += self.facts.ask(lacking, asked, connection)
                if lost == ATTEMPTS:
                    raise Contention(detail="the case moved on each time its facts were asked") from None
            except DuplicateRequest:
                lost += 1
                if lost == ATTEMPTS:
                    raise
            except (Contention, StaleCase):
                lost += 1
                if lost == ATTEMPTS or connection is not None or is_expecting:
                    raise

    def _open(self, workflow: str, command: Open, attached: Attached, asked: Asked, connection: Any) -> Case:
        with self.store.transaction(connection) as tx:
            outcome = self._open_in(tx, workflow, command, attached, asked)
        if isinstance(outcome, Refusal):
            raise self._refused(outcome, command, None, connection)
        return self._acknowledge(outcome)

    def _open_in(
        self, tx: Transaction, workflow: str, command: Open, attached: Attached, asked: Asked
    ) -> Done | Refusal:
        if command.request_id is not None and (request := tx.request(command.request_id)):
            return self._again(tx, request, command, workflow)
        process = self.registry.process(tx, workflow)
        world = self.world(tx, asked.of(None))
        command = replace(command, case_id=uuid7(world.now), tenant=tx.tenant)
        # Without a number first: a refused opening takes none, and locks no counter.
        decision = self._decide(process, None, command, world)
        if isinstance(decision, Refusal):
            return decision
        year = day_in_zone(world.now, process.definition.timezone).year
        with tx.together():  # the number comes back where nothing is written, also in a host's transaction
            command = replace(command, number=f"{workflow}/{year}/{tx.next_number(workflow, year)}")
            decision = self._decide(process, None, command, world)
            if isinstance(decision, Refusal):
                raise AssertionError("a number decides nothing")
            faults.reach("command.decided")
            return self._write(tx, process, None, decision, command, workflow, attached, world)

    def _fire(self, case_id: str, command: OnCase, attached: Attached, asked: Asked, connection: Any) -> Case:
        with self.store.transaction(connection) as tx:
            outcome = self.fire_in(tx, case_id, command, attached, asked)
        if isinstance(outcome, Refusal):
            raise self._refused(outcome, command, case_id, connection)
        return self._acknowledge(outcome)

    def _acknowledge(self, done: Done) -> Case:
        if done.due_at is not None:
            self.on_due(done.due_at)
        faults.reach("command.acknowledged")
        return done.case

    def fire_many(
        self, calls: Sequence[Call], connection: Any, *, is_atomic: bool
    ) -> tuple[Case | Refused, ...]:
        """Fire several triggers in one transaction, in the order given.

        The cases are locked first, all in one order, so that two such calls cannot wait for each other.
        A refused command writes nothing; with ``is_atomic`` it undoes its neighbours.
        """
        asked = [Asked() for _ in calls]
        lost = 0
        while lost < ATTEMPTS:
            try:
                with self.store.transaction(connection) as tx:
                    tx.lock_cases(call.case_id for call in calls)
                    with self.store.savepoint(connection):
                        outcomes = [
                            self._one_of_many(tx, call, facts, is_atomic=is_atomic)
                            for call, facts in zip(calls, asked, strict=True)
                        ]
                return tuple(one if isinstance(one, Refused) else self._acknowledge(one) for one in outcomes)
            except FactsLacking as lacking:
                at = next(i for i, call in enumerate(calls) if call.command is lacking.target)
                lost += self.facts.ask(lacking, asked[at], connection)
            except DuplicateRequest:
                lost += 1
            except (Contention, StaleCase):
                lost += 1
                if connection is not None or any(call.command.expect is not None for call in calls):
                    raise
        raise Contention(detail="others were quicker each time")

    def _one_of_many(self, tx: Transaction, call: Call, asked: Asked, *, is_atomic: bool) -> Done | Refused:
        outcome = _unwritable(call.command) or self.fire_in(
            tx, call.case_id, call.command, call.attached, asked
        )
        if isinstance(outcome, Done):
            return outcome
        refused = Refused(refusal=outcome, case_id=call.case_id)
        if is_atomic:
            raise refused
        return refused

    def fire_in(
        self, tx: Transaction, case_id: str, command: OnCase, attached: Attached, asked: Asked
    ) -> Done | Refusal:
        """Fire inside a transaction that is open; a refusal is returned and nothing is written."""
        loaded = tx.load(case_id, command.request_id)
        if loaded.request is not None:
            return self._again(tx, loaded.request, command, case_id)
        before = loaded.case
        if before is None:
            raise CaseNotFound(case_id=case_id)
        process = self.registry.process_of(tx, before)
        if is_family(process, before):
            return self._fire_in_family(tx, before, command, attached, asked)
        world = self.world(tx, asked.of(before))
        decision = self._decide(process, before, command, world)
        if isinstance(decision, Refusal):
            return decision
        faults.reach("command.decided")
        return self._write(tx, process, before, decision, command, case_id, attached, world)

    def _fire_in_family(
        self, tx: Transaction, before: CaseState, command: OnCase, attached: Attached, asked: Asked
    ) -> Done | Refusal:
        """Fire on a case that has relatives, whose locks are held with its own."""
        members = tx.family(before.id)
        world = self.world(tx, asked.of(before, members))
        with tx.together():  # as for an opening: children are numbered
            return self._fire_together(tx, members, before, command, attached, world)

    def _fire_together(
        self,
        tx: Transaction,
        members: tuple[CaseState, ...],
        before: CaseState,
        command: OnCase,
        attached: Attached,
        world: World,
    ) -> Done | Refusal:
        try:
            changes = self.families.decide(tx, members, before.id, command, world)
        except FamilyFacts as lacking:
            raise FactsLacking(
                lacking.names,
                lacking.process,
                lacking.case,
                lacking.command,
                target=command,
                family=members,
            ) from None
        if isinstance(changes, Refusal):
            return changes
        faults.reach("command.decided")
        own, *others = changes
        request = None
        if command.request_id is not None:
            request = request_row(command.request_id, command, before.id, own.case)
        writes = [
            writes_of(tx, own.process, own.before, own.decision, world, request=request, attached=attached),
            *(writes_of(tx, one.process, one.before, one.decision, world) for one in others),
        ]
        tx.apply(*writes)
        return Done(case=Case(own.process, writes[0].case), due_at=earliest(*writes))

    def _decide(
        self, process: Process, case: CaseState | None, command: Open | OnCase, world: World
    ) -> Decision | Refusal:
        try:
            return decide(process, case, command, world)
        except FactsNeeded as lacking:
            raise FactsLacking(lacking.names, process, case, command, target=command) from None

    def _refused(
        self, refusal: Refusal, command: Open | OnCase, case_id: str | None, connection: Any
    ) -> EngineError:
        """Note a refused attempt, and return what to raise."""
        error = Refused(refusal=refusal, case_id=case_id)
        if connection is None:
            row = RefusalRow(
                recorded_at=instant_text(self.now()),
                case_id=case_id or "",
                trigger=refusal.trigger or "",
                actor=_legible(command.by.id),
                code=refusal.code,
                text=json.dumps(_refusal_text(error), ensure_ascii=False),
            )
            with suppress(EngineError), self.store.transaction() as tx:
                tx.refuse(row)
        if refusal.code == "stale-case" and case_id is not None:
            reason = refusal.reasons[0]
            return StaleCase(
                case_id=case_id, number=self._number(case_id, connection), **reason.message.params
            )
        return error

    def _number(self, case_id: str, connection: Any) -> str | None:
        """Return how people call a case, for what is told them."""
        with suppress(EngineError), self.store.transaction(connection, write=False) as tx:
            if (case := tx.case(case_id)) is not None:
                return case.number
        return None

    # --- what is written ---------------------------------------------------------------------------

    def _write(
        self,
        tx: Transaction,
        process: Process,
        before: CaseState | None,
        decision: Decision,
        command: Open | OnCase,
        target: str,
        attached: Attached,
        world: World,
    ) -> Done:
        request = None
        if command.request_id is not None:
            request = request_row(command.request_id, command, target, decision.case)
        writes = writes_of(tx, process, before, decision, world, request=request, attached=attached)
        tx.apply(writes)
        return Done(case=Case(process, writes.case), due_at=earliest(writes))

    # --- asked again -------------------------------------------------------------------------------

    def _again(self, tx: Transaction, request: RequestRow, command: Open | OnCase, target: str) -> Done:
        """Answer a request id met before: the case as that command left it."""
        if not is_same(request, command, target):
            raise IdempotencyMismatch(request_id=request.request_id)
        return Done(case=self.as_of(tx, request.case_id, lambda entry: entry.seq <= request.seq))

    def as_of(self, tx: Transaction, case_id: str, until: Callable[[SealedEntry], bool]) -> Case:
        """Return a case as a prefix of its history left it.

        Raises:
            CaseNotFound: There is none, or there was none yet.
        """
        now = tx.case(case_id)
        entries = [entry for entry in tx.history(case_id) if until(entry)]
        if now is None or not entries:
            raise CaseNotFound(case_id=case_id)
        process = self.registry.process_of(tx, now)
        state = fold(open_entries(entries, tx.personal(case_id)), process.definition)
        return Case(process, replace(state, head=entries[-1].hash))

    # --- the sweep ---------------------------------------------------------------------------------

    def sweep_case(self, tx: Transaction, case_id: str) -> tuple[Swept, str | None]:
        """Take what is due of one case, and send its reminders.

        Returns:
            What was done, and the earliest instant at which something of it will be due.
        """
        before = tx.lock_case_skip_locked(case_id)
        if before is None:
            return Swept(busy=1), None
        faults.reach("sweep.locked")
        world = self.world(tx)
        now = instant_text(world.now)
        several = []
        for one in self._ticked(tx, before, world):
            due = [status.timer.path for status in tx.timers.of(one.case.id) if status.timer.due_at <= now]
            if one.entries or due:
                writes = writes_of(tx, one.process, one.before, one.decision, world, touched=due)
                several.append(writes)
        if several:
            tx.apply(*several)
        swept = Swept(
            cases=1,
            entries=sum(len(one.entries) for one in several),
            reminders=sum(event.topic.startswith(REMINDER) for one in several for event in one.events),
        )
        return swept, earliest(*several)

    def _ticked(self, tx: Transaction, before: CaseState, world: World) -> Sequence[Change]:
        """Take what is ripe of a case and its family; return the case itself, changed or not, and others."""
        process = self.registry.process_of(tx, before)
        if not is_family(process, before):
            decision = decide(process, before, Tick(), world)
            if isinstance(decision, Refusal):
                raise AssertionError("a tick is never refused")
            return [Change.of(process, before, decision)]
        family = self.families.family(tx, tx.family(before.id), world, is_numbered=True)
        family.tick(before.id)
        return [one for one in family.every if one.entries or one.case.id == before.id]


def _unwritable(command: Open | OnCase) -> Refusal | None:
    """Return why the texts of a command cannot stand in history, or must not."""
    spelled = in_words(command)
    return spelled if isinstance(spelled, Refusal) else illegible(command)


def _legible(text: str) -> str:
    """A text that every store can hold, spelled out where one cannot."""
    return text if text.isprintable() else ascii(text)


def _refusal_text(error: Refused) -> dict[str, Any]:
    """The refusal without values: what was refused is no place for a case's content."""
    return {"reasons": [{"code": reason.code, "rule": reason.rule} for reason in error.reasons]}
