"""Turns what two searches found into one calibrated score.

A hit's score is the logistic of absolute evidence, so that it means the same in every library and for every query:
the cosine of meaning, the share of the query's words that the chunk holds (each worth its inverse document
frequency), how densely it holds them, how much of the query it lacks, and whether the query names its file. A
plain weighted sum beats reciprocal rank fusion here (Bruch et al., "An Analysis of Fusion Functions for Hybrid
Retrieval", arXiv:2210.11934); the logistic is Platt's. Weights and how they were fitted: `search_weights.py`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pinakes.core.files import Chunk, ChunkHit, FileRecord
from pinakes.library.languages import ENGLISH, OTHER, Trust
from pinakes.library.search_text import file_words, term_text
from pinakes.library.search_weights import (
    BIAS,
    IDENTIFIER_MISSING,
    MEANING_EVEN,
    MEANING_EVEN_PER_TERM,
    MEANING_SLOPE,
    WEIGHTS,
)
from pinakes.ports.embedder import SparseVector, TermEncoder

_PAIRS_PER_WORD = 3
"""How many terms stand for one word where writing has no gaps and pairs of letters are the terms."""

_SATURATION = 2.2
"""The most that BM25 with k = 1.2 can make of one term."""


class QueryTerms(NamedTuple):
    """A query's terms: the word behind each, and its inverse document frequency in this library."""

    words: Mapping[int, str]
    idf: Mapping[int, float]
    ceiling: float  # what a word has that occurs nowhere
    trust: Trust = ENGLISH  # in cosines of this query


class Candidate(NamedTuple):
    """A chunk that a search found, with its file, cosine and own term weights."""

    chunk: Chunk
    file: FileRecord
    dense: float
    terms: Mapping[int, float]
    named: bool = False  # the query spells out its file's name


def term_weights(chunks: Sequence[tuple[Chunk, FileRecord]], encoder: TermEncoder) -> list[dict[int, float]]:
    """Return the term weights that the index holds for these chunks."""
    vectors = encoder.encode([term_text(chunk, file) for chunk, file in chunks])
    return [dict(zip(v.indices, v.values, strict=True)) for v in vectors]


def solve_idf(
    query: SparseVector, scored: Sequence[tuple[Mapping[int, float], float]], ceiling: float
) -> dict[int, float]:
    """Return the inverse document frequencies that explain BM25 scores of known term weights.

    The index keeps document frequencies to itself; its scores are linear in them, so least squares finds them. A
    term that none of the hits holds is missing from the result.
    """
    import numpy as np

    held = [t for t in query.indices if any(t in weights for weights, _ in scored)]
    if not held:
        return {}
    matrix = np.array([[weights.get(t, 0.0) for t in held] for weights, _ in scored])
    found = np.linalg.lstsq(matrix, np.array([score for _, score in scored]), rcond=None)[0]
    return {t: float(min(max(value, 0.05), ceiling)) for t, value in zip(held, found, strict=True)}


def unseen_idf(points: int) -> float:
    """Return the inverse document frequency of a word that none of so many chunks holds."""
    return math.log((points + 0.5) / 0.5 + 1)


def features(candidate: Candidate, query: QueryTerms, names: Mapping[int, float]) -> tuple[float, ...]:
    """Return the evidence that one candidate answers a query, in the order of `WEIGHTS`.

    Args:
        candidate: The chunk.
        query: The query's terms.
        names: Term ids of the file's name and title.
    """
    held = {t: w for t in query.idf if (w := candidate.terms.get(t))}
    total = sum(query.idf.values())
    matched = sum(query.idf[t] for t in held)
    bm25 = sum(query.idf[t] * w for t, w in held.items())
    scale = (query.ceiling or 1.0) * (_PAIRS_PER_WORD if query.trust == OTHER else 1)
    return (
        candidate.dense,
        matched / total if total else 0.0,
        (total - matched) / scale,
        1 - math.exp(-matched / scale),
        bm25 / (total * _SATURATION) if total else 0.0,
        1.0 if candidate.named else _named_share(query, names),
    )


def score(
    evidence: Sequence[float], *, length: int, trust: Trust = ENGLISH, code_missing: bool = False
) -> float:
    """Return the calibrated probability, 0 to 1, that evidence of `features` belongs to an answer.

    Meaning and words add up; a strong likeness of meaning also stands alone, so that other words for the same
    thing are found ("damaged equipment", "broken machinery").

    Args:
        evidence: What `features` returned.
        length: How many terms the query has; fewer words find fewer likenesses by chance.
        trust: How far the cosine counts; in other languages than English meaning never stands alone.
        code_missing: The query names a code, such as a part number, that the chunk does not hold.
    """
    cosine = trust.as_english(evidence[0])
    values = (cosine, *evidence[1:])
    both = BIAS + sum(w * x for w, x in zip(WEIGHTS.values(), values, strict=True))
    even = MEANING_EVEN + MEANING_EVEN_PER_TERM * min(length, 4)
    alone = MEANING_SLOPE * (cosine - even) if trust == ENGLISH else both
    logit = max(both, alone) - (IDENTIFIER_MISSING if code_missing else 0.0)
    return 1 / (1 + math.exp(-logit))


def rank(candidates: Sequence[Candidate], query: QueryTerms, encoder: TermEncoder) -> list[ChunkHit]:
    """Return the candidates as hits, best first."""
    names = {c.file.id: file_terms(c.file, encoder) for c in {c.file.id: c for c in candidates}.values()}
    codes = _codes(query)
    hits = [_hit(c, query, names[c.file.id], codes) for c in candidates]
    return sorted(hits, key=lambda hit: (-hit.score, -hit.dense, hit.chunk.file_id, hit.chunk.ordinal))


def is_identifier(word: str) -> bool:
    """Return whether a word names one thing only: a part number, a code, letters mixed with digits."""
    mixed = re.search(r"\d", word) and re.search(r"[^\W\d_]", word)
    return bool(mixed) and not re.fullmatch(r"[\d.,]+\D{1,3}", word)


_Codes = list[list[int]]


def _codes(query: QueryTerms) -> _Codes:
    """Return the term ids of each code in the query: the code written together, then its parts."""
    found: dict[str, list[int]] = {}
    for term, word in query.words.items():
        if is_identifier(word) and term in query.idf:
            found.setdefault(word, []).append(term)
    return list(found.values())


def _holds(candidate: Candidate, code: list[int]) -> bool:
    together, parts = code[0], code[1:]
    return together in candidate.terms or (bool(parts) and all(t in candidate.terms for t in parts))


def _hit(candidate: Candidate, query: QueryTerms, names: Mapping[int, float], codes: _Codes) -> ChunkHit:
    held = [t for t in query.idf if t in candidate.terms]
    lacking = bool(codes) and not candidate.named and not any(_holds(candidate, code) for code in codes)
    evidence = features(candidate, query, names)
    return ChunkHit(
        chunk=candidate.chunk,
        file=candidate.file,
        score=round(score(evidence, length=len(query.idf), trust=query.trust, code_missing=lacking), 4),
        dense=round(candidate.dense, 4),
        terms=round(sum(query.idf[t] * candidate.terms[t] for t in held), 4),
        matched_terms=tuple(dict.fromkeys(query.words[t] for t in query.words if t in held)),
    )


def file_terms(file: FileRecord, encoder: TermEncoder) -> dict[int, float]:
    """Return the terms of a file's name and title."""
    vector = encoder.encode([file_words(file)])[0]
    return dict(zip(vector.indices, vector.values, strict=True))


def _named_share(query: QueryTerms, names: Mapping[int, float]) -> float:
    """Return how much of a file's name the query says; less than half of it names nothing."""
    said = sum(1 for t in names if t in query.idf)
    return said / len(names) if 2 * said >= len(names) and (said > 1 or len(names) == 1) else 0.0
