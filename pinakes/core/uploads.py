"""What uploads and listings answer. Names and fields follow the hosted SDK; ours come last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from pinakes.core.display import bundle, table_html
from pinakes.core.errors import UploadError, error_class
from pinakes.core.files import FileRecord, MediaType
from pinakes.core.value import Value


class DescriptionStatus(StrEnum):
    """How far the processing of an upload came."""

    PENDING = "pending"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"


class UploadResult(Value):
    """What became of one uploaded file; `image_id` is the file's id, whatever its kind."""

    image_id: str
    filename: str
    object_key: str = ""
    description: str | None = None
    tags: list[str] | None = None
    visible_text: str | None = None
    confidence_score: float | None = None
    description_status: DescriptionStatus = DescriptionStatus.PENDING
    thumbnail_url: str | None = None
    created_at: datetime | None = None
    description_error: str | None = None
    description_error_type: str | None = None
    description_is_retryable: bool | None = None
    deduplicated: bool = False
    media_type: MediaType | None = None
    warnings: list[str] = Field(default_factory=list)
    source: str | None = None
    content_type: str = ""
    size_bytes: int = 0
    page_count: int | None = None
    chunk_count: int | None = None

    @property
    def file_id(self) -> str:
        """The file's id."""
        return self.image_id

    @property
    def is_failed(self) -> bool:
        """Whether the file could not be taken in."""
        return self.description_status == DescriptionStatus.FAILED

    @property
    def is_completed(self) -> bool:
        """Whether the file is searchable."""
        return self.description_status == DescriptionStatus.COMPLETED

    @property
    def is_pending(self) -> bool:
        """Whether the file is still being read."""
        return not (self.is_failed or self.is_completed)


def told(summary: str, reasons: Mapping[str, str | None]) -> str:
    """Return what a batch's failure says: the reason where there is one, else how many there are and the first."""
    first = next((reason for reason in reasons.values() if reason), "see details for the reasons.")
    return (
        f"{summary}: {first}" if len(reasons) == 1 else f"{summary}; the first: {first} See details for all."
    )


class BatchUploadResults(list[UploadResult]):
    """The results of a batch, in the order of its files; `batch_id` finds the batch again."""

    batch_id: str | None = None

    @property
    def has_failures(self) -> bool:
        """Whether any file failed."""
        return bool(self.failed())

    @property
    def failed_count(self) -> int:
        """How many files failed."""
        return len(self.failed())

    @property
    def succeeded_count(self) -> int:
        """How many files are searchable."""
        return len(self.succeeded())

    @property
    def pending_count(self) -> int:
        """How many files are still being read."""
        return len(self.pending())

    def failed(self) -> list[UploadResult]:
        """Return the files that could not be taken in."""
        return [result for result in self if result.is_failed]

    def succeeded(self) -> list[UploadResult]:
        """Return the files that are searchable."""
        return [result for result in self if result.is_completed]

    def pending(self) -> list[UploadResult]:
        """Return the files that are still being read."""
        return [result for result in self if result.is_pending]

    def retryable(self) -> list[UploadResult]:
        """Return the failed files for which another try may help."""
        return [result for result in self.failed() if result.description_is_retryable]

    def raise_on_failures(self) -> BatchUploadResults:
        """Return self, or raise UploadError naming every file that failed."""
        if self.has_failures:
            reasons = {r.filename: r.description_error for r in self.failed()}
            raise UploadError(told(self.summary(), reasons), failures=reasons)
        return self

    def summary(self) -> str:
        """Return the counts in words, for example "3 succeeded, 1 failed"."""
        counts = {
            "succeeded": self.succeeded_count,
            "failed": self.failed_count,
            "pending": self.pending_count,
        }
        return ", ".join(f"{n} {word}" for word, n in counts.items() if n) or "nothing uploaded"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [(r.filename, r.description_status.value, r.description_error) for r in self]
        return bundle(self.summary(), table_html(("file", "status", "reason"), rows))


class QuotaInfo(Value):
    """What may still be uploaded; an own library has no monthly limit, only its disk."""

    can_proceed: bool
    requested: int
    available: int
    monthly_limit: int
    current_usage: int
    message: str | None = None
    max_batch_size: int | None = None
    prepaid_credits: int = 0
    max_concurrent_uploads: int | None = None
    storage_used_bytes: int = 0
    storage_free_bytes: int = 0


class LibraryStatus(Value):
    """A library at a glance."""

    library: str
    tenant: str
    counts: dict[str, int]
    failed: int
    pending: int
    folders: int
    chunks: int
    bytes_on_disk: int
    index: str
    embedder: str
    image_embedder: str | None = None
    ocr: str | None
    writer: str
    vision: str | None = None
    sessions: int


def upload_result(record: FileRecord) -> UploadResult:
    """Return what an upload answers for this record."""
    failure = record.failure
    return UploadResult(
        image_id=record.id,
        filename=record.filename,
        object_key=record.sha256,
        description=described(record),
        tags=record.tags or None,
        visible_text=seen_text(record),
        description_status=DescriptionStatus(record.status.value),
        created_at=record.created_at,
        description_error=failure.message if failure else None,
        description_error_type=failure.code if failure else None,
        description_is_retryable=error_class(failure.code).retryable if failure else None,
        deduplicated=record.deduplicated,
        media_type=record.media_type,
        warnings=record.warnings,
        source=record.source,
        content_type=record.content_type,
        size_bytes=record.size_bytes,
        page_count=record.page_count,
        chunk_count=record.chunk_count,
    )


def described(record: FileRecord) -> str | None:
    """Return what a model says of a picture, else what people wrote into the file."""
    words = record.description.text if record.description else ""
    known = record.facts or record.video
    return words or (known.caption if known else None) or None


def seen_text(record: FileRecord) -> str | None:
    """Return the text on a picture, or on the frames of a video."""
    if record.facts is not None:
        by_model = record.description.visible_text if record.description else ""
        return record.facts.visible_text or by_model or None
    scenes = record.video.scenes if record.video else ()
    return "\n".join(scene.visible_text for scene in scenes if scene.visible_text) or None
