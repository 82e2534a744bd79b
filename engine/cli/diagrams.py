"""``diagram``: a process to look at, with the way of a case where one is asked for.

Owns which definition is drawn and where the drawing goes. Reads and writes no database but where a case
is asked for, and then only reads.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import click

import engine.texts.diagram  # noqa: F401  (registers the texts)
import workflow.texts.loading  # noqa: F401  (registers the texts of the findings)
from engine.cli.commands import command, option
from engine.cli.failures import CommandProblem, FileRejected
from engine.cli.session import Session
from engine.drawing import svg
from engine.files import DefinitionResolver, read_file, shipped_definition
from workflow.definition import Definition
from workflow.diagram.case import Progress, progress_of
from workflow.diagram.drawing import draw
from workflow.diagram.model import Drawing
from workflow.diagram.text import dot, mermaid
from workflow.loading.loader import load_definition
from workflow.source.diagnostics import Severity
from workflow.source.text import parse

FORMS = {"svg": svg, "mermaid": mermaid, "dot": dot}
CASE_NUMBER = re.compile(r"[a-z][a-z0-9_]*/[0-9]{4}/[0-9]+")
SUFFIXES = {".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot"}


@command("diagram", has_json=False)
@click.argument("file", metavar="[FILE|NAME]", required=False)
@option("--format", "form", text="diagram-format", type=click.Choice(list(FORMS)))
@option("--output", "-o", "output", text="output", metavar="FILE")
@option("--case", "case", text="diagram-case", metavar="CASE")
@option("--level", "level", text="level", metavar="N", type=click.IntRange(min=1))
@option("--phases-only", "phases_only", text="phases-only", is_flag=True)
def diagram_command(
    session: Session,
    file: str | None,
    form: str | None,
    output: str | None,
    case: str | None,
    level: int | None,
    phases_only: bool,
) -> None:
    """Draw a definition."""
    definition, progress = _wanted(session, file, case)
    drawing = draw(definition, session.language, progress=progress, level=level, phases_only=phases_only)
    form = form or SUFFIXES.get(Path(output or "").suffix.lower(), "svg")
    _give(session, drawing, form, output)


def _wanted(session: Session, file: str | None, case: str | None) -> tuple[Definition, Progress | None]:
    """Return what is to be drawn: a file, the version that a case runs on, or both where they agree."""
    if case is None:
        if file is None:
            raise CommandProblem(what="diagram-of-what")
        return _loaded(file), None
    definition, progress = _case(session, case)
    if file is not None and (found := _loaded(file)).digest != definition.digest:
        asked = f"{found.workflow} {found.version}"
        runs_on = f"{definition.workflow} {definition.version}"
        raise CommandProblem(
            what="diagram-other-version", file=file, asked=asked, number=progress.number, runs_on=runs_on
        )
    return definition, progress


def _loaded(name: str) -> Definition:
    """Return the definition of a file, or of a shipped one."""
    path = Path(name)
    if not path.exists():
        path = shipped_definition(name) or path
    try:
        source = read_file(path)
    except OSError as error:
        if CASE_NUMBER.fullmatch(name):
            raise CommandProblem(what="diagram-case-as-file", number=name) from error
        raise CommandProblem(what="unreadable", file=name, why=error.strerror or str(error)) from error
    loaded = load_definition(parse(source, file=str(path)), resolve=DefinitionResolver(path.parent))
    errors = [one for one in loaded.diagnostics if one.severity is Severity.ERROR]
    if loaded.definition is None or errors:
        raise FileRejected(diagnostics=errors or loaded.diagnostics, sources=loaded.sources)
    return loaded.definition


def _case(session: Session, name: str) -> tuple[Definition, Progress]:
    # Not before a case is asked for: a file is drawn without the store, which takes long to import.
    from engine.cli.opening import opened  # noqa: PLC0415

    with opened(session) as engine:
        case = engine.case(name)
        entries = engine.history(case.id)
        timers = engine.timers(case.id)
    ripe = [one.path for one in timers if one.status == "due"]
    bodies = [entry.body for entry in entries]
    return case.definition, progress_of(case.definition, case.state_of, bodies, ripe=ripe)


def _give(session: Session, drawing: Drawing, form: str, output: str | None) -> None:
    text = FORMS[form](drawing)
    if output is None:
        # As bytes, so that the drawing is the same whatever the locale and the platform's line ends are.
        click.echo(text.encode() if hasattr(sys.stdout, "buffer") else text, nl=False)
        return
    try:
        Path(output).write_bytes(text.encode())
    except OSError as error:
        raise CommandProblem(what="unwritable", file=output, why=os.strerror(error.errno or 0)) from error
    session.note(session.say("diagram.written", file=output))
