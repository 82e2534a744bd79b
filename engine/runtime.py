"""`Engine`: the embedding API.

Owns nothing but the names that other systems call; each method is a few lines over the modules that do
the work. ``connection=`` takes the host's `sqlalchemy.Connection` or ORM ``Session``: the call joins
that transaction and vanishes with its rollback. Without it a call opens its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import faults
from engine.arguments import (
    NUMBER,
    TEXT,
    check,
    check_aware,
    check_calls,
    check_one,
    check_said,
    limit_of,
    party_list,
    path_list,
)
from engine.calls import call_of, require_administrator
from engine.clock import Clock
from engine.commands import Commands
from engine.documents import NONE, Attached, Attachment, attach
from engine.facts import FactRequest, Provider
from engine.forking import Forked, forget, watch
from engine.ledger import Ledger
from engine.numbers import id_of
from engine.outbox import Handler, Relay
from engine.readings import Readings
from engine.refused import InvalidCall, Refused
from engine.registry import Deployed, Registry
from engine.settings import open_store
from engine.store.port import CalendarRow, DefinitionRow, Delivery, Page, TimerStatus
from engine.sweep import Sweep
from engine.timers import Swept
from engine.version import VERSION
from engine.views import Available, Case, Duty, Explanation, HistoryEntry, Timer
from workflow.case import (
    Actor,
    Attach,
    Correct,
    Extend,
    Fire,
    OnCase,
    Open,
    Party,
    Resume,
    Suspend,
)
from workflow.definition import Definition
from workflow.durations import Duration
from workflow.durations import parse as parse_duration

if TYPE_CHECKING:
    import sqlalchemy


class Engine:
    """Workflows on one database for one tenant.

    Args:
        database: A URL (``sqlite:///kerjasama.db``, ``postgresql://…``) or the host's
            `sqlalchemy.Engine`, to which no listener is ever added.
        tenant: Whose cases; in every key.
        clock: Gives the instant, aware; virtual time, marked in every entry. ``None``: the system's.
        schema: ``upgrade`` brings the tables to this version, ``check`` only looks.
        synchronous: SQLite only: ``FULL`` (nothing acknowledged is lost) or ``NORMAL``.

    Raises:
        SchemaNewer: The database was upgraded by a newer version.
        SchemaOutdated: ``schema="check"`` and the tables are older.
        DatabaseUnusable: It is there and cannot be used, or cannot be made; trying again will not help.
        WrongArgument: Here as everywhere: an argument of another type; also a `TypeError`.

    Example:
        >>> from kerjasama import Engine
        >>> engine = Engine("sqlite://", tenant="kukar")
        >>> engine.cases().items
        ()
        >>> engine.close()
    """

    def __init__(
        self,
        database: str | sqlalchemy.Engine = "sqlite:///kerjasama.db",
        *,
        tenant: str = "default",
        clock: Callable[[], datetime] | None = None,
        schema: str = "upgrade",
        synchronous: str = "FULL",
    ) -> None:
        faults.arm_from_environment()
        check(tenant=tenant, clock=clock)
        self._store = open_store(database, tenant=tenant, schema=schema, synchronous=synchronous)
        self._registry = Registry()
        self._commands = Commands(
            self._store,
            self._registry,
            clock or _system_clock,
            is_virtual=clock is not None,
            version=VERSION,
        )
        self._readings = Readings(self._commands)
        self._sweep = Sweep(self._commands)
        self._relay = Relay(self._store, self._commands.now)
        self._clock = Clock(self._sweep, self._relay, obstacle=self._obstacle(clock is not None))
        self._commands.on_due = self._clock.wake
        self._forked = Forked(self._store, self._registry, self._relay, self._clock)
        watch(self._forked)
        self.ledger = Ledger(self._store)

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def tenant(self) -> str:
        """Whose cases these are."""
        return self._store.tenant

    def _obstacle(self, is_virtual: bool) -> str | None:
        """Return the key of the words for why no background clock can run."""
        if is_virtual:
            return "no-clock.virtual"
        if self._store.is_memory:
            return "no-clock.memory"
        return None

    def close(self) -> None:
        """Stop the clock and give back every connection."""
        forget(self._forked)
        self._clock.stop()
        self._store.close()

    # --- definitions -------------------------------------------------------------------------------

    def deploy(
        self,
        path: str | Path,
        *,
        by: Actor,
        parameters: Mapping[str, Any] | None = None,
        connection: Any = None,
    ) -> Deployed:
        """Deploy a definition or calendar file; exactly the same again changes nothing.

        A definition's calendars come along from ``calendars/`` beside it where none of that name is
        loaded. A new version of a calendar applies to cases opened afterwards; the answer says how
        many clocks of open cases it would move.

        Args:
            path: A YAML file, or the name of a shipped one (``ksdd``).
            by: Holds the host's role ``administrator``.
            parameters: Values for the workflow's parameters, by name; what is not given has its default.

        Raises:
            DefinitionRejected: The file has errors; nothing is deployed.
            DefinitionConflict: The same version is deployed with another content.
            Refused: ``by`` is no administrator.
        """
        check(path=path, by=by, parameters=parameters)
        require_administrator(by)
        given = parameters or {}
        return self._readings.deploy((path,), by=by.id, parameters=given, connection=connection)[0]

    def deploy_many(
        self, paths: Sequence[str | Path], *, by: Actor, connection: Any = None
    ) -> tuple[Deployed, ...]:
        """Deploy several files in one transaction, all or none; each as `deploy`, parameters as default."""
        path_list(paths)
        check(by=by)
        require_administrator(by)
        return self._readings.deploy(paths, by=by.id, parameters={}, connection=connection)

    def definitions(self) -> tuple[DefinitionRow, ...]:
        """Return every deployed definition version, by workflow and version."""
        return self._readings.definitions()

    def definition(self, workflow: str, version: int | None = None) -> Definition:
        """Return a deployed definition, resolved; ``version`` ``None``: the highest.

        Raises:
            DefinitionNotFound: It is not deployed.
        """
        check(workflow=workflow, version=version)
        return self._readings.definition(workflow, version)

    def calendars(self) -> tuple[CalendarRow, ...]:
        """Return every loaded calendar version, by name and version."""
        return self._readings.calendars()

    def provide(self, fact: str, provider: Provider) -> None:
        """Say who answers a fact. It is asked before the step, outside of our transaction."""
        check(fact=fact, provider=provider)
        self._commands.facts.provide(fact, provider)

    # --- commands ----------------------------------------------------------------------------------

    def open(
        self,
        workflow: str,
        *,
        by: Actor,
        fields: Mapping[str, Any] | None = None,
        parties: Sequence[Party] = (),
        documents: Mapping[str, Attachment | Sequence[Attachment]] | None = None,
        as_role: str | None = None,
        for_party: str | None = None,
        reason: str | None = None,
        comment: str | None = None,
        effective_on: date | None = None,
        request_id: str | None = None,
        connection: Any = None,
    ) -> Case:
        """Open a case of the highest deployed version.

        Raises:
            Refused: With every reason.
            DefinitionNotFound: The workflow is not deployed.
            IdempotencyMismatch: ``request_id`` was used for something else.
            WrongArgument: An argument is of another type; also a `TypeError`.
        """
        check(workflow=workflow, by=by, fields=fields, documents=documents, as_role=as_role)
        check(for_party=for_party, reason=reason, comment=comment, effective_on=effective_on)
        check(request_id=request_id)
        attached = attach(documents or {})
        command = Open(
            case_id="",
            number="",
            tenant=self.tenant,
            by=by,
            parties=party_list(parties),
            fields=dict(fields or {}),
            documents=attached.digests,
            media=attached.media,
            as_role=as_role,
            for_party=for_party,
            reason=reason,
            comment=comment,
            effective_on=effective_on,
            request_id=request_id,
        )
        return self._commands.open(workflow, command, attached, connection)

    def fire(
        self,
        case_id: str,
        trigger: str,
        *,
        by: Actor,
        fields: Mapping[str, Any] | None = None,
        documents: Mapping[str, Attachment | Sequence[Attachment]] | None = None,
        reason: str | None = None,
        comment: str | None = None,
        as_role: str | None = None,
        for_party: str | None = None,
        effective_on: date | None = None,
        request_id: str | None = None,
        expect: int | None = None,
        connection: Any = None,
    ) -> Case:
        """Fire a trigger, and return the case after it.

        Args:
            case_id: Here and everywhere its id or its number (``ksdd/2026/1``).
            trigger: Bare where one handler is enabled, else its path.
            fields: Field → value; ``per: party`` fields take the value of the party acted for, or a
                mapping party → value.
            documents: Document → path, bytes, or several of these.
            as_role: The role to act in; with ``for_party`` an act recorded for another.
            effective_on: The day on which it happened; default today in the case's zone.
            request_id: Unique per tenant: the same again has one effect and the same answer.
            expect: The revision that the caller saw.

        Raises:
            Refused: With every reason.
            StaleCase: ``expect`` is no longer the revision.
            CaseNotFound: There is no such case.
            IdempotencyMismatch: ``request_id`` was used for something else.
            Contention: Others were working on the same rows; retryable.
            WrongArgument: An argument is of another type; also a `TypeError`.
        """
        call = call_of(
            self._id(case_id, connection, write=True),
            trigger,
            by=by,
            fields=fields,
            documents=documents,
            reason=reason,
            comment=comment,
            as_role=as_role,
            for_party=for_party,
            effective_on=effective_on,
            request_id=request_id,
            expect=expect,
        )
        return self._commands.fire(call.case_id, call.command, call.attached, connection)

    def fire_many(
        self, calls: Sequence[Mapping[str, Any]], *, atomic: bool = True, connection: Any = None
    ) -> tuple[Case | Refused, ...]:
        """Fire several triggers in one transaction, in the order given.

        Args:
            calls: Mappings with ``case_id``, ``trigger`` and the keywords of `fire`.
            atomic: A refused one undoes all and is raised. ``False``: it stands as a `Refused` among
                the results, and its neighbours are written.

        Raises:
            Refused: With ``atomic``, the first refusal; nothing is written.
        """
        several = [call_of(**call) for call in check_calls(calls)]
        targets = [self._id(one.case_id, connection, write=True) for one in several]
        several = [replace(one, case_id=id_) for one, id_ in zip(several, targets, strict=True)]
        return self._commands.fire_many(several, connection, is_atomic=atomic)

    # --- acts that are no transitions ----------------------------------------------------------------

    def suspend(self, case_id: str, *, by: Actor, connection: Any = None, **said: Any) -> Case:
        """Suspend a case, under the definition's ``suspension``.

        Targets, duties and suspendable clocks stand still until it is resumed, or until its time is
        spent; a statutory clock runs on where the definition does not say otherwise.

        Args:
            said: ``reason comment as_role for_party effective_on request_id expect``, as for `fire`.

        Raises:
            Refused: With every reason; as for `fire` otherwise.
        """
        check_said(said, by=by)
        return self._act(case_id, Suspend(by=by, **said), connection)

    def resume(self, case_id: str, *, by: Actor, connection: Any = None, **said: Any) -> Case:
        """Resume a suspended case; what stood still is due as much later. Arguments as for `suspend`."""
        check_said(said, by=by)
        return self._act(case_id, Resume(by=by, **said), connection)

    def extend(
        self,
        case_id: str,
        deadline: str,
        within: Duration | str,
        *,
        by: Actor,
        connection: Any = None,
        **said: Any,
    ) -> Case:
        """Give a deadline more time, counted from its due day, under the definition's ``extension``.

        Args:
            deadline: Its path, or an end of it.
            within: ``"10 days"`` or a `Duration`.
            said: As for `suspend`.
        """
        check_said(said, by=by, deadline=deadline, within=within)
        duration = parse_duration(within) if isinstance(within, str) else within
        if duration is None:
            raise InvalidCall(what="duration", given=within)
        return self._act(case_id, Extend(by=by, deadline=deadline, within=duration, **said), connection)

    def correct(
        self, case_id: str, fields: Mapping[str, Any], *, by: Actor, connection: Any = None, **said: Any
    ) -> Case:
        """Correct fields under the definition's ``correction``; clocks that they start are counted anew.

        Args:
            fields: Field → value, ``None`` to empty it.
            said: As for `suspend`.
        """
        check_said(said, by=by, fields=fields)
        return self._act(case_id, Correct(by=by, fields=dict(fields or {}), **said), connection)

    def attach(
        self,
        case_id: str,
        documents: Mapping[str, Attachment | Sequence[Attachment]],
        *,
        by: Actor,
        connection: Any = None,
        **said: Any,
    ) -> Case:
        """Attach documents outside of any transition, under the definition's ``attachment``.

        Args:
            documents: As for `fire`.
            said: As for `suspend`.
        """
        check_said(said, by=by, documents=documents)
        attached = attach(documents)
        command = Attach(by=by, documents=attached.digests, media=attached.media, **said)
        return self._act(case_id, command, connection, attached)

    def _act(self, case_id: str, command: OnCase, connection: Any, attached: Attached = NONE) -> Case:
        return self._commands.fire(self._id(case_id, connection, write=True), command, attached, connection)

    def _id(self, case_id: str, connection: Any = None, *, write: bool = False) -> str:
        """Return the id of a case given by its id or its number."""
        check(case_id=case_id)
        return id_of(self._store, case_id, connection, write=write)

    # --- reading -----------------------------------------------------------------------------------

    def available(
        self,
        case_id: str,
        *,
        by: Actor,
        as_role: str | None = None,
        for_party: str | None = None,
        connection: Any = None,
    ) -> tuple[Available, ...]:
        """Return every trigger here, allowed or refused, with reasons; writes nothing."""
        check(by=by, as_role=as_role, for_party=for_party)
        case_id = self._id(case_id, connection)
        return self._readings.available(case_id, by, as_role, for_party, connection)

    def explain(
        self,
        case_id: str,
        trigger: str,
        *,
        by: Actor,
        fields: Mapping[str, Any] | None = None,
        documents: Mapping[str, Attachment | Sequence[Attachment]] | None = None,
        reason: str | None = None,
        as_role: str | None = None,
        for_party: str | None = None,
        effective_on: date | None = None,
        at: datetime | None = None,
        connection: Any = None,
    ) -> Explanation:
        """Say whether an act would be accepted and why not; ``at`` asks for another instant."""
        check(trigger=trigger, by=by, fields=fields, documents=documents, reason=reason, as_role=as_role)
        check(for_party=for_party, effective_on=effective_on)
        check_aware("at", at)
        attached = attach(documents or {})
        command = Fire(
            trigger=trigger,
            by=by,
            fields=dict(fields or {}),
            documents=attached.digests,
            media=attached.media,
            reason=reason,
            as_role=as_role,
            for_party=for_party,
            effective_on=effective_on,
        )
        return self._readings.explain(self._id(case_id, connection), command, at, connection)

    def case(self, case_id: str, *, as_of: datetime | None = None, connection: Any = None) -> Case:
        """Return a case, now or as it was known at a past instant. In a host's transaction it is locked."""
        check_aware("as_of", as_of)
        return self._readings.case(self._id(case_id, connection, write=True), as_of, connection)

    def children(self, case_id: str, *, connection: Any = None) -> tuple[Case, ...]:
        """Return the cases that a case opened, elder ones first.

        Raises:
            CaseNotFound: There is no such case.
        """
        return self._readings.children(self._id(case_id, connection), connection)

    def case_id(self, number: str) -> str:
        """Return the id of the case with this number (``ksdd/2026/1``).

        Raises:
            CaseNotFound: No case has it.
        """
        check(number=number)
        return self._readings.case_id(number)

    def cases(
        self,
        *,
        workflow: str | None = None,
        state: str | None = None,
        overdue: bool | None = None,
        closed: bool | None = None,
        where: Mapping[str, Any] | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[Case]:
        """Return a page of cases in order of opening; ``next`` of the page is the next ``after``.

        Args:
            state: Path of a state: cases in it or in a state inside it.
            where: Field → value, as for `fire` or as in history; ``None``: the field is empty.
            limit: How many at most, 1 or more.

        Raises:
            UnknownFilter: No deployed definition has such a workflow, state or field.
            InvalidCursor: ``after`` is the ``next`` of no page.
        """
        check(workflow=workflow, state=state, overdue=overdue, closed=closed, where=where)
        check_one("after", after, TEXT)
        return self._readings.cases(
            workflow=workflow,
            state=state,
            overdue=overdue,
            closed=closed,
            where=where,
            after=after,
            limit=limit_of(limit) or 100,
        )

    def history(self, case_id: str, *, after: int = 0, limit: int | None = None) -> tuple[HistoryEntry, ...]:
        """Return the entries of a case in order."""
        check_one("after", after, NUMBER)
        return self._readings.history(self._id(case_id), after, limit_of(limit))

    def timers(self, case_id: str) -> tuple[Timer, ...]:
        """Return the clocks of a case with their derivations, by due day."""
        return self._readings.timers(self._id(case_id))

    def obligations(self, case_id: str) -> tuple[Duty, ...]:
        """Return the open occurrences of a case's duties and the next to come, by due day."""
        return self._readings.obligations(self._id(case_id))

    def content(self, digest: str) -> bytes | None:
        """Return a document by its SHA-256."""
        check(digest=digest)
        return self._readings.content(digest)

    # --- time --------------------------------------------------------------------------------------

    def tick(self, *, limit: int | None = None) -> Swept:
        """Take what is due now, and deliver the outbox to the handlers subscribed here."""
        swept = self._sweep.run(limit=limit_of(limit))
        self._relay.run()
        return swept

    def start(self) -> None:
        """Start the background clock and the outbox relay."""
        self._clock.start()

    def stop(self) -> None:
        """Stop them; what is under way is finished first."""
        self._clock.stop()

    def subscribe(self, consumer: str, pattern: str, handler: Handler, *, from_start: bool = False) -> None:
        """Deliver events to ``handler``: at least once, in order per case, under a durable name.

        Args:
            consumer: Durable name; the same after a restart goes on where it was.
            pattern: ``case.*``, ``reminder.*`` or a topic (`fnmatch`).
            handler: Called with a `Delivery`; its ``key`` is the idempotency key. An exception means
                another attempt later, and after several a dead letter.
        """
        check(consumer=consumer, pattern=pattern, handler=handler)
        self._relay.subscribe(consumer, pattern, handler, from_start=from_start)

    def dead_timers(self, *, limit: int = 100) -> tuple[TimerStatus, ...]:
        """Return the timers that failed too often, with the error."""
        return self._sweep.dead(limit_of(limit) or 100)

    def revive(self, case_id: str) -> int:
        """Try the dead timers of a case again."""
        return self._sweep.revive(self._id(case_id))

    def dead_letters(self, consumer: str, *, limit: int = 100) -> tuple[Delivery, ...]:
        """Return the events that a consumer failed on too often, with the error, in order."""
        check(consumer=consumer)
        return self._relay.dead(consumer, limit_of(limit) or 100)

    def redeliver(self, consumer: str, delivery_id: int) -> bool:
        """Try a dead letter again; later events of its case may have been delivered before it."""
        check(consumer=consumer, delivery_id=delivery_id)
        return self._relay.revive(consumer, delivery_id)

    def health(self) -> Mapping[str, Any]:
        """Return the last sweep, what waits in the outbox, and what is dead."""
        return {**self._sweep.health(), **self._relay.health(), **self._clock.health()}


def _system_clock() -> datetime:
    return datetime.now(UTC)


__all__ = ["Case", "Engine", "FactRequest"]
