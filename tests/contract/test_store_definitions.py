"""Definitions and calendars: a version is written once, and never again with other content."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import DefinitionConflict
from engine.store import Store
from engine.store.port import CalendarRow, DefinitionRow

DEFINITION = DefinitionRow(
    workflow="ksdd",
    version=1,
    digest="a" * 64,
    sources={"ksdd.yaml": "workflow: ksdd\n", "lists/urusan.yaml": "format: 1 # catatan é\n"},
    canonical='{"workflow":"ksdd"}',
    deployed_by="admin",
    deployed_at="2026-02-02T01:00:00.000000Z",
)
CALENDAR = CalendarRow(
    name="indonesia",
    version=4,
    digest="c" * 64,
    sources={"indonesia.yaml": "calendar: indonesia\n"},
    canonical='{"calendar":"indonesia"}',
    loaded_by="admin",
    loaded_at="2026-02-02T01:00:00.000000Z",
)


def test_definition_reads_back_equal_and_highest_by_default(store: Store) -> None:
    """Every version stays readable; without a version it is the highest."""
    second = replace(DEFINITION, version=2, digest="b" * 64)
    tenth = replace(DEFINITION, version=10, digest="d" * 64)
    other = replace(DEFINITION, workflow="pks")
    with store.transaction() as tx:
        assert [tx.definitions.put(row) for row in (tenth, DEFINITION, second, other)] == [True] * 4
    with store.transaction(write=False) as tx:
        assert tx.definitions.get("ksdd", 1) == DEFINITION
        assert tx.definitions.get("ksdd") == tenth
        assert tx.definitions.get("ksdd", 3) is None
        assert tx.definitions.get("none") is None
        assert tx.definitions.all() == (DEFINITION, second, tenth, other)
        assert tx.definitions.all("pks") == (other,)


def test_definition_again_with_same_digest_is_no_news(store: Store) -> None:
    """Deploying is idempotent by digest; what was there first stays."""
    with store.transaction() as tx:
        assert tx.definitions.put(DEFINITION)
        assert not tx.definitions.put(replace(DEFINITION, deployed_by="another"))
        assert tx.definitions.get("ksdd") == DEFINITION


def test_definition_with_other_digest_is_refused(store: Store) -> None:
    """The same workflow and version with another digest is a conflict, whose text says what to do."""
    with store.transaction() as tx:
        tx.definitions.put(DEFINITION)
    with pytest.raises(DefinitionConflict, match="higher version"), store.transaction() as tx:
        tx.definitions.put(replace(DEFINITION, digest="b" * 64))


def test_calendar_reads_back_by_version_and_digest(store: Store) -> None:
    """Open cases ask for the digest they were opened with, new ones for the highest version."""
    fifth = replace(CALENDAR, version=5, digest="e" * 64)
    with store.transaction() as tx:
        assert [tx.definitions.put_calendar(row) for row in (CALENDAR, fifth)] == [True, True]
        assert not tx.definitions.put_calendar(CALENDAR)
    with store.transaction(write=False) as tx:
        assert tx.definitions.calendar("indonesia") == fifth
        assert tx.definitions.calendar("indonesia", 4) == CALENDAR
        assert tx.definitions.calendar_by_digest("c" * 64) == CALENDAR
        assert tx.definitions.calendar_by_digest("0" * 64) is None
        assert tx.definitions.calendars() == (CALENDAR, fifth)
        assert tx.definitions.calendars("none") == ()


def test_calendar_with_other_digest_is_refused(store: Store) -> None:
    """The same name and version with another digest is a conflict."""
    with store.transaction() as tx:
        tx.definitions.put_calendar(CALENDAR)
    with pytest.raises(DefinitionConflict), store.transaction() as tx:
        tx.definitions.put_calendar(replace(CALENDAR, digest="b" * 64))
