"""A local cross-encoder by fastembed (ONNX, no torch)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

from pinakes.core.errors import ModelError
from pinakes.models.fastembed_loading import LocalModels, fastembed_kind

_BATCH = 8


class FastEmbedReranker:
    """A `Reranker` on top of fastembed's `TextCrossEncoder`; its marks are the model's logits.

    Args:
        model: As fastembed names it, for example "Xenova/ms-marco-MiniLM-L-6-v2".
        where: Where it comes from, and how many cores it may use.

    Raises:
        ConfigurationError: fastembed is not installed, or the model is not there.
        ModelUnavailableError: It could not be fetched.
    """

    def __init__(self, model: str, where: LocalModels | None = None) -> None:
        kind = fastembed_kind("fastembed.rerank.cross_encoder", "TextCrossEncoder")
        self._model: Any = (where or LocalModels()).load(kind, model)
        self._name = model
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The model."""
        return f"fastembed:{self._name}"

    async def rerank(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return one mark per text, in order; higher is better. Raises ModelError."""
        return await asyncio.to_thread(self._rerank, query, list(texts)) if texts else []

    def _rerank(self, query: str, texts: list[str]) -> list[float]:
        with self._lock:
            try:
                return [float(mark) for mark in self._model.rerank(query, texts, batch_size=_BATCH)]
            except Exception as error:  # whatever the runtime raises
                raise ModelError(f"{self.name} cannot judge: {error}", model=self.name) from error
