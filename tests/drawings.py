"""Reading a drawn SVG back: where its texts and arrows are.

Owns turning an SVG document of ours into boxes and segments in the coordinates of the page, by which the
tests of diagrams see whether anything lies on anything else. Widths are those of the widest common font.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from xml.etree import ElementTree

from engine.drawing.letters import width

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text and the room that it takes."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Words, slack: float = 0.6) -> bool:
        """Whether two texts lie on each other."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > slack and down > slack


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight part of an arrow."""

    x1: float
    y1: float
    x2: float
    y2: float

    def crosses(self, words: Words) -> bool:
        """Whether it runs through a text."""
        left, right = sorted((self.x1, self.x2))
        top, bottom = sorted((self.y1, self.y2))
        return (
            left < words.right - 0.5
            and right > words.left + 0.5
            and top < words.bottom - 1
            and bottom > words.top + 1
        )

    def runs_along(self, other: Segment) -> bool:
        """Whether both lie on one line, over each other."""
        for mine, yours in (
            ((self.x1, self.x2, self.y1, self.y2), (other.x1, other.x2, other.y1, other.y2)),
            ((self.y1, self.y2, self.x1, self.x2), (other.y1, other.y2, other.x1, other.x2)),
        ):
            on_one_line = all(abs(place - mine[0]) < 1 for place in (mine[1], *yours[:2]))
            shared = min(max(mine[2:]), max(yours[2:])) - max(min(mine[2:]), min(yours[2:]))
            if on_one_line and shared > 1:
                return True
        return False


def parsed(svg: str) -> ElementTree.Element:
    """Parse a document; our own, so no entity can be in it."""
    assert "<!" not in svg
    return ElementTree.fromstring(svg)


def size(root: ElementTree.Element) -> tuple[float, float]:
    """Return width and height of the page in its own units."""
    _, _, wide, high = root.attrib["viewBox"].split()
    return float(wide), float(high)


def words(root: ElementTree.Element) -> list[Words]:
    """Return every line of text on the page."""
    return [_words(node, x, y) for node, x, y in _placed(root, 0, 0) if node.tag == f"{SVG}text"]


def arrows(root: ElementTree.Element) -> list[list[Segment]]:
    """Return every arrow as its straight parts; the last one ends at its target."""
    found = []
    for node, x, y in _placed(root, 0, 0):
        if node.tag == f"{SVG}path" and node.attrib.get("class") == "way":
            numbers = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", node.attrib["d"])]
            points = [(x + px, y + py) for px, py in zip(numbers[::2], numbers[1::2], strict=True)]
            found.append([Segment(*one, *other) for one, other in pairwise(points)])
    return found


def segments(root: ElementTree.Element) -> list[Segment]:
    """Return the straight parts of every arrow."""
    return [part for arrow in arrows(root) for part in arrow]


def confused(root: ElementTree.Element) -> list[tuple[Segment, Segment]]:
    """Return the parts of arrows with different ends that run along each other on one line."""
    found = []
    for one, other in combinations(arrows(root), 2):
        ends = [(arrow[-1].x2, arrow[-1].y2) for arrow in (one, other)]
        if abs(ends[0][1] - ends[1][1]) > 0.1:
            found += [pair for pair in product(one, other) if pair[0].runs_along(pair[1])]
    return found


def _placed(
    node: ElementTree.Element, x: float, y: float
) -> Iterator[tuple[ElementTree.Element, float, float]]:
    moved = re.fullmatch(r"translate\((\S+) (\S+)\)", node.attrib.get("transform", ""))
    if moved:
        x, y = x + float(moved[1]), y + float(moved[2])
    yield node, x, y
    for child in node:
        yield from _placed(child, x, y)


def _words(node: ElementTree.Element, x: float, y: float) -> Words:
    text = node.text or ""
    height = float(node.attrib["font-size"])
    wide = width(text, height, bold=node.attrib.get("font-weight") == "bold")
    x, y = x + float(node.attrib["x"]), y + float(node.attrib["y"])
    left = {"end": x - wide, "middle": x - wide / 2}.get(node.attrib.get("text-anchor", ""), x)
    return Words(text, left, y - height * 0.75, left + wide, y + height * 0.22)
