"""Cases: what was written is read, all or nothing, one writer at a time, each request once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest

from engine.errors import DuplicateRequest, StaleCase
from engine.store import Store
from engine.store.port import Content, Event, PersonalRow, Writes
from tests.contract.store_material import TENANT, a_case, due, entry, instant, opening, request, step


def applied(store: Store, writes: Writes) -> Writes:
    """Write in a transaction of its own."""
    with store.transaction() as tx:
        tx.apply(writes)
    return writes


def test_case_after_opening_reads_back_equal(store: Store) -> None:
    """The case row holds exactly the case that was written."""
    case = applied(store, opening()).case
    with store.transaction(write=False) as tx:
        assert tx.case(case.id) == case


def test_case_unknown_reads_as_none(store: Store) -> None:
    """No row is no error."""
    with store.transaction() as tx:
        assert tx.case("no-such-case") is None
        assert tx.case("no-such-case", lock=True) is None
        assert tx.request("no-such-request") is None


def test_apply_keeps_entries_personal_and_content(store: Store) -> None:
    """Every row of a command is there afterwards, in order."""
    before = applied(store, opening()).case
    salt = bytes(range(32))
    writes = step(
        before,
        personal=(
            PersonalRow(seq=2, field="narahubung", salt=salt, value='["Siti Rahma"]'),
            PersonalRow(seq=2, field="nomor", party="kukar", salt=salt, value='"12"'),
        ),
        contents=(Content(digest="f" * 64, body=b"\x00%PDF", media_type="application/pdf", name="kak.pdf"),),
    )
    applied(store, writes)
    with store.transaction(write=False) as tx:
        assert tx.case(before.id) == writes.case
        assert tx.history(before.id) == (entry(before, "case_opened"), *writes.entries)
        assert tx.history(before.id, after=1) == writes.entries
        assert tx.history(before.id, limit=1) == (entry(before, "case_opened"),)
        assert tx.personal(before.id) == writes.personal
        assert tx.content("f" * 64) == writes.contents[0]
        assert tx.content("0" * 64) is None


def test_apply_with_many_rows_keeps_their_order(store: Store) -> None:
    """A command may write more rows than one statement takes (several clocks taken first)."""
    before = applied(store, opening()).case
    entries = tuple(
        replace(entry(before), seq=n, revision=n, hash=f"{n:064x}", text=f'{{"n":{n}}}') for n in range(2, 60)
    )
    after = replace(before, seq=59, revision=59, head=entries[-1].hash)
    events = tuple(Event(topic="case.clock_fired", seq=one.seq, payload=one.text) for one in entries)
    applied(store, Writes(before=before, case=after, entries=entries, events=events))
    with store.transaction() as tx:
        assert tx.history(before.id, after=1) == entries
        tx.outbox.register("all", "*", from_start=True)
        taken = tx.outbox.take("all", owner="me", now=instant(1), lease_until=instant(2), limit=100)
    assert taken is not None
    assert [one.seq for one in taken] == list(range(1, 60))


def test_content_already_there_is_left_alone(store: Store) -> None:
    """The same file attached twice is kept once."""
    content = Content(digest="f" * 64, body=b"x")
    before = applied(store, opening(contents=(content,))).case
    applied(store, step(before, contents=(replace(content, name="again"),)))
    with store.transaction(write=False) as tx:
        assert tx.content("f" * 64) == content


def test_apply_on_changed_case_is_stale(store: Store) -> None:
    """The second of two writers who read the same revision is told, and writes nothing."""
    before = applied(store, opening()).case
    applied(store, step(before))
    with pytest.raises(StaleCase) as caught:
        applied(store, step(before, request_id="late", timers=(due("a", instant(1)),), timer_paths=("a",)))
    assert caught.value.case_id == before.id
    with store.transaction(write=False) as tx:
        assert len(tx.history(before.id)) == 2
        assert tx.request("late") is None
        assert tx.timers.of(before.id) == ()


def test_opening_a_case_twice_is_stale(store: Store) -> None:
    """A case id is opened once."""
    writes = applied(store, opening())
    with pytest.raises(StaleCase):
        applied(store, writes)


def test_apply_with_known_request_is_duplicate(store: Store) -> None:
    """A request id has one effect: the second is told, and writes nothing."""
    before = applied(store, opening()).case
    after = applied(store, step(before, request_id="r-1")).case
    with pytest.raises(DuplicateRequest) as caught:
        applied(store, step(after, request_id="r-1"))
    assert caught.value.request_id == "r-1"
    with store.transaction(write=False) as tx:
        assert tx.case(before.id) == after
        assert tx.request("r-1") == request(after, "r-1")


def test_opening_with_known_request_is_duplicate(store: Store) -> None:
    """Also a case that is being opened: nothing of it stays."""
    first = applied(store, opening(request=request(a_case(), "r-1")))
    second = opening(request=first.request)
    with pytest.raises(DuplicateRequest):
        applied(store, second)
    with store.transaction(write=False) as tx:
        assert tx.case(second.case.id) is None


def test_load_reads_case_and_request_together(store: Store) -> None:
    """One look gives the case, locked, and what is remembered of the request."""
    before = applied(store, opening()).case
    after = applied(store, step(before, request_id="r-1")).case
    with store.transaction() as tx:
        loaded = tx.load(before.id, "r-1")
        assert (loaded.case, loaded.request) == (after, request(after, "r-1"))
        assert tx.load(before.id, "other", lock=False).request is None


def test_transaction_that_raises_leaves_nothing(store: Store) -> None:
    """What a block wrote goes when the block fails."""
    writes = opening()
    with pytest.raises(LookupError), store.transaction() as tx:
        tx.apply(writes)
        raise LookupError
    with store.transaction(write=False) as tx:
        assert tx.case(writes.case.id) is None


def test_transaction_after_failed_apply_cannot_be_committed(store: Store) -> None:
    """Swallowing the failure of an apply does not commit half a command: it is raised again."""
    before = applied(store, opening()).case
    applied(store, step(before))
    other = opening()
    with pytest.raises(StaleCase), store.transaction() as tx:
        tx.apply(other)
        with suppress(StaleCase):
            tx.apply(step(before))
    with store.transaction(write=False) as tx:
        assert tx.case(other.case.id) is None


def test_several_commands_in_one_transaction_are_written_together(store: Store) -> None:
    """One transaction may carry many commands, also of one case."""
    first, second = opening(), opening()
    with store.transaction() as tx:
        tx.apply(first)
        tx.apply(second)
        tx.apply(step(first.case))
    with store.transaction(write=False) as tx:
        assert len(tx.history(first.case.id)) == 2
        assert tx.case(second.case.id) == second.case


def test_tenants_do_not_see_each_other(store: Store, store_url: str) -> None:
    """The same ids and request ids in two tenants are different rows."""
    writes = applied(store, opening(request=request(a_case(), "r-1")))
    other = Store.open(store_url, tenant="samarinda")
    try:
        with other.transaction() as tx:
            assert tx.case(writes.case.id) is None
            assert tx.request("r-1") is None
            tx.apply(replace(writes, case=replace(writes.case, tenant="samarinda")))
            assert tx.next_number("ksdd", 2026) == 1
        with other.transaction(write=False) as tx:
            assert [case.tenant for case in tx.cases().items] == ["samarinda"]
    finally:
        other.close()
    with store.transaction(write=False) as tx:
        assert [case.tenant for case in tx.cases().items] == [TENANT]


def test_numbers_count_per_workflow_and_year(store: Store) -> None:
    """Each workflow and year has its own counter; a rollback gives the number back."""
    with store.transaction() as tx:
        assert [tx.next_number("ksdd", 2026) for _ in range(3)] == [1, 2, 3]
        assert tx.next_number("ksdd", 2027) == 1
        assert tx.next_number("pks", 2026) == 1
    with pytest.raises(LookupError), store.transaction() as tx:
        assert tx.next_number("ksdd", 2026) == 4
        raise LookupError
    with store.transaction() as tx:
        assert tx.next_number("ksdd", 2026) == 4


def test_locked_case_makes_the_other_writer_wait(store: Store) -> None:
    """Two threads that read with lock and write lose no update."""
    case_id = applied(store, opening()).case.id

    def climb() -> None:
        for _ in range(15):
            with store.transaction() as tx:
                case = tx.case(case_id, lock=True)
                assert case is not None
                tx.apply(step(case))

    with ThreadPoolExecutor() as threads:
        for done in [threads.submit(climb) for _ in range(4)]:
            done.result()
    with store.transaction(write=False) as tx:
        assert [one.seq for one in tx.history(case_id)] == list(range(1, 62))


def test_lock_case_skip_locked_reads_a_free_case(store: Store) -> None:
    """The sweep gets a case that nobody holds."""
    case = applied(store, opening()).case
    with store.transaction() as tx:
        assert tx.lock_case_skip_locked(case.id) == case


def test_lock_case_skip_locked_passes_by_a_held_case(store: Store) -> None:
    """The sweep does not wait for a case that a command holds (PostgreSQL; SQLite has one writer)."""
    if store.dialect == "sqlite":
        return
    case = applied(store, opening()).case
    with store.transaction() as tx:
        assert tx.case(case.id, lock=True) == case
        with store.transaction() as sweep:
            assert sweep.lock_case_skip_locked(case.id) is None


def test_reading_sees_one_moment(store: Store) -> None:
    """A read-only transaction sees the case and its history as they were at its first look."""
    before = applied(store, opening()).case
    with store.transaction(write=False) as tx:
        assert tx.case(before.id) == before
        applied(store, step(before))
        assert tx.case(before.id) == before
        assert len(tx.history(before.id)) == 1
