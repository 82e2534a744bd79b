"""The errors of the engine: what was asked, what stands against it, what is possible.

Owns `EngineError` and its branches. Each class has a stable ``code``, one exit status of the command
line, one HTTP status, and says whether trying again can help. The context of an error is its keyword
arguments; they are attributes of the context, survive pickling, and fill the text in either language.

Exit statuses: 1 a defect, 4 refused, 5 not there, 6 the state of things has moved on, 7 try again,
8 the database itself: its schema, its file, its rights.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import engine.texts.store  # noqa: F401  (registers the texts that these errors are rendered with)
from workflow.locale import Message


def _rebuild(cls: type[EngineError], context: dict[str, Any]) -> EngineError:
    return cls(**context)


class EngineError(Exception):
    """The root of every error that `engine` raises.

    Attributes:
        code: Stable, kebab-case.
        exit_status: Of the command line.
        http_status: Of the web interface.
        is_retryable: Whether the same call can succeed when it is made again.
        context: The keyword arguments.
    """

    code: ClassVar[str] = "engine-error"
    exit_status: ClassVar[int] = 1
    http_status: ClassVar[int] = 500
    is_retryable: ClassVar[bool] = False

    def __init__(self, **context: Any) -> None:
        super().__init__()
        self.context = context

    def message(self) -> Message:
        """Return the error's text as data."""
        return Message(f"error.{self.code}", self.context)

    def text(self, language: str = "en") -> str:
        """Render in ``language`` (``id`` or ``en``)."""
        return self.message().text(language)

    def __str__(self) -> str:
        return self.text("en")

    def __reduce__(self) -> tuple[Callable[..., EngineError], tuple[type[EngineError], dict[str, Any]]]:
        return _rebuild, (type(self), self.context)


class StaleCase(EngineError):
    """The case has changed since the caller read it. ``number``: how people call it, where it is known."""

    code = "stale-case"
    exit_status = 6
    http_status = 409

    def __init__(self, *, case_id: str, **context: Any) -> None:
        super().__init__(case_id=case_id, **context)
        self.case_id = case_id

    def message(self) -> Message:
        """Return the error's text as data."""
        return Message(f"error.{self.code}", {"case": self.context.get("number") or self.case_id})


class DuplicateRequest(EngineError):
    """The request id is remembered already; whoever meets this reads it and answers from it."""

    code = "duplicate-request"
    exit_status = 6
    http_status = 409

    def __init__(self, *, request_id: str) -> None:
        super().__init__(request_id=request_id)
        self.request_id = request_id


class IdempotencyMismatch(EngineError):
    """The request id was used before for something else."""

    code = "idempotency-mismatch"
    exit_status = 6
    http_status = 422

    def __init__(self, *, request_id: str) -> None:
        super().__init__(request_id=request_id)
        self.request_id = request_id


class Contention(EngineError):
    """Others were working on the same rows; nothing was written and trying again can help.

    In a host's transaction the host rolls back first: the database may have aborted it.
    """

    code = "contention"
    exit_status = 7
    http_status = 503
    is_retryable = True

    def __init__(self, *, detail: str) -> None:
        super().__init__(detail=detail)


def _about(error: EngineError, **more: object) -> Message:
    """Return the text of an error about a database, which may not be known by name."""
    database = error.context["database"]
    return Message(f"error.{error.code}", {**error.context, **more, "database": database and f" {database}"})


class StoreUnavailable(EngineError):
    """The database cannot be reached at the moment; trying again can help."""

    code = "store-unavailable"
    exit_status = 7
    http_status = 503
    is_retryable = True

    def __init__(self, *, detail: str, database: str = "") -> None:
        super().__init__(detail=detail, database=database)

    def message(self) -> Message:
        """Return the error's text as data."""
        return _about(self)


class DatabaseUnusable(EngineError):
    """The database cannot be used as it is; somebody has to do something, trying again will not help.

    ``reason``: see the texts ``unusable.…``.
    """

    code = "database-unusable"
    exit_status = 8
    http_status = 500

    def __init__(self, *, reason: str, detail: str, database: str = "", **context: Any) -> None:
        super().__init__(reason=reason, detail=detail, database=database, **context)

    @property
    def reason(self) -> str:
        """What is wrong."""
        return str(self.context["reason"])

    def message(self) -> Message:
        """Return the error's text as data."""
        context = {"file": self.context["database"], "folder": "-", **self.context}
        return _about(self, why=Message(f"unusable.{self.reason}", context))


class SchemaNewer(EngineError):
    """The database was upgraded by a newer version of the software."""

    code = "schema-newer"
    exit_status = 8

    def __init__(self, *, found: str, known: str, database: str = "") -> None:
        super().__init__(found=found, known=known, database=database)

    def message(self) -> Message:
        """Return the error's text as data."""
        return _about(self)


class SchemaOutdated(EngineError):
    """The database's schema is older than the software needs, and nobody asked to upgrade it."""

    code = "schema-outdated"
    exit_status = 8

    def __init__(self, *, found: str, known: str, database: str = "") -> None:
        super().__init__(found=found, known=known, database=database)

    def message(self) -> Message:
        """Return the error's text as data."""
        return _about(self)


class DefinitionConflict(EngineError):
    """The same workflow or calendar, with the same version, is deployed with another digest."""

    code = "definition-conflict"
    exit_status = 6
    http_status = 409

    def __init__(self, *, name: str, version: int, found: str, given: str) -> None:
        super().__init__(name=name, version=version, found=found, given=given)


class UnsupportedDatabase(EngineError):
    """There is no store for this database."""

    code = "unsupported-database"
    exit_status = 2

    def __init__(self, *, database: str) -> None:
        super().__init__(database=database)


class CannotJoin(EngineError):
    """A host's connection cannot be joined. ``reason``: see the texts ``cannot-join.…``."""

    code = "cannot-join"
    exit_status = 2

    def __init__(self, *, reason: str, **context: Any) -> None:
        super().__init__(reason=reason, **context)
        self.reason = reason

    def message(self) -> Message:
        """Return the error's text as data."""
        return Message(f"error.{self.code}", {"why": Message(f"cannot-join.{self.reason}", self.context)})


class NestedTransaction(EngineError):
    """This thread already holds the store's only writing transaction; waiting would be for ever."""

    code = "nested-transaction"

    def __init__(self) -> None:
        super().__init__()


class StoreClosed(EngineError):
    """The store was closed."""

    code = "store-closed"

    def __init__(self) -> None:
        super().__init__()


class InvalidCursor(EngineError):
    """A page was asked for with a cursor that no page has."""

    code = "invalid-cursor"
    exit_status = 2
    http_status = 400

    def __init__(self, *, cursor: str) -> None:
        super().__init__(cursor=cursor)
