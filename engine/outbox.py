"""The outbox relay: events to the handlers of durable consumers, at least once.

Owns the loop over the store's outbox: take a lease and a batch in one transaction, call the handlers
outside of it, report in another. In order per case; a failing event holds back later ones of its case
only, is tried again with back-off, and ends as a dead letter. Called by `Engine.tick` and
``engine.clock``.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from engine import faults
from engine.store import Store
from engine.store.port import Delivery
from engine.timers import retry_at
from workflow.time.deadlines import instant_text

Handler: TypeAlias = Callable[[Delivery], None]

BATCH = 100
LEASE = timedelta(minutes=5)
"""How long a relay may hold a batch before another takes it over."""

_log = logging.getLogger("kerjasama.outbox")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subscription:
    consumer: str
    handler: Handler


class Relay:
    """Delivers to the handlers subscribed in this process."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._subscriptions: list[_Subscription] = []
        self._running = threading.Lock()

    def subscribe(self, consumer: str, pattern: str, handler: Handler, *, from_start: bool) -> None:
        """Make a durable consumer known and handle its events here."""
        with self._store.transaction() as tx:
            tx.outbox.register(consumer, pattern, from_start=from_start)
        self._subscriptions = [one for one in self._subscriptions if one.consumer != consumer]
        self._subscriptions.append(_Subscription(consumer=consumer, handler=handler))

    def run(self) -> int:
        """Deliver what waits; returns how many events were handled. One run at a time a process."""
        if not self._subscriptions or not self._running.acquire(blocking=False):
            return 0
        try:
            return sum(self._consumer(one) for one in tuple(self._subscriptions))
        finally:
            self._running.release()

    def after_fork(self) -> None:
        """Go on in a child: the run that was under way is the parent's."""
        self._running = threading.Lock()

    def _consumer(self, subscription: _Subscription) -> int:
        owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        handled = 0
        while True:
            now = self._now()
            with self._store.transaction() as tx:
                batch = tx.outbox.take(
                    subscription.consumer,
                    owner=owner,
                    now=instant_text(now),
                    lease_until=instant_text(now + LEASE),
                    limit=BATCH,
                )
                is_behind = batch == () and tx.outbox.is_behind(subscription.consumer)
            if not batch:
                if is_behind:
                    continue
                break
            faults.reach("outbox.taken")
            handled += self._batch(subscription, owner, batch, until=now + LEASE)
        with self._store.transaction() as tx:
            tx.outbox.release(subscription.consumer, owner)
        return handled

    def _batch(
        self, subscription: _Subscription, owner: str, batch: tuple[Delivery, ...], *, until: datetime
    ) -> int:
        done: list[int] = []
        failed: list[tuple[Delivery, str]] = []
        held: set[str] = set()
        for delivery in batch:
            if delivery.case_id in held:
                continue
            if self._now() >= until:
                break  # handlers were slow: another relay may have the rest by now
            try:
                subscription.handler(delivery)
            except Exception as error:  # noqa: BLE001 - a handler is the host's code; its failure is data
                _log.warning("consumer %s failed on %s", subscription.consumer, delivery.key, exc_info=error)
                failed.append((delivery, f"{type(error).__name__}: {error}"))
                held.add(delivery.case_id)
            else:
                done.append(delivery.id)
            faults.reach("outbox.handled")
        now = self._now()
        with self._store.transaction() as tx:
            tx.outbox.delivered(subscription.consumer, owner, tuple(done))
            for delivery, error_text in failed:
                retry = retry_at(now, delivery.attempts)
                tx.outbox.failed(subscription.consumer, owner, delivery.id, error=error_text, retry_at=retry)
        faults.reach("outbox.delivered")
        return len(done)

    def dead(self, consumer: str, limit: int) -> tuple[Delivery, ...]:
        """Return the dead letters of a consumer."""
        with self._store.transaction(write=False) as tx:
            return tx.outbox.dead(consumer, limit)

    def revive(self, consumer: str, id_: int) -> bool:
        """Try a dead letter again."""
        with self._store.transaction() as tx:
            return tx.outbox.revive(consumer, id_)

    def health(self) -> Mapping[str, Any]:
        """Return what each consumer here has not had, and whether it has dead letters."""
        with self._store.transaction(write=False) as tx:
            consumers = {
                one.consumer: {
                    "pending": tx.outbox.pending(one.consumer),
                    "has_dead_letters": bool(tx.outbox.dead(one.consumer, 1)),
                }
                for one in self._subscriptions
            }
        return {"consumers": consumers}
