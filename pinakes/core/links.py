"""What `client.links` answers. Names and fields follow the hosted SDK; ours come last."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from pinakes.core.display import bundle, table_html
from pinakes.core.files import FileRecord, FileStatus
from pinakes.core.listing import Listing
from pinakes.core.value import Value

ADDRESS_ALONE = "text/uri-list"
"""The content type of a link whose page is not here."""


class LinkCrawlStatus(StrEnum):
    """How far fetching and reading a link's page came."""

    PENDING = "pending"  # it is not to be fetched, until somebody asks for it
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


class LinkOGMetadata(Value):
    """What a page says of itself to those who link to it."""

    title: str | None = None
    description: str | None = None
    image_url: str | None = None
    site_name: str | None = None
    type: str | None = None
    locale: str | None = None


class CreateLinkResult(Value):
    """A link that was added; `is_duplicate` where its address was known already."""

    id: str
    url: str
    domain: str
    crawl_status: str
    title: str | None = None
    tags: list[str] | None = None
    folder_id: str | None = None
    og_metadata: LinkOGMetadata | None = None
    created_at: datetime | None = None
    is_duplicate: bool = False


class RecrawlLinkResult(Value):
    """That a page is fetched again."""

    id: str
    status: str
    message: str
    og_metadata: LinkOGMetadata | None = None
    next_allowed_recrawl: datetime | None = None


class LinkItem(Value):
    """One link in a listing."""

    id: str
    url: str
    domain: str
    title: str | None = None
    tags: list[str] | None = None
    folder_id: str | None = None
    crawl_status: str | None = None
    og_metadata: LinkOGMetadata | None = None
    favicon_url: str | None = None
    created_at: datetime | None = None


class LinkDetails(LinkItem):
    """All that is known of a link.

    A page that could not be fetched again is `failed` with its `crawl_error`; what was fetched at `crawled_at` stays.
    """

    crawl_error: str | None = None
    crawled_at: datetime | None = None
    extracted_images: list[dict[str, Any]] | None = None
    extracted_images_count: int | None = None
    updated_at: datetime | None = None
    final_url: str | None = None
    filename: str = ""
    folder_path: str = ""
    crawl_error_code: str | None = None
    authors: list[str] = Field(default_factory=list)
    published_at: datetime | None = None

    @property
    def is_crawl_complete(self) -> bool:
        """Whether the page is searchable as it was fetched last."""
        return self.crawl_status == LinkCrawlStatus.COMPLETED

    @property
    def is_crawl_failed(self) -> bool:
        """Whether the page could not be fetched or read."""
        return self.crawl_status == LinkCrawlStatus.FAILED

    @property
    def is_crawling(self) -> bool:
        """Whether the page is on its way."""
        return self.crawl_status in (LinkCrawlStatus.QUEUED, LinkCrawlStatus.PROCESSING)


class LinkList(Listing):
    """A page of links."""

    links: list[LinkItem]
    total_count: int
    has_more: bool = False

    @property
    def items(self) -> list[LinkItem]:
        """The links."""
        return self.links

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [(link.title, link.url, link.crawl_status) for link in self.links]
        return bundle(
            f"{len(self.links)} of {self.total_count} links", table_html(("title", "address", "status"), rows)
        )


class LinkUpdateResult(Value):
    """A link's title and tags as they are now."""

    id: str
    title: str | None = None
    tags: list[str] | None = None
    updated_at: datetime | None = None


class LinkDeleteResult(Value):
    """That a link was deleted; it can be restored for 30 days."""

    id: str
    deleted_at: datetime | None = None
    message: str = ""


def crawl_status(record: FileRecord) -> LinkCrawlStatus:
    """Return how far fetching and reading a link's page came."""
    crawl = record.link.crawl if record.link else None
    if record.status is FileStatus.PENDING:
        return LinkCrawlStatus.QUEUED if crawl is None or crawl.wanted else LinkCrawlStatus.PENDING
    if record.status is FileStatus.PROCESSING:
        return LinkCrawlStatus.PROCESSING
    if record.status is FileStatus.FAILED or (crawl and crawl.error):
        return LinkCrawlStatus.FAILED
    return LinkCrawlStatus.PENDING if record.content_type == ADDRESS_ALONE else LinkCrawlStatus.COMPLETED
