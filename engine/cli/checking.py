"""``check`` and ``schema``: what can be said of a file without a database.

Owns which files are looked at and in what order findings are shown. Knows definitions, calendars, lists,
the catalogue of laws, proposals and scenarios by their first words; what is wrong with them the loaders
say.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

import workflow.texts.loading  # noqa: F401  (registers the texts of the findings)
from engine.cli.commands import command, option
from engine.cli.failures import CommandProblem, FileRejected
from engine.cli.proposals import read_proposal
from engine.cli.scenario_files import ScenarioSource
from engine.cli.session import Session
from engine.files import MOST_BYTES, DefinitionResolver, read_file, shipped_definition
from workflow.loading.catalogues import FileNotResolved
from workflow.loading.document_lists import LawsShape, ListShape
from workflow.loading.loader import load_definition
from workflow.loading.schema import definition_schema
from workflow.source.diagnostics import Diagnostic, Severity, Span
from workflow.source.formats import render_json
from workflow.source.reading import Reader
from workflow.source.renderers import render_text
from workflow.source.shapes import Shape
from workflow.source.text import Mapping, Parsed, parse
from workflow.time.calendars import load_calendar

FAILED = 3
STDIN = "-"
KINDS = ("workflow", "fragment", "calendar", "list", "laws", "usulan", "scenarios_for")
"""The key by which each kind of file is known, the first that it has."""

_TOP = Span(1, 1, 1, 1)


class _Folder:
    """The files beside one that is checked, under the names by which a person finds them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._resolver = DefinitionResolver(folder)

    def read(self, relative_path: str, from_file: str) -> tuple[str, bytes]:
        """Read a file of the folder."""
        _, content = self._resolver.read(relative_path, from_file)
        return str(self.folder / relative_path), content

    def calendar(self, name: str) -> Parsed | None:
        """Read a calendar that another extends."""
        for candidate in (f"{name}.yaml", f"calendars/{name}.yaml"):
            try:
                found, source = self.read(candidate, name)
            except FileNotResolved:
                continue
            return parse(source, file=found)
        return None


class _Checked:
    """The findings of all files, and the texts that they point into."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.sources: dict[str, str] = {}
        self.left_out: list[str] = []
        self.count = 0

    def add(self, parsed: Parsed, folder: _Folder) -> None:
        """Check one file."""
        self.count += 1
        self.sources.setdefault(parsed.file, parsed.text)
        kind = kind_of(parsed)
        if kind == "calendar":
            _, found = load_calendar(parsed, folder.calendar)
        elif kind in ("list", "laws"):
            found = self._read(parsed, ListShape if kind == "list" else LawsShape)
        elif kind == "usulan":
            found = _proposal(parsed)
        elif kind == "scenarios_for":
            source = ScenarioSource(parsed, Path(parsed.file).parent)
            self.sources.update(source.sources)
            found = tuple(source.diagnostics)
        else:
            loaded = load_definition(parsed, resolve=folder)
            self.sources.update(loaded.sources)
            found = loaded.diagnostics
        known = set(self.diagnostics)
        self.diagnostics += [one for one in found if one not in known]

    @staticmethod
    def _read(parsed: Parsed, model: type[Shape]) -> tuple[Diagnostic, ...]:
        reader = Reader(parsed.file)
        if parsed.root is not None:
            reader.read(parsed.root, model, _TOP)
        return (*parsed.diagnostics, *reader.diagnostics)


def kind_of(parsed: Parsed) -> str | None:
    """Return the key by which the kind of a file is known; ``None`` where it has none."""
    root = parsed.root
    if not isinstance(root, Mapping):
        return None
    return next((kind for kind in KINDS if root.get(kind) is not None), None)


def _proposal(parsed: Parsed) -> tuple[Diagnostic, ...]:
    if parsed.diagnostics:
        return parsed.diagnostics
    try:
        read_proposal(parsed)
    except FileRejected as rejected:
        return rejected.diagnostics
    return ()


@command("check", is_stored=False)
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@option("--format", "form", text="format", type=click.Choice(["text", "json"]))
@option("--strict", "is_strict", text="strict", is_flag=True)
def check_command(session: Session, files: tuple[str, ...], form: str | None, is_strict: bool) -> int:
    """Check definition files."""
    checked = _Checked()
    for parsed, folder, is_named in _read_all(files):
        if not is_named and kind_of(parsed) is None and not parsed.diagnostics:
            checked.left_out.append(parsed.file)
        else:
            checked.add(parsed, folder)
    found = checked.diagnostics
    if form == "json" or session.as_json:
        session.out(render_json(found, language=session.language))
    else:
        color = session.has_color(sys.stdout)
        shown = render_text(found, checked.sources, language=session.language, color=color)
        session.out(shown.rstrip())
    for name in checked.left_out:
        session.note(session.say("check.left-out", file=name))
    if not checked.count:
        raise CommandProblem(what="nothing-to-check", files=", ".join(files))
    session.note(session.say("check.count", count=checked.count))
    failing = {Severity.ERROR, Severity.WARNING} if is_strict else {Severity.ERROR}
    return FAILED if any(one.severity in failing for one in found) else 0


def _read_all(names: tuple[str, ...]) -> Iterator[tuple[Parsed, _Folder, bool]]:
    """Yield every file with its folder, and whether it was named itself."""
    for name in names:
        if name == STDIN:
            yield parse(sys.stdin.buffer.read(MOST_BYTES + 1), file="<stdin>"), _Folder(Path()), True
            continue
        path = Path(name)
        if path.is_dir():
            for file in sorted(path.rglob("*.yaml")):
                yield _parsed(file, str(file)), _Folder(_home(file, path)), False
            continue
        shipped = None if path.exists() else shipped_definition(name)
        file = shipped or path
        yield _parsed(file, str(file)), _Folder(_home(file, file.parent)), True


def _home(file: Path, top: Path) -> Path:
    """Return the folder that a file's references start from: the one with its lists and calendars."""
    for folder in (file.parent, *file.parent.parents):
        if (folder / "lists").is_dir() or (folder / "calendars").is_dir():
            return folder
        if folder == top:
            break
    return file.parent


def _parsed(path: Path, name: str) -> Parsed:
    try:
        return parse(read_file(path), file=name)
    except OSError as error:
        raise CommandProblem(what="unreadable", file=name, why=error.strerror or str(error)) from error


@command("schema", is_stored=False, has_json=False)
def schema_command(session: Session) -> None:
    """Print the JSON Schema of definition files."""
    session.json(definition_schema())
