"""Links become pages: what is wanted is fetched, kept, and read like any saved page."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from pinakes.core.errors import LinkError, LinkRefusedError, ValidationError
from pinakes.core.files import Crawl, FileRecord, LinkFacts, MediaType, Reading
from pinakes.ingestion.admission import address
from pinakes.library.accepting import ADDRESS_ALONE
from pinakes.library.library import Library
from pinakes.ports.fetcher import Fetcher

_LONGEST_NAME = 120


class Crawler:
    """Fetches the pages of one library's links; what a page contains never leads to another fetch."""

    def __init__(self, library: Library, fetcher: Fetcher) -> None:
        self._library = library
        self._fetcher = fetcher

    async def accept(
        self, url: str, *, folder_path: str, tags: tuple[str, ...], title: str | None, wanted: bool
    ) -> FileRecord:
        """Keep an address and return its record; one that is known already is the known one, deduplicated.

        Raises ValidationError, LinkRefusedError.
        """
        spelled = self._fetcher.checked(url)
        host = (urlsplit(spelled).hostname or "").removeprefix("www.")
        facts = LinkFacts(url=spelled, domain=host, crawl=Crawl(wanted=wanted))
        return await self._library.accept_link(
            spelled, facts=facts, filename=_name(spelled), folder_path=folder_path, tags=tags, title=title
        )

    async def want(self, record: FileRecord) -> None:
        """Note that a link's page is to be fetched. Raises ValidationError, LinkRefusedError."""
        known = record.link or LinkFacts()
        url = address(known.url) or address(record.source)
        if not url:
            raise ValidationError("This saved page does not say where it is from.", link_id=record.id)
        self._fetcher.checked(url)
        crawl = (known.crawl or Crawl()).model_copy(update={"wanted": True})
        await self._library.store_page(record.id, known.model_copy(update={"url": url, "crawl": crawl}))
        await self._library.catalog.set_pending(record.id)

    async def fetched(self, record: FileRecord) -> FileRecord:
        """Return a link's record with its page fetched, where that is wanted.

        A page that cannot be fetched again stays as it was, and the record says why.

        Raises LinkError (there is no earlier page), ResourceNotFoundError.
        """
        link = record.link
        if link is None or link.crawl is None or not link.crawl.wanted or not link.url:
            return record
        try:
            page = await self._fetcher.fetch(self._checked(link.url))
        except LinkError as error:
            failed = {"wanted": False, "error_code": error.code, "error": error.message}
            await self._keep(record, link, link.crawl.model_copy(update=failed))
            if record.content_type == ADDRESS_ALONE:
                raise
        else:
            crawl = Crawl(final_url=page.url, fetched_at=datetime.now(UTC))
            await self._keep(record, link, crawl, page.content)
        return await self._library.catalog.get_file(record.id)

    def _checked(self, url: str) -> str:
        try:
            return self._fetcher.checked(url)
        except ValidationError as error:
            raise LinkRefusedError("The address is no web address.", url=url) from error

    async def _keep(
        self, record: FileRecord, link: LinkFacts, crawl: Crawl, content: bytes | None = None
    ) -> None:
        await self._library.store_page(record.id, link.model_copy(update={"crawl": crawl}), content)


def fetched_from(record: FileRecord) -> str:
    """Return where a link's page was in the end, so that what it names is found from there."""
    crawl = record.link.crawl if record.link else None
    return (crawl.final_url if crawl else None) or address(record.source)


def kept(reading: Reading, record: FileRecord) -> Reading:
    """Return what was read of a link's page, with the address it was added by and how it was fetched."""
    known = record.link
    if (
        record.media_type is not MediaType.LINK
        or known is None
        or known.crawl is None
        or reading.link is None
    ):
        return reading
    same = {"url": known.url, "domain": known.domain, "crawl": known.crawl}
    return reading.model_copy(update={"link": reading.link.model_copy(update=same)})


def _name(url: str) -> str:
    """Return a file name that tells what a link leads to."""
    parts = urlsplit(url)
    said = f"{(parts.hostname or '').removeprefix('www.')}{unquote(parts.path)}".rstrip("/")
    tidy = re.sub(r"[^\w.-]+", "-", re.sub(r"\.x?html?$", "", said)).strip("-.")
    return f"{tidy[:_LONGEST_NAME] or 'page'}.html"
