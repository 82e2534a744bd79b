"""Families of cases: a row for each case that another one opened."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import Column, ForeignKeyConstraint, PrimaryKeyConstraint, Text

revision = "0002"
down_revision: str | None = "0001"

_KEY = Text().with_variant(Text(collation="C"), "postgresql")


def upgrade(op: Operations) -> None:
    """Create ``wf_child``."""
    op.create_table(
        "wf_child",
        Column("tenant", _KEY, nullable=False),
        Column("case_id", _KEY, nullable=False),
        Column("parent", _KEY, nullable=False),
        PrimaryKeyConstraint("tenant", "case_id", name="pk_wf_child"),
        ForeignKeyConstraint(
            ["tenant", "case_id"], ["wf_case.tenant", "wf_case.id"], name="fk_wf_child_case"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_wf_child_parent", "wf_child", ["tenant", "parent"])
