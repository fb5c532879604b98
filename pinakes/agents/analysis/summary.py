"""Summaries of one document, of a long one part by part, and of several."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from pinakes.agents.analysis.centrality import central_units, sampled
from pinakes.agents.analysis.job import Job, titled
from pinakes.agents.analysis.parts import Part, parts_of
from pinakes.agents.analysis.units import Unit, thinned, units_of
from pinakes.agents.writing.marks import plain
from pinakes.core.files import Chunk, FileRecord

_LINES = 5
_LINES_EACH = 2
_WORDS_A_LINE = 15
_MOST_PARTS = 12
_LONG = 60
"""Chunks from which a document is summed up part by part."""

_PART_CHUNKS = 40
_PART_SENTENCES = 24
_LONGEST_TITLE = 80
_WHY = "stands for its part of the text"


async def summary(job: Job) -> str:
    """Tell what documents say: one in sentences or points, a long one part by part, several in two lines each."""
    if len(job.files) > 1:
        lines = [await _short(job, file) for file in job.files]
        return "\n\n".join(line for line in lines if line)
    file, wish = job.files[0], job.wish
    chunks = await job.chunks(file)
    if len(chunks) >= _LONG and not job.focus(file):
        once: dict[str, Chunk] = {}
        for chunk in chunks:
            once.setdefault(chunk.text, chunk)
        return await _by_parts(job, file, parts_of(list(once.values()), wish.count or _MOST_PARTS))
    count = wish.count or (max(1, wish.most_words // _WORDS_A_LINE) if wish.most_words else _LINES)
    return _told(job, file, _within(await job.central(file, count), wish.most_words))


def _told(job: Job, file: FileRecord, chosen: Sequence[Unit]) -> str:
    if not chosen:
        return f"{file.filename} has no text that could be summarised."
    lines = [job.line(u, _WHY) for u in chosen]
    if job.wish.sentences or job.wish.most_words or len(lines) == 1:
        return " ".join(lines)
    return f"**{titled(file)}**\n\n" + "\n".join(f"- {line}" for line in lines)


async def _by_parts(job: Job, file: FileRecord, parts: Sequence[Part]) -> str:
    """Sum up each part by its most central sentence, so that the whole is covered and memory bounded."""
    found = [(part, unit) for part in parts if (unit := await _stands_for(job, file, part))]
    best = list({unit.text: (part, unit) for part, unit in reversed(found)}.values())[
        ::-1
    ]  # repeated chapters once
    if job.wish.most_words or job.wish.sentences:
        return _told(job, file, _within([u for _, u in best], job.wish.most_words))
    lines = [f"- {_heading(part)}{job.line(unit, _WHY)}" for part, unit in best]
    if not lines:
        return f"{file.filename} has no text that could be summarised."
    return f"**{titled(file)}**, part by part\n\n" + "\n".join(lines)


async def _stands_for(job: Job, file: FileRecord, part: Part) -> Unit | None:
    units = await asyncio.to_thread(units_of, file, thinned(part.chunks, _PART_CHUNKS))
    telling = sampled([u for u in units if u.telling and u.kind == "prose"], _PART_SENTENCES) or sampled(
        [u for u in units if u.telling], _PART_SENTENCES
    )
    found = await central_units(telling, 1, job.ctx.library.embedder) if telling else []
    return found[0] if found else None


def _heading(part: Part) -> str:
    title = plain(part.title.rsplit(" > ", 1)[-1])[:_LONGEST_TITLE]
    pages = part.pages
    where = "" if not pages else f"p. {pages[0]}" if pages[0] == pages[1] else f"pp. {pages[0]}–{pages[1]}"
    told = f"{title} ({where})" if title and where else title or where
    return f"**{told}**: " if told else ""


def _within(units: Sequence[Unit], most_words: int | None) -> list[Unit]:
    """Return the sentences, in order, that together keep to a number of words; at least the shortest one."""
    if most_words is None or not units:
        return list(units)
    kept: list[Unit] = []
    left = most_words
    for unit in units:
        if (words := len(unit.text.split())) <= left:
            kept.append(unit)
            left -= words
    return kept or [min(units, key=lambda u: len(u.text))]


async def _short(job: Job, file: FileRecord) -> str:
    count = max(1, (job.wish.count or 0) // len(job.files)) if job.wish.count else _LINES_EACH
    chosen = await job.central(file, count)
    lines = "\n".join(f"- {job.line(u, _WHY)}" for u in chosen)
    return f"**{titled(file)}**\n\n{lines}" if lines else ""
