"""Small pictures inside results, so that notebooks show them without a server."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Iterable

from pinakes.core.chat import ChatResponse, ImageReference
from pinakes.core.errors import ResourceNotFoundError
from pinakes.library.library import Library

SHOWN = 12
"""Pictures of one answer that carry their thumbnail; the rest are named."""


def data_url(picture: bytes) -> str:
    """Return a JPEG as a data URL."""
    return f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"


async def thumbnail_url(loading: Awaitable[bytes | None]) -> str | None:
    """Return a thumbnail as a data URL; None where there is none, or it is gone."""
    try:
        picture = await loading
    except ResourceNotFoundError:
        return None
    return data_url(picture) if picture else None


async def illustrated(library: Library, response: ChatResponse) -> ChatResponse:
    """Return the answer with thumbnails in its first pictures."""
    if not response.images:
        return response
    first = [await _illustrated(library, image) for image in response.images[:SHOWN]]
    return response.model_copy(update={"images": [*first, *response.images[SHOWN:]]})


async def _illustrated(library: Library, image: ImageReference) -> ImageReference:
    url = await thumbnail_url(library.thumbnail(image.image_id))
    return image.model_copy(update={"thumbnail_url": url})


async def thumbnails(library: Library, images: Iterable[ImageReference]) -> dict[str, str]:
    """Return the thumbnails of pictures as data URLs by file; those that are gone are left out."""
    loaded = {id: await thumbnail_url(library.thumbnail(id)) for id in {i.image_id: i for i in images}}
    return {image_id: url for image_id, url in loaded.items() if url}
