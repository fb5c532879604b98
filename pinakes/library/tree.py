"""The library's folders and files as a set of changes finds them, changed step by step to see where it leads."""

from __future__ import annotations

from collections import Counter

from pinakes.core.changes import Change, ChangeAction, ChangeSet, FileState
from pinakes.library.change_rules import FOLDER_ACTIONS, Fault, rule_faults
from pinakes.library.names import MAX_DEPTH, is_below, is_protected, parent_of
from pinakes.ports.catalog import LibraryState


class Tree:
    """Folders and the files in question; nothing is written anywhere.

    Args:
        state: What the catalog holds.

    Attributes:
        folders: Paths of all folders.
        files: The files that the set names, and their states.
    """

    def __init__(self, state: LibraryState) -> None:
        self.folders = set(state.folders)
        self.files = dict(state.files)
        self._guarded = Counter(state.guarded)
        self._others = Counter(state.live)  # files that the set does not name
        self._others.subtract(file.folder_path for file in state.files.values() if not file.deleted)

    def fault(self, change: Change) -> Fault | None:
        """Return why a change, whose shape is right, cannot be done now."""
        if change.action is ChangeAction.CREATE_FOLDER:
            return self._creating(change, change.folder_after or "")
        if change.action is ChangeAction.RENAME_FOLDER:
            return self._renaming(change, change.folder_before or "", change.folder_after or "")
        if change.action is ChangeAction.DELETE_FOLDER:
            return self._deleting(change, change.folder_before or "")
        return self._adding(change) if change.action is ChangeAction.ADD else self._changing(change)

    def do(self, change: Change) -> None:
        """Do a change that has no fault."""
        if change.action not in FOLDER_ACTIONS:
            if change.file_id is not None and change.after is not None:
                self.files[change.file_id] = change.after
            return
        if change.action is ChangeAction.RENAME_FOLDER:
            self._rename(change.folder_before or "", change.folder_after or "")
        self.folders.discard(change.folder_before or "")
        if change.folder_after:
            self.folders.add(change.folder_after)

    def exists(self, path: str) -> bool:
        """Return whether there is a folder at a path; the root is always there."""
        return not path or path in self.folders

    def absent(self, change: Change) -> Fault | None:
        """Return whether a change is of a file that is not there, or deleted."""
        if change.file_id is None or change.action is ChangeAction.ADD:
            return None
        now = self.files.get(change.file_id)
        if now is None:
            return Fault(change, "A file is no longer in the library.", moved_on=True)
        if now.deleted and change.action is not ChangeAction.RESTORE:
            return Fault(change, f"“{now.filename}” has been deleted.", moved_on=True)
        return None

    def holds(self, path: str) -> bool:
        """Return whether a folder has files or folders in it."""
        if any(folder != path and is_below(folder, path) for folder in self.folders):
            return True
        return self._others[path] > 0 or any(
            file.folder_path == path and not file.deleted for file in self.files.values()
        )

    def _creating(self, change: Change, path: str) -> Fault | None:
        if path in self.folders:
            return Fault(change, f"The folder “{path}” exists already.", moved_on=True)
        return self._homeless(change, parent_of(path))

    def _renaming(self, change: Change, before: str, after: str) -> Fault | None:
        if before not in self.folders:
            return Fault(change, f"There is no folder “{before}”.", moved_on=True)
        if after in self.folders:
            return Fault(change, f"There is a folder “{after}” already.", moved_on=True)
        if is_below(after, before):
            return Fault(change, f"“{before}” cannot be put into itself.")
        if any(n > 0 and is_below(path, before) for path, n in self._guarded.items()):
            return Fault(change, f"“{before}” holds protected files.")
        levels = after.count("/") - before.count("/")
        deepest = max(folder.count("/") for folder in self.folders if is_below(folder, before))
        if deepest + levels >= MAX_DEPTH:
            return Fault(change, f"Folders in “{after}” would be more than {MAX_DEPTH} deep.")
        return self._homeless(change, parent_of(after))

    def _deleting(self, change: Change, path: str) -> Fault | None:
        if path not in self.folders:
            return Fault(change, f"There is no folder “{path}”.", moved_on=True)
        if self.holds(path):
            return Fault(change, f"The folder “{path}” is not empty.", moved_on=True)
        return None

    def _adding(self, change: Change) -> Fault | None:
        if change.file_id in self.files:
            return Fault(change, "A file with this id is in the library already.", moved_on=True)
        return self._homeless(change, change.after.folder_path if change.after else "")

    def _changing(self, change: Change) -> Fault | None:
        absent = self.absent(change)
        now = self.files.get(change.file_id or "")
        if absent or now is None or change.before is None or change.after is None:
            return absent
        if is_protected(now.tags) and change.action is not ChangeAction.RESTORE:
            return Fault(change, f"“{now.filename}” is protected.")
        if not same(now, change.before):
            return Fault(change, f"“{change.before.filename}” is not as it was.", moved_on=True)
        stays = self.files.get(change.merged_into or "")
        if change.action is ChangeAction.MERGE and (stays is None or stays.deleted):
            return Fault(change, f"The file that “{now.filename}” is merged into is gone.", moved_on=True)
        return None if change.after.deleted else self._homeless(change, change.after.folder_path)

    def _homeless(self, change: Change, folder: str) -> Fault | None:
        if self.exists(folder):
            return None
        return Fault(change, f"There is no folder “{folder}”.", moved_on=True)

    def _rename(self, before: str, after: str) -> None:
        def moved(path: str) -> str:
            return after + path[len(before) :] if is_below(path, before) else path

        self.folders = set(map(moved, self.folders))
        self._others = Counter({moved(path): n for path, n in self._others.items()})
        self._guarded = Counter({moved(path): n for path, n in self._guarded.items()})
        self.files = {
            file_id: file.model_copy(update={"folder_path": moved(file.folder_path)})
            for file_id, file in self.files.items()
        }


def same(one: FileState, other: FileState) -> bool:
    """Return whether two states are the same; where a deleted file would be matters to nobody."""
    if one.deleted and other.deleted:
        return (one.filename, one.tags) == (other.filename, other.tags)
    return one == other


def faults(changes: ChangeSet, tree: Tree) -> list[Fault]:
    """Do a set on a tree and return what stood in the way; a change with a fault is not done."""
    found = rule_faults(changes)
    if found:
        return found
    for change in changes.changes:
        fault = tree.fault(change)
        if fault is None:
            tree.do(change)
        else:
            found.append(fault)
    return found


def files_in(changes: ChangeSet) -> list[str]:
    """Return the ids of all files that a set names."""
    named = (file_id for change in changes.changes for file_id in (change.file_id, change.merged_into))
    return list(dict.fromkeys(file_id for file_id in named if file_id))
