"""The number of a case in place of its id, wherever a case is named.

Owns how the two are told apart: a number has a ``/`` in it, an id never. Called by ``engine.runtime`` and
``engine.ledger`` before anything else is read; an id costs nothing here.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol

from engine.refused import CaseNotFound
from engine.store.port import Transaction


class Reads(Protocol):
    """A store, as far as it is needed to find a case."""

    def transaction(
        self, connection: Any = None, *, write: bool = True
    ) -> AbstractContextManager[Transaction]:
        """Open a transaction; with ``write=False`` it sees one state of the database throughout."""
        ...


def id_of(store: Reads, case: str, connection: Any = None, *, write: bool = False) -> str:
    """Return the id of a case given by its id or its number.

    Args:
        connection: A host's, in whose transaction the case may have been opened.
        write: Whether the caller is going to write there: its lock is then taken before this is read.

    Raises:
        CaseNotFound: No case has this number. An id is not looked up.
    """
    if "/" not in case:
        return case
    with store.transaction(connection, write=write and connection is not None) as tx:
        found = tx.case_id(case)
    if found is None:
        raise CaseNotFound(case_id=case)
    return found
