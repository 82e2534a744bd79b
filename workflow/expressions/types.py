"""What values guards know, what an author may name in one, and what can be wrong with one.

Owns the types of the guard language, the `Scope` that names are looked up in, the `Environment` that
a compiled guard reads, and `Problem`. Nothing here parses or evaluates. Read by the other modules of
guards and by whoever compiles one (the loader) or runs one (``decide``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import workflow.texts.expressions  # noqa: F401  (registers the codes and texts of guards)
from workflow.definition import FieldType
from workflow.durations import Unit
from workflow.errors import WorkflowError
from workflow.locale import Message

if TYPE_CHECKING:
    from workflow.definition import Fact, Field
    from workflow.time.calendars import Calendar


class Kind(StrEnum):
    """What sort of value an expression has."""

    TEXT = "text"
    PERSON = "person"
    PARTY = "party"
    CHOICE = "choice"
    ROLE = "role"
    DOCUMENT = "document"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DURATION = "duration"
    RECORD = "record"
    CHILD = "child"
    LIST = "list"
    NONE = "none"
    UNKNOWN = "unknown"  # of a part that is wrong already; goes with everything, so that nothing cascades

    def text(self, language: str = "en") -> str:
        """Name the sort of value for people, as `Message` asks its parameters."""
        return Message(f"guard.kind.{self.value}").text(language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """The type of an expression.

    Attributes:
        kind: The sort of value.
        options: Of a choice, role or document: the names that there are; empty: not known.
        element: Of a list: the type of its entries.
        spellings: Of a document: name as it is seen here → full name, where that is another.
        unit: Of a duration: ``days``, ``working_days`` or ``months`` (which stands for years too)
            where the text says which; ``None`` for a field, whose unit only its value tells.
    """

    kind: Kind
    options: tuple[str, ...] = ()
    element: Type | None = None
    spellings: Mapping[str, str] = field(default_factory=dict, compare=False)
    unit: Unit | None = None

    def text(self, language: str = "en") -> str:
        """Name the type for people."""
        if self.element is None:
            return self.kind.text(language)
        return Message("guard.kind.list-of", {"element": self.element.kind}).text(language)

    @property
    def family(self) -> str:
        """Name what the type can be compared with: types of one family only."""
        return _FAMILIES.get(self.kind, self.kind.value)


_FAMILIES = {
    Kind.INTEGER: "number",
    Kind.DECIMAL: "number",
    Kind.TEXT: "text",
    Kind.PERSON: "text",
}

_KINDS = {
    FieldType.TEXT: Kind.TEXT,
    FieldType.INTEGER: Kind.INTEGER,
    FieldType.DECIMAL: Kind.DECIMAL,
    FieldType.MONEY: Kind.DECIMAL,
    FieldType.BOOLEAN: Kind.BOOLEAN,
    FieldType.DATE: Kind.DATE,
    FieldType.DURATION: Kind.DURATION,
    FieldType.CHOICE: Kind.CHOICE,
    FieldType.PERSON: Kind.PERSON,
    FieldType.PARTY: Kind.PARTY,
    FieldType.RECORD: Kind.RECORD,
}

UNKNOWN = Type(kind=Kind.UNKNOWN)
BOOLEAN = Type(kind=Kind.BOOLEAN)


def type_of(declared: Field | Fact | FieldType) -> Type:
    """Return the type that a field, a fact or a plain field type has in guards."""
    if isinstance(declared, FieldType):
        return Type(kind=_KINDS[declared])
    one = Type(kind=_KINDS[declared.type], options=tuple(getattr(declared, "options", ())))
    return Type(kind=Kind.LIST, element=one) if getattr(declared, "many", False) else one


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """What is known of a related case before there is one: ``child``, ``parent``, one of ``children``.

    Attributes:
        fields: What it shares, by name; ``None``: its definition is not known.
        outcomes: How it can end; empty: not known.
    """

    fields: Mapping[str, Field] | None = None
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A parameter as guards see it: a value that is known when the definition is deployed."""

    type: Type
    value: Any
    is_known: bool = True  # else it only stands for what will be given


def no_field(name: str) -> Field | None:
    """Find no field of a dotted name."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a guard at one place of a definition may name.

    Attributes:
        fields: The fields, by the name under which they are seen here.
        find: Finds a field of a dotted name, as a target is found.
        facts: The facts of the workflow.
        constants: The parameters seen here.
        parameters: Names of all parameters, those included that only ``$name`` reads.
        known: Full names of the fields that cannot be empty here.
        is_lenient: Whether reading a field that may be empty is noted in `Expression.needs` instead
            of refused.
        allow: What may be read here besides fields, of ``today role mandate documents parties outcome
            in_state clocks facts``.
        states: Paths of the states seen here.
        near: Paths, the nearest first, inside which a path's end is looked for before elsewhere.
        deadlines: Paths of the deadlines seen here; ``None``: not known, any name will do.
        obligations: The same of the obligations.
        children: What is known of each kind of children.
        child: Of the child that has just closed, where one has.
        parent: Of the case that this one is a child of, where it is.
        documents: Names of the documents.
        spellings: Name of a document as it is seen here → its full name, where that is another.
        roles: Names of the roles; empty: names of roles are not checked.
    """

    fields: Mapping[str, Field] = field(default_factory=dict)
    find: Callable[[str], Field | None] = no_field
    facts: Mapping[str, Fact] = field(default_factory=dict)
    constants: Mapping[str, Constant] = field(default_factory=dict)
    parameters: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    is_lenient: bool = False
    allow: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    near: tuple[str, ...] = ()
    deadlines: frozenset[str] | None = frozenset()
    obligations: frozenset[str] | None = frozenset()
    children: Mapping[str, Kin] = field(default_factory=dict)
    child: Kin | None = None
    parent: Kin | None = None
    documents: frozenset[str] = frozenset()
    spellings: Mapping[str, str] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Need:
    """A read of a field that is right only where the field cannot be empty; place as of a `Problem`."""

    field: str
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a guard.

    Attributes:
        code: Code of the diagnostic.
        start: Where it begins in the text of the guard, in characters from 0.
        length: How many characters it covers; 0 at the end of the text.
        key: Variant of the code's text, for `workflow.source.diagnostics.finding`.
        params: What fills the text.
    """

    code: str
    start: int
    length: int
    key: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> Message:
        """The message for people, in both languages."""
        return Message(f"diagnostic.{self.key}", self.params)


class Environment(Protocol):
    """What a compiled guard reads while it runs: one case at one moment, values as Python has them."""

    @property
    def today(self) -> date:
        """The effective day."""

    @property
    def role(self) -> str | None:
        """The role acted in, ``None`` for a clock."""

    @property
    def documents(self) -> Collection[str]:
        """Names of the documents that are there."""

    @property
    def parties(self) -> tuple[str, ...]:
        """Ids of the parties."""

    @property
    def calendar(self) -> Calendar:
        """The calendar that ``working_days()`` counts with."""

    def field(self, name: str) -> Any:
        """Return a field's value as `values.decode` gives it, ``None`` where it is empty."""

    def fact(self, name: str) -> Any:
        """Return a fact's value; facts are never empty."""

    def in_state(self, path: str) -> bool:
        """Whether a state is active."""


class RelatedCase(Protocol):
    """A child or the parent, as far as it is shared."""

    @property
    def closed(self) -> bool:
        """Whether it has ended."""

    @property
    def outcome(self) -> str | None:
        """How it ended, ``None`` while it goes on."""

    def field(self, name: str) -> Any:
        """Return what it shares under a name, as `values.decode` gives it; ``None``: empty."""


class CaseEnvironment(Environment, Protocol):
    """What guards with clocks, mandates or related cases read besides."""

    @property
    def mandate(self) -> str | None:
        """Id of the mandate acted under."""

    @property
    def outcome(self) -> str | None:
        """How the case ended, ``None`` while it goes on."""

    def expired(self, path: str) -> bool:
        """Whether a deadline's due day has passed in the present entry of its state.

        Args:
            path: Of the deadline; in ``from_cases`` the end of a path, as it was written.
        """

    def overdue(self, path: str) -> bool:
        """Whether an obligation has an occurrence that is overdue; ``path`` as for `expired`."""

    def children(self, name: str) -> Sequence[RelatedCase]:
        """Return the children of one kind, in the order in which they were opened."""

    @property
    def child(self) -> RelatedCase:
        """The child that has just closed."""

    @property
    def parent(self) -> RelatedCase:
        """The case that this one is a child of."""


class EvaluationError(WorkflowError):
    """A guard has no value: it reckons with a day outside the years 1 to 9999.

    Everything else that could go wrong is refused when the guard is read. Sums are exact.
    """

    code: ClassVar[str] = "guard-without-value"

    def __init__(self, *, day: str, added: str) -> None:
        self.day = day
        self.added = added
        super().__init__(self.message.text("en"))

    @property
    def message(self) -> Message:
        """The message for people, in both languages."""
        return Message("guard.out-of-range", {"day": self.day, "added": self.added})

    def __reduce__(self) -> tuple[Any, ...]:
        return _evaluation_error, (self.day, self.added)


def _evaluation_error(day: str, added: str) -> EvaluationError:
    return EvaluationError(day=day, added=added)
