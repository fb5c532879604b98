"""Records of videos as the resources of videos answer them."""

from __future__ import annotations

from pinakes.client.thumbnails import thumbnail_url
from pinakes.core.errors import ResourceNotFoundError
from pinakes.core.files import FileRecord, FileStatus, MediaType
from pinakes.core.videos import (
    VideoAnalysisJobStatus,
    VideoAnalysisStatus,
    VideoMetadata,
    VideoUploadResult,
    VideoUploadStatus,
)
from pinakes.library.library import Library

MAX_RETRIES = 3
_STATUS = {
    FileStatus.PENDING: VideoAnalysisStatus.PENDING,
    FileStatus.PROCESSING: VideoAnalysisStatus.PROCESSING,
    FileStatus.COMPLETED: VideoAnalysisStatus.COMPLETED,
    FileStatus.FAILED: VideoAnalysisStatus.FAILED,
}
_STEPS = {
    FileStatus.PENDING: "waiting for a reader",
    FileStatus.PROCESSING: "looking at frames, reading the text on them, finding scenes",
}


async def video(library: Library, video_id: str) -> FileRecord:
    """Return a video. Raises ResourceNotFoundError."""
    record = await library.catalog.get_file(video_id)
    if record.media_type is not MediaType.VIDEO:
        raise ResourceNotFoundError(
            f"The file with this id is of kind {record.media_type}: ask client.files for it.",
            video_id=video_id,
        )
    return record


async def uploaded(library: Library, record: FileRecord, *, analyzed: bool = True) -> VideoUploadResult:
    """Return what uploading a video answers."""
    thumbnail = None
    if record.thumbnail_sha256 is not None:
        thumbnail = await thumbnail_url(library.blobs.get(record.thumbnail_sha256))
    return VideoUploadResult(
        media_id=record.id,
        status=VideoUploadStatus.COMPLETED.value,
        metadata=VideoMetadata.of(record),
        thumbnail_url=thumbnail,
        video_url=(await library.blobs.local_path(record.sha256)).as_uri(),
        analysis_job_id=record.id if analyzed else None,
        processing_status=_STATUS[record.status].value if analyzed else None,
        created_at=record.created_at,
        filename=record.filename,
        deduplicated=record.deduplicated,
    )


def job_of(record: FileRecord, retries: int = 0) -> VideoAnalysisJobStatus:
    """Return how far reading a video came; a video has one job, named by its own id."""
    failure = record.failure
    settled = record.status in (FileStatus.COMPLETED, FileStatus.FAILED)
    return VideoAnalysisJobStatus(
        analysis_job_id=record.id,
        media_id=record.id,
        status=_STATUS[record.status].value,
        progress_percent=100.0 if record.status is FileStatus.COMPLETED else 0.0,
        current_step=_STEPS.get(record.status),
        started_at=record.updated_at if record.status is FileStatus.PROCESSING else None,
        completed_at=record.updated_at if settled else None,
        error_message=failure.message if failure else None,
        error_code=failure.code if failure else None,
        retry_count=retries,
        max_retries=MAX_RETRIES,
    )
