"""Plain words for a typed query: "number of images by month, taken in 2025"."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from pinakes.core.files import AnalyticsQuery, FileFilter, GroupBy, Measure, MediaType

ROOT = "/"
_MEASURES = {
    Measure.COUNT: "number of {}",
    Measure.SUM_BYTES: "total size in bytes of {}",
    Measure.AVG_BYTES: "average size in bytes of {}",
    Measure.MAX_BYTES: "largest size in bytes of {}",
    Measure.MIN_BYTES: "smallest size in bytes of {}",
    Measure.SUM_PAGES: "total number of pages of {}",
    Measure.AVG_PAGES: "average number of pages of {}",
    Measure.MAX_PAGES: "largest number of pages of {}",
    Measure.MIN_PAGES: "smallest number of pages of {}",
    Measure.SUM_SECONDS: "total length in seconds of {}",
    Measure.AVG_SECONDS: "average length in seconds of {}",
    Measure.MAX_SECONDS: "greatest length in seconds of {}",
    Measure.MIN_SECONDS: "smallest length in seconds of {}",
}
_GROUPS = {GroupBy.MEDIA_TYPE: "kind", GroupBy.EXTENSION: "file type", GroupBy.DOMAIN: "site"}
_UNITS = {"bytes": "bytes", "pages": "pages", "seconds": "seconds"}


def words_of(query: AnalyticsQuery) -> str:
    """Return what a query computes as a fragment of a sentence."""
    where = query.filter
    words = _MEASURES[query.measure].format(_noun(where.media_types))
    if query.group_by is not None:
        words += f" by {_group(query.group_by)}"
    return ", ".join([words, *_limits(where)])


def columns_of(query: AnalyticsQuery) -> tuple[str, ...]:
    """Return the headings of the label and the value column."""
    unit = query.measure.rpartition("_")[2]
    group = _group(query.group_by) if query.group_by is not None else "what"
    return (group, _UNITS.get(unit, "files"))


def row_label(by: GroupBy, label: Any) -> str:
    """Return a group's name as people write it: months as 2025-06, days as 2025-06-30, the root folder as "/"."""
    if by is GroupBy.YEAR:
        return f"{int(label):04d}"
    if by is GroupBy.MONTH:
        return f"{int(label) // 100:04d}-{int(label) % 100:02d}"
    if by is GroupBy.DAY:
        return f"{int(label) // 10000:04d}-{int(label) // 100 % 100:02d}-{int(label) % 100:02d}"
    if by is GroupBy.WEEKDAY:
        return calendar.day_name[int(label)]
    return str(label) or ROOT


def _group(by: GroupBy) -> str:
    return _GROUPS.get(by, str(by))


def _noun(kinds: Sequence[MediaType] | None) -> str:
    return _listed([f"{kind}s" for kind in kinds]) if kinds else "files"


def _listed(words: Sequence[str], last: str = "and") -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def _limits(where: FileFilter) -> Iterator[str]:
    if where.ids is not None:
        yield f"among {len(where.ids)} chosen ones"
    if where.folder_path and where.folder_path.strip("/"):
        yield f"in the folder {where.folder_path.strip('/')}"
    if where.name_contains:
        yield f'with "{where.name_contains}" in the name'
    if where.extension:
        yield f"of the type {where.extension.lstrip('.').lower()}"
    if where.tags:
        yield f"tagged {_listed(where.tags)}"
    if where.domain:
        yield f"from {where.domain}"
    if where.status:
        yield f"with the status {where.status}"
    yield from _looks(where)
    yield from _dates(where)
    yield from _sizes(where)


def _looks(where: FileFilter) -> Iterator[str]:
    if where.camera:
        yield f"taken with {where.camera}"
    if where.colour:
        yield f"with {where.colour} among the main colours"
    if where.orientation:
        yield f"in {where.orientation} format"
    for value, word in ((where.blurred, "blurred"), (where.dark, "dark")):
        if value is not None:
            yield word if value else f"not {word}"
    for value, word in ((where.has_text, "text in them"), (where.has_gps, "a known place")):
        if value is not None:
            yield f"{'with' if value else 'without'} {word}"
    for circle in where.near or ():
        yield f"within {circle.radius_km:g} km of {circle.latitude:.4f}, {circle.longitude:.4f}"


def _dates(where: FileFilter) -> Iterator[str]:
    taken = "taken" if where.media_types == (MediaType.IMAGE,) else "dated"
    for verb, start, end in (
        (taken, where.taken_from, where.taken_to),
        ("added", where.added_from, where.added_to),
    ):
        if start is not None or end is not None:
            yield f"{verb} {_period(start, end)}"


def _period(start: datetime | None, end: datetime | None) -> str:
    if start is None:
        return f"until {_day(end)}"
    if end is None:
        return f"since {_day(start)}"
    first, last = start.date(), end.date()
    if first == last:
        return f"on {_day(start)}"
    begins, ends = first.day == 1, (last + timedelta(days=1)).day == 1
    if begins and ends and (first.year, first.month) == (last.year, last.month):
        return f"in {calendar.month_name[first.month]} {first.year}"
    if begins and ends and first.year == last.year and (first.month, last.month) == (1, 12):
        return f"in {first.year}"
    return f"from {_day(start)} to {_day(end)}"


def _day(moment: datetime | None) -> str:
    return f"{moment.day} {calendar.month_name[moment.month]} {moment.year}" if moment else ""


def _sizes(where: FileFilter) -> Iterator[str]:
    for least, most, unit in (
        (where.min_pages, where.max_pages, "pages"),
        (where.min_bytes, where.max_bytes, "bytes"),
        (where.min_seconds, where.max_seconds, "seconds"),
    ):
        if least is not None and most is not None:
            yield f"with {_number(least)} to {_number(most)} {unit}"
        elif least is not None:
            yield f"with at least {_number(least)} {unit}"
        elif most is not None:
            yield f"with at most {_number(most)} {unit}"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)
