"""Taking files in: check, detect, accept, then read and index in the background."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePath
from typing import Any

from pinakes.core.batches import Intake
from pinakes.core.errors import (
    CorruptFileError,
    EncryptedFileError,
    LibraryError,
    PinakesError,
    ResourceNotFoundError,
)
from pinakes.core.files import (
    Failure,
    FileFilter,
    FileRecord,
    FileStatus,
    LinkFacts,
    MediaType,
    Reading,
)
from pinakes.ingestion.admission import (
    check_not_empty,
    check_path,
    check_size,
    detect_bytes,
    detect_kind,
    detect_page,
    detect_sized,
)
from pinakes.ingestion.crawling import Crawler, fetched_from, kept
from pinakes.ingestion.detect import Detected, as_link, detect
from pinakes.ingestion.kinds import claimed_kind
from pinakes.ingestion.pool import WorkerPool
from pinakes.ingestion.progress import IngestEvent, IngestStage, OnIngestEvent
from pinakes.ingestion.readers.link import bookmark
from pinakes.library.accepting import ADDRESS_ALONE, NOTHING_SAID
from pinakes.library.library import Library

_AHEAD = 2
"""Files worked on beyond those being read, so that readers never wait for the index."""
_log = logging.getLogger(__name__)


class Ingestor:
    """Takes files into one library; it owns the pool and closes it.

    Args:
        library: Where they go.
        pool: Reads them.
        concurrency: Files read at once.
        on_event: Told of every step of every file, on the event loop.
        crawler: Fetches the pages of links; without one, links stay addresses.
    """

    def __init__(
        self,
        library: Library,
        pool: WorkerPool,
        concurrency: int = 2,
        on_event: OnIngestEvent | None = None,
        crawler: Crawler | None = None,
    ) -> None:
        self._library = library
        self._pool = pool
        self._gate = asyncio.Semaphore(concurrency + _AHEAD)
        self._on_event = on_event
        self._crawler = crawler
        self._jobs: dict[str, asyncio.Task[None]] = {}
        self._done = self._total = 0
        self._closed = False

    async def add_path(
        self,
        path: Path,
        *,
        folder_path: str = "",
        filename: str | None = None,
        tags: Sequence[str] = (),
        title: str | None = None,
        skip_duplicates: bool = True,
        link: bool = False,
        url: str | None = None,
        intake: Intake = NOTHING_SAID,
        kind: MediaType | None = None,
    ) -> FileRecord:
        """Accept a file and return its record at once; it is read in the background.

        With `link` an HTML page stands for the place it was saved from, which `url` tells if the page does not.
        With `kind` a file of another one is refused.

        A file that is encrypted or damaged gets a failed record; one of the errors below leaves no trace.

        Raises:
            PathError: The path is missing, unreadable or not a regular file.
            UnsupportedFileError, EmptyFileError: There is no reader for it, or nothing to read.
            FileTooLargeError: It has more than 500 MB; a video more than 2 GB.
        """
        name = filename or path.name
        await asyncio.to_thread(check_path, path)

        async def accept(**shared: Any) -> FileRecord:
            return await self._library.accept_path(path, filename=name, **shared)

        shared = {
            "folder_path": folder_path,
            "tags": tags,
            "title": title,
            "skip_duplicates": skip_duplicates,
            "source": url,
            "intake": intake,
        }
        look = partial(detect_page if link else detect_sized, path, name)
        return await self._add(partial(detect_kind, look, kind, name), accept, name, shared)

    async def add_bytes(
        self,
        content: bytes,
        filename: str,
        *,
        folder_path: str = "",
        tags: Sequence[str] = (),
        title: str | None = None,
        skip_duplicates: bool = True,
        link: bool = False,
        url: str | None = None,
        intake: Intake = NOTHING_SAID,
        kind: MediaType | None = None,
    ) -> FileRecord:
        """Accept bytes under a name, as `add_path` does, with the same errors but PathError."""
        check_size(len(content), filename)

        async def accept(**shared: Any) -> FileRecord:
            return await self._library.accept_bytes(content, filename, **shared)

        shared = {
            "folder_path": folder_path,
            "tags": tags,
            "title": title,
            "skip_duplicates": skip_duplicates,
            "source": url,
            "intake": intake,
        }
        look = partial(detect_bytes, content, filename, detect_page if link else detect_sized)
        return await self._add(partial(detect_kind, look, kind, filename), accept, filename, shared)

    async def wait(self, file_ids: Sequence[str]) -> list[FileRecord]:
        """Return the records of these files when each is completed or failed; unfinished ones are taken up.

        Raises ResourceNotFoundError, LibraryError (closed before they were read).
        """
        for file_id in file_ids:
            if file_id not in self._jobs:
                record = await self._library.catalog.get_file(file_id)
                if record.status in (FileStatus.PENDING, FileStatus.PROCESSING):
                    self._enqueue(record)
        jobs = [self._jobs[file_id] for file_id in dict.fromkeys(file_ids) if file_id in self._jobs]
        if jobs:
            await asyncio.wait(jobs)
        if any(job.cancelled() for job in jobs):
            raise LibraryError(
                "The library was closed before the file was read; it is read when it opens again."
            )
        return [await self._library.catalog.get_file(file_id) for file_id in file_ids]

    async def take_up(self, file_id: str) -> None:
        """Have a file read in the background if it waits for that. Raises ResourceNotFoundError."""
        record = await self._library.catalog.get_file(file_id)
        if record.status in (FileStatus.PENDING, FileStatus.PROCESSING):
            self._enqueue(record)

    async def resume(self) -> int:
        """Take up files that an earlier process left unfinished, and return how many there are."""
        found = 0
        for file_id in await self._library.catalog.unfinished():
            with suppress(ResourceNotFoundError):
                self._enqueue(await self._library.catalog.get_file(file_id))
                found += 1
        return found

    async def drain(self) -> None:
        """Return when nothing is left to read."""
        while self._jobs:
            await asyncio.wait(list(self._jobs.values()))

    async def aclose(self) -> None:
        """Stop; files not yet read stay pending and are read by `resume` at the next open."""
        self._closed = True
        jobs = list(self._jobs.values())
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        await self._pool.aclose()

    async def _add(
        self,
        look: Callable[[], Detected],
        accept: Callable[..., Coroutine[Any, Any, FileRecord]],
        name: str,
        shared: dict[str, Any],
    ) -> FileRecord:
        if self._closed:
            raise LibraryError("The library is closed: open it again to add files.")
        try:
            found = await asyncio.to_thread(look)
        except (EncryptedFileError, CorruptFileError) as error:
            return await self._accept_failed(accept, name, shared, error)
        shared |= {"content_type": found.content_type, "media_type": found.media_type}
        record = await accept(**shared)
        if record.deduplicated and found.media_type is MediaType.LINK:
            record = await self._as_link(record) or await accept(**shared | {"skip_duplicates": False})
        if record.status in (FileStatus.PENDING, FileStatus.PROCESSING):
            self._enqueue(record)
        return record

    async def _as_link(self, known: FileRecord) -> FileRecord | None:
        """Return the link with the content of a known file: that file, or a link beside a document of the same page."""
        if known.media_type is MediaType.LINK:
            return known
        links = await self._library.catalog.list_files(
            FileFilter(media_types=(MediaType.LINK,), min_bytes=known.size_bytes, max_bytes=known.size_bytes)
        )
        same = (link for link in links.items if link.sha256 == known.sha256)
        return next((link.model_copy(update={"deduplicated": True}) for link in same), None)

    async def _accept_failed(
        self,
        accept: Callable[..., Coroutine[Any, Any, FileRecord]],
        name: str,
        shared: dict[str, Any],
        error: PinakesError,
    ) -> FileRecord:
        """Keep a record of a file that cannot be read, so that people see what became of it."""
        claimed = claimed_kind(PurePath(name).suffix.lower())
        record = await accept(
            content_type=claimed.content_type if claimed else "application/octet-stream",
            media_type=claimed.media_type if claimed else MediaType.DOCUMENT,
            **shared,
        )
        self._total += 1
        await self._fail(record, error.code, error.message)
        failed = await self._library.catalog.get_file(record.id)
        return failed.model_copy(update={"deduplicated": record.deduplicated})

    def _enqueue(self, record: FileRecord) -> None:
        if record.id in self._jobs or self._closed:
            return
        self._total += 1
        self._tell(IngestStage.ACCEPTED, record)
        job = asyncio.create_task(self._work(record), name=f"ingest {record.filename}")
        self._jobs[record.id] = job
        job.add_done_callback(lambda _: self._jobs.pop(record.id, None))

    async def _work(self, record: FileRecord) -> None:
        """Read one file and settle its record, whatever happens; only closing leaves it unfinished."""
        async with self._gate:
            try:
                await self._read(record)
            except ResourceNotFoundError:
                _log.info("%s was deleted while it was read", record.filename)
            except PinakesError as error:
                await self._settle_failure(record, error.code, error.message)
            except Exception as error:  # a bug here must not leave the file pending for ever
                _log.exception("taking in %s failed", record.filename)
                told = f"Taking the file in failed unexpectedly ({type(error).__name__}); add it again."
                await self._settle_failure(record, PinakesError.code, told)

    async def _read(self, record: FileRecord) -> None:
        self._tell(IngestStage.READING, record)
        await self._library.catalog.set_processing(record.id)
        if record.media_type is MediaType.LINK and self._crawler is not None:
            record = await self._crawler.fetched(record)
        reading = await self._reading(record)
        if record.media_type is MediaType.LINK:
            reading = kept(reading, record)
        await self._library.store_reading(record.id, reading)
        self._done += 1
        self._tell(IngestStage.INDEXED, record)

    async def _reading(self, record: FileRecord) -> Reading:
        """Return what a reader finds in a file; of a link that was not fetched, what its address says."""
        if record.content_type == ADDRESS_ALONE:
            return bookmark(record.id, record.link or LinkFacts(), record.title)
        path = await self._library.blobs.local_path(record.sha256)
        found = await asyncio.to_thread(detect, path, record.filename)
        url = ""
        if record.media_type is MediaType.LINK:
            found, url = as_link(found, record.filename), fetched_from(record)
        said = {"filename": record.filename, "url": url, "category": record.content_category or ""}
        reading = await self._pool.read(path, found, record.id, **said)
        check_not_empty(reading, found)
        if found.warning:
            reading = reading.model_copy(update={"warnings": (found.warning, *reading.warnings)})
        return reading

    async def _settle_failure(self, record: FileRecord, code: str, message: str) -> None:
        with suppress(ResourceNotFoundError):
            now = await self._library.catalog.get_file(record.id)
            if now.status is FileStatus.COMPLETED:  # read and stored; only the index lags, and it will follow
                _log.warning("%s is stored but not yet searchable: %s", record.filename, message)
                self._done += 1
                return
            await self._fail(record, code, message)

    async def _fail(self, record: FileRecord, code: str, message: str) -> None:
        failure = Failure(code=code, message=message)
        await self._library.catalog.set_failed(record.id, failure)
        self._done += 1
        self._tell(IngestStage.FAILED, record, failure)

    def _tell(self, stage: IngestStage, record: FileRecord, failure: Failure | None = None) -> None:
        if self._on_event is None:
            return
        event = IngestEvent(
            stage=stage,
            file_id=record.id,
            filename=record.filename,
            failure=failure,
            done=self._done,
            total=self._total,
        )
        try:
            self._on_event(event)
        except Exception:  # a broken progress bar must not lose files
            _log.exception("an ingest listener failed")
