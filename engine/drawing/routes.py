"""The arrows: from the row that says where it may lead to the title of the state that it leads to.

Owns which way each arrow goes and where that is drawn. An arrow leaves its card to the right, runs up
or down on a track beside the innermost state that holds both its ends, and arrives at the right edge of
the state that it leads to; between columns it goes by a lane above them, or straight into the next
column. Arrows to the same state share tracks and lanes: they join and never cross each other for
nothing. Every bend is a right angle. Called by ``engine.drawing.page``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from engine.drawing.cards import PAD, WIDE, Port
from engine.drawing.tree import Frame, Key, Leaf, Node, Side, Stack

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """One arrow: what it means and the stacks and sides that it goes by, in order."""

    port: Port
    source: Leaf
    target: Leaf | Frame
    by: tuple[tuple[Stack | Side, Key], ...]
    enters_left: bool

    def points(self) -> list[Point]:
        """Return the corners of its line, once everything has its place."""
        x, y = self.source.x + WIDE - PAD + 1, self.source.y + self.port.y
        found = [(x, y)]
        for node, key in self.by:
            if isinstance(node, Stack):
                x = node.track(key)
            else:
                y = node.lane(key)
            found.append((x, y))
        end = self.target.x if self.enters_left else self.target.x + self.target.w
        return [*found, (x, self.target.anchor), (end, self.target.anchor)]


def lay(root: Side) -> list[Arrow]:
    """Give everything on a page its place, and return the arrows, in the order of the page."""
    arrows = list(_arrows(root))
    for arrow in arrows:
        _cross(arrow)
    nodes = list(root.all())
    for node in reversed(nodes):
        node.measure()
    root.place_down(0)
    for arrow in arrows:
        _run(arrow)
    for node in reversed(nodes):
        node.widen()
    root.place_across(0)
    return arrows


def _cross(arrow: Arrow) -> None:
    """Note on every side that an arrow crosses from which column to which."""
    by = [None, *(node for node, _ in arrow.by), None]
    for number, (side, key) in enumerate(arrow.by, start=1):
        if isinstance(side, Side):
            side.cross(key, _beside(side, by[number - 1]), _beside(side, by[number + 1]))


def _beside(side: Side, node: Node | None) -> int:
    """Return the column that a track stands beside; one outside stands right of them all."""
    return next((n for n, column in enumerate(side.columns) if column is node), len(side.columns))


def _run(arrow: Arrow) -> None:
    """Note on every stack that an arrow goes by from where to where it runs there."""
    y = arrow.source.y + arrow.port.y
    for number, (node, key) in enumerate(arrow.by):
        if isinstance(node, Side):
            y = node.lane(key)
            continue
        after = arrow.by[number + 1][0] if number + 1 < len(arrow.by) else None
        next_y = after.lane(arrow.by[number + 1][1]) if isinstance(after, Side) else arrow.target.anchor
        node.run(key, y, next_y, is_onward=arrow.enters_left and after is None)


def _arrows(root: Side) -> Iterator[Arrow]:
    targets: dict[str, Leaf | Frame] = {}
    for node in root.all():
        if isinstance(node, Leaf) and node.card.path is not None:
            targets[node.card.path] = node
        elif isinstance(node, Frame) and not node.is_continued:
            targets[node.box.path] = node
    for node in root.all():
        if isinstance(node, Leaf):
            for port in node.card.ports:
                target = targets.get(port.way.target or "")
                if target is not None:
                    yield _arrow(port, node, target)


def _arrow(port: Port, source: Leaf, target: Leaf | Frame) -> Arrow:
    around = list(target.above())
    outward: list[Node] = [source]
    for node in source.above():
        outward.append(node)
        if node in around:
            break
    common = outward[-1]
    inward: list[Node] = [target]
    for node in around:
        if node is common:
            break
        inward.append(node)
    by = list(_leaving(outward[:-1], port.way.target))
    enters_left = False
    if isinstance(common, Stack):
        by.append((common, port.way.target))
    elif isinstance(common, Side):
        here, there = _beside(common, outward[-2]), _beside(common, inward[-1])
        enters_left = there == here + 1 and _is_leftmost(inward)
        by.append((common.columns[here], (port.way.target, enters_left)))
        if not enters_left:
            by += [(common, port.way.target), (common.columns[there], port.way.target)]
    if not enters_left:
        by += _entering(inward, port.way.target)
    return Arrow(port=port, source=source, target=target, by=tuple(by), enters_left=enters_left)


def _leaving(outward: list[Node], key: Key) -> Iterator[tuple[Stack | Side, Key]]:
    """Yield what an arrow goes by to come out of regions that others stand to the right of."""
    for inner, node in pairwise(outward):
        if isinstance(node, Side) and isinstance(inner, Stack) and inner is not node.columns[-1]:
            yield inner, key
            yield node, key


def _entering(inward: list[Node], key: Key) -> Iterator[tuple[Stack | Side, Key]]:
    """Yield the same for the way in, outer before inner."""
    for node, inner in pairwise(reversed(inward)):
        if isinstance(node, Side) and isinstance(inner, Stack) and inner is not node.columns[-1]:
            yield node, key
            yield inner, key


def _is_leftmost(inward: list[Node]) -> bool:
    return all(inner is node.columns[0] for inner, node in pairwise(inward) if isinstance(node, Side))
