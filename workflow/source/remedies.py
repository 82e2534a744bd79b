"""What a value that does not fit was probably meant to be.

Owns the slips that people make in values: capitals and blanks in names, Indonesian words for spans of
time and for yes and no, dates that begin with the day, a number without its unit. It knows the form of a
value and nothing of what it is for; nearest names are looked for elsewhere. Called by ``reading``.
"""

from __future__ import annotations

import re

from workflow.locale import Message
from workflow.source.shapes import Form, Leaf

_UNITS = {
    **dict.fromkeys(("hari", "harikalender", "calendardays", "calendarday", "d"), "days"),
    **dict.fromkeys(("harikerja", "workdays", "workday", "workingday", "businessdays"), "working days"),
    **dict.fromkeys(("bulan", "bln", "mo"), "months"),
    **dict.fromkeys(("tahun", "thn", "th", "y"), "years"),
}
_TRUTHS = {
    **dict.fromkeys(("yes", "ya", "y", "on", "benar", "1"), "true"),
    **dict.fromkeys(("no", "tidak", "n", "off", "salah", "0"), "false"),
}
_SPAN = re.compile(r"(\d+)\s*(.+)")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


def remedy(leaf: Leaf, text: str) -> Message | None:
    """Say what a value was probably meant to be, or ``None`` where that is anyone's guess.

    Example:
        >>> from workflow.source.shapes import DURATION, NAME
        >>> remedy(DURATION, "10 hari kerja").params["word"]
        '10 working days'
        >>> remedy(NAME, "Berita-Acara").params["word"]
        'berita_acara'
    """
    text = text.strip()
    if leaf.form is Form.DURATION:
        return _unit_missing(leaf, text) if text.isdecimal() else _meant(leaf, _span(text))
    if leaf.form is Form.BOOLEAN:
        truth = _TRUTHS.get(text.lower(), text.lower())
        return _did_you_mean(truth) if truth in leaf.words else None
    if leaf.form is not Form.WORD or leaf.pattern is None:
        return None
    if day := _DAY_FIRST.fullmatch(text):
        return _meant(leaf, f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}")
    if len(text.split()) > 1:
        return _blanks(leaf, text)
    return _meant(leaf, _as_name(text)) or _meant(leaf, text.upper())


def _span(text: str) -> str:
    found = _SPAN.fullmatch(text.lower())
    if found is None:
        return text
    unit = "".join(found[2].split())
    return f"{found[1]} {_UNITS.get(unit, unit)}"


def _unit_missing(leaf: Leaf, number: str) -> Message | None:
    days = f"{number} days"
    if not _fits(leaf, days):
        return None
    working = f"{number} working days"
    if not _fits(leaf, working):
        return _did_you_mean(days)
    return Message("reading.unit-missing", {"days": days, "working": working})


def _blanks(leaf: Leaf, text: str) -> Message | None:
    parts = [_as_name(part.strip(",")) for part in text.split()]
    one = "_".join(parts)
    if not all(_fits(leaf, part) for part in (one, *parts)):
        return None
    return Message("reading.blanks", {"one": one, "several": ", ".join(parts)})


def _as_name(text: str) -> str:
    return text.lower().replace("-", "_")


def _meant(leaf: Leaf, text: str) -> Message | None:
    return _did_you_mean(text) if _fits(leaf, text) else None


def _did_you_mean(word: str) -> Message:
    return Message("loading.did-you-mean", {"word": word})


def _fits(leaf: Leaf, text: str) -> bool:
    return re.fullmatch(leaf.pattern or "", text) is not None
