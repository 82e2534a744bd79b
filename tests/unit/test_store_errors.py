"""Errors of the engine: stable codes, both languages, picklable; what the drivers raise is translated."""

from __future__ import annotations

import pickle
import sqlite3
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from engine import errors
from engine.errors import EngineError
from engine.store.driver_errors import translated
from engine.store.sqlite import patiently
from engine.store.unusable import REASONS

EXAMPLES = [
    EngineError(),
    errors.StaleCase(case_id="c-1"),
    errors.DuplicateRequest(request_id="r-1"),
    errors.IdempotencyMismatch(request_id="r-1"),
    errors.Contention(detail="database is locked"),
    errors.StoreUnavailable(detail="no such host"),
    *(
        errors.DatabaseUnusable(reason=reason, detail="unable to open", file="a/b.db", folder="a")
        for reason in REASONS
    ),
    errors.SchemaNewer(found="9999", known="0001"),
    errors.SchemaOutdated(found="none", known="0001"),
    errors.DefinitionConflict(name="ksdd", version=1, found="a", given="b"),
    errors.UnsupportedDatabase(database="oracle"),
    errors.CannotJoin(reason="autocommit"),
    errors.CannotJoin(reason="closed"),
    errors.CannotJoin(reason="savepoint"),
    errors.CannotJoin(reason="other-database", given="sqlite", own="postgresql"),
    errors.CannotJoin(reason="not-a-connection", given="int"),
    errors.NestedTransaction(),
    errors.StoreClosed(),
    errors.InvalidCursor(cursor="x"),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: f"{error.code}-{error.context}")
def test_error_speaks_both_languages_and_pickles(error: EngineError) -> None:
    """Every error has a text in each language and survives a process boundary."""
    assert error.text("en") != error.text("id")
    assert str(error) == error.text("en")
    assert "{" not in error.text("en") + error.text("id")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.context, str(again)) == (type(error), error.context, str(error))


def test_every_error_here_has_an_example_and_a_code_of_its_own() -> None:
    """The list above is complete, and no two classes share a code."""
    classes = [
        value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, EngineError)
    ]
    assert {type(error) for error in EXAMPLES} == set(classes)
    assert len({cls.code for cls in classes}) == len(classes)
    assert {cls for cls in classes if cls.is_retryable} == {errors.Contention, errors.StoreUnavailable}


def busy_error(path: Path) -> sqlite3.Error:
    """Return what the driver raises on a locked database."""
    first = sqlite3.connect(path, isolation_level=None)
    second = sqlite3.connect(path, isolation_level=None, timeout=0)
    try:
        first.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError) as caught:
            second.execute("BEGIN IMMEDIATE")
        return caught.value
    finally:
        first.close()
        second.close()


def test_locked_sqlite_is_contention_also_inside_sqlalchemys_wrapper(tmp_path: Path) -> None:
    """What the driver calls a locked database never reaches a caller under that name."""
    error = busy_error(tmp_path / "a.db")
    assert isinstance(translated(error), errors.Contention)
    wrapped = DBAPIError("BEGIN", None, error)
    assert isinstance(translated(wrapped), errors.Contention)


def test_missing_sqlite_folder_is_unusable(tmp_path: Path) -> None:
    """A database that cannot be opened is no defect of ours, and trying again will not open it."""
    with pytest.raises(sqlite3.OperationalError) as caught:
        sqlite3.connect(tmp_path / "none" / "a.db")
    assert isinstance(translated(caught.value), errors.DatabaseUnusable)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("40001", errors.Contention),
        ("40P01", errors.Contention),
        ("55P03", errors.Contention),
        ("08006", errors.StoreUnavailable),
        ("53300", errors.StoreUnavailable),
        ("57P01", errors.StoreUnavailable),
        ("53100", errors.DatabaseUnusable),
        ("25006", errors.DatabaseUnusable),
        ("3D000", errors.DatabaseUnusable),
        ("28P01", errors.DatabaseUnusable),
        ("42501", errors.DatabaseUnusable),
    ],
)
def test_postgres_states_are_translated(state: str, expected: type[EngineError]) -> None:
    """Locks and a lost server can be tried again; what somebody has to change cannot."""
    assert isinstance(translated(psycopg.errors.lookup(state)("boom")), expected)


def test_postgres_without_a_server_is_unavailable() -> None:
    """A connection that cannot be made has no state, and is unavailable all the same."""
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect("host=127.0.0.1 port=1 connect_timeout=1")
    assert isinstance(translated(caught.value), errors.StoreUnavailable)


def test_defects_are_not_translated(tmp_path: Path) -> None:
    """A mistake of ours passes unchanged."""
    connection = sqlite3.connect(tmp_path / "a.db")
    with pytest.raises(sqlite3.OperationalError) as caught:
        connection.execute("SELECT * FROM none")
    connection.close()
    assert translated(caught.value) is None
    assert translated(psycopg.errors.UniqueViolation("boom")) is None
    assert translated(sa.exc.ArgumentError("boom")) is None
    assert translated(LookupError()) is None


def test_patience_ends_in_contention(tmp_path: Path) -> None:
    """A lock that never comes free is told as contention, anything else at once."""
    error = busy_error(tmp_path / "a.db")

    def locked() -> None:
        raise error

    with pytest.raises(errors.Contention):
        patiently(locked, 0.01)

    calls: list[int] = []

    def defect() -> None:
        calls.append(1)
        raise sqlite3.IntegrityError("boom")

    with pytest.raises(sqlite3.IntegrityError):
        patiently(defect, 10)
    assert calls == [1]
