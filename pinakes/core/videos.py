"""What the resources of videos answer. Names and fields follow the hosted SDK; ours come last."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from pinakes.core.display import bundle, clock, gallery_html
from pinakes.core.files import FileRecord
from pinakes.core.value import Value


class VideoUploadStatus(StrEnum):
    """How far the upload of a video came."""

    UPLOADING = "uploading"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    ABORTED = "aborted"


class VideoAnalysisStatus(StrEnum):
    """How far reading a video came."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class VideoChunkInfo(Value):
    """One part of a video, counted from 1, and the `file://` address where its bytes are to be written."""

    chunk_number: int
    size_bytes: int
    upload_url: str
    expires_at: datetime | None = None
    upload_method: str = "PUT"


class VideoUploadSession(Value):
    """An upload that waits for its parts; `media_id` will be the file's id."""

    media_id: str
    upload_id: str
    chunks: list[VideoChunkInfo]
    total_chunks: int
    chunk_size_bytes: int
    expires_at: datetime | None = None
    storage_path: str | None = None
    concurrent_upload_limit: int = 5
    retry_attempts: int = 3


class ChunkConfirmResult(Value):
    """That a part has come."""

    chunk_number: int
    status: str
    chunks_completed: int
    total_chunks: int
    progress_percent: float
    estimated_time_remaining: float | None = None


class VideoMetadata(Value):
    """What a video's file says and what was measured, sizes as displayed."""

    duration_seconds: float | None = None
    resolution: str | None = None
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    bitrate_kbps: int | None = None
    file_size_bytes: int | None = None
    format_name: str | None = None

    @classmethod
    def of(cls, record: FileRecord) -> VideoMetadata:
        """Return what is known of a video; before it is read, its size alone."""
        video = record.video
        if video is None:
            return cls(file_size_bytes=record.size_bytes)
        seconds = video.duration_s
        return cls(
            duration_seconds=seconds,
            resolution=f"{video.width}x{video.height}",
            width=video.width,
            height=video.height,
            frame_rate=video.fps,
            video_codec=video.codec,
            audio_codec=video.audio_codec,
            bitrate_kbps=round(record.size_bytes * 8 / seconds / 1000) if seconds else None,
            file_size_bytes=record.size_bytes,
            format_name=video.format,
        )


class VideoUploadResult(Value):
    """A video that is in the library; `media_id` is the file's id."""

    media_id: str
    status: str
    metadata: VideoMetadata | None = None
    thumbnail_url: str | None = None
    video_url: str | None = None
    analysis_job_id: str | None = None
    processing_status: str | None = None
    created_at: datetime | None = None
    filename: str = ""
    deduplicated: bool = False

    @property
    def is_completed(self) -> bool:
        """Whether the video has come."""
        return self.status == VideoUploadStatus.COMPLETED

    @property
    def is_analyzing(self) -> bool:
        """Whether it is still being read."""
        return self.processing_status in (VideoAnalysisStatus.PENDING, VideoAnalysisStatus.PROCESSING)


class VideoUploadProgress(Value):
    """How much of a video has come; `missing_chunks` are to be written yet."""

    media_id: str
    upload_id: str
    status: str
    chunks_completed: int
    total_chunks: int
    bytes_uploaded: int
    total_bytes: int
    progress_percent: float
    failed_chunks: list[int] = Field(default_factory=list)
    estimated_time_remaining: float | None = None
    missing_chunks: list[int] = Field(default_factory=list)


class VideoAbortResult(Value):
    """That an upload was given up, and its parts are gone."""

    media_id: str
    status: str
    cleaned_up: bool
    chunks_removed: int
    s3_cleanup: bool = False


class ChunkRetryResult(Value):
    """Where a part is to be written once more."""

    chunk_number: int
    upload_url: str
    expires_at: datetime | None = None
    retry_attempt: int
    max_retries: int


class BatchVideoUploadSession(Value):
    """Several uploads that were asked for together."""

    batch_id: str
    videos: list[VideoUploadSession]
    total_videos: int
    total_size_bytes: int
    estimated_time_seconds: float | None = None
    processing_priority: str = "normal"


class VideoAnalysisJobStatus(Value):
    """How far reading a video came; one of its own steps is not measured, so it is 0 or 100 percent."""

    analysis_job_id: str
    media_id: str
    status: str
    progress_percent: float
    current_step: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    error_message: str | None = None
    error_code: str | None = None
    retry_count: int = 0
    max_retries: int = 3
    estimated_completion_time: datetime | None = None

    @property
    def is_completed(self) -> bool:
        """Whether the video is searchable."""
        return self.status == VideoAnalysisStatus.COMPLETED

    @property
    def is_failed(self) -> bool:
        """Whether the video could not be read."""
        return self.status == VideoAnalysisStatus.FAILED

    @property
    def is_pending(self) -> bool:
        """Whether it waits or is being read."""
        return not self.is_terminal

    @property
    def is_terminal(self) -> bool:
        """Whether nothing more comes of it by itself."""
        return self.is_completed or self.is_failed or self.status == VideoAnalysisStatus.CANCELLED


class VideoAnalysisRetryResult(Value):
    """That a video is read once more."""

    analysis_job_id: str
    media_id: str
    status: str
    retry_count: int
    max_retries: int
    message: str | None = None


class VideoAnalysisQueueResult(Value):
    """That a video waits to be read."""

    analysis_job_id: str
    media_id: str
    queue_position: int | None = None
    estimated_start_time: datetime | None = None
    message: str | None = None


class VideoScene(Value):
    """A stretch of a video without a cut, in seconds; `speech` is what subtitles say in it."""

    scene_id: str
    scene_index: int
    start_time: float
    end_time: float
    time_range_formatted: str | None = None
    description: str | None = None
    tags: list[str] = Field(default_factory=list)
    visible_text: str | None = None
    confidence_score: float | None = None
    embedding_status: str | None = None
    thumbnail_url: str | None = None
    created_at: datetime | None = None
    speech: str | None = None
    key_time: float | None = None


class VideoSceneList(Value):
    """The scenes of a video in their order."""

    scenes: list[VideoScene]
    count: int
    video_id: str | None = None

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        pictures = [(clock(s.start_time), s.thumbnail_url, s.description or "") for s in self.scenes]
        return bundle(f"{self.count} scenes", gallery_html(pictures))


class VideoChunkProgressEvent(Value):
    """One more part of a video has come."""

    chunk_number: int
    total_chunks: int
    bytes_uploaded: int
    total_bytes: int
    media_id: str
    filename: str | None = None

    @property
    def progress_percent(self) -> float:
        """How much of the video, 0 to 100."""
        return 100.0 if not self.total_bytes else 100.0 * self.bytes_uploaded / self.total_bytes


class VideoUploadCompleteEvent(Value):
    """A video is in the library."""

    media_id: str
    result: VideoUploadResult


class VideoAnalysisProgressEvent(Value):
    """Reading a video came a step further."""

    job_status: VideoAnalysisJobStatus

    @property
    def progress_percent(self) -> float:
        """How much, 0 to 100."""
        return self.job_status.progress_percent

    @property
    def is_terminal(self) -> bool:
        """Whether nothing more comes of it by itself."""
        return self.job_status.is_terminal
