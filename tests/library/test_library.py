from __future__ import annotations

import asyncio
import base64
import shutil
from pathlib import Path
from typing import Any

import pytest

from pinakes.core.errors import (
    LibraryLockedError,
    ModelError,
    PathError,
    ResourceNotFoundError,
    ValidationError,
)
from pinakes.core.evidence import Evidence
from pinakes.core.files import Failure, FileRecord, FileStatus, MediaType
from pinakes.library.library import Library
from pinakes.library.lock import FolderLock
from pinakes.testing.fakes import HashEmbedder
from pinakes.testing.samples import picture, reading

TEXT: dict[str, Any] = {"content_type": "text/plain", "media_type": MediaType.DOCUMENT}


async def _add(library: Library, name: str, *texts: str, **fields: Any) -> FileRecord:
    record = await library.accept_bytes(name.encode(), name, **TEXT)
    await library.store_reading(record.id, reading(record.id, *texts, **fields))
    return await library.catalog.get_file(record.id)


async def _found(library: Library, query: str) -> list[str]:
    return [hit.chunk.text for hit in await library.search(query)]


class TestAccepting:
    async def test_a_path(self, library: Library, tmp_path: Path) -> None:
        path = tmp_path / "note.txt"
        path.write_text("hello")
        record = await library.accept_path(path, folder_path="In", tags=("t",), title="T", **TEXT)
        assert (record.filename, record.folder_path, record.tags, record.title) == (
            "note.txt",
            "In",
            ("t",),
            "T",
        )
        assert (record.status, record.size_bytes, record.source) == (FileStatus.PENDING, 5, str(path))
        assert await library.content(record.id) == b"hello"

    async def test_known_content(self, library: Library) -> None:
        first = await library.accept_bytes(b"same", "a.txt", **TEXT)
        again = await library.accept_bytes(b"same", "b.txt", **TEXT)
        assert again == first.model_copy(update={"deduplicated": True})
        second = await library.accept_bytes(b"same", "b.txt", skip_duplicates=False, **TEXT)
        assert (second.id != first.id, second.deduplicated) == (True, False)
        assert second.sha256 == first.sha256

    async def test_known_content_at_once(self, library: Library) -> None:
        records = await asyncio.gather(*(library.accept_bytes(b"x", f"{n}.txt", **TEXT) for n in range(8)))
        assert len({record.id for record in records}) == 1
        assert sum(not record.deduplicated for record in records) == 1

    async def test_content_that_failed_is_tried_again(self, library: Library) -> None:
        record = await library.accept_bytes(b"x", "a.txt", **TEXT)
        await library.catalog.set_failed(record.id, Failure(code="READ_TIMEOUT", message="Slow."))
        again = await library.accept_bytes(b"x", "a.txt", **TEXT)
        assert (again.id, again.status, again.failure) == (record.id, FileStatus.PENDING, None)
        assert not again.deduplicated
        assert await library.catalog.unfinished() == [record.id]

    async def test_names_are_no_paths(self, library: Library) -> None:
        assert (await library.accept_bytes(b"1", "../../etc/passwd", **TEXT)).filename == "passwd"
        assert (await library.accept_bytes(b"2", "C:\\docs\\a.txt", **TEXT)).filename == "a.txt"
        for name in ("", "/", "x" * 256):
            with pytest.raises(ValidationError):
                await library.accept_bytes(b"3", name, **TEXT)

    async def test_a_missing_path(self, library: Library, tmp_path: Path) -> None:
        with pytest.raises(PathError):
            await library.accept_path(tmp_path / "missing", **TEXT)


class TestSearching:
    async def test_what_was_stored_is_found(self, library: Library) -> None:
        await _add(library, "a.txt", "pumps need oil", "invoices are paid in March")
        assert (await _found(library, "invoices in March"))[0] == "invoices are paid in March"

    async def test_deleted_files_are_not_found(self, library: Library) -> None:
        record = await _add(library, "a.txt", "pumps need oil")
        assert await library.delete([record.id]) == 1
        assert await _found(library, "pumps need oil") == []
        assert await library.index.count("a") == 0

    async def test_deleted_files_are_not_found_while_the_index_lags(self, library: Library) -> None:
        record = await _add(library, "a.txt", "pumps need oil")
        await library.catalog.soft_delete([record.id], record.created_at)
        assert await library.index.count("a") == 1
        assert await _found(library, "pumps need oil") == []

    async def test_reading_again_replaces_what_is_found(self, library: Library) -> None:
        record = await _add(library, "a.txt", "pumps need oil", "valves need care", "seals wear")
        await library.store_reading(record.id, reading(record.id, "cats sleep"))
        assert await library.index.count("a") == 1
        assert await _found(library, "cats") == ["cats sleep"]

    async def test_failed_files_leave_the_index(self, library: Library) -> None:
        record = await _add(library, "a.txt", "pumps need oil")
        await library.catalog.set_failed(record.id, Failure(code="X", message="x"))
        assert await _found(library, "pumps") == []
        await library.sync_index()
        assert await library.index.count("a") == 0


class TestIndexing:
    async def test_batches_and_progress(self, library: Library) -> None:
        one = await library.accept_bytes(b"1", "1.txt", **TEXT)
        two = await library.accept_bytes(b"2", "2.txt", **TEXT)
        many = reading(one.id, *(f"text {n}" for n in range(600)))
        await library.catalog.store_reading(one.id, many, None)
        await library.catalog.store_reading(two.id, reading(two.id, "more"), None)
        seen: list[tuple[int, int]] = []
        assert await library.sync_index(lambda done, total: seen.append((done, total))) == 2
        assert seen[0] == (64, 601)
        assert seen[-1] == (601, 601)
        assert len(seen) == 10
        assert await library.index.count("a") == 601

    async def test_many_at_once(self, library: Library) -> None:
        await asyncio.gather(*(_add(library, f"{n}.txt", f"text {n}") for n in range(20)))
        assert await library.index.count("a") == 20
        assert await library.catalog.outbox() == []

    async def test_a_failing_embedder_loses_nothing(self, library: Library) -> None:
        working = library.embedder.aembed_documents

        async def broken(texts: list[str]) -> list[list[float]]:
            raise ModelError("The model is not there.")

        library.embedder.aembed_documents = broken  # type: ignore[method-assign]
        with pytest.raises(ModelError):
            await _add(library, "a.txt", "pumps need oil")
        library.embedder.aembed_documents = working  # type: ignore[method-assign]
        assert await library.sync_index() == 1
        assert await _found(library, "pumps") == ["pumps need oil"]

    async def test_another_embedder_rebuilds(self, open_library: Any) -> None:
        first = await open_library()
        await _add(first, "a.txt", "pumps need oil", "valves")
        await first.aclose()
        embedder = HashEmbedder(version=2)
        second = await open_library(embedder)
        assert (await _found(second, "pumps need oil"))[0] == "pumps need oil"
        assert embedder.texts_embedded == 2

    async def test_another_size_rebuilds(self, open_library: Any) -> None:
        first = await open_library()
        await _add(first, "a.txt", "pumps need oil")
        await first.aclose()
        second = await open_library(HashEmbedder(dimensions=32))
        assert await _found(second, "pumps") == ["pumps need oil"]

    async def test_a_lost_index_is_rebuilt(self, open_library: Any, tmp_path: Path) -> None:
        first = await open_library()
        await _add(first, "a.txt", "pumps need oil")
        await first.aclose()
        shutil.rmtree(tmp_path / "index")
        assert await _found(await open_library(), "pumps") == ["pumps need oil"]

    async def test_rebuilding_on_demand(self, library: Library) -> None:
        await _add(library, "a.txt", "pumps need oil", "valves")
        await library.index.clear("a")
        assert await library.reindex(fresh=True) == 1
        assert await library.index.count("a") == 2

    async def test_a_complete_index_is_left_alone(self, open_library: Any) -> None:
        first = await open_library()
        await _add(first, "a.txt", "pumps need oil")
        await first.aclose()
        embedder = HashEmbedder()
        second = await open_library(embedder)
        assert await _found(second, "pumps") == ["pumps need oil"]
        assert embedder.texts_embedded == 0


class TestReadingBack:
    async def test_neighbours(self, library: Library) -> None:
        record = await _add(library, "a.txt", *"abcde")
        chunks = await library.catalog.file_chunks(record.id)
        around = [[c.text for c in await library.neighbours(chunks[n], before=2, after=1)] for n in (0, 2, 4)]
        assert around == [["b"], ["a", "b", "d"], ["c", "d"]]
        assert await library.neighbours(chunks[1], before=0, after=0) == []

    async def test_thumbnail(self, library: Library) -> None:
        record = await _add(library, "a.jpg", thumbnail=base64.b64encode(b"jpeg").decode())
        assert await library.thumbnail(record.id) == b"jpeg"
        assert await library.thumbnail((await _add(library, "b.txt", "x")).id) is None
        with pytest.raises(ResourceNotFoundError):
            await library.thumbnail("unknown")

    async def test_passages(self, library: Library) -> None:
        record = await _add(library, "a.txt", "pumps need oil")
        photo = await library.accept_bytes(
            b"photo", "p.jpg", content_type="image/jpeg", media_type=MediaType.IMAGE
        )
        await library.store_reading(photo.id, picture(photo.id, caption="A red door"))
        gone = await _add(library, "gone.txt", "gone")
        chunk_id = (await library.catalog.file_chunks(record.id))[0].id
        await library.delete([gone.id])
        evidence = [
            Evidence(id="1", media_type=MediaType.IMAGE, file_id=photo.id, filename="p.jpg"),
            Evidence(id="2", media_type=MediaType.DOCUMENT, file_id=gone.id, filename="gone.txt"),
            Evidence(
                id="3", media_type=MediaType.DOCUMENT, file_id=record.id, filename="a.txt", chunk_id=chunk_id
            ),
        ]
        passages = await library.passages(evidence)
        assert [passage.evidence.id for passage in passages] == ["1", "3"]
        assert passages[0].text == "A red door\ntaken on 2025-05-04 with Fujifilm X-T5\nNO ENTRY"
        assert (passages[1].text, passages[1].kind) == ("pumps need oil", "text")


class TestLock:
    def test_one_holder(self, tmp_path: Path) -> None:
        folder = tmp_path / "library"
        with FolderLock(folder):
            with pytest.raises(
                LibraryLockedError, match="close it, or use another library folder"
            ) as refused:
                FolderLock(folder).acquire()
            assert isinstance(refused.value.details["pid"], int)
        with FolderLock(folder):
            pass

    def test_releasing_twice(self, tmp_path: Path) -> None:
        lock = FolderLock(tmp_path)
        lock.acquire()
        lock.release()
        lock.release()


class TestDeleting:
    async def test_is_journaled_and_taken_back(self, library: Library) -> None:
        one, two = await _add(library, "a.txt", "pumps need oil"), await _add(library, "b.txt", "other")
        assert await library.delete([one.id, one.id, "unknown"]) == 1
        assert await library.delete([one.id]) == 0
        (entry,) = await library.catalog.history()
        assert (entry.description, [c.file_id for c in entry.changes]) == ("Delete a.txt", [one.id])
        await library.apply_changes(await library.undo_changes(plan_id="u"))
        assert await _found(library, "pumps need oil")
        assert await library.delete([one.id, two.id]) == 2
        assert (await library.catalog.history())[0].description == "Delete 2 files"

    async def test_at_the_same_time(self, library: Library) -> None:
        records = [await _add(library, f"{n}.txt", f"text {n}") for n in range(6)]
        ids = [record.id for record in records]
        deleted = await asyncio.gather(*(library.delete(ids) for _ in range(4)))
        assert sum(deleted) == 6
