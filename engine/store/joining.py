"""Joining a host's transaction: what is refused, and what is sent so that our rows share its fate.

Owns the rules; it never adds a listener to the host's engine, commits, or rolls back. On SQLite the
driver begins a transaction only before a changing statement of the host's own, so rows written by others
outlived a rollback: ``BEGIN IMMEDIATE`` is sent where the driver is not in a transaction, and where it is
(the host's ``BEGIN``), the write lock is taken before anything is read.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, scoped_session

from engine.errors import CannotJoin
from engine.store.driver_errors import translating
from engine.store.statements import SQLITE

_BEGUN = "kerjasama.begun"

# Touches no row, and takes SQLite's write lock all the same.
_TAKE_WRITE_LOCK = "UPDATE wf_meta SET value = value WHERE 1 = 0"


def connection_of(given: Any) -> Connection:
    """Return the connection behind a ``Connection``, a ``Session`` or a ``scoped_session``."""
    if isinstance(given, scoped_session):
        given = given()
    if isinstance(given, Session):
        return given.connection()
    if isinstance(given, Connection):
        if given.closed:
            raise CannotJoin(reason="closed")
        return given
    raise CannotJoin(reason="not-a-connection", given=type(given).__name__)


def join(connection: Connection, dialect: str, *, write: bool) -> None:
    """Make sure that what follows on ``connection`` belongs to the host's transaction.

    Raises:
        CannotJoin: It would not.
        Contention: SQLite's write lock is another's.
    """
    if connection.dialect.name != dialect:
        raise CannotJoin(reason="other-database", given=connection.dialect.name, own=dialect)
    if connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        raise CannotJoin(reason="autocommit")
    if not connection.in_transaction():
        connection.begin()  # as the first statement would; the host's own BEGIN is sent by this
    driver: Any = connection.connection.driver_connection
    if dialect == SQLITE:
        _join_sqlite(connection, driver, write)
    elif getattr(driver, "autocommit", False) is True:
        raise CannotJoin(reason="autocommit")


def _join_sqlite(connection: Connection, driver: sqlite3.Connection, write: bool) -> None:
    root = connection.get_transaction()
    if driver.in_transaction:
        if write and connection.in_nested_transaction() and _savepoint_may_commit(connection, driver):
            raise CannotJoin(reason="savepoint")
        if write:
            _say(connection, _TAKE_WRITE_LOCK)
        return
    if driver.isolation_level is None or getattr(driver, "autocommit", None) is True:
        raise CannotJoin(reason="autocommit")
    if write:
        _say(connection, "BEGIN IMMEDIATE")
        connection.info[_BEGUN] = root


def _savepoint_may_commit(connection: Connection, driver: sqlite3.Connection) -> bool:
    # The driver's own BEGIN comes before a change, not before SAVEPOINT; an outermost savepoint commits
    # when it is released, and SQLite does not tell which it is. Safe is a BEGIN that we know of.
    begins_itself = driver.isolation_level is not None and getattr(driver, "autocommit", -1) is not False
    return begins_itself and connection.info.get(_BEGUN) is not connection.get_transaction()


def _say(connection: Connection, statement: str) -> None:
    with translating(DBAPIError):
        connection.exec_driver_sql(statement)
