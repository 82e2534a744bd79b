"""The version of the database's schema: checking it, bringing it up to date, keeping hosts from dropping it.

Owns ``wf_schema_version`` and who upgrades: one at a time, under an advisory lock on PostgreSQL and the
write lock on SQLite, so that any number of processes may start together. A schema newer than this
software is refused. The scripts are under ``engine.store.migrations``; alembic is imported only when one
of them has to run.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, inspect, select
from sqlalchemy.exc import DBAPIError

from engine.errors import Contention, SchemaNewer, SchemaOutdated
from engine.store.driver_errors import translating
from engine.store.sqlite import PATIENCE
from engine.store.statements import SQLITE

REVISIONS = ("0001", "0002")
"""Every revision, oldest first; the last is what this software needs."""

HEAD = REVISIONS[-1]
version_table = Table(
    "wf_schema_version", MetaData(), Column("version_num", String(32), primary_key=True, nullable=False)
)
"""One row: the revision that the database has (alembic's own shape)."""

NOTHING = "none"

_ADVISORY_LOCK = 0x6B65_726A  # any constant of our own ("kerj")
_PAUSE = 0.01


def include_name(name: str | None, type_: str, parent_names: object = None) -> bool:
    """Keep a host's ``alembic revision --autogenerate`` away from our tables.

    Give it to ``EnvironmentContext.configure(include_name=…)``.

    Example:
        >>> include_name("wf_case", "table"), include_name("invoice", "table")
        (False, True)
    """
    return not (type_ == "table" and name is not None and name.startswith("wf_"))


def version(connection: Connection) -> str:
    """Return the revision that the database has, or `NOTHING`."""
    if not inspect(connection).has_table(version_table.name):
        return NOTHING
    found = connection.scalar(select(version_table.c.version_num))
    return NOTHING if found is None else str(found)


def check(engine: Engine) -> None:
    """Make sure that the database has the schema that this software needs.

    Raises:
        SchemaOutdated: It is older.
        SchemaNewer: It is newer.
    """
    with translating(DBAPIError), engine.connect() as connection:
        if pending(version(connection)):
            raise SchemaOutdated(found=version(connection), known=HEAD)


def pending(found: str) -> tuple[str, ...]:
    """Return the revisions that are still to run after ``found``.

    Raises:
        SchemaNewer: ``found`` is none that this software knows.
    """
    if found == NOTHING:
        return REVISIONS
    if found not in REVISIONS:
        raise SchemaNewer(found=found, known=HEAD)
    return REVISIONS[REVISIONS.index(found) + 1 :]


def upgrade(engine: Engine) -> tuple[str, ...]:
    """Bring the database up to date; returns the revisions that ran.

    Transaction: its own, one for all revisions.

    Raises:
        SchemaNewer: The database is newer than this software.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return _upgrade(engine)
        except Contention:
            if time.monotonic() > end:
                raise
            time.sleep(_PAUSE)


def _upgrade(engine: Engine) -> tuple[str, ...]:
    with translating(DBAPIError):
        with engine.connect() as connection:
            if not pending(version(connection)):
                return ()
        with _alone(engine) as connection:
            wanted = pending(version(connection))
            if wanted:
                from engine.store.migrations import run  # noqa: PLC0415  (alembic only when it is needed)

                run(connection, wanted)
            return wanted


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that no other upgrade runs beside; commit it."""
    with engine.connect() as connection, connection.begin():
        driver: Any = connection.connection.driver_connection
        if connection.dialect.name != SQLITE:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        elif not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection
