"""A program that relays for the consumer ``bersama`` until it is told that nothing more will come.

Usage: ``relaying.py URL LOG``. Prints ``ready``; reads one line from standard input, then delivers what is
left and ends. Every event is a line of LOG with the instant at which it was handed over.
"""

from __future__ import annotations

import json
import select
import sys
import time
from pathlib import Path

from engine.store.port import Delivery
from kerjasama import Engine
from tests.endurance import TENANT


def main(url: str, path: str) -> None:
    """Relay until the end."""
    with Path(path).open("a", encoding="utf-8") as log, Engine(url, tenant=TENANT) as engine:

        def take(event: Delivery) -> None:
            # The same clock for every process of the machine.
            line = {"at": time.monotonic_ns(), "case": event.case_id, "seq": event.seq, "key": event.key}
            log.write(json.dumps(line) + "\n")
            log.flush()

        engine.subscribe("bersama", "case.transition_taken", take)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        is_over = False
        while not is_over:
            is_over = bool(select.select([sys.stdin], [], [], 0)[0])
            engine.tick()
        while engine.health()["consumers"]["bersama"]["pending"]:
            engine.tick()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
