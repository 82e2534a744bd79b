"""Scenario files with the definitions and calendars that they are for.

Owns where these are found, and that everything is read with its problems. What a scenario means is
``workflow.scenarios.scenarios``. Called by ``check`` and ``test``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.files import DefinitionResolver, LookedAt
from workflow.definition import Definition
from workflow.loading.catalogues import FileNotResolved
from workflow.loading.loader import load_definition
from workflow.scenarios.scenarios import ScenarioFile, files_named, read_scenarios
from workflow.source.diagnostics import Diagnostic, Severity, has_errors
from workflow.source.text import Parsed, parse
from workflow.time.calendars import Calendar, load_calendar

SUFFIX = ".scenarios.yaml"


class ScenarioSource:
    """One scenario file with its definitions and calendars.

    Args:
        parsed: The file.
        folder: Where it stands.
        looked_at: Is told of every other file that is asked for.

    Attributes:
        scenarios: ``None`` where it, or a definition that it is for, has errors.
        diagnostics: Of the scenario file, and the errors of the others.
        warnings: What else was found in the others; it keeps nothing from being played.
        sources: The texts that they point into.
    """

    def __init__(self, parsed: Parsed, folder: Path, looked_at: LookedAt | None = None) -> None:
        self.file = parsed.file
        self.diagnostics: list[Diagnostic] = []
        self.warnings: list[Diagnostic] = []
        self.sources: dict[str, str] = {parsed.file: parsed.text}
        self.definitions: dict[str, Definition] = {}
        self.calendars: dict[str, Calendar] = {}
        self._resolver = Beside(folder, looked_at)
        by_file = {name: self._definition(name) for name in files_named(parsed) if self._resolver.has(name)}
        found = read_scenarios(parsed, by_file)
        self.diagnostics += found.diagnostics
        self.scenarios: ScenarioFile | None = None if has_errors(self.diagnostics) else found.scenarios
        if self.scenarios is not None:
            self._bring_calendars()

    @property
    def source(self) -> str:
        """The text of the scenario file."""
        return self.sources[self.file]

    def _definition(self, name: str) -> Definition | None:
        file, content = self._resolver.read(name, self.file)
        loaded = load_definition((content, file), resolve=self._resolver)
        self.sources.update(loaded.sources)
        self._add(loaded.diagnostics)
        if loaded.definition is not None:
            self.definitions[loaded.definition.workflow] = loaded.definition
        return loaded.definition

    def _add(self, found: Iterable[Diagnostic]) -> None:
        for one in found:
            (self.diagnostics if one.severity is Severity.ERROR else self.warnings).append(one)

    def _bring_calendars(self) -> None:
        names = [name for one in self.definitions.values() for name in one.calendars]
        for name in dict.fromkeys(names):
            parsed = self._calendar_text(name)
            if parsed is None:
                self._miss_calendars()
                return
            calendar, found = load_calendar(parsed, self._calendar_text)
            self._add(found)
            if calendar is None:
                self.scenarios = None
            else:
                self.calendars[name] = calendar

    def _miss_calendars(self) -> None:
        """Make errors of the calendars that a definition only warns of: without them nothing is played."""
        missing = [one for one in self.warnings if one.code == "unknown-calendar"]
        self.warnings = [one for one in self.warnings if one not in missing]
        self.diagnostics += [one.model_copy(update={"severity": Severity.ERROR}) for one in missing]
        self.scenarios = None

    def _calendar_text(self, name: str) -> Parsed | None:
        for candidate in (f"calendars/{name}.yaml", f"{name}.yaml"):
            if self._resolver.has(candidate):
                file, content = self._resolver.read(candidate, self.file)
                parsed = parse(content, file=file)
                self.sources[file] = parsed.text
                return parsed
        return None


class Beside:
    """The files that a scenario file and its definitions refer to, by the names under which people find them.

    Looked for beside the scenario file, then in the folders around it up to the one with the definitions'
    lists and calendars, then among those that are shipped.
    """

    def __init__(self, folder: Path, looked_at: LookedAt | None = None) -> None:
        self._looked_at = looked_at
        self._folders = [folder]
        for around in folder.resolve().parents:
            if any((self._folders[-1] / name).is_dir() for name in ("lists", "calendars", "fragments")):
                break
            if any((around / name).is_dir() for name in ("lists", "calendars", "fragments")):
                self._folders.append(around)

    def read(self, relative_path: str, from_file: str) -> tuple[str, bytes]:
        """Read a file; see `workflow.loading.loader.Resolver`."""
        *others, last = self._folders
        for folder in others:
            try:
                return self._named(folder, relative_path, from_file)
            except FileNotResolved as missing:
                if missing.reason != "missing":
                    raise
        return self._named(last, relative_path, from_file)

    def has(self, relative_path: str) -> bool:
        """Whether there is such a file."""
        try:
            self.read(relative_path, "")
        except FileNotResolved:
            return False
        return True

    def _named(self, folder: Path, relative_path: str, from_file: str) -> tuple[str, bytes]:
        _, content = DefinitionResolver(folder, self._looked_at).read(relative_path, from_file)
        return str(folder / relative_path), content
