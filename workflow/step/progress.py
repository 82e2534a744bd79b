"""A step in the making: entries drafted one after the other, the case carried along by the fold.

Owns `Progress`, the only mutable thing in a decision, and what every change of configuration drags
with it: fields, clocks, obligations, votes, the end of the case. ``decide`` and `workflow.step.consent`
say what happens; this writes it down.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from workflow.case import (
    SEMANTICS,
    Body,
    CaseState,
    ChildOpening,
    Decision,
    Emitted,
    Personal,
    World,
)
from workflow.chart.interpreter import ALWAYS, NoBranch, Step
from workflow.chart.process import Process
from workflow.definition import Decided, Emit, Opens
from workflow.step.clocks import (
    Calendars,
    calendars_of,
    clock_records,
    obligation_records,
    occurrence_record,
    turned,
)
from workflow.step.environment import Scene
from workflow.step.evolve import evolve
from workflow.step.kin import Kin, child_parties, in_the_way, to_close
from workflow.time.calendars import Calendar
from workflow.time.deadlines import instant_text, later_instant

NO_CHANGES: Mapping[str, Any] = {}
CLOCK: Body = {"id": "clock"}
"""The actor of what the law brings about by time."""

CLOSED_WITH_PARENT = "closed_with_parent"
"""The outcome of a case that ended since its parent did."""

WITH_PARENT = "@parent"
"""What history names as the trigger of that end: no transition of the definition."""


class ChildrenOpen(NamedTuple):
    """A step that would end the case, and the open children that it may not end with."""

    children: tuple[str, ...]


class Progress:
    """The entries of one command so far, and the case after them.

    Attributes:
        case: The case after the last entry.
        entries: Drafts, in order.
    """

    __slots__ = (
        "_calendars",
        "case",
        "clock",
        "closed_child",
        "closings",
        "engine",
        "entries",
        "events",
        "now",
        "openings",
        "process",
        "today",
        "world",
    )

    def __init__(self, process: Process, case: CaseState, world: World, today: date) -> None:
        self.process = process
        self.world = world
        self.case = case
        self.today = today
        # Never before the last entry, whatever the host's clock says: what is ripe for this step must
        # be ripe at the instant under which it is recorded.
        now = instant_text(world.now)
        self.now = now if now > case.recorded_at else later_instant(case.recorded_at)
        self.entries: list[Body] = []
        self.events: list[Emitted] = []
        self.openings: list[ChildOpening] = []
        self.closings: tuple[str, ...] = ()
        self.closed_child: str | None = None
        self.clock = "virtual" if world.virtual else "system"
        self.engine = {"version": world.version, "semantics": SEMANTICS}
        self._calendars: Calendars | None = None

    @property
    def calendars(self) -> Calendars:
        """The calendars of the case by name, looked up when first needed."""
        if self._calendars is None:
            self._calendars = calendars_of(self.process, self.case, self.world)
        return self._calendars

    def decision(self) -> Decision:
        """Return what came of it."""
        return Decision(
            entries=tuple(self.entries),
            case=self.case,
            events=tuple(self.events),
            openings=tuple(self.openings),
            closings=self.closings,
        )

    def write(self, kind: str, effective_on: date, keys: Body, *, revise: bool) -> Body:
        """Append an entry and fold it into the case."""
        case = self.case
        recorded_at = self.now if not self.entries else later_instant(case.recorded_at)
        body: Body = {
            "v": 1,
            "tenant": case.tenant,
            "case": case.id,
            "seq": case.seq + 1,
            "revision": case.revision + 1 if revise else case.revision,
            "kind": kind,
            "recorded_at": recorded_at,
            "effective_on": effective_on.isoformat(),
            "clock": self.clock,
            "engine": self.engine,
            "definition": self.process.reference,
        }
        body.update(keys)
        opening = kind == "case_opened"
        self.case = evolve(None if opening else case, body, self.process.definition)
        self.entries.append(body)
        return body

    def scene(
        self,
        *,
        values: Mapping[str, Any],
        documents: Collection[str],
        today: date,
        role: str | None = None,
    ) -> Scene:
        """Return the environment of a step of this case."""
        return Scene(
            self.process.definition,
            values=values,
            documents=documents,
            parties=self.case.parties,
            active=self.process.active(self.case.configuration),
            today=today,
            calendar=self._working_calendar,
            facts=self.world.facts,
            clocks=self.case.clocks,
            obligations=self.case.obligations,
            kin=Kin(self.process.definition, self.case, self.world.relative, self.closed_child),
            role=role,
        )

    def _working_calendar(self) -> Calendar:
        return self.calendars[self.process.definition.calendar]

    def take(
        self,
        kind: str,
        edge: str,
        scene: Scene,
        effective_on: date,
        keys: Body,
        *,
        inputs: Iterable[str] = (),
        documents: Mapping[str, tuple[str, ...]] = NO_CHANGES,
        basis: tuple[str, ...] = (),
        decided: Decided | None = None,
        emit: tuple[Emit, ...] = (),
        fired: str | None = None,
        fulfils: Iterable[str] = (),
        opens: Opens | None = None,
    ) -> NoBranch | ChildrenOpen | None:
        """Take an edge of the statechart and write what follows from it.

        Args:
            keys: Keys of the entry that the caller knows: actor, trigger, rules …
            inputs: Names of the fields that the command gave.
            fired: The deadline whose clock takes the edge.
            fulfils: The obligations and deadlines that the act meets, also where it ends them.
            opens: The children that the act opens.

        Returns:
            `NoBranch` or `ChildrenOpen` where the edge cannot be taken; then nothing is written.
        """
        before = self.case
        step = self._step(edge, scene)
        if not isinstance(step, Step):
            return step
        names = [*inputs, *(assignment.field for branch in scene.branches for assignment in branch.set)]
        names += scene.entered(step.entered)
        changes = self.changes(before.fields, scene.values, dict.fromkeys(names))
        if edge != "@open":
            keys["from"] = list(step.source)
        keys["to"] = list(step.target)
        if changes:
            keys["changes"] = changes
        if documents:
            keys["documents"] = {name: list(digests) for name, digests in documents.items()}
        branch = scene.branches[0] if scene.branches else None
        if grounds := (branch.basis if branch else ()) or basis:
            keys["basis"] = list(grounds)
        if choice := (branch.decided if branch else None) or decided:
            keys["decided"] = {
                "question": choice.question.id,
                "chosen": choice.chosen.id,
                "basis": list(choice.basis),
            }
        exited = self._exited(step)
        self._time(keys, step, exited, scene, effective_on, changes, fired, fulfils)
        if step.final:
            outcome = self.process.state(step.target[0]).outcome
            keys["outcome"] = outcome or step.target[0]
        moved = bool(exited or step.entered)
        revise = moved or bool(changes) or bool(documents) or edge == "@open"
        self.write(kind, effective_on, keys, revise=revise)
        for one in emit:
            notify = tuple(str(ref) for ref in one.notify)
            self.events.append(Emitted(event=one.event, seq=self.case.seq, notify=notify))
        if before.obligations:
            self._meet(fulfils, effective_on)
            self._lapse(before, exited, effective_on)
        if before.votes:
            self.void_votes(exited, effective_on)
        if opens is not None:
            self._open_children(opens, scene, effective_on, keys["actor"])
        return None

    def _step(self, edge: str, scene: Scene) -> Step | NoBranch | ChildrenOpen:
        configuration, machine = self.case.configuration, self.process.machine
        if edge == "@open":
            step = machine.start(scene)
        elif edge == ALWAYS:
            step = machine.settle(configuration, scene)
        else:
            step = machine.take(configuration, edge, scene)
        is_end = isinstance(step, Step) and step.final
        if is_end and self.case.children and (standing := self._standing(scene)):
            return ChildrenOpen(standing)
        return step

    def _standing(self, scene: Scene) -> tuple[str, ...]:
        """Return the open children in the way of an end, and note those that end with the case."""
        override = next((one.at_parent_end for one in reversed(scene.branches) if one.at_parent_end), None)
        definition = self.process.definition
        standing = in_the_way(definition, self.case, self.world.relative, override)
        self.closings = () if standing else to_close(definition, self.case, override)
        return standing

    def _open_children(self, opens: Opens, scene: Scene, effective_on: date, actor: Body) -> None:
        """Write that children are opened: one, or one for each party of a side."""
        workflow = self.process.definition.children[opens.child].workflow
        fields = {name: value(scene) for name, value in opens.fields.items()}
        documents = {
            name.rpartition(".")[2]: self.case.documents[name]
            for name in opens.documents
            if name in self.case.documents
        }
        for parties in child_parties(self.process.definition.sides, self.case, opens):
            opening = ChildOpening(
                case_id=self.world.new_case(),
                name=opens.child,
                workflow=workflow,
                fields={name: value for name, value in fields.items() if value is not None},
                documents=documents,
                parties=parties,
                effective_on=effective_on,
            )
            keys: Body = {"actor": actor, "child": {"case": opening.case_id, "name": opens.child}}
            self.write("child_opened", effective_on, keys, revise=False)
            self.openings.append(opening)

    def close_with_parent(self, effective_on: date, actor: Body) -> ChildrenOpen | None:
        """Write that the case ends where it stands, since its parent has."""
        case, definition = self.case, self.process.definition
        if standing := in_the_way(definition, case, self.world.relative):
            return ChildrenOpen(standing)
        self.closings = to_close(definition, case)
        here = case.configuration
        step = Step(source=here, target=here, exited=(), entered=(), taken=(), branch=0, final=True)
        keys: Body = {
            "actor": actor,
            "trigger": WITH_PARENT,
            "from": list(here),
            "to": list(here),
            "outcome": CLOSED_WITH_PARENT,
        }
        exited = self._exited(step)
        scene = self.scene(values=case.fields, documents=case.documents, today=effective_on)
        self._time(keys, step, exited, scene, effective_on, {}, None, ())
        self.write("transition_taken", effective_on, keys, revise=True)
        self._lapse(case, exited, effective_on)
        self.void_votes(exited, effective_on)
        return None

    def _exited(self, step: Step) -> tuple[str, ...]:
        """States left; the end of a case leaves every one."""
        exited = tuple(dict.fromkeys(step.exited))
        if not step.final:
            return exited
        rest = self.process.active(step.source) - set(exited)
        states = self.process.definition.states
        outward = sorted(rest, key=lambda path: (-states[path].depth, -states[path].order))
        return (*exited, *outward)

    def _time(
        self,
        keys: Body,
        step: Step,
        exited: tuple[str, ...],
        scene: Scene,
        effective_on: date,
        changes: Mapping[str, Any],
        fired: str | None,
        fulfils: Iterable[str],
    ) -> None:
        active = frozenset() if step.final else self.process.active(step.target)
        scene.active = active  # a clock is armed by what is so after the step
        entered = tuple(dict.fromkeys(step.entered))
        met = [path for path in fulfils if path in self.case.clocks]
        turned = self._turned(scene, effective_on)
        if not (exited or entered or fired or changes or met or turned):
            return
        clocks = clock_records(
            self.process,
            self.case,
            scene,
            self.calendars,
            exited=exited,
            entered=entered,
            active=active,
            effective_on=effective_on,
            changed=changes,
            turned=turned,
            fired=fired,
            met=met,
        )
        if clocks:
            keys["clocks"] = clocks
        if not (self.process.obligations or self.case.obligations):
            return
        duties = obligation_records(
            self.process,
            self.case,
            scene,
            exited=exited,
            entered=entered,
            active=active,
            effective_on=effective_on,
            changed=changes,
            turned=turned,
        )
        if duties:
            keys["obligations"] = duties

    def _turned(self, after: Scene, effective_on: date) -> tuple[str, ...]:
        """Return the clocks and duties whose condition a step answers otherwise, besides by fields."""
        case = self.case
        if not self.process.conditions or not case.recorded_at:
            return ()
        before = self.scene(values=case.fields, documents=case.documents, today=effective_on)
        return turned(self.process, before, after)

    def changes(self, old: Mapping[str, Any], new: Mapping[str, Any], names: Iterable[str]) -> Body:
        """Return what history keeps of the fields that differ between two sets of values."""
        changes: Body = {}
        for name in names:
            before, after = old.get(name), new.get(name)
            if before == after:
                continue
            declared = self.process.definition.fields[name]
            if declared.per_party:
                before, after = before or {}, after or {}
                parties = (*after, *(party for party in before if party not in after))
                changes[name] = {
                    party: change(before.get(party), after.get(party), declared.personal)
                    for party in parties
                    if before.get(party) != after.get(party)
                }
            else:
                changes[name] = change(before, after, declared.personal)
        return changes

    def _meet(self, fulfils: Iterable[str], effective_on: date) -> None:
        """Meet the oldest open occurrence of each obligation that the act fulfils."""
        actor = self.entries[-1]["actor"]
        for path in fulfils:
            duty = self.case.obligations.get(path)
            if duty and duty["open"]:
                record = occurrence_record("met", path, duty["open"][0]["occurrence"])
                self.duty_entry("obligation_met", effective_on, record, actor)

    def _lapse(self, before: CaseState, exited: tuple[str, ...], effective_on: date) -> None:
        """Write the lapse of every occurrence still open of a duty whose state the step has left.

        Also where the step enters the state again: what was open belongs to the entry that was left.
        """
        actor = self.entries[-1]["actor"]
        left = [path for path in before.obligations if self.process.obligations[path].state in exited]
        for path in sorted(left, key=lambda path: self.process.order[path][1]):
            for one in self.case.obligations.get(path, {}).get("open", ()):
                record = occurrence_record("lapsed", path, one["occurrence"])
                self.duty_entry("obligation_lapsed", effective_on, record, actor)

    def duty_entry(self, kind: str, effective_on: date, record: Body, actor: Body = CLOCK) -> None:
        """Write an entry about an obligation, by the clock or by whose act it follows from.

        It changes no state of the case.
        """
        keys: Body = {"actor": actor, "obligations": [record]}
        basis = self.process.obligations[record["path"]].basis
        if basis:
            keys["basis"] = list(basis)
        self.write(kind, effective_on, keys, revise=False)

    def void_votes(self, exited: tuple[str, ...], effective_on: date) -> None:
        """Void the votes of a consent whose state was left or whose documents have a new version."""
        entry = self.entries[-1]
        attached = set(entry.get("documents", ()))
        for path in self.case.votes:
            handler = self.process.handlers[path]
            about = handler.consent.about if handler.consent else ()
            if handler.state in exited or attached.intersection(about):
                self.void(path, effective_on)

    def void(self, path: str, effective_on: date) -> None:
        """Write that the votes of a consent are void."""
        keys: Body = {"actor": {"id": "engine"}, "trigger": path}
        self.write("consent_voided", effective_on, keys, revise=True)


def change(old: Any, new: Any, personal: bool) -> Body:
    """Return one ``{old, new}`` of history; an absent key is an empty value."""
    body: Body = {}
    if old is not None:
        body["old"] = Personal(old) if personal else old
    if new is not None:
        body["new"] = Personal(new) if personal else new
    return body
