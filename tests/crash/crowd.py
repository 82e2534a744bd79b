"""A program in which many threads use one engine; several of it run at once on one database.

Usage: ``crowd.py URL`` with one JSON object (`Task`) on standard input. Prints ``ready``, waits for a line,
works, and prints one JSON object with what it was answered. Every act is always allowed: whatever is
not an answer is an error.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from kerjasama import Engine, StaleCase
from tests.endurance import TENANT, deploy, note, open_case, send


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a process does.

    Attributes:
        name: Tells its request ids from those of the others.
        cases: Ids of the cases that all fight over; none: it makes the database and a case of its own.
        threads: Threads that act, ``sweepers`` threads that tick meanwhile.
        acts: Acts of each thread at most.
        seconds: After so long no thread begins another act; ``None``: all are done.
    """

    name: str
    cases: list[str]
    threads: int
    acts: int
    sweepers: int = 0
    seconds: float | None = None


@dataclass(slots=True)
class Seen:
    """What a process was answered."""

    done: list[str] = field(default_factory=list)
    sent: int = 0
    stale: int = 0
    fired: int = 0
    worst: float = 0.0
    waits: float = 0.0
    errors: list[str] = field(default_factory=list)


class Crowd:
    """The threads of one process."""

    def __init__(self, engine: Engine, task: Task) -> None:
        self._engine = engine
        self._task = task
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._end = float("inf")
        self.seen = Seen()

    def run(self) -> float:
        """Act until all is done; returns how long it took."""
        task = self._task
        began = time.monotonic()
        if task.seconds is not None:
            self._end = began + task.seconds
        actors = [threading.Thread(target=self._guard, args=(self._act, n)) for n in range(task.threads)]
        sweepers = [threading.Thread(target=self._guard, args=(self._sweep, n)) for n in range(task.sweepers)]
        for thread in (*actors, *sweepers):
            thread.start()
        for thread in actors:
            thread.join()
        took = time.monotonic() - began
        self._is_over.set()
        for thread in sweepers:
            thread.join()
        return took

    def _guard(self, act: Callable[[int], None], n: int) -> None:
        try:
            act(n)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody should have got it
            with self._lock:
                self.seen.errors.append(f"{type(error).__name__}: {error}")

    def _sweep(self, n: int) -> None:
        while not self._is_over.is_set():
            swept = self._engine.tick()
            with self._lock:
                self.seen.fired += swept.entries

    def _act(self, n: int) -> None:
        random_ = random.Random(f"{self._task.name}-{n}")
        for act in range(self._task.acts):
            if time.monotonic() > self._end:
                return
            request = f"{self._task.name}-{n}-{act}"
            began = time.monotonic()
            what = self._one(random_, request)
            waited = time.monotonic() - began
            with self._lock:
                self.seen.worst = max(self.seen.worst, waited)
                self.seen.waits += waited
                if what == "stale":
                    self.seen.stale += 1
                    continue
                self.seen.done.append(request)
                self.seen.sent += what == "sent"

    def _one(self, random_: random.Random, request: str) -> str:
        case_id, chance = random_.choice(self._task.cases), random_.random()
        if chance < 0.02:
            open_case(self._engine, request_id=request)
        elif chance < 0.25:
            send(self._engine, case_id, request_id=request)
            return "sent"
        elif chance < 0.4:
            expected = self._engine.case(case_id).revision
            try:
                note(self._engine, case_id, random_.randrange(10**9), request_id=request, expect=expected)
            except StaleCase:
                return "stale"
        else:
            note(self._engine, case_id, random_.randrange(10**9), request_id=request)
        return "noted"


def wait() -> None:
    """Say that all is ready, and wait until the others are."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()


def main(url: str) -> dict[str, Any]:
    """Do the task that comes on standard input."""
    task = Task(**json.loads(sys.stdin.readline()))
    if not task.cases:
        wait()
    with Engine(url, tenant=TENANT) as engine:
        if task.cases:
            wait()
        else:
            task = replace(task, cases=[open_case(deploy(engine)).id])
        crowd = Crowd(engine, task)
        seconds = crowd.run()
        seen = crowd.seen
        return {
            "done": seen.done,
            "sent": seen.sent,
            "stale": seen.stale,
            "fired": seen.fired,
            "worst": seen.worst,
            "waits": seen.waits,
            "errors": seen.errors,
            "seconds": seconds,
        }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1])) + "\n")
