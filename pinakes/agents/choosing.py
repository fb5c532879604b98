"""Which files a step is about: what earlier steps gave, what the user chose or was shown, what the words limit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pinakes.agents.queries.filters import Filters, Known, read_filters, with_dates
from pinakes.agents.queries.lexicon import NOUNS
from pinakes.agents.queries.names import stem
from pinakes.agents.spec import AgentContext
from pinakes.core.files import FileFilter, FileRecord, MediaType
from pinakes.core.plans import Task
from pinakes.tools.scope import NOTHING, ids_of, inside, narrowed

_YEARS_BACK = 30
_REFERRING = re.compile(
    r"\b(?:these|those|them|they|their|it|its|(?:which|of the|the other|each)\s+ones?|the same|"
    r"(?:the two|both)(?!\s+(?:\w+\s+){1,2}(?:of|with|from|about|in|on)\b)|"
    r"the (?:first|second|third|last|other)\s+of\s+(?:the|these|those|them)|"
    r"(?:this|that|the (?:first|second|third|last|other))\s+(?:one|photo|picture|image|document|file|report|page)s?)\b",
    re.IGNORECASE,
)
_WHICH_OF = re.compile(r"\b(?:which|what|one|any|each|none) of the (\w{3,})\b", re.IGNORECASE)
_STRONGLY = re.compile(
    r"\b(?:these|those|them|they|(?:which|of the)\s+ones|(?:first|second|third|last)\s+one)\b", re.IGNORECASE
)
_PRONOUN = re.compile(r"\b(?:them|they|their|it|its)\b", re.IGNORECASE)
_OWN_NOUN = re.compile(
    rf"\b(?:which|what|all|the|any|every|many|no)\s+(?:[\w-]+\s+){{0,3}}?(?:{'|'.join(NOUNS)})\b",
    re.IGNORECASE,
)
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
_ORDINAL = re.compile(
    rf"\bthe\s+({'|'.join(_ORDINALS)})\s+(?:one|photo|picture|image|document|file|result|of)\b", re.IGNORECASE
)


async def known_to(ctx: AgentContext) -> Known:
    """Return what a question may name in this library, now."""
    catalog = ctx.library.catalog
    return Known.of(ctx.now(), await catalog.inventory(), await catalog.folders())


async def filters_of(task: Task, ctx: AgentContext, only: frozenset[str] | None = None) -> Filters:
    """Return the filters that a step's intent states."""
    return read_filters(task.step.intent, await known_to(ctx), only)


def refers_back(intent: str, *, strongly: bool = False, shown: str = "") -> bool:
    """Tell whether an intent points to what was shown or chosen before.

    Args:
        strongly: Only words that mean nothing else count ("those").
        shown: What the last result was found for: "which of the plates" points to it if it speaks of plates.
    """
    chosen = _WHICH_OF.search(intent)
    if chosen and stem(chosen[1].casefold()) in {stem(w.casefold()) for w in re.findall(r"\w+", shown)}:
        return True
    noun = _OWN_NOUN.search(intent)
    if noun:  # a pronoun after it means that noun: "which photos have no place stored in them"
        intent = intent[: noun.end()] + _PRONOUN.sub(" ", intent[noun.end() :])
    return (_STRONGLY if strongly else _REFERRING).search(intent) is not None


async def given(task: Task, ctx: AgentContext, scope: FileFilter, kind: MediaType | None) -> list[FileRecord]:
    """Return the files of a kind that this step's inputs hold, in their order and within the scope."""
    ids = [file_id for step in task.inputs for file_id in step.file_ids]
    return await _of_kind(ctx, scope, ids, kind)


async def pointed_to(
    task: Task, ctx: AgentContext, scope: FileFilter, kind: MediaType | None
) -> list[FileRecord]:
    """Return the files of a kind in focus, or the one of them that an ordinal picks."""
    return by_ordinal(task.step.intent, await _of_kind(ctx, scope, task.focus.file_ids, kind))


def by_ordinal(intent: str, files: list[FileRecord]) -> list[FileRecord]:
    """Return the file that an ordinal picks ("the second one"), none when there are fewer; without one all."""
    picked = _ORDINAL.search(intent)
    if not picked or not files:
        return files
    place = _ORDINALS[picked[1].lower()]
    return [files[place]] if -1 <= place < len(files) else []


async def settled(ctx: AgentContext, scope: FileFilter, filters: Filters) -> tuple[FileFilter, Filters]:
    """Return the scope narrowed by the filters, file endings in every spelling, and the latest year that fits.

    A month without a year means the latest one that holds any file.
    """
    base = await _with_endings(ctx, scope, filters)
    if filters.dates is None or not filters.dates.yearless:
        return narrowed(base, filters.where), filters
    for year in range(ctx.now().year, ctx.now().year - _YEARS_BACK, -1):
        tried = with_dates(filters, filters.dates.in_year(year), ctx.now(), filters.date_field)
        where = narrowed(base, tried.where)
        if (await ctx.library.catalog.list_files(where, limit=1)).total:
            return where, tried
    return narrowed(base, filters.where), filters


async def _with_endings(ctx: AgentContext, scope: FileFilter, filters: Filters) -> FileFilter:
    if not filters.extensions:
        return scope
    ids: list[str] = []
    for ending in filters.extensions:
        where = narrowed(scope, FileFilter(extension=ending))
        ids += () if where == NOTHING else await ids_of(ctx.library, where)
    return narrowed(scope, FileFilter(ids=tuple(ids)))


async def _of_kind(
    ctx: AgentContext, scope: FileFilter, ids: Sequence[str], kind: MediaType | None
) -> list[FileRecord]:
    where = scope if kind is None else narrowed(scope, FileFilter(media_types=(kind,)))
    return await inside(ctx.library, where, ids)
