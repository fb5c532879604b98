"""Taking files in: one way for every resource that uploads, single or in batches that are followed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pinakes.client.sources import Item, refused
from pinakes.core.batches import MAX_OPEN_BATCHES, BatchItem, Intake, StorageTarget, UploadBatch, UploadMethod
from pinakes.core.callbacks import (
    DescriptionFailedEvent,
    DescriptionProgressEvent,
    FileCompleteEvent,
    UploadProgressEvent,
)
from pinakes.core.errors import (
    BatchError,
    PinakesError,
    PinakesTimeoutError,
    ResourceNotFoundError,
    ValidationError,
    error_class,
)
from pinakes.core.files import Failure, FileRecord, MediaType
from pinakes.core.ids import new_id
from pinakes.core.uploads import BatchUploadResults, UploadResult, upload_result
from pinakes.ingestion.ingestor import Ingestor
from pinakes.library.accepting import NOTHING_SAID
from pinakes.library.library import Library

_ACCEPTING = 8
"""Files hashed and copied at once; reading them is bounded by the ingestor."""
_UNFINISHED_FOR = timedelta(days=1)
"""How long files of a batch are waited for that never came, because their process died."""
_KEPT = timedelta(days=30)
CANCELLED = "The batch was cancelled before this file came; upload it again if it is wanted."
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Way:
    """How files are taken in.

    Attributes:
        kind: Files of another one are refused.
        timeout: In seconds and for each file; None waits as long as it takes.
    """

    tags: tuple[str, ...] = ()
    title: str | None = None
    skip_duplicates: bool = True
    intake: Intake = NOTHING_SAID
    kind: MediaType | None = None
    wait: bool = True
    timeout: float | None = None


@dataclass(frozen=True)
class Listeners:
    """Who is told of what, on the event loop; a listener's own faults stop nothing."""

    progress: Callable[[UploadProgressEvent], None] | None = None
    complete: Callable[[FileCompleteEvent], None] | None = None
    read: Callable[[DescriptionProgressEvent], None] | None = None
    failed: Callable[[DescriptionFailedEvent], None] | None = None


def intake_of(
    project_id: str | None, storage_target: StorageTarget | str, content_category: str | None
) -> Intake:
    """Return what is said of files. Raises ValidationError for a store there is not, or too long a word."""
    try:
        storage = StorageTarget(storage_target)
    except ValueError as error:
        raise ValidationError(
            "A storage target is 'default' or 'custom'.", storage_target=str(storage_target)
        ) from error
    for name, text, most in (("project_id", project_id, 255), ("content_category", content_category, 64)):
        if text is not None and not 1 <= len(text) <= most:
            raise ValidationError(f"A {name} has 1 to {most} characters.", **{name: text[:80]})
    return Intake(project_id=project_id, content_category=content_category, storage=storage)


class Uploader:
    """Takes files into one library."""

    def __init__(self, library: Library, ingestor: Ingestor) -> None:
        self._library = library
        self._ingestor = ingestor
        self._cancelled: set[str] = set()

    async def one(self, item: Item, way: Way, *, raise_on_failure: bool) -> UploadResult:
        """Take in one file.

        Raises:
            PathError, UnsupportedFileError, EmptyFileError, FileTooLargeError: Nothing was taken in.
            DocumentProcessingError: It was taken in but could not be read.
            PinakesTimeoutError: It is still being read.
        """
        record = await self._accept(item, way)
        result = upload_result(await self.settled(record, way.timeout) if way.wait else record)
        if raise_on_failure and result.is_failed:
            raise error_class(str(result.description_error_type))(
                str(result.description_error), file_id=result.image_id, filename=result.filename
            )
        if raise_on_failure and way.wait:
            check_in_time([result], way.timeout)
        return result

    async def many(
        self, items: Sequence[Item | UploadResult], way: Way, listeners: Listeners
    ) -> BatchUploadResults:
        """Take in files as one batch; one that fails never stops the others. Raises BatchLimitError."""
        if not items:
            return BatchUploadResults()
        batch = await self._opened(items, way)
        run = _Run(self, batch, way, listeners, len(items))
        results = BatchUploadResults(
            await asyncio.gather(*(run.one(n, item) for n, item in enumerate(items)))
        )
        results.batch_id = batch.id
        return results

    async def settled(self, record: FileRecord, timeout: float | None = None) -> FileRecord:
        """Return a record when its file is read, or as it is when the time is over."""
        try:
            [settled] = await asyncio.wait_for(self._ingestor.wait([record.id]), timeout)
        except TimeoutError:
            settled = await self._library.catalog.get_file(record.id)
        return settled.model_copy(update={"deduplicated": record.deduplicated})

    async def place(self, folder_id: str | None, folder_path: str | None) -> str:
        """Return the path of the folder that is meant. Raises ResourceNotFoundError."""
        if folder_id is None:
            return folder_path or ""
        for folder in await self._library.catalog.folders():
            if folder.id == folder_id:
                return folder.path
        raise ResourceNotFoundError("No folder has this id; list them first.", folder_id=folder_id)

    async def cancel(self, batch_id: str) -> UploadBatch:
        """Stop waiting for what has not come of a batch, and return it. Raises ResourceNotFoundError."""
        batch = await self._library.catalog.get_batch(batch_id)
        self._cancelled.add(batch_id)
        failure = Failure(code=BatchError.code, message=CANCELLED)
        for item in batch.items:
            if item.is_awaited:
                await self._library.catalog.settle_upload(batch_id, item.object_key, failure=failure)
        return await self._library.catalog.get_batch(batch_id)

    def check_wanted(self, batch: UploadBatch) -> None:
        """Check that a batch has not been cancelled. Raises BatchError."""
        if batch.id in self._cancelled:
            raise BatchError(CANCELLED, batch_id=batch.id)

    async def attempt(
        self, item: Item, way: Way, batch: UploadBatch, gate: asyncio.Semaphore
    ) -> FileRecord | UploadResult:
        """Return the record of a file of a batch, or the result that says why there is none."""
        try:
            async with gate:
                self.check_wanted(batch)
                return await self._accept(item, way)
        except PinakesError as error:
            return refused(item.filename, item.origin, error)

    async def note(self, batch: UploadBatch, number: int, found: FileRecord | UploadResult) -> None:
        """Write down in a batch what a file became."""
        key = batch.items[number].object_key
        known: dict[str, Any] = (
            {"failure": _failure(found)}
            if isinstance(found, UploadResult)
            else {"file_id": found.id, "deduplicated": found.deduplicated}
        )
        await self._library.catalog.settle_upload(batch.id, key, **known)

    async def _opened(self, items: Sequence[Item | UploadResult], way: Way) -> UploadBatch:
        now = datetime.now(UTC)
        await self._library.catalog.forget_batches(now - _KEPT)
        batch_id = new_id()
        batch = UploadBatch(
            id=batch_id,
            method=UploadMethod.STREAMING,
            created_at=now,
            expires_at=now + _UNFINISHED_FOR,
            items=tuple(_awaited(batch_id, n, item, way) for n, item in enumerate(items)),
        )
        await self._library.catalog.add_batch(batch, at=now, most_open=MAX_OPEN_BATCHES)
        return batch

    async def _accept(self, item: Item, way: Way) -> FileRecord:
        shared: Any = {
            "folder_path": item.folder_path,
            "tags": way.tags,
            "title": way.title,
            "skip_duplicates": way.skip_duplicates,
            "intake": way.intake,
            "kind": way.kind,
        }
        if isinstance(item.source, bytes):
            return await self._ingestor.add_bytes(item.source, item.filename, **shared)
        return await self._ingestor.add_path(item.source, filename=item.filename, **shared)


class _Run:
    """One batch on its way."""

    def __init__(
        self, uploader: Uploader, batch: UploadBatch, way: Way, listeners: Listeners, total: int
    ) -> None:
        self._uploader = uploader
        self._batch = batch
        self._way = way
        self._listeners = listeners
        self._total = total
        self._gate = asyncio.Semaphore(_ACCEPTING)
        self._done = 0

    async def one(self, number: int, item: Item | UploadResult) -> UploadResult:
        """Take in one file of the batch and tell of it."""
        if isinstance(item, UploadResult):
            return self._told(number, item)
        size = await asyncio.to_thread(lambda: item.size)
        self._progressed(number, item, 0, size)
        found = await self._uploader.attempt(item, self._way, self._batch, self._gate)
        await self._uploader.note(self._batch, number, found)
        if isinstance(found, UploadResult):
            return self._told(number, found)
        self._progressed(number, item, size, size)
        if self._way.wait:
            found = await self._uploader.settled(found, self._way.timeout)
        return self._told(number, upload_result(found))

    def _progressed(self, number: int, item: Item, done: int, size: int) -> None:
        event = UploadProgressEvent(
            file_index=number, uploaded_bytes=done, total_bytes=size, filename=item.filename
        )
        _tell(self._listeners.progress, event)

    def _told(self, number: int, result: UploadResult) -> UploadResult:
        self._done += 1
        counts = {"completed_count": self._done, "total_count": self._total}
        if not result.is_pending:
            _tell(self._listeners.read, DescriptionProgressEvent(latest_result=result, **counts))
        if result.is_failed:
            _tell(self._listeners.failed, DescriptionFailedEvent(file_index=number, result=result))
        _tell(self._listeners.complete, FileCompleteEvent(file_index=number, result=result, **counts))
        return result


def check_in_time(results: Sequence[UploadResult], timeout: float | None) -> None:
    """Check that nothing is still being read. Raises PinakesTimeoutError."""
    late = [result.filename for result in results if result.is_pending]
    if late:
        raise PinakesTimeoutError(
            f"{len(late)} files are still being read after {timeout} seconds: wait for them by their ids.",
            filenames=late[:20],
            file_ids=[result.image_id for result in results if result.is_pending],
        )


def _tell(listener: Callable[[Any], None] | None, event: Any) -> None:
    if listener is None:
        return
    try:
        listener(event)
    except Exception:  # a broken progress bar must not lose files
        _log.exception("a listener of an upload failed")


def _awaited(batch_id: str, number: int, item: Item | UploadResult, way: Way) -> BatchItem:
    failure = _failure(item) if isinstance(item, UploadResult) else None
    return BatchItem(
        object_key=f"{batch_id}/{number}",
        filename=item.filename,
        storage=way.intake.storage,
        failure=failure,
    )


def _failure(result: UploadResult) -> Failure:
    return Failure(code=str(result.description_error_type), message=str(result.description_error))
