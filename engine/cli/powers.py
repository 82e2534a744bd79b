"""``suspend``, ``resume``, ``extend``, ``correct``, ``attach``: acts on a case that are no transitions.

Owns nothing but the way from options to one call of the embedding API each.
"""

from __future__ import annotations

from typing import Any

import click

from engine.cli.acting import done
from engine.cli.commands import command, option
from engine.cli.opening import opened
from engine.cli.people import Act, act_options
from engine.cli.session import Session

_expect = option("--expect", "expect", text="expect", metavar="N", type=int)


def _said(act: Act, expect: int | None) -> dict[str, Any]:
    return {
        "by": act.actor,
        "reason": act.reason,
        "comment": act.comment,
        "request_id": act.request_id,
        "expect": expect,
        **act.named,
    }


@command("suspend")
@click.argument("case")
@act_options
@_expect
def suspend_command(session: Session, case: str, expect: int | None, act: Act) -> None:
    """Suspend a case."""
    with opened(session) as engine:
        done(session, engine, engine.suspend(case, **_said(act, expect)), "done")


@command("resume")
@click.argument("case")
@act_options
@_expect
def resume_command(session: Session, case: str, expect: int | None, act: Act) -> None:
    """Resume a suspended case."""
    with opened(session) as engine:
        done(session, engine, engine.resume(case, **_said(act, expect)), "done")


@command("extend")
@click.argument("case")
@click.argument("deadline")
@click.argument("duration")
@act_options
@_expect
def extend_command(
    session: Session, case: str, deadline: str, duration: str, expect: int | None, act: Act
) -> None:
    """Give a deadline more time."""
    with opened(session) as engine:
        after = engine.extend(case, deadline, duration, **_said(act, expect))
        done(session, engine, after, "done")


@command("correct")
@click.argument("case")
@act_options
@_expect
def correct_command(session: Session, case: str, expect: int | None, act: Act) -> None:
    """Correct fields."""
    with opened(session) as engine:
        found = engine.case(case)
        fields = act.fields(found.definition, "correct")
        done(session, engine, engine.correct(found.id, fields, **_said(act, expect)), "done")


@command("attach")
@click.argument("case")
@act_options
@_expect
def attach_command(session: Session, case: str, expect: int | None, act: Act) -> None:
    """Attach documents."""
    with opened(session) as engine:
        after = engine.attach(case, act.documents, **_said(act, expect))
        done(session, engine, after, "done")
