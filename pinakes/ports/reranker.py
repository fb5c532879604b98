"""Judging passages against a question, pair by pair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable


@runtime_checkable
class Reranker(Protocol):
    """A model that reads a question and a passage together, such as a cross-encoder."""

    @property
    def name(self) -> str: ...

    async def rerank(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return one mark per text, in order; higher is better, the scale is the model's own. Raises ModelError."""
        ...
