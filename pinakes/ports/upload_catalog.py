"""What a catalog knows of uploads and of the colours of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from pinakes.core.batches import BatchItem, UploadBatch
from pinakes.core.colors import Palette, PaletteColour, PaletteMatch, PaletteQuery
from pinakes.core.files import Failure


@runtime_checkable
class UploadCatalog(Protocol):
    """Batches of uploads."""

    async def add_batch(self, batch: UploadBatch, *, at: datetime, most_open: int) -> None:
        """Insert a batch. Raises BatchLimitError where `most_open` others are unfinished; a single file counts not."""
        ...

    async def get_batch(self, batch_id: str) -> UploadBatch:
        """Return a batch with its files as they are now. Raises ResourceNotFoundError."""
        ...

    async def list_batches(self, *, limit: int = 20, offset: int = 0) -> tuple[list[UploadBatch], int]:
        """Return a page of batches, newest first, and how many there are; single files are none."""
        ...

    async def find_upload(self, object_key: str) -> tuple[UploadBatch, BatchItem]:
        """Return what was asked for under this key. Raises ResourceNotFoundError."""
        ...

    async def settle_upload(
        self,
        batch_id: str,
        object_key: str,
        *,
        file_id: str | None = None,
        failure: Failure | None = None,
        deduplicated: bool = False,
    ) -> None:
        """Record which file an awaited upload became, or why none. Raises ResourceNotFoundError."""
        ...

    async def open_batches(self, at: datetime) -> int:
        """Return how many batches are unfinished and not expired at a moment."""
        ...

    async def forget_batches(self, before: datetime) -> int:
        """Forget batches that were made before a moment, and return how many."""
        ...


@runtime_checkable
class PaletteCatalog(Protocol):
    """Colours of pictures; reading a picture gives it a palette of its few main ones."""

    async def store_palette(self, file_id: str, colours: Sequence[PaletteColour], at: datetime) -> None:
        """Replace a picture's palette by an extracted one. Raises ResourceNotFoundError."""
        ...

    async def palettes(self, file_ids: Sequence[str]) -> dict[str, Palette]:
        """Return the palettes of those of these pictures that have one."""
        ...

    async def search_palettes(
        self, query: PaletteQuery, *, limit: int = 50, offset: int = 0
    ) -> tuple[list[PaletteMatch], int]:
        """Return a page of the completed pictures with such colours, and how many there are.

        Nearest first where a colour is asked for, then by share.
        """
        ...
