"""From the text of a definition to the resolved `Definition`, with every problem on the way.

Owns the order of the steps: text, shape, declarations, rules, states, checks, digest. Reads no file:
lists and the catalogue of laws come through a `Resolver`. Never raises on what a file contains.
Called by whoever deploys, checks or tests a definition.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace

from workflow.checks.checks import check
from workflow.checks.subject import Subject
from workflow.definition import Definition, Json, Rule
from workflow.loading import digest as digests
from workflow.loading.catalogues import Catalogues, FileNotResolved, Resolver
from workflow.loading.clocks import zone
from workflow.loading.context import Context, label, label_or_none
from workflow.loading.document import WorkflowShape
from workflow.loading.expansion import Expansion
from workflow.loading.expansion_alone import SAMPLE
from workflow.loading.guards import Place
from workflow.loading.parts import Parts
from workflow.loading.powers import Powers
from workflow.loading.vanishing import Vanished
from workflow.source.diagnostics import Diagnostic, Span, has_errors
from workflow.source.provenance import HOST, STRIDE, Provenance
from workflow.source.reading import Parameters, Reader
from workflow.source.text import Mapping, Node, Parsed, parse

__all__ = ["FileNotResolved", "Loaded", "Resolver", "load_definition"]

TOP = Span(1, 1, 1, 1)
"""Where to point when the file as a whole lacks something."""

LEAVES_GAPS = frozenset(("yaml-alias", "merge-key", "key-not-text", "text-too-long"))
IN_GAPS = ("missing-key", "unknown-", "guard-unknown-name")
"""After a problem of the text that leaves a gap in the tree, what would be found in the gap is not said."""

NOT_ALONE = frozenset(("quorum-too-large", "nobody-may-act"))
"""What cannot be said of a fragment without the workflow that uses it."""

MISREAD = frozenset(("odd-space", "tab-indentation", "too-many-problems"))
"""After these the tree may be another one than the author sees: nothing is said about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What came of reading a definition.

    Attributes:
        definition: ``None`` where a finding is an error.
        diagnostics: By file, the definition's own first, and place.
        sources: File → its text, for rendering the findings.
    """

    definition: Definition | None
    diagnostics: tuple[Diagnostic, ...]
    sources: MappingOf[str, str] = field(default_factory=dict)


def load_definition(
    source: Parsed | tuple[str | bytes, str],
    *,
    resolve: Resolver,
    parameters: MappingOf[str, Json] | None = None,
) -> Loaded:
    """Read, resolve and check a definition, or a fragment as far as it can be checked alone.

    Args:
        source: A file's tree, or its text and the name by which people know it.
        resolve: Finds the fragments, lists and the catalogue of laws that it refers to.
        parameters: Values for the workflow's parameters, by name: texts as they would be written, or
            truths, whole numbers, decimals and lists of texts. What is not given has its default.

    Returns:
        The definition, and every problem at once. What is broken in form is left out and the rest
        looked at all the same; whether states are reached and can end is only said of a definition
        whose form and targets are right. A fragment gives no definition.
    """
    parsed = source if isinstance(source, Parsed) else parse(source[0], file=source[1])
    loading = _Loading(parsed, resolve, parameters or {})
    definition = loading.run()
    found = loading.diagnostics()
    return Loaded(
        definition=None if has_errors(found) or loading.is_fragment else definition,
        diagnostics=found,
        sources={parsed.file: parsed.text, **loading.catalogues.sources},
    )


class _Loading:
    """One definition being read."""

    def __init__(self, parsed: Parsed, resolve: Resolver, parameters: MappingOf[str, Json]) -> None:
        self.parsed = parsed
        self.provenance = Provenance(parsed.file, parsed.text)
        self.context = Context(parsed.file, self.provenance)
        self.catalogues = Catalogues(self.context, resolve)
        self.reader = Reader(parsed.file, Parameters.GONE)
        self.expansion = Expansion(self.provenance, self.catalogues)
        self.parameters = parameters
        self.is_fragment = False

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return the findings, each once: the definition's own first, by place."""
        said = (self.provenance.resolved(one) for one in (*self._said(), *self.catalogues.diagnostics))
        found: dict[tuple[str, int, int, str, str], Diagnostic] = {}
        for one in (*self.parsed.diagnostics, *said):
            if one.line == 0 or (self.is_fragment and one.code in NOT_ALONE):
                continue
            found.setdefault(_identity(one), one)
        ordered = sorted(found.values(), key=lambda one: (one.file != self.parsed.file, *_identity(one)))
        return tuple(ordered)

    def _said(self) -> tuple[Diagnostic, ...]:
        """Return what was found in the tree, as far as the tree is what the author meant."""
        said: tuple[Diagnostic, ...] = (
            *self.expansion.diagnostics,
            *self.reader.diagnostics,
            *self.context.diagnostics,
        )
        if not self.expansion.is_whole:  # what it uses is not known
            said = tuple(one for one in said if one.code != "unused-declaration")
        problems = {one.code for one in self.parsed.diagnostics}
        if problems & MISREAD:
            return ()
        if problems & LEAVES_GAPS:
            return tuple(one for one in said if not one.code.startswith(IN_GAPS))
        return said

    def run(self) -> Definition | None:
        """Take the steps as far as they go."""
        shape = self._shape(self.parsed.root)
        if shape is None:
            return None
        self.context.is_graph_whole = self.expansion.is_whole
        self.context.parameters = {
            number: frozenset(one.values) for number, one in enumerate(self.expansion.territories)
        }
        if self.is_fragment:
            wrapped = () if shape.workflow is None else (shape.workflow.text,)
            self.context.made_up = frozenset((SAMPLE, *wrapped))
        parts = Parts.of(shape, self.context, self.catalogues, self.expansion, is_alone=self.is_fragment)
        definition = self._definition(shape, parts)
        for file, declared in self.expansion.declared:
            self.catalogues.basis(declared.basis, file)
            self.catalogues.decided(declared.decided, file)
        is_broken = has_errors((*self.parsed.diagnostics, *self.reader.diagnostics))
        if definition is None:
            return None
        if is_broken or has_errors(self.expansion.diagnostics):
            self.context.is_graph_whole = False
            check(self._subject(definition, parts), ("maybe-empty",))
            return None
        vanished = Vanished(definition, parts, self.expansion)
        definition = vanished.without(definition)
        check(self._subject(definition, parts))
        if has_errors(self.diagnostics()):
            return None
        bound = self.expansion.territories[HOST].values
        meant = {**parts.declarations.resolved, **parts.guards.normal}
        form = digests.canonical_form(vanished.pruned(shape), meant, self.catalogues.options)
        values = {name: found for name, value in bound.items() if (found := value.to_json()) is not None}
        if values:
            form["parameters"] = dict(values)
        return replace(definition, parameters=values, canonical=form, digest=digests.digest(form))

    def _subject(self, definition: Definition, parts: Parts) -> Subject:
        names = parts.declarations.names
        return Subject(
            definition=definition,
            context=self.context,
            places=parts.places,
            declared={key: span for key, span in names.declared.items() if span.line < STRIDE},
            used=names.used | parts.guards.reads,
            scalars=parts.guards.scalars,
            exits=self.expansion.exits,
        )

    def _shape(self, root: Node | None) -> WorkflowShape | None:
        if root is None:
            return None
        if not isinstance(root, Mapping):
            return self.reader.read(root, WorkflowShape, TOP)
        self.is_fragment = root.key("fragment") is not None and root.key("workflow") is None
        if self.is_fragment:
            alone = self.expansion.fragment(self.parsed, root)
            return None if alone is None else self.reader.read(alone, WorkflowShape, TOP)
        expanded = self.expansion.workflow(self.parsed, root, self.parameters)
        return self.reader.read(expanded, WorkflowShape, TOP)

    def _definition(self, shape: WorkflowShape, parts: Parts) -> Definition | None:
        names = parts.declarations.names
        rules = self._rules(parts)
        timezone = zone(shape.timezone, self.context) if shape.timezone else ""
        calendar = shape.calendar.text if shape.calendar else ""
        if shape.calendar is not None and not self.is_fragment:
            self.catalogues.check_calendar(shape.calendar)
        basis = self.catalogues.basis(shape.basis)
        start = self.context.date(shape.in_force.from_) if shape.in_force else None
        end = self.context.date(shape.in_force.until) if shape.in_force else None
        states = parts.states(rules, timezone, calendar)
        by_path = states.resolve()
        opening = states.opening(shape.open) if shape.open else None
        if opening is None or shape.title is None or shape.workflow is None or shape.version is None:
            return None
        deadlines = tuple(one.path for state in by_path.values() for one in state.deadlines)
        powers = Powers(context=self.context, catalogues=self.catalogues, declarations=parts.declarations)
        given = powers.all(shape, deadlines)
        return Definition(
            workflow=shape.workflow.text,
            version=int(shape.version.text),
            title=label(shape.title),
            timezone=timezone,
            calendar=calendar,
            opening=opening,
            states=by_path,
            description=label_or_none(shape.description),
            basis=basis,
            in_force_from=start,
            in_force_until=end,
            roles=names.roles,
            sides=names.sides,
            fields=names.fields,
            groups=names.groups,
            facts=names.facts,
            documents=names.documents,
            rules=rules,
            children=parts.family.relations,
            suspension=given.get("suspension"),
            extension=given.get("extension"),
            correction=given.get("correction"),
            attachment=given.get("attachment"),
            decided=self.catalogues.decided(shape.decided),
        )

    def _rules(self, parts: Parts) -> dict[str, Rule]:
        found = {}
        for spot in parts.tree.spots.values():
            parts.declarations.here = spot
            for key, shape in spot.shape.rules:
                check = parts.guards.guard(shape.check, Place.RULE)
                if check is not None:
                    full = spot.child_path(key.text)
                    found[full] = Rule(
                        name=full,
                        check=check,
                        message=label(shape.message),
                        decided=self.catalogues.decided(shape.decided),
                        basis=self.catalogues.basis(shape.basis),
                    )
        return found


def _identity(found: Diagnostic) -> tuple[str, int, int, str, str]:
    return found.file, found.line, found.column, found.code, found.message
