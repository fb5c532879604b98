from __future__ import annotations

import random
from datetime import UTC, datetime
from time import perf_counter

from pinakes.core.files import FileRecord, ImageFacts, MediaType
from pinakes.library.library import Library
from pinakes.tools.duplicates import find_duplicates, group_alike, picture_distance

NOW = datetime(2025, 1, 1, tzinfo=UTC)


def shot(name: str, phash: str | None, sha256: str | None = None, width: int = 100) -> FileRecord:
    return FileRecord(
        id=name,
        filename=name,
        media_type=MediaType.IMAGE,
        content_type="",
        size_bytes=1,
        sha256=sha256 or name,
        created_at=NOW,
        updated_at=NOW,
        facts=ImageFacts(width=width, height=100, format="png", phash=phash),
    )


def test_groups() -> None:
    files = [
        shot("a", "ffff0000ffff0000"),
        shot("b", "ffff0000ffff0003", width=300),
        shot("c", "0123456789abcdef", sha256="same"),
        shot("d", "0123456789abcdef", sha256="same"),
        shot("flat", "0000000000000000"),
        shot("flat too", "0000000000000000"),
        shot("unknown", None),
    ]
    groups = {tuple(f.id for f in g.files): g for g in group_alike(files)}
    assert set(groups) == {("b", "a"), ("c", "d")}
    assert groups["b", "a"].distance == 2
    assert not groups["b", "a"].exact
    assert groups["c", "d"].exact
    assert picture_distance(files[0], files[1]) == 2
    assert picture_distance(files[0], files[6]) is None


def test_thousands_of_pictures_take_seconds() -> None:
    draw = random.Random(7)
    files = [shot(str(n), f"{draw.getrandbits(64):016x}") for n in range(4_000)]
    started = perf_counter()
    assert group_alike(files, near=8) == []
    assert perf_counter() - started < 20


async def test_in_a_library(library: Library) -> None:
    (group,) = await find_duplicates(library)
    assert [f.filename for f in group.files] == ["danger-sign.jpg", "danger-sign-small.jpg"]
