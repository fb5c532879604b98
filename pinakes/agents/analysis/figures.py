"""Numbers in plain words."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import datetime

from pinakes.agents.queries.calendar_words import MONTH_NAMES
from pinakes.core.files import (
    AnalyticsQuery,
    FileFilter,
    GroupBy,
    Measure,
    MediaType,
    SortBy,
    Table,
    TableRow,
)
from pinakes.ingestion.videos.words import length
from pinakes.library.library import Library

_SHOWN_ROWS = 20


def bytes_words(count: float) -> str:
    """Return a size as people write it: "426 kB", "1.2 MB"."""
    size = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            digits = 0 if unit in {"bytes", "kB"} or size >= 100 else 1
            return f"{size:.{digits}f} {unit}" if count != 1 else "1 byte"
        size /= 1000
    return f"{size:.1f} GB"


def day_words(moment: datetime) -> str:
    """Return a day as people write it: "3 March 2025"."""
    return f"{moment.day} {moment:%B %Y}"


def counted(count: float, noun: str) -> str:
    """Return a count with its noun: "1 file", "3 files"."""
    number = f"{count:,.0f}" if float(count).is_integer() else f"{count:,.1f}"
    return f"{number} {noun if count == 1 else noun + 's'}"


def noun_of(kinds: Sequence[MediaType] | None) -> str:
    """Return what files of these kinds are called."""
    names = {MediaType.IMAGE: "picture", MediaType.DOCUMENT: "document"}
    return names.get(kinds[0], str(kinds[0].value)) if kinds and len(kinds) == 1 else "file"


def value_words(measure: Measure, value: float) -> str:
    """Return a measured value with its unit."""
    if measure.value.endswith("_bytes"):
        return bytes_words(value)
    if measure.value.endswith("_seconds"):
        return length(value)
    return counted(round(value, 1), "page") if measure.value.endswith("_pages") else f"{value:,.0f}"


def row_words(group_by: GroupBy | None, label: str) -> str:
    """Return a row's label for people: "March 2025" for 2025-03."""
    if group_by is GroupBy.MONTH and len(label) == 7:
        return f"{MONTH_NAMES[int(label[5:]) - 1]} {label[:4]}"
    if group_by is GroupBy.DAY and len(label) == 10:
        return f"{int(label[8:])} {MONTH_NAMES[int(label[5:7]) - 1]} {label[:4]}"
    return {"/": "no folder"}.get(label, label) if group_by is GroupBy.FOLDER else label


def spelled_table(table: Table) -> str:
    """Return an analytics answer as one sentence, or a sentence and a list."""
    query = table.query or AnalyticsQuery()
    words = table.words[:1].upper() + table.words[1:]
    if query.group_by is None:
        return f"{words}: **{value_words(query.measure, table.total)}**."
    if not table.rows:
        return f"{words}: none."
    if len(table.rows) == 1 and query.limit == 1:
        row = table.rows[0]
        return f"{words}: **{row.label}** with {value_words(query.measure, row.value)}."
    lines = [_line(row, query.group_by, query.measure) for row in _ordered(table)[:_SHOWN_ROWS]]
    if len(table.rows) > _SHOWN_ROWS:
        lines.append(f"- … and {len(table.rows) - _SHOWN_ROWS} more")
    rest = table.total - sum(row.value for row in table.rows)
    if (
        query.measure is Measure.COUNT
        and query.group_by in _SINGLE
        and rest > 0
        and len(table.rows) < query.limit
    ):
        lines.append(f"- without {_SINGLE[query.group_by]}: {rest:,.0f}")
    total = query.measure in _SUMS and len(table.rows) > 1 and query.group_by is not GroupBy.FILE
    end = f"\n\nTogether {value_words(query.measure, table.total)}." if total else ""
    return f"{words}:\n\n" + "\n".join(lines) + end


def ranked_first(table: Table) -> str:
    """Return which group has the most or the fewest, all of them where several have as many."""
    query = table.query or AnalyticsQuery()
    best = [row for row in table.rows if row.value == table.rows[0].value]
    if len(table.rows) < 2 or len(best) == len(table.rows) or query.group_by in {None, GroupBy.FILE}:
        return ""
    names = [f"**{row_words(query.group_by, row.label)}**" for row in best]
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    each = " each" if len(names) > 1 else ""
    rank = "most" if query.descending else "fewest"
    return f"The {rank}: {joined} with {value_words(query.measure, best[0].value)}{each}."


_SUMS = frozenset({Measure.COUNT, Measure.SUM_BYTES, Measure.SUM_PAGES, Measure.SUM_SECONDS})
_SINGLE = {
    GroupBy.CAMERA: "a known camera",
    GroupBy.LANGUAGE: "a known language",
    GroupBy.ORIENTATION: "a known orientation",
    GroupBy.EXTENSION: "a file ending",
    GroupBy.DOMAIN: "a known site",
}
"""Groups of which a file has at most one, and what those in none of them lack."""

_RANKS = {
    Measure.MAX_BYTES: "largest {}",
    Measure.MIN_BYTES: "smallest {}",
    Measure.MAX_PAGES: "{} with the most pages",
    Measure.MIN_PAGES: "{} with the fewest pages",
    Measure.MAX_SECONDS: "longest {}",
    Measure.MIN_SECONDS: "shortest {}",
}


def reworded(table: Table, limits: Sequence[str], among: str = "") -> Table:
    """Return a table whose words say how its files were chosen, instead of how many ids that gave."""
    query = table.query or AnalyticsQuery()
    words = re.sub(r",? among \d+ chosen ones", f", {among}" if among else "", table.words)
    if query.group_by is GroupBy.FILE and query.measure in _RANKS:
        noun = noun_of(query.filter.media_types) + ("" if query.limit == 1 else "s")
        tail = words.partition(" by file")[2]
        words = f"the {_RANKS[query.measure].format(noun)}{tail}"
    words = re.sub(r" in (?:bytes|seconds)|, taken since 1 January 1(?=,|$)", "", words)
    if any(limit.startswith("within ") for limit in limits):  # by name, rather than by its coordinates
        words = re.sub(r", within [\d.]+ km of -?[\d.]+, -?[\d.]+", "", words)
    extra = [limit for limit in limits if limit not in words]
    return table.model_copy(update={"words": ", ".join([words, *extra])})


def _line(row: TableRow, group_by: GroupBy, measure: Measure) -> str:
    return f"- {row_words(group_by, row.label)}: {value_words(measure, row.value)}"


def _ordered(table: Table) -> list[TableRow]:
    """Return rows by time where they are times and all asked for, else as ranked."""
    if (
        table.query
        and table.query.group_by in {GroupBy.DAY, GroupBy.MONTH, GroupBy.YEAR}
        and table.query.sort is SortBy.VALUE
        and table.query.limit >= _SHOWN_ROWS
    ):
        return sorted(table.rows, key=lambda row: row.label)
    return list(table.rows)


async def absent_groups(library: Library, table: Table, among: FileFilter, where: FileFilter) -> str:
    """Return the groups in which no file is: months of the years covered, else folders of the files in question."""
    group_by = table.query.group_by if table.query else None
    present = {row.label for row in table.rows}
    if group_by is GroupBy.MONTH:
        everything = [f"{year:04d}-{month:02d}" for year in _years(where, present) for month in range(1, 13)]
    elif group_by is GroupBy.WEEKDAY:
        everything = list(calendar.day_name)
    else:
        query = AnalyticsQuery(group_by=group_by, filter=among.model_copy(update={"media_types": None}))
        everything = [row.label for row in (await library.catalog.aggregate(query)).rows]
    missing = [row_words(group_by, label) for label in everything if label not in present]
    what = f"{noun_of(where.media_types)}s"
    return f"Without {what}: {', '.join(missing)}." if missing else f"None: all of them have {what}."


def _years(where: FileFilter, present: set[str]) -> list[int]:
    if where.taken_from and where.taken_to:
        return list(range(where.taken_from.year, where.taken_to.year + 1))
    years = sorted(int(label[:4]) for label in present)
    return list(range(years[0], years[-1] + 1)) if years else []
