"""The shape of a scenario file: which keys stand where, and of what form.

Owns the models that say which keys there are, as ``loading.document`` does for definitions. What names
mean is resolved by ``workflow.scenarios.reading``. Made by ``workflow.source.reading`` alone.

Source: LANGUAGE, "Scenarios" and "Refusal codes".
"""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from workflow.loading.document import Format, LabelShape
from workflow.source.shapes import (
    Anything,
    Course,
    DateText,
    File,
    FullTable,
    Leaf,
    Length,
    Listed,
    Lookup,
    Name,
    Named,
    Path,
    Several,
    Shape,
    Some,
    Table,
    Text,
    Yes,
    one_of,
    word,
)
from workflow.source.text import Scalar

REFUSALS = (
    "not-enabled",
    "ambiguous-trigger",
    "no-branch",
    "wrong-role",
    "wrong-party",
    "same-person",
    "missing-mandate",
    "missing-field",
    "invalid-field",
    "missing-document",
    "missing-reason",
    "rule-failed",
    "already-consented",
    "differing-consent",
    "clock-already-acted",
    "effective-in-future",
    "effective-before-last-step",
    "child-open",
    "case-closed",
    "case-suspended",
    "stale-case",
    "idempotency-mismatch",
)
"""The codes with which a command can be refused, in the order of LANGUAGE."""

OTHER_ACTS = ("suspend", "resume", "extend", "correct")
"""The keys of acts that are no transitions, but for ``attach``, which also stands beside a transition."""

PARTY: Leaf = word("party", r"[!-~]+(?: [!-~]+)*")
PATH: Leaf = word("path", r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")

PartyId: TypeAlias = Annotated[Scalar, PARTY]
Code: TypeAlias = Annotated[Scalar, one_of(*REFUSALS)]
Mark: TypeAlias = Annotated[Scalar, word("mark", r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")]


class MandateShape(Shape, frozen=True):
    """The authority that an actor acts under, as the host vouches for it."""

    id: Text | None = Field(None, description="Of the letter of authority; the actor's name by default")
    role: Name | None = Field(None, description="The role that it gives; the actor's only one by default")
    party: PartyId | None = Field(None, description="For which party; the actor's by default")
    from_: DateText | None = Field(None, alias="from", description="First day on which it holds")
    until: DateText | None = Field(None, description="Last day on which it holds")


class ActorShape(Shape, frozen=True):
    """Somebody who acts."""

    roles: Some[Name] = Field((), description="Roles that they hold")
    party: PartyId | None = Field(None, description="The party for which they hold them")
    mandate: Some[MandateShape] = Field((), description="Authorities that they hold")


class RefusedShape(Shape, frozen=True):
    """With what a step must be refused; all of it in one reason."""

    code: Code | None = None
    rule: Name | None = Field(None, description="The rule that failed")
    basis: Some[Text] = Field((), description="Articles that the reason cites")

    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("code", "rule", "basis"),)


class LastShape(Shape, frozen=True):
    """The last entry of a case's history."""

    kind: Name | None = None
    by: Text | None = Field(None, description="Who acted or recorded: an actor, clock, child or parent")
    role: Name | None = None
    for_party: PartyId | None = None
    trigger: Path | None = Field(None, description="End of the path of the transition")
    effective_on: DateText | None = None
    basis: Some[Text] = Field((), description="Articles that it cites, among others")
    outcome: Name | None = None


class ExpectShape(Shape, frozen=True):
    """What must be so after a step."""

    in_: Some[Path] = Field(
        (), alias="in", description="Ends of paths of active states, also around others; need not be complete"
    )
    due: Annotated[tuple[tuple[Scalar, DateText], ...], Named(key=PATH, is_ordered=False)] = Field(
        (), description="End of the path of a clock or duty: its due day"
    )
    fields: Annotated[tuple[tuple[Scalar, Anything], ...], Named(key=PATH, is_ordered=False)] = Field(
        (), description="Field: its value, null where it is empty"
    )
    overdue: Some[Path] = Field((), description="Everything that is overdue now")
    fired: Course[Path] = Field((), description="What clocks did in this step, in order")
    available: Some[Path] = Field((), description="Everything that may be asked for now, by 'who' if given")
    messages: Course[Path] = Field((), description="Events and reminders sent in this step, in order")
    outcome: Name | None = Field(None, description="How the case ended")
    last: LastShape | None = Field(None, description="The last entry of its history")


class StepShape(Shape, frozen=True):
    """One step of a scenario."""

    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("on", "wait_until"),
        ("open", "does", *OTHER_ACTS, "wait_until"),
        ("opens", "refused"),
        *(("attach", other) for other in (*OTHER_ACTS, "wait_until")),
    )
    beside: ClassVar[tuple[tuple[str, str], ...]] = (("extend", "within"), ("within", "extend"))

    case: Name | None = Field(None, description="Which case; the one that the scenario opened by default")
    on: DateText | None = Field(None, description="The day of this step and of those after it")
    wait_until: DateText | None = Field(None, description="Let time pass until this day")
    open: Name | None = Field(None, description="The workflow to open a case of")
    who: Name | None = Field(None, description="Who acts")
    does: Path | None = Field(None, description="The transition asked for, a name or a path")
    suspend: Yes | None = Field(None, description="Suspend the case")
    resume: Yes | None = Field(None, description="Resume the suspended case")
    extend: Path | None = Field(None, description="End of the path of a deadline that gets more time")
    within: Length | None = Field(None, description="How much more, counted from its due day")
    correct: Annotated[tuple[tuple[Scalar, Anything], ...], Named(key=PATH, is_ordered=False, least=1)] = (
        Field((), description="Field: the value that it should have had")
    )
    as_role: Name | None = Field(None, description="The role acted in, or whose act is recorded")
    for_party: PartyId | None = Field(None, description="The party whose act is recorded")
    give: Annotated[tuple[tuple[Scalar, Anything], ...], Named(key=PATH, is_ordered=False)] = Field(
        (), description="Field: value given with the act"
    )
    attach: Some[Name] = Field((), description="Documents attached with the act, or by themselves")
    facts: Lookup[Anything] = Field((), description="What the host answers when it is asked")
    reason: Text | None = None
    effective_on: DateText | None = Field(None, description="The day on which it happened")
    opens: Some[Name] = Field((), description="Names for the cases that the act opens")
    refused: Code | RefusedShape | None = Field(None, description="The act must be refused, with this")
    expect: ExpectShape | None = None
    mark: Name | None = Field(None, description="A name for the state after this step")


class ScenarioShape(Shape, frozen=True):
    """A course of events, and what must be so on the way."""

    title: LabelShape | None = None
    description: LabelShape | None = None
    from_: Mark | None = Field(None, alias="from", description="Go on at a mark: scenario.mark")
    steps: Listed[StepShape] = ()
    mark: Name | None = Field(None, description="A name for the state after the last step")

    needed: ClassVar[tuple[tuple[str, ...], ...]] = (("steps",),)


class ScenariosShape(Shape, frozen=True):
    """A file of scenarios."""

    format: Format
    scenarios_for: Several[File]
    parties: Annotated[tuple[tuple[Scalar, Name], ...], Named(key=PARTY)] = Field(
        (), description="Party: the side that it is on"
    )
    actors: Table[ActorShape] = ()
    scenarios: FullTable[ScenarioShape]
