"""Tables of sessions, turns, their events and leases, and of named values."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from pinakes.library.adapters.sql.schema import METADATA, UtcDateTime, tenant

SESSIONS = Table(
    "sessions",
    METADATA,
    tenant(),
    Column("id", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("use_all_images", Boolean, nullable=False),
    Column("image_ids", Text, nullable=False),
    Column("document_ids", Text, nullable=False),
    Column("video_ids", Text, nullable=False),
    Column("domain", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index(None, "tenant_id", "updated_at"),
)

TURNS = Table(
    "turns",
    METADATA,
    tenant(),
    Column("id", String(64), primary_key=True),
    Column("session_id", String(64), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("status", String(32), nullable=False),
    Column("answer", Text, nullable=False),
    Column("metadata", Text, nullable=False),
    Column("token_count", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    ForeignKeyConstraint(
        ["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"], ondelete="CASCADE"
    ),
    UniqueConstraint("tenant_id", "session_id", "ordinal"),
)

EVENTS = Table(
    "events",
    METADATA,
    tenant(),
    Column("turn_id", String(64), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("envelope", Text, nullable=False),
    ForeignKeyConstraint(["tenant_id", "turn_id"], ["turns.tenant_id", "turns.id"], ondelete="CASCADE"),
)

LEASES = Table(
    "leases",
    METADATA,
    tenant(),
    Column("session_id", String(64), primary_key=True),
    Column("owner", String(255), nullable=False),
    Column("expires_at", Float, nullable=False),
)

NAMED_VALUES = Table(
    "named_values",
    METADATA,
    tenant(),
    Column("key", String(255), primary_key=True),
    Column("value", Text, nullable=False),
)
