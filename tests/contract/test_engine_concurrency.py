"""Many threads and processes on one database: nothing lost, nothing doubled, nobody gets an error.

Bounded by acts, not by time; ``make soak`` does the same for half a minute on each database.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.errors import Contention
from engine.facts import FactRequest
from kerjasama import Engine
from tests.clocks import FakeClock
from tests.crash.melee import fight
from tests.endurance import OFFICER, TENANT, deploy, kinds, note, open_case, requests, send


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    """An engine with the small workflow, in virtual time."""
    with Engine(store_url, tenant=TENANT, clock=clock) as made:
        yield deploy(made)


@pytest.mark.slow
def test_eight_threads_of_one_process_lose_and_double_nothing(store_url: str) -> None:
    """Eight threads act on the same few cases while two more sweep."""
    print(fight(store_url, processes=1, threads=8, acts=40, sweepers=[2]))  # noqa: T201 - figures


@pytest.mark.slow
def test_four_processes_lose_and_double_nothing(store_url: str) -> None:
    """Four processes of two threads act on the same few cases; two of them sweep as well."""
    print(fight(store_url, processes=4, threads=2, acts=40, sweepers=[1, 1]))  # noqa: T201 - figures


@pytest.mark.slow
def test_starting_at_once_on_an_empty_database_is_starting_one_after_the_other(store_url: str) -> None:
    """Processes that start together make one schema, deploy one version and number in one row."""
    fight(store_url, processes=3, threads=1, acts=5, cases=0)


def test_several_acts_in_one_transaction_never_wait_for_each_other(engine: Engine) -> None:
    """Threads that act on the same cases in opposite orders get no deadlock: they lock in one order."""
    cases = [open_case(engine).id for _ in range(3)]

    def act(n: int) -> None:
        for round_ in range(5):
            engine.fire_many(
                [
                    {
                        "case_id": case_id,
                        "trigger": "catat",
                        "by": OFFICER,
                        "fields": {"urutan": n * 100 + round_},
                        "request_id": f"{n}-{round_}-{case_id}",
                    }
                    for case_id in (cases if n % 2 else reversed(cases))
                ]
            )

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(6)))
    for case_id in cases:
        expected = {f"{n}-{round_}-{case_id}": 1 for n in range(6) for round_ in range(5)}
        assert requests(engine, case_id) == expected
    assert engine.ledger.verify().is_clean


# --- facts that are overtaken ----------------------------------------------------------------------------


def budget(engine: Engine, case_id: str, number: int) -> None:
    """Act under a rule that reads a fact."""
    engine.fire(case_id, "anggarkan", by=OFFICER, fields={"urutan": number})


def test_fact_asked_of_a_case_that_moved_on_is_asked_again(engine: Engine) -> None:
    """An answer counts for the case that it was given for; another act in between voids it."""
    case = open_case(engine)
    seen: list[int] = []

    def provider(request: FactRequest) -> bool:
        assert request.case is not None
        seen.append(request.case.revision)
        if len(seen) == 1:
            note(engine, case.id, 7)
        return True

    engine.provide("pagu_tersedia", provider)
    budget(engine, case.id, 8)
    assert seen == [case.revision, case.revision + 1]
    assert kinds(engine, case.id)["transition_taken"] == 2


def test_fact_of_a_case_that_never_rests_is_contention(engine: Engine) -> None:
    """Where others are quicker each time, the caller is told to try again; nothing was written."""
    case = open_case(engine)
    asked: list[int] = []

    def provider(request: FactRequest) -> bool:
        asked.append(note(engine, case.id, 100 + len(asked)).revision)
        return True

    engine.provide("pagu_tersedia", provider)
    with pytest.raises(Contention) as told:
        budget(engine, case.id, 8)
    assert told.value.is_retryable
    assert "facts" not in engine.history(case.id)[-1].body


# --- sweep and command ------------------------------------------------------------------------------------


def test_clock_due_is_taken_once_whoever_comes_first(engine: Engine) -> None:
    """A command takes a due clock first; the sweep that comes after finds nothing, or the other way."""
    first, second = (send(engine, open_case(engine).id) for _ in range(2))
    note(engine, first.id, 1, request_id="a")
    assert engine.tick().entries == 1
    note(engine, second.id, 1, request_id="b")
    assert engine.tick().entries == 0
    assert [kinds(engine, case.id)["clock_fired"] for case in (first, second)] == [1, 1]
    assert [requests(engine, case.id) for case in (first, second)] == [{"a": 1}, {"b": 1}]
