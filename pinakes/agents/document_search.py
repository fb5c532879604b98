"""Finds the passages that answer a question, in documents and in the text of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pinakes.agents.choosing import filters_of, given, pointed_to, refers_back, settled
from pinakes.agents.citing import MOST_EVIDENCE, Citations, matched_stretch, nothing, result
from pinakes.agents.conditions import in_condition
from pinakes.agents.naming import files_named
from pinakes.agents.paper_lists import listed_papers
from pinakes.agents.picture_passages import picture_passages
from pinakes.agents.queries.filters import CONTENT_ONLY, Filters
from pinakes.agents.spec import AgentContext
from pinakes.agents.writing.asking import also_sought
from pinakes.core.files import ChunkHit, FileFilter, FileRecord, MediaType
from pinakes.core.plans import StepResult, Task
from pinakes.tools.scope import files_of, narrowed, open_files, scope_filter
from pinakes.tools.search import distinct, floor_for, search_passages, spread

MOST_PASSAGES = 8
MOST_LISTED = 500
_OTHERWISE = 3
"""Passages taken for another wording of a question whose answer shares few words with it."""

_LED_ON = 2
"""Best passages whose continuation is fetched when they break off."""

_REACH = 4 * MOST_PASSAGES

_BESIDE = 0.4
"""Share of the floor that a passage needs beside one that reaches it: places left over go to other words for it."""

_NAMED = 0.5
"""Share of the floor, as a document that the question names is likelier to hold the answer: its passages need less."""


async def run(task: Task, ctx: AgentContext) -> StepResult:
    """Find the passages that the intent asks for."""
    ctx.report("Searching documents")
    scope, chosen = await _scope(task, ctx)
    papers = await listed_papers(task, ctx, await _readable(task, ctx, scope if chosen else None))
    if papers is not None:
        return papers
    listing = await filters_of(task, ctx)
    if listing.limits and not listing.topic and not listing.says:
        listed = await _list(task, ctx, scope, listing)
        if listed is not None:
            return listed
    filters = await filters_of(task, ctx, CONTENT_ONLY - {"says"})
    if filters.unknown:
        return nothing(task, *filters.unknown)
    told = await in_condition(task, ctx, await _readable(task, ctx, scope if chosen else None), listing.topic)
    if told is not None:
        return told
    question = task.step.intent
    found = await _passages(question, ctx, narrowed(scope, filters.where))
    hits = found.hits
    if not (chosen or found.named):
        pictures = narrowed(await _pictures(task, ctx), filters.where)
        hits = sorted([*hits, *await picture_passages(question, ctx, pictures, hits)], key=lambda h: -h.score)
    if not hits:
        return nothing(task)
    cited = Citations(task)
    for hit in await _led_on(ctx, hits):
        cited.cite_chunk(hit.file, hit.chunk, *matched_stretch(hit), why=_why(hit), score=hit.score)
    files = dict.fromkeys(hit.file.id for hit in hits)
    return result(task, file_ids=tuple(files), evidence=cited.evidence)


async def _scope(task: Task, ctx: AgentContext) -> tuple[FileFilter, bool]:
    """Return the documents to look in, and whether they were chosen by an earlier step or by "those"."""
    scope = await scope_filter(ctx.library, task.options, MediaType.DOCUMENT)
    among: Sequence[FileRecord] = await given(task, ctx, scope, MediaType.DOCUMENT)
    if not among and refers_back(task.step.intent, strongly=True):
        among = await pointed_to(task, ctx, scope, MediaType.DOCUMENT)
    return (narrowed(scope, FileFilter(ids=tuple(f.id for f in among))), True) if among else (scope, False)


async def _readable(task: Task, ctx: AgentContext, chosen: FileFilter | None) -> FileFilter:
    """Return what was chosen, else all documents and pictures that the turn may see: a paper may be either."""
    if chosen is not None:
        return chosen
    kinds = FileFilter(media_types=(MediaType.DOCUMENT, MediaType.IMAGE))
    return narrowed(await open_files(ctx.library, task.options), kinds)


async def _pictures(task: Task, ctx: AgentContext) -> FileFilter:
    """Return the pictures whose text may answer too: those an earlier step gave, else all that the turn may see."""
    scope = await scope_filter(ctx.library, task.options, MediaType.IMAGE)
    among = await given(task, ctx, scope, MediaType.IMAGE)
    return narrowed(scope, FileFilter(ids=tuple(f.id for f in among))) if among else scope


@dataclass(frozen=True)
class _Passages:
    """Passages of documents, and whether the question names the documents they are from."""

    hits: list[ChunkHit]
    named: bool = False


async def _passages(question: str, ctx: AgentContext, where: FileFilter) -> _Passages:
    """Return the best passages, those of named documents first among equals, of several documents where they are."""
    named = await files_named(question, ctx, where)
    sure = tuple(n.file.id for n in named if n.sure)
    if sure:
        where = narrowed(where, FileFilter(ids=sure))
    floor = floor_for(question)
    least = floor * (_NAMED if sure else _BESIDE)
    hits = await search_passages(ctx.library, question, where=where, limit=_REACH, floor=least)
    if hits and (other := also_sought(question)):
        more = await search_passages(ctx.library, other, where=where, limit=_OTHERWISE, floor=floor)
        hits = _with_others(hits, more)
    if named and not sure:
        inside = narrowed(where, FileFilter(ids=tuple(n.file.id for n in named)))
        more = await search_passages(ctx.library, question, where=inside, limit=3, floor=_NAMED * floor)
        hits = sorted({h.chunk.id: h for h in [*hits, *more]}.values(), key=lambda h: -h.score)
    enough = sure or any(h.score >= floor for h in hits) or (named and hits)
    return _Passages(spread(distinct(hits), MOST_PASSAGES) if enough else [], bool(sure))


def _with_others(hits: list[ChunkHit], more: Sequence[ChunkHit]) -> list[ChunkHit]:
    """Return hits with those for another wording among them; what both wordings find comes first."""
    best: dict[str, ChunkHit] = {hit.chunk.id: hit for hit in hits}
    files = {hit.file.id for hit in hits}
    for hit in more:
        known = best.get(hit.chunk.id)
        if hit.file.id in files and (known is None or known.score < hit.score):
            best[hit.chunk.id] = hit
    return sorted(best.values(), key=lambda h: -h.score)


async def _led_on(ctx: AgentContext, hits: list[ChunkHit]) -> list[ChunkHit]:
    """Return the hits, the best ones followed by the passage that continues them where they break off."""
    known = {hit.chunk.id for hit in hits}
    extended: list[ChunkHit] = []
    for place, hit in enumerate(hits):
        extended.append(hit)
        if place < _LED_ON and _breaks_off(hit):
            for chunk in await ctx.library.neighbours(hit.chunk, before=0, after=1):
                if chunk.ordinal > hit.chunk.ordinal and chunk.id not in known:
                    extended.append(hit.model_copy(update={"chunk": chunk, "score": 0.9 * hit.score}))
    return extended


def _breaks_off(hit: ChunkHit) -> bool:
    text = hit.chunk.text.rstrip("\"'”’)» \n")
    return hit.chunk.kind == "text" and not text.endswith((".", "!", "?", "…"))


def _why(hit: ChunkHit) -> str:
    words = ", ".join(f"“{w}”" for w in hit.matched_terms[:5])
    return f"has {words}" if words else "close in meaning"


async def _list(task: Task, ctx: AgentContext, scope: FileFilter, filters: Filters) -> StepResult | None:
    """List the documents that a question without a topic limits ("documents added last week"), if there are any."""
    if filters.unknown:
        return nothing(task, *filters.unknown)
    where, filters = await settled(ctx, scope, filters)
    files = await files_of(ctx.library, where, order="content_created_at", limit=MOST_LISTED)
    if not files:
        return None
    cited = Citations(task)
    for file in files[:MOST_EVIDENCE]:
        cited.cite_file(file, why=", ".join(filters.words))
    ids = tuple(f.id for f in files)
    return result(
        task, file_ids=ids, evidence=cited.evidence, notes=(f"Filtered by: {', '.join(filters.words)}.",)
    )
