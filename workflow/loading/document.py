"""The shape of the files of the definition language: which keys stand where, and of what form.

Owns the models that are the one source of the allowed keys, of their order in the JSON Schema and of
what the canonical form covers. They say nothing about meaning: names are resolved by
``workflow.loading.loader``. Made by ``workflow.source.reading`` alone.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from workflow.definition import FieldType, FirstDay, Kind, ParameterType, Roll
from workflow.source.shapes import (
    Basis,
    Boolean,
    Cron,
    Currency,
    DateText,
    DayOfYear,
    File,
    Filling,
    Flag,
    Form,
    FullTable,
    Guard,
    Integer,
    Leaf,
    Length,
    Limit,
    Listed,
    Lookup,
    MediaType,
    Name,
    Need,
    Path,
    PathLookup,
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
from workflow.source.text import Scalar

COLUMN_TYPES = tuple(kind for kind in FieldType if kind is not FieldType.RECORD)
FACT_TYPES = tuple(kind for kind in COLUMN_TYPES if kind not in (FieldType.CHOICE, FieldType.PERSON))

Days: TypeAlias = Annotated[
    Scalar, Leaf(form=Form.DURATION, name="days", pattern=r"(?:0|[1-9][0-9]{0,4}) days?")
]
Format: TypeAlias = Annotated[Scalar, one_of("1")]
TypeOfField: TypeAlias = Annotated[Scalar, one_of(*FieldType)]
TypeOfColumn: TypeAlias = Annotated[Scalar, one_of(*COLUMN_TYPES)]
TypeOfFact: TypeAlias = Annotated[Scalar, one_of(*FACT_TYPES)]
TypeOfParameter: TypeAlias = Annotated[Scalar, one_of(*ParameterType)]
Per: TypeAlias = Annotated[Scalar, one_of("party")]
Required: TypeAlias = Annotated[Scalar, one_of("required")]
Parties: TypeAlias = Annotated[Scalar, one_of("parties")]
Meaning: TypeAlias = Annotated[Scalar, one_of("consent", "refusal")]
ParentEnd: TypeAlias = Annotated[Scalar, one_of("refuse", "close", "keep")]
Stay: TypeAlias = Annotated[Scalar, one_of("stay")]
KindOfClock: TypeAlias = Annotated[Scalar, one_of(*Kind)]
FirstDayOfClock: TypeAlias = Annotated[Scalar, one_of(*FirstDay)]
RollOfClock: TypeAlias = Annotated[Scalar, one_of(*Roll)]


class TitleShape(Shape, frozen=True):
    """Text for people in two languages."""

    id: Text = Field(description="Indonesian")
    en: Text | None = Field(None, description="English")


LabelShape: TypeAlias = Text | TitleShape


class DecidedShape(Shape, frozen=True):
    """What was chosen where the law contradicts itself or is silent."""

    question: LabelShape
    chosen: LabelShape
    basis: Some[Basis] = ()


class Part(Shape, frozen=True):
    """What a parameter can leave out."""

    only: Flag | None = Field(None, description="A boolean parameter: without it this is not there")


class Grounded(Shape, frozen=True):
    """What can rest on a law."""

    basis: Some[Basis] = Field((), description="Articles, e.g. P22 ps 12(4)")
    decided: DecidedShape | None = Field(None, description="What was chosen where the law is no answer")


class Element(Grounded, frozen=True):
    """What can rest on a law, and what a parameter can leave out."""

    only: Flag | None = Field(None, description="A boolean parameter: without it this is not there")


class RoleShape(Element, frozen=True):
    """A right that an actor can hold."""

    title: LabelShape
    mandate: Required | None = Field(None, description="Whoever acts in this role needs a mandate")
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


class ValueShape(Element, frozen=True):
    """What fields and the columns of records share."""

    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (("options", "list"),)

    title: LabelShape | None = None
    description: LabelShape | None = None
    options: FullTable[LabelShape] = Field(
        (), description="The choices, in the order in which they are shown"
    )
    list: File | None = Field(None, description="A shared list of choices")
    many: Boolean | None = Field(None, description="Whether it is a list of such values")
    currency: Currency | None = None
    min: Limit | None = None
    max: Limit | None = None
    min_length: Integer | None = None
    max_length: Positive | None = None


class ColumnShape(ValueShape, frozen=True):
    """A column of a record."""

    type: TypeOfColumn


class FieldShape(ValueShape, frozen=True):
    """A value that a case holds."""

    type: TypeOfField
    per: Per | None = Field(None, description="One value for each party")
    personal: Boolean | None = Field(None, description="Kept out of history; refused in guards")
    fields: FullTable[ColumnShape] = Field((), description="The columns of a record")


class FromCasesShape(Shape, frozen=True):
    """A fact that is answered from other cases."""

    workflow: Several[Name] = Field(description="Whose cases are looked at")
    same: Name = Field(description="The side whose party must be the same in both")
    any: Guard = Field(description="Whether any such case fulfils this; it reads that case")


class FactShape(Element, frozen=True):
    """A value that the host provides."""

    type: TypeOfFact
    title: LabelShape | None = None
    from_cases: FromCasesShape | None = Field(None, description="Answered from other cases, not by the host")


class DocumentShape(Element, frozen=True):
    """A document that a case can carry."""

    title: LabelShape
    media: Some[MediaType] = Field((), description="Allowed media types; none given allows any")


class RuleShape(Element, frozen=True):
    """A condition that a command must fulfil."""

    check: Guard
    message: LabelShape


class GivenShape(Part, frozen=True):
    """The fields given with a command."""

    required: Some[Path] = ()
    optional: Some[Path] = ()


class PapersShape(Part, frozen=True):
    """The documents that a command attaches, or finds there already."""

    attach: Some[Path] = ()
    present: Some[Path] = ()


class EmitShape(Part, frozen=True):
    """An event for the outbox."""

    event: Name = Field(description="Published as event.<name>")
    notify: Some[RoleName] = Field((), description="Whom it is meant for")


class BranchShape(Element, frozen=True):
    """One way on."""

    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("when", "to", "set"),)

    when: Guard | None = None
    to: Path | None = None
    reenter: Boolean | None = Field(None, description="Leave and re-enter although the target lies inside")
    set: PathLookup[Guard] = Field((), description="Field: expression")
    at_parent_end: ParentEnd | None = Field(None, description="To a final state: what becomes of children")


class RefusedShape(Element, frozen=True):
    """Where a consent goes that can no longer be reached."""

    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("to", "set"),)

    to: Path | None = None
    reenter: Boolean | None = None
    set: PathLookup[Guard] = ()
    at_parent_end: ParentEnd | None = None


class OpeningShape(Element, frozen=True):
    """Who may open a case, with what, and where it starts."""

    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (("to", "choose"),)
    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("by",), ("to", "choose"))

    by: Several[RoleName] = ()
    fields: GivenShape | None = None
    documents: PapersShape | None = None
    rules: Some[Path] = ()
    facts: Some[Name] = ()
    to: Path | None = None
    choose: Listed[BranchShape] = ()
    set: PathLookup[Guard] = ()
    emit: Listed[EmitShape] = ()


class ConsentShape(Part, frozen=True):
    """Agreement of several members."""

    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("need",),)

    of: Parties | None = None
    need: Need | None = Field(None, description="all, majority or a number")
    about: Some[Path] = Field((), description="Documents whose current version every vote is about")
    refuse: Name | None = Field(None, description="Name of the act that says no")
    withdraw: Name | None = Field(None, description="Name of the act that takes a yes back")
    refused: RefusedShape | None = None
    silence: SilenceShape | None = Field(None, description="What it means when members stay silent")


class OpensShape(Part, frozen=True):
    """Child cases that a transition opens."""

    child: Name = Field(description="Which of 'children'")
    for_each: Name | None = Field(None, description="A side: one child for each of its parties")
    fields: Lookup[Guard] = Field((), description="Field of the child: expression over this case")
    documents: Some[Path] = Field((), description="Documents that are handed over")


class TransitionShape(Element, frozen=True):
    """A transition, under the name by which it is asked for."""

    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("to", "choose"),
        ("reenter", "choose"),
        ("at_parent_end", "choose"),
    )
    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("by",),)

    title: LabelShape | None = None
    description: LabelShape | None = None
    by: Several[RoleName] = Field((), description="Who may ask for it, or 'clock', or 'child'")
    child: Name | None = Field(None, description="With 'by: child': which of 'children' has closed")
    when: Guard | None = Field(
        None, description="Whether it is there at all; sees the case before the command"
    )
    other_person_than: Some[Path] = Field((), description="Not whoever last performed these")
    fields: GivenShape | None = None
    documents: PapersShape | None = None
    rules: Some[Path] = ()
    facts: Some[Name] = ()
    reason: Required | None = None
    consent: ConsentShape | None = None
    to: Path | None = Field(None, description="Target; without it nothing is left or entered")
    choose: Listed[BranchShape] = ()
    set: PathLookup[Guard] = Field((), description="Field: expression")
    reenter: Boolean | None = None
    at_parent_end: ParentEnd | None = None
    opens: OpensShape | None = None
    emit: Listed[EmitShape] = ()


class ReminderShape(Part, frozen=True):
    """When and whom to remind."""

    before: Several[Length]
    at: TimeOfDay | None = None
    to: Several[RoleName]


class ThenShape(Element, frozen=True):
    """What a deadline does when it is due."""

    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("to", "choose"),
        ("to", "otherwise"),
        ("at_parent_end", "choose"),
    )
    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("to", "choose", "set"),)

    to: Path | None = None
    reenter: Boolean | None = None
    set: PathLookup[Guard] = ()
    at_parent_end: ParentEnd | None = None
    choose: Listed[BranchShape] = ()
    otherwise: Stay | None = None


class ClockShape(Element, frozen=True):
    """What deadlines and obligations share."""

    title: LabelShape | None = None
    when: Guard | None = Field(None, description="It runs only where this is true")
    first_day: FirstDayOfClock | None = None
    roll: RollOfClock | None = None
    zone: Zone | None = None
    calendar: Name | None = None
    remind: ReminderShape | None = None


class DeadlineShape(ClockShape, frozen=True):
    """A clock of one entry of its state."""

    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("within", "at"),
        ("since", "at"),
        ("first_day", "at"),
    )
    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("within", "at"), ("kind",))

    within: Length | None = None
    at: Guard | None = Field(None, description="An expression that gives the due day")
    since: Path | None = Field(None, description="A date field; without it the entry of the state")
    hold: Length | None = None
    kind: KindOfClock | None = None
    fulfilled_by: Some[Path] = Field((), description="Transitions that meet it while the state goes on")
    suspendable: Boolean | None = Field(None, description="Whether a suspension of the case stops it")
    then: ThenShape | None = None
    emit: Listed[EmitShape] = Field((), description="When it is due")


class SilenceShape(Element, frozen=True):
    """What it means when members of a consent stay silent: a deadline like any other."""

    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("after",), ("means",))

    title: LabelShape | None = None
    after: Length | None = Field(None, description="Counted from the entry of the state")
    means: Meaning | None = None
    kind: KindOfClock | None = Field(None, description="Without it statutory")
    first_day: FirstDayOfClock | None = None
    roll: RollOfClock | None = None
    hold: Length | None = None
    zone: Zone | None = None
    calendar: Name | None = None
    remind: ReminderShape | None = None
    suspendable: Boolean | None = None


class ObligationShape(ClockShape, frozen=True):
    """A recurring duty."""

    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("each_year", "every", "cron"),
        ("each_year", "since"),
        ("cron", "since"),
    )
    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("each_year", "every", "cron"), ("within",), ("by",))

    each_year: Several[DayOfYear] = Field((), description="Days of the year, MM-DD")
    every: Length | None = None
    cron: Cron | None = Field(None, description="Day of month, month, day of week")
    since: Path | None = None
    until: Path | None = None
    within: Length | None = None
    kind: KindOfClock | None = None
    by: Several[RoleName] = ()
    fulfilled_by: Some[Path] = ()


OF_FRAGMENTS = (
    *("fields", "groups", "documents", "rules", "initial", "states", "regions", "final", "outcome"),
    *("always", "done"),
)
"""Keys of a state that, where it uses a fragment, are the fragment's."""


class ExitShape(Grounded, frozen=True):
    """Where an end of a fragment leads."""

    to: Path
    set: PathLookup[Guard] = ()


class StateShape(Element, frozen=True):
    """A state."""

    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("states", "regions"),
        ("initial", "regions"),
        *(("use", key) for key in OF_FRAGMENTS),
    )
    beside: ClassVar[tuple[tuple[str, str], ...]] = (("with", "use"), ("exits", "use"))

    title: LabelShape | None = None
    description: LabelShape | None = None
    use: File | None = Field(None, description="A fragment that this state consists of")
    with_: Lookup[Filling] = Field((), alias="with", description="Parameter of the fragment: its value")
    exits: Lookup[Path | ExitShape] = Field((), description="End of the fragment: where it leads")
    fields: Table[FieldShape] = Field((), description="Local fields, empty at each entry")
    groups: Lookup[Several[Name]] = ()
    documents: Lookup[DocumentShape] = ()
    rules: Lookup[RuleShape] = ()
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


class RelationShape(Element, frozen=True):
    """Children of one kind."""

    workflow: Name = Field(description="The workflow of these children")
    title: LabelShape | None = None
    shares: Some[Name] = Field((), description="Fields of the child that this case sees")
    max: Positive | None = Field(None, description="At most so many open at a time")
    at_parent_end: ParentEnd | None = Field(None, description="refuse (default), close or keep")


class SuspensionShape(Element, frozen=True):
    """Who may suspend a case, and for how long in all."""

    by: Several[RoleName]
    max_total: Days | None = Field(None, description="In days: those of several suspensions add up")
    reason: Required | None = None


class ExtensionShape(Element, frozen=True):
    """Who may extend which deadlines, and by how much in all."""

    by: Several[RoleName]
    of: Several[Path] = Field(description="Deadlines, by the end of their path")
    max_total: Length | None = None
    reason: Required | None = None


class CorrectionShape(Element, frozen=True):
    """Who may correct which fields."""

    by: Several[RoleName]
    fields: Several[Path]
    reason: Required | None = None


class AttachmentShape(Element, frozen=True):
    """Who may attach which documents outside of any transition."""

    by: Several[RoleName]
    documents: Several[Path]
    reason: Required | None = None


class ParameterShape(Grounded, frozen=True):
    """What a region, or whoever uses a fragment, may set."""

    type: TypeOfParameter
    default: Filling | None = Field(None, description="Without it a value must be given; 'none': nothing")
    title: LabelShape | None = None
    description: LabelShape | None = None


class FragmentShape(Grounded, frozen=True):
    """A fragment's file: a machine to be used as a state."""

    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (("states", "regions"), ("initial", "regions"))
    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("format",), ("fragment",), ("states", "regions"))

    format: Format | None = None
    fragment: Name | None = None
    title: LabelShape | None = None
    description: LabelShape | None = None
    parameters: Table[ParameterShape] = ()
    fields: Table[FieldShape] = Field((), description="Empty at each entry")
    groups: Lookup[Several[Name]] = ()
    documents: Lookup[DocumentShape] = ()
    rules: Lookup[RuleShape] = ()
    deadlines: Table[DeadlineShape] = ()
    obligations: Table[ObligationShape] = ()
    transitions: Table[TransitionShape] = ()
    initial: Name | None = None
    states: FullTable[StateShape] = Field((), description="Those that are final are its exits")
    regions: FullTable[StateShape] = ()


class WorkflowShape(Grounded, frozen=True):
    """A definition file."""

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
    parameters: Table[ParameterShape] = Field((), description="Bound when it is deployed")
    roles: Table[RoleShape] = ()
    parties: Table[SideShape] = ()
    fields: Table[FieldShape] = ()
    groups: Lookup[Several[Name]] = Field((), description="Names for several fields together")
    facts: Lookup[FactShape] = ()
    documents: Lookup[DocumentShape] = ()
    rules: Lookup[RuleShape] = ()
    children: Table[RelationShape] = ()
    suspension: SuspensionShape | None = None
    extension: ExtensionShape | None = None
    correction: CorrectionShape | None = None
    attachment: AttachmentShape | None = None
    open: OpeningShape | None = None
    deadlines: Table[DeadlineShape] = ()
    obligations: Table[ObligationShape] = ()
    transitions: Table[TransitionShape] = Field((), description="In every state that is not final")
    states: FullTable[StateShape] = ()
