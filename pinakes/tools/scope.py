"""What a turn may see: selections and folders as one strict filter, applied wherever files are looked up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

from pinakes.core.files import FileFilter, FileRecord, MediaType
from pinakes.core.options import TurnOptions
from pinakes.library.library import Library

NOTHING = FileFilter(ids=())
"""The filter that no file passes."""

DATED = FileFilter(taken_from=datetime(1, 1, 1, tzinfo=UTC))
"""The filter that files with a date of their own pass."""

PAGE = 500


async def scope_filter(library: Library, options: TurnOptions, kind: MediaType | None) -> FileFilter:
    """Return the filter that a turn's selections and folders put on one kind of file; None means every kind."""
    where = FileFilter(media_types=None if kind is None else (kind,), ids=_selected(options, kind))
    if len(options.folder_paths) == 1:
        return where.model_copy(update={"folder_path": options.folder_paths[0]})
    if options.folder_paths:
        inside = await _ids_in_folders(library, where, options.folder_paths)
        return where.model_copy(update={"ids": inside})
    return where


async def open_files(library: Library, options: TurnOptions) -> FileFilter:
    """Return one filter for questions about every kind of file; selections limit their own kind alone."""
    whole = await scope_filter(library, options, None)
    if all(_selected(options, kind) is None for kind in MediaType):
        return whole
    ids: list[str] = []
    for kind in MediaType:
        ids += await ids_of(library, await scope_filter(library, options, kind))
    return FileFilter(ids=tuple(ids))


def narrowed(scope: FileFilter, wanted: FileFilter) -> FileFilter:
    """Return the filter of the files that pass both; where both set a field they are intersected."""
    merged: dict[str, Any] = {}
    for name in FileFilter.model_fields:
        ours, theirs = getattr(scope, name), getattr(wanted, name)
        if ours is None or theirs is None or ours == theirs:
            merged[name] = theirs if ours is None else ours
        else:
            value = _both(name, ours, theirs)
            if value is None:
                return NOTHING
            merged[name] = value
    return FileFilter.model_validate(merged)


async def files_of(
    library: Library, where: FileFilter, *, order: str = "-created_at", limit: int | None = None
) -> list[FileRecord]:
    """Return the files that pass a filter, all of them unless limited."""
    found: list[FileRecord] = []
    async for page in _pages(library, where, order, limit):
        found += page
    return found[:limit]


async def ids_of(library: Library, where: FileFilter) -> tuple[str, ...]:
    """Return the ids of all files that pass a filter."""
    return tuple(f.id for f in await files_of(library, where))


async def inside(library: Library, where: FileFilter, file_ids: Sequence[str]) -> list[FileRecord]:
    """Return those of these files that pass a filter, in the order asked."""
    if not file_ids:
        return []
    passing = await files_of(library, narrowed(where, FileFilter(ids=tuple(file_ids))))
    by_id = {f.id: f for f in passing}
    return [by_id[i] for i in dict.fromkeys(file_ids) if i in by_id]


async def _pages(
    library: Library, where: FileFilter, order: str, limit: int | None
) -> AsyncIterator[Sequence[FileRecord]]:
    offset = 0
    while limit is None or offset < limit:
        size = PAGE if limit is None else min(PAGE, limit - offset)
        page = await library.catalog.list_files(where, limit=size, offset=offset, order=order)
        yield page.items
        offset += len(page.items)
        if not page.items or offset >= page.total:
            return


def _selected(options: TurnOptions, kind: MediaType | None) -> tuple[str, ...] | None:
    if kind is MediaType.IMAGE:
        return None if options.use_all_images else options.image_ids
    if kind is MediaType.DOCUMENT:
        return options.document_ids or None
    if kind is MediaType.VIDEO:
        return options.video_ids or None
    return None


async def _ids_in_folders(library: Library, where: FileFilter, paths: Sequence[str]) -> tuple[str, ...]:
    ids: dict[str, None] = {}
    for path in paths:
        ids |= dict.fromkeys(await ids_of(library, where.model_copy(update={"folder_path": path})))
    return tuple(ids)


def _both(name: str, ours: Any, theirs: Any) -> Any:
    """Return what passes two different values of a field, None when nothing can."""
    if name == "folder_path":
        return _deeper(ours, theirs)
    if name in {"ids", "media_types"}:
        return tuple(value for value in theirs if value in set(ours)) or None
    if name == "tags":
        return tuple(dict.fromkeys((*ours, *theirs)))
    if name.endswith("_from") or name.startswith("min_"):
        return max(ours, theirs)
    if name.endswith("_to") or name.startswith("max_"):
        return min(ours, theirs)
    return None


def _deeper(ours: str, theirs: str) -> str | None:
    first, second = ours.strip("/"), theirs.strip("/")
    if not first or f"{second}/".startswith(f"{first}/"):
        return second
    return first if f"{first}/".startswith(f"{second}/") or not second else None
