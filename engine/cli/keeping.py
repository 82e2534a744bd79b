"""``verify`` and ``tick``: proving that history is whole, and taking what is due."""

from __future__ import annotations

import logging
from collections.abc import Callable

import click

from engine.cli.commands import command, option
from engine.cli.opening import opened
from engine.cli.session import Session
from workflow.source.characters import visible

FOUND = 1
EVERY = 200
"""How many cases pass between two lines of progress where nobody watches a terminal."""


@command("verify")
@click.argument("case", required=False)
@option("--documents/--no-documents", "documents", text="documents", default=True)
def verify_command(session: Session, case: str | None, documents: bool) -> int:
    """Verify history."""
    with opened(session) as engine:
        report = engine.ledger.verify(case, documents=documents, progress=progress(session))
    if session.as_json:
        session.json(
            {
                "is_clean": report.is_clean,
                "cases": report.cases,
                "entries": report.entries,
                "findings": [finding.to_json() for finding in report.findings],
            }
        )
        return 0 if report.is_clean else FOUND
    for finding in report.findings:
        color = "yellow" if finding.is_warning else "red"
        place = " ".join(
            str(part) for part in (finding.number or finding.case, finding.seq) if part is not None
        )
        code = click.style(finding.code, fg=color, bold=True)
        session.out(f"{code} {place}: {visible(session.text(finding.message))}".replace(" :", ":"))
    key = "verify.clean" if report.is_clean else "verify.found"
    counts = {"cases": report.cases, "entries": report.entries, "count": len(report.findings)}
    session.out(session.say(key, **counts))
    return 0 if report.is_clean else FOUND


def progress(session: Session) -> Callable[[int, int], None]:
    """Return what says how far a long verification is: one line that changes on a terminal, few elsewhere."""
    is_watched = session.is_watched()

    def told(done: int, total: int) -> None:
        if is_watched and total > 1:
            session.note("\r" + session.say("verify.progress", done=done, total=total), newline=done == total)
        elif not is_watched and done % EVERY == 0:
            session.note(session.say("verify.progress", done=done, total=total))

    return told


@command("tick")
def tick_command(session: Session) -> int:
    """Take what is due now."""
    if not session.debug:
        # The sweep logs what fails with its traceback; here the count and a hint are enough.
        logging.getLogger("kerjasama").addHandler(logging.NullHandler())
    with opened(session) as engine:
        swept = engine.tick()
    counts = {
        "cases": swept.cases,
        "entries": swept.entries,
        "reminders": swept.reminders,
        "failed": swept.failed,
        "busy": swept.busy,
    }
    if session.as_json:
        session.json(counts)
    else:
        session.out(session.say("tick", **counts))
    if swept.failed:
        session.note(session.say("tick.failed"))
    return FOUND if swept.failed else 0
