"""What a document says on a point that was named, such as "cause"; rather nothing than something unrelated."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pinakes.agents.analysis.centrality import MOST_EMBEDDED, sampled
from pinakes.agents.analysis.closeness import vectors_of
from pinakes.agents.analysis.units import Unit
from pinakes.agents.analysis.vocabulary import content_stems
from pinakes.ports.embedder import Embedder

_NEAR = 0.35
"""Cosine from which a sentence bears on a point, if it also says a word of it."""

_CLOSE = 0.5
"""Cosine from which a sentence bears on a point in other words."""

_WORD = 0.15


async def facet_units(units: Sequence[Unit], facets: Sequence[str], embedder: Embedder) -> list[Unit | None]:
    """Return for each point what the document says on it: labelled so, under such a heading, or close in meaning."""
    labelled = [_labelled(units, facet) for facet in facets]
    if all(labelled):
        return labelled
    telling = sampled([u for u in units if u.telling], MOST_EMBEDDED, " ".join(facets))
    if not telling:
        return labelled
    vectors = await vectors_of([*(u.text for u in telling), *facets], embedder)
    near = vectors[len(telling) :] @ vectors[: len(telling)].T
    return [
        known or _nearest(telling, facet, row.tolist())
        for known, facet, row in zip(labelled, facets, near, strict=True)
    ]


def _labelled(units: Sequence[Unit], facet: str) -> Unit | None:
    """Return the row, line or first statement that has the point as its label."""
    wanted = content_stems(facet)
    if not wanted:
        return None
    for place, unit in enumerate(units):
        if _label(unit, facet) == wanted:
            return unit
        if content_stems(unit.text) == wanted and unit.kind != "row":  # a heading of its own
            return next((u for u in units[place + 1 : place + 2] if u.telling), None)
        if content_stems(unit.chunk.heading.rsplit(" > ", 1)[-1]) == wanted and unit.telling:
            return unit
    return None


_CAPITALS = re.compile(r"([A-Z][A-Z ]{2,30}[A-Z])\s+(?=[A-Z][a-z])")
_COLON = re.compile(r"\W*([^:.!?]{2,40}):\s")


def value_of(unit: Unit, facet: str) -> str:
    """Return what a row or line says behind its label; other sentences whole."""
    if unit.kind == "row":
        return ", ".join(value for _, value in unit.cells[1:] if value)
    run_in = _run_in(unit.text, facet)
    return unit.text[run_in.end() :] if run_in else unit.text


def _label(unit: Unit, facet: str) -> list[str]:
    """Return the words that a row or a line has before its value."""
    if unit.kind == "row":
        return content_stems(unit.cells[0][1]) if len(unit.cells) > 1 else []
    label = _COLON.match(unit.text) or _CAPITALS.match(unit.text) or _run_in(unit.text, facet)
    return content_stems(label[1]) if label else []


def _run_in(text: str, facet: str) -> re.Match[str] | None:
    """Return the point's own words where a sentence begins with them as a heading: "Cause The hose was old."."""
    return re.match(rf"\W*((?i:{re.escape(facet)}))\s+(?=[A-ZÀ-Þ])", text)


def _nearest(telling: Sequence[Unit], facet: str, near: Sequence[float]) -> Unit | None:
    wanted = set(content_stems(facet))
    shared = [len(wanted & set(content_stems(u.text))) / len(wanted or {facet}) for u in telling]
    worth = [n + _WORD * s for n, s in zip(near, shared, strict=True)]
    best = max(range(len(telling)), key=worth.__getitem__)
    return telling[best] if near[best] >= (_NEAR if shared[best] else _CLOSE) else None
