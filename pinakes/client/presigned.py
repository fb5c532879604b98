"""Uploads in two steps: ask for a place, write the bytes there, confirm. Here the place is on this disk."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

from pinakes.core.batches import (
    MAX_OPEN_BATCHES,
    BatchItem,
    Intake,
    StorageTarget,
    UploadBatch,
    UploadMethod,
)
from pinakes.core.errors import BatchError, FileTooLargeError, PinakesError, ValidationError
from pinakes.core.files import Failure, FileRecord, MediaType
from pinakes.core.ids import new_id
from pinakes.ingestion.ingestor import Ingestor
from pinakes.library.library import Library
from pinakes.library.names import filename_problem

_VALID_FOR = timedelta(hours=1)
_MAX_SIZE = 5 * 10**12


@dataclass(frozen=True)
class Announced:
    """A file that is to be uploaded."""

    filename: str
    content_type: str = ""
    size_bytes: int = 0
    storage: StorageTarget = StorageTarget.DEFAULT


class PreparedUploads:
    """Uploads that were asked for and wait for their bytes in a folder of the library."""

    def __init__(self, library: Library, ingestor: Ingestor, folder: Path) -> None:
        self._library = library
        self._ingestor = ingestor
        self._folder = folder

    async def prepare(self, files: Sequence[Announced], method: UploadMethod) -> UploadBatch:
        """Return a batch with a place for each file. Raises ValidationError, BatchLimitError."""
        for file in files:
            _check(file)
        now, batch_id = datetime.now(UTC), new_id()
        items = tuple(
            BatchItem(
                object_key=f"uploads/{batch_id}/{number}{_ending(file.filename)}",
                filename=file.filename,
                content_type=file.content_type,
                size_bytes=file.size_bytes,
                storage=file.storage,
            )
            for number, file in enumerate(files)
        )
        batch = UploadBatch(
            id=batch_id, method=method, created_at=now, expires_at=now + _VALID_FOR, items=items
        )
        await self._library.catalog.add_batch(batch, at=now, most_open=MAX_OPEN_BATCHES)
        await asyncio.to_thread(self._make_place, batch_id)
        return batch

    def address(self, item: BatchItem) -> str:
        """Return where the bytes of an upload are to be written, as a `file://` address."""
        return self._path(item.object_key).as_uri()

    async def confirm(
        self, object_key: str, size_bytes: int, content_type: str = "", checksum: str | None = None
    ) -> FileRecord:
        """Take in what was written; confirmed again, it is the same file.

        Raises:
            ResourceNotFoundError: No upload was asked for under this key.
            ValidationError: What was written has another size or SHA-256; write it again.
            BatchError: The upload has expired, or was refused before.
            UnsupportedFileError, EmptyFileError: There is no reader for it, or nothing to read.
            ConfigurationError: There is no second store.
        """
        batch, item = await self._library.catalog.find_upload(object_key)
        if item.file_id is not None:
            return await self._library.catalog.get_file(item.file_id)
        if item.failure is not None:
            raise BatchError(f"This upload was refused: {item.failure.message}", object_key=object_key)
        if datetime.now(UTC) >= batch.expires_at:
            raise BatchError("This upload has expired: ask for another place.", object_key=object_key)
        path = self._path(object_key)
        await asyncio.to_thread(_check_written, path, size_bytes, checksum)
        try:
            record = await self._take(path, item)
        except PinakesError as error:
            failure = Failure(code=error.code, message=error.message)
            await self._library.catalog.settle_upload(batch.id, object_key, failure=failure)
            raise
        await self._library.catalog.settle_upload(
            batch.id, object_key, file_id=record.id, deduplicated=record.deduplicated
        )
        await asyncio.to_thread(path.unlink, missing_ok=True)
        return record

    async def _take(self, path: Path, item: BatchItem) -> FileRecord:
        intake = Intake(storage=item.storage)
        try:
            return await self._ingestor.add_path(
                path, filename=item.filename, url=item.filename, intake=intake, kind=MediaType.DOCUMENT
            )
        except FileTooLargeError as error:
            return await self._kept_unread(path, item, intake, error)

    async def _kept_unread(
        self, path: Path, item: BatchItem, intake: Intake, error: FileTooLargeError
    ) -> FileRecord:
        """Keep a file that is too large to be read: it is listed and can be downloaded, but not searched."""
        kind = (item.content_type or "application/octet-stream").lower()
        record = await self._library.accept_path(
            path,
            filename=item.filename,
            content_type=kind,
            media_type=MediaType.VIDEO if kind.startswith("video/") else MediaType.DOCUMENT,
            source=item.filename,
            intake=intake,
        )
        failure = Failure(code=error.code, message=error.message)
        await self._library.catalog.set_failed(record.id, failure)
        return await self._library.catalog.get_file(record.id)

    def _make_place(self, batch_id: str) -> None:
        """Make a folder for a batch, and clear away those that have expired long ago."""
        kept_from = (datetime.now(UTC) - 2 * _VALID_FOR).timestamp()
        for old in self._folder.glob("*"):
            if old.is_dir() and old.stat().st_mtime < kept_from:
                shutil.rmtree(old, ignore_errors=True)
        (self._folder / batch_id).mkdir(parents=True, exist_ok=True)

    def _path(self, object_key: str) -> Path:
        return self._folder.joinpath(*PurePosixPath(object_key).parts[1:])


def _check(file: Announced) -> None:
    problem = filename_problem(file.filename)
    if problem:
        raise ValidationError(problem, filename=file.filename[:300])
    if not 1 <= file.size_bytes <= _MAX_SIZE:
        raise ValidationError(
            "A file's size is 1 byte to 5 TB.", size_bytes=file.size_bytes, filename=file.filename
        )


def _check_written(path: Path, size_bytes: int, checksum: str | None) -> None:
    if not path.is_file():
        raise ValidationError("Nothing was written to the upload's address yet: write the file there first.")
    if path.stat().st_size != size_bytes:
        raise ValidationError(
            f"{path.stat().st_size} bytes were written, not {size_bytes}: write the whole file.",
            written=path.stat().st_size,
            announced=size_bytes,
        )
    if checksum is None:
        return
    with path.open("rb") as written:
        found = hashlib.file_digest(written, "sha256").hexdigest()
    if found != checksum.lower().removeprefix("sha256:"):
        raise ValidationError("What was written has another SHA-256: write the file again.", found=found)


def _ending(filename: str) -> str:
    ending = PurePosixPath(filename).suffix
    return ending if ending.isascii() and ending[1:].isalnum() and len(ending) <= 10 else ""
