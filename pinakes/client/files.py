"""`client.files`: uploading, listing, searching and keeping files. Names follow the hosted SDK."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from pinakes.client.checks import made, media_kinds, one_of, several, spoken, tag_words, title_text, within
from pinakes.client.deleting import delete_several, retagged
from pinakes.client.file_contents import FileContents
from pinakes.client.saved_pages import MOST_TAGS
from pinakes.client.sources import Source, all_items, one_item
from pinakes.client.thumbnails import thumbnail_url
from pinakes.client.uploading import Listeners, Way, intake_of
from pinakes.core.batches import StorageTarget, UploadBatch
from pinakes.core.callbacks import FileCompleteEvent, UploadProgressEvent
from pinakes.core.files import FileFilter, FileRecord, MediaType
from pinakes.core.uploads import BatchUploadResults, UploadResult
from pinakes.core.user_files import (
    BatchDeleteFilesResponse,
    DeleteFileResult,
    FileList,
    RestoreFilesResult,
    UpdateFileResult,
    UserFile,
    UserFileDetails,
)

_PLACES = ("all", "metadata", "visible_text")
_ORDERS = ("asc", "desc")
_SORTED_BY = (
    "content_created_at",
    "created_at",
    "updated_at",
    "filename",
    "title",
    "size_bytes",
    "media_type",
    "content_type",
    "page_count",
    "folder_path",
)


class FilesResource(FileContents):
    """Files of one library: take in, look up, search."""

    async def upload(
        self,
        file: Source,
        *,
        filename: str | None = None,
        folder_id: str | None = None,
        folder_path: str = "",
        project_id: str | None = None,
        storage_target: StorageTarget | str = "default",
        title: str | None = None,
        tags: Sequence[str] = (),
        skip_duplicates: bool = True,
        content_category: str | None = None,
        wait: bool = True,
        raise_on_failure: bool = True,
        timeout: float | None = None,
    ) -> UploadResult:
        """Take in one file and return when it is searchable, or at once with `wait=False`.

        Args:
            file: A path, bytes together with `filename`, or a file opened in binary mode.
            folder_id, folder_path: Where it goes; the path is made if needed.
            project_id: A workspace of yours that `list` can be narrowed to.
            storage_target: "default", or "custom" for the second store that the setting `custom_storage` names.
            skip_duplicates: Answer with the file already there when its content is known.
            content_category: What it is, in a word: a hint for readers, searches and agents.
            timeout: Seconds to wait for it to be searchable.

        Raises:
            PathError, UnsupportedFileError, EmptyFileError, FileTooLargeError: Nothing was taken in.
            DocumentProcessingError, PinakesTimeoutError: It was taken in but could not be read, or not in time
                (unless `raise_on_failure=False`).
            ConfigurationError: There is no second store.
        """
        place = await self._uploader.place(folder_id, folder_path)
        item = await asyncio.to_thread(one_item, file, filename, place)
        way = Way(
            tags=tag_words(tags),
            title=title_text(title),
            skip_duplicates=skip_duplicates,
            intake=intake_of(project_id, storage_target, content_category),
            wait=wait,
            timeout=timeout,
        )
        return await self._uploader.one(item, way, raise_on_failure=raise_on_failure)

    async def upload_batch(
        self,
        files: Source | Sequence[Source],
        *,
        filenames: Sequence[str] | None = None,
        recursive: bool = True,
        include_hidden: bool = False,
        folder_id: str | None = None,
        folder_path: str | None = None,
        project_id: str | None = None,
        storage_target: StorageTarget | str = "default",
        tags: Sequence[str] = (),
        skip_duplicates: bool = True,
        content_category: str | None = None,
        wait: bool = True,
        timeout: float | None = None,
        on_progress: Callable[[UploadProgressEvent], None] | None = None,
        on_file_complete: Callable[[FileCompleteEvent], None] | None = None,
    ) -> BatchUploadResults:
        """Take in files, folders and patterns such as "scans/*.pdf"; one that fails never stops the others.

        A folder's inner folders become folders of the library, under `folder_path` if given, else under the
        folder's own name. However many files there are, they are one batch, which `get_batch` finds again.

        Returns:
            One result per file found, in order; `failed()` says which could not be taken in, and why.

        Raises:
            BatchLimitError: 200 batches are unfinished.
        """
        placed = folder_id is not None or folder_path is not None
        base = await self._uploader.place(folder_id, folder_path) if placed else None
        items = await asyncio.to_thread(
            all_items, files, filenames, base=base, recursive=recursive, include_hidden=include_hidden
        )
        way = Way(
            tags=tag_words(tags),
            skip_duplicates=skip_duplicates,
            intake=intake_of(project_id, storage_target, content_category),
            wait=wait,
            timeout=timeout,
        )
        return await self._uploader.many(
            items, way, Listeners(progress=on_progress, complete=on_file_complete)
        )

    async def get_batch(self, batch_id: str) -> UploadBatch:
        """Return a batch with each of its files as it is now. Raises ResourceNotFoundError."""
        return await self._library.catalog.get_batch(batch_id)

    async def cancel_batch(self, batch_id: str) -> UploadBatch:
        """Stop waiting for the files of a batch that have not come; those that are in the library stay.

        Raises ResourceNotFoundError.
        """
        return await self._uploader.cancel(batch_id)

    async def list_batches(self, *, limit: int = 20, offset: int = 0) -> list[UploadBatch]:
        """Return batches, newest first; they are kept for 30 days. Raises ValidationError."""
        within("limit", limit, 1, 100)
        within("offset", offset, 0, 2**31)
        return (await self._library.catalog.list_batches(limit=limit, offset=offset))[0]

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
        folder_id: str | None = None,
        folder_path: str | None = None,
        project_id: str | None = None,
        content_category: str | None = None,
        limit: int = 20,
        offset: int = 0,
        sort_by: str = "content_created_at",
        sort_order: str = "desc",
    ) -> FileList:
        """Return a page of files, newest content first by default.

        Args:
            search: Words that occur as they stand, without regard to case.
            search_mode: Where: "metadata" (names, titles, tags), "visible_text" (on pictures and in videos), or "all"
                of it and descriptions.
            has_description: Whether a model has described them.
            folder_id, folder_path: In this folder alone; in this one and those below it.

        Raises:
            ValidationError: An unknown field, order or mode, or a limit outside 1–1,000.
        """
        within("limit", limit, 1, 1000)
        within("offset", offset, 0, 2**31)
        one_of("search_mode", search_mode, _PLACES)
        one_of("sort_order", sort_order, _ORDERS)
        one_of("sort_by", sort_by, _SORTED_BY)
        where = made(
            FileFilter,
            ids=several("ids", ids) if ids is not None else None,
            media_types=media_kinds(media_types),
            tags=several("tags", tags) if tags else None,
            words=spoken(search, name="search") if search else None,
            words_in=search_mode,
            folder_id=folder_id,
            folder_path=folder_path,
            project_id=project_id,
            content_category=content_category,
            described=has_description,
            taken_from=date_from,
            taken_to=date_to,
        )
        order = ("-" if sort_order == "desc" else "") + sort_by
        page = await self._library.catalog.list_files(where, limit=limit, offset=offset, order=order)
        shown = tuple([await self._listed(record) for record in page.items])
        return FileList(files=shown, total_count=page.total, has_more=offset + len(shown) < page.total)

    async def list_all(
        self,
        *,
        search: str | None = None,
        search_mode: str = "all",
        tags: Sequence[str] | None = None,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        has_description: bool | None = None,
        media_types: Sequence[str] | None = None,
        sort_by: str = "content_created_at",
        sort_order: str = "desc",
        page_size: int = 50,
        **more: Any,
    ) -> AsyncIterator[UserFile]:
        """Yield all files that fit the filters of `list`."""
        filters: dict[str, Any] = {
            "search": search,
            "search_mode": search_mode,
            "tags": tags,
            "date_from": date_from,
            "date_to": date_to,
            "has_description": has_description,
            "media_types": media_types,
            "sort_by": sort_by,
            "sort_order": sort_order,
            **more,
        }
        offset, has_more = 0, True
        while has_more:
            page = await self.list(limit=page_size, offset=offset, **filters)
            for file in page.files:
                yield file
            has_more, offset = page.has_more, offset + page_size

    async def get(self, file_id: str) -> UserFileDetails:
        """Return all that is known of a file. Raises ResourceNotFoundError."""
        record = await self._library.catalog.get_file(file_id)
        return UserFileDetails.of(record).model_copy(update=await self._addresses(record))

    async def update(
        self, file_id: str, *, title: str | None = None, tags: Sequence[str] | None = None
    ) -> UpdateFileResult:
        """Give a file another title or other tags; new tags are journaled, so that `client.undo()` takes them back.

        Raises:
            ResourceNotFoundError: There is no such file.
            ValidationError: The title has more than 255 characters, or there are more than 40 tags.
            ChangeError: A tag is no tag.
        """
        record = await self._library.catalog.get_file(file_id)
        line, wanted = title_text(title), several("tags", tags or ())
        within("the number of tags", len(wanted), 0, MOST_TAGS)
        if tags is not None:  # first: they may be refused, and then nothing is to change
            await retagged(self._library, record, wanted)
        if title is not None:
            await self._library.catalog.set_title(file_id, line)
            await self._library.sync_index()
        now = await self._library.catalog.get_file(file_id)
        return UpdateFileResult(id=now.id, title=now.title, tags=now.tags, updated_at=now.updated_at)

    async def delete(self, file_id: str) -> DeleteFileResult:
        """Remove a file from everything; `restore` brings it back for 30 days. Raises ResourceNotFoundError."""
        await self._library.catalog.get_file(file_id)
        await self._library.delete([file_id])
        return DeleteFileResult(
            id=file_id, deleted_at=datetime.now(UTC), message="Deleted; it can be restored for 30 days."
        )

    async def batch_delete(self, file_ids: Sequence[str]) -> BatchDeleteFilesResponse:
        """Remove 1 to 100 files; those that are not there are skipped. Raises ValidationError."""
        return await delete_several(self._library, several("file_ids", file_ids))

    async def restore(self, file_ids: str | Sequence[str]) -> RestoreFilesResult:
        """Bring deleted files back. Raises ChangeError for one that never was there or is gone for good."""
        ids = several("file_ids", file_ids)
        return RestoreFilesResult(restored=await self._library.restore(ids), total_requested=len(ids))

    async def _listed(self, record: FileRecord) -> UserFile:
        if record.thumbnail_sha256 is None:
            return UserFile.of(record)
        url = await thumbnail_url(self._library.blobs.get(record.thumbnail_sha256))
        return UserFile.of(record).model_copy(update={"thumbnail_url": url})

    async def _addresses(self, record: FileRecord) -> dict[str, Any]:
        """Return where a file and its copies are."""
        made = await self._copies.made(record)
        found: dict[str, Any] = {
            "variant_count": len(made),
            "variant_status": "completed" if made else "pending",
        }
        if record.thumbnail_sha256 is not None:
            found["thumbnail_url"] = await thumbnail_url(self._library.blobs.get(record.thumbnail_sha256))
        if medium := made.get("medium_750"):
            found["medium_url"] = medium.as_uri()
        if await self._library.blobs.exists(record.sha256):
            address = (await self._library.blobs.local_path(record.sha256)).as_uri()
            found |= {"original_url": address, "full_url": address}
            by_kind = {MediaType.VIDEO: "video_url", MediaType.DOCUMENT: "document_url"}
            found |= {by_kind[record.media_type]: address} if record.media_type in by_kind else {}
        return found
