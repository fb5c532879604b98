"""What models say of pictures and hear in videos, beside what was read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.add_column("files", sa.Column("description", sa.Text(), nullable=True))
    op.add_column("files", sa.Column("transcript", sa.Text(), nullable=True))


def downgrade() -> None:
    """Change them back."""
    op.drop_column("files", "transcript")
    op.drop_column("files", "description")
