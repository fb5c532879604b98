"""Searching by meaning and words: passages, and files by their best passage."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from pinakes.core.errors import LibraryError, ModelError
from pinakes.core.files import ChunkHit, FileFilter, FileRecord, MediaType
from pinakes.core.value import Value
from pinakes.library.languages import LATIN, trust_in
from pinakes.library.library import Library
from pinakes.library.looks import LookHit, Looks
from pinakes.tools.scope import narrowed

_log = logging.getLogger(__name__)

FLOOR = 0.35
FLOOR_ELSEWHERE = 0.12
"""Calibrated score below which a hit is more likely noise than an answer; in languages other than English.

Of XQuAD's questions these are under it with the paragraph there, and with its article taken out: in English 1.3 and
94.5 in a hundred (at 0.2: 0.6 and 88.6), in German 20.9 and 95.6 at 0.35, 8 and 82 at 0.12. An English embedder and
unstemmed words leave right and wrong passages in other languages weaker, and a writer that refuses stands behind.
"""

PICTURE_FLOOR = 0.5
UNSAID_FLOOR = 0.7
"""What a picture needs that shares a word with the query, and one that is only close in meaning.

What is known of a picture is a few short words, which chance brings close to any short query. Measured with 40 queries
for pictures of the example library and 49 for what no picture shows ("castle", "pizza"): from 0.35 to 0.7 the right
picture stays found 33 times, by words each time, while false finds fall from 7 to none.
"""

NEAR_BEST = 0.5
"""Share of the best score below which a file no longer belongs to a list of matches."""


def floor_for(query: str) -> float:
    """Return the score that passages need which shall answer a query, by the query's language."""
    return FLOOR_ELSEWHERE if trust_in(query) == LATIN else FLOOR


class FileMatch(Value):
    """A file and its passages that match, best first; `looks` says how much a picture looks like the query, 0 to 1.

    A picture found by its looks alone has no passage.
    """

    file: FileRecord
    hits: tuple[ChunkHit, ...]
    looks: float = 0.0

    @property
    def score(self) -> float:
        """The best passage's score, and that of the looks: a picture that has both comes before one that has either."""
        said = self.hits[0].score if self.hits else 0.0
        return 1 - (1 - said) * (1 - self.looks)


async def search_images(
    library: Library,
    query: str,
    *,
    where: FileFilter | None = None,
    limit: int = 50,
    floor: float = PICTURE_FLOOR,
    unsaid: float = UNSAID_FLOOR,
    looks: bool = True,
) -> list[FileMatch]:
    """Return pictures whose text, caption, name or facts match, or that look like it, best first.

    Args:
        query: What to look for; its meaning counts as well as its words.
        floor: Score (0 to 1) that the best passage of a picture must reach.
        unsaid: What it must reach where it shares no word with the query.
        looks: Whether image vectors are searched as well, where the library has some.
    """
    within = where or FileFilter()
    found = await _search_files(library, query, MediaType.IMAGE, within, limit, floor)
    found = [m for m in found if any(_bears(hit, unsaid) for hit in m.hits)]
    if not looks or library.looks is None:
        return found
    return _with_looks(found, await _looking_like(library.looks, query, within, limit))[:limit]


async def _looking_like(looks: Looks, query: str, where: FileFilter, limit: int) -> list[LookHit]:
    limited = narrowed(FileFilter(media_types=(MediaType.IMAGE,)), where)
    try:
        return await looks.search(query, where=limited, limit=limit)
    except (ModelError, LibraryError) as error:
        _log.warning("pictures are not searched by their looks: %s", error.message)
        return []


def _with_looks(found: Sequence[FileMatch], seen: Sequence[LookHit]) -> list[FileMatch]:
    """Return the pictures found by words and those found by looks as one list, best first."""
    matches = {m.file.id: m for m in found}
    for hit in seen:
        known = matches.get(hit.file.id) or FileMatch(file=hit.file, hits=())
        matches[hit.file.id] = known.model_copy(update={"looks": hit.score})
    return sorted(matches.values(), key=lambda m: -m.score)


def _bears(hit: ChunkHit, unsaid: float) -> bool:
    """Tell whether a hit shares a word with the query, or is very close in meaning to text and not to a file name."""
    return bool(hit.matched_terms) or (hit.score >= unsaid and hit.chunk.kind != "facts")


async def search_videos(
    library: Library, query: str, *, where: FileFilter | None = None, limit: int = 50
) -> list[FileMatch]:
    """Return videos whose name, facts, text on frames or subtitles match, best first, each with its scenes that do.

    What is known of a scene without text is a few short words, as of a picture: it needs as much as pictures do. So
    measured, 11 of 14 things in nine real videos are found and none of 40 that are in none (`bench_floors.py`).
    """
    limited = narrowed(FileFilter(media_types=(MediaType.VIDEO,)), where or FileFilter())
    hits = await library.search(query, limit=4 * limit, where=limited, threshold=FLOOR)
    return by_file([hit for hit in hits if _tells(hit)])[:limit]


def _tells(hit: ChunkHit) -> bool:
    worded = hit.chunk.kind == "scene" and "\n" in hit.chunk.text
    if hit.matched_terms:
        return hit.score >= (FLOOR if worded else PICTURE_FLOOR)
    return worded and hit.score >= UNSAID_FLOOR


async def search_links(
    library: Library,
    query: str,
    *,
    where: FileFilter | None = None,
    limit: int = 50,
    floor: float = FLOOR,
) -> list[FileMatch]:
    """Return saved pages with their passages that match, best first."""
    return await _search_files(library, query, MediaType.LINK, where or FileFilter(), limit, floor)


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


def spread(hits: Sequence[ChunkHit], most: int, each: int = 3) -> list[ChunkHit]:
    """Return the best hits, best first, of one file no more than `each` before those of others had their turn."""
    seen: dict[str, int] = {}
    turns: list[ChunkHit] = []
    rest: list[ChunkHit] = []
    for hit in sorted(hits, key=lambda h: -h.score):
        seen[hit.file.id] = seen.get(hit.file.id, 0) + 1
        (turns if seen[hit.file.id] <= each else rest).append(hit)
    return sorted([*turns, *rest][:most], key=lambda h: -h.score)


def distinct(hits: Sequence[ChunkHit], share: float = 0.9) -> list[ChunkHit]:
    """Return the hits without those of whose words that share stands in an earlier one already."""
    kept: list[ChunkHit] = []
    seen: list[frozenset[str]] = []
    for hit in hits:
        words = frozenset(re.findall(r"\w+", hit.chunk.text.lower()))
        if not any(words and len(words & other) >= share * len(words) for other in seen):
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
