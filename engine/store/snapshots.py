"""The snapshot of a case as text, and back: the case row's cache of the fold of history.

Owns the JSON shape of `CaseState` in ``wf_case.snapshot``, and nothing of its meaning. Members that have
their default are left out, so that a snapshot written before a member existed reads as its default.
(pydantic's JSON is compact, keeps the order of members, and takes half the time of the standard library's.)
Exact: ``from_text(to_text(case)) == case`` for every case whose values are JSON as history has them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from typing import Any

from pydantic_core import from_json, to_json

from workflow.case import CaseState


def _default(field: Field[Any]) -> object:
    if field.default is not MISSING:
        return field.default
    if field.default_factory is not MISSING:
        return field.default_factory()
    return MISSING  # equal to no value: always written


def _tuples(value: dict[str, list[Any]]) -> dict[str, tuple[Any, ...]]:
    return {name: tuple(items) for name, items in value.items()}


_DEFAULTS: tuple[tuple[str, object], ...] = tuple((f.name, _default(f)) for f in fields(CaseState))

# JSON has lists only; these members hold tuples.
_RESTORE: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("parties", tuple),
    ("configuration", tuple),
    ("documents", _tuples),
    ("votes", _tuples),
)


def to_text(case: CaseState) -> str:
    """Return the snapshot as compact JSON, members in the order of `CaseState`."""
    members: dict[str, object] = {}
    for name, default in _DEFAULTS:
        value = getattr(case, name)
        if value != default:
            members[name] = value
    return to_json(members).decode()


def from_text(text: str) -> CaseState:
    """Return the case that ``text`` was made from."""
    members: dict[str, Any] = from_json(text)
    for name, restore in _RESTORE:
        if name in members:
            members[name] = restore(members[name])
    return CaseState(**members)
