"""Which agents a text means: a small regularised classifier over embeddings of the cards' examples.

Of the shipped cards and the shipped embedder it is fitted already: tests/planning/make_example_vectors.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from pinakes.agents.planning.examples import example_vectors, examples_of, shipped_weights
from pinakes.core.plans import AgentCard
from pinakes.ports.embedder import Embedder

_ROUNDS = 300
_RATE = 4.0
_SHRINK = 2e-3
_SHARPNESS = 6.0


class Meaning:
    """Multinomial logistic regression on the cards' examples; deterministic, and fitted at first use where need be.

    Args:
        embedder: Gives the vectors; its model is never trained.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._fitted: dict[tuple[AgentCard, ...], Any] = {}
        self._lock = asyncio.Lock()

    async def shares(self, texts: Sequence[str], cards: tuple[AgentCard, ...]) -> list[Mapping[str, float]]:
        """Return per text how likely each card is meant, summing to 1."""
        weights = await self._weights(cards)
        vectors = await self._embedder.aembed_documents(list(texts))
        return [
            dict(zip((c.name for c in cards), row, strict=True)) for row in _probabilities(vectors, weights)
        ]

    async def _weights(self, cards: tuple[AgentCard, ...]) -> Any:
        async with self._lock:
            if cards not in self._fitted:
                self._fitted[cards] = await _weights_of(cards, self._embedder)
            return self._fitted[cards]


async def _weights_of(cards: tuple[AgentCard, ...], embedder: Embedder) -> Any:
    shipped = shipped_weights(cards, embedder)
    if shipped is not None:
        return shipped
    texts, labels = examples_of(cards)
    vectors = await example_vectors(texts, embedder)
    return await asyncio.to_thread(fit, vectors, labels, len(cards))


def fit(vectors: Any, labels: Sequence[int], classes: int) -> Any:
    """Return the weights, of shape [dimensions + 1, classes], for vectors of shape [examples, dimensions]."""
    import numpy as np

    x = _with_bias(vectors)
    target = np.eye(classes)[list(labels)]
    balance = (len(labels) / classes / target.sum(axis=0))[list(labels)][:, None]
    weights = np.zeros((x.shape[1], classes))
    for _ in range(_ROUNDS):
        error = (_softmax(x @ weights) - target) * balance
        weights -= _RATE * (x.T @ error / len(labels) + _SHRINK * weights)
    return weights


def _probabilities(vectors: Any, weights: Any) -> list[list[float]]:
    rows: list[list[float]] = _softmax(_with_bias(vectors) @ weights).tolist()
    return rows


def _with_bias(vectors: Any) -> Any:
    import numpy as np

    x = np.asarray(vectors, dtype=np.float64) * _SHARPNESS
    return np.hstack([x, np.ones((len(x), 1))])


def _softmax(scores: Any) -> Any:
    import numpy as np

    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
