"""Files without their catalog are no empty library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pinakes import Pinakes, Settings
from pinakes.core.errors import LibraryError

LOST: dict[str, Callable[[Path], object]] = {
    "removed": Path.unlink,
    "emptied": lambda path: path.write_bytes(b""),
}


@pytest.mark.parametrize("how", LOST)
async def test_files_without_a_catalog_are_refused_until_it_is_back(
    settings: Settings, papers: Path, how: str
) -> None:
    async with Pinakes(settings=settings) as client:
        await client.files.upload(papers / "manual.md")
    catalog = settings.folder / "catalog.sqlite"
    kept = catalog.read_bytes()
    LOST[how](catalog)
    with pytest.raises(LibraryError, match=r"catalog\.sqlite back"):
        async with Pinakes(settings=settings):
            pass
    catalog.write_bytes(kept)
    async with Pinakes(settings=settings) as client:
        assert [file.filename for file in (await client.files.list()).items] == ["manual.md"]
