"""What two documents share, what they say differently, and what only one of them says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pinakes.agents.analysis.centrality import sampled
from pinakes.agents.analysis.closeness import vectors_of
from pinakes.agents.analysis.units import Unit
from pinakes.ports.embedder import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float32]

SAME = 0.78
"""Cosine from which two sentences say the same thing."""

ALONE = 0.55
"""Cosine under which nothing in the other document says it."""

_MOST = 140


@dataclass(frozen=True)
class Pair:
    """Two sentences that say the same, or the same with other numbers."""

    left: Unit
    right: Unit
    closeness: float

    @property
    def differs(self) -> bool:
        """Whether the figures in the two are not the same."""
        left, right = _figures(self.left.text), _figures(self.right.text)
        return bool(left and right) and left != right


@dataclass(frozen=True)
class Comparison:
    """The outcome; each part the most telling first."""

    shared: list[Pair]
    changed: list[Pair]
    only_left: list[Unit]
    only_right: list[Unit]


async def compare_units(
    left: Sequence[Unit], right: Sequence[Unit], embedder: Embedder, *, focus: str = ""
) -> Comparison:
    """Compare two documents sentence by sentence; long ones by a sample, the sentences near `focus` first."""
    import numpy as np

    ours, theirs = (sampled(_statements(units), _MOST, focus) for units in (left, right))
    if not ours or not theirs:
        return Comparison([], [], ours, theirs)
    texts = [u.text for u in ours] + [u.text for u in theirs] + [focus or "the main point"]
    vectors = await vectors_of(texts, embedder)
    a, b, asked = vectors[: len(ours)], vectors[len(ours) : -1], vectors[-1]
    alike = a @ b.T
    pairs = _pairs(ours, theirs, alike)
    worth_a, worth_b = (a @ asked, b @ asked) if focus else (a @ a.mean(axis=0), b @ b.mean(axis=0))
    alone_a = [int(i) for i in np.argsort(-worth_a) if alike[i].max() < ALONE]
    alone_b = [int(j) for j in np.argsort(-worth_b) if alike[:, j].max() < ALONE]
    return Comparison(
        shared=[p for p in pairs if not p.differs],
        changed=[p for p in pairs if p.differs],
        only_left=[ours[i] for i in alone_a],
        only_right=[theirs[j] for j in alone_b],
    )


def _statements(units: Sequence[Unit]) -> list[Unit]:
    return list({u.text: u for u in units if u.telling}.values())


def _pairs(ours: Sequence[Unit], theirs: Sequence[Unit], alike: Matrix) -> list[Pair]:
    """Return mutual nearest neighbours that say the same, the closest first."""
    found = []
    for i, j in enumerate(alike.argmax(axis=1)):
        if alike[i, j] >= SAME and alike[:, j].argmax() == i:
            found.append(Pair(ours[i], theirs[int(j)], float(alike[i, j])))
    return sorted(found, key=lambda p: -p.closeness)


def _figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d+(?:[.,:]\d+)*", text))
