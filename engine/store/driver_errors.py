"""What the drivers raise, translated once into the errors of the engine.

Owns the lists of codes that mean "others were working on the same rows" and "the database is not there".
Anything else is a defect and passes unchanged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from engine.errors import Contention, EngineError, StoreUnavailable
from engine.store.unusable import of_postgres, of_sqlite

_SQLITE_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_SQLITE_UNAVAILABLE = (sqlite3.SQLITE_IOERR,)

# serialization_failure, deadlock_detected, lock_not_available
_POSTGRES_CONTENTION = ("40001", "40P01", "55P03")
# connection exceptions, insufficient resources, operator intervention
_POSTGRES_UNAVAILABLE = ("08", "53", "57")


def is_busy(error: sqlite3.Error) -> bool:
    """Return whether SQLite says that another connection holds a lock."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _SQLITE_BUSY


def translated(error: BaseException) -> EngineError | None:
    """Return the engine's error for a driver's (SQLAlchemy's wrapper or bare); ``None``: a defect."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        if error.connection_invalidated:
            return StoreUnavailable(detail=str(error.orig))
        error = error.orig
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    if state is not None:
        return _of_postgres(state, error)
    if type(error).__name__ == "OperationalError":  # no state: the connection itself is gone
        detail = _first_line(error)
        return of_postgres(None, detail) or StoreUnavailable(detail=detail)
    return None


@contextmanager
def translating(*kinds: type[Exception]) -> Iterator[None]:
    """Raise the engine's error for a driver's error of these ``kinds``, where there is one."""
    try:
        yield
    except kinds as error:
        if (better := translated(error) or _first(error)) is None:
            raise
        raise better from error


def _first(error: BaseException) -> EngineError | None:
    """Return the engine's error for what made SQLite drop a savepoint before it was undone.

    A full disk undoes the whole transaction, and its savepoints with it; SQLAlchemy then fails at one.
    """
    if "no such savepoint" not in str(error):
        return None
    before = error.__context__
    while before is not None:
        if (found := translated(before)) is not None:
            return found
        before = before.__context__
    return None


def _of_sqlite(error: sqlite3.Error) -> EngineError | None:
    if is_busy(error):
        return Contention(detail=str(error))
    if unusable := of_sqlite(error):
        return unusable
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in _SQLITE_UNAVAILABLE:
        return StoreUnavailable(detail=str(error))
    return None


def _of_postgres(state: str, error: BaseException) -> EngineError | None:
    if state in _POSTGRES_CONTENTION:
        return Contention(detail=_first_line(error))
    if unusable := of_postgres(state, _first_line(error)):
        return unusable
    if state.startswith(_POSTGRES_UNAVAILABLE):
        return StoreUnavailable(detail=_first_line(error))
    return None


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0]
