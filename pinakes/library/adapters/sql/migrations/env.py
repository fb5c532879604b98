"""What alembic runs: migrations on the connection that the catalog was opened with."""

from __future__ import annotations

from alembic import context

from pinakes.library.adapters.sql.change_tables import JOURNAL
from pinakes.library.adapters.sql.file_tables import FILES
from pinakes.library.adapters.sql.session_tables import SESSIONS

assert FILES.metadata is SESSIONS.metadata is JOURNAL.metadata  # all tables are known now

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=FILES.metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the caller's transaction holds it all
)
context.run_migrations()
