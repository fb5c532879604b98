"""Links: found by their address, and their pages, which may be fetched again."""

from __future__ import annotations

from sqlalchemy import select

from pinakes.core.files import FileRecord, LinkFacts, MediaType
from pinakes.library.adapters.sql.file_tables import FILES
from pinakes.library.adapters.sql.sweep import SqlSweep
from pinakes.library.names import folded
from pinakes.ports.link_catalog import PageContent


class SqlLinks(SqlSweep):
    """The part of the catalog that knows links."""

    async def find_link(self, url: str) -> FileRecord | None:
        """Return the oldest link with exactly this address, if any."""
        same = self._one(FILES, url, "source") & (FILES.c.media_type == str(MediaType.LINK))
        statement = self._files().where(same, FILES.c.deleted_at.is_(None))
        found = await self._select(statement.order_by(FILES.c.created_at, FILES.c.id).limit(1))
        return found[0] if found else None

    async def store_page(
        self, file_id: str, facts: LinkFacts, page: PageContent | None = None
    ) -> tuple[str, ...]:
        """Keep what is known of a link, and its new content; return the blobs that nothing refers to any longer.

        Raises ResourceNotFoundError.
        """
        known = {
            "facts": facts.model_dump_json(exclude_defaults=True),
            "domain": folded(facts.domain) if facts.domain else None,
        }
        async with self._database.write() as connection:
            before = await connection.scalar(select(FILES.c.sha256).where(self._one(FILES, file_id)))
            await self._update(connection, file_id, **known, **(page.model_dump() if page else {}))
            if page is None or not before or before == page.sha256:
                return ()
            return tuple({before} - await self._needed_blobs(connection, [before]))
