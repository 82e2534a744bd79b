"""A program that does one act after the other in child processes, each ended at a named crash point.

Usage: ``one_act.py URL``. Reads one JSON object a line from standard input (an act as `kindred.ask` takes it,
or ``does: tick``, with ``now``, and ``point`` where it is to be ended), forks a child that does it, and
answers with one line: how the child ended, and the points that it passed where it was let be.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine import faults
from kerjasama import Engine
from tests.clocks import FakeClock
from tests.crash import kindred
from tests.endurance import TENANT

FAILED = 3
COMMITS = ("store.committing", "store.committed")
"""Points that are passed by transactions, too, in which facts were looked up."""


def do(url: str, one: Mapping[str, Any]) -> list[str]:
    """Do an act; return the crash points that were passed, each once, in order."""
    passed: dict[str, None] = {}
    clock = FakeClock(datetime.fromisoformat(one["now"]))
    with Engine(url, tenant=TENANT, clock=clock, schema="check") as engine:
        engine.provide("pagu", lambda request: True)
        # Another name each time: what one who was killed has leased is his until the lease ends.
        engine.subscribe(f"saksi-{os.getpid()}", "*", lambda event: None)
        for point in faults.POINTS:
            faults.arm(point, _noting(passed, point, is_last=point == one["point"]))
        try:
            if one["does"] == "tick":
                swept = engine.tick()
                if swept.failed or swept.busy:
                    raise AssertionError(swept)
            else:
                kindred.ask(engine, one)
        finally:
            faults.disarm()
    return list(passed)


def _noting(passed: dict[str, None], point: str, *, is_last: bool) -> Callable[[], None]:
    """Return what to do at a point: note it, or end the process, of commits at the first that writes."""

    def note() -> None:
        passed.setdefault(point)
        if is_last and (point not in COMMITS or "store.applied" in passed):
            faults.crash()

    return note


def lead(url: str, one: Mapping[str, Any]) -> dict[str, Any]:
    """Let a child do an act, and say how it ended."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writing, json.dumps(do(url, one)).encode())
        except BaseException as failure:  # noqa: BLE001 - whatever it is, the parent is told
            os.write(writing, json.dumps([f"{type(failure).__name__}: {failure}"]).encode())
            os._exit(FAILED)
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(pid, 0)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    return {"status": os.waitstatus_to_exitcode(status), "passed": json.loads(said) if said else []}


def main(url: str) -> None:
    """Do the acts that are asked for on standard input."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(lead(url, json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
