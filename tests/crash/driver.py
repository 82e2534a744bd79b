"""A program that works on a database in child processes, each of which is ended at a moment given.

Usage: ``driver.py FOLDER URL``. Reads one JSON object a line from standard input, a run (`Run`), forks a
child that does it, and answers with one line: how the child ended and after how many seconds. Forking
spares every run the start of an interpreter; no engine is alive in the parent.

What a child is about to ask stands in ``FOLDER/asked`` before the call, what it was answered in
``FOLDER/answered`` after the call returned, what its consumer was handed in ``FOLDER/handed``: each a
line of JSON that is on the disk before the child goes on. A run begins by asking again, under the same
request ids, whatever was asked before and not answered.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from engine import faults
from engine.store.port import Delivery
from kerjasama import Case, Engine, Refused
from tests.clocks import FakeClock
from tests.crash import kindred
from tests.endurance import OFFICER, TENANT, deploy, every_case

CONSUMER = "saksi"
OF_FAMILIES = 0.5
"""How many of the acts are upon families, whose locks and writes are those of several cases."""

HEADS = 3
"""So many families are kept going at once."""

OPEN = "buka"
LIKELY = {
    "kerja": ["catat"] * 4 + ["kirim"] * 7 + ["mulai_wajib"] * 4 + ["jawab", "tutup"],
    "menunggu": ["catat"] * 3 + ["kirim", "jawab"],
    "wajib_lapor": ["catat"] * 3 + ["lapor"] * 6 + ["kirim", "akhiri_wajib"],
}
"""What a case is asked in each state, more often what is written more often; some of it is refused."""

WEEK = timedelta(days=6)
"""So much time passes in one run at most; the next one starts a week later."""

SETTLING = timedelta(days=45)
"""After so long every clock and duty of a case that is left alone has acted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a child.

    Attributes:
        seed: What it does follows from this.
        start: The instant at which its clock stands first, ISO.
        steps: Acts of each thread.
        threads: Threads that act; one more lets time pass and ticks.
        fault: A crash point with a count, as ``KERJASAMA_FAULT`` takes it.
        kill_after: Seconds after which the child gets SIGKILL.
        is_last: Let time pass until everything is done, instead of acting.
    """

    seed: int
    start: str
    steps: int = 40
    threads: int = 1
    fault: str | None = None
    kill_after: float | None = None
    is_last: bool = False


class Log:
    """Lines of JSON that are on the disk when `write` returns."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, line: Mapping[str, Any]) -> None:
        """Append a line in one call of the system; what was torn before stays on a line of its own."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, b"\n" + json.dumps(line).encode() + b"\n")
        os.fsync(descriptor)
        os.close(descriptor)

    def read(self) -> list[dict[str, Any]]:
        """Return every whole line."""
        return list(self._lines()) if self.path.exists() else []

    def _lines(self) -> Iterator[dict[str, Any]]:
        for line in self.path.read_bytes().split(b"\n"):
            if line.endswith(b"}"):
                yield json.loads(line)


class Logs:
    """The logs of a folder."""

    def __init__(self, folder: Path) -> None:
        self.asked = Log(folder / "asked")
        self.answered = Log(folder / "answered")
        self.handed = Log(folder / "handed")


class Worker:
    """Asks an engine and logs it."""

    def __init__(self, engine: Engine, clock: FakeClock, logs: Logs, run: Run) -> None:
        self.engine = engine
        self.clock = clock
        self.logs = logs
        self.run = run

    def hand(self, event: Delivery) -> None:
        """Take an event as the consumer."""
        line = {"key": event.key, "case": event.case_id, "seq": event.seq, "topic": event.topic}
        if event.topic.startswith("reminder."):
            body = json.loads(event.payload)
            line |= {"mark": body["mark"], "at": body["remind_at"]}
        self.logs.handed.write(line)

    def recover(self) -> None:
        """Ask again what got no answer, and some of what did."""
        answered = {one["request"]: one for one in self.logs.answered.read()}
        asked = self.logs.asked.read()
        for one in asked:
            if one["request"] not in answered:
                self.answer(one)
        for one in asked[-3:]:
            before = answered.get(one["request"], {})
            if before.get("is_done"):
                again = self._ask(one)
                if (again.id, again.revision, again.state_of.seq) != (
                    before["case"],
                    before["revision"],
                    before["seq"],
                ):
                    raise AssertionError(f"another answer to {one}: {again}, before {before}")

    def act(self, random_: random.Random, name: str) -> None:
        """Do ``steps`` acts chosen by chance."""
        for step in range(self.run.steps):
            one = self._choose(random_) | {"request": f"{name}-{step}"}
            self.logs.asked.write(one)
            self.answer(one)

    def answer(self, one: dict[str, Any]) -> None:
        """Ask, and log the answer once it is there."""
        try:
            case = self._ask(one)
        except Refused as refused:
            self.logs.answered.write({"request": one["request"], "is_done": False, "code": refused.code})
            return
        seen = {"case": case.id, "revision": case.revision, "seq": case.state_of.seq, "number": case.number}
        self.logs.answered.write({"request": one["request"], "is_done": True, **seen})

    def _ask(self, one: Mapping[str, Any]) -> Case:
        if "does" in one:
            return kindred.ask(self.engine, one)
        fields = dict(one["fields"])
        if one["trigger"] == OPEN:
            return self.engine.open("ketahanan", by=OFFICER, fields=fields, request_id=one["request"])
        if "sejak" in fields:
            fields["sejak"] = date.fromisoformat(fields["sejak"])
        return self.engine.fire(
            one["case"],
            one["trigger"],
            by=OFFICER,
            fields=fields,
            documents={"berkas": one["file"].encode()} if "file" in one else None,
            reason=one.get("reason"),
            request_id=one["request"],
        )

    def _choose(self, random_: random.Random) -> dict[str, Any]:
        every = [case for case in every_case(self.engine) if case.closed_at is None]
        related = [case for case in every if case.workflow in kindred.WORKFLOWS]
        if random_.random() < OF_FAMILIES:
            if sum(case.parent is None for case in related) < HEADS:
                return kindred.opening(random_, self.clock())
            return kindred.act(random_, random_.choice(related), self.clock())
        cases = [case for case in every if case.workflow not in kindred.WORKFLOWS]
        if len(cases) < 6 or random_.random() < 0.05:
            return {"trigger": OPEN, "fields": {"judul": "Uji", "narahubung": f"p-{random_.randrange(99)}"}}
        case = random_.choice(cases)
        trigger = random_.choice(LIKELY[case.state])
        chosen: dict[str, Any] = {"case": case.id, "trigger": trigger, "fields": {}}
        if trigger == "catat":
            chosen["fields"] = {
                "urutan": random_.randrange(10**9),
                "narahubung": f"p-{random_.randrange(99)}",
            }
        elif trigger == "kirim":
            since = self.clock().date() - timedelta(days=random_.randrange(13))
            chosen |= {"fields": {"sejak": since.isoformat()}, "file": f"berkas {random_.randrange(5)}"}
        elif trigger == "tutup":
            chosen["reason"] = "Selesai"
        return chosen

    def pass_time(self, random_: random.Random) -> None:
        """Let an hour or some pass, sweep and deliver."""
        if self.clock() - datetime.fromisoformat(self.run.start) < WEEK:
            self.clock.advance(timedelta(minutes=random_.randrange(300)))
        self.engine.tick()

    def settle(self) -> None:
        """Let everything that is left alone come to its end."""
        self.clock.advance(SETTLING)
        for _ in range(3):
            self.engine.tick()
            self.clock.advance(timedelta(minutes=10))


def work(folder: Path, url: str, run: Run) -> None:
    """Do a run to its end, if nothing ends it before."""
    os.environ[faults.VARIABLE] = run.fault or ""
    clock = FakeClock(datetime.fromisoformat(run.start))
    random_ = random.Random(run.seed)
    with Engine(url, tenant=TENANT, clock=clock) as engine:
        worker = Worker(kindred.deploy(deploy(engine)), clock, Logs(folder), run)
        engine.subscribe(CONSUMER, "*", worker.hand, from_start=True)
        worker.recover()
        if run.is_last:
            worker.settle()
            return
        failures: list[BaseException] = []

        def act(n: int) -> None:
            try:
                worker.act(random.Random(run.seed * 1000 + n), f"{run.seed}-{n}")
            except BaseException as failure:  # noqa: BLE001 - told by the thread that can end the child
                failures.append(failure)

        threads = [threading.Thread(target=act, args=(n,)) for n in range(run.threads)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            worker.pass_time(random_)
            threads[0].join(0.01)
        worker.pass_time(random_)
        if failures:
            raise failures[0]


def child(folder: Path, url: str, run: Run) -> None:
    """Do a run and end the process, with status 1 where it failed."""
    try:
        work(folder, url, run)
    except BaseException:  # noqa: BLE001 - whatever it is, the parent is told by the status
        with (folder / "failures").open("a", encoding="utf-8") as file:
            traceback.print_exc(file=file)
        os._exit(1)
    os._exit(0)


def lead(folder: Path, url: str, run: Run) -> dict[str, Any]:
    """Let a child do a run, kill it when its time has come, and say how it ended."""
    reading, writing = os.pipe()
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.close(reading)  # the other end stays open for as long as the child lives
        child(folder, url, run)
    os.close(writing)
    if run.kill_after is not None and not select.select([reading], [], [], run.kill_after)[0]:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(reading)
    return {"status": os.waitstatus_to_exitcode(status), "seconds": time.monotonic() - began}


def main(folder: Path, url: str) -> None:
    """Do the runs that are asked for on standard input."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(lead(folder, url, Run(**json.loads(line)))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
