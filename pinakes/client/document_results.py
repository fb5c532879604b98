"""From files to documents as their resource shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pinakes.client.uploading import Listeners
from pinakes.core.callbacks import (
    DescriptionFailedEvent,
    DescriptionProgressEvent,
    DocumentFileCompleteEvent,
    DocumentProcessingFailedEvent,
    DocumentProcessingProgressEvent,
    DocumentUploadProgressEvent,
    FileCompleteEvent,
    UploadProgressEvent,
)
from pinakes.core.documents import (
    DocumentDetails,
    DocumentItem,
    DocumentProcessingStatus,
    DocumentUploadResult,
)
from pinakes.core.files import FileRecord
from pinakes.core.uploads import UploadResult

PREVIEW = 500
"""Characters of a document's text in its details."""


def item_of(record: FileRecord) -> DocumentItem:
    """Return the listing entry of a document."""
    return DocumentItem(**_known(record))


def details_of(record: FileRecord, text: str, address: str | None) -> DocumentDetails:
    """Return the details of a document, with the beginning of its text."""
    return DocumentDetails(
        **_known(record),
        chunk_count=record.chunk_count,
        extracted_text_preview=text[:PREVIEW] or None,
        object_key=record.sha256,
        download_url=address,
    )


def upload_of(result: UploadResult, text: str = "") -> DocumentUploadResult:
    """Return what an upload answers, as of a document."""
    return DocumentUploadResult(
        document_id=result.image_id,
        filename=result.filename,
        object_key=result.object_key,
        content_type=result.content_type,
        size_bytes=result.size_bytes,
        text_extraction_status=DocumentProcessingStatus(result.description_status.value),
        embedding_status=result.description_status.value,
        page_count=result.page_count,
        chunk_count=result.chunk_count,
        extracted_text_preview=text[:PREVIEW] or None,
        created_at=result.created_at,
        processing_error=result.description_error,
        processing_error_type=result.description_error_type,
        processing_is_retryable=result.description_is_retryable,
        deduplicated=result.deduplicated,
    )


def document_events(
    progress: Callable[[DocumentUploadProgressEvent], None] | None,
    complete: Callable[[DocumentFileCompleteEvent], None] | None,
    read: Callable[[DocumentProcessingProgressEvent], None] | None,
    failed: Callable[[DocumentProcessingFailedEvent], None] | None,
) -> Listeners:
    """Return listeners that tell these callbacks of documents."""

    def progressed(event: UploadProgressEvent) -> None:
        if progress is not None:
            progress(DocumentUploadProgressEvent(**event.model_dump()))

    def completed(event: FileCompleteEvent) -> None:
        if complete is not None:
            complete(DocumentFileCompleteEvent(file_index=event.file_index, result=upload_of(event.result)))

    def was_read(event: DescriptionProgressEvent) -> None:
        if read is not None:
            read(
                DocumentProcessingProgressEvent(
                    completed_count=event.completed_count,
                    total_count=event.total_count,
                    latest_result=upload_of(event.latest_result),
                )
            )

    def has_failed(event: DescriptionFailedEvent) -> None:
        if failed is not None:
            failed(DocumentProcessingFailedEvent(file_index=event.file_index, result=upload_of(event.result)))

    return Listeners(progressed, completed, was_read, has_failed)


def _known(record: FileRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "filename": record.filename,
        "content_type": record.content_type,
        "size_bytes": record.size_bytes,
        "text_extraction_status": record.status.value,
        "title": record.title,
        "page_count": record.page_count,
        "embedding_status": record.status.value,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "folder_id": record.folder_id,
        "tags": record.tags or None,
    }
