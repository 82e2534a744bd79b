"""PostgreSQL through psycopg 3: connecting, and running statements with the fewest round trips.

The only module of the store that imports psycopg. Statements run in pipeline mode: ``BEGIN`` travels
with the first of them, the rows of a command travel together, and psycopg prepares what is repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import Pipeline, RawCursor
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import URL

from engine.store.driver_errors import translated, translating
from engine.store.executors import Query, Step
from engine.store.statements import POSTGRESQL, Row, Statement, Values

if TYPE_CHECKING:
    Driver = psycopg.Connection[Row]

BEGIN_WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
BEGIN_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def connect(url: URL) -> Driver:
    """Return a connection of our own in autocommit mode: every ``BEGIN`` is said by us."""
    dialect: Any = PGDialect_psycopg  # not annotated by SQLAlchemy
    positional, named = dialect().create_connect_args(url)
    named.setdefault("application_name", "kerjasama")
    with translating(psycopg.Error):
        connection: Driver = psycopg.connect(*positional, autocommit=True, **named)
    connection.prepare_threshold = 1
    connection.prepared_max = 300
    return connection


def is_usable(connection: Driver) -> bool:
    """Return whether a connection can go back to the pool."""
    return not connection.closed and connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def is_alive(connection: Driver) -> bool:
    """Return whether the server still answers on a connection."""
    try:
        connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def undo(connection: Driver) -> None:
    """Roll back whatever a connection is in; one that cannot is closed."""
    try:
        if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            connection.execute("ROLLBACK")
    except psycopg.Error:
        connection.close()


class PostgresExecutor:
    """On a connection of the store's own. The transaction begins with the first statement."""

    dialect = POSTGRESQL

    def __init__(self, connection: Driver, begin: str) -> None:
        self._connection = connection
        self._begin: str | None = begin

    def rows(self, statement: Statement, values: Values) -> list[Row]:
        """Return the rows of a query."""
        with translating(psycopg.Error):
            cursor = self._together([(statement, values)])[0]
            return cursor.fetchall()

    def several(self, queries: Sequence[Query]) -> list[list[Row]]:
        """Return the rows of each query, in one round trip."""
        with translating(psycopg.Error):
            cursors = self._together([(query.statement, query.values) for query in queries])
            return [cursor.fetchall() for cursor in cursors]

    def run(self, statement: Statement, values: Values) -> int:
        """Run a statement; returns how many rows it touched."""
        with translating(psycopg.Error):
            return self._together([(statement, values)])[0].rowcount

    def together(self) -> AbstractContextManager[object]:
        """Nothing: the transaction is lost as a whole."""
        return nullcontext()

    def steps(self, steps: Sequence[Step]) -> None:
        """Run the steps in one round trip; the transaction's owner rolls back where one raises."""
        asked = [(step, values) for step in steps for values in step.rows]
        cursors: list[RawCursor[Row]] = []
        try:
            self._together([(step.statement, values) for step, values in asked], cursors)
        except psycopg.Error as error:
            # A guard that failed on the way is the reason for what failed after it.
            _check(asked, cursors)
            if (better := translated(error)) is None:
                raise
            raise better from error
        _check(asked, cursors)

    def commit(self) -> None:
        """Commit, if anything has begun."""
        if self._begin is None:
            with translating(psycopg.Error):
                self._connection.execute("COMMIT")

    def _together(
        self, asked: Sequence[tuple[Statement, Values]], cursors: list[RawCursor[Row]] | None = None
    ) -> list[RawCursor[Row]]:
        cursors = [] if cursors is None else cursors
        connection, begin = self._connection, self._begin
        alone = len(asked) == 1 and begin is None
        with nullcontext() if alone else _pipeline(connection):
            if begin is not None:
                self._begin = None
                connection.execute(begin)
            for statement, values in asked:
                compiled = statement.compiled(POSTGRESQL)
                cursor = RawCursor(connection)
                cursors.append(cursor)
                cursor.execute(compiled.sql, compiled.parameters(values))
        return cursors


def _pipeline(connection: Driver) -> Any:
    # libpq before 14 has no pipeline; then each statement is a round trip of its own.
    return connection.pipeline() if Pipeline.is_supported() else nullcontext()


def _check(asked: Sequence[tuple[Step, Values]], cursors: Sequence[RawCursor[Row]]) -> None:
    for (step, _), cursor in zip(asked, cursors, strict=False):
        if cursor.rowcount == 0 and step.otherwise is not None:
            raise step.otherwise()
