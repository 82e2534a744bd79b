"""What a process is, once its text has been read: the resolved, frozen definition.

Owns the values that the loader produces and that chart, checks and ``decide`` read. Every name is
already resolved: targets are state paths, groups are spliced, guards are compiled, durations are
values. Nothing here reads YAML, a file or a clock.

A *path* is the names of the states from the top, joined by dots; the workflow itself is the root
state and has the path ``""``. The path of a transition, deadline or obligation is the path of its
state, a dot and its name (only the name at the root).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from workflow.durations import Duration
    from workflow.expressions.guards import Expression

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"


class FieldType(StrEnum):
    """The type of a field's value, and how it stands in history (all as JSON)."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"  # string in normal form
    MONEY = "money"  # string in normal form
    BOOLEAN = "boolean"
    DATE = "date"  # YYYY-MM-DD
    DURATION = "duration"  # [n, unit]
    CHOICE = "choice"  # the option's name
    PERSON = "person"  # text, opaque id or a name; usually personal
    PARTY = "party"  # id of a party of the case
    RECORD = "record"  # an object, column → value; always with ``many``: a table


class ParameterType(StrEnum):
    """What a parameter of a workflow or fragment is filled with."""

    DURATION = "duration"
    BOOLEAN = "boolean"
    NUMBER = "number"
    TEXT = "text"
    BASIS = "basis"
    ROLE = "role"
    ROLES = "roles"
    DOCUMENT = "document"
    DOCUMENTS = "documents"
    TRIGGER = "trigger"
    TRIGGERS = "triggers"
    CONDITION = "condition"  # a guard of the host, typed there


class Kind(StrEnum):
    """What a deadline or obligation rests on."""

    STATUTORY = "statutory"
    CONTRACTUAL = "contractual"
    TARGET = "target"


class FirstDay(StrEnum):
    """Whether counting starts on the day after the start or on the start itself."""

    AFTER = "after"
    SAME = "same"


class Roll(StrEnum):
    """Whether a due day that is no working day moves to the next one."""

    NONE = "none"
    NEXT_WORKING_DAY = "next_working_day"


class StateKind(StrEnum):
    """The shape of a state: no children, a nested machine, regions side by side, or an end."""

    ATOMIC = "atomic"
    COMPOUND = "compound"
    PARALLEL = "parallel"
    FINAL = "final"


class Act(StrEnum):
    """What firing a handler means: an ordinary transition, or one member's vote in a consent."""

    TAKE = "take"
    YES = "yes"
    NO = "no"
    WITHDRAW = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Text for people, in Indonesian and English; ``en`` is ``None`` where the author gave one text."""

    id: str
    en: str | None = None

    def text(self, language: str = "id") -> str:
        """Return the label in ``language`` (``id`` or ``en``), falling back to Indonesian."""
        return self.en if language == "en" and self.en is not None else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was chosen where the law contradicts itself or is silent; history keeps the Indonesian text."""

    question: Label
    chosen: Label
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRef:
    """A role as ``by`` names it: of one side, or (``side is None``) of any side or of none."""

    role: str
    side: str | None = None

    def __str__(self) -> str:
        return self.role if self.side is None else f"{self.side}.{self.role}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A right that an actor can hold."""

    name: str
    title: Label
    recorded_by: tuple[RoleRef, ...] = ()
    sides: tuple[str, ...] = ()  # the sides that hold it; empty: a role outside the parties
    is_mandate_required: bool = False
    decided: Decided | None = None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A side of the cooperation: how many parties it has and which roles each holds for itself."""

    name: str
    title: Label | None = None
    roles: tuple[str, ...] = ()
    min: int = 1
    max: int | None = None  # ``count: n`` is min = max = n
    recorded_by: tuple[RoleRef, ...] = ()
    decided: Decided | None = None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A value that a case holds.

    ``name`` is the key in the case and in history: the bare name, or for a local field (declared in a
    state or by a fragment) the path of that state, a dot and the bare name. ``columns``: of a record.
    """

    name: str
    type: FieldType
    title: Label | None = None
    description: Label | None = None
    options: Mapping[str, Label] = field(default_factory=dict)  # choice: in document order
    many: bool = False  # a list of such values
    per_party: bool = False  # one value for each party
    personal: bool = False
    min: Decimal | date | None = None
    max: Decimal | date | None = None
    min_length: int | None = None
    max_length: int | None = None
    currency: str | None = None
    state: str | None = None  # path of the state that it is local to: emptied at each entry
    columns: Mapping[str, Field] = field(default_factory=dict)
    decided: Decided | None = None
    basis: tuple[str, ...] = ()

    @property
    def bare(self) -> str:
        """The name by which commands and guards near it know it."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class FromCases:
    """A fact answered from other cases: whether ``any`` of them fulfils a condition.

    ``workflows``: names; one that is not deployed counts as no case. ``same``: the side whose party
    must be the same in both. ``any`` reads the other case.
    """

    workflows: tuple[str, ...]
    same: str
    any: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A value that the host provides, asked before the step and recorded with it."""

    name: str
    type: FieldType
    title: Label | None = None
    from_cases: FromCases | None = None  # else the host provides it
    decided: Decided | None = None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that a case can carry. ``media``: allowed media types; empty allows any."""

    name: str
    title: Label
    media: tuple[str, ...] = ()
    decided: Decided | None = None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A condition that a command must fulfil, with the message that refuses it."""

    name: str
    check: Expression
    message: Label
    decided: Decided | None = None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One ``set``: ``field`` takes the value of ``value``."""

    field: str
    value: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One way on. ``target is None``: internal, nothing is left or entered.

    ``external``: leave and re-enter although the target lies inside the source (``to: self``,
    ``reenter: true``).
    """

    when: Expression | None = None
    target: str | None = None
    external: bool = False
    set: tuple[Assignment, ...] = ()
    at_parent_end: str | None = None  # to a final state: overrides the relation's
    basis: tuple[str, ...] = ()
    decided: Decided | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Emit:
    """An event for the outbox: topic ``event.<event>``, and whom it is meant for."""

    event: str
    notify: tuple[RoleRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opens:
    """Children that a transition opens: one, or with ``for_each`` one for each party of a side.

    ``fields``: field of the child → expression over this case. ``documents``: handed over by name.
    """

    child: str
    for_each: str | None = None
    fields: Mapping[str, Expression] = field(default_factory=dict)
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Children of one kind: what the parent sees of them, how many may be open, what its end means.

    ``at_parent_end``: ``refuse`` (the parent cannot end while one is open), ``close`` or ``keep``.
    """

    name: str
    workflow: str
    title: Label | None = None
    shares: tuple[str, ...] = ()
    max: int | None = None
    at_parent_end: str = "refuse"
    decided: Decided | None = None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """An act that is no transition: suspension, extension, correction or attachment.

    Attributes:
        of: For an extension, the paths of the deadlines.
        fields: For a correction; ``documents`` for an attachment.
        max_total: How much in all a suspension or extension may add, per case or deadline.
    """

    by: tuple[RoleRef, ...]
    of: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    max_total: Duration | None = None
    reason_required: bool = False
    decided: Decided | None = None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Agreement of several members, one vote each.

    ``need``: ``"all"``, ``"majority"`` (of all members) or a number. ``about``: documents whose
    current digests every vote names. ``refuse``/``withdraw``: names of the acts of those votes.
    """

    of: str = "parties"
    need: str | int = "all"
    about: tuple[str, ...] = ()
    refuse: str | None = None
    withdraw: str | None = None
    refused: Branch | None = None
    silence: str | None = None  # path of the deadline that speaks for those who stay silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """A transition as it stands in a state, under the name by which it is asked for.

    ``act``: acts of a consent are handlers of their own (``refuse`` and ``withdraw`` names), with
    ``consent_path`` naming the handler that carries the ``consent``; for the yes act it is its own
    path. ``other_person_than``: paths of handlers, every place where a named trigger stands.
    """

    path: str
    name: str
    state: str
    title: Label | None = None
    description: Label | None = None
    by: tuple[RoleRef, ...] = ()
    by_clock: bool = False
    by_child: bool = False
    child: str | None = None  # by_child: the relation whose closing takes it
    when: Expression | None = None
    other_person_than: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    attach: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()  # names of the facts that its guards and rules read
    reason_required: bool = False
    consent: Consent | None = None
    act: Act = Act.TAKE
    consent_path: str | None = None
    branches: tuple[Branch, ...] = ()  # one without ``when`` for a plain ``to`` or an internal one
    fulfils: tuple[str, ...] = ()  # paths of obligations and deadlines that it meets
    opens: Opens | None = None
    emit: tuple[Emit, ...] = ()
    decided: Decided | None = None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """When and whom to remind: so long before the due day, at a local time of day."""

    before: tuple[Duration, ...]
    to: tuple[RoleRef, ...]
    at: time = time(8, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A clock of one entry of its state.

    Either ``within`` (counted from ``since``, a date field, or from the entry of the state) or
    ``at`` (an expression that yields the due date). ``then is None``: it is marked overdue and no
    more. No true branch in ``then``: expired without effect.
    """

    path: str
    name: str
    state: str
    kind: Kind
    title: Label | None = None
    within: Duration | None = None
    at: Expression | None = None
    since: str | None = None
    first_day: FirstDay = FirstDay.AFTER
    roll: Roll = Roll.NONE
    hold: Duration | None = None
    zone: str = ""  # resolved: its own, else the workflow's
    calendar: str = ""  # resolved: its own, else the workflow's
    remind: Reminder | None = None
    then: tuple[Branch, ...] | None = None
    then_basis: tuple[str, ...] = ()  # ``then``'s own basis, else the deadline's
    when: Expression | None = None  # armed only where true
    fulfilled_by: tuple[str, ...] = ()  # paths of handlers that meet it while the state goes on
    is_suspendable: bool = False  # ``target`` always is; a statutory one where its definition says so
    silence_of: str | None = None  # path of the consent that it speaks for
    emit: tuple[Emit, ...] = ()
    decided: Decided | None = None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """A recurring duty while its state is active.

    Occurrences: ``each_year`` (month, day) pairs, or ``every`` from ``since`` (a date field, or the
    entry of the state), up to ``until`` (a date field). Each is due ``within`` after its date.
    """

    path: str
    name: str
    state: str
    within: Duration
    title: Label | None = None
    kind: Kind = Kind.STATUTORY
    each_year: tuple[tuple[int, int], ...] = ()
    every: Duration | None = None
    cron: str | None = None  # day of month, month, day of week
    when: Expression | None = None
    since: str | None = None
    until: str | None = None
    first_day: FirstDay = FirstDay.AFTER
    roll: Roll = Roll.NONE
    zone: str = ""
    calendar: str = ""
    by: tuple[RoleRef, ...] = ()
    fulfilled_by: tuple[str, ...] = ()  # paths of handlers
    remind: Reminder | None = None
    decided: Decided | None = None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A node of the statechart; the root has the path ``""``."""

    path: str
    name: str
    kind: StateKind
    parent: str | None  # path; None for the root
    order: int  # document order, the root is 0
    depth: int  # the root is 0
    title: Label | None = None
    description: Label | None = None
    basis: tuple[str, ...] = ()
    children: tuple[str, ...] = ()  # paths in document order
    initial: str | None = None  # path of the child entered by default (compound)
    outcome: str | None = None
    handlers: tuple[Handler, ...] = ()  # document order, acts of a consent after it
    always: tuple[Branch, ...] = ()
    done: Branch | None = None
    deadlines: tuple[Deadline, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    fields: tuple[str, ...] = ()  # names of its local fields
    decided: Decided | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Who may open a case, with what, and where it starts."""

    by: tuple[RoleRef, ...]
    by_parent: bool = False
    present: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    attach: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()
    emit: tuple[Emit, ...] = ()
    decided: Decided | None = None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A YAML process, resolved. Equal digests mean equal behaviour."""

    workflow: str
    version: int
    title: Label
    timezone: str  # IANA name
    calendar: str  # name of the calendar
    opening: Opening
    states: Mapping[str, State]  # by path, document order, root first
    description: Label | None = None
    basis: tuple[str, ...] = ()
    decided: Decided | None = None
    in_force_from: date | None = None
    in_force_until: date | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    sides: Mapping[str, Side] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    children: Mapping[str, Relation] = field(default_factory=dict)
    suspension: Power | None = None
    extension: Power | None = None
    correction: Power | None = None
    attachment: Power | None = None
    parameters: Mapping[str, Json] = field(default_factory=dict)  # as bound at deploying
    canonical: Mapping[str, Json] = field(default_factory=dict)  # the form that the digest covers
    digest: str = ""

    @property
    def calendars(self) -> tuple[str, ...]:
        """Names of the calendars that the definition counts with, its own first, each once."""
        names = dict.fromkeys((self.calendar,))
        for state in self.states.values():
            names.update(dict.fromkeys(deadline.calendar for deadline in state.deadlines))
            names.update(dict.fromkeys(duty.calendar for duty in state.obligations))
        return tuple(name for name in names if name)
