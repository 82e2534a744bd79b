"""Random acts upon families of cases: every kind of act there is, by people with and without a mandate.

Owns the drawing of a `Happening` from what a `Village` offers at that moment; most of what is drawn is
good. Nothing here judges.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.property.acting import PARTIES, fits, next_act, pass_time, people, values
from tests.property.village import Happening, Village
from tests.unit.support import digests
from workflow.case import Actor, Attach, CaseAct, CaseState, Correct, Extend, Fire, Open, Resume, Suspend
from workflow.chart.process import Process
from workflow.definition import Power
from workflow.durations import Duration, Unit

MANY = (*PARTIES, replace(PARTIES[1], id="paser"))
"""Two parties on the other side, so that ``for_each`` opens two."""

KINDS = ("fire",) * 11 + ("suspend", "suspend", "extend", "extend", "correct", "correct", "attach", "open")


def happening(draw: Any, village: Village, *, most_heads: int = 3) -> Happening:
    """Draw what happens next, after some time has passed."""
    village.now = pass_time(draw, village.now)
    return at_once(draw, village, most_heads=most_heads)


def at_once(draw: Any, village: Village, *, most_heads: int = 3) -> Happening:
    """Draw what happens now."""
    going = [name for name in village.names if village.case(name).closed_at is None]
    kind = draw(st.sampled_from(KINDS))
    heads = len(village.heads())
    if not heads or (kind == "open" and heads < most_heads):
        return opening(draw, village.now, str(heads))
    name = draw(st.sampled_from(going or list(village.names)))
    process, case, world = village.seen(name)
    if case.suspension is not None and draw(st.integers(0, 2)):
        kind = "resume"
    if kind in ("fire", "open"):
        fire = draw(next_act(process, case, world, process.definition.timezone))
        command: Fire | CaseAct = draw_recorded(draw, process, case, fire)
    else:
        command = case_act(draw, process, case, kind, _today(process, village.now))
    return Happening(at=village.now, name=name, command=command)


def opening(draw: Any, at: datetime, name: str) -> Happening:
    """Draw the opening of a head: the number says of which workflow until it has one of its own."""
    workflow = draw(st.sampled_from(["pokok", "pokok", "pokok", "lepas"]))
    near = st.integers(-5, 25).map(lambda days: at.date() + timedelta(days=days))
    given: dict[str, Any] = {"n": draw(st.integers(0, 5)), "mulai": draw(near)}
    if workflow == "pokok":
        given |= {"nilai": draw(st.integers(0, 5)), "akhir": draw(near), "kontak": "Siti"}
    for optional in ("mulai", "akhir", "n", "kontak"):
        if optional in given and draw(st.integers(0, 2)) == 2:
            del given[optional]
    return Happening(
        at=at,
        name=name,
        command=Open(
            case_id="", number=workflow, tenant="", by=Actor("opd-kukar", roles=["opd"], party="kukar"),
            parties=draw(st.sampled_from([PARTIES, MANY])), fields=given,
        ),
    )  # fmt: skip


def draw_recorded(draw: Any, process: Process, case: CaseState, fire: Fire) -> Fire:
    """Let somebody record the act for another, now and then."""
    if draw(st.integers(0, 5)) < 5:
        return fire
    handler = process.handlers.get(fire.trigger)
    roles = [ref.role for ref in handler.by] if handler is not None and handler.by else ["opd"]
    return replace(
        fire,
        by=draw(st.sampled_from([one for one in people(process.definition) if one.party == "kukar"])),
        as_role=draw(st.sampled_from(roles)),
        for_party=draw(st.sampled_from([None, *(str(one["id"]) for one in case.parties)])),
    )


def case_act(draw: Any, process: Process, case: CaseState, kind: str, today: date) -> CaseAct:
    """Draw an act that is no transition, by somebody who may, mostly."""
    definition = process.definition
    power: Power | None = {
        "suspend": definition.suspension,
        "resume": definition.suspension,
        "extend": definition.extension,
        "correct": definition.correction,
        "attach": definition.attachment,
    }[kind]
    everyone = people(definition)
    able = [one for one in everyone if power and any(fits(definition, ref, one) for ref in power.by)]
    is_good = draw(st.integers(0, 7)) < 7
    lag = draw(st.sampled_from([0, 0, 0, 0, 0, 1, 3, 12]))
    said: dict[str, Any] = {
        "by": draw(st.sampled_from(able if able and is_good else everyone)),
        "reason": "karena" if is_good or draw(st.booleans()) else None,
        "effective_on": today - timedelta(days=lag) if lag else None,
    }
    if kind == "suspend":
        return Suspend(**said)
    if kind == "resume":
        return Resume(**said)
    if kind == "extend":
        clocks = [*(power.of if power else ()), *case.clocks] or ["batas"]
        unit = draw(st.sampled_from([Unit.DAYS, Unit.DAYS, Unit.WORKING_DAYS]))
        within = Duration(draw(st.integers(0, 7)), unit)
        return Extend(**said, deadline=draw(st.sampled_from(clocks)), within=within)
    if kind == "correct":
        names = list(power.fields if power and is_good else definition.fields)
        chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
        given = {name: draw(values(definition.fields[name], today)) for name in chosen}
        if not is_good:
            given[chosen[0]] = None
        return Correct(**said, fields=given)
    documents = list(power.documents if power and is_good else definition.documents) or ["kb"]
    chosen = draw(st.lists(st.sampled_from(documents), min_size=1, max_size=2, unique=True))
    return Attach(**said, documents=digests(*(f"{name}@{draw(st.integers(1, 3))}" for name in chosen)))


def said_of(command: Fire | CaseAct) -> dict[str, Any]:
    """What a command says besides who acts, on what, and with which files, as the engine takes it."""
    left = {"trigger", "by", "documents", "media", "deadline", "within", "fields"}
    names = [one.name for one in fields(command) if one.name not in left]
    return {name: getattr(command, name) for name in names if getattr(command, name) is not None}


def _today(process: Process, now: datetime) -> date:
    return now.astimezone(ZoneInfo(process.definition.timezone)).date()
