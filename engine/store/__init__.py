"""What keeps the rows: cases, history, timers, outbox, definitions, on SQLite and PostgreSQL.

Owns every statement of SQL in the engine. It decides nothing: it is handed `Writes` and returns what it
is asked for. Called by the runtime, the sweep, the relay and the ledger.
"""

from engine.store.database import Store

__all__ = ["Store"]
