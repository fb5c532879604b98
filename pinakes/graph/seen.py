"""What a planner is told of the library: of what a turn may see, not of what lies beside it."""

from __future__ import annotations

from collections.abc import Iterable

from pinakes.core.files import FileRecord, FileStatus, Inventory, MediaType
from pinakes.core.options import TurnOptions
from pinakes.library.library import Library
from pinakes.tools.scope import scope_filter

_NAMES = 125
"""File names of each kind."""


async def seen_inventory(library: Library, options: TurnOptions) -> Inventory:
    """Return the overview of what a turn may see: the library's, without names and counts of what is not selected."""
    stock = await library.catalog.inventory()
    if options.use_all_images and not (options.document_ids or options.video_ids or options.folder_paths):
        return stock
    counts: dict[str, int] = {}
    files: list[FileRecord] = []
    for kind in MediaType:
        where = (await scope_filter(library, options, kind)).model_copy(
            update={"status": FileStatus.COMPLETED}
        )
        page = await library.catalog.list_files(where, limit=_NAMES, order="-created_at")
        counts[str(kind)] = page.total
        files += page.items
    tags, cameras = _tags(files), _cameras(files)
    return stock.model_copy(
        update={
            "counts": {kind: count for kind, count in counts.items() if count},
            "filenames": tuple(dict.fromkeys(file.filename for file in files)),
            "tags": tuple(tag for tag in stock.tags if tag.casefold() in tags),
            "cameras": tuple(name for name in stock.cameras if any(c in name for c in cameras)),
        }
    )


def _tags(files: Iterable[FileRecord]) -> set[str]:
    return {tag.casefold() for file in files for tag in file.tags}


def _cameras(files: Iterable[FileRecord]) -> set[str]:
    return {file.facts.camera_model for file in files if file.facts and file.facts.camera_model}
