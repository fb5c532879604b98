"""Other words for the same: a question asked again as its field of work would say it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from pinakes.agents.domains.packs import Domain
from pinakes.core.files import ChunkHit, FileFilter
from pinakes.library.library import Library

MOST = 4
"""Other wordings of one query that are searched for."""

WEIGHT = 0.85
"""What a find by another wording counts, against 1 for the query's own words."""

Wordings = Callable[[str], Sequence[str]]


def wordings(domain: Domain, text: str) -> tuple[str, ...]:
    """Return the text in other words of a field, none where it has none of the field's words.

    Each takes the next synonym of every word at once, so that a text with two words of the field is not multiplied.
    """
    found = [(pattern, group) for pattern, group in _patterns(domain.synonyms) if pattern.search(text)]
    made: dict[str, None] = {}
    for number in range(max((len(group) for _, group in found), default=0)):
        other = text
        for pattern, group in found:
            other = pattern.sub(_literal(group[number % len(group)]), other)
        if other.casefold() != text.casefold():
            made[other] = None
    return tuple(made)[:MOST]


def _literal(word: str) -> str:
    return word.replace("\\", r"\\")  # no group reference, whatever a pack holds


@lru_cache(maxsize=32)
def _patterns(synonyms: tuple[tuple[str, ...], ...]) -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    return tuple((_pattern(group), group) for group in synonyms if len(group) > 1)


def _pattern(group: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(group, key=len, reverse=True)
    words = "|".join(re.escape(word).replace(r"\ ", r"[\s-]+") for word in longest_first)
    return re.compile(rf"\b(?:{words})(?:e?s)?\b", re.IGNORECASE)


class WordedLibrary(Library):
    """A library whose searches also look for other wordings, which count a little less; all else is the library's."""

    def __init__(self, library: Library, others: Wordings) -> None:
        self.__dict__.update(vars(library))
        self._library = library
        self._others = others

    async def search(
        self, query: str, *, limit: int = 20, where: FileFilter | None = None, threshold: float = 0.0
    ) -> list[ChunkHit]:
        """Return the chunks that bear on a query or on another wording of it, best first; see `Library.search`."""
        where = where or FileFilter()
        own = self._library.search(query, limit=limit, where=where, threshold=threshold)
        least = min(1.0, threshold / WEIGHT)
        others = [
            self._library.search(other, limit=limit, where=where, threshold=least)
            for other in self._others(query)
        ]
        found, *more = await asyncio.gather(own, *others)
        weighed = [hit.model_copy(update={"score": WEIGHT * hit.score}) for hits in more for hit in hits]
        return _best([*found, *weighed])[:limit] if weighed else found


def worded(library: Library, domain: Domain) -> Library:
    """Return a library that searches in the words of a field."""
    return WordedLibrary(library, lambda query: wordings(domain, query)) if domain.synonyms else library


def _best(hits: Iterable[ChunkHit]) -> list[ChunkHit]:
    best: dict[str, ChunkHit] = {}
    for hit in sorted(hits, key=lambda one: -one.score):
        known = best.setdefault(hit.chunk.id, hit)
        terms = tuple(dict.fromkeys((*known.matched_terms, *hit.matched_terms)))
        best[hit.chunk.id] = known.model_copy(update={"matched_terms": terms})
    return list(best.values())
