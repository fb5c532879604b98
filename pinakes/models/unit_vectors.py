"""Vectors of length 1."""

from __future__ import annotations

from typing import Any


def normalised(vector: Any) -> list[float]:
    """Return a vector of length 1 in the same direction; one of length 0 gets all places alike."""
    import numpy as np

    exact = np.asarray(vector, dtype=np.float64)
    length = float(np.linalg.norm(exact))
    result: list[float] = (exact / length if length else np.full(len(exact), len(exact) ** -0.5)).tolist()
    return result
