"""``check`` and ``schema``: what can be said of a file without a database.

Owns which files are looked at, in what order findings are shown and in which format. Knows definitions,
calendars, lists, the catalogue of laws, proposals and scenarios by their first words; what is wrong with
them the loaders say. ``check --watch`` runs in the loop of ``engine.cli.watching``.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click

import workflow.texts.loading  # noqa: F401  (registers the texts of the findings)
from engine.cli.commands import command, option
from engine.cli.failures import CommandProblem, FileRejected
from engine.cli.proposals import read_proposal
from engine.cli.scenario_files import ScenarioSource
from engine.cli.session import Session
from engine.cli.watching import INTERVAL, Seen, watch
from engine.files import MOST_BYTES, DefinitionResolver, read_file, shipped_definition
from engine.version import VERSION
from workflow.loading.catalogues import FileNotResolved, check_shared
from workflow.loading.loader import load_definition
from workflow.loading.schema import definition_schema
from workflow.source.diagnostics import Diagnostic, Severity
from workflow.source.formats import render_github, render_json, render_sarif
from workflow.source.renderers import render_text
from workflow.source.text import Mapping, Parsed, parse
from workflow.time.calendars import load_calendar

FAILED = 3
STDIN = "-"
FORMATS = ("text", "json", "github", "sarif")
KINDS = ("workflow", "fragment", "calendar", "list", "laws", "usulan", "scenarios_for")
"""The key by which each kind of file is known, the first that it has."""


class _Folder:
    """The files beside one that is checked, under the names by which a person finds them."""

    def __init__(self, folder: Path, seen: Seen) -> None:
        self.folder = folder
        self.seen = seen
        self._resolver = DefinitionResolver(folder, seen.look)

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
        self._places: dict[tuple[str | int, ...], int] = {}
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
            found = check_shared(parsed, folder)
        elif kind == "usulan":
            found = _proposal(parsed)
        elif kind == "scenarios_for":
            source = ScenarioSource(parsed, Path(parsed.file).parent, folder.seen.look)
            self.sources.update(source.sources)
            found = (*source.diagnostics, *source.warnings)
        else:
            loaded = load_definition(parsed, resolve=folder)
            self.sources.update(loaded.sources)
            found = loaded.diagnostics
        for one in found:
            self._keep(one)

    def _keep(self, one: Diagnostic) -> None:
        """Keep a finding once: what is wrong in a fragment is found with every file that uses it."""
        same = (one.code, one.severity, one.message, one.file, one.line, one.column)
        at = self._places.setdefault(same, len(self.diagnostics))
        if at == len(self.diagnostics):
            self.diagnostics.append(one)
            return
        kept = self.diagnostics[at]
        more = tuple(place for place in one.related if place not in kept.related)
        if more:
            self.diagnostics[at] = kept.model_copy(update={"related": (*kept.related, *more)})


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
@option("--format", "form", text="format", type=click.Choice(FORMATS))
@option("--strict", "is_strict", text="strict", is_flag=True)
@option("--watch", "is_watching", text="watch", is_flag=True)
def check_command(
    session: Session, files: tuple[str, ...], form: str | None, is_strict: bool, is_watching: bool
) -> int:
    """Check definition files."""
    form = form or ("json" if session.as_json else "text")
    if not is_watching:
        return check_files(session, files, form=form, is_strict=is_strict, seen=Seen())
    if form != "text" or STDIN in files:
        raise CommandProblem(what="watched-input" if form == "text" else "watched-format")
    return watch(
        session,
        lambda seen: check_files(session, files, form=form, is_strict=is_strict, seen=seen),
        lambda: time.sleep(INTERVAL),
    )


def check_files(session: Session, names: tuple[str, ...], *, form: str, is_strict: bool, seen: Seen) -> int:
    """Check files once and show what is found.

    Args:
        session: Where it is shown.
        names: As a person named them: files, folders, shipped definitions, ``-``.
        form: One of `FORMATS`.
        is_strict: Whether warnings count as errors: for the exit status; they are shown as what they are.
        seen: Is told of every file that is read.

    Returns:
        0, or `FAILED` where something counts as an error.

    Raises:
        CommandProblem: A file cannot be read, or none of them is of a kind that is checked.
    """
    checked = _Checked()
    for parsed, folder, is_named in _read_all(names, seen):
        if not is_named and kind_of(parsed) is None and not parsed.diagnostics:
            checked.left_out.append(parsed.file)
        else:
            checked.add(parsed, folder)
    _show(session, checked, form)
    for name in checked.left_out:
        session.note(session.say("check.left-out", file=name))
    if not checked.count:
        raise CommandProblem(what="nothing-to-check", files=", ".join(names))
    session.note(session.say("check.count", count=checked.count))
    failing = {Severity.ERROR, Severity.WARNING} if is_strict else {Severity.ERROR}
    return FAILED if any(one.severity in failing for one in checked.diagnostics) else 0


def _show(session: Session, checked: _Checked, form: str) -> None:
    found, language = checked.diagnostics, session.language
    match form:
        case "json":
            shown = render_json(found, language=language)
        case "github":
            shown = render_github(found, language=language)
        case "sarif":
            shown = render_sarif(found, version=VERSION, language=language)
        case _:
            color = session.has_color(sys.stdout)
            shown = render_text(found, checked.sources, language=language, color=color)
    if shown:
        session.out(shown.rstrip())


def _read_all(names: tuple[str, ...], seen: Seen) -> Iterator[tuple[Parsed, _Folder, bool]]:
    """Yield every file with its folder, and whether it was named itself."""
    for name in names:
        if name == STDIN:
            source = sys.stdin.buffer.read(MOST_BYTES + 1)
            yield parse(source, file="<stdin>"), _Folder(Path(), seen), True
            continue
        path = Path(name)
        if path.is_dir():
            for file in seen.files_in(path):
                yield _parsed(file, seen), _Folder(_home(file, path), seen), False
            continue
        shipped = None if path.exists() else shipped_definition(name)
        file = shipped or path
        yield _parsed(file, seen), _Folder(_home(file, file.parent), seen), True


def _home(file: Path, top: Path) -> Path:
    """Return the folder that a file's references start from: the one with its lists and calendars."""
    for folder in (file.parent, *file.parent.parents):
        if (folder / "lists").is_dir() or (folder / "calendars").is_dir():
            return folder
        if folder == top:
            break
    return file.parent


def _parsed(path: Path, seen: Seen) -> Parsed:
    seen.look(path)
    try:
        return parse(read_file(path), file=str(path))
    except OSError as error:
        raise CommandProblem(what="unreadable", file=str(path), why=error.strerror or str(error)) from error


@command("schema", is_stored=False, has_json=False)
def schema_command(session: Session) -> None:
    """Print the JSON Schema of definition files."""
    session.json(definition_schema())
