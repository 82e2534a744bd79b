"""Findings shown to people on a terminal.

Owns the text renderer, rustc-like, and `snippet`, the part of a line that a finding points at. Reads no
file: it is given the sources. What programs read is written by ``formats``. Called by the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import workflow.texts.diagnostics  # noqa: F401  (registers the words of the renderers)
from workflow.locale import Message
from workflow.source.characters import BREAK, visible, width
from workflow.source.diagnostics import Diagnostic, Related, Severity, Span, said_in


def render_text(
    diagnostics: Iterable[Diagnostic],
    sources: Mapping[str, str],
    *,
    language: str = "en",
    color: bool = False,
) -> str:
    r"""Render for a terminal: message, place, the line with carets, help, and a last line with the sum.

    Args:
        diagnostics: In the order in which to show them.
        sources: File name → its text; a finding in a file that is not there has no snippet.
        language: ``en`` or ``id``.
        color: Whether to use ANSI colours.

    Returns:
        Lines joined by ``\n``, with one at the end.
    """
    found = list(diagnostics)
    renderer = _Renderer(sources, language, color)
    blocks = ["\n".join(renderer.block(one)) for one in found]
    return "\n\n".join([*blocks, renderer.summary(found)]) + "\n"


_COLORS = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.NOTE: "\x1b[1;36m",
}
_BOLD, _BLUE, _RESET = "\x1b[1m", "\x1b[1;34m", "\x1b[0m"
_WINDOW = 100  # columns of a line that a snippet shows
_MARGIN = 24  # of these, how many stand before the span when the line is cut on the left


@dataclass(frozen=True, slots=True)
class Snippet:
    """What is shown of a line."""

    text: str  # the visible line or a window of it
    indent: int  # columns before the carets
    carets: int


class _Renderer:
    """Draws findings; holds the sources split into lines, each once."""

    def __init__(self, sources: Mapping[str, str], language: str, color: bool) -> None:
        self._sources = sources
        self._language = language
        self._color = color
        self._lines: dict[str, list[str]] = {}

    def block(self, found: Diagnostic) -> Iterator[str]:
        color = _COLORS[found.severity]
        title = self._paint(color, f"{self._word(found.severity)}[{found.code}]")
        yield f"{title}{self._paint(_BOLD, ': ' + visible(said_in(found, self._language)))}"
        places: list[Diagnostic | Related] = [found, *found.related]
        gutter = max(len(str(one.line)) for one in places)
        yield from self._place(found, gutter, color)
        if text := found.help_in(self._language):
            yield f"{' ' * gutter} {self._paint(_BLUE, '|')}"
            yield f"{' ' * gutter} {self._paint(_BLUE, '=')} {self._word('help')}: {visible(text)}"
        for other in found.related:
            note = self._paint(_BLUE, self._word(Severity.NOTE))
            yield f"{note}: {visible(said_in(other, self._language))}"
            yield from self._place(other, gutter, _BLUE)

    def summary(self, found: Sequence[Diagnostic]) -> str:
        counts = [(severity, sum(one.severity is severity for one in found)) for severity in Severity]
        parts = [self._counted(severity, n) for severity, n in counts if n]
        if not parts:
            return self._word("none")
        files = len({one.file for one in found})
        return f"{', '.join(parts)} {self._word('in')} {self._counted('file', files)}"

    def _place(self, where: Diagnostic | Related, gutter: int, color: str) -> Iterator[str]:
        pad = " " * gutter
        yield f"{pad}{self._paint(_BLUE, '-->')} {visible(where.file)}:{where.line}:{where.column}"
        snippet = self._snippet(where)
        if snippet is None:
            return
        bar = self._paint(_BLUE, "|")
        yield f"{pad} {bar}"
        yield f"{self._paint(_BLUE, str(where.line).rjust(gutter))} {bar} {snippet.text}".rstrip()
        yield f"{pad} {bar} {' ' * snippet.indent}{self._paint(color, '^' * snippet.carets)}"

    def _snippet(self, where: Diagnostic | Related) -> Snippet | None:
        if where.file not in self._sources:
            return None
        if where.file not in self._lines:
            self._lines[where.file] = BREAK.split(self._sources[where.file])
        span = Span(where.line, where.column, where.end_line, where.end_column)
        return snippet(self._lines[where.file], span)

    def _counted(self, what: str, n: int) -> str:
        return f"{n} {self._word(what if n == 1 else what + '.many')}"

    def _word(self, name: str) -> str:
        return Message(f"renderer.{name}").text(self._language)

    def _paint(self, color: str, text: str) -> str:
        return f"{color}{text}{_RESET}" if self._color else text


def snippet(lines: Sequence[str], span: Span) -> Snippet | None:
    """Return the first line of a span with where to mark it; ``None`` where there is no such line."""
    if not 0 < span.line <= len(lines):
        return None
    line = lines[span.line - 1]
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    return _window(line, start, max(start, min(end, len(line))))


def _window(line: str, start: int, end: int) -> Snippet:
    """Cut a line to what is around the span; a line of a megabyte costs no more than a short one."""
    left = 0
    if start > _WINDOW or width(_spaced(line[: min(end, start + _MARGIN)])) > _WINDOW:
        left = start - len(_fitting(line[max(0, start - _MARGIN) : start][::-1], _MARGIN))
    before = ("…" if left else "") + _spaced(line[left:start])
    right = start + len(_fitting(line[start : start + _WINDOW], _WINDOW - width(before)))
    marked = _spaced(line[start : min(end, right)])
    after = _spaced(line[min(end, right) : right]) + ("…" if right < len(line) else "")
    return Snippet(before + marked + after, width(before), max(1, width(marked)))


def _fitting(text: str, columns: int) -> str:
    """Return the beginning of ``text`` that takes at most so many columns when shown."""
    for i, char in enumerate(text):
        columns -= width(_spaced(char))
        if columns < 0:
            return text[:i]
    return text


def _spaced(text: str) -> str:
    return visible(text.replace("\t", "    "))
