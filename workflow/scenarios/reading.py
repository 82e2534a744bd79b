"""From the text of a scenario file to a `ScenarioFile`, with every problem on the way.

Owns the order of the steps and what is said of a file as a whole: actors, parties, marks, circles of
``from``. Single steps are ``workflow.scenarios.steps``. Reads no file: the definitions that it is for are
handed in. Never raises on what a file contains.

Source: LANGUAGE, "Scenarios".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import workflow.texts.scenarios  # noqa: F401  (registers the texts of these findings)
from workflow.case import Actor, Mandate, Party
from workflow.definition import Definition
from workflow.loading.context import Context, label_or_none, texts
from workflow.locale import Message
from workflow.scenarios.host import placeholder
from workflow.scenarios.model import Scenario, ScenarioFile, Step
from workflow.scenarios.shapes import ActorShape, MandateShape, ScenarioShape, ScenariosShape
from workflow.scenarios.steps import Place, Steps
from workflow.source.diagnostics import Diagnostic, Span, has_errors
from workflow.source.nodes import Mapping as MappingNode
from workflow.source.nodes import Scalar, Sequence
from workflow.source.provenance import Provenance
from workflow.source.reading import Reader, suggestion
from workflow.source.text import Parsed

TOP = Span(1, 1, 1, 1)

MISREAD = frozenset(("odd-space", "tab-indentation", "too-many-problems"))
"""After these the tree may be another one than the author sees: nothing is said about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenariosRead:
    """What came of reading a scenario file.

    Attributes:
        scenarios: ``None`` where a finding is an error, or a definition that it is for has errors.
        diagnostics: By place.
    """

    scenarios: ScenarioFile | None
    diagnostics: tuple[Diagnostic, ...]


def files_named(parsed: Parsed) -> tuple[str, ...]:
    """Return the definition files that a scenario file is for, as it names them."""
    root = parsed.root
    node = root.get("scenarios_for") if isinstance(root, MappingNode) else None
    several = node.items if isinstance(node, Sequence) else (node,)
    return tuple(dict.fromkeys(one.text for one in several if isinstance(one, Scalar)))


def read_scenarios(parsed: Parsed, definitions: Mapping[str, Definition | None]) -> ScenariosRead:
    """Read a scenario file and hold it against its definitions.

    Args:
        parsed: Its tree.
        definitions: By the names of `files_named`: ``None`` for one that has errors of its own, which
            are said elsewhere; one that is not there is left out.

    Returns:
        The scenarios, and every problem at once.
    """
    reader, context = Reader(parsed.file), Context(parsed.file, Provenance(parsed.file, parsed.text))
    shape = None if parsed.root is None else reader.read(parsed.root, ScenariosShape, TOP)
    scenarios = None
    if shape is not None:
        reading = _Reading(shape, context, definitions)
        found = reading.run()
        scenarios = found if reading.is_whole else None
    said = (*reader.diagnostics, *context.diagnostics)
    if MISREAD & {one.code for one in parsed.diagnostics}:
        said = ()
    diagnostics = tuple(
        sorted({*parsed.diagnostics, *said}, key=lambda one: (one.line, one.column, one.code, one.message))
    )
    return ScenariosRead(scenarios=None if has_errors(diagnostics) else scenarios, diagnostics=diagnostics)


@dataclass(slots=True)
class _Known:
    """A scenario that was read: its steps, and the places at its marks; ``None``: not known."""

    steps: tuple[Step, ...] = ()
    marks: dict[str, Place | None] = field(default_factory=dict)


class _Reading:
    """One scenario file being read."""

    def __init__(
        self, shape: ScenariosShape, context: Context, definitions: Mapping[str, Definition | None]
    ) -> None:
        self.shape = shape
        self.context = context
        self.is_whole = True
        self._shapes = {name.text: (name, one) for name, one in reversed(shape.scenarios)}
        self._known: dict[str, _Known] = {}
        self._awaited: list[str] = []
        self._definitions = dict(self._workflows(definitions))
        self._parties = tuple(self._read_parties())
        self._steps = Steps(
            context=context,
            definitions=self._definitions if self.is_whole else None,
            actors={name.text: self._actor(name, actor) for name, actor in shape.actors},
            parties=tuple(party.id for party in self._parties),
        )

    def run(self) -> ScenarioFile:
        """Read every scenario."""
        scenarios = {name.text: self._scenario(name, one) for name, one in self.shape.scenarios}
        return ScenarioFile(file=self.context.file, parties=self._parties, scenarios=scenarios)

    # --- what the file declares --------------------------------------------------------------------

    def _workflows(self, definitions: Mapping[str, Definition | None]) -> Iterator[tuple[str, Definition]]:
        for file in self.shape.scenarios_for:
            if file.text not in definitions:
                reason = Message("file-not-resolved.missing", {"path": file.text})
                self.context.report("file-not-read", file.span, reason=reason)
                self.is_whole = False
                continue
            definition = definitions[file.text]
            if definition is None:
                self.is_whole = False
            else:
                yield definition.workflow, definition

    def _read_parties(self) -> Iterator[Party]:
        sides = {side: None for definition in self._definitions.values() for side in definition.sides}
        for party, side in self.shape.parties:
            if self.is_whole and side.text not in sides:
                self.context.report_unknown("party", side.span, side.text, sides)
            yield Party(party.text, side=side.text)

    def _actor(self, name: Scalar, shape: ActorShape) -> Actor:
        roles = {role: None for definition in self._definitions.values() for role in definition.roles}
        named = [*shape.roles, *(one.role for one in shape.mandate if one.role is not None)]
        if self.is_whole:
            for role in named:
                if role.text not in roles:
                    self.context.report_unknown("role", role.span, role.text, roles)
        for party in (shape.party, *(one.party for one in shape.mandate)):
            self._check_party(party)
        own = shape.party.text if shape.party else None
        held = texts(shape.roles)
        mandates = tuple(self._mandate(name.text, held, own, one) for one in shape.mandate)
        return Actor(name.text, roles=held, party=own, mandates=mandates)

    def _mandate(self, actor: str, roles: tuple[str, ...], party: str | None, shape: MandateShape) -> Mandate:
        if shape.role is None and len(roles) != 1:
            self.context.report("missing-key", shape.owner, name="role")
        known = shape.id.text if shape.id else actor
        return Mandate(
            id=known,
            role=shape.role.text if shape.role else "".join(roles[:1]),
            party=shape.party.text if shape.party else party,
            valid_from=self.context.date(shape.from_),
            valid_until=self.context.date(shape.until),
            digest=placeholder(known),
        )

    def _check_party(self, party: Scalar | None) -> None:
        known = [one.id for one in self._parties]
        if party is not None and party.text not in known:
            help = suggestion(party.text, known)
            self.context.report(
                "unknown-party", party.span, key="unknown-party.id", help=help, name=party.text
            )

    # --- scenarios ---------------------------------------------------------------------------------

    def _scenario(self, name: Scalar, shape: ScenarioShape) -> Scenario:
        known = self._read(name.text)
        start = shape.from_.text.partition(".") if shape.from_ else None
        return Scenario(
            name=name.text,
            span=name.span,
            steps=known.steps,
            title=label_or_none(shape.title),
            start=(start[0], start[2]) if start else None,
            mark=shape.mark.text if shape.mark else None,
        )

    def _read(self, name: str) -> _Known:
        """Read a scenario once, those that it goes on from first."""
        if name in self._known:
            return self._known[name]
        _, shape = self._shapes[name]
        self._awaited.append(name)
        place = self._start(shape.from_) if shape.from_ else Place()
        self._awaited.pop()
        known = self._known[name] = _Known()
        if place is not None:
            place = place.copy()
        steps = []
        for number, one in enumerate(shape.steps, 1):
            step, place = self._steps.read(number, one, place)
            steps.append(step)
            self._mark(known, one.mark, place)
        self._mark(known, shape.mark, place)
        known.steps = tuple(steps)
        return known

    def _mark(self, known: _Known, mark: Scalar | None, place: Place | None) -> None:
        if mark is None:
            return
        if mark.text in known.marks:
            self.context.report("name-twice", mark.span, name=mark.text)
        known.marks[mark.text] = place.copy() if place is not None else None

    def _start(self, written: Scalar) -> Place | None:
        """Return the place at a mark of another scenario; ``None`` where there is none."""
        name, _, mark = written.text.partition(".")
        span = written.part(0, len(name))
        if name not in self._shapes:
            help = suggestion(name, self._shapes)
            self.context.report("unknown-scenario", span, help=help, name=name)
            return None
        if name in self._awaited:
            circle = [*self._awaited[self._awaited.index(name) :], name]
            self.context.report("scenario-circle", written.span, names=" → ".join(circle))
            return None
        marks = self._read(name).marks
        if mark not in marks:
            help = suggestion(mark, marks)
            span = written.part(len(name) + 1, len(mark))
            self.context.report(
                "unknown-scenario", span, key="unknown-scenario.mark", help=help, name=mark, scenario=name
            )
            return None
        return marks[mark]
