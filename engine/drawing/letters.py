"""How wide text is, without asking any font.

Owns the widths that lines are broken by. They are those of DejaVu Sans, the widest of the sans-serif
fonts that are common anywhere, so that text broken here fits in whatever font a reader has, and a
drawing is the same on every machine.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from workflow.source.characters import width as columns

# From space to tilde, in thousandths of the size of the font.
_PLAIN = (
    *(318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636),
    *(636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775),
    *(752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390),
    *(337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612),
    *(635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838),
)
_BOLD = (
    *(348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696),
    *(696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821),
    *(837, 372, 372, 775, 637, 995, 837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457),
    *(365, 457, 838, 500, 500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687),
    *(716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838),
)
_OTHER = {"·": 380, "“": 657, "”": 657, "’": 380, "–": 500}
_ELLIPSIS = "…"
KEPT = "\u00a0"
"""A space at which no line is broken."""


@cache
def _letter(sign: str, bold: bool) -> int:
    code = ord(sign) - 32
    widths = _BOLD if bold else _PLAIN
    if 0 <= code < len(widths):
        return widths[code]
    if sign in _OTHER:
        return _OTHER[sign]
    base = unicodedata.normalize("NFD", sign)[0]
    if base != sign and 0 <= ord(base) - 32 < len(widths):
        return widths[ord(base) - 32]
    return (0, 1050, 1400)[min(columns(sign), 2)]


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is at most, in points."""
    return sum(_letter(sign, bold) for sign in text) * size / 1000


def wrap(text: str, size: float, wide: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines that are no wider than ``wide``; a longer word is broken inside.

    Example:
        >>> wrap("Menuju Kesepakatan Bersama", 8, 90)
        ['Menuju Kesepakatan', 'Bersama']
    """
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold=bold) <= wide:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, size, wide, bold)
        lines += full
    return [*lines, line] if line else lines


def _pieces(word: str, size: float, wide: float, bold: bool) -> list[str]:
    pieces = [""]
    for sign in word:
        if pieces[-1] and width(pieces[-1] + sign, size, bold=bold) > wide:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def shorten(text: str, size: float, wide: float, *, bold: bool = False) -> str:
    """Return a text on one line no wider than ``wide``, its end left out where it must be."""
    shown = " ".join(text.split())
    if width(shown, size, bold=bold) <= wide:
        return shown
    while shown and width(shown + _ELLIPSIS, size, bold=bold) > wide:
        shown = shown[:-1]
    return shown.rstrip() + _ELLIPSIS
