from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "agents"))

from agent_world import make_world, open_world

from pinakes.core.events import Event
from pinakes.core.usage import Calls, Meter, calls_counted
from pinakes.library.library import Library
from pinakes.testing.library_copies import copied


@pytest.fixture(scope="session")
def analysed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("analysed")
    asyncio.run(make_world(folder))
    return folder


@pytest.fixture
async def world(analysed_folder: Path, tmp_path: Path) -> AsyncIterator[Library]:
    """A copy of the small library, to change."""
    library = await open_world(copied(analysed_folder, tmp_path / "world"))
    yield library
    await library.aclose()


@pytest.fixture
def told() -> Iterator[list[Event]]:
    """What is told while the test's calls are counted."""
    events: list[Event] = []
    with calls_counted(Calls("analyst", Meter(), events.append)):
        yield events
