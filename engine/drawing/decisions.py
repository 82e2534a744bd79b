"""What stands below the cards: what was decided where the law is no answer, and the legend.

Owns the columns in which decisions are told. Called by ``engine.drawing.page``.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.drawing import ink
from engine.drawing.cards import LEADING, say
from engine.drawing.legend import legend
from engine.drawing.letters import wrap
from workflow.diagram.model import Decision, Drawing

_HEAD, _TEXT = 10.5, 8.6
_COLUMN, _BETWEEN, _BELOW = 300.0, 18.0, 6.0


def foot_of(drawing: Drawing, wide: float) -> tuple[list[str], float]:
    """Return the decisions with the legend below them, and their height."""
    marks, height = _decisions(drawing, wide)
    signs, more = legend(drawing, wide)
    return [*marks, f'<g transform="translate(0 {ink.num(height)})">{"".join(signs)}</g>'], height + more


def _decisions(drawing: Drawing, wide: float) -> tuple[list[str], float]:
    if not drawing.decisions:
        return [], 0.0
    columns = max(1, int((wide + _BETWEEN) // (_COLUMN + _BETWEEN)))
    across = (wide - _BETWEEN * (columns - 1)) / columns
    told = [list(_lines(drawing.language, one, across)) for one in drawing.decisions]
    heights = [sum(size * LEADING for _, size, _ in lines) + _BELOW for lines in told]
    tallest = _tallest(heights, columns)
    marks = [ink.line([(0, 0), (wide, 0)], stroke=ink.HAIR, wide=1)]
    top = _HEAD * LEADING + 4
    head = say(drawing.language, "decisions")
    marks.append(ink.text(0, top - 6, head, _HEAD, bold=True, fill=ink.NAVY))
    x, y, lowest = 0.0, top, top
    for lines, height in zip(told, heights, strict=True):
        if y > top and y + height > top + tallest:
            x, y = x + across + _BETWEEN, top
        line = y
        for words, size, is_bold in lines:
            line += size * LEADING
            marks.append(ink.text(x, line - size * 0.3, words, size, bold=is_bold))
        y += height
        lowest = max(lowest, y)
    return marks, lowest + 4


def _tallest(heights: list[float], columns: int) -> float:
    """Return the least height at which the decisions, kept in order, fit into so many columns."""
    least = max(*heights, sum(heights) / columns) if len(heights) > 1 else heights[0]
    while _needed(heights, least) > columns:
        least += 4.0
    return least


def _needed(heights: list[float], tallest: float) -> int:
    used, y = 1, 0.0
    for height in heights:
        if y and y + height > tallest:
            used, y = used + 1, 0.0
        y += height
    return used


def _lines(language: str, decision: Decision, across: float) -> Iterator[tuple[str, float, bool]]:
    """Yield a decision line by line: words, size, whether bold."""
    for part in wrap(decision.where, _TEXT, across, bold=True):
        yield part, _TEXT, True
    for part in wrap(decision.question, _TEXT, across):
        yield part, _TEXT, False
    chosen = f"{say(language, 'chosen')}: {decision.chosen}"
    if decision.basis:
        chosen += f" ({decision.basis})"
    for part in wrap(chosen, _TEXT, across):
        yield part, _TEXT, False
