"""A report as a document of the library: proposed, never done; where to is in the user's words alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pinakes.agents.reporting.material import WRITTEN_TAG
from pinakes.agents.reporting.rendering import CONTENT_TYPES
from pinakes.agents.reporting.wish import SaveTo, Wish
from pinakes.core.changes import Change, ChangeAction, FileState, NewContent
from pinakes.core.files import FileFilter, FileRecord, Folder, MediaType
from pinakes.core.findings import ReportRef
from pinakes.core.ids import derived_id
from pinakes.library.library import Library
from pinakes.tools.scope import files_of

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_LONGEST_NAME = 100
_MAX_DEPTH = 10


async def known_copy(library: Library, ref: ReportRef, format: str) -> FileRecord | None:
    """Return the file of the library that holds this very report already."""
    return await library.catalog.find_by_hash(ref.formats[format])


async def proposed_changes(
    library: Library, ref: ReportRef, format: str, folder: str, *, filename: str | None = None
) -> tuple[Change, ...]:
    """Return the changes that save a report's file: the folders that are missing, then the document.

    Args:
        folder: A path in the library; one that exists in another spelling is taken as it is spelled there.
        filename: Without it the report's title; a name that is taken gets a number.
    """
    folders = await library.catalog.folders()
    path = _known_path(folder, folders)
    name = await _free_name(library, filename or f"{_safe(ref.title)}.{format}", path)
    sha256 = ref.formats[format]
    content = NewContent(
        sha256=sha256,
        size_bytes=len(await library.blobs.get(sha256)),
        content_type=CONTENT_TYPES[format],
        media_type=MediaType.DOCUMENT,
        title=ref.title,
    )
    added = Change(
        id="add",
        action=ChangeAction.ADD,
        file_id=await _free_id(library, sha256, path, name),
        after=FileState(folder_path=path, filename=name, tags=(WRITTEN_TAG,)),
        content=content,
        why="the report",
    )
    return (*_missing_folders(path, folders), added)


def format_to_save(wish: Wish) -> str:
    """Return the format that is saved: the first one asked for, else Markdown."""
    return wish.formats[0] if wish.formats else "md"


def folder_of(save: SaveTo) -> str:
    """Return the folder's path as it was said, without what no folder's name may have."""
    parts = [_safe(part) for part in re.split(r"\s*[/\\>]\s*", save.folder)]
    return "/".join([part for part in parts if part and part not in {".", ".."}][:_MAX_DEPTH])


def _known_path(path: str, folders: Sequence[Folder]) -> str:
    """Return the path as the library spells it; its first name may be that of a folder anywhere, if only of one."""
    if not path:
        return ""
    known = {f.path.casefold(): f.path for f in folders}
    first, _, rest = path.partition("/")
    named = [f.path for f in folders if f.name.casefold() == first.casefold()]
    if first.casefold() not in known and len(named) == 1:
        path = f"{named[0]}/{rest}".rstrip("/")
    parts = path.split("/")
    for length in range(len(parts), 0, -1):
        if (beginning := "/".join(parts[:length]).casefold()) in known:
            return "/".join([known[beginning], *parts[length:]])
    return path


def _missing_folders(path: str, folders: Sequence[Folder]) -> list[Change]:
    known = {f.path for f in folders}
    parts = path.split("/") if path else []
    paths = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    missing = [p for p in paths if p not in known]
    return [
        Change(
            id=f"folder-{n}", action=ChangeAction.CREATE_FOLDER, folder_after=p, why="the report goes there"
        )
        for n, p in enumerate(missing, 1)
    ]


async def _free_name(library: Library, name: str, path: str) -> str:
    taken = {f.filename.casefold() for f in await _files_in(library, path)}
    stem, dot, ending = name.rpartition(".")
    candidates = (name if n == 1 else f"{stem} ({n}){dot}{ending}" for n in range(1, len(taken) + 2))
    return next(c for c in candidates if c.casefold() not in taken)


async def _files_in(library: Library, path: str) -> list[FileRecord]:
    files = await files_of(library, FileFilter(folder_path=path or None))
    return [f for f in files if f.folder_path == path]


async def _free_id(library: Library, sha256: str, path: str, name: str) -> str:
    """Return an id that follows from content and place, another one where a deleted file bears it."""
    ids = [derived_id("report", sha256, path, name, str(n)) for n in range(100)]
    borne = (await library.catalog.library_state(ids)).files
    return next(
        (file_id for file_id in ids if file_id not in borne), derived_id("report", sha256, path, name)
    )


def _safe(text: str) -> str:
    """Return words as a name that any file system takes."""
    name = " ".join(_FORBIDDEN.sub(" ", text).split()).strip(" .")
    return name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME].rsplit(" ", 1)[0].rstrip(" .,;-")
