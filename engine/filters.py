"""What cases are asked for by: names that some deployed definition knows, values as history has them.

Owns the difference between "there is none" and "there is no such thing": a slip in a name is told, with
the name that was meant, and never looks like an empty answer. Called by ``engine.readings``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.arguments import check_kept, check_names
from engine.legible import texts_of
from engine.refused import UnknownFilter, WrongArgument
from engine.registry import Registry
from engine.store.port import Transaction
from workflow.definition import Definition, Field, Json
from workflow.expressions.values import encode
from workflow.source.diagnostics import did_you_mean

JSON = (str, int, list, dict, type(None))


def known(
    tx: Transaction,
    registry: Registry,
    *,
    workflow: str | None,
    state: str | None,
    where: Mapping[str, Any] | None,
) -> dict[str, Json]:
    """Return the values asked for in history's form, once every name is one that is deployed.

    The latest version of each workflow is looked at first; older ones, whose cases may still run, only for a
    name that it does not know.

    Raises:
        UnknownFilter: A workflow, state or field that no deployed version has.
        WrongArgument: A value that no field can have.
        InvalidCall: A text that no database takes.
    """
    check_names("where", where or {})
    if workflow is None and state is None and not where:
        return {}
    rows = tx.definitions.all()
    names = list(dict.fromkeys(row.workflow for row in rows))
    if workflow is not None and workflow not in names:
        raise _unknown("workflow", workflow, names)
    if state is None and not where:
        return {}

    asked = sorted(
        ((row.workflow, row.version) for row in rows if workflow in (None, row.workflow)),
        key=lambda one: -one[1],
    )
    seen = _Seen(registry.process(tx, name, version).definition for name, version in asked)
    if state is not None:
        seen.state(state)
    return {name: _in_history(name, seen.field(name), value) for name, value in (where or {}).items()}


class _Seen:
    """Definitions looked at one by one, as far as a name asks for it."""

    def __init__(self, definitions: Iterator[Definition]) -> None:
        self._coming = definitions
        self._seen: list[Definition] = []

    def _all(self) -> Iterator[Definition]:
        yield from self._seen
        for definition in self._coming:
            self._seen.append(definition)
            yield definition

    def state(self, path: str) -> None:
        """Make sure of the path of a state."""
        if any(path in one.states for one in self._all()):
            return
        paths = list(dict.fromkeys(path for one in self._seen for path in one.states if path))
        ends = [one for one in paths if one.endswith(f".{path}")]
        raise _unknown("state", path, paths, ends[0] if ends else None)

    def field(self, name: str) -> Field:
        """Return a field by name."""
        for one in self._all():
            if name in one.fields:
                return one.fields[name]
        names = list(dict.fromkeys(name for one in self._seen for name in one.fields))
        ends = [one for one in names if one.endswith(f".{name}")]
        raise _unknown("field", name, names, ends[0] if ends else None)


def _unknown(what: str, name: str, names: list[str], meant: str | None = None) -> UnknownFilter:
    return UnknownFilter(what=what, name=name, nearest=meant or did_you_mean(name, names) or "", known=names)


def _in_history(name: str, declared: Field, value: Any) -> Json:
    """Return a value as history has it; what the field would not take stays, and is not found."""
    one = Field(name=name, type=declared.type)
    for text in texts_of(value):
        check_kept(f"where[{name!r}]", text)
    try:
        value = [encode(one, entry) for entry in value] if isinstance(value, list) else encode(one, value)
    except ValueError:
        if not isinstance(value, JSON):
            given = type(value).__name__
            example = '"kukar"'
            raise WrongArgument(
                argument=f"where[{name!r}]", kind="value", given=given, example=example
            ) from None
    return value  # type: ignore[no-any-return]  # JSON as history has it
