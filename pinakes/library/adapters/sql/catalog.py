"""The catalog over SQLAlchemy: one handle, one tenant."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pinakes.core.errors import ValidationError
from pinakes.library.adapters.sql.analytics import SqlAnalytics
from pinakes.library.adapters.sql.approvals import SqlApprovals
from pinakes.library.adapters.sql.changes import SqlChanges
from pinakes.library.adapters.sql.database import Database
from pinakes.library.adapters.sql.links import SqlLinks
from pinakes.library.adapters.sql.migrate import bring_up_to_date
from pinakes.library.adapters.sql.overview import SqlOverview
from pinakes.library.adapters.sql.palettes import SqlPalettes
from pinakes.library.adapters.sql.readings import SqlReadings
from pinakes.library.adapters.sql.sessions import SqlSessions
from pinakes.library.adapters.sql.uploads import SqlUploads


class SqlCatalog(
    SqlReadings,
    SqlChanges,
    SqlLinks,
    SqlPalettes,
    SqlUploads,
    SqlApprovals,
    SqlOverview,
    SqlAnalytics,
    SqlSessions,
):
    """A tenant's catalog in SQL, open until `aclose`; implements `pinakes.ports.catalog.Catalog`."""

    @classmethod
    async def open(cls, where: str | Path, tenant: str) -> Self:
        """Open a catalog, making or migrating its tables.

        Args:
            where: The path of an SQLite file, or an async SQLAlchemy URL such as "sqlite+aiosqlite:///catalog.db".
            tenant: Whose library, 1 to 200 characters.

        Raises:
            ConfigurationError: The path or URL cannot be used.
            LibraryVersionError: A newer Pinakes wrote the catalog.
            LibraryError: The database cannot be read.
            ValidationError: The tenant's name is empty or too long.
        """
        if not 1 <= len(tenant) <= 200:
            raise ValidationError("A tenant's name has 1 to 200 characters.", tenant=tenant)
        database = Database.connect(where)
        try:
            await bring_up_to_date(database)
        except BaseException:
            await database.close()
            raise
        return cls(database, tenant)

    def for_tenant(self, tenant: str) -> Self:
        """Return a handle for another tenant on the same connections; closing either closes both."""
        return type(self)(self._database, tenant)

    async def aclose(self) -> None:
        """Release connections."""
        await self._database.close()
