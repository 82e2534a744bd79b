"""``test``: scenario files played in memory, and what they cover of their definitions.

Owns which files are played, where their definitions and calendars are found, and how results are shown.
What a scenario means is ``workflow.scenarios.scenarios``. Needs no database.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

import engine.texts.cli_testing  # noqa: F401  (registers the texts of this command)
from engine.cli.commands import command, option
from engine.cli.failures import CommandProblem, reason_json, reason_lines
from engine.cli.scenario_files import SUFFIX, ScenarioSource
from engine.cli.session import Session
from engine.cli.showing import title
from engine.files import SHIPPED, read_file
from workflow.scenarios.scenarios import Coverage, Difference, Result, Results, run
from workflow.source.characters import BREAK, visible
from workflow.source.diagnostics import has_errors
from workflow.source.formats import render_json
from workflow.source.renderers import render_text, snippet
from workflow.source.text import parse

FAILED, BROKEN = 1, 3
FOLDER = Path("definitions")


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
    read = [_read(file) for file in files]
    _check_names(read, only)
    results = [(one, _play(session, one, only)) for one in read if one.scenarios is not None]
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


def _read(file: Path) -> ScenarioSource:
    try:
        parsed = parse(read_file(file), file=str(file))
    except OSError as error:
        why = error.strerror or str(error)
        raise CommandProblem(what="unreadable", file=str(file), why=why) from error
    return ScenarioSource(parsed, file.parent)


def _play(session: Session, read: ScenarioSource, only: tuple[str, ...]) -> Results:
    """Play the scenarios of a file, saying where it is to somebody who watches."""
    if read.scenarios is None:
        raise ValueError("a file with errors is not played")
    is_watched = session.is_watched() and not session.as_json

    def progress(result: Result) -> None:
        if is_watched:
            session.note(f"\r\x1b[K{result.scenario}", newline=False)

    results = run(read.scenarios, read.definitions, read.calendars, only=only or None, progress=progress)
    if is_watched:
        session.note("\r\x1b[K", newline=False)
    return results


def _check_names(read: list[ScenarioSource], only: tuple[str, ...]) -> None:
    known = [name for one in read if one.scenarios is not None for name in one.scenarios.scenarios]
    for name in only:
        if name not in known and all(one.scenarios is not None for one in read):
            raise CommandProblem(what="no-such-scenario", name=name, names=", ".join(known))


# --- for people ------------------------------------------------------------------------------------


def _show_findings(session: Session, read: ScenarioSource) -> None:
    if read.diagnostics:
        color = session.has_color(sys.stdout)
        shown = render_text(read.diagnostics, read.sources, language=session.language, color=color)
        session.out(shown.rstrip())


def _show(session: Session, read: ScenarioSource, played: Results, shows_coverage: bool) -> None:
    session.out(read.file)
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


def _difference(session: Session, read: ScenarioSource, found: Difference) -> Iterator[str]:
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
    shown = snippet(BREAK.split(source), found.span)
    if shown is not None:
        gutter = str(found.span.line)
        yield f"{gutter} | {shown.text}"
        yield f"{' ' * len(gutter)} | {' ' * shown.indent}{click.style('^' * shown.carets, fg='red')}"


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


def _as_json(
    session: Session, read: list[ScenarioSource], results: list[tuple[ScenarioSource, Results]]
) -> dict[str, Any]:
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
