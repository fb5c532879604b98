"""A real client over a temporary library: real embedder, real index, real readers.

They read in this process, but for modules marked with `reader_processes`, which have processes of their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from pinakes import Pinakes, Settings
from pinakes.client import wiring
from pinakes.ingestion.pool import WorkerPool
from pinakes.testing.reading_here import ReadingHere

MANUAL = """# Pump P-104 manual

## Vibration

Stop the pump at once when vibration is above 7.1 mm/s. Readings between 4.5 and 7.1 mm/s must be reported to the
crew lead within one day.

## Lubrication

Grease the drive-end bearing every 2,000 hours with 30 g of lithium grease.
"""

MEMO = """Broken machinery in hall 2

The conveyor belt motor failed on 3 May 2025. Ada Quill ordered a new motor for 1,480 EUR.
"""


@pytest.fixture(autouse=True, scope="module")
def _readers(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        if request.node.get_closest_marker("reader_processes") is None:
            patched.setattr(wiring, "WorkerPool", ReadingHere)
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(library=tmp_path / "library", ocr="none", workers=1, embed_threads=1)


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[Pinakes]:
    async with Pinakes(settings=settings) as opened:
        yield opened


@pytest.fixture
def reading_gate(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Nothing is read before it is set."""
    gate, read = asyncio.Event(), WorkerPool.read

    async def held(*args: Any, **said: Any) -> Any:
        await gate.wait()
        return await read(*args, **said)

    monkeypatch.setattr(WorkerPool, "read", held)
    return gate


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    (folder / "Memos").mkdir(parents=True)
    (folder / "manual.md").write_text(MANUAL, "utf8")
    (folder / "Memos" / "memo.txt").write_text(MEMO, "utf8")
    return folder
