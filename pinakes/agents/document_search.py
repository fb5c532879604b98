"""Finds the passages of documents that answer a question."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.agents.choosing import filters_of, given, pointed_to, refers_back, settled
from pinakes.agents.citing import MOST_EVIDENCE, Citations, matched_stretch, nothing, result
from pinakes.agents.naming import files_named
from pinakes.agents.queries.filters import CONTENT_ONLY, Filters
from pinakes.agents.spec import AgentContext
from pinakes.core.files import ChunkHit, FileFilter, FileRecord, MediaType
from pinakes.core.plans import StepResult, Task
from pinakes.tools.scope import files_of, narrowed, scope_filter
from pinakes.tools.search import FLOOR, distinct, search_passages

MOST_PASSAGES = 8
MOST_LISTED = 500
_LED_ON = 2
"""Best passages whose continuation is fetched when they break off."""

_NAMED_FLOOR = 0.5 * FLOOR
"""A document that the question names is likelier to hold the answer: its passages need less."""


async def run(task: Task, ctx: AgentContext) -> StepResult:
    """Find the passages that the intent asks for."""
    ctx.report("Searching documents")
    scope = await _scope(task, ctx)
    listing = await filters_of(task, ctx)
    if listing.limits and not listing.topic and not listing.says:
        listed = await _list(task, ctx, scope, listing)
        if listed is not None:
            return listed
    filters = await filters_of(task, ctx, CONTENT_ONLY - {"says"})
    if filters.unknown:
        return nothing(task, *filters.unknown)
    where = narrowed(scope, filters.where)
    hits = await _passages(task.step.intent, ctx, where)
    if not hits:
        return nothing(task)
    cited = Citations(task)
    for hit in hits:
        cited.cite_chunk(hit.file, hit.chunk, *matched_stretch(hit), why=_why(hit), score=hit.score)
    files = dict.fromkeys(hit.file.id for hit in hits)
    return result(task, file_ids=tuple(files), evidence=cited.evidence)


async def _scope(task: Task, ctx: AgentContext) -> FileFilter:
    scope = await scope_filter(ctx.library, task.options, MediaType.DOCUMENT)
    among: Sequence[FileRecord] = await given(task, ctx, scope, MediaType.DOCUMENT)
    if not among and refers_back(task.step.intent, strongly=True):
        among = await pointed_to(task, ctx, scope, MediaType.DOCUMENT)
    return narrowed(scope, FileFilter(ids=tuple(f.id for f in among))) if among else scope


async def _passages(question: str, ctx: AgentContext, where: FileFilter) -> list[ChunkHit]:
    """Return the best passages, those of named documents first among equals, and what continues them."""
    named = await files_named(question, ctx, where)
    sure = tuple(n.file.id for n in named if n.sure)
    if sure:
        where = narrowed(where, FileFilter(ids=sure))
    hits = await search_passages(
        ctx.library, question, where=where, limit=MOST_PASSAGES, floor=_NAMED_FLOOR if sure else FLOOR
    )
    if named and not sure:
        inside = narrowed(where, FileFilter(ids=tuple(n.file.id for n in named)))
        more = await search_passages(ctx.library, question, where=inside, limit=3, floor=_NAMED_FLOOR)
        hits = sorted({h.chunk.id: h for h in [*hits, *more]}.values(), key=lambda h: -h.score)
    return await _led_on(ctx, distinct(hits)[:MOST_PASSAGES])


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
