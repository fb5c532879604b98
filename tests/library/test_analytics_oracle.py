"""Aggregates against a plain recount in Python, on random small libraries."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinakes.core.files import (
    AnalyticsQuery,
    Colour,
    FileFilter,
    FileRecord,
    FileStatus,
    GroupBy,
    ImageFacts,
    Measure,
    MediaType,
)
from pinakes.core.ids import new_id
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.testing.samples import START, file

COLOURS = ("red", "blue", "grey")
TAGS = ("Site", "manual", "2025")
FOLDERS = ("", "A", "A/B", "AB")
CAMERAS = ((None, None), ("Canon", "Canon EOS 5D"), ("Fujifilm", "X-T5"), (None, "Pixel"))

moments = st.datetimes(datetime(2023, 11, 1), datetime(2025, 3, 1)).map(lambda m: m.replace(tzinfo=UTC))
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
)


@st.composite
def files(draw: st.DrawFn) -> list[FileRecord]:
    made = []
    for n in range(draw(st.integers(0, 8))):
        shown = draw(st.none() | facts)
        if shown is not None:
            make, model = draw(st.sampled_from(CAMERAS))
            shown = shown.model_copy(update={"camera_make": make, "camera_model": model})
        name = f"{n}-{draw(st.sampled_from(['Plan.pdf', 'photo.JPG', 'note']))}"
        fields: dict[str, Any] = {
            "media_type": draw(st.sampled_from([MediaType.IMAGE, MediaType.DOCUMENT])),
            "size_bytes": draw(st.integers(0, 5)),
            "folder_path": draw(st.sampled_from(FOLDERS)),
            "tags": tuple(draw(st.lists(st.sampled_from(TAGS), unique=True))),
            "status": draw(st.sampled_from(list(FileStatus))),
            "content_created_at": draw(st.none() | moments),
            "page_count": draw(st.none() | st.integers(1, 3)),
            "language": draw(st.sampled_from([None, "en", "de"])),
            "facts": shown,
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
)
queries = st.builds(
    AnalyticsQuery,
    measure=st.sampled_from(Measure),
    group_by=st.none() | st.sampled_from(GroupBy),
    filter=filters,
    descending=st.booleans(),
    limit=st.sampled_from([1, 2, 50]),
)


def matches(record: FileRecord, where: FileFilter) -> bool:
    seen, tags = record.facts, {tag.casefold() for tag in record.tags}
    folder, taken = where.folder_path, record.content_created_at
    return all(
        [
            where.media_types is None or record.media_type in where.media_types,
            folder is None or record.folder_path == folder or record.folder_path.startswith(f"{folder}/"),
            where.name_contains is None or where.name_contains.casefold() in record.filename.casefold(),
            where.tags is None or {tag.casefold() for tag in where.tags} <= tags,
            where.status is None or record.status == where.status,
            where.colour is None or bool(seen and where.colour in {c.name for c in seen.colours}),
            where.orientation is None or bool(seen and seen.width == seen.height),
            where.blurred is None or bool(seen and seen.blurred == where.blurred),
            where.has_text is None or bool(seen and bool(seen.visible_text.strip()) == where.has_text),
            where.taken_from is None or bool(taken and taken >= where.taken_from),
            where.taken_to is None or bool(taken and taken <= _end(where.taken_to)),
            where.min_pages is None or bool(record.page_count and record.page_count >= where.min_pages),
            where.max_bytes is None or record.size_bytes <= where.max_bytes,
        ]
    )


def _end(moment: datetime) -> datetime:
    is_day = moment.replace(hour=0, minute=0, second=0, microsecond=0) == moment
    return moment + timedelta(days=1, microseconds=-1) if is_day else moment


def labels(record: FileRecord, by: GroupBy) -> set[str]:
    seen, date = record.facts, record.content_created_at or record.created_at
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
        GroupBy.STATUS: [str(record.status)],
        GroupBy.ORIENTATION: [orientations[_sign(seen.width - seen.height) + 1] if seen else None],
        GroupBy.COLOUR: [c.name for c in seen.colours] if seen else [],
        GroupBy.LANGUAGE: [record.language],
        GroupBy.FILE: [record.filename],
    }
    return {label for label in found[by] if label is not None}


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def measured(measure: Measure, records: list[FileRecord]) -> float | None:
    numbers = [r.page_count if measure.endswith("pages") else r.size_bytes for r in records]
    values = [number for number in numbers if number is not None]
    if measure is Measure.COUNT:
        return len(records)
    if measure.startswith("sum"):
        return sum(values)
    if not values:
        return None
    return {"avg": sum(values) / len(values), "max": max(values), "min": min(values)}[measure[:3]]


def recount(
    records: list[FileRecord], query: AnalyticsQuery
) -> tuple[list[tuple[str, float, set[str]]], float]:
    chosen = [r for r in records if matches(r, query.filter)]
    if query.measure.endswith("pages"):
        chosen = [r for r in chosen if r.page_count is not None]
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
    sign = -1 if query.descending else 1
    rows.sort(key=lambda row: (sign * row[1], row[0]))
    return rows[: query.limit], total or 0


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
    runner.run(_compare(store.for_tenant(new_id()), records, asked))


async def _compare(catalog: SqlCatalog, records: list[FileRecord], asked: list[AnalyticsQuery]) -> None:
    for record in records:
        await catalog.add_file(record)
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
