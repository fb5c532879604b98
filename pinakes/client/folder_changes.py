"""What deleting a folder is in single changes: everything moved up, or everything deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pinakes.core.changes import MAX_CHANGES, Change, ChangeAction, FileState
from pinakes.core.files import FileFilter, FileRecord
from pinakes.library.library import Library
from pinakes.library.names import is_below, parent_of

_PAGE = 1000


@dataclass
class FolderPlan:
    """Changes in the order they are made, in sets of which each can be taken back; and what they touch."""

    changes: list[Change] = field(default_factory=list)
    files: int = 0
    folders: int = 0

    @property
    def sets(self) -> Iterator[Sequence[Change]]:
        """The changes in sets that are not too large; one set unless there are thousands of files."""
        for start in range(0, len(self.changes), MAX_CHANGES):
            yield self.changes[start : start + MAX_CHANGES]


async def moving_up(library: Library, path: str) -> FolderPlan:
    """Return how a folder goes while what is in it moves one level up; folders of one name become one."""
    folders = {folder.path for folder in await library.catalog.folders()}
    plan = FolderPlan()
    await _emptied(library, path, parent_of(path), folders, plan)
    return plan


async def deleting_all(library: Library, path: str) -> FolderPlan:
    """Return how a folder goes with everything in it; files are deleted softly."""
    plan = FolderPlan()
    records = await _files(library, FileFilter(folder_path=path))
    for record in records:
        plan.changes.append(_file_change(record, ChangeAction.DELETE, deleted=True))
    below = [folder.path for folder in await library.catalog.folders() if is_below(folder.path, path)]
    deepest_first = sorted(below, key=lambda folder: -folder.count("/"))
    plan.changes += map(_gone, deepest_first)
    plan.files, plan.folders = len(records), len(below) - 1
    return plan


async def _emptied(library: Library, path: str, target: str, folders: set[str], plan: FolderPlan) -> None:
    """Plan moving all that is in a folder to another one, and then the folder's end."""
    ids = {folder.path: folder.id for folder in await library.catalog.folders()}
    for record in await _files(library, FileFilter(folder_id=ids[path])):
        plan.changes.append(_file_change(record, ChangeAction.MOVE, folder_path=target))
        plan.files += 1
    namesake: str | None = None
    for inner in sorted(folder for folder in folders if folder and parent_of(folder) == path):
        name = inner.rpartition("/")[2]
        place = f"{target}/{name}" if target else name
        plan.folders += 1
        if place == path:
            namesake = inner
        elif place in folders:
            await _emptied(library, inner, place, folders, plan)
        else:
            plan.changes.append(_renamed(inner, place))
    if namesake is not None:  # the folder in it that is called like it takes its place
        await _emptied(library, namesake, path, folders, plan)
    else:
        plan.changes.append(_gone(path))


async def _files(library: Library, where: FileFilter) -> list[FileRecord]:
    found: list[FileRecord] = []
    while True:
        page = await library.catalog.list_files(where, limit=_PAGE, offset=len(found), order="created_at")
        found += page.items
        if not page.items or len(found) >= page.total:
            return found


def _file_change(record: FileRecord, action: ChangeAction, **after: object) -> Change:
    before = FileState(folder_path=record.folder_path, filename=record.filename, tags=record.tags)
    return Change(
        id=record.id,
        action=action,
        file_id=record.id,
        before=before,
        after=before.model_copy(update=after),
    )


def _renamed(before: str, after: str) -> Change:
    return Change(
        id=f"move:{before}", action=ChangeAction.RENAME_FOLDER, folder_before=before, folder_after=after
    )


def _gone(path: str) -> Change:
    return Change(id=f"delete:{path}", action=ChangeAction.DELETE_FOLDER, folder_before=path)
