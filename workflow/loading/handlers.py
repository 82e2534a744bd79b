"""Handlers: who may act, with what, and what it means.

Owns the step from a transition's shape to `workflow.definition.Handler`, its consent and the acts of
that consent. Called by ``states``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from workflow.definition import Act, Branch, Consent, Deadline, Handler, Opens, RoleRef, Rule
from workflow.expressions.guards import Expression
from workflow.loading.branches import Branches, Places
from workflow.loading.catalogues import Catalogues
from workflow.loading.clocks import Clocks
from workflow.loading.context import Context, label_or_none
from workflow.loading.document import ConsentShape, PapersShape, SilenceShape, TransitionShape
from workflow.loading.family import Family
from workflow.loading.guards import Guards, Place, facts_of
from workflow.loading.names import Declarations
from workflow.loading.tree import Spot, Tree
from workflow.source.diagnostics import Severity
from workflow.source.text import Scalar

CLOCK, CHILD, PARENT = "clock", "child", "parent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actors:
    """Whom a ``by`` names: roles, or one of those who are no people."""

    people: tuple[RoleRef, ...] = ()
    others: frozenset[str] = frozenset()


class Handlers:
    """Resolves the handlers of one definition.

    Args:
        rules: The rules, compiled.
        fulfils: Path of a handler → paths of the obligations that it meets.
    """

    def __init__(
        self,
        *,
        context: Context,
        catalogues: Catalogues,
        declarations: Declarations,
        tree: Tree,
        guards: Guards,
        branches: Branches,
        places: Places,
        rules: dict[str, Rule],
        fulfils: dict[str, list[str]],
        family: Family,
        clocks: Clocks,
    ) -> None:
        self._context = context
        self._catalogues = catalogues
        self._names = declarations
        self._tree = tree
        self._guards = guards
        self._branches = branches
        self._places = places
        self._rules = rules
        self._fulfils = fulfils
        self._family = family
        self._clocks = clocks
        self.silences: dict[str, list[Deadline]] = {}  # by state

    def handlers(self, spot: Spot, key: Scalar, shape: TransitionShape) -> Iterator[Handler]:
        """Yield the handler of a transition, then those of the other acts of its consent."""
        path = spot.child_path(key.text)
        self._places.add(key.span, "handler", path)
        required, optional = self._names.given(shape.fields)
        attach, present = self.papers(shape.documents)
        rules = self._names.known("rule", shape.rules)
        actors = self.by(shape.by, CLOCK, CHILD)
        child = self._child(shape, CHILD in actors.others)
        place = Place.CHILD if child else Place.HANDLER
        self._guards.child = self._family.kin[child] if child else None
        when = self._when(shape)
        branches = self._branches.choices(shape, spot, place, ("handler", path))
        opens = self._opens(shape, place)
        self._guards.child = None
        if CHILD in actors.others:
            self._refuse_facts(shape)
        consent = self._consent(spot, path, shape.consent, (*required, *optional), shape)
        basis = self._catalogues.basis(shape.basis)
        handler = Handler(
            path=path,
            name=key.text,
            state=spot.path,
            title=label_or_none(shape.title),
            description=label_or_none(shape.description),
            by=actors.people,
            by_clock=CLOCK in actors.others,
            by_child=CHILD in actors.others,
            child=child,
            when=when,
            other_person_than=self._names.triggers(spot, shape.other_person_than),
            required=required,
            optional=optional,
            attach=attach,
            present=present,
            rules=rules,
            facts=self.facts(
                when,
                branches,
                rules,
                self._names.known("fact", shape.facts),
                opens.fields.values() if opens else (),
            ),
            reason_required=shape.reason is not None,
            consent=consent,
            act=Act.TAKE if consent is None else Act.YES,
            consent_path=None if consent is None else path,
            branches=branches,
            fulfils=tuple(self._fulfils.get(path, ())),
            opens=opens,
            emit=self._names.emits(shape.emit),
            decided=self._catalogues.decided(shape.decided),
            basis=basis,
        )
        if consent is not None and shape.consent and shape.consent.silence:
            handler = self._with_silence(spot, handler, consent, shape.consent.silence)
        yield handler
        if consent is not None:
            yield from self._acts(handler, consent, shape.consent)

    def _with_silence(self, spot: Spot, handler: Handler, consent: Consent, shape: SilenceShape) -> Handler:
        """Add the deadline that speaks for those who stay silent; without a basis the handler's is its."""
        means_refusal = shape.means is not None and shape.means.text == "refusal"
        refused = consent.refused
        if means_refusal and refused is None:
            self._context.report("silence-without-refused", shape.key("means"))
        then = (refused or Branch(),) if means_refusal else handler.branches
        deadline = self._clocks.silence(spot, handler.path, shape, then)
        if not deadline.basis:
            deadline = replace(deadline, basis=handler.basis, then_basis=handler.basis)
        self.silences.setdefault(spot.path, []).append(deadline)
        return replace(handler, consent=replace(consent, silence=deadline.path))

    def _child(self, shape: TransitionShape, by_child: bool) -> str | None:
        if by_child and shape.child is None and not shape.has("child"):
            self._context.report("missing-key", shape.key("by"), name=CHILD)
        if shape.child is None:
            return None
        if not by_child:
            self._context.report("child-without-by", shape.key("child"))
        relation = self._family.relation(shape.child)
        return relation.name if relation and by_child else None

    def _refuse_facts(self, shape: TransitionShape) -> None:
        """Report the facts that a transition by a child asks for by name or through a rule."""
        asked = [(one, name) for one in shape.facts if (name := self._names.find("fact", one)) is not None]
        for one in shape.rules:
            rule = self._rules.get(self._names.find("rule", one) or "")
            asked += [(one, name) for name in (rule.check.facts if rule else ())]
        for one, name in asked:
            self._context.report("fact-by-child", one.span, name=name)

    def _opens(self, shape: TransitionShape, place: Place) -> Opens | None:
        return None if shape.opens is None else self._family.opens(shape.opens, self._guards, place)

    def _acts(self, yes: Handler, consent: Consent, shape: ConsentShape | None) -> Iterator[Handler]:
        """Yield the handlers by which a member says no or takes a yes back."""
        for name, act in ((consent.refuse, Act.NO), (consent.withdraw, Act.WITHDRAW)):
            if name is None or shape is None:
                continue
            path = yes.path[: len(yes.path) - len(yes.name)] + name
            word = shape.refuse if act is Act.NO else shape.withdraw
            self._places.add(word.span if word else shape.owner, "handler", path)
            yield Handler(
                path=path,
                name=name,
                state=yes.state,
                by=yes.by,
                when=yes.when,
                facts=facts_of((yes.when,)),
                act=act,
                consent_path=yes.path,
                fulfils=tuple(self._fulfils.get(path, ())),
                basis=yes.basis,
            )

    def _when(self, shape: TransitionShape) -> Expression | None:
        if shape.when is None:
            return None
        return self._guards.guard(shape.when, Place.CHILD if self._guards.child else Place.HANDLER)

    def by(self, scalars: tuple[Scalar, ...], *words: str) -> Actors:
        """Return whom a ``by`` names; ``words`` are those that are no roles here."""
        people: list[Scalar] = []
        others: list[Scalar] = []
        for one in scalars:
            is_word = one.text in words and one.text not in self._names.names.roles
            (others if is_word else people).append(one)
        if others and (people or len(others) > 1):
            second = (people or others[1:])[0]
            self._context.report("clock-and-people", second.span)
        return Actors(people=self._names.role_refs(people), others=frozenset(one.text for one in others))

    def papers(self, shape: PapersShape | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the documents to attach and those that must be there."""
        if shape is None:
            return (), ()
        return self._names.known("document", shape.attach), self._names.known("document", shape.present)

    def facts(
        self,
        when: Expression | None,
        branches: Iterable[Branch],
        rules: Iterable[str],
        more: Iterable[str],
        values: Iterable[Expression] = (),
    ) -> tuple[str, ...]:
        """Return the facts that a handler's guards, rules and values read, and ``more``, sorted."""
        read = [when, *values]
        for branch in branches:
            read.append(branch.when)
            read.extend(assignment.value for assignment in branch.set)
        read.extend(self._rules[name].check for name in rules if name in self._rules)
        return tuple(sorted({*facts_of(read), *more}))

    def _consent(
        self,
        spot: Spot,
        path: str,
        shape: ConsentShape | None,
        given: tuple[str, ...],
        transition: TransitionShape,
    ) -> Consent | None:
        if shape is None:
            return None
        for name in given:
            declared = self._names.names.fields[name]
            if declared.personal and not declared.per_party and transition.fields is not None:
                self._context.report("personal-in-consent", transition.fields.owner, name=name)
        if shape.refused is not None and shape.refuse is None and not shape.has("refuse"):
            self._context.report("refused-without-refuse", shape.key("refused"), severity=Severity.WARNING)
        self._places.add(shape.key("need"), "consent", path)
        need = shape.need.text if shape.need else "all"
        return Consent(
            need=int(need) if need.isdecimal() else need,
            about=self._names.known("document", shape.about),
            refuse=shape.refuse.text if shape.refuse else None,
            withdraw=shape.withdraw.text if shape.withdraw else None,
            refused=self._branches.one_way(shape.refused, spot, Place.HANDLER, ("refused", path))
            if shape.refused
            else None,
        )
