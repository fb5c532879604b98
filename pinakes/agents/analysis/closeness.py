"""Nearness in meaning of short texts, by the library's embedder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pinakes.ports.embedder import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float32]


async def closeness(query: str, texts: Sequence[str], embedder: Embedder) -> list[float]:
    """Return the cosine of each text to a query."""
    if not texts:
        return []
    vectors = await vectors_of([query, *texts], embedder)
    return [float(v) for v in vectors[1:] @ vectors[0]]


async def vectors_of(texts: Sequence[str], embedder: Embedder) -> Matrix:
    """Return the texts' vectors as rows, of shape [len(texts), dimensions]."""
    import numpy as np

    if not texts:
        return np.zeros((0, embedder.dimensions), dtype=np.float32)
    return np.asarray(await embedder.aembed_documents(list(texts)), dtype=np.float32)
