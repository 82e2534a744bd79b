"""A pool of the store's own driver connections: last in, first out, opened when needed.

Owns how many there are and that each goes back or is closed. It is plain on purpose: checking a
connection out of a general pool costs more than several of our statements.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from engine.errors import Contention, StoreClosed


class Closable(Protocol):
    """A driver's connection."""

    def close(self) -> None:
        """Close it."""
        ...


C = TypeVar("C", bound=Closable)

_abandoned: list[object] = []
"""Connections of a parent process: never used, never closed, never collected in the child."""


class Pool(Generic[C]):
    """Connections made by ``connect``, at most ``size`` at a time."""

    def __init__(self, connect: Callable[[], C], *, size: int, patience: float = 60.0) -> None:
        self._connect = connect
        self._size = size
        self._patience = patience
        self._places = threading.BoundedSemaphore(size)
        self._gate: threading.Event | None = None  # set once `hold` is over
        self._idle: list[C] = []
        self._out = self._held = 0
        self._closed = False
        self._mutex = threading.Lock()

    @property
    def checked_out(self) -> int:
        """How many connections are in use."""
        return self._out

    def take(self) -> C:
        """Return a connection, waiting for one where all are in use.

        Raises:
            Contention: None came free.
            StoreClosed: The pool was closed.
        """
        if self._closed:
            raise StoreClosed
        if (gate := self._gate) is not None:
            gate.wait(self._patience)
        if not self._places.acquire(timeout=self._patience):
            raise Contention(detail=f"no connection came free in {self._patience:g} s")
        with self._mutex:
            self._out += 1
            if self._idle:
                return self._idle.pop()
        try:
            return self._connect()
        except BaseException:
            self._returned()
            raise

    def give_back(self, connection: C, *, is_usable: bool = True) -> None:
        """Take a connection back, or close it where it is of no more use."""
        with self._mutex:
            keep = is_usable and not self._closed
            if keep:
                self._idle.append(connection)
        self._returned()
        if not keep:
            connection.close()

    def close(self) -> None:
        """Close what is idle; what is in use is closed when it comes back."""
        self._closed = True
        self.close_idle()

    def close_idle(self) -> None:
        """Close what is idle; it is opened again when needed."""
        with self._mutex:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def hold(self, patience: float) -> bool:
        """Wait until every connection is back and let none out; `resume` lets them out again.

        Returns:
            Whether they all came back in ``patience`` seconds.
        """
        self._gate = threading.Event()  # or who comes and goes would never let it have every place
        end = time.monotonic() + patience
        while self._held < self._size:
            if not self._places.acquire(timeout=max(0.0, end - time.monotonic())):
                return False
            self._held += 1
        return True

    def resume(self) -> None:
        """Go on after `hold`."""
        for _ in range(self._held):
            self._places.release()
        self._held = 0
        gate, self._gate = self._gate, None
        if gate is not None:
            gate.set()

    def abandon(self, *, keep_idle: bool = False) -> None:
        """Forget everything without closing it: in a child process it is the parent's."""
        if not keep_idle:
            _abandoned.extend(self._idle)
            self._idle = []
        self._out = self._held = 0
        self._gate = None
        self._places = threading.BoundedSemaphore(self._size)
        self._mutex = threading.Lock()

    def _returned(self) -> None:
        with self._mutex:
            self._out -= 1
        self._places.release()
