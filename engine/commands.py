"""A command from call to commit: read, ask facts, lock, decide, seal, write, answer.

Owns the one path by which a case changes, whoever asks: a caller, the sweep, the command line. One
transaction a command, the store's own or the host's; nothing here decides. Called by
``engine.runtime``.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from engine import faults
from engine.documents import Attached
from engine.errors import Contention, DuplicateRequest, EngineError, IdempotencyMismatch, StaleCase
from engine.ids import uuid7
from engine.refused import CaseNotFound, FactUnknown, ProviderFailed, Refused
from engine.registry import Registry
from engine.store import Store
from engine.store.port import (
    Event,
    PersonalRow,
    RefusalRow,
    RequestRow,
    SealedEntry,
    TimerRow,
    Transaction,
    Writes,
)
from engine.timers import Swept, changed_paths, reminder_rows, timer_rows
from engine.views import Case
from workflow.case import Actor, Body, CaseState, Decision, Fire, Open, Refusal, Tick, World
from workflow.clocks import calendars_of
from workflow.deadlines import day_in_zone, instant_text
from workflow.decide import decide
from workflow.environment import FactsNeeded
from workflow.evolve import fold
from workflow.expressions import encode
from workflow.process import Process
from workflow.sealing import seal, unseal

ATTEMPTS = 5
"""How often a command is tried when others were quicker."""

_dumps = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=lambda wrapped: wrapped.value
).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRequest:
    """What a provider is told: which fact, for which case (``None`` at opening) and which act."""

    fact: str
    case: Case | None
    trigger: str | None
    by: Actor
    fields: Mapping[str, Any]


Provider: TypeAlias = Callable[[FactRequest], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One of several commands that go into one transaction."""

    case_id: str
    command: Fire
    attached: Attached


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
        self.providers: dict[str, Provider] = {}
        self._clock = clock
        self._is_virtual = is_virtual
        self._version = version
        self.on_due: Callable[[str], None] = lambda due_at: None

    def now(self) -> datetime:
        """Return the instant, UTC."""
        return self._clock().astimezone(UTC)

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
        return self._try(
            lambda facts: self._open(workflow, command, attached, facts, connection), command, connection
        )

    def fire(self, case_id: str, command: Fire, attached: Attached, connection: Any) -> Case:
        """Fire a trigger."""
        return self._try(
            lambda facts: self._fire(case_id, command, attached, facts, connection), command, connection
        )

    def _try(self, act: Callable[[Mapping[str, Any]], Case], command: Open | Fire, connection: Any) -> Case:
        """Run an act until it is through: ask facts where it needs them, go again where others were quicker.

        In a host's transaction nothing is tried again but for a request id met and facts asked: the
        host owns the attempt.
        """
        facts: dict[str, Any] = {}
        for attempt in range(ATTEMPTS):
            is_last = attempt == ATTEMPTS - 1
            try:
                return act(facts)
            except _Ask as ask:
                if is_last:
                    raise FactUnknown(fact=", ".join(ask.names)) from None
                facts |= {name: self._ask(name, ask, command) for name in ask.names}
            except DuplicateRequest:
                if is_last:
                    raise
            except (Contention, StaleCase):
                if is_last or connection is not None or getattr(command, "expect", None) is not None:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _ask(self, name: str, ask: _Ask, command: Open | Fire) -> Any:
        provider = self.providers.get(name)
        if provider is None:
            raise FactUnknown(fact=name)
        request = FactRequest(
            fact=name,
            case=ask.case,
            trigger=command.trigger if isinstance(command, Fire) else None,
            by=command.by,
            fields=command.fields,
        )
        try:
            value = provider(request)
        except EngineError:
            raise
        except Exception as error:
            raise ProviderFailed(fact=name, detail=f"{type(error).__name__}: {error}") from error
        try:
            encode(ask.process.definition.facts[name], value)
        except ValueError as error:
            raise ProviderFailed(fact=name, detail=str(error)) from error
        return value

    def _open(
        self, workflow: str, command: Open, attached: Attached, facts: Mapping[str, Any], connection: Any
    ) -> Case:
        with self.store.transaction(connection) as tx:
            if command.request_id is not None and (request := tx.request(command.request_id)):
                return self._again(tx, request, command)
            process = self.registry.process(tx, workflow)
            world = self.world(tx, facts)
            year = day_in_zone(world.now, process.definition.timezone).year
            n = tx.next_number(workflow, year)
            command = replace(
                command, case_id=uuid7(world.now), number=f"{workflow}/{year}/{n}", tenant=tx.tenant
            )
            decision = self._decide(process, None, command, world)
            if isinstance(decision, Decision):
                case = self._write(tx, process, None, decision, command, attached, world)
                faults.reach("store.applied")
        if isinstance(decision, Refusal):
            self._refused(decision, command, None, connection)
        faults.reach("command.acknowledged")
        return case

    def _fire(
        self, case_id: str, command: Fire, attached: Attached, facts: Mapping[str, Any], connection: Any
    ) -> Case:
        with self.store.transaction(connection) as tx:
            decision, case = self.fire_in(tx, case_id, command, attached, facts)
        if isinstance(decision, Refusal):
            self._refused(decision, command, case_id, connection)
        faults.reach("command.acknowledged")
        if case is None:
            raise CaseNotFound(case_id=case_id)
        return case

    def fire_many(
        self, calls: Sequence[Call], connection: Any, *, is_atomic: bool
    ) -> tuple[Case | Refused, ...]:
        """Fire several triggers in one transaction, in the order given.

        The cases are locked in the order of their ids, so that two such calls cannot wait for each
        other. A refused command writes nothing; with ``is_atomic`` it undoes its neighbours.
        """
        facts: list[dict[str, Any]] = [{} for _ in calls]
        for _ in range(ATTEMPTS * max(1, len(calls))):
            try:
                with self.store.transaction(connection) as tx:
                    for case_id in sorted({call.case_id for call in calls}):
                        tx.case(case_id, lock=True)
                    nested = connection.begin_nested() if connection is not None else nullcontext()
                    with nested:
                        return tuple(
                            self._one_of_many(tx, call, given, is_atomic=is_atomic)
                            for call, given in zip(calls, facts, strict=True)
                        )
            except _Ask as ask:
                at = next(i for i, call in enumerate(calls) if call.command is ask.command)
                facts[at] |= {name: self._ask(name, ask, calls[at].command) for name in ask.names}
            except DuplicateRequest:
                continue
            except (Contention, StaleCase):
                if connection is not None or any(call.command.expect is not None for call in calls):
                    raise
        raise Contention(detail="others were quicker each time")

    def _one_of_many(
        self, tx: Transaction, call: Call, facts: Mapping[str, Any], *, is_atomic: bool
    ) -> Case | Refused:
        decision, case = self.fire_in(tx, call.case_id, call.command, call.attached, facts)
        if isinstance(decision, Refusal):
            refused = Refused(refusal=decision, case_id=call.case_id)
            if is_atomic:
                raise refused
            return refused
        if case is None:
            raise CaseNotFound(case_id=call.case_id)
        return case

    def fire_in(
        self, tx: Transaction, case_id: str, command: Fire, attached: Attached, facts: Mapping[str, Any]
    ) -> tuple[Decision | Refusal | None, Case | None]:
        """Fire inside a transaction that is open; a refusal is returned and nothing is written."""
        loaded = tx.load(case_id, command.request_id)
        if loaded.request is not None:
            return None, self._again(tx, loaded.request, command)
        before = loaded.case
        if before is None:
            return None, None
        process = self.registry.process(tx, before.workflow, before.version)
        world = self.world(tx, facts)
        decision = self._decide(process, before, command, world)
        if isinstance(decision, Refusal):
            return decision, None
        faults.reach("command.decided")
        return decision, self._write(tx, process, before, decision, command, attached, world)

    def _decide(
        self, process: Process, case: CaseState | None, command: Open | Fire, world: World
    ) -> Decision | Refusal:
        try:
            return decide(process, case, command, world)
        except FactsNeeded as lacking:
            shown = Case(process, case) if case is not None else None
            raise _Ask(lacking.names, process, shown, command) from None

    def _refused(self, refusal: Refusal, command: Open | Fire, case_id: str | None, connection: Any) -> None:
        error = Refused(refusal=refusal, case_id=case_id)
        if connection is None:
            row = RefusalRow(
                recorded_at=instant_text(self.now()),
                case_id=case_id or "",
                trigger=refusal.trigger or "",
                actor=command.by.id,
                code=refusal.code,
                text=json.dumps(_refusal_text(error), ensure_ascii=False),
            )
            with suppress(EngineError), self.store.transaction() as tx:
                tx.refuse(row)
        if refusal.code == "stale-case" and case_id is not None:
            reason = refusal.reasons[0]
            raise StaleCase(case_id=case_id, **reason.message.params)
        raise error

    # --- what is written ---------------------------------------------------------------------------

    def _write(
        self,
        tx: Transaction,
        process: Process,
        before: CaseState | None,
        decision: Decision,
        command: Open | Fire,
        attached: Attached,
        world: World,
    ) -> Case:
        request = None
        if command.request_id is not None:
            salt = os.urandom(32)
            request = RequestRow(
                request_id=command.request_id,
                case_id=decision.case.id,
                seq=decision.case.seq,
                salt=salt,
                digest=_content_digest(salt, command),
            )
        writes = self.writes(process, before, decision, world, request=request, attached=attached)
        tx.apply(writes)
        return Case(process, writes.case)

    def writes(
        self,
        process: Process,
        before: CaseState | None,
        decision: Decision,
        world: World,
        *,
        request: RequestRow | None = None,
        attached: Attached | None = None,
        reminded: tuple[Event, ...] = (),
        touched: tuple[str, ...] = (),
    ) -> Writes:
        """Return everything that a decision writes.

        Args:
            reminded: Events of reminders that are due; ``touched``: the paths whose rows they are.
        """
        sealed = seal(decision.entries, head=before.head if before else "", salt=_salt)
        case = replace(decision.case, head=sealed.head)
        paths = tuple(dict.fromkeys((*changed_paths(process, before, case), *touched)))
        rows: list[TimerRow] = []
        if paths:
            now = instant_text(world.now)
            calendars = calendars_of(process, case, world)
            for path in paths:
                rows.extend(timer_rows(process, case, path))
                rows.extend(reminder_rows(process, case, path, calendars, now))
        for row in rows:
            self.on_due(row.due_at)
        return Writes(
            before=before,
            case=case,
            entries=sealed.entries,
            personal=sealed.personal,
            timers=tuple(rows),
            timer_paths=paths,
            events=(*(_event(body, case.number) for body in decision.entries), *reminded),
            request=request,
            contents=attached.contents if attached else (),
        )

    # --- asked again -------------------------------------------------------------------------------

    def _again(self, tx: Transaction, request: RequestRow, command: Open | Fire) -> Case:
        """Answer a request id met before: the case as that command left it."""
        if request.salt and _content_digest(request.salt, command) != request.digest:
            raise IdempotencyMismatch(request_id=request.request_id)
        return self.as_of(tx, request.case_id, lambda entry: entry.seq <= request.seq)

    def as_of(self, tx: Transaction, case_id: str, until: Callable[[SealedEntry], bool]) -> Case:
        """Return a case as a prefix of its history left it.

        Raises:
            CaseNotFound: There is none, or there was none yet.
        """
        now = tx.case(case_id)
        entries = [entry for entry in tx.history(case_id) if until(entry)]
        if now is None or not entries:
            raise CaseNotFound(case_id=case_id)
        process = self.registry.process(tx, now.workflow, now.version)
        state = fold(open_entries(entries, tx.personal(case_id)), process.definition)
        return Case(process, replace(state, head=entries[-1].hash))

    # --- the sweep ---------------------------------------------------------------------------------

    def sweep_case(self, tx: Transaction, case_id: str) -> Swept:
        """Take what is due of one case, and send its reminders."""
        before = tx.lock_case_skip_locked(case_id)
        if before is None:
            return Swept(busy=1)
        faults.reach("sweep.locked")
        process = self.registry.process(tx, before.workflow, before.version)
        world = self.world(tx)
        decision = decide(process, before, Tick(), world)
        if isinstance(decision, Refusal):
            raise AssertionError("a tick is never refused")
        now = instant_text(world.now)
        due = [status.timer for status in tx.timers.of(case_id) if status.timer.due_at <= now]
        reminders = [
            _reminder(process, decision.case, timer)
            for timer in due
            if timer.kind == "reminder" and decision.case.closed_at is None
        ]
        touched = tuple(dict.fromkeys(timer.path for timer in due))
        writes = self.writes(process, before, decision, world, reminded=tuple(reminders), touched=touched)
        if writes.entries or reminders or touched:
            tx.apply(writes)
        return Swept(cases=1, entries=len(writes.entries), reminders=len(reminders))


class _Ask(Exception):
    """Facts to be asked outside of the transaction."""

    def __init__(
        self, names: tuple[str, ...], process: Process, case: Case | None, command: Open | Fire
    ) -> None:
        super().__init__(names)
        self.names = names
        self.process = process
        self.case = case
        self.command = command


def open_entries(entries: list[SealedEntry], rows: tuple[PersonalRow, ...]) -> list[Body]:
    """Return entries as drafts again, personal values put in where they are still there."""
    by_seq: dict[int, list[PersonalRow]] = {}
    for row in rows:
        by_seq.setdefault(row.seq, []).append(row)
    return [unseal(json.loads(entry.text), by_seq.get(entry.seq, ())).body for entry in entries]


def _salt() -> bytes:
    return os.urandom(32)


def _event(body: Body, number: str) -> Event:
    payload = _dumps({**body, "number": number})
    return Event(topic=f"case.{body['kind']}", seq=body["seq"], payload=payload)


def _reminder(process: Process, case: CaseState, timer: TimerRow) -> Event:
    clock = process.deadlines.get(timer.path) or process.obligations[timer.path]
    remind = clock.remind
    body: dict[str, Any] = {
        "tenant": case.tenant,
        "case": case.id,
        "number": case.number,
        "workflow": case.workflow,
        "path": timer.path,
        "mark": timer.mark,
        "remind_at": timer.due_at,
        "to": [str(ref) for ref in remind.to] if remind else [],
        "basis": list(clock.basis),
    }
    if timer.path in case.clocks:
        body["due_on"] = case.clocks[timer.path]["due_on"]
    if clock.title is not None:
        body["title"] = {"id": clock.title.text("id"), "en": clock.title.text("en")}
    return Event(topic=f"reminder.{timer.path}", seq=0, payload=_dumps(body))


def _content_digest(salt: bytes, command: Open | Fire) -> str:
    """Digest of what a request asks, so that a repeat can be told from another request."""
    content: dict[str, Any] = {
        "by": command.by.id,
        "as_role": command.as_role,
        "for_party": command.for_party,
        "fields": {name: _spelled(value) for name, value in command.fields.items()},
        "documents": {name: list(digests) for name, digests in command.documents.items()},
        "reason": command.reason,
        "comment": command.comment,
        "effective_on": str(command.effective_on) if command.effective_on else None,
    }
    if isinstance(command, Fire):
        content["trigger"] = command.trigger
    else:
        content["parties"] = [[party.id, party.side, party.name] for party in command.parties]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(salt + text.encode("utf-8", "surrogatepass")).hexdigest()


def _spelled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _spelled(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_spelled(one) for one in value]
    return value if isinstance(value, (bool, int, str)) or value is None else str(value)


def _refusal_text(error: Refused) -> dict[str, Any]:
    """The refusal without values: what was refused is no place for a case's content."""
    return {"reasons": [{"code": reason.code, "rule": reason.rule} for reason in error.reasons]}
