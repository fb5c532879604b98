"""Uploads that belong together, each file followed until it is searchable."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from pinakes.core.files import Failure, FileStatus
from pinakes.core.value import Value

MAX_BATCH_FILES = 100
"""Files of one prepared batch; an upload of folders may have more."""
MAX_OPEN_BATCHES = 200
"""Batches of one tenant that may be unfinished at once."""


class StorageTarget(StrEnum):
    """Where a file's bytes go: into the library folder, or into the second store that a setting names."""

    DEFAULT = "default"
    CUSTOM = "custom"


class Intake(Value):
    """What whoever adds a file says of it.

    Attributes:
        project_id: A workspace of theirs, which listings can be narrowed to.
        content_category: What it is, in a word or two: a hint to readers, searches and agents.
        file_id: The id that was promised to it before it came.
    """

    file_id: str | None = Field(default=None, max_length=36)
    project_id: str | None = Field(default=None, max_length=255)
    content_category: str | None = Field(default=None, max_length=64)
    storage: StorageTarget = StorageTarget.DEFAULT


class UploadMethod(StrEnum):
    """How files come in: given at once, or written to a place that was asked for before."""

    STREAMING = "streaming"
    PRESIGNED = "presigned"
    SINGLE = "single"  # one place for one file; no batch that counts


class BatchStatus(StrEnum):
    """How far a batch came."""

    UPLOADING = "uploading"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"  # every file
    EXPIRED = "expired"


class BatchItem(Value):
    """One file of a batch.

    Attributes:
        object_key: Names the file's place before it has an id.
        file_id: Once it is in the library.
        file_status: Of the file in the library; None before it is there, and when it was deleted.
        failure: Why it never came into the library, or could not be read.
    """

    object_key: str
    filename: str
    content_type: str = ""
    size_bytes: int = 0
    storage: StorageTarget = StorageTarget.DEFAULT
    file_id: str | None = None
    file_status: FileStatus | None = None
    failure: Failure | None = None
    deduplicated: bool = False

    @property
    def is_failed(self) -> bool:
        """Whether nothing more comes of it."""
        return self.failure is not None or self.file_status is FileStatus.FAILED

    @property
    def is_completed(self) -> bool:
        """Whether it is searchable, or was and has been deleted since."""
        settled = self.file_status in (FileStatus.COMPLETED, None)
        return self.file_id is not None and settled and not self.is_failed

    @property
    def is_awaited(self) -> bool:
        """Whether its bytes have yet to come."""
        return self.file_id is None and self.failure is None


class UploadBatch(Value):
    """Files that were uploaded together."""

    id: str
    method: UploadMethod
    created_at: datetime
    expires_at: datetime
    items: tuple[BatchItem, ...] = ()

    @property
    def completed_count(self) -> int:
        """How many files are searchable."""
        return sum(item.is_completed for item in self.items)

    @property
    def failed_count(self) -> int:
        """How many files came to nothing."""
        return sum(item.is_failed for item in self.items)

    @property
    def pending_count(self) -> int:
        """How many files have yet to come or to be read."""
        return len(self.items) - self.completed_count - self.failed_count

    def status(self, at: datetime) -> BatchStatus:
        """Return how far the batch is at a moment; what has not come in time is not waited for."""
        if not self.pending_count:
            all_failed = self.items and self.failed_count == len(self.items)
            return BatchStatus.FAILED if all_failed else BatchStatus.COMPLETED
        awaited = sum(item.is_awaited for item in self.items)
        if awaited < self.pending_count:
            return BatchStatus.PROCESSING
        return BatchStatus.EXPIRED if at >= self.expires_at else BatchStatus.UPLOADING
