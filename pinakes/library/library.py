"""A tenant's library: catalog, blobs and index behind one handle."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pinakes.core.batches import Intake, StorageTarget
from pinakes.core.changes import MAX_CHANGES, ChangeAction, ChangeSet, JournalEntry
from pinakes.core.chat import Passage
from pinakes.core.errors import ChangeError, ConfigurationError, LibraryError, ModelError
from pinakes.core.evidence import Evidence
from pinakes.core.failpoints import reach
from pinakes.core.files import (
    Chunk,
    ChunkHit,
    FileFilter,
    FileRecord,
    FileStatus,
    LinkFacts,
    MediaType,
    Reading,
)
from pinakes.core.tracing import span
from pinakes.library import undo
from pinakes.library.accepting import ADDRESS_ALONE, NOTHING_SAID, pending_record
from pinakes.library.changes import deleting, prepare, rebase, restoring
from pinakes.library.cosine_scale import AS_IT_IS, CosineScale, scale_of
from pinakes.library.index_keeping import IndexKeeper
from pinakes.library.indexing import Indexer, Progress
from pinakes.library.looks import Looks
from pinakes.library.passages import passage_of
from pinakes.library.picture_indexing import PictureIndexer, PictureVectors
from pinakes.ports.blobs import BlobStore
from pinakes.ports.catalog import Catalog
from pinakes.ports.embedder import Embedder, TermEncoder
from pinakes.ports.index import VectorIndex
from pinakes.ports.link_catalog import PageContent
from pinakes.ports.reranker import Reranker

_EVERYTHING = FileFilter()
_log = logging.getLogger(__name__)


_PERSISTENCE = 5
"""How often a deletion that met another change is tried."""


class Library:
    """All that upper layers see of what is stored, bound to one tenant.

    The catalog is the truth. The index follows it through the outbox and is checked before it is first used: where it
    was made by another embedder or is short of points, it is made again, unless embedding may cost money
    (`Embedder.local`). Then searches are refused until `reindex`, and changes wait in the outbox.

    Args:
        tenant: Whose library.
        catalog: A handle bound to the same tenant.
        blobs, index, embedder, terms: The other parts, which may be shared between tenants.
        custom: A second store that uploads may name; `blobs` reads from it, too.
        reranker: Judges the best hits of searches, where there is one.
        index_embedder: Makes the index instead of `embedder`, which agents measure likeness with: their thresholds
            were fitted to the one in the package.
        pictures: What finds pictures by their looks, where there is something; then `looks` does.
    """

    def __init__(
        self,
        tenant: str,
        catalog: Catalog,
        blobs: BlobStore,
        index: VectorIndex,
        embedder: Embedder,
        terms: TermEncoder,
        custom: BlobStore | None = None,
        reranker: Reranker | None = None,
        index_embedder: Embedder | None = None,
        pictures: PictureVectors | None = None,
    ) -> None:
        self.tenant = tenant
        self.catalog = catalog
        self.blobs = blobs
        self.index = index
        self.embedder = embedder
        self.terms = terms
        self.custom = custom
        self.reranker = reranker
        self.index_embedder = index_embedder or embedder
        self._cosines: CosineScale | None = AS_IT_IS if index_embedder is None else None
        indexer = Indexer(tenant, catalog, index, self.index_embedder, terms)
        looking = (
            PictureIndexer(tenant, catalog, pictures.index, blobs, pictures.embedder) if pictures else None
        )
        self._keeper = IndexKeeper(indexer, looking)
        self.looks = Looks(looking, self._keeper) if looking else None
        self._accepting = asyncio.Lock()

    async def accept_path(
        self,
        path: Path,
        *,
        content_type: str,
        media_type: MediaType,
        folder_path: str = "",
        filename: str | None = None,
        tags: Sequence[str] = (),
        title: str | None = None,
        source: str | None = None,
        skip_duplicates: bool = True,
        intake: Intake = NOTHING_SAID,
    ) -> FileRecord:
        """Store a file's bytes and return its pending record.

        Content that the library knows gives the known record with `deduplicated=True`, or, if that one failed, the
        same record pending again. `source` says where it came from, where that is not its path.

        Raises:
            PathError: The file cannot be read.
            ValidationError: Its name is too long or its folder too deep.
        """
        store = self._store(intake)
        sha256, size = await store.put_file(path)
        name = filename or path.name
        record = pending_record(
            name,
            content_type,
            media_type,
            sha256,
            size,
            folder_path,
            tags,
            title,
            source=source or str(path),
            intake=intake,
        )
        return await self._accept(record, skip_duplicates, lambda: store.put_file(path))

    async def accept_bytes(
        self,
        content: bytes,
        filename: str,
        *,
        content_type: str,
        media_type: MediaType,
        folder_path: str = "",
        tags: Sequence[str] = (),
        title: str | None = None,
        source: str | None = None,
        skip_duplicates: bool = True,
        intake: Intake = NOTHING_SAID,
    ) -> FileRecord:
        """Store bytes and return their pending record, as `accept_path` does. Raises ValidationError."""
        store = self._store(intake)
        sha256 = await store.put(content)
        size = len(content)
        record = pending_record(
            filename,
            content_type,
            media_type,
            sha256,
            size,
            folder_path,
            tags,
            title,
            source=source,
            intake=intake,
        )
        return await self._accept(record, skip_duplicates, lambda: store.put(content))

    async def accept_link(
        self,
        url: str,
        *,
        facts: LinkFacts,
        filename: str,
        folder_path: str = "",
        tags: Sequence[str] = (),
        title: str | None = None,
    ) -> FileRecord:
        """Keep an address and return its pending record; a link that has it already is returned instead.

        Until its page is fetched, a link's content is its address. Raises ValidationError for its name or folder.
        """
        content = f"{url}\r\n".encode()
        async with self._accepting:
            known = await self.catalog.find_link(url)
            if known is not None:
                return known.model_copy(update={"deduplicated": True})
            sha256 = await self.blobs.put(content)
            record = pending_record(
                filename,
                ADDRESS_ALONE,
                MediaType.LINK,
                sha256,
                len(content),
                folder_path,
                tags,
                title,
                source=url,
            )
            return await self.catalog.add_file(record.model_copy(update={"link": facts}))

    async def store_page(
        self, file_id: str, facts: LinkFacts, content: bytes | None = None, content_type: str = "text/html"
    ) -> None:
        """Keep what is known of a link, and its page as it was fetched. Raises ResourceNotFoundError."""
        async with self._accepting:
            page = None
            if content is not None:
                sha256 = await self.blobs.put(content)
                page = PageContent(sha256=sha256, size_bytes=len(content), content_type=content_type)
            for unneeded in await self.catalog.store_page(file_id, facts, page):
                await self.blobs.delete(unneeded)

    async def store_reading(self, file_id: str, reading: Reading) -> None:
        """Record what a reader found and make it searchable. Raises ResourceNotFoundError, ModelError."""
        thumbnail = None
        if reading.thumbnail:
            thumbnail = await self.blobs.put(base64.b64decode(reading.thumbnail))
        await self.catalog.store_reading(file_id, reading, thumbnail)
        await self.sync_index()

    async def sync_index(self, on_progress: Progress | None = None) -> int:
        """Make the index follow the catalog and return how many changes it followed.

        Calls wait for each other; the first one also checks the index and rebuilds it where that is free.

        Args:
            on_progress: Called after every batch with the chunks indexed so far and their number in this round.

        Raises:
            ModelError, LibraryError: The changes stay queued for the next call.
        """
        return await self._keeper.sync(on_progress)

    async def reindex(self, on_progress: Progress | None = None, *, fresh: bool = False) -> int:
        """Put every file that the embedder's index lacks into it, and return how many.

        What is done is kept, so that another call goes on after a fault or a killed process. Vectors of other
        embedders are deleted when all is done, not before.

        Args:
            on_progress: Called after every batch with the chunks and pictures done so far, and their number in all.
            fresh: Also what the index has already.

        Raises:
            ModelError, LibraryError: Another call goes on from there.
        """
        return (await self._keeper.reindex(on_progress, fresh))[0]

    @property
    def indexing(self) -> IndexKeeper:
        """What keeps the index in step with the catalog."""
        return self._keeper

    async def search(
        self, query: str, *, limit: int = 20, where: FileFilter = _EVERYTHING, threshold: float = 0.0
    ) -> list[ChunkHit]:
        """Return the chunks that bear on a query, best first, none of a deleted or failed file.

        Raises ReindexNeededError, ModelError, LibraryError.
        """
        from pinakes.library.search import search_chunks  # numpy and regexes: only when searching

        await self._keeper.ensure()
        if self._cosines is None:
            self._cosines = await scale_of(self.index_embedder, self.catalog)
        with span("retrieval", "library", data_source__id=self.tenant, request__top_k=limit) as watched:
            hits = await search_chunks(
                query,
                tenant=self.tenant,
                catalog=self.catalog,
                index=self.index,
                embedder=self.index_embedder,
                terms=self.terms,
                limit=limit,
                where=where,
                threshold=threshold,
                reranker=self.reranker,
                cosines=self._cosines,
            )
            watched.set("pinakes.result_count", len(hits))
        return hits

    async def neighbours(self, chunk: Chunk, before: int = 1, after: int = 1) -> list[Chunk]:
        """Return the chunks around one, in order, without itself."""
        start = max(0, chunk.ordinal - before)
        around = await self.catalog.file_chunks(
            chunk.file_id, start=start, limit=chunk.ordinal - start + after + 1
        )
        return [other for other in around if other.ordinal != chunk.ordinal]

    async def passages(self, evidence: Sequence[Evidence]) -> list[Passage]:
        """Return evidence with the full text it stands in; evidence whose file is gone is dropped."""
        chunk_ids = [item.chunk_id for item in evidence if item.chunk_id]
        chunks = {chunk.id: chunk for chunk in await self.catalog.get_chunks(chunk_ids)}
        file_ids = list(dict.fromkeys(item.file_id for item in evidence))
        files = {file.id: file for file in await self.catalog.get_files(file_ids)}
        return [
            passage_of(item, files[item.file_id], chunks.get(item.chunk_id or ""))
            for item in evidence
            if item.file_id in files
        ]

    async def content(self, file_id: str) -> bytes:
        """Return a file's bytes. Raises ResourceNotFoundError."""
        return await self.blobs.get((await self.catalog.get_file(file_id)).sha256)

    async def thumbnail(self, file_id: str) -> bytes | None:
        """Return a file's thumbnail as JPEG, None if it has none. Raises ResourceNotFoundError."""
        sha256 = (await self.catalog.get_file(file_id)).thumbnail_sha256
        return await self.blobs.get(sha256) if sha256 else None

    async def delete(self, file_ids: Sequence[str]) -> int:
        """Hide files, as a change that can be taken back, and return how many; searches stop at once.

        Protected ones, never in a set of changes, come back by `restore` alone.
        """
        ids = list(dict.fromkeys(file_ids))
        batches = [ids[start : start + MAX_CHANGES] for start in range(0, len(ids), MAX_CHANGES)]
        hidden = sum([await self._delete(some) for some in batches])
        others = await self.catalog.soft_delete(ids, datetime.now(UTC))  # protected ones are never in a set
        if others:
            await self.sync_index()
        return hidden + others

    async def _delete(self, file_ids: Sequence[str]) -> int:
        for _ in range(_PERSISTENCE):
            wanted = await deleting(file_ids, self.catalog)
            if not wanted.changes:
                return 0
            try:
                entry = await self.apply_changes(await self.prepare_changes(wanted))
            except ChangeError:  # somebody else has just changed, or deleted, some of them
                continue
            return len(entry.changes)
        return 0

    async def restore(self, file_ids: Sequence[str]) -> int:
        """Bring deleted files back, as a change that can itself be taken back, and return how many.

        Raises ChangeError for a file that was never there or is gone for good.
        """
        wanted = await restoring(file_ids, self.catalog)
        if wanted.changes:
            await self.apply_changes(await self.prepare_changes(wanted))
        return wanted.counts.get(ChangeAction.RESTORE, 0)

    async def sweep(self, before: datetime) -> int:
        """Forget for good the files that were deleted before a moment, and return how many.

        What a waiting approval names, or what was changed or taken back since that moment, stays.

        Raises ModelError, LibraryError: The index follows with the next `sync_index`.
        """
        async with self._accepting:  # content that comes in again is stored again
            swept = await self.catalog.sweep(before)
            for sha256 in swept.blobs:
                await self.blobs.delete(sha256)
        if swept.file_ids:
            await self.sync_index()
        return len(swept.file_ids)

    async def prepare_changes(self, changes: ChangeSet) -> ChangeSet:
        """Return a set exactly as it would be applied, with its snapshot.

        Raises:
            LibraryMovedOnError: The set was prepared before, and the library is no longer so.
            ChangeError: `details["problems"]` is a list of `{"change_id", "problem"}`.
        """
        return await prepare(changes, self.catalog, self.blobs)

    async def rebase_changes(self, changes: ChangeSet) -> ChangeSet:
        """Return a prepared set made again for the library as it is now; it may be empty. Raises ChangeError."""
        return await rebase(changes, self.catalog, self.blobs)

    async def apply_changes(self, changes: ChangeSet, *, session_id: str | None = None) -> JournalEntry:
        """Do everything in a prepared set, once however often it is asked for, and return its journal entry.

        An index that cannot follow now does not undo what was done: it follows with the next `sync_index`.

        Raises LibraryMovedOnError, ChangeError, LibraryError; nothing was done then.
        """
        entry = await self.catalog.apply_changes(changes, session_id=session_id, at=datetime.now(UTC))
        reach("apply.committed")
        try:
            await self.sync_index()
        except (ModelError, LibraryError) as error:
            _log.warning("the index of tenant %s has yet to follow: %s", self.tenant, error.message)
        reach("apply.indexed")
        return entry

    async def undo_changes(self, entry_id: str | None = None, *, plan_id: str) -> ChangeSet:
        """Return a prepared set that takes an entry back; without an id, the newest one that holds.

        Raises ChangeError when there is nothing, or when something later has to be taken back first.
        """
        return await undo.undo(entry_id, plan_id, self.catalog, self.blobs)

    async def redo_changes(self, entry_id: str | None = None, *, plan_id: str) -> ChangeSet:
        """Return a prepared set that does an entry again; without an id, the one taken back last.

        Raises ChangeError when there is nothing, or when something was applied since.
        """
        return await undo.redo(entry_id, plan_id, self.catalog, self.blobs)

    async def aclose(self) -> None:
        """Release index and catalog, when a running change of the index has ended."""
        async with self._keeper.busy:
            await self.index.aclose()
            if self.looks is not None:
                await self.looks.aclose()
            await self.catalog.aclose()

    def _store(self, intake: Intake) -> BlobStore:
        if intake.storage is StorageTarget.DEFAULT:
            return self.blobs
        if self.custom is None:
            raise ConfigurationError(
                "There is no second store: set `custom_storage` to a folder, or use storage_target='default'."
            )
        return self.custom

    async def _accept(
        self, record: FileRecord, skip_duplicates: bool, store: Callable[[], Awaitable[object]]
    ) -> FileRecord:
        async with self._accepting:  # the same content twice at once is one file
            known = await self.catalog.find_by_hash(record.sha256) if skip_duplicates else None
            if known is None:
                if not await self.blobs.exists(record.sha256):  # swept since it was stored
                    await store()
                return await self.catalog.add_file(record)
            if known.status is not FileStatus.FAILED:
                return known.model_copy(update={"deduplicated": True})
            await self.catalog.set_pending(known.id)
            return await self.catalog.get_file(known.id)
