"""Which pictures a question about pictures means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pinakes.agents.choosing import by_ordinal, filters_of, given, pointed_to, refers_back, settled
from pinakes.agents.naming import no_such_picture, spelled_picture
from pinakes.agents.queries.aspects import ASPECT_WORDS, WHOLE_LIBRARY, Aspect
from pinakes.agents.queries.filters import Filters, shown_in
from pinakes.agents.queries.lexicon import PICTURE_NOUNS
from pinakes.agents.queries.names import named_files
from pinakes.agents.spec import AgentContext
from pinakes.core.files import FileFilter, FileRecord, MediaType
from pinakes.core.plans import Task
from pinakes.tools.scope import files_of, scope_filter
from pinakes.tools.search import near_best, search_images

MOST_PICKED = 2000
_FEW = 3
"""Pictures that are described without being asked for one by one."""

_MOST_FOUND = 8
_PLURAL = re.compile(
    rf"\b(?:all|which|these|those|{'|'.join(n for n in PICTURE_NOUNS if n.endswith('s'))})\b", re.IGNORECASE
)
_ORDERS = re.compile(
    r"\b(?:describ\w+|descriptions?|analy[sz]e|tell\s+me\s+(?:about|more)|all|each|every|beschreib\w*|alle)\b",
    re.IGNORECASE,
)
"""Words that say what to do with pictures, and with how many, and nothing of what is in them."""

_CHECKS = frozenset({"blurred", "dark"})


@dataclass(frozen=True)
class Picked:
    """The pictures in question; `among` are those they may be compared with, `note` says what was not found.

    `guessed` tells that they were found by describing words alone, `unknown` that a name stands for nothing here.
    """

    files: list[FileRecord]
    among: list[FileRecord]
    note: str = ""
    guessed: bool = False
    unknown: bool = False


async def pick_pictures(task: Task, ctx: AgentContext, aspects: tuple[Aspect, ...]) -> Picked:
    """Return the pictures meant: given by a step, pointed to, named, filtered, found by topic, or all of them."""
    scope = await scope_filter(ctx.library, task.options, MediaType.IMAGE)
    files = by_ordinal(task.step.intent, await given(task, ctx, scope, MediaType.IMAGE))
    if {Aspect.BLURRED, Aspect.SHARP} <= set(
        aspects
    ):  # a sharp one is not among those found for being blurred
        files = []
    elif not files and refers_back(task.step.intent, shown=task.focus.intent):
        files = await pointed_to(task, ctx, scope, MediaType.IMAGE)
    if files:
        everything = await _everything(ctx, scope) if Aspect.DUPLICATES in aspects else files
        return Picked(files, everything)
    return await _looked_up(task, ctx, scope, aspects)


async def pointed_pictures(task: Task, ctx: AgentContext) -> list[FileRecord]:
    """Return the pictures that an earlier step gave, or that the words point to among those shown."""
    scope = await scope_filter(ctx.library, task.options, MediaType.IMAGE)
    files = await given(task, ctx, scope, MediaType.IMAGE)
    if files or not refers_back(task.step.intent, shown=task.focus.intent):
        return files
    return await pointed_to(task, ctx, scope, MediaType.IMAGE)


async def _looked_up(task: Task, ctx: AgentContext, scope: FileFilter, aspects: tuple[Aspect, ...]) -> Picked:
    everything = await _everything(ctx, scope)
    named = [n.file for n in named_files(task.step.intent, everything) if n.sure]
    if named:
        return Picked(named, everything)
    if spelled := spelled_picture(task.step.intent):
        return Picked([], [], no_such_picture(spelled), unknown=True)
    filters = await filters_of(task, ctx)
    if filters.unknown:
        return Picked([], [], filters.unknown[0], unknown=True)
    filters = _without_checks(filters)
    where, filters = await settled(ctx, scope, filters)
    passing = await files_of(ctx.library, where, order="content_created_at", limit=MOST_PICKED)
    if _whole(aspects) and not _topic(filters, aspects):
        return Picked(passing, everything)
    if Aspect.TEXT in aspects and _PLURAL.search(task.step.intent) and not _topic(filters, aspects):
        return Picked([f for f in passing if f.facts and f.facts.visible_text], everything)
    return await _found(task, ctx, where, filters, passing, everything)


async def _found(
    task: Task,
    ctx: AgentContext,
    where: FileFilter,
    filters: Filters,
    passing: list[FileRecord],
    everything: list[FileRecord],
) -> Picked:
    named = _ORDERS.sub(" ", filters.topic)
    about = " ".join(ASPECT_WORDS.sub(" ", named).split() or named.split())
    topic = " ".join((*filters.says, shown_in(about))).strip()
    if topic:
        matches = near_best(await search_images(ctx.library, topic, where=where, limit=_MOST_FOUND))
        if matches:
            most = _MOST_FOUND if _PLURAL.search(task.step.intent) else _FEW
            return Picked([m.file for m in matches[:most]], everything, guessed=True)
    if passing and (filters.limits or len(passing) <= _FEW):
        return Picked(passing, everything)
    note = (
        f"No picture matches “{topic}”."
        if topic
        else "Say which picture is meant, by its name or what is known of it."
    )
    return Picked([], [] if topic else passing, note)


async def _everything(ctx: AgentContext, scope: FileFilter) -> list[FileRecord]:
    return await files_of(ctx.library, scope, order="content_created_at", limit=MOST_PICKED)


def _without_checks(filters: Filters) -> Filters:
    """Return the filters without blur and light: those are what is to be found out."""
    where = filters.where.model_copy(update=dict.fromkeys(_CHECKS))
    words = tuple(w for w in filters.words if not w.removeprefix("not ").startswith(tuple(_CHECKS)))
    return Filters(
        where,
        filters.topic,
        filters.says,
        filters.extensions,
        filters.dates,
        filters.date_field,
        words,
        filters.unknown,
    )


def _whole(aspects: tuple[Aspect, ...]) -> bool:
    return any(aspect in WHOLE_LIBRARY for aspect in aspects)


def _topic(filters: Filters, aspects: tuple[Aspect, ...]) -> bool:
    """Tell whether describing words are left besides those of the check itself."""
    return bool(re.search(r"\w", ASPECT_WORDS.sub("", filters.topic)))
