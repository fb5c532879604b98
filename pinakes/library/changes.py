"""Preparing changes: from what somebody wants to exactly what would be done, checked against the library.

A set comes in as it was proposed, edited by a human, or made for a library that has moved on. It comes out with
every folder that it needs as a change of its own, so that taking it back is the same set turned round.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from pinakes.core.changes import MAX_CHANGES, Change, ChangeAction, ChangeKind, ChangeSet, FileState
from pinakes.core.errors import ChangeError
from pinakes.core.ids import derived_id, new_id
from pinakes.library.change_rules import (
    FOLDER_ACTIONS,
    Fault,
    changed_fields,
    refuse,
    rule_faults,
    shape_problem,
)
from pinakes.library.names import distinct_tags, is_protected, levels_above, tidy_path
from pinakes.library.tree import Tree, files_in, same
from pinakes.ports.blobs import BlobStore
from pinakes.ports.catalog import ChangeCatalog, LibraryState

NEEDED = "needed:"
"""Ids of folders that are only made because something goes into them begin so; they go when nothing does."""


async def prepare(changes: ChangeSet, catalog: ChangeCatalog, blobs: BlobStore) -> ChangeSet:
    """Return a set as it would be applied, with its snapshot.

    Paths, names and tags are tidied, missing folders become changes, what is so already is dropped. Preparing a
    prepared set again gives the same set.

    Raises:
        LibraryMovedOnError: The set was prepared before, and the library is no longer so.
        ChangeError: `details["problems"]` names each change that cannot be made and why.
    """
    wanted = _tidy(changes)
    state = await catalog.library_state(files_in(wanted))
    work = _Preparation(state, wanted)
    for change in wanted.changes:
        work.take(change)
    done = _finished(wanted, work, state)
    found = [*work.faults, *rule_faults(done), *_too_many(done), *await _without_content(done, blobs)]
    refuse(found, moved_on=bool(changes.snapshot))
    return done


async def rebase(changes: ChangeSet, catalog: ChangeCatalog, blobs: BlobStore) -> ChangeSet:
    """Return a set made again for the library as it is now, numbered one higher; it may be empty.

    What is so already, gone or no longer possible is left out, with a note where somebody would miss it.

    Raises ChangeError for a set that is wrong in itself, or that takes back what was taken back meanwhile.
    """
    await _check_entry(changes, catalog)
    wanted = _tidy(changes)
    state = await catalog.library_state(files_in(wanted))
    work = _Preparation(state, wanted, rebase=True)
    for change in wanted.changes:
        work.take(change)
    done = _finished(wanted, work, state)
    lost = await _without_content(done, blobs)
    refuse([*work.faults, *rule_faults(done), *_too_many(done), *lost], moved_on=False)
    return done.model_copy(update={"change_no": changes.change_no + 1})


async def restoring(file_ids: Sequence[str], catalog: ChangeCatalog) -> ChangeSet:
    """Return a set, not yet prepared, that brings back those of these files that are deleted."""
    state = await catalog.library_state(file_ids)
    changes = [
        Change(
            id=file_id, action=ChangeAction.RESTORE, file_id=file_id, after=_live(state.files.get(file_id))
        )
        for file_id in dict.fromkeys(file_ids)
        if file_id not in state.files or state.files[file_id].deleted
    ]
    return ChangeSet(plan_id=new_id(), description="Restore files", changes=tuple(changes))


async def deleting(file_ids: Sequence[str], catalog: ChangeCatalog) -> ChangeSet:
    """Return a set, not yet prepared, that deletes those of these files that are there and not protected."""
    files = (await catalog.library_state(file_ids)).files
    there = {i: file for i in dict.fromkeys(file_ids) if (file := files.get(i)) and not file.deleted}
    shown = {i: file for i, file in there.items() if not is_protected(file.tags)}
    changes = [
        Change(id=i, action=ChangeAction.DELETE, file_id=i, after=file.model_copy(update={"deleted": True}))
        for i, file in shown.items()
    ]
    named = next(iter(shown.values())).filename if len(shown) == 1 else f"{len(shown):,} files"
    return ChangeSet(plan_id=new_id(), description=f"Delete {named}", changes=tuple(changes))


async def _check_entry(changes: ChangeSet, catalog: ChangeCatalog) -> None:
    """Check that what is to be taken back still holds, or that what is to be done again does not."""
    if changes.kind is ChangeKind.APPLY or changes.entry_id is None:
        return
    entry = await catalog.get_entry(changes.entry_id)
    if (entry.undone_at is None) is not (changes.kind is ChangeKind.UNDO):
        done = "taken back" if entry.undone_at else "done again"
        raise ChangeError(f"This has been {done} already.", problems=[], entry_id=entry.id)


def _live(file: FileState | None) -> FileState | None:
    return file.model_copy(update={"deleted": False}) if file else None


class _Preparation:
    """Changes taken one after the other, each seen on the tree that the ones before it leave."""

    def __init__(self, state: LibraryState, wanted: ChangeSet, *, rebase: bool = False) -> None:
        self.tree = Tree(state)
        self.changes: list[Change] = []
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self._start = state.files
        self._ids = {change.id for change in wanted.changes}
        self._undo = wanted.kind is ChangeKind.UNDO
        self._rebase = rebase

    def take(self, change: Change) -> None:
        """Add a change as it stands on the tree, with the folders it needs."""
        settled = self._settled(change)
        if self._is_so(settled):
            return
        absent = self.tree.absent(settled)
        if absent is not None:
            self._object(absent)
            return
        problem = shape_problem(settled)
        if problem is not None:
            self.faults.append(Fault(settled, problem))
            return
        needed = list(self._needed(settled))
        for folder in needed:
            self.tree.do(folder)
        fault = self.tree.fault(settled)
        if fault is None:
            self.tree.do(settled)
            self.changes += [*needed, settled]
            return
        self.tree.folders.difference_update(folder.folder_after for folder in needed if folder.folder_after)
        self._object(fault)

    def _object(self, fault: Fault) -> None:
        change = fault.change
        if self._undo and change.action is ChangeAction.DELETE_FOLDER:
            if self.tree.exists(change.folder_before or ""):
                self.notes.append(f"The folder “{change.folder_before}” stays: it holds other files.")
        elif self._rebase:
            self.notes.append(f"Left out: {fault.problem}")
        else:
            self.faults.append(fault)

    def _settled(self, change: Change) -> Change:
        """Return a change of a file with its states as the changes before it leave them.

        Proposals give the states that the library has; of several changes of a file, each may start from those.
        """
        now, then = self.tree.files.get(change.file_id or ""), self._start.get(change.file_id or "")
        if now is None or then is None or change.after is None or change.action is ChangeAction.ADD:
            return change
        if now.deleted and not change.deletes and change.action is not ChangeAction.RESTORE:
            return change
        before = change.before or now
        if not (self._rebase or same(before, now) or same(before, then)):
            return change
        return change.model_copy(update={"before": now, "after": _redone(now, before, change.after)})

    def _is_so(self, change: Change) -> bool:
        if change.action not in FOLDER_ACTIONS:
            return change.after is not None and change.before == change.after
        before, after = change.folder_before, change.folder_after
        made = after is not None and self.tree.exists(after)
        gone = before is not None and not self.tree.exists(before)
        if change.action is ChangeAction.CREATE_FOLDER:
            return made
        if change.action is ChangeAction.DELETE_FOLDER:
            return gone and (self._undo or self._rebase)
        return before == after or (self._rebase and made and gone)

    def _needed(self, change: Change) -> Iterator[Change]:
        """Yield the folders that have to be made before a change, outermost first."""
        if change.after is not None and not change.after.deleted:
            wanted = [*levels_above(change.after.folder_path), change.after.folder_path]
        else:
            wanted = list(levels_above(change.folder_after or ""))
        for path in wanted:
            if not self.tree.exists(path):
                yield Change(id=self._free(path), action=ChangeAction.CREATE_FOLDER, folder_after=path)

    def _free(self, path: str) -> str:
        """Return an id for a folder that is needed; it may be made, deleted and needed again."""
        found = NEEDED + path
        for number in count(2):
            if found not in self._ids:
                break
            found = f"{NEEDED}{path}#{number}"
        self._ids.add(found)
        return found


def _redone(now: FileState, before: FileState, after: FileState) -> FileState:
    """Return a state with the same done to it that led from `before` to `after`."""
    update: dict[str, Any] = {name: getattr(after, name) for name in changed_fields(before, after)}
    if "tags" in update and before.tags != now.tags:
        old, new = distinct_tags(before.tags), distinct_tags(after.tags)
        added = {key: tag for key, tag in new.items() if key not in old}
        kept = {key: tag for key, tag in distinct_tags(now.tags).items() if key in new or key not in old}
        update["tags"] = tuple((kept | added).values())
    return now.model_copy(update=update)


def _tidy(changes: ChangeSet) -> ChangeSet:
    """Return a set with names as the catalog writes them, without folders that were only needed."""
    tidy = tuple(
        _tidied(change, changes.plan_id)
        for change in changes.changes
        if not (change.action is ChangeAction.CREATE_FOLDER and change.id.startswith(NEEDED))
    )
    return changes.model_copy(update={"changes": tidy})


def _tidied(change: Change, plan_id: str) -> Change:
    update: dict[str, Any] = {
        name: tidy_path(path)
        for name in ("folder_before", "folder_after")
        if (path := getattr(change, name)) is not None
    }
    if change.after is not None:
        update["after"] = _tidied_state(change.after, change.before)
    if change.action is ChangeAction.ADD and change.file_id is None:
        update["file_id"] = derived_id(plan_id, change.id, "file")
    return change.model_copy(update=update)


def _tidied_state(state: FileState, before: FileState | None) -> FileState:
    """Return a state with what is new in it tidied: a file may have an untidy name from before."""
    update: dict[str, Any] = {"folder_path": tidy_path(state.folder_path)}
    if before is None or state.filename != before.filename:
        update["filename"] = unicodedata.normalize("NFC", state.filename).strip()
    if before is None or state.tags != before.tags:
        update["tags"] = tuple(distinct_tags(state.tags).values())
    return state.model_copy(update=update)


def _finished(wanted: ChangeSet, work: _Preparation, state: LibraryState) -> ChangeSet:
    return wanted.model_copy(
        update={
            "changes": tuple(work.changes),
            "notes": tuple(dict.fromkeys([*wanted.notes, *work.notes])),
            "snapshot": _snapshot(work.changes, state),
        }
    )


def _snapshot(changes: Sequence[Change], state: LibraryState) -> str:
    """Hash the state before of every file and folder that a set names."""
    files = {change.file_id: state.files.get(change.file_id) for change in changes if change.file_id}
    stays = {change.merged_into for change in changes if change.merged_into}
    folders = set(state.folders)
    assumed = {
        "files": {file_id: _seen(file) for file_id, file in files.items()},
        "stays": {file_id: file_id in state.files for file_id in stays},
        "folders": {path: path in folders for change in changes for path in _paths(change)},
    }
    return hashlib.sha256(json.dumps(assumed, sort_keys=True).encode()).hexdigest()


def _seen(file: FileState | None) -> dict[str, Any] | None:
    """Return what a set assumes of a file; where a deleted one would be matters to nobody."""
    return file.model_dump(mode="json", exclude={"folder_path"} if file.deleted else None) if file else None


def _paths(change: Change) -> Iterator[str]:
    after = change.after.folder_path if change.after else None
    yield from (path for path in (change.folder_before, change.folder_after, after) if path)


def _too_many(changes: ChangeSet) -> list[Fault]:
    if len(changes.changes) <= MAX_CHANGES:
        return []
    return [Fault(changes.changes[-1], f"A set has at most {MAX_CHANGES} changes: make several.")]


async def _without_content(changes: ChangeSet, blobs: BlobStore) -> list[Fault]:
    return [
        Fault(change, f"The content of “{change.after.filename if change.after else ''}” is not stored.")
        for change in changes.changes
        if change.content is not None and not await blobs.exists(change.content.sha256)
    ]
