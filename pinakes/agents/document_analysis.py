"""Summarises, compares, outlines and extracts from documents, in their own words, every line with its place."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from pinakes.agents.analysis.centrality import central_units
from pinakes.agents.analysis.comparison import Comparison, Pair, compare_units
from pinakes.agents.analysis.extraction import Find, extract, within_dates
from pinakes.agents.analysis.facets import facet_units, value_of
from pinakes.agents.analysis.figures import counted
from pinakes.agents.analysis.outline import outline_lines, table_lines
from pinakes.agents.analysis.totals import Total, sum_of, totals_of, why_not
from pinakes.agents.analysis.units import Unit, cite_unit, shown, thinned, units_of
from pinakes.agents.analysis.vocabulary import content_stems, key_terms
from pinakes.agents.citing import Citations, nothing, result
from pinakes.agents.finding_documents import Chosen, choose_documents
from pinakes.agents.queries.calendar_words import MONTHS
from pinakes.agents.queries.orders import RANKING, Order, Wanted, Wish, facets_of, read_wish
from pinakes.agents.spec import AgentContext
from pinakes.agents.writing.marks import plain
from pinakes.core.files import FileFilter, FileRecord
from pinakes.core.plans import StepResult, StepStatus, Task

_KINDS_OF_TEXT = frozenset(
    content_stems(
        "guide manual report document paper article handbook booklet rules policy book text file pdf notes"
    )
)
_LINES = 5
_LINES_EACH = 2
_WORDS_A_LINE = 15
_NEAR = 8
_MOST_CHUNKS = 400
"""Chunks from which a document is summed up; of longer ones an even sample."""

_MOST_FINDS = 30
_MOST_PAIRS = 4


class _Job:
    """One step's documents, read as sentences at first use, and what it cites."""

    def __init__(self, task: Task, ctx: AgentContext, chosen: Chosen, wish: Wish) -> None:
        self.ctx, self.chosen, self.wish = ctx, chosen, wish
        self.cited = Citations(task)
        self._units: dict[str, list[Unit]] = {}

    @property
    def files(self) -> list[FileRecord]:
        return self.chosen.files

    async def units(self, file: FileRecord) -> list[Unit]:
        if file.id not in self._units:
            chunks = await self.ctx.library.catalog.file_chunks(file.id)
            self._units[file.id] = await asyncio.to_thread(units_of, file, chunks)
        return self._units[file.id]

    async def central(self, file: FileRecord, count: int) -> list[Unit]:
        """Return the sentences that stand for a document, or for what was asked about it."""
        library, focus = self.ctx.library, _beyond_title(self.chosen.focus, file)
        near = {}
        if focus:
            hits = await library.search(focus, limit=_NEAR, where=FileFilter(ids=(file.id,)))
            near = {hit.chunk.id: hit.score for hit in hits}
        chunks = thinned(await library.catalog.file_chunks(file.id), _MOST_CHUNKS, near)
        units = await asyncio.to_thread(units_of, file, chunks)
        return await central_units(units, count, library.embedder, focus=focus, near=near)

    def line(self, unit: Unit, why: str, around: str = "") -> str:
        evidence = cite_unit(self.cited, unit, why)
        return f"{shown(unit.text, around)}{self.cited.mark(evidence)}"


async def run(task: Task, ctx: AgentContext) -> StepResult:
    """Do with documents what the intent orders."""
    wish = read_wish(task.step.intent)
    chosen = await choose_documents(task, ctx, wish)
    if not chosen.files:
        return nothing(task, chosen.note)
    ctx.report(f"Reading {counted(len(chosen.files), 'document')}")
    job = _Job(task, ctx, chosen, wish)
    parts = [part for order in wish.orders if (part := await _ORDERS[order](job))]
    return result(
        task,
        StepStatus.OK if parts else StepStatus.EMPTY,
        text="\n\n".join(parts),
        file_ids=tuple(f.id for f in chosen.files),
        evidence=job.cited.evidence,
        notes=(chosen.note,) if chosen.note else (),
    )


def _beyond_title(focus: str, file: FileRecord) -> str:
    """Return what is asked about within a file; empty where the words only name it."""
    named = set(content_stems(f"{file.title or ''} {file.filename}")) | _KINDS_OF_TEXT
    return focus if set(content_stems(focus)) - named else ""


async def _summary(job: _Job) -> str:
    if len(job.files) > 1:
        lines = [await _short(job, file) for file in job.files]
        return "\n\n".join(line for line in lines if line)
    file = job.files[0]
    most = job.wish.most_words
    count = job.wish.count or (max(1, most // _WORDS_A_LINE) if most else _LINES)
    chosen = _within(await job.central(file, count), most)
    if not chosen:
        return f"{file.filename} has no text that could be summarised."
    lines = [job.line(u, "stands for its part of the text") for u in chosen]
    if job.wish.sentences or most or len(lines) == 1:
        return " ".join(lines)
    return f"**{_titled(file)}**\n\n" + "\n".join(f"- {line}" for line in lines)


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


async def _short(job: _Job, file: FileRecord) -> str:
    count = max(1, (job.wish.count or 0) // len(job.files)) if job.wish.count else _LINES_EACH
    chosen = await job.central(file, count)
    lines = "\n".join(f"- {job.line(u, 'stands for its part of the text')}" for u in chosen)
    return f"**{_titled(file)}**\n\n{lines}" if lines else ""


def _titled(file: FileRecord) -> str:
    name = f"{file.title} ({file.filename})" if file.title and file.title != file.filename else file.filename
    return f"{name}, {counted(file.page_count, 'page')}" if file.page_count and file.page_count > 1 else name


async def _comparison(job: _Job) -> str:
    if len(job.files) == 1:
        return f"Only {job.files[0].filename} is meant, and a comparison needs two documents: name the other one."
    if len(job.files) > 2:
        return await _side_by_side(job)
    first, second = job.files
    found = await compare_units(
        await job.units(first), await job.units(second), job.ctx.library.embedder, focus=job.chosen.focus
    )
    parts = [
        _changed_told(job, found),
        _pairs_told(job, "Both say", found.shared),
        _alone_told(job, f"Only {first.filename} says", found.only_left),
        _alone_told(job, f"Only {second.filename} says", found.only_right),
    ]
    told = "\n\n".join(p for p in parts if p)
    return told or f"{first.filename} and {second.filename} have no statements that could be compared."


async def _side_by_side(job: _Job) -> str:
    """Tell of more than two documents what each says on every point that was named, else what stands for each."""
    facets = facets_of(job.wish.question)
    if not facets:
        return await _summary(job)
    parts = []
    for file in job.files:
        best = await facet_units(await job.units(file), facets, job.ctx.library.embedder)
        lines = [
            f"- **{plain(facet)}**: {_facet_line(job, u, facet) if u else 'nothing found'}"
            for facet, u in zip(facets, best, strict=True)
        ]
        parts.append(f"**{_titled(file)}**\n\n" + "\n".join(lines))
    return "\n\n".join(parts)


def _facet_line(job: _Job, unit: Unit, facet: str) -> str:
    evidence = cite_unit(job.cited, unit, f"says “{facet}”")
    return f"{shown(value_of(unit, facet))}{job.cited.mark(evidence)}"


def _changed_told(job: _Job, found: Comparison) -> str:
    lines = [
        f"- {job.line(p.left, 'says it with other figures')} — {job.line(p.right, 'says it with other figures')}"
        for p in found.changed[:_MOST_PAIRS]
    ]
    return "**They differ in figures**\n\n" + "\n".join(lines) if lines else ""


def _pairs_told(job: _Job, heading: str, pairs: Sequence[Pair]) -> str:
    lines = []
    for pair in pairs[:_MOST_PAIRS]:
        other = cite_unit(job.cited, pair.right, "says the same")
        lines.append(f"- {job.line(pair.left, 'says the same')}{job.cited.mark(other)}")
    return f"**{heading}**\n\n" + "\n".join(lines) if lines else ""


def _alone_told(job: _Job, heading: str, units: Sequence[Unit]) -> str:
    lines = [f"- {job.line(u, 'has no counterpart')}" for u in units[:_MOST_PAIRS]]
    return f"**{heading}**\n\n" + "\n".join(lines) if lines else ""


async def _extraction(job: _Job) -> str:
    parts = []
    for wanted in job.wish.wanted:
        if wanted is Wanted.TOTALS:
            parts.append(await _totals(job))
            continue
        finds = [find for file in job.files for find in extract(wanted, await job.units(file))]
        if wanted in {Wanted.DATES, Wanted.DEADLINES}:
            finds = within_dates(finds, _beyond_names(job), job.ctx.now())
        parts.append(_finds_told(job, wanted, finds))
    return "\n\n".join(parts)


async def _totals(job: _Job) -> str:
    """Tell what each document comes to, and their sum where every one gives a single total."""
    totals = [totals_of(await job.units(file)) for file in job.files]
    lines = []
    for file, own in zip(job.files, totals, strict=True):
        marks = [job.cited.mark(cite_unit(job.cited, t.unit, "labelled as total")) for t in own]
        told = ", ".join(f"**{t.words}**{mark}" for t, mark in zip(own, marks, strict=True))
        lines.append(f"- {plain(file.title or file.filename)}: {told or 'no labelled total'}")
    if not any(totals):
        return f"No labelled totals were found in {_names(job.files)}."
    if len(totals) == 1:
        return lines[0].removeprefix("- ")
    if ranking := RANKING.search(job.wish.question):
        return f"{_ranked_total(job, totals, ranking[0])}\n\n" + "\n".join(lines)
    added = sum_of(totals)
    sums = " + ".join(f"{own[0].value:,.2f}" for own in totals) if added else ""
    end = f"Together **{added.words}** ({sums})." if added else why_not(job.files, totals)
    return f"{end}\n\n" + "\n".join(lines)


def _ranked_total(job: _Job, totals: Sequence[Sequence[Total]], rank: str) -> str:
    """Tell which document comes to the most or the least, where every one gives a single total in one currency."""
    if sum_of(totals) is None:
        return why_not(job.files, totals).replace("added up", "compared")
    least = re.search(r"lowest|smallest|cheapest", rank, re.IGNORECASE) is not None
    file, own = (min if least else max)(
        zip(job.files, totals, strict=True), key=lambda pair: pair[1][0].value
    )
    return f"The {rank.lower()}: {plain(file.title or file.filename)} with **{own[0].words}**."


def _beyond_names(job: _Job) -> str:
    """Return the question without the months that stand in its documents' names ("the minutes of February")."""
    named = " ".join(f"{f.filename} {f.title or ''}" for f in job.files).casefold()
    months = [month for month in MONTHS if re.search(rf"(?<![^\W_]){month}(?![^\W_])", named)]
    return re.sub(rf"\b(?:{'|'.join(months) or '(?!)'})\b", " ", job.wish.question, flags=re.IGNORECASE)


def _finds_told(job: _Job, wanted: Wanted, finds: Sequence[Find]) -> str:
    if not finds:
        return f"No {wanted.value} were found in {_names(job.files)}."
    lines = [f"- {_find_line(job, find)}" for find in finds[:_MOST_FINDS]]
    if len(finds) > _MOST_FINDS:
        lines.append(f"- … and {len(finds) - _MOST_FINDS} more")
    return f"**{wanted.value[:1].upper()}{wanted.value[1:]}** in {_names(job.files)}:\n\n" + "\n".join(lines)


def _find_line(job: _Job, find: Find) -> str:
    if row := find.row_words:
        evidence = cite_unit(job.cited, find.unit, "has the form asked for")
        return f"**{plain(find.value)}**: {shown(row)}{job.cited.mark(evidence)}"
    if find.value == find.unit.text:
        return job.line(find.unit, "has the form asked for")
    return f"**{plain(find.value)}**: {job.line(find.unit, 'has the form asked for', find.value)}"


def _names(files: Sequence[FileRecord]) -> str:
    return files[0].filename if len(files) == 1 else counted(len(files), "document")


async def _outline(job: _Job) -> str:
    parts = []
    for file in job.files:
        lines = await outline_lines(job.ctx.library, file, job.cited)
        parts.append(
            f"**{_titled(file)}**\n\n" + "\n".join(lines) if lines else f"{file.filename} has no headings."
        )
    return "\n\n".join(parts)


async def _terms(job: _Job) -> str:
    parts = []
    for file in job.files:
        units = await job.units(file)
        found = await asyncio.to_thread(key_terms, [u.text for u in units], job.wish.count or 10)
        terms = ", ".join(f"{term} ({n})" for term, n in found)
        mark = job.cited.mark(job.cited.cite_file(file, why="its most frequent terms"))
        parts.append(f"{_titled(file)}: {terms or 'no terms stand out'}.{mark}")
    return "\n".join(parts if len(parts) == 1 else [f"- {p}" for p in parts])


async def _length(job: _Job) -> str:
    lines = []
    for file in job.files:
        words = sum(len(u.text.split()) for u in await job.units(file))
        pages = f"{counted(file.page_count, 'page')}, " if file.page_count else ""
        mark = job.cited.mark(job.cited.cite_file(file, why="its length"))
        lines.append(f"{file.filename} has {pages}about {counted(words, 'word')}.{mark}")
    return "\n".join(lines)


async def _tables(job: _Job) -> str:
    parts = [await table_lines(job.ctx.library, file, job.cited) for file in job.files]
    told = "\n\n".join(p for p in parts if p)
    return told or f"No tables were found in {_names(job.files)}."


_ORDERS = {
    Order.SUMMARY: _summary,
    Order.COMPARISON: _comparison,
    Order.EXTRACTION: _extraction,
    Order.OUTLINE: _outline,
    Order.TERMS: _terms,
    Order.LENGTH: _length,
    Order.TABLES: _tables,
}
