"""The vector index inside this process: Qdrant's engine on a folder (qdrant-edge).

The engine's write-ahead log keeps every acknowledged point through a killed process; segments are flushed every
thousand points and at the end. There is no background optimiser and none is wanted: searches are exact, which
costs some 3 ms for 10,000 chunks and 30 ms for 100,000. The folder is a cache: one that cannot be read, or that was
made for vectors of another size, is made anew, and the library fills it again.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Self, TypeVar

from pinakes.core.errors import ConfigurationError, LibraryError, LibraryLockedError
from pinakes.core.ids import derived_id
from pinakes.ports.embedder import SparseVector
from pinakes.ports.index import IndexFilter, IndexHit, IndexPoint

DENSE, TERMS = "text", "terms"
_FLUSH_AFTER = 1000  # points
_LEAST_ROOM = 32 << 20
_THREADS = 2
# Nothing is wrong with the files, as Rust's kinds of errors and the system's numbers say.
_OF_THE_MACHINE = re.compile(
    r"PermissionDenied|TooManyOpenFiles|StorageFull|QuotaExceeded|ReadOnlyFilesystem|OutOfMemory"
    rf"|os error ({errno.EACCES}|{errno.EMFILE}|{errno.ENFILE}|{errno.ENOSPC}|{errno.EROFS}|{errno.ENOMEM})\b"
)
_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


class EdgeIndex:
    """Points in one folder, for one process at a time; implements `pinakes.ports.index.VectorIndex`."""

    def __init__(self, engine: ModuleType, shard: Any, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self._shard = shard
        self._unflushed = 0
        self._closed = False
        self._writing = asyncio.Lock()

    @classmethod
    async def open(cls, folder: Path, dimensions: int) -> Self:
        """Open the index in a folder, making both if needed.

        Args:
            folder: Where the engine keeps its files; nothing else may live there.
            dimensions: The size of the dense vectors.

        Raises:
            LibraryLockedError: Another process has it open.
            LibraryError: Rights, disk space or open files do not suffice.
            ConfigurationError: qdrant-edge-py is not installed.
        """
        engine = _engine()
        try:
            shard = await asyncio.to_thread(_open_shard, engine, folder, dimensions)
        except OSError as error:
            raise _unopened(folder, error) from error
        return cls(engine, shard, folder)

    @property
    def collection(self) -> str:
        """The folder's name: other collections lie beside it."""
        return self._folder.name

    async def upsert(self, tenant: str, points: Sequence[IndexPoint]) -> None:
        """Write points, replacing those with the same id."""
        if points:
            await self._write(lambda: self._upsert(tenant, points))

    async def delete_files(self, tenant: str, file_ids: Sequence[str]) -> None:
        """Delete every point of these files."""
        if file_ids:
            where = self._filter(tenant, IndexFilter(file_ids=tuple(file_ids)))
            await self._write(lambda: self._delete(where))

    async def clear(self, tenant: str) -> None:
        """Delete every point of the tenant."""
        where = self._filter(tenant, IndexFilter())
        await self._write(lambda: self._delete(where))

    async def search_dense(
        self, tenant: str, vector: Sequence[float], limit: int, where: IndexFilter
    ) -> list[IndexHit]:
        """Return the nearest points by cosine, best first."""
        params = self._engine.SearchParams(exact=True)
        return await self._search(tenant, list(vector), DENSE, limit, where, params)

    async def search_terms(
        self, tenant: str, vector: SparseVector, limit: int, where: IndexFilter
    ) -> list[IndexHit]:
        """Return the best points by BM25, best first; words are rare or common within the tenant's points."""
        if not vector.indices:
            return []
        terms = self._engine.SparseVector(list(vector.indices), list(vector.values))
        corpus = self._filter(tenant, IndexFilter())
        params = self._engine.SearchParams(idf=self._engine.IdfParams(corpus=corpus))
        return await self._search(tenant, terms, TERMS, limit, where, params)

    async def count(self, tenant: str) -> int:
        """Return how many points the tenant has."""
        request = self._engine.CountRequest(exact=True, filter=self._filter(tenant, IndexFilter()))
        return int(await self._call(lambda: self._shard.count(request)))

    async def forget(self, tenant: str, collection: str) -> None:
        """Delete the tenant's points in the collection beside this one, and its folder when nobody's are left."""
        other = self._folder.parent / Path(collection).name
        if other != self._folder and other.is_dir():
            where = self._filter(tenant, IndexFilter())
            await self._write(lambda: _forget(self._engine, other, where))

    async def aclose(self) -> None:
        """Flush and release; further calls raise LibraryError."""
        async with self._writing:
            if not self._closed:
                self._closed = True
                await asyncio.to_thread(self._close)

    async def _search(
        self, tenant: str, vector: Any, using: str, limit: int, where: IndexFilter, params: Any
    ) -> list[IndexHit]:
        if limit < 1 or where.media_types == () or where.file_ids == ():
            return []
        request = self._engine.QueryRequest(
            limit=limit,
            query=self._engine.Query.Nearest(vector, using=using),
            filter=self._filter(tenant, where),
            with_payload=["chunk_id", "file_id"],
            params=params,
        )
        return [_hit(point) for point in await self._call(lambda: self._shard.query(request))]

    def _filter(self, tenant: str, where: IndexFilter) -> Any:
        engine = self._engine
        must = [engine.FieldCondition(key="tenant_id", match=engine.MatchValue(tenant))]
        for key, values in (("media_type", where.media_types), ("file_id", where.file_ids)):
            if values is not None:
                must.append(engine.FieldCondition(key=key, match=engine.MatchAny(list(values))))
        return engine.Filter(must=must)

    def _upsert(self, tenant: str, points: Sequence[IndexPoint]) -> None:
        made = [self._point(tenant, point) for point in points]
        self._shard.update(self._engine.UpdateOperation.upsert_points(made))
        self._unflushed += len(points)
        if self._unflushed >= _FLUSH_AFTER:
            self._shard.flush()
            self._unflushed = 0

    def _point(self, tenant: str, point: IndexPoint) -> Any:
        terms = self._engine.SparseVector(list(point.terms.indices), list(point.terms.values))
        return self._engine.Point(
            derived_id(tenant, point.id),
            {DENSE: list(point.dense), TERMS: terms},
            {
                "tenant_id": tenant,
                "chunk_id": point.id,
                "file_id": point.file_id,
                "media_type": point.media_type,
            },
        )

    def _delete(self, where: Any) -> None:
        self._shard.update(self._engine.UpdateOperation.delete_points_by_filter(where))

    def _close(self) -> None:
        self._shard.flush()
        self._shard.close()

    async def _write(self, change: Callable[[], None]) -> None:
        def write() -> None:
            _check_room(self._folder)
            change()

        async with self._writing:
            await self._call(write)

    async def _call(self, work: Callable[[], _Result]) -> _Result:
        if self._closed:
            raise LibraryError("The index is closed: open the library again.")
        try:
            return await asyncio.to_thread(work)
        except LibraryError:
            raise
        except BaseException as error:
            if not _is_the_engines(error):
                raise
            raise LibraryError(
                f"The index cannot be used ({error}): close the library, remove {self._folder} and open it again; "
                "the index is made anew.",
                folder=str(self._folder),
            ) from error


def _hit(point: Any) -> IndexHit:
    return IndexHit(id=point.payload["chunk_id"], file_id=point.payload["file_id"], score=point.score)


def _engine() -> ModuleType:
    try:
        import qdrant_edge
    except ImportError as error:
        raise ConfigurationError(
            "The local index needs qdrant-edge-py: pip install 'pinakes[local]'."
        ) from error
    return qdrant_edge


def _forget(engine: ModuleType, folder: Path, where: Any) -> None:
    shard = _load(engine, folder, None)
    if shard is not None:
        try:
            shard.update(engine.UpdateOperation.delete_points_by_filter(where))
            left = shard.count(engine.CountRequest(exact=True))
            shard.flush()
        finally:
            shard.close()
        if left:
            return
    shutil.rmtree(folder)


def _open_shard(engine: ModuleType, folder: Path, dimensions: int) -> Any:
    folder.mkdir(parents=True, exist_ok=True)
    config = engine.EdgeConfig(
        vectors={DENSE: engine.EdgeVectorParams(size=dimensions, distance=engine.Distance.Cosine)},
        sparse_vectors={TERMS: engine.EdgeSparseVectorParams(modifier=engine.Modifier.Idf)},
        max_search_threads=_THREADS,
    )
    shard = _load(engine, folder, config) if any(folder.iterdir()) else None
    if shard is None:
        _check_room(folder)
        shutil.rmtree(folder)
        shard = engine.EdgeShard.create(str(folder), config)
    _ensure_payload_indexes(engine, shard)
    return shard


def _load(engine: ModuleType, folder: Path, config: Any) -> Any:
    """Return the shard in a folder, or None when it has to be made anew."""
    try:
        return _readable(engine, engine.EdgeShard.load(str(folder), config))
    except BaseException as error:
        if not _is_the_engines(error):
            raise
        if "WouldBlock" in str(error):
            raise LibraryLockedError(
                "Another process has this library open: close it, or use another library folder.",
                folder=str(folder),
            ) from error
        if _OF_THE_MACHINE.search(str(error)):
            raise _unopened(folder, error) from error
        _log.warning("the index in %s is made anew: %s", folder, error)
        return None


def _readable(engine: ModuleType, shard: Any) -> Any:
    """Return a shard whose first point can be read; files that were cut off may only show then."""
    try:
        shard.scroll(engine.ScrollRequest(limit=1, with_payload=True, with_vector=True))
    except BaseException:
        shard.close()
        raise
    return shard


def _is_the_engines(error: BaseException) -> bool:
    """Whether the engine failed: it raises bare Exception, and in a panic what is none."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def _check_room(folder: Path) -> None:
    """Raise LibraryError on a full disk: the engine writes to mapped memory, which would kill this process."""
    if shutil.disk_usage(folder).free < _LEAST_ROOM:
        raise LibraryError(
            f"The disk of {folder} has less than {_LEAST_ROOM >> 20} MB left: make room; what lacks is indexed then.",
            folder=str(folder),
        )


def _unopened(folder: Path, error: BaseException) -> LibraryError:
    return LibraryError(
        "The index cannot be opened: check the rights of its folder, the disk's space and the limit of open files "
        f"({error}).",
        folder=str(folder),
    )


def _ensure_payload_indexes(engine: ModuleType, shard: Any) -> None:
    wanted = {
        "tenant_id": engine.KeywordIndexParams(is_tenant=True),
        "file_id": engine.KeywordIndexParams(),
        "media_type": engine.KeywordIndexParams(),
    }
    present = shard.info().payload_schema
    for field, params in wanted.items():
        if field not in present:
            shard.update(engine.UpdateOperation.create_field_index(field, params))
