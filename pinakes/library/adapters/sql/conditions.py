"""From a FileFilter to SQL conditions on the files table.

Every field that is set must hold; of `media_types` any, of `tags` all. Names, tags, cameras and colours ignore
case. An upper date at midnight sharp means that whole day. Nearness is measured along a sphere with the earth's mean
radius; a box around each circle keeps the arithmetic from most rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, false, func, or_, select

from pinakes.core.files import Circle, FileFilter
from pinakes.library.adapters.sql.database import Database
from pinakes.library.adapters.sql.file_tables import CHUNKS, COLOURS, FILES, FOLDERS, TAGS
from pinakes.library.names import folded

Conditions = Iterator[ColumnElement[bool]]
_EARTH_KM = 6371.0088
_DEGREE_KM = _EARTH_KM * math.pi / 180
_POLE = 89.0


def conditions(database: Database, tenant: str, where: FileFilter) -> list[ColumnElement[bool]]:
    """Return what must hold of a row of `FILES`: the tenant's, not deleted, and all that the filter says."""
    files = FILES.c
    return [
        files.tenant_id == tenant,
        files.deleted_at.is_(None),
        *_identity(database, where),
        *_place(tenant, where),
        *_kept(where),
        *_worded(database, tenant, where),
        *_related(tenant, where),
        *_facts(where),
        *_ranges(where),
        *_near(where),
    ]


def _identity(database: Database, where: FileFilter) -> Conditions:
    files = FILES.c
    if where.ids is not None:
        yield database.member_of(files.id, where.ids) if where.ids else false()
    if where.media_types is not None:
        yield files.media_type.in_([str(kind) for kind in where.media_types])
    if where.status is not None:
        yield files.status == str(where.status)
    if where.name_contains is not None:
        yield files.filename_folded.contains(folded(where.name_contains), autoescape=True)
    if where.extension is not None:
        yield files.extension == folded(where.extension).lstrip(".")
    if where.domain is not None:
        domain = folded(where.domain).removeprefix("www.")
        yield or_(files.domain == domain, files.domain.endswith(f".{domain}", autoescape=True))


def _place(tenant: str, where: FileFilter) -> Conditions:
    path = (where.folder_path or "").strip("/")
    if not path:
        return
    below = path + "/"
    folders = select(FOLDERS.c.id).where(
        FOLDERS.c.tenant_id == tenant,
        or_(FOLDERS.c.path == path, func.substr(FOLDERS.c.path, 1, len(below)) == below),
    )
    yield FILES.c.folder_id.in_(folders)


def _kept(where: FileFilter) -> Conditions:
    """What was said of a file when it was added, and whether a model has described it."""
    said = ("folder_id", "project_id", "content_category")
    yield from (FILES.c[name] == wanted for name in said if (wanted := getattr(where, name)) is not None)
    if where.described is not None:
        described = FILES.c.id.in_(
            select(CHUNKS.c.file_id).where(
                CHUNKS.c.tenant_id == FILES.c.tenant_id, CHUNKS.c.kind == "description"
            )
        )
        yield described if where.described else ~described


def _worded(database: Database, tenant: str, where: FileFilter) -> Conditions:
    """Where words occur as they stand: a plain look-up, beside the search by meaning."""
    if not where.words:
        return
    words = folded(where.words)

    def has(column: ColumnElement[Any]) -> ColumnElement[bool]:
        return database.folded(column).contains(words, autoescape=True)

    tagged = select(TAGS.c.file_id).where(
        TAGS.c.tenant_id == tenant, TAGS.c.folded.contains(words, autoescape=True)
    )
    named = FILES.c.filename_folded.contains(words, autoescape=True)
    metadata = or_(named, has(FILES.c.title), FILES.c.id.in_(tagged))
    kinds = _SEEN if where.words_in == "visible_text" else _SEEN + _SAID
    said = select(CHUNKS.c.file_id).where(
        CHUNKS.c.tenant_id == tenant, CHUNKS.c.kind.in_(kinds), has(CHUNKS.c.text)
    )
    if where.words_in == "metadata":
        yield metadata
    elif where.words_in == "visible_text":
        yield FILES.c.id.in_(said)
    else:
        yield or_(metadata, FILES.c.id.in_(said))


_SEEN = ("ocr", "visible_text", "scene")
_SAID = ("description", "facts")


def _related(tenant: str, where: FileFilter) -> Conditions:
    for tag in where.tags or ():
        yield FILES.c.id.in_(_with(tenant, TAGS, TAGS.c.folded, folded(tag)))
    if where.colour is not None:
        yield FILES.c.id.in_(_with(tenant, COLOURS, COLOURS.c.name, folded(where.colour)))


def _with(tenant: str, table: Table, column: Column[Any], value: str) -> Any:
    return select(table.c.file_id).where(table.c.tenant_id == tenant, column == value)


def _facts(where: FileFilter) -> Conditions:
    files = FILES.c
    if where.camera is not None:
        yield files.camera_folded.contains(folded(where.camera), autoescape=True)
    if where.orientation is not None:
        yield files.orientation == folded(where.orientation)
    for column, wanted in (
        (files.blurred, where.blurred),
        (files.dark, where.dark),
        (files.has_text, where.has_text),
    ):
        if wanted is not None:
            yield column.is_(wanted)
    if where.has_gps is not None:
        yield files.latitude.is_not(None) if where.has_gps else files.latitude.is_(None)


def _ranges(where: FileFilter) -> Conditions:
    files = FILES.c
    lower = (
        (files.content_created_at, where.taken_from),
        (files.created_at, where.added_from),
        (files.page_count, where.min_pages),
        (files.size_bytes, where.min_bytes),
        (files.duration_s, where.min_seconds),
    )
    upper = (
        (files.page_count, where.max_pages),
        (files.size_bytes, where.max_bytes),
        (files.duration_s, where.max_seconds),
    )
    yield from (column >= bound for column, bound in lower if bound is not None)
    yield from (column <= bound for column, bound in upper if bound is not None)
    for column, end in ((files.content_created_at, where.taken_to), (files.created_at, where.added_to)):
        if end is not None:
            yield column < _next_day(end) if end.time() == time.min else column <= end


def _near(where: FileFilter) -> Conditions:
    if where.near is not None:
        yield or_(false(), *(and_(_in_box(circle), _in_circle(circle)) for circle in where.near))


def _in_box(circle: Circle) -> ColumnElement[bool]:
    """Return what must hold of every place in a circle, at the cost of comparisons alone."""
    high = circle.radius_km / _DEGREE_KM * 1.001  # a little more than exact, for rounding
    latitude = FILES.c.latitude.between(circle.latitude - high, circle.latitude + high)
    if abs(circle.latitude) + high >= _POLE:
        return latitude
    wide = math.degrees(math.asin(min(1.0, _sine(high) / math.cos(math.radians(circle.latitude))))) * 1.001
    west, east = circle.longitude - wide, circle.longitude + wide
    across = [FILES.c.longitude.between(west + turn, east + turn) for turn in (0, -360, 360)]
    return and_(latitude, or_(*across))


def _sine(degrees: float) -> float:
    return math.sin(math.radians(min(degrees, 90.0)))


def _in_circle(circle: Circle) -> ColumnElement[bool]:
    """Return the haversine formula, without its last step: half the chord squared grows with the distance."""
    north = func.radians(FILES.c.latitude - circle.latitude)
    east = func.radians(FILES.c.longitude - circle.longitude)
    shrunk = math.cos(math.radians(circle.latitude)) * func.cos(func.radians(FILES.c.latitude))
    chord = func.sin(north / 2) * func.sin(north / 2) + shrunk * func.sin(east / 2) * func.sin(east / 2)
    most = min(circle.radius_km / (2 * _EARTH_KM), math.pi / 2)
    return chord <= math.sin(most) ** 2 + 1e-15


def _next_day(day: datetime) -> datetime:
    return day + timedelta(days=1)
