"""Batches of documents whose bytes are written before they are confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pinakes.client.checks import within
from pinakes.client.presigned import Announced, PreparedUploads
from pinakes.client.uploading import intake_of
from pinakes.core.batches import MAX_BATCH_FILES, BatchItem, BatchStatus, UploadMethod
from pinakes.core.documents import (
    DocumentBatchConfirmItem,
    DocumentBatchConfirmResult,
    DocumentBatchFileInfo,
    DocumentBatchPrepareResult,
    DocumentBatchStatusItem,
    DocumentBatchStatusResult,
)
from pinakes.core.errors import PinakesError, ValidationError
from pinakes.library.library import Library

_ENDED = (BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.EXPIRED)


class DocumentBatches:
    """The part of `client.documents` that prepares, confirms and follows batches."""

    def __init__(self, library: Library, prepared: PreparedUploads) -> None:
        self._library = library
        self._prepared = prepared

    async def batch_prepare(self, files: Sequence[Mapping[str, Any]]) -> DocumentBatchPrepareResult:
        """Return where to write the bytes of 1 to 100 documents, within an hour; then `batch_confirm`.

        Args:
            files: Of each `filename`, `size_bytes`, and if known `content_type` and `storage_target`.

        Raises:
            ValidationError: Too many files, or one without name or size.
            BatchLimitError: 200 batches are unfinished.
        """
        within("the number of files", len(files), 1, MAX_BATCH_FILES)
        batch = await self._prepared.prepare([_announced(file) for file in files], UploadMethod.PRESIGNED)
        places = [
            DocumentBatchFileInfo(
                filename=item.filename,
                upload_url=self._prepared.address(item),
                object_key=item.object_key,
                upload_headers={"Content-Type": item.content_type},
            )
            for item in batch.items
        ]
        return DocumentBatchPrepareResult(batch_id=batch.id, files=tuple(places), expires_at=batch.expires_at)

    async def batch_confirm(
        self, batch_id: str, confirmations: Sequence[Mapping[str, Any]]
    ) -> DocumentBatchConfirmResult:
        """Take in documents of a batch that were written; one that cannot be taken in never stops the others.

        Args:
            confirmations: Of each `object_key`, and if known `size_bytes`, `content_type` and `checksum`.

        Raises:
            ResourceNotFoundError: There is no such batch.
            ValidationError: A confirmation names no upload of this batch.
        """
        batch = await self._library.catalog.get_batch(batch_id)
        known = {item.object_key: item for item in batch.items}
        within("the number of confirmations", len(confirmations), 1, MAX_BATCH_FILES)
        named = [_key(told) for told in confirmations]
        unknown = [key for key in named if key not in known]
        if unknown:
            raise ValidationError("A confirmation names an upload of its batch.", object_keys=unknown)
        items = [await self._confirmed(known[c["object_key"]], c) for c in confirmations]
        failed = sum(item.error is not None for item in items)
        return DocumentBatchConfirmResult(
            batch_id=batch_id,
            documents=tuple(items),
            created_count=len(items) - failed,
            failed_count=failed,
        )

    async def batch_status(self, batch_id: str) -> DocumentBatchStatusResult:
        """Return how far a batch came, also one of `upload`. Raises ResourceNotFoundError."""
        batch = await self._library.catalog.get_batch(batch_id)
        status = batch.status(datetime.now(UTC))
        return DocumentBatchStatusResult(
            batch_id=batch.id,
            documents=tuple(map(_followed, batch.items)),
            completed_count=batch.completed_count,
            processing_count=batch.pending_count,
            failed_count=batch.failed_count,
            is_complete=status in _ENDED,
            status=status.value,
        )

    async def _confirmed(self, item: BatchItem, told: Mapping[str, Any]) -> DocumentBatchConfirmItem:
        try:
            size = _size(told, item)
            record = await self._prepared.confirm(
                item.object_key, size, str(told.get("content_type") or ""), told.get("checksum")
            )
        except PinakesError as error:
            return DocumentBatchConfirmItem(
                document_id="", filename=item.filename, status="failed", error=error.message
            )
        return DocumentBatchConfirmItem(
            document_id=record.id, filename=item.filename, status=record.status.value
        )


def _announced(file: Mapping[str, Any]) -> Announced:
    try:
        name, size = str(file["filename"]), int(file["size_bytes"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValidationError(
            "Each file needs its filename and its size_bytes.", file=repr(file)[:200]
        ) from error
    storage = intake_of(None, str(file.get("storage_target") or "default"), None).storage
    return Announced(name, str(file.get("content_type") or ""), size, storage)


def _key(told: Any) -> Any:
    return told.get("object_key") if isinstance(told, Mapping) else repr(told)[:80]


def _size(told: Mapping[str, Any], item: BatchItem) -> int:
    try:
        return int(told.get("size_bytes") or item.size_bytes)
    except (TypeError, ValueError) as error:
        raise ValidationError("A size_bytes is a whole number.", object_key=item.object_key) from error


def _followed(item: BatchItem) -> DocumentBatchStatusItem:
    status = (
        "failed" if item.is_failed else "completed" if item.is_completed else item.file_status or "pending"
    )
    return DocumentBatchStatusItem(
        document_id=item.file_id or "",
        filename=item.filename,
        text_extraction_status=str(status),
        embedding_status=str(status),
        error_message=item.failure.message if item.failure else None,
    )
