"""Findings about a definition: what is wrong, where, and what would help.

Owns `Diagnostic` and the registry of codes. A diagnostic is data in both languages; where it is shown
is not its business but that of ``renderers``. Texts from a file are made `visible` before they enter a
message, so that no renderer can be forged by what it shows. Every area of the language registers its
codes here and makes its findings with `finding`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from pydantic import BaseModel

from workflow.locale import Message, register
from workflow.source.characters import visible

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

    def help_in(self, language: str) -> str | None:
        """Return what would help in a language, if anything."""
        return (self.help_id if language == "id" else None) or self.help


def said_in(said: Diagnostic | Related, language: str) -> str:
    """Return what a finding or another place says in a language."""
    return (said.message_id if language == "id" else None) or said.message


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
