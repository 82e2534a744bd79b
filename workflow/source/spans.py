"""Where in the source each character of a YAML scalar's value stands.

Owns the way back from a value to the text it was written as: quotes, escapes, folded lines, the
indentation of blocks. Needs no YAML library and refuses nothing: what it is given has been read
already. Called by `text.Scalar.part`, so that a finding inside a guard points at its very characters.
"""

from __future__ import annotations

import re

from workflow.source.characters import BREAK

_BLANKS = re.compile(r"[ \t]*")
_FOLD = re.compile(r"[ \t]*(?:\r\n|\r|\n)[ \t\r\n]*")
_ESCAPE_LENGTHS = {"x": 4, "u": 6, "U": 10}


def offsets(raw: str, style: str, text: str) -> list[tuple[int, int]]:
    """Trace each character of a value to its source.

    Args:
        raw: The scalar as written, quotes and block header included.
        style: ``""`` plain, ``'`` or ``"`` quoted, ``|`` literal, ``>`` folded.
        text: The value, or a beginning of it.

    Returns:
        For each character of ``text`` the offsets in ``raw`` at which it begins and ends. Exact for
        one-line scalars and literal blocks; a folded line break stands for all the blanks folded.
    """
    traced = _in_block(raw, text, style == ">") if style in ("|", ">") else _in_flow(raw, style, text)
    del traced[len(text) :]
    return traced + [(len(raw), len(raw))] * (len(text) - len(traced))


def _in_flow(raw: str, style: str, text: str) -> list[tuple[int, int]]:
    traced: list[tuple[int, int]] = []
    at = 1 if style else 0
    while len(traced) < len(text) and at < len(raw):
        char = raw[at]
        if char in " \t\r\n":
            at = _fold(raw, at, traced)
        elif style == '"' and char == "\\":
            at = _escape(raw, at, traced)
        else:
            end = at + (2 if style == "'" and raw.startswith("''", at) else 1)
            traced.append((at, end))
            at = end
    return traced


def _fold(raw: str, at: int, traced: list[tuple[int, int]]) -> int:
    folded = _FOLD.match(raw, at)
    if folded is None:
        end = _end_of_blanks(raw, at)
        traced.extend((i, i + 1) for i in range(at, end))
        return end
    # One break is a space; of several, the first is dropped and the others stay.
    breaks = len(BREAK.findall(folded.group()))
    traced.extend([folded.span()] * max(1, breaks - 1))
    return folded.end()


def _escape(raw: str, at: int, traced: list[tuple[int, int]]) -> int:
    if broken := BREAK.match(raw, at + 1):
        return _end_of_blanks(raw, broken.end())
    end = at + _ESCAPE_LENGTHS.get(raw[at + 1 : at + 2], 2)
    traced.append((at, end))
    return end


def _in_block(raw: str, text: str, folded: bool) -> list[tuple[int, int]]:
    header = BREAK.search(raw)
    if header is None:
        return []
    indent = _first_indent(raw[header.end() :]) - _first_indent(text)
    traced: list[tuple[int, int]] = []
    at = _skip(raw, header.end(), indent)
    while len(traced) < len(text) and at < len(raw):
        broken = BREAK.match(raw, at)
        if broken is None:
            traced.append((at, at + 1))
            at += 1
            continue
        if not folded:
            traced.append(broken.span())
            at = _skip(raw, broken.end(), indent)
            continue
        begin, breaks = at, 0
        while broken is not None:
            breaks += 1
            at = _skip(raw, broken.end(), indent)
            broken = BREAK.match(raw, at)
        traced.extend([(begin, at)] * _breaks_kept(text, len(traced), breaks))
    return traced


def _breaks_kept(text: str, at: int, most: int) -> int:
    """Count the characters of a folded block's value that a run of line breaks became."""
    kept = 0
    while kept < most and text[at + kept : at + kept + 1] == "\n":
        kept += 1
    return max(1, kept)


def _first_indent(text: str) -> int:
    for line in re.finditer(r"( *)[^ \r\n]", text):
        return len(line.group(1))
    return 0


def _skip(raw: str, at: int, indent: int) -> int:
    end = at
    while end - at < indent and raw[end : end + 1] == " ":
        end += 1
    return end


def _end_of_blanks(raw: str, at: int) -> int:
    blanks = _BLANKS.match(raw, at)
    return blanks.end() if blanks else at


def moved(line: int, column: int, raw: str, offset: int) -> tuple[int, int]:
    """Return the line and column ``offset`` characters into ``raw``, which begins at the given ones."""
    last = None
    for broken in BREAK.finditer(raw, 0, offset):
        line, last = line + 1, broken
    return line, offset - last.end() + 1 if last else column + offset
