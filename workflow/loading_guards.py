"""Guards, rules and values of ``set``: what each may name where it stands, compiled once.

Owns the scopes: which fields cannot be empty at a place, and what besides fields may be read there.
What an expression means is ``workflow.expressions``' business. Called by ``loading`` and
``loading_states``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, TypeAlias

from workflow.definition import Assignment, Field, FieldType
from workflow.diagnostics import Related
from workflow.expressions import Expression, Kin, Problem, Scope, compile_expression
from workflow.loading_context import Context
from workflow.loading_names import Declarations
from workflow.text import Scalar

Lacking: TypeAlias = Callable[[str], tuple[Related, ...]]
Expect: TypeAlias = "Literal['boolean'] | Field | FieldType | None"

_WORD = re.compile(r"[a-z][a-z0-9_]*")
_QUOTED = re.compile(r"['\"]([a-z][a-z0-9_]*)['\"]")


_CASE = frozenset(("documents", "parties", "in_state", "clocks", "children"))


class Place(Enum):
    """Where a guard stands, and what besides fields it may read there."""

    HANDLER = _CASE | {"today", "facts"}
    CHILD = HANDLER | {"child"}
    RULE = HANDLER | {"role", "mandate"}
    OPENING = frozenset(("today", "documents", "parties", "facts"))
    ALWAYS = _CASE
    CLOCK = _CASE | {"today"}
    ARMED = frozenset(("documents", "parties", "in_state"))
    OTHER = frozenset(("today", "documents", "in_state", "clocks", "outcome"))
    DUE = frozenset[str]()


@dataclass(slots=True)
class Guards:
    """Compiles the guards of one definition.

    ``always_known``: the fields that can never be empty in a case. ``reads``: every name read by a
    guard, for what is never used.
    """

    context: Context
    declarations: Declarations
    states: frozenset[str]
    always_known: frozenset[str] = frozenset()
    deadlines: frozenset[str] = frozenset()
    obligations: frozenset[str] = frozenset()
    kin: MappingOf[str, Kin] = field(default_factory=dict)
    parent: Kin | None = None
    child: Kin | None = None  # while the guards of a 'by: child' transition are compiled
    normal: dict[Scalar, str] = field(default_factory=dict)
    reads: set[tuple[str, str]] = field(default_factory=set)

    def guard(
        self, scalar: Scalar, place: Place, known: Iterable[str] = (), lacking: Lacking | None = None
    ) -> Expression | None:
        """Compile a guard or rule; report what is wrong with it.

        Args:
            known: Fields that cannot be empty here, besides those that never can.
            lacking: Says of a field that may be empty whose fault that is.
        """
        return self._compile(scalar, place, self.always_known.union(known), "boolean", lacking)

    def value(
        self, scalar: Scalar, place: Place, known: Iterable[str], declared: Field | None
    ) -> Expression | None:
        """Compile a value for a field of another case; ``None``: what it is, is not known."""
        return self._compile(scalar, place, self.always_known.union(known), declared)

    def of_others(self, scalar: Scalar, fields: MappingOf[str, Field]) -> Expression | None:
        """Compile a condition on the cases of other workflows, whose clocks and states are not known.

        Args:
            fields: The fields that all of these workflows have.
        """
        scope = Scope(fields=fields, allow=Place.OTHER.value, deadlines=None, obligations=None)
        return self._compiled(scalar, Place.OTHER, scope, "boolean", None)

    def due_day(self, scalar: Scalar) -> Expression | None:
        """Compile an ``at``: its clock is armed only when every field that it reads is there."""
        every = frozenset(self.declarations.names.fields)
        return self._compile(scalar, Place.DUE, every, FieldType.DATE)

    def assignments(
        self, pairs: Iterable[tuple[Scalar, Scalar]], place: Place, known: Iterable[str] = ()
    ) -> tuple[Assignment, ...]:
        """Compile the values of a ``set``; report fields that may not be set."""
        found = []
        for name, scalar in pairs:
            declared = self._settable(name)
            if declared is None:
                continue
            value = self._compile(scalar, place, self.always_known.union(known), declared)
            if value is not None:
                found.append(Assignment(field=declared.name, value=value))
        return tuple(found)

    def _settable(self, name: Scalar) -> Field | None:
        if not self.declarations.has("field", name):
            return None
        declared = self.declarations.names.fields[name.text]
        if declared.personal:
            self.context.report("personal-in-guard", name.span, key="personal-in-guard.set", found=name.text)
            return None
        if declared.per_party:
            self.context.report("set-per-party", name.span, name=name.text)
            return None
        return declared

    def _compile(
        self,
        scalar: Scalar,
        place: Place,
        known: frozenset[str],
        expect: Expect,
        lacking: Lacking | None = None,
    ) -> Expression | None:
        return self._compiled(scalar, place, self._scope(place, known), expect, lacking)

    def _compiled(
        self, scalar: Scalar, place: Place, scope: Scope, expect: Expect, lacking: Lacking | None
    ) -> Expression | None:
        found = compile_expression(scalar.text, scope, expect=expect)
        quoted = _QUOTED.findall(scalar.text)
        self.reads.update((kind, name) for kind in ("role", "document") for name in quoted)
        if isinstance(found, Expression):
            self.normal[scalar] = found.normal
            self.reads.update(("field", name) for name in found.fields)
            self.reads.update(("fact", name) for name in found.facts)
            return found
        if not self._report_comma(scalar, found):
            for one in found:
                self._report(scalar, place, one, lacking)
        # The names in a broken guard count as used, so that nothing else is said about them.
        self.reads.update((kind, name) for kind in ("field", "fact") for name in _WORD.findall(scalar.text))
        return None

    def _scope(self, place: Place, known: frozenset[str]) -> Scope:
        names = self.declarations.names
        return Scope(
            fields=names.fields,
            facts=names.facts,
            known=known,
            allow=place.value,
            states=self.states,
            deadlines=self.deadlines,
            obligations=self.obligations,
            children=self.kin,
            child=self.child if "child" in place.value else None,
            parent=self.parent if place not in (Place.DUE, Place.ARMED) else None,
            documents=frozenset(names.documents),
            roles=frozenset(names.roles),
        )

    def _report(self, scalar: Scalar, place: Place, problem: Problem, lacking: Lacking | None) -> None:
        span = scalar.part(problem.start, problem.length)
        word = scalar.text[problem.start : problem.start + problem.length]
        names = self.declarations.names
        if problem.code == "guard-unknown-name" and (
            word in names.written["field"] | names.written["fact"]
            and word not in (*names.fields, *names.facts)
        ):
            return  # its declaration is broken, which has been said
        if place is Place.CLOCK and word in names.facts:
            self.context.report("fact-in-clock", span, name=word)
            return
        shown = lacking(problem.params["field"]) if lacking and problem.code == "maybe-empty" else ()
        self.context.report(problem.code, span, key=problem.key, related=shown, **problem.params)

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
