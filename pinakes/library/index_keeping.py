"""When the index follows the catalog, and when it is made anew: by itself only where that costs nothing."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable

from pinakes.core.errors import LibraryError, ModelError, ReindexNeededError
from pinakes.core.files import Chunk, FileRecord
from pinakes.library.filling import Filler
from pinakes.library.indexing import Indexer, Progress
from pinakes.library.picture_indexing import PictureIndexer

_REINDEX = (
    "The index lacks vectors of {}: run `pinakes reindex` to make them (`--dry-run` says how many), or go back to the "
    "embedder that was used before."
)
_PATIENCE, _BRIEFLY = 10.0, 1.0
"""Seconds that a search by looks waits for image vectors that are missing, and any change of the library."""

_log = logging.getLogger(__name__)


class IndexKeeper:
    """Keeps one tenant's index in step; calls may come at once and wait for each other.

    Args:
        indexer: Of the chunks, which searches need.
        pictures: Of image vectors, which they can do without: those are made bit by bit.
    """

    def __init__(self, indexer: Indexer, pictures: PictureIndexer | None = None) -> None:
        self._indexer = indexer
        self._pictures = pictures
        self._usable = False
        self._whole = False
        self._told = False
        self.busy = asyncio.Lock()
        self._reindexing = asyncio.Lock()

    async def sync(self, on_progress: Progress | None = None) -> int:
        """Follow the catalog and return how many changes were followed; none while a reindex is needed."""
        followed = await self._sync(on_progress)
        try:
            await self._look_on(_BRIEFLY)
        except ModelError as error:  # a file is no worse for it: the next call tries again
            _log.warning("image vectors are yet to be made: %s", error.message)
        return followed

    async def ensure(self) -> None:
        """Return when the index can be searched. Raises ReindexNeededError, ModelError, LibraryError."""
        if not self._usable:
            await self._sync(None)
        if not self._usable:
            raise ReindexNeededError(self._needed, embedder=self._indexer.model)

    async def ensure_pictures(self) -> None:
        """Return when image vectors can be searched, or some that are missing have been waited for long enough.

        Raises ReindexNeededError, ModelError, LibraryError.
        """
        await self.ensure()
        await self._look_on(_PATIENCE)

    @property
    def all_seen(self) -> bool:
        """Whether every picture has its image vector, as far as is known."""
        return self._whole

    async def lacking(self) -> bool:
        """Return whether the index lacks files, not counting changes that it is about to follow."""
        async with self.busy:
            return not (self._usable or await self._indexer.ready())

    async def reindex(self, on_progress: Progress | None, fresh: bool) -> tuple[int, int]:
        """Take in what is missing, or all, delete other collections, and return how many files and pictures went in.

        Args:
            on_progress: Called after every batch with the texts and pictures done so far, and all there are.
        """
        async with self._reindexing:
            parts: list[Filler] = [self._indexer, *([self._pictures] if self._pictures else [])]
            lacking = [part for part in parts if fresh or await self._lacks(part)]
            counted = _Counted(sum([await self._weight(part, fresh) for part in lacking]), on_progress)
            files = await self._refill(self._indexer, counted, fresh) if self._indexer in lacking else 0
            await self._sync(on_progress if not lacking else None)
            before = counted.done
            if self._pictures is not None and self._pictures in lacking:
                await self._refill(self._pictures, counted, fresh)
            pictures = counted.done - before
            await self._look_on(_PATIENCE)
            await self._forget_others()
        return files, pictures

    def unindexed(self, *, fresh: bool = False) -> AsyncIterator[FileRecord]:
        """Yield the files that `reindex` would take in."""
        return self._indexer.pending(fresh=fresh)

    async def unseen(self, *, fresh: bool = False) -> int:
        """Return of how many pictures `reindex` would make image vectors."""
        if self._pictures is None or not (fresh or await self._lacks(self._pictures)):
            return 0
        return await self._weight(self._pictures, fresh)

    def chunks(self, file: FileRecord) -> AsyncIterator[Chunk]:
        """Yield a file's chunks in order."""
        return self._indexer.chunks(file)

    async def _sync(self, on_progress: Progress | None) -> int:
        async with self.busy:
            rebuilt = 0 if self._usable else await self._prepare(on_progress)
            if not self._usable:
                return 0
            followed = await self._indexer.drain(on_progress)
            self._whole = self._whole and not followed
            return rebuilt + followed

    async def _prepare(self, on_progress: Progress | None) -> int:
        """Make the index usable where that costs nothing, and return how many files went in for that."""
        if await self._indexer.ready():
            self._usable = True
            return 0
        if not self._indexer.local:
            if not self._told:
                _log.warning(self._needed)
            self._told = True
            return 0
        _log.info("the index of tenant %s is rebuilt", self._indexer.tenant)
        counted, files = _Counted(await self._weight(self._indexer, False), on_progress), 0
        await self._indexer.begin()
        while done := await self._indexer.step(counted):
            files += done
        await self._use(self._indexer)
        return files

    async def _look_on(self, seconds: float) -> None:
        """Make image vectors that are missing: at least the next ones, and more as far as the time goes."""
        pictures = self._pictures
        if pictures is None or self._whole or not self._usable:
            return
        async with self.busy:
            self._whole = await pictures.ready()
            if self._whole or not (pictures.local or await pictures.filled()):
                return
            await pictures.begin()
        until = time.monotonic() + seconds
        while await self._step(pictures, lambda _: None):
            if time.monotonic() > until:
                _log.info("image vectors of tenant %s are yet to be made: `pinakes reindex`", pictures.tenant)
                return
        self._whole = True

    async def _lacks(self, part: Filler) -> bool:
        async with self.busy:
            return not ((part is self._indexer and self._usable) or await part.ready())

    async def _refill(self, part: Filler, counted: Callable[[int], None], fresh: bool) -> int:
        """Go through all that a collection lacks and return how many files that were."""
        files = 0
        async with self.busy:
            self._know(part, False)
            await part.begin(fresh=fresh)
        while done := await self._step(part, counted):
            files += done
        async with self.busy:
            await self._use(part)
        return files

    async def _step(self, part: Filler, counted: Callable[[int], None]) -> int:
        async with self.busy:  # anew for every step: uploads and deletes come in between
            return await part.step(counted)

    async def _use(self, part: Filler) -> None:
        if not await part.complete():
            raise LibraryError("The index lost points while it was made: run `pinakes reindex --all`.")
        self._know(part, True)

    def _know(self, part: Filler, whole: bool) -> None:
        if part is self._indexer:
            self._usable = whole
        else:
            self._whole = whole

    async def _forget_others(self) -> None:
        used = [self._pictures.index.collection] if self._pictures else []
        async with self.busy:
            for name in await self._indexer.forget_others(used):
                _log.info("the index %s of tenant %s is deleted", name, self._indexer.tenant)

    async def _weight(self, part: Filler, fresh: bool) -> int:
        return sum([part.weight(file) async for file in part.pending(fresh=fresh)])

    @property
    def _needed(self) -> str:
        return _REINDEX.format(self._indexer.model)


class _Counted:
    """Turns single batches into how far it all is."""

    def __init__(self, total: int, tell: Progress | None) -> None:
        self.done, self._total, self._tell = 0, total, tell

    def __call__(self, weight: int) -> None:
        self.done += weight
        if self._tell is not None:
            self._tell(self.done, max(self.done, self._total))
