"""Named crash points: places at which a test ends the process, or raises, to see what survives.

Owns the list of names and what is armed. Nothing is armed at import; a test arms a name, and the engine
calls `arm_from` with the value of ``KERJASAMA_FAULT`` when it starts. An unarmed point costs one look at
an empty dictionary.
"""

from __future__ import annotations

import os
from collections.abc import Callable

POINTS: dict[str, str] = {
    "store.began": "a write transaction holds its lock, nothing is written",
    "store.applied": "every row of a command is written, not committed",
    "store.committing": "just before the commit of a write transaction",
    "store.committed": "committed, the caller does not know it yet",
    "command.decided": "the decision is made, nothing of it is written",
    "command.acknowledged": "the answer is about to go to the caller",
    "sweep.looked": "the sweep has seen what is due and holds no lock",
    "sweep.locked": "the sweep holds the lock of a case with a due timer",
    "sweep.fired": "a case's due clocks are committed",
    "outbox.taken": "a batch of events is leased, no handler was called",
    "outbox.handled": "a handler has returned, the store does not know it yet",
    "outbox.delivered": "the delivery of a batch is committed",
    "schema.upgrading": "inside a migration, before its version is noted",
}
"""Every crash point: name → what is true there."""

VARIABLE = "KERJASAMA_FAULT"
"""Environment variable read by the engine's start: ``name`` or ``name:n`` (the n-th time reached)."""

_CRASH_STATUS = 137

_armed: dict[str, Callable[[], None]] = {}


def reach(name: str) -> None:
    """Pass a crash point: do what is armed for it, usually nothing."""
    if _armed and (action := _armed.get(name)) is not None:
        action()


def arm(name: str, action: Callable[[], None]) -> None:
    """Arm a point: ``action`` is called every time it is reached.

    Raises:
        KeyError: There is no such point.
    """
    if name not in POINTS:
        raise KeyError(f"no crash point {name!r}; there are {', '.join(POINTS)}")
    _armed[name] = action


def disarm() -> None:
    """Disarm every point."""
    _armed.clear()


def crash() -> None:
    """End the process at once, as a power cut would: no cleaning up, no flushing."""
    os._exit(_CRASH_STATUS)


def arm_from(setting: str | None) -> None:
    """Arm a crash from the value of `VARIABLE`: ``name`` or ``name:n``; ``None`` or "" arms nothing."""
    if not setting:
        return
    name, _, count = setting.partition(":")
    left = int(count or 1)

    def action() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            crash()

    arm(name, action)


def arm_from_environment() -> None:
    """Arm what `VARIABLE` asks for; called when an engine is made."""
    arm_from(os.environ.get(VARIABLE))
