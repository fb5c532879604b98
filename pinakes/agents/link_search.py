"""Finds saved pages by what they say, their site, author, date, tags or title, with the passages that match."""

from __future__ import annotations

import re

from pinakes.agents.analysis.figures import counted, day_words
from pinakes.agents.citing import MOST_EVIDENCE, Citations, matched_stretch, nothing, result
from pinakes.agents.moments.choosing import Chosen, choose, covers_name
from pinakes.agents.spec import AgentContext
from pinakes.agents.writing.marks import plain
from pinakes.core.files import ChunkHit, FileRecord, MediaType
from pinakes.core.plans import StepResult, Task
from pinakes.tools.scope import files_of
from pinakes.tools.search import FileMatch, distinct, near_best, search_links, spread

MOST_LISTED = 200
_SHOWN = 15
_MOST_PASSAGES = 8
_REACH = 50
_ASKS_WHAT_IT_SAYS = re.compile(
    r"^\W*(?:according\s+to|what|how|when|who|why|where|is|are|does|do|did|can)\b(?!.*\b(?:did\s+(?:we|i)|do\s+(?:we|i))\b)"
    r"(?!\s+(?:was\s+that|is\s+the\s+(?:link|url|page|site)|(?:links?|pages?|articles?|bookmarks?|sites?)\b))",
    re.IGNORECASE,
)


async def run(task: Task, ctx: AgentContext) -> StepResult:
    """Find the saved pages that the intent asks for."""
    ctx.report("Searching saved pages")
    chosen = await choose(task, ctx, MediaType.LINK)
    if chosen.unknown:
        return nothing(task, *chosen.unknown)
    topic = " ".join((*chosen.says, *chosen.topic.split()))
    if not topic or (chosen.named and all(covers_name(topic, f) for f in chosen.named)):
        return await _listed(task, ctx, chosen)
    matches = near_best(await search_links(ctx.library, topic, where=chosen.where, limit=_REACH))
    if not matches and chosen.named:
        return await _listed(task, ctx, chosen)
    if not matches:
        limits = f" {', '.join(chosen.words)}" if chosen.words else ""
        return nothing(task, text=f"No saved page{limits} is about “{plain(topic)}”.")
    return _found(task, chosen, matches)


def _found(task: Task, chosen: Chosen, matches: list[FileMatch]) -> StepResult:
    """Return the passages for a question about what pages say, the pages as a list for one that looks for them."""
    cited = Citations(task)
    notes = (f"Filtered by: {', '.join(chosen.words)}.",) if chosen.words else ()
    ids = tuple(match.file.id for match in matches)
    if _ASKS_WHAT_IT_SAYS.search(task.step.intent):
        hits = spread(distinct([hit for match in matches for hit in match.hits]), _MOST_PASSAGES)
        for hit in hits:
            cited.cite_chunk(hit.file, hit.chunk, *matched_stretch(hit), why=_why(hit), score=hit.score)
        return result(task, file_ids=ids, evidence=cited.evidence, notes=notes)
    lines = [_match_line(cited, match) for match in matches[:_SHOWN]]
    if len(matches) > _SHOWN:
        lines.append(f"- … and {len(matches) - _SHOWN} more")
    return result(task, text="\n".join(lines), file_ids=ids, evidence=cited.evidence, notes=notes)


def _match_line(cited: Citations, match: FileMatch) -> str:
    hit = next((h for h in match.hits if h.chunk.kind != "facts"), match.hits[0])
    start, end = matched_stretch(hit)
    evidence = cited.cite_chunk(hit.file, hit.chunk, start, end, why=_why(hit), score=hit.score)
    words = plain(evidence.quote)
    quote = f" “{words}”" if hit.chunk.kind != "facts" and words else ""
    return f"-{cited.mark(evidence)}{_about(match.file)}: {_why(hit)}.{quote}"


def _why(hit: ChunkHit) -> str:
    words = ", ".join(f"“{plain(w)}”" for w in hit.matched_terms[:5])
    return f"has {words}" if words else "close in meaning"


async def _listed(task: Task, ctx: AgentContext, chosen: Chosen) -> StepResult:
    files = await files_of(ctx.library, chosen.where, order="-created_at", limit=MOST_LISTED)
    limits = ", ".join(chosen.words)
    if not files:
        return nothing(
            task, text=f"No saved page is {limits}." if limits else "There are no saved pages here."
        )
    cited = Citations(task)
    marks = [cited.mark(cited.cite_file(file, why=limits or "saved")) for file in files[:MOST_EVIDENCE]]
    lines = [f"-{mark}{_about(file)}" for mark, file in zip(marks[:_SHOWN], files, strict=False)]
    if len(files) > _SHOWN:
        lines.append(f"- … and {len(files) - _SHOWN} more")
    head = f"{counted(len(files), 'saved page')}{f' ({limits})' if limits else ''}:"
    ids = tuple(f.id for f in files)
    return result(task, text="\n".join([f"{head}\n", *lines]), file_ids=ids, evidence=cited.evidence)


def _about(file: FileRecord) -> str:
    """Return where a page is from, by whom and of when, led by a dash; empty where it does not say."""
    link = file.link
    if link is None:
        return ""
    day = link.published_at
    told = (
        plain(link.url or link.site or link.domain or ""),
        f"by {plain(', '.join(link.authors))}" if link.authors else "",
        day_words(day) if day else "",
    )
    words = ", ".join(part for part in told if part)
    return f" — {words}" if words else ""
