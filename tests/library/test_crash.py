"""A process that is killed at work loses nothing that was accepted, and leaves no half things."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from pinakes.core.files import FileFilter, FileStatus
from pinakes.testing.samples import reading

_WORKER = """
import asyncio, sys
from pathlib import Path
from pinakes.core.files import MediaType
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.library.lock import FolderLock
from pinakes.testing.fakes import HashEmbedder, HashTerms
from pinakes.testing.samples import reading

def say(*words):
    sys.stdout.write(" ".join(map(str, words)) + "\\n")
    sys.stdout.flush()

async def main(folder):
    FolderLock(folder).acquire()
    embedder = HashEmbedder()
    catalog = await SqlCatalog.open(folder / "catalog.sqlite", "a")
    index = await EdgeIndex.open(folder / "index", embedder.dimensions)
    library = Library("a", catalog, DiskBlobs(folder / "blobs"), index, embedder, HashTerms())

    async def one(n):
        record = await library.accept_bytes(
            str(n).encode(), f"{n}.txt", content_type="text/plain", media_type=MediaType.DOCUMENT
        )
        say("accepted", record.id)
        await catalog.set_processing(record.id)
        await library.store_reading(record.id, reading(record.id, *(f"word{n} part{m}" for m in range(5))))
        say("stored", record.id)

    for start in range(0, 100000, 4):
        await asyncio.gather(*(one(n) for n in range(start, start + 4)))

asyncio.run(main(Path(sys.argv[1])))
"""


def _work_until_killed(folder: Path, lines: int) -> dict[str, set[str]]:
    said: dict[str, set[str]] = {"accepted": set(), "stored": set()}
    with subprocess.Popen(
        [sys.executable, "-c", _WORKER, str(folder)], stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        for number, line in enumerate(worker.stdout):
            what, file_id = line.split()
            said[what].add(file_id)
            if number == lines:
                worker.send_signal(signal.SIGKILL)
    return said


async def test_killed_at_work(open_library: Any, tmp_path: Path) -> None:
    said = _work_until_killed(tmp_path, lines=61)
    library = await open_library()
    files = (await library.catalog.list_files(FileFilter(), limit=1000)).items
    by_status = {status: {f.id for f in files if f.status == status} for status in FileStatus}
    assert said["accepted"] <= {file.id for file in files}
    assert said["stored"] <= by_status[FileStatus.COMPLETED]
    open_still = by_status[FileStatus.PENDING] | by_status[FileStatus.PROCESSING]
    assert set(await library.catalog.unfinished()) == open_still
    for file in files:
        assert await library.content(file.id) == file.filename.removesuffix(".txt").encode()

    for file_id in await library.catalog.unfinished():
        await library.store_reading(file_id, reading(file_id, "late"))
    await library.sync_index()
    assert await library.index.count("a") == await library.catalog.chunk_total()
    first = next(file for file in files if file.id in said["stored"])
    word = f"word{first.filename.removesuffix('.txt')}"
    assert {hit.file.id for hit in await library.search(word) if word in hit.chunk.text} == {first.id}
