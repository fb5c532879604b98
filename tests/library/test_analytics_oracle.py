"""Aggregates against a plain recount in Python, on random small libraries."""

from __future__ import annotations

import asyncio
import calendar
import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pinakes.core.errors import LibraryError
from pinakes.core.files import (
    AnalyticsQuery,
    Circle,
    Colour,
    FileFilter,
    FileRecord,
    FileStatus,
    GeoPoint,
    GroupBy,
    ImageFacts,
    LinkFacts,
    Measure,
    MediaType,
    SortBy,
    VideoFacts,
)
from pinakes.core.ids import new_id
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.testing.samples import START, file

COLOURS = ("red", "blue", "grey")
TAGS = ("Site", "manual", "2025")
FOLDERS = ("", "A", "A/B", "AB")
CAMERAS = ((None, None), ("Canon", "Canon EOS 5D"), ("Fujifilm", "X-T5"), (None, "Pixel"))

moments = st.datetimes(datetime(2023, 11, 1), datetime(2025, 3, 1)).map(lambda m: m.replace(tzinfo=UTC))
DOMAINS = (None, "Example.org", "docs.example.org", "notexample.org")
places = st.builds(
    GeoPoint,
    latitude=st.sampled_from([-90, 0.0, 43.46, 43.47, 89.99]),
    longitude=st.sampled_from([-180, 11.88, 11.9, 180]),
)
circles = st.builds(
    Circle,
    latitude=st.sampled_from([-89.9, 0.0, 43.467, 90]),
    longitude=st.sampled_from([-179.9, 11.885, 180]),
    radius_km=st.sampled_from([0.5, 2, 50, 12_000, 30_000]),
)
durations = st.sampled_from([0.0, 2.5, 2.5, 61.25, 3600])
colours = st.lists(st.sampled_from(COLOURS), max_size=3).map(
    lambda names: tuple(Colour(name=name, hex="#000000", share=0.2) for name in names)
)
facts = st.builds(
    ImageFacts,
    width=st.integers(1, 3),
    height=st.integers(1, 3),
    format=st.just("PNG"),
    camera_make=st.none(),
    camera_model=st.none(),
    colours=colours,
    blurred=st.booleans(),
    dark=st.booleans(),
    visible_text=st.sampled_from(["", " ", "EXIT"]),
    gps=st.none() | places,
)
videos = st.builds(
    VideoFacts,
    duration_s=durations,
    width=st.integers(1, 3),
    height=st.just(2),
    format=st.just("mp4"),
    codec=st.just("h264"),
)
links = st.builds(LinkFacts, domain=st.sampled_from(DOMAINS))
KNOWN = {
    MediaType.IMAGE: ("facts", facts),
    MediaType.VIDEO: ("video", videos),
    MediaType.LINK: ("link", links),
}


@st.composite
def files(draw: st.DrawFn) -> list[FileRecord]:
    made = []
    for n in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(MediaType))
        field, known = KNOWN.get(kind, ("facts", facts))
        shown = draw(st.none() | known)
        if isinstance(shown, ImageFacts):
            make, model = draw(st.sampled_from(CAMERAS))
            shown = shown.model_copy(update={"camera_make": make, "camera_model": model})
        name = f"{n}-{draw(st.sampled_from(['Plan.pdf', 'photo.JPG', 'note']))}"
        fields: dict[str, Any] = {
            "media_type": kind,
            "size_bytes": draw(st.integers(0, 5)),
            "folder_path": draw(st.sampled_from(FOLDERS)),
            "tags": tuple(draw(st.lists(st.sampled_from(TAGS), unique=True))),
            "status": draw(st.sampled_from(list(FileStatus))),
            "content_created_at": draw(st.none() | moments),
            "page_count": draw(st.none() | st.integers(1, 3)),
            "language": draw(st.sampled_from([None, "en", "de"])),
            field: shown if kind is not MediaType.DOCUMENT else None,
        }
        made.append(file(name, minute=n, **fields))
    return made


filters = st.builds(
    FileFilter,
    media_types=st.none() | st.sampled_from([(MediaType.IMAGE,), (MediaType.IMAGE, MediaType.DOCUMENT), ()]),
    folder_path=st.sampled_from([None, "A", "A/B"]),
    name_contains=st.sampled_from([None, "PLAN", "o"]),
    tags=st.sampled_from([None, ("SITE",), ("manual", "2025")]),
    status=st.sampled_from([None, FileStatus.COMPLETED]),
    colour=st.sampled_from([None, "red"]),
    orientation=st.sampled_from([None, "square"]),
    blurred=st.sampled_from([None, True, False]),
    has_text=st.sampled_from([None, None, True, False]),
    taken_from=st.none() | moments,
    taken_to=st.none() | moments,
    min_pages=st.sampled_from([None, None, 2]),
    max_bytes=st.sampled_from([None, None, 3]),
    min_seconds=st.sampled_from([None, None, None, 2.5]),
    max_seconds=st.sampled_from([None, None, None, 61.25]),
    near=st.none() | st.none() | st.lists(circles, max_size=2).map(tuple),
    domain=st.sampled_from([None, None, None, "example.org", "www.Example.org", "ple.org"]),
)
queries = st.builds(
    AnalyticsQuery,
    measure=st.sampled_from(Measure),
    group_by=st.none() | st.sampled_from(GroupBy),
    filter=filters | st.just(FileFilter()),
    sort=st.sampled_from(SortBy),
    descending=st.booleans(),
    limit=st.sampled_from([1, 2, 50]),
)


def matches(record: FileRecord, where: FileFilter) -> bool:
    seen, tags = record.facts, {tag.casefold() for tag in record.tags}
    shape = seen or record.video
    length = record.video.duration_s if record.video else None
    domain = f".{record.link.domain.casefold()}" if record.link and record.link.domain else ""
    asked = (where.domain or "").casefold().removeprefix("www.")
    folder, taken = where.folder_path, record.content_created_at
    return all(
        [
            where.media_types is None or record.media_type in where.media_types,
            folder is None or record.folder_path == folder or record.folder_path.startswith(f"{folder}/"),
            where.name_contains is None or where.name_contains.casefold() in record.filename.casefold(),
            where.tags is None or {tag.casefold() for tag in where.tags} <= tags,
            where.status is None or record.status == where.status,
            where.colour is None or bool(seen and where.colour in {c.name for c in seen.colours}),
            where.orientation is None or bool(shape and shape.width == shape.height),
            where.blurred is None or bool(seen and seen.blurred == where.blurred),
            where.has_text is None or _has_text(record) is where.has_text,
            where.taken_from is None or bool(taken and taken >= where.taken_from),
            where.taken_to is None or bool(taken and taken <= _end(where.taken_to)),
            where.min_pages is None or bool(record.page_count and record.page_count >= where.min_pages),
            where.max_bytes is None or record.size_bytes <= where.max_bytes,
            where.min_seconds is None or (length is not None and length >= where.min_seconds),
            where.max_seconds is None or (length is not None and length <= where.max_seconds),
            where.near is None or bool(seen and seen.gps and any(_within(seen.gps, c) for c in where.near)),
            where.domain is None or domain.endswith(f".{asked}"),
        ]
    )


def _has_text(record: FileRecord) -> bool | None:
    if record.facts:
        return bool(record.facts.visible_text.strip())
    return False if record.video else None


def _within(place: GeoPoint, circle: Circle) -> bool:
    """Tell by the angle between two directions from the earth's centre."""
    one, other = _direction(place.latitude, place.longitude), _direction(circle.latitude, circle.longitude)
    across = math.dist(one, other)
    return 2 * math.asin(min(1.0, across / 2)) * 6371.0088 <= circle.radius_km + 1e-6


def _direction(latitude: float, longitude: float) -> tuple[float, float, float]:
    north, east = math.radians(latitude), math.radians(longitude)
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


def _end(moment: datetime) -> datetime:
    is_day = moment.replace(hour=0, minute=0, second=0, microsecond=0) == moment
    return moment + timedelta(days=1, microseconds=-1) if is_day else moment


def labels(record: FileRecord, by: GroupBy) -> set[str]:
    seen, date = record.facts, record.content_created_at or record.created_at
    shape = seen or record.video
    camera = None
    if seen is not None:
        make, model = seen.camera_make, seen.camera_model
        camera = {"Canon": "Canon EOS 5D", "Fujifilm": "Fujifilm X-T5"}.get(make or "", model)
    orientations = ("portrait", "square", "landscape")
    found: dict[GroupBy, list[str | None]] = {
        GroupBy.MEDIA_TYPE: [str(record.media_type)],
        GroupBy.EXTENSION: [record.filename.lower().partition(".")[2] or None],
        GroupBy.FOLDER: [record.folder_path or "/"],
        GroupBy.TAG: list(record.tags),
        GroupBy.CAMERA: [camera],
        GroupBy.YEAR: [f"{date:%Y}"],
        GroupBy.MONTH: [f"{date:%Y-%m}"],
        GroupBy.DAY: [f"{date:%Y-%m-%d}"],
        GroupBy.WEEKDAY: [calendar.day_name[date.weekday()]],
        GroupBy.DOMAIN: [record.link.domain.casefold() if record.link and record.link.domain else None],
        GroupBy.STATUS: [str(record.status)],
        GroupBy.ORIENTATION: [orientations[_sign(shape.width - shape.height) + 1] if shape else None],
        GroupBy.COLOUR: [c.name for c in seen.colours] if seen else [],
        GroupBy.LANGUAGE: [record.language],
        GroupBy.FILE: [record.filename],
    }
    return {label for label in found[by] if label is not None}


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def measured(measure: Measure, records: list[FileRecord]) -> float | None:
    values = [number for r in records if (number := _number(measure, r)) is not None]
    if measure is Measure.COUNT:
        return len(records)
    if measure.startswith("sum"):
        return sum(values)
    if not values:
        return None
    return {"avg": sum(values) / len(values), "max": max(values), "min": min(values)}[measure[:3]]


def _number(measure: Measure, record: FileRecord) -> float | None:
    if measure.endswith("seconds"):
        return record.video.duration_s if record.video else None
    return record.page_count if measure.endswith("pages") else record.size_bytes


def recount(
    records: list[FileRecord], query: AnalyticsQuery
) -> tuple[list[tuple[str, float, set[str]]], float]:
    chosen = [r for r in records if matches(r, query.filter)]
    if query.measure is not Measure.COUNT:
        chosen = [r for r in chosen if _number(query.measure, r) is not None]
    total = measured(query.measure, chosen)
    groups: dict[str, list[FileRecord]] = defaultdict(list)
    for record in chosen:
        for label in labels(record, query.group_by) if query.group_by else ():
            groups[label].append(record)
    if query.group_by is None and total is not None:
        groups["all"] = chosen
    rows = [
        (label, measured(query.measure, group) or 0, {r.id for r in group}) for label, group in groups.items()
    ]
    rows.sort(key=lambda row: _position(query.group_by, row[0]))
    by_value = query.sort is SortBy.VALUE
    rows.sort(
        key=lambda row: row[1] if by_value else _position(query.group_by, row[0]), reverse=query.descending
    )
    return rows[: query.limit], total or 0


def _position(by: GroupBy | None, label: str) -> float | str:
    if by is GroupBy.WEEKDAY:
        return list(calendar.day_name).index(label)
    return "" if by is GroupBy.FOLDER and label == "/" else label.casefold()


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def store(runner: asyncio.Runner) -> Iterator[SqlCatalog]:
    catalog = runner.run(SqlCatalog.open("sqlite+aiosqlite://", "all"))
    yield catalog
    runner.run(catalog.aclose())


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(records=files(), asked=st.lists(queries, min_size=8, max_size=8))
def test_aggregates_agree_with_a_recount(
    runner: asyncio.Runner, store: SqlCatalog, records: list[FileRecord], asked: list[AnalyticsQuery]
) -> None:
    mine, theirs = (store.for_tenant(new_id()) for _ in range(2))
    runner.run(_fill(theirs, records))  # the same files, which must not be counted
    runner.run(_compare(mine, records, asked))


async def _fill(catalog: SqlCatalog, records: list[FileRecord]) -> None:
    for record in records:
        await catalog.add_file(record)


async def _compare(catalog: SqlCatalog, records: list[FileRecord], asked: list[AnalyticsQuery]) -> None:
    await _fill(catalog, records)
    gone = await catalog.add_file(file("gone.pdf", status=FileStatus.COMPLETED))
    await catalog.soft_delete([gone.id], START)
    for query in asked:
        table = await catalog.aggregate(query)
        rows, total = recount(records, query)
        found = [(row.label, round(row.value, 6), set(row.file_ids)) for row in table.rows]
        assert found == [(label, round(value, 6), ids) for label, value, ids in rows], query
        assert round(table.total, 6) == round(total, 6), query
        listed = await catalog.list_files(query.filter, limit=100)
        assert {item.id for item in listed.items} == {r.id for r in records if matches(r, query.filter)}


async def test_what_reads_cannot_write(tmp_path: Path) -> None:
    catalog = await SqlCatalog.open(tmp_path / "catalog.sqlite", "a")
    kept = await catalog.add_file(file("kept.pdf"))
    for statement in ("DELETE FROM files", "UPDATE files SET size_bytes = 0", "DROP TABLE files"):
        with pytest.raises(LibraryError, match="readonly"):
            async with catalog._database.read() as connection:
                await connection.execute(text(statement))
    await catalog.set_processing(kept.id)  # the same connection may write again
    assert (await catalog.get_file(kept.id)).size_bytes == kept.size_bytes
    await catalog.aclose()
