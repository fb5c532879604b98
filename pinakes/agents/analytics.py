"""Counts, totals, rankings, groupings and lists over the files themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pinakes.agents.analysis.figures import (
    absent_groups,
    counted,
    noun_of,
    ranked_first,
    reworded,
    spelled_table,
)
from pinakes.agents.charts import chart_of
from pinakes.agents.choosing import by_ordinal, given, known_to, pointed_to, refers_back, settled
from pinakes.agents.citing import MOST_EVIDENCE, Citations, nothing, result
from pinakes.agents.counting_text import Matching, files_matching
from pinakes.agents.listing import asks_when, folders_told, listed, oldest_and_newest, shared
from pinakes.agents.overview import overview
from pinakes.agents.places import located
from pinakes.agents.queries.carrying import read_carrying
from pinakes.agents.queries.filters import Filters, Known, read_filters
from pinakes.agents.queries.lexicon import IMAGE_EXTENSIONS
from pinakes.agents.queries.measures import Asked, clauses, read_measure, without_kinds
from pinakes.agents.queries.showing import asks_overview, counted_inside, counts_folders
from pinakes.agents.spec import AgentContext
from pinakes.core.files import (
    AnalyticsQuery,
    FileFilter,
    FileRecord,
    GroupBy,
    Measure,
    MediaType,
    SortBy,
    Table,
)
from pinakes.core.plans import StepResult, Task
from pinakes.tools.files import count_files
from pinakes.tools.scope import DATED, NOTHING, files_of, ids_of, narrowed, open_files

UNSEEN = (
    "Pictures were matched by their names, captions, descriptions and text; nobody looked at them for this."
)
MOST_ROWS = 50
MOST_MEMBERS = 1000
MOST_DAYS = 366
_RANKED = 10
_TIMES = frozenset({GroupBy.YEAR, GroupBy.MONTH, GroupBy.DAY, GroupBy.WEEKDAY})
_SHOTS = frozenset({MediaType.IMAGE, MediaType.VIDEO})
"""Kinds whose date is when they were taken, if it is known."""

_LISTING = re.compile(r"\b(?:files?|list|everything|all|items?|library)\b", re.IGNORECASE)
_SHOWN_FILES = 10


@dataclass(frozen=True)
class Scope:
    """The files that may be counted, and in words what they are, where earlier results limit them.

    `whole` is all that the turn may see, in which places are looked up.
    """

    where: FileFilter
    whole: FileFilter
    words: str = ""


@dataclass(frozen=True)
class Question:
    """One clause of a question, understood.

    Attributes:
        among: The files of the kind in question, before the question's own limits.
        where: Those that its limits leave.
        limits: Limits in words that the filter itself does not say.
    """

    asked: Asked
    text: str
    among: FileFilter
    where: FileFilter
    filters: Filters
    limits: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    scope_words: str = ""

    @property
    def says_nothing(self) -> bool:
        """Whether nothing was asked that could be counted or listed."""
        asked = self.asked
        named = asked.kinds or self.filters.limits or self.limits or self.scope_words
        return not (asked.counting or asked.extreme or named or _LISTING.search(self.text))


@dataclass(frozen=True)
class Finding:
    """The answer to one clause."""

    text: str
    table: Table | None = None
    file_ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    final: bool = False  # an answer that no file stands behind


async def run(task: Task, ctx: AgentContext) -> StepResult:
    """Answer the intent in numbers, or list the files it limits."""
    ctx.report("Counting")
    cited = Citations(task)
    scope = await _scope(task, ctx)
    known = await known_to(ctx)
    findings: list[Finding] = []
    before: Question | None = None
    for clause in clauses(task.step.intent):
        before = await _told_apart(clause, task, ctx, scope, known, before)
        findings.append(await _answer(before, ctx, cited))
    return _together(task, findings, cited)


async def _scope(task: Task, ctx: AgentContext) -> Scope:
    """Return which files count: what an earlier step gave, what "those" points to, else all that the turn may see."""
    whole = await open_files(ctx.library, task.options)
    among: Sequence[FileRecord] = await given(task, ctx, whole, None)
    words = f"among the {counted(len(among), 'file')} found"
    pointing = refers_back(task.step.intent, strongly=True)
    if pointing:
        among = by_ordinal(task.step.intent, list(among))
    if not among and pointing and task.inputs:
        return Scope(NOTHING, whole, "among those found")
    if not among and pointing:
        among = await pointed_to(task, ctx, whole, None)
        words = f"among the {counted(len(among), 'file')} shown before"
    if not among:
        return Scope(whole, whole)
    return Scope(narrowed(whole, FileFilter(ids=tuple(f.id for f in among))), whole, words)


async def _told_apart(
    clause: str, task: Task, ctx: AgentContext, scope: Scope, known: Known, before: Question | None
) -> Question:
    """Return the question, without speaking of an earlier search that found just what the question says itself."""
    question = await _understood(clause, ctx, scope, known, before)
    limited = bool(scope.words) and question.where != NOTHING
    if not (task.inputs and limited) or refers_back(task.step.intent, strongly=True):
        return question
    alone = await _understood(clause, ctx, Scope(scope.whole, scope.whole), known, before)
    same = set(await ids_of(ctx.library, question.where)) == set(await ids_of(ctx.library, alone.where))
    return alone if same else question


async def _understood(
    clause: str, ctx: AgentContext, scope: Scope, known: Known, before: Question | None
) -> Question:
    asked = read_measure(clause)
    carrying, rest = read_carrying(asked.rest)
    place = await located(rest, ctx, known, scope.whole)
    filters = place.limiting(read_filters(place.text, known))
    filters = replace(filters, topic=without_kinds(filters.topic, asked.kinds))
    if before is not None and not asked.kinds and not filters.limits:
        return replace(before, asked=replace(asked, kinds=before.asked.kinds), text=clause)
    among = narrowed(scope.where, FileFilter(media_types=asked.kinds or _kinds_of(filters) or None))
    where, filters = await settled(ctx, among, filters)
    said = (place.words,) if place.words else ()
    notes = (*filters.unknown, *((place.note,) if place.note else ()))
    question = Question(asked, clause, among, where, filters, said, notes, scope.words)
    if carrying and where.ids != ():
        ids = await carrying.ids(ctx.library, where)
        question = replace(
            question, where=narrowed(where, FileFilter(ids=ids)), limits=(*said, carrying.words)
        )
    if (filters.topic or filters.says) and not scope.words:
        matching = await files_matching(ctx, question.where, filters)
        question = replace(
            question,
            where=_limited(question.where, matching),
            limits=(*question.limits, *matching.words),
            notes=(*question.notes, *_unseen(question)),
        )
    return question


def _unseen(question: Question) -> tuple[str, ...]:
    """Admit that pictures were chosen by words alone."""
    return (UNSEEN,) if question.among.media_types == (MediaType.IMAGE,) else ()


def _limited(where: FileFilter, matching: Matching) -> FileFilter:
    return where if matching.ids is None else narrowed(where, FileFilter(ids=matching.ids))


def _kinds_of(filters: Filters) -> tuple[MediaType, ...]:
    """Return the kinds that a filter can only mean: cameras and blur are of pictures, pages of documents."""
    where = filters.where
    endings = {*filters.extensions, where.extension} - {None}
    if endings and endings <= IMAGE_EXTENSIONS:
        return (MediaType.IMAGE,)
    if any(v is not None for v in (where.camera, where.colour, where.blurred, where.dark, where.near)):
        return (MediaType.IMAGE,)
    if where.orientation is not None:
        return (MediaType.IMAGE,)
    if where.min_seconds is not None or where.max_seconds is not None:
        return (MediaType.VIDEO,)
    if where.domain is not None:
        return (MediaType.LINK,)
    return (MediaType.DOCUMENT,) if where.min_pages is not None or where.max_pages is not None else ()


async def _answer(question: Question, ctx: AgentContext, cited: Citations) -> Finding:
    asked, library = question.asked, ctx.library
    words = tuple(dict.fromkeys((*question.filters.words, *question.limits)))
    if asks_overview(question.text):
        told, table = await overview(library, question.among)
        return Finding(told, table, await _members(ctx, table, question.among), final=True)
    if question.says_nothing:
        return Finding("", notes=("Say what is to be counted or listed.",))
    if asked.extreme:
        found = await oldest_and_newest(library, question.where, asked.extreme, asked.limit or 1, cited)
    elif counts_folders(question.text):
        return Finding(await folders_told(library, counted_inside(question.text)), final=True)
    elif asked.share:
        found = await shared(library, question.among, question.where, words)
    elif not asked.counting:
        found = await listed(
            library,
            question.where,
            words,
            cited,
            dated=asks_when(question.text),
            order=asked.sorting.of_files if asked.sorting else "filename",
            limit=asked.limit,
        )
    else:
        return await _measured(question, ctx, cited)
    return Finding(found[0], None, found[1], question.notes)


async def _measured(question: Question, ctx: AgentContext, cited: Citations) -> Finding:
    asked, notes = question.asked, question.notes
    group_by = asked.group_by
    if group_by is None and len(asked.kinds) > 1:
        group_by = GroupBy.MEDIA_TYPE
    where = question.where
    if group_by in _TIMES and asked.kinds and set(asked.kinds) <= _SHOTS:
        where, undated = await _dated(ctx, where)
        notes = (*notes, undated) if undated else notes
    query = AnalyticsQuery(
        measure=asked.measure,
        group_by=group_by,
        filter=where,
        limit=asked.limit or _ROWS.get(group_by, MOST_ROWS),
        **_order(asked, group_by),
    )
    table = reworded(await count_files(ctx.library, query), question.limits, question.scope_words)
    table = table.model_copy(update={"chart": chart_of(table)})
    if asked.absent:
        text = await absent_groups(ctx.library, table, question.among, where)
        return Finding(text, table, await _members(ctx, table, question.where), notes)
    ids = await _members(ctx, table, question.where)
    if group_by in {None, GroupBy.FILE}:
        for file in await ctx.library.catalog.get_files(ids[:_SHOWN_FILES]):
            cited.cite_file(file)
    lead = ranked_first(table) if asked.ranked and not asked.limit else ""
    return Finding("\n\n".join(t for t in (lead, spelled_table(table)) if t), table, ids, notes)


_ROWS: dict[GroupBy | None, int] = {GroupBy.FILE: _RANKED, GroupBy.DAY: MOST_DAYS}


def _order(asked: Asked, group_by: GroupBy | None) -> dict[str, Any]:
    """Return the order of rows that was asked for; weekdays come in theirs unless they are ranked."""
    sorting = asked.sorting
    if sorting is None or group_by is None:
        if group_by is GroupBy.WEEKDAY and not asked.ranked:
            return {"sort": SortBy.LABEL, "descending": False}
        return {"descending": asked.descending}
    return {
        "sort": SortBy.LABEL if sorting.by_label else SortBy.VALUE,
        "descending": sorting.descending,
    }


async def _members(ctx: AgentContext, table: Table, where: FileFilter) -> tuple[str, ...]:
    """Return the files behind a table: those of its rows, and of counts also those that are in no group."""
    ids = dict.fromkeys(i for row in table.rows for i in row.file_ids)
    if table.query is not None and table.query.measure is Measure.COUNT:
        ids |= dict.fromkeys(f.id for f in await files_of(ctx.library, where, limit=MOST_MEMBERS))
    return tuple(ids)


async def _dated(ctx: AgentContext, where: FileFilter) -> tuple[FileFilter, str]:
    """Leave out what has no date of its own, which would count under the day it was added."""
    dated = where if where.taken_from else narrowed(where, DATED)
    whole = await ctx.library.catalog.list_files(where, limit=1)
    part = await ctx.library.catalog.list_files(dated, limit=1)
    missing = whole.total - part.total
    return (
        dated,
        f"Not counted: {counted(missing, noun_of(where.media_types))} without a date." if missing else "",
    )


def _together(task: Task, findings: Sequence[Finding], cited: Citations) -> StepResult:
    notes = tuple(dict.fromkeys(n for f in findings for n in f.notes))
    text = "\n\n".join(f.text for f in findings if f.text)
    if not any(f.file_ids or f.table or f.final for f in findings):
        return nothing(task, *notes, text=text)
    table = next((f.table for f in findings if f.table), None)
    ids = tuple(dict.fromkeys(i for f in findings for i in f.file_ids))
    return result(
        task, text=text, table=table, file_ids=ids, evidence=cited.evidence[:MOST_EVIDENCE], notes=notes
    )
