"""Vectors from local models by fastembed (ONNX, no torch)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from typing import Any

from langchain_core.embeddings import Embeddings

from pinakes.core.errors import ModelError
from pinakes.models.fastembed_loading import LocalModels, fastembed_kind
from pinakes.models.unit_vectors import normalised

_BATCH = 16  # texts of like length; bounds memory at models with long contexts


class FastEmbedEmbedder(Embeddings):
    """An `Embedder` on top of fastembed's `TextEmbedding`; questions and passages get the model's own prefixes.

    Safe to share between threads and tasks.

    Args:
        model: As fastembed names it, for example "BAAI/bge-small-en-v1.5".
        where: Where it comes from, and how many cores it may use.

    Raises:
        ConfigurationError: fastembed is not installed, or the model is not there.
        ModelUnavailableError: It could not be fetched.
    """

    local = True

    def __init__(self, model: str, where: LocalModels | None = None) -> None:
        kind = fastembed_kind("fastembed", "TextEmbedding")
        self._model: Any = (where or LocalModels()).load(kind, model)
        self._dimensions = int(self._model.embedding_size)
        self._name = model
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Model and size."""
        return f"fastembed:{self._name}@{self._dimensions}"

    @property
    def dimensions(self) -> int:
        """The size of the vectors."""
        return self._dimensions

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector per text, in order, L2-normalised. Raises ModelError."""
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        by_length = [texts[number] for number in order]
        found = self._vectors(lambda: self._model.passage_embed(by_length, batch_size=_BATCH))
        vectors: list[list[float]] = [[]] * len(texts)
        for number, vector in zip(order, found, strict=True):
            vectors[number] = vector
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a search query, L2-normalised. Raises ModelError."""
        [vector] = self._vectors(lambda: self._model.query_embed(text))
        return vector

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector per text without blocking the event loop. Raises ModelError."""
        return await asyncio.to_thread(self.embed_documents, texts)

    async def aembed_query(self, text: str) -> list[float]:
        """Return the vector of a search query without blocking the event loop. Raises ModelError."""
        return await asyncio.to_thread(self.embed_query, text)

    def _vectors(self, embed: Any) -> list[list[float]]:
        with self._lock:
            try:
                found: Iterable[Any] = list(embed())
            except Exception as error:  # whatever the runtime raises
                raise ModelError(f"{self.name} cannot embed: {error}", model=self.name) from error
        return [normalised(vector) for vector in found]
