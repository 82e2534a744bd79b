"""Cards poured into the columns of a page, like the text of a newspaper.

Owns the order of cards (that of the definition, which is how its author tells the process) and what must
stay together. A state that goes on in the next column is drawn there again, with its title, as continued.
Regions stand side by side; one that would be higher than wanted gets columns of its own. Called by
``engine.drawing.page``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil

from engine.drawing.cards import Card, card_of, ends_card, opening_card, rows_card
from engine.drawing.columns import Unit, breaks, heights
from engine.drawing.tree import STEP, Frame, Leaf, Node, Side, Stack
from workflow.diagram.model import Box, Drawing

MOST_REGIONS = 3
"""Beside each other; further regions stand below."""


class Pourer:
    """Pours the units of one drawing into as many columns as wanted.

    Args:
        drawing: The drawing.
        tallest: How high a region may become before it gets columns of its own.
    """

    def __init__(self, drawing: Drawing, tallest: float) -> None:
        self._language = drawing.language
        self._tallest = tallest
        self.is_parted = False  # whether any region has columns of its own
        ends = [child for child in drawing.root.children if child.is_end]
        self.units = [self._card(opening_card(drawing.opening, drawing.language), ())]
        self.units += self._inside(drawing.root, ())
        if ends:
            self.units.append(self._card(ends_card(ends, drawing.language), ()))

    # --- units -----------------------------------------------------------------------------------------

    @staticmethod
    def _card(card: Card, frames: tuple[Box, ...], *, keeps_next: bool = False) -> Unit:
        return Unit(frames=frames, make=lambda: Leaf(card), height=card.height, keeps_next=keeps_next)

    def _units(self, box: Box, frames: tuple[Box, ...]) -> Iterator[Unit]:
        if not any(not child.is_end for child in box.children):
            yield self._card(card_of(box, self._language), frames)
        else:
            yield from self._inside(box, (*frames, box))

    def _inside(self, box: Box, frames: tuple[Box, ...]) -> Iterator[Unit]:
        """Yield what lies inside a state: its own rows first."""
        own = rows_card(box.rows, self._language)
        if own is not None:
            yield self._card(own, frames, keeps_next=bool(box.path))
        if box.is_parallel:
            for first in range(0, len(box.children), MOST_REGIONS):
                yield self._regions(box.children[first : first + MOST_REGIONS], frames)
            return
        for child in box.children:
            if not child.is_end:
                yield from self._units(child, frames)

    def _regions(self, regions: Sequence[Box], frames: tuple[Box, ...]) -> Unit:
        def make() -> Node:
            return Side([self._region(region) for region in regions])

        node = make()
        _measure(node)
        return Unit(frames=frames, make=make, height=node.h + 3 * STEP)

    def _region(self, region: Box) -> Stack:
        units = list(self._units(region, ()))
        *_, height = heights(units)
        inner = list(self._inside(region, ()))
        if height <= self._tallest or len(inner) < 2:
            return Stack(self._stacked(units, 0))
        self.is_parted = True
        columns = Side(self._columns(inner, ceil(height / self._tallest)))
        return Stack([Frame(region, Stack([columns]), self._language)])

    # --- nodes -----------------------------------------------------------------------------------------

    def _stacked(self, units: Sequence[Unit], depth: int, before: Unit | None = None) -> list[Node]:
        """Put units into their frames from ``depth`` on.

        ``before`` is the last unit of the column before: a frame that it shares goes on here.
        """
        nodes: list[Node] = []
        start = 0
        while start < len(units):
            unit = units[start]
            if len(unit.frames) == depth:
                nodes.append(unit.make())
                start += 1
                continue
            box = unit.frames[depth]
            end = start
            while end < len(units) and units[end].frames[depth : depth + 1] == (box,):
                end += 1
            earlier = before if start == 0 and _is_in(before, box) else None
            body = Stack(self._stacked(units[start:end], depth + 1, earlier))
            nodes.append(Frame(box, body, self._language, is_continued=earlier is not None))
            start = end
        return nodes

    def _columns(self, units: Sequence[Unit], columns: int) -> list[Stack]:
        stacks = []
        for start, end in pairwise(breaks(units, columns)):
            before = units[start - 1] if start else None
            stacks.append(Stack(self._stacked(units[start:end], 0, before)))
        return stacks

    def page(self, columns: int) -> Side:
        """Return the units in at most so many columns."""
        return Side(self._columns(self.units, columns))


def _is_in(unit: Unit | None, box: Box) -> bool:
    return unit is not None and any(one is box for one in unit.frames)


def _measure(root: Node) -> None:
    for node in reversed(list(root.all())):
        node.measure()
