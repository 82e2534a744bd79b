"""From bytes to text that a parser may be given.

Owns the encoding of definition files, their greatest size, the characters that may stand nowhere in
them, and `Findings`, which turns offsets into positions and bounds how many problems one file can
report. Knows nothing of YAML but that ``%`` begins a directive. Called by `text` alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workflow.source.characters import BREAK, FORBIDDEN, ODD_SPACES, name_of
from workflow.source.diagnostics import Diagnostic, Span, finding

REPLACED = "\ufffd"
"""What stands for a refused character afterwards, so that offsets stay and the rest can be read."""

_START = Span(1, 1, 1, 1)
_LINE_START = r"(?:\A|(?<=[\r\n]))"
_TAB_INDENT = re.compile(_LINE_START + r" *(\t)[ \t]*(?=[^\s#])")
_ODD_INDENT = re.compile(_LINE_START + rf" *([{ODD_SPACES}]+)(?=\S)")
_DIRECTIVE = re.compile(_LINE_START + r"%[^\r\n]*")
_BEFORE_CONTENT = re.compile(r"[ \t]*(?:#.*)?\Z|%")
_SIGNATURES = (
    (b"\xff\xfe\x00\x00", "UTF-32", "utf-32"),
    (b"\x00\x00\xfe\xff", "UTF-32", "utf-32"),
    (b"\xff\xfe", "UTF-16", "utf-16"),
    (b"\xfe\xff", "UTF-16", "utf-16"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a file may be in each respect; none of them is met by what people write."""

    max_bytes: int = 1 << 19
    max_depth: int = 64
    max_nodes: int = 50_000  # keys, values, lists and mappings together
    max_text: int = 1 << 16  # characters of one value
    max_key: int = 256
    max_findings: int = 100


LIMITS = Limits()


class Stop(Exception):
    """The rest of the file is not to be looked at; what was found says why."""


class Findings:
    """Collects the findings about one text and knows its lines."""

    def __init__(self, text: str, file: str, limits: Limits) -> None:
        self.file = file
        self.found: list[Diagnostic] = []
        self.size = len(text)
        self._text = text
        self._most = limits.max_findings
        self._starts: list[int] | None = None

    def add(self, code: str, span: Span, **params: Any) -> None:
        """Report; raise `Stop` where the file has as many problems as are shown of one file."""
        self.found.append(finding(code, self.file, span, **params))
        if len(self.found) >= self._most:
            self.found.append(finding("too-many-problems", self.file, span, most=self._most))
            raise Stop

    def span(self, start: int, end: int | None = None) -> Span:
        """Return the span from one offset of the text to another, by default of one character.

        At the end of a line that is none.
        """
        start = min(start, self.size)
        line, column = self._position(start)
        if end is None:
            end = start if self._text[start : start + 1] in ("\r", "\n") else start + 1
        end_line, end_column = self._position(min(end, self.size))
        return Span(line, column, end_line, end_column)

    def _position(self, offset: int) -> tuple[int, int]:
        if self._starts is None:
            self._starts = [0, *(found.end() for found in BREAK.finditer(self._text))]
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def decode(source: str | bytes, file: str, limits: Limits) -> tuple[str, Diagnostic | None]:
    """Return the text of a file and what keeps it from being read, if anything.

    A byte order mark of UTF-8 is tolerated and dropped. What cannot be decoded is returned with
    replacement characters, so that the place can be shown.
    """
    size = len(source)
    if isinstance(source, str):
        if size <= limits.max_bytes and not source.isascii():
            size = len(source.encode("utf-8", "surrogatepass"))
        text, problem = source.removeprefix("\ufeff"), None
    elif size <= limits.max_bytes:
        text, problem = _decode(source.removeprefix(b"\xef\xbb\xbf"), file)
    if size > limits.max_bytes:
        return "", finding("file-too-large", file, _START, size=size, most=limits.max_bytes)
    return text, problem


def _decode(source: bytes, file: str) -> tuple[str, Diagnostic | None]:
    if encoding := _wide_encoding(source):
        name, codec = encoding
        problem = finding("not-utf8", file, _START, key="not-utf8.encoding", encoding=name)
        return source.decode(codec, "replace"), problem
    try:
        return source.decode(), None
    except UnicodeDecodeError as error:
        text = source.decode(errors="replace")
        here = Findings(text, file, LIMITS).span(len(source[: error.start].decode()))
        return text, finding("not-utf8", file, here, byte=f"{source[error.start]:02X}")


def _wide_encoding(source: bytes) -> tuple[str, str] | None:
    for signature, name, codec in _SIGNATURES:
        if source.startswith(signature):
            return name, codec
    # Without a mark: ASCII in two or four bytes begins with NULs on one side.
    match [byte == 0 for byte in source[:4]]:
        case [True, True, True, False]:
            return "UTF-32", "utf-32-be"
        case [False, True, True, True]:
            return "UTF-32", "utf-32-le"
        case [True, False, True, False] | [True, False]:
            return "UTF-16", "utf-16-be"
        case [False, True, False, True] | [False, True]:
            return "UTF-16", "utf-16-le"
    return None


def clean(text: str, findings: Findings) -> str:
    """Report forbidden characters and directives and return the text without them, offsets kept.

    A last line of blanks is given its line break: the parser drops it from a block text otherwise.
    """
    after = -1
    for found in FORBIDDEN.finditer(text):
        if found.start() != after:  # of several in a row the first is enough
            report_forbidden(found, findings.span(found.start()), findings)
        after = found.end()
    if after >= 0:
        text = FORBIDDEN.sub(REPLACED, text)
    for line in _directives(text):
        findings.add("yaml-directive", findings.span(*line.span()))
        text = f"{text[: line.start()]}#{text[line.start() + 1 :]}"
    return text + "\n" if text.endswith(" ") and not BREAK.split(text)[-1].strip() else text


def report_forbidden(found: re.Match[str], span: Span, findings: Findings) -> None:
    """Report one match of `FORBIDDEN`."""
    sort = found.lastgroup
    key = None if sort == "control" else f"forbidden-character.{sort}"
    findings.add("forbidden-character", span, key=key, char=name_of(found.group()))


def _directives(text: str) -> Iterator[re.Match[str]]:
    start = 0
    for line in _DIRECTIVE.finditer(text):
        if any(not _BEFORE_CONTENT.match(before) for before in BREAK.split(text[start : line.start()])):
            return
        yield line
        start = line.end()


def odd_indents(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield, for each line indented by other than spaces, the code of that and the offsets of what is odd."""
    for code, pattern in (("tab-indentation", _TAB_INDENT), ("odd-space", _ODD_INDENT)):
        for found in pattern.finditer(text):
            yield code, *found.span(1)
