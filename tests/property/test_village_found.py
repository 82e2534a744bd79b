"""What villages drawn by chance have found, each as short as it can be told."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.property.acting import PARTIES
from tests.property.rumpun import Shape
from tests.property.test_village_schedules import Schedule, at_every_due_instant, never, under
from tests.property.village import Codes, Happening, Village
from tests.unit.support import digests, local
from workflow.case import Actor, CaseAct, Fire, Open

OPD = Actor("opd-kukar", roles=["opd"], party="kukar")


def opened(on: str, name: str, workflow: str = "pokok", **fields: Any) -> Happening:
    """The opening of a head."""
    given = {"nilai": 2, **fields} if workflow == "pokok" else fields
    command = Open(case_id="", number=workflow, tenant="", by=OPD, parties=PARTIES, fields=given)
    return Happening(at=local(on), name=name, command=command)


def fired(on: str, name: str, trigger: str, *documents: str, by: Actor = OPD, **fields: Any) -> Happening:
    """A transition asked for by the agency."""
    command = Fire(trigger=trigger, by=by, fields=fields, documents=digests(*documents))
    return Happening(at=local(on), name=name, command=command)


def said(on: str, name: str, command: CaseAct) -> Happening:
    """An act that is no transition."""
    return Happening(at=local(on), name=name, command=command)


def played(shape: Shape, *happened: Happening, schedule: Schedule = never) -> Village:
    """Let it all happen, and let everything come to rest."""
    village = under(shape, happened, schedule, has_budget=True)
    village.check()
    return village


def last(shape: Shape, *happened: Happening) -> Codes:
    """Let it all happen; return the last answer."""
    return played(shape, *happened).answers[-1]


def test_fact_from_other_cases_takes_the_clocks_of_their_family_first() -> None:
    """A clock of the case that is looked at may read its parent, and may be what makes the answer."""
    parent = [
        opened("2026-02-02", "0"),
        fired("2026-02-02", "0", "buka_semua"),
        opened("2026-02-02", "1", "lepas", n=1),
    ]
    ask = fired("2026-02-26", "1", "lapor")  # the child has failed by now, whether a sweep ran or not
    assert last(Shape(), *parent, ask) == ("rule-failed",)
    assert last(Shape(), *parent, fired("2026-02-17", "1", "lapor")) == ()


def test_family_clock_that_holds_is_no_earlier_for_want_of_a_sweep() -> None:
    """A clock of the parent that waits for letters acts after one of the child that acts before it."""
    shape = Shape(holds=("9 days", ""), terms=(1, 2), at_end=("refuse", "close", "close"))
    happened = (
        opened("2026-02-02", "0", mulai=date(2026, 2, 2)),  # its clock is due on the 3rd, acts on the 13th
        fired("2026-02-02", "0", "buka_semua"),  # that of the child is due on the 4th
    )
    swept = played(shape, *happened, schedule=at_every_due_instant)
    assert swept.case("0.0").outcome == "gagal"
    assert swept.entries[swept.names["0.0"]][-1]["actor"] == {"id": "clock"}
    assert played(shape, *happened).told() == swept.told()


def test_family_day_of_a_clock_is_the_same_in_every_zone_whenever_it_is_looked_at() -> None:
    """A head ends at midnight in the east: its child in the west, where that day still is, ends on it too."""
    zones = ("Asia/Jayapura", "Asia/Jakarta", "Asia/Jakarta")
    happened = (
        opened("2026-02-02", "0", n=5, akhir=date(2026, 2, 10)),
        fired("2026-02-02", "0", "buka_semua"),
    )
    swept = played(Shape(zones=zones), *happened, schedule=at_every_due_instant)
    assert {one[-1]["effective_on"] for one in swept.entries.values()} == {"2026-02-10"}
    assert played(Shape(zones=zones), *happened).told() == swept.told()
