"""Request ids at the engine: one effect, the same answer, and never another's answer."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest

from kerjasama import Case, Engine, IdempotencyMismatch, Refused, StaleCase
from tests.clocks import FakeClock
from tests.endurance import (
    OFFICER,
    STRANGER,
    TENANT,
    deploy,
    every_case,
    note,
    open_case,
    requests,
    send,
)


@pytest.fixture
def engine(store_url: str, clock: FakeClock) -> Iterator[Engine]:
    """An engine with the small workflow, in virtual time."""
    with Engine(store_url, tenant=TENANT, clock=clock) as made:
        yield deploy(made)


# --- the same again ----------------------------------------------------------------------------------


def test_request_repeated_has_one_effect_and_the_same_answer(engine: Engine) -> None:
    """A repeat gets the case as the first one left it, whatever happened since."""
    case = open_case(engine)
    first = note(engine, case.id, 1, request_id="r-1")
    note(engine, case.id, 2)
    again = note(engine, case.id, 1, request_id="r-1")

    assert again == first
    assert again.fields["urutan"] == 1
    assert engine.case(case.id).fields["urutan"] == 2
    assert requests(engine, case.id) == {"r-1": 1}


def test_opening_repeated_opens_one_case(engine: Engine) -> None:
    """A repeated opening answers with the case that is there, and takes no second number."""
    first = open_case(engine, request_id="o-1")
    note(engine, first.id)
    assert open_case(engine, request_id="o-1") == first
    assert [case.id for case in every_case(engine)] == [first.id]
    assert open_case(engine).number.endswith("/2")


def test_request_repeated_answers_even_where_the_act_is_no_longer_possible(engine: Engine) -> None:
    """What was done is answered, not decided again: the trigger may be gone by now."""
    case = open_case(engine)
    sent = send(engine, case.id, date(2026, 1, 5), request_id="r-1")
    with pytest.raises(Refused):
        send(engine, case.id, date(2026, 1, 5), request_id="r-2")
    assert send(engine, case.id, date(2026, 1, 5), request_id="r-1") == sent


def test_request_repeated_with_an_old_expectation_is_answered(engine: Engine) -> None:
    """The revision that a caller saw is not part of what is asked: a repeat is no stale command."""
    case = open_case(engine)
    first = note(engine, case.id, request_id="r-1", expect=case.revision)
    assert note(engine, case.id, request_id="r-1", expect=case.revision) == first


def test_request_repeated_after_a_restart_has_one_effect(store_url: str, clock: FakeClock) -> None:
    """Request ids are remembered by the database, not by the process."""
    with Engine(store_url, tenant=TENANT, clock=clock) as engine:
        case = open_case(deploy(engine), request_id="o-1")
        first = note(engine, case.id, request_id="r-1")
    with Engine(store_url, tenant=TENANT, clock=clock) as engine:
        assert open_case(engine, request_id="o-1") == case
        assert note(engine, case.id, request_id="r-1") == first
        assert requests(engine, case.id) == {"o-1": 1, "r-1": 1}


def test_request_of_several_acts_in_one_transaction_repeated_has_one_effect(engine: Engine) -> None:
    """`fire_many` answers those that were done and does the others."""
    case = open_case(engine)
    done = note(engine, case.id, 1, request_id="r-1")
    calls = [
        {
            "case_id": case.id,
            "trigger": "catat",
            "by": OFFICER,
            "fields": {"urutan": n},
            "request_id": f"r-{n}",
        }
        for n in (1, 2)
    ]
    results = engine.fire_many(calls)
    assert results[0] == done
    assert requests(engine, case.id) == {"r-1": 1, "r-2": 1}
    assert engine.fire_many(calls) == results
    assert requests(engine, case.id) == {"r-1": 1, "r-2": 1}


# --- something else under the same id ------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"number": 2},
        {"comment": "Lain"},
        {"effective_on": date(2026, 1, 5)},
        {"as_role": "petugas"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_request_id_used_for_other_content_is_refused(engine: Engine, changed: dict[str, Any]) -> None:
    """An id stands for one content; another content under it is the caller's mistake, and said so."""
    case = open_case(engine)
    note(engine, case.id, 1, request_id="r-1")
    with pytest.raises(IdempotencyMismatch):
        note(engine, case.id, **{"number": 1, **changed}, request_id="r-1")
    assert requests(engine, case.id) == {"r-1": 1}


def test_request_id_used_for_another_case_is_refused(engine: Engine) -> None:
    """An id used on one case never answers for another, however alike the acts are."""
    one, other = open_case(engine), open_case(engine)
    note(engine, one.id, request_id="r-1")
    with pytest.raises(IdempotencyMismatch):
        note(engine, other.id, request_id="r-1")
    assert engine.case(other.id) == other


def test_request_id_of_an_opening_used_for_an_act_is_refused(engine: Engine) -> None:
    """An opening and an act are never the same request."""
    case = open_case(engine, request_id="r-1")
    with pytest.raises(IdempotencyMismatch):
        note(engine, case.id, request_id="r-1")
    with pytest.raises(IdempotencyMismatch):
        open_case(engine, "Lain", request_id="r-1")


def test_request_id_of_a_refused_command_is_free(engine: Engine) -> None:
    """A refusal is nothing that happened: its id is not remembered."""
    case = open_case(engine)
    with pytest.raises(Refused):
        engine.fire(case.id, "catat", by=STRANGER, fields={"urutan": 1}, request_id="r-1")
    assert note(engine, case.id, 1, request_id="r-1").fields["urutan"] == 1


def test_request_id_is_of_one_tenant(store_url: str, clock: FakeClock) -> None:
    """Two tenants may use the same id."""
    with (
        Engine(store_url, tenant="kukar", clock=clock) as one,
        Engine(store_url, tenant="kubar", clock=clock) as other,
    ):
        ours, theirs = (open_case(deploy(engine), request_id="r-1") for engine in (one, other))
        assert ours.id != theirs.id
        assert (ours.tenant, theirs.tenant) == ("kukar", "kubar")


# --- raced ----------------------------------------------------------------------------------------------


def race(count: int, act: Any) -> list[Any]:
    """Let ``count`` threads do ``act(n)`` at once; return their answers or errors."""
    start = Barrier(count)

    def run(n: int) -> Any:
        start.wait(timeout=30)
        try:
            return act(n)
        except Exception as error:  # noqa: BLE001 - the error is the answer
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_request_raced_by_eight_threads_has_one_effect_and_one_answer(engine: Engine) -> None:
    """Whoever comes second with the same id gets the first one's answer, and nobody an error."""
    case = open_case(engine)
    for round_ in range(5):
        answers = race(8, lambda _, r=round_: note(engine, case.id, r, request_id=f"r-{r}"))
        assert all(isinstance(answer, Case) for answer in answers), answers
        assert len({answer.revision for answer in answers}) == 1
        assert all(answer == answers[0] for answer in answers)
    assert requests(engine, case.id) == {f"r-{n}": 1 for n in range(5)}


def test_opening_raced_by_eight_threads_opens_one_case(engine: Engine) -> None:
    """Eight openings with one id open one case with one number."""
    answers = race(8, lambda _: open_case(engine, request_id="o-1"))
    assert all(answer == answers[0] for answer in answers), answers
    assert [case.id for case in every_case(engine)] == [answers[0].id]


def test_request_raced_with_other_content_has_one_effect_and_mismatches(engine: Engine) -> None:
    """Of different contents under one id one happens; all others are told."""
    case = open_case(engine)
    answers = race(8, lambda n: note(engine, case.id, n, request_id="r-1"))
    assert sum(isinstance(answer, Case) for answer in answers) == 1
    assert sum(isinstance(answer, IdempotencyMismatch) for answer in answers) == 7
    assert requests(engine, case.id) == {"r-1": 1}


def test_case_raced_with_an_expectation_lets_one_win(engine: Engine) -> None:
    """Of eight who saw the same revision one acts; the others are told that it has moved on."""
    case = open_case(engine)
    answers = race(8, lambda n: note(engine, case.id, n, expect=case.revision))
    assert sum(isinstance(answer, Case) for answer in answers) == 1
    stale = [answer for answer in answers if isinstance(answer, StaleCase)]
    assert len(stale) == 7
    assert engine.case(case.id).revision == case.revision + 1


def test_case_raced_without_an_expectation_lets_all_through(engine: Engine) -> None:
    """Who did not say what they saw wait for each other; every act happens once."""
    case = open_case(engine)
    answers = race(8, lambda n: note(engine, case.id, n, request_id=f"r-{n}"))
    assert all(isinstance(answer, Case) for answer in answers), answers
    assert sorted(answer.revision for answer in answers) == list(range(2, 10))
    assert requests(engine, case.id) == {f"r-{n}": 1 for n in range(8)}
    assert engine.ledger.verify().is_clean
