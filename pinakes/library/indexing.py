"""Making the index follow the catalog: the outbox is drained in batches, memory stays bounded."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from pinakes.core.files import Chunk, FileRecord
from pinakes.library.search_text import meaning_text, term_text
from pinakes.ports.catalog import Catalog, OutboxEntry
from pinakes.ports.embedder import Embedder, TermEncoder
from pinakes.ports.index import IndexPoint, VectorIndex

Progress = Callable[[int, int], None]
"""Called with how many chunks are indexed and how many there are to index in this round."""

FORMAT = 1
"""Raise when the text that is embedded or the points' shape changes: every index is then rebuilt."""

_BATCH = 64  # chunks embedded and written at once
_ROUND = 32  # outbox entries followed at once
_PIECE = 256  # chunks of one file in memory at once
_META = "index"


@dataclass(frozen=True)
class Indexer:
    """Follows a tenant's outbox; one call at a time is the caller's business."""

    tenant: str
    catalog: Catalog
    index: VectorIndex
    embedder: Embedder
    terms: TermEncoder

    async def check(self) -> bool:
        """Queue every completed file again if the index was made otherwise or has lost points; say whether."""
        if await self.catalog.get_value(_META) == self._made_by() and await self._is_complete():
            return False
        return await self.start_over() > 0

    async def start_over(self) -> int:
        """Empty the index, queue every completed file and return how many."""
        await self.index.clear(self.tenant)
        queued = await self.catalog.enqueue_all()
        await self.catalog.set_value(_META, self._made_by())  # last: a crash before it starts over again
        return queued

    async def drain(self, on_progress: Progress | None = None) -> int:
        """Follow all outbox entries and return how many; what fails stays queued."""
        followed = 0
        while entries := await self.catalog.outbox(_ROUND):
            await self._follow(entries, on_progress)
            await self.catalog.outbox_done([entry.id for entry in entries])
            followed += len(entries)
        return followed

    def _made_by(self) -> str:
        parts = {
            "embedder": self.embedder.name,
            "dimensions": self.embedder.dimensions,
            "terms": self.terms.name,
            "format": FORMAT,
        }
        return json.dumps(parts, sort_keys=True)

    async def _is_complete(self) -> bool:
        if await self.catalog.outbox(1):
            return True  # it will be, once it has followed
        return await self.index.count(self.tenant) == await self.catalog.chunk_total()

    async def _follow(self, entries: Sequence[OutboxEntry], on_progress: Progress | None) -> None:
        await self.index.delete_files(self.tenant, [entry.file_id for entry in entries])
        files = await self.catalog.get_files([entry.file_id for entry in entries if entry.op == "index"])
        done, total = 0, sum(file.chunk_count for file in files)
        async for batch in self._batches(files):
            await self.index.upsert(self.tenant, await self._points(batch))
            done += len(batch)
            if on_progress is not None:
                on_progress(done, total)

    async def _batches(self, files: Sequence[FileRecord]) -> AsyncIterator[list[tuple[Chunk, FileRecord]]]:
        """Yield chunks in full batches, across files: many pictures with one chunk each cost few calls."""
        batch: list[tuple[Chunk, FileRecord]] = []
        for file in files:
            async for chunk in self._chunks(file):
                batch.append((chunk, file))
                if len(batch) == _BATCH:
                    yield batch
                    batch = []
        if batch:
            yield batch

    async def _chunks(self, file: FileRecord) -> AsyncIterator[Chunk]:
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
