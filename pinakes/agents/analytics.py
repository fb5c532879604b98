"""Counts, totals, rankings, groupings and lists over the files themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pinakes.agents.analysis.figures import absent_groups, spelled_table
from pinakes.agents.choosing import given, known_to, pointed_to, refers_back, settled
from pinakes.agents.citing import MOST_EVIDENCE, Citations, nothing, result
from pinakes.agents.counting_text import Matching, files_matching
from pinakes.agents.listing import listed, oldest_and_newest, shared
from pinakes.agents.queries.carrying import read_carrying
from pinakes.agents.queries.filters import Filters, Known, read_filters
from pinakes.agents.queries.measures import Asked, clauses, read_measure
from pinakes.agents.spec import AgentContext
from pinakes.core.files import AnalyticsQuery, FileFilter, FileRecord, GroupBy, MediaType, Table
from pinakes.core.plans import StepResult, Task
from pinakes.tools.files import count_files
from pinakes.tools.scope import narrowed, open_files

MOST_ROWS = 50
_SHOWN_FILES = 10


@dataclass(frozen=True)
class Question:
    """One clause of a question, understood: what is asked, of which files, and what could not be settled."""

    asked: Asked
    among: FileFilter  # the files of the kind in question, before the question's own limits
    where: FileFilter
    filters: Filters
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """The answer to one clause."""

    text: str
    table: Table | None = None
    file_ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


async def run(task: Task, ctx: AgentContext) -> StepResult:
    """Answer the intent in numbers, or list the files it limits."""
    ctx.report("Counting")
    cited = Citations(task)
    scope = await _scope(task, ctx)
    known = await known_to(ctx)
    findings: list[Finding] = []
    before: FileFilter | None = None
    for clause in clauses(task.step.intent):
        question = await _understood(clause, ctx, scope, known, before)
        findings.append(await _answer(question, ctx, cited))
        before = question.where
    return _together(task, findings, cited)


async def _scope(task: Task, ctx: AgentContext) -> FileFilter:
    """Return which files count: what an earlier step gave, what "those" points to, else all that the turn may see."""
    whole = await open_files(ctx.library, task.options)
    among: Sequence[FileRecord] = await given(task, ctx, whole, None)
    if not among and refers_back(task.step.intent, strongly=True):
        among = await pointed_to(task, ctx, whole, None)
    return narrowed(whole, FileFilter(ids=tuple(f.id for f in among))) if among else whole


async def _understood(
    clause: str, ctx: AgentContext, scope: FileFilter, known: Known, before: FileFilter | None
) -> Question:
    asked = read_measure(clause)
    carrying, rest = read_carrying(asked.rest)
    filters = read_filters(rest, known)
    if before is not None and not asked.kinds and not filters.limits:
        return Question(asked, scope, before, filters)
    kinds = asked.kinds or _kinds_of(filters)
    limited = narrowed(scope, FileFilter(media_types=kinds or None))
    where, filters = await settled(ctx, limited, filters)
    notes = filters.unknown
    if carrying and where.ids != ():
        where = narrowed(where, FileFilter(ids=await carrying.ids(ctx.library, where)))
        notes = (*notes, f"Counted were files {carrying.words}.")
    if filters.topic or filters.says:
        matching = await files_matching(ctx, where, filters)
        where, notes = _limited(where, matching), (*notes, *matching.notes)
    return Question(asked, limited, where, filters, notes)


def _limited(where: FileFilter, matching: Matching) -> FileFilter:
    return where if matching.ids is None else narrowed(where, FileFilter(ids=matching.ids))


def _kinds_of(filters: Filters) -> tuple[MediaType, ...]:
    """Return the kinds that a filter can only mean: cameras and blur are of pictures, pages of documents."""
    where = filters.where
    if any(v is not None for v in (where.camera, where.colour, where.orientation, where.blurred, where.dark)):
        return (MediaType.IMAGE,)
    return (MediaType.DOCUMENT,) if where.min_pages is not None or where.max_pages is not None else ()


async def _answer(question: Question, ctx: AgentContext, cited: Citations) -> Finding:
    asked, notes = question.asked, question.notes
    if asked.extreme:
        text, ids = await oldest_and_newest(
            ctx.library, question.where, asked.extreme, asked.limit or 1, cited
        )
        return Finding(text, None, ids, notes)
    if asked.share:
        text, ids = await shared(ctx.library, question.among, question.where, question.filters.words)
        return Finding(text, None, ids, notes)
    if not asked.counting:
        text, ids = await listed(ctx.library, question.where, question.filters.words, cited)
        return Finding(text, None, ids, notes)
    return await _measured(question, ctx, cited)


async def _measured(question: Question, ctx: AgentContext, cited: Citations) -> Finding:
    asked = question.asked
    group_by = asked.group_by
    if group_by is None and len(asked.kinds) > 1:
        group_by = GroupBy.MEDIA_TYPE
    query = AnalyticsQuery(
        measure=asked.measure,
        group_by=group_by,
        filter=question.where,
        descending=asked.descending,
        limit=asked.limit or MOST_ROWS,
    )
    table = await count_files(ctx.library, query)
    if asked.absent:
        text = await absent_groups(ctx.library, table, question.among, question.where)
        return Finding(text, table, (), question.notes)
    ids = tuple(dict.fromkeys(i for row in table.rows for i in row.file_ids))
    if group_by in {None, GroupBy.FILE}:
        for file in await ctx.library.catalog.get_files(ids[:_SHOWN_FILES]):
            cited.cite_file(file)
    return Finding(spelled_table(table), table, ids, question.notes)


def _together(task: Task, findings: Sequence[Finding], cited: Citations) -> StepResult:
    notes = tuple(dict.fromkeys(n for f in findings for n in f.notes))
    text = "\n\n".join(f.text for f in findings if f.text)
    if not any(f.file_ids or f.table for f in findings):
        return nothing(task, *notes, text=text)
    table = next((f.table for f in findings if f.table), None)
    ids = tuple(dict.fromkeys(i for f in findings for i in f.file_ids))
    return result(
        task, text=text, table=table, file_ids=ids, evidence=cited.evidence[:MOST_EVIDENCE], notes=notes
    )
