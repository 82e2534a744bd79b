"""A command on a case that has relatives: their cases, their definitions, what is written of each.

Owns what ``workflow.step.family`` asks of an engine. The caller holds the locks of the family
(`Transaction.load` takes them) and writes all changes in its one transaction. Called
by ``engine.commands`` and ``engine.readings``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.ids import uuid7
from engine.refused import DefinitionNotFound
from engine.registry import Registry
from engine.store.port import Transaction
from workflow.case import CaseAct, CaseState, Fire, Refusal, World
from workflow.chart.process import Process
from workflow.step.family import Change, Family


class Families:
    """Decides for families of cases; keeps nothing."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def family(
        self,
        tx: Transaction,
        members: Iterable[CaseState],
        world: World,
        *,
        is_numbered: bool = False,
    ) -> Family:
        """Return a family as it stands; unless ``is_numbered`` what it opens has no number yet."""

        def number(workflow: str, year: int) -> str:
            return f"{workflow}/{year}/{tx.next_number(workflow, year)}" if is_numbered else ""

        return Family(
            members=[(self._registry.process_of(tx, one), one) for one in members],
            world=replace(world, new_case=lambda: uuid7(world.now)),
            process_of=lambda workflow: self._of_child(tx, workflow),
            number=number,
        )

    def _of_child(self, tx: Transaction, workflow: str) -> Process:
        """Return the definition of a child that is about to be opened.

        Raises:
            DefinitionNotFound: It is not deployed.
        """
        try:
            return self._registry.process(tx, workflow)
        except DefinitionNotFound as missing:
            raise DefinitionNotFound(**{**missing.context, "is_child": True}) from None

    def decide(
        self,
        tx: Transaction,
        members: tuple[CaseState, ...],
        case_id: str,
        command: Fire | CaseAct,
        world: World,
    ) -> Refusal | tuple[Change, ...]:
        """Decide a command on one of the cases: what changes, the case itself first.

        Raises:
            FamilyFacts: A step reads facts that were not asked.
        """
        family = self.family(tx, members, world)
        refusal = family.act(case_id, command)
        if refusal is not None:
            return refusal
        if any(one.before is None for one in family.changes):
            # Only now, so that what is refused takes no number and locks no counter.
            family = self.family(tx, members, world, is_numbered=True)
            if family.act(case_id, command) is not None:
                raise AssertionError("a number decides nothing")
        return tuple(sorted(family.changes, key=lambda one: one.case.id != case_id))
