"""What stands above and below the drawing: what it shows, and how to read it.

Owns the heading (title, version, digest, articles, and the case whose way is shown) and the legend.
Called by ``engine.drawing.page``.
"""

from __future__ import annotations

from collections.abc import Iterator

import engine.texts.diagram  # noqa: F401  (registers the texts)
from engine.drawing import ink
from engine.drawing.cards import LEADING, number_chip, say
from engine.drawing.letters import width, wrap
from workflow.diagram.model import Drawing

_TITLE, _TEXT, _SMALL = 21.0, 9.6, 8.6
_DIGEST = 12
"""How much of a digest is shown, as elsewhere."""


def heading(drawing: Drawing, wide: float) -> tuple[list[str], float]:
    """Return the heading and its height."""
    marks: list[str] = []
    beside = min(wide * 0.42, 420.0) if drawing.case is not None else 0.0
    y = 0.0
    for part in wrap(drawing.title, _TITLE, wide - beside - 20, bold=True):
        y += _TITLE * 1.15
        marks.append(ink.text(0, y - _TITLE * 0.2, part, _TITLE, bold=True, fill=ink.NAVY))
    for words in _under(drawing):
        for part in wrap(words, _TEXT, wide - beside - 20):
            y += _TEXT * LEADING
            marks.append(ink.text(0, y - _TEXT * 0.25, part, _TEXT, fill=ink.SOFT))
    if drawing.case is not None:
        case, height = _case(drawing, wide - beside, beside)
        marks += case
        y = max(y, height)
    y += 5
    marks.append(ink.line([(0, y), (wide, y)], stroke=ink.NAVY, wide=1.6))
    return marks, y


def _under(drawing: Drawing) -> Iterator[str]:
    language = drawing.language
    if drawing.description:
        yield drawing.description
    facts = [say(language, "version", workflow=drawing.workflow, version=drawing.version)]
    if drawing.basis:
        facts.append(say(language, "basis", basis=drawing.basis))
    if drawing.in_force_from:
        facts.append(say(language, "in-force", day=drawing.in_force_from))
    facts.append(say(language, "digest", digest=drawing.digest[:_DIGEST]))
    yield " · ".join(facts)


def _case(drawing: Drawing, x: float, wide: float) -> tuple[list[str], float]:
    case = drawing.case
    if case is None:
        return [], 0.0
    language = drawing.language
    lines = [(say(language, "case", number=case.number), 11.0, True)]
    lines.append((", ".join(case.parties), _SMALL, False))
    stands = [f"{box.number} {box.title}".strip() for box in drawing.boxes() if box.is_here]
    if case.closed:
        lines.append((say(language, "closed", day=case.closed, outcome=case.outcome), _SMALL, True))
    elif stands:
        lines.append((say(language, "stands", where="; ".join(stands)), _SMALL, True))
    lines.append((say(language, "opened", day=case.opened), _SMALL, False))
    if case.overdue:
        lines.append((say(language, "late", what="; ".join(case.overdue)), _SMALL, True))
    marks, y = [], 5.0
    for words, size, bold in lines:
        for part in wrap(words, size, wide - 20, bold=bold):
            y += size * LEADING
            marks.append(ink.text(x + 10, y - size * 0.3, part, size, bold=bold))
    y += 5
    return [ink.rect(x, 0, wide, y, fill=ink.WASH, stroke=ink.INK, wide=1.4, round_=4), *marks], y


# --- legend ----------------------------------------------------------------------------------------


def legend(drawing: Drawing, wide: float) -> tuple[list[str], float]:
    """Return the legend and its height."""
    marks = [ink.line([(0, 0), (wide, 0)], stroke=ink.HAIR, wide=1)]
    x, y = 0.0, 8.0
    for sign, words in _signs(drawing):
        across = _sign_width(sign) + 5 + width(words, _SMALL) + 18
        if x and x + across - 18 > wide:
            x, y = 0.0, y + 16
        marks += _sign(sign, x, y)
        marks.append(ink.text(x + _sign_width(sign) + 5, y + 8.4, words, _SMALL))
        x += across
    return marks, y + 14


def _signs(drawing: Drawing) -> Iterator[tuple[str, str]]:
    language = drawing.language
    names = ["number", "open", "act", "consent", "clock", "duty", "automatic", "line", "dashed", "end"]
    if drawing.case is not None:
        names += ["here", "check", "taken", "late"]
    for name in names:
        yield name, say(language, f"sign-{name}")


def _sign_width(sign: str) -> float:
    return {"number": 20.0, "line": 26.0, "dashed": 26.0, "taken": 26.0, "end": 22.0, "here": 22.0}.get(
        sign, 14.0
    )


def _sign(sign: str, x: float, y: float) -> list[str]:
    if sign == "number":
        return number_chip(x, y + 0.4, "1.2", ink.NAVY)
    if sign in ("line", "dashed", "taken"):
        stroke, wide = (ink.WAY, 2.4) if sign == "taken" else (ink.LINE, 1.1)
        dash = "4 2.4" if sign == "dashed" else None
        drawn = ink.line([(x, y + 5.4), (x + 20, y + 5.4)], stroke=stroke, wide=wide, dash=dash)
        return [drawn, ink.head(x + 26, y + 5.4, is_right=True, fill=stroke)]
    if sign == "end":
        return [ink.rect(x, y + 0.6, 22, 10, fill=ink.INK, round_=5)]
    if sign == "here":
        head = ink.rect(x + 1.6, y + 1.4, 18.8, 8, fill=ink.PAPER, stroke=ink.INK, wide=3)
        return [head]
    behind = {"clock": ink.AMBER, "duty": ink.SKY}.get(sign)
    marks = [ink.rect(x, y - 0.6, 14, 12, fill=behind)] if behind else []
    if behind:
        bar = ink.AMBER_BAR if sign == "clock" else ink.SKY_BAR
        marks.append(ink.rect(x, y - 0.6, 2, 12, fill=bar))
        return [*marks, ink.icon(sign, x + 3, y + 0.4)]
    return [*marks, ink.icon(sign, x + 1, y + 0.4, ink.WAY if sign == "check" else ink.INK)]
