"""BM25 term weights, made offline by Qdrant's own encoder; the index multiplies by IDF at query time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from pinakes.core.errors import ModelError
from pinakes.ports.embedder import SparseVector


class Bm25Encoder:
    """Turns texts into stemmed, stop-word-free term weights (Robertson and Zaragoza, 2009).

    Args:
        language: A Snowball language that stemming and stop words follow.
    """

    def __init__(self, language: str = "english") -> None:
        self._language = language

    @property
    def name(self) -> str:
        """The encoder and its language."""
        return f"qdrant-bm25-{self._language}@1"

    def encode(self, texts: Sequence[str]) -> list[SparseVector]:
        """Return the term weights of documents. Raises ModelError."""
        return [_vector(self._encoder.embed_document(text)) for text in texts]

    def encode_query(self, text: str) -> SparseVector:
        """Return the term weights of a query, 1 each. Raises ModelError."""
        return _vector(self._encoder.embed_query(text))

    def words(self, text: str) -> dict[int, str]:
        """Return the first word of the text behind each term id, in order; stop words have none."""
        found: dict[int, str] = {}
        for word in _WORD.findall(text):
            for index in self._encoder.embed_query(word).indices:
                found.setdefault(int(index), word)
        return found

    @cached_property
    def _encoder(self) -> Any:
        try:
            from qdrant_edge import Bm25, Bm25Config
        except ImportError as error:
            raise ModelError("Term search needs qdrant-edge-py: pip install 'pinakes[local]'.") from error
        return Bm25(Bm25Config(language=self._language))


_WORD = re.compile(r"\w+(?:['’]\w+)?")


def _vector(sparse: Any) -> SparseVector:
    return SparseVector(indices=tuple(sparse.indices), values=tuple(sparse.values))
