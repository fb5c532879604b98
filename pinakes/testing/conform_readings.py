"""What was read from files, and the outbox; see `pinakes.testing.conform_catalog`."""

from __future__ import annotations

from datetime import UTC, datetime

from pinakes.core.files import Element, Failure, FileStatus, Reading
from pinakes.ports.catalog import Catalog
from pinakes.testing.samples import START, chunk, facts, file, picture, reading


class ConformReadings:
    """The suite's part on readings, chunks, elements and the outbox."""

    async def test_store_reading(self, catalog: Catalog) -> None:
        """All that was read comes back, and the file is completed."""
        record = await catalog.add_file(file("a.pdf"))
        made = reading(record.id, "one", "two", "three", pages=2, title="T", warnings=("odd",))
        made = made.model_copy(update={"content_created_at": datetime(2024, 2, 3, tzinfo=UTC)})
        await catalog.store_reading(record.id, made, "ab" * 32)
        stored = await catalog.get_file(record.id)
        assert stored.status is FileStatus.COMPLETED
        assert (stored.page_count, stored.chunk_count, stored.language) == (2, 3, "en")
        assert (stored.title, stored.warnings, stored.thumbnail_sha256) == ("T", ("odd",), "ab" * 32)
        assert stored.content_created_at == datetime(2024, 2, 3, tzinfo=UTC)
        assert await catalog.file_chunks(record.id) == list(made.chunks)
        assert await catalog.pages(record.id) == list(made.pages)
        assert await catalog.unfinished() == []

    async def test_facts(self, catalog: Catalog) -> None:
        """Facts come back unchanged; the day a picture was taken is its date."""
        record = await catalog.add_file(file("a.jpg"))
        await catalog.store_reading(record.id, picture(record.id, "no entry"), None)
        stored = await catalog.get_file(record.id)
        assert stored.facts == facts()
        assert stored.content_created_at == datetime(2025, 5, 4, 10, 30, tzinfo=UTC)
        assert stored.page_count is None

    async def test_given_title_wins(self, catalog: Catalog) -> None:
        """A title that the user gave is not overwritten by one that was read."""
        record = await catalog.add_file(file("a", title="Mine"))
        await catalog.store_reading(record.id, reading(record.id, "x", title="Read"), None)
        assert (await catalog.get_file(record.id)).title == "Mine"

    async def test_reading_again_replaces(self, catalog: Catalog) -> None:
        """Nothing of an earlier reading, failure included, is left."""
        record = await catalog.add_file(file("a"))
        await catalog.store_reading(record.id, reading(record.id, "1", "2", "3", pages=3), "ab" * 32)
        await catalog.set_failed(record.id, Failure(code="X", message="x"))
        await catalog.store_reading(record.id, reading(record.id, "new"), None)
        stored = await catalog.get_file(record.id)
        assert (stored.status, stored.failure) == (FileStatus.COMPLETED, None)
        assert (stored.chunk_count, stored.page_count, stored.thumbnail_sha256) == (1, 1, None)
        assert [item.text for item in await catalog.file_chunks(record.id)] == ["new"]
        assert [item.text for item in await catalog.page_elements(record.id)] == ["new"]
        assert len(await catalog.pages(record.id)) == 1

    async def test_chunks_by_id(self, catalog: Catalog, other: Catalog) -> None:
        """Chunks come in the order asked, only of files that are neither deleted nor failed."""
        good, bad = await catalog.add_file(file("good")), await catalog.add_file(file("bad"))
        await catalog.store_reading(good.id, reading(good.id, "a", "b"), None)
        await catalog.store_reading(bad.id, reading(bad.id, "c"), None)
        ids = [chunk(good.id, 1, "").id, "unknown", chunk(bad.id, 0, "").id, chunk(good.id, 0, "").id]
        assert [item.text for item in await catalog.get_chunks(ids)] == ["b", "c", "a"]
        assert await other.get_chunks(ids) == []
        await catalog.set_failed(bad.id, Failure(code="X", message="x"))
        assert [item.text for item in await catalog.get_chunks(ids)] == ["b", "a"]
        await catalog.set_processing(good.id)
        assert len(await catalog.get_chunks(ids)) == 2

    async def test_chunks_piece_by_piece(self, catalog: Catalog) -> None:
        """A large file is read from an ordinal on."""
        record = await catalog.add_file(file("a"))
        await catalog.store_reading(record.id, reading(record.id, *(str(n) for n in range(700))), None)
        piece = await catalog.file_chunks(record.id, start=650, limit=20)
        assert [item.ordinal for item in piece] == list(range(650, 670))
        assert len(await catalog.file_chunks(record.id, start=690)) == 10
        assert await catalog.file_chunks(record.id, start=700, limit=5) == []

    async def test_elements_in_reading_order(self, catalog: Catalog) -> None:
        """Elements keep their order, of a page and of all, pageless ones between them included."""
        record = await catalog.add_file(file("a"))
        pages = [None, 1, 1, None, 2, *([3] * 450), 2]
        elements = tuple(Element(type="Title", text=str(n), page=page) for n, page in enumerate(pages))
        await catalog.store_reading(record.id, Reading(elements=elements), None)
        assert await catalog.page_elements(record.id) == list(elements)
        assert [item.text for item in await catalog.page_elements(record.id, 2)] == ["4", "455"]
        assert len(await catalog.page_elements(record.id, 3)) == 450
        assert await catalog.page_elements(record.id, 9) == []
        assert await catalog.page_elements("unknown") == []

    async def test_outbox(self, catalog: Catalog, other: Catalog) -> None:
        """Readings, failures and deletes tell the index, oldest first; a file's newest entry counts alone."""
        one, two = await catalog.add_file(file("1")), await catalog.add_file(file("2"))
        for record in (one, two, one):
            await catalog.store_reading(record.id, reading(record.id, "x"), None)
        assert [(e.op, e.file_id) for e in await catalog.outbox()] == [("index", two.id), ("index", one.id)]
        assert len(await catalog.outbox(1)) == 1
        assert await other.outbox() == []
        await catalog.soft_delete([two.id], START)
        entries = await catalog.outbox()
        assert [(e.op, e.file_id) for e in entries] == [("index", one.id), ("delete", two.id)]
        await other.outbox_done([entry.id for entry in entries])
        await catalog.outbox_done([entries[0].id])
        assert await catalog.outbox() == entries[1:]
        await catalog.set_failed(one.id, Failure(code="X", message="x"))
        assert [e.op for e in await catalog.outbox()] == ["delete", "delete"]

    async def test_outbox_entry_that_was_overtaken(self, catalog: Catalog) -> None:
        """Finishing an entry does not finish a newer one of the same file."""
        record = await catalog.add_file(file("1"))
        await catalog.store_reading(record.id, reading(record.id, "x"), None)
        taken = await catalog.outbox()
        await catalog.store_reading(record.id, reading(record.id, "y"), None)
        await catalog.outbox_done([entry.id for entry in taken])
        assert [entry.op for entry in await catalog.outbox()] == ["index"]

    async def test_enqueue_all(self, catalog: Catalog, other: Catalog) -> None:
        """A rebuild queues completed files alone, and knows how many chunks they have."""
        for n in range(3):
            record = await catalog.add_file(file(str(n), minute=n))
            if n:
                await catalog.store_reading(record.id, reading(record.id, "x", "y"), None)
        await catalog.soft_delete([file("2").id], START)
        await catalog.outbox_done([entry.id for entry in await catalog.outbox()])
        assert await catalog.enqueue_all() == 1
        assert [(e.op, e.file_id) for e in await catalog.outbox()] == [("index", file("1").id)]
        assert (await catalog.chunk_total(), await other.chunk_total()) == (2, 0)

    async def test_completed_files(self, catalog: Catalog, other: Catalog) -> None:
        """Completed files are listed by id, page by page; pending, failed and deleted ones are not."""
        for n in range(6):
            record = await catalog.add_file(file(str(n), minute=n))
            if n:
                await catalog.store_reading(record.id, reading(record.id, "x"), None)
        await catalog.soft_delete([file("1").id], START)
        await catalog.set_failed(file("2").id, Failure(code="X", message="x"))
        ids = sorted(file(str(n)).id for n in (3, 4, 5))
        assert await catalog.completed_files() == ids
        assert await catalog.completed_files(limit=2) == ids[:2]
        assert await catalog.completed_files(ids[0], 5) == ids[1:]
        assert await other.completed_files() == []

    async def test_inventory(self, catalog: Catalog, other: Catalog) -> None:
        """The overview names what is completed and counts the rest."""
        done = await catalog.add_file(file("a.jpg", media_type="image", folder_path="F", tags=("T",)))
        await catalog.store_reading(done.id, picture(done.id), None)
        failed = await catalog.add_file(file("b.pdf", tags=("unseen",)))
        await catalog.set_failed(failed.id, Failure(code="X", message="x"))
        await catalog.add_file(file("c.pdf"))
        seen = await catalog.inventory()
        assert (seen.counts, seen.failed, seen.pending) == ({"image": 1}, 1, 1)
        assert (seen.folders, seen.filenames, seen.tags) == (("F",), ("a.jpg",), ("T",))
        assert seen.cameras == ("Fujifilm X-T5",)
        assert seen.first_date == seen.last_date == datetime(2025, 5, 4, 10, 30, tzinfo=UTC)
        assert (await other.inventory()).first_date is None
