"""Which sentences stand for a text: LexRank with a bias to openings and to what was asked.

Erkan and Radev, "LexRank" (2004), on sentence embeddings; chosen sentences differ from each other by maximal
marginal relevance (Carbonell and Goldstein, 1998).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from pinakes.agents.analysis.closeness import vectors_of
from pinakes.agents.analysis.units import Unit
from pinakes.agents.analysis.vocabulary import content_stems
from pinakes.ports.embedder import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float32]

MOST_EMBEDDED = 160
"""Sentences embedded for one document: about a second and a half on one core."""

_DAMPING = 0.85
_EDGE = 0.25
"""Cosine under which two sentences do not vote for each other."""

_NOVELTY = 0.25
_FOUND = 0.8
_LONG = 60
"""Sentences from which a text is summed up stretch by stretch, so that no part of it drowns the others."""

_FOCUS = 3.0
_OPENING = 0.25


async def central_units(
    units: Sequence[Unit],
    count: int,
    embedder: Embedder,
    *,
    focus: str = "",
    near: Mapping[str, float] | None = None,
) -> list[Unit]:
    """Return the sentences that stand for all of them, in the order of the text.

    Args:
        focus: What the reader asked about; empty for the whole.
        near: Scores (0 to 1) of the chunks that a search for it found, by chunk id.
    """
    import numpy as np

    found = (near or {}) if focus else {}  # what a search came upon is no measure of a whole text
    telling = [u for u in units if u.telling] or list(units)
    favoured = [
        u for u in units if u.chunk.id in found and (u.telling or (u.kind in {"row", "line"} and u.worded))
    ]
    candidates = sampled(favoured if len(favoured) > count else telling, MOST_EMBEDDED, focus)
    if len(candidates) <= count:
        return candidates
    vectors = await vectors_of([u.in_place for u in candidates] + ([focus] if focus else []), embedder)
    asked = vectors[-1] if focus else None
    vectors = vectors[: len(candidates)]
    weights = _weights(vectors, asked)
    weights += np.array([_FOUND * found.get(u.chunk.id, 0.0) for u in candidates], dtype=np.float32)
    long = not focus and len(candidates) >= _LONG
    chosen = _one_each(weights, count) if long else _differing(vectors, weights, count)
    return [candidates[i] for i in sorted(chosen)]


def sampled(units: Sequence[Unit], most: int, focus: str = "") -> list[Unit]:
    """Return at most so many sentences, the best by cheap signs of each equal stretch of the text."""
    if len(units) <= most:
        return list(units)
    frequent = Counter(word for unit in units for word in content_stems(unit.text))
    asked = set(content_stems(focus))
    stretches = max(1, most // 8)
    kept: list[Unit] = []
    for n in range(stretches):
        stretch = units[n * len(units) // stretches : (n + 1) * len(units) // stretches]
        ranked = sorted(
            range(len(stretch)),
            key=lambda i, s=stretch: -_worth(s[i], i, frequent, asked),  # type: ignore[misc]
        )
        kept += [stretch[i] for i in sorted(ranked[:8])]
    return kept[:most]


def _worth(unit: Unit, place: int, frequent: Counter[str], asked: set[str]) -> float:
    words = set(content_stems(unit.text))
    if not words:
        return 0.0
    common = sum(frequent[w] for w in words) / (len(words) ** 0.7) / max(frequent.values())
    return float(common + 0.3 / (1 + place) + 2.0 * len(words & asked))


def _weights(vectors: Matrix, asked: Matrix | None) -> Matrix:
    import numpy as np

    alike = np.clip(vectors @ vectors.T, 0, 1)
    alike[alike < _EDGE] = 0
    np.fill_diagonal(alike, 0)
    votes = alike / np.maximum(alike.sum(axis=1, keepdims=True), 1e-6)
    rank = np.full(len(vectors), 1 / len(vectors), dtype=np.float32)
    for _ in range(30):
        rank = (1 - _DAMPING) / len(vectors) + _DAMPING * votes.T @ rank
    opening = 1 / (1 + np.arange(len(vectors)))
    weights = np.asarray(rank / rank.max() + _OPENING * opening, dtype=np.float32)
    return weights if asked is None else weights + _FOCUS * np.clip(vectors @ asked, 0, 1)


def _one_each(weights: Matrix, count: int) -> list[int]:
    """Return the weightiest sentence of each equal stretch of a text."""
    bounds = [n * len(weights) // count for n in range(count + 1)]
    return [start + int(weights[start:stop].argmax()) for start, stop in pairwise(bounds)]


def _differing(vectors: Matrix, weights: Matrix, count: int) -> list[int]:
    import numpy as np

    chosen: list[int] = []
    weak = (
        weights < np.sort(weights)[max(0, len(weights) // 2 - count)]
    )  # novelty alone makes nothing telling
    nearest = np.zeros(len(vectors), dtype=np.float32)
    scale = float(weights.max()) or 1.0
    while len(chosen) < count:
        gain = weights / scale - _NOVELTY * nearest
        gain[nearest > 0.85] = -np.inf
        gain[chosen] = -np.inf
        gain[weak] = -np.inf
        best = int(gain.argmax())
        if not np.isfinite(gain[best]):
            break
        chosen.append(best)
        nearest = np.maximum(nearest, vectors @ vectors[best])
    return chosen
