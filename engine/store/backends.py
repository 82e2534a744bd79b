"""Where transactions come from: SQLite and PostgreSQL pools of our own, or a host's SQLAlchemy engine.

Owns beginning, committing and rolling back, and what a fork does to connections. Each backend yields an
`Executor`; nothing here knows what is written through it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol

import sqlalchemy
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool, StaticPool

from engine.errors import NestedTransaction, StoreUnavailable, UnsupportedDatabase
from engine.faults import reach
from engine.refused import WrongArgument
from engine.store import sqlite
from engine.store.driver_errors import translating
from engine.store.executors import CoreExecutor, Executor, SqliteExecutor
from engine.store.joining import join
from engine.store.pools import Pool
from engine.store.statements import POSTGRESQL, SQLITE
from engine.store.unusable import Place, place_of

if TYPE_CHECKING:
    from engine.store.postgres import Driver

_READERS = 16
_FORK_PATIENCE = 10.0
"""Seconds that a fork waits for the transactions of other threads to end."""

_CONNECTIONS = 10
_IDLE_TRUSTED = 5.0
"""Seconds for which an idle PostgreSQL connection is taken to be alive without asking."""


class Backend(Protocol):
    """A database, and the ways to begin a transaction on it."""

    dialect: str
    is_memory: bool
    place: Place

    @property
    def checked_out(self) -> int:
        """How many connections are in use."""
        ...

    def transaction(self, *, write: bool) -> AbstractContextManager[Executor]:
        """Yield an executor in a transaction: committed at the end, rolled back on an error."""
        ...

    def schema_engine(self) -> AbstractContextManager[sqlalchemy.Engine]:
        """Yield a SQLAlchemy engine for migrations."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...

    def before_fork(self) -> None:
        """Leave nothing in a state that a child process could not live with."""
        ...

    def after_fork(self, *, in_child: bool) -> None:
        """Go on in the parent, or start anew in the child."""
        ...


def backend_of(database: str | URL | sqlalchemy.Engine, *, synchronous: str) -> Backend:
    """Return the backend of a URL or of a host's engine.

    Raises:
        UnsupportedDatabase: It is neither SQLite nor PostgreSQL, or no URL at all.
    """
    if isinstance(database, sqlalchemy.Engine):
        if database.dialect.name not in (SQLITE, POSTGRESQL):
            raise UnsupportedDatabase(database=database.dialect.name)
        return HostBackend(database)
    given_as: object = database
    if not isinstance(given_as, (str, URL)):
        example, given = '"sqlite:///kerjasama.db"', type(database).__name__
        raise WrongArgument(argument="database", kind="database", given=given, example=example)
    try:
        url = sqlalchemy.make_url(database)
    except (ArgumentError, ValueError):
        raise UnsupportedDatabase(database="This URL") from None  # not shown: it may hold a password
    name = url.get_backend_name()
    if name == SQLITE:
        return SqliteBackend(url, synchronous=synchronous)
    if name in (POSTGRESQL, "postgres"):
        return PostgresBackend(url.set(drivername="postgresql+psycopg"))
    raise UnsupportedDatabase(database=name)


class SqliteBackend:
    """A SQLite file, or a database in memory, which has one connection for everything."""

    dialect = SQLITE

    def __init__(self, url: URL, *, synchronous: str = "FULL") -> None:
        self.is_memory = sqlite.is_memory(url)
        self.place = place_of(url, is_memory=self.is_memory)
        self._url = url
        self._synchronous = synchronous
        self._turnstile = sqlite.Turnstile()
        self._held_by: int | None = None
        self._writers = Pool(lambda: sqlite.connect(url, synchronous=synchronous), size=1)
        self._readers = Pool(lambda: sqlite.connect(url, query_only=True), size=_READERS)

    @property
    def checked_out(self) -> int:
        """How many connections are in use."""
        return self._writers.checked_out + self._readers.checked_out

    @contextmanager
    def transaction(self, *, write: bool) -> Iterator[Executor]:
        """Yield an executor: alone in its turn to write, or on a snapshot to read."""
        # One generator, because every context manager more is felt in each command.
        in_turn = write or self.is_memory
        pool, turnstile = (self._writers if in_turn else self._readers), self._turnstile
        if in_turn:
            _enter(turnstile)
        pid = os.getpid()
        try:
            connection = pool.take()
            try:
                (sqlite.begin_immediate if write else sqlite.begin_deferred)(connection)
                yield SqliteExecutor(connection)
                reach("store.committing")
                sqlite.commit(connection)
                reach("store.committed")
            finally:
                if os.getpid() == pid:  # a child that leaves its parent's block leaves the connection alone
                    pool.give_back(connection, is_usable=_rolled_back(connection))
        finally:
            if in_turn:
                turnstile.leave()

    @contextmanager
    def schema_engine(self) -> Iterator[sqlalchemy.Engine]:
        """Yield a SQLAlchemy engine for migrations; in memory, over the one connection."""
        if not self.is_memory:
            engine = sqlalchemy.create_engine(
                "sqlite://",
                creator=lambda: sqlite.connect(self._url, synchronous=self._synchronous),
                poolclass=NullPool,
            )
            yield engine
            return
        _enter(self._turnstile)
        try:
            connection = self._writers.take()
            engine = sqlalchemy.create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
            try:
                yield engine
            finally:
                engine.dispose(close=False)
                self._writers.give_back(connection)
        finally:
            self._turnstile.leave()

    def close(self) -> None:
        """Close every connection."""
        self._readers.close()
        self._writers.close()

    def before_fork(self) -> None:
        """Wait until nothing is in use and close it all: SQLite's locks must not be copied into a child."""
        # A thread that forks inside its own transaction cannot wait for itself.
        if not self._turnstile.is_mine and self._turnstile.wait(_FORK_PATIENCE):
            self._held_by = threading.get_ident()
        if not self.is_memory:
            self._readers.hold(_FORK_PATIENCE)
            self._writers.close_idle()
            self._readers.close_idle()

    def after_fork(self, *, in_child: bool) -> None:
        """Let others go on; in the child nothing of the parent's is used or closed.

        What is in memory was copied, and goes on in the child as a database of its own.
        """
        if not in_child:
            if not self.is_memory:
                self._readers.resume()
            if self._held_by == threading.get_ident():
                self._held_by = None
                self._turnstile.leave()
            return
        self._held_by = None
        self._turnstile = sqlite.Turnstile()
        self._writers.abandon(keep_idle=self.is_memory)
        self._readers.abandon()


def _enter(turnstile: sqlite.Turnstile) -> None:
    if turnstile.is_mine:
        raise NestedTransaction
    turnstile.enter()


def _rolled_back(connection: sqlite3.Connection) -> bool:
    try:
        if connection.in_transaction:
            connection.rollback()
    except sqlite3.Error:
        return False
    return True


class PostgresBackend:
    """A PostgreSQL server through psycopg 3."""

    dialect = POSTGRESQL
    is_memory = False

    def __init__(self, url: URL) -> None:
        try:
            from engine.store import postgres  # noqa: PLC0415  (psycopg comes with an extra)
        except ImportError as error:
            raise StoreUnavailable(detail=f"{error}; install kerjasama[postgres]") from error
        self._postgres = postgres
        self.place = place_of(url)
        self._url = url
        self._pool: Pool[Driver] = Pool(lambda: postgres.connect(url), size=_CONNECTIONS)
        self._used_at = 0.0

    @property
    def checked_out(self) -> int:
        """How many connections are in use."""
        return self._pool.checked_out

    @contextmanager
    def transaction(self, *, write: bool) -> Iterator[Executor]:
        """Yield an executor; ``BEGIN`` travels with its first statement."""
        postgres = self._postgres
        connection = self._connection()
        pid = os.getpid()
        try:
            executor = postgres.PostgresExecutor(
                connection, postgres.BEGIN_WRITE if write else postgres.BEGIN_READ
            )
            try:
                yield executor
                reach("store.committing")
                executor.commit()
                reach("store.committed")
            except BaseException:
                postgres.undo(connection)
                raise
        finally:
            if os.getpid() == pid:
                self._pool.give_back(connection, is_usable=postgres.is_usable(connection))
                if connection.broken:  # the server went away: what is idle is as dead as this one
                    self._pool.close_idle()

    def _connection(self) -> Driver:
        connection = self._pool.take()
        now = time.monotonic()
        if now - self._used_at > _IDLE_TRUSTED and not self._postgres.is_alive(connection):
            # The server was restarted: what is idle is as dead as this one.
            self._pool.give_back(connection, is_usable=False)
            self._pool.close_idle()
            connection = self._pool.take()
        self._used_at = now
        return connection

    @contextmanager
    def schema_engine(self) -> Iterator[sqlalchemy.Engine]:
        """Yield a SQLAlchemy engine for migrations."""
        yield sqlalchemy.create_engine(self._url, poolclass=NullPool)

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    def before_fork(self) -> None:
        """Nothing to do: sockets are left alone by the child."""

    def after_fork(self, *, in_child: bool) -> None:
        """In the child nothing of the parent's is used or closed."""
        if in_child:
            self._pool.abandon()


class HostBackend:
    """A host's SQLAlchemy engine, with its pool and settings as they are."""

    def __init__(self, engine: sqlalchemy.Engine) -> None:
        self.dialect: str = engine.dialect.name
        self.is_memory = self.dialect == SQLITE and sqlite.is_memory(engine.url)
        self.place = place_of(engine.url, is_memory=self.is_memory)
        self._engine = engine
        self._out = 0

    @property
    def checked_out(self) -> int:
        """How many connections are in use by us."""
        return self._out

    @contextmanager
    def transaction(self, *, write: bool) -> Iterator[Executor]:
        """Yield an executor on a connection of the host's pool."""
        with translating(DBAPIError):
            connection = self._engine.connect()
        self._out += 1
        try:
            join(connection, self.dialect, write=write)
            yield CoreExecutor(connection, self.dialect)
            reach("store.committing")
            with translating(DBAPIError):
                connection.commit()
            reach("store.committed")
        finally:
            self._out -= 1
            connection.close()  # rolls back what is not committed

    @contextmanager
    def schema_engine(self) -> Iterator[sqlalchemy.Engine]:
        """Yield the host's engine."""
        yield self._engine

    def close(self) -> None:
        """Nothing: the engine is the host's."""

    def before_fork(self) -> None:
        """Nothing: the engine is the host's."""

    def after_fork(self, *, in_child: bool) -> None:
        """Nothing: the engine is the host's, and so is what it does after a fork."""
