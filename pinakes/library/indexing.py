"""Making the index follow the catalog: in batches, resumable, with bounded memory.

The outbox is followed by the collection of chunks in use; all others note which files they missed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass

from pinakes.core.failpoints import reach
from pinakes.core.files import Chunk, FileRecord
from pinakes.library.collection_states import CollectionState
from pinakes.library.filling import Filler
from pinakes.library.search_text import meaning_text, term_text
from pinakes.ports.catalog import OutboxEntry
from pinakes.ports.embedder import Embedder, TermEncoder, is_local
from pinakes.ports.index import IndexPoint

Progress = Callable[[int, int], None]
"""Called with how many chunks are indexed and how many there are to index in this round."""

FORMAT = 1
"""Raise when the text that is embedded or the points' shape changes: every index is then rebuilt."""

_BATCH = 64  # chunks embedded and written at once
_ROUND = 32  # files followed at once
_PIECE = 256  # chunks of one file in memory at once
_QUEUED = 10_000  # outbox entries that a rebuild looks for files it has just taken in


@dataclass(frozen=True)
class Indexer(Filler):
    """Keeps the chunks of a tenant's files in their collection, and empties the outbox."""

    embedder: Embedder
    terms: TermEncoder

    @property
    def model(self) -> str:
        """The embedder's name."""
        return self.embedder.name

    @property
    def local(self) -> bool:
        """Whether embedding costs nothing but time."""
        return is_local(self.embedder)

    @property
    def made_by(self) -> str:
        """Embedder, term encoder and format."""
        parts = {
            "embedder": self.embedder.name,
            "dimensions": self.embedder.dimensions,
            "terms": self.terms.name,
            "format": FORMAT,
        }
        return json.dumps(parts, sort_keys=True)

    def weight(self, file: FileRecord) -> int:
        """Return how many chunks a file has."""
        return file.chunk_count

    async def total(self) -> int:
        """Return how many chunks all files have."""
        return await self.catalog.chunk_total()

    async def forget_others(self, but: Collection[str] = ()) -> tuple[str, ...]:
        """Delete the tenant's vectors in all other collections, `but` some, and return these collections' names."""
        states = await self.states() or {}
        others = tuple(name for name in states if name not in {self.index.collection, *but})
        for name in others:
            await self.index.forget(self.tenant, name)
        reach("reindex.forgotten")
        await self.all.write({name: state for name, state in states.items() if name not in others})
        return others

    async def drain(self, on_progress: Progress | None = None) -> int:
        """Follow all outbox entries and return how many; what fails stays queued."""
        followed = 0
        while entries := await self.catalog.outbox(_ROUND):
            await self._follow(entries, on_progress)
            await self.followed(entries)
            followed += len(entries)
        return followed

    async def ready(self) -> bool:
        """Return whether the collection holds everything; that of a new library does."""
        if await self.states() is None:
            await self._start_over()
            await self._keep(CollectionState(made_by=self.made_by, cursor=None))
            return True
        return await super().ready()

    async def queued(self) -> list[OutboxEntry]:
        """Return the oldest outbox entries."""
        return await self.catalog.outbox(_QUEUED)

    async def followed(self, entries: Sequence[OutboxEntry]) -> None:
        """Forget outbox entries; the other collections note first what they missed."""
        if not entries:
            return
        states = await self.states() or {}
        changed = [entry.file_id for entry in entries]
        others = {n: s.missed(changed) for n, s in states.items() if n != self.index.collection}
        if others:
            await self.all.write({**states, **others})
        await self.catalog.outbox_done([entry.id for entry in entries])

    async def _follow(self, entries: Sequence[OutboxEntry], on_progress: Progress | None) -> None:
        await self.index.delete_files(self.tenant, [entry.file_id for entry in entries])
        files = await self.catalog.get_files([entry.file_id for entry in entries if entry.op == "index"])
        done, total = 0, sum(file.chunk_count for file in files)
        async for batch in self._batches(files):
            await self.index.upsert(self.tenant, await self._points(batch))
            done += len(batch)
            if on_progress is not None:
                on_progress(done, total)

    async def take_in(self, file_ids: Sequence[str], on_progress: Callable[[int], None] | None) -> list[str]:
        """Make the collection hold these files' chunks; every chunk has its point."""
        await self.index.delete_files(self.tenant, file_ids)  # what a killed round left of them
        async for batch in self._batches(await self.catalog.get_files(file_ids)):
            await self.index.upsert(self.tenant, await self._points(batch))
            reach("reindex.batch")
            if on_progress is not None:
                on_progress(len(batch))
        return []

    async def _batches(self, files: Sequence[FileRecord]) -> AsyncIterator[list[tuple[Chunk, FileRecord]]]:
        """Yield chunks in full batches, across files: many pictures with one chunk each cost few calls."""
        batch: list[tuple[Chunk, FileRecord]] = []
        for file in files:
            async for chunk in self.chunks(file):
                batch.append((chunk, file))
                if len(batch) == _BATCH:
                    yield batch
                    batch = []
        if batch:
            yield batch

    async def chunks(self, file: FileRecord) -> AsyncIterator[Chunk]:
        """Yield a file's chunks in order, few in memory at once."""
        start = 0
        while piece := await self.catalog.file_chunks(file.id, start=start, limit=_PIECE):
            for chunk in piece:
                yield chunk
            start = piece[-1].ordinal + 1

    async def _points(self, batch: Sequence[tuple[Chunk, FileRecord]]) -> list[IndexPoint]:
        dense = await self.embedder.aembed_documents([meaning_text(chunk) for chunk, _ in batch])
        said = [term_text(chunk, file) for chunk, file in batch]
        terms = await asyncio.to_thread(self.terms.encode, said)
        return [
            IndexPoint(
                id=chunk.id, file_id=file.id, media_type=str(file.media_type), dense=tuple(vector), terms=term
            )
            for (chunk, file), vector, term in zip(batch, dense, terms, strict=True)
        ]
