"""Which sentences a report quotes: near to its topic, whole in themselves, none twice."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pinakes.agents.analysis.centrality import sampled
from pinakes.agents.analysis.closeness import closeness, vectors_of
from pinakes.agents.analysis.units import Unit, units_of
from pinakes.agents.analysis.vocabulary import content_stems
from pinakes.agents.reporting.material import Found
from pinakes.agents.writing.lexicon import words
from pinakes.library.languages import trust_in
from pinakes.ports.embedder import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vector = npt.NDArray[np.float32]

MOST_EMBEDDED = 200
_NEAR_BEST = 0.55
"""Share of the best weight that a sentence needs, with what it gains as the first under its heading."""
_LEXICAL, _PASSAGE, _OPENING, _NOVELTY = 0.35, 0.5, 0.08, 0.2
_COVERAGE = 0.3
"""What the first sentence under a heading gains, so that no part of a file that bears on the topic stays out."""

_TWICE = 0.88
_FEWEST_WORDS = 6
_BEARS = 0.25
"""Cosine from which a text bears on an aspect that it does not name."""

_FILE_SHARE = 0.6
_ABOUT_ITSELF = re.compile(
    r"^(?:table|figure|fig\.|tabelle|abb\w*\.?|tabla|figura|tableau)\s*\d|^[图表]\s*\d"
    r"|^(?:written|prepared|compiled|reported|drawn up|translated|published|issued|signed) by\b"
    r"|^(?:verfasst|erstellt|geschrieben) von\b|^(?:escrito|elaborado) por\b|^(?:rédigé|établi) par\b",
    re.IGNORECASE,
)
"""Captions and signatures: words about the text, not about its matter."""


@dataclass(frozen=True)
class Quoted:
    """A sentence that the report quotes: how much it counts, and its meaning."""

    unit: Unit
    weight: float
    vector: Vector


async def choose_sentences(
    found: Sequence[Found], topic: str, count: int, embedder: Embedder, said: Sequence[Quoted] = ()
) -> list[Quoted]:
    """Return at most so many sentences, the weightiest first.

    Args:
        found: Passages to choose from.
        topic: What the report, or this section of it, is about.
        said: What the report says already.
    """
    import numpy as np

    units = await asyncio.to_thread(_candidates, found)
    units = sampled(units, MOST_EMBEDDED, topic)
    if not units:
        return []
    vectors = await vectors_of([*(u.in_place for u in units), topic], embedder)
    scores = {f.chunk.id: f.score for f in found}
    weights = _weights(units, vectors[:-1] @ vectors[-1], scores, topic)
    nearest = np.zeros(len(units), dtype=np.float32)
    for before in said:
        nearest = np.maximum(nearest, vectors[:-1] @ before.vector)
    bearing = np.array([scores.get(u.chunk.id, 0.0) for u in units], dtype=np.float32)
    order = _picked(units, weights, bearing, vectors[:-1], nearest, count)
    return [Quoted(units[i], float(weights[i]), vectors[i]) for i in order]


async def bearing_on(part: str, found: Sequence[Found], embedder: Embedder) -> list[Found]:
    """Return the passages, and of the tables only those, that bear on one aspect of a topic."""
    tables = [f for f in found if f.chunk.kind == "table"]
    near = await _near(part, [f"{f.chunk.heading}: {f.chunk.text[:300]}" for f in tables], embedder)
    fitting = {f.chunk.id for f, fits in zip(tables, near, strict=True) if fits}
    return [f for f in found if f.chunk.kind != "table" or f.chunk.id in fitting]


async def about(part: str, quoted: Sequence[Quoted], embedder: Embedder) -> list[Quoted]:
    """Return the sentences that bear on one aspect of a topic: by a word or by meaning."""
    told = [f"{q.unit.file.title or ''}, {heading_above(q.unit)}: {q.unit.text}" for q in quoted]
    return [q for q, fits in zip(quoted, await _near(part, told, embedder), strict=True) if fits]


async def _near(part: str, texts: Sequence[str], embedder: Embedder) -> list[bool]:
    asked = set(content_stems(part))
    cosines = await closeness(part, texts, embedder)
    return [
        cosine >= _BEARS or bool(asked & set(content_stems(text)))
        for cosine, text in zip(cosines, texts, strict=True)
    ]


def _candidates(found: Sequence[Found]) -> list[Unit]:
    ordered = sorted(found, key=lambda f: (f.file.filename, f.file.id, f.chunk.ordinal))
    units = [unit for f in ordered for unit in units_of(f.file, [f.chunk])]
    return [u for n, u in enumerate(units) if _stands_alone(u, units[n - 1] if n else None)]


def _stands_alone(unit: Unit, before: Unit | None) -> bool:
    """Return whether a unit says something without the sentence before it."""
    if unit.kind == "row" or _points_back(unit.text) or unit.text.rstrip().endswith(("?", ":")):
        return False
    if _ABOUT_ITSELF.search(unit.text) or _is_entry(unit.text):
        return False
    if unit.telling:
        return unit.text.count(" ") + 1 >= _FEWEST_WORDS or not unit.text.isascii()
    stated = unit.kind == "line" and unit.text.count(" ") + 1 >= _FEWEST_WORDS
    return stated and sum(c.isalpha() for c in unit.text) > 0.6 * len(unit.text.replace(" ", ""))


def _is_entry(text: str) -> bool:
    """Return whether a text is a row of readings rather than a sentence."""
    said = text.split()
    figures = sum(any(c.isdigit() for c in word) for word in said)
    dense = figures > 2 and 4 * figures >= len(said) and re.match(r"(?:[A-Z]{1,3},?\s+)*\d", text)
    return bool(dense or re.match(r"(?:[A-Z]{2,3},?\s+)+\d", text))  # initials that end the entry before


def heading_above(unit: Unit) -> str:
    """Return the heading that a sentence stands under: the last line before it that only names, else its chunk's."""
    for paragraph in reversed(unit.chunk.text[: unit.start].split("\n\n")):
        line = " ".join(paragraph.split())
        if 0 < len(line) <= _LONGEST_HEADING and _NAMES.match(line):
            return line
    return unit.chunk.heading.rsplit(" > ", 1)[-1]


_LONGEST_HEADING = 60
_NAMES = re.compile(r"^(?:(?:\d+\.)*\d+\.?\s+)?[^\W\d_][^.!?。:;,|]*$")


def _points_back(text: str) -> bool:
    first = [w.casefold() for w in re.findall(r"\w+", text[:40])]
    pointing = words("words", "dangling")
    return bool(first) and (first[0] in pointing or bool(words("words", "pointing") & set(first[1:3])))


def _weights(units: Sequence[Unit], cosines: Vector, scores: dict[str, float], topic: str) -> Vector:
    import numpy as np

    trust = trust_in(topic)
    asked = set(content_stems(topic))
    weights = np.zeros(len(units), dtype=np.float32)
    places: Counter[str] = Counter()
    for n, unit in enumerate(units):
        held = set(content_stems(f"{unit.in_place} {unit.file.title or ''}"))
        weights[n] = (
            trust.as_english(float(cosines[n]))
            + _LEXICAL * (len(asked & held) / len(asked) if asked else 0.0)
            + _PASSAGE * scores.get(unit.chunk.id, 0.0)
            + _OPENING / (1 + places[unit.chunk.id])
        )
        places[unit.chunk.id] += 1
    return weights


def _picked(
    units: Sequence[Unit], weights: Vector, bearing: Vector, vectors: Vector, nearest: Vector, count: int
) -> list[int]:
    import numpy as np

    floor = _NEAR_BEST * float(weights.max())
    of_file: Counter[str] = Counter()
    covered: Counter[tuple[str, str]] = Counter()
    places = [(u.file.id, heading_above(u)) for u in units]
    most = max(3, int(_FILE_SHARE * count)) if len({u.file.id for u in units}) > 1 else count
    chosen: list[int] = []
    while len(chosen) < count:
        fresh = bearing**2 * [_COVERAGE / (1 + covered[place]) ** 2 for place in places]
        gain = np.where(nearest > _TWICE, -np.inf, weights + fresh - _NOVELTY * nearest)
        gain[[i for i in range(len(units)) if i in chosen or of_file[units[i].file.id] >= most]] = -np.inf
        gain[weights + fresh < floor] = -np.inf
        best = int(gain.argmax())
        if not np.isfinite(gain[best]):
            break
        chosen.append(best)
        of_file[units[best].file.id] += 1
        covered[places[best]] += 1
        nearest = np.maximum(nearest, vectors @ vectors[best])
    return chosen
