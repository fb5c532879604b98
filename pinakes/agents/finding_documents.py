"""Which documents a question about documents means."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import takewhile

from pinakes.agents.choosing import filters_of, given, pointed_to, refers_back, settled
from pinakes.agents.citing import name_of
from pinakes.agents.naming import files_named, folder_meant
from pinakes.agents.paper_lists import papers_meant
from pinakes.agents.queries.filters import Filters, topic_of
from pinakes.agents.queries.lexicon import DOCUMENT_WORDS, NUMBERS
from pinakes.agents.queries.names import stem
from pinakes.agents.queries.orders import Order, Wanted, Wish
from pinakes.agents.spec import AgentContext
from pinakes.core.files import FileFilter, FileRecord, FileStatus, MediaType
from pinakes.core.plans import Task
from pinakes.tools.scope import files_of, narrowed, open_files, scope_filter
from pinakes.tools.search import near_best, search_documents

MOST_DOCUMENTS = 8
_MOST_PAPERS = 100
_FEW = 2
_SERIES = 4
_COLLECTIVE = re.compile(
    r"\b(?:all|every|each|the\s+(?:two|three|four|five|six)|both|these|those)\b|\w{3,}s\b", re.IGNORECASE
)


_NUMBERED = re.compile(
    r"\b(?:the|all|these|those|of)\s+(two|three|four|five|six|seven|eight)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Chosen:
    """The documents in question, what was asked of them (names taken out), and what to tell about the choice."""

    files: list[FileRecord]
    focus: str = ""
    note: str = ""


async def choose_documents(task: Task, ctx: AgentContext, wish: Wish) -> Chosen:
    """Return the documents meant: given by a step, pointed to, named, in a folder, found by topic, or the only ones."""
    scope = await scope_filter(ctx.library, task.options, MediaType.DOCUMENT)
    scope = narrowed(scope, FileFilter(status=FileStatus.COMPLETED))
    intent = task.step.intent
    note = ""
    files = await given(task, ctx, scope, MediaType.DOCUMENT)
    if Wanted.TOTALS in wish.wanted and (papers := await _papers(task, ctx)):
        return _capped(papers, "", _MOST_PAPERS)
    if refers_back(intent, shown=task.focus.intent):
        if 0 < _how_many(intent) < len(files):
            files, note = _likeliest(task, files)
        files = files or await pointed_to(task, ctx, scope, MediaType.DOCUMENT)
    elif files and not await _spoken_of(intent, ctx, scope):
        files, note = _likeliest(task, files)
    else:
        files = []
    if files:
        chosen = _capped(files, topic_of(wish.topic_text))
        return replace(chosen, note=chosen.note or note)
    filters = await filters_of(task, ctx)
    if filters.unknown:
        return Chosen([], note=filters.unknown[0])
    return await _by_words(task, ctx, scope, filters, wish)


async def _spoken_of(intent: str, ctx: AgentContext, scope: FileFilter) -> bool:
    """Tell whether an intent itself names its documents, by more than a word that happens to be in a name."""
    named = await files_named(intent, ctx, scope)
    return bool(named) and named[0].together


def _likeliest(task: Task, files: list[FileRecord]) -> tuple[list[FileRecord], str]:
    """Return the documents that an earlier step found and a question means, and which others fit as well.

    One document is the best of them, "the two" are the best two, and several are those not far behind the best.
    """
    scores: dict[str, float] = {}
    for evidence in (e for step in task.inputs for e in step.evidence):
        scores[evidence.file_id] = max(evidence.score, scores.get(evidence.file_id, 0.0))
    ranked = sorted(files, key=lambda f: -scores.get(f.id, 0.0))
    if not _COLLECTIVE.search(task.step.intent):
        return ranked[:1], ""
    best = scores.get(ranked[0].id, 0.0)
    close = [f for f in ranked if scores.get(f.id, 0.0) >= 0.5 * best]
    wanted = _how_many(task.step.intent)
    if not wanted or len(close) <= wanted:
        return ranked[:wanted] if wanted else close, ""
    others = ", ".join(name_of(f) for f in close[wanted:])
    return close[:wanted], f"Others fit as well and were left out: {others}. Name those that are meant."


def _how_many(intent: str) -> int:
    """Return how many documents an intent speaks of ("the two reports", "both"), 0 if it does not say."""
    count = _NUMBERED.search(intent)
    if count:
        return NUMBERS.get(count[1].lower(), 0)
    return 2 if re.search(r"\bboth\b", intent, re.IGNORECASE) else 0


async def _by_words(task: Task, ctx: AgentContext, scope: FileFilter, filters: Filters, wish: Wish) -> Chosen:
    intent = task.step.intent
    if Order.COMPARISON in wish.orders and len(sides := await _sides(intent, ctx, scope)) > 1:
        return _capped(sides, "")
    named = await files_named(intent, ctx, scope)
    if named and named[0].sure:
        return _capped([n.file for n in named], _unnamed(wish, [n.file for n in named]))
    if filters.where.folder_path or filters.where.tags:
        where, filters = await settled(ctx, scope, filters)
        return _capped(await files_of(ctx.library, where, order="filename"), topic_of(wish.topic_text))
    folder = folder_meant(intent, await ctx.library.catalog.folders(), plural=True)
    if folder and not (named and named[0].together):
        where = narrowed(scope, FileFilter(folder_path=folder))
        return _capped(await files_of(ctx.library, where, order="filename"), topic_of(wish.topic_text))
    if named:
        files = [n.file for n in named]
        files = await _filled_up(task, ctx, scope, files) if _COLLECTIVE.search(intent) else files[:1]
        return _capped(files, _unnamed(wish, files))
    return await _by_topic(task, ctx, scope, wish)


async def _sides(intent: str, ctx: AgentContext, scope: FileFilter) -> list[FileRecord]:
    """Return the document that each side of a comparison names ("compare A with B"); none when a side names none."""
    sides: dict[str, FileRecord] = {}
    for part in re.split(
        r"\s+(?:and|with|to|versus|vs\.?|against|und|mit)\s+|,\s+", intent.partition(":")[0]
    ):
        named = await files_named(part, ctx, scope)
        if not named:
            return []
        sides[named[0].file.id] = named[0].file
    return list(sides.values())


async def _filled_up(
    task: Task, ctx: AgentContext, scope: FileFilter, files: list[FileRecord]
) -> list[FileRecord]:
    """Return as many documents as the question speaks of: those named, their series, then the likeliest."""
    wanted = _how_many(task.step.intent)
    if wanted and len(files) >= wanted:
        return files[:wanted]
    files = [*files, *(await _series(ctx, scope, files))]
    if len(files) >= wanted:
        return files
    matches = await search_documents(ctx.library, task.step.intent, where=scope, limit=MOST_DOCUMENTS)
    return list({f.id: f for f in [*files, *(m.file for m in matches)]}.values())[:wanted]


async def _series(ctx: AgentContext, scope: FileFilter, files: list[FileRecord]) -> list[FileRecord]:
    """Return the other documents whose names begin as all of these do ("IR-2025-03 …", "IR-2025-05 …")."""
    columns = zip(*(f.filename for f in files), strict=False) if len(files) > 1 else ()
    shared = "".join(column[0] for column in takewhile(lambda c: len(set(c)) == 1, columns))
    beginning = re.match(r".*[-_ .]", shared)
    if not beginning or len(beginning[0]) < _SERIES:
        return []
    known = {f.id for f in files}
    like = await files_of(
        ctx.library, narrowed(scope, FileFilter(name_contains=beginning[0])), order="filename"
    )
    return [f for f in like if f.filename.startswith(beginning[0]) and f.id not in known]


async def _by_topic(task: Task, ctx: AgentContext, scope: FileFilter, wish: Wish) -> Chosen:
    topic = topic_of(wish.topic_text)
    everything = await ctx.library.catalog.list_files(scope, limit=MOST_DOCUMENTS + 1, order="filename")
    if everything.total <= _FEW or (not topic and everything.total <= MOST_DOCUMENTS):
        return Chosen(list(everything.items), topic)
    matches = near_best(
        await search_documents(ctx.library, task.step.intent, where=scope, limit=MOST_DOCUMENTS), 0.7
    )
    if not topic or not matches:
        return Chosen([], note="Say which document is meant, by its name or its subject.")
    many = re.search(
        r"\b(?:all|every|each|both|documents|files|reports|letters|papers|two|three)\b", task.step.intent
    )
    return _capped([m.file for m in matches[: MOST_DOCUMENTS if many else 1]], topic)


def _unnamed(wish: Wish, files: list[FileRecord]) -> str:
    """Return the words of a question that do not name its documents."""
    names = " ".join(f"{f.filename} {f.title or ''}" for f in files).casefold()
    naming = {stem(w) for w in re.findall(r"[^\W_]+", names)}
    kept = [w for w in topic_of(wish.topic_text).split() if stem(w.casefold()) not in naming]
    return " ".join(w for w in kept if w.casefold() not in DOCUMENT_WORDS and "." not in w)


async def _papers(task: Task, ctx: AgentContext) -> list[FileRecord]:
    """Return the papers whose kind an intent names, be they documents or pictures of receipts."""
    kinds = FileFilter(media_types=(MediaType.DOCUMENT, MediaType.IMAGE), status=FileStatus.COMPLETED)
    scope = narrowed(await open_files(ctx.library, task.options), kinds)
    papers = await papers_meant(task.step.intent, ctx, scope)
    return [paper for paper, _ in papers.kept] if papers else []


def _capped(files: list[FileRecord], focus: str, most: int = MOST_DOCUMENTS) -> Chosen:
    kept = " ".join(w for w in focus.split() if w.casefold() not in DOCUMENT_WORDS)
    if len(files) <= most:
        return Chosen(files, kept)
    note = f"Only the first {most} of {len(files)} documents were read."
    return Chosen(files[:most], kept, note)
