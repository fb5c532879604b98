"""Uploads, palettes and what is said of files; see `pinakes.testing.conform_catalog`."""

from __future__ import annotations

from datetime import timedelta

from pinakes.core.batches import BatchItem, BatchStatus, UploadBatch, UploadMethod
from pinakes.core.colors import PaletteColour, PaletteQuery, lab
from pinakes.core.errors import BatchLimitError, ResourceNotFoundError
from pinakes.core.files import Failure, FileFilter
from pinakes.ports.catalog import Catalog
from pinakes.testing.refusal import refused
from pinakes.testing.samples import START, chunk, facts, file, reading

_LATER = START + timedelta(hours=1)


def _batch(name: str, *keys: str, method: UploadMethod = UploadMethod.PRESIGNED) -> UploadBatch:
    items = tuple(BatchItem(object_key=f"{name}/{key}", filename=key) for key in keys)
    return UploadBatch(id=name, method=method, created_at=START, expires_at=_LATER, items=items)


async def _names(catalog: Catalog, where: FileFilter) -> set[str]:
    return {item.filename for item in (await catalog.list_files(where)).items}


class ConformUploads:
    """The suite's part on uploads, workspaces, titles, tags and palettes."""

    async def test_a_batch_is_followed(self, catalog: Catalog, other: Catalog) -> None:
        """A batch is as far as its files are; it is a tenant's own."""
        await catalog.add_batch(_batch("one", "a.txt", "b.txt"), at=START, most_open=5)
        waiting = await catalog.get_batch("one")
        assert waiting.status(START) is BatchStatus.UPLOADING
        assert waiting.status(_LATER) is BatchStatus.EXPIRED
        record = await catalog.add_file(file("a.txt"))
        await catalog.settle_upload("one", "one/a.txt", file_id=record.id)
        why = Failure(code="EMPTY_FILE", message="It is.")
        await catalog.settle_upload("one", "one/b.txt", failure=why)
        reading_on = await catalog.get_batch("one")
        assert reading_on.status(_LATER) is BatchStatus.PROCESSING
        await catalog.store_reading(record.id, reading(record.id, "words"), None)
        done = await catalog.get_batch("one")
        assert (done.completed_count, done.failed_count, done.pending_count) == (1, 1, 0)
        assert done.status(START) is BatchStatus.COMPLETED
        assert done.items[1].failure == why
        batch, item = await catalog.find_upload("one/a.txt")
        assert (batch.id, item.file_id) == ("one", record.id)
        await refused(other.get_batch("one"), ResourceNotFoundError)
        await refused(other.find_upload("one/a.txt"), ResourceNotFoundError)
        await refused(catalog.settle_upload("one", "nothing", failure=why), ResourceNotFoundError)

    async def test_unfinished_batches_are_counted(self, catalog: Catalog) -> None:
        """So many batches may be unfinished; single files, expired and finished ones do not count."""
        await catalog.add_batch(_batch("one", "a.txt"), at=START, most_open=1)
        await refused(catalog.add_batch(_batch("two", "a.txt"), at=START, most_open=1), BatchLimitError)
        single = _batch("single", "a.txt", method=UploadMethod.SINGLE)
        await catalog.add_batch(single, at=START, most_open=1)
        assert await catalog.open_batches(START) == 1
        assert await catalog.open_batches(_LATER) == 0
        await catalog.add_batch(_batch("two", "a.txt"), at=_LATER, most_open=1)
        listed, total = await catalog.list_batches()
        assert (total, {batch.id for batch in listed}) == (2, {"one", "two"})
        assert await catalog.forget_batches(_LATER) == 3
        assert await catalog.list_batches() == ([], 0)

    async def test_said_when_added(self, catalog: Catalog) -> None:
        """Workspace, category and store are kept and filtered by."""
        said = {"project_id": "p1", "content_category": "document", "storage": "custom"}
        record = await catalog.add_file(file("a.txt", folder_path="In").model_copy(update=said))
        await catalog.add_file(file("b.txt", folder_path="In/Deep"))
        kept = await catalog.get_file(record.id)
        assert (kept.project_id, kept.content_category, kept.storage) == ("p1", "document", "custom")
        for where in ({"project_id": "p1"}, {"content_category": "document"}, {"folder_id": kept.folder_id}):
            assert await _names(catalog, FileFilter.model_validate(where)) == {"a.txt"}

    async def test_words_as_they_stand(self, catalog: Catalog) -> None:
        """Words are looked up in names, titles and tags, in text seen, or in all that is said of a file."""
        named = await catalog.add_file(file("Größe.txt", tags=("Pump",)))
        seen = await catalog.add_file(file("b.jpg", title="Élan 100%"))
        sign = chunk(seen.id, 0, "EXIT ÜBER").model_copy(update={"kind": "ocr"})
        await catalog.store_reading(seen.id, reading(seen.id).model_copy(update={"chunks": (sign,)}), None)
        body = await catalog.add_file(file("c.txt"))
        await catalog.store_reading(body.id, reading(body.id, "pump exit"), None)
        for words, place, found in (
            ("GRÖSSE", "metadata", {named.filename}),
            ("pum", "metadata", {named.filename}),
            ("élan 100%", "all", {seen.filename}),
            ("über", "visible_text", {seen.filename}),
            ("über", "metadata", set()),
            ("exit", "all", {seen.filename}),
        ):
            assert await _names(catalog, FileFilter(words=words, words_in=place)) == found, words

    async def test_titles_and_tags(self, catalog: Catalog) -> None:
        """Both are replaced; a title is told to the index."""
        record = await catalog.add_file(file("a.txt", tags=("one",), title="Old"))
        await catalog.store_reading(record.id, reading(record.id, "words"), None)
        await catalog.outbox_done([entry.id for entry in await catalog.outbox()])
        await catalog.set_tags(record.id, ("two", "Two", "three"))
        assert await catalog.outbox() == []
        await catalog.set_title(record.id, "New")
        changed = await catalog.get_file(record.id)
        assert (changed.title, changed.tags) == ("New", ("two", "three"))
        assert [entry.file_id for entry in await catalog.outbox()] == [record.id]
        await refused(catalog.set_title("nobody", "x"), ResourceNotFoundError)
        await refused(catalog.set_tags("nobody", ()), ResourceNotFoundError)

    async def test_storage_used(self, catalog: Catalog, other: Catalog) -> None:
        """Content kept under two names takes its place once; what is deleted takes none."""
        for name in ("a", "b"):
            await catalog.add_file(file(name, sha256="ab" * 32, size_bytes=10))
        gone = await catalog.add_file(file("c", sha256="cd" * 32, size_bytes=7))
        assert await catalog.storage_used() == 17
        await catalog.soft_delete([gone.id], START)
        assert (await catalog.storage_used(), await other.storage_used()) == (10, 0)

    async def test_palettes(self, catalog: Catalog, other: Catalog) -> None:
        """Reading gives a picture its main colours; extracting replaces them; both are searched."""
        record = await catalog.add_file(file("a.jpg"))
        known = facts()
        read = reading(record.id, "x").model_copy(update={"facts": known})
        await catalog.store_reading(record.id, read, None)
        palette = (await catalog.palettes([record.id, "nobody"]))[record.id]
        assert [(c.name, c.hex) for c in palette.colours] == [(c.name, c.hex) for c in known.colours]
        assert not palette.extracted
        tan = PaletteColour(name="beige", hex="#c4a87c", share=0.4)
        navy = PaletteColour(name="blue", hex="#103a80", share=0.1)
        await catalog.store_palette(record.id, [tan, navy], START)
        stored = (await catalog.palettes([record.id]))[record.id]
        assert (stored.colours, stored.extracted, stored.at) == ((tan, navy), True, START)
        for query, share in (
            (PaletteQuery(name="Blue"), 0.1),
            (PaletteQuery(family="earth_tone", min_share=0.3), 0.4),
            (PaletteQuery(near=lab("#c5a97d"), within=5), 0.4),
            (PaletteQuery(name="blue", min_share=0.2), None),
            (PaletteQuery(near=lab("#00ff00"), within=20), None),
        ):
            matches, total = await catalog.search_palettes(query)
            assert [match.share for match in matches] == ([share] if share else [])
            assert total == len(matches)
        assert await other.search_palettes(PaletteQuery(name="blue")) == ([], 0)
        assert await other.palettes([record.id]) == {}
        await catalog.soft_delete([record.id], START)
        assert await catalog.search_palettes(PaletteQuery(name="blue")) == ([], 0)
        await refused(catalog.store_palette("nobody", [tan], START), ResourceNotFoundError)
