"""What is measured: two small definitions, who acts on them, and an engine with cases on them.

The acts go back and forth, so that a case can be acted on for ever: each has a role, a guard and a
request id, stops one deadline and starts another, and leaves a history entry and an event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from kerjasama import Actor, Engine, Party
from workflow.case import CaseState, Decision, Fire, Open, World
from workflow.chart.process import Process
from workflow.loading.loader import load_definition
from workflow.source.text import parse
from workflow.step.decide import decide
from workflow.time.calendars import Calendar, load_calendar

HERE = Path(__file__).parent
SHIPPED = HERE.parent / "definitions"
CALENDAR = SHIPPED / "calendars" / "indonesia.yaml"
FLAT, TWO_REGIONS = HERE / "definitions" / "datar.yaml", HERE / "definitions" / "dua_jalur.yaml"

BEGIN = datetime(2026, 1, 5, 1, tzinfo=UTC)
AGENCY = Actor("rina", roles=("opd",), party="kukar")
SECRETARIAT = Actor("budi", roles=("sekretariat",), party="kukar")
ADMINISTRATOR = Actor("admin", roles=("administrator",))
PARTIES = (Party("kukar", side="pemrakarsa"),)
OPENING: Mapping[str, Any] = {"judul": "Pengelolaan air minum lintas daerah", "nilai": "1500000000"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A trigger, who asks for it and what is given."""

    trigger: str
    by: Actor
    fields: Mapping[str, Any]


THERE = Act(trigger="ajukan", by=AGENCY, fields={"kategori": "wajib"})
BACK = Act(trigger="putuskan", by=SECRETARIAT, fields={"hasil": "perbaikan"})


class Clock:
    """Virtual time: an instant that moves only when told to."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        """Return the instant."""
        return self.now

    def pass_by(self, days: int) -> None:
        """Move on."""
        self.now += timedelta(days=days)


class Files:
    """Reads what a definition names out of the shipped definitions."""

    def read(self, relative_path: str, from_file: str) -> tuple[str, bytes]:
        """Return a file's name and bytes."""
        return relative_path, (SHIPPED / relative_path).read_bytes()


def calendar() -> Calendar:
    """Return the shipped calendar."""
    found, _ = load_calendar(parse(CALENDAR.read_bytes(), file=CALENDAR.name), lambda name: None)
    assert found is not None
    return found


def process(path: Path) -> Process:
    """Return a definition made ready."""
    loaded = load_definition(parse(path.read_bytes(), file=path.name), resolve=Files())
    assert loaded.definition is not None, loaded.diagnostics
    return Process(loaded.definition)


def deciding(path: Path) -> Callable[[], object]:
    """Return ``decide`` on a case of a definition, ready to be called again and again."""
    ready, days_off = process(path), calendar()

    def world(days: int) -> World:
        return World(now=BEGIN + timedelta(days=days), calendar=lambda name: days_off)

    opening = Open(
        case_id="019b8c4e-0000-7000-8000-000000000001",
        number="datar/2026/1",
        tenant="kukar",
        by=AGENCY,
        parties=PARTIES,
        fields=OPENING,
    )
    case, today = _case(decide(ready, None, opening, world(0))), world(1)
    command = Fire(trigger=THERE.trigger, by=THERE.by, fields=THERE.fields, request_id="r-1")
    _case(decide(ready, case, command, today))
    return lambda: decide(ready, case, command, today)


def _case(outcome: object) -> CaseState:
    assert isinstance(outcome, Decision), outcome
    return outcome.case


class Bench:
    """An engine with cases on the flat definition; every act asks with a request id of its own."""

    def __init__(self, url: str, *, synchronous: str = "FULL", clock: Clock | None = None) -> None:
        self._open = partial(Engine, url, tenant="kukar", synchronous=synchronous, clock=clock)
        self.engine = self._open()
        self.ids: list[str] = []
        self._round = 0

    def prepare(self, cases: int) -> None:
        """Deploy, and open cases."""
        self.engine.deploy(CALENDAR, by=ADMINISTRATOR)
        self.engine.deploy(FLAT, by=ADMINISTRATOR)
        for n in range(cases):
            case = self.engine.open(
                "datar", by=AGENCY, fields=OPENING, parties=PARTIES, request_id=f"open-{n:06}"
            )
            self.ids.append(case.id)

    def reopen(self, between: Callable[[], object]) -> None:
        """Close every connection, do something, and go on."""
        self.engine.close()
        between()
        self.engine = self._open()

    def fire_each(self) -> None:
        """Act on every case once: there in one round, back in the next."""
        act, self._round = (BACK if self._round % 2 else THERE), self._round + 1
        fire, label = self.engine.fire, f"{self._round:06}"
        for n, case_id in enumerate(self.ids):
            fire(case_id, act.trigger, by=act.by, fields=act.fields, request_id=f"r-{label}-{n:06}")

    def close(self) -> None:
        """Close the engine."""
        self.engine.close()
