"""`client.documents`: the same files, seen as documents alone. Names follow the hosted SDK."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from pinakes.client.checks import several, within
from pinakes.client.copies import Copies
from pinakes.client.document_batches import DocumentBatches
from pinakes.client.document_results import details_of, document_events, item_of, upload_of
from pinakes.client.file_contents import processing_status
from pinakes.client.file_texts import chunks_of, passages, text_of
from pinakes.client.presigned import Announced, PreparedUploads
from pinakes.client.quota import Quota
from pinakes.client.sources import Source, all_items, one_item
from pinakes.client.uploading import Uploader, Way, check_in_time, intake_of
from pinakes.core.batches import MAX_BATCH_FILES, StorageTarget, UploadMethod
from pinakes.core.callbacks import (
    DocumentFileCompleteEvent,
    DocumentProcessingFailedEvent,
    DocumentProcessingProgressEvent,
    DocumentUploadProgressEvent,
)
from pinakes.core.documents import (
    BatchDocumentUploadResults,
    DocumentBatchDeleteResponse,
    DocumentChunksResponse,
    DocumentConfirmResult,
    DocumentDeleteResult,
    DocumentDetails,
    DocumentItem,
    DocumentList,
    DocumentPresignedUploadResult,
    DocumentQuotaCheck,
    DocumentSearchResponse,
    DocumentStatusResult,
    DocumentUploadResult,
)
from pinakes.core.errors import PinakesTimeoutError, ResourceNotFoundError, ValidationError
from pinakes.core.files import FileFilter, FileRecord, FileStatus, MediaType
from pinakes.library.library import Library


class DocumentsResource(DocumentBatches):
    """Documents of one library."""

    def __init__(
        self,
        library: Library,
        uploader: Uploader,
        prepared: PreparedUploads,
        quota: Quota,
        copies: Copies,
    ) -> None:
        super().__init__(library, prepared)
        self._uploader = uploader
        self._quota = quota
        self._copies = copies

    async def request_upload(
        self, filename: str, content_type: str, size_bytes: int, *, storage_target: str = "default"
    ) -> DocumentPresignedUploadResult:
        """Return where to write a document's bytes, within an hour; then `confirm_upload`. Raises ValidationError."""
        storage = intake_of(None, storage_target, None).storage
        file = Announced(filename, content_type, size_bytes, storage)
        batch = await self._prepared.prepare([file], UploadMethod.SINGLE)
        [item] = batch.items
        return DocumentPresignedUploadResult(
            upload_url=self._prepared.address(item),
            object_key=item.object_key,
            expires_at=batch.expires_at,
            upload_headers={"Content-Type": content_type},
        )

    async def confirm_upload(
        self, object_key: str, size_bytes: int, content_type: str, *, checksum: str | None = None
    ) -> DocumentConfirmResult:
        """Take in a document that was written; confirmed again, it is the same one.

        Args:
            checksum: SHA-256 in hex of what was written.

        Raises:
            ResourceNotFoundError: No upload was asked for under this key.
            ValidationError: What was written has another size or checksum.
            BatchError: The upload has expired, or was refused before.
            DocumentProcessingError: There is no reader for it, or nothing to read.
        """
        record = await self._prepared.confirm(object_key, size_bytes, content_type, checksum)
        told = "It was there already." if record.deduplicated else "It is being read."
        return DocumentConfirmResult(
            document_id=record.id, filename=record.filename, status=record.status.value, message=told
        )

    async def get_status(self, document_id: str) -> DocumentStatusResult:
        """Return how far a document came. Raises ResourceNotFoundError."""
        return processing_status(await self._library.catalog.get_file(document_id))

    async def quota_check(self, file_count: int = 1) -> DocumentQuotaCheck:
        """Return whether so many documents may be uploaded. Raises ValidationError."""
        return await self._quota.documents(file_count)

    async def list(
        self, *, page: int = 1, page_size: int = 20, status_filter: str | None = None
    ) -> DocumentList:
        """Return a page of documents, newest first; pages count from 1.

        Raises ValidationError for a status there is not, or a page size outside 1–1,000.
        """
        within("page", page, 1, 2**31)
        within("page_size", page_size, 1, 1000)
        where = FileFilter(media_types=(MediaType.DOCUMENT,), status=_status(status_filter))
        offset = (page - 1) * page_size
        found = await self._library.catalog.list_files(where, limit=page_size, offset=offset)
        return DocumentList(
            documents=tuple(map(item_of, found.items)),
            total_count=found.total,
            page=page,
            page_size=page_size,
            has_more=offset + len(found.items) < found.total,
        )

    async def list_all(
        self, *, page_size: int = 50, status_filter: str | None = None
    ) -> AsyncIterator[DocumentItem]:
        """Yield all documents, newest first."""
        page, has_more = 1, True
        while has_more:
            listed = await self.list(page=page, page_size=page_size, status_filter=status_filter)
            for document in listed.documents:
                yield document
            page, has_more = page + 1, listed.has_more

    async def get(self, document_id: str) -> DocumentDetails:
        """Return all that is known of a document. Raises ResourceNotFoundError."""
        record = await self._document(document_id)
        address = None
        if await self._library.blobs.exists(record.sha256):
            address = (await self._library.blobs.local_path(record.sha256)).as_uri()
        return details_of(record, await text_of(self._library, record), address)

    async def get_text(self, document_id: str) -> str:
        """Return a document's text. Raises ResourceNotFoundError."""
        return await text_of(self._library, await self._document(document_id))

    async def get_chunks(
        self, document_id: str, *, include_embeddings: bool = False
    ) -> DocumentChunksResponse:
        """Return a document's pieces, with the vectors they are found by if asked for. Raises ResourceNotFoundError."""
        record = await self._document(document_id)
        chunks = await chunks_of(self._library, record, embeddings=include_embeddings)
        return DocumentChunksResponse(document_id=record.id, chunks=tuple(chunks), total_chunks=len(chunks))

    async def download(self, document_id: str) -> str:
        """Return the `file://` address of a copy under the document's own name, which is kept for an hour.

        Raises ResourceNotFoundError.
        """
        return (await self._copies.handed_out(await self._document(document_id))).as_uri()

    async def search(
        self,
        query: str,
        *,
        limit: int = 20,
        similarity_threshold: float = 0.3,
        document_ids: Sequence[str] | None = None,
    ) -> DocumentSearchResponse:
        """Return the passages of documents that fit a query, best first.

        Args:
            similarity_threshold: Least score or likeness of meaning (cosine), 0 to 1.
            document_ids: Search in these alone.

        Raises:
            ValidationError: The query is empty or over 2,000 characters, or the limit is outside 1–500.
        """
        return await passages(
            self._library,
            query,
            limit=limit,
            threshold=similarity_threshold,
            ids=document_ids,
            media_types=[MediaType.DOCUMENT],
        )

    async def delete(self, document_id: str) -> None:
        """Remove a document from everything; `client.files.restore` brings it back for 30 days.

        Raises ResourceNotFoundError.
        """
        await self._document(document_id)
        await self._library.delete([document_id])

    async def batch_delete(self, document_ids: Sequence[str]) -> DocumentBatchDeleteResponse:
        """Remove 1 to 100 documents; those that are none are named as failed. Raises ValidationError."""
        ids = list(dict.fromkeys(several("document_ids", document_ids)))
        within("the number of documents", len(ids), 1, MAX_BATCH_FILES)
        found = await self._library.catalog.get_files(ids)
        there = [record.id for record in found if record.media_type is MediaType.DOCUMENT]
        await self._library.delete(there)
        at = datetime.now(UTC)
        deleted = [DocumentDeleteResult(id=i, status="deleted", deleted_at=at) for i in there]
        message = "There is no document with this id."
        failed = [
            DocumentDeleteResult(id=i, status="failed", message=message) for i in ids if i not in set(there)
        ]
        summary = {"total": len(ids), "deleted": len(deleted), "failed": len(failed)}
        return DocumentBatchDeleteResponse(deleted=tuple(deleted), failed=tuple(failed), summary=summary)

    async def wait_for_processing(
        self, document_id: str, *, timeout: float | None = None, poll_interval: float | None = None
    ) -> DocumentStatusResult:
        """Return when a document is searchable or has failed; nothing is polled, so `poll_interval` says nothing.

        Raises:
            ResourceNotFoundError: There is no such document.
            PinakesTimeoutError: It took longer than `timeout` seconds.
        """
        record = await self._library.catalog.get_file(document_id)
        status = processing_status(await self._uploader.settled(record, timeout))
        if status.is_processing:
            raise PinakesTimeoutError(
                f"The document is still being read after {timeout} seconds: wait longer.",
                document_id=document_id,
            )
        return status

    async def upload_one(
        self,
        file: Source,
        *,
        filename: str | None = None,
        wait_for_processing: bool = True,
        raise_on_failure: bool = True,
        processing_timeout: float | None = None,
        storage_target: StorageTarget | str = "default",
    ) -> DocumentUploadResult:
        """Take in one document.

        Raises:
            PathError, UnsupportedFileError, EmptyFileError, FileTooLargeError: Nothing was taken in.
            DocumentProcessingError, PinakesTimeoutError: It was taken in but could not be read, or not in time
                (unless `raise_on_failure=False`).
        """
        item = await asyncio.to_thread(one_item, file, filename, "")
        way = _way(storage_target, wait_for_processing, processing_timeout)
        return await self._completed(await self._uploader.one(item, way, raise_on_failure=raise_on_failure))

    async def upload(
        self,
        files: Source | Sequence[Source],
        *,
        filename: str | None = None,
        filenames: Sequence[str] | None = None,
        recursive: bool = True,
        include_hidden: bool = False,
        wait_for_processing: bool = True,
        raise_on_failure: bool = True,
        processing_timeout: float | None = None,
        on_progress: Callable[[DocumentUploadProgressEvent], None] | None = None,
        on_file_complete: Callable[[DocumentFileCompleteEvent], None] | None = None,
        on_processing_progress: Callable[[DocumentProcessingProgressEvent], None] | None = None,
        on_processing_failed: Callable[[DocumentProcessingFailedEvent], None] | None = None,
        storage_target: StorageTarget | str = "default",
    ) -> BatchDocumentUploadResults:
        """Take in a document, several, a folder or a pattern; one that fails never stops the others.

        Args:
            raise_on_failure: Raise when all are done, instead of leaving it to `results.failed()`.

        Raises:
            DocumentProcessingError: Documents could not be taken in; `details["failures"]` says why.
            PinakesTimeoutError: Documents are still being read.
            BatchLimitError: 200 batches are unfinished.
        """
        if filename is not None and filenames is not None:
            raise ValidationError("Give either filename or filenames.")
        names = [filename] if filename is not None else filenames
        items = await asyncio.to_thread(
            all_items, files, names, recursive=recursive, include_hidden=include_hidden
        )
        way = _way(storage_target, wait_for_processing, processing_timeout)
        listeners = document_events(
            on_progress, on_file_complete, on_processing_progress, on_processing_failed
        )
        taken = await self._uploader.many(items, way, listeners)
        results = BatchDocumentUploadResults([await self._completed(result) for result in taken])
        results.batch_id = taken.batch_id
        if raise_on_failure:
            results.raise_on_failures()
            if wait_for_processing:
                check_in_time(taken, processing_timeout)
        return results

    async def _completed(self, result: Any) -> DocumentUploadResult:
        """Return an upload's result with what is known of the document."""
        if not result.image_id:
            return upload_of(result)
        record = await self._library.catalog.get_file(result.image_id)
        text = await text_of(self._library, record) if record.status is FileStatus.COMPLETED else ""
        return upload_of(result, text)

    async def _document(self, document_id: str) -> FileRecord:
        record = await self._library.catalog.get_file(document_id)
        if record.media_type is not MediaType.DOCUMENT:
            raise ResourceNotFoundError(
                f"The file with this id is of kind {record.media_type}: ask client.files for it.",
                document_id=document_id,
            )
        return record


def _way(storage_target: StorageTarget | str, wait: bool, timeout: float | None) -> Way:
    return Way(
        intake=intake_of(None, storage_target, None),
        kind=MediaType.DOCUMENT,
        wait=wait,
        timeout=timeout,
    )


def _status(name: str | None) -> FileStatus | None:
    if name is None:
        return None
    try:
        return FileStatus(name)
    except ValueError as error:
        raise ValidationError(f"A status is one of {', '.join(FileStatus)}.", status_filter=name) from error
