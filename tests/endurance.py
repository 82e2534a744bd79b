"""The small workflow of ``tests/material/ketahanan.yaml``, for tests of the engine rather than of the law.

Owns who acts in it, deploying it, and what is counted in its histories. Used by the crash, concurrency,
clock, outbox and host tests.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from kerjasama import Actor, Case, Engine
from tests.places import DEFINITIONS, ROOT

DEFINITION = ROOT / "tests" / "material" / "ketahanan.yaml"
CALENDAR = DEFINITIONS / "calendars" / "indonesia.yaml"
TENANT = "kukar"

ADMIN = Actor("admin", roles=["administrator"])
OFFICER = Actor("rina", roles=["petugas"])
STRANGER = Actor("tamu", roles=["pengunjung"])

LONG_AGO = date(2025, 6, 2)
"""A start from which every clock of the workflow has run out."""


def deploy(engine: Engine) -> Engine:
    """Load the calendar and deploy the workflow; both are no news where they are there."""
    engine.deploy(CALENDAR, by=ADMIN)
    engine.deploy(DEFINITION, by=ADMIN)
    return engine


def open_case(engine: Engine, title: str = "Uji", **options: Any) -> Case:
    """Open a case."""
    return engine.open("ketahanan", by=OFFICER, fields={"judul": title}, **options)


def note(engine: Engine, case_id: str, number: int = 1, **options: Any) -> Case:
    """Note a number: an act that is always allowed and goes nowhere."""
    return engine.fire(case_id, "catat", by=OFFICER, fields={"urutan": number}, **options)


def send(engine: Engine, case_id: str, since: date = LONG_AGO, **options: Any) -> Case:
    """Send, and wait ten days since ``since``; then a clock brings the case back to work."""
    return engine.fire(
        case_id,
        "kirim",
        by=OFFICER,
        fields={"sejak": since},
        documents={"berkas": since.isoformat().encode()},
        **options,
    )


def close(engine: Engine, case_id: str, **options: Any) -> Case:
    """Close the case."""
    return engine.fire(case_id, "tutup", by=OFFICER, reason="Selesai", **options)


def kinds(engine: Engine, case_id: str) -> Counter[str]:
    """Count the entries of a case by kind."""
    return Counter(entry.kind for entry in engine.history(case_id))


def requests(engine: Engine, case_id: str) -> Counter[str]:
    """Count the entries of a case by the request id that led to them."""
    found = (entry.body.get("request") for entry in engine.history(case_id))
    return Counter(str(one) for one in found if one is not None)


def every_case(engine: Engine) -> list[Case]:
    """Return all cases."""
    cases: list[Case] = []
    after: str | None = None
    while True:
        page = engine.cases(after=after, limit=500)
        cases.extend(page.items)
        after = page.next
        if after is None:
            return cases
