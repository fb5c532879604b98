"""Pictures found by what they look like, beside what is written in and about them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from agent_world import EMBEDDER, TERMS, Ask, asking

from pinakes.core.errors import ModelError
from pinakes.core.files import Chunk, FileFilter, ImageFacts, MediaType, Reading
from pinakes.core.ids import derived_id
from pinakes.core.options import TurnOptions
from pinakes.core.plans import StepResult, StepStatus
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.library.picture_indexing import PictureVectors
from pinakes.testing.conform_image_embedder import plain_picture
from pinakes.testing.fakes import ColourImageEmbedder
from pinakes.tools.toolkit import library_tools

RED, GREEN, BLUE = (220, 20, 20), (20, 200, 20), (20, 20, 220)
_ANY = FileFilter()


@pytest.fixture
async def album(tmp_path: Path) -> AsyncIterator[Library]:
    images = ColourImageEmbedder()
    library = Library(
        "a",
        await SqlCatalog.open(tmp_path / "catalog.sqlite", "a"),
        DiskBlobs(tmp_path / "blobs"),
        await EdgeIndex.open(tmp_path / "index" / "text", EMBEDDER.dimensions),
        EMBEDDER,
        TERMS,
        pictures=PictureVectors(
            images, await EdgeIndex.open(tmp_path / "index" / "images", images.dimensions)
        ),
    )
    await _add(library, "IMG_1.jpg", RED, folder="Trips/South")
    await _add(library, "IMG_2.jpg", GREEN)
    await _add(library, "IMG_3.jpg", BLUE, read="SUNSET HOTEL")
    await _add(library, "IMG_4.jpg", RED, caption="Sunset over the bay")
    await library.sync_index()
    yield library
    await library.aclose()


@pytest.fixture
def ask(album: Library) -> Ask:
    return asking(album)


async def _add(
    library: Library,
    name: str,
    colour: tuple[int, int, int],
    *,
    folder: str = "",
    caption: str = "",
    read: str = "",
) -> None:
    record = await library.accept_bytes(
        name.encode(), name, content_type="image/jpeg", media_type=MediaType.IMAGE, folder_path=folder
    )
    facts = ImageFacts(width=300, height=200, format="jpeg", caption=caption or None, visible_text=read)
    said = {"facts": f"Picture {name}. {caption}", "ocr": read}
    chunks = tuple(
        Chunk(id=derived_id(record.id, kind), file_id=record.id, ordinal=n, text=text, kind=kind)
        for n, (kind, text) in enumerate(said.items())
        if text
    )
    thumbnail = await library.blobs.put(plain_picture(colour))
    await library.catalog.store_reading(record.id, Reading(facts=facts, chunks=chunks), thumbnail)


async def names(library: Library, result: StepResult) -> list[str]:
    return [file.filename for file in await library.catalog.get_files(result.file_ids)]


async def test_looks_and_words_are_one_list_and_say_why(ask: Ask, album: Library) -> None:
    result = await ask("image_search", "photos of a sunset")
    found = await names(album, result)
    assert found[0] == "IMG_4.jpg" and sorted(found) == ["IMG_1.jpg", "IMG_3.jpg", "IMG_4.jpg"]
    why = {piece.filename: piece.why for piece in result.evidence}
    assert why["IMG_1.jpg"] == "looks like it (image vectors)"
    assert "looks" not in why["IMG_3.jpg"] and "unset" in why["IMG_3.jpg"].lower()
    assert "looks like it" in why["IMG_4.jpg"] and "unset" in why["IMG_4.jpg"].lower()


async def test_a_picture_without_a_word(ask: Ask, album: Library) -> None:
    result = await ask("image_search", "find pictures of a meadow")
    assert await names(album, result) == ["IMG_2.jpg"]


async def test_selections_and_folders_hold(ask: Ask, album: Library) -> None:
    every = {f.filename: f.id for f in (await album.catalog.list_files(_ANY)).items}
    chosen = TurnOptions(use_all_images=False, image_ids=(every["IMG_2.jpg"], every["IMG_4.jpg"]))
    assert await names(album, await ask("image_search", "photos of a sunset", options=chosen)) == [
        "IMG_4.jpg"
    ]
    south = TurnOptions(folder_paths=("Trips/South",))
    assert await names(album, await ask("image_search", "photos of a sunset", options=south)) == ["IMG_1.jpg"]
    assert await names(album, await ask("image_search", "photos of a meadow", options=south)) == []


async def test_a_number_is_read_not_seen(ask: Ask, album: Library) -> None:
    await _add(album, "IMG_5.jpg", GREEN, read="Sunset 4711")
    await album.sync_index()
    assert await names(album, await ask("image_search", "photos of sunset 4711")) == ["IMG_5.jpg"]


async def test_text_asked_for_is_text(ask: Ask, album: Library) -> None:
    result = await ask("image_search", 'photos with text that says "sunset"')
    assert await names(album, result) == ["IMG_3.jpg"]


async def test_what_it_can_and_cannot_is_said(ask: Ask) -> None:
    result = await ask("image_search", "photos with a castle")
    assert result.status is StepStatus.EMPTY
    [note] = result.notes
    assert "by what they look like (image vectors), but cannot tell what one shows" in note
    assert "by what they look like" in (await ask("chat", "what can you do?")).text


async def test_a_model_that_fails_leaves_the_words(ask: Ask, album: Library) -> None:
    assert album.looks is not None

    async def broken(text: str) -> list[float]:
        raise ModelError("No more.")

    album.looks._pictures.embedder.aembed_query = broken  # type: ignore[method-assign]
    found = await names(album, await ask("image_search", "photos of a sunset"))
    assert sorted(found) == ["IMG_3.jpg", "IMG_4.jpg"]


async def test_deleted_pictures_are_gone_at_once(ask: Ask, album: Library) -> None:
    result = await ask("image_search", "find pictures of a meadow")
    await album.delete(result.file_ids)
    assert (await ask("image_search", "find pictures of a meadow")).status is StepStatus.EMPTY
    await album.restore(result.file_ids)
    assert await names(album, await ask("image_search", "find pictures of a meadow")) == ["IMG_2.jpg"]


async def test_pictures_are_picked_by_their_looks(ask: Ask, album: Library) -> None:
    result = await ask("visual_analysis", "How large is the picture of the meadow?")
    assert await names(album, result) == ["IMG_2.jpg"]


async def test_the_tool_says_so(album: Library) -> None:
    [tool] = [tool for tool in library_tools(album) if tool.name == "search_images"]
    [found] = await tool.ainvoke({"query": "a meadow"})
    assert found["filename"] == "IMG_2.jpg" and found["looks_like_it"] == 1.0 and found["passages"] == []
