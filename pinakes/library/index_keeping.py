"""When the index follows the catalog, and when it is made anew: by itself only where that costs nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

from pinakes.core.errors import LibraryError, ReindexNeededError
from pinakes.core.files import Chunk, FileRecord
from pinakes.library.indexing import Indexer, Progress
from pinakes.ports.embedder import is_local

_REINDEX = (
    "The index lacks vectors of {}: run `pinakes reindex` to make them (`--dry-run` says how many), or go back to the "
    "embedder that was used before."
)
_log = logging.getLogger(__name__)


class IndexKeeper:
    """Keeps one tenant's index in step; calls may come at once and wait for each other."""

    def __init__(self, indexer: Indexer) -> None:
        self._indexer = indexer
        self._usable = False
        self._told = False
        self.busy = asyncio.Lock()
        self._reindexing = asyncio.Lock()

    async def sync(self, on_progress: Progress | None = None) -> int:
        """Follow the catalog and return how many changes were followed; none while a reindex is needed."""
        async with self.busy:
            rebuilt = 0 if self._usable else await self._prepare(on_progress)
            if not self._usable:
                return 0
            return rebuilt + await self._indexer.drain(on_progress)

    async def ensure(self) -> None:
        """Return when the index can be searched. Raises ReindexNeededError, ModelError, LibraryError."""
        if not self._usable:
            await self.sync()
        if not self._usable:
            raise ReindexNeededError(self._needed, embedder=self._indexer.embedder.name)

    async def lacking(self) -> bool:
        """Return whether the index lacks files, not counting changes that it is about to follow."""
        async with self.busy:
            return not (self._usable or await self._indexer.ready())

    async def reindex(self, on_progress: Progress | None, fresh: bool) -> int:
        """Take in what is missing, or all, delete other collections, and return how many files went in."""
        async with self._reindexing:
            files = 0
            if fresh or await self.lacking():
                counted = await self._counted(on_progress, fresh)
                async with self.busy:
                    self._usable = False
                    await self._indexer.begin(fresh=fresh)
                while done := await self._step(counted):
                    files += done
                async with self.busy:
                    await self._use()
            await self.sync(on_progress)
            await self._forget_others()
        return files

    def unindexed(self, *, fresh: bool = False) -> AsyncIterator[FileRecord]:
        """Yield the files that `reindex` would take in."""
        return self._indexer.pending(fresh=fresh)

    def chunks(self, file: FileRecord) -> AsyncIterator[Chunk]:
        """Yield a file's chunks in order."""
        return self._indexer.chunks(file)

    async def _prepare(self, on_progress: Progress | None) -> int:
        """Make the index usable where that costs nothing, and return how many files went in for that."""
        if await self._indexer.ready():
            self._usable = True
            return 0
        if not is_local(self._indexer.embedder):
            if not self._told:
                _log.warning(self._needed)
            self._told = True
            return 0
        _log.info("the index of tenant %s is rebuilt", self._indexer.tenant)
        counted, files = await self._counted(on_progress), 0
        await self._indexer.begin()
        while done := await self._indexer.step(counted):
            files += done
        await self._use()
        return files

    async def _step(self, counted: Callable[[int], None]) -> int:
        async with self.busy:  # anew for every step: uploads and deletes come in between
            return await self._indexer.step(counted)

    async def _use(self) -> None:
        if not await self._indexer.complete():
            raise LibraryError("The index lost points while it was made: run `pinakes reindex --all`.")
        self._usable = True

    async def _forget_others(self) -> None:
        async with self.busy:
            for name in await self._indexer.forget_others():
                _log.info("the index %s of tenant %s is deleted", name, self._indexer.tenant)

    async def _counted(self, on_progress: Progress | None, fresh: bool = False) -> Callable[[int], None]:
        return _Counted(sum([f.chunk_count async for f in self.unindexed(fresh=fresh)]), on_progress)

    @property
    def _needed(self) -> str:
        return _REINDEX.format(self._indexer.embedder.name)


class _Counted:
    """Turns single batches into how far it all is."""

    def __init__(self, total: int, tell: Progress | None) -> None:
        self._done, self._total, self._tell = 0, total, tell

    def __call__(self, chunks: int) -> None:
        self._done += chunks
        if self._tell is not None:
            self._tell(self._done, max(self._done, self._total))
