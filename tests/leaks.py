"""What a test left behind: threads, open database files and sockets, connections not given back.

Owns the bookkeeping that ``conftest.py`` turns into a failure. Nothing is collected first: what
needs the garbage collector in order to be closed was not closed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

_DESCRIPTORS = Path("/proc/self/fd")
_DATABASE_FILES = (".db", ".db-wal", ".db-shm", ".db-journal", ".sqlite", ".sqlite3")
_ENDING = 2.0
"""Seconds that a thread which was told to stop gets to end."""


class Checkouts:
    """Connections that are out of their pool, in the whole process."""

    def __init__(self) -> None:
        self._out: dict[int, str] = {}

    @contextmanager
    def watching(self) -> Iterator[Checkouts]:
        """Listen on every pool while the block lasts."""
        listeners = {
            "checkout": lambda _dbapi, record, _fairy: self._taken(record),
            "checkin": lambda _dbapi, record: self._returned(record),
            "detach": lambda _dbapi, record: self._returned(record),
        }
        for name, listener in listeners.items():
            event.listen(Pool, name, listener)
        try:
            yield self
        finally:
            for name, listener in listeners.items():
                event.remove(Pool, name, listener)

    def now(self) -> dict[int, str]:
        """Return what is out at this moment."""
        return dict(self._out)

    def _taken(self, record: Any) -> None:
        self._out[id(record)] = repr(record.dbapi_connection)

    def _returned(self, record: Any) -> None:
        self._out.pop(id(record), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the process holds at one moment."""

    threads: frozenset[threading.Thread]
    descriptors: frozenset[tuple[str, str]]
    checkouts: dict[int, str]


def held(checkouts: Checkouts) -> Held:
    """Look at the process."""
    return Held(
        threads=frozenset(threading.enumerate()),
        descriptors=frozenset(_descriptors()),
        checkouts=checkouts.now(),
    )


def left_behind(before: Held, checkouts: Checkouts, *, ending: float = _ENDING) -> list[str]:
    """Return one sentence for each thing held now that was not held ``before``."""
    for thread in threading.enumerate():
        if thread not in before.threads and thread is not threading.current_thread():
            thread.join(ending)
    after = held(checkouts)
    return [
        *(f"thread {thread.name!r} still runs" for thread in after.threads - before.threads),
        *(
            f"descriptor {number} is open on {target}"
            for number, target in sorted(after.descriptors - before.descriptors)
        ),
        *(
            f"connection {text} was not given back to its pool"
            for key, text in after.checkouts.items()
            if key not in before.checkouts
        ),
    ]


def _descriptors() -> Iterator[tuple[str, str]]:
    if not _DESCRIPTORS.is_dir():
        return
    for entry in _DESCRIPTORS.iterdir():
        with suppress(OSError):
            target = str(entry.readlink())
            if target.startswith("socket:") or target.removesuffix(" (deleted)").endswith(_DATABASE_FILES):
                yield entry.name, target
