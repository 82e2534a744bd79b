"""Who opened whom: families read in order, and locked from the outermost case inward."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from engine.errors import StaleCase
from engine.store import Store
from tests.contract.store_material import a_case, opening
from workflow.case import CaseState


def family(store: Store) -> list[CaseState]:
    """A case with two children, of which the elder has one of its own; ids against their order."""
    root = a_case(id="m-root", children={"z-elder": {"name": "pks"}, "a-younger": {"name": "pks"}})
    elder = a_case(
        id="z-elder",
        parent={"case": "m-root", "name": "pks"},
        children={"b-inner": {"name": "rincian"}},
    )
    younger = a_case(id="a-younger", parent={"case": "m-root", "name": "pks"})
    inner = a_case(id="b-inner", parent={"case": "z-elder", "name": "rincian"})
    with store.transaction() as tx:
        tx.apply(*(opening(one) for one in (root, elder, younger, inner)))
    return [root, elder, inner, younger]


def test_family_is_read_whole_from_any_of_its_cases(store: Store) -> None:
    """Parents before their children, elder ones first, whoever is asked about."""
    every = family(store)
    alone = a_case()
    with store.transaction() as tx:
        tx.apply(opening(alone))
    with store.transaction(write=False) as tx:
        for one in every:
            assert [case.id for case in tx.family(one.id)] == [case.id for case in every]
        assert tx.family(alone.id) == (alone,)
        assert tx.family("none") == ()
        assert [case.id for case in tx.children("m-root")] == ["a-younger", "z-elder"]  # opened at once
        assert tx.children("b-inner") == ()


def test_family_of_another_tenant_is_not_seen(store: Store, store_url: str) -> None:
    """Rows of one tenant never show in another's family."""
    family(store)
    other = Store.open(store_url, tenant="paser")
    with other.transaction(write=False) as tx:
        assert tx.family("m-root") == ()
        assert tx.children("m-root") == ()
    other.close()


def test_several_writes_are_written_together_or_not_at_all(store: Store) -> None:
    """Where one of them fails, nothing of the others is left."""
    case = a_case()
    other = a_case()
    with store.transaction() as tx:
        tx.apply(opening(case))
    with pytest.raises(StaleCase), store.transaction() as tx:
        tx.apply(opening(other), opening(case))
    with store.transaction(write=False) as tx:
        assert tx.case(other.id) is None
        assert tx.case(case.id) == case


def test_child_is_passed_by_while_its_family_is_held(store: Store) -> None:
    """Who holds any member holds the outermost one: the sweep waits for none of them (PostgreSQL)."""
    if store.dialect == "sqlite":
        return
    family(store)
    for held in ("b-inner", "a-younger", "m-root"):
        with store.transaction() as tx:
            assert tx.case(held, lock=True) is not None
            for wanted in ("b-inner", "z-elder", "m-root"):
                with store.transaction() as sweep:
                    assert sweep.lock_case_skip_locked(wanted) is None
    with store.transaction() as tx:
        found = tx.lock_case_skip_locked("b-inner")
        assert found is not None and found.id == "b-inner"
        assert tx.lock_case_skip_locked("none") is None


def test_locking_several_cases_in_any_order_never_deadlocks(store: Store) -> None:
    """Whatever is named first, families are locked in one order, parents before children."""
    every = [one.id for one in family(store)]
    with store.transaction() as tx:
        others = [opening(replace(a_case(), id=f"n-{number}")) for number in range(3)]
        tx.apply(*others)
    ids = [*every, *(one.case.id for one in others)]

    def lock(n: int) -> None:
        for round_ in range(10):
            start = (n + round_) % len(ids)
            some = [*ids[start:], *ids[:start]][:4]
            with store.transaction() as tx:
                if n % 2:
                    tx.lock_cases(some)
                else:
                    tx.load(some[0])

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lock, range(6)))
