"""APScheduler as the clock that wakes the sweep and the relay; never the keeper of anything.

Owns the background scheduler: one job that sweeps, at the earliest due instant known here and at most a
poll's distance away, since another process may have written an earlier one. What is due is in
``wf_timer``; losing this clock loses nothing. After a fork the child's clock starts again if it ran.
"""

from __future__ import annotations

import os
import random
import threading
import weakref
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from engine.outbox import Relay
from engine.refused import InvalidCall
from engine.sweep import Sweep
from workflow.deadlines import parse_instant

POLL = timedelta(seconds=30)
"""How long other processes' timers may wait for this one to look."""

JOB = "sweep"

_clocks: weakref.WeakSet[Clock] = weakref.WeakSet()
_is_hooked = False


class Clock:
    """Wakes a sweep and a relay in the background."""

    def __init__(self, sweep: Sweep, relay: Relay, *, is_virtual: bool, poll: timedelta = POLL) -> None:
        self._sweep = sweep
        self._relay = relay
        self._is_virtual = is_virtual
        self._poll = poll
        self._lock = threading.Lock()
        self._working = threading.Lock()
        self._scheduler: BackgroundScheduler | None = None
        self._next_at: datetime | None = None

    def start(self) -> None:
        """Start; a second call changes nothing.

        Raises:
            InvalidCall: Time is virtual: it does not pass by itself, so nothing could wake.
        """
        if self._is_virtual:
            raise InvalidCall(
                detail="virtual time does not pass by itself: call engine.tick() after moving it"
            )
        with self._lock:
            if self._scheduler is not None:
                return
            _hook()
            _clocks.add(self)
            self._scheduler = BackgroundScheduler(
                timezone=UTC,
                job_defaults={"coalesce": True, "max_instances": 8, "misfire_grace_time": None},
            )
            self._scheduler.start()
            self._schedule(datetime.now(UTC))

    def stop(self) -> None:
        """Stop, and wait for what is under way."""
        with self._lock:
            scheduler, self._scheduler = self._scheduler, None
        _clocks.discard(self)
        if scheduler is not None:
            scheduler.shutdown(wait=True)

    def wake(self, due_at: str) -> None:
        """Take note of a timer just written: sweep at its instant if nothing earlier is planned."""
        if self._scheduler is None:
            return
        at = parse_instant(due_at)
        with self._lock:
            if self._scheduler is not None and (self._next_at is None or at < self._next_at):
                self._schedule(at)

    def _schedule(self, at: datetime) -> None:
        self._next_at = at
        if self._scheduler is not None:
            self._scheduler.add_job(self._run, "date", run_date=at, id=JOB, replace_existing=True)

    def _run(self) -> None:
        # A run plans the next one before it ends, and APScheduler drops a date job whose earlier
        # instance is still running: several are allowed there, and one at a time works here.
        with self._working:
            self._work()

    def _work(self) -> None:
        earliest: str | None = None
        try:
            self._sweep.run()
            self._relay.run()
            earliest = self._sweep.next_due()
        finally:
            jitter = self._poll * random.uniform(0.5, 1.0)  # noqa: S311 - spreads polling, keeps no secret
            following = datetime.now(UTC) + jitter
            with self._lock:
                self._next_at = None
                if self._scheduler is not None:
                    self._schedule(following)
        if earliest is not None:
            self.wake(earliest)

    def health(self) -> Mapping[str, Any]:
        """Return whether the clock runs and when it wakes next."""
        next_at = self._next_at
        return {
            "is_running": self._scheduler is not None,
            "next_wake_at": next_at.isoformat() if next_at else None,
        }

    def _after_fork(self) -> None:
        """Start anew in a child: threads do not cross a fork."""
        self._lock = threading.Lock()
        self._working = threading.Lock()
        if self._scheduler is not None:
            self._scheduler = None
            self.start()


def _hook() -> None:
    global _is_hooked  # noqa: PLW0603 - the hook cannot be taken back, so once a process
    if not _is_hooked:
        _is_hooked = True
        os.register_at_fork(after_in_child=_restart_all)


def _restart_all() -> None:
    for clock in tuple(_clocks):
        clock._after_fork()
