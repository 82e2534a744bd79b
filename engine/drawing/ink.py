"""Pieces of SVG as text: the only place where markup is written.

Owns escaping: whatever comes from a definition passes through `escaped` and stays text. Colours are
dark on light, told apart by lightness and by shape as well, so that they survive a black-and-white
print and every kind of colour vision.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from workflow.source.characters import visible

FONT = "Helvetica, Arial, 'Liberation Sans', 'Nimbus Sans', 'DejaVu Sans', sans-serif"

INK = "#111111"
SOFT = "#454b54"
NAVY = "#1d3557"
LINE = "#5a6b80"
HAIR = "#c3ccd8"
PAPER = "#ffffff"
WASH = "#f3f6fa"
TINT = "#dde6f0"
AMBER = "#fff1cc"
AMBER_BAR = "#a35c00"
SKY = "#e3f1fb"
SKY_BAR = "#0b69a3"
WAY = "#0b4f9e"
GREEN = "#dcefe0"

CORNER = 4.0
"""Radius by which a line turns."""


def escaped(text: str) -> str:
    """Return text that cannot be markup, with what a reader cannot see made visible."""
    return escape(visible(text), quote=True)


def num(value: float) -> str:
    """Return a number as short as it can be, to a hundredth."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown in ("-0", "") else shown


def attributes(**named: str | float | None) -> str:
    """Return attributes; an underscore in a name is a hyphen, ``None`` leaves one out."""
    parts = []
    for name, value in named.items():
        if value is not None:
            shown = escaped(value) if isinstance(value, str) else num(value)
            parts.append(f' {name.rstrip("_").replace("_", "-")}="{shown}"')
    return "".join(parts)


def text(
    x: float,
    y: float,
    words: str,
    size: float,
    *,
    bold: bool = False,
    italic: bool = False,
    fill: str = INK,
    anchor: str | None = None,
) -> str:
    """Return a line of text; ``y`` is its base line."""
    style = attributes(
        x=x,
        y=y,
        font_size=size,
        font_weight="bold" if bold else None,
        font_style="italic" if italic else None,
        fill=None if fill == INK else fill,
        text_anchor=anchor,
    )
    return f"<text{style}>{escaped(words)}</text>"


def rect(
    x: float,
    y: float,
    w: float,
    h: float,
    *,
    fill: str = "none",
    stroke: str | None = None,
    wide: float | None = None,
    round_: float | None = None,
    dash: str | None = None,
) -> str:
    """Return a rectangle."""
    style = attributes(
        x=x,
        y=y,
        width=w,
        height=h,
        rx=round_,
        fill=fill,
        stroke=stroke,
        stroke_width=wide,
        stroke_dasharray=dash,
    )
    return f"<rect{style}/>"


def line(
    points: Sequence[tuple[float, float]],
    *,
    stroke: str,
    wide: float,
    dash: str | None = None,
    name: str | None = None,
) -> str:
    """Return a line that turns at right angles, its corners rounded; ``name``: its class."""
    course = attributes(class_=name, d=_course(points), fill="none")
    style = course + attributes(stroke=stroke, stroke_width=wide, stroke_dasharray=dash)
    return f"<path{style}/>"


def _course(points: Sequence[tuple[float, float]]) -> str:
    kept = [one for n, one in enumerate(points) if n == 0 or one != points[n - 1]]
    x, y = kept[0]
    steps = [f"M{num(x)} {num(y)}"]
    for before, here, after in zip(kept, kept[1:], kept[2:], strict=False):
        near, far = _toward(here, before), _toward(here, after)
        steps.append(
            f"L{num(near[0])} {num(near[1])}Q{num(here[0])} {num(here[1])} {num(far[0])} {num(far[1])}"
        )
    x, y = kept[-1]
    return "".join([*steps, f"L{num(x)} {num(y)}"])


def _toward(here: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    dx, dy = other[0] - here[0], other[1] - here[1]
    length = abs(dx) + abs(dy)
    share = min(CORNER, length / 2) / length if length else 0
    return here[0] + dx * share, here[1] + dy * share


def head(x: float, y: float, *, is_right: bool, fill: str, size: float = 6) -> str:
    """Return the head of an arrow whose point is at a place."""
    back = -size if is_right else size
    corners = ((x, y), (x + back, y - size * 0.42), (x + back, y + size * 0.42))
    points = " ".join(f"{num(px)},{num(py)}" for px, py in corners)
    return f'<polygon points="{points}" fill="{fill}"/>'


def icon(name: str, x: float, y: float, fill: str = INK) -> str:
    """Return a sign of ten points square whose upper left corner is at a place."""
    place = attributes(transform=f"translate({num(x)} {num(y)})", stroke=fill, fill="none", stroke_width=1.1)
    return f"<g{place}>{ICONS[name].replace('FILL', fill)}</g>"


ICONS = {
    "open": '<circle cx="5" cy="5" r="3.6" fill="FILL"/>',
    "act": '<path d="M2 1.5L8.5 5L2 8.5Z" fill="FILL"/>',
    "consent": '<circle cx="3.6" cy="5" r="2.9"/><circle cx="6.6" cy="5" r="2.9"/>',
    "clock": '<circle cx="5" cy="5" r="4.2"/><path d="M5 2.3V5.2L7 6.6"/>',
    "duty": '<rect x="1" y="2" width="8" height="7"/><path d="M1 4.4H9M3.2 .6V2.6M6.8 .6V2.6"/>',
    "automatic": '<path d="M5 .8L9.2 5L5 9.2L.8 5Z"/>',
    "check": '<path d="M1.2 5.4L4 8.2L9 2" stroke-width="1.8"/>',
    "late": '<path d="M5 .8L9.5 9H.5Z" fill="FILL"/><path d="M5 3.6V6M5 7V8.1" stroke="#ffffff"/>',
    "parallel": '<path d="M3.4 1V9M6.6 1V9" stroke-width="1.6"/>',
}
"""Sign → its strokes. Shapes and no letters of a font: they look the same everywhere."""
