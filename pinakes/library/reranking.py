"""A reranker's say in the order of hits, without a say in whether there are any.

A cross-encoder's marks are on a scale of its own and mean nothing in themselves, so they are compared within one list
only: scaled to -1 … 1 they are added to the log-odds of the calibrated scores. The hits then exchange their scores in
that order, each among those that floors treat alike. So every floor lets through exactly as many hits as without a
reranker: what is refused for want of evidence stays refused, what has an answer keeps it, and the reranker decides
which passages give it.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence

from pinakes.core.errors import ModelError
from pinakes.core.files import ChunkHit
from pinakes.library.search_text import meaning_text
from pinakes.ports.reranker import Reranker

TOP = 30
"""Hits that are judged; a cross-encoder on two cores takes some 10 to 50 ms for each."""

WEIGHT = 1.2
"""Log-odds between a middling mark and the best one. The whole range is 2.4, less than a missing code costs
(`search_weights.IDENTIFIER_MISSING`), so passages about another part number never win by it."""

_log = logging.getLogger(__name__)


async def reranked(query: str, hits: Sequence[ChunkHit], reranker: Reranker) -> list[ChunkHit]:
    """Return the hits in the order that scores and a reranker's marks give together; as they are if it fails."""
    top, rest = hits[:TOP], hits[TOP:]
    if len(top) < 2:
        return list(hits)
    try:
        marks = await reranker.rerank(query, [meaning_text(hit.chunk) for hit in top])
    except ModelError as error:
        _log.warning("hits are not reranked: %s", error.message)
        return list(hits)
    return sorted([*blended(top, marks), *rest], key=lambda hit: -hit.score)


def blended(hits: Sequence[ChunkHit], marks: Sequence[float]) -> list[ChunkHit]:
    """Return the hits with their scores exchanged within their kinds; marks as `Reranker.rerank` gives them."""
    low, high = min(marks), max(marks)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        return list(hits)
    keys = [
        _log_odds(hit.score) + WEIGHT * (2 * (mark - low) / (high - low) - 1)
        for hit, mark in zip(hits, marks, strict=True)
    ]
    alike: dict[tuple[object, ...], list[int]] = {}
    for number, hit in enumerate(hits):
        alike.setdefault(_kind(hit), []).append(number)
    scores: dict[int, float] = {}
    for numbers in alike.values():
        by_key = sorted(numbers, key=lambda number: -keys[number])
        ranked = sorted((hits[number].score for number in numbers), reverse=True)
        scores.update(zip(by_key, ranked, strict=True))
    return [hit.model_copy(update={"score": scores[number]}) for number, hit in enumerate(hits)]


def _kind(hit: ChunkHit) -> tuple[object, ...]:
    """Return what floors tell hits apart by: media, the sort of text, whether it says the query's words."""
    more_than_a_name = hit.chunk.kind == "scene" and "\n" in hit.chunk.text
    return hit.file.media_type, hit.chunk.kind, bool(hit.matched_terms), more_than_a_name


def _log_odds(score: float) -> float:
    held = min(max(score, 1e-4), 1 - 1e-4)
    return math.log(held / (1 - held))
