"""Every table of the engine, prefix ``wf_``, and the triggers that keep history append-only.

Owns names and shapes; the scripts under ``migrations`` build the same thing step by step, and a test
holds the two equal. Columns hold plain text, integers and bytes, so that statements compiled from these
tables run on a driver's own connection without conversions: instants are UTC text in history's fixed
form (they compare as text), booleans are 0 and 1, JSON is text.

Every unique key begins with, or contains, the tenant. There is no CASCADE anywhere.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

KEY = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is compared and ordered byte by byte on every database."""

SERIAL = BigInteger().with_variant(Integer(), "sqlite")
"""An increasing surrogate key (SQLite: the rowid)."""


def _key(name: str) -> Column[str]:
    return Column(name, KEY, nullable=False)


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text(), nullable=nullable)


def _number(name: str) -> Column[int]:
    return Column(name, Integer(), nullable=False)


def _big(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger(), nullable=nullable)


def _flag(name: str) -> Column[int]:
    return Column(name, Integer(), nullable=False, server_default="0")


def _serial() -> Column[int]:
    return Column("id", SERIAL, Identity(always=False), nullable=False)


def _table(name: str, *members: Any, primary: tuple[str, ...], without_rowid: bool = False) -> Table:
    options: dict[str, Any] = {"sqlite_with_rowid": False} if without_rowid else {}
    return Table(name, metadata, *members, PrimaryKeyConstraint(*primary, name=f"pk_{name}"), **options)


def _of_case(name: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["tenant", "case_id"], ["wf_case.tenant", "wf_case.id"], name=f"fk_{name}_case"
    )


# --- cases and their history ---------------------------------------------------------------------

case = _table(
    "wf_case",
    _key("tenant"),
    _key("id"),
    _key("number"),
    _key("workflow"),
    _number("version"),
    _key("digest"),
    _key("state"),  # active leaf paths joined by |
    _number("revision"),
    _number("seq"),
    _key("head"),
    _key("opened_at"),
    Column("closed_at", KEY),
    Column("outcome", KEY),
    Column("next_due", KEY),
    _flag("overdue"),
    _text("snapshot"),
    UniqueConstraint("tenant", "number", name="uq_wf_case_number"),
    Index("ix_wf_case_workflow", "tenant", "workflow", "id"),
    primary=("tenant", "id"),
)

child = _table(
    "wf_child",
    _key("tenant"),
    _key("case_id"),
    _key("parent"),  # the case that opened it
    _of_case("wf_child"),
    Index("ix_wf_child_parent", "tenant", "parent"),
    primary=("tenant", "case_id"),
    without_rowid=True,
)

history = _table(
    "wf_history",
    _serial(),  # clustering by case instead slowed writes five-fold at a million cases
    _key("tenant"),
    _key("case_id"),
    _number("seq"),
    _number("revision"),
    _key("kind"),
    _key("recorded_at"),
    _key("effective_on"),
    _text("entry"),
    _key("hash"),
    UniqueConstraint("tenant", "case_id", "seq", name="uq_wf_history_seq"),
    _of_case("wf_history"),
    primary=("id",),
)

personal = _table(
    "wf_personal",
    _key("tenant"),
    _key("case_id"),
    _number("seq"),
    _key("field"),
    _key("party"),
    Column("salt", LargeBinary(), nullable=False),
    _text("value"),
    primary=("tenant", "case_id", "seq", "field", "party"),
    without_rowid=True,
)

_TROUBLED = text("attempts > 0")

timer = _table(
    "wf_timer",
    _key("tenant"),
    _key("case_id"),
    _key("path"),
    _key("kind"),
    _key("mark"),
    _key("due_at"),
    _flag("attempts"),
    Column("retry_at", KEY),
    _text("error", nullable=True),
    _flag("dead"),
    _of_case("wf_timer"),
    Index("ix_wf_timer_due", "due_at"),
    Index("ix_wf_timer_troubled", "due_at", sqlite_where=_TROUBLED, postgresql_where=_TROUBLED),
    primary=("tenant", "case_id", "path", "kind", "mark"),
    without_rowid=True,
)

request = _table(
    "wf_request",
    _key("tenant"),
    _key("request_id"),
    _key("case_id"),
    _number("seq"),
    Column("salt", LargeBinary()),
    _key("digest"),
    primary=("tenant", "request_id"),
    without_rowid=True,
)

number = _table(
    "wf_number",
    _key("tenant"),
    _key("workflow"),
    _number("year"),
    _number("last"),
    primary=("tenant", "workflow", "year"),
    without_rowid=True,
)

refusal = _table(
    "wf_refusal",
    _serial(),
    _key("tenant"),
    _key("case_id"),
    _key("recorded_at"),
    _text("asked"),
    _text("actor"),
    _key("code"),
    _text("refusal"),
    Index("ix_wf_refusal_case", "tenant", "case_id", "id"),
    primary=("id",),
)

# --- the tree over all histories of a tenant --------------------------------------------------------

unsequenced = _table(
    "wf_unsequenced",
    _key("tenant"),
    _key("case_id"),
    _number("seq"),
    _key("hash"),
    primary=("tenant", "case_id", "seq"),
    without_rowid=True,
)

leaf = _table(
    "wf_leaf",
    _key("tenant"),
    _big("leaf_index"),
    _key("case_id"),
    _number("seq"),
    _key("hash"),
    UniqueConstraint("tenant", "case_id", "seq", name="uq_wf_leaf_seq"),
    primary=("tenant", "leaf_index"),
    without_rowid=True,
)

log = _table("wf_log", _key("tenant"), _big("size"), primary=("tenant",), without_rowid=True)

# --- events for consumers ------------------------------------------------------------------------

_UNPLACED = text("position IS NULL")

outbox = _table(
    "wf_outbox",
    _serial(),
    _key("tenant"),
    _key("case_id"),
    _key("topic"),
    _number("seq"),
    _key("recorded_at"),
    _text("payload"),
    _big("position", nullable=True),  # given by a relay in order of commit; ids are given before it
    UniqueConstraint("tenant", "position", name="uq_wf_outbox_position"),
    Index("ix_wf_outbox_unplaced", "tenant", "id", sqlite_where=_UNPLACED, postgresql_where=_UNPLACED),
    primary=("id",),
)

outbox_head = _table(
    "wf_outbox_head", _key("tenant"), _big("position"), primary=("tenant",), without_rowid=True
)

consumer = _table(
    "wf_consumer",
    _key("tenant"),
    _key("name"),
    _text("pattern"),
    _big("position"),  # up to here every event was looked at
    Column("lease_owner", KEY),
    Column("lease_until", KEY),
    primary=("tenant", "name"),
    without_rowid=True,
)

delivery = _table(
    "wf_delivery",
    _key("tenant"),
    _key("consumer"),
    _big("position"),
    _big("outbox_id"),
    _key("case_id"),
    _flag("attempts"),
    Column("retry_at", KEY),
    _text("error", nullable=True),
    _flag("dead"),
    primary=("tenant", "consumer", "position"),
    without_rowid=True,
)

# --- what is deployed, and files -------------------------------------------------------------------

definition = _table(
    "wf_definition",
    _key("tenant"),
    _key("workflow"),
    _number("version"),
    _key("digest"),
    _text("sources"),
    _text("canonical"),
    _text("deployed_by"),
    _key("deployed_at"),
    primary=("tenant", "workflow", "version"),
)

calendar = _table(
    "wf_calendar",
    _key("tenant"),
    _key("name"),
    _number("version"),
    _key("digest"),
    _text("sources"),
    _text("canonical"),
    _text("loaded_by"),
    _key("loaded_at"),
    UniqueConstraint("tenant", "digest", name="uq_wf_calendar_digest"),
    primary=("tenant", "name", "version"),
)

content = _table(
    "wf_content",
    _key("tenant"),
    _key("digest"),
    _text("media_type", nullable=True),
    _text("name", nullable=True),
    _big("size"),
    Column("body", LargeBinary(), nullable=False),
    primary=("tenant", "digest"),
)

meta = _table("wf_meta", _key("name"), _text("value"), primary=("name",))

# --- append-only -----------------------------------------------------------------------------------

APPEND_ONLY = ("wf_history", "wf_leaf")


def _refusing(table: str, act: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: {act} refused'); END"
    )


def append_only(dialect: str) -> tuple[str, ...]:
    """Return the statements that make `APPEND_ONLY` refuse changes: a guard against accidents."""
    if dialect == "sqlite":
        return tuple(_refusing(table, act) for table in APPEND_ONLY for act in ("UPDATE", "DELETE"))
    function = (
        "CREATE FUNCTION wf_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP "
        "USING ERRCODE = 'restrict_violation'; END $$"
    )
    rows = (
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION wf_append_only()"
        for table in APPEND_ONLY
    )
    whole = (
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION wf_append_only()"
        for table in APPEND_ONLY
    )
    return (function, *rows, *whole)
