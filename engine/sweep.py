"""The sweep: takes what is due, case by case, in the order of the law.

Owns the loop: look without locking, lock the *case* (skipping one that another holds), look again,
decide with the clock as actor, commit. A case that fails is tried again with back-off and ends as a
dead letter; it never stands in another's way. Called by `Engine.tick` and by ``engine.clock``.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine import faults
from engine.commands import Commands
from engine.errors import Contention, DatabaseUnusable, StoreUnavailable
from engine.store.port import TimerStatus
from engine.timers import Swept, retry_at
from workflow.time.deadlines import instant_text

BATCH = 100
"""Cases looked up at once."""

_log = logging.getLogger("kerjasama.sweep")


class Sweep:
    """Takes due clocks of the cases of one tenant."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._store = commands.store
        self._last_at: str | None = None

    def run(self, *, limit: int | None = None) -> Swept:
        """Take what is due now, until nothing is or ``limit`` cases were looked at.

        A case that another process holds is left to it, and taken up by the next sweep.
        """
        total = Swept()
        seen: set[tuple[str, str]] = set()
        stuck = 0  # cases seen that are due all the same: held by others, or failing just now
        while limit is None or len(seen) < limit:
            now = instant_text(self._commands.now())
            with self._store.transaction(write=False) as tx:
                found = tx.timers.due(now, BATCH + stuck)
            faults.reach("sweep.looked")
            due = [one for one in found if (one.case_id, one.due_at) not in seen]
            if not due and len(found) < BATCH + stuck:
                break
            stuck = len(found) - len(due)
            for one in due[: None if limit is None else limit - len(seen)]:
                seen.add((one.case_id, one.due_at))
                total += self._case(one.case_id)
                faults.reach("sweep.fired")
        self._last_at = instant_text(self._commands.now())
        return total

    def _case(self, case_id: str) -> Swept:
        try:
            with self._store.transaction() as tx:
                swept, due_at = self._commands.sweep_case(tx, case_id)
        except Contention:
            return Swept(busy=1)
        except (StoreUnavailable, DatabaseUnusable):
            raise  # nothing is wrong with this case, and the next one would meet the same
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one case, the others' law goes on
            self._failed(case_id, error)
            return Swept(failed=1)
        if due_at is not None:
            self._commands.on_due(due_at)
        return swept

    def _failed(self, case_id: str, error: Exception) -> None:
        _log.error("the due clocks of case %s could not be taken", case_id, exc_info=error)
        now = self._commands.now()
        with self._store.transaction() as tx:
            statuses = [one for one in tx.timers.of(case_id) if one.timer.due_at <= instant_text(now)]
            if statuses:
                first = statuses[0]
                tx.timers.failed(
                    case_id,
                    first.timer,
                    error=f"{type(error).__name__}: {error}",
                    retry_at=retry_at(now, first.attempts),
                )

    def next_due(self) -> str | None:
        """Return the earliest instant at which something is due."""
        with self._store.transaction(write=False) as tx:
            return tx.timers.next_due()

    def dead(self, limit: int) -> tuple[TimerStatus, ...]:
        """Return the dead letters."""
        with self._store.transaction(write=False) as tx:
            return tx.timers.dead(limit)

    def revive(self, case_id: str) -> int:
        """Try a case's dead timers again."""
        with self._store.transaction() as tx:
            return tx.timers.revive(case_id)

    def health(self) -> Mapping[str, Any]:
        """Return when the last sweep ended, how late the earliest due timer is, and the dead ones."""
        now = self._commands.now()
        with self._store.transaction(write=False) as tx:
            overdue = tx.timers.due(instant_text(now - timedelta(minutes=5)), 1)
            dead = tx.timers.dead(1)
        return {
            "last_sweep_at": self._last_at,
            "late_since": overdue[0].due_at if overdue else None,
            "has_dead_timers": bool(dead),
        }
