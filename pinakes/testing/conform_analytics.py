"""Numbers about files; see `pinakes.testing.conform_catalog`."""

from __future__ import annotations

from datetime import datetime

from pinakes.core.files import (
    AnalyticsQuery,
    Colour,
    FileFilter,
    GroupBy,
    LinkFacts,
    Measure,
    MediaType,
    SortBy,
    VideoFacts,
)
from pinakes.ports.catalog import Catalog
from pinakes.testing.samples import START, file, picture, reading


async def _library(catalog: Catalog) -> None:
    red, blue = Colour(name="red", hex="#f00", share=0.5), Colour(name="blue", hex="#00f", share=0.4)
    for n, (month, colours) in enumerate(((5, (red, blue)), (5, (red, red)), (7, (blue,)))):
        record = await catalog.add_file(
            file(
                f"{n}.jpg",
                minute=n,
                media_type=MediaType.IMAGE,
                size_bytes=100,
                tags=("Site",),
                folder_path="P",
            )
        )
        taken = datetime(2024, month, 2)
        await catalog.store_reading(record.id, picture(record.id, taken_at=taken, colours=colours), None)
    for n, pages in enumerate((4, 10)):
        record = await catalog.add_file(file(f"{n}.pdf", size_bytes=1000, tags=("site", "Manual")))
        await catalog.store_reading(record.id, reading(record.id, "x", pages=pages), None)


async def _clips_and_pages(catalog: Catalog) -> None:
    for n, seconds in enumerate((12.5, 90.0)):
        record = await catalog.add_file(file(f"{n}.mp4", media_type=MediaType.VIDEO, size_bytes=1))
        clip = VideoFacts(duration_s=seconds, width=4, height=3, format="mp4", codec="h264")
        await catalog.store_reading(record.id, reading(record.id, pages=0, video=clip), None)
    for n, domain in enumerate(("docs.example.org", "example.org", None)):
        record = await catalog.add_file(file(f"{n}.html", media_type=MediaType.LINK, size_bytes=1))
        page = LinkFacts(domain=domain)
        await catalog.store_reading(record.id, reading(record.id, "x", pages=0, link=page), None)


async def _rows(catalog: Catalog, **fields: object) -> dict[str, float]:
    table = await catalog.aggregate(AnalyticsQuery.model_validate(fields))
    return {row.label: row.value for row in table.rows}


class ConformAnalytics:
    """The suite's part on aggregates."""

    async def test_counts(self, catalog: Catalog, other: Catalog) -> None:
        """Plain counts, with the members behind them, under one tenant and a filter."""
        await _library(catalog)
        table = await catalog.aggregate(AnalyticsQuery())
        assert [(row.label, row.value, len(row.file_ids)) for row in table.rows] == [("all", 5.0, 5)]
        assert table.total == 5
        images = FileFilter(media_types=(MediaType.IMAGE,))
        assert (await catalog.aggregate(AnalyticsQuery(filter=images))).total == 3
        assert (await other.aggregate(AnalyticsQuery())).total == 0

    async def test_groups(self, catalog: Catalog) -> None:
        """Every grouping counts files once a group; files without the property are in no row."""
        await _library(catalog)
        expected: dict[GroupBy, dict[str, float]] = {
            GroupBy.MEDIA_TYPE: {"image": 3, "document": 2},
            GroupBy.EXTENSION: {"jpg": 3, "pdf": 2},
            GroupBy.FOLDER: {"P": 3, "/": 2},
            GroupBy.TAG: {"Site": 5, "Manual": 2},
            GroupBy.CAMERA: {"Fujifilm X-T5": 3},
            GroupBy.YEAR: {"2024": 3, "2025": 2},
            GroupBy.MONTH: {"2024-05": 2, "2025-01": 2, "2024-07": 1},
            GroupBy.DAY: {"2024-05-02": 2, "2025-01-01": 2, "2024-07-02": 1},
            GroupBy.WEEKDAY: {"Thursday": 2, "Wednesday": 2, "Tuesday": 1},
            GroupBy.STATUS: {"completed": 5},
            GroupBy.ORIENTATION: {"landscape": 3},
            GroupBy.COLOUR: {"blue": 2, "red": 2},
            GroupBy.LANGUAGE: {"en": 2},
        }
        for by, rows in expected.items():
            assert await _rows(catalog, group_by=by) == rows, by
        by_file = await _rows(catalog, group_by="file", measure="max_bytes", limit=2)
        assert by_file == {"0.pdf": 1000, "1.pdf": 1000}

    async def test_measures(self, catalog: Catalog) -> None:
        """Sums, averages and extremes; files without pages do not count as zero."""
        await _library(catalog)
        expected = {
            Measure.SUM_BYTES: 2300,
            Measure.AVG_BYTES: 460,
            Measure.MAX_BYTES: 1000,
            Measure.MIN_BYTES: 100,
            Measure.SUM_PAGES: 14,
            Measure.AVG_PAGES: 7,
            Measure.MAX_PAGES: 10,
            Measure.MIN_PAGES: 4,
        }
        for measure, value in expected.items():
            assert (await catalog.aggregate(AnalyticsQuery(measure=measure))).total == value, measure
        assert await _rows(catalog, measure="sum_pages", group_by="media_type") == {"document": 14}

    async def test_durations_and_domains(self, catalog: Catalog) -> None:
        """Videos are measured by their seconds, which nothing else has; saved pages are grouped by their host."""
        await _library(catalog)
        await _clips_and_pages(catalog)
        expected = {
            Measure.SUM_SECONDS: 102.5,
            Measure.AVG_SECONDS: 51.25,
            Measure.MAX_SECONDS: 90,
            Measure.MIN_SECONDS: 12.5,
        }
        for measure, value in expected.items():
            assert (await catalog.aggregate(AnalyticsQuery(measure=measure))).total == value, measure
        by_kind = await _rows(catalog, measure="sum_seconds", group_by="media_type")
        assert by_kind == {"video": 102.5}
        assert await _rows(catalog, group_by="domain") == {"docs.example.org": 1, "example.org": 1}

    async def test_rows_by_label(self, catalog: Catalog) -> None:
        """Times and weekdays in their order, everything else by the alphabet; the limit cuts what comes last."""
        await _library(catalog)

        async def labels(by: GroupBy, **fields: object) -> list[str]:
            return list(await _rows(catalog, group_by=by, sort=SortBy.LABEL, **fields))

        assert await labels(GroupBy.MONTH, descending=False) == ["2024-05", "2024-07", "2025-01"]
        assert await labels(GroupBy.WEEKDAY, descending=False) == ["Tuesday", "Wednesday", "Thursday"]
        assert await labels(GroupBy.TAG, descending=False, limit=1) == ["Manual"]
        assert await labels(GroupBy.TAG) == ["Site", "Manual"]

    async def test_order_limit_and_members(self, catalog: Catalog) -> None:
        """Rows by value, either way, cut at the limit; every row names its members; the total is uncut."""
        await _library(catalog)
        query = AnalyticsQuery(group_by=GroupBy.MEDIA_TYPE, limit=1)
        most = await catalog.aggregate(query)
        assert [(row.label, row.value) for row in most.rows] == [("image", 3)]
        assert set(most.rows[0].file_ids) == {file(f"{n}.jpg").id for n in range(3)}
        assert most.total == 5
        least = await catalog.aggregate(query.model_copy(update={"descending": False}))
        assert [row.label for row in least.rows] == ["document"]

    async def test_nothing_matches(self, catalog: Catalog) -> None:
        """Counts and sums of nothing are zero; averages and extremes of nothing have no row."""
        for measure in (Measure.COUNT, Measure.SUM_BYTES):
            table = await catalog.aggregate(AnalyticsQuery(measure=measure))
            assert [(row.value, row.file_ids) for row in table.rows] == [(0, ())]
        for measure in (Measure.AVG_BYTES, Measure.MAX_PAGES):
            assert (await catalog.aggregate(AnalyticsQuery(measure=measure))).rows == ()
        assert (await catalog.aggregate(AnalyticsQuery(group_by=GroupBy.TAG))).rows == ()

    async def test_deleted_files_do_not_count(self, catalog: Catalog) -> None:
        """Deleted files are in no number."""
        await _library(catalog)
        await catalog.soft_delete([file("0.jpg").id], START)
        assert await _rows(catalog, group_by="colour") == {"red": 1, "blue": 1}

    async def test_words(self, catalog: Catalog) -> None:
        """The answer says what was computed."""
        year = FileFilter(
            media_types=(MediaType.IMAGE,),
            taken_from=datetime(2025, 1, 1),
            taken_to=datetime(2025, 12, 31, 23, 59, 59),
        )
        query = AnalyticsQuery(group_by=GroupBy.MONTH, filter=year)
        table = await catalog.aggregate(query)
        assert table.words == "number of images by month, taken in 2025"
        assert (table.columns, table.query) == (("month", "files"), query)
