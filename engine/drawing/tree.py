"""The parts of a page and how they lie in each other.

Owns the nodes of the layout, their sizes and places: *leaves* (cards) in *stacks* from top to bottom,
*frames* around a stack, and *sides*, several stacks beside each other. Right of what a stack holds there
is room for arrows that run up and down, its *tracks*; above the columns of a side there is room for
those that run across, its *lanes*. Heights follow from what is drawn, widths from how many arrows run
there: so places are given in two passes, down the page first. Called by ``pouring`` and ``routes``.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from engine.drawing.cards import WIDE, Card, title_of
from workflow.diagram.model import Box

GAP = 9.0
INSET = 6.0
STEP = 6.0
"""From one track or lane to the next."""
BEFORE, AFTER = 10.0, 5.0
"""What is kept free on either side of the tracks; the head of an arrow needs the first."""
BARE = 3.0
"""What is kept free where no arrow runs."""
BETWEEN = 4.0
"""Between the ends of two arrows that share a track."""

Key = Hashable


class Node:
    """Something with a place on the page."""

    def __init__(self) -> None:
        self.parent: Node | None = None
        self.x = self.y = self.w = self.h = 0.0

    def children(self) -> Sequence[Node]:
        """Return what lies inside, in order."""
        return ()

    def measure(self) -> None:
        """Find the height, from that of what lies inside."""

    def place_down(self, y: float) -> None:
        """Find the upper edge of everything inside."""
        self.y = y

    def widen(self) -> None:
        """Find the width, once the tracks are known."""

    def place_across(self, x: float) -> None:
        """Find the left edge of everything inside."""
        self.x = x

    def above(self) -> Iterator[Node]:
        """Yield what it lies in, innermost first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def all(self) -> Iterator[Node]:
        """Yield it and everything inside, outer first."""
        yield self
        for child in self.children():
            yield from child.all()


class Leaf(Node):
    """A card."""

    def __init__(self, card: Card) -> None:
        super().__init__()
        self.card = card
        self.w, self.h = WIDE, card.height

    @property
    def anchor(self) -> float:
        """Where arrows arrive, from the top of the page."""
        return self.y + self.card.anchor


class Stack(Node):
    """Nodes from top to bottom, with tracks on their right."""

    def __init__(self, items: Sequence[Node]) -> None:
        super().__init__()
        self.items = list(items)
        for item in self.items:
            item.parent = self
        self.spans: dict[Key, tuple[float, float]] = {}
        self.slots: dict[Key, int] = {}
        self.onward: set[Key] = set()
        self.inner = 0.0

    def children(self) -> Sequence[Node]:
        """Return the items."""
        return self.items

    def measure(self) -> None:
        """Find the height."""
        self.h = sum(item.h for item in self.items) + GAP * max(0, len(self.items) - 1)

    def place_down(self, y: float) -> None:
        """Place the items."""
        self.y = y
        for item in self.items:
            item.place_down(y)
            y += item.h + GAP

    def run(self, key: Key, first: float, last: float, *, is_onward: bool = False) -> None:
        """Note that an arrow runs up or down here; those of one key share a track.

        ``is_onward``: from here it goes into the next column, so that its track lies outermost.
        """
        if is_onward:
            self.onward.add(key)
        low, high = self.spans.get(key, (first, last))
        self.spans[key] = (min(low, first, last), max(high, first, last))

    def widen(self) -> None:
        """Give the arrows their tracks, shorter ones nearer, onward ones outermost, and find the width."""
        self.inner = max((item.w for item in self.items), default=0.0)
        for item in self.items:
            if isinstance(item, (Frame, Side)):
                item.w = self.inner
        tracks = 0
        for is_onward in (False, True):
            taken: list[list[tuple[float, float]]] = []
            for key, span in sorted(self.spans.items(), key=_shortness):
                if (key in self.onward) is is_onward:
                    self.slots[key] = tracks + _slot(taken, span, BETWEEN)
            tracks += len(taken)
        free = BEFORE + STEP * (tracks - 1) + AFTER if tracks else BARE
        self.w = self.inner + free

    def track(self, key: Key) -> float:
        """Return where the track of a key runs."""
        return self.x + self.inner + BEFORE + STEP * self.slots[key]

    def place_across(self, x: float) -> None:
        """Place the items."""
        self.x = x
        for item in self.items:
            item.place_across(x)


def _shortness(one: tuple[Key, tuple[float, float]]) -> tuple[float, float, str]:
    low, high = one[1]
    return high - low, low, str(one[0])


def _slot(taken: list[list[tuple[float, float]]], span: tuple[float, float], between: float) -> int:
    """Return the first track or lane in which a span meets no other, and put it there."""
    for slot, spans in enumerate(taken):
        if all(span[1] + between < low or high + between < span[0] for low, high in spans):
            spans.append(span)
            return slot
    taken.append([span])
    return len(taken) - 1


class Frame(Node):
    """A state around others."""

    def __init__(self, box: Box, body: Stack, language: str, *, is_continued: bool = False) -> None:
        super().__init__()
        self.box = box
        self.body = body
        body.parent = self
        self.is_continued = is_continued
        sides = [len(item.columns) for item in body.items if isinstance(item, Side)]
        wide = WIDE * max(sides, default=1)
        self.title, self.head, self._anchor = title_of(box, language, is_continued=is_continued, wide=wide)

    @property
    def anchor(self) -> float:
        """Where arrows arrive, from the top of the page."""
        return self.y + self._anchor

    def children(self) -> Sequence[Node]:
        """Return the stack inside."""
        return (self.body,)

    def measure(self) -> None:
        """Find the height."""
        self.h = self.head + INSET + self.body.h + INSET

    def place_down(self, y: float) -> None:
        """Place the stack."""
        self.y = y
        self.body.place_down(y + self.head + INSET)

    def widen(self) -> None:
        """Find the width."""
        self.w = INSET + self.body.w

    def place_across(self, x: float) -> None:
        """Place the stack."""
        self.x = x
        self.body.place_across(x + INSET)


class Side(Node):
    """Stacks beside each other, with lanes above them."""

    def __init__(self, columns: Sequence[Stack]) -> None:
        super().__init__()
        self.columns = list(columns)
        for column in self.columns:
            column.parent = self
        self.spans: dict[Key, tuple[float, float]] = {}
        self.lanes: dict[Key, int] = {}

    def children(self) -> Sequence[Node]:
        """Return the columns."""
        return self.columns

    def cross(self, key: Key, first: int, last: int) -> None:
        """Note that an arrow runs across from beside one column to beside another.

        ``last`` may be the number of columns, for what runs in or out on the right.
        """
        low, high = self.spans.get(key, (first, last))
        self.spans[key] = (min(low, first, last), max(high, first, last))

    @property
    def _above(self) -> float:
        return STEP * (max(self.lanes.values()) + 1) + GAP if self.lanes else 0.0

    def measure(self) -> None:
        """Give the arrows their lanes, the shorter ones nearer, and find the height."""
        taken: list[list[tuple[float, float]]] = []
        for key, span in sorted(self.spans.items(), key=_shortness):
            self.lanes[key] = _slot(taken, span, 0)
        self.h = self._above + max((column.h for column in self.columns), default=0.0)

    def lane(self, key: Key) -> float:
        """Return where the lane of a key runs."""
        return self.y + STEP * (max(self.lanes.values()) - self.lanes[key])

    def place_down(self, y: float) -> None:
        """Place the columns."""
        self.y = y
        for column in self.columns:
            column.place_down(y + self._above)

    def widen(self) -> None:
        """Find the width."""
        self.w = sum(column.w for column in self.columns) + GAP * max(0, len(self.columns) - 1)

    def place_across(self, x: float) -> None:
        """Place the columns."""
        self.x = x
        for column in self.columns:
            column.place_across(x)
            x += column.w + GAP
