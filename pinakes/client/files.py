"""`client.files`: uploading, listing and searching. Names follow the hosted SDK."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pinakes.client.thumbnails import thumbnail_url
from pinakes.core.errors import PinakesError, ResourceNotFoundError, ValidationError, error_class
from pinakes.core.files import ChunkHit, FileFilter, FileRecord, MediaType
from pinakes.core.uploads import (
    BatchUploadResults,
    DescriptionStatus,
    DocumentSearchResponse,
    DocumentSearchResult,
    FileList,
    ProcessingStatus,
    UploadResult,
    UserFile,
    UserFileDetails,
    upload_result,
)
from pinakes.ingestion.ingestor import Ingestor
from pinakes.ingestion.walk import FoundFile, walk
from pinakes.library.library import Library

Source = str | Path | bytes
OnFileComplete = Callable[[int, int, UploadResult], None]
"""Called with how many files are done, how many there are, and the result that came last."""

_ACCEPTING = 8
"""Files hashed and copied at once; reading them is bounded by the ingestor."""


@dataclass(frozen=True)
class _Item:
    source: Path | bytes
    filename: str
    folder_path: str = ""


class FilesResource:
    """Files of one library: take in, look up, search."""

    def __init__(self, library: Library, ingestor: Ingestor) -> None:
        self._library = library
        self._ingestor = ingestor

    async def upload(
        self,
        file: Source,
        *,
        filename: str | None = None,
        folder_id: str | None = None,
        folder_path: str = "",
        title: str | None = None,
        tags: Sequence[str] = (),
        skip_duplicates: bool = True,
        wait: bool = True,
        raise_on_failure: bool = True,
    ) -> UploadResult:
        """Take in one file and return when it is searchable, or at once with `wait=False`.

        Args:
            file: A path, or bytes together with `filename`.
            folder_id, folder_path: Where it goes; the path is made if needed.
            skip_duplicates: Answer with the file already there when its content is known.

        Raises:
            PathError, UnsupportedFileError, EmptyFileError, FileTooLargeError: Nothing was taken in.
            DocumentProcessingError: It was taken in but could not be read (unless `raise_on_failure=False`).
        """
        item = _item(file, filename, await self._folder(folder_id, folder_path))
        record = await self._accept(item, title=title, tags=tuple(tags), skip_duplicates=skip_duplicates)
        result = upload_result(await self._settled(record)) if wait else upload_result(record)
        if raise_on_failure and result.is_failed:
            raise error_class(str(result.description_error_type))(
                str(result.description_error), file_id=result.image_id, filename=result.filename
            )
        return result

    async def upload_batch(
        self,
        files: Source | Sequence[Source],
        *,
        filenames: Sequence[str] | None = None,
        recursive: bool = True,
        include_hidden: bool = False,
        folder_id: str | None = None,
        folder_path: str | None = None,
        tags: Sequence[str] = (),
        skip_duplicates: bool = True,
        wait: bool = True,
        on_file_complete: OnFileComplete | None = None,
    ) -> BatchUploadResults:
        """Take in files and folders; one that fails never stops the others.

        A folder's inner folders become folders of the library, under `folder_path` if given, else under the
        folder's own name.

        Returns:
            One result per file found, in order; `failed()` says which could not be taken in, and why.
        """
        base = await self._folder(folder_id, folder_path) if folder_id or folder_path is not None else None
        items = await asyncio.to_thread(_items, files, filenames, base, recursive, include_hidden)
        gate, done = asyncio.Semaphore(_ACCEPTING), 0

        async def one(item: _Item | UploadResult) -> UploadResult:
            nonlocal done
            result = (
                item
                if isinstance(item, UploadResult)
                else await self._attempt(item, gate, tags, skip_duplicates, wait)
            )
            done += 1
            if on_file_complete:
                on_file_complete(done, len(items), result)
            return result

        return BatchUploadResults(await asyncio.gather(*map(one, items)))

    async def list(
        self,
        *,
        search: str | None = None,
        search_mode: str = "all",
        tags: Sequence[str] | None = None,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        has_description: bool | None = None,
        ids: Sequence[str] | None = None,
        media_types: Sequence[str] | None = None,
        folder_path: str | None = None,
        limit: int = 20,
        offset: int = 0,
        sort_by: str = "content_created_at",
        sort_order: str = "desc",
    ) -> FileList:
        """Return a page of files, newest content first by default.

        `search` looks in names and titles. Raises ValidationError for an unknown field or a limit outside 1–1,000.
        """
        _within("limit", limit, 1, 1000)
        where = FileFilter(
            ids=tuple(ids) if ids is not None else None,
            media_types=_kinds(media_types),
            tags=tuple(tags) if tags else None,
            name_contains=search or None,
            folder_path=folder_path,
            has_text=has_description,
            taken_from=date_from,
            taken_to=date_to,
        )
        order = ("-" if sort_order == "desc" else "") + sort_by
        page = await self._library.catalog.list_files(where, limit=limit, offset=offset, order=order)
        shown = tuple([await self._listed(record) for record in page.items])
        return FileList(files=shown, total_count=page.total, has_more=offset + len(shown) < page.total)

    async def list_all(self, *, page_size: int = 50, **filters: Any) -> AsyncIterator[UserFile]:
        """Yield all files that fit the filters of `list`."""
        offset = 0
        while True:
            page = await self.list(limit=page_size, offset=offset, **filters)
            for file in page.files:
                yield file
            if not page.has_more:
                return
            offset += page_size

    async def get(self, file_id: str) -> UserFileDetails:
        """Return all that is known of a file. Raises ResourceNotFoundError."""
        return UserFileDetails.of(await self._library.catalog.get_file(file_id))

    async def get_processing_status(self, file_id: str) -> ProcessingStatus:
        """Return how far a file came. Raises ResourceNotFoundError."""
        record = await self._library.catalog.get_file(file_id)
        return ProcessingStatus(
            document_id=record.id,
            text_extraction_status=record.status.value,
            embedding_status=record.status.value,
            page_count=record.page_count,
            chunk_count=record.chunk_count,
            error_message=record.failure.message if record.failure else None,
            error_type=record.failure.code if record.failure else None,
        )

    async def search(
        self,
        query: str,
        *,
        limit: int = 20,
        similarity_threshold: float = 0.0,
        document_ids: Sequence[str] | None = None,
        media_types: Sequence[str] | None = None,
    ) -> DocumentSearchResponse:
        """Return the passages that fit a query by meaning and by words, best first.

        Args:
            similarity_threshold: Least score, 0 to 1.
            document_ids: Search in these files alone.

        Raises:
            ValidationError: The query is empty or over 2,000 characters, or the limit is outside 1–500.
        """
        if not query.strip() or len(query) > 2000:
            raise ValidationError("Give a query of 1 to 2,000 characters.", length=len(query))
        _within("limit", limit, 1, 500)
        started = time.perf_counter()
        where = FileFilter(
            ids=tuple(document_ids) if document_ids is not None else None, media_types=_kinds(media_types)
        )
        hits = await self._library.search(query, limit=limit, where=where, threshold=similarity_threshold)
        return DocumentSearchResponse(
            results=tuple(map(_found, hits)),
            total_count=len(hits),
            search_time_ms=round((time.perf_counter() - started) * 1000),
            query=query,
        )

    async def download(self, file_id: str) -> bytes:
        """Return a file's bytes as they were uploaded. Raises ResourceNotFoundError."""
        return await self._library.content(file_id)

    async def delete(self, file_id: str) -> None:
        """Remove a file from everything; its bytes are kept for 30 days. Raises ResourceNotFoundError."""
        await self._library.catalog.get_file(file_id)
        await self._library.delete([file_id])

    async def _listed(self, record: FileRecord) -> UserFile:
        if record.thumbnail_sha256 is None:
            return UserFile.of(record)
        url = await thumbnail_url(self._library.blobs.get(record.thumbnail_sha256))
        return UserFile.of(record).model_copy(update={"thumbnail_url": url})

    async def _attempt(
        self, item: _Item, gate: asyncio.Semaphore, tags: Sequence[str], skip_duplicates: bool, wait: bool
    ) -> UploadResult:
        try:
            async with gate:
                record = await self._accept(item, tags=tuple(tags), skip_duplicates=skip_duplicates)
            return upload_result(await self._settled(record) if wait else record)
        except PinakesError as error:
            return _refused(item.filename, _origin(item), error)

    async def _accept(
        self, item: _Item, *, title: str | None = None, tags: tuple[str, ...] = (), skip_duplicates: bool
    ) -> FileRecord:
        shared: Any = {
            "folder_path": item.folder_path,
            "tags": tags,
            "title": title,
            "skip_duplicates": skip_duplicates,
        }
        if isinstance(item.source, bytes):
            return await self._ingestor.add_bytes(item.source, item.filename, **shared)
        return await self._ingestor.add_path(item.source, filename=item.filename, **shared)

    async def _settled(self, record: FileRecord) -> FileRecord:
        [settled] = await self._ingestor.wait([record.id])
        return settled.model_copy(update={"deduplicated": record.deduplicated})

    async def _folder(self, folder_id: str | None, folder_path: str | None) -> str:
        if folder_id is None:
            return folder_path or ""
        for folder in await self._library.catalog.folders():
            if folder.id == folder_id:
                return folder.path
        raise ResourceNotFoundError("No folder has this id; list them first.", folder_id=folder_id)


def _items(
    files: Source | Sequence[Source],
    filenames: Sequence[str] | None,
    base: str | None,
    recursive: bool,
    include_hidden: bool,
) -> list[_Item | UploadResult]:
    sources = [files] if isinstance(files, (str, Path, bytes)) else list(files)
    names = list(filenames) if filenames else [None] * len(sources)
    if len(names) != len(sources):
        raise ValidationError("Give one filename for each file.", files=len(sources), filenames=len(names))
    found: list[_Item | UploadResult] = []
    for source, name in zip(sources, names, strict=True):
        if not isinstance(source, bytes) and Path(source).is_dir():
            walked = walk(Path(source), base=base, recursive=recursive, include_hidden=include_hidden)
            found += [_walked(file) for file in walked]
        else:
            found.append(_checked(source, name, base or ""))
    return found


def _walked(file: FoundFile) -> _Item:
    return _Item(file.path, file.path.name, file.folder_path)


def _checked(source: Source, name: str | None, folder_path: str) -> _Item | UploadResult:
    try:
        return _item(source, name, folder_path)
    except PinakesError as error:
        return _refused(name or "bytes", None, error)


def _item(source: Source, filename: str | None, folder_path: str) -> _Item:
    if isinstance(source, bytes):
        if not filename:
            raise ValidationError("Bytes need a filename; its ending helps to tell what they are.")
        return _Item(source, filename, folder_path)
    path = Path(source).expanduser()
    return _Item(path, filename or path.name, folder_path)


def _refused(filename: str, source: str | None, error: PinakesError) -> UploadResult:
    return UploadResult(
        image_id="",
        filename=filename,
        description_status=DescriptionStatus.FAILED,
        created_at=datetime.now(UTC),
        description_error=error.message,
        description_error_type=error.code,
        description_is_retryable=error.retryable,
        source=source,
    )


def _origin(item: _Item) -> str | None:
    return None if isinstance(item.source, bytes) else str(item.source)


def _kinds(media_types: Sequence[str] | None) -> tuple[MediaType, ...] | None:
    if not media_types:
        return None
    try:
        return tuple(MediaType(kind) for kind in media_types)
    except ValueError as error:
        kinds = ", ".join(MediaType)
        raise ValidationError(f"Media types are {kinds}.", media_types=list(media_types)) from error


def _within(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ValidationError(f"{name} must be {low:,} to {high:,}.", **{name: value})


def _found(hit: ChunkHit) -> DocumentSearchResult:
    first, last = hit.chunk.page_start, hit.chunk.page_end
    return DocumentSearchResult(
        chunk_id=hit.chunk.id,
        document_id=hit.file.id,
        document_filename=hit.file.filename,
        content=hit.chunk.text,
        score=hit.score,
        page_numbers=tuple(range(first, (last or first) + 1)) if first else None,
        chunk_index=hit.chunk.ordinal,
        media_type=hit.file.media_type.value,
        matched_terms=hit.matched_terms,
    )
