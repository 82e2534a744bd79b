"""Cards poured into the columns of a page, like the text of a newspaper.

Owns the order of cards (that of the definition, which is how its author tells the process), what must
stay together, and where a column ends. A state that goes on in the next column is drawn there again,
with its title, as continued. Regions stand side by side and are never parted. Called by
``engine.drawing.page``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.drawing.cards import Card, card_of, ends_card, opening_card, rows_card
from engine.drawing.tree import GAP, STEP, Frame, Leaf, Node, Side, Stack
from workflow.diagram_model import Box, Drawing

MOST_REGIONS = 3
"""Beside each other; further regions stand below."""

_OVERHEAD = 22.0
"""About what opening and closing a frame takes, beside its title."""
_SPLIT = 0.03
"""What it costs to break a column inside a state, for each state around it: a share of a squared column."""
_NEVER = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What stays together: a card, or regions side by side, inside the states ``frames``.

    ``keeps_next``: no column ends below it.
    """

    frames: tuple[Box, ...]
    make: Callable[[], Node]
    height: float
    keeps_next: bool = False


class Pourer:
    """Pours the units of one drawing into as many columns as wanted."""

    def __init__(self, drawing: Drawing) -> None:
        self._language = drawing.language
        ends = [child for child in drawing.root.children if child.is_end]
        self.units = [self._card(opening_card(drawing.opening, drawing.language), ())]
        self.units += self._inside(drawing.root, ())
        if ends:
            self.units.append(self._card(ends_card(ends, drawing.language), ()))
        self._heights = [list(self._column_heights(start)) for start in range(len(self.units))]

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
            yield self._card(own, frames, keeps_next=bool(frames))
        if box.is_parallel:
            for first in range(0, len(box.children), MOST_REGIONS):
                yield self._regions(box.children[first : first + MOST_REGIONS], frames)
            return
        for child in box.children:
            if not child.is_end:
                yield from self._units(child, frames)

    def _regions(self, regions: Sequence[Box], frames: tuple[Box, ...]) -> Unit:
        def make() -> Node:
            return Side([Stack(self._stacked(list(self._units(region, ())), 0)) for region in regions])

        node = make()
        _measure(node)
        return Unit(frames=frames, make=make, height=node.h + 3 * STEP)

    # --- nodes -----------------------------------------------------------------------------------------

    def _stacked(
        self, units: Sequence[Unit], depth: int, before: Unit | None = None, after: Unit | None = None
    ) -> list[Node]:
        """Put units into their frames from ``depth`` on.

        ``before`` and ``after`` are the units next to them in other columns: a frame that they share
        is one that is continued there.
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
            later = after if end == len(units) and _is_in(after, box) else None
            body = Stack(self._stacked(units[start:end], depth + 1, earlier, later))
            flags = {"is_continued": earlier is not None, "is_broken": later is not None}
            nodes.append(Frame(box, body, self._language, **flags))
            start = end
        return nodes

    def page(self, columns: int) -> Side:
        """Return the units in at most so many columns."""
        breaks = self._breaks(columns)
        stacks = []
        for start, end in pairwise(breaks):
            before = self.units[start - 1] if start else None
            after = self.units[end] if end < len(self.units) else None
            stacks.append(Stack(self._stacked(self.units[start:end], 0, before, after)))
        return Side(stacks)

    # --- where columns end -----------------------------------------------------------------------------

    def _breaks(self, columns: int) -> list[int]:
        """Find the best places to break, by trying all: columns of like height, few states broken."""
        count = len(self.units)
        aim = self._heights[0][-1] / columns
        best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
        for _ in range(columns):
            reached: dict[int, tuple[float, int]] = {}
            for start, (cost, _before) in best[-1].items():
                for end in range(start + 1, count + 1):
                    share = self._heights[start][end - start - 1] / aim
                    total = cost + (share - 1) ** 2 * (3 if share > 1 else 1) + self._split(end)
                    if end not in reached or total < reached[end][0]:
                        reached[end] = (total, start)
            best.append(reached)
        used = min(
            (number for number in range(1, columns + 1) if count in best[number]),
            key=lambda number: best[number][count][0],
        )
        found = [count]
        for number in range(used, 0, -1):
            found.append(best[number][found[-1]][1])
        return found[::-1]

    def _split(self, end: int) -> float:
        if end == len(self.units):
            return 0.0
        before, after = self.units[end - 1], self.units[end]
        shared = sum(one is other for one, other in zip(before.frames, after.frames, strict=False))
        return _SPLIT * shared + (_NEVER if before.keeps_next else 0.0)

    def _column_heights(self, start: int) -> Iterator[float]:
        """Yield how high a column from ``start`` becomes with each further unit."""
        height = 0.0
        inside: tuple[Box, ...] = ()
        for unit in self.units[start:]:
            shared = 0
            for one, other in zip(inside, unit.frames, strict=False):
                if one is not other:
                    break
                shared += 1
            height += GAP + unit.height + _OVERHEAD * (len(unit.frames) - shared)
            inside = unit.frames
            yield height


def _is_in(unit: Unit | None, box: Box) -> bool:
    return unit is not None and any(one is box for one in unit.frames)


def _measure(root: Node) -> None:
    for node in reversed(list(root.all())):
        node.measure()
