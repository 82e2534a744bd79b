"""The files that a definition refers to: the catalogue of laws and shared lists of choices.

Owns the `Resolver` port through which they are read, what their entries mean, and the check of
``basis`` against the catalogue. Reads no file itself. Called by ``loading``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from functools import lru_cache
from typing import Any, ClassVar, Protocol, TypeVar
from unicodedata import normalize

from workflow.definition import Decided, Label
from workflow.errors import WorkflowError
from workflow.loading.context import Context, label
from workflow.loading.document import DecidedShape
from workflow.loading.document_lists import LawShape, LawsShape, ListShape
from workflow.locale import Message
from workflow.source import articles
from workflow.source.diagnostics import Diagnostic, Severity, Span, finding, has_errors
from workflow.source.provenance import STRIDE, Provenance
from workflow.source.reading import Reader, suggestion
from workflow.source.shapes import Shape
from workflow.source.text import Mapping, Parsed, Scalar, parse

_S = TypeVar("_S", bound=Shape)

LAWS_FILE = "lists/laws.yaml"


class FileNotResolved(WorkflowError, FileNotFoundError):
    """A file that a definition refers to cannot be read, or not from inside its folder.

    Attributes:
        path: As the definition names it.
        reason: ``missing outside unreadable too-large``.
    """

    code: ClassVar[str] = "file-not-resolved"

    def __init__(self, *, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(self.message.text("en"))

    @property
    def message(self) -> Message:
        """The message for people, in both languages."""
        return Message(f"file-not-resolved.{self.reason}", {"path": self.path})

    def __reduce__(self) -> tuple[object, ...]:
        return _file_not_resolved, (self.path, self.reason)


def _file_not_resolved(path: str, reason: str) -> FileNotResolved:
    return FileNotResolved(path=path, reason=reason)


class Resolver(Protocol):
    """Finds the files that a definition refers to, and no others."""

    def read(self, relative_path: str, from_file: str) -> tuple[str, bytes]:
        """Read a file of the definitions' folder.

        Args:
            relative_path: Names joined by ``/``, relative to the definitions' folder.
            from_file: Name of the file that refers to it.

        Returns:
            The file's name as people know it, and its bytes.

        Raises:
            FileNotResolved: It is not there, cannot be read, or lies outside the folder.
        """


class Catalogues:
    """The files referred to by one definition, each read once."""

    def __init__(self, context: Context, resolve: Resolver) -> None:
        self._context = context
        self._resolve = resolve
        self._laws: MappingOf[str, LawShape] | None = None
        self._has_asked_laws = False
        self._lists: dict[str, tuple[tuple[str, Label], ...] | None] = {}
        self._calendars: set[str] = set()
        self.sources: dict[str, str] = {}
        self.diagnostics: list[Diagnostic] = []

    # Lists -----------------------------------------------------------------------------------------

    def options(self, file: Scalar) -> tuple[tuple[str, Label], ...]:
        """Return the choices of a shared list in its order; report a file that cannot be used."""
        path = file.text
        if path not in self._lists:
            self._lists[path] = self._read_list(file)
        return self._lists[path] or ()

    def options_of(self, path: str) -> tuple[tuple[str, Label], ...]:
        """Return the choices of a shared list that another definition names, if it can be read."""
        try:
            name, content = self._resolve.read(path, self._context.file)
        except FileNotResolved:
            return ()
        parsed = parse(content, file=name)
        self.sources[name] = parsed.text
        shape = Reader(name).read(parsed.root, ListShape, Span(1, 1, 1, 1)) if parsed.root else None
        return () if shape is None else tuple((key.text, label(item.title)) for key, item in shape.items)

    def check_calendar(self, name: Scalar) -> None:
        """Report a calendar that is neither beside the definition nor shipped, or calls itself otherwise."""
        if name.text in self._calendars:
            return
        self._calendars.add(name.text)
        for path in (f"calendars/{name.text}.yaml", f"{name.text}.yaml"):
            try:
                file, content = self._resolve.read(path, self._context.file)
            except FileNotResolved:
                continue
            self._check_calendar_name(name, file, content)
            return
        self._context.report("unknown-calendar", name.span, severity=Severity.WARNING, name=name.text)

    def _check_calendar_name(self, name: Scalar, file: str, content: bytes) -> None:
        called = _calendar_name(content)
        if called is not None and called != name.text:
            self._context.report(
                "unknown-calendar",
                name.span,
                key="unknown-calendar.other-name",
                severity=Severity.WARNING,
                name=name.text,
                path=file,
                other=called,
            )

    def fragment(self, file: Scalar) -> Parsed | None:
        """Return the tree of a fragment; report a file that cannot be used."""
        try:
            name, content = self._resolve.read(file.text, self._context.file)
        except FileNotResolved as error:
            self._context.report("file-not-read", file.span, reason=error.message)
            return None
        parsed = parse(content, file=name)
        self.sources[name] = parsed.text
        called = parsed.root.get("fragment") if isinstance(parsed.root, Mapping) else None
        shown = called.text if isinstance(called, Scalar) else file.text
        self._context.provenance.use(name, Message("loading.used-here", {"name": shown}), file.span)
        self.diagnostics += parsed.diagnostics
        if parsed.root is None or has_errors(parsed.diagnostics):
            self._context.report("file-not-read", file.span, key="file-not-read.broken", path=file.text)
            return None
        return parsed

    def root(self, path: str) -> Mapping | None:
        """Return the tree of another definition that stands beside this one, if it can be read."""
        try:
            name, content = self._resolve.read(path, self._context.file)
        except FileNotResolved:
            return None
        parsed = parse(content, file=name)
        self.sources[name] = parsed.text
        return parsed.root if isinstance(parsed.root, Mapping) else None

    def _read_list(self, file: Scalar) -> tuple[tuple[str, Label], ...] | None:
        try:
            name, content = self._resolve.read(file.text, self._context.file)
        except FileNotResolved as error:
            self._context.report("file-not-read", file.span, reason=error.message)
            return None
        shape = self._read_shape(name, content, ListShape)
        if shape is None:
            self._context.report("file-not-read", file.span, key="file-not-read.broken", path=file.text)
            return None
        self.basis(shape.basis, name)
        return tuple((key.text, label(item.title)) for key, item in shape.items)

    def _read_shape(self, name: str, content: bytes, model: type[_S]) -> _S | None:
        parsed = parse(content, file=name)
        self.sources[name] = parsed.text
        self.diagnostics += parsed.diagnostics
        if parsed.root is None:
            return None
        reader = Reader(name)
        shape = reader.read(parsed.root, model, Span(1, 1, 1, 1))
        self.diagnostics += reader.diagnostics
        return None if has_errors((*parsed.diagnostics, *reader.diagnostics)) else shape

    def decided(self, shape: DecidedShape | None, file: str | None = None) -> Decided | None:
        """Return what was decided where the law is no answer."""
        if shape is None:
            return None
        question, chosen = label(shape.question), label(shape.chosen)
        return Decided(question=question, chosen=chosen, basis=self.basis(shape.basis, file))

    # Laws ------------------------------------------------------------------------------------------

    def basis(self, scalars: Iterable[Scalar], file: str | None = None) -> tuple[str, ...]:
        """Return articles as they are cited, checked against the catalogue of laws."""
        return tuple(self._article(one, file or self._context.file) for one in scalars)

    def _article(self, scalar: Scalar, file: str) -> str:
        if scalar.span.line % STRIDE == 0:
            return scalar.text  # a sample, see `workflow.loading.expansion_tree.NOWHERE`
        if wrong := articles.problem(scalar.text):
            self._report(file, "basis-syntax", scalar.span, key=wrong, value=scalar.text)
        if found := articles.citation(scalar.text):
            self._check_article(scalar, found, file)
        return normalize("NFC", scalar.text)

    def _check_article(self, scalar: Scalar, found: re.Match[str], file: str) -> None:
        laws = self._catalogue(scalar)
        if laws is None:
            return
        name = found["law"]
        if name not in laws:
            help = suggestion(name, laws) or Message("loading.there-are", {"names": ", ".join(laws)})
            self._report(file, "unknown-law", scalar.part(0, len(name)), name=name, help=help)
            return
        most = laws[name].articles
        for group in ("article", "last_article"):
            number = articles.number_of(found[group])
            if most is not None and number > int(most.text):
                span = scalar.part(found.start(group), len(found[group]))
                self._report(
                    file, "article-beyond-law", span, law=name, article=found[group], articles=most.text
                )

    def _report(self, file: str, code: str, span: Span, **params: Any) -> None:
        self._context.diagnostics.append(finding(code, file, span, **params))

    def _catalogue(self, first: Scalar) -> MappingOf[str, LawShape] | None:
        if not self._has_asked_laws:
            self._has_asked_laws = True
            self._laws = self._read_laws(first)
        return self._laws

    def _read_laws(self, first: Scalar) -> MappingOf[str, LawShape] | None:
        try:
            name, content = self._resolve.read(LAWS_FILE, self._context.file)
        except FileNotResolved as error:
            self._context.report(
                "file-not-read",
                first.span,
                key="file-not-read.laws",
                severity=Severity.NOTE,
                reason=error.message,
            )
            return None
        shape = self._read_shape(name, content, LawsShape)
        return None if shape is None else {key.text: law for key, law in shape.laws}


@lru_cache(maxsize=8)  # a folder of definitions has one or two, and each definition asks
def _calendar_name(content: bytes) -> str | None:
    """Return how a calendar calls itself."""
    root = parse(content, file="").root
    name = root.get("calendar") if isinstance(root, Mapping) else None
    return name.text if isinstance(name, Scalar) else None


def check_shared(parsed: Parsed, resolve: Resolver) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a shared list, or with the catalogue of laws, by itself."""
    context = Context(parsed.file, Provenance(parsed.file, parsed.text))
    catalogues, reader = Catalogues(context, resolve), Reader(parsed.file)
    if isinstance(parsed.root, Mapping):
        model: type[ListShape | LawsShape] = LawsShape if parsed.root.key("laws") else ListShape
        shape = reader.read(parsed.root, model, Span(1, 1, 1, 1))
        if isinstance(shape, ListShape):
            catalogues.basis(shape.basis, parsed.file)
            catalogues.decided(shape.decided)
    elif parsed.root is not None:
        reader.read(parsed.root, ListShape, Span(1, 1, 1, 1))
    found = {*parsed.diagnostics, *reader.diagnostics, *context.diagnostics}
    return tuple(sorted(found, key=lambda one: (one.line, one.column, one.code, one.message)))
