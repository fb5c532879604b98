"""Finds for every item of one side its best partner on the other, and what the two say of each other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pinakes.agents.analysis.closeness import vectors_of
from pinakes.agents.comparing.items import Item
from pinakes.agents.comparing.kinship import Kinship
from pinakes.agents.comparing.lexicon import OWN
from pinakes.agents.comparing.verdicts import Judgement, judge, may_decide, words_to_learn
from pinakes.core.findings import Verdict
from pinakes.ports.embedder import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float32]

CANDIDATES = 4
"""Nearest items on the other side that each is judged against."""

_NEAR = 0.35
"""Cosine under which two statements are never set against each other."""

_RELATED = 0.55
"""Cosine from which two statements that nothing decides are still worth telling."""

_DECIDED = 0.2
_SAME_ROW = 0.6
_OTHER_ROW = 0.3


@dataclass(frozen=True)
class Match:
    """Two items that bear on each other; `score` is 0 to 1."""

    left: Item
    right: Item
    judgement: Judgement
    score: float


async def match_items(
    left: Sequence[Item], right: Sequence[Item], embedder: Embedder, *, each_file: bool = False
) -> list[Match]:
    """Return the best pairs, the surest first; every item has one partner at most.

    Args:
        each_file: A right item may be partner of one item in every file on the left, as a rule is for many pictures.
    """
    if not left or not right:
        return []
    vectors = await vectors_of([i.meaning for i in (*left, *right)], embedder)
    alike = vectors[: len(left)] @ vectors[len(left) :].T
    _favour_named(alike, left, right)
    near = await asyncio.to_thread(_candidates, left, right, alike)
    kinship = Kinship()
    open_ones = [(a, b) for a, b, _ in near if may_decide(a.statement, b.statement)]
    words = frozenset(w for a, b in open_ones for w in words_to_learn(a.statement, b.statement))
    await kinship.learn(words, embedder)
    of_one = _OfOneMatter((*left, *right))
    near = [(a, b, nearness) for a, b, nearness in near if of_one.may_meet(a, b)]
    judged = await asyncio.to_thread(_judged, near, kinship)
    return _assigned(judged, each_file)


class _OfOneMatter:
    """Tells whether what two papers each have of their own, as a total, may be set against each other.

    It may where a code that stands in both shows that they are of one matter: an invoice's number on its receipt.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self._codes: dict[str, set[str]] = {}
        for item in items:
            codes = {f.said.casefold() for f in item.statement.facts if f.kind == "code"}
            self._codes.setdefault(item.file.id, set()).update(codes)

    def may_meet(self, left: Item, right: Item) -> bool:
        """Return whether two items can be of one matter, as far as their words tell."""
        ours, theirs = left.statement.words, right.statement.words
        shared = ours & theirs
        if not shared or not shared <= OWN or not (ours <= OWN or theirs <= OWN):
            return True
        return bool(self._codes[left.file.id] & self._codes[right.file.id])


def _candidates(left: Sequence[Item], right: Sequence[Item], alike: Matrix) -> list[tuple[Item, Item, float]]:
    """Return for each item on either side its nearest ones on the other, never a thing with itself."""
    import numpy as np

    for i, ours in enumerate(left):
        same = [j for j, theirs in enumerate(right) if theirs.file.sha256 == ours.file.sha256]
        alike[i, same] = 0.0
    rows = {(i, int(j)) for i in range(len(left)) for j in np.argsort(-alike[i])[:CANDIDATES]}
    columns = {(int(i), j) for j in range(len(right)) for i in np.argsort(-alike[:, j])[:2]}
    return [
        (left[i], right[j], float(alike[i, j])) for i, j in sorted(rows | columns) if alike[i, j] >= _NEAR
    ]


def _favour_named(alike: Matrix, left: Sequence[Item], right: Sequence[Item]) -> None:
    """Bring rows of the same thing nearer: all rows of a table are close in meaning."""
    labelled = [(j, i.statement.named) for j, i in enumerate(right) if i.statement.named]
    for i, ours in enumerate(left):
        named = ours.statement.named
        for j, other in labelled if named else ():
            shared = len(named & other) / len(named | other)
            alike[i, j] += _SAME_ROW * (1 - alike[i, j]) if shared == 1 else -_OTHER_ROW * (1 - shared)


def _judged(near: Sequence[tuple[Item, Item, float]], kinship: Kinship) -> list[Match]:
    found = []
    for ours, theirs, nearness in near:
        judgement = judge(ours.statement, theirs.statement, nearness, kinship)
        decided = judgement.verdict is not Verdict.RELATED
        minor = ours.minor or theirs.minor
        if decided or (nearness >= _RELATED and not minor):
            score = min(1.0, max(0.0, (1 - _DECIDED) * nearness + _DECIDED * decided))
            found.append(Match(ours, theirs, judgement, round(score, 3)))
    return found


def _assigned(matches: Sequence[Match], each_file: bool) -> list[Match]:
    kept: list[Match] = []
    taken: set[tuple[int, str]] = set()
    for match in sorted(matches, key=lambda m: -m.score):
        ours = (id(match.left), "")
        theirs = (id(match.right), match.left.file.id if each_file else "")
        if ours not in taken and theirs not in taken and not _turned_round(match, kept):
            taken |= {ours, theirs}
            kept.append(match)
    return kept


def _turned_round(match: Match, kept: Sequence[Match]) -> bool:
    """Return whether a pair was found the other way round already, where both sides hold the same files."""
    places = _place(match.right), _place(match.left)
    return any((_place(m.left), _place(m.right)) == places for m in kept)


def _place(item: Item) -> tuple[str, str, int]:
    return item.file.id, item.chunk.id if item.chunk else "", item.start
