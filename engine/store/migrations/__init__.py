"""Running the migration scripts, without alembic's global proxies.

The proxies belong to whoever configured alembic last: they fail when several upgrades run at once, and
inside a host's own migration. Each script is therefore handed its `Operations`. A released script is never
changed; ``wf_history`` is never rebuilt in a batch, which would drop its triggers.
"""

from __future__ import annotations

from typing import Protocol

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from engine.faults import reach
from engine.store.migrations.versions import r0001_spine, r0002_families
from engine.store.schema import version_table


class Script(Protocol):
    """One migration script."""

    revision: str
    down_revision: str | None

    def upgrade(self, op: Operations) -> None:
        """Bring the schema from ``down_revision`` to ``revision``."""
        ...


SCRIPTS: dict[str, Script] = {script.revision: script for script in (r0001_spine, r0002_families)}


def run(connection: Connection, revisions: tuple[str, ...]) -> None:
    """Run scripts in order on a connection that is in a transaction, and note the version of each."""
    operations = Operations(MigrationContext.configure(connection))
    for revision in revisions:
        SCRIPTS[revision].upgrade(operations)
        reach("schema.upgrading")
        version_table.create(connection, checkfirst=True)
        connection.execute(version_table.delete())
        connection.execute(version_table.insert().values(version_num=revision))
