"""``demo``: a whole cooperation in virtual time, on a database that is left for the reader.

Owns where the database is put, what may be replaced, and what is said at the end. The story itself is
``engine.cli.demo_story``. Virtual time is given to the engine here and nowhere else in the product; every
entry of the story is marked with it.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

import click

import engine.texts.cli_demo  # noqa: F401  (registers what the demonstration says)
from engine.cli.commands import command, option
from engine.cli.demo_story import EXAMPLE, Narrator, Story, VirtualClock, sequel
from engine.cli.failures import CommandProblem
from engine.cli.keeping import FOUND, progress
from engine.cli.opening import sqlite_file
from engine.cli.session import Session
from engine.runtime import Engine
from engine.store.inspection import mark, marked
from workflow.source.characters import visible

DATABASE = "demo.db"
MARK = 0x6B6A6430
"""Written into the file, so that an earlier demonstration is known and nothing else is replaced."""


@command("demo", has_json=False, database="demo-db")
@option("--quiet", "is_quiet", text="quiet", is_flag=True)
def demo_command(session: Session, is_quiet: bool) -> int:
    """Carry a whole cooperation to its end."""
    session.database = session.database or DATABASE
    file = sqlite_file(session.url)
    if file is None:
        raise CommandProblem(what="demo-on-file")
    _make_room(file)
    narrator = Narrator(session, is_quiet=is_quiet)
    clock = VirtualClock()
    with Engine(session.url, tenant=session.tenant, clock=clock) as engine:
        ended, agreement = Story(engine, clock, narrator).run()
    with Engine(session.url, tenant=session.tenant, clock=session.clock) as engine:
        waiting = sequel(engine, narrator)
        report = engine.ledger.verify(progress=progress(session))
    narrator.heading("verified")
    for finding in report.findings:
        session.out(f"  {finding.code}: {visible(session.text(finding.message))}")
    key = "verify.clean" if report.is_clean else "verify.found"
    counts = {"cases": report.cases, "entries": report.entries, "count": len(report.findings)}
    session.out("  " + session.say(key, **counts))
    narrator.heading("next")
    session.out("  " + session.say("demo.left", file=file, number=ended.number, waiting=waiting.number))
    for what, words in suggestions(session, ended.number, agreement.number, waiting.number):
        session.out()
        session.out("  " + session.say(f"demo.try.{what}"))
        session.out("    " + click.style(shlex.join([program(), *words]), bold=True))
    return 0 if report.is_clean else FOUND


def suggestions(session: Session, ended: str, agreement: str, waiting: str) -> list[tuple[str, list[str]]]:
    """Return what to try on the database, each as the words of a command that works there."""
    place = ["--db", str(session.database)]
    if session.tenant != "default":
        place += ["--tenant", session.tenant]
    budi = ["--as", "budi", "--role", "sekretariat_tkksd", "--party", "kukar"]
    return [
        ("cases", ["cases", *place]),
        ("history", ["history", ended, *place]),
        ("as-of", ["case", agreement, "--as-of", "2026-05-10", *place]),
        ("why", ["why", waiting, "batalkan", *budi, *place]),
        ("do", ["do", waiting, "ajukan_surat", *budi, "--field", "penawaran_nomor=100.3.7/15", *place]),
        ("open", ["open", "--file", EXAMPLE, *place]),
        ("verify", ["verify", *place]),
        ("doctor", ["doctor", *place]),
    ]


def program() -> str:
    """Return how to call this program from here: by name where that finds it, else by its path."""
    called = Path(sys.argv[0] or "kerjasama")
    found = shutil.which("kerjasama")
    is_ours = found is not None and called.exists() and Path(found).samefile(called)
    if is_ours or called.name != "kerjasama":
        return "kerjasama"
    here = Path.cwd()
    path = called.absolute()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _make_room(file: Path) -> None:
    """Put an empty, marked database in place of an earlier demonstration's; refuse to touch anything else.

    The mark is there before the file has its name: a demonstration that is killed can be run again.
    """
    try:
        if file.exists():
            with file.open("rb") as stream:
                head = stream.read(100)
            if marked(head) != MARK:
                raise CommandProblem(what="not-a-demo", file=str(file))
            for suffix in ("", "-wal", "-shm"):
                Path(f"{file}{suffix}").unlink(missing_ok=True)
        fresh = Path(f"{file}.new")
        mark(f"sqlite:///{fresh}", MARK)
        fresh.replace(file)
    except OSError as error:
        why = error.strerror or str(error)
        raise CommandProblem(what="demo-busy", file=str(file), why=why) from error
