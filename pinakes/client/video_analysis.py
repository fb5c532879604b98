"""`client.video_analysis`: reading videos: scenes, key frames, the text on them. Names follow the hosted SDK."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pinakes.client.checks import one_of
from pinakes.client.video_results import MAX_RETRIES, job_of, video
from pinakes.core.errors import PinakesTimeoutError, VideoAnalysisError
from pinakes.core.files import FileRecord, FileStatus
from pinakes.core.videos import (
    VideoAnalysisJobStatus,
    VideoAnalysisQueueResult,
    VideoAnalysisRetryResult,
    VideoAnalysisStatus,
)
from pinakes.ingestion.ingestor import Ingestor
from pinakes.library.library import Library

ANALYSES = ("full_vlm", "frame_sample", "scene_detection", "transcript")
PRIORITIES = ("low", "normal", "high")
_LOOK_SECONDS = 0.1
_UNSETTLED = (FileStatus.PENDING, FileStatus.PROCESSING)


class VideoAnalysisResource:
    """Reading the videos of one library; a video has one job, whose id is the video's."""

    def __init__(self, library: Library, ingestor: Ingestor) -> None:
        self._library = library
        self._ingestor = ingestor

    async def get_status(self, analysis_job_id: str) -> VideoAnalysisJobStatus:
        """Return how far a job came. Raises ResourceNotFoundError."""
        record = await video(self._library, analysis_job_id)
        return job_of(record, await self._retries(record.id))

    async def get_status_by_media(self, media_id: str) -> VideoAnalysisJobStatus:
        """Return how far reading a video came. Raises ResourceNotFoundError."""
        return await self.get_status(media_id)

    async def queue(
        self, media_id: str, *, analysis_type: str = "full_vlm", priority: str = "normal"
    ) -> VideoAnalysisQueueResult:
        """Have a video read, also one that was read before; videos are read in the order in which they are asked for.

        Args:
            analysis_type: full_vlm, frame_sample, scene_detection or transcript: all of it is always done that is
                possible without a model.
            priority: low, normal or high: noted and without effect, where nobody else's videos wait.

        Raises ResourceNotFoundError, ValidationError.
        """
        one_of("analysis_type", analysis_type, ANALYSES)
        one_of("priority", priority, PRIORITIES)
        record = await video(self._library, media_id)
        message = "It is being read already."
        if record.status not in _UNSETTLED:
            await self._library.catalog.set_pending(media_id)
            message = "It is read."
        waiting = await self._library.catalog.unfinished()
        await self._ingestor.take_up(media_id)
        place = waiting.index(media_id) if media_id in waiting else 0
        return VideoAnalysisQueueResult(
            analysis_job_id=media_id, media_id=media_id, queue_position=place, message=message
        )

    async def retry(
        self, analysis_job_id: str, media_id: str, *, reason: str | None = None
    ) -> VideoAnalysisRetryResult:
        """Read a video once more that could not be read, up to three times.

        Raises:
            ResourceNotFoundError: There is no such video.
            VideoAnalysisError: The job is another video's, has not failed, or was tried three times.
        """
        record = await video(self._library, media_id)
        tried = await self._retries(media_id)
        self._check_retry(record, analysis_job_id, tried)
        await self._library.catalog.set_value(_key(media_id), str(tried + 1))
        await self._library.catalog.set_pending(media_id)
        await self._ingestor.take_up(media_id)
        return VideoAnalysisRetryResult(
            analysis_job_id=media_id,
            media_id=media_id,
            status=VideoAnalysisStatus.PENDING.value,
            retry_count=tried + 1,
            max_retries=MAX_RETRIES,
            message=f"It is read once more{f': {reason}' if reason else '.'}",
        )

    async def wait_for_completion(
        self,
        analysis_job_id: str,
        *,
        timeout: float | None = None,
        on_progress: Callable[[VideoAnalysisJobStatus], None] | None = None,
    ) -> VideoAnalysisJobStatus:
        """Return when a video is searchable or could not be read; `on_progress` is told of every step.

        Raises:
            ResourceNotFoundError: There is no such job.
            PinakesTimeoutError: It took longer than `timeout` seconds.
        """
        try:
            async with asyncio.timeout(timeout):
                return await self._followed(analysis_job_id, on_progress)
        except TimeoutError as error:
            raise PinakesTimeoutError(
                f"The video is still being read after {timeout} seconds: wait longer.",
                analysis_job_id=analysis_job_id,
            ) from error

    async def _followed(
        self, job_id: str, on_progress: Callable[[VideoAnalysisJobStatus], None] | None
    ) -> VideoAnalysisJobStatus:
        waiting = asyncio.create_task(self._ingestor.wait([job_id]))
        told: VideoAnalysisJobStatus | None = None
        try:
            while True:
                ended, _ = await asyncio.wait([waiting], timeout=_LOOK_SECONDS if on_progress else None)
                if ended:
                    waiting.result()
                status = await self.get_status(job_id)
                if on_progress is not None and (told is None or told.status != status.status):
                    on_progress(status)
                    told = status
                if ended:
                    return status
        finally:
            waiting.cancel()

    def _check_retry(self, record: FileRecord, job_id: str, tried: int) -> None:
        if job_id != record.id:
            raise VideoAnalysisError(
                "This job is not the video's.", analysis_job_id=job_id, media_id=record.id
            )
        if record.status is not FileStatus.FAILED:
            raise VideoAnalysisError(
                "Reading this video has not failed: queue it to have it read anew.", media_id=record.id
            )
        if tried >= MAX_RETRIES:
            raise VideoAnalysisError(
                f"The video was tried {tried} times: save it again from its program and upload that.",
                media_id=record.id,
            )

    async def _retries(self, media_id: str) -> int:
        return int(await self._library.catalog.get_value(_key(media_id)) or 0)


def _key(media_id: str) -> str:
    return f"video retries {media_id}"
