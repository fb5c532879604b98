"""What may still be uploaded: an own library knows no monthly limit, but its disk and its open batches."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pinakes.client.checks import within
from pinakes.core.batches import MAX_BATCH_FILES, MAX_OPEN_BATCHES
from pinakes.core.documents import DocumentQuotaCheck
from pinakes.core.files import FileFilter, MediaType
from pinakes.core.sessions import UNLIMITED
from pinakes.core.uploads import QuotaInfo
from pinakes.library.library import Library

_RESERVE = 100_000_000
"""Bytes that stay free: a full disk harms more than this library."""


@dataclass(frozen=True)
class _Room:
    used: int
    free: int
    open_batches: int

    @property
    def problem(self) -> str | None:
        if self.free <= 0:
            return "The disk is full: make room first."
        if self.open_batches >= MAX_OPEN_BATCHES:
            return f"{self.open_batches} batches are unfinished: wait until one is done."
        return None


class Quota:
    """Measures the room there is."""

    def __init__(self, library: Library, folder: Path) -> None:
        self._library = library
        self._folder = folder

    async def images(self, file_count: int) -> QuotaInfo:
        """Return whether so many files may be uploaded. Raises ValidationError."""
        within("file_count", file_count, 1, UNLIMITED)
        room = await self._room()
        month = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        this_month = (await self._library.catalog.list_files(FileFilter(added_from=month), limit=1)).total
        return QuotaInfo(
            can_proceed=room.problem is None,
            requested=file_count,
            available=UNLIMITED - this_month,
            monthly_limit=UNLIMITED,
            current_usage=this_month,
            message=room.problem,
            max_batch_size=MAX_BATCH_FILES,
            max_concurrent_uploads=MAX_OPEN_BATCHES,
            storage_used_bytes=room.used,
            storage_free_bytes=room.free,
        )

    async def documents(self, file_count: int) -> DocumentQuotaCheck:
        """Return whether so many documents may be uploaded. Raises ValidationError."""
        within("file_count", file_count, 1, UNLIMITED)
        room = await self._room()
        kind = FileFilter(media_types=(MediaType.DOCUMENT,))
        return DocumentQuotaCheck(
            can_proceed=room.problem is None,
            document_count=(await self._library.catalog.list_files(kind, limit=1)).total,
            document_limit=UNLIMITED,
            storage_used_bytes=room.used,
            storage_limit_bytes=room.used + room.free,
            message=room.problem or "There is room.",
        )

    async def _room(self) -> _Room:
        free = (await asyncio.to_thread(shutil.disk_usage, self._folder)).free - _RESERVE
        return _Room(
            used=await self._library.catalog.storage_used(),
            free=max(0, free),
            open_batches=await self._library.catalog.open_batches(datetime.now(UTC)),
        )
