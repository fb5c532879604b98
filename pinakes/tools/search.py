"""Searching by meaning and words: passages, and files by their best passage."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pinakes.core.files import ChunkHit, FileFilter, FileRecord, MediaType
from pinakes.core.value import Value
from pinakes.library.library import Library
from pinakes.tools.scope import narrowed

FLOOR = 0.35
"""Calibrated score below which a hit is more likely noise than an answer."""

NEAR_BEST = 0.5
"""Share of the best score below which a file no longer belongs to a list of matches."""


class FileMatch(Value):
    """A file and its passages that match, best first."""

    file: FileRecord
    hits: tuple[ChunkHit, ...]

    @property
    def score(self) -> float:
        """The best passage's score."""
        return self.hits[0].score


async def search_images(
    library: Library,
    query: str,
    *,
    where: FileFilter | None = None,
    limit: int = 50,
    floor: float = FLOOR,
) -> list[FileMatch]:
    """Return pictures whose text, caption, name or facts match, best first.

    Args:
        query: What to look for; its meaning counts as well as its words.
        floor: Score (0 to 1) that the best passage of a picture must reach.
    """
    return await _search_files(library, query, MediaType.IMAGE, where or FileFilter(), limit, floor)


async def search_documents(
    library: Library,
    query: str,
    *,
    where: FileFilter | None = None,
    limit: int = 50,
    floor: float = FLOOR,
) -> list[FileMatch]:
    """Return documents with their passages that match, best first."""
    return await _search_files(library, query, MediaType.DOCUMENT, where or FileFilter(), limit, floor)


async def search_passages(
    library: Library,
    query: str,
    *,
    where: FileFilter | None = None,
    limit: int = 8,
    floor: float = FLOOR,
) -> list[ChunkHit]:
    """Return the passages that match best, without repetitions of the same words."""
    hits = await library.search(query, limit=4 * limit, where=where or FileFilter(), threshold=floor)
    return distinct(hits)[:limit]


def distinct(hits: Sequence[ChunkHit]) -> list[ChunkHit]:
    """Return the hits without those whose words stand in an earlier one already."""
    kept: list[ChunkHit] = []
    seen: list[frozenset[str]] = []
    for hit in hits:
        words = frozenset(re.findall(r"\w+", hit.chunk.text.lower()))
        if not any(words and len(words & other) >= 0.9 * len(words) for other in seen):
            kept.append(hit)
            seen.append(words)
    return kept


async def _search_files(
    library: Library, query: str, kind: MediaType, where: FileFilter, limit: int, floor: float
) -> list[FileMatch]:
    limited = narrowed(FileFilter(media_types=(kind,)), where)
    hits = await library.search(query, limit=4 * limit, where=limited, threshold=floor)
    return by_file(hits)[:limit]


def by_file(hits: Sequence[ChunkHit]) -> list[FileMatch]:
    """Return hits grouped by file, in the order of each file's best hit."""
    grouped: dict[str, list[ChunkHit]] = {}
    for hit in sorted(hits, key=lambda h: -h.score):
        grouped.setdefault(hit.file.id, []).append(hit)
    return [FileMatch(file=group[0].file, hits=tuple(group)) for group in grouped.values()]


def near_best(matches: Sequence[FileMatch], share: float = NEAR_BEST) -> list[FileMatch]:
    """Return the matches that are not far behind the best one."""
    best = max((m.score for m in matches), default=0.0)
    return [m for m in matches if m.score >= share * best]
