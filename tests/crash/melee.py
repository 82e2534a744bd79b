"""Several processes of ``crowd.py`` on one database at once, and what must be true afterwards.

Owns starting them together and counting: nothing that was answered is lost, nothing is there twice,
and nobody got an error.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kerjasama import Engine
from tests.crash.crowd import Task
from tests.endurance import TENANT, deploy, every_case, kinds, open_case, requests
from tests.places import ROOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured, for those who read the output."""

    acts: int
    seconds: float
    worst: float
    mean: float
    stale: int
    fired_by_sweep: int

    def __str__(self) -> str:
        rate = self.acts / self.seconds
        return (
            f"{self.acts} acts in {self.seconds:.1f} s: {rate:.0f}/s, "
            f"mean {self.mean * 1000:.1f} ms, worst {self.worst * 1000:.0f} ms, "
            f"{self.stale} stale, {self.fired_by_sweep} entries by sweeps"
        )


def fight(
    url: str,
    *,
    processes: int,
    threads: int,
    acts: int,
    cases: int = 8,
    sweepers: Sequence[int] = (),
    seconds: float | None = None,
) -> Figures:
    """Let processes fight over a few cases, and check what is left.

    Args:
        acts: Of each thread, at most.
        cases: How many there are; 0: the database is empty, and all of them make it at once.
        sweepers: How many threads of the first, second … process tick meanwhile.
    """
    ids = _open(url, cases)
    tasks = [
        Task(
            name=f"p{n}",
            cases=ids,
            threads=threads,
            acts=acts,
            sweepers=sweepers[n] if n < len(sweepers) else 0,
            seconds=seconds,
        )
        for n in range(processes)
    ]
    answers = _run(url, tasks)
    with Engine(url, tenant=TENANT, schema="check") as engine:
        check(engine, answers)
    took = max(answer["seconds"] for answer in answers)
    done = sum(len(answer["done"]) for answer in answers)
    stale = sum(answer["stale"] for answer in answers)
    return Figures(
        acts=done,
        seconds=took,
        worst=max(answer["worst"] for answer in answers),
        mean=sum(answer["waits"] for answer in answers) / max(1, done + stale),
        stale=stale,
        fired_by_sweep=sum(answer["fired"] for answer in answers),
    )


def _open(url: str, cases: int) -> list[str]:
    if not cases:
        return []
    with Engine(url, tenant=TENANT) as engine:
        return [open_case(deploy(engine)).id for _ in range(cases)]


def check(engine: Engine, answers: Sequence[dict[str, Any]]) -> None:
    """Check that what was answered is there once, and that nobody got an error."""
    errors = [error for answer in answers for error in answer["errors"]]
    assert errors == [], errors
    engine.tick()
    there: Counter[str] = Counter()
    fired = 0
    cases = every_case(engine)
    for case in cases:
        there.update(requests(engine, case.id))
        fired += kinds(engine, case.id)["clock_fired"]
    assert there == Counter(request for answer in answers for request in answer["done"])
    assert fired == sum(answer["sent"] for answer in answers)
    numbers = sorted(int(case.number.rpartition("/")[2]) for case in cases)
    assert numbers == list(range(1, len(cases) + 1))
    assert engine.dead_timers() == ()
    report = engine.ledger.verify()
    assert report.is_clean, report


def _run(url: str, tasks: Sequence[Task]) -> list[dict[str, Any]]:
    programs = [
        subprocess.Popen(
            [sys.executable, "tests/crash/crowd.py", url],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in tasks
    ]
    try:
        for program, task in zip(programs, tasks, strict=True):
            assert program.stdin is not None
            program.stdin.write(json.dumps(asdict(task)) + "\n")
            program.stdin.flush()
        for program in programs:
            assert program.stdout is not None
            assert program.stdout.readline() == "ready\n"
        for program in programs:
            assert program.stdin is not None
            program.stdin.write("go\n")
            program.stdin.flush()
        return [json.loads(program.communicate(timeout=300)[0]) for program in programs]
    finally:
        for program in programs:
            program.kill()
            program.communicate()
