"""The spine: cases, history and its tree, timers, outbox, definitions, calendars, files.

Frozen once it is released: what is said here is how the tables were, whatever ``tables.py`` says later.
"""

from __future__ import annotations

from typing import Any

from alembic.operations import Operations
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Identity,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

revision = "0001"
down_revision: str | None = None

_KEY = Text().with_variant(Text(collation="C"), "postgresql")
_SERIAL = BigInteger().with_variant(Integer(), "sqlite")


def upgrade(op: Operations) -> None:
    """Create everything, and the triggers that keep history append-only."""
    for create in (
        _create_calendar,
        _create_case,
        _create_consumer,
        _create_content,
        _create_definition,
        _create_delivery,
        _create_leaf,
        _create_log,
        _create_meta,
        _create_number,
        _create_outbox,
        _create_outbox_head,
        _create_personal,
        _create_refusal,
        _create_request,
        _create_unsequenced,
        _create_history,
        _create_timer,
    ):
        create(op)
    for statement in _append_only(op.get_bind().dialect.name):
        op.execute(text(statement))


def _serial() -> Column[int]:
    return Column("id", _SERIAL, Identity(always=False), nullable=False)


def _key(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, _KEY, nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text(), nullable=nullable)


def _number(name: str) -> Column[int]:
    return Column(name, Integer(), nullable=False)


def _big(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger(), nullable=nullable)


def _flag(name: str) -> Column[int]:
    return Column(name, Integer(), nullable=False, server_default="0")


def _bytes(name: str, *, nullable: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary(), nullable=nullable)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def _create_calendar(op: Operations) -> None:
    op.create_table(
        "wf_calendar",
        _key("tenant"),
        _key("name"),
        _number("version"),
        _key("digest"),
        _text("sources"),
        _text("canonical"),
        _text("loaded_by"),
        _key("loaded_at"),
        PrimaryKeyConstraint("tenant", "name", "version", name="pk_wf_calendar"),
        UniqueConstraint("tenant", "digest", name="uq_wf_calendar_digest"),
    )


def _create_case(op: Operations) -> None:
    op.create_table(
        "wf_case",
        _key("tenant"),
        _key("id"),
        _key("number"),
        _key("workflow"),
        _number("version"),
        _key("digest"),
        _key("state"),
        _number("revision"),
        _number("seq"),
        _key("head"),
        _key("opened_at"),
        _key("closed_at", nullable=True),
        _key("outcome", nullable=True),
        _key("next_due", nullable=True),
        _flag("overdue"),
        _text("snapshot"),
        PrimaryKeyConstraint("tenant", "id", name="pk_wf_case"),
        UniqueConstraint("tenant", "number", name="uq_wf_case_number"),
    )
    op.create_index("ix_wf_case_workflow", "wf_case", ["tenant", "workflow", "id"])


def _create_consumer(op: Operations) -> None:
    op.create_table(
        "wf_consumer",
        _key("tenant"),
        _key("name"),
        _text("pattern"),
        _big("position"),
        _key("lease_owner", nullable=True),
        _key("lease_until", nullable=True),
        PrimaryKeyConstraint("tenant", "name", name="pk_wf_consumer"),
        sqlite_with_rowid=False,
    )


def _create_content(op: Operations) -> None:
    op.create_table(
        "wf_content",
        _key("tenant"),
        _key("digest"),
        _text("media_type", nullable=True),
        _text("name", nullable=True),
        _big("size"),
        _bytes("body"),
        PrimaryKeyConstraint("tenant", "digest", name="pk_wf_content"),
    )


def _create_definition(op: Operations) -> None:
    op.create_table(
        "wf_definition",
        _key("tenant"),
        _key("workflow"),
        _number("version"),
        _key("digest"),
        _text("sources"),
        _text("canonical"),
        _text("deployed_by"),
        _key("deployed_at"),
        PrimaryKeyConstraint("tenant", "workflow", "version", name="pk_wf_definition"),
    )


def _create_delivery(op: Operations) -> None:
    op.create_table(
        "wf_delivery",
        _key("tenant"),
        _key("consumer"),
        _big("position"),
        _big("outbox_id"),
        _key("case_id"),
        _flag("attempts"),
        _key("retry_at", nullable=True),
        _text("error", nullable=True),
        _flag("dead"),
        PrimaryKeyConstraint("tenant", "consumer", "position", name="pk_wf_delivery"),
        sqlite_with_rowid=False,
    )


def _create_leaf(op: Operations) -> None:
    op.create_table(
        "wf_leaf",
        _key("tenant"),
        _big("leaf_index"),
        _key("case_id"),
        _number("seq"),
        _key("hash"),
        PrimaryKeyConstraint("tenant", "leaf_index", name="pk_wf_leaf"),
        UniqueConstraint("tenant", "case_id", "seq", name="uq_wf_leaf_seq"),
        sqlite_with_rowid=False,
    )


def _create_log(op: Operations) -> None:
    op.create_table(
        "wf_log",
        _key("tenant"),
        _big("size"),
        PrimaryKeyConstraint("tenant", name="pk_wf_log"),
        sqlite_with_rowid=False,
    )


def _create_meta(op: Operations) -> None:
    op.create_table(
        "wf_meta",
        _key("name"),
        _text("value"),
        PrimaryKeyConstraint("name", name="pk_wf_meta"),
    )


def _create_number(op: Operations) -> None:
    op.create_table(
        "wf_number",
        _key("tenant"),
        _key("workflow"),
        _number("year"),
        _number("last"),
        PrimaryKeyConstraint("tenant", "workflow", "year", name="pk_wf_number"),
        sqlite_with_rowid=False,
    )


def _create_outbox(op: Operations) -> None:
    op.create_table(
        "wf_outbox",
        _serial(),
        _key("tenant"),
        _key("case_id"),
        _key("topic"),
        _number("seq"),
        _key("recorded_at"),
        _text("payload"),
        _big("position", nullable=True),
        PrimaryKeyConstraint("id", name="pk_wf_outbox"),
        UniqueConstraint("tenant", "position", name="uq_wf_outbox_position"),
    )
    op.create_index("ix_wf_outbox_unplaced", "wf_outbox", ["tenant", "id"], **_where("position IS NULL"))


def _create_outbox_head(op: Operations) -> None:
    op.create_table(
        "wf_outbox_head",
        _key("tenant"),
        _big("position"),
        PrimaryKeyConstraint("tenant", name="pk_wf_outbox_head"),
        sqlite_with_rowid=False,
    )


def _create_personal(op: Operations) -> None:
    op.create_table(
        "wf_personal",
        _key("tenant"),
        _key("case_id"),
        _number("seq"),
        _key("field"),
        _key("party"),
        _bytes("salt"),
        _text("value"),
        PrimaryKeyConstraint("tenant", "case_id", "seq", "field", "party", name="pk_wf_personal"),
        sqlite_with_rowid=False,
    )


def _create_refusal(op: Operations) -> None:
    op.create_table(
        "wf_refusal",
        _serial(),
        _key("tenant"),
        _key("case_id"),
        _key("recorded_at"),
        _text("asked"),
        _text("actor"),
        _key("code"),
        _text("refusal"),
        PrimaryKeyConstraint("id", name="pk_wf_refusal"),
    )
    op.create_index("ix_wf_refusal_case", "wf_refusal", ["tenant", "case_id", "id"])


def _create_request(op: Operations) -> None:
    op.create_table(
        "wf_request",
        _key("tenant"),
        _key("request_id"),
        _key("case_id"),
        _number("seq"),
        _bytes("salt", nullable=True),
        _key("digest"),
        PrimaryKeyConstraint("tenant", "request_id", name="pk_wf_request"),
        sqlite_with_rowid=False,
    )


def _create_unsequenced(op: Operations) -> None:
    op.create_table(
        "wf_unsequenced",
        _key("tenant"),
        _key("case_id"),
        _number("seq"),
        _key("hash"),
        PrimaryKeyConstraint("tenant", "case_id", "seq", name="pk_wf_unsequenced"),
        sqlite_with_rowid=False,
    )


def _create_history(op: Operations) -> None:
    op.create_table(
        "wf_history",
        _serial(),
        _key("tenant"),
        _key("case_id"),
        _number("seq"),
        _number("revision"),
        _key("kind"),
        _key("recorded_at"),
        _key("effective_on"),
        _text("entry"),
        _key("hash"),
        PrimaryKeyConstraint("id", name="pk_wf_history"),
        UniqueConstraint("tenant", "case_id", "seq", name="uq_wf_history_seq"),
        ForeignKeyConstraint(
            ["tenant", "case_id"], ["wf_case.tenant", "wf_case.id"], name="fk_wf_history_case"
        ),
    )


def _create_timer(op: Operations) -> None:
    op.create_table(
        "wf_timer",
        _key("tenant"),
        _key("case_id"),
        _key("path"),
        _key("kind"),
        _key("mark"),
        _key("due_at"),
        _flag("attempts"),
        _key("retry_at", nullable=True),
        _text("error", nullable=True),
        _flag("dead"),
        PrimaryKeyConstraint("tenant", "case_id", "path", "kind", "mark", name="pk_wf_timer"),
        ForeignKeyConstraint(
            ["tenant", "case_id"], ["wf_case.tenant", "wf_case.id"], name="fk_wf_timer_case"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_wf_timer_due", "wf_timer", ["due_at"])
    op.create_index("ix_wf_timer_troubled", "wf_timer", ["due_at"], **_where("attempts > 0"))


def _append_only(dialect: str) -> tuple[str, ...]:
    tables = ("wf_history", "wf_leaf")
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: {act} refused'); END"
            for table in tables
            for act in ("UPDATE", "DELETE")
        )
    function = (
        "CREATE FUNCTION wf_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP "
        "USING ERRCODE = 'restrict_violation'; END $$"
    )
    rows = (
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION wf_append_only()"
        for table in tables
    )
    whole = (
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION wf_append_only()"
        for table in tables
    )
    return (function, *rows, *whole)
