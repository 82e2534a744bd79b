"""Databases that cannot be used as they are: which it is, what is wrong with it, what would help.

Owns the difference between "try again" and "somebody has to do something", and how a database is named to
people: never with a password. Called by ``driver_errors``, which meets what a driver says, and by whoever
opens a transaction, who knows on which database.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL

from engine.errors import DatabaseUnusable, EngineError, SchemaNewer, SchemaOutdated, StoreUnavailable

_SECRETS = ("password", "sslpassword", "passfile")

_OF_SQLITE = {
    sqlite3.SQLITE_CANTOPEN: "cannot-open",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_PERM: "no-permission",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_NOTADB: "not-a-database",
    sqlite3.SQLITE_CORRUPT: "damaged",
}
# Disk full; read-only transaction; no such database; login refused; insufficient privilege.
_OF_POSTGRES = {
    "53100": "full",
    "25006": "read-only-server",
    "3D": "no-such-database",
    "28": "login-refused",
    "42501": "no-rights",
}
# What a server says before there is a connection comes without a state, in the server's language; these
# are its English words. In another language the error stays "try again", which is what it was.
_REFUSALS = (
    (re.compile(r'FATAL: +database ".*" does not exist'), "no-such-database"),
    (
        re.compile(r'FATAL: +(?:role ".*" does not exist|password authentication failed|no pg_hba\.conf )'),
        "login-refused",
    ),
    (re.compile(r"no password supplied"), "login-refused"),
)

SEEN = ("no-folder", "is-folder", "no-permission", "folder-read-only")
"""What is seen only by looking at the file."""

REASONS = tuple(dict.fromkeys((*_OF_SQLITE.values(), *_OF_POSTGRES.values(), *SEEN)))
"""Everything that can be wrong; each has its text ``unusable.…``."""

Named = (DatabaseUnusable, SchemaNewer, SchemaOutdated, StoreUnavailable)
"""Errors that are about a database as a whole, and say which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which database it is.

    Attributes:
        name: Its URL without any password.
        file: Of SQLite on disk.
    """

    name: str
    file: Path | None = None


def place_of(url: URL, *, is_memory: bool = False) -> Place:
    """Return how a database is called, and where its file is.

    Example:
        >>> from sqlalchemy.engine import make_url
        >>> place_of(make_url("postgresql://kukar:rahasia@db/kerjasama?password=x")).name
        'postgresql://kukar:***@db/kerjasama'
    """
    shown = url.difference_update_query(_SECRETS).render_as_string(hide_password=True)
    is_file = url.get_backend_name() == "sqlite" and not is_memory
    return Place(name=shown, file=_file(url.database) if is_file and url.database else None)


def _file(name: str) -> Path:
    return Path(name.removeprefix("file:").partition("?")[0])


def of_sqlite(error: sqlite3.Error) -> DatabaseUnusable | None:
    """Return what is wrong with a SQLite database for good; ``None``: nothing that the driver knows."""
    reason = _OF_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    return None if reason is None else DatabaseUnusable(reason=reason, detail=str(error))


def of_postgres(state: str | None, detail: str) -> DatabaseUnusable | None:
    """Return what is wrong with a PostgreSQL database for good, by state, or by words where there is none."""
    for start, reason in _OF_POSTGRES.items():
        if state is not None and state.startswith(start):
            return DatabaseUnusable(reason=reason, detail=detail)
    for words, reason in _REFUSALS:
        if state is None and words.search(detail):
            return DatabaseUnusable(reason=reason, detail=detail)
    return None


def name(error: EngineError, place: Place) -> None:
    """Note in an error of `Named` which database it is about, and look closer at a file."""
    error.context["database"] = place.name
    if isinstance(error, DatabaseUnusable) and place.file is not None:
        error.context["reason"] = _closer(error.reason, place.file)
        error.context["file"], error.context["folder"] = str(place.file), str(place.file.absolute().parent)


@contextmanager
def naming(place: Place) -> Iterator[None]:
    """Say of every error that is about the database which one it is."""
    try:
        yield
    except Named as error:
        name(error, place)
        raise


def _closer(reason: str, file: Path) -> str:
    """Return why a file cannot be opened or written, where that can be seen from outside."""
    if reason not in ("cannot-open", "read-only", "no-permission"):
        return reason
    folder = file.absolute().parent
    if not folder.is_dir():
        return "no-folder"
    if file.is_dir():
        return "is-folder"
    if file.exists() and not os.access(file, os.R_OK):
        return "no-permission"
    if not os.access(folder, os.W_OK | os.X_OK):  # SQLite keeps its write-ahead log beside the file
        return "folder-read-only"
    return reason
