"""Files, folders, what was read, sessions, turns, events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _folders()
    _leases()
    _named_values()
    _outbox()
    _sessions()
    _files()
    _turns()
    _chunks()
    _colours()
    _elements()
    _events()
    _pages()
    _tags()


def _folders() -> None:
    op.create_table(
        "folders",
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["folders.tenant_id", "folders.id"],
            name="fk_folders_tenant_id_parent_id",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_folders"),
        sa.UniqueConstraint("tenant_id", "path", name="uq_folders_tenant_id_path"),
    )


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=255), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "session_id", name="pk_leases"),
    )


def _named_values() -> None:
    op.create_table(
        "named_values",
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", name="pk_named_values"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("op", sa.String(length=16), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_tenant_id_id", "outbox", ["tenant_id", "id"], unique=False)


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("use_all_images", sa.Boolean(), nullable=False),
        sa.Column("image_ids", sa.Text(), nullable=False),
        sa.Column("document_ids", sa.Text(), nullable=False),
        sa.Column("video_ids", sa.Text(), nullable=False),
        sa.Column("domain", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_tenant_id_updated_at", "sessions", ["tenant_id", "updated_at"], unique=False)


def _files() -> None:
    op.create_table(
        "files",
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("filename_folded", sa.Text(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=16), nullable=False),
        sa.Column("content_type", sa.String(length=255), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("folder_id", sa.String(length=36), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("failure_code", sa.String(length=64), nullable=True),
        sa.Column("failure_message", sa.Text(), nullable=True),
        sa.Column("warnings", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("content_created_at", sa.DateTime(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("chunk_count", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=True),
        sa.Column("thumbnail_sha256", sa.String(length=64), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("camera_make", sa.Text(), nullable=True),
        sa.Column("camera_model", sa.Text(), nullable=True),
        sa.Column("camera", sa.Text(), nullable=True),
        sa.Column("camera_folded", sa.Text(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("orientation", sa.String(length=16), nullable=True),
        sa.Column("blurred", sa.Boolean(), nullable=True),
        sa.Column("dark", sa.Boolean(), nullable=True),
        sa.Column("has_text", sa.Boolean(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("phash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "folder_id"],
            ["folders.tenant_id", "folders.id"],
            name="fk_files_tenant_id_folder_id",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_files"),
    )
    op.create_index(
        "ix_files_tenant_id_content_created_at", "files", ["tenant_id", "content_created_at"], unique=False
    )
    op.create_index("ix_files_tenant_id_created_at", "files", ["tenant_id", "created_at"], unique=False)
    op.create_index("ix_files_tenant_id_folder_id", "files", ["tenant_id", "folder_id"], unique=False)
    op.create_index("ix_files_tenant_id_sha256", "files", ["tenant_id", "sha256"], unique=False)
    op.create_index("ix_files_tenant_id_status", "files", ["tenant_id", "status"], unique=False)


def _turns() -> None:
    op.create_table(
        "turns",
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.Column("token_count", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["sessions.tenant_id", "sessions.id"],
            name="fk_turns_tenant_id_session_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_turns"),
        sa.UniqueConstraint(
            "tenant_id", "session_id", "ordinal", name="uq_turns_tenant_id_session_id_ordinal"
        ),
    )


def _chunks() -> None:
    op.create_table(
        "chunks",
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("page_start", sa.Integer(), nullable=True),
        sa.Column("page_end", sa.Integer(), nullable=True),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["files.tenant_id", "files.id"],
            name="fk_chunks_tenant_id_file_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_chunks"),
        sa.UniqueConstraint("tenant_id", "file_id", "ordinal", name="uq_chunks_tenant_id_file_id_ordinal"),
    )


def _colours() -> None:
    op.create_table(
        "colours",
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("hex", sa.String(length=9), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["files.tenant_id", "files.id"],
            name="fk_colours_tenant_id_file_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "file_id", "ordinal", name="pk_colours"),
    )
    op.create_index("ix_colours_tenant_id_name", "colours", ["tenant_id", "name"], unique=False)


def _elements() -> None:
    op.create_table(
        "elements",
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("elements", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["files.tenant_id", "files.id"],
            name="fk_elements_tenant_id_file_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "file_id", "ordinal", name="pk_elements"),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("turn_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "turn_id"],
            ["turns.tenant_id", "turns.id"],
            name="fk_events_tenant_id_turn_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "turn_id", "seq", name="pk_events"),
    )


def _pages() -> None:
    op.create_table(
        "pages",
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("width", sa.Float(), nullable=False),
        sa.Column("height", sa.Float(), nullable=False),
        sa.Column("ocr", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["files.tenant_id", "files.id"],
            name="fk_pages_tenant_id_file_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "file_id", "number", name="pk_pages"),
    )


def _tags() -> None:
    op.create_table(
        "tags",
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["files.tenant_id", "files.id"],
            name="fk_tags_tenant_id_file_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "file_id", "folded", name="pk_tags"),
    )
    op.create_index("ix_tags_tenant_id_folded", "tags", ["tenant_id", "folded"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(_TABLES):
        op.drop_table(table)


_TABLES = (
    "folders",
    "leases",
    "named_values",
    "outbox",
    "sessions",
    "files",
    "turns",
    "chunks",
    "colours",
    "elements",
    "events",
    "pages",
    "tags",
)
