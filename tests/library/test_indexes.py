from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from pinakes.core.errors import ConfigurationError, LibraryError, LibraryLockedError
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.qdrant_index import MEMORY, QdrantIndex
from pinakes.testing.conform_index import ANY, DIMENSIONS, ConformIndex, axis, point


class TestEdgeIndex(ConformIndex):
    @pytest.fixture
    async def index(self, tmp_path: Path) -> AsyncIterator[EdgeIndex]:
        index = await EdgeIndex.open(tmp_path / "index", DIMENSIONS)
        yield index
        await index.aclose()


class TestQdrantIndex(ConformIndex):
    @pytest.fixture
    async def index(self) -> AsyncIterator[QdrantIndex]:
        index = await QdrantIndex.open(MEMORY, "chunks", DIMENSIONS)
        yield index
        await index.aclose()


async def test_edge_reopens_with_its_points(tmp_path: Path) -> None:
    index = await EdgeIndex.open(tmp_path, DIMENSIONS)
    await index.upsert("a", [point("one", dense=axis(0)), point("two", dense=axis(1))])
    await index.aclose()
    again = await EdgeIndex.open(tmp_path, DIMENSIONS)
    hits = await again.search_dense("a", axis(0), 1, ANY)
    assert [hit.id for hit in hits] == [point("one").id]
    await again.aclose()


async def test_edge_refuses_a_second_opener(tmp_path: Path) -> None:
    index = await EdgeIndex.open(tmp_path, DIMENSIONS)
    with pytest.raises(LibraryLockedError, match="close it"):
        await EdgeIndex.open(tmp_path, DIMENSIONS)
    await index.aclose()


async def test_edge_of_another_size_is_made_anew(tmp_path: Path) -> None:
    index = await EdgeIndex.open(tmp_path, DIMENSIONS)
    await index.upsert("a", [point("one")])
    await index.aclose()
    other = await EdgeIndex.open(tmp_path, DIMENSIONS + 1)
    assert await other.count("a") == 0
    await other.aclose()


async def test_edge_that_is_damaged_is_made_anew(tmp_path: Path) -> None:
    index = await EdgeIndex.open(tmp_path, DIMENSIONS)
    await index.upsert("a", [point("one")])
    await index.aclose()
    (tmp_path / "edge_config.json").write_text("{ not json")
    for segment in (tmp_path / "segments").glob("*/segment.json"):
        segment.write_text("")
    again = await EdgeIndex.open(tmp_path, DIMENSIONS)
    assert await again.count("a") == 0
    await again.upsert("a", [point("one")])
    assert await again.count("a") == 1
    await again.aclose()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("vector_storage-text/vectors/status.dat", 0.5),
        ("vector_storage-text/vectors/chunk_0.mmap", 0),
        ("vector_storage-terms/deleted/status.dat", 0),
        ("payload_storage/page_0.dat", 0),
        ("mutable_id_tracker.mappings", 0.5),
    ],
)
async def test_edge_that_was_cut_off_is_made_anew(tmp_path: Path, name: str, kept: float) -> None:
    """As by a power cut: the engine panics, or finds out when it reads the first point."""
    index = await EdgeIndex.open(tmp_path, DIMENSIONS)
    await index.upsert("a", [point("one"), point("two")])
    await index.aclose()
    [file] = (tmp_path / "segments").glob(f"*/{name}")
    os.truncate(file, int(file.stat().st_size * kept))
    again = await EdgeIndex.open(tmp_path, DIMENSIONS)
    await again.upsert("a", [point("one"), point("two")])
    assert await again.count("a") == 2
    assert len(await again.search_dense("a", axis(0), 5, ANY)) == 2
    await again.aclose()


async def test_edge_writes_nothing_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would write to mapped memory, and the system would end the process."""
    index = await EdgeIndex.open(tmp_path / "a", DIMENSIONS)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1 << 20))
        with pytest.raises(LibraryError, match="make room"):
            await index.upsert("a", [point("one")])
        with pytest.raises(LibraryError, match="make room"):
            await EdgeIndex.open(tmp_path / "b", DIMENSIONS)
        assert await index.count("a") == 0
    await index.upsert("a", [point("one")])
    assert await index.count("a") == 1
    await index.aclose()


_WITHOUT_FILES = """
import asyncio, os, resource, sys
from pathlib import Path
from pinakes.core.errors import LibraryError
from pinakes.library.adapters.edge_index import EdgeIndex

async def main():
    await asyncio.to_thread(__import__, "qdrant_edge")
    next_file = os.open(os.devnull, os.O_RDONLY)
    resource.setrlimit(resource.RLIMIT_NOFILE, (next_file + 1, next_file + 1))
    try:
        await EdgeIndex.open(Path(sys.argv[1]), int(sys.argv[2]))
    except LibraryError as error:
        print(error.message)

asyncio.run(main())
"""


async def test_edge_stays_where_only_the_machine_lacks_something(tmp_path: Path) -> None:
    index = await EdgeIndex.open(tmp_path, DIMENSIONS)
    await index.upsert("a", [point("one")])
    await index.aclose()
    command = [sys.executable, "-c", _WITHOUT_FILES, str(tmp_path), str(DIMENSIONS)]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    refused, _ = await process.communicate()
    assert b"the limit of open files" in refused
    again = await EdgeIndex.open(tmp_path, DIMENSIONS)
    assert await again.count("a") == 1
    await again.aclose()


_WRITER = """
import asyncio, sys
from pathlib import Path
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.testing.conform_index import DIMENSIONS, point

async def main():
    index = await EdgeIndex.open(Path(sys.argv[1]), DIMENSIONS)
    number = 0
    while True:
        await index.upsert("a", [point(f"{number}-{n}") for n in range(50)])
        number += 1
        sys.stdout.write(f"{number * 50}\\n")
        sys.stdout.flush()

asyncio.run(main())
"""


def _write_until_killed(folder: Path) -> int:
    """Return how many points another process had acknowledged when it was killed."""
    command = [sys.executable, "-c", _WRITER, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        acknowledged = 0
        while acknowledged < 1300:  # past one flush and on
            acknowledged = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        return max([acknowledged, *map(int, writer.stdout.read().split())])


async def test_edge_keeps_acknowledged_points_through_a_kill(tmp_path: Path) -> None:
    acknowledged = _write_until_killed(tmp_path)
    index = await EdgeIndex.open(tmp_path, DIMENSIONS)
    assert await index.count("a") >= acknowledged
    await index.aclose()


async def test_qdrant_refuses_vectors_of_another_size(monkeypatch: pytest.MonkeyPatch) -> None:
    index = await QdrantIndex.open(MEMORY, "chunks", DIMENSIONS)
    with pytest.raises(ConfigurationError, match="another collection"):
        await index._prepare(DIMENSIONS + 1, remote=False)
    await index.aclose()
