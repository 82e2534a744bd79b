"""What a step sees of related cases: children, the child that has closed, the parent.

Owns the views that guards read, what is shared between parent and child, and which open children stand
in the way of an end. Whether and how a child ended, the parent knows from its own history; only what is
shared is asked of the other case, when a guard reads it. Decides nothing. Called by
``workflow.step.environment`` and ``workflow.step.progress``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from workflow.case import CaseState, Party, RelativeUnknown
from workflow.definition import Definition, Field, Opens, Relation, Side
from workflow.expressions.guards import decode

CLOSE, KEEP, REFUSE = "close", "keep", "refuse"
"""What a parent's end means for open children: ``at_parent_end``."""

Look = Callable[[str], tuple[Definition, CaseState]]
"""A related case by id, with its definition."""


class Relative:
    """A related case, as far as it is shared.

    Attributes:
        closed: Whether it has ended; ``outcome``: how, ``None`` while it goes on.
    """

    __slots__ = ("_read", "closed", "outcome")

    def __init__(self, *, closed: bool, outcome: str | None, read: Callable[[str], Any]) -> None:
        self.closed = closed
        self.outcome = outcome
        self._read = read

    def field(self, name: str) -> Any:
        """Return what it shares under a name, ``None`` where that is empty or not there."""
        return self._read(name)


_NOBODY = Relative(closed=False, outcome=None, read=lambda name: None)


class Kin:
    """The related cases of one case at one moment.

    Args:
        definition: Of the case.
        case: The case; its ``children`` and ``parent`` say who its relatives are.
        look: Finds a relative.
        closed_child: Id of the child that has just closed, where that is what a step follows from.
    """

    __slots__ = ("_case", "_closed_child", "_definition", "_look")

    def __init__(
        self, definition: Definition, case: CaseState, look: Look, closed_child: str | None = None
    ) -> None:
        self._definition = definition
        self._case = case
        self._look = look
        self._closed_child = closed_child

    def children(self, name: str) -> tuple[Relative, ...]:
        """Return the children of one relation, in the order in which they were opened."""
        return tuple(self._child(one) for one, known in self._case.children.items() if known["name"] == name)

    @property
    def child(self) -> Relative:
        """The child that has just closed; empty where a person asks for what follows from one."""
        if self._closed_child is None:
            return _NOBODY
        return self._child(self._closed_child)

    @property
    def parent(self) -> Relative:
        """The case that opened this one; without one, of a workflow that people may open too: empty."""
        if self._case.parent is None:
            return _NOBODY
        definition, parent = self._look(self._case.parent["case"])
        relation = definition.children.get(self._case.parent["name"])
        shares = relation.shares if relation is not None else ()
        own = self._definition.fields

        def read(name: str) -> Any:
            if name not in shares or not _is_alike(own.get(name), definition.fields.get(name)):
                return None
            return _value(definition, parent, name)

        return Relative(closed=parent.closed_at is not None, outcome=parent.outcome, read=read)

    def _child(self, case_id: str) -> Relative:
        known = self._case.children[case_id]
        shares = self._definition.children[known["name"]].shares

        def read(name: str) -> Any:
            return _value(*self._look(case_id), name) if name in shares else None

        outcome = known.get("outcome")
        return Relative(closed=outcome is not None, outcome=outcome, read=read)


def _is_alike(one: Field | None, other: Field | None) -> bool:
    """Whether two cases mean the same sort of value by a name: their versions are independent."""
    return one is not None and other is not None and (one.type, one.many) == (other.type, other.many)


def _value(definition: Definition, case: CaseState, name: str) -> Any:
    declared = definition.fields.get(name)
    raw = case.fields.get(name)
    if declared is None or declared.personal or declared.per_party or raw is None:
        return None
    return decode(declared, raw)


def open_children(case: CaseState, name: str | None = None) -> Iterator[tuple[str, str]]:
    """Yield id and relation of every child that has not ended, or of those of one relation."""
    for one, known in case.children.items():
        if "outcome" not in known and name in (None, known["name"]):
            yield one, known["name"]


def policy(relation: Relation, override: str | None) -> str:
    """Return what the end of a case means for its children of a relation."""
    return override or relation.at_parent_end


def in_the_way(
    definition: Definition, case: CaseState, look: Look, override: str | None = None
) -> tuple[str, ...]:
    """Return the open children, and theirs, that keep a case from ending.

    Args:
        override: What the branch to its end says instead of the relations.
    """
    found: list[str] = []
    for one, name in open_children(case):
        means = policy(definition.children[name], override)
        if means == REFUSE:
            found.append(one)
        elif means == CLOSE:
            found.extend(in_the_way(*look(one), look))
    return tuple(found)


def to_close(definition: Definition, case: CaseState, override: str | None = None) -> tuple[str, ...]:
    """Return the open children that end with a case."""
    return tuple(
        one for one, name in open_children(case) if policy(definition.children[name], override) == CLOSE
    )


def numbers(children: Iterable[str], look: Look) -> str:
    """Name cases for people: by number, or where they are not known by id."""
    return ", ".join(_number(one, look) for one in children)


def _number(case_id: str, look: Look) -> str:
    try:
        return look(case_id)[1].number
    except RelativeUnknown:
        return case_id


def child_parties(sides: Mapping[str, Side], case: CaseState, opens: Opens) -> Iterator[tuple[Party, ...]]:
    """Yield the parties of each child that a step opens.

    Without ``for_each`` one child with all parties of the case; else for each party of that side one
    with those of the first side and this one.
    """
    every = tuple(
        Party(str(one["id"]), side=str(one["side"]), name=_name(one.get("name"))) for one in case.parties
    )
    if opens.for_each is None:
        yield every
        return
    first = next(iter(sides))
    for party in every:
        if party.side == opens.for_each:
            yield tuple(one for one in every if one.side == first or one == party)


def count_opened(case: CaseState, opens: Opens) -> int:
    """Return how many children of the relation would be open after a step that opens some."""
    new = 1 if opens.for_each is None else sum(one["side"] == opens.for_each for one in case.parties)
    return new + sum(1 for _ in open_children(case, opens.child))


def _name(value: Any) -> str | None:
    return value if isinstance(value, str) else None
