"""Uploads that are followed, workspaces and stores of files, and palettes filled from the colours known."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby

import sqlalchemy as sa
from alembic import op

from pinakes.core.colors import families, lab

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.add_column("files", sa.Column("project_id", sa.String(length=255), nullable=True))
    op.add_column("files", sa.Column("content_category", sa.String(length=64), nullable=True))
    storage = sa.Column("storage", sa.String(length=16), nullable=False, server_default="default")
    op.add_column("files", storage)
    op.create_index("ix_files_tenant_id_project_id", "files", ["tenant_id", "project_id"])
    _uploads()
    _palette()
    _fill()


def _uploads() -> None:
    op.create_table(
        "upload_batches",
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_upload_batches"),
    )
    op.create_index("ix_upload_batches_tenant_id_created_at", "upload_batches", ["tenant_id", "created_at"])
    op.create_table(
        "upload_items",
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("batch_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("content_type", sa.String(length=255), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("storage", sa.String(length=16), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=True),
        sa.Column("failure_code", sa.String(length=64), nullable=True),
        sa.Column("failure_message", sa.Text(), nullable=True),
        sa.Column("deduplicated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "batch_id"],
            ["upload_batches.tenant_id", "upload_batches.id"],
            name="fk_upload_items_tenant_id_batch_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "batch_id", "ordinal", name="pk_upload_items"),
    )
    op.create_index("ix_upload_items_tenant_id_object_key", "upload_items", ["tenant_id", "object_key"])
    op.create_index("ix_upload_items_tenant_id_file_id", "upload_items", ["tenant_id", "file_id"])


def _palette() -> None:
    op.create_table(
        "palette",
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("families", sa.Text(), nullable=False),
        sa.Column("hex", sa.String(length=9), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("light", sa.Float(), nullable=False),
        sa.Column("a", sa.Float(), nullable=False),
        sa.Column("b", sa.Float(), nullable=False),
        sa.Column("extracted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["files.tenant_id", "files.id"],
            name="fk_palette_tenant_id_file_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "file_id", "ordinal", name="pk_palette"),
    )
    op.create_index("ix_palette_tenant_id_light", "palette", ["tenant_id", "light"])


def _fill() -> None:
    same = ("tenant_id", "file_id", "ordinal", "name", "hex", "share")
    colours = sa.table("colours", *map(sa.column, same))
    added = ("families", "light", "a", "b", "extracted")
    palette = sa.table("palette", *map(sa.column, (*same, *added)), sa.column("at", sa.DateTime()))
    connection = op.get_bind()
    at = datetime.now(UTC).replace(tzinfo=None)
    found = (
        connection.execute(sa.select(colours).order_by(*(colours.c[name] for name in same[:3])))
        .mappings()
        .all()
    )
    for _, rows in groupby(found, key=lambda row: row["tenant_id"]):
        connection.execute(palette.insert(), [{**row, **_measured(row["hex"]), "at": at} for row in rows])


def _measured(code: str) -> dict[str, object]:
    light, a, b = lab(code)
    return {
        "families": "".join(f"|{name}|" for name in families(code)),
        "light": light,
        "a": a,
        "b": b,
        "extracted": False,
    }


def downgrade() -> None:
    """Change them back."""
    op.drop_table("palette")
    op.drop_table("upload_items")
    op.drop_table("upload_batches")
    op.drop_index("ix_files_tenant_id_project_id", "files")
    op.drop_column("files", "storage")
    op.drop_column("files", "content_category")
    op.drop_column("files", "project_id")
