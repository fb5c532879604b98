from __future__ import annotations

from pathlib import Path

import pytest

from pinakes import Pinakes, Settings
from pinakes.core.errors import (
    CorruptFileError,
    EmptyFileError,
    PathError,
    PinakesError,
    ResourceNotFoundError,
    UnsupportedFileError,
    ValidationError,
)

pytestmark = pytest.mark.reader_processes


async def test_an_upload_returns_when_it_is_searchable(client: Pinakes, papers: Path) -> None:
    result = await client.files.upload(papers / "manual.md", tags=["pump"])
    assert result.is_completed and result.tags == ["pump"]
    [hit, *_] = (await client.files.search("how often is grease needed")).items
    assert hit.document_id == result.image_id
    assert "2,000 hours" in hit.content


async def test_search_finds_by_meaning(client: Pinakes, papers: Path) -> None:
    await client.files.upload_batch(papers)
    found = await client.files.search("damaged equipment", limit=5)
    assert found.items[0].document_filename == "memo.txt"


async def test_known_content_is_answered_with_the_file_already_there(client: Pinakes, papers: Path) -> None:
    first = await client.files.upload(papers / "manual.md")
    again = await client.files.upload((papers / "manual.md").read_bytes(), filename="copy.md")
    assert again.deduplicated and again.image_id == first.image_id
    kept = await client.files.upload(papers / "manual.md", filename="copy.md", skip_duplicates=False)
    assert kept.image_id != first.image_id
    assert (await client.files.list()).total_count == 2


async def test_a_folder_becomes_folders_of_the_library(client: Pinakes, papers: Path) -> None:
    results = await client.files.upload_batch(papers)
    assert results.summary() == "2 succeeded"
    places = {file.filename: file.folder_path for file in (await client.files.list()).items}
    assert places == {"manual.md": "papers", "memo.txt": "papers/Memos"}
    inside = await client.files.list(folder_path="papers/Memos")
    assert [file.filename for file in inside.items] == ["memo.txt"]


async def test_one_bad_file_never_stops_a_batch(client: Pinakes, papers: Path) -> None:
    (papers / "empty.txt").write_bytes(b"")
    (papers / "garbage.pdf").write_bytes(b"%PDF-1.7\nthis is not a pdf")
    (papers / "thing.bin").write_bytes(bytes(range(256)) * 20)
    done: list[int] = []
    results = await client.files.upload_batch(
        [papers, papers / "missing.txt"], on_file_complete=lambda event: done.append(event.completed_count)
    )
    reasons = {r.filename: r.description_error_type for r in results.failed()}
    assert reasons == {
        "empty.txt": "EMPTY_FILE",
        "garbage.pdf": "CORRUPT_FILE",
        "thing.bin": "UNSUPPORTED_FILE",
        "missing.txt": "PATH_UNREADABLE",
    }
    assert results.succeeded_count == 2 and done == [1, 2, 3, 4, 5, 6]
    assert all(r.description_error.endswith(".") for r in results.failed() if r.description_error)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("empty.txt", b"", EmptyFileError),
        ("blank.txt", b" \n\t ", EmptyFileError),
        ("broken.pdf", b"%PDF-1.4\n1 0 obj", CorruptFileError),
        ("broken.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, CorruptFileError),
        ("unknown.bin", bytes(range(256)) * 8, UnsupportedFileError),
    ],
)
async def test_a_single_bad_file_raises_its_reason(
    client: Pinakes, name: str, content: bytes, error: type[PinakesError]
) -> None:
    with pytest.raises(error) as raised:
        await client.files.upload(content, filename=name)
    assert raised.value.message


async def test_paths_that_are_no_files_are_refused(client: Pinakes, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.pdf"):
        with pytest.raises(PathError):
            await client.files.upload(path)
    with pytest.raises(ValidationError):
        await client.files.upload(b"no name")


async def test_uploads_that_did_not_wait_are_there_after_coming_back(
    settings: Settings, papers: Path
) -> None:
    async with Pinakes(settings=settings) as client:
        result = await client.files.upload(papers / "manual.md", wait=False)
    async with Pinakes(settings=settings) as client:
        assert (await client.files.wait_for_processing(result.image_id)).is_completed
        assert (await client.files.search("grease")).items


async def test_details_status_download_and_delete(client: Pinakes, papers: Path) -> None:
    result = await client.files.upload(papers / "manual.md")
    details = await client.files.get(result.image_id)
    assert details.document_type == "md" and details.hash == result.object_key
    status = await client.files.get_processing_status(result.image_id)
    assert status.is_completed and (status.chunk_count or 0) >= 1
    assert await client.files.download(result.image_id) == (papers / "manual.md").read_bytes()
    await client.files.delete(result.image_id)
    with pytest.raises(ResourceNotFoundError):
        await client.files.get(result.image_id)
    assert (await client.files.search("grease")).items == []


async def test_arguments_outside_their_limits_are_refused(client: Pinakes) -> None:
    for call in (
        client.files.search(""),
        client.files.search("x" * 2001),
        client.files.search("x", limit=501),
        client.files.list(limit=0),
        client.files.list(media_types=["sound"]),
    ):
        with pytest.raises(ValidationError):
            await call


async def test_all_files_are_listed_page_by_page(client: Pinakes, papers: Path) -> None:
    await client.files.upload_batch(papers)
    assert len([file async for file in client.files.list_all(page_size=1)]) == 2


async def test_status_tells_what_the_library_holds(client: Pinakes, papers: Path) -> None:
    await client.files.upload_batch(papers)
    status = await client.status()
    assert status.counts == {"document": 2} and status.writer == "local" and status.chunks >= 2
