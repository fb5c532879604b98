"""`client.uploads`: taking files in with callbacks for every step. Names follow the hosted SDK."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from pinakes.client.quota import Quota
from pinakes.client.sources import Source, all_items, one_item
from pinakes.client.uploading import Listeners, Uploader, Way, check_in_time, intake_of
from pinakes.core.batches import StorageTarget
from pinakes.core.callbacks import (
    DescriptionFailedEvent,
    DescriptionProgressEvent,
    FileCompleteEvent,
    UploadProgressEvent,
)
from pinakes.core.errors import PinakesTimeoutError, ValidationError
from pinakes.core.uploads import BatchUploadResults, DescriptionStatus, QuotaInfo, UploadResult
from pinakes.library.library import Library


class UploadResource:
    """Uploads into one library; a "description" here is that a file is read and searchable."""

    def __init__(self, library: Library, uploader: Uploader, quota: Quota) -> None:
        self._library = library
        self._uploader = uploader
        self._quota = quota

    async def upload_one(
        self,
        file: Source,
        *,
        filename: str | None = None,
        wait_for_descriptions: bool = True,
        raise_on_failure: bool = True,
        description_timeout: float | None = None,
        storage_target: StorageTarget | str = StorageTarget.DEFAULT,
    ) -> UploadResult:
        """Take in one file.

        Args:
            file: A path, bytes together with `filename`, or a file opened in binary mode.
            description_timeout: Seconds to wait for it to be searchable.

        Raises:
            PathError, UnsupportedFileError, EmptyFileError, FileTooLargeError: Nothing was taken in.
            DocumentProcessingError, PinakesTimeoutError: It was taken in but could not be read, or not in time
                (unless `raise_on_failure=False`).
        """
        item = await asyncio.to_thread(one_item, file, filename, "")
        way = Way(
            intake=intake_of(None, storage_target, None),
            wait=wait_for_descriptions,
            timeout=description_timeout,
        )
        return await self._uploader.one(item, way, raise_on_failure=raise_on_failure)

    async def upload(
        self,
        files: Source | Sequence[Source],
        *,
        filename: str | None = None,
        filenames: Sequence[str] | None = None,
        recursive: bool = True,
        include_hidden: bool = False,
        wait_for_descriptions: bool = True,
        raise_on_failure: bool = True,
        description_timeout: float | None = None,
        on_progress: Callable[[UploadProgressEvent], None] | None = None,
        on_file_complete: Callable[[FileCompleteEvent], None] | None = None,
        on_description_progress: Callable[[DescriptionProgressEvent], None] | None = None,
        on_description_failed: Callable[[DescriptionFailedEvent], None] | None = None,
        storage_target: StorageTarget | str = StorageTarget.DEFAULT,
    ) -> BatchUploadResults:
        """Take in a file, several, a folder or a pattern such as "photos/*.jpg"; one that fails never stops the others.

        Args:
            filename, filenames: The name of a single file, and one for each of several.
            raise_on_failure: Raise when all are done, instead of leaving it to `results.failed()`.

        Raises:
            UploadError: Files could not be taken in; `details["failures"]` says why.
            PinakesTimeoutError: Files are still being read.
            BatchLimitError: 200 batches are unfinished.
        """
        if filename is not None and filenames is not None:
            raise ValidationError("Give either filename or filenames.")
        names = [filename] if filename is not None else filenames
        items = await asyncio.to_thread(
            all_items, files, names, recursive=recursive, include_hidden=include_hidden
        )
        way = Way(
            intake=intake_of(None, storage_target, None),
            wait=wait_for_descriptions,
            timeout=description_timeout,
        )
        listeners = Listeners(on_progress, on_file_complete, on_description_progress, on_description_failed)
        results = await self._uploader.many(items, way, listeners)
        if raise_on_failure:
            results.raise_on_failures()
            if wait_for_descriptions:
                check_in_time(results, description_timeout)
        return results

    async def upload_batch(
        self,
        files: Source | Sequence[Source],
        *,
        filenames: Sequence[str] | None = None,
        recursive: bool = True,
        include_hidden: bool = False,
        wait_for_descriptions: bool = True,
        raise_on_failure: bool = True,
        description_timeout: float | None = None,
        on_progress: Callable[[UploadProgressEvent], None] | None = None,
        on_file_complete: Callable[[FileCompleteEvent], None] | None = None,
        on_description_progress: Callable[[DescriptionProgressEvent], None] | None = None,
        on_description_failed: Callable[[DescriptionFailedEvent], None] | None = None,
        storage_target: StorageTarget | str = "default",
    ) -> BatchUploadResults:
        """Take in several files; see `upload`."""
        return await self.upload(
            files,
            filenames=filenames,
            recursive=recursive,
            include_hidden=include_hidden,
            wait_for_descriptions=wait_for_descriptions,
            raise_on_failure=raise_on_failure,
            description_timeout=description_timeout,
            on_progress=on_progress,
            on_file_complete=on_file_complete,
            on_description_progress=on_description_progress,
            on_description_failed=on_description_failed,
            storage_target=storage_target,
        )

    async def check_quota(self, file_count: int = 1) -> QuotaInfo:
        """Return whether so many files may be uploaded. Raises ValidationError."""
        return await self._quota.images(file_count)

    async def wait_for_description(
        self, image_id: str, *, timeout: float | None = None, poll_interval: float | None = None
    ) -> DescriptionStatus:
        """Return when a file is searchable or has failed; nothing is polled, so `poll_interval` says nothing.

        Raises:
            ResourceNotFoundError: There is no such file.
            PinakesTimeoutError: It took longer than `timeout` seconds.
        """
        record = await self._library.catalog.get_file(image_id)
        status = DescriptionStatus((await self._uploader.settled(record, timeout)).status.value)
        if status not in (DescriptionStatus.COMPLETED, DescriptionStatus.FAILED):
            raise PinakesTimeoutError(
                f"The file is still being read after {timeout} seconds: wait longer.", image_id=image_id
            )
        return status
