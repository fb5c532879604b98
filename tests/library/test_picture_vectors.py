"""Image vectors: a collection of their own beside the chunks', which follows the catalog by the same rules."""

from __future__ import annotations

import base64
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from pinakes.core import failpoints
from pinakes.core.errors import ModelError
from pinakes.core.files import FileFilter, FileRecord, MediaType
from pinakes.library import index_keeping
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.qdrant_index import MEMORY, QdrantIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.library.picture_indexing import PictureVectors
from pinakes.ports.index import VectorIndex
from pinakes.testing import ConformImageEmbedder
from pinakes.testing.conform_image_embedder import plain_picture
from pinakes.testing.fakes import ColourImageEmbedder, HashEmbedder, HashTerms
from pinakes.testing.samples import reading

RED, GREEN, BLUE = (220, 20, 20), (20, 200, 20), (20, 20, 220)
JPEG: dict[str, Any] = {"content_type": "image/jpeg", "media_type": MediaType.IMAGE}
TEXT: dict[str, Any] = {"content_type": "text/plain", "media_type": MediaType.DOCUMENT}
MANY = 70  # more than two steps

Opened = Callable[..., Awaitable[Library]]


class TestColourImageEmbedder(ConformImageEmbedder):
    @pytest.fixture
    def embedder(self) -> ColourImageEmbedder:
        return ColourImageEmbedder()


class Stopped(BaseException):
    """What a test throws at a failpoint: nothing catches it, as nothing catches a kill."""


async def open_in(
    folder: Path, images: ColourImageEmbedder | None, *, tenant: str = "a", server: bool = False
) -> Library:
    text = HashEmbedder(64)
    catalog = await SqlCatalog.open(folder / "catalog.sqlite", tenant)
    index = await _index(folder, text.name, 64, server)
    pictures = images and PictureVectors(images, await _index(folder, images.name, 4, server))
    blobs = DiskBlobs(folder / "blobs")
    return Library(tenant, catalog, blobs, index, text, HashTerms(), pictures=pictures)


async def _index(folder: Path, name: str, dimensions: int, server: bool) -> VectorIndex:
    if server:
        return await QdrantIndex.open(MEMORY, name, dimensions)
    return await EdgeIndex.open(folder / "index" / name, dimensions)


@pytest.fixture
async def opened(catalog_path: Path, tmp_path: Path) -> AsyncIterator[Opened]:
    """Open the library with an image embedder, closing the one before."""
    held: list[Library] = []

    async def open_with(images: ColourImageEmbedder | None, **how: Any) -> Library:
        for library in held:
            await library.aclose()
        held[:] = [await open_in(tmp_path, images, **how)]
        return held[0]

    yield open_with
    for library in held:
        await library.aclose()


async def show(
    library: Library, name: str, colour: tuple[int, int, int] | None, *, folder: str = ""
) -> FileRecord:
    record = await library.accept_bytes(name.encode(), name, folder_path=folder, **JPEG)
    await store(library, record, colour)
    return record


async def store(library: Library, record: FileRecord, colour: tuple[int, int, int] | None) -> None:
    thumbnail = plain_picture(colour) if colour else b"no picture"
    read = reading(record.id, record.filename).model_copy(
        update={"thumbnail": base64.b64encode(thumbnail).decode()}
    )
    await library.store_reading(record.id, read)


async def fill(library: Library, pictures: int = MANY) -> None:
    """Add pictures without the index hearing of each, half of them red, and some documents between them."""
    for n in range(pictures):
        record = await library.accept_bytes(f"p{n}".encode(), f"{n}.jpg", **JPEG)
        sha256 = await library.blobs.put(plain_picture(RED if n % 2 else BLUE, size=(8, 8 + n)))
        await library.catalog.store_reading(record.id, reading(record.id, f"picture{n}"), sha256)
        if n % 10 == 0:
            other = await library.accept_bytes(f"d{n}".encode(), f"{n}.txt", **TEXT)
            await library.catalog.store_reading(other.id, reading(other.id, f"text{n}"), None)


async def seen(library: Library, query: str, **limits: Any) -> list[str]:
    assert library.looks is not None
    return sorted(hit.file.filename for hit in await library.looks.search(query, **limits))


async def vectors(library: Library) -> int:
    assert library.looks is not None
    return await library.looks._pictures.index.count(library.tenant)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_keeping, "_PATIENCE", -1.0)
    monkeypatch.setattr(index_keeping, "_BRIEFLY", -1.0)


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


@pytest.mark.parametrize("server", [False, True], ids=["edge", "qdrant"])
class TestSearching:
    async def test_pictures_are_found_by_their_looks_alone(self, opened: Opened, server: bool) -> None:
        library = await opened(ColourImageEmbedder(), server=server)
        await show(library, "one.jpg", RED, folder="Trips/South")
        await show(library, "two.jpg", GREEN)
        await show(library, "three.jpg", RED)
        note = await library.accept_bytes(b"note", "note.txt", **TEXT)
        await library.store_reading(note.id, reading(note.id, "a red sunset"))
        assert await seen(library, "a sunset by the sea") == ["one.jpg", "three.jpg"]
        assert await seen(library, "a meadow") == ["two.jpg"]
        assert await seen(library, "a lagoon") == []
        assert await seen(library, "an invoice") == []
        assert await seen(library, "sunset", where=FileFilter(folder_path="Trips")) == ["one.jpg"]
        assert await seen(library, "sunset", where=FileFilter(ids=())) == []
        assert await seen(library, "sunset", limit=1) in (["one.jpg"], ["three.jpg"])
        [hit] = await library.looks.search("sunset", limit=1)  # type: ignore[union-attr]
        assert hit.score == 1.0 and hit.cosine > 0.9
        assert await vectors(library) == 3

    async def test_deleting_and_restoring(self, opened: Opened, server: bool) -> None:
        images = ColourImageEmbedder()
        library = await opened(images, server=server)
        one = await show(library, "one.jpg", RED)
        await show(library, "two.jpg", RED)
        await library.delete([one.id])
        assert (await seen(library, "sunset"), await vectors(library)) == (["two.jpg"], 1)
        await library.restore([one.id])
        assert (await seen(library, "sunset"), await vectors(library)) == (["one.jpg", "two.jpg"], 2)

    async def test_what_is_read_anew_has_the_new_looks_alone(self, opened: Opened, server: bool) -> None:
        library = await opened(ColourImageEmbedder(), server=server)
        one = await show(library, "one.jpg", RED)
        await store(library, one, GREEN)
        assert (await seen(library, "sunset"), await seen(library, "meadow")) == ([], ["one.jpg"])
        assert await vectors(library) == 1

    async def test_words_about_a_picture_cost_no_vector(self, opened: Opened, server: bool) -> None:
        images = ColourImageEmbedder()
        library = await opened(images, server=server)
        one = await show(library, "one.jpg", RED)
        await library.catalog.set_title(one.id, "Evening")
        await library.sync_index()
        assert await seen(library, "sunset") == ["one.jpg"]
        assert images.pictures_embedded == 1


class TestTenants:
    async def test_they_do_not_see_each_other(self, catalog_path: Path, tmp_path: Path) -> None:
        first = await open_in(tmp_path, ColourImageEmbedder())
        await show(first, "mine.jpg", RED)
        second = Library(
            "b",
            await SqlCatalog.open(catalog_path, "b"),
            first.blobs,
            first.index,
            first.embedder,
            first.terms,
            pictures=PictureVectors(ColourImageEmbedder(), first.looks._pictures.index),  # type: ignore[union-attr]
        )
        assert await seen(second, "sunset") == []
        await show(second, "theirs.jpg", RED)
        assert (await seen(first, "sunset"), await seen(second, "sunset")) == (["mine.jpg"], ["theirs.jpg"])
        await second.reindex(fresh=True)
        assert (await vectors(first), await vectors(second)) == (1, 1)
        await second.catalog.aclose()
        await first.aclose()


class TestKeeping:
    async def test_pictures_from_before_are_taken_in(self, opened: Opened) -> None:
        await fill(await opened(None))
        library = await opened(ColourImageEmbedder())
        assert len(await seen(library, "sunset", limit=200)) == MANY // 2
        assert await vectors(library) == MANY
        again = ColourImageEmbedder()
        library = await opened(again)
        assert len(await seen(library, "lagoon", limit=200)) == MANY // 2
        assert again.pictures_embedded == 0

    async def test_a_search_waits_for_some_of_them_only(self, opened: Opened, impatient: None) -> None:
        await fill(await opened(None))
        images = ColourImageEmbedder()
        library = await opened(images)
        looks = library.looks
        assert looks is not None
        await library.sync_index()
        some = images.pictures_embedded
        assert 0 < some < MANY and await looks.missing() == MANY - some
        await seen(library, "sunset")
        assert some < images.pictures_embedded < MANY
        assert await library.indexing.unseen() == MANY - images.pictures_embedded
        told: list[tuple[int, int]] = []
        left = MANY - images.pictures_embedded
        await library.reindex(lambda done, total: told.append((done, total)))
        assert told[-1] == (left, left)
        assert (images.pictures_embedded, await looks.missing(), await vectors(library)) == (MANY, 0, MANY)

    async def test_without_the_setting_it_catches_up_later(self, opened: Opened) -> None:
        first = await opened(ColourImageEmbedder())
        one = await show(first, "one.jpg", RED)
        await show(first, "two.jpg", RED)
        without = await opened(None)
        await without.delete([one.id])
        await show(without, "three.jpg", RED)
        images = ColourImageEmbedder()
        library = await opened(images)
        assert await seen(library, "sunset") == ["three.jpg", "two.jpg"]
        assert (images.pictures_embedded, await vectors(library)) == (1, 2)

    async def test_two_models_never_mix(self, opened: Opened, tmp_path: Path) -> None:
        library = await opened(ColourImageEmbedder(1))
        await fill(library)
        await library.sync_index()
        second = ColourImageEmbedder(2)
        library = await opened(second)
        assert await library.indexing.unseen() == MANY
        assert len(await seen(library, "sunset", limit=200)) == MANY // 2
        assert second.pictures_embedded == MANY
        assert {f.name for f in (tmp_path / "index").iterdir()} == {"hash-64@1", "colours@1", "colours@2"}
        await library.reindex()
        assert {f.name for f in (tmp_path / "index").iterdir()} == {"hash-64@1", "colours@2"}
        assert second.pictures_embedded == MANY
        await (await opened(None)).reindex()
        assert {f.name for f in (tmp_path / "index").iterdir()} == {"hash-64@1"}

    async def test_lost_vectors_are_made_again(self, opened: Opened, tmp_path: Path) -> None:
        library = await opened(ColourImageEmbedder())
        await show(library, "one.jpg", RED)
        await library.aclose()
        shutil.rmtree(tmp_path / "index" / "colours@1")
        assert await seen(await opened(ColourImageEmbedder()), "sunset") == ["one.jpg"]

    async def test_one_that_cannot_be_looked_at_hinders_nothing(self, opened: Opened) -> None:
        library = await opened(ColourImageEmbedder())
        broken = await show(library, "broken.jpg", None)
        await show(library, "one.jpg", RED)
        again = ColourImageEmbedder()
        library = await opened(again)
        assert await seen(library, "sunset") == ["one.jpg"]
        assert again.pictures_embedded == 0
        await store(library, broken, RED)
        assert await seen(library, "sunset") == ["broken.jpg", "one.jpg"]

    async def test_nothing_is_spent_unasked(self, opened: Opened) -> None:
        await fill(await opened(None), 3)
        paid = ColourImageEmbedder(local=False)
        library = await opened(paid)
        assert await seen(library, "sunset") == []
        assert (paid.pictures_embedded, await library.looks.missing()) == (0, 3)  # type: ignore[union-attr]
        await library.reindex()
        assert paid.pictures_embedded == 3 and await seen(library, "sunset") == ["1.jpg"]
        await show(library, "new.jpg", RED)
        assert await seen(library, "sunset") == ["1.jpg", "new.jpg"]

    async def test_a_fault_leaves_text_alone(self, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
        images = ColourImageEmbedder()
        library = await opened(images)
        await show(library, "one.jpg", RED)

        async def broken(pictures: list[bytes]) -> list[list[float] | None]:
            raise ModelError("No more.")

        with monkeypatch.context() as patched:
            patched.setattr(images, "aembed_pictures", broken)
            await show(library, "two.jpg", RED)
            assert (await library.search("two"))[0].file.filename == "two.jpg"
            with pytest.raises(ModelError):
                await seen(library, "sunset")
            with pytest.raises(ModelError):
                await library.reindex(fresh=True)
            assert await library.looks.missing() == 2  # type: ignore[union-attr]
        assert await seen(library, "sunset") == ["one.jpg", "two.jpg"]


MOMENTS = ["reindex.round", "reindex.pictures", "reindex.indexed", "reindex.kept"]


class TestStopping:
    @pytest.mark.parametrize("moment", MOMENTS)
    async def test_anywhere_it_goes_on(self, opened: Opened, stop_at: Any, moment: str) -> None:
        await fill(await opened(None))
        await (await opened(None)).sync_index()
        first, second = ColourImageEmbedder(), ColourImageEmbedder()
        library = await opened(first)
        stop_at(moment, 2)
        with pytest.raises(Stopped):
            await library.reindex()
        library = await opened(second)
        await library.reindex()
        assert first.pictures_embedded + second.pictures_embedded <= MANY + 8  # one batch is done again
        assert await vectors(library) == MANY
        assert len(await seen(library, "sunset", limit=200)) == MANY // 2

    async def test_a_killed_process(self, opened: Opened, tmp_path: Path) -> None:
        library = await opened(None)
        await fill(library)
        await library.sync_index()
        await library.aclose()
        _reindex_until_killed(tmp_path)
        images = ColourImageEmbedder()
        library = await opened(images)
        await library.reindex()
        assert 0 < images.pictures_embedded < MANY
        assert await vectors(library) == MANY
        assert len(await seen(library, "lagoon", limit=200)) == MANY // 2


_CHILD = """
import asyncio, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from pinakes.core import failpoints
from pinakes.testing.fakes import ColourImageEmbedder
from test_picture_vectors import open_in

batches = []

def hook(name):
    if name == "reindex.pictures":
        batches.append(name)
        sys.stdout.write("batch\\n")
        sys.stdout.flush()
        if len(batches) == 2:
            signal.pause()

async def main(folder):
    library = await open_in(folder, ColourImageEmbedder())
    failpoints.set_hook(hook)
    await library.reindex()

asyncio.run(main(Path(sys.argv[1])))
"""


def _reindex_until_killed(folder: Path) -> None:
    command = [sys.executable, "-c", _CHILD, str(folder), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert [child.stdout.readline() for _ in range(2)] == ["batch\n"] * 2
        child.send_signal(signal.SIGKILL)
