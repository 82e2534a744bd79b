"""How an engine is set up: the store behind a URL.

Owns no state. Called by ``engine.runtime`` and the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.refused import InvalidCall
from engine.store import Store

if TYPE_CHECKING:
    import sqlalchemy


def open_store(
    database: str | sqlalchemy.URL | sqlalchemy.Engine,
    *,
    tenant: str,
    schema: str = "upgrade",
    synchronous: str = "FULL",
) -> Store:
    """Open a store and bring its tables to this version, or only check them."""
    if schema not in ("upgrade", "check"):
        raise InvalidCall(what="choice", argument="schema", given=schema, known="upgrade, check")
    if synchronous not in ("FULL", "NORMAL"):
        raise InvalidCall(what="choice", argument="synchronous", given=synchronous, known="FULL, NORMAL")
    if not tenant or len(tenant) > 64:
        raise InvalidCall(what="tenant")
    return Store.open(database, tenant=tenant, schema=schema, synchronous=synchronous)
