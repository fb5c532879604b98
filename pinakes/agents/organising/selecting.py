"""Which files a request means: pointed to, named, limited by what is known of them, or described.

Only the user's words choose. A description is met surely by what a file is called or labelled, or by the signs of its
kind; a file that merely mentions it is left alone and said to be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pinakes.agents.choosing import by_ordinal, known_to, settled
from pinakes.agents.organising import lexicon
from pinakes.agents.organising.describing import Described, matching
from pinakes.agents.organising.reading import count_of
from pinakes.agents.organising.targets import named_folder
from pinakes.agents.queries.filters import Filters, read_filters
from pinakes.agents.queries.names import named_files
from pinakes.agents.spec import AgentContext
from pinakes.core.files import FileFilter, FileRecord, MediaType
from pinakes.core.plans import Task
from pinakes.library.names import is_below
from pinakes.tools.scope import files_of, inside, narrowed, open_files

OWN = "folder_management"
SEARCHES = frozenset({"image_search", "document_search", "link_search", "video_search"})


_AND = re.compile(r"(?:\s*,\s*|\s+)(?:and|or|und|oder|y|o|et|ou|&)\s+|\s*,\s+", re.IGNORECASE)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class Selection:
    """The files meant; `unsure` may be meant, too, and `note` says why there are none.

    `certain`: what is known of the files decided alone, so that no search can find more.
    """

    files: tuple[FileRecord, ...] = ()
    unsure: tuple[FileRecord, ...] = ()
    note: str = ""
    certain: bool = False


async def select_files(what: str, task: Task, ctx: AgentContext, *, avoid: str = "") -> Selection:
    """Return the files that words mean, within what the turn may see.

    Args:
        what: For example "those", "receipts", "photos from 2021", "everything tagged draft", "invoice-77.txt".
        avoid: A folder that is the target: what lies in it already is not looked for.
    """
    scope = await open_files(ctx.library, task.options)
    everything = await files_of(ctx.library, scope, order="filename")
    named = [n.file for n in named_files(what, everything) if n.sure]
    if named:
        return Selection(tuple(named))
    own = None
    if what and not _points(what) and all(s.agent in SEARCHES for s in task.inputs):
        own = await _limited(what, ctx, scope, everything, avoid)
        if own.files or own.certain:  # a search also finds what merely mentions it
            return own
    shown = await _shown(what, task, ctx, scope)
    return shown or own or await _limited(what, ctx, scope, everything, avoid)


def _points(what: str) -> bool:
    """Return whether words point to what was shown or found before."""
    return bool(lexicon.POINTING.search(what)) or bool(count_of(what))


def _of_kinds(what: str, files: Sequence[FileRecord]) -> list[FileRecord]:
    """Return those of some files that are of the kind that words name."""
    kinds = media_said(what)
    return [f for f in files if not kinds or f.media_type in kinds]


def media_said(words: str) -> tuple[MediaType, ...]:
    """Return the kinds of files that words name."""
    said = {lexicon.MEDIA[w] for w in re.findall(r"[^\W_]+", words.casefold()) if w in lexicon.MEDIA}
    said |= {kind for word, kind in lexicon.MEDIA.items() if not word.isascii() and word in words}
    return tuple(MediaType(kind) for kind in sorted(said))


async def _shown(what: str, task: Task, ctx: AgentContext, scope: FileFilter) -> Selection | None:
    """Return what earlier steps found or was shown last, if the words point to it; None if they do not."""
    found = [i for s in task.inputs if s.agent != OWN for i in s.file_ids]
    changed = [i for s in task.inputs if s.agent == OWN for i in s.file_ids]
    count = count_of(what)
    if what and not _points(what) and not found:
        return None
    ids = found or list(task.focus.file_ids) or changed
    files = by_ordinal(what, await inside(ctx.library, scope, ids))
    files = _of_kinds(what, files)
    if not files and not what:
        return None
    if not files:
        limited = await _chosen_in_turn(task, ctx, scope)
        return limited or Selection(note="Say which files are meant: nothing was shown before.")
    if count:
        files = files[:count] if count > 0 else files[count:]
    return Selection(tuple(files))


async def _chosen_in_turn(task: Task, ctx: AgentContext, scope: FileFilter) -> Selection | None:
    options = task.options
    ids = (*(() if options.use_all_images else options.image_ids), *options.document_ids, *options.video_ids)
    files = await inside(ctx.library, scope, ids)
    return Selection(tuple(files)) if files else None


async def _limited(
    what: str, ctx: AgentContext, scope: FileFilter, everything: Sequence[FileRecord], avoid: str
) -> Selection:
    filters = read_filters(what, await known_to(ctx))
    if filters.unknown:
        return Selection(note=filters.unknown[0], certain=True)
    where, filters = await settled(ctx, scope, filters)
    kinds = media_said(what)
    if kinds:
        where = narrowed(where, FileFilter(media_types=kinds))
    limited = filters.limits or bool(kinds) or bool(lexicon.EVERYTHING.search(what))
    topic = _topic(what, filters)
    files = (
        [f for f in everything if limited]
        if where == scope
        else await files_of(ctx.library, where, order="filename")
    )
    if lexicon.REST.search(what) or not what:
        loose = [f for f in (files or everything) if not f.folder_path]
        return Selection(tuple(loose), note="" if loose else "Every file lies in a folder already.")
    if not topic:
        note = "" if files else f"No file is {' and '.join(filters.words) or what}."
        note = note if limited else "Say which files are meant."
        return Selection(tuple(files), note=note, certain=filters.limits)
    return await _described(what, topic, ctx, where, avoid, filters)


async def _described(
    what: str, topic: str, ctx: AgentContext, where: FileFilter, avoid: str, filters: Filters
) -> Selection:
    folder = named_folder(topic, await ctx.library.catalog.folders())
    among = await files_of(ctx.library, where, order="filename")
    if folder and folder != avoid:
        lying = tuple(f for f in among if is_below(f.folder_path, folder))
        note = "" if lying else f"Nothing in “{folder}” is {' and '.join(filters.words) or 'meant'}."
        return Selection(lying, note=note)
    among = [f for f in among if not avoid or f.folder_path != avoid]
    found = await _matching_each(topic, what, ctx, among, where)
    if not found.sure and not found.unsure:
        return Selection(note=f"Nothing matches “{' '.join((topic, *filters.words))}”.")
    return Selection(tuple(found.sure), tuple(found.unsure))


async def _matching_each(
    topic: str, what: str, ctx: AgentContext, among: Sequence[FileRecord], where: FileFilter
) -> Described:
    """Return the files that a description fits, or any part of it: "receipts and invoices", "Bergen and Hamburg"."""
    words = topic.split()
    parts = [" ".join(w for w in words if w in part.split()) for part in _AND.split(what)]
    several = len(parts) > 1 and all(parts)
    if not several or any(word.casefold() not in lexicon.PAPERS for word in words):
        whole = await matching(topic, what, ctx.library, among, where)
        if whole.sure or not several:
            return whole
    found = [await matching(part, part, ctx.library, among, where) for part in parts]
    sure = {file.id: file for one in found for file in one.sure}
    unsure = {file.id: file for one in found for file in one.unsure if file.id not in sure}
    return Described([file for file in among if file.id in sure], list(unsure.values()))


def _topic(what: str, filters: Filters) -> str:
    """Return the describing words; kinds of files and small words say nothing, but a screenshot is not any picture."""
    words = [
        w
        for w in filters.topic.split()
        if w.casefold() not in lexicon.SMALL and w.casefold() not in lexicon.MEDIA
    ]
    special = [w for w in re.findall(r"[^\W_]+", what.casefold()) if w in lexicon.SPECIAL and w not in words]
    return " ".join((*(said for w in words if (said := _without_kinds(w))), *special))


def _without_kinds(word: str) -> str:
    """Return writing without gaps without the words for kinds of files and small ones."""
    if word.isascii():
        return word
    plain = (*lexicon.MEDIA, *lexicon.SMALL)
    for said in sorted((w for w in plain if _UNSPACED.match(w)), key=len, reverse=True):
        word = word.replace(said, "")
    return word
