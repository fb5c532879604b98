"""Vector search over chunks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from pinakes.core.value import Value
from pinakes.ports.embedder import SparseVector


class IndexPoint(Value):
    """One chunk's vectors and the fields that searches filter by."""

    id: str  # the chunk's id, a UUID
    file_id: str
    media_type: str
    dense: tuple[float, ...]
    terms: SparseVector


class IndexFilter(Value):
    """Which points a search may return; None means no limit. An empty tuple matches nothing."""

    media_types: tuple[str, ...] | None = None
    file_ids: tuple[str, ...] | None = None


class IndexHit(Value):
    """A point found, with its cosine or BM25 score."""

    id: str
    file_id: str
    score: float


@runtime_checkable
class VectorIndex(Protocol):
    """Points of all tenants; every call names the tenant and never sees another one's.

    `collection` is its name among the collections of the same store, of which every embedder has its own.
    """

    @property
    def collection(self) -> str: ...

    async def upsert(self, tenant: str, points: Sequence[IndexPoint]) -> None:
        """Write points, replacing those with the same id."""
        ...

    async def delete_files(self, tenant: str, file_ids: Sequence[str]) -> None:
        """Delete every point of these files."""
        ...

    async def clear(self, tenant: str) -> None:
        """Delete every point of the tenant."""
        ...

    async def search_dense(
        self, tenant: str, vector: Sequence[float], limit: int, where: IndexFilter
    ) -> list[IndexHit]:
        """Return the nearest points by cosine, best first."""
        ...

    async def search_terms(
        self, tenant: str, vector: SparseVector, limit: int, where: IndexFilter
    ) -> list[IndexHit]:
        """Return the best points by BM25 (term weights times IDF), best first."""
        ...

    async def count(self, tenant: str) -> int:
        """Return how many points the tenant has."""
        ...

    async def forget(self, tenant: str, collection: str) -> None:
        """Delete the tenant's points in another collection of the same store; an unknown one is no error."""
        ...

    async def aclose(self) -> None:
        """Flush and release; further calls are errors."""
        ...
