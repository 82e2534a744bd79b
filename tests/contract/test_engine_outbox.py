"""The engine's events to durable consumers: at least once, in order per case, with a stable key.

What the store keeps of them is in ``test_store_outbox.py``; here are consumers with handlers: across
restarts, failing, slow, and two relays in two processes at once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy

from engine.store.port import Delivery
from kerjasama import Engine, Refused
from tests.clocks import FakeClock
from tests.endurance import OFFICER, STRANGER, TENANT, close, deploy, note, open_case, send
from tests.places import ROOT


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    """An engine with the small workflow, in virtual time."""
    with Engine(store_url, tenant=TENANT, clock=clock) as made:
        yield deploy(made)


class Failing:
    """A handler that remembers what it got and fails on some of it."""

    def __init__(self, *fails_on: tuple[str, int]) -> None:
        self.fails_on = set(fails_on)
        self.tried: list[Delivery] = []
        self.done: list[Delivery] = []

    def __call__(self, event: Delivery) -> None:
        """Take an event."""
        self.tried.append(event)
        if (event.case_id, event.seq) in self.fails_on:
            raise RuntimeError(f"cannot take {event.seq}")
        self.done.append(event)

    def places(self, case_id: str) -> list[int]:
        """Return the seq of what was taken of a case, in order."""
        return [event.seq for event in self.done if event.case_id == case_id]


# --- what is sent --------------------------------------------------------------------


def test_every_entry_is_sent_with_its_content(engine: Engine) -> None:
    """Each entry of history is an event ``case.<kind>``, in order, personal values readable."""
    got: list[Delivery] = []
    engine.subscribe("pencatat", "case.*", got.append)
    case = open_case(engine)
    noted = {"urutan": 1, "narahubung": "p-1"}
    engine.fire(case.id, "catat", by=OFFICER, fields=noted)
    send(engine, case.id)
    engine.tick()

    assert [event.topic for event in got] == [f"case.{entry.kind}" for entry in engine.history(case.id)]
    assert [event.seq for event in got] == [1, 2, 3, 4]
    assert json.loads(got[1].payload)["changes"]["narahubung"] == {"new": "p-1"}
    assert {json.loads(event.payload)["number"] for event in got} == {case.number}
    assert len({event.key for event in got}) == 4


def test_refused_command_sends_nothing(engine: Engine) -> None:
    """Nothing happened, so there is nothing to tell."""
    case = open_case(engine)
    got: list[Delivery] = []
    engine.subscribe("pencatat", "*", got.append)
    with pytest.raises(Refused):
        engine.fire(case.id, "catat", by=STRANGER, fields={"urutan": 1})
    engine.tick()
    assert got == []


# --- consumers are durable --------------------------------------------------------------------


def test_consumer_goes_on_after_a_restart(store_url: str, clock: FakeClock) -> None:
    """What was written while it was away arrives when it is back, and nothing arrives again."""
    got: list[Delivery] = []
    with Engine(store_url, tenant=TENANT, clock=clock) as engine:
        deploy(engine).subscribe("pencatat", "case.*", got.append)
        case = open_case(engine)
        engine.tick()
        note(engine, case.id, 1)
    with Engine(store_url, tenant=TENANT, clock=clock) as engine:
        note(engine, case.id, 2)
        engine.tick()
        assert [event.seq for event in got] == [1]  # not subscribed here: nobody handles it
        engine.subscribe("pencatat", "case.*", got.append)
        engine.tick()
        engine.tick()
        assert [event.seq for event in got] == [1, 2, 3]
        assert engine.health()["consumers"]["pencatat"]["pending"] == 0


def test_consumer_gets_what_comes_next_or_all_that_is_kept(engine: Engine) -> None:
    """A new consumer starts with the next event, unless it asks for everything."""
    case = open_case(engine)
    note(engine, case.id, 1)
    new, old = Failing(), Failing()
    engine.subscribe("baru", "case.*", new)
    engine.subscribe("lama", "case.*", old, from_start=True)
    note(engine, case.id, 2)
    engine.tick()
    assert new.places(case.id) == [3]
    assert old.places(case.id) == [1, 2, 3]
    engine.subscribe("baru", "case.*", new, from_start=True)  # known already: goes on where it was
    engine.tick()
    assert new.places(case.id) == [3]


def test_consumer_of_rare_events_is_not_left_behind(engine: Engine, clock: FakeClock) -> None:
    """However many events are for others, one tick brings what is behind them."""
    case = send(engine, open_case(engine).id, date(2026, 1, 5))
    rare = Failing()
    engine.subscribe("jarang", "reminder.*", rare)
    for start in range(0, 1100, 100):
        engine.fire_many(
            [
                {"case_id": case.id, "trigger": "catat", "by": OFFICER, "fields": {"urutan": n}}
                for n in range(start, start + 100)
            ]
        )
    clock.set_local(date(2026, 1, 12), hour=7)
    engine.tick()
    assert [event.topic for event in rare.done] == ["reminder.menunggu.batas"]


# --- failing --------------------------------------------------------------------


def test_event_that_fails_comes_again_with_the_same_key_and_holds_back_its_case(
    engine: Engine, clock: FakeClock
) -> None:
    """Later events of its case wait; those of other cases do not."""
    bad, good = open_case(engine), open_case(engine)
    handler = Failing((bad.id, 2))
    engine.subscribe("pencatat", "case.*", handler)
    for case in (bad, good, bad, good):
        note(engine, case.id)
    engine.tick()
    assert (handler.places(bad.id), handler.places(good.id)) == ([], [2, 3])
    engine.tick()
    assert len(handler.tried) == 3  # not before a minute has passed

    handler.fails_on.clear()
    clock.advance(timedelta(minutes=1))
    engine.tick()
    assert handler.places(bad.id) == [2, 3]
    first, again = (event for event in handler.tried if (event.case_id, event.seq) == (bad.id, 2))
    assert first.key == again.key
    assert (first.attempts, again.attempts) == (0, 1)
    assert "cannot take 2" in str(again.error)


def test_event_that_fails_too_often_is_a_dead_letter_and_can_be_delivered_again(
    engine: Engine, clock: FakeClock
) -> None:
    """It is set aside where it is seen, and what waited behind it goes on."""
    case = open_case(engine)
    handler = Failing((case.id, 2))
    engine.subscribe("pencatat", "case.*", handler)
    note(engine, case.id, 1)
    note(engine, case.id, 2)
    engine.tick()
    for minutes in (1, 5, 30, 120):
        assert engine.dead_letters("pencatat") == ()
        assert handler.done == []
        clock.advance(timedelta(minutes=minutes))
        engine.tick()
    assert handler.places(case.id) == [3]
    [dead] = engine.dead_letters("pencatat")
    assert (dead.seq, dead.attempts) == (2, 5)
    assert "cannot take 2" in str(dead.error)
    assert engine.health()["consumers"]["pencatat"] == {"pending": 0, "has_dead_letters": True}

    handler.fails_on.clear()
    assert engine.redeliver("pencatat", dead.id)
    engine.tick()
    assert handler.places(case.id) == [3, 2]
    assert handler.done[-1].key == dead.key
    assert engine.dead_letters("pencatat") == ()
    assert not engine.redeliver("pencatat", dead.id)


def test_events_that_fail_come_again_where_the_database_is_the_hosts(
    store_url: str, clock: FakeClock
) -> None:
    """Whoever made the connections: what fails is tried again, set aside, and delivered when asked."""
    database = sqlalchemy.create_engine(store_url)
    with Engine(database, tenant=TENANT, clock=clock) as engine:
        case = open_case(deploy(engine))
        handler = Failing((case.id, 2))
        engine.subscribe("pencatat", "case.*", handler)
        note(engine, case.id)
        for _ in range(5):
            engine.tick()
            clock.advance(timedelta(hours=3))
        [dead] = engine.dead_letters("pencatat")
        assert (dead.seq, dead.attempts, handler.done) == (2, 5, [])

        handler.fails_on.clear()
        assert engine.redeliver("pencatat", dead.id)
        engine.tick()
        assert handler.places(case.id) == [2]
    database.dispose()


def test_consumer_that_fails_keeps_nobody_from_their_events(engine: Engine) -> None:
    """Consumers are independent of each other."""
    case = open_case(engine)
    bad, good = Failing((case.id, 2)), Failing()
    engine.subscribe("buruk", "case.*", bad)
    engine.subscribe("baik", "case.*", good)
    note(engine, case.id)
    engine.tick()
    assert (bad.places(case.id), good.places(case.id)) == ([], [2])


def test_handler_may_act_on_the_case_it_is_told_of(engine: Engine) -> None:
    """A handler is called outside of any transaction of ours: it may use the engine."""

    def answer(event: Delivery) -> None:
        if json.loads(event.payload).get("trigger") == "kerja.kirim":
            engine.fire(event.case_id, "jawab", by=OFFICER, request_id=event.key)

    engine.subscribe("penjawab", "case.transition_taken", answer)
    case = send(engine, open_case(engine).id, date(2026, 1, 5))
    engine.tick()
    assert engine.case(case.id).state == "kerja"
    assert close(engine, case.id).outcome == "selesai"


# --- two relays --------------------------------------------------------------------


def test_relay_that_lost_its_lease_hands_over_nothing_more(
    store_url: str, clock: FakeClock, engine: Engine
) -> None:
    """Slow handlers lose the batch to another relay, and notice before the next event."""
    case = open_case(engine)
    quick = Failing()
    with Engine(store_url, tenant=TENANT, clock=clock) as other:
        other.subscribe("pencatat", "case.*", quick)
        slow: list[int] = []

        def handle(event: Delivery) -> None:
            slow.append(event.seq)
            clock.advance(timedelta(minutes=6))
            other.tick()

        engine.subscribe("pencatat", "case.*", handle)
        for n in range(3):
            note(engine, case.id, n)
        engine.tick()
    assert slow == [2]
    assert quick.places(case.id) == [2, 3, 4]


@pytest.mark.slow
def test_two_relays_in_two_processes_keep_the_order_of_every_case(store_url: str, tmp_path: Path) -> None:
    """While others write, two processes relay for one consumer: all arrive, in order per case."""
    logs = [tmp_path / f"{n}.log" for n in range(2)]
    with Engine(store_url, tenant=TENANT) as engine:
        cases = [open_case(deploy(engine)).id for _ in range(5)]
        engine.subscribe("bersama", "case.transition_taken", lambda event: None)
        program = [sys.executable, "tests/crash/relaying.py", store_url]
        relays = [
            subprocess.Popen(
                [*program, str(log)],
                cwd=ROOT,
                env={"PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for log in logs
        ]
        try:
            for relay in relays:
                assert relay.stdout is not None
                assert relay.stdout.readline() == "ready\n"
            for n in range(200):
                note(engine, cases[n % 5], n)
            for relay in relays:
                relay.communicate("enough\n", timeout=120)
        finally:
            for relay in relays:
                relay.kill()
                relay.communicate()
        assert [relay.returncode for relay in relays] == [0, 0]
        assert engine.health()["consumers"]["bersama"]["pending"] == 0

    taken = [json.loads(line) for log in logs for line in log.read_text(encoding="utf-8").splitlines()]
    assert len({one["key"] for one in taken}) == len(taken) == 200  # no relay died, so nothing came twice
    taken.sort(key=lambda one: one["at"])
    for case_id in cases:
        assert [one["seq"] for one in taken if one["case"] == case_id] == list(range(2, 42))
