"""A process as a drawing: boxes, rows and ways, in words, without any geometry.

Owns the neutral model that every form of diagram is made from. A *box* is a state; its *rows* say what
can happen in it (transitions, clocks, duties), each with the *ways* that it may lead; a way ends at a
box. Texts are in one language, on one line and not escaped: whoever writes a form escapes for it.
Knows no sizes, files or libraries. Made by ``diagram``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class RowKind(StrEnum):
    """What a row is about."""

    OPEN = "open"
    ACT = "act"
    CONSENT = "consent"
    CLOCK = "clock"
    DUTY = "duty"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where a row may lead. ``target is None``: nothing is left or entered.

    ``sets``: what is written down by going this way.
    """

    target: str | None
    name: str = ""
    number: str = ""
    when: str = ""
    sets: str = ""
    is_end: bool = False
    taken_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a clock or duty of the case says now."""

    text: str
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What can happen in a state.

    Attributes:
        path: Of the transition, deadline or obligation; empty for what has none.
        state: The state that it stands in.
        says: The length of a clock, the dates of a duty.
        notes: What else must be known, a line each.
        taken: The days on which it was taken, for people; ``taken_on`` as days.
        is_statutory: Of a clock or duty: whether it rests on law.
    """

    kind: RowKind
    title: str
    path: str = ""
    state: str = ""
    who: str = ""
    says: str = ""
    basis: str = ""
    notes: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    taken: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    is_statutory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A state as it is drawn.

    Attributes:
        number: ``1.4.2``, by document order; empty for an end.
        is_parallel: Its children are regions, side by side.
        is_initial: The state around it starts here.
        folded: Titles of the states inside that are not drawn.
        entered: The days on which the case came here, for people.
        is_active: The case stands here, or inside.
        is_here: The case stands here, and nowhere further inside that is drawn.
    """

    path: str
    title: str
    number: str = ""
    basis: str = ""
    outcome: str = ""
    is_end: bool = False
    is_parallel: bool = False
    is_region: bool = False
    is_initial: bool = False
    rows: tuple[Row, ...] = ()
    children: tuple[Box, ...] = ()
    folded: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    is_active: bool = False
    is_here: bool = False

    def all(self) -> Iterator[Box]:
        """Yield the box and every one inside it, outer before inner."""
        yield self
        for child in self.children:
            yield from child.all()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseShown:
    """The case whose way is drawn, for people."""

    number: str
    parties: tuple[str, ...]
    opened: str
    closed: str = ""
    outcome: str = ""
    overdue: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was chosen where the law contradicts itself or is silent. ``where``: title of the element."""

    where: str
    question: str
    chosen: str
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A process as it is drawn. ``root``: the workflow itself, whose children are the phases."""

    language: str
    title: str
    description: str
    workflow: str
    version: int
    digest: str
    basis: str
    in_force_from: str
    root: Box
    opening: Row
    case: CaseShown | None = None
    decisions: tuple[Decision, ...] = ()

    def boxes(self) -> Iterator[Box]:
        """Yield every box but the root, in document order."""
        for child in self.root.children:
            yield from child.all()
