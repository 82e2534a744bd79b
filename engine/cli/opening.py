"""The database of a command: opening an engine on it.

Owns when a database may be made or upgraded: by ``deploy``, ``db upgrade`` and ``demo`` alone; whatever
else is asked of a database that is not there is told so, instead of finding an empty one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.cli.failures import NotThere
from engine.cli.session import Session
from engine.runtime import Engine

_FILE = "sqlite:///"


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite URL; ``None`` for another database, or one in memory."""
    scheme, _, rest = url.partition("///")
    name = rest.partition("?")[0]
    if not scheme.startswith("sqlite") or not name or name.startswith((":memory:", "file:")):
        return None
    return Path(name)


@contextmanager
def opened(session: Session, *, may_make: bool = False) -> Iterator[Engine]:
    """Yield an engine on the session's database.

    Args:
        may_make: Whether the database is made or brought up to date where it has to be.

    Raises:
        NotThere: There is no such file.
        SchemaOutdated: It has to be upgraded first.
    """
    file = sqlite_file(session.url)
    if not may_make and file is not None and not file.exists():
        raise NotThere(what="no-database", file=str(file))
    schema = "upgrade" if may_make else "check"
    engine = Engine(session.url, tenant=session.tenant, clock=session.clock, schema=schema)
    try:
        yield engine
    finally:
        engine.close()
