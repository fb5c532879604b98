"""The vector index in a Qdrant server or cluster, or in memory for tests (qdrant-client).

Only calls that the remote and the local mode share are used, so tests of one speak for the other.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

from qdrant_client import AsyncQdrantClient, models
from qdrant_client.http.exceptions import ApiException

from pinakes.core.errors import ConfigurationError, LibraryError
from pinakes.core.ids import derived_id
from pinakes.ports.embedder import SparseVector
from pinakes.ports.index import IndexFilter, IndexHit, IndexPoint

MEMORY = ":memory:"
DENSE, TERMS = "text", "terms"
_BATCH = 256  # points a request, well below a server's 32 MB
_log = logging.getLogger(__name__)


class QdrantIndex:
    """Points in one collection; implements `pinakes.ports.index.VectorIndex`."""

    def __init__(self, client: AsyncQdrantClient, collection: str) -> None:
        self._client = client
        self._collection = collection
        self._closed = False

    @classmethod
    async def open(cls, url: str, collection: str, dimensions: int, *, api_key: str | None = None) -> Self:
        """Connect to a collection, making it if needed.

        Args:
            url: A server's URL, or ":memory:".
            collection: Its name; one embedding model, one collection.
            dimensions: The size of the dense vectors.
            api_key: For servers that ask for one.

        Raises:
            ConfigurationError: The collection is for vectors of another size.
            LibraryError: The server cannot be reached.
        """
        client = AsyncQdrantClient(MEMORY) if url == MEMORY else AsyncQdrantClient(url=url, api_key=api_key)
        index = cls(client, collection)
        try:
            await index._prepare(dimensions, remote=url != MEMORY)
        except BaseException:
            await client.close()
            raise
        return index

    @property
    def collection(self) -> str:
        """The collection's name."""
        return self._collection

    async def upsert(self, tenant: str, points: Sequence[IndexPoint]) -> None:
        """Write points, replacing those with the same id."""
        for start in range(0, len(points), _BATCH):
            made = [_point(tenant, point) for point in points[start : start + _BATCH]]
            async with self._calling() as client:
                await client.upsert(self._collection, made, wait=True)

    async def delete_files(self, tenant: str, file_ids: Sequence[str]) -> None:
        """Delete every point of these files."""
        if file_ids:
            await self._delete(_filter(tenant, IndexFilter(file_ids=tuple(file_ids))))

    async def clear(self, tenant: str) -> None:
        """Delete every point of the tenant."""
        await self._delete(_filter(tenant, IndexFilter()))

    async def search_dense(
        self, tenant: str, vector: Sequence[float], limit: int, where: IndexFilter
    ) -> list[IndexHit]:
        """Return the nearest points by cosine, best first."""
        return await self._search(tenant, list(vector), DENSE, limit, where, None)

    async def search_terms(
        self, tenant: str, vector: SparseVector, limit: int, where: IndexFilter
    ) -> list[IndexHit]:
        """Return the best points by BM25, best first; words are rare or common within the tenant's points."""
        if not vector.indices:
            return []
        corpus = models.IdfCorpusParams(corpus=_filter(tenant, IndexFilter()))
        params = models.SearchParams(idf=corpus)
        return await self._search(tenant, _sparse(vector), TERMS, limit, where, params)

    async def count(self, tenant: str) -> int:
        """Return how many points the tenant has."""
        async with self._calling() as client:
            where = _filter(tenant, IndexFilter())
            return (await client.count(self._collection, count_filter=where, exact=True)).count

    async def forget(self, tenant: str, collection: str) -> None:
        """Delete the tenant's points in another collection; itself it stays, others may be about to write to it."""
        async with self._calling() as client:
            if await client.collection_exists(collection):
                selector = models.FilterSelector(filter=_filter(tenant, IndexFilter()))
                await client.delete(collection, points_selector=selector, wait=True)

    async def aclose(self) -> None:
        """Release the connection; further calls raise LibraryError."""
        if not self._closed:
            self._closed = True
            await self._client.close()

    async def _prepare(self, dimensions: int, *, remote: bool) -> None:
        async with self._calling() as client:
            if not await client.collection_exists(self._collection):
                await client.create_collection(
                    self._collection,
                    vectors_config={
                        DENSE: models.VectorParams(size=dimensions, distance=models.Distance.COSINE)
                    },
                    sparse_vectors_config={TERMS: models.SparseVectorParams(modifier=models.Modifier.IDF)},
                )
            if remote:  # without effect in memory, and a warning
                await self._index_payload()
            size = await self._size()
        if size != dimensions:
            raise ConfigurationError(
                f"The collection {self._collection!r} holds vectors of size {size}, the embedder makes {dimensions}: "
                "name another collection.",
            )

    async def _index_payload(self) -> None:
        tenant = models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=True)
        plain = models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD)
        for field, schema in (("tenant_id", tenant), ("file_id", plain), ("media_type", plain)):
            await self._client.create_payload_index(self._collection, field, field_schema=schema, wait=True)

    async def _size(self) -> int | None:
        vectors: Any = (await self._client.get_collection(self._collection)).config.params.vectors
        params = vectors.get(DENSE) if isinstance(vectors, dict) else None
        return params.size if params else None

    async def _delete(self, where: models.Filter) -> None:
        async with self._calling() as client:
            selector = models.FilterSelector(filter=where)
            await client.delete(self._collection, points_selector=selector, wait=True)

    async def _search(
        self,
        tenant: str,
        vector: list[float] | models.SparseVector,
        using: str,
        limit: int,
        where: IndexFilter,
        params: models.SearchParams | None,
    ) -> list[IndexHit]:
        if limit < 1 or where.media_types == () or where.file_ids == ():
            return []
        async with self._calling() as client:
            found = await client.query_points(
                self._collection,
                query=vector,
                using=using,
                limit=limit,
                query_filter=_filter(tenant, where),
                search_params=params,
                with_payload=["chunk_id", "file_id"],
            )
        return [_hit(point) for point in found.points]

    @asynccontextmanager
    async def _calling(self) -> AsyncIterator[AsyncQdrantClient]:
        if self._closed:
            raise LibraryError("The index is closed: open the library again.")
        try:
            yield self._client
        except (ApiException, OSError) as error:
            raise LibraryError(
                f"The Qdrant server cannot be used ({error}): check its URL and that it runs."
            ) from error


def _point(tenant: str, point: IndexPoint) -> models.PointStruct:
    return models.PointStruct(
        id=derived_id(tenant, point.id),
        vector={DENSE: list(point.dense), TERMS: _sparse(point.terms)},
        payload={
            "tenant_id": tenant,
            "chunk_id": point.id,
            "file_id": point.file_id,
            "media_type": point.media_type,
        },
    )


def _sparse(vector: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=list(vector.indices), values=list(vector.values))


def _filter(tenant: str, where: IndexFilter) -> models.Filter:
    must: list[models.Condition] = [
        models.FieldCondition(key="tenant_id", match=models.MatchValue(value=tenant))
    ]
    for key, values in (("media_type", where.media_types), ("file_id", where.file_ids)):
        if values is not None:
            must.append(models.FieldCondition(key=key, match=models.MatchAny(any=list(values))))
    return models.Filter(must=must)


def _hit(point: models.ScoredPoint) -> IndexHit:
    payload = point.payload or {}
    return IndexHit(id=payload["chunk_id"], file_id=payload["file_id"], score=point.score)
