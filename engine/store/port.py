"""The store's port: the values that go in and out, and what a transaction can do.

Owns the contract between the runtime and whatever keeps the rows. It knows no SQL, no dialect and no
decision. The runtime reads and writes through `Transaction` only; ``engine.store.Store`` makes one.

Order inside a command: look (`Transaction.load` with ``lock=True``), decide, `Transaction.apply` once.
Everything of one `Writes` is written or nothing is. After `apply` has raised, a transaction on the
store's own pool can only be rolled back; on a host's connection the host's transaction stays usable,
unless the database itself has aborted it (then the error is a retryable `Contention`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from workflow.case import CaseState
from workflow.definition import Json
from workflow.history.sealing import PersonalRow, SealedEntry

__all__ = [
    "CalendarRow",
    "Content",
    "DefinitionRow",
    "Definitions",
    "Delivery",
    "DueCase",
    "Event",
    "Loaded",
    "Outbox",
    "Page",
    "PersonalRow",
    "RefusalRow",
    "RequestRow",
    "SealedEntry",
    "TimerRow",
    "TimerStatus",
    "Timers",
    "Transaction",
    "Writes",
]

if TYPE_CHECKING:
    from engine.store.audit import Audit

T = TypeVar("T")


# --- what is written -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerRow:
    """A due instant. ``kind``: ``act occurrence overdue reminder``.

    ``mark`` tells rows of one path and kind apart: the occurrence's date, a reminder's label, or "".
    """

    path: str
    kind: str
    due_at: str
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A row for the outbox. ``seq`` is the entry's, 0 for reminders; ``payload`` is JSON text."""

    topic: str
    seq: int
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """What is remembered of a request id: never an answer, only a salted digest of the content."""

    request_id: str
    case_id: str
    seq: int
    salt: bytes
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A file by its SHA-256 (hex)."""

    digest: str
    body: bytes
    media_type: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Writes:
    """Everything that one command writes about one case.

    Attributes:
        before: The case as it was read, ``None`` at opening. ``apply`` compares revision and seq.
        case: The case afterwards.
        entries: In order of ``seq``, none missing.
        timers: The complete set of rows for every path in ``timer_paths``.
        timer_paths: Rows of these paths that are not in ``timers`` are removed.
        events: In the order in which consumers get them.
        contents: Files that this command attaches; one already there is left alone.
    """

    before: CaseState | None
    case: CaseState
    entries: tuple[SealedEntry, ...] = ()
    personal: tuple[PersonalRow, ...] = ()
    timers: tuple[TimerRow, ...] = ()
    timer_paths: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    request: RequestRow | None = None
    contents: tuple[Content, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalRow:
    """A refused attempt, for the stream beside history. ``text``: the refusal as JSON text."""

    recorded_at: str
    case_id: str
    trigger: str
    actor: str
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionRow:
    """A deployed definition version. ``sources``: file name → YAML text, the workflow's own first."""

    workflow: str
    version: int
    digest: str
    sources: Mapping[str, str]
    canonical: str
    deployed_by: str
    deployed_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRow:
    """A loaded calendar version. ``sources``: file name → YAML text, the calendar's own first."""

    name: str
    version: int
    digest: str
    sources: Mapping[str, str]
    canonical: str
    loaded_by: str
    loaded_at: str


# --- what is read --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A case and, where asked for, what is remembered of a request id."""

    case: CaseState | None
    request: RequestRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Rows in order, and the opaque cursor of the next page (``None``: that was all)."""

    items: tuple[T, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCase:
    """A case with a timer that is due; ``due_at`` is the earliest."""

    case_id: str
    due_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerStatus:
    """A timer row with what became of its attempts. ``is_dead``: no longer tried, see ``error``."""

    case_id: str
    timer: TimerRow
    attempts: int = 0
    retry_at: str | None = None
    error: str | None = None
    is_dead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event on its way to a consumer.

    ``key`` is the same at every attempt and differs between any two events: the idempotency key.
    ``attempts`` counts the failed ones before this.
    """

    id: int
    key: str
    case_id: str
    topic: str
    seq: int
    payload: str
    recorded_at: str
    attempts: int = 0
    error: str | None = None


# --- what a transaction can do -------------------------------------------------------------------


class Definitions(Protocol):
    """Deployed definitions and loaded calendars."""

    def put(self, row: DefinitionRow) -> bool:
        """Keep a definition version; ``False``: it was there already, with the same digest.

        Raises:
            DefinitionConflict: The same workflow and version is there with another digest.
        """
        ...

    def get(self, workflow: str, version: int | None = None) -> DefinitionRow | None:
        """Return one version, or the highest where ``version`` is ``None``."""
        ...

    def all(self, workflow: str | None = None) -> tuple[DefinitionRow, ...]:
        """Return every version, by workflow and version."""
        ...

    def put_calendar(self, row: CalendarRow) -> bool:
        """Keep a calendar version; ``False``: it was there already, with the same digest.

        Raises:
            DefinitionConflict: The same name and version is there with another digest.
        """
        ...

    def calendar(self, name: str, version: int | None = None) -> CalendarRow | None:
        """Return one version, or the highest where ``version`` is ``None``."""
        ...

    def calendar_by_digest(self, digest: str) -> CalendarRow | None:
        """Return the calendar version with this digest."""
        ...

    def calendars(self, name: str | None = None) -> tuple[CalendarRow, ...]:
        """Return every version, by name and version."""
        ...


class Timers(Protocol):
    """Due instants. The sweep looks (without lock), locks the *case*, decides, applies."""

    def due(self, now: str, limit: int) -> tuple[DueCase, ...]:
        """Return cases with a timer due at ``now``, earliest first; takes no lock.

        A case whose earliest due timer waits for a retry or is dead is left out altogether, so that
        nothing of it overtakes.
        """
        ...

    def next_due(self) -> str | None:
        """Return the earliest instant at which `due` will have something to say."""
        ...

    def of(self, case_id: str) -> tuple[TimerStatus, ...]:
        """Return the timers of a case by due instant."""
        ...

    def failed(self, case_id: str, timer: TimerRow, *, error: str, retry_at: str | None) -> None:
        """Count a failed attempt; ``retry_at`` ``None`` makes the timer dead."""
        ...

    def dead(self, limit: int) -> tuple[TimerStatus, ...]:
        """Return dead timers by due instant."""
        ...

    def revive(self, case_id: str) -> int:
        """Try the dead timers of a case again; returns how many there were."""
        ...


class Outbox(Protocol):
    """Events for durable consumers: at least once, in order per case.

    A relay takes a lease and a batch in one transaction, calls the handlers outside of it, and reports
    in another. A failed event holds back later ones of the same case and consumer only; a dead one is
    set aside.
    """

    def register(self, consumer: str, pattern: str, *, from_start: bool = False) -> None:
        """Make a consumer known, or change its pattern (``case.*``, ``*``; `fnmatch`).

        A new consumer gets what is written from now on, or with ``from_start`` what is still kept.
        """
        ...

    def take(
        self, consumer: str, *, owner: str, now: str, lease_until: str, limit: int
    ) -> tuple[Delivery, ...] | None:
        """Take the lease and return what can be handed over now; ``None``: another owner has it.

        One call looks at a bounded number of events, so that it can be empty although there are more
        (`is_behind`): none of those looked at was for this consumer.
        """
        ...

    def is_behind(self, consumer: str) -> bool:
        """Whether there are events that were not looked at yet for this consumer."""
        ...

    def delivered(self, consumer: str, owner: str, ids: tuple[int, ...]) -> bool:
        """Forget what was handed over; ``False``: the lease is no longer ``owner``'s."""
        ...

    def failed(self, consumer: str, owner: str, id: int, *, error: str, retry_at: str | None) -> bool:
        """Count a failed attempt; ``retry_at`` ``None`` makes it dead."""
        ...

    def release(self, consumer: str, owner: str) -> None:
        """Give the lease back."""
        ...

    def pending(self, consumer: str) -> int:
        """Count what the consumer has not had yet (dead ones apart)."""
        ...

    def dead(self, consumer: str, limit: int) -> tuple[Delivery, ...]:
        """Return dead letters in order."""
        ...

    def revive(self, consumer: str, id: int) -> bool:
        """Try a dead letter again."""
        ...

    def purge(self, before: str) -> int:
        """Remove events recorded before an instant that every consumer has had."""
        ...


class Transaction(Protocol):
    """One transaction for one tenant: the store's own, or a host's that was joined."""

    @property
    def tenant(self) -> str:
        """The tenant that every row read and written here belongs to."""
        ...

    @property
    def definitions(self) -> Definitions:
        """Definitions and calendars."""
        ...

    @property
    def timers(self) -> Timers:
        """Timers."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Events for consumers."""
        ...

    @property
    def audit(self) -> Audit:
        """What verification reads beyond what commands do."""
        ...

    def load(self, case_id: str, request_id: str | None = None, *, lock: bool = True) -> Loaded:
        """Read a case and a request id in one round trip; with ``lock`` the case is locked first.

        Before it the cases above it are locked, the outermost first: whoever changes a case holds its
        whole family.
        """
        ...

    def case(self, case_id: str, *, lock: bool = False) -> CaseState | None:
        """Read a case; with ``lock`` nobody else can change it until the transaction ends."""
        ...

    def case_id(self, number: str) -> str | None:
        """Return the id of the case with a number."""
        ...

    def lock_case_skip_locked(self, case_id: str) -> CaseState | None:
        """Lock and read a case; ``None`` at once where another holds it (or there is none)."""
        ...

    def lock_cases(self, case_ids: Iterable[str]) -> None:
        """Lock several cases and those above them, in one order that is the same for everybody."""
        ...

    def family(self, case_id: str) -> tuple[CaseState, ...]:
        """Return every case of a case's family, itself too, parents before children, elder ones first."""
        ...

    def children(self, case_id: str) -> tuple[CaseState, ...]:
        """Return the cases that a case opened, elder ones first."""
        ...

    def request(self, request_id: str) -> RequestRow | None:
        """Return what is remembered of a request id. After the case's lock it is up to date."""
        ...

    def next_number(self, workflow: str, year: int) -> int:
        """Count one up for this workflow and year; the counter is locked until the end."""
        ...

    def together(self) -> AbstractContextManager[object]:
        """Undo what is inside where it raises, also in a host's transaction that goes on."""
        ...

    def apply(self, *writes: Writes) -> None:
        """Write all of it or nothing; of several cases the one first that carries the request.

        Raises:
            DuplicateRequest: The request id is there already (the caller reads it and answers).
            StaleCase: The case is no longer at ``writes.before``'s revision and seq.
            Contention: Retryable.
        """
        ...

    def content(self, digest: str) -> Content | None:
        """Return a file by its SHA-256."""
        ...

    def refuse(self, row: RefusalRow) -> None:
        """Note a refused attempt; in a transaction of its own."""
        ...

    def refusals(self, case_id: str, limit: int = 100) -> tuple[RefusalRow, ...]:
        """Return refused attempts at a case, latest first."""
        ...

    def cases(
        self,
        *,
        workflow: str | None = None,
        state: str | None = None,
        overdue: bool | None = None,
        closed: bool | None = None,
        where: Mapping[str, Json] | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[CaseState]:
        """Return cases by id (time of opening).

        Args:
            workflow: Name of the workflow.
            state: Path of a state that is active, a leaf or one around it.
            overdue: Whether something of it is marked overdue.
            closed: Whether it has ended.
            where: Field → value as in history; ``None`` for empty. A ``many`` or ``per: party`` field
                matches where one of its values does.
            after: The cursor of the page before.
            limit: Cases on a page.

        Raises:
            InvalidCursor: ``after`` is no cursor of ours.
        """
        ...

    def history(self, case_id: str, *, after: int = 0, limit: int | None = None) -> tuple[SealedEntry, ...]:
        """Return the entries of a case with ``seq > after``, in order."""
        ...

    def personal(self, case_id: str) -> tuple[PersonalRow, ...]:
        """Return the personal values of a case by seq."""
        ...
