"""The store: opening a database, and transactions on it or on a host's connection.

Owns `Store` and the `Transaction` that it hands out; every statement is in a module of its own beside
this one. Called by the runtime, the sweep, the relay and the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import sqlalchemy
from sqlalchemy.engine import URL

from engine.errors import EngineError
from engine.faults import reach
from engine.store import cases, families, history, joining, queries
from engine.store import schema as migrating
from engine.store.audit import Audit
from engine.store.backends import Backend, backend_of
from engine.store.definitions import SqlDefinitions, content
from engine.store.executors import CoreExecutor, Executor
from engine.store.outbox import SqlOutbox
from engine.store.port import Content, Loaded, Page, RefusalRow, RequestRow, Transaction, Writes
from engine.store.timers import SqlTimers
from engine.store.unusable import Named, name, naming
from workflow.case import CaseState
from workflow.definition import Json
from workflow.history.sealing import PersonalRow, SealedEntry


class SqlTransaction:
    """`engine.store.port.Transaction` over an executor."""

    def __init__(self, executor: Executor, tenant: str) -> None:
        self._executor = executor
        self.tenant = tenant
        self.failure: EngineError | None = None

    @property
    def definitions(self) -> SqlDefinitions:
        """Definitions and calendars."""
        return SqlDefinitions(self._executor, self.tenant)

    @property
    def timers(self) -> SqlTimers:
        """Timers."""
        return SqlTimers(self._executor, self.tenant)

    @property
    def outbox(self) -> SqlOutbox:
        """Events for consumers."""
        return SqlOutbox(self._executor, self.tenant)

    @property
    def audit(self) -> Audit:
        """What verification reads beyond what commands do."""
        return Audit(self._executor, self.tenant)

    def load(self, case_id: str, request_id: str | None = None, *, lock: bool = True) -> Loaded:
        """Read a case and a request id in one round trip; with ``lock`` the case is locked first."""
        if not lock:
            return cases.load(self._executor, self.tenant, case_id, request_id, cases.READ)
        loaded = families.load(self._executor, self.tenant, case_id, request_id)
        reach("store.began")
        return loaded

    def case(self, case_id: str, *, lock: bool = False) -> CaseState | None:
        """Read a case; with ``lock`` nobody else can change it until the transaction ends."""
        return self.load(case_id, lock=lock).case

    def case_id(self, number: str) -> str | None:
        """Return the id of the case with a number."""
        rows = self._executor.rows(cases.BY_NUMBER, {"tenant": self.tenant, "number": number})
        return str(rows[0][0]) if rows else None

    def lock_case_skip_locked(self, case_id: str) -> CaseState | None:
        """Lock and read a case; ``None`` at once where another holds it (or there is none)."""
        return families.lock_or_skip(self._executor, self.tenant, case_id)

    def lock_cases(self, case_ids: Iterable[str]) -> None:
        """Lock several cases and those above them, in one order that is the same for everybody."""
        families.lock_all(self._executor, self.tenant, case_ids)

    def family(self, case_id: str) -> tuple[CaseState, ...]:
        """Return every case of a case's family, parents before their children, elder ones first."""
        return families.family(self._executor, self.tenant, case_id)

    def children(self, case_id: str) -> tuple[CaseState, ...]:
        """Return the cases that a case opened, elder ones first."""
        return families.children(self._executor, self.tenant, case_id)

    def request(self, request_id: str) -> RequestRow | None:
        """Return what is remembered of a request id. After the case's lock it is up to date."""
        values = {"tenant": self.tenant, "request_id": request_id}
        rows = self._executor.rows(cases.REQUEST, values)
        return cases.request_row(rows[0]) if rows else None

    def next_number(self, workflow: str, year: int) -> int:
        """Count one up for this workflow and year; the counter is locked until the end."""
        return cases.next_number(self._executor, self.tenant, workflow, year)

    def together(self) -> AbstractContextManager[object]:
        """Undo what is inside where it raises, also in a host's transaction that goes on."""
        return self._executor.together()

    def apply(self, *writes: Writes) -> None:
        """Write all of it or nothing."""
        try:
            if len(writes) == 1:
                cases.apply(self._executor, self.tenant, writes[0])
            else:
                cases.apply_all(self._executor, self.tenant, writes)
        except EngineError as error:
            self.failure = error
            raise
        reach("store.applied")

    def content(self, digest: str) -> Content | None:
        """Return a file by its SHA-256."""
        return content(self._executor, self.tenant, digest)

    def refuse(self, row: RefusalRow) -> None:
        """Note a refused attempt; in a transaction of its own."""
        history.refuse(self._executor, self.tenant, row)

    def refusals(self, case_id: str, limit: int = 100) -> tuple[RefusalRow, ...]:
        """Return refused attempts at a case, latest first."""
        return history.refusals(self._executor, self.tenant, case_id, limit)

    def cases(
        self,
        *,
        workflow: str | None = None,
        state: str | None = None,
        overdue: bool | None = None,
        closed: bool | None = None,
        where: Mapping[str, Json] | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[CaseState]:
        """Return a page of cases by id; see the port for the filters."""
        return queries.cases(
            self._executor,
            self.tenant,
            workflow=workflow,
            state=state,
            overdue=overdue,
            closed=closed,
            where=where,
            after=after,
            limit=limit,
        )

    def history(self, case_id: str, *, after: int = 0, limit: int | None = None) -> tuple[SealedEntry, ...]:
        """Return the entries of a case with ``seq > after``, in order."""
        return history.entries(self._executor, self.tenant, case_id, after, limit)

    def personal(self, case_id: str) -> tuple[PersonalRow, ...]:
        """Return the personal values of a case by seq."""
        return history.personal(self._executor, self.tenant, case_id)


class Store:
    """A database for one tenant. Made by `Store.open`."""

    def __init__(self, backend: Backend, tenant: str) -> None:
        self.tenant = tenant
        self._backend = backend

    @classmethod
    def open(
        cls,
        database: str | URL | sqlalchemy.Engine,
        *,
        tenant: str,
        schema: str = "upgrade",
        synchronous: str = "FULL",
    ) -> Store:
        """Open a database.

        Args:
            database: A URL (``sqlite:///file.db``, ``postgresql://…``) or a host's SQLAlchemy engine.
            tenant: Whose rows are read and written.
            schema: ``upgrade`` brings the database up to date, ``check`` refuses an older one.
            synchronous: SQLite only: ``FULL`` (a commit survives a power cut) or ``NORMAL`` (it survives
                a crash of the process).

        Raises:
            UnsupportedDatabase: Neither SQLite nor PostgreSQL.
            SchemaNewer: The database was upgraded by a newer version.
            SchemaOutdated: With ``check``: it needs an upgrade.
            DatabaseUnusable: It cannot be opened, made or written.
        """
        store = cls(backend_of(database, synchronous=synchronous), tenant)
        try:
            store._prepare(schema)
        except BaseException:
            store.close()
            raise
        return store

    def _prepare(self, wanted: str) -> None:
        with naming(self._backend.place), self._backend.schema_engine() as engine:
            if wanted == "upgrade":
                migrating.upgrade(engine)
            else:
                migrating.check(engine)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._backend.dialect

    @property
    def is_memory(self) -> bool:
        """Whether the database is in memory: one connection, no other process, no background clock."""
        return self._backend.is_memory

    @property
    def checked_out(self) -> int:
        """How many connections are in use at this moment."""
        return self._backend.checked_out

    @contextmanager
    def transaction(self, connection: Any = None, *, write: bool = True) -> Iterator[Transaction]:
        """Begin a transaction of the store's own, or join a host's.

        Its own is committed at the end of the block and rolled back where the block raises; after a
        failed `Transaction.apply` it is rolled back in any case, and the failure raised again. A joined
        one is committed and rolled back by the host alone.

        Args:
            connection: A host's ``sqlalchemy.Connection``, ORM ``Session`` or ``scoped_session``.
            write: Whether it may write. Reading alone takes no lock and sees one snapshot (in a host's
                transaction, what the host sees).

        Raises:
            CannotJoin: The connection is in AUTOCOMMIT mode, or speaks to another kind of database.
            Contention: Others hold what is needed; retryable.
            DatabaseUnusable: It cannot be read or written as it is; trying again will not help.
            NestedTransaction: SQLite: this thread has a writing transaction open already.
        """
        try:  # not `naming`: every context manager more is felt in each command
            if connection is not None:
                yield self._joined(connection, write)
                return
            with self._backend.transaction(write=write) as executor:
                transaction = SqlTransaction(executor, self.tenant)
                yield transaction
                if transaction.failure is not None:
                    raise transaction.failure
        except Named as error:
            name(error, self._backend.place)
            raise

    def savepoint(self, connection: Any = None) -> AbstractContextManager[object]:
        """Undo what is inside where it raises and leave a host's transaction as it was.

        In a transaction of the store's own, which is lost as a whole, it does nothing. To be entered
        after `transaction`.
        """
        if connection is None:
            return nullcontext()
        # Not a Session's own, which begins a savepoint no sooner than it is asked for its connection.
        return joining.connection_of(connection).begin_nested()

    def _joined(self, connection: Any, write: bool) -> SqlTransaction:
        joined = joining.connection_of(connection)
        joining.join(joined, self.dialect, write=write)
        return SqlTransaction(CoreExecutor(joined, self.dialect), self.tenant)

    def close(self) -> None:
        """Close every connection of the store's own."""
        self._backend.close()

    def before_fork(self) -> None:
        """Wait for the writer and close idle SQLite connections, just before `os.fork`."""
        self._backend.before_fork()

    def after_fork_in_parent(self) -> None:
        """Go on after `before_fork`, in the parent."""
        self._backend.after_fork(in_child=False)

    def after_fork(self) -> None:
        """Replace pools in the child; what was the parent's is neither used nor closed."""
        self._backend.after_fork(in_child=True)
