"""A program that forks with engines alive; run by ``tests/contract/test_engine_clock.py``.

Usage: ``forked.py SCENARIO URL``. Prints what it saw as one JSON object; a child's part comes through a
pipe; most end as ordinary programs do, with everything that an exit cleans up.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

from kerjasama import Engine
from tests.endurance import TENANT, deploy, every_case, kinds, note, open_case, requests, send

PATIENCE = 60.0
FORKS = 4


def fork(act: Callable[[], dict[str, Any]], *, is_abrupt: bool = False) -> Callable[[], dict[str, Any]]:
    """Let a child do ``act`` and end, abruptly or as programs do; returns what waits for its answer."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(reading)
        answer = json.dumps(act()).encode()
        os.write(writing, answer)
        os.close(writing)
        if is_abrupt:
            os._exit(0)
        sys.exit(0)
    os.close(writing)

    def wait() -> dict[str, Any]:
        with os.fdopen(reading, "rb") as pipe:
            text = pipe.read()
        _, status = os.waitpid(child, 0)
        seen: dict[str, Any] = json.loads(text or b"{}")
        return {**seen, "exit": os.waitstatus_to_exitcode(status)}

    return wait


class Fired:
    """Tells when a clock of a case was fired and the event of it delivered here."""

    def __init__(self, engine: Engine, consumer: str) -> None:
        self._seen: dict[str, threading.Event] = {}
        self._lock = threading.Lock()
        engine.subscribe(consumer, "case.clock_fired", lambda event: self.of(event.case_id).set())

    def of(self, case_id: str) -> threading.Event:
        """Return what is set when a clock of the case was fired."""
        with self._lock:
            return self._seen.setdefault(case_id, threading.Event())


def fires(engine: Engine, fired: Fired) -> bool:
    """Whether the background clock of this process fires a clock that is due at once."""
    case = open_case(engine)
    send(engine, case.id)
    return fired.of(case.id).wait(PATIENCE) and kinds(engine, case.id)["clock_fired"] == 1


def clock(url: str) -> dict[str, Any]:
    """Fork with the clock running: it runs on in both."""
    with Engine(url, tenant=TENANT) as engine:
        deploy(engine)
        fired = Fired(engine, "penanda")
        engine.start()
        before = fires(engine, fired)

        def child() -> dict[str, Any]:
            seen = {
                "is_running": engine.health()["is_running"],
                "threads": sum(thread.name == "APScheduler" for thread in threading.enumerate()),
                "fires": fires(engine, Fired(engine, "penanda-anak")),
            }
            engine.stop()
            return seen

        seen = fork(child)()
        after = fires(engine, fired)
        return {"before": before, "child": seen, "after": after, "is_clean": engine.ledger.verify().is_clean}


def idle(url: str) -> dict[str, Any]:
    """Fork with engines alive whose clock does not run: nothing is shared, nothing disturbed."""
    with Engine(url, tenant=TENANT) as engine, Engine(url, tenant="lain") as other:
        case = open_case(deploy(engine))
        theirs = open_case(deploy(other))
        note(engine, case.id, 0, request_id="before")

        def child() -> dict[str, Any]:
            note(engine, case.id, 1, request_id="child")
            note(other, theirs.id, 1)
            return {
                "requests": sorted(requests(engine, case.id)),
                "is_running": engine.health()["is_running"],
                "checked_out": engine._store.checked_out,
            }

        seen = fork(child)()
        note(engine, case.id, 2, request_id="after")
        note(other, theirs.id, 2)
        return {
            "child": seen,
            "requests": sorted(requests(engine, case.id)),
            "revisions": [engine.case(case.id).revision, other.case(theirs.id).revision],
            "is_clean": engine.ledger.verify().is_clean and other.ledger.verify().is_clean,
        }


def busy(url: str) -> dict[str, Any]:
    """Fork again and again while other threads read and write: no child hangs, nothing is lost."""
    with Engine(url, tenant=TENANT) as engine:
        cases = [open_case(deploy(engine)).id for _ in range(3)]
        is_over = threading.Event()
        written: list[str] = []
        errors: list[str] = []

        def write(case_id: str) -> None:
            n = 0
            while not is_over.is_set():
                request = f"{case_id}-{n}"
                try:
                    note(engine, case_id, n, request_id=request)
                except Exception as error:  # noqa: BLE001 - the error is what is reported
                    errors.append(repr(error))
                    return
                written.append(request)
                n += 1

        def read() -> None:
            while not is_over.is_set():
                try:
                    every_case(engine)
                except Exception as error:  # noqa: BLE001 - the error is what is reported
                    errors.append(repr(error))
                    return

        threads = [threading.Thread(target=write, args=(case_id,)) for case_id in cases]
        threads += [threading.Thread(target=read) for _ in range(2)]
        for thread in threads:
            thread.start()
        children = []
        for n in range(FORKS):
            case_id = cases[n % len(cases)]
            act = partial(note, engine, case_id, 1_000_000 + n)
            answer = fork(lambda act=act: {"n": act().fields["urutan"]}, is_abrupt=True)
            children.append(answer())
        is_over.set()
        for thread in threads:
            thread.join(PATIENCE)
        found = [request for case_id in cases for request in requests(engine, case_id).elements()]
        acts = sum(kinds(engine, case_id)["transition_taken"] for case_id in cases)
        return {
            "children": children,
            "errors": errors,
            "is_complete": sorted(found) == sorted(written),
            "acts": acts - len(written),
            "is_clean": engine.ledger.verify().is_clean,
        }


SCENARIOS = {"clock": clock, "idle": idle, "busy": busy}

if __name__ == "__main__":
    warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of every fork beside threads
    sys.stdout.write(json.dumps(SCENARIOS[sys.argv[1]](sys.argv[2])) + "\n")
