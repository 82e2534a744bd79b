"""Two ways to run the same statements: on a driver's own connection, and as Core on a host's.

Owns running statements and checking guards; nothing about what they mean. On the store's own pool the
compiled text goes straight to the driver (an ORM or Core in between costs many times the statement);
a host's connection gets ordinary prebuilt Core, so that its events, logging and savepoints work.
PostgreSQL gets everything that needs no answer in between in one round trip.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple, Protocol, TypeAlias

from sqlalchemy import Connection, Executable
from sqlalchemy.exc import DBAPIError

from engine.errors import EngineError
from engine.store.driver_errors import translated, translating
from engine.store.statements import SQLITE, Row, Statement, Values

_COUNTING = {"preserve_rowcount": True}

Otherwise: TypeAlias = Callable[[], EngineError]


class Step(NamedTuple):
    """A statement with the rows to run it for. ``otherwise``: raised where it touches no row."""

    statement: Statement
    rows: Sequence[Values]
    otherwise: Otherwise | None = None


class Query(NamedTuple):
    """A statement that returns rows, with its values."""

    statement: Statement
    values: Values


class Executor(Protocol):
    """Runs statements inside one transaction, in the order given."""

    dialect: str

    def rows(self, statement: Statement, values: Values) -> list[Row]:
        """Return the rows of a query."""
        ...

    def several(self, queries: Sequence[Query]) -> list[list[Row]]:
        """Return the rows of each query, in one round trip where the database can."""
        ...

    def run(self, statement: Statement, values: Values) -> int:
        """Run a statement; returns how many rows it touched."""
        ...

    def together(self) -> AbstractContextManager[object]:
        """Undo what is inside where it raises, as far as the transaction's owner does not do it anyway."""
        ...

    def steps(self, steps: Sequence[Step]) -> None:
        """Run the steps in order, all or nothing.

        Raises:
            EngineError: The ``otherwise`` of the first guard that touched no row.
        """
        ...


class SqliteExecutor:
    """On a connection of the store's own."""

    dialect = SQLITE

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute

    def rows(self, statement: Statement, values: Values) -> list[Row]:
        """Return the rows of a query."""
        compiled = statement.compiled(SQLITE)
        try:
            return self._execute(compiled.sql, compiled.parameters(values)).fetchall()
        except sqlite3.Error as error:
            raise translated(error) or error from error

    def several(self, queries: Sequence[Query]) -> list[list[Row]]:
        """Return the rows of each query."""
        return [self.rows(query.statement, query.values) for query in queries]

    def run(self, statement: Statement, values: Values) -> int:
        """Run a statement; returns how many rows it touched."""
        compiled = statement.compiled(SQLITE)
        try:
            return self._execute(compiled.sql, compiled.parameters(values)).rowcount
        except sqlite3.Error as error:
            raise translated(error) or error from error

    def together(self) -> AbstractContextManager[object]:
        """Nothing: the transaction is lost as a whole."""
        return nullcontext()

    def steps(self, steps: Sequence[Step]) -> None:
        """Run the steps in order; the transaction's owner rolls back where one raises."""
        execute = self._execute
        try:
            for step in steps:
                compiled = step.statement.compiled(SQLITE)
                sql, parameters = compiled.sql, compiled.parameters
                for values in step.rows:
                    touched = execute(sql, parameters(values)).rowcount
                    if touched == 0 and step.otherwise is not None:
                        raise step.otherwise()
        except sqlite3.Error as error:
            raise translated(error) or error from error


class CoreExecutor:
    """On a host's connection, inside the host's transaction."""

    def __init__(self, connection: Connection, dialect: str) -> None:
        self.dialect = dialect
        self._connection = connection

    def rows(self, statement: Statement, values: Values) -> list[Row]:
        """Return the rows of a query."""
        with translating(DBAPIError):
            result = self._connection.execute(self._core(statement), dict(values))
            return [tuple(row) for row in result.fetchall()]

    def several(self, queries: Sequence[Query]) -> list[list[Row]]:
        """Return the rows of each query."""
        return [self.rows(query.statement, query.values) for query in queries]

    def run(self, statement: Statement, values: Values) -> int:
        """Run a statement; returns how many rows it touched."""
        with translating(DBAPIError):
            return self._touched(self._core(statement), values)

    def together(self) -> AbstractContextManager[object]:
        """Enter a savepoint of the host's transaction."""
        with translating(DBAPIError):
            return self._connection.begin_nested()

    def steps(self, steps: Sequence[Step]) -> None:
        """Run the steps inside a savepoint, so that a failure leaves the host's transaction as it was."""
        with translating(DBAPIError), self._connection.begin_nested():
            for step in steps:
                core = self._core(step.statement)
                for values in step.rows:
                    touched = self._touched(core, values)
                    if touched == 0 and step.otherwise is not None:
                        raise step.otherwise()

    def _touched(self, core: Executable, values: Values) -> int:
        # Without the option the count of an INSERT is -1.
        return self._connection.execute(core, dict(values), execution_options=_COUNTING).rowcount

    def _core(self, statement: Statement) -> Executable:
        return statement.core(self.dialect)
