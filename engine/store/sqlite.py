"""SQLite: connecting with our pragmas, waiting in line for the one writer, and what a host's lack.

The driver's default transactions lose updates (a read lock that cannot become a write lock); every
writing transaction here says ``BEGIN IMMEDIATE``. Inside a process writers queue at a `Turnstile`, in
order of arrival; between processes they try again at short random intervals, because SQLite's own
waiting backs off to a tenth of a second and then rarely finds the lock free.
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL

from engine.errors import Contention
from engine.store.driver_errors import is_busy, translated, translating

PATIENCE = 60.0
"""Seconds that a writer waits for its turn before it is told to try again."""

_PAUSE = (0.0003, 0.002)
_BUSY_SECONDS = 10.0

_WANTED: dict[str, tuple[int | str, ...]] = {
    "journal_mode": ("wal",),
    "synchronous": (2, 3),  # FULL, EXTRA
    "foreign_keys": (1,),
    "recursive_triggers": (1,),
    "secure_delete": (1,),
}
_SYNCHRONOUS = {"OFF": 0, "NORMAL": 1, "FULL": 2, "EXTRA": 3}


def is_memory(url: URL) -> bool:
    """Return whether the database lives in memory and dies with its connection."""
    name = url.database or ""
    return name in ("", ":memory:") or name.startswith("file::memory:") or url.query.get("mode") == "memory"


def connect(url: URL, *, synchronous: str = "FULL", query_only: bool = False) -> sqlite3.Connection:
    """Return a connection of our own, in the driver's autocommit mode, with every pragma set."""
    positional, named = SQLiteDialect_pysqlite().create_connect_args(url)
    # Writers wait in `begin_immediate`; readers only ever wait for recovery after a crash.
    options: dict[str, Any] = {"timeout": _BUSY_SECONDS, "cached_statements": 256, **named}
    options |= {"isolation_level": None, "check_same_thread": False}
    with translating(sqlite3.Error):
        connection: sqlite3.Connection = sqlite3.connect(positional[0], **options)
        try:
            _set_up(connection, synchronous, query_only=query_only)
        except BaseException:
            connection.close()
            raise
    return connection


def _set_up(connection: sqlite3.Connection, synchronous: str, *, query_only: bool) -> None:
    patiently(lambda: _to_wal(connection), PATIENCE)
    for name, value in (
        ("synchronous", _SYNCHRONOUS[synchronous]),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("secure_delete", 1),
        ("query_only", int(query_only)),
    ):
        connection.execute(f"PRAGMA {name} = {value}").fetchall()
    if not query_only:
        connection.execute("PRAGMA busy_timeout = 5").fetchall()


def _to_wal(connection: sqlite3.Connection) -> None:
    # Asking first: the switch itself needs the database for itself alone.
    if connection.execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
        connection.execute("PRAGMA journal_mode = WAL").fetchall()


def patiently(act: Callable[[], object], patience: float) -> None:
    """Do ``act`` again while SQLite is busy, for at most ``patience`` seconds.

    Raises:
        Contention: It was busy all the time.
    """
    end = time.monotonic() + patience
    while True:
        try:
            act()
        except sqlite3.Error as error:
            if not is_busy(error) or time.monotonic() > end:
                raise translated(error) or error from error
            time.sleep(random.uniform(*_PAUSE))  # noqa: S311  (only spreads the attempts)
        else:
            return


def begin_immediate(connection: sqlite3.Connection, patience: float = PATIENCE) -> None:
    """Begin a writing transaction, waiting for other processes."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.Error:
        patiently(lambda: connection.execute("BEGIN IMMEDIATE"), patience)


def begin_deferred(connection: sqlite3.Connection) -> None:
    """Begin a transaction that only reads: its snapshot is taken by its first statement."""
    try:
        connection.execute("BEGIN")
    except sqlite3.Error as error:
        raise translated(error) or error from error


def commit(connection: sqlite3.Connection) -> None:
    """Commit; in WAL mode nobody can be in the way, in other journal modes readers can."""
    try:
        connection.execute("COMMIT")
    except sqlite3.Error:
        patiently(connection.commit, PATIENCE)


class Turnstile:
    """A lock that is handed on in order of arrival, so that no thread starves.

    Nothing re-enters: a thread that already holds it is told, instead of waiting for itself.
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[tuple[threading.Lock, int]] = deque()
        self._owner: int | None = None

    @property
    def is_mine(self) -> bool:
        """Whether this thread holds it."""
        return self._owner == threading.get_ident()

    def enter(self, patience: float = PATIENCE) -> None:
        """Wait for one's turn.

        Raises:
            Contention: It did not come.
        """
        if not self.wait(patience):
            raise Contention(detail=f"no turn to write in {patience:g} s")

    def wait(self, patience: float) -> bool:
        """Wait for one's turn; ``False``: it did not come."""
        me = threading.get_ident()
        with self._mutex:
            if self._owner is None:
                self._owner = me
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append((turn, me))
        return turn.acquire(timeout=patience) or not self._gave_up(turn, me)

    def _gave_up(self, turn: threading.Lock, me: int) -> bool:
        with self._mutex:
            if self._owner == me:  # handed over in the last moment
                return False
            self._waiting.remove((turn, me))
            return True

    def leave(self) -> None:
        """Hand it to who has waited longest."""
        with self._mutex:
            if self._waiting:
                turn, self._owner = self._waiting.popleft()
                turn.release()
            else:
                self._owner = None


def weaker_pragmas(connection: Connection) -> tuple[str, ...]:
    """Return what a host's SQLite connection does less strictly than ours, as ``name = value``.

    Nothing is changed: the connection is the host's. Empty on other databases.
    """
    if connection.dialect.name != "sqlite":
        return ()
    found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in _WANTED}
    return tuple(f"{name} = {value}" for name, value in found.items() if value not in _WANTED[name])
