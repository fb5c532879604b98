"""What is asked of a model for each kind of request, and how its answers become findings."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.agents.analysts.checking import Finding, Sieve
from pinakes.agents.analysts.forms import (
    Compared,
    Merged,
    MergedComparison,
    MergedPoints,
    Point,
    Points,
    Row,
    Rows,
)
from pinakes.agents.analysts.quoting import stretch_of
from pinakes.agents.analysts.reading import Ask, Merge, Way
from pinakes.agents.prompts import prompt_text

_A_SECTION = 12


def summary(count: int, reader: str = "", *, each: bool = False) -> Way:
    """Return the way to at most `count` findings; to so many of each document with `each`."""
    job = prompt_text("analyse_summaries" if each else "analyse_summary", count=str(count))
    return Way(
        Ask(prompt_text("analyse", job=job, reader=reader), Points, _points),
        _section(max(_A_SECTION, count), reader),
        Merge(prompt_text("reduce", job=job, reader=reader), MergedPoints, _merged_points),
    )


def comparison(count: int, reader: str = "") -> Way:
    """Return the way to at most `count` findings each on what differs, what is the same, what stands alone."""
    job = prompt_text("analyse_comparison", count=str(count))
    merging = prompt_text("reduce_comparison", count=str(count))
    return Way(
        Ask(prompt_text("analyse", job=job, reader=reader), Compared, _compared),
        _section(2 * _A_SECTION, reader),
        Merge(prompt_text("reduce", job=merging, reader=reader), MergedComparison, _merged_comparison),
    )


def extraction(kinds: Sequence[str], reader: str = "") -> Way:
    """Return the way to the values of some kinds; those of sections stand side by side."""
    job = prompt_text("analyse_extraction", kinds=", ".join(kinds))
    ask = Ask(prompt_text("analyse", job=job, reader=reader), Rows, _rows)
    return Way(ask, ask)


def _section(count: int, reader: str) -> Ask[Points]:
    return Ask(prompt_text("map_section", count=str(count), reader=reader), Points, _points)


def _points(filled: Points, sieve: Sieve) -> list[Finding]:
    return _passed(filled.points, sieve)


def _passed(points: Sequence[Point], sieve: Sieve, kind: str = "") -> list[Finding]:
    found = [sieve.passed(p.text, p.sources, kind=kind) for p in points]
    return [f for f in found if f is not None]


def _compared(filled: Compared, sieve: Sieve) -> list[Finding]:
    kinds = {"changed": filled.changed, "same": filled.same, "only": filled.only}
    return [f for kind, points in kinds.items() for f in _passed(points, sieve, kind)]


def _rows(filled: Rows, sieve: Sieve) -> list[Finding]:
    found = [_row(row, sieve) for row in filled.rows]
    return [f for f in found if f is not None]


def _row(row: Row, sieve: Sieve) -> Finding | None:
    """Return a row whose value stands in one of its passages, that one first."""
    found = sieve.passed(
        row.text or row.value, row.sources, kind=row.kind.strip().casefold(), value=row.value
    )
    if found is None:
        return None
    holding = [p for p in found.places if stretch_of(row.value, p.excerpt.chunk.text)]
    if not holding:
        sieve.dropped.append("its value is not written so")
        return None
    others = [p for p in found.places if p not in holding]
    return Finding(found.text, (*holding, *others), found.kind, found.value)


def _merged_points(filled: MergedPoints, sieve: Sieve, known: dict[str, Finding]) -> list[Finding]:
    return _joined(filled.points, sieve, known)


def _merged_comparison(filled: MergedComparison, sieve: Sieve, known: dict[str, Finding]) -> list[Finding]:
    kinds = {"changed": filled.changed, "same": filled.same, "only": filled.only}
    return [f for kind, points in kinds.items() for f in _joined(points, sieve, known, kind)]


def _joined(
    points: Sequence[Merged], sieve: Sieve, known: dict[str, Finding], kind: str = ""
) -> list[Finding]:
    found = []
    for point in points:
        ids = dict.fromkeys(i.strip(" []()").upper() for i in point.ids)
        found.append(sieve.merged(point.text, [known[i] for i in ids if i in known], kind=kind))
    return [f for f in found if f is not None]
