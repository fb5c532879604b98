"""Removing files and folders, softly: what is named, what is there twice; and bringing back what was removed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from pinakes.agents.organising import lexicon
from pinakes.agents.organising.describing import labels_of
from pinakes.agents.organising.draft import Draft, counted, listing, shown
from pinakes.agents.organising.excepting import select
from pinakes.agents.organising.moving import MOST_COMPARED
from pinakes.agents.organising.refining import refined_files
from pinakes.agents.organising.request import Request
from pinakes.agents.organising.selecting import media_said
from pinakes.agents.organising.targets import named_folder
from pinakes.agents.organising.vectors import words_of
from pinakes.agents.queries.names import named_files
from pinakes.core.changes import ChangeAction, JournalEntry
from pinakes.core.errors import ResourceNotFoundError
from pinakes.core.files import FileFilter, FileRecord
from pinakes.library.names import is_below, is_protected
from pinakes.tools.duplicates import NEAR, group_alike, picture_distance
from pinakes.tools.scope import files_of, narrowed, open_files

_ALIKE = re.compile(
    r"\b(?:near|similar|alike|look\w*|almost|nearly|ähnlich\w*|parecid\w*|similaires?)\b|相似", re.I
)
_PAGE = 50


async def propose_removal(request: Request, draft: Draft) -> None:
    """Propose to delete files, or folders that are empty."""
    if await _folders(request.what, draft):
        return
    chosen = await select(request.what, draft.task, draft.ctx)
    draft.left(f"as it is not sure that “{request.what}” means this", chosen.unsure)
    files = await refined_files(draft, chosen.files)
    _delete(files, draft)
    if not files:
        draft.refusals.append(chosen.note or "Nothing is left to delete.")


async def propose_merge(request: Request, draft: Draft) -> None:
    """Propose to let copies go for the best of them: same content, or pictures that look the same."""
    where = await open_files(draft.ctx.library, draft.task.options)
    kinds = media_said(request.what)
    if kinds:
        where = narrowed(where, FileFilter(media_types=kinds))
    files = await files_of(draft.ctx.library, where, order="created_at")
    gone: list[FileRecord] = []
    for group in group_alike(files[:MOST_COMPARED]):
        gone += await _merge(group.files, bool(_ALIKE.search(request.what)), draft)
    if gone:
        draft.lines.append(
            f"Merge {counted(len(gone))} into the best copy of each, which keeps all tags: {listing(gone)}."
        )
    else:
        draft.refusals.append("There are no duplicates to merge.")


async def propose_return(request: Request, draft: Draft) -> None:
    """Propose to bring back files that were deleted."""
    deleted = [f async for f in _deleted(draft)]
    chosen = await refined_files(draft, _meant(request.what, deleted))
    for file in chosen:
        draft.changes.restore(file)
    if chosen:
        draft.lines.append(f"Bring back {counted(len(chosen))}: {listing(chosen)}.")
    elif deleted:
        draft.refusals.append(f"None of the deleted files is “{request.what}”. Deleted: {listing(deleted)}.")
    else:
        draft.refusals.append("No file was deleted that could be brought back.")


def best_copy(files: Sequence[FileRecord]) -> FileRecord:
    """Return the copy to keep: protected, then of most pixels, then filed deepest, then the oldest."""

    def rank(file: FileRecord) -> tuple[bool, int, int, int, datetime]:
        area = file.facts.width * file.facts.height if file.facts else 0
        depth = file.folder_path.count("/") + 1 if file.folder_path else 0
        return (not is_protected(file.tags), -area, -file.size_bytes, -depth, file.created_at.astimezone(UTC))

    return min(files, key=rank)


async def _merge(group: Sequence[FileRecord], loosely: bool, draft: Draft) -> list[FileRecord]:
    keeper = best_copy(group)
    others = await refined_files(draft, [f for f in group if f.id != keeper.id])
    same = [f for f in others if f.sha256 == keeper.sha256 or _same_shot(f, keeper, loosely)]
    draft.left(f"as they only look like “{keeper.filename}”", [f for f in others if f not in same])
    gone = []
    for file in same:
        words = "the same content" if file.sha256 == keeper.sha256 else "the same picture"
        draft.changes.merge(file, keeper, why=f"{words} as {keeper.filename}")
        gone += [] if is_protected(file.tags) else [file]
    if gone:
        draft.changes.tag(keeper, add=[tag for f in gone for tag in f.tags], why="tags of its copies")
    return gone


def _same_shot(file: FileRecord, keeper: FileRecord, loosely: bool) -> bool:
    """Tell a copy of a picture from another shot of the same scene, which has its own time."""
    distance = picture_distance(file, keeper)
    if distance is None or distance > NEAR:
        return False
    taken = [f.facts.taken_at if f.facts else None for f in (file, keeper)]
    return loosely or None in taken or taken[0] == taken[1]


async def _folders(what: str, draft: Draft) -> bool:
    """Propose to delete the folders that are meant, if any are; tell whether folders were meant."""
    bare = lexicon.WITH_CONTENTS.sub("", what)
    said = lexicon.FOLDER_PREFIX.match(bare) or lexicon.FOLDER_SUFFIX.search(bare)
    if lexicon.EMPTY.search(what) and re.search(lexicon.FOLDER.pattern.strip("^$"), what, re.I):
        _delete_empty(await files_of(draft.ctx.library, FileFilter()), draft)
        return True
    path = named_folder(bare, draft.folders) if said or bare != what else None
    if path is None:
        return False
    inside = await files_of(draft.ctx.library, FileFilter(folder_path=path), order="filename")
    if inside and bare == what:
        draft.refusals.append(
            f"The folder {shown(path)} holds {counted(len(inside))}. Say “delete the folder and everything in it”, or "
            "move them first."
        )
        return True
    _delete(inside, draft)
    if not any(is_protected(f.tags) for f in inside):
        for folder in sorted((f.path for f in draft.folders if is_below(f.path, path)), reverse=True):
            draft.changes.delete_folder(folder)
        draft.lines.append(f"Delete the folder {shown(path)}.")
    return True


def _delete(files: Sequence[FileRecord], draft: Draft) -> None:
    for file in files:
        draft.changes.delete(file)
    gone = [f for f in files if not is_protected(f.tags)]
    if gone:
        draft.lines.append(f"Delete {counted(len(gone))}: {listing(gone)}.")


def _delete_empty(files: Sequence[FileRecord], draft: Draft) -> None:
    used = {f.folder_path for f in files}
    paths = sorted((f.path for f in draft.folders), reverse=True)
    empty = [p for p in paths if not any(is_below(folder, p) for folder in used)]
    for path in empty:
        draft.changes.delete_folder(path, why="empty")
    if empty:
        draft.lines.append(
            f"Delete {counted(len(empty), 'empty folder')}: {', '.join(map(shown, reversed(empty)))}."
        )
    else:
        draft.refusals.append("No folder is empty.")


def _meant(what: str, deleted: Sequence[FileRecord]) -> list[FileRecord]:
    """Return which deleted files are meant: all, those deleted last, named ones, or those labelled so."""
    bare = lexicon.ARTICLES.sub("", what)
    named = [n.file for n in named_files(what, deleted) if n.sure]
    if named or not deleted:
        return named
    if lexicon.POINTING.search(what):
        latest = max(f.deleted_at for f in deleted if f.deleted_at)
        return [f for f in deleted if f.deleted_at == latest]
    if bare.casefold() in {"all", ""} or lexicon.EVERYTHING.fullmatch(bare):
        return list(deleted)
    kinds = media_said(bare)
    among = [f for f in deleted if not kinds or f.media_type in kinds]
    said = {
        w
        for w in words_of(bare)
        if w not in lexicon.SMALL and w not in lexicon.MEDIA and f"{w}s" not in lexicon.MEDIA
    }
    said -= {"file", "item", "thing", "one"}
    return [f for f in among if said <= labels_of(f) | set(words_of(f.folder_path))]


async def _deleted(draft: Draft) -> AsyncIterator[FileRecord]:
    """Yield the files that are deleted now, those deleted last first."""
    catalog, seen, offset = draft.ctx.library.catalog, set[str](), 0
    while entries := await catalog.history(limit=_PAGE, offset=offset):
        offset += len(entries)
        for file_id in (i for entry in entries for i in _gone_in(entry) if i not in seen):
            seen.add(file_id)
            try:
                file = await catalog.get_file(file_id, deleted=True)
            except ResourceNotFoundError:
                continue
            if file.deleted_at is not None:
                yield file


def _gone_in(entry: JournalEntry) -> list[str]:
    gone = {ChangeAction.DELETE, ChangeAction.MERGE}
    return [c.file_id for c in entry.changes if c.file_id and c.action in gone]
