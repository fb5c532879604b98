"""What callbacks of uploads are told. Names and fields follow the hosted SDK."""

from __future__ import annotations

from pinakes.core.documents import DocumentUploadResult
from pinakes.core.uploads import UploadResult
from pinakes.core.value import Value


class UploadProgressEvent(Value):
    """How much of a file has come in."""

    file_index: int
    uploaded_bytes: int
    total_bytes: int
    filename: str | None = None

    @property
    def progress_percent(self) -> float:
        """How much, 0 to 100."""
        return 100.0 if not self.total_bytes else 100.0 * self.uploaded_bytes / self.total_bytes


class FileCompleteEvent(Value):
    """One file is done, well or not."""

    file_index: int
    result: UploadResult
    completed_count: int = 0
    total_count: int = 0


class DescriptionProgressEvent(Value):
    """One more file has been read."""

    completed_count: int
    total_count: int
    latest_result: UploadResult

    @property
    def progress_percent(self) -> float:
        """How many of the files, 0 to 100."""
        return 100.0 if not self.total_count else 100.0 * self.completed_count / self.total_count

    @property
    def remaining_count(self) -> int:
        """How many files have yet to be read."""
        return self.total_count - self.completed_count


class DescriptionFailedEvent(Value):
    """A file could not be read."""

    file_index: int
    result: UploadResult

    @property
    def error_message(self) -> str | None:
        """Why."""
        return self.result.description_error

    @property
    def is_retryable(self) -> bool:
        """Whether another try may help."""
        return bool(self.result.description_is_retryable)


class DocumentUploadProgressEvent(UploadProgressEvent):
    """How much of a document has come in."""


class DocumentFileCompleteEvent(Value):
    """One document is done, well or not."""

    file_index: int
    result: DocumentUploadResult


class DocumentProcessingProgressEvent(Value):
    """One more document has been read."""

    completed_count: int
    total_count: int
    latest_result: DocumentUploadResult

    @property
    def progress_percent(self) -> float:
        """How many of the documents, 0 to 100."""
        return 100.0 if not self.total_count else 100.0 * self.completed_count / self.total_count

    @property
    def remaining_count(self) -> int:
        """How many documents have yet to be read."""
        return self.total_count - self.completed_count


class DocumentProcessingFailedEvent(Value):
    """A document could not be read."""

    file_index: int
    result: DocumentUploadResult

    @property
    def error_message(self) -> str | None:
        """Why."""
        return self.result.processing_error

    @property
    def is_retryable(self) -> bool:
        """Whether another try may help."""
        return bool(self.result.processing_is_retryable)
