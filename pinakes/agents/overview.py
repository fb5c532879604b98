"""What a library holds, at a glance: kinds, size, folders and dates."""

from __future__ import annotations

from pinakes.agents.analysis.figures import bytes_words, counted, day_words, spelled_table
from pinakes.agents.charts import chart_of
from pinakes.agents.writing.marks import plain
from pinakes.core.files import AnalyticsQuery, FileFilter, GroupBy, Measure, Table
from pinakes.library.library import Library
from pinakes.tools.files import count_files
from pinakes.tools.scope import DATED, files_of, narrowed

_FOLDERS = 6
_MOST_FOLDERS = 1000


async def overview(library: Library, where: FileFilter) -> tuple[str, Table]:
    """Return what the files that pass a filter are, in words and as a table by kind."""
    kinds = await count_files(library, AnalyticsQuery(group_by=GroupBy.MEDIA_TYPE, filter=where))
    size = await count_files(library, AnalyticsQuery(measure=Measure.SUM_BYTES, filter=where))
    rest = [f"{bytes_words(size.total)} in all."] if kinds.total else []
    told = " ".join((*rest, *await _folders(library, where), *await _dates(library, where)))
    text = "\n\n".join(part for part in (spelled_table(kinds), told) if part)
    return text, kinds.model_copy(update={"chart": chart_of(kinds)})


async def _folders(library: Library, where: FileFilter) -> list[str]:
    query = AnalyticsQuery(group_by=GroupBy.FOLDER, filter=where, limit=_MOST_FOLDERS)
    filed = [row for row in (await count_files(library, query)).rows if row.label.strip("/")]
    if not filed:
        return []
    named = ", ".join(f"{plain(row.label)} ({row.value:,.0f})" for row in filed[:_FOLDERS])
    more = ", …" if len(filed) > _FOLDERS else ""
    return [f"In {counted(len(filed), 'folder')}: {named}{more}."]


async def _dates(library: Library, where: FileFilter) -> list[str]:
    """Between which days the files were taken or written, as far as they tell."""
    dated = narrowed(where, DATED)
    ends = [await files_of(library, dated, order=f"{by}content_created_at", limit=1) for by in ("", "-")]
    days = [day_words(file.content_created_at) for files in ends for file in files if file.content_created_at]
    return [f"Dated {' to '.join(dict.fromkeys(days))}."] if days else []
