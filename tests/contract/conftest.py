"""Fixtures of the contract suites: a store on every database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.store import Store
from tests.contract.store_material import TENANT


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store of this test's own, once on SQLite and once on PostgreSQL."""
    opened = Store.open(store_url, tenant=TENANT)
    yield opened
    out = opened.checked_out
    opened.close()
    assert out == 0, f"{out} connections were not given back"
