"""The turnstile and the pool: in order of arrival, bounded, nothing lost when someone gives up."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.errors import Contention, StoreClosed
from engine.store.pools import Pool
from engine.store.sqlite import Turnstile


class Wire:
    """A connection that only knows whether it is open."""

    def __init__(self) -> None:
        self.is_open = True

    def close(self) -> None:
        """Close it."""
        self.is_open = False


def waiting(turnstile: Turnstile, count: int) -> None:
    """Wait until so many are in line."""
    pause = threading.Event()
    while len(turnstile._waiting) < count:
        pause.wait(0.001)


def test_turnstile_hands_on_in_order_of_arrival() -> None:
    """Who has waited longest is next."""
    turnstile = Turnstile()
    turnstile.enter()
    order: list[int] = []

    def pass_through(n: int) -> None:
        turnstile.enter()
        order.append(n)
        turnstile.leave()

    with ThreadPoolExecutor(8) as threads:
        passing = []
        for n in range(8):
            passing.append(threads.submit(pass_through, n))
            waiting(turnstile, n + 1)
        turnstile.leave()
        for one in passing:
            one.result()
    assert order == list(range(8))
    assert not turnstile.is_mine


def test_turnstile_knows_its_owner() -> None:
    """A thread can ask whether it would wait for itself."""
    turnstile = Turnstile()
    turnstile.enter()
    assert turnstile.is_mine
    with ThreadPoolExecutor(1) as threads:
        assert not threads.submit(lambda: turnstile.is_mine).result()
    turnstile.leave()
    assert not turnstile.is_mine


def test_turnstile_that_never_comes_free_is_contention() -> None:
    """Whoever gives up is told so, and leaves the line to the others."""
    turnstile = Turnstile()
    turnstile.enter()
    with ThreadPoolExecutor(1) as threads, pytest.raises(Contention, match="no turn"):
        threads.submit(turnstile.enter, 0.01).result()
    turnstile.leave()
    turnstile.enter(0.01)
    turnstile.leave()


def test_pool_gives_the_connection_used_last() -> None:
    """A connection that comes back is used again before a new one is opened."""
    pool = Pool(Wire, size=3)
    first, second = pool.take(), pool.take()
    assert (first is second, pool.checked_out) == (False, 2)
    pool.give_back(first)
    pool.give_back(second)
    assert pool.take() is second
    pool.give_back(second)
    assert pool.checked_out == 0


def test_pool_with_all_in_use_is_contention() -> None:
    """The size is a bound, and whoever waits in vain is told."""
    pool = Pool(Wire, size=1, patience=0.01)
    only = pool.take()
    with pytest.raises(Contention, match="no connection"):
        pool.take()
    pool.give_back(only)
    assert pool.take() is only


def test_pool_closes_what_is_of_no_more_use() -> None:
    """A broken connection is closed, and its place is free."""
    pool = Pool(Wire, size=1, patience=0.01)
    broken = pool.take()
    pool.give_back(broken, is_usable=False)
    assert not broken.is_open
    assert pool.take() is not broken


def test_pool_that_cannot_connect_keeps_its_places() -> None:
    """A failure to connect does not use up the pool."""

    def fail() -> Wire:
        raise LookupError

    pool = Pool(fail, size=1, patience=0.01)
    for _ in range(3):
        with pytest.raises(LookupError):
            pool.take()
    assert pool.checked_out == 0


def test_closed_pool_refuses_and_closes_what_comes_back() -> None:
    """After closing nothing stays open."""
    pool = Pool(Wire, size=2)
    out, idle = pool.take(), pool.take()
    pool.give_back(idle)
    pool.close()
    assert not idle.is_open
    with pytest.raises(StoreClosed):
        pool.take()
    pool.give_back(out)
    assert not out.is_open


def test_abandoned_connections_are_left_open() -> None:
    """A child process neither uses nor closes what is its parent's."""
    pool = Pool(Wire, size=1, patience=0.01)
    parents = pool.take()
    pool.give_back(parents)
    pool.abandon()
    assert parents.is_open
    assert pool.take() is not parents
