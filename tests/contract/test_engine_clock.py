"""The engine's clocks: reminders, failing timers, the background clock, and what a fork does to it.

Virtual time is moved by the tests; the background clock runs in real time, and the tests wait for what
it does, never for time to pass.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import faults
from engine.clock import Clock
from engine.refused import InvalidCall
from engine.store.port import Delivery
from kerjasama import Engine
from tests.clocks import FakeClock
from tests.endurance import OFFICER, TENANT, close, deploy, kinds, note, open_case, send
from tests.places import ROOT
from workflow.time.deadlines import instant_text

PATIENCE = 60.0
"""Seconds that the background clock gets for what should take a moment."""


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    """An engine with the small workflow, in virtual time."""
    with Engine(store_url, tenant=TENANT, clock=clock) as made:
        yield deploy(made)


@pytest.fixture
def running(store_url: str) -> Iterator[Engine]:
    """An engine with the small workflow, in real time; its clock is not started yet."""
    with Engine(store_url, tenant=TENANT) as made:
        yield deploy(made)


class Heard:
    """A consumer that remembers what it got."""

    def __init__(self, engine: Engine, pattern: str, consumer: str = "pendengar") -> None:
        self.events: list[Delivery] = []
        self._arrived = threading.Condition()
        engine.subscribe(consumer, pattern, self._hear)

    def _hear(self, event: Delivery) -> None:
        with self._arrived:
            self.events.append(event)
            self._arrived.notify_all()

    def wait_for(self, count: int, seconds: float = PATIENCE) -> bool:
        """Wait until so many events are there."""
        with self._arrived:
            return self._arrived.wait_for(lambda: len(self.events) >= count, seconds)

    def marks(self) -> list[tuple[str, str]]:
        """Return topic and mark of each."""
        return [(event.topic, json.loads(event.payload)["mark"]) for event in self.events]


# --- reminders ------------------------------------------------------------------------------------


def test_reminder_is_sent_once_at_its_instant(engine: Engine, clock: FakeClock) -> None:
    """A reminder goes out at its time of day, once, to the topic of its deadline."""
    case = open_case(engine)
    send(engine, case.id, date(2026, 1, 5))  # due on 15 January; reminders on the 12th and 14th at seven
    heard = Heard(engine, "reminder.*")

    clock.set_local(date(2026, 1, 12), hour=6, minute=59)
    engine.tick()
    assert heard.events == []
    for _ in range(3):
        clock.set_local(date(2026, 1, 12), hour=7)
        engine.tick()
    assert heard.marks() == [("reminder.menunggu.batas", "3 days")]
    clock.set_local(date(2026, 1, 14), hour=7)
    engine.tick()
    clock.set_local(date(2026, 1, 20))
    engine.tick()

    assert heard.marks() == [("reminder.menunggu.batas", "3 days"), ("reminder.menunggu.batas", "1 day")]
    body = json.loads(heard.events[0].payload)
    assert (body["case"], body["due_on"], body["to"]) == (case.id, "2026-01-15", ["petugas"])
    assert kinds(engine, case.id)["clock_fired"] == 1
    assert engine.ledger.verify().is_clean


def test_reminder_of_a_clock_that_stopped_is_never_sent(engine: Engine, clock: FakeClock) -> None:
    """What was answered in time is not reminded of; nor is what ran out before the sweep came."""
    answered, missed = (send(engine, open_case(engine).id, date(2026, 1, 5)) for _ in range(2))
    heard = Heard(engine, "reminder.*")
    clock.set_local(date(2026, 1, 11))
    engine.fire(answered.id, "jawab", by=OFFICER)
    clock.set_local(date(2026, 1, 20))
    engine.tick()
    assert heard.events == []
    assert kinds(engine, missed.id)["clock_fired"] == 1


def test_reminder_due_when_a_command_comes_first_is_sent_by_it(engine: Engine, clock: FakeClock) -> None:
    """A command that comes between the reminder's instant and the sweep does not swallow it."""
    case = open_case(engine)
    engine.fire(case.id, "mulai_wajib", by=OFFICER)  # 31 January; due on 14 February
    heard = Heard(engine, "reminder.*")
    clock.set_local(date(2026, 2, 8))  # reminders on 7 and 13 February
    note(engine, case.id)
    note(engine, case.id)
    engine.tick()
    assert heard.marks() == [("reminder.wajib_lapor.laporan", "2026-01-31 7 days")]
    clock.set_local(date(2026, 2, 13))
    note(engine, case.id)
    engine.tick()
    engine.tick()
    assert [mark for _, mark in heard.marks()] == ["2026-01-31 7 days", "2026-01-31 1 day"]


def test_reminder_due_when_a_command_ends_its_cause_is_not_sent(engine: Engine, clock: FakeClock) -> None:
    """Nobody is reminded of what the command itself has settled."""
    reported, closed = (open_case(engine) for _ in range(2))
    for case in (reported, closed):
        engine.fire(case.id, "mulai_wajib", by=OFFICER)
    heard = Heard(engine, "reminder.*")
    clock.set_local(date(2026, 2, 8))
    engine.fire(reported.id, "lapor", by=OFFICER)
    close(engine, closed.id)
    engine.tick()
    assert heard.events == []


def test_reminders_of_a_duty_are_each_sent_once_over_months(engine: Engine, clock: FakeClock) -> None:
    """Swept hourly or daily, with or without acts between, every reminder goes out exactly once."""
    case = open_case(engine)
    engine.fire(case.id, "mulai_wajib", by=OFFICER)
    heard = Heard(engine, "reminder.*")
    clock.set_local(date(2026, 1, 6), hour=0)
    for day in range(100):
        clock.advance(days=1)
        if day % 3 == 0:
            note(engine, case.id, day)
        if day % 5 != 0:
            engine.tick()
    marks = [mark for _, mark in heard.marks()]
    occurrences = ("2026-01-31", "2026-02-28", "2026-03-31")
    assert marks == [f"{on} {before}" for on in occurrences for before in ("7 days", "1 day")]


# --- timers that fail -----------------------------------------------------------------------------


@contextmanager
def damaged(url: str, case_id: str) -> Iterator[None]:
    """Let the case's row be unreadable while the block lasts."""
    database = sa.create_engine(url)
    change = sa.text("UPDATE wf_case SET snapshot = :text WHERE id = :id")
    with database.begin() as connection:
        text = connection.scalar(sa.text("SELECT snapshot FROM wf_case WHERE id = :id"), {"id": case_id})
        connection.execute(change, {"text": "{", "id": case_id})
    try:
        yield
    finally:
        with database.begin() as connection:
            connection.execute(change, {"text": text, "id": case_id})
        database.dispose()


def test_timer_that_fails_is_tried_again_later_and_ends_as_a_dead_letter(
    engine: Engine, clock: FakeClock, store_url: str
) -> None:
    """After a failure it waits longer and longer; the last failure is seen, and the timer can be revived."""
    case = send(engine, open_case(engine).id)
    with damaged(store_url, case.id):
        assert engine.tick().failed == 1
        assert engine.tick().failed == 0  # not before a minute has passed
        assert engine.dead_timers() == ()
        for minutes in (1, 5, 30, 120):
            clock.advance(timedelta(minutes=minutes, seconds=-1))
            assert engine.tick().failed == 0
            clock.advance(seconds=1)
            assert engine.tick().failed == 1
        clock.advance(days=30)
        assert engine.tick().failed == 0

        [dead] = engine.dead_timers()
        assert (dead.case_id, dead.timer.path, dead.attempts) == (case.id, "menunggu.batas", 5)
        assert "Error: " in str(dead.error)
        assert engine.health()["has_dead_timers"] is True
        assert engine.revive(case.id) == 1
        assert engine.tick().failed == 1

    clock.advance(timedelta(minutes=1))
    assert engine.tick().entries == 1
    assert engine.dead_timers() == ()
    assert engine.health()["has_dead_timers"] is False
    assert kinds(engine, case.id)["clock_fired"] == 1
    assert engine.ledger.verify().is_clean


def test_timer_that_fails_blocks_no_other_case(engine: Engine, store_url: str) -> None:
    """The law of the other cases goes on."""
    bad, good = (send(engine, open_case(engine).id) for _ in range(2))
    with damaged(store_url, bad.id):
        swept = engine.tick()
    assert (swept.failed, swept.entries) == (1, 1)
    assert kinds(engine, good.id)["clock_fired"] == 1


def test_dead_timer_does_not_keep_a_command_from_taking_the_clock(
    engine: Engine, clock: FakeClock, store_url: str
) -> None:
    """A clock is taken by whoever comes, and then nothing of it is dead any more."""
    case = send(engine, open_case(engine).id)
    with damaged(store_url, case.id):
        for _ in range(5):
            engine.tick()
            clock.advance(days=1)
    assert len(engine.dead_timers()) == 1
    note(engine, case.id)
    assert kinds(engine, case.id)["clock_fired"] == 1
    assert engine.dead_timers() == ()


def test_cases_held_by_others_starve_nobody(postgres_database: str, clock: FakeClock) -> None:
    """However many due cases others hold, the sweep gets to those behind them."""
    database = sa.create_engine(postgres_database)
    with Engine(postgres_database, tenant=TENANT, clock=clock) as engine, ExitStack() as held:
        deploy(engine)
        cases = [send(engine, open_case(engine).id, date(2025, 1, 1)).id for _ in range(101)]
        last = send(engine, open_case(engine).id, date(2025, 12, 1)).id
        connection = held.enter_context(database.begin())
        for case_id in cases:
            engine.case(case_id, connection=connection)
        swept = engine.tick()
        assert (swept.cases, swept.busy) == (1, 101)
        assert kinds(engine, last)["clock_fired"] == 1
    database.dispose()


def test_tick_with_a_limit_looks_at_no_more_cases(engine: Engine) -> None:
    """A sweep can be taken in portions."""
    for _ in range(5):
        send(engine, open_case(engine).id)
    assert [engine.tick(limit=2).cases for _ in range(4)] == [2, 2, 1, 0]


# --- the background clock -------------------------------------------------------------------------


def test_clock_started_takes_what_is_due(running: Engine) -> None:
    """What fell due while nobody looked is taken as soon as the clock starts."""
    case = send(running, open_case(running).id)
    heard = Heard(running, "case.clock_fired")
    running.start()
    assert heard.wait_for(1)
    assert heard.events[0].case_id == case.id
    assert kinds(running, case.id)["clock_fired"] == 1
    assert running.health()["last_sweep_at"] is not None


def test_clock_running_takes_at_once_what_becomes_due(running: Engine) -> None:
    """A timer that is due when it is written does not wait for the next look, half a poll away at least."""
    heard = Heard(running, "case.clock_fired")
    running.start()
    for count in range(1, 4):
        send(running, open_case(running).id)
        assert heard.wait_for(count, seconds=14)


def test_clock_delivers_what_is_written_beside_it(running: Engine) -> None:
    """The relay runs with the clock: entries of commands reach consumers without a tick."""
    heard = Heard(running, "case.*")
    running.start()
    open_case(running)
    running.stop()
    running.start()
    assert heard.wait_for(1)


def test_wake_moves_the_next_look_forward_and_never_back(running: Engine) -> None:
    """The next look is at the earliest instant known."""
    looked = threading.Event()
    faults.arm("sweep.looked", looked.set)
    clock = Clock(running._sweep, running._relay, poll=timedelta(days=30))
    try:
        clock.start()
        assert looked.wait(PATIENCE)
        now = datetime.now(UTC)
        sooner, later = now + timedelta(hours=1), now + timedelta(hours=2)
        clock.wake(instant_text(later))
        clock.wake(instant_text(sooner))
        clock.wake(instant_text(later))
        assert clock.health()["next_wake_at"] == sooner.isoformat()
        looked.clear()
        clock.wake(instant_text(now))
        assert looked.wait(PATIENCE)
    finally:
        faults.disarm()
        clock.stop()


def test_wake_while_a_sweep_is_under_way_is_not_lost(running: Engine) -> None:
    """What becomes due during a sweep that has looked already is taken by another one after it."""
    looked, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        looked.set()
        go_on.wait(PATIENCE)

    heard = Heard(running, "case.clock_fired")
    faults.arm("sweep.looked", hold)
    try:
        running.start()
        assert looked.wait(PATIENCE)
        case = send(running, open_case(running).id)
        go_on.set()
        assert heard.wait_for(1, seconds=14)
        assert heard.events[0].case_id == case.id
    finally:
        go_on.set()
        faults.disarm()
        running.stop()


def test_clock_does_not_spin_on_a_case_that_another_holds(postgres_database: str) -> None:
    """What is due and cannot be taken now is looked at again after a pause, not without end."""
    looks = threading.Semaphore(0)
    database = sa.create_engine(postgres_database)
    with Engine(postgres_database, tenant=TENANT) as engine:
        case = send(engine, open_case(deploy(engine)).id)
        heard = Heard(engine, "case.clock_fired")
        with database.begin() as connection:
            engine.case(case.id, connection=connection)
            faults.arm("sweep.looked", looks.release)
            try:
                engine.start()
                assert looks.acquire(timeout=PATIENCE)
                count = 1
                while looks.acquire(timeout=0.5) and count < 20:
                    count += 1
                assert count < 20
            finally:
                faults.disarm()
        assert heard.wait_for(1)
    database.dispose()


def test_start_twice_is_one_clock(running: Engine) -> None:
    """A second start changes nothing."""
    running.start()
    running.start()
    assert sum(thread.name == "APScheduler" for thread in threading.enumerate()) == 1
    assert running.health()["is_running"] is True


def test_stop_ends_the_threads_and_may_be_repeated(running: Engine) -> None:
    """After stopping no thread is left, and it can be started again."""
    before = set(threading.enumerate())
    for _ in range(2):
        running.start()
        running.stop()
        assert set(threading.enumerate()) == before
        assert running.health()["is_running"] is False
        assert running.health()["next_wake_at"] is None
    running.stop()


def test_stop_finishes_what_is_under_way(running: Engine) -> None:
    """An event that is being handled is handled to its end before stopping returns."""
    began, go_on = threading.Event(), threading.Event()
    ended: list[str] = []

    def slow(event: Delivery) -> None:
        began.set()
        go_on.wait(PATIENCE)
        ended.append(event.key)

    running.subscribe("lambat", "case.*", slow)
    open_case(running)
    running.start()
    assert began.wait(PATIENCE)
    stopping = threading.Thread(target=running.stop)
    stopping.start()
    go_on.set()
    stopping.join(PATIENCE)
    assert not stopping.is_alive()
    assert len(ended) == 1


def test_stop_called_by_a_handler_does_not_wait_for_itself(running: Engine) -> None:
    """A handler may stop the clock that called it."""
    stopped = threading.Event()

    def stop(event: Delivery) -> None:
        running.stop()
        stopped.set()

    running.subscribe("penghenti", "case.*", stop)
    open_case(running)
    running.start()
    assert stopped.wait(PATIENCE)
    assert running.health()["is_running"] is False


def test_handler_that_raises_does_not_stop_the_clock(running: Engine) -> None:
    """A consumer's error is its own: clocks go on, and so do other consumers."""

    def fail(event: Delivery) -> None:
        raise RuntimeError("sengaja")

    running.subscribe("gagal", "case.*", fail)
    heard = Heard(running, "case.clock_fired")
    running.start()
    for count in (1, 2):
        send(running, open_case(running).id)
        assert heard.wait_for(count)


def test_start_in_virtual_time_is_refused(engine: Engine) -> None:
    """Virtual time does not pass by itself, so there is nothing to wait for."""
    with pytest.raises(InvalidCall, match="virtual"):
        engine.start()


def test_start_on_a_database_in_memory_is_refused() -> None:
    """A database in memory belongs to one thread at a time; a clock beside it is refused."""
    with Engine("sqlite://", tenant=TENANT) as engine, pytest.raises(InvalidCall, match="memory"):
        engine.start()


# --- forks ----------------------------------------------------------------------------------------


def forked(scenario: str, url: str) -> dict[str, Any]:
    """Run a program that forks, in a process of its own; return what it saw."""
    done = subprocess.run(
        [sys.executable, "tests/crash/forked.py", scenario, url],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def test_fork_with_the_clock_running_lets_it_run_in_both(store_url: str) -> None:
    """The child has a clock of its own that fires; the parent's goes on undisturbed."""
    seen = forked("clock", store_url)
    assert seen == {
        "before": True,
        "child": {"is_running": True, "threads": 1, "fires": True, "exit": 0},
        "after": True,
        "is_clean": True,
    }


def test_fork_with_engines_alive_shares_no_connection(store_url: str) -> None:
    """Every engine alive at a fork works in both processes, also where no clock was ever started."""
    seen = forked("idle", store_url)
    assert seen == {
        "child": {"requests": ["before", "child"], "is_running": False, "checked_out": 0, "exit": 0},
        "requests": ["after", "before", "child"],
        "revisions": [4, 3],
        "is_clean": True,
    }


@pytest.mark.slow
def test_fork_beside_threads_at_work_loses_nothing(store_url: str) -> None:
    """Forking again and again while others read and write: no child hangs, nothing is lost or doubled."""
    seen = forked("busy", store_url)
    assert seen["errors"] == []
    assert [child["exit"] for child in seen["children"]] == [0] * len(seen["children"])
    assert seen["is_complete"]
    assert seen["acts"] == len(seen["children"])
    assert seen["is_clean"]
