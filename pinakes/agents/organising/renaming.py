"""Making folders, and giving files and folders other names."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from pinakes.agents.organising import lexicon
from pinakes.agents.organising.draft import Draft, shown
from pinakes.agents.organising.excepting import select
from pinakes.agents.organising.naming import propose_speaking_names
from pinakes.agents.organising.reading import unquoted
from pinakes.agents.organising.request import Request
from pinakes.agents.organising.targets import find_target, folder_words, named_folder, new_folder_names
from pinakes.core.files import FileRecord
from pinakes.library.names import filename_problem, folded, path_problem

_INSIDE = re.compile(
    r"^(?P<name>.+?) (?:in|inside|under|within|below|unter|en|dentro de|dans|sous) (?P<top>.+)$", re.I
)


async def propose_folders(request: Request, draft: Draft) -> None:
    """Propose to make folders."""
    names = list(new_folder_names(request.name))
    if not names:
        draft.refusals.append("Say what the folder is to be called.")
    if len(names) == 1 and draft.wishes.renamed:
        names = [draft.wishes.renamed[-1][1]]
    made = []
    for name in names:
        target = find_target(_path(name, request.name, draft), draft.folders, new=True)
        path = (
            target.path if target.exists or '"' in request.name else _spelled(target.path, name, request.name)
        )
        if target.problem:
            draft.refusals.append(target.problem)
        elif target.exists:
            draft.refusals.append(f"There is a folder {shown(path)} already.")
            draft.last = path
        else:
            draft.last = draft.changes.create_folder(path, why="you asked for it")
            made.append(shown(draft.last))
    if made:
        draft.lines.append(f"Create the folder{'s' if len(made) > 1 else ''} {', '.join(made)}.")


async def propose_rename(request: Request, draft: Draft) -> None:
    """Propose another name for a file or a folder, or for each of some files one that tells what it says."""
    if request.key:
        await propose_speaking_names(request, draft)
        return
    name = draft.wishes.renamed[-1][1] if draft.wishes.renamed else unquoted(request.name)
    folder = _folder_meant(request.what, draft)
    if folder:
        _rename_folder(folder, folder_words(name) if name == unquoted(request.name) else name, draft)
        return
    chosen = await select(request.what, draft.task, draft.ctx)
    if len(chosen.files) != 1:
        draft.refusals.append(
            chosen.note
            or f"“{request.what}” means {len(chosen.files)} files and one name is for one: say which one."
        )
        return
    await _rename_file(chosen.files[0], name, draft)


def _path(name: str, said: str, draft: Draft) -> str:
    """Return the path of a folder that is to be made inside another one ("Trips in Photos")."""
    inside = _INSIDE.match(name)
    top = named_folder(inside["top"], draft.folders) if inside and not re.search(r"[\"“]", said) else None
    return f"{top}/{inside['name']}" if inside and top else name


def _spelled(path: str, name: str, said: str) -> str:
    """Return the path with its last name as it was typed, where it was called so."""
    typed = lexicon.CALLED.search(said) and "/" not in name and path.casefold().endswith(name.casefold())
    return path[: len(path) - len(name)] + name if typed else path


def _folder_meant(what: str, draft: Draft) -> str | None:
    """Return the folder that is meant: said to be one, or the only thing of that name."""
    pointed = lexicon.POINTING.search(what) is not None or re.search(r"\.\w{2,5}$", what)
    return None if pointed else named_folder(what, draft.folders)


def _rename_folder(path: str, name: str, draft: Draft) -> None:
    parent = path.rpartition("/")[0]
    to = name if "/" in name else f"{parent}/{name}" if parent else name
    problem = path_problem(to)
    if not problem and folded(to) != folded(path) and folded(to) in {folded(f.path) for f in draft.folders}:
        problem = f"There is a folder {shown(to)} already."
    if problem or to == path:
        draft.refusals.append(problem or f"The folder is called {shown(path)} already.")
        return
    draft.changes.rename_folder(path, to)
    draft.lines.append(f"Rename the folder {shown(path)} to {shown(to)}.")


async def _rename_file(file: FileRecord, name: str, draft: Draft) -> None:
    ending = PurePosixPath(file.filename).suffix
    if PurePosixPath(name).suffix.casefold() != ending.casefold():
        name += ending  # the ending tells what the file is
    problem = filename_problem(name)
    if problem or name == file.filename:
        draft.refusals.append(problem or f"The file is called “{name}” already.")
        return
    draft.changes.rename(file, name)
    if file.id not in draft.changes.protected:
        draft.lines.append(f"Rename “{file.filename}” to “{name}”.")
