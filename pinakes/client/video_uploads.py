"""`client.video_uploads`: videos whole, or part by part. Names follow the hosted SDK."""

from __future__ import annotations

import asyncio
import logging
import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pinakes.client.checks import one_of, within
from pinakes.client.video_analysis import ANALYSES, VideoAnalysisResource
from pinakes.client.video_parts import VideoUpload
from pinakes.client.video_results import uploaded, video
from pinakes.client.video_sessions import VideoPartsResource
from pinakes.core.errors import LibraryError, VideoUploadError
from pinakes.core.videos import (
    VideoAnalysisJobStatus,
    VideoAnalysisProgressEvent,
    VideoChunkProgressEvent,
    VideoUploadCompleteEvent,
    VideoUploadResult,
)
from pinakes.ingestion.admission import check_path
from pinakes.ingestion.ingestor import Ingestor
from pinakes.library.library import Library

_AT_ONCE = 3
_TYPES = {".m4v": "video/x-m4v", ".mov": "video/quicktime", ".webm": "video/webm", ".avi": "video/x-msvideo"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Wishes:
    """How videos are uploaded, and who is told of it."""

    title: str | None
    tags: Sequence[str] | None
    auto_analyze: bool
    wait: bool
    timeout: float | None
    analysis_type: str
    at_once: int
    retries: int
    on_chunk: Callable[[VideoChunkProgressEvent], None] | None
    on_complete: Callable[[VideoUploadCompleteEvent], None] | None
    on_analysis: Callable[[VideoAnalysisProgressEvent], None] | None


class VideoUploadsResource(VideoPartsResource):
    """Uploads of videos into one library."""

    def __init__(
        self, library: Library, ingestor: Ingestor, folder: Path, analysis: VideoAnalysisResource
    ) -> None:
        super().__init__(library, ingestor, folder)
        self._analysis = analysis

    async def upload_one(
        self,
        file: str | Path,
        *,
        title: str | None = None,
        tags: Sequence[str] | None = None,
        auto_analyze: bool = True,
        wait_for_analysis: bool = False,
        analysis_timeout: float | None = None,
        analysis_type: str = "full_vlm",
        max_chunk_concurrency: int | None = None,
        max_chunk_retries: int = 3,
        on_chunk_progress: Callable[[VideoChunkProgressEvent], None] | None = None,
        on_upload_complete: Callable[[VideoUploadCompleteEvent], None] | None = None,
        on_analysis_progress: Callable[[VideoAnalysisProgressEvent], None] | None = None,
        resume: str | None = None,
    ) -> VideoUploadResult:
        """Upload a video in parts and return when it is in the library.

        Args:
            wait_for_analysis: Return when it is searchable, or could not be read; `processing_status` says which.
            analysis_timeout: Seconds to wait for that.
            resume: The media id of an unfinished upload of the same file, which is gone on with.

        Raises:
            PathError, EmptyFileError, UnsupportedFileError, FileTooLargeError: Nothing was taken in.
            VideoUploadError: A part could not be written; go on with `resume=error.details["media_id"]`.
            PinakesTimeoutError: It is still being read.
            ValidationError, BatchLimitError: As for `initiate`.
        """
        wishes = _wishes(
            title,
            tags,
            auto_analyze,
            wait_for_analysis,
            analysis_timeout,
            analysis_type,
            max_chunk_concurrency,
            max_chunk_retries,
            on_chunk_progress,
            on_upload_complete,
            on_analysis_progress,
        )
        return await self._one(Path(file), wishes, resume)

    async def upload(
        self,
        files: str | Path | Sequence[str | Path],
        *,
        title: str | None = None,
        tags: Sequence[str] | None = None,
        auto_analyze: bool = True,
        wait_for_analysis: bool = False,
        analysis_timeout: float | None = None,
        analysis_type: str = "full_vlm",
        max_chunk_concurrency: int | None = None,
        max_chunk_retries: int = 3,
        on_chunk_progress: Callable[[VideoChunkProgressEvent], None] | None = None,
        on_upload_complete: Callable[[VideoUploadCompleteEvent], None] | None = None,
        on_analysis_progress: Callable[[VideoAnalysisProgressEvent], None] | None = None,
    ) -> list[VideoUploadResult]:
        """Upload one or several videos, one after the other; see `upload_one`. One that fails ends it."""
        wishes = _wishes(
            title,
            tags,
            auto_analyze,
            wait_for_analysis,
            analysis_timeout,
            analysis_type,
            max_chunk_concurrency,
            max_chunk_retries,
            on_chunk_progress,
            on_upload_complete,
            on_analysis_progress,
        )
        paths = [files] if isinstance(files, (str, Path)) else list(files)
        return [await self._one(Path(path), wishes, None) for path in paths]

    async def _one(self, path: Path, wishes: _Wishes, resume: str | None) -> VideoUploadResult:
        path = await asyncio.to_thread(path.expanduser)
        await asyncio.to_thread(check_path, path)
        upload = await self._resumable(resume, path) if resume else await self._begun(path, wishes)
        await self._all_sent(path, upload, wishes)
        result = await self.complete(
            upload.media_id,
            upload.upload_id,
            auto_analyze=wishes.auto_analyze,
            analysis_type=wishes.analysis_type,
        )
        _tell(wishes.on_complete, VideoUploadCompleteEvent(media_id=result.media_id, result=result))
        return await self._awaited(result, wishes) if wishes.wait and wishes.auto_analyze else result

    async def _begun(self, path: Path, wishes: _Wishes) -> VideoUpload:
        kind = _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "video/mp4"
        size = (await asyncio.to_thread(path.stat)).st_size
        kind = kind if kind.startswith("video/") else "video/mp4"
        session = await self.initiate(path.name, kind, size, title=wishes.title, tags=wishes.tags)
        return await asyncio.to_thread(self._parts.find, session.media_id)

    async def _all_sent(self, path: Path, upload: VideoUpload, wishes: _Wishes) -> None:
        gate = asyncio.Semaphore(wishes.at_once)
        try:
            async with asyncio.TaskGroup() as group:
                for number in upload.missing:
                    group.create_task(self._sent(path, upload, number, wishes, gate))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed

    async def _sent(
        self, path: Path, upload: VideoUpload, number: int, wishes: _Wishes, gate: asyncio.Semaphore
    ) -> None:
        """Write and confirm one part, again where that fails."""
        async with gate:
            for left in reversed(range(wishes.retries + 1)):
                try:
                    await self._send(path, upload, number)
                    break
                except (VideoUploadError, OSError) as error:
                    if not left:
                        raise _failed(upload, number, error) from error
                    await self.retry_chunk(upload.media_id, upload.upload_id, number)
        known = await asyncio.to_thread(self._parts.find, upload.media_id)
        event = VideoChunkProgressEvent(
            chunk_number=number,
            total_chunks=known.total,
            bytes_uploaded=known.bytes_done,
            total_bytes=known.size_bytes,
            media_id=known.media_id,
            filename=known.filename,
        )
        _tell(wishes.on_chunk, event)

    async def _send(self, path: Path, upload: VideoUpload, number: int) -> None:
        size = upload.size_of(number)
        content = await asyncio.to_thread(_read, path, (number - 1) * upload.chunk_bytes, size)
        etag = await self.upload_chunk(upload.media_id, upload.upload_id, number, content)
        await self.confirm_chunk(upload.media_id, upload.upload_id, number, etag, size)

    async def _awaited(self, result: VideoUploadResult, wishes: _Wishes) -> VideoUploadResult:
        def tell(status: VideoAnalysisJobStatus) -> None:
            _tell(wishes.on_analysis, VideoAnalysisProgressEvent(job_status=status))

        await self._analysis.wait_for_completion(result.media_id, timeout=wishes.timeout, on_progress=tell)
        now = await video(self._library, result.media_id)
        return await uploaded(self._library, now.model_copy(update={"deduplicated": result.deduplicated}))


def _wishes(
    title: str | None,
    tags: Sequence[str] | None,
    auto_analyze: bool,
    wait: bool,
    timeout: float | None,
    analysis_type: str,
    at_once: int | None,
    retries: int,
    *listeners: Any,
) -> _Wishes:
    """Return what was asked for. Raises ValidationError."""
    one_of("analysis_type", analysis_type, ANALYSES)
    within("max_chunk_concurrency", at_once if at_once is not None else _AT_ONCE, 1, 64)
    within("max_chunk_retries", retries, 0, 9)
    return _Wishes(
        title, tags, auto_analyze, wait, timeout, analysis_type, at_once or _AT_ONCE, retries, *listeners
    )


def _read(path: Path, start: int, size: int) -> bytes:
    with path.open("rb") as source:
        source.seek(start)
        return source.read(size)


def _failed(upload: VideoUpload, number: int, error: Exception) -> Exception:
    if isinstance(error, OSError):
        return LibraryError(
            f"Part {number} of {upload.filename} could not be written ({error.strerror}): check the disk's space.",
            media_id=upload.media_id,
        )
    return error


def _tell(listener: Callable[[Any], None] | None, event: Any) -> None:
    if listener is None:
        return
    try:
        listener(event)
    except Exception:  # a broken progress bar must not lose a video
        _log.exception("a listener of an upload failed")
