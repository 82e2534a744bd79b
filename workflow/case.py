"""A case, what is asked of it, and the answer: the values that go in and out of ``decide``.

Owns the snapshot of a case, the commands, the decision and the refusal. All are frozen and are
plain data: values of fields stand as in history (see ``definition.FieldType``), instants as UTC
text in history's fixed form, so that they compare as text. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from workflow.definition import Json
from workflow.errors import WorkflowError

if TYPE_CHECKING:
    from workflow.definition import Definition
    from workflow.durations import Duration
    from workflow.locale import Message
    from workflow.time.calendars import Calendar

OneT = TypeVar("OneT")

SEMANTICS = 1
"""Version of the decision function; raised when the same input would be decided otherwise."""

Body: TypeAlias = dict[str, Any]
"""The draft of a history entry: its keys as in history, personal values wrapped in `Personal`."""


@dataclass(frozen=True, slots=True)
class Personal:
    """A personal value or comment on its way into history, where only its commitment will stand."""

    value: Json


# --- who ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """The authority that an actor acts under, as the host vouches for it."""

    id: str
    role: str
    digest: str
    party: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. The host says who someone is; the engine decides what they may do.

    Args:
        id: Opaque, never an identity number. ``clock child parent engine`` are reserved.
        roles: Names of the roles held.
        party: Id of the party for which they are held; ``None`` for someone outside the parties.
        mandates: Authorities held; checked on the day of the act.
    """

    id: str
    roles: tuple[str, ...] = field(default=(), kw_only=True)
    party: str | None = field(default=None, kw_only=True)
    mandates: tuple[Mandate, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        example = 'Actor("rina", roles=["opd"], party="kukar")'
        _require("Actor.id", self.id, (str,), "text", example)
        _require("Actor.party", self.party, (str, type(None)), "the id of a party, or None", example)
        object.__setattr__(self, "roles", _several("Actor.roles", self.roles, str, "role names", example))
        example = 'Mandate(id="SK-7", role="opd", digest="…")'
        mandates = _several("Actor.mandates", self.mandates, Mandate, "Mandate", f"mandates=[{example}]")
        object.__setattr__(self, "mandates", mandates)


@dataclass(frozen=True, slots=True)
class Party:
    """A government or body in the cooperation, on one side of it."""

    id: str
    side: str = field(kw_only=True)
    name: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        example = 'Party("kukar", side="pemrakarsa", name="Kutai Kartanegara")'
        _require("Party.id", self.id, (str,), "text", example)
        _require("Party.side", self.side, (str,), "text", example)
        _require("Party.name", self.name, (str, type(None)), "text, or None", example)


def _require(name: str, given: object, takes: tuple[type, ...], wanted: str, example: str) -> None:
    if not isinstance(given, takes):
        raise TypeError(f"{name} is {wanted}, not {type(given).__name__}; for instance {example}")


def _several(name: str, given: object, kind: type[OneT], wanted: str, example: str) -> tuple[OneT, ...]:
    """Return what was given as a tuple; a single text is no list of its letters."""
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        found = type(given).__name__
        raise TypeError(f"{name} is a list or tuple of {wanted}, not {found}; for instance {example}")
    several = tuple(given)
    for one in several:
        if not isinstance(one, kind):
            found = type(one).__name__
            raise TypeError(
                f"{name} is a list or tuple of {wanted}, {found} among them; for instance {example}"
            )
    return several


# --- the snapshot --------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CaseState:
    """Everything that a step may know of a case; the fold of its history.

    Without slots, so that `changed_case` can copy it whole.

    Attributes:
        parties: In the order given at opening: ``{"id", "side", "name"?}``.
        configuration: Active leaf paths in document order.
        fields: Field → value; for ``per: party`` fields party → value. An absent key is empty.
        documents: Document → digests of the files last attached.
        votes: Path of a consent's handler → ``{"member", "vote", "about"?}`` in voting order.
        suspension: While suspended ``{"from"}``; ``suspended_days``: how many earlier ones took.
        clocks: Path of a deadline → its last ``clocks`` record of history without ``op``, and
            ``status``: ``running``, ``suspended``, ``expired`` (without a branch) or ``fired``;
            ``extensions``: the durations by which it was extended, if any, and ``stood_still``: how
            long it had stood still before that.
        obligations: Path → ``{"since", "through"?, "open": [{"occurrence", "due_on", "due_at",
            "overdue"}]}``; ``through`` is the last occurrence opened.
        parent: ``{"case", "name"}``: the case that opened it, and as which of its relations.
        children: Id of a child → ``{"name", "outcome"?}``, its relation, and how it ended once it has;
            in the order in which they were opened.
        performers: Path of a handler → the actor (as in history) who last performed it.
        calendars: Name → ``{"version", "digest"}``.
        revision: Counts states; ``seq`` counts entries.
        recorded_at: Of the last entry.
        stepped_on: Effective day of the last entry that raised ``revision``.
        clock_acted_on: Latest effective day of a clock's branch that was taken.
    """

    tenant: str
    id: str
    number: str
    workflow: str
    version: int
    digest: str
    parties: tuple[dict[str, Json], ...]
    configuration: tuple[str, ...]
    calendars: Mapping[str, dict[str, Json]]
    revision: int
    seq: int
    recorded_at: str
    stepped_on: str
    opened_at: str
    head: str = ""  # hash of the last entry; empty while entries are still drafts
    clock_acted_on: str | None = None
    closed_at: str | None = None
    outcome: str | None = None
    parent: Mapping[str, str] | None = None
    suspension: Mapping[str, Any] | None = None
    suspended_days: int = 0
    fields: Mapping[str, Any] = field(default_factory=dict)
    documents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    votes: Mapping[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    clocks: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    obligations: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    performers: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    children: Mapping[str, dict[str, str]] = field(default_factory=dict)


def changed_case(case: CaseState, changed: dict[str, Any]) -> CaseState:
    """Return a case that differs in ``changed``: `dataclasses.replace` at a tenth of its cost.

    A frozen dataclass assigns each of its attributes apart; every step makes a case anew.
    """
    after = object.__new__(CaseState)
    object.__setattr__(after, "__dict__", vars(case) | changed)
    return after


# --- what is asked -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Open a case. ``fields`` are Python values, as a caller gives them.

    ``parent``: ``{"case", "name"}`` where a transition of another case opens it; ``by`` then says nothing.
    """

    case_id: str
    number: str
    tenant: str
    by: Actor
    parties: tuple[Party, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    documents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # digests
    media: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # media types, where known
    as_role: str | None = None
    for_party: str | None = None
    reason: str | None = None
    comment: str | None = None
    effective_on: date | None = None
    request_id: str | None = None
    parent: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fire:
    """Ask for a transition, by bare name or by path. ``expect``: the revision that the caller saw."""

    trigger: str
    by: Actor
    fields: Mapping[str, Any] = field(default_factory=dict)
    documents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # digests
    media: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # media types, where known
    as_role: str | None = None
    for_party: str | None = None
    reason: str | None = None
    comment: str | None = None
    effective_on: date | None = None
    request_id: str | None = None
    expect: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAct:
    """What every act on a case that is no transition says: who, in which capacity, why and when.

    ``fields``: of a correction; ``documents`` (digests by name): of an attachment.
    """

    by: Actor
    fields: Mapping[str, Any] = field(default_factory=dict)
    documents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    media: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    as_role: str | None = None
    for_party: str | None = None
    reason: str | None = None
    comment: str | None = None
    effective_on: date | None = None
    request_id: str | None = None
    expect: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend(CaseAct):
    """Suspend the case: targets, duties and suspendable clocks stop until it is resumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(CaseAct):
    """Resume a suspended case: what was stopped goes on, due as many days later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(CaseAct):
    """Give a deadline more time, counted from its due day. ``deadline``: its path or an end of it."""

    deadline: str
    within: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(CaseAct):
    """Correct fields under an authority of its own; nothing that happened is rewound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attach(CaseAct):
    """Attach documents outside of any transition."""


OnCase: TypeAlias = Fire | CaseAct
"""What a person asks of a case that is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Take the ripe clocks and obligations, nothing else: what the sweep asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteChildClosed:
    """Note that a child has ended, and take what follows from it: what ``workflow.step.family`` asks.

    ``effective_on``: the day on which the child ended, in this case's zone.
    """

    child: str
    outcome: str
    effective_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseWithParent:
    """End the case since its parent has ended: what ``workflow.step.family`` asks."""

    effective_on: date


FamilyAct: TypeAlias = NoteChildClosed | CloseWithParent
Command: TypeAlias = Open | Fire | Tick | CaseAct | FamilyAct


class RelativeUnknown(WorkflowError):
    """A step asks a related case for what it shares, and whoever asks for the step does not know it."""

    code = "relative-unknown"

    def __init__(self, case_id: str) -> None:
        super().__init__(case_id)
        self.case_id = case_id

    def __str__(self) -> str:
        return f"nothing is known of the related case {self.case_id}"


def no_relative(case_id: str) -> tuple[Definition, CaseState]:
    """Know no related case."""
    raise RelativeUnknown(case_id)


def no_new_case() -> str:
    """Give no id: nobody here can open a child."""
    raise RelativeUnknown("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a step may know besides the case.

    Attributes:
        now: The instant, UTC, microseconds.
        virtual: Whether ``now`` is virtual time; marked in every entry.
        calendar: Calendar by digest; at opening by name (the current version).
        facts: The facts already asked, name → Python value.
        version: Version of the software.
        relative: A related case by id, with its definition, as it stands at this moment.
        new_case: The id of the next child to be opened.
    """

    now: datetime
    calendar: Callable[[str], Calendar]
    virtual: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    version: str = "0.1.0"
    relative: Callable[[str], tuple[Definition, CaseState]] = no_relative
    new_case: Callable[[], str] = no_new_case


# --- the answer ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason for a "no".

    Attributes:
        code: A stable refusal code of LANGUAGE, e.g. ``wrong-role``.
        message: For people, in both languages; says what stands against it and what would help.
        rule: The rule that failed.
        basis: Articles.
        values: Current values that matter: field → value as in history.
        needs: What would help, machine-readable: e.g. ``{"role": ["opd"]}``, ``{"fields": [...]}``.
    """

    code: str
    message: Message
    rule: str | None = None
    basis: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    needs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A "no" with every reason that applies; the case is unchanged."""

    reasons: tuple[Reason, ...]
    trigger: str | None = None

    @property
    def code(self) -> str:
        """The code of the first reason."""
        return self.reasons[0].code


@dataclass(frozen=True, slots=True, kw_only=True)
class Emitted:
    """An event for the outbox, of the step of entry ``seq``; ``notify`` as the definition says."""

    event: str
    seq: int
    notify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildOpening:
    """A child that a step opens; its ``child_opened`` stands among the entries.

    Attributes:
        name: The relation; ``workflow`` is that of the child.
        fields: Python values for the child's fields.
        documents: Digests by the child's name of the document.
        parties: The child's, with their sides.
        effective_on: The day of the step, in the parent's zone.
    """

    case_id: str
    name: str
    workflow: str
    fields: Mapping[str, Any]
    documents: Mapping[str, tuple[str, ...]]
    parties: tuple[Party, ...]
    effective_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be written: the drafts of the entries in order, and the case after them.

    ``openings`` and ``closings`` (ids of children that end with the case) are carried out by
    ``workflow.step.family``, in this order.
    """

    entries: tuple[Body, ...]
    case: CaseState
    events: tuple[Emitted, ...] = ()
    openings: tuple[ChildOpening, ...] = ()
    closings: tuple[str, ...] = ()
