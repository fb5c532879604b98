"""What code written for the hosted client meets here: hostile names and arguments, and results used like lists."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from pictures import picture

from pinakes import Pinakes, PinakesError
from pinakes.client.copies import Copies
from pinakes.client.settings import Settings
from pinakes.core.errors import (
    BatchError,
    ResourceNotFoundError,
    UnsupportedFileError,
    ValidationError,
)
from pinakes.core.user_files import FileList, UserFile
from pinakes.core.value import Value
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers.docx import read

KINDS = [
    "agent_results",
    "colors",
    "documents",
    "folders",
    "links",
    "pipelines",
    "sessions",
    "uploads",
    "videos",
]
TUPLES = {
    "Palette.colours",  # kept, and never given out
    "PipelineStep.depends_on",  # as the hosted one
}

HALF = "a\ud800b"
"""Half a character, as broken JSON and odd file systems give them."""

Call = Callable[[Pinakes], Awaitable[object]]

REFUSED: dict[str, Call] = {
    "limit as text": lambda c: c.files.list(limit="5"),  # type: ignore[arg-type]
    "no limit": lambda c: c.files.list(limit=None),  # type: ignore[arg-type]
    "unknown order": lambda c: c.files.list(sort_by="deleted_at; drop table files"),
    "no order": lambda c: c.files.list(sort_by=None),  # type: ignore[arg-type]
    "no date": lambda c: c.files.list(date_from="not a date"),  # type: ignore[arg-type]
    "ids as numbers": lambda c: c.files.list(ids=[1]),  # type: ignore[list-item]
    "half a word": lambda c: c.files.list(search=HALF),
    "a zero byte": lambda c: c.files.list(search="\0"),
    "endless words": lambda c: c.files.list(search="x" * 60_000),
    "half an id": lambda c: c.files.get(HALF),
    "half a query": lambda c: c.files.search(HALF),
    "no query": lambda c: c.files.search(None),  # type: ignore[arg-type]
    "negative batches": lambda c: c.files.list_batches(offset=-1),
    "no file": lambda c: c.files.upload(None),  # type: ignore[arg-type]
    "a number": lambda c: c.files.upload_batch(5),  # type: ignore[arg-type]
    "a path with a zero byte": lambda c: c.files.upload("a\0b"),
    "dots for a name": lambda c: c.files.upload(b"text", filename=".."),
    "spaces for a name": lambda c: c.files.upload(b"text", filename="   "),
    "a long name": lambda c: c.files.upload(b"text", filename="y" * 300),
    "a long title": lambda c: c.files.upload(b"text", filename="a.txt", title="z" * 400),
    "half a tag": lambda c: c.files.upload(b"text", filename="a.txt", tags=[HALF]),
    "no folder name": lambda c: c.folders.create(None),  # type: ignore[arg-type]
    "a word for a file": lambda c: c.documents.batch_prepare(["x"]),  # type: ignore[list-item]
    "no images": lambda c: c.agent_operations.organize("Move all to X", image_ids=[]),
    "a strange document": lambda c: c.agent_operations.analyze_documents("Sum up", ["nope"]),
    "no documents": lambda c: c.agent_operations.analyze_documents("Sum up", []),
    "half a question": lambda c: c.agent_search.documents(HALF),
    "too many images": lambda c: c.agent_search.images("cats", image_ids=["x"] * 1001),
    "no intent": lambda c: c.pipeline().search_documents("").run(),
    "a long intent": lambda c: c.pipeline().search_documents("x" * 3000).run(),
}


@pytest.fixture
async def stocked(client: Pinakes, papers: Path) -> AsyncIterator[Pinakes]:
    await client.files.upload_batch(papers)
    yield client


async def test_what_cannot_be_meant_is_refused_in_our_words(client: Pinakes) -> None:
    for name, call in REFUSED.items():
        with pytest.raises(PinakesError) as told:
            await call(client)
        assert told.value.message.endswith("."), name
        assert "pydantic" not in told.value.message, name
    assert (await client.status()).counts == {}


async def test_names_from_anywhere_become_names_that_can_be_shown(client: Pinakes, tmp_path: Path) -> None:
    names = {
        "../../etc/x.txt": "x.txt",
        "C:\\notes.txt": "notes.txt",
        "two\nlines.txt": "two_lines.txt",
        "zero\0.txt": "zero_.txt",
        f"{HALF}.txt": "a_b.txt",
        "\u202egpj.txt": "_gpj.txt",
        "🎉.txt": "🎉.txt",
        ".hidden.txt": ".hidden.txt",
    }
    for given, kept in names.items():
        uploaded = await client.files.upload(f"about {kept}".encode(), filename=given, wait=False)
        assert uploaded.filename == kept
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "fine.txt").write_text("fine")
    secret = tmp_path / "secret.txt"
    secret.write_text("not meant")
    (folder / "out.txt").symlink_to(secret)
    (folder / "again.txt").symlink_to(folder / "fine.txt")
    (folder / os.fsdecode(b"bad\xff.txt")).write_text("a name that is no text")
    results = await client.files.upload_batch(folder, wait=False)
    assert len(results) == 4 and {"bad_.txt", "out.txt"} <= {result.filename for result in results}
    assert [result.filename for result in results.failed()] == ["out.txt"]
    assert "leads out of the folder" in str(results.failed()[0].description_error)


async def test_documents_are_documents(client: Pinakes) -> None:
    with pytest.raises(UnsupportedFileError, match="is of kind image"):
        await client.documents.upload_one(picture(("red", 100)), filename="red.png")
    results = await client.documents.upload(
        [picture(("red", 100)), b"some words"], filenames=["red.png", "words.txt"], raise_on_failure=False
    )
    assert [result.is_failed for result in results] == [True, False]
    assert results[1].size_bytes == 10 and results[1].chunk_count == 1
    assert (await client.status()).counts == {"document": 1}


async def test_a_cancelled_batch_waits_for_nothing(client: Pinakes) -> None:
    batch = await client.documents.batch_prepare([{"filename": "late.txt", "size_bytes": 4}])
    cancelled = await client.files.cancel_batch(batch.batch_id)
    assert (cancelled.pending_count, cancelled.failed_count) == (0, 1)
    with pytest.raises(BatchError, match="cancelled"):
        await client.documents.confirm_upload(batch.files[0].object_key, 4, "text/plain")
    assert (await client.documents.batch_status(batch.batch_id)).is_complete
    with pytest.raises(ResourceNotFoundError):
        await client.files.cancel_batch("nope")


async def test_lists_in_results_are_lists(stocked: Pinakes) -> None:
    [file] = (await stocked.files.list(search="memo")).files
    assert (await stocked.files.update(file.id, tags=["belt"])).tags == ["belt"]
    found = await stocked.files.get(file.id)
    await stocked.files.update(file.id, tags=(found.tags or []) + ["reviewed"])
    assert (await stocked.files.list(tags=["reviewed"])).files[0].tags == ["belt", "reviewed"]
    pages = (await stocked.files.list(limit=1)).files + (await stocked.files.list(limit=1, offset=1)).files
    assert len(pages) == 2 and (await stocked.files.list(offset=9)).files == []
    (await stocked.chats.list_sessions()).items.sort(key=lambda session: session.title)


def test_no_result_holds_a_tuple_where_the_hosted_has_a_list() -> None:
    modules = [importlib.import_module(f"pinakes.core.{kind}") for kind in (*KINDS, "user_files")]
    found = {
        f"{cls.__name__}.{name}"
        for module in modules
        for cls in vars(module).values()
        if isinstance(cls, type) and issubclass(cls, Value) and cls.__module__ == module.__name__
        for name, field in cls.model_fields.items()
        if ", ...]" in str(field.annotation)
    }
    assert found == TUPLES


async def test_a_change_of_a_session_tells_what_it_is_now(stocked: Pinakes) -> None:
    async with stocked.chat_session(title="Old") as session:
        told = await session.update_images([])
        assert (
            told["selected_image_ids"] == told["selected_video_ids"] == [] and told["estimated_tokens"] == 0
        )
        told = await session.update_documents(["d1"])
        assert (told["selected_document_ids"], told["document_count"]) == (["d1"], 1)
        told = await session.update_videos(["v1", "v2"])
        assert (told["selected_video_ids"], told["video_count"]) == (["v1", "v2"], 2)
        told = await stocked.chats.update_mode(session.id, False)
        assert (told["use_all_images"], told["selected_image_count"]) == (False, 0)
        told = await stocked.chats.rename_session(session.id, "New")
        assert told["title"] == "New" and datetime.fromisoformat(told["updated_at"])
        assert (await stocked.chats.get_session(session.id)).session.remaining_messages > 1000
    told = await stocked.chats.close_session(session.id)
    assert (told["total_messages"], told["total_tokens"]) == (0, 0) and datetime.fromisoformat(
        told["closed_at"]
    )


async def test_results_are_lists_too(stocked: Pinakes) -> None:
    files = await stocked.files.list()
    assert len(files) == 2 and {file.filename for file in files} == {"manual.md", "memo.txt"}
    assert files[0] == files.items[0]
    assert not await stocked.files.list(search="nothing of the kind")
    assert [passage.document_filename for passage in await stocked.files.search("conveyor motor", limit=1)]
    found = await stocked.agent_search.documents("conveyor motor")
    assert len(found) == found.count > 0 and found[0].document_filename == "memo.txt"
    assert len(await stocked.folders.tree()) == 2
    run = await stocked.pipeline().search_documents("conveyor motor").run()
    assert "memo.txt" in str(run.final.summary)


def test_values_print_what_they_have() -> None:
    file = UserFile(
        id="1", size_bytes=5, filename="a.jpg", thumbnail_url="data:image/jpeg;base64," + "A" * 5000
    )
    told = repr(FileList(files=[file], total_count=1))
    assert "a.jpg" in told and "None" not in told and len(told) < 400


async def test_an_update_is_whole(stocked: Pinakes) -> None:
    [file] = (await stocked.files.list(search="memo")).files
    with pytest.raises(PinakesError):
        await stocked.files.update(file.id, title="Another", tags=["t" * 300])
    assert (await stocked.files.get(file.id)).title == file.title
    assert (await stocked.files.update(file.id, tags="motor")).tags == ["motor"]


async def test_what_is_named_is_all_that_is_touched(stocked: Pinakes) -> None:
    image = (await stocked.files.upload(picture(("red", 100)), filename="red.png")).image_id
    done = await stocked.agent_operations.organize("Move all files to Chosen", image_ids=[image])
    assert done.files_moved == 1
    inside = await stocked.files.list(folder_path="Chosen")
    assert [file.id for file in inside] == [image]
    with pytest.raises(ResourceNotFoundError):
        await stocked.agent_operations.analyze_documents("Sum up", [image])


async def test_reports_on_named_documents(stocked: Pinakes) -> None:
    [memo] = (await stocked.files.list(search="memo")).files
    report = await stocked.agent_operations.synthesize("Summarise these documents", document_ids=[memo.id])
    assert "conveyor" in report.report and report.document_count == 1
    saved = await stocked.agent_operations.synthesize("Report on the pump's vibration", auto_save=True)
    assert saved.saved_document_id and "Save" not in saved.report


async def test_old_copies_go_when_a_library_opens(settings: Settings) -> None:
    cache = settings.folder / "cache"
    old, kept = cache / "variants" / "ab" / "old.jpg", cache / "variants" / "ab" / "new.jpg"
    handed_out = cache / "exports" / "id"
    for path in (old, kept, handed_out / "a.txt"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    long_ago = time.time() - 40 * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    os.utime(handed_out, (long_ago, long_ago))
    Copies(None, cache).sweep()  # type: ignore[arg-type]
    assert not old.exists() and not handed_out.exists() and kept.exists()


def test_a_word_file_without_properties_has_no_date(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Words without a date.")
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("core-properties"):
            del package.rels[key]
    document.save(str(tmp_path / "bare.docx"))
    assert read(tmp_path / "bare.docx", "f", ReadOptions()).content_created_at is None


async def test_pages_of_pictures(client: Pinakes) -> None:
    image = (await client.files.upload(picture(("red", 100)), filename="red.png")).image_id
    whole = await client.files.get_digitization(image)
    assert [page["page_number"] for page in whole["pages"]] == [1]
    with pytest.raises(ResourceNotFoundError):
        await client.files.get_digitization_page(image, 99)
    with pytest.raises(ValidationError):
        await client.documents.batch_prepare([{"filename": "a\0.txt", "size_bytes": 4}])
