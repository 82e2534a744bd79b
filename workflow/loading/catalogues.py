"""The files that a definition refers to: the catalogue of laws and shared lists of choices.

Owns the `Resolver` port through which they are read, what their entries mean, and the check of
``basis`` against the catalogue. Reads no file itself. Called by ``loading``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from typing import Any, ClassVar, Protocol, TypeVar
from unicodedata import normalize

from workflow.definition import Decided, Label
from workflow.errors import WorkflowError
from workflow.loading.context import Context, label
from workflow.loading.document import DecidedShape
from workflow.loading.document_lists import LawShape, LawsShape, ListShape
from workflow.locale import Message
from workflow.source.diagnostics import Diagnostic, Severity, Span, finding, has_errors
from workflow.source.provenance import STRIDE
from workflow.source.reading import Reader, suggestion
from workflow.source.shapes import Shape
from workflow.source.text import Mapping, Parsed, Scalar, parse

_S = TypeVar("_S", bound=Shape)

LAWS_FILE = "lists/laws.yaml"

_ARTICLE = r"(?:\((?P<{0}paragraph>[0-9]+)\))?(?P<{0}letter>[a-z]?)"
_BASIS = re.compile(
    rf"(?P<law>[A-Z][A-Z0-9_]*) ps (?P<article>[1-9][0-9]{{0,3}})[A-Z]?{_ARTICLE.format('')}"
    rf"(?:-(?=.)(?P<last_article>(?:[1-9][0-9]{{0,3}}[A-Z]?)?){_ARTICLE.format('last_')})?"
)


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
        """Report a calendar that is neither beside the definition nor shipped."""
        if name.text in self._calendars:
            return
        self._calendars.add(name.text)
        for path in (f"calendars/{name.text}.yaml", f"{name.text}.yaml"):
            try:
                self._resolve.read(path, self._context.file)
            except FileNotResolved:
                continue
            return
        self._context.report("unknown-calendar", name.span, severity=Severity.WARNING, name=name.text)

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
        return None if parsed.diagnostics or reader.diagnostics else shape

    def decided(self, shape: DecidedShape | None) -> Decided | None:
        """Return what was decided where the law is no answer."""
        if shape is None:
            return None
        question, chosen = (normalize("NFC", one.text) for one in (shape.question, shape.chosen))
        return Decided(question=question, chosen=chosen, basis=self.basis(shape.basis))

    # Laws ------------------------------------------------------------------------------------------

    def basis(self, scalars: Iterable[Scalar], file: str | None = None) -> tuple[str, ...]:
        """Return articles as they are cited, checked against the catalogue of laws."""
        return tuple(self._article(one, file or self._context.file) for one in scalars)

    def _article(self, scalar: Scalar, file: str) -> str:
        if scalar.span.line % STRIDE == 0:
            return scalar.text  # a sample, see `workflow.loading.expansion_tree.NOWHERE`
        found = _BASIS.fullmatch(scalar.text)
        if found is None:
            self._report(file, "basis-syntax", scalar.span, value=scalar.text)
        else:
            self._check_article(scalar, found, file)
        return normalize("NFC", scalar.text)

    def _check_article(self, scalar: Scalar, found: re.Match[str], file: str) -> None:
        if not _goes_forward(found):
            self._report(file, "basis-syntax", scalar.span, key="basis-syntax.range", value=scalar.text)
        laws = self._catalogue(scalar)
        if laws is None:
            return
        name = found["law"]
        if name not in laws:
            help = suggestion(name, laws) or Message("loading.there-are", {"names": ", ".join(laws)})
            self._report(file, "unknown-law", scalar.part(0, len(name)), name=name, help=help)
            return
        articles = laws[name].articles
        for group in ("article", "last_article"):
            number = _number(found[group])
            if articles is not None and number > int(articles.text):
                span = scalar.part(found.start(group), len(found[group]))
                self._report(
                    file, "article-beyond-law", span, law=name, article=found[group], articles=articles.text
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


def _goes_forward(found: re.Match[str]) -> bool:
    """Whether the last of a range comes after the first: an article, a paragraph, or a letter."""
    if found["last_article"]:
        return _number(found["last_article"]) > _number(found["article"])
    if found["last_paragraph"]:
        return _number(found["last_paragraph"]) > _number(found["paragraph"])
    return not found["last_letter"] or found["last_letter"] > (found["letter"] or "z")


def _number(text: str | None) -> int:
    """Return the number of an article or paragraph, 0 where there is none."""
    return int((text or "").rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0)
