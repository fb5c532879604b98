"""A long document's parts: its chapters where headings give them, else equal stretches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from pinakes.core.files import Chunk

_FEWEST = 3
_MOST = 12
_SMALL = 0.015
"""Share of a document under which a part goes with the one before it."""

_DEEPEST = 4


@dataclass(frozen=True)
class Part:
    """A run of chunks; `title` is its heading, "" where there is none."""

    title: str
    chunks: tuple[Chunk, ...]

    @property
    def pages(self) -> tuple[int, int] | None:
        """Its first and last page."""
        first = next((c.page_start for c in self.chunks if c.page_start), None)
        last = next((c.page_end for c in reversed(self.chunks) if c.page_end), None)
        return (first, last) if first and last else None


def parts_of(chunks: Sequence[Chunk], most: int = _MOST) -> list[Part]:
    """Return a document's parts in order: the finest level of headings that keeps them few, else equal stretches."""
    best: list[Part] = []
    for depth in range(1, _DEEPEST + 1):
        found = _merged(_at_depth(chunks, depth), len(chunks))
        if len(found) > most:
            break
        if len(found) > len(best):
            best = found
    return best if len(best) >= min(_FEWEST, most) else _stretches(chunks, min(most, _FEWEST + 3))


def _at_depth(chunks: Sequence[Chunk], depth: int) -> list[Part]:
    runs = groupby(chunks, key=lambda c: _key(_upper(c.heading, depth)))
    parts = [tuple(run) for _, run in runs]
    return [Part(_upper(run[0].heading, depth), run) for run in parts]


def _merged(parts: Sequence[Part], total: int) -> list[Part]:
    """Join to each part the small ones that follow it, to the first one those before it."""
    kept: list[Part] = []
    for part in parts:
        small = len(part.chunks) < max(2, _SMALL * total)
        if kept and (small or _key(kept[-1].title) == _key(part.title)):
            kept[-1] = Part(kept[-1].title, (*kept[-1].chunks, *part.chunks))
        elif kept and len(kept) == 1 and len(kept[0].chunks) < max(2, _SMALL * total):
            kept[-1] = Part(part.title, (*kept[-1].chunks, *part.chunks))
        else:
            kept.append(part)
    return kept


def _stretches(chunks: Sequence[Chunk], count: int) -> list[Part]:
    bounds = [n * len(chunks) // count for n in range(count + 1)]
    pieces = [tuple(chunks[a:b]) for a, b in pairwise(bounds) if b > a]
    return [Part("", piece) for piece in pieces]


def _upper(heading: str, depth: int) -> str:
    return " > ".join(heading.split(" > ")[:depth])


def _key(heading: str) -> str:
    return re.sub(r"[\W_]+", " ", heading.casefold()).strip()
