"""The valid files of the language, and what is said of one of them after an edit.

Owns `materials`: every definition, fragment, calendar, list, scenario and proposal file of the checkout and
of the drafts beside it, each with the way in which it is read. Fixes no content: whatever valid files lie
there are taken; that the shipped ones are valid is ``tests/contract/test_shipped_definitions.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from engine.cli.failures import FileRejected
from engine.cli.proposals import fields_of, read_proposal
from engine.files import DefinitionResolver, FolderResolver
from tests.places import DEFINITIONS, ROOT, VECTORS
from workflow.chart.process import Process
from workflow.definition import Definition
from workflow.history.canonical import canonical, parse_canonical
from workflow.loading import digest as digests
from workflow.loading.catalogues import FileNotResolved, check_shared
from workflow.loading.loader import Loaded, load_definition
from workflow.scenarios.scenarios import files_named, read_scenarios
from workflow.source.diagnostics import Diagnostic, finding, has_errors
from workflow.source.nodes import Mapping as MappingNode
from workflow.source.nodes import Scalar
from workflow.source.text import Parsed, parse
from workflow.time.calendars import load_calendar

EXAMPLES = ROOT / "examples"
MATERIAL = ROOT / "tests" / "material"
DRAFTS = VECTORS.parent / "drafts"

FOLDERS = (DEFINITIONS, EXAMPLES, MATERIAL, DRAFTS)
"""Where valid files lie, in folders of folders."""

SHARED = ("fragments", "lists", "calendars")
"""Folders whose files are referred to from the folder around them."""

KINDS = ("workflow", "fragment", "calendar", "list", "laws", "usulan", "scenarios_for")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said of a file.

    Attributes:
        diagnostics: Every finding.
        meaning: What stands for all that the file says, where its kind has such a thing; ``None``
            with errors.
    """

    diagnostics: tuple[Diagnostic, ...]
    meaning: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A valid file.

    Attributes:
        name: By which it is known among all files, and in a failing test.
        file: By which its findings know it.
        size: How many characters are read to say something of it.
        read: Reads another text in its place.
    """

    name: str
    kind: str
    file: str
    text: str
    size: int
    read: Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that a file's references start from, and the outer ones that are looked into next."""

    folder: Path
    top: Path

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders, the nearest first."""
        return tuple(one for one in (self.folder, *self.folder.parents) if one.is_relative_to(self.top))


class Instead:
    """A resolver with other texts in the place of some files."""

    def __init__(self, home: Home, texts: Mapping[str, str]) -> None:
        self._home = home
        self._texts = texts

    def read(self, relative_path: str, from_file: str) -> tuple[str, bytes]:
        """Read a file; see `workflow.loading.loader.Resolver`."""
        if relative_path in self._texts:
            return relative_path, self._texts[relative_path].encode("utf-8", "surrogatepass")
        return relative_path, _content(self._home, relative_path)


@cache
def _content(home: Home, relative_path: str) -> bytes:
    *near, last = home.folders
    for folder in near:
        try:
            return FolderResolver(folder).read(relative_path, "")[1]
        except FileNotResolved as missing:
            if missing.reason != "missing":
                raise
    return DefinitionResolver(last).read(relative_path, "")[1]


@cache
def materials(folder: Path) -> tuple[Material, ...]:
    """Return every file of a folder that is valid as it stands."""
    return tuple(one for one in _of(folder) if not has_errors(one.read(one.text).diagnostics))


def _of(top: Path) -> Iterator[Material]:
    for path in sorted(top.rglob("*.yaml")):
        home = path.parent.parent if path.parent.name in SHARED else path.parent
        file = path.relative_to(home).as_posix()
        text = path.read_text(encoding="utf-8")
        root = parse(text, file=file).root
        kind = next((one for one in KINDS if isinstance(root, MappingNode) and root.key(one)), None)
        if kind is not None:
            there = Home(home, top)
            read = partial(_READERS[kind], there, file)
            host = _host(there, file) if kind == "fragment" else None
            size = len(text) + (len(_content(there, host)) if host else 0)
            name = path.relative_to(top.parent).as_posix()
            yield Material(name=name, kind=kind, file=file, text=text, size=size, read=read)


# Reading -------------------------------------------------------------------------------------------


def _workflow(home: Home, file: str, text: str) -> Answer:
    return _answer(load_definition((text, file), resolve=Instead(home, {})))


def _answer(loaded: Loaded) -> Answer:
    assert (loaded.definition is None) == has_errors(loaded.diagnostics)
    meaning = None if loaded.definition is None else _sound(loaded.definition)
    return Answer(diagnostics=loaded.diagnostics, meaning=meaning)


def _sound(definition: Definition) -> str:
    """Fail where a definition that was accepted is not whole; return its digest."""
    form = definition.canonical
    assert digests.digest(form) == definition.digest
    assert parse_canonical(canonical(form).decode()) == form
    process = Process(definition)
    for handler in process.handlers.values():
        for branch in handler.branches:
            assert branch.target is None or branch.target in definition.states
        assert {*handler.required, *handler.optional} <= definition.fields.keys()
    return definition.digest


def _fragment(home: Home, file: str, text: str) -> Answer:
    """Read a fragment in the smallest workflow that uses it, and alone."""
    alone = load_definition((text, file), resolve=Instead(home, {}))
    assert alone.definition is None
    host = _host(home, file)
    if host is None:
        return Answer(diagnostics=alone.diagnostics)
    used = load_definition((_content(home, host), host), resolve=Instead(home, {file: text}))
    answer = _answer(used)
    return Answer(diagnostics=(*answer.diagnostics, *alone.diagnostics), meaning=answer.meaning)


@cache
def _host(home: Home, file: str) -> str | None:
    """Return the smallest workflow that uses a fragment."""
    paths = [
        path for path in home.folder.rglob("*.yaml") if f"use: {file}" in path.read_text(encoding="utf-8")
    ]
    smallest = min(paths, key=lambda path: path.stat().st_size, default=None)
    return None if smallest is None else smallest.relative_to(home.folder).as_posix()


def _calendar(home: Home, file: str, text: str) -> Answer:
    def other(name: str) -> Parsed | None:
        for candidate in (f"calendars/{name}.yaml", f"{name}.yaml"):
            try:
                return parse(_content(home, candidate), file=candidate)
            except FileNotResolved:
                continue
        return None

    calendar, found = load_calendar(parse(text, file=file), other)
    assert (calendar is None) == has_errors(found)
    return Answer(diagnostics=found, meaning=None if calendar is None else calendar.digest)


def _list(home: Home, file: str, text: str) -> Answer:
    return Answer(diagnostics=check_shared(parse(text, file=file), Instead(home, {file: text})))


def _proposal(home: Home, file: str, text: str) -> Answer:
    parsed = parse(text, file=file)
    if parsed.diagnostics:
        return Answer(diagnostics=parsed.diagnostics)
    try:
        proposal = read_proposal(parsed)
        definition = _definition(home, f"{proposal.workflow}.yaml")
        if definition is None:
            return Answer(diagnostics=(_unknown_workflow(parsed),))
        for section in proposal.sections.values():
            fields_of(parsed, section, definition)
    except FileRejected as rejected:
        return Answer(diagnostics=tuple(rejected.diagnostics))
    return Answer(diagnostics=())


def _unknown_workflow(parsed: Parsed) -> Diagnostic:
    """What the command line says of a proposal for a workflow that is not there: its name."""
    assert isinstance(parsed.root, MappingNode)
    node = parsed.root.get("usulan")
    assert isinstance(node, Scalar)
    return finding("unknown-key", parsed.file, node.span, name=node.text)


@cache
def _definition(home: Home, file: str) -> Definition | None:
    try:
        source = _content(home, file)
    except FileNotResolved:
        return None
    return load_definition((source, file), resolve=Instead(home, {})).definition


def _scenarios(home: Home, file: str, text: str) -> Answer:
    parsed = parse(text, file=file)
    definitions = {name: found for name in files_named(parsed) if (found := _definition(home, name))}
    read = read_scenarios(parsed, definitions)
    assert (read.scenarios is None) == has_errors(read.diagnostics)
    return Answer(diagnostics=read.diagnostics)


_READERS: dict[str, Callable[[Home, str, str], Answer]] = {
    "workflow": _workflow,
    "fragment": _fragment,
    "calendar": _calendar,
    "list": _list,
    "laws": _list,
    "usulan": _proposal,
    "scenarios_for": _scenarios,
}
