"""What a fork does to the engines of this process.

Owns the hooks of `os.register_at_fork`, set when the first engine is made and never at import. Before a
fork the engines' transactions end and what a child could not live with is closed; afterwards the parent
goes on as it was, and in the child every engine starts anew: connections and threads are never shared.
Called by ``engine.runtime``.
"""

from __future__ import annotations

import os
import threading
import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.clock import Clock
    from engine.outbox import Relay
    from engine.registry import Registry
    from engine.store import Store


class Forked:
    """What a fork does to the parts of one engine."""

    def __init__(self, store: Store, registry: Registry, relay: Relay, clock: Clock) -> None:
        self._store = store
        self._registry = registry
        self._relay = relay
        self._clock = clock

    def before(self) -> None:
        """Leave nothing in a state that a child process could not live with."""
        self._store.before_fork()

    def in_parent(self) -> None:
        """Go on."""
        self._store.after_fork_in_parent()

    def in_child(self) -> None:
        """Start anew: what is the parent's is neither used nor closed."""
        self._store.after_fork()
        self._registry.after_fork()
        self._relay.after_fork()
        self._clock.after_fork()


_alive: weakref.WeakSet[Forked] = weakref.WeakSet()
_hooks: list[str] = []
_lock = threading.Lock()


def watch(one: Forked) -> None:
    """Tell ``one`` of every fork for as long as it lives."""
    with _lock:
        _alive.add(one)
        if not _hooks:  # they cannot be taken back, so once a process
            _hooks.append("set")
            os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)


def forget(one: Forked) -> None:
    """Tell it no more."""
    with _lock:
        _alive.discard(one)


def _before() -> None:
    # Held until the fork is over: two threads forking at once wait for each other here, and nothing
    # that was not asked before is told afterwards.
    _lock.acquire()
    for one in _alive:
        one.before()


def _in_parent() -> None:
    try:
        for one in _alive:
            one.in_parent()
    finally:
        _lock.release()


def _in_child() -> None:
    global _lock  # noqa: PLW0603 - another thread of the parent may wait for the old one
    alive = tuple(_alive)
    _lock = threading.Lock()
    for one in alive:
        one.in_child()
