"""From a definition to its drawing.

Owns `draw`: how states, transitions, clocks and duties become the boxes, rows and ways of
``model``, how states get their numbers, what is left when only a part is wanted, and how the
way of a case is marked. Called by the command line and by whoever shows a process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from workflow.definition import (
    Act,
    Branch,
    Deadline,
    Definition,
    Handler,
    Kind,
    Obligation,
    State,
    StateKind,
)
from workflow.diagram.case import OPEN, Progress, Running, Taken
from workflow.diagram.decisions import decisions
from workflow.diagram.model import Box, CaseShown, Drawing, Notice, Row, RowKind, Way
from workflow.diagram.words import Speaker

__all__ = ("draw",)


def draw(
    definition: Definition,
    language: str = "id",
    *,
    progress: Progress | None = None,
    level: int | None = None,
    phases_only: bool = False,
) -> Drawing:
    """Return the drawing of a definition.

    Args:
        definition: The definition.
        language: ``id`` or ``en``.
        progress: The way of a case on it.
        level: How deep states are drawn, 1 for the phases alone; what lies deeper is folded into the
            state around it, with the rows that lead out of it and its clocks and duties.
        phases_only: Draw the phases with the names of what is in them and the ways between them.

    Raises:
        ValueError: ``level`` is below 1.
    """
    if level is not None and level < 1:
        raise ValueError("level is 1 or more")
    artist = _Artist(Speaker(definition, language), progress, 1 if phases_only else level, phases_only)
    speaker = artist.speaker
    return Drawing(
        language=language,
        title=speaker.title(definition.title, definition.workflow),
        description=speaker.title(definition.description, "") if definition.description else "",
        workflow=definition.workflow,
        version=definition.version,
        digest=definition.digest,
        basis=", ".join(definition.basis),
        in_force_from=speaker.day(definition.in_force_from) if definition.in_force_from else "",
        root=artist.box(definition.states[""]),
        opening=artist.opening(),
        case=artist.case(),
        decisions=() if phases_only else decisions(speaker),
    )


class _Artist:
    """Makes the boxes of one drawing."""

    def __init__(
        self, speaker: Speaker, progress: Progress | None, level: int | None, phases_only: bool
    ) -> None:
        self.speaker = speaker
        self._states = speaker.definition.states
        self._progress = progress
        self._level = level
        self._phases_only = phases_only
        self._numbers = _numbers(speaker.definition)

    def case(self) -> CaseShown | None:
        """Return the case for people."""
        progress = self._progress
        if progress is None:
            return None
        day = self.speaker.day
        overdue = [path for path, clock in progress.clocks.items() if clock.status == "overdue"]
        overdue += [path for path, all_ in progress.duties.items() if any(one.is_overdue for one in all_)]
        return CaseShown(
            number=progress.number,
            parties=progress.parties,
            opened=day(progress.opened_on),
            closed=day(progress.closed_on) if progress.closed_on else "",
            outcome=self._outcome(progress.outcome),
            overdue=tuple(self.speaker.timed(path) for path in overdue),
        )

    def _outcome(self, outcome: str | None) -> str:
        ends = [one for one in self._states.values() if outcome and one.outcome == outcome]
        return self.speaker.state(ends[0].path) if ends else outcome or ""

    # --- boxes ---------------------------------------------------------------------------------------

    def box(self, state: State) -> Box:
        """Return a state with all that is drawn inside it."""
        progress = self._progress
        is_folded = state.depth == self._level and bool(state.children)
        children = () if is_folded else tuple(self.box(self._states[path]) for path in state.children)
        is_active = progress is not None and state.path in progress.active
        entered = progress.entered.get(state.path, ()) if progress else ()
        parent = self._states.get(state.parent) if state.parent is not None else None
        return Box(
            path=state.path,
            title=self.speaker.title(state.title, state.name),
            number=self._numbers[state.path],
            basis=", ".join(state.basis),
            outcome=state.outcome or "",
            is_end=state.kind is StateKind.FINAL,
            is_parallel=state.kind is StateKind.PARALLEL,
            is_region=parent is not None and parent.kind is StateKind.PARALLEL,
            is_initial=parent is not None and parent.initial == state.path,
            rows=tuple(self._folded_rows(state) if is_folded or self._phases_only else self._rows(state)),
            children=children,
            folded=tuple(self.speaker.state(path) for path in state.children) if is_folded else (),
            entered=tuple(self.speaker.day(on) for on in entered),
            is_active=is_active,
            is_here=is_active and not any(child.is_active for child in children),
        )

    def _rows(self, state: State) -> Iterator[Row]:
        for handler in state.handlers:
            if handler.act in (Act.TAKE, Act.YES):
                yield self._act(handler)
        for deadline in state.deadlines:
            yield self._clock(deadline)
        for duty in state.obligations:
            yield self._duty(duty)
        if state.always:
            yield self._automatic(state, "always", state.always)
        if state.done is not None:
            key = "done" if state.kind is StateKind.PARALLEL else "done-one"
            yield self._automatic(state, key, (state.done,))

    def _folded_rows(self, state: State) -> Iterator[Row]:
        """Yield what leads out of a folded state, and its clocks and duties."""
        inside = f"{state.path}."
        for path, one in self._states.items():
            if path != state.path and not path.startswith(inside):
                continue
            for row in self._rows(one):
                ways = tuple(way for way in row.ways if way.target not in (None, state.path))
                is_timed = row.kind in (RowKind.CLOCK, RowKind.DUTY)
                if ways or (is_timed and not self._phases_only):
                    yield replace(row, ways=ways)

    # --- rows ------------------------------------------------------------------------------------------

    def opening(self) -> Row:
        """Return the row by which a case is opened."""
        opening = self.speaker.definition.opening
        return Row(
            kind=RowKind.OPEN,
            title=self.speaker.say("open"),
            path=OPEN,
            who=self.speaker.who(opening.by),
            basis=", ".join(opening.basis),
            ways=self._ways(opening.branches, OPEN),
            taken=self._days(self._taken(OPEN)),
        )

    def _act(self, handler: Handler) -> Row:
        speaker = self.speaker
        consent = handler.consent
        ways = self._ways(handler.branches, handler.path)
        if consent is not None and consent.refused is not None:
            ways += self._ways((consent.refused,), handler.path, when=speaker.say("refused"))
        return Row(
            kind=RowKind.CONSENT if consent is not None else RowKind.ACT,
            title=speaker.title(handler.title, handler.name),
            path=handler.path,
            state=handler.state,
            who=self._who(handler),
            basis=", ".join(handler.basis),
            notes=tuple(self._notes(handler)),
            ways=ways,
            taken=self._days(self._taken(handler.path)),
        )

    def _who(self, handler: Handler) -> str:
        if handler.by_child:
            return self.speaker.say("by-child", child=self.speaker.relation(handler.child or ""))
        return self.speaker.who(handler.by)

    def _notes(self, handler: Handler) -> Iterator[str]:
        say = self.speaker.say
        if handler.consent is not None:
            need = handler.consent.need
            key = f"consent-{need}" if need in ("all", "majority") else "consent-number"
            yield say(key, n=need)
        if handler.when is not None:
            yield say("if", what=self.speaker.condition(handler.when))
        if handler.other_person_than:
            others = (self._handler_title(path) for path in handler.other_person_than)
            yield say("other-person", what=", ".join(dict.fromkeys(others)))
        if handler.opens is not None:
            yield say("opens", child=self.speaker.relation(handler.opens.child))

    def _handler_title(self, path: str) -> str:
        state, _, name = path.rpartition(".")
        found = [one for one in self._states[state].handlers if one.name == name]
        return self.speaker.title(found[0].title if found else None, name)

    def _clock(self, deadline: Deadline) -> Row:
        speaker = self.speaker
        notes = []
        if deadline.when is not None:
            notes.append(speaker.say("if", what=speaker.condition(deadline.when)))
        if deadline.then is None:
            notes.append(speaker.say("no-consequence"))
        ways = self._ways(deadline.then or (), deadline.path, when=speaker.say("passed"))
        kind = speaker.say(f"kind-{deadline.kind.value}") if deadline.kind is not Kind.STATUTORY else ""
        return Row(
            kind=RowKind.CLOCK,
            title=speaker.title(deadline.title, deadline.name),
            path=deadline.path,
            state=deadline.state,
            says=self._length(deadline),
            basis=", ".join(deadline.basis) or kind,
            notes=tuple(notes),
            ways=ways,
            taken=self._days(self._taken(deadline.path)),
            notices=tuple(self._notices(deadline.path)),
            is_statutory=deadline.kind is Kind.STATUTORY,
        )

    def _length(self, deadline: Deadline) -> str:
        speaker = self.speaker
        if deadline.within is None:
            return speaker.say("at", what=speaker.value(deadline.at)) if deadline.at is not None else ""
        within = speaker.duration(deadline.within)
        if deadline.since is None:
            return speaker.say("within-entry", within=within)
        return speaker.say("within-since", within=within, since=speaker.field(deadline.since))

    def _duty(self, duty: Obligation) -> Row:
        speaker = self.speaker
        within = speaker.duration(duty.within)
        if duty.each_year:
            days = speaker.listed(speaker.day_of_year(month, day) for month, day in duty.each_year)
            says = speaker.say("yearly", days=days, within=within)
        elif duty.every is not None:
            says = speaker.say("every", every=speaker.duration(duty.every), within=within)
        else:
            says = speaker.say("schedule", cron=duty.cron or "", within=within)
        by = [self._handler_title(path) for path in duty.fulfilled_by]
        return Row(
            kind=RowKind.DUTY,
            title=speaker.title(duty.title, duty.name),
            path=duty.path,
            state=duty.state,
            who=speaker.who(duty.by),
            says=says,
            basis=", ".join(duty.basis),
            notes=(speaker.say("fulfilled", what=", ".join(dict.fromkeys(by))),) if by else (),
            notices=tuple(self._notices(duty.path)),
            is_statutory=duty.kind is Kind.STATUTORY,
        )

    def _automatic(self, state: State, key: str, branches: tuple[Branch, ...]) -> Row:
        basis = dict.fromkeys(article for branch in branches for article in branch.basis)
        return Row(
            kind=RowKind.AUTOMATIC,
            title=self.speaker.say(key),
            state=state.path,
            basis=", ".join(basis),
            ways=self._ways(branches, f"{state.path}@{'always' if key == 'always' else 'done'}"),
        )

    # --- ways ------------------------------------------------------------------------------------------

    def _ways(self, branches: Iterable[Branch], path: str, *, when: str = "") -> tuple[Way, ...]:
        """Return the ways of a row; ``when`` stands before the guards, alone where there is none."""
        all_ = tuple(branches)
        taken = self._taken(path)
        ways = tuple(self._way(branch, len(all_) > 1, when, taken) for branch in all_)
        return _alike(ways) if self._level is not None else ways

    def _way(self, branch: Branch, is_choice: bool, before: str, taken: tuple[Taken, ...]) -> Way:
        said = before
        if branch.when is not None:
            what = self.speaker.condition(branch.when)
            said = self.speaker.say("and-if", first=before, what=what) if before else ""
            said = said or self.speaker.say("if", what=what)
        elif is_choice:
            said = self.speaker.say("else")
        sets = self._sets(branch)
        if branch.target is None:
            return Way(target=None, when=said, sets=sets)
        drawn = self._states[self._drawn(branch.target)]
        return Way(
            target=drawn.path,
            name=self.speaker.title(drawn.title, drawn.name),
            number=self._numbers[drawn.path],
            when=said,
            sets=sets,
            is_end=drawn.kind is StateKind.FINAL,
            taken_on=tuple(one.on for one in taken if branch.target in one.entered),
        )

    def _sets(self, branch: Branch) -> str:
        speaker = self.speaker
        written = ((one, speaker.value(one.value, beside=one.field)) for one in branch.set)
        return "; ".join(f"{speaker.field(one.field)}: {value}" for one, value in written)

    def _drawn(self, path: str) -> str:
        """Return the state that a target is drawn in: itself, or the one that it is folded into."""
        return path if self._level is None else ".".join(path.split(".")[: self._level])

    # --- a case ----------------------------------------------------------------------------------------

    def _taken(self, path: str) -> tuple[Taken, ...]:
        return self._progress.taken.get(path, ()) if self._progress is not None else ()

    def _days(self, taken: tuple[Taken, ...]) -> tuple[str, ...]:
        return tuple(self.speaker.day(one.on) for one in taken)

    def _notices(self, path: str) -> Iterator[Notice]:
        if self._progress is None:
            return
        clock = self._progress.clocks.get(path)
        if clock is not None:
            yield self._clock_notice(clock)
        say, day = self.speaker.say, self.speaker.day
        for one in self._progress.duties.get(path, ()):
            key = "duty-overdue" if one.is_overdue else "duty-open"
            text = say(key, on=day(one.on), due=day(one.due_on))
            yield Notice(text=text, is_overdue=one.is_overdue)

    def _clock_notice(self, clock: Running) -> Notice:
        text = self.speaker.say(f"clock-{clock.status}", due=self.speaker.day(clock.due_on))
        return Notice(text=text, is_overdue=clock.status == "overdue")


def _alike(ways: tuple[Way, ...]) -> tuple[Way, ...]:
    """Make one of ways that all lead into the same folded state: what tells them apart is not drawn."""
    if len(ways) < 2 or ways[0].target is None or any(way.target != ways[0].target for way in ways):
        return ways
    taken = sorted({on for way in ways for on in way.taken_on})
    return (replace(ways[0], when="", sets="", taken_on=tuple(taken)),)


def _numbers(definition: Definition) -> dict[str, str]:
    """Number the states by document order, ends left out."""
    numbers = {"": ""}
    for state in definition.states.values():
        count = 0
        for path in state.children:
            child = definition.states[path]
            if child.kind is StateKind.FINAL:
                numbers[path] = ""
                continue
            count += 1
            before = numbers[state.path]
            numbers[path] = f"{before}.{count}" if before else str(count)
    return numbers
