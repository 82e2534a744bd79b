"""Events: at least once, in order per case, one owner at a time, dead letters set aside."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from engine.store import Store
from engine.store.port import Delivery
from tests.contract.store_material import TENANT, instant, opening, step
from workflow.case import CaseState


def opened(store: Store) -> CaseState:
    """Open a case: one event."""
    writes = opening()
    with store.transaction() as tx:
        tx.apply(writes)
    return writes.case


def moved(store: Store, case: CaseState) -> CaseState:
    """Take a transition: one event."""
    writes = step(case)
    with store.transaction() as tx:
        tx.apply(writes)
    return writes.case


def registered(store: Store, name: str = "notifier", pattern: str = "*") -> None:
    """Make a consumer known."""
    with store.transaction() as tx:
        tx.outbox.register(name, pattern)


def took(
    store: Store, name: str = "notifier", *, owner: str = "me", day: int = 1, limit: int = 100
) -> tuple[Delivery, ...] | None:
    """Take a batch at the beginning of a day in March, with a lease of a day."""
    with store.transaction() as tx:
        return tx.outbox.take(name, owner=owner, now=instant(day), lease_until=instant(day + 1), limit=limit)


def delivered(store: Store, *deliveries: Delivery, owner: str = "me") -> bool:
    """Report success."""
    with store.transaction() as tx:
        return tx.outbox.delivered("notifier", owner, tuple(one.id for one in deliveries))


def failed(store: Store, delivery: Delivery, retry_at: str | None, *, owner: str = "me") -> bool:
    """Report a failure."""
    with store.transaction() as tx:
        return tx.outbox.failed("notifier", owner, delivery.id, error="boom", retry_at=retry_at)


def test_events_come_once_in_order_with_their_content(store: Store) -> None:
    """What was written is handed over as it was, once it is reported it does not come again."""
    registered(store)
    case = moved(store, opened(store))
    batch = took(store)
    assert batch is not None
    assert [(one.topic, one.seq, one.case_id, one.payload) for one in batch] == [
        ("case.case_opened", 1, case.id, '{"kind":"case_opened"}'),
        ("case.transition_taken", 2, case.id, '{"seq":2}'),
    ]
    assert all(one.recorded_at == case.recorded_at and one.attempts == 0 for one in batch)
    assert delivered(store, *batch)
    assert took(store) == ()


def test_event_that_was_not_reported_comes_again_with_the_same_key(store: Store) -> None:
    """At least once: a relay that died in between leaves the event, its key is the same."""
    registered(store)
    opened(store)
    first, again = took(store), took(store, day=3, owner="another")
    assert first is not None
    assert again is not None
    assert [one.key for one in first] == [one.key for one in again]
    assert first[0].key.startswith(f"{TENANT}/")


def test_pattern_selects_topics(store: Store) -> None:
    """A consumer gets the topics of its pattern only, and may change it."""
    registered(store, pattern="case.transition_*")
    case = moved(store, opened(store))
    batch = took(store)
    assert batch is not None
    assert [one.topic for one in batch] == ["case.transition_taken"]
    registered(store, pattern="reminder.*")
    moved(store, case)
    assert delivered(store, *batch)
    assert took(store) == ()


def test_new_consumer_starts_with_what_comes_next(store: Store) -> None:
    """Who registers late is not told the past, unless asked for."""
    case = opened(store)
    registered(store)
    moved(store, case)
    with store.transaction() as tx:
        tx.outbox.register("archive", "*", from_start=True)
    late, archive = took(store), took(store, "archive")
    assert late is not None
    assert archive is not None
    assert [one.seq for one in late] == [2]
    assert [one.seq for one in archive] == [1, 2]


def test_lease_keeps_others_away_until_it_ends(store: Store) -> None:
    """One owner at a time; after the lease, or its release, another takes over."""
    registered(store)
    opened(store)
    batch = took(store, day=1)
    assert batch is not None
    assert took(store, owner="another", day=1) is None
    assert took(store, owner="another", day=2) == batch
    assert not delivered(store, *batch)
    assert not failed(store, batch[0], None)
    with store.transaction() as tx:
        tx.outbox.release("notifier", "another")
    assert took(store, day=2) == batch


def test_unknown_consumer_gets_nothing(store: Store) -> None:
    """A consumer that was never registered has no lease to take."""
    opened(store)
    assert took(store, "nobody") is None


def test_failed_event_holds_back_its_case_only(store: Store) -> None:
    """Order per case: later events of the case wait for the retry, other cases do not."""
    registered(store)
    case = moved(store, opened(store))
    other = opened(store)
    batch = took(store)
    assert batch is not None
    assert failed(store, batch[0], instant(5))
    meanwhile = took(store, day=2)
    assert meanwhile is not None
    assert [one.case_id for one in meanwhile] == [other.id]
    later = took(store, day=5)
    assert later is not None
    assert [(one.case_id, one.seq, one.attempts) for one in later] == [
        (case.id, 1, 1),
        (case.id, 2, 0),
        (other.id, 1, 0),
    ]


def test_dead_letter_is_set_aside_and_can_be_revived(store: Store) -> None:
    """After the last attempt the case goes on; the dead letter is listed and can be tried again."""
    registered(store)
    case = moved(store, opened(store))
    batch = took(store)
    assert batch is not None
    assert failed(store, batch[0], None)
    after = took(store)
    assert after is not None
    assert [one.seq for one in after] == [2]
    with store.transaction() as tx:
        (dead,) = tx.outbox.dead("notifier", 10)
        assert (dead.key, dead.case_id, dead.error, dead.attempts) == (batch[0].key, case.id, "boom", 1)
        assert tx.outbox.revive("notifier", dead.id)
        assert not tx.outbox.revive("notifier", dead.id)
    again = took(store)
    assert again is not None
    assert [one.seq for one in again] == [1, 2]


def test_pending_counts_what_is_still_to_come(store: Store) -> None:
    """Health shows how far a consumer is behind, numbered already or not."""
    registered(store, pattern="case.transition_taken")
    case = moved(store, moved(store, opened(store)))
    with store.transaction(write=False) as tx:
        assert tx.outbox.pending("notifier") == 2
    batch = took(store, limit=1)
    assert batch is not None
    moved(store, case)
    with store.transaction(write=False) as tx:
        assert tx.outbox.pending("notifier") == 3
    assert delivered(store, *batch)
    with store.transaction(write=False) as tx:
        assert tx.outbox.pending("notifier") == 2


def test_purge_removes_only_what_every_consumer_has_had(store: Store) -> None:
    """Events stay as long as someone may still need them, and positions are never given twice."""
    registered(store)
    case = opened(store)
    with store.transaction() as tx:
        assert tx.outbox.purge(instant(9)) == 0
    batch = took(store)
    assert batch is not None
    with store.transaction() as tx:
        assert tx.outbox.purge(instant(9)) == 0
    assert delivered(store, *batch)
    with store.transaction() as tx:
        assert tx.outbox.purge(case.recorded_at) == 0
        assert tx.outbox.purge(instant(9)) == 1
    moved(store, case)
    next_one = took(store)
    assert next_one is not None
    assert [one.seq for one in next_one] == [2]
    assert next_one[0].id > batch[0].id


def test_events_of_racing_writers_are_all_delivered(store: Store) -> None:
    """Ids are given before commits; a relay that runs meanwhile misses none and keeps each case's order."""
    registered(store)
    cases = [opened(store) for _ in range(4)]
    seen: list[tuple[str, int]] = []

    def climb(case: CaseState) -> None:
        for _ in range(12):
            case = moved(store, case)

    with ThreadPoolExecutor() as threads:
        climbing = [threads.submit(climb, case) for case in cases]
        while True:
            running = not all(one.done() for one in climbing)
            batch = took(store, limit=7)
            assert batch is not None
            seen.extend((one.case_id, one.seq) for one in batch)
            assert delivered(store, *batch)
            if not running and not batch:
                break
        for done in climbing:
            done.result()
    assert sorted(seen) == sorted((case.id, seq) for case in cases for seq in range(1, 14))
    for case in cases:
        assert [seq for case_id, seq in seen if case_id == case.id] == list(range(1, 14))
