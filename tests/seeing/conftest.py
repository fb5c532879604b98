from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from seeing_world import empty_world, open_world

from pinakes.library.library import Library
from pinakes.testing.library_copies import copied


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn")

    async def make() -> None:
        await (await open_world(folder)).aclose()

    asyncio.run(make())
    return folder


@pytest.fixture
async def world(drawn: Path, tmp_path: Path) -> AsyncIterator[Library]:
    """Three drawn pictures with their real readings."""
    library = await empty_world(copied(drawn, tmp_path / "world"))
    yield library
    await library.aclose()
