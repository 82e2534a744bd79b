"""A statement, prepared once: as Core for a host's connection, as driver text for our own.

Owns the compiling. Every value of a statement is a named parameter; nothing is rendered into its text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import Executable, Table, bindparam
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect

SQLITE = "sqlite"
POSTGRESQL = "postgresql"

Values: TypeAlias = Mapping[str, Any]
Row: TypeAlias = tuple[Any, ...]

# Positional parameters spare both drivers the work of rewriting named ones at each call.
# (SQLAlchemy's psycopg dialect is not annotated.)
_DIALECTS: dict[str, Callable[[], Dialect]] = {
    SQLITE: lambda: SQLiteDialect_pysqlite(paramstyle="qmark"),
    POSTGRESQL: lambda: PGDialect_psycopg(paramstyle="numeric_dollar"),  # type: ignore[no-untyped-call]
}


def _picker(names: tuple[str, ...]) -> Callable[[Values], Row]:
    if not names:
        return lambda values: ()
    if len(names) == 1:
        only = names[0]
        return lambda values: (values[only],)
    return itemgetter(*names)


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a driver is given: its text, and how the named values become its parameters."""

    sql: str
    parameters: Callable[[Values], Row]


class Statement:
    """A statement for every dialect; ``by_dialect`` where they say it differently."""

    __slots__ = ("_by_dialect", "_compiled")

    def __init__(self, core: Executable | None = None, **by_dialect: Executable) -> None:
        everywhere = {} if core is None else dict.fromkeys((SQLITE, POSTGRESQL), core)
        self._by_dialect = everywhere | by_dialect
        self._compiled: dict[str, Compiled] = {}

    def core(self, dialect: str) -> Executable:
        """Return the statement as Core for a dialect."""
        return self._by_dialect[dialect]

    def compiled(self, dialect: str) -> Compiled:
        """Return the driver's text; made at the first call (twice by two threads does no harm)."""
        if (found := self._compiled.get(dialect)) is None:
            found = self._compiled[dialect] = _compile(self.core(dialect), dialect)
        return found


def _compile(core: Any, dialect: str) -> Compiled:
    done = core.compile(dialect=_DIALECTS[dialect]())
    fixed = {name: value for name, value in done.params.items() if not done.binds[name].required}
    names = tuple(done.positiontup or ())
    pick = _picker(names)
    if any(name in fixed for name in names):
        return Compiled(done.string, lambda values: pick({**fixed, **values}))
    return Compiled(done.string, pick)


def insert(table: Table, *left_out: str) -> Statement:
    """Return the INSERT of a whole row, but for the columns ``left_out``."""
    # Inline: nothing is asked back about keys that the database makes.
    return Statement(table.insert().inline().values(_parameters(table, left_out)))


def insert_or_leave(table: Table, *left_out: str) -> Statement:
    """Return the INSERT that leaves a row alone that is there already: 1 row or 0, never an error."""
    values = _parameters(table, left_out)
    return Statement(
        sqlite=sqlite_insert(table).inline().values(values).on_conflict_do_nothing(),
        postgresql=postgresql_insert(table).inline().values(values).on_conflict_do_nothing(),
    )


def _parameters(table: Table, left_out: tuple[str, ...]) -> dict[str, Any]:
    return {column.name: bindparam(column.name) for column in table.columns if column.name not in left_out}
