from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from pinakes.core.errors import (
    CorruptFileError,
    EmptyFileError,
    FileTooLargeError,
    LibraryError,
    PathError,
    UnsupportedFileError,
)
from pinakes.core.files import Chunk, FileStatus, Reading
from pinakes.core.ids import derived_id
from pinakes.ingestion import admission as module
from pinakes.ingestion.detect import Detected
from pinakes.ingestion.ingestor import Ingestor
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.pool import WorkerPool
from pinakes.ingestion.progress import IngestEvent
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.testing.fakes import HashEmbedder, HashTerms


class FakePool:
    """Reads text files in this process; `gate` holds it back."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()
        self.now = self.most = 0
        self.closed = False

    async def read(
        self,
        path: Path,
        detected: Detected,
        file_id: str,
        *,
        filename: str = "",
        url: str = "",
        category: str = "",
    ) -> Reading:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.gate.wait()
            text = await asyncio.to_thread(path.read_text)
            if "broken" in text:
                raise CorruptFileError("It is broken.")
            if "bug" in text:
                raise LookupError("oops")
            if "silent" in text:
                return Reading(warnings=("page 1 has no readable text",))
            chunk = Chunk(id=derived_id(file_id, "0"), file_id=file_id, ordinal=0, text=text)
            return Reading(chunks=(chunk,))
        finally:
            self.now -= 1

    async def aclose(self) -> None:
        self.closed = True


async def open_library(folder: Path) -> Library:
    catalog = await SqlCatalog.open(f"sqlite+aiosqlite:///{folder / 'catalog.sqlite'}", "default")
    embedder = HashEmbedder()
    index = await EdgeIndex.open(folder / "index", embedder.dimensions)
    return Library("default", catalog, DiskBlobs(folder / "blobs"), index, embedder, HashTerms())


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    opened = await open_library(tmp_path)
    yield opened
    await opened.aclose()


@pytest.fixture
def pool() -> FakePool:
    return FakePool()


@pytest.fixture
def events() -> list[IngestEvent]:
    return []


@pytest.fixture
async def ingestor(library: Library, pool: FakePool, events: list[IngestEvent]) -> AsyncIterator[Ingestor]:
    made = Ingestor(library, pool, 2, on_event=events.append)  # type: ignore[arg-type]
    yield made
    await made.aclose()


def note(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


async def test_a_file_becomes_searchable(
    ingestor: Ingestor, library: Library, events: list[IngestEvent], tmp_path: Path
) -> None:
    record = await ingestor.add_path(
        note(tmp_path, "a.txt", "The pump leaks."), folder_path="Notes", tags=("x",)
    )
    assert record.status is FileStatus.PENDING
    [done] = await ingestor.wait([record.id])
    assert (done.status, done.folder_path, done.tags) == (FileStatus.COMPLETED, "Notes", ("x",))
    assert await library.index.count("default") == 1
    assert [event.stage for event in events] == ["accepted", "reading", "indexed"]
    assert (events[-1].done, events[-1].total) == (1, 1)


async def test_bytes_and_lying_names(ingestor: Ingestor) -> None:
    record = await ingestor.add_bytes(b"only words", "scan.jpg", title="Scan")
    [done] = await ingestor.wait([record.id])
    assert done.content_type == "text/plain"
    assert done.title == "Scan"
    assert "plain text" in done.warnings[0]


async def test_one_bad_file_stops_nothing(
    ingestor: Ingestor, tmp_path: Path, events: list[IngestEvent], caplog: pytest.LogCaptureFixture
) -> None:
    texts = {"a.txt": "fine", "b.txt": "broken", "c.txt": "a bug", "d.txt": "silent", "e.txt": "fine, too"}
    records = [await ingestor.add_path(note(tmp_path, name, text)) for name, text in texts.items()]
    done = await ingestor.wait([record.id for record in records])
    codes = [record.failure.code if record.failure else None for record in done]
    assert codes == [None, "CORRUPT_FILE", "PINAKES_ERROR", "EMPTY_FILE", None]
    assert done[3].failure and "no readable text" in done[3].failure.message
    assert sum(event.stage == "failed" for event in events) == 3
    assert events[-1].done == 5


@pytest.mark.parametrize("make", ["missing", "folder", "unreadable", "pipe"])
async def test_paths_that_are_no_files(ingestor: Ingestor, tmp_path: Path, make: str) -> None:
    path = tmp_path / "thing"
    if make == "folder":
        path.mkdir()
    elif make == "unreadable":
        path.write_text("secret")
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("this user may read everything")
    elif make == "pipe":
        os.mkfifo(path)
    with pytest.raises(PathError):
        await ingestor.add_path(path)


async def test_refused_files_leave_no_trace(
    ingestor: Ingestor, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EmptyFileError):
        await ingestor.add_path(note(tmp_path, "a.txt", ""))
    with pytest.raises(UnsupportedFileError):
        await ingestor.add_bytes(b"PK\x05\x06" + bytes(18), "a.zip")
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 3)
    with pytest.raises(FileTooLargeError):
        await ingestor.add_path(note(tmp_path, "b.txt", "four"))
    assert (await library.catalog.inventory()).counts == {}
    assert await library.catalog.unfinished() == []


async def test_damaged_and_encrypted_files_are_kept_as_failed(ingestor: Ingestor) -> None:
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    record = await ingestor.add_bytes(encrypted, "plan.docx")
    assert record.status is FileStatus.FAILED
    assert record.failure and record.failure.code == "ENCRYPTED_FILE"
    assert await ingestor.wait([record.id]) == [record]


async def test_known_content_is_not_read_again(ingestor: Ingestor, pool: FakePool, tmp_path: Path) -> None:
    pool.gate.clear()
    path = note(tmp_path, "a.txt", "twice")
    first, second = await asyncio.gather(ingestor.add_path(path), ingestor.add_path(path))
    assert first.id == second.id
    assert sorted([first.deduplicated, second.deduplicated]) == [False, True]
    pool.gate.set()
    await ingestor.wait([first.id, second.id])
    third = await ingestor.add_path(path, skip_duplicates=False)
    assert third.id != first.id


async def test_concurrency_is_bounded(ingestor: Ingestor, pool: FakePool, tmp_path: Path) -> None:
    pool.gate.clear()
    records = [await ingestor.add_path(note(tmp_path, f"{n}.txt", f"text {n}")) for n in range(9)]
    await asyncio.sleep(0.3)
    pool.gate.set()
    await ingestor.wait([record.id for record in records])
    assert pool.most <= 4


async def test_closing_leaves_work_for_the_next_open(tmp_path: Path) -> None:
    library, pool = await open_library(tmp_path), FakePool()
    pool.gate.clear()
    ingestor = Ingestor(library, pool, 1)  # type: ignore[arg-type]
    record = await ingestor.add_bytes(b"later", "a.txt")
    waiting = asyncio.create_task(ingestor.wait([record.id]))
    await asyncio.sleep(0.1)
    await ingestor.aclose()
    assert pool.closed
    with pytest.raises(LibraryError, match="closed"):
        await waiting
    with pytest.raises(LibraryError, match="closed"):
        await ingestor.add_bytes(b"too late", "b.txt")
    await library.aclose()

    again = await open_library(tmp_path)
    later = Ingestor(again, FakePool(), 1)  # type: ignore[arg-type]
    assert await later.resume() == 1
    await later.drain()
    assert (await again.catalog.get_file(record.id)).status is FileStatus.COMPLETED
    await later.aclose()
    await again.aclose()


async def test_waiting_takes_up_unfinished_files(library: Library, ingestor: Ingestor) -> None:
    record = await library.accept_bytes(b"left", "a.txt", content_type="text/plain", media_type="document")  # type: ignore[arg-type]
    [done] = await ingestor.wait([record.id])
    assert done.status is FileStatus.COMPLETED


async def test_a_deleted_file_is_let_go(
    ingestor: Ingestor, library: Library, pool: FakePool, tmp_path: Path
) -> None:
    pool.gate.clear()
    record = await ingestor.add_path(note(tmp_path, "a.txt", "gone soon"))
    await asyncio.sleep(0.1)
    await library.delete([record.id])
    pool.gate.set()
    await ingestor.drain()
    assert await library.index.count("default") == 0


async def test_real_readers(library: Library, tmp_path: Path) -> None:
    Image.new("RGB", (64, 48), "red").save(tmp_path / "red-door.png")
    note(tmp_path, "pump.md", "# Pump\n\nThe pump needs oil every week, said the mechanic.\n")
    (tmp_path / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    ingestor = Ingestor(library, WorkerPool(1, ReadOptions()), 1)
    try:
        records = [
            await ingestor.add_path(tmp_path / name) for name in ("red-door.png", "pump.md", "bad.png")
        ]
        picture, text, bad = await ingestor.wait([record.id for record in records])
    finally:
        await ingestor.aclose()
    assert picture.facts and picture.facts.colours[0].name == "red"
    assert picture.thumbnail_sha256
    assert text.chunk_count >= 1
    assert bad.failure and bad.failure.code == "CORRUPT_FILE"
