"""Findings about a definition: what is wrong, where, and what would help.

Owns `Diagnostic`, the registry of codes and the text and JSON renderers. A diagnostic is data in
both languages; where it is shown is not its business. Texts from a file are made `visible` before
they enter a message, so that no renderer can be forged by what it shows. Reads no file: renderers
are given the sources. Every area of the language registers its codes here and makes its findings
with `finding`; the command line renders them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from pydantic import BaseModel

import workflow.texts.diagnostics  # noqa: F401  (registers the words of the renderers)
from workflow.locale import Message, register
from workflow.source.characters import BREAK, visible, width

REFERENCE = "docs/reference/diagnostics.md"

CODES: dict[str, str] = {}
"""Every code and what it means in one line of English; filled by `codes`."""

_helped: set[str] = set()  # keys of texts that have a help

_SHOWN = 80  # characters of a text from the file that a message quotes


class Span(NamedTuple):
    """A stretch of a file: lines and columns from 1, in characters, the end column exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Severity(StrEnum):
    """How bad a finding is; only an error keeps a definition from being used."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Related(BaseModel, frozen=True, extra="forbid"):
    """Another place that has to do with a finding."""

    message: str
    message_id: str | None = None
    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Diagnostic(BaseModel, frozen=True, extra="forbid"):
    """One finding about a definition."""

    code: str
    severity: Severity
    message: str
    message_id: str
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    help: str | None = None
    help_id: str | None = None
    url: str | None = None
    related: tuple[Related, ...] = ()


def codes(table: Mapping[str, Mapping[str, str]]) -> None:
    """Register diagnostic codes with their texts.

    Args:
        table: Code → ``about`` (one line of English for the reference, without parameters), ``en`` and
            ``id`` (`str.format` templates of the message), and, where something would help, ``help``
            and ``help_id``. ``about`` may be left out where ``en`` has no parameters. A key
            ``<code>.<variant>`` registers another wording of a code that is in the same or an earlier
            table; `finding` is given it as ``key``.

    Raises:
        ValueError: a code is registered twice with other texts, a variant has no code, or a text is
            missing.
    """
    for key, entry in table.items():
        code, _, variant = key.partition(".")
        about = entry.get("about", entry["en"])
        if not variant:
            if "about" not in entry and "{" in about:
                raise ValueError(f"code {code!r} needs a description without parameters ('about')")
            if CODES.setdefault(code, about) != about:
                raise ValueError(f"code {code!r} is registered twice")
        elif code not in CODES or variant == "help":
            raise ValueError(f"{key!r} is no variant of a registered code")
        register({f"diagnostic.{key}": {"en": entry["en"], "id": entry["id"]}})
        if "help" in entry or "help_id" in entry:
            register({f"diagnostic.{key}.help": {"en": entry["help"], "id": entry["help_id"]}})
            _helped.add(key)


def finding(
    code: str,
    file: str,
    span: Span,
    *,
    key: str | None = None,
    severity: Severity = Severity.ERROR,
    help: Message | None = None,
    related: Iterable[Related] = (),
    **params: Any,
) -> Diagnostic:
    """Make a diagnostic.

    Args:
        code: A registered code.
        file: Name of the file as people know it.
        span: Where; lines and columns from 1.
        key: Variant of the code's texts, ``<code>.<variant>``; ``None`` for the code's own.
        severity: An error unless said otherwise.
        help: What would help; ``None`` takes the help registered with the text, if any.
        related: Other places, in the order in which to show them.
        **params: Fill message and help. Text is made visible and cut to a readable length; messages
            and labels are rendered in the language of the message.

    Raises:
        KeyError: ``code`` or ``key`` is not registered, or a parameter is missing.
    """
    if code not in CODES:
        raise KeyError(code)
    text = key or code
    shown = {name: _quotable(value) for name, value in params.items()}
    message = Message(f"diagnostic.{text}", shown)
    if help is None and text in _helped:
        help = Message(f"diagnostic.{text}.help", shown)
    return Diagnostic(
        code=code,
        severity=severity,
        message=message.text("en"),
        message_id=message.text("id"),
        file=file,
        line=span.line,
        column=span.column,
        end_line=span.end_line,
        end_column=span.end_column,
        help=help.text("en") if help else None,
        help_id=help.text("id") if help else None,
        url=f"{REFERENCE}#{code}",
        related=tuple(related),
    )


def place(message: Message, file: str, span: Span) -> Related:
    """Make a related place."""
    return Related(message=message.text("en"), message_id=message.text("id"), file=file, **span._asdict())


def _quotable(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return visible(value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…")


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Tell whether one of the findings is an error."""
    return any(found.severity is Severity.ERROR for found in diagnostics)


# Suggestions ---------------------------------------------------------------------------------------

_LONGEST_WORD = 64
_MOST_CANDIDATES = 2_000
_MOST_EDITS = 5


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that ``word`` was most likely meant to be, or ``None``.

    The nearest by insertions, deletions, replacements and exchanges of neighbours, the first of
    equals; one in three characters may be wrong, but no more than five. Case, ``-`` for ``_`` and
    spaces are forgiven. Words of more than 64 characters and candidates after the 2,000th are not
    looked at.

    Example:
        >>> did_you_mean("transitons", ["states", "transitions"])
        'transitions'
    """
    if not word or len(word) > _LONGEST_WORD:
        return None
    wanted = _folded(word)
    best: str | None = None
    limit = min(max(1, len(wanted) // 3), _MOST_EDITS) if len(wanted) > 1 else 0
    letters = set(wanted)
    for candidate in islice(candidates, _MOST_CANDIDATES):
        if abs(len(candidate) - len(wanted)) > limit or candidate == word:
            continue
        other = _folded(candidate)
        # Each edit changes at most two letters of the set: a cheap test before the dear one.
        if len(letters.symmetric_difference(other)) > 2 * limit:
            continue
        found = _distance(wanted, other, limit)
        if found is not None:
            best, limit = candidate, found - 1
            if limit < 0:
                break
    return best


def _folded(word: str) -> str:
    return word.lower().replace("-", "_").replace(" ", "_")


def _distance(one: str, other: str, limit: int) -> int | None:
    """Count the edits from ``one`` to ``other`` (optimal string alignment), if at most ``limit``."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    far = limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        earlier, before, row = before, row, [far] * (len(other) + 1)
        row[0] = i
        # Off this band more letters are dropped or added than may be.
        for j in range(max(1, i - limit), min(len(other), i + limit) + 1):
            against = other[j - 1]
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != against))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == against:
                cost = min(cost, earlier[j - 2] + 1)
            row[j] = cost
        if min(row) > limit:
            return None
    return row[-1] if row[-1] <= limit else None


# Renderers -----------------------------------------------------------------------------------------

_JSON_KEYS = {
    *("code", "severity", "message", "file", "line", "column", "end_line", "end_column", "help", "url")
}


def render_json(diagnostics: Iterable[Diagnostic], *, language: str = "en") -> str:
    """Render as a JSON list, one object a finding, lines and columns from 1; ASCII only."""
    return json.dumps(
        [
            found.model_dump(mode="json", include=_JSON_KEYS)
            | {"message": _message(found, language), "help": _help(found, language)}
            for found in diagnostics
        ],
        indent=2,
    )


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


def _message(found: Diagnostic | Related, language: str) -> str:
    return (found.message_id if language == "id" else None) or found.message


def _help(found: Diagnostic, language: str) -> str | None:
    return (found.help_id if language == "id" else None) or found.help


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
        yield f"{title}{self._paint(_BOLD, ': ' + visible(_message(found, self._language)))}"
        places: list[Diagnostic | Related] = [found, *found.related]
        gutter = max(len(str(one.line)) for one in places)
        yield from self._place(found, gutter, color)
        if text := _help(found, self._language):
            yield f"{' ' * gutter} {self._paint(_BLUE, '|')}"
            yield f"{' ' * gutter} {self._paint(_BLUE, '=')} {self._word('help')}: {visible(text)}"
        for other in found.related:
            note = self._paint(_BLUE, self._word(Severity.NOTE))
            yield f"{note}: {visible(_message(other, self._language))}"
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
