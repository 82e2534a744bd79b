"""A state as a card: its title, and a row for everything that can happen in it.

Owns how a card is set: what stands on which line, how high it becomes, and from where on its right edge
the arrows leave. Knows nothing of where on the page it will stand. Called by ``engine.drawing.pouring``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil

from engine.drawing import ink
from engine.drawing.letters import KEPT, shorten, width, wrap
from workflow.diagram.model import Box, Row, RowKind, Way
from workflow.locale import Message

WIDE = 252.0
"""The width of every card, in points."""
PAD = 7.0
INDENT = 15.0
"""Of the text of a row, to leave room for its sign."""

TITLE, NAME, BODY, SMALL = 9.4, 8.4, 7.8, 7.4
LEADING = 1.28
_CHIP = 7.4
GRID = 3.0
"""Cards begin and end on lines so far apart; arrows leave on such a line and arrive between two.

So what leaves and what arrives can never run along each other, wherever the cards come to stand.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """Where an arrow leaves a card: so far below its upper edge."""

    y: float
    way: Way
    row: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is drawn of a state, relative to its upper left corner.

    ``anchor``: how far below the upper edge arrows arrive. ``marks``: SVG.
    """

    path: str | None
    height: float
    anchor: float
    marks: tuple[str, ...]
    ports: tuple[Port, ...]


def say(language: str, key: str, **params: object) -> str:
    """Return a text of drawings."""
    return Message(f"drawing.{key}", params).text(language)


def grid_up(y: float) -> float:
    """Return the next line of the grid at or below a height."""
    return ceil(y / GRID - 1e-9) * GRID


def _grid(y: float) -> float:
    return round(y / GRID) * GRID


@dataclass(slots=True)
class Setter:
    """Sets one card, line by line."""

    language: str
    wide: float = WIDE
    y: float = 0.0
    marks: list[str] = field(default_factory=list)
    ports: list[Port] = field(default_factory=list)
    _tail: float | None = None
    """Where the last line ends, where something may still stand beside it."""

    def line(
        self,
        words: str,
        size: float,
        *,
        x: float,
        bold: bool = False,
        italic: bool = False,
        fill: str = ink.INK,
        anchor: str | None = None,
    ) -> None:
        """Set a line and go below it."""
        self.y += size * LEADING
        self._tail = x + width(words, size, bold=bold)
        base = self.y - size * 0.3
        self.marks.append(
            ink.text(
                x, base, words.replace(KEPT, " "), size, bold=bold, italic=italic, fill=fill, anchor=anchor
            )
        )

    def paragraph(
        self,
        words: str,
        size: float,
        *,
        x: float = PAD + INDENT,
        bold: bool = False,
        italic: bool = False,
        fill: str = ink.INK,
    ) -> None:
        """Set a text in as many lines as it needs."""
        for part in wrap(words, size, self.wide - x - PAD, bold=bold):
            self.line(part, size, x=x, bold=bold, italic=italic, fill=fill)

    # --- rows ------------------------------------------------------------------------------------------

    def row(self, row: Row) -> None:
        """Set a row, with what lies behind it and the line above it."""
        top, mark = self.y, len(self.marks)
        self.y += 3
        sign = ink.WAY if row.taken else ink.INK
        self.marks.append(ink.icon(row.kind.value, PAD - 1, self.y + 0.6, sign))
        self.paragraph(row.title, NAME, bold=True)
        if row.kind in (RowKind.CLOCK, RowKind.DUTY):
            self._timed(row)
        else:
            self._small(row.who, row.basis)
        for note in row.notes:
            self.paragraph(note, SMALL, italic=True, fill=ink.SOFT)
        for notice in row.notices:
            self._notice(notice.text, notice.is_overdue)
        if row.taken:
            self._taken(row.taken)
        for way in row.ways:
            self._way(row, way)
        self.y += 3.5
        self.marks[mark:mark] = _behind(row, top, self.y - top, self.wide)

    def _timed(self, row: Row) -> None:
        self.paragraph(row.says, BODY)
        self._small(row.who, row.basis)

    def _small(self, who: str, basis: str) -> None:
        """Set who may act and the articles; an article is not broken at the end of a line."""
        articles = ", ".join(one.replace(" ", KEPT) for one in basis.split(", "))
        self.paragraph(" · ".join(part for part in (who, articles) if part), SMALL, fill=ink.SOFT)

    def _taken(self, days: Sequence[str]) -> None:
        x = PAD + INDENT
        self.marks.append(ink.icon("check", x, self.y + 0.4, ink.WAY))
        self.paragraph(" · ".join(days), SMALL, x=x + 12, bold=True, fill=ink.WAY)

    def _notice(self, words: str, is_overdue: bool) -> None:
        x = PAD + INDENT
        self.y += 1
        lines = wrap(words, SMALL, self.wide - x - PAD - 16, bold=True)
        height = len(lines) * SMALL * LEADING + 3
        fill, stroke, letters = (ink.INK, None, ink.PAPER) if is_overdue else (ink.PAPER, ink.INK, ink.INK)
        self.marks.append(
            ink.rect(x, self.y, self.wide - x - PAD, height, fill=fill, stroke=stroke, wide=0.8, round_=2)
        )
        sign = "late" if is_overdue else "clock"
        self.marks.append(ink.icon(sign, x + 2.5, self.y + 1.4, letters))
        self.y += 1
        for part in lines:
            self.line(part, SMALL, x=x + 15, bold=True, fill=letters)
        self.y += 3
        self._tail = None

    # --- ways ------------------------------------------------------------------------------------------

    def _way(self, row: Row, way: Way) -> None:
        if way.target is None and not (way.when or way.sets):
            return
        is_taken = bool(way.taken_on)
        fill = ink.WAY if is_taken else ink.INK
        room = self.wide - PAD - INDENT - PAD
        before = " ".join(part for part in (way.when, f"({way.sets})" if way.sets else "") if part)
        left = wrap(before, SMALL, room)
        name = "" if way.target is None else way.name
        chip = "" if way.is_end else way.number
        beside = width(chip, _CHIP, bold=True) + 11 if chip else 0
        right = wrap(name, BODY, room - beside - 8, bold=True) if name else []
        if left and right:
            is_wide = width(left[-1], SMALL) + width(right[0], BODY, bold=True) + beside + 16 > room
            left, right = (left, right) if is_wide else (left[:-1], [f"{left[-1]}\n{right[0]}", *right[1:]])
        for part in left:
            self.line(part, SMALL, x=PAD + INDENT)
        if not left and len(right) == 1 and not right[0].count("\n"):
            self._go_beside(width(right[0], BODY, bold=True) + beside)
        for number, part in enumerate(right, start=1):
            self._target(part, way, chip if number == len(right) else "", beside, fill)
        if right and not way.is_end:
            self.ports.append(Port(y=_grid(self.y - BODY * LEADING / 2 + 0.4), way=way, row=row))

    def _go_beside(self, across: float) -> None:
        """Go back to the last line where there is room for so much to the right of it."""
        if self._tail is not None and self._tail + across + 16 <= self.wide - PAD:
            self.y -= SMALL * LEADING + 1.6

    def _target(self, part: str, way: Way, chip: str, beside: float, fill: str) -> None:
        before, _, name = part.rpartition("\n")
        self.y += 1.4
        top, height = self.y, BODY * LEADING
        base = top + height - BODY * 0.32
        if before:
            self.marks.append(ink.text(PAD + INDENT, base, before, SMALL))
        edge = self.wide - PAD
        if way.is_end:
            across = width(name, BODY, bold=True) + 9
            self.marks.append(
                ink.rect(edge - across, top - 0.3, across, height + 0.8, fill=fill, round_=height / 2)
            )
            self.marks.append(
                ink.text(edge - across / 2, base, name, BODY, bold=True, fill=ink.PAPER, anchor="middle")
            )
        else:
            self.marks.append(
                ink.text(edge - beside - 3, base, name, BODY, bold=True, fill=fill, anchor="end")
            )
            if chip:
                self.marks += number_chip(edge - beside, top, chip, fill)
        self.y = top + height
        self._tail = None


def number_chip(x: float, y: float, number: str, fill: str, letters: str = ink.PAPER) -> list[str]:
    """Return the number of a state in a small box, its upper left corner at a place."""
    across = width(number, _CHIP, bold=True) + 8
    middle = ink.text(
        x + across / 2, y + BODY * LEADING - 2.6, number, _CHIP, bold=True, fill=letters, anchor="middle"
    )
    return [ink.rect(x, y, across, BODY * LEADING, fill=fill, round_=2), middle]


def _behind(row: Row, top: float, height: float, wide: float) -> list[str]:
    """Return what lies behind a row: a hair line, and for what time brings a tint with a bar."""
    marks = []
    if row.kind is RowKind.CLOCK:
        marks.append(ink.rect(0.6, top, wide - 1.2, height, fill=ink.AMBER))
        dash = None if row.is_statutory else "3 2"
        marks.append(ink.line([(1.6, top), (1.6, top + height)], stroke=ink.AMBER_BAR, wide=3, dash=dash))
    elif row.kind is RowKind.DUTY:
        marks.append(ink.rect(0.6, top, wide - 1.2, height, fill=ink.SKY))
        dash = None if row.is_statutory else "3 2"
        marks.append(ink.line([(1.6, top), (1.6, top + height)], stroke=ink.SKY_BAR, wide=3, dash=dash))
    marks.append(ink.line([(0, top), (wide, top)], stroke=ink.HAIR, wide=0.6))
    return marks


# --- cards and heads -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How the title of a state looks, by how deep it lies."""

    fill: str
    letters: str
    soft: str
    size: float
    stroke: str
    wide: float


LOOKS = (
    Look(fill=ink.NAVY, letters=ink.PAPER, soft="#dfe7f2", size=11.5, stroke=ink.NAVY, wide=1.6),
    Look(fill="#c6d3e3", letters=ink.INK, soft=ink.SOFT, size=10, stroke="#46607f", wide=1.1),
    Look(fill=ink.TINT, letters=ink.INK, soft=ink.SOFT, size=TITLE, stroke=ink.LINE, wide=0.9),
)


def look_of(box: Box) -> Look:
    """Return how a state looks."""
    return LOOKS[min(box.path.count("."), len(LOOKS) - 1)]


def title_of(
    box: Box, language: str, *, is_continued: bool = False, wide: float = WIDE
) -> tuple[list[str], float, float]:
    """Set the title of a state, without what is behind it.

    Args:
        box: The state.
        language: ``id`` or ``en``.
        is_continued: Whether the state began in an earlier column.
        wide: How wide it is at least.

    Returns:
        The marks, the height, and how far below its upper edge arrows arrive.
    """
    look = look_of(box)
    setter = Setter(language)
    setter.y = 3
    x = PAD
    if box.is_initial:
        setter.marks.append(ink.icon("open", x - 2, 4.2 + (look.size - 9) / 2, look.letters))
        x += 11
    if box.number:
        fill, letters = (ink.PAPER, ink.NAVY) if look.letters == ink.PAPER else (ink.NAVY, ink.PAPER)
        setter.marks += number_chip(x, 3.4 + (look.size - 9) / 2, box.number, fill, letters)
        x += width(box.number, _CHIP, bold=True) + 13
    title = box.title + (f" {say(language, 'continued')}" if is_continued else "")
    for part in wrap(title, look.size, wide - x - PAD, bold=True):
        setter.line(part, look.size, x=x, bold=True, fill=look.letters)
    anchor = grid_up(look.size * LEADING / 2 + 1.5) + GRID / 2
    small = [] if is_continued else _under(box, language)
    for words in small:
        for part in wrap(words, SMALL, wide - x - PAD):
            setter.line(part, SMALL, x=x, fill=look.soft)
    setter.y += 3.5
    return setter.marks, grid_up(setter.y), anchor


def _under(box: Box, language: str) -> list[str]:
    lines = [box.basis] if box.basis else []
    if box.is_parallel:
        lines.append(say(language, "side-by-side"))
    if box.entered and not box.is_here:
        lines.append(say(language, "entered", days=" · ".join(box.entered)))
    return lines


def card_of(box: Box, language: str) -> Card:
    """Set a state that is drawn without others inside it."""
    look = look_of(box)
    marks, height, anchor = title_of(box, language)
    setter = Setter(language, y=height)
    setter.marks += _title_behind(box, look, height)
    setter.marks += marks
    if box.is_here:
        _here(setter, box)
    for row in box.rows:
        setter.row(row)
    for name in box.folded:
        setter.y += 1
        setter.paragraph(f"– {name}", BODY, x=PAD + 2)
    if box.folded:
        setter.y += 3
    setter.y = grid_up(setter.y)
    marks = [*_frame(box, look, setter.y), *setter.marks]
    return Card(path=box.path, height=setter.y, anchor=anchor, marks=tuple(marks), ports=tuple(setter.ports))


def rows_card(rows: Iterable[Row], language: str) -> Card | None:
    """Set the rows of a state that others are drawn inside of; ``None`` where it has none."""
    setter = Setter(language)
    for row in rows:
        setter.row(row)
    if not setter.marks:
        return None
    setter.y = grid_up(setter.y)
    frame = ink.rect(0, 0, WIDE, setter.y, fill=ink.PAPER, stroke=ink.LINE, wide=0.9, round_=3)
    return Card(path=None, height=setter.y, anchor=0, marks=(frame, *setter.marks), ports=tuple(setter.ports))


def opening_card(row: Row, language: str) -> Card:
    """Set how a case begins."""
    setter = Setter(language)
    setter.row(row)
    setter.y = grid_up(setter.y)
    frame = ink.rect(0, 0, WIDE, setter.y, fill=ink.PAPER, stroke=ink.NAVY, wide=1.6, round_=9)
    kept = [mark for mark in setter.marks if ink.HAIR not in mark]
    return Card(path=None, height=setter.y, anchor=0, marks=(frame, *kept), ports=tuple(setter.ports))


def ends_card(ends: Sequence[Box], language: str) -> Card:
    """Set the ways in which a case can end."""
    setter = Setter(language)
    setter.y = 3
    setter.line(say(language, "ends"), NAME, x=PAD, bold=True)
    setter.y += 2
    for box in ends:
        part = shorten(box.title, BODY, WIDE - 2 * PAD - 90, bold=True)
        across, height = width(part, BODY, bold=True) + 10, BODY * LEADING + 2
        fill = ink.WAY if box.is_here else ink.INK
        setter.marks.append(ink.rect(PAD, setter.y, across, height, fill=fill, round_=height / 2))
        base = setter.y + height - 3.6
        setter.marks.append(
            ink.text(PAD + across / 2, base, part, BODY, bold=True, fill=ink.PAPER, anchor="middle")
        )
        if box.entered:
            days = " · ".join(box.entered)
            setter.marks.append(ink.icon("check", PAD + across + 5, setter.y + 0.8, ink.WAY))
            setter.marks.append(ink.text(PAD + across + 18, base, days, SMALL, bold=True, fill=ink.WAY))
        setter.y += height + 3
    setter.y += 3
    setter.y = grid_up(setter.y)
    frame = ink.rect(0, 0, WIDE, setter.y, fill=ink.PAPER, stroke=ink.NAVY, wide=1.6, round_=9)
    return Card(path=None, height=setter.y, anchor=0, marks=(frame, *setter.marks), ports=())


def _title_behind(box: Box, look: Look, height: float) -> list[str]:
    fill = ink.GREEN if box.entered and look.letters == ink.INK else look.fill
    marks = [ink.rect(0, 0, WIDE, height, fill=fill, round_=3)]
    if box.entered:
        marks.append(ink.rect(0, 0, 3, height, fill=ink.WAY))
    return marks


def _here(setter: Setter, box: Box) -> None:
    """Say that the case stands in this state."""
    since = say(setter.language, "here", day=box.entered[-1] if box.entered else "")
    lines = wrap(since, NAME, WIDE - 2 * PAD - 14, bold=True)
    height = len(lines) * NAME * LEADING + 4
    setter.marks.append(ink.rect(0, setter.y, WIDE, height, fill=ink.INK))
    setter.marks.append(ink.icon("act", PAD, setter.y + 2.2, ink.PAPER))
    setter.y += 1.2
    for part in lines:
        setter.line(part, NAME, x=PAD + 14, bold=True, fill=ink.PAPER)
    setter.y += 2.8


def _frame(box: Box, look: Look, height: float) -> list[str]:
    stroke, wide = (ink.INK, 3.2) if box.is_here else (look.stroke, look.wide)
    return [ink.rect(0, 0, WIDE, height, fill=ink.PAPER, stroke=stroke, wide=wide, round_=3)]
