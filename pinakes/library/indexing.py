"""Making the index follow the catalog: in batches, resumable, with bounded memory.

The outbox is followed by the collection in use; all others note which files they missed. A collection is filled file by
file in the order of ids, and remembers how far it is after every round.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pinakes.core.failpoints import reach
from pinakes.core.files import Chunk, FileRecord
from pinakes.library.collection_states import CollectionState, CollectionStates
from pinakes.library.search_text import meaning_text, term_text
from pinakes.ports.catalog import Catalog, OutboxEntry
from pinakes.ports.embedder import Embedder, TermEncoder
from pinakes.ports.index import IndexPoint, VectorIndex

Progress = Callable[[int, int], None]
"""Called with how many chunks are indexed and how many there are to index in this round."""

FORMAT = 1
"""Raise when the text that is embedded or the points' shape changes: every index is then rebuilt."""

_BATCH = 64  # chunks embedded and written at once
_ROUND = 32  # files followed at once
_ROUND_CHUNKS = 512  # what a killed rebuild does again, and pays again, at most (but for a larger file)
_PIECE = 256  # chunks of one file in memory at once
_PAGE = 500  # files looked through at once
_QUEUED = 10_000  # outbox entries that a rebuild looks for files it has just taken in


@dataclass(frozen=True)
class Indexer:
    """Follows a tenant's catalog; one call at a time is the caller's business."""

    tenant: str
    catalog: Catalog
    index: VectorIndex
    embedder: Embedder
    terms: TermEncoder

    async def ready(self) -> bool:
        """Return whether the collection holds everything, but for what is in the outbox."""
        states = await self._states()
        if states is None:
            await self._start_over()
            await self._keep(CollectionState(made_by=self._made_by, cursor=None))
            return True
        state = states.get(self.index.collection)
        return bool(state and state.made_by == self._made_by and state.whole and await self.complete())

    async def complete(self) -> bool:
        """Return whether no points are missing; surplus ones, of files that are gone, do no harm."""
        if await self.catalog.outbox(1):
            return True  # it will be, once it has followed
        return await self.index.count(self.tenant) >= await self.catalog.chunk_total()

    async def begin(self, *, fresh: bool = False) -> None:
        """Get ready to `step`: go on where an earlier rebuild ended, or empty the collection where that is no use."""
        if fresh or not await self._goes_on():
            await self._start_over()

    async def step(self, on_progress: Callable[[int], None] | None = None) -> int:
        """Take in the next files and return how many; none are left at 0.

        Args:
            on_progress: Called with every batch's number of chunks.

        Raises:
            ModelError, LibraryError: What earlier steps did is kept.
        """
        queued = await self.catalog.outbox(_QUEUED)
        state = await self._own()
        files = await self._next(state)
        if not files:
            await self._keep(state.model_copy(update={"cursor": None, "behind": ()}))
            return 0
        reach("reindex.round")
        await self._take_in(files, on_progress)
        reach("reindex.indexed")
        await self._keep(state.took(files))
        reach("reindex.kept")
        await self._followed([entry for entry in queued if entry.op == "index" and entry.file_id in files])
        return len(files)

    async def pending(self, *, fresh: bool = False) -> AsyncIterator[FileRecord]:
        """Yield the files that a rebuild has yet to take in."""
        goes_on = not fresh and await self._goes_on()
        state = await self._own() if goes_on else CollectionState(made_by=self._made_by)
        for start in range(0, len(state.behind), _PAGE):
            for file in await self.catalog.get_files(state.behind[start : start + _PAGE]):
                yield file
        after = state.cursor
        while after is not None and (ids := await self.catalog.completed_files(after, _PAGE)):
            for file in await self.catalog.get_files(ids):
                yield file
            after = ids[-1]

    async def forget_others(self) -> tuple[str, ...]:
        """Delete the tenant's vectors in all other collections and return these collections' names."""
        states = await self._states() or {}
        others = tuple(name for name in states if name != self.index.collection)
        for name in others:
            await self.index.forget(self.tenant, name)
        reach("reindex.forgotten")
        await self._all.write({name: state for name, state in states.items() if name not in others})
        return others

    async def drain(self, on_progress: Progress | None = None) -> int:
        """Follow all outbox entries and return how many; what fails stays queued."""
        followed = 0
        while entries := await self.catalog.outbox(_ROUND):
            await self._follow(entries, on_progress)
            await self._followed(entries)
            followed += len(entries)
        return followed

    @cached_property
    def _all(self) -> CollectionStates:
        return CollectionStates(self.catalog)

    @property
    def _made_by(self) -> str:
        parts = {
            "embedder": self.embedder.name,
            "dimensions": self.embedder.dimensions,
            "terms": self.terms.name,
            "format": FORMAT,
        }
        return json.dumps(parts, sort_keys=True)

    async def _states(self) -> dict[str, CollectionState] | None:
        return await self._all.read(self.index.collection, self._made_by)

    async def _own(self) -> CollectionState:
        return (await self._states() or {})[self.index.collection]

    async def _keep(self, state: CollectionState) -> None:
        await self._all.write({**(await self._states() or {}), self.index.collection: state})

    async def _start_over(self) -> None:
        await self.index.clear(self.tenant)
        await self._keep(CollectionState(made_by=self._made_by))  # last: a crash before it starts over again

    async def _goes_on(self) -> bool:
        state = (await self._states() or {}).get(self.index.collection)
        if state is None or state.made_by != self._made_by:
            return False
        return not state.whole or await self.complete()

    async def _next(self, state: CollectionState) -> list[str]:
        """Return the ids of the next files, few enough that doing them again costs little."""
        if state.behind:
            ids: Sequence[str] = state.behind[:_ROUND]
        elif state.cursor is not None:
            ids = await self.catalog.completed_files(state.cursor, _ROUND)
        else:
            return []
        chunks = {file.id: file.chunk_count for file in await self.catalog.get_files(ids)}
        chosen: list[str] = []
        room = _ROUND_CHUNKS
        for file_id in ids:
            room -= chunks.get(file_id, 0)
            if chosen and room < 0:
                break
            chosen.append(file_id)
        return chosen

    async def _followed(self, entries: Sequence[OutboxEntry]) -> None:
        """Forget outbox entries; the other collections note first what they missed."""
        if not entries:
            return
        states = await self._states() or {}
        changed = [entry.file_id for entry in entries]
        others = {n: s.missed(changed) for n, s in states.items() if n != self.index.collection}
        if others:
            await self._all.write({**states, **others})
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

    async def _take_in(self, file_ids: Sequence[str], on_progress: Callable[[int], None] | None) -> None:
        await self.index.delete_files(self.tenant, file_ids)  # what a killed round left of them
        async for batch in self._batches(await self.catalog.get_files(file_ids)):
            await self.index.upsert(self.tenant, await self._points(batch))
            reach("reindex.batch")
            if on_progress is not None:
                on_progress(len(batch))

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
