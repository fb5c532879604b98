"""Documents as their resource shows them. Names and fields follow the hosted SDK; ours come last."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from pinakes.core.display import bundle, table_html
from pinakes.core.errors import DocumentProcessingError
from pinakes.core.files import FileStatus
from pinakes.core.listing import Listing
from pinakes.core.uploads import told
from pinakes.core.value import Value


class DocumentItem(Value):
    """One document in a listing."""

    id: str
    filename: str
    content_type: str
    size_bytes: int
    text_extraction_status: str
    title: str | None = None
    page_count: int | None = None
    embedding_status: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    folder_id: str | None = None
    tags: list[str] | None = None


class DocumentDetails(DocumentItem):
    """All that is known of one document."""

    chunk_count: int | None = None
    extracted_text_preview: str | None = None
    object_key: str | None = None
    download_url: str | None = None


class DocumentList(Listing):
    """A page of documents; pages count from 1."""

    documents: list[DocumentItem]
    total_count: int
    page: int
    page_size: int
    has_more: bool = False

    @property
    def items(self) -> list[DocumentItem]:
        """The documents."""
        return self.documents

    @property
    def results(self) -> list[DocumentItem]:
        """The documents."""
        return self.documents

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [(d.filename, d.page_count, d.text_extraction_status) for d in self.documents]
        html = table_html(("document", "pages", "status"), rows)
        return bundle(f"{len(rows)} of {self.total_count} documents", html)


class DocumentChunk(Value):
    """A retrievable piece of a document."""

    id: str
    document_id: str
    content: str
    chunk_index: int
    page_numbers: list[int] | None = None
    token_count: int | None = None
    embedding: list[float] | None = None


class DocumentChunksResponse(Listing):
    """All pieces of a document, in order."""

    document_id: str
    chunks: list[DocumentChunk]
    total_chunks: int

    @property
    def items(self) -> list[DocumentChunk]:
        """The pieces."""
        return self.chunks


class DocumentSearchResult(Value):
    """A passage found; `score` is how likely it bears on the query, `similarity` the cosine of their meanings."""

    chunk_id: str
    document_id: str
    document_filename: str
    content: str
    score: float
    page_numbers: list[int] | None = None
    chunk_index: int | None = None
    media_type: str | None = None
    similarity: float = 0.0
    matched_terms: list[str] = Field(default_factory=list)


class DocumentSearchResponse(Listing):
    """The passages a search found, best first."""

    results: list[DocumentSearchResult]
    total_count: int
    search_time_ms: int = 0
    query: str = ""

    @property
    def items(self) -> list[DocumentSearchResult]:
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


class DocumentStatusResult(Value):
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


ProcessingStatus = DocumentStatusResult


class DocumentPresignedUploadResult(Value):
    """Where to write a document's bytes before it is confirmed: a `file://` address."""

    upload_url: str
    object_key: str
    expires_at: datetime | None = None
    upload_headers: dict[str, str] | None = None


class DocumentConfirmResult(Value):
    """The document that an upload became."""

    document_id: str
    filename: str
    status: str
    message: str = ""


class DocumentQuotaCheck(Value):
    """What may still be uploaded."""

    can_proceed: bool
    document_count: int
    document_limit: int
    storage_used_bytes: int
    storage_limit_bytes: int
    message: str = ""

    @property
    def documents_remaining(self) -> int:
        """How many documents may be added."""
        return max(0, self.document_limit - self.document_count)

    @property
    def storage_remaining_bytes(self) -> int:
        """How many bytes may be added."""
        return max(0, self.storage_limit_bytes - self.storage_used_bytes)


class DocumentBatchFileInfo(Value):
    """Where to write the bytes of one document of a batch."""

    filename: str
    upload_url: str
    object_key: str
    upload_headers: dict[str, str] | None = None


class DocumentBatchPrepareResult(Value):
    """A batch that waits for its bytes."""

    batch_id: str
    files: list[DocumentBatchFileInfo]
    expires_at: datetime | None = None


class DocumentBatchConfirmItem(Value):
    """What one upload of a batch became."""

    document_id: str
    filename: str
    status: str
    error: str | None = None


class DocumentBatchConfirmResult(Value):
    """What the uploads of a batch became."""

    batch_id: str
    documents: list[DocumentBatchConfirmItem]
    created_count: int
    failed_count: int


class DocumentBatchStatusItem(Value):
    """How far one document of a batch came."""

    document_id: str
    filename: str
    text_extraction_status: str
    embedding_status: str | None = None
    error_message: str | None = None


class DocumentBatchStatusResult(Value):
    """How far a batch came."""

    batch_id: str
    documents: list[DocumentBatchStatusItem]
    completed_count: int
    processing_count: int
    failed_count: int
    is_complete: bool
    status: str = ""


class DocumentDeleteResult(Value):
    """What became of one document to delete."""

    id: str
    status: str
    message: str = ""
    deleted_at: datetime | None = None


class DocumentBatchDeleteResponse(Value):
    """What became of several documents to delete."""

    deleted: list[DocumentDeleteResult] = Field(default_factory=list)
    failed: list[DocumentDeleteResult] = Field(default_factory=list)
    summary: dict[str, int] = Field(default_factory=dict)


class DocumentProcessingStatus(StrEnum):
    """How far reading a document came."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


class DocumentUploadResult(Value):
    """What became of one uploaded document."""

    document_id: str
    filename: str
    object_key: str = ""
    content_type: str = ""
    size_bytes: int = 0
    text_extraction_status: DocumentProcessingStatus = DocumentProcessingStatus.PENDING
    embedding_status: str | None = None
    page_count: int | None = None
    chunk_count: int | None = None
    extracted_text_preview: str | None = None
    created_at: datetime | None = None
    processing_error: str | None = None
    processing_error_type: str | None = None
    processing_is_retryable: bool | None = None
    deduplicated: bool = False

    @property
    def is_failed(self) -> bool:
        """Whether the document could not be taken in or read."""
        return self.text_extraction_status is DocumentProcessingStatus.FAILED

    @property
    def is_completed(self) -> bool:
        """Whether the document is searchable."""
        return self.text_extraction_status is DocumentProcessingStatus.COMPLETED

    @property
    def is_pending(self) -> bool:
        """Whether the document is still on its way."""
        return not (self.is_failed or self.is_completed)

    @classmethod
    def from_status_result(
        cls, status: DocumentStatusResult, initial: DocumentUploadResult
    ) -> DocumentUploadResult:
        """Return a result brought up to date by a later status."""
        return initial.model_copy(
            update={
                "text_extraction_status": DocumentProcessingStatus(status.text_extraction_status),
                "embedding_status": status.embedding_status,
                "page_count": status.page_count,
                "chunk_count": status.chunk_count,
                "processing_error": status.error_message,
                "processing_error_type": status.error_type,
            }
        )


class BatchDocumentUploadResults(list[DocumentUploadResult]):
    """The results of a batch, in the order of its files; `batch_id` finds the batch again."""

    batch_id: str | None = None

    @property
    def has_failures(self) -> bool:
        """Whether any document failed."""
        return bool(self.failed())

    @property
    def failed_count(self) -> int:
        """How many documents failed."""
        return len(self.failed())

    @property
    def succeeded_count(self) -> int:
        """How many documents are searchable."""
        return len(self.succeeded())

    @property
    def pending_count(self) -> int:
        """How many documents are still being read."""
        return len(self.pending())

    def failed(self) -> list[DocumentUploadResult]:
        """Return the documents that could not be taken in or read."""
        return [result for result in self if result.is_failed]

    def succeeded(self) -> list[DocumentUploadResult]:
        """Return the documents that are searchable."""
        return [result for result in self if result.is_completed]

    def pending(self) -> list[DocumentUploadResult]:
        """Return the documents that are still being read."""
        return [result for result in self if result.is_pending]

    def retryable(self) -> list[DocumentUploadResult]:
        """Return the failed documents for which another try may help."""
        return [result for result in self.failed() if result.processing_is_retryable]

    def raise_on_failures(self) -> BatchDocumentUploadResults:
        """Return self, or raise DocumentProcessingError naming every document that failed."""
        if self.has_failures:
            reasons = {r.filename: r.processing_error for r in self.failed()}
            raise DocumentProcessingError(told(self.summary(), reasons), failures=reasons)
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
        rows = [(r.filename, r.text_extraction_status.value, r.processing_error) for r in self]
        return bundle(self.summary(), table_html(("document", "status", "reason"), rows))
