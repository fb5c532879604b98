"""Pictures of the library made ready for a model: upright, small, JPEG."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from pinakes.core.files import FileRecord
from pinakes.core.prompts import Picture
from pinakes.library.library import Library

_QUALITY = 85
_TILE, _TILE_TOKENS, _BASE_TOKENS = 512, 170, 85
_SHORT_SIDE = 768


@dataclass(frozen=True)
class Closeness:
    """How closely a model looks.

    Attributes:
        side: Longer side of the pictures it gets, in pixels.
        batch: Pictures in one call.
        most: Pictures that one step looks at.
    """

    side: int
    batch: int
    most: int
    detail: Literal["auto", "high"] = "auto"


NORMAL = Closeness(side=768, batch=6, most=24)
CLOSE = Closeness(side=1536, batch=3, most=12, detail="high")


async def picture_of(library: Library, file: FileRecord, picture_id: str, look: Closeness) -> Picture:
    """Return a picture of the library for a model.

    Raises CorruptFileError, FileTooLargeError, LibraryError, ResourceNotFoundError.
    """
    path = await library.blobs.local_path(file.sha256)
    return await asyncio.to_thread(_opened, path, picture_id, look)


async def frame_of(
    library: Library, file: FileRecord, second: float, picture_id: str, look: Closeness
) -> Picture:
    """Return the frame that a video shows at a second for a model. Raises as `picture_of`, UnsupportedFileError."""
    path = await library.blobs.local_path(file.sha256)
    return await asyncio.to_thread(_frame, path, second, picture_id, look)


def encoded(pixels: Any, side: int) -> bytes:
    """Return a Pillow picture as JPEG whose longer side has at most so many pixels."""
    small = pixels.convert("RGB")
    small.thumbnail((side, side))
    buffer = BytesIO()
    small.save(buffer, "JPEG", quality=_QUALITY, optimize=True)
    return buffer.getvalue()


def picture_tokens(width: int, height: int, side: int) -> int:
    """Return about how many tokens a picture takes, sent with a longer side of at most so many pixels.

    The count of tiles that OpenAI publishes; other models differ by a factor of two or so.
    """
    longest, shortest = max(width, height, 1), max(min(width, height), 1)
    scale = min(1.0, side / longest)
    scale = min(scale, _SHORT_SIDE / shortest)
    across, down = (max(1, math.ceil(n * scale / _TILE)) for n in (longest, shortest))
    return _BASE_TOKENS + _TILE_TOKENS * across * down


def _opened(path: Path, picture_id: str, look: Closeness) -> Picture:
    from pinakes.ingestion.pictures.decode import frame

    return Picture(id=picture_id, content=encoded(frame(path).pixels, look.side), detail=look.detail)


def _frame(path: Path, second: float, picture_id: str, look: Closeness) -> Picture:
    from pinakes.ingestion.videos.container import picture_at

    _, pixels = picture_at(path, second)
    return Picture(id=picture_id, content=encoded(pixels, look.side), detail=look.detail)
