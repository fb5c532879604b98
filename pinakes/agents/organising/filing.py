"""Which folder a file belongs to by what it says, learnt from what lies in the folders already.

Kernel ridge regression over words and meaning (Saunders, Gammerman and Vovk, 1998), one output per folder. How far it
can be trusted is learnt as well: every filed file is judged by all others (leave-one-out in closed form; Rifkin and
Lippert, 2007), and Platt's logistic (1999) turns its lead over the second folder into a probability of being right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SURE = 0.7
"""Probability of being right below which a file stays where it is."""

WORDS = 0.7
"""Share of words in likeness; the rest is meaning."""

_RIDGE = 0.1
_STRANGE = 0.7
"""Share of the usual likeness to the nearest file of a folder below which a file is like none of them."""


@dataclass(frozen=True)
class Filed:
    """Where a file belongs: `place` is the folder's number, `probability` how likely that is right."""

    place: int
    probability: float

    @property
    def sure(self) -> bool:
        """Whether it should be moved without being looked at."""
        return self.probability >= SURE


def likeness(words: Any, meanings: Any) -> Any:
    """Return how alike any two contents are, shape [n, n], from rows of length 1."""
    return WORDS * (words @ words.T) + (1 - WORDS) * (meanings @ meanings.T)


def file_by_content(alike: Any, places: Sequence[int]) -> list[Filed]:
    """Return where the unfiled files belong.

    Args:
        alike: Likeness of all files, shape [n, n]; first those filed already, then the others.
        places: The folder's number, from 0, of each filed file; two folders at least.

    Returns:
        One judgement per unfiled file, in order.
    """
    import numpy as np

    known = np.array(places)
    count = len(known)
    among, towards = alike[:count, :count], alike[count:, :count]
    wanted = np.where(known[:, None] == np.arange(known.max() + 1)[None], 1.0, -1.0)
    mean = wanted.mean(axis=0)
    inverse = np.linalg.inv(among + _RIDGE * np.eye(count))
    learnt = inverse @ (wanted - mean)
    without = wanted - learnt / np.diag(inverse)[:, None]  # each as the others would judge it
    scores = towards @ learnt + mean
    certain = _logistic(_lead(without), without.argmax(axis=1) == known)
    chances = certain(_lead(scores)) * _familiar(among, towards, known, scores.argmax(axis=1))
    return [Filed(int(p), float(c)) for p, c in zip(scores.argmax(axis=1), chances, strict=True)]


def _lead(scores: Any) -> Any:
    import numpy as np

    ordered = np.sort(scores, axis=1)
    return ordered[:, -1] - ordered[:, -2]


def _familiar(among: Any, towards: Any, known: Any, chosen: Any) -> Any:
    """Return 1 for files about as like their folder as filed files are to each other, 0 for strange ones."""
    import numpy as np

    same = known[:, None] == known[None]
    np.fill_diagonal(same, False)
    usual = np.median(np.where(same, among, 0).max(axis=1))
    nearest = np.where(chosen[:, None] == known[None], towards, 0).max(axis=1)
    return (nearest >= _STRANGE * usual).astype(float)


def _logistic(leads: Any, right: Any) -> Any:
    """Return the function from leads to probabilities that fits these outcomes, smoothed as Platt does."""
    import numpy as np

    hits = int(right.sum())
    target = np.where(right, (hits + 1) / (hits + 2), 1 / (len(right) - hits + 2))
    rows = np.stack([np.ones_like(leads), leads], axis=1)
    weights = np.zeros(2)
    for _ in range(50):
        chance = _squashed(rows @ weights)
        slope = rows.T @ (chance - target) + 1e-3 * weights
        bend = (rows * (chance * (1 - chance))[:, None]).T @ rows + 1e-3 * np.eye(2)
        weights = weights - np.linalg.solve(bend, slope)
    return lambda x: _squashed(weights[0] + max(weights[1], 0.0) * x)


def _squashed(x: Any) -> Any:
    import numpy as np

    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))
