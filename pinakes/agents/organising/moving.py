"""Moving files and folders: to a folder that is named, to the archive, or where others like them lie."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pinakes.agents.organising import lexicon
from pinakes.agents.organising.contents import contents_of
from pinakes.agents.organising.draft import Draft, counted, listing, shown
from pinakes.agents.organising.excepting import select
from pinakes.agents.organising.filing import file_by_content, likeness
from pinakes.agents.organising.grouping import group_files
from pinakes.agents.organising.refining import Placed, refined_files, refined_places
from pinakes.agents.organising.request import Request
from pinakes.agents.organising.selecting import Selection
from pinakes.agents.organising.targets import Target, find_target, named_folder
from pinakes.agents.organising.vectors import meaning_vectors, word_vectors
from pinakes.core.files import FileFilter, FileRecord, FileStatus
from pinakes.library.names import is_below
from pinakes.tools.scope import files_of

_THERE = re.compile(
    r"^(?:it|there|that one|that folder|this folder|the new (?:folder|one)|dort|dorthin|ihn|ella|y|là)$", re.I
)
MOST_COMPARED = 3000
_MOST_KNOWN = 150
"""Filed files of one folder that others are compared with: more tell nothing new."""


async def propose_move(request: Request, draft: Draft) -> None:
    """Propose to move what the request means into its folder."""
    target = _target(request, draft)
    if target.problem:
        draft.refusals.append(target.problem)
        return
    folder = _whole_folder(request.what, draft)
    if folder:
        _move_folder(folder, target, draft)
        return
    chosen = await select(request.what, draft.task, draft.ctx, avoid=target.path)
    await move_all(chosen, target, request.what, draft)


async def propose_archive(request: Request, draft: Draft) -> None:
    """Propose to move what the request means into the archive; what has no date is not taken for old."""
    target = find_target(draft.wishes.into or lexicon.ARCHIVE, draft.folders)
    chosen = await select(request.what, draft.task, draft.ctx)
    inside = [f for f in chosen.files if is_below(f.folder_path, target.path)]
    files = tuple(f for f in chosen.files if f not in inside)
    if _by_age(request.what):
        undated = [f for f in await files_of(draft.ctx.library, FileFilter()) if f.content_created_at is None]
        draft.left("as no date is known", undated)
    await move_all(Selection(files, chosen.unsure, chosen.note), target, request.what, draft)


async def move_all(chosen: Selection, target: Target, what: str, draft: Draft) -> None:
    """Propose to move a selection into a folder, with what later words ask for."""
    draft.left(f"as it is not sure that “{what}” means this", chosen.unsure)
    files = await refined_files(draft, chosen.files)
    if not files:
        draft.refusals.append(chosen.note or f"Nothing is left to move to {shown(target.path)}.")
        return
    placed: Placed = [(f, target.path) for f in files]
    if draft.wishes.key:
        groups = group_files(files, draft.wishes.key)
        placed = [(f, f"{target.path}/{name}") for name, members in groups.folders.items() for f in members]
    place(await refined_places(draft, placed), draft, why=f"“{what}”" if what else "")
    draft.last = target.path


async def propose_filing(request: Request, draft: Draft) -> None:
    """Propose to move unfiled files where files like them lie, as far as that is sure."""
    chosen = await select(request.what, draft.task, draft.ctx)
    loose = [f for f in chosen.files if not f.folder_path]
    if not loose:
        draft.refusals.append(chosen.note or "None of these files lies outside a folder.")
        return
    draft.ctx.report("Reading what the files say")
    draft.left("as only the first ones are looked at", loose[MOST_COMPARED:])
    placed = await filed(await refined_files(draft, loose[:MOST_COMPARED]), draft)
    place(await refined_places(draft, placed), draft, why="like what lies there")


async def filed(loose: Sequence[FileRecord], draft: Draft) -> Placed:
    """Return where unfiled files surely belong by what they say; the others are noted."""
    known = await _known(draft)
    paths = sorted({f.folder_path for f in known})
    if len(paths) < 2:
        draft.refusals.append(
            "There are no two folders with files to learn from: make some and put a few files in each."
        )
        return []
    contents = await contents_of(draft.ctx.library, [*known, *loose])
    silent = [c.file for c in contents[len(known) :] if c.empty]
    contents = [c for n, c in enumerate(contents) if n < len(known) or not c.empty]
    alike = likeness(word_vectors(contents), await meaning_vectors(draft.ctx.library, contents))
    judged = file_by_content(alike, [paths.index(f.folder_path) for f in known])
    files = [c.file for c in contents[len(known) :]]
    draft.left("as they say nothing to judge by", silent)
    draft.left(
        "as it is not sure where they belong", [f for f, j in zip(files, judged, strict=True) if not j.sure]
    )
    return [(f, paths[j.place]) for f, j in zip(files, judged, strict=True) if j.sure]


def place(placed: Placed, draft: Draft, *, why: str = "") -> None:
    """Propose to move each file to its folder, and say so."""
    before = set(draft.changes.new_folders)
    counts: dict[str, list[FileRecord]] = {}
    already = []
    for file, path in placed:
        if file.folder_path == path:
            already.append(file)
            continue
        draft.changes.move(file, path, why=why)
        if file.id not in draft.changes.protected:
            counts.setdefault(path, []).append(file)
    new = [p for p in draft.changes.new_folders if p not in before]
    draft.left("as they are there already", already)
    if counts:
        draft.lines.append(_told(counts, new))


def _told(counts: dict[str, list[FileRecord]], new: Sequence[str]) -> str:
    if len(counts) == 1:
        path, files = next(iter(counts.items()))
        made = f"Create the folder {shown(path)} and move" if path in new else "Move"
        into = "into it" if path in new else f"to {shown(path)}"
        return f"{made} {counted(len(files))} {into}: {listing(files)}."
    total = sum(map(len, counts.values()))
    places = ", ".join(
        f"{path or 'top'}{' (new)' if path in new else ''}: {len(files)}"
        for path, files in sorted(counts.items())
    )
    return f"Move {counted(total)} into {len(counts)} folders — {places}."


def _target(request: Request, draft: Draft) -> Target:
    words = draft.wishes.into or request.into
    if _THERE.match(words.strip()) and draft.last:
        return Target(draft.last, draft.last in {f.path for f in draft.folders})
    if lexicon.NAMELESS.match(words.strip()):
        words = _named_after(request.what)
    return find_target(words, draft.folders, new=request.new)


def _named_after(what: str) -> str:
    """Return a folder's name for things that are to lie in one, whichever: "all my PDF files" → "PDF files"."""
    bare = lexicon.ARTICLES.sub("", lexicon.LEADING_ALL.sub("", what.strip()))
    return lexicon.ARTICLES.sub("", bare)


def _whole_folder(what: str, draft: Draft) -> str | None:
    """Return the folder that is to be moved itself ("the folder Notes")."""
    bare = lexicon.ARTICLES.sub("", what)
    said = lexicon.FOLDER_PREFIX.match(what) or lexicon.FOLDER_SUFFIX.search(bare)
    return named_folder(what, draft.folders) if said else None


def _move_folder(folder: str, target: Target, draft: Draft) -> None:
    if is_below(target.path, folder):
        draft.refusals.append(f"The folder {shown(folder)} cannot be moved into itself.")
        return
    parent = draft.changes.create_folder(target.path) if target.path else ""
    name = folder.rsplit("/", 1)[-1]
    path = f"{parent}/{name}" if parent else name
    if path == folder or path in {f.path for f in draft.folders}:
        draft.refusals.append(f"There is a folder {shown(path)} already.")
        return
    draft.changes.rename_folder(folder, path)
    draft.lines.append(f"Move the folder {shown(folder)} into {shown(parent)}.")


async def _known(draft: Draft) -> list[FileRecord]:
    """Return the filed files to learn from, no more than enough of each folder."""
    files = await files_of(draft.ctx.library, FileFilter(status=FileStatus.COMPLETED), order="filename")
    counts: dict[str, int] = {}
    kept = []
    for file in files:
        counts[file.folder_path] = counts.get(file.folder_path, 0) + 1
        if file.folder_path and counts[file.folder_path] <= _MOST_KNOWN:
            kept.append(file)
    return kept


def _by_age(what: str) -> bool:
    return bool(
        re.search(
            r"\b(?:older|before|älter|vor|anterior|antes|plus (?:vieux|ancien)|avant)\b|之前|以前", what, re.I
        )
    )
