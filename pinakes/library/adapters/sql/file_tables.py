"""Tables of files, folders and what was read; what is filtered or grouped by has a column of its own."""

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
    UniqueConstraint,
)

from pinakes.library.adapters.sql.schema import METADATA, UtcDateTime, tenant


def _of_a_file() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id", "file_id"], ["files.tenant_id", "files.id"], ondelete="CASCADE")


FOLDERS = Table(
    "folders",
    METADATA,
    tenant(),
    Column("id", String(36), primary_key=True),
    Column("parent_id", String(36)),
    Column("name", String(255), nullable=False),
    Column("path", Text, nullable=False),
    Column("depth", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("tenant_id", "path"),
    ForeignKeyConstraint(["tenant_id", "parent_id"], ["folders.tenant_id", "folders.id"]),
)

FILES = Table(
    "files",
    METADATA,
    tenant(),
    Column("id", String(36), primary_key=True),
    Column("filename", Text, nullable=False),
    Column("filename_folded", Text, nullable=False),
    Column("extension", Text, nullable=False),
    Column("media_type", String(16), nullable=False),
    Column("content_type", String(255), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("folder_id", String(36)),
    Column("lost_folder", Text),  # of a deleted file, the path of its folder when that has gone, too
    Column("title", Text),
    Column("status", String(16), nullable=False),
    Column("failure_code", String(64)),
    Column("failure_message", Text),
    Column("warnings", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("content_created_at", UtcDateTime),
    Column("deleted_at", UtcDateTime),
    Column("page_count", Integer),
    Column("chunk_count", Integer, nullable=False),
    Column("language", String(64)),
    Column("thumbnail_sha256", String(64)),
    Column("source", Text),
    Column("project_id", String(255)),
    Column("content_category", String(64)),
    Column("storage", String(16), nullable=False, server_default="default"),
    Column("facts", Text),
    Column("description", Text),  # by a model, as JSON
    Column("transcript", Text),
    Column("camera_make", Text),
    Column("camera_model", Text),
    Column("camera", Text),
    Column("camera_folded", Text),
    Column("width", Integer),
    Column("height", Integer),
    Column("orientation", String(16)),
    Column("blurred", Boolean),
    Column("dark", Boolean),
    Column("has_text", Boolean),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("phash", String(64)),
    Column("duration_s", Float),
    Column("domain", Text),
    ForeignKeyConstraint(["tenant_id", "folder_id"], ["folders.tenant_id", "folders.id"]),
    Index(None, "tenant_id", "sha256"),
    Index(None, "tenant_id", "created_at"),
    Index(None, "tenant_id", "status"),
    Index(None, "tenant_id", "folder_id"),
    Index(None, "tenant_id", "project_id"),
    Index(None, "tenant_id", "content_created_at"),
)

TAGS = Table(
    "tags",
    METADATA,
    tenant(),
    Column("file_id", String(36), primary_key=True),
    Column("folded", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    _of_a_file(),
    Index(None, "tenant_id", "folded"),
)

COLOURS = Table(
    "colours",
    METADATA,
    tenant(),
    Column("file_id", String(36), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("hex", String(9), nullable=False),
    Column("share", Float, nullable=False),
    _of_a_file(),
    Index(None, "tenant_id", "name"),
)

PAGES = Table(
    "pages",
    METADATA,
    tenant(),
    Column("file_id", String(36), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("width", Float, nullable=False),
    Column("height", Float, nullable=False),
    Column("ocr", Boolean, nullable=False),
    _of_a_file(),
)

ELEMENTS = Table(
    # A row is a run of elements of one page, so that one page is read without the rest.
    "elements",
    METADATA,
    tenant(),
    Column("file_id", String(36), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("page", Integer),
    Column("elements", Text, nullable=False),
    _of_a_file(),
)

CHUNKS = Table(
    "chunks",
    METADATA,
    tenant(),
    Column("id", String(36), primary_key=True),
    Column("file_id", String(36), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("heading", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("page_start", Integer),
    Column("page_end", Integer),
    Column("spans", Text, nullable=False),
    Column("html", Text),
    _of_a_file(),
    UniqueConstraint("tenant_id", "file_id", "ordinal"),
)

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("tenant_id", String(200), nullable=False),
    Column("op", String(16), nullable=False),
    Column("file_id", String(36), nullable=False),
    Index(None, "tenant_id", "id"),
    sqlite_autoincrement=True,
)
