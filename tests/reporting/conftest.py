from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from report_world import make_world, open_world

from pinakes.library.library import Library
from pinakes.testing.library_copies import copied


@pytest.fixture(scope="session")
def report_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report-world")
    asyncio.run(make_world(folder))
    return folder


@pytest.fixture
async def library(report_folder: Path, tmp_path: Path) -> AsyncIterator[Library]:
    """A copy of the small library, to read from and to change."""
    opened = await open_world(copied(report_folder, tmp_path / "world"))
    yield opened
    await opened.aclose()
