"""Ways to change a database behind the engine's back, as somebody who holds it could.

Owned by the ledger's tests. `Intruder` writes straight into the tables, past triggers and keys. `forge`
does it thoroughly: it changes entries and then makes hashes, links, log, case row and timers agree with
them again, so that only what the definition allows can still tell.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import sqlalchemy
from sqlalchemy import text

from engine.registry import load_stored
from engine.store import Store, tables
from engine.store.rows import case_values
from engine.timers import timer_rows
from workflow.chart.process import Process
from workflow.history.canonical import ZERO, canonical_text, entry_hash
from workflow.history.sealing import unseal
from workflow.step.evolve import fold
from workflow.time.deadlines import later_instant

TENANT = "kukar"
Entry = dict[str, Any]


class Intruder:
    """Somebody with the database's own password."""

    def __init__(self, url: str) -> None:
        self.url = url
        driver = sqlalchemy.make_url(url)
        if driver.get_backend_name() == "postgresql":
            driver = driver.set(drivername="postgresql+psycopg")
        self.engine = sqlalchemy.create_engine(driver, poolclass=sqlalchemy.NullPool)
        self._unlock()

    @property
    def dialect(self) -> str:
        """Name of the database."""
        return self.engine.dialect.name

    def run(self, statement: str, **values: Any) -> int:
        """Run one statement; it must touch a row."""
        with self.engine.begin() as connection:
            touched: int = connection.execute(text(statement), values).rowcount
        assert touched > 0, f"nothing was changed by: {statement}"
        return touched

    def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self.engine.begin() as connection:
            return [tuple(row) for row in connection.execute(text(statement), values)]

    def update(self, table: str, column: str, value: Any, where: str = "true", **values: Any) -> None:
        """Change one column of the rows that a condition selects."""
        self.run(f"UPDATE {table} SET {column} = :value WHERE {where}", value=value, **values)

    @contextmanager
    def restoring(self, name: str) -> Iterator[None]:
        """Put a table's rows back at the end of the block."""
        table = tables.metadata.tables[name]
        with self.engine.begin() as connection:
            rows = [dict(row._mapping) for row in connection.execute(table.select())]
        yield
        with self.engine.begin() as connection:
            connection.execute(table.delete())
            connection.execute(table.insert(), rows)

    def _unlock(self) -> None:
        with self.engine.begin() as connection:
            if self.dialect == "sqlite":
                names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
                for (name,) in list(names):
                    connection.execute(text(f"DROP TRIGGER {name}"))
                return
            connection.execute(text("DROP FUNCTION wf_append_only CASCADE"))
            for table in ("wf_history", "wf_timer"):
                connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_case"))

    def lock(self) -> None:
        """Put the append-only triggers back."""
        with self.engine.begin() as connection:
            for statement in tables.append_only(self.dialect):
                connection.execute(text(statement))

    # --- thoroughly ---------------------------------------------------------------------------------

    def forge(self, case_id: str, change: Callable[[list[Entry]], object]) -> None:
        """Change the entries of a case and make everything beside them agree."""
        entries = self.entries(case_id)
        change(entries)
        self.write(case_id, entries)

    def entries(self, case_id: str) -> list[Entry]:
        """Return the entries of a case."""
        found = self.rows("SELECT entry FROM wf_history WHERE case_id = :id ORDER BY seq", id=case_id)
        return [json.loads(entry) for (entry,) in found]

    def write(self, case_id: str, entries: list[Entry]) -> None:
        """Write the history of a case anew, chained, with log, case row and timers to match."""
        prev = ZERO
        with self.engine.begin() as connection:
            for table in ("wf_history", "wf_unsequenced"):
                connection.execute(text(f"DELETE FROM {table} WHERE case_id = :id"), {"id": case_id})
            for entry in entries:
                entry["prev"] = prev
                line = canonical_text(entry)
                prev = entry_hash(line.encode())
                key = {"tenant": TENANT, "case_id": case_id, "seq": entry["seq"], "hash": prev}
                columns = ("revision", "kind", "recorded_at", "effective_on")
                row = {**key, "entry": line, **{name: entry[name] for name in columns}}
                connection.execute(tables.history.insert().values(row))
                connection.execute(tables.unsequenced.insert().values(key))
        self._follow(case_id, entries, prev)

    def _follow(self, case_id: str, entries: list[Entry], head: str) -> None:
        with self.store() as store, store.transaction(write=False) as tx:
            rows = tx.personal(case_id)
            reference = entries[0]["definition"]
            stored = tx.definitions.get(reference["workflow"], reference["version"])
            reminders = [one.timer for one in tx.timers.of(case_id) if one.timer.kind == "reminder"]
        assert stored is not None
        definition = load_stored(stored).definition
        assert definition is not None
        process = Process(definition)
        drafts = [unseal(entry, [row for row in rows if row.seq == entry["seq"]]).body for entry in entries]
        case = replace(fold(drafts, definition), head=head)
        paths = dict.fromkeys((*case.clocks, *case.obligations))
        timers = [*(row for path in paths for row in timer_rows(process, case, path)), *reminders]
        values = case_values(TENANT, case)
        with self.engine.begin() as connection:
            connection.execute(tables.case.update().where(tables.case.c.id == case_id).values(values))
            connection.execute(tables.timer.delete().where(tables.timer.c.case_id == case_id))
            for timer in timers:
                row = {name: getattr(timer, name) for name in ("path", "kind", "mark", "due_at")}
                key = {"tenant": TENANT, "case_id": case_id}
                connection.execute(tables.timer.insert().values({**key, **row}))

    @contextmanager
    def store(self) -> Iterator[Store]:
        """A store on the database."""
        store = Store.open(self.url, tenant=TENANT, schema="check")
        try:
            yield store
        finally:
            store.close()


def put(entry: Entry, path: str, value: Any) -> None:
    """Set a value inside an entry: ``clocks.0.due_on``."""
    *steps, last = path.split(".")
    inner: Any = entry
    for step in steps:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    inner[int(last) if isinstance(inner, list) else last] = value


def following(last: Mapping[str, Any], **keys: Any) -> Entry:
    """Return an entry that comes right after ``last``, with other keys."""
    kept = ("v", "tenant", "case", "clock", "engine", "definition", "effective_on", "revision")
    entry = {name: copy.deepcopy(last[name]) for name in kept}
    return {**entry, "seq": last["seq"] + 1, "recorded_at": later_instant(last["recorded_at"]), **keys}
