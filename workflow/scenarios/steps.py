"""One step of a scenario: its names resolved against the definition of its case, its values typed.

Owns `Place`, what is known of the cases on the way through a scenario, and every check of a single step.
What a step does is ``workflow.scenarios.running``'s business. Called by ``reading``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from workflow.case import Actor
from workflow.definition import Definition
from workflow.durations import Duration, parse
from workflow.loading.context import Context, texts
from workflow.scenarios.expectations import Expectations
from workflow.scenarios.model import Expected, Step, is_end
from workflow.scenarios.names import Names
from workflow.scenarios.shapes import OTHER_ACTS, StepShape
from workflow.source.nodes import Scalar
from workflow.source.reading import suggestion

ACTS = ("open", "does", *OTHER_ACTS, "attach")
"""Keys of which one makes a step an act."""

ONLY_BESIDE: Mapping[str, tuple[str, ...]] = {
    "give": ("open", "does"),
    "reason": ACTS,
    "effective_on": ACTS,
    "opens": ("open", "does"),
    "refused": ACTS,
}
"""Keys that say something only beside one of others."""


@dataclass(slots=True, kw_only=True)
class Place:
    """What is known at a point of a scenario: the cases by name with their definitions, and the day."""

    cases: dict[str, Definition] = field(default_factory=dict)
    on: date | None = None

    def copy(self) -> Place:
        """Return a place that goes on by itself."""
        return Place(cases=dict(self.cases), on=self.on)


class Steps:
    """Reads the steps of one file.

    Args:
        context: Where findings go.
        definitions: By workflow; ``None`` where one of them could not be used, so that names are not
            looked up at all.
        actors: By name.
        parties: Ids of the parties of the file.
    """

    def __init__(
        self,
        *,
        context: Context,
        definitions: Mapping[str, Definition] | None,
        actors: Mapping[str, Actor],
        parties: tuple[str, ...],
    ) -> None:
        self._context = context
        self._definitions = definitions
        self._actors = actors
        self._parties = parties
        self._expectations = Expectations(context, actors)

    def read(self, number: int, shape: StepShape, place: Place | None) -> tuple[Step, Place | None]:
        """Read a step at a place, and return the place after it; ``None``: it is not known."""
        self._check_form(shape)
        on, wait_until = self._day(shape.on, place), self._day(shape.wait_until, place)
        if place is not None and place.on is None:
            self._context.report("missing-key", shape.owner, name="on")
        definition = self._definition(shape, place)
        if place is not None:
            self._note_opened(shape, place, definition)
        names = Names(self._context, definition)
        step = Step(
            number=number,
            span=shape.owner,
            case=shape.case.text if shape.case else "",
            on=on,
            wait_until=wait_until,
            open=shape.open.text if shape.open else None,
            does=names.trigger(shape.does),
            act=_other_act(shape),
            extend=names.deadline(shape.extend),
            within=_duration(shape.within),
            who=self._actor(shape.who),
            as_role=names.one("role", shape.as_role),
            for_party=self._party(shape.for_party),
            give=dict(names.fields((*shape.give, *shape.correct), is_checked=shape.refused is None)),
            attach=tuple(filter(None, (names.one("document", one) for one in shape.attach))),
            facts=dict(names.facts(shape.facts)),
            reason=shape.reason.text if shape.reason else None,
            effective_on=self._context.date(shape.effective_on),
            opens=texts(shape.opens),
            refused=names.refused(shape),
            expect=self._expect(shape, definition),
            mark=shape.mark.text if shape.mark else None,
        )
        return step, place

    # --- form --------------------------------------------------------------------------------------

    def _check_form(self, shape: StepShape) -> None:
        if any(map(shape.has, ACTS)) and not shape.has("who"):
            self._context.report("missing-key", shape.owner, name="who")
        for stray, others in ONLY_BESIDE.items():
            if shape.has(stray) and not any(map(shape.has, others)):
                span, names = shape.key(stray), ", ".join(others)
                self._context.report("missing-key", span, key="missing-key.one-of", names=names)
                break
        if shape.open is not None and shape.opens:
            self._context.report("conflicting-keys", shape.key("opens"), one="opens", other="open")

    def _day(self, written: Scalar | None, place: Place | None) -> date | None:
        """Read the day to which time goes, which never goes back."""
        day = self._context.date(written)
        if written is None or day is None or place is None:
            return day
        if place.on is not None and day < place.on:
            self._context.report("scenario-time", written.span, on=written.text, before=place.on.isoformat())
        place.on = max(day, place.on or day)
        return day

    def _actor(self, name: Scalar | None) -> Actor | None:
        if name is None:
            return None
        if name.text not in self._actors:
            self._context.report_unknown("actor", name.span, name.text, self._actors)
        return self._actors.get(name.text)

    def _party(self, party: Scalar | None) -> str | None:
        if party is None:
            return None
        if party.text not in self._parties:
            help = suggestion(party.text, self._parties)
            self._context.report(
                "unknown-party", party.span, key="unknown-party.id", help=help, name=party.text
            )
        return party.text

    # --- which case --------------------------------------------------------------------------------

    def _definition(self, shape: StepShape, place: Place | None) -> Definition | None:
        """Return the definition of the step's case, reporting a case or workflow that there is not."""
        if self._definitions is None:
            return None
        if shape.open is not None:
            if shape.open.text not in self._definitions:
                self._context.report_unknown("workflow", shape.open.span, shape.open.text, self._definitions)
            return self._definitions.get(shape.open.text)
        if place is None:
            return None
        name = shape.case.text if shape.case else ""
        if name not in place.cases:
            self._report_case(shape, name, place)
        return place.cases.get(name)

    def _report_case(self, shape: StepShape, name: str, place: Place) -> None:
        if shape.case is None:
            self._context.report("unknown-case", shape.owner, key="unknown-case.none")
            return
        self._context.report_unknown("case", shape.case.span, name, [one for one in place.cases if one])

    def _note_opened(self, shape: StepShape, place: Place, definition: Definition | None) -> None:
        if shape.open is not None and definition is not None and not shape.has("refused"):
            name = shape.case or shape.open
            self._note(place, shape.case.text if shape.case else "", name, definition)
        if not shape.opens or definition is None or shape.does is None:
            return
        opened = list(_children(definition, shape.does.text))
        if not opened:
            self._context.report("opens-nothing", shape.key("opens"), name=shape.does.text)
        for name in shape.opens:
            for workflow in opened[:1]:
                child = (self._definitions or {}).get(workflow)
                if child is None:
                    self._context.report_unknown("workflow", name.span, workflow, self._definitions or {})
                else:
                    self._note(place, name.text, name, child)

    def _note(self, place: Place, key: str, name: Scalar, definition: Definition) -> None:
        if key in place.cases:
            variant = None if key else "name-twice.case"
            self._context.report("name-twice", name.span, key=variant, name=key)
        place.cases[key] = definition

    def _expect(self, shape: StepShape, definition: Definition | None) -> tuple[Expected, ...]:
        return () if shape.expect is None else self._expectations.read(shape.expect, definition)


def _other_act(shape: StepShape) -> str | None:
    """Return the name of a step's act that is no transition."""
    if shape.has("attach") and not (shape.has("open") or shape.has("does")):
        return "attach"
    return next((name for name in OTHER_ACTS if shape.has(name)), None)


def _duration(written: Scalar | None) -> Duration | None:
    return parse(written.text) if written is not None else None


def _children(definition: Definition, trigger: str) -> Iterator[str]:
    """Yield the workflows of which a trigger opens cases."""
    for state in definition.states.values():
        for handler in state.handlers:
            if handler.opens is not None and is_end(handler.path, trigger):
                yield definition.children[handler.opens.child].workflow
