"""What every catalog must do.

Subclass the suite in a test module and give it the fixtures `catalog` and `other`: handles of two tenants on one
empty store::

    class TestMyCatalog(ConformCatalog):
        @pytest.fixture
        async def catalog(self, store):
            return MyCatalog(store, tenant="a")

        @pytest.fixture
        async def other(self, store):
            return MyCatalog(store, tenant="b")

pytest (with `asyncio_mode = "auto"`) runs the inherited tests. The parts can be used alone: `ConformFiles`,
`ConformFilters`, `ConformReadings`, `ConformAnalytics`, `ConformSessions`, `ConformChanges`,
`ConformApprovals`, `ConformUploads`, `ConformLinks`.
"""

from __future__ import annotations

from pinakes.ports.catalog import Catalog
from pinakes.testing.conform_analytics import ConformAnalytics
from pinakes.testing.conform_approvals import ConformApprovals
from pinakes.testing.conform_changes import ConformChanges
from pinakes.testing.conform_files import ConformFiles
from pinakes.testing.conform_filters import ConformFilters
from pinakes.testing.conform_links import ConformLinks
from pinakes.testing.conform_readings import ConformReadings
from pinakes.testing.conform_sessions import ConformSessions
from pinakes.testing.conform_uploads import ConformUploads


class ConformCatalog(
    ConformFiles,
    ConformFilters,
    ConformReadings,
    ConformAnalytics,
    ConformSessions,
    ConformChanges,
    ConformApprovals,
    ConformUploads,
    ConformLinks,
):
    """The whole suite; `catalog` and `other` are the adapter's fixtures."""

    async def test_is_a_catalog(self, catalog: Catalog) -> None:
        """The adapter has every method of the port."""
        assert isinstance(catalog, Catalog)

    async def test_values(self, catalog: Catalog, other: Catalog) -> None:
        """Named values are a tenant's own and can be overwritten."""
        assert await catalog.get_value("key") is None
        await catalog.set_value("key", "one")
        await catalog.set_value("key", "two")
        await other.set_value("key", "theirs")
        assert (await catalog.get_value("key"), await other.get_value("key")) == ("two", "theirs")
