"""Events for durable consumers: at least once, in order per case, dead letters set aside.

Owns ``wf_outbox``, ``wf_outbox_head``, ``wf_consumer`` and ``wf_delivery``. The surrogate ids of events
are given before their transactions commit, so an id below a reader's position can still appear; a relay
therefore numbers what has been committed (``position``, under the lock of the head row) and copies it
for the consumer into ``wf_delivery``, where it stays until it is handed over.

Within a case ids rise in order of commit, because the case is locked when they are given.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select

from engine.store import tables as t
from engine.store.executors import Executor, Step
from engine.store.port import Delivery
from engine.store.statements import Row, Statement, insert, insert_or_leave

_BATCH = 500
"""How many events one transaction numbers, or copies for a consumer, at most."""

_o, _h, _c, _d = t.outbox.c, t.outbox_head.c, t.consumer.c, t.delivery.c

_INSERT_HEAD = insert_or_leave(t.outbox_head)
_LOCK_HEAD = Statement(select(_h.position).where(_h.tenant == bindparam("tenant")).with_for_update())
_MOVE_HEAD = Statement(
    t.outbox_head.update()
    .where(_h.tenant == bindparam("of_tenant"))
    .values(position=bindparam("new_position"))
)
_UNPLACED = Statement(
    select(_o.id)
    .where(_o.tenant == bindparam("tenant"), _o.position.is_(None))
    .order_by(_o.id)
    .limit(bindparam("limit"))
)
_PLACE = Statement(
    t.outbox.update().where(_o.id == bindparam("of_id")).values(position=bindparam("new_position"))
)

_INSERT_CONSUMER = insert_or_leave(t.consumer, "lease_owner", "lease_until")
_THIS_CONSUMER = and_(_c.tenant == bindparam("of_tenant"), _c.name == bindparam("of_consumer"))
_SET_PATTERN = Statement(t.consumer.update().where(_THIS_CONSUMER).values(pattern=bindparam("new_pattern")))
_LEASE = Statement(
    t.consumer.update()
    .where(
        _THIS_CONSUMER,
        or_(
            _c.lease_owner.is_(None),
            _c.lease_owner == bindparam("owner"),
            _c.lease_until <= bindparam("now"),
        ),
    )
    .values(lease_owner=bindparam("owner"), lease_until=bindparam("new_until"))
)
_HOLDS = Statement(
    select(_c.position, _c.pattern)
    .where(_THIS_CONSUMER, _c.lease_owner == bindparam("owner"))
    .with_for_update()
)
_RELEASE = Statement(
    t.consumer.update()
    .where(_THIS_CONSUMER, _c.lease_owner == bindparam("owner"))
    .values(lease_owner=None, lease_until=None)
)
_ADVANCE = Statement(t.consumer.update().where(_THIS_CONSUMER).values(position=bindparam("new_position")))

_BEYOND = Statement(
    select(_o.position, _o.id, _o.case_id, _o.topic)
    .where(_o.tenant == bindparam("tenant"), _o.position > bindparam("after"))
    .order_by(_o.position)
    .limit(bindparam("limit"))
)
_INSERT_DELIVERY = insert(t.delivery, "attempts", "retry_at", "error", "dead")

_OF_CONSUMER = and_(_d.tenant == bindparam("of_tenant"), _d.consumer == bindparam("of_consumer"))
_EVENT = (
    _d.position,
    _d.outbox_id,
    _d.case_id,
    _o.topic,
    _o.seq,
    _o.payload,
    _o.recorded_at,
    _d.attempts,
    _d.error,
)
_JOINED = t.delivery.join(t.outbox, _o.id == _d.outbox_id)
_earlier = t.delivery.alias("earlier")
_HELD_BACK = (
    select(1)
    .where(
        _earlier.c.tenant == _d.tenant,
        _earlier.c.consumer == _d.consumer,
        _earlier.c.case_id == _d.case_id,
        _earlier.c.position <= _d.position,
        _earlier.c.dead == 0,
        _earlier.c.retry_at > bindparam("now"),
    )
    .exists()
)
_READY = Statement(
    select(*_EVENT)
    .select_from(_JOINED)
    .where(_OF_CONSUMER, _d.dead == 0, ~_HELD_BACK)
    .order_by(_d.position)
    .limit(bindparam("limit"))
)
_DEAD = Statement(
    select(*_EVENT)
    .select_from(_JOINED)
    .where(_OF_CONSUMER, _d.dead == 1)
    .order_by(_d.position)
    .limit(bindparam("limit"))
)
_THIS = and_(_OF_CONSUMER, _d.position == bindparam("of_position"))
_DELIVERED = Statement(t.delivery.delete().where(_THIS))
_FAILED = Statement(
    t.delivery.update()
    .where(_THIS)
    .values(
        attempts=_d.attempts + 1,
        retry_at=bindparam("new_retry_at"),
        error=bindparam("new_error"),
        dead=bindparam("new_dead"),
    )
)
_REVIVE = Statement(
    t.delivery.update().where(_THIS, _d.dead == 1).values(attempts=0, retry_at=None, error=None, dead=0)
)
_COUNT_WAITING = Statement(select(func.count()).select_from(t.delivery).where(_OF_CONSUMER, _d.dead == 0))
_POSITION = Statement(select(_c.position, _c.pattern).where(_THIS_CONSUMER))
_TOPICS_AHEAD = Statement(
    select(_o.topic, func.count())
    .where(_o.tenant == bindparam("tenant"), or_(_o.position > bindparam("after"), _o.position.is_(None)))
    .group_by(_o.topic)
)

_AHEAD = Statement(
    select(_o.id)
    .where(_o.tenant == bindparam("tenant"), or_(_o.position > bindparam("after"), _o.position.is_(None)))
    .limit(1)
)

_consumers = t.consumer.alias("behind")
_PURGE = Statement(
    t.outbox.delete().where(
        _o.tenant == bindparam("tenant"),
        _o.position.is_not(None),
        _o.recorded_at < bindparam("before"),
        ~select(1).where(_consumers.c.tenant == _o.tenant, _consumers.c.position < _o.position).exists(),
        ~select(1).where(_d.tenant == _o.tenant, _d.outbox_id == _o.id).exists(),
    )
)


class SqlOutbox:
    """`engine.store.port.Outbox` over an executor."""

    def __init__(self, executor: Executor, tenant: str) -> None:
        self._executor = executor
        self._tenant = tenant

    def register(self, consumer: str, pattern: str, *, from_start: bool = False) -> None:
        """Make a consumer known, or change its pattern."""
        position = 0 if from_start else self._place_all()
        new = {"tenant": self._tenant, "name": consumer, "pattern": pattern, "position": position}
        if not self._executor.run(_INSERT_CONSUMER, new):
            self._run(_SET_PATTERN, consumer, new_pattern=pattern)

    def take(
        self, consumer: str, *, owner: str, now: str, lease_until: str, limit: int
    ) -> tuple[Delivery, ...] | None:
        """Take the lease and return what can be handed over now; ``None``: another owner has it."""
        if not self._run(_LEASE, consumer, owner=owner, now=now, new_until=lease_until):
            return None
        self._place()
        self._copy(consumer, owner)
        rows = self._rows(_READY, consumer, now=now, limit=limit)
        return tuple(self._delivery(row) for row in rows)

    def is_behind(self, consumer: str) -> bool:
        """Whether there are events that the consumer has not been looked at for."""
        for position, _ in self._rows(_POSITION, consumer):
            return bool(self._executor.rows(_AHEAD, {"tenant": self._tenant, "after": position}))
        return False

    def delivered(self, consumer: str, owner: str, ids: tuple[int, ...]) -> bool:
        """Forget what was handed over; ``False``: the lease is no longer ``owner``'s."""
        if not self._rows(_HOLDS, consumer, owner=owner):
            return False
        of = {"of_tenant": self._tenant, "of_consumer": consumer}
        self._executor.steps([Step(_DELIVERED, [of | {"of_position": id_} for id_ in ids])])
        return True

    def failed(self, consumer: str, owner: str, id: int, *, error: str, retry_at: str | None) -> bool:
        """Count a failed attempt; ``retry_at`` ``None`` makes it dead."""
        if not self._rows(_HOLDS, consumer, owner=owner):
            return False
        values = {"new_retry_at": retry_at, "new_error": error, "new_dead": int(retry_at is None)}
        return self._run(_FAILED, consumer, of_position=id, **values) > 0

    def release(self, consumer: str, owner: str) -> None:
        """Give the lease back."""
        self._run(_RELEASE, consumer, owner=owner)

    def pending(self, consumer: str) -> int:
        """Count what the consumer has not had yet (dead ones apart)."""
        waiting: int = self._rows(_COUNT_WAITING, consumer)[0][0]
        for position, pattern in self._rows(_POSITION, consumer):
            ahead = self._executor.rows(_TOPICS_AHEAD, {"tenant": self._tenant, "after": position})
            waiting += sum(count for topic, count in ahead if fnmatchcase(topic, pattern))
        return waiting

    def dead(self, consumer: str, limit: int) -> tuple[Delivery, ...]:
        """Return dead letters in order."""
        return tuple(self._delivery(row) for row in self._rows(_DEAD, consumer, limit=limit))

    def revive(self, consumer: str, id: int) -> bool:
        """Try a dead letter again."""
        return self._run(_REVIVE, consumer, of_position=id) > 0

    def purge(self, before: str) -> int:
        """Remove events recorded before an instant that every consumer has had."""
        return self._executor.run(_PURGE, {"tenant": self._tenant, "before": before})

    def _place(self) -> int:
        """Number committed events; returns how many there were."""
        unplaced = self._executor.rows(_UNPLACED, {"tenant": self._tenant, "limit": 1})
        if not unplaced:
            return 0
        last = self._head()
        rows = self._executor.rows(_UNPLACED, {"tenant": self._tenant, "limit": _BATCH})
        placed = [{"of_id": id_, "new_position": last + n} for n, (id_,) in enumerate(rows, start=1)]
        head = {"of_tenant": self._tenant, "new_position": last + len(placed)}
        self._executor.steps([Step(_PLACE, placed), Step(_MOVE_HEAD, [head])])
        return len(placed)

    def _place_all(self) -> int:
        while self._place() == _BATCH:
            pass
        return self._head()

    def _head(self) -> int:
        self._executor.run(_INSERT_HEAD, {"tenant": self._tenant, "position": 0})
        return int(self._executor.rows(_LOCK_HEAD, {"tenant": self._tenant})[0][0])

    def _copy(self, consumer: str, owner: str) -> None:
        """Copy what lies beyond the consumer's position, where its pattern matches."""
        for position, pattern in self._rows(_HOLDS, consumer, owner=owner):
            values = {"tenant": self._tenant, "after": position, "limit": _BATCH}
            events = self._executor.rows(_BEYOND, values)
            if not events:
                return
            of = {"tenant": self._tenant, "consumer": consumer}
            wanted = [
                of | {"position": at, "outbox_id": id_, "case_id": case_id}
                for at, id_, case_id, topic in events
                if fnmatchcase(topic, pattern)
            ]
            here = {"of_tenant": self._tenant, "of_consumer": consumer, "new_position": events[-1][0]}
            self._executor.steps([Step(_INSERT_DELIVERY, wanted), Step(_ADVANCE, [here])])

    def _delivery(self, row: Row) -> Delivery:
        position, outbox_id, case_id, topic, seq, payload, recorded_at, attempts, error = row
        return Delivery(
            id=position,
            key=f"{self._tenant}/{case_id}/{outbox_id}",
            case_id=case_id,
            topic=topic,
            seq=seq,
            payload=payload,
            recorded_at=recorded_at,
            attempts=attempts,
            error=error,
        )

    def _rows(self, statement: Statement, consumer: str, **values: Any) -> list[Row]:
        of = {"of_tenant": self._tenant, "of_consumer": consumer}
        return self._executor.rows(statement, of | values)

    def _run(self, statement: Statement, consumer: str, **values: Any) -> int:
        of = {"of_tenant": self._tenant, "of_consumer": consumer}
        return self._executor.run(statement, of | values)
