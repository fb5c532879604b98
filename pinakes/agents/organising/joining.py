"""Merging folders: what lies in one goes into another, and the emptied one goes."""

from __future__ import annotations

from pinakes.agents.organising.draft import Draft, shown
from pinakes.agents.organising.moving import place
from pinakes.agents.organising.reading import listed
from pinakes.agents.organising.refining import refined_files
from pinakes.agents.organising.request import Request
from pinakes.agents.organising.targets import find_target, folder_words, named_folder
from pinakes.core.files import FileFilter
from pinakes.library.names import is_below
from pinakes.tools.scope import files_of, narrowed, open_files


async def propose_joining(request: Request, draft: Draft) -> None:
    """Propose to put what lies in some folders, subfolders kept, into another one."""
    target = find_target(draft.wishes.into or request.into, draft.folders)
    if target.problem:
        draft.refusals.append(target.problem)
        return
    whole = named_folder(request.what, draft.folders)
    for name in (request.what,) if whole else listed(request.what):
        source = named_folder(name, draft.folders)
        if source is None:
            draft.refusals.append(f"There is no folder called “{folder_words(name)}”.")
        elif is_below(target.path, source):
            draft.refusals.append(f"The folder {shown(target.path)} lies in {shown(source)} already.")
        else:
            await _join(source, target.path, draft)


async def _join(source: str, into: str, draft: Draft) -> None:
    scope = await open_files(draft.ctx.library, draft.task.options)
    files = await files_of(
        draft.ctx.library, narrowed(scope, FileFilter(folder_path=source)), order="filename"
    )
    kept = await refined_files(draft, files)
    place([(file, f"{into}{file.folder_path[len(source) :]}") for file in kept], draft, why="folders merged")
    moved = {f.id for f in kept} - set(draft.changes.protected)
    whole = await files_of(draft.ctx.library, FileFilter(folder_path=source))
    left = {f.folder_path for f in whole if f.id not in moved}
    emptied = [
        f.path
        for f in draft.folders
        if is_below(f.path, source) and not any(is_below(other, f.path) for other in left)
    ]
    for path in sorted(emptied, reverse=True):
        draft.changes.delete_folder(path, why="empty")
    if emptied:
        draft.lines.append(
            f"Delete the emptied folder{'s' if len(emptied) > 1 else ''} {', '.join(map(shown, emptied))}."
        )
