"""Frames of videos as pictures, decoded when they are asked for."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path

from pinakes.core.errors import UnsupportedFileError
from pinakes.core.files import MediaType
from pinakes.library.library import Library


async def frame(library: Library, file_id: str, second: float) -> bytes:
    """Return the frame that a video shows at a second as JPEG, upright and full size; past the end the last one.

    Raises ResourceNotFoundError, UnsupportedFileError (no video, or PyAV is missing), CorruptFileError.
    """
    record = await library.catalog.get_file(file_id)
    if record.media_type is not MediaType.VIDEO:
        raise UnsupportedFileError(f"{record.filename} is no video: only videos have frames.", id=file_id)
    path = await library.blobs.local_path(record.sha256)
    return await asyncio.to_thread(_jpeg, path, max(0.0, second))


def _jpeg(path: Path, second: float) -> bytes:
    from pinakes.ingestion.videos.container import picture_at

    _, picture = picture_at(path, second)
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
