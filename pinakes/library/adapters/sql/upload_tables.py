"""Tables of uploads, and of the colours that searches by colour look at."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from pinakes.library.adapters.sql.schema import METADATA, UtcDateTime, tenant

BATCHES = Table(
    "upload_batches",
    METADATA,
    tenant(),
    Column("id", String(36), primary_key=True),
    Column("method", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "tenant_id", "created_at"),
)

ITEMS = Table(
    "upload_items",
    METADATA,
    tenant(),
    Column("batch_id", String(36), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("object_key", Text, nullable=False),
    Column("filename", Text, nullable=False),
    Column("content_type", String(255), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("storage", String(16), nullable=False),
    Column("file_id", String(36)),
    Column("failure_code", String(64)),
    Column("failure_message", Text),
    Column("deduplicated", Boolean, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "batch_id"], ["upload_batches.tenant_id", "upload_batches.id"], ondelete="CASCADE"
    ),
    Index(None, "tenant_id", "object_key"),
    Index(None, "tenant_id", "file_id"),
)

PALETTE = Table(
    # Lab values stand beside, so that the database finds near colours.
    "palette",
    METADATA,
    tenant(),
    Column("file_id", String(36), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("families", Text, nullable=False),
    Column("hex", String(9), nullable=False),
    Column("share", Float, nullable=False),
    Column("light", Float, nullable=False),
    Column("a", Float, nullable=False),
    Column("b", Float, nullable=False),
    Column("extracted", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["tenant_id", "file_id"], ["files.tenant_id", "files.id"], ondelete="CASCADE"),
    Index(None, "tenant_id", "light"),
)
