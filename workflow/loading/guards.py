"""Guards, rules and values of ``set``: what each may name where it stands, compiled once.

Owns the scopes: what may be read at a place. Whether a field can be empty there is found out when all
is known (``knowledge``). What an expression means is ``workflow.expressions.guards``' business. Called by
``loading`` and its parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, TypeAlias

from workflow.definition import Assignment, Field, FieldType
from workflow.expressions.guards import Constant, Expression, Kin, Problem, Scope, compile_expression
from workflow.loading.context import Context
from workflow.loading.names import Declarations
from workflow.loading.tree import Spot, Tree
from workflow.source.text import Scalar

Expect: TypeAlias = "Literal['boolean'] | Field | FieldType | None"

_WORD = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")
_QUOTED = re.compile(r"['\"]([a-z][a-z0-9_.]*)['\"]")

_CASE = frozenset(("documents", "parties", "in_state", "clocks", "children"))


class Place(Enum):
    """Where a guard stands, and what besides fields it may read there."""

    HANDLER = _CASE | {"today", "facts"}
    CHILD = _CASE | {"today", "child"}
    RULE = HANDLER | {"role", "mandate"}
    OPENING = frozenset(("today", "documents", "parties", "facts"))
    ALWAYS = _CASE
    CLOCK = _CASE | {"today"}
    ARMED = frozenset(("documents", "parties", "in_state"))
    OTHER = frozenset(("today", "documents", "in_state", "clocks", "outcome"))
    DUE = frozenset[str]()


_NOBODY_ASKED = {Place.CLOCK: "fact-in-clock", Place.CHILD: "fact-by-child"}
"""Where things happen by themselves, so that no fact can be asked → what is said of one."""


@dataclass(slots=True)
class Guards:
    """Compiles the guards of one definition.

    Attributes:
        constants: Territory → the parameters that guards there read.
        scalars: Every expression → where it stands.
        reads: Every name read by a guard, for what is never used.
        child: Known of the child that has closed, while the guards of a 'by: child' transition are
            compiled.
    """

    context: Context
    declarations: Declarations
    tree: Tree
    constants: MappingOf[int, MappingOf[str, Constant]]
    deadlines: frozenset[str] = frozenset()
    obligations: frozenset[str] = frozenset()
    kin: MappingOf[str, Kin] = field(default_factory=dict)
    parent: Kin | None = None
    child: Kin | None = None
    normal: dict[Scalar, str] = field(default_factory=dict)
    scalars: dict[Expression, Scalar] = field(default_factory=dict)
    reads: set[tuple[str, str]] = field(default_factory=set)
    _scopes: dict[tuple[str, int, Place, bool], Scope] = field(default_factory=dict)

    def guard(self, scalar: Scalar, place: Place) -> Expression | None:
        """Compile a guard or rule; report what is wrong with it."""
        return self._compile(scalar, place, "boolean")

    def value(self, scalar: Scalar, place: Place, declared: Field | None) -> Expression | None:
        """Compile a value for a field of another case; ``None``: what it is, is not known."""
        return self._compile(scalar, place, declared)

    def of_others(self, scalar: Scalar, fields: MappingOf[str, Field]) -> Expression | None:
        """Compile a condition on the cases of other workflows, whose clocks and states are not known.

        Args:
            fields: The fields that all of these workflows have.
        """
        scope = Scope(fields=fields, allow=Place.OTHER.value, deadlines=None, obligations=None)
        return self._compiled(scalar, Place.OTHER, scope, "boolean")

    def due_day(self, scalar: Scalar) -> Expression | None:
        """Compile an ``at``: its clock is armed only when every field that it reads is there."""
        return self._compile(scalar, Place.DUE, FieldType.DATE)

    def assignments(self, pairs: Iterable[tuple[Scalar, Scalar]], place: Place) -> tuple[Assignment, ...]:
        """Compile the values of a ``set``; report fields that may not be set."""
        found = []
        for name, scalar in pairs:
            declared = self._settable(name)
            if declared is None:
                continue
            value = self._compile(scalar, place, declared)
            if value is not None:
                found.append(Assignment(field=declared.name, value=value))
        return tuple(found)

    def _settable(self, name: Scalar) -> Field | None:
        full = self.declarations.find("field", name)
        if full is None:
            return None
        declared = self.declarations.names.fields[full]
        if declared.personal:
            self.context.report("personal-in-guard", name.span, key="personal-in-guard.set", found=name.text)
            return None
        if declared.per_party:
            self.context.report("set-per-party", name.span, name=name.text)
            return None
        return declared

    def _compile(self, scalar: Scalar, place: Place, expect: Expect) -> Expression | None:
        return self._compiled(scalar, place, self._scope(scalar, place), expect)

    def _compiled(self, scalar: Scalar, place: Place, scope: Scope, expect: Expect) -> Expression | None:
        found = compile_expression(scalar.text, scope, expect=expect)
        for name in _QUOTED.findall(scalar.text):
            self.reads.add(("role", name))
            self.reads.add(("document", scope.spellings.get(name, name)))
        if isinstance(found, Expression):
            self.normal[scalar] = found.normal
            self.scalars[found] = scalar
            self.reads.update(("field", name) for name in found.fields)
            self.reads.update(("fact", name) for name in found.facts)
            self.reads.update(("child", name) for name in found.relations)
            self.reads.update(("parameter", name) for name in found.constants)
            return found
        if not self._report_comma(scalar, found):
            for one in found:
                self._report(scalar, place, scope, one)
        # The names in a broken guard count as used, so that nothing else is said about them.
        for name in _WORD.findall(scalar.text):
            declared = scope.fields.get(name) or scope.find(name)
            self.reads.update((("field", declared.name if declared else name), ("fact", name)))
        return None

    def _scope(self, scalar: Scalar, place: Place) -> Scope:
        here = self.declarations.here
        start = self.tree.start(here, scalar.span)
        key = here.path, start.territory, place, self.child is not None
        if key not in self._scopes:
            self._scopes[key] = self._made(scalar, place, here, start)
        return self._scopes[key]

    def _made(self, scalar: Scalar, place: Place, here: Spot, start: Spot) -> Scope:
        names = self.declarations.names
        seen = self.declarations.seen(scalar.span)
        spots = tuple(self.tree.outward(here, scalar.span))
        span = scalar.span
        return Scope(
            fields=seen.fields,
            find=lambda name: self.declarations.field_of(name, span),
            facts=seen.facts,
            constants=self.constants.get(start.territory, {}),
            parameters=frozenset(self.context.parameters.get(start.territory, ())),
            is_lenient=True,
            known=frozenset(names.fields) if place is Place.DUE else frozenset(),
            allow=place.value,
            states=seen.inside - {""},
            near=tuple(spot.path for spot in spots),
            deadlines=self._inside(self.deadlines, seen.inside),
            obligations=self._inside(self.obligations, seen.inside),
            children=self.kin,
            child=self.child if "child" in place.value else None,
            parent=self.parent if place not in (Place.DUE, Place.ARMED) else None,
            documents=frozenset(seen.documents),
            spellings={bare: full for bare, full in seen.documents.items() if bare != full},
            roles=frozenset(names.roles),
        )

    @staticmethod
    def _inside(paths: frozenset[str], states: frozenset[str]) -> frozenset[str]:
        return frozenset(path for path in paths if path.rpartition(".")[0] in states)

    def _report(self, scalar: Scalar, place: Place, scope: Scope, problem: Problem) -> None:
        span = scalar.part(problem.start, problem.length)
        word = scalar.text[problem.start : problem.start + problem.length]
        if problem.code == "guard-unknown-name" and self.declarations.is_broken(word, scalar.span):
            return  # its declaration is broken, which has been said
        if place in _NOBODY_ASKED and word in scope.facts:
            self.context.report(_NOBODY_ASKED[place], span, name=word)
            return
        if problem.code == "guard-unknown-name" and (state := self.declarations.state_of(word, scalar.span)):
            self.context.report(problem.code, span, key="guard-unknown-name.local", name=word, state=state)
            return
        self.context.report(problem.code, span, key=problem.key, **problem.params)

    def _report_comma(self, scalar: Scalar, problems: tuple[Problem, ...]) -> bool:
        """Report a guard that a comma inside ``{ }`` has cut, instead of the bracket it left open."""
        is_open = any(problem.key == "guard-syntax.never-closed" for problem in problems)
        if not is_open or not scalar.plain or self.context.follows(scalar.span) != ",":
            return False
        self.context.report("flow-comma", scalar.span, value=scalar.text)
        return True


def facts_of(expressions: Iterable[Expression | None]) -> tuple[str, ...]:
    """Return the facts that some expressions read, sorted."""
    return tuple(sorted({name for one in expressions if one is not None for name in one.facts}))
