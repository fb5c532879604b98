"""Files and folders of a catalog; see `pinakes.testing.conform_catalog`."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from pinakes.core.errors import ResourceNotFoundError, ValidationError
from pinakes.core.files import (
    DESCRIBED_FROM,
    HEARD_FROM,
    Description,
    Failure,
    FileFilter,
    FileRecord,
    FileStatus,
    LinkFacts,
    MediaType,
    Reading,
    Transcript,
    VideoFacts,
    VideoScene,
)
from pinakes.ports.catalog import Catalog
from pinakes.testing.refusal import refused
from pinakes.testing.samples import START, chunk, facts, file, reading

EVERYTHING = FileFilter()


async def ids_of(catalog: Catalog, where: FileFilter = EVERYTHING) -> list[str]:
    """Return the names of matching files, oldest first."""
    return [item.filename for item in (await catalog.list_files(where, order="created_at")).items]


class ConformFiles:
    """The suite's part on files, their status and folders."""

    async def test_add_and_get(self, catalog: Catalog) -> None:
        """A file comes back as it was added, with its folder made."""
        record = file("a.jpg", folder_path="Site/North", tags=("one", "two"), facts=facts(), title="A door")
        added = await catalog.add_file(record)
        assert added.folder_id is not None
        assert added == record.model_copy(update={"folder_id": added.folder_id})
        assert await catalog.get_file(record.id) == added
        assert added.created_at.tzinfo is not None

    async def test_facts_of_videos_and_links(self, catalog: Catalog) -> None:
        """Each kind of file keeps the facts of its kind; a page's address is where it came from."""
        scene = VideoScene(start_s=0.0, end_s=4.5, key_s=2.0, visible_text="EXIT")
        video = VideoFacts(duration_s=4.5, width=640, height=360, format="MP4", codec="h264", scenes=(scene,))
        link = LinkFacts(url="https://example.org/a", domain="example.org", authors=("Ann Lee",))
        for kind, known in ((MediaType.VIDEO, {"video": video}), (MediaType.LINK, {"link": link})):
            record = await catalog.add_file(file(str(kind)).model_copy(update={"media_type": kind}))
            await catalog.store_reading(record.id, Reading.model_validate(known), None)
            kept = await catalog.get_file(record.id)
            assert {"facts": None, **known}.items() <= dict(kept).items()
            assert kept.source == (link.url if kind is MediaType.LINK else record.source)

    async def test_what_models_say_is_kept_beside_what_is_read(self, catalog: Catalog) -> None:
        """Descriptions and transcripts outlive reading anew; each kind of chunk is replaced alone, and counted."""
        record = await catalog.add_file(file("a.jpg"))
        await catalog.store_reading(record.id, reading(record.id, "one", "two"), None)
        await catalog.outbox_done([entry.id for entry in await catalog.outbox()])
        seen = Description(model="m", at=START, title="A door", text="A red door.", tags=("door",))
        heard = Transcript(model="h", at=START, until_s=5.0, utterances=1)
        for words in ("A red door.", "A door."):
            await catalog.store_description(record.id, seen, [chunk(record.id, DESCRIBED_FROM, words)])
        await catalog.store_transcript(record.id, heard, [chunk(record.id, HEARD_FROM, "Hello.")])
        assert [entry.op for entry in await catalog.outbox()] == ["index"]
        await catalog.store_reading(record.id, reading(record.id, "three"), None)
        kept = await catalog.get_file(record.id)
        assert (kept.description, kept.transcript, kept.chunk_count) == (seen, heard, 3)
        assert [c.text for c in await catalog.file_chunks(record.id)] == ["three", "A door.", "Hello."]
        failed = seen.model_copy(update={"failure": Failure(code="MODEL_ERROR", message="No.")})
        await catalog.store_description(record.id, failed, None)
        assert (await catalog.get_file(record.id)).description == failed
        await refused(catalog.store_description("nobody", seen, None), ResourceNotFoundError)

    async def test_unknown_file(self, catalog: Catalog) -> None:
        """A missing file is told apart from an error."""
        await refused(catalog.get_file("nobody"), ResourceNotFoundError)
        assert await catalog.get_files(["nobody"]) == []
        await refused(catalog.set_processing("nobody"), ResourceNotFoundError)
        await refused(catalog.store_reading("nobody", reading("nobody", "x"), None), ResourceNotFoundError)

    async def test_id_taken(self, catalog: Catalog) -> None:
        """An id is given once."""
        await catalog.add_file(file("a"))
        await refused(catalog.add_file(file("a")), ValidationError)

    async def test_get_files_keeps_order(self, catalog: Catalog) -> None:
        """Files come in the order asked; more than a database takes as variables is no problem."""
        added = [await catalog.add_file(file(name)) for name in ("a", "b", "c")]
        wanted = [added[2].id, *(f"unknown {n}" for n in range(40_000)), added[0].id]
        assert [item.filename for item in await catalog.get_files(wanted)] == ["c", "a"]

    async def test_status_and_failure(self, catalog: Catalog) -> None:
        """Pending, processing, failed with a reason, pending again."""
        record = await catalog.add_file(file("a"))
        assert await catalog.unfinished() == [record.id]
        await catalog.set_processing(record.id)
        assert await catalog.unfinished() == [record.id]
        await catalog.set_failed(record.id, Failure(code="CORRUPT_FILE", message="It is."), warnings=["odd"])
        failed = await catalog.get_file(record.id)
        assert failed.status is FileStatus.FAILED
        assert failed.failure == Failure(code="CORRUPT_FILE", message="It is.")
        assert failed.warnings == ("odd",)
        assert failed.updated_at > record.updated_at
        assert await catalog.unfinished() == []
        await catalog.set_pending(record.id)
        assert await catalog.unfinished() == [record.id]
        assert (await catalog.get_file(record.id)).failure is None

    async def test_unfinished_is_oldest_first(self, catalog: Catalog) -> None:
        """What came first is read first."""
        for name, minute in (("late", 9), ("early", 1), ("middle", 5)):
            await catalog.add_file(file(name, minute=minute))
        names = [(await catalog.get_file(file_id)).filename for file_id in await catalog.unfinished()]
        assert names == ["early", "middle", "late"]

    async def test_find_by_hash(self, catalog: Catalog, other: Catalog) -> None:
        """The oldest file with this content, never a deleted one, a failed one last."""
        same = {"sha256": "ab" * 32}
        oldest = await catalog.add_file(file("old", minute=1, **same))
        newer = await catalog.add_file(file("new", minute=2, **same))
        found = await catalog.find_by_hash("ab" * 32)
        assert found is not None
        assert found.id == oldest.id
        assert await other.find_by_hash("ab" * 32) is None
        await catalog.set_failed(oldest.id, Failure(code="X", message="x"))
        assert (await catalog.find_by_hash("ab" * 32) or oldest).id == newer.id
        await catalog.soft_delete([oldest.id, newer.id], START)
        assert await catalog.find_by_hash("ab" * 32) is None

    async def test_list_pages_and_orders(self, catalog: Catalog) -> None:
        """Pages tile the listing; orders are by any plain field; unknown ones are refused."""
        for n in range(7):
            await catalog.add_file(file(f"{n}.txt", minute=n, size_bytes=100 - n))
        first = await catalog.list_files(EVERYTHING, limit=3)
        second = await catalog.list_files(EVERYTHING, limit=3, offset=3)
        assert first.total == second.total == 7
        assert [f.filename for f in (*first.items, *second.items)] == [f"{n}.txt" for n in (6, 5, 4, 3, 2, 1)]
        by_size = await catalog.list_files(EVERYTHING, order="size_bytes", limit=1)
        assert by_size.items[0].filename == "6.txt"
        for order in ("nothing", "-facts", "created_at; drop table files"):
            await refused(catalog.list_files(EVERYTHING, order=order), ValidationError)

    async def test_every_plain_field_orders(self, catalog: Catalog) -> None:
        """Each field of a record that has an order can be asked for."""
        await catalog.add_file(file("a"))
        no_order = {"tags", "failure", "warnings", "facts", "video", "link", "deduplicated"}
        no_order |= {"description", "transcript"}
        for field in set(FileRecord.model_fields) - no_order:
            assert (await catalog.list_files(EVERYTHING, order=f"-{field}")).total == 1

    async def test_soft_delete(self, catalog: Catalog, other: Catalog) -> None:
        """A deleted file is gone from everywhere but `deleted=True`, once, and only for its tenant."""
        record = await catalog.add_file(file("a"))
        await catalog.store_reading(record.id, reading(record.id, "text"), None)
        chunk_id = (await catalog.file_chunks(record.id))[0].id
        assert await other.soft_delete([record.id], START) == 0
        at = START + timedelta(days=1)
        assert await catalog.soft_delete([record.id, "unknown"], at) == 1
        assert await catalog.soft_delete([record.id], at) == 0
        await refused(catalog.get_file(record.id), ResourceNotFoundError)
        assert (await catalog.get_file(record.id, deleted=True)).deleted_at == at
        assert await catalog.get_files([record.id]) == []
        assert (await catalog.list_files(EVERYTHING)).total == 0
        assert await catalog.get_chunks([chunk_id]) == []
        assert await catalog.file_chunks(record.id) == []
        assert (await catalog.inventory()).counts == {}
        await refused(catalog.set_processing(record.id), ResourceNotFoundError)

    async def test_folders(self, catalog: Catalog, other: Catalog) -> None:
        """Folders are made once on the way down, in a tidy form, for one tenant."""
        await catalog.add_file(file("a", folder_path="/A//B/ C /"))
        await catalog.add_file(file("b", folder_path="A/B"))
        folders = {folder.path: folder for folder in await catalog.folders()}
        assert list(folders) == ["A", "A/B", "A/B/C"]
        assert [folder.depth for folder in folders.values()] == [1, 2, 3]
        assert folders["A/B/C"].parent_id == folders["A/B"].id
        assert (await catalog.get_file(file("b").id)).folder_id == folders["A/B"].id
        assert await other.folders() == []

    async def test_folder_limits(self, catalog: Catalog) -> None:
        """Ten deep is fine, eleven is not; names are names."""
        await catalog.add_file(file("deep", folder_path="/".join("abcdefghij")))
        for path in ("/".join("abcdefghijk"), "a/../b", "a/./b", "x" * 256, "a/b\x00c"):
            await refused(catalog.add_file(file("no", folder_path=path)), ValidationError)
        assert (await catalog.list_files(EVERYTHING)).total == 1

    async def test_tags_are_a_set_in_order(self, catalog: Catalog) -> None:
        """Tags keep their order and spelling; the same word in another case is the same tag."""
        added = await catalog.add_file(file("a", tags=("Zebra", " apple ", "zebra", "")))
        assert added.tags == ("Zebra", "apple")

    async def test_tenants_are_apart(self, catalog: Catalog, other: Catalog) -> None:
        """The same id in two tenants is two files."""
        await catalog.add_file(file("same", title="mine"))
        await other.add_file(file("same", title="theirs"))
        assert (await catalog.get_file(file("same").id)).title == "mine"
        await other.set_failed(file("same").id, Failure(code="X", message="x"))
        assert (await catalog.get_file(file("same").id)).status is FileStatus.PENDING
        assert await ids_of(catalog) == await ids_of(other) == ["same"]

    async def test_many_writers(self, catalog: Catalog, other: Catalog) -> None:
        """Concurrent writers and readers wait for each other instead of failing."""
        names = [str(n) for n in range(20)]
        await asyncio.gather(
            *(catalog.add_file(file(name, folder_path=f"in/{int(name) % 3}")) for name in names),
            *(other.add_file(file(name)) for name in names),
            *(catalog.inventory() for _ in names),
        )
        assert (await catalog.list_files(EVERYTHING)).total == 20
        assert len(await catalog.folders()) == 4
