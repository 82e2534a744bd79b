"""The root of every error that `workflow` raises."""

from __future__ import annotations

from typing import ClassVar


class WorkflowError(Exception):
    """Something is wrong with what the caller gave, said in full.

    Subclasses set ``code`` (stable, kebab-case) and build their message from keyword context.
    """

    code: ClassVar[str] = "workflow-error"
