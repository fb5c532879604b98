"""Which words mean about the same, so that a difference of words is no difference of matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from pinakes.agents.analysis.closeness import vectors_of
from pinakes.agents.comparing.lexicon import COLUMNS
from pinakes.agents.queries.names import stem
from pinakes.ports.embedder import Embedder

KIN = 0.68
"""Cosine of two single words from which they may stand for each other."""

_COLUMNS = tuple(frozenset(map(stem, column)) for column in COLUMNS)
_SHARED_BEGINNING = 5
_COMPOUND = 4


class Kinship:
    """Tells which words are kin: by spelling, by the columns of tables, by meaning where vectors are known."""

    def __init__(self) -> None:
        self._vectors: dict[str, Sequence[float]] = {}

    async def learn(self, words: Iterable[str], embedder: Embedder) -> None:
        """Fetch the vectors of words, once each."""
        new = sorted({w for w in words if w not in self._vectors})
        if new:
            self._vectors |= dict(zip(new, (await vectors_of(new, embedder)).tolist(), strict=True))

    def kin(self, left: str, right: str) -> bool:
        """Return whether two stems may stand for each other."""
        if left == right or _spelled_alike(left, right):
            return True
        if any(left in column and right in column for column in _COLUMNS):
            return True
        a, b = self._vectors.get(left), self._vectors.get(right)
        return a is not None and b is not None and sum(x * y for x, y in zip(a, b, strict=True)) >= KIN

    def unmatched(self, words: frozenset[str], others: frozenset[str]) -> frozenset[str]:
        """Return the words that no other one stands for."""
        return frozenset(w for w in words if w not in others and not any(self.kin(w, o) for o in others))


def _spelled_alike(left: str, right: str) -> bool:
    short, long = sorted((left, right), key=len)
    beginning = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(short, long, strict=False)))
    if beginning >= _SHARED_BEGINNING or (beginning == len(short) >= _COMPOUND):
        return True
    return len(short) >= _COMPOUND + 1 and long.endswith(short)
