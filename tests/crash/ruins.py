"""What must be true of a database whose users were killed: the invariants, and who does the killing.

Owns the process that runs ``driver.py`` and everything that is held against the logs of its children.
The database is looked at by this process, which no run of theirs shares anything with.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engine import faults
from engine.views import HistoryEntry
from kerjasama import Engine
from tests.clocks import FakeClock
from tests.crash.driver import Logs, Run
from tests.endurance import TENANT, every_case
from tests.places import ROOT

START = datetime(2026, 1, 5, 1, tzinfo=UTC)
KILLED = -9
CRASHED = 137
ATTEMPTS = 20
"""Runs that may end before the moment at which they were to be killed."""

BREATHER = 4
"""After so many kills one run is let be, so that there is something to lose."""

RARE = ("sweep.", "outbox.taken", "outbox.delivered", "schema.")
"""Points that a run reaches a few times only."""


class Killer:
    """Lets runs be done and ended, one after the other."""

    def __init__(self, program: subprocess.Popen[str], seed: int) -> None:
        self._program = program
        self._random = random.Random(seed)
        self._runs = 0
        self._whole = 1.0
        self.kills = 0

    def do(self, **options: Any) -> int:
        """Do a run; returns how it ended."""
        self._runs += 1
        start = START + timedelta(days=7 * self._runs)
        run = Run(seed=self._runs, start=start.isoformat(), **options)
        assert self._program.stdin is not None and self._program.stdout is not None
        self._program.stdin.write(json.dumps(asdict(run)) + "\n")
        self._program.stdin.flush()
        answer = json.loads(self._program.stdout.readline())
        status: int = answer["status"]
        if status == 0 and not run.is_last:
            self._whole = answer["seconds"]
        if status in (KILLED, CRASHED):
            self.kills += 1
            if self.kills % BREATHER == 0:
                assert self.do() == 0
        return status

    def crash_at(self, point: str, count: int) -> None:
        """End a run where it reaches a point for the n-th time, or the first where that is too often."""
        status = self.do(fault=f"{point}:{count}")
        if status == 0:
            status = self.do(fault=point)
        assert status == CRASHED, f"{point} was not reached, status {status}"

    def crash_anywhere_at(self, point: str) -> None:
        """End a run where it reaches a point for a time chosen by chance."""
        self.crash_at(point, self._random.randint(1, 3 if point.startswith(RARE) else 12))

    def kill_anywhen(self, *, threads: int) -> None:
        """Kill a run at a moment chosen by chance."""
        steps = 40 // threads
        for _ in range(ATTEMPTS):
            after = self._random.uniform(0.0, self._whole)
            status = self.do(kill_after=after, threads=threads, steps=steps)
            if status == KILLED:
                return
            assert status == 0, f"the run failed, status {status}"
        raise AssertionError("every run ended before it was to be killed")

    def settle(self) -> None:
        """Let everything that was asked be answered and everything due be done."""
        assert self.do(is_last=True) == 0


@contextmanager
def killer(folder: Path, url: str, *, seed: int = 1) -> Iterator[Killer]:
    """Yield who does the killing on a database."""
    program = subprocess.Popen(
        [sys.executable, "tests/crash/driver.py", str(folder), url],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Killer(program, seed)
    except AssertionError as failure:
        failures = folder / "failures"
        told = failures.read_text(encoding="utf-8") if failures.exists() else ""
        raise AssertionError(f"{failure}\n{told}") from failure
    finally:
        program.kill()
        program.communicate()


class Ruins:
    """A database as it was left, and the logs of those who used it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.logs = Logs(folder)
        self.cases = every_case(engine)
        self.histories = {case.id: engine.history(case.id) for case in self.cases}

    def check(self) -> None:
        """Check what holds at every moment."""
        self.check_answers()
        self.check_numbers()
        for case_id, history in self.histories.items():
            check_clocks(case_id, history)
            check_duties(case_id, history)
        report = self.engine.ledger.verify()
        assert report.is_clean, report

    def check_settled(self) -> None:
        """Check what holds once nothing was left to be done."""
        self.check()
        asked = {one["request"] for one in self.logs.asked.read()}
        answered = {one["request"] for one in self.logs.answered.read()}
        assert answered == asked
        self.check_handed()
        assert self.engine.dead_timers() == ()
        assert self.engine.dead_letters("saksi") == ()

    def check_answers(self) -> None:
        """Every act that was answered is there exactly once; none is there that nobody asked."""
        there: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        for case_id, history in self.histories.items():
            for entry in history:
                if "request" in entry.body:
                    place = (case_id, entry.seq, entry.body["revision"])
                    there[entry.body["request"]].append(place)
        assert {name: places for name, places in there.items() if len(places) > 1} == {}
        assert set(there) <= {one["request"] for one in self.logs.asked.read()}
        for answer in self.logs.answered.read():
            places = there.get(answer["request"], [])
            if answer["is_done"]:
                [(case_id, seq, revision)] = places
                assert case_id == answer["case"]
                # What a command was answered with is its own entry, or one that it led to.
                assert seq <= answer["seq"]
                assert revision <= answer["revision"]
            else:
                assert places == [], answer

    def check_numbers(self) -> None:
        """Numbers are given without a gap and without one twice."""
        by_year: dict[str, list[int]] = defaultdict(list)
        for case in self.cases:
            series, _, n = case.number.rpartition("/")
            by_year[series].append(int(n))
        for series, numbers in by_year.items():
            assert sorted(numbers) == list(range(1, len(numbers) + 1)), series

    def check_handed(self) -> None:
        """Every entry and reminder was handed over, under one key, entries in order per case."""
        first: dict[str, dict[str, Any]] = {}
        for one in self.logs.handed.read():
            assert first.setdefault(one["key"], one) == one
        entries = [one for one in first.values() if one["seq"]]
        for case_id, history in self.histories.items():
            handed = [(one["seq"], one["topic"]) for one in entries if one["case"] == case_id]
            assert handed == [(entry.seq, f"case.{entry.kind}") for entry in history]
        reminders = Counter(
            (one["case"], one["topic"], one["mark"], one["at"]) for one in first.values() if not one["seq"]
        )
        assert {one: count for one, count in reminders.items() if count > 1} == {}


def check_clocks(case_id: str, history: tuple[HistoryEntry, ...]) -> None:
    """Every clock that was started ended once, and nothing is said of one that is not there."""
    status: dict[str, str] = {}
    for entry in history:
        records = entry.body.get("clocks", ())
        fired = [one["path"] for one in records if one["op"] == "fired"]
        for record in records:
            path, op = record["path"], record["op"]
            before = status.get(path, "none")
            assert before in BEFORE[op], (case_id, entry.seq, before, record)
            if op == "stopped":
                status.pop(path)
            elif op in AFTER:
                status[path] = AFTER[op]
            elif before != "suspended":  # moved or extended
                status[path] = "running"
        assert all(status.get(path) != "running" or path not in fired for path in fired)


BEFORE = {
    "started": ("none", "ended"),
    "fired": ("running",),
    "stopped": ("running", "suspended", "ended"),
    "suspended": ("running",),
    "resumed": ("suspended",),
    "moved": ("running", "suspended", "ended"),
    "extended": ("running", "suspended"),
}
"""What a clock may have been before each ``op``."""

AFTER = {"started": "running", "fired": "ended", "suspended": "suspended", "resumed": "running"}


def check_duties(case_id: str, history: tuple[HistoryEntry, ...]) -> None:
    """Every occurrence of a duty opened once, and was met or overdue at most once each."""
    counted: Counter[tuple[str, str, str, int]] = Counter()
    stay = 0
    for entry in history:
        for record in entry.body.get("obligations", ()):
            if record["op"] == "started":
                stay += 1
            counted[record["op"], record["path"], record["occurrence"], stay] += 1
    doubled = {
        what: count
        for what, count in counted.items()
        if count > 1 and what[0] in ("opened", "met", "overdue", "lapsed")
    }
    assert doubled == {}, case_id


@contextmanager
def ruins(folder: Path, url: str, *, weeks: int) -> Iterator[Ruins]:
    """Yield a database as it was left, looked at so many weeks after the first run."""
    clock = FakeClock(START + timedelta(days=7 * weeks + 60))
    with Engine(url, tenant=TENANT, clock=clock, schema="check") as engine:
        yield Ruins(engine, folder)


def every_point(*, but: tuple[str, ...] = ()) -> list[str]:
    """Return the names of the crash points."""
    return [name for name in faults.POINTS if name not in but]


__all__ = ["Killer", "Ruins", "every_point", "killer", "ruins"]
