"""``test``: scenario files played in memory, and what they cover of their definitions.

Owns which files are played, where their definitions and calendars are found, and how results are shown.
What a scenario means is ``workflow.scenarios``. Needs no database.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

import engine.texts.cli_testing  # noqa: F401  (registers the texts of this command)
from engine.cli.commands import command, option
from engine.cli.failures import CommandProblem, reason_json, reason_lines
from engine.cli.session import Session
from engine.cli.showing import title
from engine.files import SHIPPED, DefinitionResolver
from workflow.calendars import Calendar, load_calendar
from workflow.catalogues import FileNotResolved
from workflow.characters import visible
from workflow.definition import Definition
from workflow.diagnostics import Diagnostic, Severity, has_errors, render_json, render_text
from workflow.loading import load_definition
from workflow.scenarios import (
    Coverage,
    Difference,
    Result,
    Results,
    ScenarioFile,
    files_named,
    read_scenarios,
    run,
)
from workflow.text import Parsed, parse

FAILED, BROKEN = 1, 3
SUFFIX = ".scenarios.yaml"
FOLDER = Path("definitions")

Definitions = Mapping[str, Definition]
Calendars = Mapping[str, Calendar]


@command("test", is_stored=False)
@click.argument("paths", nargs=-1, metavar="[PATH]…", type=click.Path(path_type=Path))
@option("--coverage", "shows_coverage", text="coverage", is_flag=True)
@option("--only", text="only", multiple=True, metavar="NAME")
def test_command(
    session: Session, paths: tuple[Path, ...], shows_coverage: bool, only: tuple[str, ...]
) -> int:
    """Play scenario files."""
    files = list(_found(paths or (FOLDER if FOLDER.is_dir() else SHIPPED,)))
    if not files:
        raise CommandProblem(what="no-scenarios", files=", ".join(map(str, paths)) or str(FOLDER))
    read = [_Read(file) for file in files]
    _check_names(read, only)
    results = [(one, one.play(session, only)) for one in read if one.scenarios is not None]
    broken = any(has_errors(one.diagnostics) for one in read)
    if session.as_json:
        session.json(_as_json(session, read, results))
    else:
        for one in read:
            _show_findings(session, one)
        for one, played in results:
            _show(session, one, played, shows_coverage)
        _sum_up(session, [played for _, played in results])
    if broken:
        return BROKEN
    return 0 if all(played.is_ok for _, played in results) else FAILED


def _found(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob(f"*{SUFFIX}"))
        else:
            yield path


def _check_names(read: list[_Read], only: tuple[str, ...]) -> None:
    known = [name for one in read if one.scenarios is not None for name in one.scenarios.scenarios]
    for name in only:
        if name not in known and all(one.scenarios is not None for one in read):
            raise CommandProblem(what="no-such-scenario", name=name, names=", ".join(known))


class _Read:
    """One scenario file with its definitions and calendars.

    Attributes:
        scenarios: ``None`` where it, or a definition that it is for, has errors.
        diagnostics: Of all these files.
        sources: The texts that they point into.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.diagnostics: list[Diagnostic] = []
        self.sources: dict[str, str] = {}
        self.definitions: dict[str, Definition] = {}
        self.calendars: dict[str, Calendar] = {}
        parsed = self._parsed(file)
        self._resolver = _Beside(file.parent)
        by_file = {name: self._definition(name) for name in files_named(parsed) if self._resolver.has(name)}
        found = read_scenarios(parsed, by_file)
        self.diagnostics += found.diagnostics
        self.scenarios: ScenarioFile | None = None if has_errors(self.diagnostics) else found.scenarios
        if self.scenarios is not None:
            self._bring_calendars()

    @property
    def source(self) -> str:
        """The text of the scenario file."""
        return self.sources[str(self.file)]

    def play(self, session: Session, only: tuple[str, ...]) -> Results:
        """Play the scenarios, saying where it is to somebody who watches."""
        if self.scenarios is None:
            raise ValueError("a file with errors is not played")
        is_watched = session.is_watched() and not session.as_json

        def progress(result: Result) -> None:
            if is_watched:
                session.note(f"\r\x1b[K{result.scenario}", newline=False)

        results = run(self.scenarios, self.definitions, self.calendars, only=only or None, progress=progress)
        if is_watched:
            session.note("\r\x1b[K", newline=False)
        return results

    def _parsed(self, file: Path) -> Parsed:
        try:
            parsed = parse(file.read_bytes(), file=str(file))
        except OSError as error:
            why = error.strerror or str(error)
            raise CommandProblem(what="unreadable", file=str(file), why=why) from error
        self.sources[parsed.file] = parsed.text
        return parsed

    def _definition(self, name: str) -> Definition | None:
        file, content = self._resolver.read(name, str(self.file))
        loaded = load_definition((content, file), resolve=self._resolver)
        self.sources.update(loaded.sources)
        self.diagnostics += [one for one in loaded.diagnostics if one.severity is Severity.ERROR]
        if loaded.definition is not None:
            self.definitions[loaded.definition.workflow] = loaded.definition
        return loaded.definition

    def _bring_calendars(self) -> None:
        names = [(name, one.workflow) for one in self.definitions.values() for name in one.calendars]
        for name, workflow in names:
            if name in self.calendars:
                continue
            parsed = self._calendar_text(name)
            if parsed is None:
                raise CommandProblem(what="no-calendar", workflow=workflow, name=name)
            calendar, found = load_calendar(parsed, self._calendar_text)
            self.diagnostics += [one for one in found if one.severity is Severity.ERROR]
            if calendar is None:
                self.scenarios = None
            else:
                self.calendars[name] = calendar

    def _calendar_text(self, name: str) -> Parsed | None:
        for candidate in (f"calendars/{name}.yaml", f"{name}.yaml"):
            if self._resolver.has(candidate):
                file, content = self._resolver.read(candidate, str(self.file))
                parsed = parse(content, file=file)
                self.sources[file] = parsed.text
                return parsed
        return None


class _Beside:
    """The files that a scenario file and its definitions refer to, by the names under which people find them.

    Looked for beside the scenario file, then in the folders around it up to the one with the definitions'
    lists and calendars, then among those that are shipped.
    """

    def __init__(self, folder: Path) -> None:
        self._folders = [folder]
        for around in folder.resolve().parents:
            if any((self._folders[-1] / name).is_dir() for name in ("lists", "calendars", "fragments")):
                break
            if any((around / name).is_dir() for name in ("lists", "calendars", "fragments")):
                self._folders.append(around)

    def read(self, relative_path: str, from_file: str) -> tuple[str, bytes]:
        """Read a file; see `workflow.loading.Resolver`."""
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

    @staticmethod
    def _named(folder: Path, relative_path: str, from_file: str) -> tuple[str, bytes]:
        _, content = DefinitionResolver(folder).read(relative_path, from_file)
        return str(folder / relative_path), content


# --- for people ------------------------------------------------------------------------------------


def _show_findings(session: Session, read: _Read) -> None:
    if read.diagnostics:
        color = session.has_color(sys.stdout)
        shown = render_text(read.diagnostics, read.sources, language=session.language, color=color)
        session.out(shown.rstrip())


def _show(session: Session, read: _Read, played: Results, shows_coverage: bool) -> None:
    session.out(str(read.file))
    width = max((len(one.scenario) for one in played.results), default=0)
    marks = {True: session.say("test.ok"), False: session.say("test.failed")}
    mark_width = max(map(len, marks.values()))
    for one in played.results:
        mark = click.style(marks[one.is_ok].ljust(mark_width), fg="green" if one.is_ok else "red")
        session.out(f"  {mark}  {one.scenario.ljust(width)}  {title(session, one.title, '')}".rstrip())
        if one.difference is not None:
            for line in _difference(session, read, one.difference):
                session.out(f"      {line}".rstrip())
    if shows_coverage:
        for coverage in played.coverage.values():
            for line in _coverage(session, coverage):
                session.out(line)


def _difference(session: Session, read: _Read, found: Difference) -> Iterator[str]:
    """Yield the first difference: where, which step, what was expected and found, what could be done."""
    yield f"{found.file}:{found.span.line}:{found.span.column}"
    yield from _snippet(read.source, found)
    if found.step:
        on = found.on.isoformat() if found.on is not None else "-"
        act = session.text(found.act)
        yield session.say("test.step", step=found.step, steps=found.steps, on=on, act=act)
    rows = [("expected", session.text(found.expected)), ("found", session.text(found.found))]
    if found.state:
        rows.append(("state", ", ".join(found.state)))
    width = max(len(session.say(f"test.{name}")) for name in ("expected", "found", "state", "available"))
    if found.state:
        rows.append(("available", ", ".join(found.available) or session.say("test.nothing")))
    for name, text in rows:
        yield f"{session.say(f'test.{name}').ljust(width)}  {visible(text)}"
        if name == "found":
            yield from reason_lines(session, found.reasons)


def _snippet(source: str, found: Difference) -> Iterator[str]:
    lines = source.splitlines()
    if not 0 < found.span.line <= len(lines):
        return
    line, gutter = lines[found.span.line - 1], len(str(found.span.line))
    end = found.span.end_column if found.span.end_line == found.span.line else len(line) + 1
    yield f"{found.span.line} | {visible(line)}"
    carets = "^" * max(1, end - found.span.column)
    yield f"{' ' * gutter} | {' ' * (found.span.column - 1)}{click.style(carets, fg='red')}"


def _coverage(session: Session, coverage: Coverage) -> Iterator[str]:
    yield f"  {session.say('test.coverage', workflow=coverage.workflow)}"
    parts = coverage.parts()
    width = max(len(session.say(f"test.{name}")) for name in parts)
    for name, covered in parts.items():
        share = f"{100 * covered.count // covered.total if covered.total else 100:3d} %"
        counted = session.say("test.covered", count=covered.count, total=covered.total)
        yield f"    {session.say(f'test.{name}').ljust(width)}  {share}  {counted}"
        if covered.missing:
            yield f"      {session.say('test.without')}"
            yield from (f"        {one}" for one in covered.missing)


def _sum_up(session: Session, played: list[Results]) -> None:
    every = [result for one in played for result in one.results]
    ok = sum(result.is_ok for result in every)
    session.note(session.say("test.count", count=len(every), ok=ok, failed=len(every) - ok))


# --- as data ---------------------------------------------------------------------------------------


def _as_json(session: Session, read: list[_Read], results: list[tuple[_Read, Results]]) -> dict[str, Any]:
    found = [one for each in read for one in each.diagnostics]
    return {
        "ok": not has_errors(found) and all(played.is_ok for _, played in results),
        "files": [_file_json(session, played) for _, played in results],
        "diagnostics": json.loads(render_json(found, language=session.language)),
    }


def _file_json(session: Session, played: Results) -> dict[str, Any]:
    return {
        "file": played.file,
        "ok": played.is_ok,
        "scenarios": [_result_json(session, one) for one in played.results],
        "coverage": {
            workflow: {
                kind: {"covered": part.count, "total": part.total, "missing": list(part.missing)}
                for kind, part in coverage.parts().items()
            }
            for workflow, coverage in played.coverage.items()
        },
    }


def _result_json(session: Session, result: Result) -> dict[str, Any]:
    found = result.difference
    return {
        "scenario": result.scenario,
        "title": title(session, result.title, result.scenario),
        "line": result.span.line,
        "column": result.span.column,
        "steps": result.steps,
        "ok": result.is_ok,
        "difference": None if found is None else _difference_json(session, found),
    }


def _difference_json(session: Session, found: Difference) -> dict[str, Any]:
    return {
        "file": found.file,
        **found.span._asdict(),
        "step": found.step,
        "act": session.text(found.act),
        "on": found.on.isoformat() if found.on is not None else None,
        "key": found.key,
        "expected": session.text(found.expected),
        "found": session.text(found.found),
        "reasons": [reason_json(reason) for reason in found.reasons],
        "state": list(found.state),
        "available": list(found.available),
    }
