"""What a database is like, for whoever has to look after it.

Owns looking at a database without using it: server, pragmas, schema version, triggers; and bringing its
schema up to date with an answer. Changes nothing but the schema, and that only where it is asked for.
Called by the command line.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from engine.store import schema
from engine.store import tables as t
from engine.store.audit import Audit
from engine.store.backends import backend_of
from engine.store.driver_errors import translating
from engine.store.executors import CoreExecutor
from engine.store.outbox import SqlOutbox
from engine.store.statements import SQLITE
from engine.store.unusable import naming

PRAGMAS = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "secure_delete")

_APPLICATION_ID_AT = 68  # of a SQLite file: four bytes of its header, for whoever made it


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """What an upgrade did: revisions before and after, and those that ran."""

    before: str
    after: str
    ran: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """A durable consumer of events: how many wait for it, and whether some were given up."""

    name: str
    pending: int
    has_dead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a database is like.

    Attributes:
        server: Of SQLite the library's version, else the server's.
        schema: Revision of the schema, ``none`` where there is none.
        pragmas: SQLite: as our own connections have them.
        missing_triggers: Append-only triggers that are not there or refuse nothing.
    """

    dialect: str
    server: str
    schema: str
    head: str
    pragmas: Mapping[str, str] = field(default_factory=dict)
    missing_triggers: tuple[str, ...] = ()


def inspect(url: str) -> Inspection:
    """Look at a database.

    Raises:
        UnsupportedDatabase: There is no store for it.
        StoreUnavailable: It cannot be reached.
        DatabaseUnusable: It is no database, or may not be opened.
    """
    with _engine(url) as engine, translating(DBAPIError), engine.connect() as connection:
        dialect = connection.dialect.name
        found = schema.version(connection)
        return Inspection(
            dialect=dialect,
            server=_server(connection),
            schema=found,
            head=schema.HEAD,
            pragmas=_pragmas(connection) if dialect == SQLITE else {},
            missing_triggers=()
            if found == schema.NOTHING
            else Audit(CoreExecutor(connection, dialect), "").missing_triggers(),
        )


def consumers(url: str, tenant: str) -> tuple[Consumer, ...]:
    """Return every durable consumer of a tenant, whichever process serves it, by name."""
    named = select(t.consumer.c.name).where(t.consumer.c.tenant == tenant).order_by(t.consumer.c.name)
    with _engine(url) as engine, translating(DBAPIError), engine.connect() as connection:
        outbox = SqlOutbox(CoreExecutor(connection, connection.dialect.name), tenant)
        return tuple(
            Consumer(name=name, pending=outbox.pending(name), has_dead=bool(outbox.dead(name, 1)))
            for name in connection.scalars(named).all()
        )


def upgrade(url: str) -> Upgraded:
    """Bring a database's schema up to date.

    Raises:
        SchemaNewer: It was upgraded by a newer version of the software.
    """
    with _engine(url) as engine:
        with translating(DBAPIError), engine.connect() as connection:
            before = schema.version(connection)
        ran = schema.upgrade(engine)
    return Upgraded(before=before, after=schema.HEAD, ran=ran)


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    backend = backend_of(url, synchronous="FULL")
    try:
        with naming(backend.place), backend.schema_engine() as engine:
            yield engine
    finally:
        backend.close()


def _server(connection: Connection) -> str:
    if connection.dialect.name == SQLITE:
        return sqlite3.sqlite_version
    version = connection.dialect.server_version_info or ()
    return ".".join(str(part) for part in version)


def _pragmas(connection: Connection) -> dict[str, str]:
    return {name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()) for name in PRAGMAS}


# --- a mark in a SQLite file -------------------------------------------------------------------------


def mark(url: str, application_id: int) -> None:
    """Write who made a SQLite database into its header."""
    with _engine(url) as engine, translating(DBAPIError), engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id = {int(application_id)}")
        connection.commit()


def marked(file: bytes) -> int | None:
    """Return the mark in the first bytes of a file; ``None`` where it is no SQLite database."""
    if not file.startswith(b"SQLite format 3\0") or len(file) < _APPLICATION_ID_AT + 4:
        return None
    return int.from_bytes(file[_APPLICATION_ID_AT : _APPLICATION_ID_AT + 4], "big")
