"""A process that is killed while it changes a library has done the change once or not at all."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pinakes.core import failpoints
from pinakes.core.changes import ChangeAction, ChangeSet
from pinakes.core.files import FileFilter, MediaType
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.testing.conform_changes import changed, plan
from pinakes.testing.fakes import HashEmbedder, HashTerms
from pinakes.testing.library_copies import copied
from pinakes.testing.samples import reading

MOMENTS = ("begin", "changed", "journaled", "committed", "indexed")
_NAMES = ("pump", "valve", "seal")


async def _open(folder: Path) -> Library:
    embedder = HashEmbedder()
    index = await EdgeIndex.open(folder / "index", embedder.dimensions)
    catalog = await SqlCatalog.open(folder / "catalog.sqlite", "a")
    return Library("a", catalog, DiskBlobs(folder / "blobs"), index, embedder, HashTerms())


async def _fill(folder: Path) -> ChangeSet:
    """Make a library and return the set that is to be applied."""
    library = await _open(folder)
    records = []
    for name in _NAMES:
        record = await library.accept_bytes(
            name.encode(), name, folder_path="In", content_type="text/plain", media_type=MediaType.DOCUMENT
        )
        await library.store_reading(record.id, reading(record.id, f"text {len(records)}"))
        records.append(await library.catalog.get_file(record.id))
    prepared = await library.prepare_changes(
        plan(
            changed(records[0], ChangeAction.RENAME, filename="turbine"),
            changed(records[1], ChangeAction.MOVE, folder_path="Out/Deep"),
            changed(records[2], ChangeAction.DELETE, deleted=True),
        )
    )
    await library.aclose()
    return prepared


async def _apply(folder: Path, moment: str) -> None:
    def stop(name: str) -> None:
        if name == f"apply.{moment}":
            os.kill(os.getpid(), signal.SIGKILL)

    library = await _open(folder)
    failpoints.set_hook(stop)
    await library.apply_changes(ChangeSet.model_validate_json((folder / "changes.json").read_text()))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    shutil.copy(migrated, folder / "catalog.sqlite")
    changes = asyncio.run(_fill(folder))
    (folder / "changes.json").write_text(changes.model_dump_json())
    return folder


async def _files(library: Library) -> dict[str, str]:
    files = (await library.catalog.list_files(FileFilter())).items
    return {file.filename: file.folder_path for file in files}


async def _found(library: Library, word: str) -> set[str]:
    return {hit.file.filename for hit in await library.search(word) if word in hit.matched_terms}


@pytest.mark.parametrize("moment", MOMENTS)
async def test_killed(filled: Path, tmp_path: Path, moment: str) -> None:
    folder = copied(filled, tmp_path / "library")
    killed = subprocess.run([sys.executable, __file__, str(folder), moment], check=False)  # noqa: ASYNC221
    assert killed.returncode == -signal.SIGKILL
    changes = ChangeSet.model_validate_json((folder / "changes.json").read_text())
    library = await _open(folder)
    try:
        done = moment in ("committed", "indexed")
        entry = await library.catalog.find_entry(changes.plan_id, changes.change_no)
        assert (entry is not None) is done
        assert await library.catalog.history() == ([entry] if entry else [])
        known = {"turbine": "In", "valve": "Out/Deep"} if done else dict.fromkeys(_NAMES, "In")
        assert await _files(library) == known
        for name in (*_NAMES, "turbine"):
            assert await _found(library, name) == {name} & set(known)
        again = await library.apply_changes(changes)
        assert entry in (None, again)
        assert await _files(library) == {"turbine": "In", "valve": "Out/Deep"}
        assert await library.catalog.history() == [again]
        assert await _found(library, "turbine") == {"turbine"}
        assert await _found(library, "pump") == await _found(library, "seal") == set()
        assert await library.index.count("a") == await library.catalog.chunk_total() == 2
        assert await library.catalog.outbox() == []
    finally:
        await library.aclose()


if __name__ == "__main__":
    asyncio.run(_apply(Path(sys.argv[1]), sys.argv[2]))
