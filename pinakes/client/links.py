"""`client.links`: web pages by their address, fetched or saved. Names follow the hosted SDK."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

from pinakes.client.checks import one_of, within
from pinakes.client.deleting import delete_several, retagged
from pinakes.client.link_results import created, details_of, item_of, og_metadata
from pinakes.client.saved_pages import SavedPages, check_tags
from pinakes.client.uploading import Uploader
from pinakes.core.errors import PinakesTimeoutError, ResourceNotFoundError
from pinakes.core.files import FileFilter, FilePage, FileRecord, FileStatus, MediaType
from pinakes.core.links import (
    ADDRESS_ALONE,
    CreateLinkResult,
    LinkCrawlStatus,
    LinkDeleteResult,
    LinkDetails,
    LinkItem,
    LinkList,
    LinkUpdateResult,
    RecrawlLinkResult,
)
from pinakes.core.links import crawl_status as status_of
from pinakes.core.user_files import BatchDeleteFilesResponse
from pinakes.ingestion.crawling import Crawler
from pinakes.ingestion.ingestor import Ingestor
from pinakes.library.library import Library

MAX_TITLE = 255
_ORDERS = {"created_at": "created_at", "updated_at": "updated_at", "title": "title", "url": "source"}
_READ_AT_ONCE = 500


class LinksResource(SavedPages):
    """Links of one library."""

    def __init__(self, library: Library, ingestor: Ingestor, crawler: Crawler) -> None:
        super().__init__(ingestor)
        self._library = library
        self._crawler = crawler
        self._uploader = Uploader(library, ingestor)

    async def create(
        self,
        url: str,
        *,
        title: str | None = None,
        tags: Sequence[str] | None = None,
        folder_id: str | None = None,
        auto_crawl: bool = True,
    ) -> CreateLinkResult:
        """Add a link and return at once; its page is fetched and read in the background.

        An address that is there already gives that link; where its page could not be had, it is fetched once more.
        Only pages of the public web are fetched.

        Args:
            title: Its title, instead of the page's own.
            tags: Up to 40.
            auto_crawl: Whether to fetch the page; else the link is found by its title and address alone.

        Raises:
            ValidationError: It is no web address or too long, or there are too many tags.
            LinkRefusedError: The address is not on the public web.
            ResourceNotFoundError: There is no such folder.
        """
        check_tags(tags or ())
        within("the title's length", len(title or ""), 0, MAX_TITLE)
        place = await self._uploader.place(folder_id, None)
        record = await self._crawler.accept(
            url, folder_path=place, tags=tuple(tags or ()), title=title or None, wanted=auto_crawl
        )
        if record.deduplicated and auto_crawl and _lacks_page(record):
            await self._crawler.want(record)
            record = (await self._link(record.id)).model_copy(update={"deduplicated": True})
        elif record.deduplicated:
            return created(record)
        await self._ingestor.take_up(record.id)
        return created(record)

    async def create_and_wait(
        self,
        url: str,
        *,
        title: str | None = None,
        tags: Sequence[str] | None = None,
        folder_id: str | None = None,
        timeout: float | None = None,
    ) -> LinkDetails:
        """Add a link and return when its page is searchable, or has failed. Raises as `create` and `wait_for_crawl`."""
        link = await self.create(url, title=title, tags=tags, folder_id=folder_id)
        return await self.wait_for_crawl(link.id, timeout=timeout)

    async def recrawl(self, link_id: str) -> RecrawlLinkResult:
        """Fetch a link's page again, in the background; id, title, tags and folder stay.

        If that fails the earlier page stays, and the details say why.

        Raises:
            ResourceNotFoundError: There is no such link.
            ValidationError: It is a saved page that does not say where it is from.
            LinkRefusedError: Its address is not on the public web.
        """
        record = await self._link(link_id)
        message = "It is being fetched already."
        if record.status not in (FileStatus.PENDING, FileStatus.PROCESSING):
            await self._crawler.want(record)
            record = await self._link(link_id)
            message = "It is fetched again."
        await self._ingestor.take_up(link_id)
        return RecrawlLinkResult(
            id=link_id, status=status_of(record).value, message=message, og_metadata=og_metadata(record)
        )

    async def wait_for_crawl(
        self, link_id: str, *, timeout: float | None = None, poll_interval: float | None = None
    ) -> LinkDetails:
        """Return when a link's page is searchable or has failed; nothing is polled, so `poll_interval` says nothing.

        Raises:
            ResourceNotFoundError: There is no such link.
            PinakesTimeoutError: It took longer than `timeout` seconds.
        """
        await self._link(link_id)
        try:
            [record] = await asyncio.wait_for(self._ingestor.wait([link_id]), timeout)
        except TimeoutError as error:
            raise PinakesTimeoutError(
                f"The page is still on its way after {timeout} seconds: wait longer.", link_id=link_id
            ) from error
        return details_of(record)

    async def get(self, link_id: str) -> LinkDetails:
        """Return all that is known of a link. Raises ResourceNotFoundError."""
        return details_of(await self._link(link_id))

    async def list(
        self,
        *,
        search: str | None = None,
        tags: Sequence[str] | None = None,
        folder_id: str | None = None,
        crawl_status: str | None = None,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        limit: int = 20,
        offset: int = 0,
        sort_by: str = "created_at",
        sort_order: str = "desc",
    ) -> LinkList:
        """Return a page of links.

        Args:
            search: Words as they stand in title, tags, file name or what a page says of itself.
            tags: All of them.
            date_from, date_to: When links were added; an upper date at midnight means that whole day.
            sort_by: created_at, updated_at, title or url; `sort_order` is asc or desc.

        Raises ValidationError.
        """
        within("limit", limit, 1, _READ_AT_ONCE)
        within("offset", offset, 0, 2**31)
        where = FileFilter(
            media_types=(MediaType.LINK,),
            words=search,
            tags=tuple(tags) if tags else None,
            folder_id=folder_id,
            added_from=date_from,
            added_to=date_to,
        )
        ordered = _ORDERS[one_of("sort_by", sort_by, tuple(_ORDERS))]
        order = ("-" if one_of("sort_order", sort_order, ("asc", "desc")) == "desc" else "") + ordered
        page = await self._page(where, crawl_status, limit, offset, order)
        links = tuple(map(item_of, page.items))
        return LinkList(links=links, total_count=page.total, has_more=offset + len(links) < page.total)

    async def list_all(
        self,
        *,
        search: str | None = None,
        tags: Sequence[str] | None = None,
        folder_id: str | None = None,
        crawl_status: str | None = None,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        sort_by: str = "created_at",
        sort_order: str = "desc",
        page_size: int = 50,
    ) -> AsyncIterator[LinkItem]:
        """Yield all links that fit the filters of `list`."""
        filters: dict[str, Any] = {
            "search": search,
            "tags": tags,
            "folder_id": folder_id,
            "crawl_status": crawl_status,
            "date_from": date_from,
            "date_to": date_to,
            "sort_by": sort_by,
            "sort_order": sort_order,
        }
        offset, has_more = 0, True
        while has_more:
            page = await self.list(limit=page_size, offset=offset, **filters)
            for link in page.links:
                yield link
            has_more, offset = page.has_more, offset + page_size

    async def update(
        self, link_id: str, *, title: str | None = None, tags: Sequence[str] | None = None
    ) -> LinkUpdateResult:
        """Give a link another title or other tags; new tags are journaled, so that `client.undo()` takes them back.

        Raises ResourceNotFoundError, ValidationError, ChangeError (a tag is no tag).
        """
        record = await self._link(link_id)
        check_tags(tags or ())
        if title is not None:
            within("the title's length", len(title), 0, MAX_TITLE)
            await self._library.catalog.set_title(link_id, title.strip() or None)
            await self._library.sync_index()
        if tags is not None:
            await retagged(self._library, record, tags)
        now = await self._link(link_id)
        return LinkUpdateResult(id=now.id, title=now.title, tags=now.tags, updated_at=now.updated_at)

    async def delete(self, link_id: str) -> LinkDeleteResult:
        """Remove a link from everything; `client.files.restore` brings it back for 30 days.

        Raises ResourceNotFoundError.
        """
        await self._link(link_id)
        await self._library.delete([link_id])
        message = "Deleted; it can be restored for 30 days."
        return LinkDeleteResult(id=link_id, deleted_at=datetime.now(UTC), message=message)

    async def batch_delete(self, link_ids: Sequence[str]) -> BatchDeleteFilesResponse:
        """Remove 1 to 100 links; those that are not there are skipped. Raises ValidationError."""
        found = await self._library.catalog.get_files(list(dict.fromkeys(link_ids)))
        others = {record.id for record in found if record.media_type is not MediaType.LINK}
        if others:
            raise ResourceNotFoundError(
                "Some of these files are no links: delete them with client.files.", file_ids=sorted(others)
            )
        return await delete_several(self._library, link_ids)

    async def _page(
        self, where: FileFilter, status: str | None, limit: int, offset: int, order: str
    ) -> FilePage:
        """Return a page of the catalog; by status all links are looked at: it depends on several things."""
        listed = self._library.catalog.list_files
        if status is None:
            return await listed(where, limit=limit, offset=offset, order=order)
        wanted = one_of("crawl_status", status, tuple(LinkCrawlStatus))
        found: list[FileRecord] = []
        start, total = 0, 1
        while start < total:
            page = await listed(where, limit=_READ_AT_ONCE, offset=start, order=order)
            found += [record for record in page.items if status_of(record) == wanted]
            start, total = start + _READ_AT_ONCE, page.total
        return FilePage(items=tuple(found[offset : offset + limit]), total=len(found))

    async def _link(self, link_id: str) -> FileRecord:
        record = await self._library.catalog.get_file(link_id)
        if record.media_type is not MediaType.LINK:
            raise ResourceNotFoundError(
                f"The file with this id is of kind {record.media_type}: ask client.files for it.",
                link_id=link_id,
            )
        return record


def _lacks_page(record: FileRecord) -> bool:
    """Return whether a link has come to rest without a page that can be read."""
    at_rest = record.status not in (FileStatus.PENDING, FileStatus.PROCESSING)
    return at_rest and (record.status is FileStatus.FAILED or record.content_type == ADDRESS_ALONE)
