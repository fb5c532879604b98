"""What a FileFilter means to a catalog; see `pinakes.testing.conform_catalog`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pinakes.core.files import (
    Circle,
    Colour,
    Failure,
    FileFilter,
    FileStatus,
    GeoPoint,
    LinkFacts,
    MediaType,
    VideoFacts,
)
from pinakes.ports.catalog import Catalog
from pinakes.testing.samples import file, picture, reading


async def _library(catalog: Catalog) -> None:
    """Three pictures, two documents, one failed file."""
    image: dict[str, Any] = {"media_type": MediaType.IMAGE}
    door = await catalog.add_file(
        file("Door.JPG", minute=0, folder_path="Site/North", tags=("Site", "old"), **image)
    )
    await catalog.store_reading(door.id, picture(door.id, "no entry"), None)
    wall = await catalog.add_file(
        file("wall_100%.png", minute=1, folder_path="Site", tags=("site",), **image)
    )
    night = {"camera_make": None, "camera_model": None, "gps": None, "visible_text": "", "taken_at": None}
    blue = (Colour(name="Blue", hex="#0000ff", share=0.9),)
    await catalog.store_reading(
        wall.id, picture(wall.id, width=3, height=4, blurred=True, dark=True, colours=blue, **night), None
    )
    plan = await catalog.add_file(
        file("plan.tiff", minute=2, size_bytes=9_000, folder_path="Siteplan", **image)
    )
    late = datetime(2025, 12, 31, 18, tzinfo=UTC)
    await catalog.store_reading(plan.id, picture(plan.id, width=5, height=5, taken_at=late), None)
    manual = await catalog.add_file(file("Übersicht.pdf", minute=3, size_bytes=5_000))
    await catalog.store_reading(manual.id, reading(manual.id, "a", pages=12), None)
    note = await catalog.add_file(file("note", minute=4))
    await catalog.store_reading(note.id, reading(note.id, pages=0), None)
    broken = await catalog.add_file(file("broken.pdf", minute=5))
    await catalog.set_failed(broken.id, Failure(code="CORRUPT_FILE", message="It is."))


async def _clips_and_pages(catalog: Catalog) -> None:
    """Two videos and two saved pages."""
    for name, seconds in (("short.mp4", 12.5), ("long.mp4", 90.0)):
        clip = VideoFacts(duration_s=seconds, width=4, height=3, format="mp4", codec="h264")
        record = await catalog.add_file(file(name, media_type=MediaType.VIDEO))
        await catalog.store_reading(record.id, reading(record.id, pages=0, video=clip), None)
    for name, domain in (("a.html", "docs.Example.org"), ("b.html", "notexample.org")):
        record = await catalog.add_file(file(name, media_type=MediaType.LINK))
        page = LinkFacts(domain=domain)
        await catalog.store_reading(record.id, reading(record.id, pages=0, link=page), None)


MORE_CASES: tuple[tuple[dict[str, Any], set[str]], ...] = (
    ({"min_seconds": 12.5}, {"short.mp4", "long.mp4"}),
    ({"min_seconds": 12.6}, {"long.mp4"}),
    ({"max_seconds": 12.5}, {"short.mp4"}),
    ({"domain": "example.org"}, {"a.html"}),
    ({"domain": "www.docs.example.ORG"}, {"a.html"}),
    ({"domain": "ample.org"}, set()),
)

PLACES = {
    "pier": (60.3946, 5.3250),
    "hut": (60.3950, 5.3610),
    "date line": (0.0, 179.999),
    "pole": (89.999, -90.0),
}
NEAR_CASES: tuple[tuple[tuple[Circle, ...], set[str]], ...] = (
    ((), set()),
    ((Circle(latitude=60.3946, longitude=5.325, radius_km=0.001),), {"pier"}),
    ((Circle(latitude=60.3946, longitude=5.325, radius_km=1.97),), {"pier"}),
    ((Circle(latitude=60.3946, longitude=5.325, radius_km=1.99),), {"pier", "hut"}),
    ((Circle(latitude=0, longitude=-179.999, radius_km=0.23),), {"date line"}),
    ((Circle(latitude=0, longitude=-179.999, radius_km=0.22),), set()),
    ((Circle(latitude=89.999, longitude=90, radius_km=0.23),), {"pole"}),
    ((Circle(latitude=-60, longitude=-175, radius_km=20_016),), set(PLACES)),
    (
        (
            Circle(latitude=0, longitude=180, radius_km=1),
            Circle(latitude=60.395, longitude=5.361, radius_km=1),
        ),
        {"date line", "hut"},
    ),
)

DOOR, WALL, PLAN, MANUAL, NOTE, BROKEN = (
    "Door.JPG",
    "wall_100%.png",
    "plan.tiff",
    "Übersicht.pdf",
    "note",
    "broken.pdf",
)
CASES: tuple[tuple[dict[str, Any], set[str]], ...] = (
    ({}, {DOOR, WALL, PLAN, MANUAL, NOTE, BROKEN}),
    ({"ids": ()}, set()),
    ({"ids": (file(DOOR).id, "unknown")}, {DOOR}),
    ({"media_types": ()}, set()),
    ({"media_types": (MediaType.IMAGE,)}, {DOOR, WALL, PLAN}),
    ({"media_types": (MediaType.DOCUMENT, MediaType.VIDEO)}, {MANUAL, NOTE, BROKEN}),
    ({"folder_path": ""}, {DOOR, WALL, PLAN, MANUAL, NOTE, BROKEN}),
    ({"folder_path": "Site"}, {DOOR, WALL}),
    ({"folder_path": "/Site/North/"}, {DOOR}),
    ({"folder_path": "Nowhere"}, set()),
    ({"name_contains": "door"}, {DOOR}),
    ({"name_contains": "übers"}, {MANUAL}),
    ({"name_contains": "ÜBERS"}, {MANUAL}),
    ({"name_contains": "%"}, {WALL}),
    ({"name_contains": "l_1"}, {WALL}),
    ({"name_contains": "r_"}, set()),
    ({"tags": ("SITE",)}, {DOOR, WALL}),
    ({"tags": ("site", "old")}, {DOOR}),
    ({"tags": ("site", "new")}, set()),
    ({"status": FileStatus.FAILED}, {BROKEN}),
    ({"status": FileStatus.COMPLETED}, {DOOR, WALL, PLAN, MANUAL, NOTE}),
    ({"extension": "jpg"}, {DOOR}),
    ({"extension": ".PDF"}, {MANUAL, BROKEN}),
    ({"extension": ""}, {NOTE}),
    ({"camera": "x-t5"}, {DOOR, PLAN}),
    ({"camera": "fuji"}, {DOOR, PLAN}),
    ({"camera": "Fujifilm X-T5"}, {DOOR, PLAN}),
    ({"camera": "Nikon"}, set()),
    ({"colour": "Red"}, {DOOR, PLAN}),
    ({"colour": "blue"}, {WALL}),
    ({"orientation": "landscape"}, {DOOR}),
    ({"orientation": "portrait"}, {WALL}),
    ({"orientation": "square"}, {PLAN}),
    ({"blurred": True}, {WALL}),
    ({"blurred": False}, {DOOR, PLAN}),
    ({"dark": True}, {WALL}),
    ({"has_text": True, "media_types": (MediaType.IMAGE,)}, {DOOR, PLAN}),
    ({"has_text": False, "media_types": (MediaType.IMAGE,)}, {WALL}),
    ({"has_text": True, "media_types": (MediaType.DOCUMENT,)}, {MANUAL}),
    ({"has_gps": True}, {DOOR, PLAN}),
    ({"has_gps": False, "media_types": (MediaType.IMAGE,)}, {WALL}),
    ({"taken_from": datetime(2025, 5, 4, 10, 30)}, {DOOR, PLAN}),
    ({"taken_from": datetime(2025, 5, 4, 10, 31)}, {PLAN}),
    ({"taken_from": datetime(2025, 1, 1), "taken_to": datetime(2025, 12, 31)}, {DOOR, PLAN}),
    ({"taken_to": datetime(2025, 5, 4)}, {DOOR}),
    ({"taken_to": datetime(2025, 5, 4, 10, 29)}, set()),
    ({"added_from": datetime(2025, 1, 1, 12, 4, tzinfo=UTC)}, {NOTE, BROKEN}),
    ({"added_to": datetime(2025, 1, 1, 12, 1, tzinfo=UTC)}, {DOOR, WALL}),
    ({"added_to": datetime(2025, 1, 1)}, {DOOR, WALL, PLAN, MANUAL, NOTE, BROKEN}),
    ({"min_pages": 12}, {MANUAL}),
    ({"max_pages": 11}, set()),
    ({"min_bytes": 5_000}, {PLAN, MANUAL}),
    ({"max_bytes": 5_000, "min_bytes": 100}, {MANUAL}),
    ({"folder_path": "Site", "colour": "red", "blurred": False}, {DOOR}),
)


class ConformFilters:
    """The suite's part on filters."""

    async def test_every_filter(self, catalog: Catalog, other: Catalog) -> None:
        """Every field limits as documented, alone and together, and never shows another tenant's files."""
        await _library(catalog)
        for fields, expected in CASES:
            page = await catalog.list_files(FileFilter(**fields))
            assert {item.filename for item in page.items} == expected, fields
            assert page.total == len(expected), fields
            assert (await other.list_files(FileFilter(**fields))).total == 0

    async def test_matching_ids(self, catalog: Catalog) -> None:
        """Ids of completed files; None when nothing is limited."""
        await _library(catalog)
        assert await catalog.matching_ids(FileFilter()) is None
        assert await catalog.matching_ids(FileFilter(status=FileStatus.COMPLETED)) is None
        assert await catalog.matching_ids(FileFilter(status=FileStatus.FAILED)) == []
        for fields, expected in CASES[1:]:
            found = await catalog.matching_ids(FileFilter(**fields))
            if found is not None:
                names = {item.filename for item in await catalog.get_files(found)}
                assert names == expected - {BROKEN}, fields

    async def test_thousands_of_ids(self, catalog: Catalog) -> None:
        """A filter may name more files than a database takes variables."""
        await _library(catalog)
        ids = (*(f"unknown {n}" for n in range(40_000)), file(DOOR).id)
        assert (await catalog.list_files(FileFilter(ids=ids))).total == 1

    async def test_durations_and_domains(self, catalog: Catalog) -> None:
        """Seconds are of videos alone; a domain holds its subdomains, and not others that end like it."""
        await _library(catalog)
        await _clips_and_pages(catalog)
        for fields, expected in MORE_CASES:
            page = await catalog.list_files(FileFilter(**fields))
            assert {item.filename for item in page.items} == expected, fields

    async def test_near(self, catalog: Catalog) -> None:
        """Distances are exact along the sphere, also across the date line and a pole; of circles any counts."""
        for name, (latitude, longitude) in PLACES.items():
            record = await catalog.add_file(file(name, media_type=MediaType.IMAGE))
            place = GeoPoint(latitude=latitude, longitude=longitude)
            await catalog.store_reading(record.id, picture(record.id, gps=place), None)
        nowhere = await catalog.add_file(file("nowhere", media_type=MediaType.IMAGE))
        await catalog.store_reading(nowhere.id, picture(nowhere.id, gps=None), None)
        for circles, expected in NEAR_CASES:
            page = await catalog.list_files(FileFilter(near=circles))
            assert {item.filename for item in page.items} == expected, circles
