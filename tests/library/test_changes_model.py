"""After any sequence of changes, of taking back and doing again, the library equals a simple model of it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from pinakes.core.changes import Change, ChangeAction, ChangeKind, ChangeSet, FileState
from pinakes.core.errors import ChangeError
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.changes import prepare
from pinakes.library.undo import redo, undo
from pinakes.testing.samples import START, file, reading

_EXAMPLES = 15  # 500 were played when this was written
_NAMES = ("a", "b", "c", "d", "e", "f")
_PATHS = ("", "A", "B", "A/B", "A/B/C", "B/A", "D")
_TAGS = ("", "x", "y", "x y")
_FILE_WISHES = (
    ChangeAction.MOVE,
    ChangeAction.RENAME,
    ChangeAction.TAG,
    ChangeAction.DELETE,
    ChangeAction.MERGE,
    ChangeAction.RESTORE,
)
_CHANGES = {
    ChangeAction.MOVE: ("folder_path",),
    ChangeAction.RENAME: ("filename",),
    ChangeAction.RESTORE: ("deleted",),
    ChangeAction.DELETE: ("deleted",),
    ChangeAction.MERGE: ("deleted",),
    ChangeAction.TAG: (),
}
_FOLDER_WISHES = (ChangeAction.CREATE_FOLDER, ChangeAction.RENAME_FOLDER, ChangeAction.DELETE_FOLDER)


@dataclass
class Model:
    """A library as two plain containers."""

    folders: set[str] = field(default_factory=set)
    files: dict[str, FileState] = field(default_factory=dict)

    def do(self, change: Change) -> None:
        if change.file_id is not None:
            assert change.after is not None
            self.files[change.file_id] = change.after
        elif change.folder_before is None:
            self.folders.add(str(change.folder_after))
        elif change.folder_after is None:
            self.folders.remove(change.folder_before)
        else:
            self._rename(change.folder_before, change.folder_after)

    def _rename(self, before: str, after: str) -> None:
        def to(path: str) -> str:
            return after + path.removeprefix(before) if f"{path}/".startswith(f"{before}/") else path

        self.folders = {to(path) for path in self.folders}
        self.files = {
            name: f.model_copy(update={"folder_path": to(f.folder_path)}) for name, f in self.files.items()
        }

    def seen(self) -> tuple[frozenset[str], frozenset[tuple[str, FileState]]]:
        """All that can be seen; of deleted files, that they are."""
        return frozenset(self.folders), frozenset((i, _seen(f)) for i, f in self.files.items())


def _seen(state: FileState) -> FileState:
    return state.model_copy(update={"folder_path": ""}) if state.deleted else state


@dataclass
class Play:
    """A catalog, its model, and what is known of how to come back."""

    catalog: SqlCatalog
    blobs: DiskBlobs
    model: Model = field(default_factory=Model)
    before: dict[str, Any] = field(default_factory=dict)  # what was seen before an entry
    steps: int = 0
    in_order: bool = True  # nothing was taken back out of order or done beside the journal

    async def apply(self, changes: ChangeSet) -> None:
        before = self.model.seen()
        entry = await self.catalog.apply_changes(changes, session_id=None, at=START)
        for change in changes.changes:
            self.model.do(change)
        self.before.setdefault(entry.id, before)

    async def check(self) -> None:
        found = await self.catalog.library_state([file(name).id for name in _NAMES])
        assert Model(set(found.folders), dict(found.files)).seen() == self.model.seen()
        live = {i for i, f in self.model.files.items() if not f.deleted}
        assert {record.id for record in await self.catalog.get_files(list(found.files))} == live
        folders = {folder.path: folder for folder in await self.catalog.folders()}
        for path, folder in folders.items():
            above = folders.get(path.rpartition("/")[0])
            assert folder.parent_id == (above.id if above else None)
            assert folder.depth == path.count("/") + 1

    def plan_id(self) -> str:
        self.steps += 1
        return f"plan {self.steps}"

    async def wish(self, wishes: Sequence[tuple[ChangeAction, int, int]]) -> None:
        changes = [self._wish(n, *wish) for n, wish in enumerate(wishes)]
        wanted = ChangeSet(plan_id=self.plan_id(), changes=tuple(changes))
        prepared = await prepare(wanted, self.catalog, self.blobs)
        assert await prepare(prepared, self.catalog, self.blobs) == prepared
        if prepared.changes:
            await self.apply(prepared)
        if not any(change.action is ChangeAction.RENAME_FOLDER for change in changes):
            self._came_true(changes)

    def _came_true(self, wishes: Sequence[Change]) -> None:
        wanted = {  # of several wishes that were granted the last one did something
            (wish.file_id, name): getattr(wish.after, name)
            for wish in wishes
            if wish.file_id is not None
            for name in _CHANGES[wish.action]
        }
        for (file_id, name), value in wanted.items():
            assert getattr(self.model.files[file_id], name) == value

    def _wish(self, n: int, action: ChangeAction, which: int, where: int) -> Change:
        path = _PATHS[where % len(_PATHS)]
        if action in _FOLDER_WISHES:
            mine = _PATHS[which % len(_PATHS)]
            before = None if action is ChangeAction.CREATE_FOLDER else mine
            after = None if action is ChangeAction.DELETE_FOLDER else path
            return Change(id=str(n), action=action, folder_before=before, folder_after=after)
        file_id = file(_NAMES[which % len(_NAMES)]).id
        state = self.model.files[file_id]
        stays = file(_NAMES[where % len(_NAMES)]).id if action is ChangeAction.MERGE else None
        update = {
            ChangeAction.MOVE: {"folder_path": path},
            ChangeAction.RENAME: {"filename": f"{where}.txt"},
            ChangeAction.TAG: {"tags": tuple(_TAGS[where % len(_TAGS)].split())},
            ChangeAction.RESTORE: {"deleted": False},
        }.get(action, {"deleted": True})
        after_state = state.model_copy(update=update)
        return Change(id=str(n), action=action, file_id=file_id, after=after_state, merged_into=stays)

    async def undo(self, pick: int | None) -> None:
        entries = [e for e in await self.catalog.history() if e.kind is ChangeKind.APPLY and not e.undone_at]
        chosen = entries[pick % len(entries)] if entries and pick is not None else None
        changes = await undo(chosen.id if chosen else None, self.plan_id(), self.catalog, self.blobs)
        assert changes.entry_id in {entry.id for entry in entries}
        newest = changes.entry_id == entries[0].id
        await self.apply(changes)
        if newest and self.in_order:
            event("taken back in order")
            assert self.model.seen() == self.before[str(changes.entry_id)]
        elif not newest:
            event("taken back out of order")
            self.in_order = False

    async def redo(self) -> None:
        before = self.model.seen()
        changes = await redo(None, self.plan_id(), self.catalog, self.blobs)
        event("done again")
        await self.apply(changes)
        if not self.in_order:
            return
        back = await undo(None, self.plan_id(), self.catalog, self.blobs)
        assert back.entry_id == changes.entry_id
        await self.apply(back)
        assert self.model.seen() == before
        await self.apply(await redo(None, self.plan_id(), self.catalog, self.blobs))

    async def beside(self, which: int) -> None:
        """Delete a file without a journal, as clients do."""
        file_id = file(_NAMES[which % len(_NAMES)]).id
        if await self.catalog.soft_delete([file_id], START):
            self.model.files[file_id] = self.model.files[file_id].model_copy(update={"deleted": True})
            self.in_order = False

    async def play(self, move: tuple[Any, ...]) -> None:
        steps = {"wish": self.wish, "undo": self.undo, "redo": self.redo, "beside": self.beside}
        try:
            await steps[move[0]](*move[1:])
        except ChangeError:
            event(f"refused: {move[0]}")
        await self.check()

    async def take_all_back(self, start: object) -> None:
        while any(
            e.kind is ChangeKind.APPLY and not e.undone_at for e in await self.catalog.history(limit=999)
        ):
            await self.apply(await undo(None, self.plan_id(), self.catalog, self.blobs))
        await self.check()
        assert self.model.seen() == start


_few = st.integers(0, 7)
_wish = st.tuples(st.sampled_from([*_FILE_WISHES, *_FOLDER_WISHES]), _few, _few)
_some = st.tuples(st.just("wish"), st.lists(_wish, min_size=1, max_size=3))
_one = st.tuples(st.just("wish"), st.lists(_wish, min_size=1, max_size=1))
_back = st.tuples(st.just("undo"), st.none())
_forth = st.tuples(st.just("redo"))
_any = st.one_of(st.tuples(st.just("undo"), _few), st.tuples(st.just("beside"), _few))
_moves = st.lists(st.one_of(_one, _one, _some, _back, _forth), min_size=5, max_size=10)
_any_moves = st.lists(st.one_of(_one, _some, _back, _forth, _any), min_size=5, max_size=10)


async def _fill(path: Path) -> None:
    catalog = await SqlCatalog.open(path, "a")
    for n, name in enumerate(_NAMES):
        record = await catalog.add_file(file(name, folder_path=_PATHS[n]))
        await catalog.store_reading(record.id, reading(record.id, name), None)
    await catalog.aclose()


@pytest.fixture(scope="module")
def filled(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "catalog.sqlite"
    asyncio.run(_fill(Path(shutil.copy(migrated, path))))
    return path


async def _play(filled: Path, path: Path, moves: Sequence[tuple[Any, ...]], *, tidy: bool) -> None:
    catalog = await SqlCatalog.open(Path(shutil.copy(filled, path)), "a")
    play = Play(catalog, DiskBlobs(path.parent / "blobs"))
    try:
        play.model.files = (await catalog.library_state([file(name).id for name in _NAMES])).files
        play.model.folders = {folder.path for folder in await catalog.folders()}
        start = play.model.seen()
        for move in moves:
            await play.play(move)
        if tidy:
            await play.take_all_back(start)
    finally:
        await catalog.aclose()


_settings = settings(
    max_examples=_EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@_settings
@given(st.lists(_one, min_size=2, max_size=4), _moves)
def test_in_order(filled: Path, tmp_path: Path, first: list[Any], moves: list[Any]) -> None:
    asyncio.run(_play(filled, tmp_path / "c.sqlite", [*first, *moves], tidy=True))


@_settings
@given(st.lists(_one, min_size=2, max_size=4), _any_moves)
def test_in_any_order(filled: Path, tmp_path: Path, first: list[Any], moves: list[Any]) -> None:
    asyncio.run(_play(filled, tmp_path / "c.sqlite", [*first, *moves], tidy=False))
