"""Small pictures inside results, so that notebooks show them without a server."""

from __future__ import annotations

import base64

from pinakes.core.chat import ChatResponse, ImageReference
from pinakes.core.errors import ResourceNotFoundError
from pinakes.library.library import Library

SHOWN = 12
"""Pictures of one answer that carry their thumbnail; the rest are named."""


def data_url(picture: bytes) -> str:
    """Return a JPEG as a data URL."""
    return f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"


async def thumbnail_url(library: Library, file_id: str) -> str | None:
    """Return a file's thumbnail as a data URL, None where it has none or is gone."""
    try:
        picture = await library.thumbnail(file_id)
    except ResourceNotFoundError:
        return None
    return data_url(picture) if picture else None


async def illustrated(library: Library, response: ChatResponse) -> ChatResponse:
    """Return the answer with thumbnails in its first pictures."""
    if not response.images:
        return response
    first = [await _illustrated(library, image) for image in response.images[:SHOWN]]
    return response.model_copy(update={"images": (*first, *response.images[SHOWN:])})


async def _illustrated(library: Library, image: ImageReference) -> ImageReference:
    return image.model_copy(update={"thumbnail_url": await thumbnail_url(library, image.image_id)})
