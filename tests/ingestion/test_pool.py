from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pinakes.core.errors import (
    CorruptFileError,
    LibraryError,
    ReaderCrashedError,
    ReadTimeoutError,
)
from pinakes.core.files import Reading
from pinakes.ingestion.detect import detect
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.pool import WorkerPool

MakePool = Callable[..., WorkerPool]


@pytest.fixture
async def make_pool() -> AsyncIterator[MakePool]:
    made: list[WorkerPool] = []

    def make(ocr: str | None = "Fine", size: int = 1, recycle_after: int = 50, **limits: Any) -> WorkerPool:
        options = ReadOptions(ocr=f"faulty_ocr:{ocr}" if ocr else None, **limits)
        made.append(WorkerPool(size, options, recycle_after=recycle_after))
        return made[-1]

    yield make
    for pool in made:
        await pool.aclose()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "sign.png"
    Image.new("RGB", (80, 40), "white").save(path)
    return path


async def read(pool: WorkerPool, path: Path) -> Reading:
    return await pool.read(path, detect(path), "file-1")


def pids(pool: WorkerPool) -> list[int]:
    return [worker._process.pid for worker in pool._idle]


async def test_reads_and_keeps_its_process(make_pool: MakePool, picture: Path) -> None:
    pool = make_pool()
    first = await read(pool, picture)
    before = pids(pool)
    second = await pool.read(picture, detect(picture), "file-2", filename="Harbour gate.png")
    assert first.facts and first.facts.visible_text == "HELLO"
    assert "Harbour gate" in second.chunks[0].text
    assert pids(pool) == before


async def test_paths_from_here_lead_to_the_file(
    make_pool: MakePool, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(picture.parent)
    assert (await read(make_pool(), Path(picture.name))).facts


async def test_printing_libraries_do_not_break_the_protocol(make_pool: MakePool, picture: Path) -> None:
    assert (await read(make_pool("Noisy"), picture)).elements[0].text == "HELLO"


async def test_a_deadline_kills_and_replaces(make_pool: MakePool, picture: Path, tmp_path: Path) -> None:
    pool = make_pool("Sleeps", deadline_s=0.5)
    with pytest.raises(ReadTimeoutError, match=r"0\.5 seconds"):
        await read(pool, picture)
    assert pids(pool) == []
    note = tmp_path / "note.png"
    Image.new("RGB", (10, 10)).save(note)
    pool.options = ReadOptions()
    assert (await read(pool, note)).facts


async def test_a_crash_is_tried_once_more(
    make_pool: MakePool, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAULTY_MARKER", str(tmp_path / "died"))
    assert (await read(make_pool("DiesOnce"), picture)).facts


async def test_two_crashes_fail_the_file(make_pool: MakePool, picture: Path) -> None:
    with pytest.raises(ReaderCrashedError, match="died twice"):
        await read(make_pool("Dies"), picture)


@pytest.mark.parametrize("how", ["Hoards", "Grabs"])
async def test_memory_is_bounded(make_pool: MakePool, picture: Path, how: str) -> None:
    """Whoever finds out first, the pool that watches or the process that gets no more, says the same."""
    with pytest.raises(ReaderCrashedError, match="400 MB"):
        await read(make_pool(how, memory_mb=400), picture)


async def test_a_readers_bug_fails_its_file_alone(make_pool: MakePool, picture: Path) -> None:
    pool = make_pool("Buggy")
    with pytest.raises(CorruptFileError, match="damaged"):
        await read(pool, picture)
    assert pids(pool)


async def test_typed_errors_come_back(make_pool: MakePool, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + b"nothing good" * 20)
    with pytest.raises(CorruptFileError):
        await read(make_pool(), broken)


async def test_large_readings_travel_through_a_file(make_pool: MakePool, picture: Path) -> None:
    pool = make_pool("Wordy")
    reading = await read(pool, picture)
    assert len(reading.elements) == 1200
    assert not any(Path(pool._folder.name).iterdir())  # noqa: ASYNC240 - a test may block


async def test_processes_are_recycled(make_pool: MakePool, picture: Path) -> None:
    pool = make_pool(recycle_after=1)
    await read(pool, picture)
    assert pids(pool) == []


async def test_files_are_read_side_by_side(make_pool: MakePool, picture: Path) -> None:
    pool = make_pool(size=2)
    await asyncio.gather(*(read(pool, picture) for _ in range(4)))
    assert 1 <= len(pids(pool)) <= 2


async def test_a_cancelled_read_leaves_no_process_behind(make_pool: MakePool, picture: Path) -> None:
    pool = make_pool("Sleeps")
    reading = asyncio.create_task(read(pool, picture))
    while not pool._busy:  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0.05)
    pid = next(iter(pool._busy))._process.pid
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_closed_pool_says_so(make_pool: MakePool, picture: Path) -> None:
    pool = make_pool()
    await pool.aclose()
    with pytest.raises(LibraryError, match="closed"):
        await read(pool, picture)


def test_a_worker_ends_with_its_parent_and_ignores_interrupts() -> None:
    command = [sys.executable, "-m", "pinakes.ingestion.worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdin and worker.stdout
        assert b"ready" in worker.stdout.readline()
        worker.send_signal(signal.SIGINT)
        time.sleep(0.2)
        assert worker.poll() is None
        worker.stdin.close()
        assert worker.wait(timeout=120) == 0


def test_pictures_do_not_load_document_parsers() -> None:
    code = (
        "import sys; import pinakes.ingestion.worker, pinakes.ingestion.readers.image;"
        "assert not {'unstructured', 'pypdfium2', 'onnxruntime', 'spacy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
