"""Looking files up: listing, counting, facts."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.core.files import AnalyticsQuery, FileFilter, FilePage, FileRecord, Table
from pinakes.library.library import Library


async def list_files(
    library: Library,
    *,
    where: FileFilter | None = None,
    limit: int = 50,
    offset: int = 0,
    order: str = "-created_at",
) -> FilePage:
    """Return a page of files; `order` is a field of FileRecord, "-" first for descending."""
    return await library.catalog.list_files(where or FileFilter(), limit=limit, offset=offset, order=order)


async def count_files(library: Library, query: AnalyticsQuery) -> Table:
    """Count, sum or rank files."""
    return await library.catalog.aggregate(query)


async def file_facts(library: Library, file_ids: Sequence[str]) -> list[FileRecord]:
    """Return what is known of files: name, folder, dates, size, pages; of pictures also what was measured."""
    return await library.catalog.get_files(file_ids)
