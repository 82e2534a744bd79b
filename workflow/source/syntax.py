"""Text that is no YAML: what the parser says of it in sentences for people, and what it lets pass.

Owns the translation of the parser's messages to diagnostics with a place that is within the text, and
the checks that YAML 1.2 asks for and the parser does not make. Is given offsets and strings; does not
know the library. Called by `text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workflow.locale import Message
from workflow.source.characters import BREAK, ODD_SPACES, name_of
from workflow.source.diagnostics import Related, place
from workflow.source.sources import Findings, odd_indents
from workflow.texts.text import SYNTAX, SYNTAX_CONTEXTS

_KEY_WITHOUT_SPACE = re.compile(r" *(?:- +)?([a-z][a-z0-9_]{0,63}:[^\s:/][^\s:]{0,63})[ \t]*(?=[\r\n]|\Z)")
_KEY = re.compile(r" *(?:- +)?[^\s#'\"\[\]{},:]{1,128}:(?=\s|\Z)")
_LONGEST_LINE = 1_000
_LONGEST_TEXT = 200  # lines
ODD_AFTER_SIGN = re.compile(rf"(?:^ *[-?]|:)([{ODD_SPACES}])")
"""A sign of YAML that means nothing because the space after it is none to YAML."""

_CLOSED_LATER = frozenset({"brace", "bracket"})
_SHOWN_AT_START = frozenset({"quote", "anchor", "missing-colon"})
_BEGUN_ELSEWHERE = frozenset({"brace", "bracket", "key", "item"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntaxProblem:
    """An error as the parser gives it: what, at which offset, and what it was reading since where."""

    problem: str
    at: int
    context: str
    since: int | None


def report(error: SyntaxProblem, text: str, findings: Findings, most_levels: int) -> None:
    """Report a syntax error of YAML itself."""
    if "nesting" in error.problem:
        findings.add("too-deep", findings.span(error.at), most=most_levels)
        return
    variant, at = _variant(error, text)
    if blank := _odd_blank(at, text):
        code, start, end = blank
        findings.add(code, findings.span(start, end), char=name_of(text[start]))
        return
    if joined := _joined(error, text):
        span = findings.span(*joined.span(1))
        findings.add("yaml-syntax", span, key="yaml-syntax.missing-space", word=joined.group(1))
        return
    key = f"yaml-syntax.{variant}" if variant else None
    char = text[at : at + 1]
    related = _related(variant, error, text, findings)
    findings.add("yaml-syntax", findings.span(at), key=key, related=related, char=char, problem=error.problem)


def _related(variant: str | None, error: SyntaxProblem, text: str, findings: Findings) -> list[Related]:
    """Return where that began which went wrong: often the place to mend."""
    if variant == "after-end":
        before = _last_content(text, error.at)
        return [] if before is None else [place(Message("place.ended"), findings.file, findings.span(before))]
    if variant == "colon":
        value = _value_before(text, error.at)
        return [] if value is None else [place(Message("place.value"), findings.file, findings.span(value))]
    if variant not in _BEGUN_ELSEWHERE or error.since is None:
        return []
    words, at = "place.opened" if variant in _CLOSED_LATER else "place.begun", error.since
    if variant == "key" and (beside := _beside(text, error.at)) is not None:
        words, at = "place.beside", beside
    return [place(Message(words), findings.file, findings.span(at))]


def _beside(text: str, at: int) -> int | None:
    """Find where that begins which a line seems to stand beside, in another column.

    It is the first line of those further in than the line above them all to which this one belongs; a
    key that was moved or lost stands there, however long what follows it is.
    """
    *above, line = BREAK.split(text[:at])
    if line.strip():
        return None  # not at the beginning of its line: what went wrong stands in it
    column, first = len(line), None
    for above_it, start in _content_upward(text, above, len(above)):
        indent = len(above_it) - len(above_it.lstrip(" "))
        if indent < column:
            break
        first = start + indent if indent != column else None
    return first


def _value_before(text: str, at: int) -> int | None:
    """Find the first of the lines without a key before a place: a text that goes on to it begins there."""
    *above, _ = BREAK.split(text[:at])
    first = None
    for line, start in _content_upward(text, above[-_LONGEST_TEXT:], len(above)):
        if _KEY.match(line):
            break
        first = start + len(line) - len(line.lstrip(" "))
    return first


def _last_content(text: str, at: int) -> int | None:
    """Find the last line before a place that holds something."""
    *above, _ = BREAK.split(text[:at])
    return next((start for _, start in _content_upward(text, above, len(above))), None)


def _content_upward(text: str, lines: list[str], end: int) -> Iterator[tuple[str, int]]:
    """Yield the lines before line ``end`` that hold something, the last first, with their offsets."""
    starts = [0, *(found.end() for found in BREAK.finditer(text))]
    for line, start in zip(reversed(lines), reversed(starts[end - len(lines) : end]), strict=True):
        if line.strip() and not line.lstrip().startswith("#"):
            yield line, start


def _joined(error: SyntaxProblem, text: str) -> re.Match[str] | None:
    """Find a ``key:value`` on the line of the error or before it, which YAML reads as text.

    Lines before it are looked at as long as they hold no key: the text goes on over them.
    """
    if "mapping values" not in error.problem and "expected ':'" not in error.problem:
        return None
    starts = [0, *(found.end() for found in BREAK.finditer(text, 0, error.at))][-_LONGEST_TEXT:]
    for start in reversed(starts):
        if joined := _KEY_WITHOUT_SPACE.match(text, start):
            return joined
        if start != starts[-1] and _KEY.match(text, start):
            return None
    return None


def _odd_blank(at: int, text: str) -> tuple[str, int, int] | None:
    """Find, on the line of the error, what looks like a space that YAML needs and is none."""
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    line = BREAK.split(text[start : start + _LONGEST_LINE])[0]
    for code, begin, end in odd_indents(line):
        return code, start + begin, start + end
    if odd := ODD_AFTER_SIGN.search(line):
        return "odd-space", start + odd.start(1), start + odd.end(1)
    return None


def _variant(error: SyntaxProblem, text: str) -> tuple[str | None, int]:
    """Choose the wording and the place: what was never closed is shown where it was opened."""
    variant = next((name for said, name in SYNTAX.items() if said in error.problem), None)
    if variant is None:
        variant = next((name for said, name in SYNTAX_CONTEXTS.items() if said in error.context), None)
    at_end = not text[error.at :].strip()
    if variant == "start" and text[error.at : error.at + 1] == "\t":
        return "tab", error.at
    if error.since is None:
        return variant, error.at
    if variant in _CLOSED_LATER and at_end:
        return "unclosed", error.since
    return variant, error.since if variant in _SHOWN_AT_START else error.at


_COMMENT_AT_HEADER = re.compile(r"[|>][-+0-9]*#")


def check_scalar(text: str, start: int, end: int, style: str, findings: Findings) -> None:
    """Report what the parser reads as something that nobody wrote: ``?key`` and ``-`` inside brackets."""
    if text[start - 1 : start] == "?":
        _report_start(start - 1, "?", findings)
    elif not style and text[start:end] == "-":
        _report_start(start, "-", findings)
    if style in ("'", '"'):
        check_comment(text, end, findings)
    elif style and (header := _COMMENT_AT_HEADER.match(text, start)):
        check_comment(text, header.end() - 1, findings)


def check_comment(text: str, end: int, findings: Findings) -> None:
    """Report a ``#`` that follows a closed value without a space, which the parser takes as a comment."""
    if text[end : end + 1] == "#":
        findings.add("yaml-syntax", findings.span(end), key="yaml-syntax.comment")


def _report_start(at: int, char: str, findings: Findings) -> None:
    findings.add("yaml-syntax", findings.span(at), key="yaml-syntax.start", char=char)
