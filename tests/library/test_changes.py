"""Sets of changes as they are proposed, edited, taken back and done again."""

from __future__ import annotations

from typing import Any

import pytest

from pinakes.core.changes import MAX_CHANGES, Change, ChangeAction, ChangeSet, FileState, NewContent
from pinakes.core.errors import ChangeError, LibraryMovedOnError
from pinakes.core.files import FileFilter, FileRecord, FileStatus, MediaType
from pinakes.library.library import Library
from pinakes.testing.conform_changes import changed, made, plan, removed, renamed
from pinakes.testing.samples import reading

_TEXT: dict[str, Any] = {"content_type": "text/plain", "media_type": MediaType.DOCUMENT}


async def _add(library: Library, name: str, folder: str = "", tags: tuple[str, ...] = ()) -> FileRecord:
    record = await library.accept_bytes(name.encode(), name, folder_path=folder, tags=tags, **_TEXT)
    await library.store_reading(record.id, reading(record.id, f"about {name}"))
    return await library.catalog.get_file(record.id)


async def _do(library: Library, *changes: Change, name: str = "p", **fields: Any) -> ChangeSet:
    prepared = await library.prepare_changes(plan(*changes, name=name, **fields))
    await library.apply_changes(prepared)
    return prepared


async def _tree(library: Library) -> tuple[list[str], dict[str, tuple[str, tuple[str, ...]]]]:
    files = (await library.catalog.list_files(FileFilter(), limit=1000)).items
    folders = [folder.path for folder in await library.catalog.folders()]
    return folders, {f"{file.folder_path}/{file.filename}": (file.id, file.tags) for file in files}


async def _undo(library: Library, entry_id: str | None = None, *, name: str = "u") -> ChangeSet:
    changes = await library.undo_changes(entry_id, plan_id=name)
    await library.apply_changes(changes)
    return changes


async def _redo(library: Library, *, name: str = "r") -> ChangeSet:
    changes = await library.redo_changes(plan_id=name)
    await library.apply_changes(changes)
    return changes


def _ids(changes: ChangeSet) -> list[str]:
    return [change.id for change in changes.changes]


def _problems(error: pytest.ExceptionInfo[ChangeError]) -> list[str]:
    return [problem["change_id"] for problem in error.value.details["problems"]]


class TestPreparing:
    async def test_folders_are_made_on_the_way(self, library: Library) -> None:
        record = await _add(library, "a.txt", "In")
        other = await _add(library, "b.txt", "In")
        moves = (
            changed(record, ChangeAction.MOVE, folder_path=" /Out//Deep/ "),
            changed(other, ChangeAction.MOVE, folder_path="Out"),
        )
        prepared = await library.prepare_changes(plan(*moves))
        assert _ids(prepared) == ["needed:Out", "needed:Out/Deep", *(move.id for move in moves)]
        assert prepared.counts == {"create_folder": 2, "move": 2}
        assert prepared.changes[2].after == FileState(folder_path="Out/Deep", filename="a.txt")
        assert await library.prepare_changes(prepared) == prepared

    async def test_a_dropped_move_takes_its_folder_along(self, library: Library) -> None:
        records = [await _add(library, name) for name in ("a", "b")]
        moves = [changed(r, ChangeAction.MOVE, folder_path=f"Out/{r.filename}") for r in records]
        prepared = await library.prepare_changes(plan(*moves))
        edited = prepared.model_copy(update={"changes": prepared.changes[:-1]})
        assert _ids(await library.prepare_changes(edited)) == ["needed:Out", "needed:Out/a", moves[0].id]

    async def test_several_changes_of_a_file_from_the_same_state(self, library: Library) -> None:
        record = await _add(library, "a.txt", tags=("old", "kept"))
        await _do(
            library,
            changed(record, ChangeAction.MOVE, folder_path="New"),
            changed(record, ChangeAction.RENAME, filename="b.txt"),
            changed(record, ChangeAction.TAG, tags=("kept",)),
            changed(record, ChangeAction.TAG, tags=("old", "kept", "new")).model_copy(update={"id": "more"}),
        )
        assert await _tree(library) == (["New"], {"New/b.txt": (record.id, ("kept", "new"))})

    async def test_what_is_so_already_is_dropped(self, library: Library) -> None:
        record = await _add(library, "a.txt", "In", tags=("t",))
        prepared = await library.prepare_changes(
            plan(
                made("In"),
                renamed("In", "In"),
                changed(record, ChangeAction.MOVE, folder_path="/In/"),
                changed(record, ChangeAction.TAG, tags=("t", "T ", "")),
            )
        )
        assert prepared.changes == ()
        with pytest.raises(ChangeError, match="nothing"):
            await library.apply_changes(prepared)

    async def test_names_are_composed(self, library: Library) -> None:
        record = await _add(library, "a.txt")
        await _do(
            library,
            changed(record, ChangeAction.MOVE, folder_path="Fu\u0308r"),
            changed(record, ChangeAction.RENAME, filename=" u\u0308.txt"),
        )
        assert list((await _tree(library))[1]) == ["F\u00fcr/\u00fc.txt"]

    async def test_states_before_can_be_left_out(self, library: Library) -> None:
        record = await _add(library, "a.txt", "In")
        change = changed(record, ChangeAction.RENAME, filename="b.txt")
        prepared = await library.prepare_changes(plan(change.model_copy(update={"before": None})))
        assert prepared.changes == (change,)

    async def test_all_problems_are_named(self, library: Library) -> None:
        kept = await _add(library, "kept.txt", "Kept", tags=("Protected",))
        plain = await _add(library, "plain.txt", "In")
        unknown = changed(plain, ChangeAction.RENAME, filename="x").model_copy(
            update={"id": "unknown", "file_id": "unknown", "before": None}
        )
        wrong = (
            unknown,
            changed(kept, ChangeAction.DELETE, deleted=True),
            renamed("Kept", "Other"),
            removed("In"),
            changed(plain, ChangeAction.MOVE, folder_path="/".join("abcdefghijk")),
            changed(plain, ChangeAction.RENAME, filename="a/b"),
        )
        with pytest.raises(ChangeError) as error:
            await library.prepare_changes(plan(made("Fine"), *wrong))
        assert not isinstance(error.value, LibraryMovedOnError)
        assert _problems(error) == [change.id for change in wrong]
        assert (await _tree(library))[0] == ["In", "Kept"]

    async def test_contradictions(self, library: Library) -> None:
        record, other = [await _add(library, name) for name in ("a", "b")]
        merge = changed(record, ChangeAction.MERGE, deleted=True).model_copy(update={"merged_into": other.id})
        for two in (
            (
                changed(record, ChangeAction.MOVE, folder_path="A"),
                changed(record, ChangeAction.MOVE, folder_path="B").model_copy(update={"id": "2"}),
            ),
            (
                changed(record, ChangeAction.TAG, tags=("t",)),
                changed(record, ChangeAction.DELETE, deleted=True),
            ),
            (merge, changed(other, ChangeAction.DELETE, deleted=True)),
            (made("A"), renamed("A", "B").model_copy(update={"id": "make:A"})),
        ):
            with pytest.raises(ChangeError):
                await library.prepare_changes(plan(*two))

    async def test_too_many(self, library: Library) -> None:
        changes = tuple(made(f"{n}/inside") for n in range(MAX_CHANGES // 2 + 1))
        with pytest.raises(ChangeError, match="at most"):
            await library.prepare_changes(plan(*changes))

    async def test_content_has_to_be_stored(self, library: Library) -> None:
        content = NewContent(sha256="ab" * 32, size_bytes=3, **_TEXT)
        after = FileState(folder_path="Reports", filename="r.md")
        add = Change(id="1", action=ChangeAction.ADD, after=after, content=content)
        with pytest.raises(ChangeError, match="not stored"):
            await library.prepare_changes(plan(add))
        stored = content.model_copy(update={"sha256": await library.blobs.put(b"abc")})
        prepared = await _do(library, add.model_copy(update={"content": stored}))
        file_id = prepared.changes[-1].file_id
        assert file_id is not None
        assert (await library.catalog.get_file(file_id)).status is FileStatus.PENDING
        assert await library.content(file_id) == b"abc"


class TestMovingOn:
    async def test_drift_is_noticed_and_rebased(self, library: Library) -> None:
        records = [await _add(library, name) for name in ("a", "b", "c", "d")]
        wanted = [changed(record, ChangeAction.MOVE, folder_path="Out") for record in records]
        prepared = await library.prepare_changes(plan(*wanted))
        a, b, c, _ = records
        await _do(
            library,
            changed(a, ChangeAction.RENAME, filename="new a"),
            changed(b, ChangeAction.MOVE, folder_path="Out"),
            changed(c, ChangeAction.DELETE, deleted=True),
            name="meanwhile",
        )
        with pytest.raises(LibraryMovedOnError) as error:
            await library.apply_changes(prepared)
        assert _problems(error) == ["needed:Out", *(change.id for change in wanted[:3])]
        with pytest.raises(LibraryMovedOnError):
            await library.prepare_changes(prepared)
        again = await library.rebase_changes(prepared)
        assert (again.change_no, _ids(again)) == (2, [wanted[0].id, wanted[3].id])
        assert again.snapshot != prepared.snapshot
        assert any("c" in note for note in again.notes)
        await library.apply_changes(again)
        assert set((await _tree(library))[1]) == {"Out/new a", "Out/b", "Out/d"}

    async def test_tags_given_meanwhile_stay(self, library: Library) -> None:
        record = await _add(library, "a", tags=("one", "two"))
        prepared = await library.prepare_changes(
            plan(changed(record, ChangeAction.TAG, tags=("two", "three")))
        )
        await _do(library, changed(record, ChangeAction.TAG, tags=("one", "two", "own")), name="meanwhile")
        await library.apply_changes(await library.rebase_changes(prepared))
        assert (await library.catalog.get_file(record.id)).tags == ("two", "own", "three")

    async def test_folders_that_changed_meanwhile(self, library: Library) -> None:
        await _add(library, "a", "In")
        prepared = await library.prepare_changes(plan(made("New"), renamed("In", "Out"), made("Other")))
        await _do(library, made("New"), renamed("In", "Out"), name="meanwhile")
        assert _ids(await library.rebase_changes(prepared)) == ["make:Other"]

    async def test_the_snapshot_is_of_what_the_set_touches(self, library: Library) -> None:
        record = await _add(library, "a", "In")
        wanted = plan(changed(record, ChangeAction.RENAME, filename="b"))
        first = await library.prepare_changes(wanted)
        await _add(library, "unrelated", "Elsewhere")
        assert await library.prepare_changes(wanted) == first
        await _do(library, changed(record, ChangeAction.TAG, tags=("t",)), name="meanwhile")
        fresh = changed(await library.catalog.get_file(record.id), ChangeAction.RENAME, filename="b")
        assert (await library.prepare_changes(plan(fresh))).snapshot != first.snapshot


class TestUndo:
    async def test_everything_is_taken_back_and_done_again(self, library: Library) -> None:
        one, two, three = [await _add(library, name, "In") for name in ("pump", "valve", "seal")]
        before = await _tree(library)
        merge = changed(three, ChangeAction.MERGE, deleted=True).model_copy(update={"merged_into": two.id})
        await _do(
            library,
            changed(one, ChangeAction.MOVE, folder_path="Out/Deep"),
            changed(two, ChangeAction.RENAME, filename="tap"),
            changed(two, ChangeAction.TAG, tags=("t",)),
            merge,
            renamed("In", "Out/Rest"),
        )
        after = await _tree(library)
        assert after == (
            ["Out", "Out/Deep", "Out/Rest"],
            {"Out/Deep/pump": (one.id, ()), "Out/Rest/tap": (two.id, ("t",))},
        )
        assert (await library.search("tap"))[0].file.filename == "tap"
        await _undo(library)
        assert await _tree(library) == before
        assert await library.index.count("a") == 3
        again = await _redo(library)
        assert again.counts["merge"] == 1
        assert await _tree(library) == after

    async def test_in_order(self, library: Library) -> None:
        for name in ("A", "B", "C"):
            await _do(library, made(name), name=name)
        await _undo(library, name="u1")
        await _undo(library, name="u2")
        assert (await _tree(library))[0] == ["A"]
        await _redo(library, name="r1")
        assert (await _tree(library))[0] == ["A", "B"]
        await _undo(library, name="u3")
        await _redo(library, name="r2")
        await _redo(library, name="r3")
        assert (await _tree(library))[0] == ["A", "B", "C"]
        with pytest.raises(ChangeError, match="nothing to do again"):
            await library.redo_changes(plan_id="r4")

    async def test_nothing_is_done_again_after_something_new(self, library: Library) -> None:
        await _do(library, made("A"), name="A")
        await _undo(library)
        await _do(library, made("B"), name="B")
        with pytest.raises(ChangeError, match="nothing to do again"):
            await library.redo_changes(plan_id="r")

    async def test_nothing_to_take_back(self, library: Library) -> None:
        for call in (library.undo_changes, library.redo_changes):
            with pytest.raises(ChangeError, match="nothing"):
                await call(plan_id="u")
            with pytest.raises(ChangeError):
                await call("unknown", plan_id="u")

    async def test_an_older_entry(self, library: Library) -> None:
        record, other = [await _add(library, name) for name in ("a", "b")]
        await _do(library, changed(record, ChangeAction.MOVE, folder_path="In"), name="one")
        await _do(library, changed(other, ChangeAction.RENAME, filename="c"), name="two")
        first = await library.catalog.find_entry("one", 1)
        assert first is not None
        await _undo(library, first.id)
        assert set((await _tree(library))[1]) == {"/a", "/c"}
        with pytest.raises(ChangeError, match="already"):
            await library.undo_changes(first.id, plan_id="v")

    async def test_what_is_built_upon_goes_later(self, library: Library) -> None:
        record = await _add(library, "a")
        await _do(library, changed(record, ChangeAction.MOVE, folder_path="In"), name="one")
        record = await library.catalog.get_file(record.id)
        await _do(library, changed(record, ChangeAction.RENAME, filename="b"), name="two")
        await _do(library, made("Unrelated"), name="three")
        first, second = [await library.catalog.find_entry(name, 1) for name in ("one", "two")]
        assert first is not None
        assert second is not None
        with pytest.raises(ChangeError, match="first") as error:
            await library.undo_changes(first.id, plan_id="u")
        assert error.value.details["entry_id"] == second.id
        await _undo(library, second.id)
        await _undo(library, first.id, name="v")
        assert await _tree(library) == (["Unrelated"], {"/a": (record.id, ())})

    async def test_a_folder_that_others_use_stays(self, library: Library) -> None:
        record = await _add(library, "a")
        await _do(library, changed(record, ChangeAction.MOVE, folder_path="New/Deep"))
        await _add(library, "theirs", "New")
        changes = await _undo(library)
        assert any("“New” stays" in note for note in changes.notes)
        assert set((await _tree(library))[1]) == {"/a", "New/theirs"}
        assert (await _tree(library))[0] == ["New"]
        await _redo(library)
        assert set((await _tree(library))[1]) == {"New/Deep/a", "New/theirs"}

    async def test_an_added_file_goes_and_comes_back(self, library: Library) -> None:
        sha256 = await library.blobs.put(b"abc")
        content = NewContent(sha256=sha256, size_bytes=3, **_TEXT)
        after = FileState(folder_path="Reports", filename="r.md")
        add = Change(id="1", action=ChangeAction.ADD, file_id="new", after=after, content=content)
        await _do(library, add)
        await library.store_reading("new", reading("new", "quarterly report"))
        changes = await _undo(library)
        assert changes.deletes
        assert await _tree(library) == ([], {})
        assert await library.search("quarterly") == []
        await _redo(library)
        assert await _tree(library) == (["Reports"], {"Reports/r.md": ("new", ())})
        assert len(await library.search("quarterly")) == 1

    async def test_changed_otherwise_meanwhile(self, library: Library) -> None:
        record = await _add(library, "a")
        await _do(library, changed(record, ChangeAction.RENAME, filename="b"))
        renamed = (await library.catalog.history())[0]
        await library.delete([record.id])
        with pytest.raises(ChangeError, match="take back “Delete b” first"):
            await library.undo_changes(renamed.id, plan_id="u")

    async def test_taken_back_meanwhile(self, library: Library) -> None:
        await _do(library, made("A"))
        late = await library.undo_changes(plan_id="late")
        await _undo(library)
        with pytest.raises(LibraryMovedOnError):
            await library.apply_changes(late)
        with pytest.raises(ChangeError, match="taken back already"):
            await library.rebase_changes(late)


class TestRestoring:
    async def test_deleted_files_come_back(self, library: Library) -> None:
        one, two = await _add(library, "pump", "In"), await _add(library, "valve", "In")
        await library.delete([one.id, two.id])
        await _do(library, removed("In"))
        assert await library.restore([one.id, one.id]) == 1
        assert await _tree(library) == (["In"], {"In/pump": (one.id, ())})
        assert [hit.file.id for hit in await library.search("pump")] == [one.id]
        assert await library.restore([one.id]) == 0
        await _undo(library)
        assert await _tree(library) == ([], {})

    async def test_protected_ones_too(self, library: Library) -> None:
        record = await _add(library, "a", tags=("protected",))
        await library.delete([record.id])
        assert await library.restore([record.id]) == 1

    async def test_unknown_files(self, library: Library) -> None:
        with pytest.raises(ChangeError, match="no longer"):
            await library.restore(["unknown"])
