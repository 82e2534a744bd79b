"""The shape of the files of the definition language: which keys stand where, and of what form.

Owns the models that are the one source of the allowed keys, of their order in the JSON Schema and of
what the canonical form covers. They say nothing about meaning: names are resolved by
``workflow.loading``. Made by ``workflow.reading`` alone.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from workflow.definition import FieldType, FirstDay, Kind, Roll
from workflow.shapes import (
    LAW,
    Basis,
    Boolean,
    Currency,
    DateText,
    DayOfYear,
    File,
    FullTable,
    Guard,
    Integer,
    Length,
    Limit,
    Listed,
    Lookup,
    MediaType,
    Name,
    Named,
    Need,
    Path,
    Positive,
    RoleName,
    Several,
    Shape,
    Some,
    Table,
    Text,
    TimeOfDay,
    Yes,
    Zone,
    one_of,
)
from workflow.text import Scalar

FIELD_TYPES = tuple(kind for kind in FieldType if kind is not FieldType.RECORD)
FACT_TYPES = tuple(kind for kind in FIELD_TYPES if kind not in (FieldType.CHOICE, FieldType.PERSON))

Format: TypeAlias = Annotated[Scalar, one_of("1")]
TypeOfField: TypeAlias = Annotated[Scalar, one_of(*FIELD_TYPES, later=(FieldType.RECORD,))]
TypeOfFact: TypeAlias = Annotated[Scalar, one_of(*FACT_TYPES)]
Per: TypeAlias = Annotated[Scalar, one_of("party")]
Required: TypeAlias = Annotated[Scalar, one_of("required")]
Parties: TypeAlias = Annotated[Scalar, one_of("parties")]
Stay: TypeAlias = Annotated[Scalar, one_of("stay")]
KindOfClock: TypeAlias = Annotated[Scalar, one_of(*Kind)]
FirstDayOfClock: TypeAlias = Annotated[Scalar, one_of(*FirstDay)]
RollOfClock: TypeAlias = Annotated[Scalar, one_of(*Roll)]


class TitleShape(Shape, frozen=True):
    """Text for people in two languages."""

    id: Text = Field(description="Indonesian")
    en: Text | None = Field(None, description="English")


LabelShape: TypeAlias = Text | TitleShape


class Element(Shape, frozen=True):
    """What can rest on a law."""

    later: ClassVar[tuple[str, ...]] = ("decided",)

    basis: Some[Basis] = Field((), description="Articles, e.g. P22 ps 12(4)")


class RoleShape(Element, frozen=True):
    """A right that an actor can hold."""

    later: ClassVar[tuple[str, ...]] = ("decided", "mandate")

    title: LabelShape
    recorded_by: Some[RoleName] = Field((), description="Who may record what this role decided")


class SideShape(Element, frozen=True):
    """A side of the cooperation."""

    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (("count", "min"), ("count", "max"))

    title: LabelShape | None = None
    count: Positive | None = Field(None, description="Exactly so many parties")
    min: Integer | None = Field(None, description="At least so many parties")
    max: Positive | None = Field(None, description="At most so many parties")
    roles: Some[Name] = Field((), description="Roles that each party of this side holds for itself")
    recorded_by: Some[RoleName] = Field((), description="Who may record what this side decided")


class FieldShape(Element, frozen=True):
    """A value that a case holds."""

    later: ClassVar[tuple[str, ...]] = ("decided", "fields")
    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (("options", "list"),)

    type: TypeOfField
    title: LabelShape | None = None
    description: LabelShape | None = None
    options: FullTable[LabelShape] = Field(
        (), description="The choices, in the order in which they are shown"
    )
    list: File | None = Field(None, description="A shared list of choices")
    many: Boolean | None = Field(None, description="Whether it is a list of such values")
    per: Per | None = Field(None, description="One value for each party")
    personal: Boolean | None = Field(None, description="Kept out of history; refused in guards")
    currency: Currency | None = None
    min: Limit | None = None
    max: Limit | None = None
    min_length: Integer | None = None
    max_length: Positive | None = None


class FactShape(Element, frozen=True):
    """A value that the host provides."""

    later: ClassVar[tuple[str, ...]] = ("decided", "from_cases")

    type: TypeOfFact
    title: LabelShape | None = None


class DocumentShape(Element, frozen=True):
    """A document that a case can carry."""

    title: LabelShape
    media: Some[MediaType] = Field((), description="Allowed media types; none given allows any")


class RuleShape(Element, frozen=True):
    """A condition that a command must fulfil."""

    check: Guard
    message: LabelShape


class GivenShape(Shape, frozen=True):
    """The fields given with a command."""

    required: Some[Name] = ()
    optional: Some[Name] = ()


class PapersShape(Shape, frozen=True):
    """The documents that a command attaches, or finds there already."""

    attach: Some[Name] = ()
    present: Some[Name] = ()


class BranchShape(Element, frozen=True):
    """One way on."""

    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("when", "to", "set"),)

    when: Guard | None = None
    to: Path | None = None
    reenter: Boolean | None = Field(None, description="Leave and re-enter although the target lies inside")
    set: Lookup[Guard] = Field((), description="Field: expression")


class RefusedShape(Element, frozen=True):
    """Where a consent goes that can no longer be reached."""

    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("to", "set"),)

    to: Path | None = None
    reenter: Boolean | None = None
    set: Lookup[Guard] = ()


class OpeningShape(Element, frozen=True):
    """Who may open a case, with what, and where it starts."""

    later: ClassVar[tuple[str, ...]] = ("decided", "emit")
    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (("to", "choose"),)
    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("by",), ("to", "choose"))

    by: Several[RoleName] = ()
    fields: GivenShape | None = None
    documents: PapersShape | None = None
    rules: Some[Name] = ()
    facts: Some[Name] = ()
    to: Path | None = None
    choose: Listed[BranchShape] = ()
    set: Lookup[Guard] = ()


class ConsentShape(Shape, frozen=True):
    """Agreement of several members."""

    later: ClassVar[tuple[str, ...]] = ("silence",)
    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("need",),)

    of: Parties | None = None
    need: Need | None = Field(None, description="all, majority or a number")
    about: Some[Name] = Field((), description="Documents whose current version every vote is about")
    refuse: Name | None = Field(None, description="Name of the act that says no")
    withdraw: Name | None = Field(None, description="Name of the act that takes a yes back")
    refused: RefusedShape | None = None


class TransitionShape(Element, frozen=True):
    """A transition, under the name by which it is asked for."""

    later: ClassVar[tuple[str, ...]] = ("decided", "opens", "emit", "child", "only")
    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (("to", "choose"), ("reenter", "choose"))
    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("by",),)

    title: LabelShape | None = None
    description: LabelShape | None = None
    by: Several[RoleName] = Field((), description="Who may ask for it, or 'clock'")
    when: Guard | None = Field(
        None, description="Whether it is there at all; sees the case before the command"
    )
    other_person_than: Some[Path] = Field((), description="Not whoever last performed these")
    fields: GivenShape | None = None
    documents: PapersShape | None = None
    rules: Some[Name] = ()
    facts: Some[Name] = ()
    reason: Required | None = None
    consent: ConsentShape | None = None
    to: Path | None = Field(None, description="Target; without it nothing is left or entered")
    choose: Listed[BranchShape] = ()
    set: Lookup[Guard] = Field((), description="Field: expression")
    reenter: Boolean | None = None


class ReminderShape(Shape, frozen=True):
    """When and whom to remind."""

    before: Several[Length]
    at: TimeOfDay | None = None
    to: Several[RoleName]


class ThenShape(Element, frozen=True):
    """What a deadline does when it is due."""

    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (("to", "choose"), ("to", "otherwise"))
    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("to", "choose", "set"),)

    to: Path | None = None
    reenter: Boolean | None = None
    set: Lookup[Guard] = ()
    choose: Listed[BranchShape] = ()
    otherwise: Stay | None = None


class ClockShape(Element, frozen=True):
    """What deadlines and obligations share."""

    later: ClassVar[tuple[str, ...]] = ("decided", "when", "suspendable", "only")

    title: LabelShape | None = None
    first_day: FirstDayOfClock | None = None
    roll: RollOfClock | None = None
    zone: Zone | None = None
    calendar: Name | None = None
    remind: ReminderShape | None = None


class DeadlineShape(ClockShape, frozen=True):
    """A clock of one entry of its state."""

    later: ClassVar[tuple[str, ...]] = (*ClockShape.later, "fulfilled_by")
    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("within", "at"),
        ("since", "at"),
        ("first_day", "at"),
    )
    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("within", "at"), ("kind",))

    within: Length | None = None
    at: Guard | None = Field(None, description="An expression that gives the due day")
    since: Name | None = Field(None, description="A date field; without it the entry of the state")
    hold: Length | None = None
    kind: KindOfClock | None = None
    then: ThenShape | None = None


class ObligationShape(ClockShape, frozen=True):
    """A recurring duty."""

    later: ClassVar[tuple[str, ...]] = (*ClockShape.later, "cron")
    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (("each_year", "every"), ("each_year", "since"))
    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("each_year", "every"), ("within",), ("by",))

    each_year: Several[DayOfYear] = Field((), description="Days of the year, MM-DD")
    every: Length | None = None
    since: Name | None = None
    until: Name | None = None
    within: Length | None = None
    kind: KindOfClock | None = None
    by: Several[RoleName] = ()
    fulfilled_by: Some[Path] = ()


class StateShape(Element, frozen=True):
    """A state."""

    later: ClassVar[tuple[str, ...]] = (
        *("decided", "use", "with", "exits", "only", "fields", "groups", "documents", "rules", "facts"),
    )
    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (("states", "regions"), ("initial", "regions"))

    title: LabelShape | None = None
    description: LabelShape | None = None
    final: Yes | None = None
    outcome: Name | None = Field(None, description="How the case ended; on a final state at the top")
    deadlines: Table[DeadlineShape] = ()
    obligations: Table[ObligationShape] = ()
    transitions: Table[TransitionShape] = ()
    always: Listed[BranchShape] = Field((), description="Branches taken at once, without an event")
    initial: Name | None = Field(None, description="The state inside that is entered")
    states: FullTable[StateShape] = Field((), description="A nested machine")
    regions: FullTable[StateShape] = Field((), description="Machines that run side by side")
    done: Path | None = Field(None, description="Taken when all inside is final")


class InForceShape(Shape, frozen=True):
    """From when to when new cases may be opened on it."""

    from_: DateText = Field(alias="from")
    until: DateText | None = None


class WorkflowShape(Element, frozen=True):
    """A definition file."""

    later: ClassVar[tuple[str, ...]] = (
        *(
            "decided",
            "fragment",
            "parameters",
            "children",
            "suspension",
            "extension",
            "correction",
            "attachment",
        ),
    )

    needed: ClassVar[tuple[tuple[str, ...], ...]] = (
        *(
            ("format",),
            ("workflow",),
            ("version",),
            ("title",),
            ("timezone",),
            ("calendar",),
            ("open",),
            ("states",),
        ),
    )

    format: Format | None = None
    workflow: Name | None = None
    version: Positive | None = None
    title: LabelShape | None = None
    description: LabelShape | None = None
    in_force: InForceShape | None = None
    timezone: Zone | None = None
    calendar: Name | None = None
    roles: Table[RoleShape] = ()
    parties: Table[SideShape] = ()
    fields: Table[FieldShape] = ()
    groups: Lookup[Several[Name]] = Field((), description="Names for several fields together")
    facts: Lookup[FactShape] = ()
    documents: Lookup[DocumentShape] = ()
    rules: Lookup[RuleShape] = ()
    open: OpeningShape | None = None
    deadlines: Table[DeadlineShape] = ()
    obligations: Table[ObligationShape] = ()
    transitions: Table[TransitionShape] = Field((), description="In every state that is not final")
    states: FullTable[StateShape] = ()


class ListItemShape(Shape, frozen=True):
    """One choice of a shared list."""

    title: LabelShape
    group: Name | None = None


class ListShape(Element, frozen=True):
    """A shared list of choices."""

    format: Format
    list: Name
    version: Positive
    title: LabelShape
    items: FullTable[ListItemShape]


class LawShape(Shape, frozen=True):
    """One law of the catalogue."""

    title: LabelShape
    articles: Positive | None = Field(None, description="How many articles; without it they are not checked")


class LawsShape(Shape, frozen=True):
    """The catalogue of laws."""

    format: Format
    laws: Annotated[tuple[tuple[Scalar, LawShape], ...], Named(key=LAW, least=1)]
