"""Fixtures of the whole suite, and the house rules that pytest itself can enforce.

* A test that leaves a thread, a database file, a socket or a connection behind fails.
* In CI nothing is left out quietly: a skip whose reason is not on the list below fails the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import URL, make_url

from tests.clocks import FakeClock
from tests.databases import NoPostgresError, empty, fresh_database, postgres_server
from tests.leaks import Checkouts, held, left_behind
from tests.places import VECTORS, in_ci

ALLOWED_SKIPS = ("MariaDB",)
"""Beginnings of the reasons for which a test may be skipped in CI."""

settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True, print_blob=True)
settings.load_profile("ci" if in_ci() else "local")


def leave_out(reason: str) -> None:
    """Skip the test, or fail it in CI, where nothing may be left out."""
    if in_ci():
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def vectors() -> Path:
    """The folder of test data by others, beside the checkout."""
    if not VECTORS.is_dir():
        leave_out(f"no test vectors in {VECTORS}")
    return VECTORS


@pytest.fixture
def clock() -> FakeClock:
    """A clock that moves only when told to: Monday 5 January 2026, 09:00 in Makassar."""
    return FakeClock()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a maintenance database on a PostgreSQL server; tests want ``postgres_database``."""
    try:
        with postgres_server() as url:
            yield url.render_as_string(hide_password=False)
    except NoPostgresError as absent:
        leave_out(str(absent))


@pytest.fixture(scope="session")
def _scratch_database(postgres_url: str) -> Iterator[URL]:
    with fresh_database(make_url(postgres_url)) as url:
        yield url


@pytest.fixture
def postgres_database(_scratch_database: URL) -> str:
    """URL of an empty PostgreSQL database that nobody else uses during this test."""
    empty(_scratch_database)
    return _scratch_database.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database of this test's own, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'kerjasama.db'}"
    url: str = request.getfixturevalue("postgres_database")
    return url


@pytest.fixture(scope="session")
def _checkouts() -> Iterator[Checkouts]:
    with Checkouts().watching() as checkouts:
        yield checkouts


@pytest.fixture(autouse=True)
def _nothing_left_behind(_checkouts: Checkouts) -> Iterator[None]:
    before = held(_checkouts)
    yield
    if found := left_behind(before, _checkouts):
        pytest.fail("left behind: " + "; ".join(found))


# --- nothing is left out quietly in CI ----------------------------------------------------------


def _unexpected_skips(config: pytest.Config) -> list[str]:
    reporter = config.pluginmanager.getplugin("terminalreporter")
    if reporter is None or not in_ci():
        return []
    found = []
    for report in reporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not reason.removeprefix("Skipped: ").startswith(ALLOWED_SKIPS):
            found.append(f"{report.nodeid}: {reason}")
    return found


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Turn an unexpected skip in CI into a failed run."""
    if exitstatus == pytest.ExitCode.OK and _unexpected_skips(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name the skips that fail the run."""
    if found := _unexpected_skips(config):
        terminalreporter.section("left out in CI, where nothing may be", red=True)
        for line in found:
            terminalreporter.line(line)
