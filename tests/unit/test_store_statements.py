"""The store's statements: each can be run in both ways, by the driver and as Core on a host's connection."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from sqlalchemy import ClauseElement

import engine.store
from engine.store.statements import _DIALECTS, Statement


def statements() -> Iterator[tuple[str, Statement]]:
    """Return every statement of the store with the name of its place."""
    for module in pkgutil.iter_modules(engine.store.__path__):
        for name, value in vars(import_module(f"engine.store.{module.name}")).items():
            if isinstance(value, Statement):
                yield f"{module.name}.{name}", value


def test_statement_on_a_hosts_connection_takes_the_values_that_the_driver_takes() -> None:
    """Core reads values given by a column's name as what is to be written: no condition may use one."""
    seen = 0
    for place, statement in statements():
        for dialect, core in statement._by_dialect.items():
            assert isinstance(core, ClauseElement), place
            plain = core.compile(dialect=_DIALECTS[dialect]())
            as_core = core.compile(dialect=_DIALECTS[dialect](), column_keys=list(plain.params))
            assert as_core.params.keys() == plain.params.keys(), place
            seen += 1
    assert seen > 100
