"""APScheduler as the clock that wakes the sweep and the relay; never the keeper of anything.

Owns the background scheduler: one job that sweeps, at the earliest due instant known here and at most a
poll's distance away, since another process may have written an earlier one. What is due is in
``wf_timer``; losing this clock loses nothing. After a fork the child's clock starts again if it ran.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from engine.outbox import Relay
from engine.refused import InvalidCall
from engine.sweep import Sweep
from workflow.time.deadlines import parse_instant

POLL = timedelta(seconds=30)
"""How long other processes' timers may wait for this one to look."""

PAUSE = timedelta(seconds=1)
"""How long what is due and could not be taken, because another holds the case, is left to the other."""

ROUND = 1000
"""Cases swept before the relay gets its turn."""

JOB = "sweep"


class Clock:
    """Wakes a sweep and a relay in the background.

    Args:
        obstacle: Why it cannot run here; ``None``: it can.
        poll: How far away the next look is at most.
    """

    def __init__(
        self, sweep: Sweep, relay: Relay, *, obstacle: str | None = None, poll: timedelta = POLL
    ) -> None:
        self._sweep = sweep
        self._relay = relay
        self._obstacle = obstacle
        self._poll = poll
        self._lock = threading.Lock()
        self._scheduler: BackgroundScheduler | None = None
        self._next_at: datetime | None = None
        self._worker: int | None = None  # the thread at work
        self._is_asked = False  # woken while at work

    def start(self) -> None:
        """Start; a second call changes nothing.

        Raises:
            InvalidCall: Nothing could wake here.
        """
        if self._obstacle is not None:
            raise InvalidCall(what=self._obstacle)
        with self._lock:
            if self._scheduler is not None:
                return
            self._scheduler = BackgroundScheduler(
                timezone=UTC,
                # A run plans the next one before it ends, and one that starts meanwhile only says so.
                job_defaults={"coalesce": True, "max_instances": 4, "misfire_grace_time": None},
            )
            self._scheduler.start()
            self._schedule(datetime.now(UTC))

    def stop(self) -> None:
        """Stop, and wait for what is under way (but for a handler that calls this itself)."""
        with self._lock:
            scheduler, self._scheduler = self._scheduler, None
            self._next_at = None
        if scheduler is not None:
            # Waits until the scheduler's thread has done with its jobs: one that it would remove after the
            # shutdown has begun makes it fail.
            scheduler.remove_all_jobs()
            scheduler.shutdown(wait=self._worker != threading.get_ident())

    def wake(self, due_at: str) -> None:
        """Take note of a timer just written: sweep at its instant if nothing earlier is planned."""
        if self._scheduler is not None:
            at = parse_instant(due_at)
            with self._lock:
                self._plan(at)

    def _plan(self, at: datetime) -> None:
        if self._scheduler is not None and (self._next_at is None or at < self._next_at):
            self._schedule(at)

    def _schedule(self, at: datetime) -> None:
        self._next_at = at
        if self._scheduler is not None:
            self._scheduler.add_job(self._run, "date", run_date=at, id=JOB, replace_existing=True)

    def _run(self) -> None:
        with self._lock:
            self._next_at = None
            if self._worker is not None:
                self._is_asked = True
                return
            self._worker = threading.get_ident()
        earliest: datetime | None = None
        try:
            earliest = self._work()
        finally:
            now = datetime.now(UTC)
            with self._lock:
                self._worker = None
                if self._is_asked:
                    earliest, self._is_asked = now, False
                jitter = random.uniform(0.5, 1.0)  # noqa: S311 - spreads polling, keeps no secret
                self._plan(now + self._poll * jitter)
                if earliest is not None:
                    self._plan(earliest)

    def _work(self) -> datetime | None:
        """Sweep and deliver; returns when there is more to do, if that is known."""
        swept = self._sweep.run(limit=ROUND)
        self._relay.run()
        due_at = self._sweep.next_due()
        now = datetime.now(UTC)
        if swept.cases >= ROUND:
            return now
        if due_at is None:
            return None
        earliest = parse_instant(due_at)
        return earliest if earliest > now else now + PAUSE

    def health(self) -> Mapping[str, Any]:
        """Return whether the clock runs and when it wakes next."""
        next_at = self._next_at
        return {
            "is_running": self._scheduler is not None,
            "next_wake_at": next_at.isoformat() if next_at else None,
        }

    def after_fork(self) -> None:
        """Start anew in a child if it ran: threads do not cross a fork."""
        self._lock = threading.Lock()
        self._worker, self._is_asked, self._next_at = None, False, None
        if self._scheduler is not None:
            self._scheduler = None
            self.start()
