"""The snapshot of a case: an exact round trip, and defaults for members written before they existed."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.store.snapshots import from_text, to_text
from workflow.case import CaseState

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
NAMES = st.text("abcdefgh_", min_size=1, max_size=8)
VALUES = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


def _objects() -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(NAMES, VALUES, max_size=3)


def _named(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(NAMES, values, max_size=3)


CASES = st.builds(
    CaseState,
    tenant=TEXT,
    id=TEXT,
    number=TEXT,
    workflow=NAMES,
    version=st.integers(1, 99),
    digest=TEXT,
    parties=st.lists(_objects(), max_size=3).map(tuple),
    configuration=st.lists(NAMES, max_size=3).map(tuple),
    calendars=_named(_objects()),
    revision=st.integers(0, 2**31),
    seq=st.integers(0, 2**31),
    recorded_at=TEXT,
    stepped_on=TEXT,
    opened_at=TEXT,
    head=TEXT,
    clock_acted_on=st.none() | TEXT,
    closed_at=st.none() | TEXT,
    outcome=st.none() | TEXT,
    fields=_named(VALUES),
    documents=_named(st.lists(TEXT, max_size=3).map(tuple)),
    votes=_named(st.lists(_objects(), max_size=3).map(tuple)),
    clocks=_named(_objects()),
    obligations=_named(_objects()),
    performers=_named(_objects()),
)


@given(CASES)
def test_snapshot_of_any_case_reads_back_equal(case: CaseState) -> None:
    """What is written is what is read, order and tuples included."""
    again = from_text(to_text(case))
    assert again == case
    assert to_text(again) == to_text(case)
    assert list(again.fields) == list(case.fields)


@given(CASES)
def test_snapshot_without_defaults_reads_as_defaults(case: CaseState) -> None:
    """Members with their default are not written, so older snapshots read as if they had them."""
    members = json.loads(to_text(case))
    assert ("outcome" in members) == (case.outcome is not None)
    assert ("votes" in members) == bool(case.votes)
