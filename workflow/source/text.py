"""YAML text → a tree of scalars, mappings and sequences in which everything has its position.

Owns the text rules of the definition language: what of YAML may be used, and how large it may be.
Scalars stay the text that was written; they are typed by what they fill, later. The only module that
imports the YAML library, of which it uses the event stream alone: its loaders resolve, expand and
recurse. Never recursive, never raises on what a file contains. Called by `loading`, `calendars` and
whoever reads another file of the language.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

import yaml

from workflow.locale import Message
from workflow.source import sources, spans, syntax
from workflow.source.characters import FORBIDDEN, ODD_SPACES, lookalike, name_of
from workflow.source.diagnostics import Diagnostic, Related, Span, place
from workflow.source.nodes import Entry, Mapping, Node, Scalar, Sequence
from workflow.source.sources import LIMITS, Findings, Limits, Stop, odd_indents, report_forbidden

__all__ = ["LIMITS", "Entry", "Limits", "Mapping", "Node", "Parsed", "Scalar", "Sequence", "parse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a file holds.

    Attributes:
        root: The tree; with errors, what could be read of it (refused entries are left out), and
            ``None`` where nothing can be said about its content.
        diagnostics: What is wrong with the text, by position.
        file: Name of the file as people know it.
        text: The decoded text, for snippets; empty where the file was too large to be decoded.
    """

    root: Node | None
    diagnostics: tuple[Diagnostic, ...]
    file: str
    text: str


def parse(source: str | bytes, *, file: str, limits: Limits = LIMITS) -> Parsed:
    """Read YAML text under the rules of the definition language.

    Args:
        source: Text, or the bytes of a file (UTF-8, with or without a byte order mark).
        file: Name of the file as people know it.
        limits: How large it may be; within them no file takes more than a fraction of a second.

    Returns:
        The tree and all problems at once; after an error of YAML's own syntax that one problem only.
    """
    text, unreadable = sources.decode(source, file, limits)
    if unreadable:
        return Parsed(root=None, diagnostics=(unreadable,), file=file, text=text)
    findings = Findings(text, file, limits)
    reader = _Reader(findings, limits)
    with suppress(Stop):
        reader.read(sources.clean(text, findings))
    found = sorted(findings.found, key=lambda one: (one.line, one.column))
    return Parsed(root=reader.root, diagnostics=tuple(found), file=file, text=text)


# The C parser where PyYAML was built with it: some twenty times as fast, same events and marks.
_LOADER: type[yaml.BaseLoader] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_PROPERTIES = re.compile(r"(?:(?:&[\w-]*|!<[^>]*>|![^\s,\[\]{}]*)[ \t\r\n]*)*")
_ODD = re.compile(f"[{ODD_SPACES}]")


class _ParserMark(Protocol):
    """A place as both parsers give it, everything counted from 0."""

    index: int
    line: int
    column: int


class _Mark(NamedTuple):
    """A place in the text: offset from 0, line and column from 1."""

    offset: int
    line: int
    column: int


@dataclass(slots=True)
class _Frame:
    """A list or mapping whose end has not been reached."""

    start: _Mark
    flow: bool
    keyed: bool
    items: list[Node] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    firsts: dict[str, Scalar] = field(default_factory=dict)
    awaits_value: bool = False
    key: Scalar | None = None  # None where a value is awaited: the key was refused
    key_end: int = 0  # offset at which the key ended
    merges: bool = False  # the key was the merge key
    before: Entry | None = None  # the entry before this one


class _Reader:
    """Builds the tree from the event stream, with a stack of its own."""

    def __init__(self, findings: Findings, limits: Limits) -> None:
        self.root: Node | None = None
        self._text = ""
        self._findings = findings
        self._limits = limits
        self._frames: list[_Frame] = []
        self._nodes = 0
        self._documents = 0
        self._end = _Mark(0, 1, 1)  # where what was read last ended
        self._closed: list[tuple[int, int]] = []  # first and last line of each quoted or block text

    def read(self, text: str) -> None:
        """Build ``root``; report what breaks a rule."""
        self._text = text
        before = len(self._findings.found)
        try:
            for event in yaml.parse(self._text, Loader=_LOADER):
                self._take(event)
        except yaml.YAMLError as error:
            # Refused characters explain the error; otherwise it is the only thing that is certain.
            if not before:
                del self._findings.found[:]
                syntax.report(_problem(error), text, self._findings, self._limits.max_depth)
            self.root = None
            return
        self._check_indents()
        if self.root is None and not self._findings.found:
            self._findings.add("empty-file", Span(1, 1, 1, 1))

    def _take(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self._count(event)
                self._add(self._scalar(event))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._count(event)
                self._open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close(event)
            case yaml.AliasEvent():
                self._count(event)
                if not (self._frames and self._frames[-1].merges):
                    start, end = self._marks(event)
                    self._findings.add("yaml-alias", _span(start, end), name=event.anchor)
                self._add(None)
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    here = self._findings.span(self._marks(event)[0].offset)
                    self._findings.add("several-documents", here)
                    raise Stop

    def _count(self, event: yaml.NodeEvent) -> None:
        start, self._end = self._marks(event)
        self._nodes += 1
        if self._nodes > self._limits.max_nodes:
            self._findings.add(
                "too-many-nodes", self._findings.span(start.offset), most=self._limits.max_nodes
            )
            raise Stop

    def _marks(self, event: yaml.Event) -> tuple[_Mark, _Mark]:
        """Return where an event of the parser begins and ends."""
        start, end = event.start_mark, event.end_mark
        if start is None or end is None:  # only events made by hand, for emitting, have none
            raise ValueError("event without marks")
        return self._mark(start), self._mark(end)

    def _mark(self, mark: _ParserMark) -> _Mark:
        if mark.index >= self._findings.size:
            # Where the last line is not ended, the C parser counts one line too many.
            return _Mark(mark.index, *self._findings.span(mark.index)[:2])
        return _Mark(mark.index, mark.line + 1, mark.column + 1)

    def _refuse_properties(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor is None and event.tag is None:
            return  # nearly always: a place is found only where there is something to say
        here = self._findings.span(self._marks(event)[0].offset)
        if event.anchor is not None:
            self._findings.add("yaml-anchor", here, name=event.anchor)
        if event.tag is not None:
            self._findings.add("yaml-tag", here, name=event.tag)

    # Lists and mappings

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        self._refuse_properties(event)
        start, _ = self._marks(event)
        if len(self._frames) >= self._limits.max_depth:
            self._findings.add("too-deep", self._findings.span(start.offset), most=self._limits.max_depth)
            raise Stop
        keyed = isinstance(event, yaml.MappingStartEvent)
        self._frames.append(_Frame(start=start, flow=bool(event.flow_style), keyed=keyed))

    def _close(self, event: yaml.CollectionEndEvent) -> None:
        frame = self._frames.pop()
        # A block ends where its last value does; the parser's mark is that of the next token.
        if frame.flow:
            _, self._end = self._marks(event)
            syntax.check_comment(self._text, self._end.offset, self._findings)
        span = _span(frame.start, self._end)
        if frame.keyed:
            self._add(Mapping(entries=tuple(frame.entries), span=span))
        else:
            self._add(Sequence(items=tuple(frame.items), span=span))

    def _add(self, node: Node | None) -> None:
        """Put a finished node where it belongs; ``None`` is one that was refused."""
        if not self._frames:
            self.root = None if isinstance(node, Scalar) and _is_empty(node) else node
            return
        frame = self._frames[-1]
        if not frame.keyed:
            if node is not None:
                frame.items.append(node)
        elif not frame.awaits_value:
            frame.key = self._key(frame, node)
            frame.awaits_value, frame.key_end = True, self._end.offset
        else:
            self._add_entry(frame, node)
            frame.awaits_value = frame.merges = False

    def _add_entry(self, frame: _Frame, value: Node | None) -> None:
        if frame.key is None or value is None:
            return
        if frame.flow and isinstance(value, Scalar) and _is_empty(value):
            self._refuse_empty(frame, frame.key)
            return
        frame.before = Entry(key=frame.key, value=value)
        frame.entries.append(frame.before)

    def _refuse_empty(self, frame: _Frame, key: Scalar) -> None:
        related: tuple[Related, ...] = ()
        before = frame.before
        if self._text.startswith(":", frame.key_end):
            variant = "item"
        elif ":" in key.text:
            variant = "colon"
        elif before and isinstance(before.value, Scalar) and before.value.plain:
            variant = ""
            related = (place(Message("place.cut"), self._findings.file, before.value.span),)
        else:
            variant = "first"
        self._findings.add(
            "empty-flow-value",
            key.span,
            key=f"empty-flow-value.{variant}" if variant else None,
            related=related,
            name=key.text,
            before=before.key.text if before else "",
        )

    # Keys

    def _key(self, frame: _Frame, node: Node | None) -> Scalar | None:
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self._findings.add("key-not-text", node.span)
            return None
        if _is_empty(node):
            self._findings.add("key-not-text", node.span, key="key-not-text.empty")
            return None
        if node.plain and node.text == "<<":
            frame.merges = True
            self._findings.add("merge-key", node.span)
            return None
        if len(node.text) > self._limits.max_key:
            self._refuse_length(node, self._limits.max_key, "text-too-long.key")
            return None
        return self._unrepeated(frame, self._honest(node))

    def _honest(self, key: Scalar) -> Scalar:
        """Report a key that is not what it looks like, and go on with what was meant."""
        if key.text.isascii():
            return key
        if odd := _ODD.search(key.text):
            here = key.part(odd.start(), 1)
            self._findings.add("odd-space", here, char=name_of(odd.group()))
            return replace(key, text=_ODD.sub(" ", key.text).strip())
        plain = lookalike(key.text)
        if plain is None:
            return key
        char = next(char for char in key.text if not char.isascii())
        self._findings.add("lookalike-key", key.span, plain=plain, char=name_of(char))
        return replace(key, text=plain)

    def _unrepeated(self, frame: _Frame, key: Scalar) -> Scalar | None:
        first = frame.firsts.setdefault(key.text, key)
        if first is key:
            return key
        where = place(Message("place.first-key"), self._findings.file, first.span)
        self._findings.add("duplicate-key", key.span, related=(where,), name=key.text)
        return None

    # Scalars

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar | None:
        self._refuse_properties(event)
        style = event.style or ""
        start, end = self._marks(event)
        raw = self._text[start.offset : min(end.offset, self._findings.size)]
        syntax.check_scalar(self._text, start.offset, end.offset, style, self._findings)
        if (event.anchor or event.tag) and (properties := _PROPERTIES.match(raw)):
            # The parser counts them to the value; they have been refused.
            size = properties.end()
            start = _Mark(start.offset + size, *spans.moved(start.line, start.column, raw, size))
            raw = raw[size:]
        if style in ("|", ">"):
            # The parser's end of a block is the start of what follows it.
            size = len(raw.rstrip(" \t\r\n"))
            end = _Mark(start.offset + size, *spans.moved(start.line, start.column, raw, size))
        self._end = end
        span = _span(start, end)
        if style and span.line != span.end_line:
            self._closed.append((span.line, span.end_line))
        scalar = Scalar(
            text=event.value,
            plain=not style,
            span=span,
            raw="" if raw == event.value else raw,
            style=style,
        )
        if len(scalar.text) > self._limits.max_text:
            self._refuse_length(scalar, self._limits.max_text, None)
            return None
        self._check_characters(scalar)
        return scalar

    def _check_characters(self, scalar: Scalar) -> None:
        # One of a scalar is enough: finding its place means walking through the scalar.
        if scalar.style == '"' and "\\" in scalar.raw and (found := FORBIDDEN.search(scalar.text)):
            report_forbidden(found, scalar.part(found.start(), 1), self._findings)
        if scalar.plain and not scalar.text.isascii() and (odd := syntax.ODD_AFTER_SIGN.search(scalar.text)):
            self._findings.add("odd-space", scalar.part(odd.start(1), 1), char=name_of(odd.group(1)))

    def _refuse_length(self, scalar: Scalar, most: int, key: str | None) -> None:
        self._findings.add("text-too-long", scalar.span, key=key, size=len(scalar.text), most=most)

    # Lines

    def _check_indents(self) -> None:
        """Report lines indented with what looks like spaces, unless inside a quoted or block text."""
        firsts = [first for first, _ in self._closed]
        known = {(one.code, one.line, one.column) for one in self._findings.found}
        for code, start, end in odd_indents(self._text):
            here = self._findings.span(start, end)
            inside = bisect_left(firsts, here.line) - 1
            if inside >= 0 and here.line <= self._closed[inside][1]:
                continue
            if (code, here.line, here.column) not in known:
                self._findings.add(code, here, char=name_of(self._text[start]))


def _span(start: _Mark, end: _Mark) -> Span:
    return Span(start.line, start.column, end.line, end.column)


def _is_empty(scalar: Scalar) -> bool:
    return scalar.plain and not scalar.text


def _problem(error: yaml.YAMLError) -> syntax.SyntaxProblem:
    if not isinstance(error, yaml.MarkedYAMLError):
        return syntax.SyntaxProblem(problem=str(error), at=0, context="", since=None)
    mark = error.problem_mark or error.context_mark
    return syntax.SyntaxProblem(
        problem=error.problem or "",
        at=mark.index if mark else 0,
        context=error.context or "",
        since=error.context_mark.index if error.context_mark else None,
    )
