"""Finds pictures by what is known of them: text in them, captions, names, dates, places, looks, cameras."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pinakes.agents.choosing import given, known_to, pointed_to, refers_back, settled
from pinakes.agents.citing import MOST_EVIDENCE, Citations, nothing, result
from pinakes.agents.conditions import in_condition
from pinakes.agents.naming import files_named, folder_meant, no_such_picture, spelled_picture
from pinakes.agents.paper_lists import listed_papers
from pinakes.agents.picture_words import known_words
from pinakes.agents.places import Located, distance_told, located
from pinakes.agents.queries.aspects import ASPECT_WORDS, WHOLE_LIBRARY, aspects_of
from pinakes.agents.queries.filters import Filters, Known, read_filters, shown_in
from pinakes.agents.queries.lexicon import COLOURS
from pinakes.agents.queries.measures import read_measure
from pinakes.agents.spec import AgentContext
from pinakes.core.files import ChunkHit, FileFilter, FileRecord, MediaType
from pinakes.core.plans import StepResult, Task
from pinakes.library.library import Library
from pinakes.tools.scope import files_of, narrowed, open_files, scope_filter
from pinakes.tools.search import FLOOR, FileMatch, near_best, search_images

BLIND = (
    "Without a vision model Pinakes cannot see what pictures show; it searched their text, captions, names, folders, "
    "tags and measured facts."
)
LOOKED = (
    "Without a vision model Pinakes finds pictures by what they look like (image vectors), but cannot tell what one "
    "shows; it searched their text, captions, names, folders, tags and measured facts, too."
)
UNDESCRIBED = (
    "Pictures that no model has described are found by their text, captions, names, folders, tags and measured facts "
    "alone."
)
LOOKS_LIKE_IT = "looks like it (image vectors)"
MOST_LISTED = 500
_HALF = 0.5
_COLOUR_WORDS = {word.casefold() for names in COLOURS.values() for word in names} | set(COLOURS)
_FOLDER_FLOOR = 0.25 * FLOOR
_REACH = 100
"""Pictures that a search by meaning looks at."""


async def run(task: Task, ctx: AgentContext) -> StepResult:
    """Find the pictures that the intent asks for."""
    ctx.report("Searching pictures")
    scope = await _scope(task, ctx)
    papers = await listed_papers(task, ctx, scope)
    if papers is not None:
        return papers
    known = await known_to(ctx)
    place = await located(task.step.intent, ctx, known, await open_files(ctx.library, task.options))
    filters = _tagged(_read(place, known), known)
    if filters.unknown:
        return nothing(task, text=" ".join(filters.unknown))
    named = [n.file for n in await files_named(task.step.intent, ctx, scope) if n.sure]
    if named:
        return _listed(task, Filters(), named)
    if spelled := spelled_picture(task.step.intent):
        return nothing(task, text=no_such_picture(spelled))
    where, filters = await settled(ctx, scope, filters)
    if filters.says:
        return _found(task, filters, await _saying(ctx, where, filters), literal=True)
    if not filters.topic:
        return _listed(task, filters, await _all(ctx, where))
    told = await in_condition(task, ctx, where, filters.topic)
    if told is not None:
        return told
    folder = folder_meant(filters.topic, await ctx.library.catalog.folders())
    if folder and len(filters.topic.split()) == 1:  # "the charts"
        return _listed(task, filters, await _all(ctx, narrowed(where, FileFilter(folder_path=folder))))
    matches = await _about(ctx, where, filters.topic, folder)
    missing = (place.note, *_lacking(filters.topic, matches, ctx.library))
    sight = "" if matches else await _sight(ctx, scope)
    unseen = await _unseen(ctx)
    return _found(task, filters, matches, missing=[m for m in (*missing, sight, unseen) if m])


async def _sight(ctx: AgentContext, scope: FileFilter) -> str:
    """Tell what pictures could not be found by; nothing where a model has described them all."""
    newest = await ctx.library.catalog.list_files(scope, limit=_REACH)
    described = [bool(file.description and file.description.text) for file in newest.items]
    if not any(described) and ctx.models.vision is None:
        return LOOKED if ctx.library.looks else BLIND
    return "" if all(described) or ctx.library.looks else UNDESCRIBED


async def _unseen(ctx: AgentContext) -> str:
    """Tell how many pictures could not be searched by their looks, where others were."""
    missing = await ctx.library.looks.missing() if ctx.library.looks else 0
    if not missing:
        return ""
    pictures = (
        "1 picture has no image vector" if missing == 1 else f"{missing:,} pictures have no image vectors"
    )
    return f"{pictures} yet: `pinakes reindex` makes them."


def _read(place: Located, known: Known) -> Filters:
    """Return what an intent limits and describes, without the words that count or ask how pictures look."""
    return place.limiting(_limits_of(place.text, known))


def _tagged(filters: Filters, known: Known) -> Filters:
    """Return the filters with a topic that is one of the library's tags as a tag ("pictures of Anna")."""
    tag = next((t for t in known.tags if t.casefold() == filters.topic.casefold()), "")
    if not tag or filters.where.tags:
        return filters
    where = filters.where.model_copy(update={"tags": (tag,)})
    return replace(filters, where=where, topic="", words=(*filters.words, f"tagged “{tag}”"))


def _limits_of(intent: str, known: Known) -> Filters:
    asked = read_measure(intent)
    filters = read_filters(asked.rest if asked.counting or asked.extreme else intent, known)
    if set(aspects_of(intent)) & WHOLE_LIBRARY:
        return replace(filters, topic=" ".join(ASPECT_WORDS.sub(" ", filters.topic).split()))
    return filters


async def _all(ctx: AgentContext, where: FileFilter) -> list[FileRecord]:
    return await files_of(ctx.library, where, order="content_created_at", limit=MOST_LISTED)


async def _scope(task: Task, ctx: AgentContext) -> FileFilter:
    """Return where to look: among pictures an earlier step gave or "those" points to, else everywhere allowed."""
    scope = await scope_filter(ctx.library, task.options, MediaType.IMAGE)
    among: Sequence[FileRecord] = await given(task, ctx, scope, MediaType.IMAGE)
    if not among and refers_back(task.step.intent, strongly=True):
        among = await pointed_to(task, ctx, scope, MediaType.IMAGE)
    return narrowed(scope, FileFilter(ids=tuple(f.id for f in among))) if among else scope


async def _about(ctx: AgentContext, where: FileFilter, topic: str, folder: str) -> list[FileMatch]:
    """Return pictures that match a topic; those in a folder that the topic names ("the charts") need less."""
    topic = shown_in(topic)
    found = near_best(await search_images(ctx.library, topic, where=where, limit=_REACH))
    if folder:
        inside = narrowed(where, FileFilter(folder_path=folder))
        more = await search_images(
            ctx.library,
            topic,
            where=inside,
            limit=_REACH,
            floor=_FOLDER_FLOOR,
            unsaid=_FOLDER_FLOOR,
            looks=False,
        )
        found = sorted({m.file.id: m for m in [*near_best(more), *found]}.values(), key=lambda m: -m.score)
    return _best_covering([m for m in found if _beyond_colour(m, topic)], topic)


def _beyond_colour(match: FileMatch, topic: str) -> bool:
    """Tell whether a picture has more of a topic than a measured colour: red is not yet a red bus."""
    if match.looks:
        return True
    things = {w.casefold() for w in re.findall(r"[\w-]+", topic)} - _COLOUR_WORDS
    said = {w.casefold() for hit in match.hits for w in hit.matched_terms}
    return not things or not said or bool(said - _COLOUR_WORDS)


def _best_covering(matches: Sequence[FileMatch], topic: str) -> list[FileMatch]:
    """Return the matches; where one says every word of the topic, only those that say more than half or look like it.

    What has a number in it and is said somewhere is read, not seen: every invoice looks like "invoice 4711".
    """
    words = len(re.findall(r"[\w-]+", topic))
    covered = {m.file.id: max((len(hit.matched_terms) for hit in m.hits), default=0) / words for m in matches}
    if not any(share >= 1 for share in covered.values()):
        return list(matches)
    seen = not re.search(r"\d", topic)
    return [m for m in matches if covered[m.file.id] > _HALF or (seen and m.looks)]


async def _saying(ctx: AgentContext, where: FileFilter, filters: Filters) -> list[FileMatch]:
    """Return pictures whose text holds the words asked for: to the letter, else all of them in any order."""
    said = " ".join(filters.says)
    matches = await search_images(
        ctx.library, said, where=where, limit=_REACH, floor=0.0, unsaid=0.0, looks=False
    )
    for holds in (_holds_phrase, _holds_words):
        found = [m for m in matches if all(holds(_text(m.file), said) for said in filters.says)]
        if found:
            return found
    return []


def _text(file: FileRecord) -> str:
    read = file.facts.visible_text if file.facts else ""
    return f"{read}\n{file.description.visible_text}" if file.description else read


def _holds_phrase(text: str, said: str) -> bool:
    return f" {_plain(said)} " in f" {_plain(text)} "


def _holds_words(text: str, said: str) -> bool:
    return set(_plain(said).split()) <= set(_plain(text).split())


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _found(
    task: Task,
    filters: Filters,
    matches: Sequence[FileMatch],
    *,
    literal: bool = False,
    missing: Sequence[str] = (),
) -> StepResult:
    if not matches:
        return nothing(task, *missing, text=_none_found(filters))
    cited = Citations(task)
    for match in matches[:MOST_EVIDENCE]:
        if match.hits:
            best = _telling_hit(match, literal)
            cited.cite_hit(best, why=_why(best, filters, looks=match.looks > 0))
        else:
            why = "; ".join((LOOKS_LIKE_IT, *_outer_of(match.file, filters)))
            cited.cite_file(match.file, why=why, score=match.score)
    ids = tuple(m.file.id for m in matches)
    notes = (*_limits(filters), *missing)
    return result(task, file_ids=ids, evidence=cited.evidence, notes=notes)


def _lacking(topic: str, matches: Sequence[FileMatch], library: Library) -> tuple[str, ...]:
    """Tell which words of a topic none of the pictures found has, where some of the words were found."""
    if any(m.looks for m in matches):
        return ()
    has = {word for m in matches for hit in m.hits for word in hit.matched_terms}
    lacking = [word for word in dict.fromkeys(library.terms.words(topic).values()) if word not in has]
    if not has or not lacking:
        return ()
    said = ", ".join(f"“{word}”" for word in lacking)
    if all(m.file.description and m.file.description.text for m in matches):
        return (f"No picture of these has {said} in its description, text, caption or name.",)
    eyes = "none looks like it (image vectors)" if library.looks else "Pinakes cannot see what it shows"
    return (f"No picture of these has {said} in its text, caption or name, and {eyes}.",)


def _telling_hit(match: FileMatch, literal: bool) -> ChunkHit:
    """Return the hit that shows the reason best: text read off the picture when text was asked for."""
    if literal:
        return next((h for h in match.hits if h.chunk.kind in {"ocr", "visible_text"}), match.hits[0])
    return match.hits[0]


def _listed(task: Task, filters: Filters, files: Sequence[FileRecord]) -> StepResult:
    if not files:
        return nothing(task, text=_none_found(filters))
    cited = Citations(task)
    for file in files[:MOST_EVIDENCE]:
        away = distance_told(file, filters.where.near)
        cited.cite_file(file, why=", ".join(w for w in (known_words(file), away) if w))
    ids = tuple(f.id for f in files)
    return result(task, file_ids=ids, evidence=cited.evidence, notes=_limits(filters))


_FOUND_IN = {
    "ocr": "matches",
    "visible_text": "the text that a model read in it has",
    "description": "a model's description of it has",
    "facts": "its name or facts have",
}


def _why(hit: ChunkHit, filters: Filters, *, looks: bool = False) -> str:
    words = ", ".join(f"“{w}”" for w in hit.matched_terms[:4])
    found = f"{_FOUND_IN.get(hit.chunk.kind, 'has')} {words}" if words else "close in meaning"
    like = LOOKS_LIKE_IT if looks else ""
    return "; ".join(w for w in (found, like, *_outer_of(hit.file, filters)) if w)


def _outer_of(file: FileRecord, filters: Filters) -> list[str]:
    """Return what else holds for a picture: the limits it passed, and how far away it was taken."""
    return [w for w in (*_outer(filters), distance_told(file, filters.where.near)) if w]


def _outer(filters: Filters) -> list[str]:
    return [w for w in filters.words if not w.startswith("showing the text")]


def _limits(filters: Filters) -> tuple[str, ...]:
    words = _outer(filters)
    return (f"Filtered by: {', '.join(words)}.",) if words else ()


def _none_found(filters: Filters) -> str:
    limits = ", ".join(filters.words)
    if filters.topic and limits:
        return f"No picture {limits} matches “{filters.topic}”."
    if limits:
        return (
            f"No picture is {limits}." if not limits.startswith(("in ", "with")) else f"No picture {limits}."
        )
    return f"No picture matches “{filters.topic}”." if filters.topic else "There are no pictures here."
