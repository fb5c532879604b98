from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "agents"))

from agent_world import make_world, open_world

from pinakes.library.library import Library


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shelf")
    asyncio.run(make_world(folder))
    return folder


@pytest.fixture
async def library(shelf: Path) -> AsyncIterator[Library]:
    opened = await open_world(shelf)
    yield opened
    await opened.aclose()
