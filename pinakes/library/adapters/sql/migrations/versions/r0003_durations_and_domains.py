"""How long videos are and whose pages saved pages are, as columns; taken from what was read before."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.add_column("files", sa.Column("duration_s", sa.Float(), nullable=True))
    op.add_column("files", sa.Column("domain", sa.Text(), nullable=True))
    _fill()


def _fill() -> None:
    files = sa.table(
        "files", *map(sa.column, ("tenant_id", "id", "media_type", "facts", "duration_s", "domain"))
    )
    known = files.c.media_type.in_(("video", "link")) & files.c.facts.is_not(None)
    connection = op.get_bind()
    for row in connection.execute(sa.select(files).where(known)).mappings().all():
        facts = json.loads(row["facts"])
        domain = (facts.get("domain") or "").casefold() or None
        this = (files.c.tenant_id == row["tenant_id"]) & (files.c.id == row["id"])
        values = {"duration_s": facts.get("duration_s"), "domain": domain}
        connection.execute(sa.update(files).where(this).values(**values))


def downgrade() -> None:
    """Change them back."""
    op.drop_column("files", "domain")
    op.drop_column("files", "duration_s")
