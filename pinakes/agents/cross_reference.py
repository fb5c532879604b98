"""Sets two sides against each other: what agrees, what contradicts, what has no counterpart."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from pinakes.agents.analysts.verdicts import judged_by_model
from pinakes.agents.citing import Citations, nothing, result
from pinakes.agents.comparing.items import Item, items_of
from pinakes.agents.comparing.pairing import Match, match_items
from pinakes.agents.comparing.sides import Side, sides_of
from pinakes.agents.comparing.telling import alone_told, cite_pairs, pairs_told, side_name
from pinakes.agents.spec import AgentContext
from pinakes.core.files import Chunk, FileFilter, FileRecord, MediaType
from pinakes.core.plans import StepResult, StepStatus, Task

_MOST_CHUNKS = 60
"""Chunks of a side that are read whole; of larger ones those that the other side's statements find."""

_MOST_ITEMS = 60
_MOST_AGAINST = 240
_FINDS = 3
_NEAR = 0.3
_FEW = 25
"""Items of a side read whole up to which those without a partner are told of the second side too."""

_SEEN = frozenset({MediaType.IMAGE, MediaType.VIDEO})


async def run(task: Task, ctx: AgentContext) -> StepResult:
    """Check the two sides that the intent, or the steps before, name against each other."""
    sides, note = await sides_of(task, ctx)
    if not sides:
        return nothing(task, note)
    if _is_seen(sides[1]) and not _is_seen(sides[0]):
        sides = sides[::-1]  # pictures are checked against what is written
    names = side_name(sides[0].files), side_name(sides[1].files)
    ctx.report(f"Checking {names[0]} against {names[1]}")
    left, right, complete = await _read(sides, ctx)
    if not left or not right:
        empty = names[0] if not left else names[1]
        return nothing(task, f"There is no text in {empty} that could be checked.")
    each_file = _is_seen(sides[0])
    matches = await match_items(left, right, ctx.library.embedder, each_file=each_file)
    matches = await judged_by_model(matches, task, ctx)
    one_sided = each_file or sides[0] is sides[1]
    told_of = (left if complete[0] else [], right if complete[1] and not one_sided else [])
    return _told(task, names, matches, told_of, sides)


def _is_seen(side: Side) -> bool:
    return {f.media_type for f in side.files} <= _SEEN


def _told(
    task: Task,
    names: tuple[str, str],
    matches: Sequence[Match],
    items: tuple[Sequence[Item], Sequence[Item]],
    sides: Sequence[Side],
) -> StepResult:
    cited = Citations(task)
    pairs = cite_pairs(matches, cited)
    met = {id(i) for m in matches for i in (m.left, m.right)}
    alone = [[i for i in side if id(i) not in met and not i.minor] for side in items]
    parts = [
        pairs_told(matches, pairs, names, cited) if pairs else f"Nothing in {names[0]} bears on {names[1]}.",
        alone_told(alone[0], names[1], cited) if pairs else "",
        alone_told(alone[1], names[0], cited) if pairs and len(items[1]) <= _FEW else "",
    ]
    files = dict.fromkeys(e.file_id for e in cited.evidence) or dict.fromkeys(i for s in sides for i in s.ids)
    return result(
        task,
        StepStatus.OK,
        text="\n\n".join(p for p in parts if p),
        pairs=tuple(pairs),
        evidence=cited.evidence,
        file_ids=tuple(files),
    )


async def _read(sides: Sequence[Side], ctx: AgentContext) -> tuple[list[Item], list[Item], tuple[bool, bool]]:
    """Return the items of both sides, and which side was read whole; the smaller one leads to those of the other."""
    chunks = [await _chunks(side, ctx) for side in sides]
    sizes = [sum(len(own) for own in held.values()) for held in chunks]
    lead = 0 if sizes[0] <= sizes[1] else 1
    led = 1 - lead
    leading = _chosen(await _items(sides[lead], chunks[lead]), _MOST_ITEMS)
    whole = sizes[led] <= _MOST_CHUNKS
    if not whole:
        chunks[led] = await _found(sides[led], chunks[led], leading, ctx)
    following = _chosen(await _items(sides[led], chunks[led]), _MOST_AGAINST)
    read = {lead: leading, led: following}
    return read[0], read[1], (whole or lead == 0, whole or lead == 1)


async def _chunks(side: Side, ctx: AgentContext) -> dict[str, list[Chunk]]:
    return {f.id: await ctx.library.catalog.file_chunks(f.id) for f in side.files}


async def _items(side: Side, chunks: dict[str, list[Chunk]]) -> list[Item]:
    def read(files: Sequence[FileRecord]) -> list[Item]:
        return [item for file in files for item in items_of(file, chunks[file.id])]

    return await asyncio.to_thread(read, side.files)


async def _found(
    side: Side, chunks: dict[str, list[Chunk]], leading: Sequence[Item], ctx: AgentContext
) -> dict[str, list[Chunk]]:
    """Return the chunks that an earlier step found, and those that the other side's statements come upon."""
    found = set(side.chunk_ids)
    where = FileFilter(ids=tuple(side.ids))
    for item in leading:
        hits = await ctx.library.search(item.statement.text, limit=_FINDS, where=where, threshold=_NEAR)
        found |= {hit.chunk.id for hit in hits}
    return {file_id: [c for c in own if c.id in found] for file_id, own in chunks.items()}


def _chosen(items: list[Item], most: int) -> list[Item]:
    """Return at most so many items, evenly over the files and their text, those that can decide something first."""
    if len(items) <= most:
        return items
    decisive = [i for i in items if i.decisive]
    pool = decisive if len(decisive) >= most else items
    step = max(1, -(-len(pool) // most))
    return pool[::step]
