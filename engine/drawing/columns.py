"""Where the columns of a page end.

Owns the choice of the places to break: columns of like height, few states broken, some places never.
All ways to break are weighed, which for the tens of cards of a process takes milliseconds. Called by
``engine.drawing.pouring``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from engine.drawing.tree import GAP, Node
from workflow.diagram.model import Box

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


def heights(units: Sequence[Unit]) -> Iterator[float]:
    """Yield about how high a column becomes with each further unit."""
    height = 0.0
    inside: tuple[Box, ...] = ()
    for unit in units:
        shared = 0
        for one, other in zip(inside, unit.frames, strict=False):
            if one is not other:
                break
            shared += 1
        height += GAP + unit.height + _OVERHEAD * (len(unit.frames) - shared)
        inside = unit.frames
        yield height


def breaks(units: Sequence[Unit], columns: int) -> list[int]:
    """Return where columns begin, and the end of the last: at most so many columns."""
    count = len(units)
    high = [list(heights(units[start:])) for start in range(count)]
    aim = high[0][-1] / columns
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for _ in range(columns):
        reached: dict[int, tuple[float, int]] = {}
        for start, (cost, _before) in best[-1].items():
            for end in range(start + 1, count + 1):
                share = high[start][end - start - 1] / aim
                total = cost + (share - 1) ** 2 * (3 if share > 1 else 1) + _split(units, end)
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


def _split(units: Sequence[Unit], end: int) -> float:
    """Return what it costs to break before a unit."""
    if end == len(units):
        return 0.0
    before, after = units[end - 1], units[end]
    shared = sum(one is other for one, other in zip(before.frames, after.frames, strict=False))
    return _SPLIT * shared + (_NEVER if before.keeps_next else 0.0)
