"""Many writers at once: nothing lost, nothing doubled, no lock error to a caller; forks start anew."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import psycopg
import pytest

from engine.errors import NestedTransaction, StoreClosed, StoreUnavailable, UnsupportedDatabase
from engine.store import Store
from tests.contract.store_material import TENANT, due, instant, opening, step

CASES = 6


def climb(store: Store, case_ids: list[str], name: str, until: float) -> int:
    """Fire at the cases in turn until the time is over; returns how many commands were acknowledged."""
    done = 0
    while time.monotonic() < until:
        case_id = case_ids[done % len(case_ids)]
        with store.transaction() as tx:
            request_id = f"{name}-{done}"
            loaded = tx.load(case_id, request_id)
            assert loaded.case is not None
            assert loaded.request is None
            timer = due("a", instant(1 + done % 28))
            tx.apply(step(loaded.case, request_id=request_id, timers=(timer,), timer_paths=("a",)))
        done += 1
    return done


def climb_in_process(url: str, case_ids: list[str], name: str, seconds: float) -> int:
    """Do the same in a process of its own, with two threads."""
    store = Store.open(url, tenant=TENANT)
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(climb, store, case_ids, f"{name}-{n}", until) for n in range(2)]
        done = sum(one.result() for one in running)
    store.close()
    return done


def sweep(store: Store, until: float) -> int:
    """Look at what is due and take it, beside the commands; returns how many cases were taken."""
    taken = 0
    while time.monotonic() < until:
        with store.transaction(write=False) as tx:
            due_cases = tx.timers.due(instant(28), 5)
        for one in due_cases:
            with store.transaction() as tx:
                case = tx.lock_case_skip_locked(one.case_id)
                if case is not None:
                    tx.apply(step(case, timer_paths=("a",)))
                    taken += 1
    return taken


@pytest.mark.slow
def test_threads_and_processes_lose_and_double_nothing(store: Store, store_url: str) -> None:
    """Eight threads, four processes and a sweep on one database: every command counts once."""
    openings = [opening() for _ in range(CASES)]
    with store.transaction() as tx:
        for writes in openings:
            tx.apply(writes)
    case_ids = [writes.case.id for writes in openings]
    seconds = float(os.environ.get("KERJASAMA_TEST_SECONDS", "3"))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=context) as processes, ThreadPoolExecutor(9) as threads:
        list(processes.map(abs, range(8)))  # started before the clock runs
        until = time.monotonic() + seconds
        running = [
            processes.submit(climb_in_process, store_url, case_ids, f"p{n}", seconds) for n in range(4)
        ]
        running += [threads.submit(climb, store, case_ids, f"t{n}", until) for n in range(8)]
        sweeping = threads.submit(sweep, store, until)
        counts = [one.result() for one in running]
        swept = sweeping.result()
    assert min(counts) > 0
    with store.transaction(write=False) as tx:
        histories = [tx.history(case_id) for case_id in case_ids]
        cases = [tx.case(case_id) for case_id in case_ids]
    for case, history in zip(cases, histories, strict=True):
        assert case is not None
        assert [entry.seq for entry in history] == list(range(1, case.seq + 1))
    assert sum(len(history) for history in histories) == CASES + sum(counts) + swept


def test_thread_that_nests_transactions_on_sqlite_is_told(store: Store) -> None:
    """Waiting for oneself would be for ever; PostgreSQL has a second connection for it."""
    with store.transaction():
        if store.dialect == "postgresql":
            with store.transaction() as inner:
                assert inner.case("none") is None
        else:
            with pytest.raises(NestedTransaction), store.transaction():
                pass
    with store.transaction() as tx:
        assert tx.case("none") is None


def test_closed_store_refuses(store_url: str) -> None:
    """After closing there are no transactions."""
    store = Store.open(store_url, tenant=TENANT)
    store.close()
    with pytest.raises(StoreClosed), store.transaction():
        pass


def _child_writes(store: Store, case_id: str) -> int:
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            store.after_fork()
            with store.transaction() as tx:
                case = tx.case(case_id, lock=True)
                assert case is not None
                tx.apply(step(case))
            store.close()
            status = 0
        finally:
            os._exit(status)
    store.after_fork_in_parent()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_child_after_fork_writes_with_connections_of_its_own(store: Store) -> None:
    """Parent and child both go on, and neither breaks the other's connections."""
    writes = opening()
    with store.transaction() as tx:
        tx.apply(writes)
    with store.transaction(write=False) as tx:
        assert tx.case(writes.case.id) == writes.case
    store.before_fork()
    assert _child_writes(store, writes.case.id) == 0
    with store.transaction() as tx:
        case = tx.case(writes.case.id, lock=True)
        assert case is not None
        tx.apply(step(case))
    with store.transaction(write=False) as tx:
        assert [entry.seq for entry in tx.history(writes.case.id)] == [1, 2, 3]


def test_lost_connections_are_replaced(postgres_database: str) -> None:
    """After a restart of the server one transaction may fail, typed and retryable; then all is as before."""
    store = Store.open(postgres_database, tenant=TENANT)
    with store.transaction() as tx, store.transaction() as other:
        assert tx.next_number("ksdd", 2026) == 1
        assert other.next_number("pks", 2026) == 1
    with psycopg.connect(postgres_database.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE application_name = 'kerjasama' AND datname = current_database()"
        )
    with pytest.raises(StoreUnavailable) as caught, store.transaction() as tx:
        tx.next_number("ksdd", 2026)
    assert caught.value.is_retryable
    with store.transaction() as tx, store.transaction() as other:
        assert tx.next_number("ksdd", 2026) == 2
        assert other.next_number("pks", 2026) == 2
    assert store.checked_out == 0
    store.close()


# --- in memory, and what cannot be opened ------------------------------------------------------------


@pytest.fixture(params=["sqlite://", "sqlite:///:memory:"])
def memory(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store in memory."""
    store = Store.open(request.param, tenant=TENANT)
    yield store
    store.close()


def test_memory_store_is_one_database_for_all_threads(memory: Store) -> None:
    """Threads take turns on its one connection, readers too."""
    assert memory.is_memory
    writes = opening()
    with memory.transaction() as tx:
        tx.apply(writes)

    def fire() -> int:
        for _ in range(5):
            with memory.transaction() as tx:
                case = tx.case(writes.case.id, lock=True)
                assert case is not None
                tx.apply(step(case))
            with memory.transaction(write=False) as tx:
                tx.history(writes.case.id)
        return 5

    with ThreadPoolExecutor(4) as threads:
        assert sum(one.result() for one in [threads.submit(fire) for _ in range(4)]) == 20
    with memory.transaction(write=False) as tx:
        assert len(tx.history(writes.case.id)) == 21
    assert memory.checked_out == 0


def test_file_store_is_not_memory(store: Store) -> None:
    """A database that others can open may have a background clock."""
    assert not store.is_memory


@pytest.mark.parametrize("url", ["mysql://localhost/x", "oracle://x", "mariadb+pymysql://localhost/x"])
def test_other_databases_are_refused_by_name(url: str) -> None:
    """What is not supported is said, with what is."""
    with pytest.raises(UnsupportedDatabase, match="sqlite:///"):
        Store.open(url, tenant=TENANT)


def test_server_that_is_not_there_is_unavailable_and_named_without_its_password() -> None:
    """A typed error instead of the driver's: it may be there in a moment."""
    url = "postgresql://nobody:rahasia@127.0.0.1:1/none?connect_timeout=1&sslpassword=rahasia"
    with pytest.raises(StoreUnavailable, match=r"//nobody:\*\*\*@127\.0\.0\.1:1/none") as caught:
        Store.open(url, tenant=TENANT)
    assert "rahasia" not in caught.value.text("en") + caught.value.text("id") + repr(caught.value.context)
