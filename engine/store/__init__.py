"""What keeps the rows: cases, history, timers, outbox, definitions, on SQLite and PostgreSQL.

Owns every statement of SQL in the engine. It decides nothing: it is handed `Writes` and returns what it
is asked for. Called by ``engine.runtime``, ``engine.timers``, ``engine.outbox`` and ``engine.ledger``.
"""
