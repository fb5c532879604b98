"""Another embedder: its own collection, made step by step, never by itself where that may cost money."""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from pinakes.core import failpoints
from pinakes.core.errors import ModelError, ReindexNeededError
from pinakes.core.files import FileRecord, MediaType
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.qdrant_index import MEMORY, QdrantIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.testing.conform_index import DIMENSIONS, point
from pinakes.testing.fakes import HashEmbedder, HashTerms
from pinakes.testing.library_copies import copied
from pinakes.testing.samples import reading

TEXT: dict[str, Any] = {"content_type": "text/plain", "media_type": MediaType.DOCUMENT}
FILES = 70  # more than two steps of a rebuild
WIDE = 2141  # no two words of these tests share a place


class Stopped(BaseException):
    """What a test throws at a failpoint: nothing catches it, as nothing catches a kill."""


def old() -> HashEmbedder:
    return HashEmbedder(WIDE, version=1)


def paid() -> HashEmbedder:
    return HashEmbedder(WIDE, version=2, local=False)


@pytest.fixture
async def opened(catalog_path: Path, tmp_path: Path) -> AsyncIterator[Any]:
    """Open the library with an embedder, in the collection of that embedder, closing the one before."""
    held: list[Library] = []

    async def open_with(embedder: HashEmbedder) -> Library:
        for library in held:
            await library.aclose()
        held[:] = [await open_in(tmp_path, catalog_path, embedder)]
        return held[0]

    yield open_with
    for library in held:
        await library.aclose()


@pytest.fixture(scope="session")
def filled(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library made with the old embedder, which tests copy."""
    folder = tmp_path_factory.mktemp("filled")
    path = shutil.copy(migrated, folder / "catalog.sqlite")

    async def make() -> None:
        library = await open_in(folder, path, old())
        await fill(library)
        await library.aclose()

    asyncio.run(make())
    return folder


@pytest.fixture
def made(filled: Path, tmp_path: Path) -> None:
    """The test's folder holds that library."""
    copied(filled, tmp_path)


async def open_in(folder: Path, catalog: Path, embedder: HashEmbedder) -> Library:
    index = await EdgeIndex.open(folder / "index" / embedder.name, embedder.dimensions)
    blobs = DiskBlobs(folder / "blobs")
    return Library("a", await SqlCatalog.open(catalog, "a"), blobs, index, embedder, HashTerms())


@pytest.fixture
def stop_at() -> Any:
    def at(name: str, times: int = 1) -> None:
        left = [times]

        def hook(reached: str) -> None:
            left[0] -= reached == name
            if not left[0]:
                failpoints.set_hook(None)
                raise Stopped

        failpoints.set_hook(hook)

    yield at
    failpoints.set_hook(None)


async def add(library: Library, name: str, *texts: str) -> FileRecord:
    record = await library.accept_bytes(name.encode(), name, **TEXT)
    await library.store_reading(record.id, reading(record.id, *texts))
    return record


async def fill(library: Library, files: int = FILES) -> None:
    for n in range(files):
        record = await library.accept_bytes(str(n).encode(), f"{n}.txt", **TEXT)
        await library.catalog.store_reading(record.id, reading(record.id, f"word{n} pumps", f"more{n}"), None)
    await library.sync_index()


async def best(library: Library, query: str) -> str:
    return (await library.search(query))[0].chunk.text


class TestPaidEmbedders:
    async def test_a_new_library_needs_no_asking(self, opened: Any) -> None:
        library = await opened(paid())
        await add(library, "a.txt", "pumps need oil")
        assert await best(library, "pumps") == "pumps need oil"

    async def test_nothing_is_spent_unasked(self, opened: Any) -> None:
        await fill(await opened(old()), 3)
        embedder = paid()
        library = await opened(embedder)
        with pytest.raises(ReindexNeededError, match="pinakes reindex") as refused:
            await library.search("pumps")
        assert refused.value.details == {"embedder": embedder.name}
        await add(library, "new.txt", "valves leak")
        assert await library.sync_index() == 0
        assert embedder.texts_embedded == 0
        assert len([file async for file in library.indexing.unindexed()]) == 4

    async def test_reindex_takes_all_in_once(self, opened: Any, made: None, tmp_path: Path) -> None:
        embedder = paid()
        library = await opened(embedder)
        await add(library, "new.txt", "valves leak")
        told: list[tuple[int, int]] = []
        assert await library.reindex(lambda done, total: told.append((done, total))) == FILES + 1
        assert embedder.texts_embedded == 2 * FILES + 1
        assert told[-1] == (2 * FILES + 1, 2 * FILES + 1)
        assert told == sorted(told) and len({total for _, total in told}) == 1
        assert await best(library, "word7") == "word7 pumps"
        assert await best(library, "valves") == "valves leak"
        assert await library.catalog.outbox() == []
        assert [folder.name for folder in (tmp_path / "index").iterdir()] == [embedder.name]
        assert await library.reindex() == 0

    async def test_points_that_went_missing_are_asked_about(self, opened: Any) -> None:
        await fill(await opened(paid()), 3)
        library = await opened(paid())
        assert await best(library, "word1") == "word1 pumps"
        await library.index.clear("a")
        embedder = paid()
        library = await opened(embedder)
        with pytest.raises(ReindexNeededError):
            await library.search("pumps")
        assert await library.reindex() == 3
        assert (await best(library, "word1"), embedder.texts_embedded) == ("word1 pumps", 6)

    async def test_what_is_there_is_made_again_only_on_demand(self, opened: Any) -> None:
        embedder = paid()
        library = await opened(embedder)
        await fill(library, 3)
        assert await library.reindex() == 0
        assert embedder.texts_embedded == 6
        assert await library.reindex(fresh=True) == 3
        assert embedder.texts_embedded == 12
        assert await library.index.count("a") == 6

    async def test_a_fault_keeps_what_is_done(self, opened: Any, made: None) -> None:
        embedder = paid()
        library = await opened(embedder)
        working = embedder.aembed_documents

        async def tired(texts: list[str]) -> list[list[float]]:
            if embedder.texts_embedded >= FILES:
                raise ModelError("No more.")
            return await working(texts)

        embedder.aembed_documents = tired  # type: ignore[method-assign]
        with pytest.raises(ModelError):
            await library.reindex()
        with pytest.raises(ReindexNeededError):
            await library.search("pumps")
        embedder.aembed_documents = working  # type: ignore[method-assign]
        await library.reindex()
        assert embedder.texts_embedded <= 2 * FILES + 64
        assert await best(library, "word7") == "word7 pumps"


MOMENTS = ["reindex.round", "reindex.batch", "reindex.indexed", "reindex.kept", "reindex.forgotten"]


class TestStopping:
    @pytest.mark.parametrize("moment", MOMENTS)
    async def test_anywhere_it_goes_on(self, opened: Any, made: None, stop_at: Any, moment: str) -> None:
        first, second = paid(), paid()
        library = await opened(first)
        stop_at(moment, 1 if moment == "reindex.forgotten" else 2)
        with pytest.raises(Stopped):
            await library.reindex()
        library = await opened(second)
        await library.reindex()
        assert first.texts_embedded + second.texts_embedded <= 2 * FILES + 64  # one step is done again
        assert await library.index.count("a") == 2 * FILES
        assert await best(library, "word69") == "word69 pumps"

    async def test_meanwhile_the_old_embedder_works(self, opened: Any, made: None, stop_at: Any) -> None:
        stop_at("reindex.kept", 2)
        with pytest.raises(Stopped):
            await (await opened(paid())).reindex()

        before = old()
        library = await opened(before)
        assert await best(library, "word7") == "word7 pumps"
        assert before.texts_embedded == 0
        await add(library, "new.txt", "valves leak")
        gone = (await library.search("word3"))[0].file
        again = (await library.search("word5"))[0].file
        await library.delete([gone.id])
        await library.store_reading(again.id, reading(again.id, "word5 reads differently now"))

        after = paid()
        library = await opened(after)
        await library.reindex()
        assert after.texts_embedded < 2 * FILES
        assert await best(library, "valves leak") == "valves leak"
        assert await best(library, "word5") == "word5 reads differently now"
        assert gone.id not in {hit.file.id for hit in await library.search("word3")}
        assert await library.index.count("a") == await library.catalog.chunk_total() == 2 * FILES - 2

    async def test_files_that_come_while_it_runs(self, opened: Any, made: None) -> None:
        library = await opened(paid())
        names = iter(f"new{n}.txt" for n in range(100))
        waiting: list[Any] = []

        async def embed_and_add(texts: list[str]) -> list[list[float]]:
            if (name := next(names, None)) and len(waiting) < 3:
                waiting.append(await library.accept_bytes(name.encode(), name, **TEXT))
                await library.catalog.store_reading(
                    waiting[-1].id, reading(waiting[-1].id, f"valve {name}"), None
                )
            return await HashEmbedder.aembed_documents(library.embedder, texts)  # type: ignore[arg-type]

        library.embedder.aembed_documents = embed_and_add  # type: ignore[method-assign]
        await library.reindex()
        assert await library.index.count("a") == 2 * FILES + 3
        assert await library.catalog.outbox() == []
        assert await best(library, "valve new1.txt") == "valve new1.txt"


class TestFreeEmbedders:
    async def test_they_rebuild_by_themselves_and_keep_what_was_paid(self, opened: Any) -> None:
        bought = paid()
        await fill(await opened(bought), 3)
        free = old()
        library = await opened(free)
        assert await best(library, "word2") == "word2 pumps"
        assert free.texts_embedded == 6
        again = paid()
        library = await opened(again)
        assert await best(library, "word2") == "word2 pumps"
        assert again.texts_embedded == 0

    async def test_going_back_costs_what_changed(self, opened: Any) -> None:
        await fill(await opened(paid()), 3)
        await add(await opened(old()), "new.txt", "valves leak")
        again = paid()
        library = await opened(again)
        with pytest.raises(ReindexNeededError):
            await library.search("valves")
        assert await library.reindex() == 1
        assert again.texts_embedded == 1
        assert await best(library, "valves leak") == "valves leak"


_CHILD = """
import asyncio, signal, sys
from pathlib import Path
from pinakes.core import failpoints
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.testing.fakes import HashEmbedder, HashTerms

steps = []

def hook(name):
    if name == "reindex.indexed":
        steps.append(name)
        sys.stdout.write("step\\n")
        sys.stdout.flush()
        if len(steps) == 2:
            signal.pause()

async def main(folder):
    embedder = HashEmbedder(2141, version=2, local=False)
    catalog = await SqlCatalog.open(folder / "catalog.sqlite", "a")
    index = await EdgeIndex.open(folder / "index" / embedder.name, embedder.dimensions)
    failpoints.set_hook(hook)
    await Library("a", catalog, DiskBlobs(folder / "blobs"), index, embedder, HashTerms()).reindex()

asyncio.run(main(Path(sys.argv[1])))
"""


def _reindex_until_killed(folder: Path) -> None:
    command = [sys.executable, "-c", _CHILD, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert [child.stdout.readline() for _ in range(2)] == ["step\n"] * 2
        child.send_signal(signal.SIGKILL)


async def test_a_killed_process(opened: Any, made: None, tmp_path: Path) -> None:
    _reindex_until_killed(tmp_path)
    embedder = paid()
    library = await opened(embedder)
    await library.reindex()
    assert 0 < embedder.texts_embedded < 2 * FILES
    assert await library.index.count("a") == 2 * FILES
    assert await best(library, "word69") == "word69 pumps"


class TestForgetting:
    async def test_edge_keeps_what_other_tenants_have(self, tmp_path: Path) -> None:
        other = await EdgeIndex.open(tmp_path / "other", DIMENSIONS)
        await other.upsert("a", [point("one")])
        await other.upsert("b", [point("one")])
        await other.aclose()
        index = await EdgeIndex.open(tmp_path / "mine", DIMENSIONS + 1)
        await index.forget("a", "other")
        again = await EdgeIndex.open(tmp_path / "other", DIMENSIONS)
        assert (await again.count("a"), await again.count("b")) == (0, 1)
        await again.aclose()
        await index.forget("b", "other")
        assert not (tmp_path / "other").exists()
        await index.forget("b", "../" + tmp_path.name)
        assert (tmp_path / "mine").exists()
        await index.aclose()

    async def test_qdrant_empties_the_other_collection(self) -> None:
        index = await QdrantIndex.open(MEMORY, "mine", DIMENSIONS)
        other = QdrantIndex(index._client, "other")
        await other._prepare(DIMENSIONS, remote=False)
        await other.upsert("a", [point("one")])
        await other.upsert("b", [point("one")])
        await index.forget("a", "other")
        assert (await other.count("a"), await other.count("b")) == (0, 1)
        await index.aclose()
