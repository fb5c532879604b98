from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from agent_world import Ask, asking, make_world, open_world

from pinakes.core.plans import StepResult
from pinakes.library.library import Library
from pinakes.testing.library_copies import copied


@pytest.fixture(scope="session")
def world_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    asyncio.run(make_world(folder))
    return folder


@pytest.fixture
async def world(world_folder: Path) -> AsyncIterator[Library]:
    """The small library, to read from."""
    library = await open_world(world_folder)
    yield library
    await library.aclose()


@pytest.fixture
async def own_world(world_folder: Path, tmp_path: Path) -> AsyncIterator[Library]:
    """A copy of the small library, to change."""
    library = await open_world(copied(world_folder, tmp_path / "world"))
    yield library
    await library.aclose()


@pytest.fixture
def ask(world: Library) -> Ask:
    """Run one agent on an intent."""
    return asking(world)


@pytest.fixture
async def names(world: Library) -> Callable[[StepResult], Awaitable[list[str]]]:
    """Tell the names of a result's files."""

    async def named(result: StepResult) -> list[str]:
        return [f.filename for f in await world.catalog.get_files(result.file_ids)]

    return named
