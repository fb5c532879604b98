"""Choosing pictures to talk about."""

from __future__ import annotations

from collections.abc import AsyncIterator

from pinakes.client.thumbnails import SHOWN, thumbnail_url
from pinakes.core.chat import ImageReference
from pinakes.core.errors import ValidationError
from pinakes.core.files import FileFilter, FileStatus, MediaType
from pinakes.core.sessions import ChatImageList
from pinakes.library.library import Library
from pinakes.tools.search import FileMatch, search_images

MAX_IMAGES = 1000
MAX_FOUND = 500
MAX_QUERY = 2000
_PICTURES = FileFilter(media_types=(MediaType.IMAGE,), status=FileStatus.COMPLETED)


class ChatImages:
    """The part of `client.chats` that lists and finds the pictures that sessions can select."""

    _library: Library

    async def get_all_images(self, *, limit: int = 1000, offset: int = 0) -> ChatImageList:
        """Return a page of the pictures, newest first. Raises ValidationError for a limit out of 1 to 1,000."""
        _check_page(limit, MAX_IMAGES, offset)
        page = await self._library.catalog.list_files(
            _PICTURES, limit=limit, offset=offset, order="-created_at"
        )
        ids = tuple(file.id for file in page.items)
        return ChatImageList(image_ids=ids, total_count=page.total, has_more=offset + len(ids) < page.total)

    async def iter_all_images(self, *, page_size: int = 1000) -> AsyncIterator[str]:
        """Yield the ids of all pictures, newest first."""
        offset, more = 0, True
        while more:
            page = await self.get_all_images(limit=page_size, offset=offset)
            for image_id in page.image_ids:
                yield image_id
            offset, more = offset + len(page.image_ids), page.has_more

    async def search_images(self, query: str, *, limit: int = 50, offset: int = 0) -> list[ImageReference]:
        """Return pictures that match, best first; the first ones of a page with their thumbnails.

        Raises ValidationError: The query has not 1 to 2,000 characters, or the limit is out of 1 to 500.
        """
        if not query.strip() or len(query) > MAX_QUERY:
            raise ValidationError(f"Search with 1 to {MAX_QUERY:,} characters.", length=len(query))
        _check_page(limit, MAX_FOUND, offset)
        found = await search_images(self._library, query, where=_PICTURES, limit=offset + limit)
        return [await self._reference(match, place) for place, match in enumerate(found[offset:])]

    async def _reference(self, match: FileMatch, place: int) -> ImageReference:
        file, words = match.file, match.hits[0].chunk.text
        shown = await thumbnail_url(self._library.thumbnail(file.id)) if place < SHOWN else None
        described = file.description.text if file.description else ""
        return ImageReference(
            image_id=file.id,
            filename=file.filename,
            title=file.title,
            thumbnail_url=shown,
            description=described or " ".join(words.split())[:200] or None,
            confidence=round(match.score, 4),
        )


def _check_page(limit: int, most: int, offset: int) -> None:
    if not 1 <= limit <= most or offset < 0:
        raise ValidationError(f"Ask for 1 to {most:,} pictures from an offset of 0 or more.", limit=limit)
