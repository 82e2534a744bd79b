"""The snapshot of a case as text, and back: the case row's cache of the fold of history.

Owns the JSON shape of `CaseState` in ``wf_case.snapshot``, and nothing of its meaning. Members that have
their default are left out, so that a snapshot written before a member existed reads as its default.
Exact: ``from_text(to_text(case)) == case`` for every case whose values are JSON as history has them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from typing import Any

from workflow.case import CaseState

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


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
    return _encode(members)


def from_text(text: str) -> CaseState:
    """Return the case that ``text`` was made from."""
    members = json.loads(text)
    for name, restore in _RESTORE:
        if name in members:
            members[name] = restore(members[name])
    return CaseState(**members)
