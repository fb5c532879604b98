"""The journal of changes, approvals, and where deleted files of deleted folders were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.add_column("files", sa.Column("lost_folder", sa.Text(), nullable=True))
    _journal()
    _approvals()


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("plan_id", sa.String(length=255), nullable=False),
        sa.Column("change_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("session_id", sa.String(length=64), nullable=True),
        sa.Column("applied_at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("entry_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_journal"),
        sa.UniqueConstraint("tenant_id", "id", name="uq_journal_tenant_id_id"),
        sa.UniqueConstraint(
            "tenant_id", "plan_id", "change_no", name="uq_journal_tenant_id_plan_id_change_no"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_journal_tenant_id_seq", "journal", ["tenant_id", "seq"])


def _approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("tenant_id", sa.String(length=200), nullable=False),
        sa.Column("plan_id", sa.String(length=255), nullable=False),
        sa.Column("change_no", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("turn_id", sa.String(length=64), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("claim", sa.String(length=255), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "plan_id", "change_no", name="pk_approvals"),
    )
    op.create_index(
        "ix_approvals_tenant_id_session_id_status", "approvals", ["tenant_id", "session_id", "status"]
    )


def downgrade() -> None:
    """Change them back."""
    op.drop_table("approvals")
    op.drop_table("journal")
    op.drop_column("files", "lost_folder")
