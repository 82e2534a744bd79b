"""Facts answered from other cases of the tenant (``from_cases``).

Owns which cases are looked at: those of the workflows named that have the same party on the side named,
closed ones too, the asking case not; page by page until one fulfils the condition. A workflow that is not
deployed counts as no case. Asked before the step like any other fact, outside of its transaction, and
recorded with it. Called by ``engine.facts``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from engine.families import Families
from engine.registry import Registry
from engine.store import Store
from engine.store.port import Transaction
from workflow.case import CaseState, World
from workflow.definition import FromCases
from workflow.step.family import Family, is_family
from workflow.step.other_cases import holds, is_of_same_party

PAGE = 200
"""Cases read at once."""


class Others:
    """Looks at other cases, in a reading transaction of its own or of a host's.

    Args:
        world: Gives what a step may know at this moment.
    """

    def __init__(self, store: Store, registry: Registry, world: Callable[[Transaction], World]) -> None:
        self._store = store
        self._registry = registry
        self._families = Families(registry)
        self._world = world

    def any(
        self,
        asked: FromCases,
        parties: frozenset[str],
        *,
        apart_from: str | None,
        today: date,
        connection: Any,
    ) -> bool:
        """Whether the condition holds of any case.

        Args:
            parties: Ids of the asking case's parties on the side that must be the same.
            apart_from: Id of the asking case.
            today: The day of the act that asks.
        """
        with self._store.transaction(connection, write=False) as tx:
            world = self._world(tx)
            return any(
                holds(
                    asked, self._registry.process_of(tx, case), case.id, self._family(tx, case, world), today
                )
                for workflow in asked.workflows
                for case in _cases(tx, workflow)
                if case.id != apart_from and is_of_same_party(asked, parties, case)
            )

    def _family(self, tx: Transaction, case: CaseState, world: World) -> Family:
        is_alone = not is_family(self._registry.process_of(tx, case), case)
        return self._families.family(tx, (case,) if is_alone else tx.family(case.id), world)


def _cases(tx: Transaction, workflow: str) -> Iterator[CaseState]:
    after: str | None = None
    while True:
        page = tx.cases(workflow=workflow, after=after, limit=PAGE)
        yield from page.items
        after = page.next
        if after is None:
            return
