"""Sorting files into folders: by when, with what or by whom they were made, or by what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from pinakes.agents.analysts.folder_names import names_by_model
from pinakes.agents.organising import lexicon
from pinakes.agents.organising.contents import Content, contents_of
from pinakes.agents.organising.draft import Draft, counted
from pinakes.agents.organising.excepting import select
from pinakes.agents.organising.filing import likeness
from pinakes.agents.organising.grouping import Groups, group_files, moment_of, same_month
from pinakes.agents.organising.moving import MOST_COMPARED, place
from pinakes.agents.organising.papers import paper_kind, sender
from pinakes.agents.organising.refining import refined_files, refined_places
from pinakes.agents.organising.request import Key, Request
from pinakes.agents.organising.selecting import Selection
from pinakes.agents.organising.targets import find_target, same_name
from pinakes.agents.organising.topic_names import named_groups
from pinakes.agents.organising.topics import group_by_names, topic_groups
from pinakes.agents.organising.vectors import meaning_vectors, word_vectors
from pinakes.core.files import FileFilter, FileRecord, MediaType
from pinakes.library.names import is_below
from pinakes.tools.scope import files_of, open_files

_BY_RECORD = frozenset({Key.YEAR, Key.MONTH, Key.DAY, Key.DATE, Key.EVENT, Key.PLACE, Key.CAMERA})
"""Groupings of pictures, which get a common folder when other things lie about."""

_CLEAR = 0.6
"""Share of files that must be about a named thing for names to be the better topics."""


async def propose_groups(request: Request, draft: Draft) -> None:
    """Propose to sort files into folders."""
    wishes = draft.wishes
    if wishes.key:
        request = replace(request, key=wishes.key, by=wishes.by)
    chosen = await _chosen(request, draft)
    files = await refined_files(draft, chosen.files)
    if not files:
        draft.refusals.append(chosen.note or "Nothing is left to sort.")
        return
    kept = {f.id for f in files}
    together = list(chosen.files)  # what is left out later parts the rest no differently
    by_kind = _kinds(together) if request.key is None else {None: together}
    for members in by_kind.values():
        if any(f.id in kept for f in members):
            await _sort(request, members, kept, draft)


async def _chosen(request: Request, draft: Draft) -> Selection:
    chosen = await _all_or_said(request, draft)
    if request.key is not None or not chosen.files:
        return chosen
    base = _common(chosen.files)
    loose = tuple(f for f in chosen.files if f.folder_path == base) if base else ()
    loose = loose or tuple(f for f in chosen.files if not f.folder_path)
    if loose:
        filed = len(chosen.files) - len(loose)
        if filed:
            draft.notes.append(f"{counted(filed)} that lie in folders already stay there.")
        return Selection(loose)
    note = f"All {counted(len(chosen.files))} lie in folders already; say by what to sort them, for example by year."
    return Selection(note=note)


async def _all_or_said(request: Request, draft: Draft) -> Selection:
    pointed = draft.task.focus.file_ids or any(s.file_ids for s in draft.task.inputs)
    if request.what or pointed:
        return await select(request.what, draft.task, draft.ctx)
    scope = await open_files(draft.ctx.library, draft.task.options)
    files = await files_of(draft.ctx.library, scope, order="filename")
    return Selection(tuple(files), note="" if files else "There are no files yet.")


def _kinds(files: Sequence[FileRecord]) -> dict[MediaType | None, list[FileRecord]]:
    kinds: dict[MediaType | None, list[FileRecord]] = {}
    for file in files:
        kinds.setdefault(file.media_type, []).append(file)
    return kinds


async def _sort(request: Request, files: Sequence[FileRecord], kept: Collection[str], draft: Draft) -> None:
    key = request.key or _sensible(files)
    groups = await _groups(request, key, files, draft)
    if not groups.folders:
        draft.refusals.append(
            f"{counted(len(files))} cannot be sorted by {request.by or key}: nothing tells them apart."
        )
    existing = [f.path for f in draft.folders]
    base = await _target(request, list(groups.folders), key, files, draft)
    if base is None:
        return
    placed = [
        (f, _reused(base, name, existing))
        for name, members in sorted(groups.folders.items())
        for f in members
        if f.id in kept
    ]
    refined = await refined_places(draft, placed)
    for why in dict.fromkeys(groups.left.values()):
        draft.left(f"as {why}", [f for f in files if f.id in kept and groups.left.get(f.id) == why])
    place(refined, draft, why=f"by {request.by or key}")


async def _groups(request: Request, key: Key, files: Sequence[FileRecord], draft: Draft) -> Groups:
    papers = key is Key.TYPE and all(f.media_type is MediaType.DOCUMENT for f in files)
    if key not in {Key.NAME, Key.TOPIC} and not papers:
        return group_files(files, key)
    draft.ctx.report("Reading what the files say")
    contents = await contents_of(draft.ctx.library, files[:MOST_COMPARED])
    if papers:
        return _called(contents, paper_kind, "they do not say what they are")
    if key is Key.NAME and set(request.by.casefold().split()) & lexicon.SENDERS:
        return _called(contents, sender, "it is not clear who they are from")
    kinds = _called(contents, paper_kind, "they do not say what they are")
    if request.key is None and len(kinds.folders) > 1 and len(kinds.left) < len(files) / 2:
        return kinds
    return await _by_content(contents, key, draft)


def _called(contents: Sequence[Content], label: Callable[[Content], str], why: str) -> Groups:
    groups = Groups()
    for content in contents:
        name = label(content)
        if name:
            groups.folders.setdefault(clean_name(name), []).append(content.file)
        else:
            groups.left[content.file.id] = why
    for name in [n for n, members in groups.folders.items() if len(members) == 1 and n in lexicon.BROADER]:
        groups.folders.setdefault(lexicon.BROADER[name], []).extend(groups.folders.pop(name))
    return groups


async def _by_content(contents: Sequence[Content], key: Key, draft: Draft) -> Groups:
    saying = [c for c in contents if not c.empty]
    named = group_by_names(saying)
    if key is Key.TOPIC and sum(map(len, named.values())) < _CLEAR * len(saying):
        meanings = await meaning_vectors(draft.ctx.library, saying)
        groups = topic_groups(likeness(word_vectors(saying), meanings))
        named = await named_groups(saying, groups, meanings, draft.ctx.library.embedder)
        named = await _named_by_model(named, saying, draft)
    folders = {clean_name(name): [saying[n].file for n in places] for name, places in named.items()}
    taken = {f.id for members in folders.values() for f in members}
    why = "it is not clear what they are about" if key is Key.NAME else "they fit no topic"
    return Groups(folders, {c.file.id: why for c in contents if c.file.id not in taken})


async def _named_by_model(
    named: dict[str, list[int]], saying: Sequence[Content], draft: Draft
) -> dict[str, list[int]]:
    """Return topics under a model's names for those that get new folders, where there is a model."""
    groups = {name: [(saying[n].heading, saying[n].text) for n in places] for name, places in named.items()}
    folders = [f.path.rsplit("/", 1)[-1] for f in draft.folders]
    better = await names_by_model(draft.ctx, groups, folders, clean_name)
    return {better.get(name, name): places for name, places in named.items()}


def _sensible(files: Sequence[FileRecord]) -> Key:
    """Return what a person would sort these by: pictures by date, if most have one, else by what they say."""
    if files[0].media_type in {MediaType.IMAGE, MediaType.VIDEO}:
        dated = sum(moment_of(f) is not None for f in files)
        return Key.DATE if 2 * dated >= len(files) else Key.TOPIC
    return Key.TOPIC


async def _target(
    request: Request, names: Sequence[str], key: Key, files: Sequence[FileRecord], draft: Draft
) -> str | None:
    """Return the folder to make folders in; None, with the reason told, where the one that is asked for cannot be."""
    into = draft.wishes.into or request.into
    if into:
        target = find_target(into, draft.folders)
        draft.refusals += [target.problem] if target.problem else []
        return None if target.problem else target.path
    kept_up = _kept_up(names, [f.path for f in draft.folders])
    return await _base(key, files, draft) if kept_up is None else kept_up


def _kept_up(names: Sequence[str], existing: Sequence[str]) -> str | None:
    """Return the folder in which most of these groups have folders already, None where hardly any do."""
    firsts = {name.split("/", 1)[0] for name in names}
    found = Counter(p.rpartition("/")[0] for p in existing for part in firsts if _is_named(p, part))
    best, count = max(found.items(), key=lambda item: (item[1], -len(item[0])), default=("", 0))
    return best if 2 * count >= len(firsts) > 0 else None


def _is_named(path: str, part: str) -> bool:
    return same_name(path.rsplit("/", 1)[-1], part) or _same_time(path, part)


async def _base(key: Key, files: Sequence[FileRecord], draft: Draft) -> str:
    """Return the folder to make folders in: the one that holds all of these, else one for pictures among others."""
    common = _common(files)
    if common:
        return common
    if key not in _BY_RECORD or any(f.media_type is not MediaType.IMAGE for f in files):
        return ""
    name = lexicon.NAMES_OF_MEDIA["image"]
    existing = next((f.path for f in draft.folders if "/" not in f.path and _means_photos(f.path)), None)
    if existing:
        return existing
    total = (await draft.ctx.library.catalog.list_files(FileFilter(), limit=1)).total
    return name if total > len(files) else ""


def _means_photos(name: str) -> bool:
    return lexicon.MEDIA.get(name.casefold()) == "image"


def _common(files: Sequence[FileRecord]) -> str:
    """Return the deepest folder that holds all of these files, below which they lie; "" for the root."""
    base = files[0].folder_path if files else ""
    while base and not all(is_below(f.folder_path, base) for f in files):
        base = base.rpartition("/")[0]
    return base


def _reused(base: str, name: str, existing: Sequence[str]) -> str:
    """Return a group's path, through existing folders of the same name or month where there are any."""
    path = base
    for part in name.split("/"):
        inside = [p for p in existing if p.rpartition("/")[0] == path]
        same = next((p for p in inside if _is_named(p, part)), None)
        path = same or (f"{path}/{part}" if path else part)
    return path


def _same_time(path: str, part: str) -> bool:
    year, _, month = part.partition("-")
    if not (year.isdigit() and month.isdigit() and len(year) == 4 and len(month) == 2):
        return False
    above, _, name = path.rpartition("/")
    return same_month(name, int(year), int(month), above.rpartition("/")[2])


def clean_name(name: str) -> str:
    """Return a folder's name made of words alone, whatever stands in a text."""
    kept = "".join(c if c.isalnum() or c in " -&'’." else " " for c in name)
    return " ".join(kept.split()).strip(" .-")[:60] or "Other"
