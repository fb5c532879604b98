"""Tables of what was changed, and of what a human was asked."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from pinakes.library.adapters.sql.schema import METADATA, UtcDateTime, tenant

JOURNAL = Table(
    # `seq` is the order in which sets were applied: times may be equal.
    "journal",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("tenant_id", String(200), nullable=False),
    Column("id", String(36), nullable=False),
    Column("plan_id", String(255), nullable=False),
    Column("change_no", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("description", Text, nullable=False),
    Column("changes", Text, nullable=False),
    Column("session_id", String(64)),
    Column("applied_at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
    Column("entry_id", String(36)),
    UniqueConstraint("tenant_id", "id"),
    UniqueConstraint("tenant_id", "plan_id", "change_no"),
    Index(None, "tenant_id", "seq"),
    sqlite_autoincrement=True,
)

APPROVALS = Table(
    "approvals",
    METADATA,
    tenant(),
    Column("plan_id", String(255), primary_key=True),
    Column("change_no", Integer, primary_key=True),
    Column("action", String(64), nullable=False),
    Column("session_id", String(64), nullable=False),
    Column("turn_id", String(64), nullable=False),
    Column("description", Text, nullable=False),
    Column("changes", Text),
    Column("plan", Text),
    Column("status", String(16), nullable=False),
    Column("decision", Text),
    Column("claim", String(255)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Index(None, "tenant_id", "session_id", "status"),
)
