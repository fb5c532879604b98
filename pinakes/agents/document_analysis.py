"""Summarises, compares, outlines, categorises and extracts from documents, every line with its place."""

from __future__ import annotations

import asyncio

from pinakes.agents.analysis.categories import categories, to_categorise
from pinakes.agents.analysis.figures import counted, noun_of
from pinakes.agents.analysis.finds import extraction
from pinakes.agents.analysis.job import Job, names_of, titled
from pinakes.agents.analysis.outline import outline_lines, table_lines
from pinakes.agents.analysis.summary import summary
from pinakes.agents.analysis.vocabulary import key_terms
from pinakes.agents.analysts.documents import told_by_model
from pinakes.agents.citing import name_of, nothing, result
from pinakes.agents.comparing.differences import comparison
from pinakes.agents.finding_documents import Chosen, choose_documents
from pinakes.agents.queries.orders import Order, Wish, read_wish
from pinakes.agents.spec import AgentContext
from pinakes.core.plans import StepResult, StepStatus, Task


async def run(task: Task, ctx: AgentContext) -> StepResult:
    """Do with documents what the intent orders."""
    wish = read_wish(task.step.intent)
    choose = to_categorise if wish.orders == (Order.CATEGORIES,) else choose_documents
    chosen = await choose(task, ctx, wish)
    return await analysed(task, ctx, wish, chosen)


async def analysed(task: Task, ctx: AgentContext, wish: Wish, chosen: Chosen) -> StepResult:
    """Do with documents or saved pages that are chosen already what was wished."""
    if not chosen.files:
        return nothing(task, chosen.note)
    ctx.report(f"Reading {counted(len(chosen.files), noun_of([chosen.files[0].media_type]))}")
    job = Job(task, ctx, chosen, wish)
    parts = [part for order in wish.orders if (part := await _told(order, job))]
    return result(
        task,
        StepStatus.OK if parts else StepStatus.EMPTY,
        text="\n\n".join(parts),
        file_ids=tuple(f.id for f in chosen.files),
        evidence=job.cited.evidence,
        notes=tuple(note for note in (chosen.note, *job.notes) if note),
    )


async def _told(order: Order, job: Job) -> str:
    """Do one thing with a model where there is one, else locally."""
    words = await told_by_model(order, job)
    return await _ORDERS[order](job) if words is None else words


async def _outline(job: Job) -> str:
    parts = []
    for file in job.files:
        lines = await outline_lines(job.ctx.library, file, job.cited)
        parts.append(
            f"**{titled(file)}**\n\n" + "\n".join(lines) if lines else f"{name_of(file)} has no headings."
        )
    return "\n\n".join(parts)


async def _terms(job: Job) -> str:
    parts = []
    for file in job.files:
        units = await job.units(file)
        found = await asyncio.to_thread(key_terms, [u.text for u in units], job.wish.count or 10)
        terms = ", ".join(f"{term} ({n})" for term, n in found)
        mark = job.cited.mark(job.cited.cite_file(file, why="its most frequent terms"))
        parts.append(f"{titled(file)}: {terms or 'no terms stand out'}.{mark}")
    return "\n".join(parts if len(parts) == 1 else [f"- {p}" for p in parts])


async def _length(job: Job) -> str:
    lines = []
    for file in job.files:
        words = sum(len(u.text.split()) for u in await job.units(file))
        pages = f"{counted(file.page_count, 'page')}, " if file.page_count else ""
        mark = job.cited.mark(job.cited.cite_file(file, why="its length"))
        lines.append(f"{name_of(file)} has {pages}about {counted(words, 'word')}.{mark}")
    return "\n".join(lines)


async def _tables(job: Job) -> str:
    parts = [await table_lines(job.ctx.library, file, job.cited) for file in job.files]
    told = "\n\n".join(p for p in parts if p)
    return told or f"No tables were found in {names_of(job.files)}."


_ORDERS = {
    Order.SUMMARY: summary,
    Order.COMPARISON: comparison,
    Order.EXTRACTION: extraction,
    Order.OUTLINE: _outline,
    Order.TERMS: _terms,
    Order.LENGTH: _length,
    Order.TABLES: _tables,
    Order.CATEGORIES: categories,
}
