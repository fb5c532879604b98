"""Uploads of videos step by step, which can be interrupted and gone on with. Names follow the hosted SDK."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from pinakes.client.checks import one_of, within
from pinakes.client.video_analysis import ANALYSES, PRIORITIES
from pinakes.client.video_parts import MAX_RETRIES, VideoParts, VideoUpload
from pinakes.client.video_results import uploaded
from pinakes.core.batches import Intake
from pinakes.core.errors import (
    DocumentProcessingError,
    FileTooLargeError,
    UnsupportedFileError,
    ValidationError,
    VideoUploadError,
)
from pinakes.core.files import FileRecord, MediaType
from pinakes.core.ids import new_id
from pinakes.core.videos import (
    BatchVideoUploadSession,
    ChunkConfirmResult,
    ChunkRetryResult,
    VideoAbortResult,
    VideoUploadProgress,
    VideoUploadResult,
    VideoUploadSession,
    VideoUploadStatus,
)
from pinakes.ingestion.admission import MAX_VIDEO_BYTES, detect_sized
from pinakes.ingestion.ingestor import Ingestor
from pinakes.library.library import Library

ENDINGS = (".mp4", ".mov", ".m4v", ".webm", ".avi")
MAX_BATCH = 10
MAX_TAGS = 40
_ANNOUNCED = frozenset({"filename", "content_type", "size_bytes", "title", "tags", "metadata"})


class VideoPartsResource:
    """Uploads of videos step by step: begin, write each part to its address, confirm it, complete."""

    def __init__(self, library: Library, ingestor: Ingestor, folder: Path) -> None:
        self._library = library
        self._ingestor = ingestor
        self._parts = VideoParts(folder)
        self._writing = asyncio.Lock()

    async def initiate(
        self,
        filename: str,
        content_type: str,
        size_bytes: int,
        *,
        title: str | None = None,
        tags: Sequence[str] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> VideoUploadSession:
        """Begin an upload and return where each part is to be written, within a day.

        Raises:
            ValidationError: The name, the kind, the title or the tags are outside their limits.
            UnsupportedFileError: The name ends in none of mp4, mov, m4v, webm, avi.
            FileTooLargeError: The video has more than 2 GB.
            BatchLimitError: 200 uploads are unfinished.
        """
        _check(filename, content_type, size_bytes, title, tags or ())
        async with self._writing:
            upload = await asyncio.to_thread(
                self._parts.begin,
                filename,
                content_type,
                size_bytes,
                title=title,
                tags=tuple(tags or ()),
                metadata=dict(metadata or {}),
            )
        return self._parts.session(upload)

    async def batch_initiate(
        self,
        videos: Sequence[Mapping[str, Any]],
        *,
        auto_process: bool = True,
        processing_priority: str = "normal",
    ) -> BatchVideoUploadSession:
        """Begin 1 to 10 uploads at once, each with `filename`, `content_type`, `size_bytes` and what `initiate` takes.

        `auto_process` and the priority are for servers: here each upload is completed, and read, for itself.

        Raises as `initiate`; nothing was begun then.
        """
        within("the number of videos", len(videos), 1, MAX_BATCH)
        one_of("processing_priority", processing_priority, PRIORITIES)
        announced = [_announced(video) for video in videos]
        sessions = [await self.initiate(**video) for video in announced]
        return BatchVideoUploadSession(
            batch_id=new_id(),
            videos=tuple(sessions),
            total_videos=len(sessions),
            total_size_bytes=sum(video["size_bytes"] for video in announced),
            processing_priority=processing_priority,
        )

    async def upload_chunk(self, media_id: str, upload_id: str, chunk_number: int, content: bytes) -> str:
        """Write a part and return its etag, for `confirm_chunk`; or write the file at its address yourself.

        Raises ResourceNotFoundError, VideoUploadError.
        """
        upload = await asyncio.to_thread(self._parts.open, media_id, upload_id)
        return await asyncio.to_thread(self._parts.put, upload, chunk_number, content)

    async def confirm_chunk(
        self, media_id: str, upload_id: str, chunk_number: int, etag: str, size_bytes: int
    ) -> ChunkConfirmResult:
        """Say that a part was written; confirmed again, nothing changes.

        Args:
            etag: The MD5 or SHA-256 of the part in hex, with or without quotes.

        Raises:
            ResourceNotFoundError: There is no such upload.
            VideoUploadError: What was written is not that, or the upload has ended.
        """
        async with self._writing:
            upload = await asyncio.to_thread(
                self._parts.confirm, media_id, upload_id, chunk_number, etag, size_bytes
            )
        return ChunkConfirmResult(
            chunk_number=chunk_number,
            status="completed",
            chunks_completed=len(upload.done),
            total_chunks=upload.total,
            progress_percent=100.0 * upload.bytes_done / upload.size_bytes,
        )

    async def retry_chunk(self, media_id: str, upload_id: str, chunk_number: int) -> ChunkRetryResult:
        """Drop what came of a part and return where to write it once more. Raises as `confirm_chunk`."""
        async with self._writing:
            upload = await asyncio.to_thread(self._parts.again, media_id, upload_id, chunk_number)
        return ChunkRetryResult(
            chunk_number=chunk_number,
            upload_url=self._parts.part(upload, chunk_number).as_uri(),
            expires_at=upload.expires_at,
            retry_attempt=upload.retries[chunk_number],
            max_retries=MAX_RETRIES,
        )

    async def get_progress(self, media_id: str) -> VideoUploadProgress:
        """Return how much of a video has come, also after a restart. Raises ResourceNotFoundError."""
        upload = await asyncio.to_thread(self._parts.find, media_id)
        ended = upload.status is VideoUploadStatus.COMPLETED
        bytes_done = upload.size_bytes if ended else upload.bytes_done
        return VideoUploadProgress(
            media_id=media_id,
            upload_id=upload.upload_id,
            status=upload.status.value,
            chunks_completed=len(upload.done),
            total_chunks=upload.total,
            bytes_uploaded=bytes_done,
            total_bytes=upload.size_bytes,
            progress_percent=100.0 * bytes_done / upload.size_bytes,
            failed_chunks=tuple(n for n in upload.missing if n in upload.retries),
            missing_chunks=upload.missing,
        )

    async def abort(self, media_id: str, upload_id: str, *, reason: str | None = None) -> VideoAbortResult:
        """Give an upload up and remove its parts. Raises ResourceNotFoundError, VideoUploadError (it has ended)."""
        async with self._writing:
            upload = await asyncio.to_thread(self._parts.open, media_id, upload_id)
            known = {**upload.metadata, **({"aborted_because": reason} if reason else {})}
            upload = upload.with_(status=VideoUploadStatus.ABORTED, metadata=known)
            removed = await asyncio.to_thread(self._parts.end, upload)
        return VideoAbortResult(
            media_id=media_id, status=upload.status.value, cleaned_up=True, chunks_removed=removed
        )

    async def complete(
        self,
        media_id: str,
        upload_id: str,
        *,
        duration_seconds: float | None = None,
        duration_extraction_failed: bool | None = None,
        auto_analyze: bool = True,
        analysis_type: str = "full_vlm",
        title: str | None = None,
        tags: Sequence[str] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> VideoUploadResult:
        """Put the parts together and take the video in; completed again, it is the same video.

        A video that the library has already is that one, under its own id, with `deduplicated`.

        Args:
            duration_seconds, duration_extraction_failed: Measured anyway.
            auto_analyze: Whether to read it now; else when `video_analysis.queue` asks for it, or at the next opening.
            title, tags: Instead of those it was begun with.

        Raises:
            ResourceNotFoundError: There is no such upload.
            VideoUploadError: Parts are missing, or the upload has ended.
            UnsupportedFileError, FileTooLargeError: It is no video, or no reader is installed for it.
        """
        one_of("analysis_type", analysis_type, ANALYSES)
        _check_words(title, tags or ())
        async with self._writing:
            known = await asyncio.to_thread(self._parts.find, media_id)
            if known.upload_id == upload_id and known.file_id is not None:
                record = await self._library.catalog.get_file(known.file_id)
                return await uploaded(self._library, record, analyzed=auto_analyze)
            upload = await asyncio.to_thread(self._parts.open, media_id, upload_id)
            upload = upload.with_(
                title=title or upload.title,
                tags=tuple(tags) if tags is not None else upload.tags,
                metadata={**upload.metadata, **(metadata or {})},
            )
            record = await self._taken(upload)
        if auto_analyze:
            await self._ingestor.take_up(record.id)
        return await uploaded(self._library, record, analyzed=auto_analyze)

    async def _taken(self, upload: VideoUpload) -> FileRecord:
        """Return the record that the parts become; whatever comes of it, the parts go."""
        path = await asyncio.to_thread(self._parts.whole, upload)
        try:
            record = await self._accepted(path, upload)
        except DocumentProcessingError as error:
            failed = upload.with_(
                status=VideoUploadStatus.FAILED, metadata={**upload.metadata, "error": error.message}
            )
            await asyncio.to_thread(self._parts.end, failed)
            raise
        done = upload.with_(status=VideoUploadStatus.COMPLETED, file_id=record.id)
        await asyncio.to_thread(self._parts.end, done)
        return record

    async def _accepted(self, path: Path, upload: VideoUpload) -> FileRecord:
        found = await asyncio.to_thread(detect_sized, path, upload.filename)
        if found.media_type is not MediaType.VIDEO:
            raise UnsupportedFileError(
                f"{upload.filename} is {found.content_type}, no video: upload it with client.files.",
                filename=upload.filename,
                content_type=found.content_type,
            )
        return await self._library.accept_path(
            path,
            content_type=found.content_type,
            media_type=found.media_type,
            filename=upload.filename,
            tags=upload.tags,
            title=upload.title,
            source=upload.filename,
            intake=Intake(file_id=upload.media_id),
        )

    async def _resumable(self, media_id: str, path: Path) -> VideoUpload:
        """Return an unfinished upload that this file can go on with. Raises ResourceNotFoundError, VideoUploadError."""
        known = await asyncio.to_thread(self._parts.find, media_id)
        upload = await asyncio.to_thread(self._parts.open, media_id, known.upload_id)
        size = (await asyncio.to_thread(path.stat)).st_size
        if (upload.filename, upload.size_bytes) != (path.name, size):
            raise VideoUploadError(
                f"This upload is of {upload.filename} with {upload.size_bytes:,} bytes: give that file.",
                media_id=media_id,
            )
        return upload


def _announced(video: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(video) - _ANNOUNCED)
    lacking = [name for name in ("filename", "content_type", "size_bytes") if name not in video]
    if unknown or lacking:
        raise ValidationError(
            "A video of a batch has filename, content_type, size_bytes, and may have title, tags, metadata.",
            unknown=unknown,
            missing=lacking,
        )
    known = dict(video)
    _check(
        known["filename"],
        known["content_type"],
        known["size_bytes"],
        known.get("title"),
        known.get("tags") or (),
    )
    return known


def _check(filename: str, content_type: str, size_bytes: int, title: str | None, tags: Sequence[str]) -> None:
    if not 1 <= len(filename) <= 255 or "/" in filename or "\\" in filename:
        raise ValidationError(
            "A video's name has 1 to 255 characters and no slashes.", filename=filename[:300]
        )
    if PurePath(filename).suffix.lower() not in ENDINGS:
        kinds = ", ".join(ending[1:] for ending in ENDINGS)
        raise UnsupportedFileError(f"Videos are {kinds}: convert this one.", filename=filename)
    if not content_type.startswith("video/"):
        raise ValidationError("A video's content type begins with video/.", content_type=content_type[:100])
    within("size_bytes", size_bytes, 1, 2**63)
    if size_bytes > MAX_VIDEO_BYTES:
        raise FileTooLargeError(
            f"{filename} has {size_bytes / 1e6:,.0f} MB; videos may have up to 2,000 MB: split it.",
            size_bytes=size_bytes,
            limit_bytes=MAX_VIDEO_BYTES,
        )
    _check_words(title, tags)


def _check_words(title: str | None, tags: Sequence[str]) -> None:
    within("the title's length", len(title or ""), 0, 255)
    within("the number of tags", len(tags), 0, MAX_TAGS)
