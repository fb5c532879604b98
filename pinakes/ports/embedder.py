"""Vectors for texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from pinakes.core.value import Value


class SparseVector(Value):
    """Term weights by term id."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@runtime_checkable
class Embedder(Protocol):
    """Dense vectors, L2-normalised: the async half of LangChain's `Embeddings`, plus a name and a size.

    `name` identifies model and version, so that indexes never mix models. One that runs on this machine and costs
    nothing may say so by an attribute `local = True`: then an index is made anew without asking; see `is_local`.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector per text, in order, of shape [len(texts), dimensions]."""
        ...

    async def aembed_query(self, text: str) -> list[float]:
        """Return the vector of a search query."""
        ...


def is_local(embedder: Embedder) -> bool:
    """Return whether embedding costs nothing but time, as far as the embedder says."""
    return bool(getattr(embedder, "local", False))


@runtime_checkable
class TermEncoder(Protocol):
    """Sparse term vectors for BM25; IDF is the index's business. Synchronous: it is fast and pure."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> list[SparseVector]:
        """Return the term weights of documents."""
        ...

    def encode_query(self, text: str) -> SparseVector:
        """Return the term weights of a query."""
        ...

    def words(self, text: str) -> dict[int, str]:
        """Return the first word of the text behind each term id, in order; stop words have none."""
        ...
