"""What a report is made from: the findings of the turn, read deeper, or what a search for its topic finds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pinakes.agents.reporting.wish import Wish
from pinakes.core.files import Chunk, ChunkHit, FileFilter, FileRecord, FileStatus, MediaType
from pinakes.core.options import TurnOptions
from pinakes.core.plans import StepResult, StepStatus
from pinakes.library.library import Library
from pinakes.tools.scope import inside, narrowed, scope_filter
from pinakes.tools.search import FLOOR, distinct, near_best, search_images, search_passages

WRITTEN_TAG = "generated report"
"""Reports that were saved bear it, and no report quotes them: what it says would seem to have one source more."""

_REACH = 48
_PART_REACH = 12
_NAMED_FLOOR = 0.4 * FLOOR
_NEAR_BEST = 0.45
"""Share of the best passage's score that a passage needs to have a word in the report."""

_DEFAULT_PICTURES, _ASKED_PICTURES = 6, 10
_ALIKE_BITS = 8
_KINDS = (MediaType.DOCUMENT, MediaType.LINK, MediaType.VIDEO)


@dataclass(frozen=True)
class Found:
    """A passage with its file and how well it fits the topic, 0 to 1."""

    file: FileRecord
    chunk: Chunk
    score: float


@dataclass(frozen=True)
class Material:
    """What there is to write from.

    Attributes:
        found: Passages, best first.
        parts: Passages for each section that was asked for by name, in its order.
        told: Steps with finished words, tables or pairs.
        lost: Steps that failed or were skipped.
    """

    found: tuple[Found, ...] = ()
    parts: tuple[tuple[Found, ...], ...] = ()
    pictures: tuple[FileRecord, ...] = ()
    told: tuple[StepResult, ...] = ()
    lost: tuple[StepResult, ...] = ()
    files: dict[str, FileRecord] = field(default_factory=dict)
    sought_pictures: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.found or any(self.parts) or self.pictures or self.told)


async def gather(
    library: Library,
    wish: Wish,
    inputs: Sequence[StepResult],
    options: TurnOptions,
    pointed: Sequence[str] = (),
) -> Material:
    """Return the material for a report.

    Args:
        inputs: What earlier steps found; documents among it are read deeper.
        pointed: Files that the request points to ("these"), used where no step found any.
    """
    told = tuple(r for r in inputs if r.status is StepStatus.OK and (r.text or r.table or r.pairs))
    found = await _passages(library, wish, inputs, options, pointed)
    parts = tuple([await _part(library, wish, part, found, inputs, options) for part in wish.parts])
    pictures = await _pictures(library, wish, inputs, options, pointed)
    seen = {f.file.id: f.file for group in (found, *parts) for f in group} | {f.id: f for f in pictures}
    return Material(
        found=tuple(found),
        parts=parts,
        pictures=tuple(pictures),
        told=told,
        lost=tuple(r for r in inputs if r.status not in {StepStatus.OK, StepStatus.EMPTY}),
        files=seen | await _cited_files(library, told),
        sought_pictures=wish.pictures is True or any(r.agent == "image_search" for r in inputs),
    )


async def _passages(
    library: Library,
    wish: Wish,
    inputs: Sequence[StepResult],
    options: TurnOptions,
    pointed: Sequence[str],
) -> list[Found]:
    where = await _where(library, inputs, options, pointed)
    if where.ids == ():
        return []
    given = {e.chunk_id: e.score for r in inputs if not r.text for e in r.evidence if e.chunk_id}
    topic = wish.topic or _intent_of(inputs)
    chosen = where.ids is not None
    hits = await search_passages(
        library, topic, where=where, limit=_REACH, floor=_NAMED_FLOOR if chosen else FLOOR
    )
    found = [Found(h.file, h.chunk, max(h.score, given.get(h.chunk.id, 0.0))) for h in hits]
    found += await _missed(library, given, {h.chunk.id for h in hits}, where)
    found = [f for f in found if WRITTEN_TAG not in f.file.tags or f.file.id in pointed]
    best = max((f.score for f in found), default=0.0)
    return sorted((f for f in found if f.score >= _NEAR_BEST * best), key=lambda f: (-f.score, f.chunk.id))


async def _where(
    library: Library, inputs: Sequence[StepResult], options: TurnOptions, pointed: Sequence[str]
) -> FileFilter:
    """Return which documents may be quoted: those found or pointed to, else all that the turn may see."""
    scope = narrowed(await scope_filter(library, options, MediaType.DOCUMENT), _READ)
    sought_in_vain = any(r.agent == "document_search" and r.status is StepStatus.EMPTY for r in inputs)
    if any(r.status is StepStatus.OK for r in inputs) and not sought_in_vain:
        ids = [i for r in inputs if not r.text and not r.table for i in _members(r)]
        files = await inside(library, scope, ids)
        return narrowed(scope, FileFilter(ids=tuple(f.id for f in files)))
    files = await inside(library, scope, pointed)
    return narrowed(scope, FileFilter(ids=tuple(f.id for f in files))) if files else scope


_READ = FileFilter(status=FileStatus.COMPLETED)


def _members(result: StepResult) -> Iterable[str]:
    return dict.fromkeys((*(e.file_id for e in result.evidence), *result.file_ids))


def _intent_of(inputs: Sequence[StepResult]) -> str:
    return next((r.intent for r in inputs if r.intent), "")


async def _missed(
    library: Library, given: dict[str, float], known: set[str], where: FileFilter
) -> list[Found]:
    """Return the passages that earlier steps found and the deeper search did not."""
    chunks = await library.catalog.get_chunks([i for i in given if i not in known])
    files = {f.id: f for f in await inside(library, where, [c.file_id for c in chunks])}
    return [Found(files[c.file_id], c, given[c.id]) for c in chunks if c.file_id in files]


async def _part(
    library: Library,
    wish: Wish,
    part: str,
    found: Sequence[Found],
    inputs: Sequence[StepResult],
    options: TurnOptions,
) -> tuple[Found, ...]:
    """Return the passages that bear on one section that was asked for."""
    scope = narrowed(await scope_filter(library, options, MediaType.DOCUMENT), _READ)
    query = f"{part} {wish.topic}".strip()
    hits: list[ChunkHit] = await search_passages(library, query, where=scope, limit=_PART_REACH, floor=FLOOR)
    return tuple(Found(h.file, h.chunk, h.score) for h in distinct(hits) if WRITTEN_TAG not in h.file.tags)


async def _pictures(
    library: Library,
    wish: Wish,
    inputs: Sequence[StepResult],
    options: TurnOptions,
    pointed: Sequence[str],
) -> list[FileRecord]:
    if wish.pictures is False:
        return []
    scope = narrowed(await scope_filter(library, options, MediaType.IMAGE), _READ)
    most = _ASKED_PICTURES if wish.pictures else _DEFAULT_PICTURES
    ids = [i for r in inputs for i in _members(r) if not r.table]
    files = await inside(library, scope, ids or pointed)
    if wish.topic and (wish.pictures or not files):
        matches = near_best(await search_images(library, wish.topic, where=scope, limit=_ASKED_PICTURES))
        files = [*files, *(m.file for m in matches if m.file.id not in {f.id for f in files})]
    return _differing(files)[:most]


def _differing(files: Sequence[FileRecord]) -> list[FileRecord]:
    """Return pictures without those that look like an earlier one; of two alike the larger."""
    kept: list[FileRecord] = []
    for file in files:
        twin = next((n for n, other in enumerate(kept) if _alike(file, other)), None)
        if twin is None:
            kept.append(file)
        elif _size(file) > _size(kept[twin]):
            kept[twin] = file
    return kept


def _alike(a: FileRecord, b: FileRecord) -> bool:
    if not (a.facts and b.facts and a.facts.phash and b.facts.phash):
        return a.sha256 == b.sha256
    return (int(a.facts.phash, 16) ^ int(b.facts.phash, 16)).bit_count() <= _ALIKE_BITS


def _size(file: FileRecord) -> int:
    return file.facts.width * file.facts.height if file.facts else 0


async def _cited_files(library: Library, told: Sequence[StepResult]) -> dict[str, FileRecord]:
    evidence = [e for r in told for e in r.evidence] + [
        e for r in told for p in r.pairs for e in (p.left, p.right)
    ]
    members = [i for r in told if r.table for row in r.table.rows for i in row.file_ids[:50]]
    ids = list(dict.fromkeys([*(e.file_id for e in evidence), *members]))[:1000]
    return {f.id: f for f in await library.catalog.get_files(ids)}
