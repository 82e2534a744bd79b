"""The floor: a raw driver that writes the very rows that the engine wrote, into a copy of its database.

After each round of the engine its new rows are read, and written again by plain prepared statements
into a database that was a copy before the round: same tables, indexes, triggers and settings, the same
rows with the same keys in the same order, one transaction for each of the engine's. The rows are made
ready beforehand, and nothing is read, checked or decided. At the end both databases hold the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import psycopg
from sqlalchemy import make_url
from sqlalchemy.engine import URL

from engine.store import sqlite, tables

Row = tuple[Any, ...]
Statement = tuple[str, Row]
Transaction = list[Statement]
Read = Callable[[str], list[Row]]

_NEVER_CHANGES = ("tenant", "id", "number", "workflow", "version", "digest", "opened_at")
_CHANGES = tuple(c.name for c in tables.case.columns if c.name not in _NEVER_CHANGES)
_CASE = ", ".join(("tenant", "id", *_CHANGES))
_TIMER = tuple(column.name for column in tables.timer.columns)


class Table(NamedTuple):
    """A table, and the columns of it that are written."""

    name: str
    columns: tuple[str, ...]


def _columns(table: Any, *left_out: str) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if column.name not in left_out)


_HISTORY = Table("wf_history", _columns(tables.history, "id"))
_UNSEQUENCED = Table("wf_unsequenced", _columns(tables.unsequenced))
_REQUEST = Table("wf_request", _columns(tables.request))
_OUTBOX = Table("wf_outbox", _columns(tables.outbox, "id", "position"))
_TIMERS = Table("wf_timer", _TIMER)

COMPARED = ("wf_case", "wf_history", "wf_unsequenced", "wf_timer", "wf_request", "wf_outbox", "wf_personal")


class Capture:
    """Reads what the engine wrote since the last time, as one list of statements for each act.

    Args:
        read: Runs a query on the engine's database.
        place: How the driver writes a parameter.
    """

    def __init__(self, read: Read, place: str) -> None:
        self._read = read
        self._place = place
        self._history = self._last("wf_history")
        self._outbox = self._last("wf_outbox")
        self._timers = self._timer_rows()

    def transactions(self) -> list[Transaction]:
        """Return what was written; every case was acted on at most once."""
        history = self._added(_HISTORY, f"id > {self._history} ORDER BY id")
        since = min((row[_HISTORY.columns.index("seq")] for row in history), default=0)
        outbox = self._by_act(_OUTBOX, f"id > {self._outbox} ORDER BY id")
        requests = self._by_act(_REQUEST, f"seq >= {since}")
        unsequenced = self._by_act(_UNSEQUENCED, f"seq >= {since}")
        cases = {row[1]: row for row in self._read(f"SELECT {_CASE} FROM wf_case")}
        before, self._timers = self._timers, self._timer_rows()
        self._history, self._outbox = self._last("wf_history"), self._last("wf_outbox")
        made = []
        for row in history:
            entry = dict(zip(_HISTORY.columns, row, strict=True))
            case_id = entry["case_id"]
            act = (case_id, entry["seq"])
            old, new = before.get(case_id, {}), self._timers.get(case_id, {})
            made.append(
                [
                    *self._inserts(_REQUEST, requests.get(act, ())),
                    self._update(cases[case_id]),
                    *self._deletes(old, new),
                    *self._inserts(_HISTORY, [row]),
                    *self._inserts(_UNSEQUENCED, unsequenced.get(act, ())),
                    *self._inserts(_TIMERS, [row for key, row in new.items() if old.get(key) != row]),
                    *self._inserts(_OUTBOX, outbox.get(act, ())),
                ]
            )
        return made

    def _last(self, table: str) -> int:
        return int(self._read(f"SELECT coalesce(max(id), 0) FROM {table}")[0][0])

    def _added(self, table: Table, where: str) -> list[Row]:
        return self._read(f"SELECT {', '.join(table.columns)} FROM {table.name} WHERE {where}")

    def _by_act(self, table: Table, where: str) -> dict[tuple[str, int], list[Row]]:
        case_id, seq = table.columns.index("case_id"), table.columns.index("seq")
        found: dict[tuple[str, int], list[Row]] = {}
        for row in self._added(table, where):
            found.setdefault((row[case_id], row[seq]), []).append(row)
        return found

    def _timer_rows(self) -> dict[str, dict[Row, Row]]:
        found: dict[str, dict[Row, Row]] = {}
        for row in self._read(f"SELECT {', '.join(_TIMER)} FROM wf_timer"):
            found.setdefault(row[1], {})[row[:5]] = row
        return found

    def _inserts(self, table: Table, rows: Iterable[Row]) -> Iterator[Statement]:
        names = ", ".join(table.columns)
        places = ", ".join([self._place] * len(table.columns))
        for row in rows:
            yield f"INSERT INTO {table.name} ({names}) VALUES ({places})", row

    def _deletes(self, before: dict[Row, Row], after: dict[Row, Row]) -> Iterator[Statement]:
        this = " AND ".join(f"{name} = {self._place}" for name in _TIMER[:5])
        for key, row in before.items():
            if after.get(key) != row:
                yield f"DELETE FROM wf_timer WHERE {this}", key

    def _update(self, row: Row) -> Statement:
        changes = ", ".join(f"{name} = {self._place}" for name in _CHANGES)
        sql = f"UPDATE wf_case SET {changes} WHERE tenant = {self._place} AND id = {self._place}"
        return sql, (*row[2:], *row[:2])


class Raw(Protocol):
    """A driver's own connection to a copy of the engine's database."""

    name: str

    def write(self, transactions: Sequence[Transaction]) -> None:
        """Write what `Capture` has read."""
        ...

    def read(self, sql: str) -> list[Row]:
        """Run a query."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class RawSqlite:
    """The sqlite3 module, with the engine's own settings of the connection."""

    name = "sqlite3"

    def __init__(self, file: Path, *, synchronous: str) -> None:
        self._connection = sqlite.connect(make_url(f"sqlite:///{file}"), synchronous=synchronous)

    def write(self, transactions: Sequence[Transaction]) -> None:
        """Write what `Capture` has read."""
        execute = self._connection.execute
        for transaction in transactions:
            execute("BEGIN IMMEDIATE")
            for sql, values in transaction:
                execute(sql, values)
            execute("COMMIT")

    def read(self, sql: str) -> list[Row]:
        """Run a query."""
        return self._connection.execute(sql).fetchall()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class RawPostgres:
    """psycopg, with prepared statements.

    Args:
        is_pipelined: Whether all of a transaction travels together. Plainly, as most people write it,
            each statement is a round trip.
    """

    def __init__(self, url: URL, *, is_pipelined: bool = False) -> None:
        self.name = "psycopg pipeline" if is_pipelined else "psycopg"
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: psycopg.Connection[Row] = psycopg.connect(plain, autocommit=True)
        self._connection.prepare_threshold = 1
        self._together = self._connection.pipeline if is_pipelined else nullcontext

    def write(self, transactions: Sequence[Transaction]) -> None:
        """Write what `Capture` has read."""
        execute = self._connection.execute
        for transaction in transactions:
            with self._together():
                execute(b"BEGIN")
                for sql, values in transaction:
                    execute(sql.encode(), values)
                execute(b"COMMIT")

    def read(self, sql: str) -> list[Row]:
        """Run a query."""
        return self._connection.execute(sql.encode()).fetchall()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def differing(one: Read, other: Read) -> list[str]:
    """Return the tables that do not hold the same in both databases."""
    found = []
    for table in COMPARED:
        columns = ", ".join(column.name for column in tables.metadata.tables[table].columns)
        sql = f"SELECT {columns} FROM {table}"
        if sorted(map(str, one(sql))) != sorted(map(str, other(sql))):
            found.append(table)
    return found
