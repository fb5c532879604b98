"""Links and their pages; see `pinakes.testing.conform_catalog`."""

from __future__ import annotations

from pinakes.core.errors import ResourceNotFoundError
from pinakes.core.files import Crawl, FileFilter, LinkFacts, MediaType
from pinakes.ports.catalog import Catalog
from pinakes.ports.link_catalog import PageContent
from pinakes.testing.refusal import refused
from pinakes.testing.samples import START, file

_URL = "https://sea.example/tides"
_PAGE = PageContent(sha256="e" * 64, size_bytes=12, content_type="text/html")


class ConformLinks:
    """The suite's part on links."""

    async def test_links_are_found_by_their_address(self, catalog: Catalog, other: Catalog) -> None:
        """Exactly the address counts, of links alone; it is a tenant's own, and gone with the link."""
        made = file("tides.html").model_copy(update={"media_type": MediaType.LINK, "source": _URL})
        link = await catalog.add_file(made)
        await catalog.add_file(file("a.txt").model_copy(update={"source": f"{_URL}/more"}))
        found = await catalog.find_link(_URL)
        assert found is not None and found.id == link.id
        assert await catalog.find_link(f"{_URL}/more") is None
        assert await other.find_link(_URL) is None
        await catalog.soft_delete([link.id], START)
        assert await catalog.find_link(_URL) is None

    async def test_pages_replace_each_other(self, catalog: Catalog, other: Catalog) -> None:
        """The content of before is named when nothing else has it; facts are kept with and without a page."""
        made = file("tides.html").model_copy(update={"media_type": MediaType.LINK, "sha256": "d" * 64})
        link = await catalog.add_file(made)
        wanted = LinkFacts(url=_URL, domain="sea.example", crawl=Crawl(wanted=True))
        assert await catalog.store_page(link.id, wanted) == ()
        now = await catalog.get_file(link.id)
        assert now.link == wanted and now.sha256 == "d" * 64
        assert (await catalog.list_files(FileFilter(domain="sea.example"))).total == 1
        fetched = wanted.model_copy(update={"crawl": Crawl(final_url=_URL, fetched_at=START)})
        assert await catalog.store_page(link.id, fetched, _PAGE) == ("d" * 64,)
        now = await catalog.get_file(link.id)
        assert (now.sha256, now.size_bytes, now.content_type) == ("e" * 64, 12, "text/html")
        assert now.link == fetched
        assert await catalog.store_page(link.id, fetched, _PAGE) == ()
        await other.add_file(file("same.html").model_copy(update={"sha256": "e" * 64}))
        newer = _PAGE.model_copy(update={"sha256": "f" * 64})
        assert await catalog.store_page(link.id, fetched, newer) == ()
        await refused(other.store_page(link.id, fetched), ResourceNotFoundError)
