"""The page: title above, columns of cards with their arrows, decisions and legend below.

Owns the choice of the number of columns and the size of the paper: landscape, from A4 to A0 the smallest
on which the text can be read, always in that ratio. The same drawing gives the same bytes on every machine:
no font is asked, no date is printed. Called by ``engine.drawing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import inf, sqrt

from engine.drawing import ink
from engine.drawing.cards import LOOKS, look_of, say
from engine.drawing.decisions import foot_of
from engine.drawing.legend import heading
from engine.drawing.pouring import Pourer
from engine.drawing.routes import Arrow, lay
from engine.drawing.tree import Frame, Leaf, Node, Side
from workflow.diagram.model import Box, Drawing, RowKind

RATIO = sqrt(2)
MARGIN = 26.0
PAPERS = ((842, 297, 210), (1191, 420, 297), (1684, 594, 420), (2384, 841, 594), (3370, 1189, 841))
"""From A4 to A0, landscape: width in points, width and height in millimetres."""
_SMALLEST = 0.8
"""How much a drawing may shrink to fit on a paper: below, its text can hardly be read."""
_MOST_COLUMNS = 12
_MORE_PAPER = 1.1
"""How much wider than the smallest a page may be for the sake of shorter arrows."""
_TALLEST = (600.0, 1000.0, inf)
"""How high a region may become before it gets columns of its own: what is tried."""
_BELOW_HEADING = 12.0


def svg(drawing: Drawing) -> str:
    """Return a drawing as an SVG document."""
    root, arrows = _best(drawing)
    top, head_height = heading(drawing, root.w)
    foot, foot_height = foot_of(drawing, root.w)
    content = head_height + _BELOW_HEADING + root.h + _BELOW_HEADING + foot_height
    wide, high = _paper(root.w, content)
    left = (wide - root.w) / 2
    body = MARGIN + head_height + _BELOW_HEADING
    parts = [
        f"<g{_moved(left, MARGIN)}>{''.join(top)}</g>",
        f"<g{_moved(left, body)}>",
        *_nodes(root),
        *_lines(arrows),
        "</g>",
        f"<g{_moved(left, high - MARGIN - foot_height)}>{''.join(foot)}</g>",
    ]
    return "\n".join([*_opened(drawing, wide, high), *parts, "</svg>", ""])


def _paper(wide: float, high: float) -> tuple[float, float]:
    across = max(wide + 2 * MARGIN, (high + 2 * MARGIN) * RATIO, PAPERS[0][0])
    return across, across / RATIO


def _best(drawing: Drawing) -> tuple[Side, list[Arrow]]:
    """Try every number of columns: of those that need about the least paper, the one of shortest arrows."""
    found: list[tuple[float, Side, list[Arrow]]] = []
    for root in _tried(drawing):
        arrows = lay(root)
        around = heading(drawing, root.w)[1] + foot_of(drawing, root.w)[1] + 2 * _BELOW_HEADING
        found.append((_paper(root.w, root.h + around)[0], root, arrows))
    enough = min(needed for needed, _, _ in found) * _MORE_PAPER
    _, root, arrows = min((one for one in found if one[0] <= enough), key=lambda one: _length(one[2]))
    return root, arrows


def _tried(drawing: Drawing) -> Iterator[Side]:
    """Yield the drawing in every number of columns, high regions whole and in columns of their own."""
    for tallest in _TALLEST:
        pourer = Pourer(drawing, tallest)
        for columns in range(1, min(_MOST_COLUMNS, len(pourer.units)) + 1):
            yield pourer.page(columns)
        if not pourer.is_parted:
            return


def _length(arrows: Iterable[Arrow]) -> float:
    return sum(
        abs(one[0] - other[0]) + abs(one[1] - other[1])
        for arrow in arrows
        for one, other in pairwise(arrow.points())
    )


def _opened(drawing: Drawing, wide: float, high: float) -> Iterator[str]:
    _, across, down = next((one for one in PAPERS if one[0] >= wide * _SMALLEST), PAPERS[-1])
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}mm" height="{down}mm"'
        f' viewBox="0 0 {ink.num(wide)} {ink.num(high)}" role="img" aria-labelledby="title desc"'
        f' xml:lang="{drawing.language}" lang="{drawing.language}"'
        f' font-family="{ink.escaped(ink.FONT)}" fill="{ink.INK}">'
    )
    yield f'<title id="title">{ink.escaped(drawing.title)}</title>'
    yield f'<desc id="desc">{ink.escaped(" ".join(_told(drawing)))}</desc>'
    yield ink.rect(0, 0, wide, high, fill=ink.PAPER)


def _told(drawing: Drawing) -> Iterator[str]:
    """Yield the drawing in sentences, for who cannot see it."""
    language = drawing.language
    if drawing.description:
        yield drawing.description
    for box in drawing.root.children:
        if box.is_end:
            yield say(language, "told-end", title=box.title)
            continue
        ways = dict.fromkeys(
            f"{way.number} {way.name}".strip()
            for inner in box.all()
            for row in inner.rows
            for way in row.ways
            if way.target and way.target != box.path and not way.target.startswith(f"{box.path}.")
        )
        yield say(language, "told-phase", number=box.number, title=box.title, ways="; ".join(ways) or "–")
    if drawing.case is not None:
        here = ", ".join(f"{box.number} {box.title}".strip() for box in drawing.boxes() if box.is_here)
        yield say(language, "told-case", number=drawing.case.number, here=here or "–")


def _moved(x: float, y: float) -> str:
    return ink.attributes(transform=f"translate({ink.num(x)} {ink.num(y)})")


# --- boxes -----------------------------------------------------------------------------------------


def _nodes(node: Node) -> Iterator[str]:
    if isinstance(node, Leaf):
        yield f"<g{_moved(node.x, node.y)}>{''.join(node.card.marks)}</g>"
    if isinstance(node, Frame):
        yield from _frame(node)
    for child in node.children():
        yield from _nodes(child)


_BODIES = ("#eef3f9", "#f8fafd", ink.PAPER)


def _frame(frame: Frame) -> Iterator[str]:
    box: Box = frame.box
    look = look_of(box)
    body = _BODIES[min(box.path.count("."), len(_BODIES) - 1)]
    stroke, wide = (ink.INK, 3.2) if box.is_here else (look.stroke, look.wide)
    fill = ink.GREEN if box.entered and look is not LOOKS[0] else look.fill
    dash = "6 3" if box.is_region else None
    yield ink.rect(frame.x, frame.y, frame.w, frame.h, fill=body, round_=4)
    yield ink.rect(frame.x, frame.y, frame.w, frame.head, fill=fill, round_=4)
    if box.entered:
        yield ink.rect(frame.x, frame.y, 3, frame.head, fill=ink.WAY)
    yield ink.rect(frame.x, frame.y, frame.w, frame.h, stroke=stroke, wide=wide, round_=4, dash=dash)
    yield f"<g{_moved(frame.x, frame.y)}>{''.join(frame.title)}</g>"


# --- arrows ----------------------------------------------------------------------------------------


def _lines(arrows: Iterable[Arrow]) -> Iterator[str]:
    """Yield the arrows, those that were taken above the others."""
    for arrow in sorted(arrows, key=lambda one: bool(one.port.way.taken_on)):
        is_taken = bool(arrow.port.way.taken_on)
        by_itself = arrow.port.row.kind in (RowKind.CLOCK, RowKind.AUTOMATIC)
        stroke = ink.WAY if is_taken else ink.LINE
        points = arrow.points()
        (x, y), before = points[-1], points[-2]
        is_right = x > before[0]
        points[-1] = (x + (-4 if is_right else 4), y)
        dash = "4 2.4" if by_itself else None
        yield ink.line(_straight(points), stroke=stroke, wide=2.4 if is_taken else 1.1, dash=dash, name="way")
        yield ink.head(x, y, is_right=is_right, fill=stroke, size=8 if is_taken else 6.5)


def _straight(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Leave out corners that are none."""
    kept = points[:1]
    for here, after in pairwise(points[1:]):
        is_corner = not (kept[-1][0] == here[0] == after[0] or kept[-1][1] == here[1] == after[1])
        if is_corner:
            kept.append(here)
    return [*kept, points[-1]]
