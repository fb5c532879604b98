"""`client.files` beyond uploading: lists, contents, pictures, copies, changes, deletions."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from pictures import picture
from PIL import Image

from pinakes import Pinakes, Settings
from pinakes.core.errors import (
    ConfigurationError,
    PinakesTimeoutError,
    ResourceNotFoundError,
    ValidationError,
)


def local(address: str) -> Path:
    assert address.startswith("file://")
    return Path(unquote(urlparse(address).path))


async def test_what_is_said_of_a_file_is_kept_and_listed_by(client: Pinakes, papers: Path) -> None:
    folder = await client.folders.create("Pumps")
    result = await client.files.upload(
        papers / "manual.md",
        folder_id=folder.id,
        project_id="plant-7",
        content_category="zulassungsbescheid",
        skip_duplicates=True,
    )
    await client.files.upload(papers / "Memos" / "memo.txt")
    details = await client.files.get(result.image_id)
    assert (details.project_id, details.content_category) == ("plant-7", "zulassungsbescheid")
    assert (details.folder_path, details.folder_id) == ("Pumps", folder.id)
    for filters in (
        {"project_id": "plant-7"},
        {"content_category": "zulassungsbescheid"},
        {"folder_id": folder.id},
        {"search": "MANUAL"},
        {"search": "manual", "search_mode": "metadata"},
    ):
        listed = await client.files.list(**filters)
        assert [file.id for file in listed.items] == [result.image_id], filters
    found = await client.files.search("zulassungsbescheid")
    assert found.items[0].document_id == result.image_id
    assert (await client.files.list(has_description=True)).total_count == 0


async def test_bytes_of_a_second_store_are_in_its_folder(settings: Settings, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    async with Pinakes(settings=settings.model_copy(update={"custom_storage": elsewhere})) as client:
        result = await client.files.upload(b"Kept elsewhere.", filename="a.txt", storage_target="custom")
        near = await client.files.upload(b"Kept here.", filename="b.txt")
        assert (await client.files.get(result.image_id)).storage_target == "custom"
        assert [path.read_bytes() for path in elsewhere.rglob("*") if path.is_file()] == [b"Kept elsewhere."]
        assert await client.files.download(result.image_id) == b"Kept elsewhere."
        assert await client.files.download(near.image_id) == b"Kept here."
    async with Pinakes(settings=settings) as client:
        with pytest.raises(ConfigurationError, match="custom_storage"):
            await client.files.upload(b"x", filename="c.txt", storage_target="custom")
        with pytest.raises(ValidationError):
            await client.files.upload(b"x", filename="c.txt", storage_target="cloud")


async def test_text_chunks_and_pages(client: Pinakes, papers: Path) -> None:
    file_id = (await client.files.upload(papers / "manual.md")).image_id
    text = await client.files.get_text(file_id)
    assert "lithium grease" in text["text"] and text["char_count"] == len(text["text"])
    assert text["document_id"] == file_id
    chunks = await client.files.get_chunks(file_id, include_embeddings=True)
    assert chunks["total_chunks"] == len(chunks["chunks"]) >= 1
    assert len(chunks["chunks"][0]["embedding"]) == 384
    assert "embedding" not in (await client.files.get_chunks(file_id))["chunks"][0]
    status = await client.files.get_digitization_status(file_id)
    assert status["status"] == "completed" and "pages" not in status
    whole = await client.files.get_digitization(file_id)
    [page] = whole["pages"]
    assert page["element_count"] == len(page["elements"])
    assert page["elements"][0]["type"] == "heading"
    assert page["elements"][0]["content"] == "Pump P-104 manual"
    assert (await client.files.get_digitization_page(file_id, page_number=1))["elements"] == page["elements"]
    with pytest.raises(ResourceNotFoundError):
        await client.files.get_digitization_page(file_id, page_number=2)


async def test_pairs_of_key_and_value_are_told_apart(client: Pinakes) -> None:
    content = (
        b"# Data sheet\n\nSerial number: 4711-B\n\nRead the manual before use; it says: be careful, always.\n"
    )
    file_id = (await client.files.upload(content, filename="sheet.md")).image_id
    [page] = (await client.files.get_digitization(file_id))["pages"]
    pairs = [(e["key"], e["value"]) for e in page["elements"] if e["type"] == "key_value"]
    assert pairs == [("Serial number", "4711-B")]


async def test_variants_thumbnails_and_copies(client: Pinakes, tmp_path: Path) -> None:
    content = picture(("red", 50), ("blue", 50))
    file_id = (await client.files.upload(content, filename="a b.png")).image_id
    details = await client.files.get(file_id)
    assert details.variant_count == 0 and details.dimensions == {"width": 1200, "height": 900}
    assert local(str(details.full_url)).read_bytes() == content
    for name, side in (("tiny_64", 64), ("medium_750", 750), ("large_1024", 1024)):
        with Image.open(local(await client.files.get_variant(file_id, name))) as variant:
            assert max(variant.size) == side
    assert local(await client.files.get_variant(file_id, "original")).read_bytes() == content
    made = await client.files.trigger_variant_generation(file_id)
    assert made["variant_count"] == 4 and (await client.files.get(file_id)).medium_url
    with Image.open(BytesIO(await client.files.get_thumbnail(file_id))) as thumbnail:
        assert max(thumbnail.size) == 512
    with pytest.raises(ValidationError):
        await client.files.get_variant(file_id, "huge")
    copy = local(await client.files.download_url(file_id))
    assert copy.name == "a b.png" and copy.read_bytes() == content
    copy.write_bytes(b"edited")
    assert await client.files.download(file_id) == content
    assert local(await client.files.download_url(file_id)).read_bytes() == content
    assert (await client.files.download_to(file_id, tmp_path)) == tmp_path / "a b.png"
    text_id = (await client.files.upload(b"Words.", filename="w.txt")).image_id
    for call in (client.files.get_variant(text_id), client.files.get_thumbnail(text_id)):
        with pytest.raises(ResourceNotFoundError):
            await call


async def test_titles_and_tags(client: Pinakes, papers: Path) -> None:
    file_id = (await client.files.upload(papers / "manual.md", tags=["old"])).image_id
    updated = await client.files.update(file_id, title="Handbook", tags=["new", "pump"])
    assert (updated.title, updated.tags) == ("Handbook", ["new", "pump"])
    assert (await client.files.list(search="handbook", search_mode="metadata")).total_count == 1
    assert (await client.files.search("handbook")).items
    await client.undo()
    assert (await client.files.get(file_id)).tags == ["old"]
    await client.files.update(file_id, tags=["protected"])
    assert (await client.files.update(file_id, tags=[])).tags == []
    with pytest.raises(ValidationError):
        await client.files.update(file_id, title="x" * 256)
    with pytest.raises(ValidationError):
        await client.files.update(file_id, tags=[f"t{n}" for n in range(41)])
    with pytest.raises(ResourceNotFoundError):
        await client.files.update("nobody", title="x")


async def test_deleting_and_restoring(client: Pinakes, papers: Path) -> None:
    ids = [result.image_id for result in await client.files.upload_batch(papers)]
    deleted = await client.files.delete(ids[0])
    assert deleted.id == ids[0] and deleted.deleted_at
    assert (await client.files.restore(ids[0])).restored == 1
    several = await client.files.batch_delete([*ids, "nobody"])
    assert several.summary == {"total": 3, "deleted": 2, "skipped": 1, "failed": 0}
    assert (await client.files.list()).total_count == 0
    await client.undo()
    assert (await client.files.list()).total_count == 2
    with pytest.raises(ValidationError):
        await client.files.batch_delete([])


async def test_waiting_has_an_end(client: Pinakes, papers: Path, reading_gate: asyncio.Event) -> None:
    result = await client.files.upload(papers / "manual.md", wait=False)
    with pytest.raises(PinakesTimeoutError):
        await client.files.wait_for_processing(result.image_id, timeout=0.001)
    reading_gate.set()
    status = await client.files.wait_for_processing(result.image_id)
    assert status.is_completed and status.chunk_count
