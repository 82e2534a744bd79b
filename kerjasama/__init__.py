"""What users import: ``from kerjasama import Actor, Engine, Party``.

Owns the list of public names and the check that the packages beside it are its own. The names are
looked up at their first use, so that ``import kerjasama`` costs nothing and touches nothing.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.errors import (
        Contention,
        DefinitionConflict,
        EngineError,
        IdempotencyMismatch,
        SchemaNewer,
        SchemaOutdated,
        StaleCase,
    )
    from engine.refused import (
        CaseNotFound,
        DefinitionNotFound,
        DefinitionRejected,
        InvalidCall,
        Refused,
        UnknownFilter,
        WrongArgument,
    )
    from engine.runtime import Engine
    from engine.views import Case
    from workflow.case import Actor, Mandate, Party, Reason, Refusal
    from workflow.durations import Duration
    from workflow.source.diagnostics import Diagnostic

__version__ = "0.1.0"

__all__ = [
    "Actor",
    "Case",
    "CaseNotFound",
    "Contention",
    "DefinitionConflict",
    "DefinitionNotFound",
    "DefinitionRejected",
    "Diagnostic",
    "Duration",
    "Engine",
    "EngineError",
    "IdempotencyMismatch",
    "InvalidCall",
    "Mandate",
    "Party",
    "Reason",
    "Refusal",
    "Refused",
    "SchemaNewer",
    "SchemaOutdated",
    "StaleCase",
    "UnknownFilter",
    "WrongArgument",
    "__version__",
]

_HOMES = {
    "engine.errors": (
        "Contention",
        "DefinitionConflict",
        "EngineError",
        "IdempotencyMismatch",
        "SchemaNewer",
        "SchemaOutdated",
        "StaleCase",
    ),
    "engine.refused": (
        "CaseNotFound",
        "DefinitionNotFound",
        "DefinitionRejected",
        "InvalidCall",
        "Refused",
        "UnknownFilter",
        "WrongArgument",
    ),
    "engine.runtime": ("Engine",),
    "engine.views": ("Case",),
    "workflow.case": ("Actor", "Mandate", "Party", "Reason", "Refusal"),
    "workflow.source.diagnostics": ("Diagnostic",),
    "workflow.durations": ("Duration",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def _require_siblings() -> None:
    """Refuse to go on beside another project's ``workflow`` or ``engine``."""
    for name in ("workflow", "engine"):
        spec = find_spec(name)
        if spec is None:
            raise ImportError(
                f"kerjasama needs its package {name!r}, which is not installed: reinstall kerjasama",
                name=name,
            )
        if not getattr(import_module(name), "__kerjasama__", False):
            place = spec.origin or ", ".join(spec.submodule_search_locations or ()) or "an unknown place"
            raise ImportError(
                f"kerjasama needs its own package {name!r}, but {place} comes first on the import path and "
                f"shadows it: rename that one, or start Python elsewhere (sys.path[0] is searched first)",
                name=name,
                path=spec.origin,
            )


_require_siblings()


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'kerjasama' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
