"""`client.upload` and `client.upload_one`: `client.uploads` in one word less."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from pinakes.client.sources import Source
from pinakes.client.uploads import UploadResource
from pinakes.core.batches import StorageTarget
from pinakes.core.callbacks import (
    DescriptionFailedEvent,
    DescriptionProgressEvent,
    FileCompleteEvent,
    UploadProgressEvent,
)
from pinakes.core.uploads import BatchUploadResults, UploadResult


class _Uploading(Protocol):
    @property
    def uploads(self) -> UploadResource: ...


class UploadShortcuts:
    """What a client with `uploads` has besides."""

    async def upload_one(
        self: _Uploading,
        file: Source,
        *,
        filename: str | None = None,
        wait_for_descriptions: bool = True,
        raise_on_failure: bool = True,
        description_timeout: float | None = None,
        storage_target: StorageTarget | str = StorageTarget.DEFAULT,
    ) -> UploadResult:
        """Take in one file; see `uploads.upload_one`."""
        return await self.uploads.upload_one(
            file,
            filename=filename,
            wait_for_descriptions=wait_for_descriptions,
            raise_on_failure=raise_on_failure,
            description_timeout=description_timeout,
            storage_target=storage_target,
        )

    async def upload(
        self: _Uploading,
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
        """Take in a file, several, a folder or a pattern; see `uploads.upload`."""
        return await self.uploads.upload(
            files,
            filename=filename,
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
