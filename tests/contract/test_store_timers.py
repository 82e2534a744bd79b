"""Due instants: in order per case, retried with patience, dead visibly, and nothing overtakes."""

from __future__ import annotations

from engine.store import Store
from engine.store.port import DueCase, TimerRow
from tests.contract.store_material import due, instant, opening, step
from workflow.case import CaseState


def opened(store: Store, *timers: TimerRow) -> CaseState:
    """Open a case with timers."""
    writes = opening(timers=timers, timer_paths=tuple({timer.path for timer in timers}))
    with store.transaction() as tx:
        tx.apply(writes)
    return writes.case


def looked(store: Store, now: str, limit: int = 10) -> list[str]:
    """Return the cases that are due."""
    with store.transaction(write=False) as tx:
        return [case.case_id for case in tx.timers.due(now, limit)]


def failed(store: Store, case: CaseState, timer: TimerRow, retry_at: str | None) -> None:
    """Note a failed attempt."""
    with store.transaction() as tx:
        tx.timers.failed(case.id, timer, error="boom", retry_at=retry_at)


def next_due(store: Store) -> str | None:
    """Return when it is worth looking again."""
    with store.transaction(write=False) as tx:
        return tx.timers.next_due()


def test_due_returns_each_case_once_earliest_first(store: Store) -> None:
    """A case with several due timers appears once, with the earliest."""
    late = opened(store, due("a", instant(3)), due("b", instant(2)))
    early = opened(store, due("a", instant(1)))
    opened(store, due("a", instant(9)))
    with store.transaction(write=False) as tx:
        assert tx.timers.due(instant(3), 10) == (
            DueCase(case_id=early.id, due_at=instant(1)),
            DueCase(case_id=late.id, due_at=instant(2)),
        )
        assert len(tx.timers.due(instant(3), 1)) == 1
        assert tx.timers.due(instant(1, 0).replace("000000Z", "000001Z"), 10)[0].case_id == early.id


def test_due_of_another_tenant_is_not_seen(store: Store, store_url: str) -> None:
    """Each tenant's sweep takes its own."""
    opened(store, due("a", instant(1)))
    other = Store.open(store_url, tenant="samarinda")
    try:
        assert looked(other, instant(9)) == []
        assert next_due(other) is None
    finally:
        other.close()


def test_timers_of_named_paths_are_replaced(store: Store) -> None:
    """The rows of a path become exactly the ones given; other paths stay."""
    case = opened(
        store,
        due("a", instant(1)),
        due("b", instant(2)),
        due("b", instant(1), kind="reminder", mark="1 day"),
        due("c", instant(3)),
    )
    kept = (due("b", instant(5)), due("b", instant(4), kind="reminder", mark="3 days"))
    with store.transaction() as tx:
        tx.apply(step(case, timers=kept, timer_paths=("a", "b")))
    with store.transaction(write=False) as tx:
        assert [status.timer for status in tx.timers.of(case.id)] == [due("c", instant(3)), kept[1], kept[0]]


def test_failed_timer_waits_for_its_retry(store: Store) -> None:
    """A failure counts, is kept with its error, and holds the timer back until the retry."""
    timer = due("a", instant(1))
    case = opened(store, timer)
    failed(store, case, timer, instant(2))
    assert looked(store, instant(1, 12)) == []
    assert looked(store, instant(2)) == [case.id]
    with store.transaction(write=False) as tx:
        (status,) = tx.timers.of(case.id)
        assert (status.attempts, status.retry_at, status.error, status.is_dead) == (
            1,
            instant(2),
            "boom",
            False,
        )


def test_failed_timer_holds_back_later_ones_of_its_case_only(store: Store) -> None:
    """Nothing of a case overtakes its failing timer; other cases go on."""
    first = due("a", instant(1))
    case = opened(store, first, due("b", instant(2)))
    other = opened(store, due("a", instant(2)))
    failed(store, case, first, instant(5))
    assert looked(store, instant(3)) == [other.id]
    assert looked(store, instant(5)) == [case.id, other.id]


def test_failed_timer_lets_earlier_ones_of_its_case_go(store: Store) -> None:
    """What is due before the failing timer is not held back by it."""
    early, late = due("a", instant(1)), due("b", instant(2))
    case = opened(store, early, late)
    failed(store, case, late, instant(9))
    assert looked(store, instant(3)) == [case.id]


def test_dead_timer_is_shown_and_holds_its_case_back(store: Store) -> None:
    """A dead timer is not tried; it is listed, and what is later in its case waits for people."""
    first = due("a", instant(1))
    case = opened(store, first, due("b", instant(2)))
    failed(store, case, first, None)
    assert looked(store, instant(9)) == []
    assert next_due(store) is None
    with store.transaction(write=False) as tx:
        (status,) = tx.timers.dead(10)
        assert (status.case_id, status.timer, status.is_dead) == (case.id, first, True)


def test_revived_timer_is_due_again(store: Store) -> None:
    """People can have dead timers of a case tried again."""
    timer = due("a", instant(1))
    case = opened(store, timer)
    failed(store, case, timer, None)
    with store.transaction() as tx:
        assert tx.timers.revive(case.id) == 1
        assert tx.timers.revive(case.id) == 0
    assert looked(store, instant(1)) == [case.id]


def test_rewritten_timer_forgets_its_failures(store: Store) -> None:
    """A command that writes the timer anew gives it a fresh start, also with the same instant."""
    timer = due("a", instant(1))
    case = opened(store, timer)
    failed(store, case, timer, None)
    with store.transaction() as tx:
        tx.apply(step(case, timers=(timer,), timer_paths=("a",)))
    assert looked(store, instant(1)) == [case.id]
    with store.transaction(write=False) as tx:
        (status,) = tx.timers.of(case.id)
        assert (status.attempts, status.error, status.is_dead) == (0, None, False)


def test_next_due_is_the_earliest_that_can_be_taken(store: Store) -> None:
    """The clock is told when a look is worth it: a due instant, or the retry of what failed."""
    assert next_due(store) is None
    first, second = due("a", instant(1)), due("b", instant(2))
    case = opened(store, first, second)
    opened(store, due("a", instant(7)))
    assert next_due(store) == instant(1)
    failed(store, case, first, instant(5))
    assert next_due(store) == instant(5)
    failed(store, case, first, None)
    assert next_due(store) == instant(7)


def test_next_due_never_promises_what_due_holds_back(store: Store) -> None:
    """Timers of the same instant: a look at the instant promised finds the case, so a clock cannot spin."""
    first, second = due("a", instant(1)), due("b", instant(1))
    case = opened(store, first, second)
    failed(store, case, first, instant(5))
    assert next_due(store) == instant(5)
    assert looked(store, instant(4)) == []
    assert looked(store, instant(5)) == [case.id]
