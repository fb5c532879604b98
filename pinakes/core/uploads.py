"""What uploads and listings answer. Names and fields follow the hosted SDK; ours come last."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from pinakes.core.display import bundle, gallery_html, table_html
from pinakes.core.errors import UploadError, error_class
from pinakes.core.files import FileRecord, FileStatus, MediaType
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
    tags: tuple[str, ...] | None = None
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
    warnings: tuple[str, ...] = ()
    source: str | None = None

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


class BatchUploadResults(list[UploadResult]):
    """The results of a batch, in the order of its files."""

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
            raise UploadError(f"{self.summary()}: see details for the reasons.", failures=reasons)
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


class UserFile(Value):
    """One file in a listing."""

    id: str
    size_bytes: int
    has_full_description: bool = False
    title: str | None = None
    filename: str | None = None
    thumbnail_url: str | None = None
    upload_description: str | None = None
    visible_text: str | None = None
    tags: tuple[str, ...] | None = None
    created_at: datetime | None = None
    content_created_at: datetime | None = None
    dimensions: dict[str, int] | None = None
    format: str | None = None
    description_status: str | None = None
    description_error: str | None = None
    content_type: str | None = None
    media_type: str | None = None
    document_type: str | None = None
    page_count: int | None = None
    folder_path: str = ""

    @classmethod
    def of(cls, record: FileRecord) -> UserFile:
        """Return the listing entry of a catalog record."""
        return cls(**_listed(record))


class UserFileDetails(UserFile):
    """All that is known of one file."""

    object_key: str = ""
    hash: str = ""
    updated_at: datetime | None = None
    original_filename: str | None = None
    text_extraction_status: str | None = None
    chunk_count: int | None = None
    source_url: str | None = None
    language: str | None = None
    warnings: tuple[str, ...] = ()
    facts: dict[str, Any] | None = None

    @classmethod
    def of(cls, record: FileRecord) -> UserFileDetails:
        """Return the details of a catalog record."""
        return cls(
            **_listed(record),
            object_key=record.sha256,
            hash=record.sha256,
            updated_at=record.updated_at,
            original_filename=record.filename,
            text_extraction_status=record.status.value,
            chunk_count=record.chunk_count,
            source_url=record.source,
            language=record.language,
            warnings=record.warnings,
            facts=record.facts.model_dump(mode="json") if record.facts else None,
        )


class FileList(Value):
    """A page of files."""

    files: tuple[UserFile, ...]
    total_count: int
    has_more: bool = False

    @property
    def items(self) -> tuple[UserFile, ...]:
        """The files."""
        return self.files

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [
            (f.filename, f.media_type, f.folder_path, f.page_count, f.description_status) for f in self.files
        ]
        pictures = [(f.filename or "", f.thumbnail_url, "") for f in self.files if f.thumbnail_url]
        html = table_html(("file", "kind", "folder", "pages", "status"), rows) + gallery_html(pictures)
        return bundle(f"{len(self.files)} of {self.total_count} files", html)


class DocumentSearchResult(Value):
    """A passage found."""

    chunk_id: str
    document_id: str
    document_filename: str
    content: str
    score: float
    page_numbers: tuple[int, ...] | None = None
    chunk_index: int | None = None
    media_type: str | None = None
    matched_terms: tuple[str, ...] = ()


class DocumentSearchResponse(Value):
    """The passages a search found, best first."""

    results: tuple[DocumentSearchResult, ...]
    total_count: int
    search_time_ms: int = 0
    query: str = ""

    @property
    def items(self) -> tuple[DocumentSearchResult, ...]:
        """The passages."""
        return self.results

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [
            (
                f"{r.score:.2f}",
                r.document_filename,
                r.page_numbers[0] if r.page_numbers else "",
                r.content[:300],
            )
            for r in self.results
        ]
        html = table_html(("score", "file", "page", "passage"), rows)
        return bundle(f"{len(self.results)} passages for “{self.query}”", html)


class ProcessingStatus(Value):
    """How far one file came."""

    document_id: str
    text_extraction_status: str
    embedding_status: str | None = None
    page_count: int | None = None
    chunk_count: int | None = None
    error_message: str | None = None
    error_type: str | None = None

    @property
    def is_completed(self) -> bool:
        """Whether the file is searchable."""
        return self.text_extraction_status == FileStatus.COMPLETED

    @property
    def is_failed(self) -> bool:
        """Whether the file could not be read."""
        return self.text_extraction_status == FileStatus.FAILED

    @property
    def is_processing(self) -> bool:
        """Whether the file is still on its way."""
        return not (self.is_completed or self.is_failed)


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
    ocr: str | None
    writer: str
    sessions: int


def upload_result(record: FileRecord) -> UploadResult:
    """Return what an upload answers for this record."""
    failure = record.failure
    return UploadResult(
        image_id=record.id,
        filename=record.filename,
        object_key=record.sha256,
        tags=record.tags or None,
        visible_text=(record.facts.visible_text or None) if record.facts else None,
        description_status=DescriptionStatus(record.status.value),
        created_at=record.created_at,
        description_error=failure.message if failure else None,
        description_error_type=failure.code if failure else None,
        description_is_retryable=error_class(failure.code).retryable if failure else None,
        deduplicated=record.deduplicated,
        media_type=record.media_type,
        warnings=record.warnings,
        source=record.source,
    )


def _listed(record: FileRecord) -> dict[str, Any]:
    facts = record.facts
    return {
        "id": record.id,
        "size_bytes": record.size_bytes,
        "title": record.title,
        "filename": record.filename,
        "upload_description": facts.caption if facts else None,
        "visible_text": (facts.visible_text or None) if facts else None,
        "tags": record.tags or None,
        "created_at": record.created_at,
        "content_created_at": record.content_created_at,
        "dimensions": {"width": facts.width, "height": facts.height} if facts else None,
        "format": facts.format if facts else None,
        "description_status": record.status.value,
        "description_error": record.failure.message if record.failure else None,
        "content_type": record.content_type,
        "media_type": record.media_type.value,
        "document_type": _document_type(record),
        "page_count": record.page_count,
        "folder_path": record.folder_path,
    }


def _document_type(record: FileRecord) -> str | None:
    if record.media_type != MediaType.DOCUMENT:
        return None
    name = record.filename.rsplit(".", 1)
    return name[1].lower() if len(name) == 2 else "text"
