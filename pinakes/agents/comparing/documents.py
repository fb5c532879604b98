"""What two documents share, what they say with other values, and what only one of them says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pinakes.agents.analysis.centrality import sampled
from pinakes.agents.analysis.closeness import vectors_of
from pinakes.agents.analysis.units import Unit
from pinakes.agents.comparing.facts import Fact
from pinakes.agents.comparing.fitting import comparable, fit_of
from pinakes.agents.comparing.intervals import Fit
from pinakes.agents.comparing.statements import Statement
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
"""Sentences of either document that are compared by meaning, after those that are the same to the letter."""


@dataclass(frozen=True)
class Pair:
    """Two sentences or rows that say the same, or the same with other values."""

    left: Unit
    right: Unit
    closeness: float = 1.0

    @cached_property
    def changes(self) -> list[tuple[str, str]]:
        """The values that differ: how the left one says them, and the right one."""
        if self.left.kind == self.right.kind == "row":
            return _changed_cells(self.left, self.right)
        return _changed_values(Statement(self.left.text), Statement(self.right.text))

    @property
    def differs(self) -> bool:
        """Whether values in the two are not the same."""
        return bool(self.changes)


@dataclass(frozen=True)
class Comparison:
    """The outcome; each part the most telling first. `same_count` is of all that both say."""

    shared: list[Pair]
    changed: list[Pair]
    only_left: list[Unit]
    only_right: list[Unit]
    same_count: int = 0


async def compare_units(
    left: Sequence[Unit], right: Sequence[Unit], embedder: Embedder, *, focus: str = ""
) -> Comparison:
    """Compare two documents: rows by what they are of, sentences to the letter, then by meaning.

    Of long documents a sample is compared by meaning, the sentences near `focus` first.
    """
    rows, rows_left, rows_right = _rows(left, right)
    same, ours, theirs = _same(_statements(left), _statements(right))
    ours, theirs = sampled(ours, _MOST, focus), sampled(theirs, _MOST, focus)
    pairs, alone_left, alone_right = await _by_meaning(ours, theirs, embedder, focus)
    found = [*rows, *pairs]
    shared = [p for p in found if not p.differs] + same
    return Comparison(
        shared=shared,
        changed=[p for p in found if p.differs],
        only_left=alone_left + rows_left,
        only_right=alone_right + rows_right,
        same_count=len(shared),
    )


def _statements(units: Sequence[Unit]) -> list[Unit]:
    return list({u.text: u for u in units if u.telling}.values())


def _same(left: Sequence[Unit], right: Sequence[Unit]) -> tuple[list[Pair], list[Unit], list[Unit]]:
    """Return the sentences that are the same to the letter, and the rest of either side."""
    theirs = {_flat(u): u for u in right}
    same = [Pair(u, theirs[_flat(u)]) for u in left if _flat(u) in theirs]
    known = {_flat(p.left) for p in same}
    return same, [u for u in left if _flat(u) not in known], [u for u in right if _flat(u) not in known]


def _flat(unit: Unit) -> str:
    return "".join(c for c in unit.text.casefold() if c.isalnum())


def _rows(left: Sequence[Unit], right: Sequence[Unit]) -> tuple[list[Pair], list[Unit], list[Unit]]:
    """Return rows of the same thing, by their first cells, and those of things only one document has."""
    ours, theirs = _by_label(left), _by_label(right)
    pairs = [Pair(unit, theirs[label]) for label, unit in ours.items() if label in theirs]
    only_left = [u for label, u in ours.items() if label not in theirs]
    only_right = [u for label, u in theirs.items() if label not in ours]
    return (pairs, only_left, only_right) if pairs else ([], [], [])


def _by_label(units: Sequence[Unit]) -> dict[str, Unit]:
    rows = [u for u in units if u.kind == "row" and any(c.isalpha() for c in u.cells[0][1])]
    return {u.cells[0][1].casefold().strip(): u for u in reversed(rows)}


async def _by_meaning(
    ours: Sequence[Unit], theirs: Sequence[Unit], embedder: Embedder, focus: str
) -> tuple[list[Pair], list[Unit], list[Unit]]:
    """Return the pairs that say the same, and the sentences that nothing on the other side says, as they stand."""
    import numpy as np

    if not ours or not theirs:
        return [], list(ours), list(theirs)
    texts = [u.text for u in ours] + [u.text for u in theirs] + [focus or "the main point"]
    vectors = await vectors_of(texts, embedder)
    a, b, asked = vectors[: len(ours)], vectors[len(ours) : -1], vectors[-1]
    alike = a @ b.T
    worth_a, worth_b = (a @ asked, b @ asked) if focus else (a @ a.mean(axis=0), b @ b.mean(axis=0))
    alone_a = [ours[int(i)] for i in np.argsort(-worth_a) if alike[i].max() < ALONE]
    alone_b = [theirs[int(j)] for j in np.argsort(-worth_b) if alike[:, j].max() < ALONE]
    return _pairs(ours, theirs, alike), alone_a, alone_b


def _pairs(ours: Sequence[Unit], theirs: Sequence[Unit], alike: Matrix) -> list[Pair]:
    """Return mutual nearest neighbours that say the same, the closest first."""
    found = []
    for i, j in enumerate(alike.argmax(axis=1)):
        if alike[i, j] >= SAME and alike[:, j].argmax() == i:
            found.append(Pair(ours[i], theirs[int(j)], float(alike[i, j])))
    return sorted(found, key=lambda p: -p.closeness)


def _changed_cells(left: Unit, right: Unit) -> list[tuple[str, str]]:
    """Return the cells that differ under one heading, the heading before the old one."""
    theirs = {head.casefold(): value for head, value in right.cells}
    return [
        (f"{head}: {value}" if head else value, theirs[head.casefold()])
        for head, value in left.cells
        if head.casefold() in theirs and theirs[head.casefold()].strip() != value.strip()
    ]


def _changed_values(left: Statement, right: Statement) -> list[tuple[str, str]]:
    """Return the values that have no equal on the other side, set against each other by kind, in order."""
    ours, theirs = _unequalled(left, right), _unequalled(right, left)
    changes = []
    for fact in ours:
        against = next((t for t in theirs if comparable(fact, t, left, right)), None)
        if against is not None:
            theirs.remove(against)
            changes.append((fact.said, against.said))
    return changes


def _unequalled(statement: Statement, other: Statement) -> list[Fact]:
    return [
        fact
        for fact in statement.facts
        if not any(
            fit_of(fact, o) is Fit.EQUAL or fact.said == o.said
            for o in other.facts
            if o.kind == fact.kind and comparable(fact, o, statement, other)
        )
    ]
