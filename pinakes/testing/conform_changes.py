"""Changes and their journal in a catalog; see `pinakes.testing.conform_catalog`."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from pinakes.core.changes import (
    Change,
    ChangeAction,
    ChangeKind,
    ChangeSet,
    FileState,
    JournalEntry,
    NewContent,
)
from pinakes.core.errors import (
    ChangeError,
    LibraryMovedOnError,
    ResourceNotFoundError,
)
from pinakes.core.files import FileFilter, FileRecord, FileStatus, MediaType
from pinakes.ports.catalog import Catalog, Swept
from pinakes.testing.refusal import refused
from pinakes.testing.samples import START, file, reading

LATER = START + timedelta(days=1)


def state_of(record: FileRecord, **fields: Any) -> FileState:
    """Return a file's state, with these fields otherwise."""
    known = {"folder_path": record.folder_path, "filename": record.filename, "tags": record.tags}
    return FileState(**known | {"deleted": record.deleted_at is not None} | fields)


def changed(record: FileRecord, action: ChangeAction, **after: Any) -> Change:
    """Return a change of a file from the state it has."""
    before = state_of(record)
    fields = {"file_id": record.id, "before": before, "after": before.model_copy(update=after)}
    return Change(id=f"{action}:{record.id}", action=action, **fields)


def made(path: str) -> Change:
    """Return the making of a folder."""
    return Change(id=f"make:{path}", action=ChangeAction.CREATE_FOLDER, folder_after=path)


def removed(path: str) -> Change:
    """Return the deletion of a folder."""
    return Change(id=f"remove:{path}", action=ChangeAction.DELETE_FOLDER, folder_before=path)


def renamed(before: str, after: str) -> Change:
    """Return the renaming of a folder."""
    action = ChangeAction.RENAME_FOLDER
    return Change(id=f"rename:{before}", action=action, folder_before=before, folder_after=after)


def plan(*changes: Change, name: str = "p", **fields: Any) -> ChangeSet:
    """Return a set of changes."""
    return ChangeSet(plan_id=name, description="Sort", changes=changes, **fields)


async def apply(catalog: Catalog, *changes: Change, name: str = "p", **fields: Any) -> JournalEntry:
    """Apply a set of changes."""
    changes_set = plan(*changes, name=name, **fields)
    return await catalog.apply_changes(changes_set, session_id="s", at=LATER)


async def paths_of(catalog: Catalog) -> list[str]:
    """Return the paths of all folders."""
    return [folder.path for folder in await catalog.folders()]


async def queued(catalog: Catalog) -> set[tuple[str, str]]:
    """Return what the index is to follow, and forget it."""
    entries = await catalog.outbox()
    await catalog.outbox_done([entry.id for entry in entries])
    return {(entry.op, entry.file_id) for entry in entries}


class ConformChanges:
    """The suite's part on changes."""

    async def test_files_change(self, catalog: Catalog) -> None:
        """A file is moved, renamed and tagged in one set, and stays the same file."""
        record = await catalog.add_file(file("a.txt", folder_path="In", tags=("old",)))
        moved = changed(record, ChangeAction.MOVE, folder_path="Out/Deep")
        record = record.model_copy(update={"folder_path": "Out/Deep"})
        named = changed(record, ChangeAction.RENAME, filename="B.PDF")
        record = record.model_copy(update={"filename": "B.PDF"})
        tagged = changed(record, ChangeAction.TAG, tags=("new", "old"))
        entry = await apply(catalog, made("Out"), made("Out/Deep"), moved, named, tagged)
        after = await catalog.get_file(record.id)
        assert (after.folder_path, after.filename, after.tags) == ("Out/Deep", "B.PDF", ("new", "old"))
        assert (after.created_at, after.updated_at) == (record.created_at, LATER)
        assert (await catalog.list_files(FileFilter(extension="pdf", tags=("NEW",)))).total == 1
        assert (await catalog.list_files(FileFilter(name_contains="b.p", folder_path="Out"))).total == 1
        assert entry.counts == {"create_folder": 2, "move": 1, "rename": 1, "tag": 1}
        assert (entry.plan_id, entry.session_id, entry.applied_at) == ("p", "s", LATER)
        assert await catalog.get_entry(entry.id) == entry

    async def test_applied_once(self, catalog: Catalog) -> None:
        """The same plan and number again gives the entry and does nothing; another number is another set."""
        first = await apply(catalog, made("A"))
        assert await apply(catalog, made("B")) == first
        assert await paths_of(catalog) == ["A"]
        assert await catalog.find_entry("p", 1) == first
        assert await catalog.find_entry("p", 2) is None
        second = await apply(catalog, made("B"), change_no=2)
        assert await catalog.history() == [second, first]
        assert await catalog.history(limit=1, offset=1) == [first]

    async def test_applied_once_at_once(self, catalog: Catalog) -> None:
        """Two at the same moment are one entry; different sets that exclude each other are one and a refusal."""
        record = await catalog.add_file(file("a"))
        rename = changed(record, ChangeAction.RENAME, filename="b")
        one, two = await asyncio.gather(apply(catalog, rename), apply(catalog, rename))
        assert one == two
        record = await catalog.get_file(record.id)
        rivals = [
            apply(catalog, changed(record, ChangeAction.RENAME, filename=n), name=n) for n in ("c", "d")
        ]
        outcomes = await asyncio.gather(*rivals, return_exceptions=True)
        assert sum(isinstance(outcome, JournalEntry) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, LibraryMovedOnError) for outcome in outcomes) == 1
        assert len(await catalog.history()) == 2

    async def test_all_or_nothing(self, catalog: Catalog) -> None:
        """A library that is otherwise than the set has it keeps everything, and says what is different."""
        record = await catalog.add_file(file("a", folder_path="In"))
        stale = changed(record.model_copy(update={"tags": ("gone",)}), ChangeAction.MOVE, folder_path="New")
        unknown = changed(file("unknown"), ChangeAction.RENAME, filename="x")
        for change in (stale, unknown, made("In"), removed("In"), renamed("No", "B"), made("A/B")):
            await refused(apply(catalog, made("New"), change), LibraryMovedOnError)
        assert await paths_of(catalog) == ["In"]
        assert await catalog.get_file(record.id) == record
        assert await catalog.history() == []
        try:
            await apply(catalog, made("New"), stale)
        except LibraryMovedOnError as error:
            assert [problem["file_id"] for problem in error.details["conflicts"]] == [record.id]

    async def test_rules(self, catalog: Catalog) -> None:
        """Protected files, wrong names, deep folders, circles and contradictions are refused."""
        plain = await catalog.add_file(file("a", folder_path="In"))
        kept = await catalog.add_file(file("b", folder_path="Kept/Deep", tags=("Protected",)))
        wrong = [
            (changed(kept, ChangeAction.RENAME, filename="c"),),
            (renamed("Kept", "Other"),),
            (renamed("In", "In/Side"),),
            (made("/".join("abcdefghijk")),),
            (made("a/../b"),),
            (made("tidy/"),),
            *(
                (changed(plain, ChangeAction.RENAME, filename=n),)
                for n in ("", "..", "x/y", "x\n", "x" * 256)
            ),
            (changed(plain, ChangeAction.MOVE, tags=("sneaked",)),),
            (changed(plain, ChangeAction.TAG, deleted=True),),
            (changed(plain, ChangeAction.TAG, tags=("a", "A")),),
            (made("A"), made("A")),
            (
                changed(plain, ChangeAction.DELETE, deleted=True),
                changed(plain, ChangeAction.TAG, tags=("t",)),
            ),
            (changed(plain, ChangeAction.MERGE, deleted=True),),
            (),
        ]
        for changes in wrong:
            await refused(apply(catalog, *changes), ChangeError)
        assert await paths_of(catalog) == ["In", "Kept", "Kept/Deep"]
        assert await catalog.history() == []

    async def test_folders_change(self, catalog: Catalog) -> None:
        """Renaming takes everything below along; a folder is deleted when nothing is in it."""
        record = await catalog.add_file(file("a", folder_path="Old/Deep"))
        await catalog.add_file(file("b", folder_path="Older"))
        await apply(catalog, made("Top"), renamed("Old", "Top/New"))
        assert await paths_of(catalog) == ["Older", "Top", "Top/New", "Top/New/Deep"]
        folders = {folder.path: folder for folder in await catalog.folders()}
        assert [folders[path].depth for path in ("Top", "Top/New", "Top/New/Deep")] == [1, 2, 3]
        assert folders["Top/New"].parent_id == folders["Top"].id
        assert (folders["Top/New"].name, folders["Older"].depth) == ("New", 1)
        record = await catalog.get_file(record.id)
        assert record.folder_path == "Top/New/Deep"
        await refused(apply(catalog, removed("Top/New/Deep"), name="q"), LibraryMovedOnError)
        away = changed(record, ChangeAction.MOVE, folder_path="")
        await apply(catalog, away, removed("Top/New/Deep"), removed("Top/New"), name="q")
        assert await paths_of(catalog) == ["Older", "Top"]

    async def test_too_deep_by_renaming(self, catalog: Catalog) -> None:
        """A folder cannot be put where its subfolders would be more than ten deep."""
        await catalog.add_file(file("a", folder_path="A/" + "/".join("bcdefghi")))
        await apply(catalog, made("X"), renamed("A", "X/A"))
        await refused(apply(catalog, made("Y"), renamed("X", "Y/X"), name="q"), ChangeError)

    async def test_deleted_files_outlive_their_folder(self, catalog: Catalog) -> None:
        """A deleted file does not keep its folder, and comes back into one of that name."""
        record = await catalog.add_file(file("a", folder_path="In"))
        await apply(catalog, changed(record, ChangeAction.DELETE, deleted=True), removed("In"))
        assert await paths_of(catalog) == []
        gone = await catalog.get_file(record.id, deleted=True)
        assert (gone.folder_path, gone.deleted_at) == ("In", LATER)
        back = changed(gone, ChangeAction.RESTORE, deleted=False)
        await refused(apply(catalog, back, name="q"), LibraryMovedOnError)
        await apply(catalog, made("In"), back, name="q")
        assert state_of(await catalog.get_file(record.id)) == state_of(record)

    async def test_a_file_is_added(self, catalog: Catalog) -> None:
        """A file that a change adds is pending, once."""
        content = NewContent(
            sha256="ab" * 32, size_bytes=3, content_type="t/x", media_type=MediaType.DOCUMENT
        )
        after = FileState(folder_path="R", filename="r.md", tags=("report",))
        added = Change(id="1", action=ChangeAction.ADD, file_id="new", after=after, content=content)
        await apply(catalog, made("R"), added)
        record = await catalog.get_file("new")
        assert (record.status, record.sha256, record.created_at) == (FileStatus.PENDING, "ab" * 32, LATER)
        assert state_of(record) == after
        assert await catalog.unfinished() == ["new"]
        await refused(apply(catalog, added, name="q"), LibraryMovedOnError)

    async def test_what_the_index_follows(self, catalog: Catalog) -> None:
        """Names and presence are told, places and tags are not."""
        records = [await catalog.add_file(file(name)) for name in "abcd"]
        for record in records:
            await catalog.store_reading(record.id, reading(record.id, "text"), None)
        await queued(catalog)
        a, b, c, d = records
        await apply(
            catalog,
            made("In"),
            changed(a, ChangeAction.MOVE, folder_path="In"),
            changed(b, ChangeAction.TAG, tags=("t",)),
            changed(c, ChangeAction.RENAME, filename="new"),
            changed(d, ChangeAction.MERGE, deleted=True).model_copy(update={"merged_into": a.id}),
        )
        assert await queued(catalog) == {("index", c.id), ("delete", d.id)}
        gone = await catalog.get_file(d.id, deleted=True)
        await apply(catalog, changed(gone, ChangeAction.RESTORE, deleted=False), name="q")
        assert await queued(catalog) == {("index", d.id)}

    async def test_undo_and_redo_are_marked(self, catalog: Catalog) -> None:
        """An entry knows when it was taken back; what is taken back cannot be taken back again."""
        entry = await apply(catalog, made("A"))
        await refused(apply(catalog, made("A"), kind=ChangeKind.UNDO, name="u"), ChangeError)
        await refused(apply(catalog, kind=ChangeKind.REDO, entry_id=entry.id, name="r"), LibraryMovedOnError)
        undo = {"kind": ChangeKind.UNDO, "entry_id": entry.id}
        undone = await apply(catalog, removed("A"), name="u", **undo)
        assert (undone.kind, undone.entry_id) == (ChangeKind.UNDO, entry.id)
        assert (await catalog.get_entry(entry.id)).undone_at == LATER
        await refused(apply(catalog, name="v", **undo), LibraryMovedOnError)
        await apply(catalog, made("A"), name="r", kind=ChangeKind.REDO, entry_id=entry.id)
        assert (await catalog.get_entry(entry.id)).undone_at is None
        assert [e.kind for e in await catalog.history()] == ["redo", "undo", "apply"]

    async def test_changes_of_tenants_are_apart(self, catalog: Catalog, other: Catalog) -> None:
        """Another tenant sees no journal, changes no file and may use the same names."""
        record = await catalog.add_file(file("a", folder_path="In"))
        entry = await apply(catalog, changed(record, ChangeAction.RENAME, filename="b"))
        assert await other.history() == []
        assert await other.find_entry("p", 1) is None
        await refused(other.get_entry(entry.id), ResourceNotFoundError)
        record = await catalog.get_file(record.id)
        theirs = changed(record, ChangeAction.RENAME, filename="theirs")
        await refused(apply(other, theirs), LibraryMovedOnError)
        undo = {"kind": ChangeKind.UNDO, "entry_id": entry.id}
        await refused(apply(other, made("A"), **undo), ChangeError)
        await apply(other, made("In"))
        await apply(other, renamed("In", "Out"), name="q")
        assert (await catalog.get_file(record.id)).folder_path == "In"
        state = await other.library_state([record.id])
        assert (state.folders, state.files, state.live) == (("Out",), {}, {})

    async def test_library_state(self, catalog: Catalog) -> None:
        """Folders, the files asked for, and how full folders are with living and protected files."""
        one = await catalog.add_file(file("a", folder_path="In/Deep", tags=("t", "PROTECTED")))
        two = await catalog.add_file(file("b", folder_path="In/Deep"))
        await catalog.soft_delete([two.id], LATER)
        found = await catalog.library_state([one.id, two.id, "unknown"])
        assert sorted(found.folders) == ["In", "In/Deep"]
        assert found.files == {one.id: state_of(one), two.id: state_of(two, deleted=True)}
        assert (found.live, found.guarded) == ({"In/Deep": 1}, {"In/Deep": 1})

    async def test_sweep(self, catalog: Catalog, other: Catalog) -> None:
        """Files deleted before a moment are forgotten, with blobs that nobody's file has, for one tenant."""
        gone, shared, kept = [await catalog.add_file(file(name)) for name in ("gone", "shared", "kept")]
        await other.add_file(shared)
        await catalog.soft_delete([gone.id, shared.id], START)
        assert await other.sweep(LATER) == await catalog.sweep(START) == Swept()
        swept = await catalog.sweep(LATER)
        assert (set(swept.file_ids), swept.blobs) == ({gone.id, shared.id}, (gone.sha256,))
        assert set((await catalog.library_state([gone.id, shared.id, kept.id])).files) == {kept.id}
        assert ("delete", gone.id) in await queued(catalog)
