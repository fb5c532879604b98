"""Records of links as `client.links` answers them."""

from __future__ import annotations

from typing import Any

from pinakes.core.files import Crawl, FileRecord, LinkFacts
from pinakes.core.links import (
    ADDRESS_ALONE,
    CreateLinkResult,
    LinkDetails,
    LinkItem,
    LinkOGMetadata,
    crawl_status,
)

_NOTHING = LinkFacts()


def created(record: FileRecord) -> CreateLinkResult:
    """Return what adding a link answers."""
    return CreateLinkResult(**_shared(record), is_duplicate=record.deduplicated)


def item_of(record: FileRecord) -> LinkItem:
    """Return a link's entry in a listing."""
    return LinkItem(**_shared(record), favicon_url=(record.link or _NOTHING).icon)


def details_of(record: FileRecord) -> LinkDetails:
    """Return all that is known of a link."""
    link, crawl = record.link or _NOTHING, _crawl(record)
    pictures = tuple(picture.model_dump() for picture in link.pictures)
    here = record.content_type != ADDRESS_ALONE
    failure = record.failure
    return LinkDetails(
        **_shared(record),
        favicon_url=link.icon,
        crawl_error=failure.message if failure else crawl.error,
        crawl_error_code=failure.code if failure else crawl.error_code,
        crawled_at=crawl.fetched_at,
        extracted_images=pictures if here else None,
        extracted_images_count=len(pictures) if here else None,
        updated_at=record.updated_at,
        final_url=crawl.final_url,
        filename=record.filename,
        folder_path=record.folder_path,
        authors=link.authors,
        published_at=link.published_at,
    )


def og_metadata(record: FileRecord) -> LinkOGMetadata | None:
    """Return what a link's page says of itself, None before it was read."""
    link = record.link or _NOTHING
    found = LinkOGMetadata(
        title=link.title,
        description=link.description,
        image_url=link.picture,
        site_name=link.site,
        type=link.kind,
        locale=link.locale,
    )
    return found if found != LinkOGMetadata() else None


def _shared(record: FileRecord) -> dict[str, Any]:
    link = record.link or _NOTHING
    return {
        "id": record.id,
        "url": link.url or record.source or "",
        "domain": link.domain or "",
        "title": record.title,
        "tags": record.tags or None,
        "folder_id": record.folder_id,
        "crawl_status": crawl_status(record).value,
        "og_metadata": og_metadata(record),
        "created_at": record.created_at,
    }


def _crawl(record: FileRecord) -> Crawl:
    return (record.link.crawl if record.link else None) or Crawl()
