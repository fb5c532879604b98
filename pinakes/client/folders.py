"""`client.folders`: the library's folders; all that changes them is journaled. Names follow the hosted SDK."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pinakes.client.checks import one_of, several, within
from pinakes.client.folder_changes import deleting_all, moving_up
from pinakes.core.changes import Change, ChangeAction, ChangeSet, FileState, JournalEntry
from pinakes.core.errors import ResourceNotFoundError, ValidationError
from pinakes.core.files import FileFilter, FileRecord
from pinakes.core.files import Folder as StoredFolder
from pinakes.core.folders import (
    DeleteFolderResult,
    Folder,
    FolderBreadcrumb,
    FolderBreadcrumbs,
    FolderContents,
    FolderTree,
    MoveFilesResult,
)
from pinakes.core.ids import new_id
from pinakes.core.user_files import UserFile
from pinakes.library.library import Library
from pinakes.library.names import is_below, parent_of, path_problem

MODES = ("move_to_parent", "delete_all")
_MAX_MOVED = 5000


class FoldersResource:
    """Folders of one library, at most ten deep; `client.undo()` takes every change back."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def tree(self) -> FolderTree:
        """Return all folders, each after the one that holds it."""
        folders = await self._library.catalog.folders()
        live = (await self._library.catalog.library_state([])).live
        inner = Counter(folder.parent_id for folder in folders)
        return FolderTree(folders=tuple(_shown(folder, live, inner) for folder in folders))

    async def get(self, folder_id: str, *, limit: int = 50, offset: int = 0) -> FolderContents:
        """Return what is right in a folder, with a page of its files.

        Raises ResourceNotFoundError; ValidationError for a limit outside 1–1,000.
        """
        within("limit", limit, 1, 1000)
        within("offset", offset, 0, 2**31)
        tree = await self.tree()
        folder = _named(tree, folder_id)
        page = await self._library.catalog.list_files(
            FileFilter(folder_id=folder_id), limit=limit, offset=offset, order="filename"
        )
        return FolderContents(
            folder=folder,
            breadcrumbs=_way(tree, folder),
            subfolders=tree.children(folder_id),
            files=tuple(map(UserFile.of, page.items)),
            total_files=page.total,
            has_more_files=offset + len(page.items) < page.total,
        )

    async def get_breadcrumbs(self, folder_id: str) -> FolderBreadcrumbs:
        """Return the way from the top to a folder, itself included. Raises ResourceNotFoundError."""
        tree = await self.tree()
        return FolderBreadcrumbs(breadcrumbs=_way(tree, _named(tree, folder_id)))

    async def create(self, name: str, *, parent_id: str | None = None) -> Folder:
        """Make a folder, at the top or in another one.

        Raises:
            ValidationError: The name is not allowed or taken, or the folder would be more than ten deep.
            ResourceNotFoundError: There is no such parent.
        """
        tree = await self.tree()
        path = _below(_named(tree, parent_id).path if parent_id else "", name)
        _check_free(tree, path)
        change = Change(id="create", action=ChangeAction.CREATE_FOLDER, folder_after=path)
        await self._apply([change], f"Make the folder “{path}”")
        return await self._at(path)

    async def rename(self, folder_id: str, name: str) -> Folder:
        """Give a folder another name. Raises ValidationError, ResourceNotFoundError, ChangeError."""
        tree = await self.tree()
        folder = _named(tree, folder_id)
        return await self._renamed(tree, folder, _below(parent_of(folder.path), name), "Rename")

    async def move(self, folder_id: str, *, new_parent_id: str | None = None) -> Folder:
        """Put a folder into another one, or without it to the top.

        Raises:
            ValidationError: There is a folder of this name, or it would be in itself or more than ten deep.
            ResourceNotFoundError: There is no such folder.
            ChangeError: It holds protected files.
        """
        tree = await self.tree()
        folder = _named(tree, folder_id)
        parent = _named(tree, new_parent_id).path if new_parent_id else ""
        if parent and is_below(parent, folder.path):
            raise ValidationError("A folder cannot be moved into itself.", folder_id=folder_id)
        return await self._renamed(tree, folder, _below(parent, folder.name), "Move")

    async def delete(self, folder_id: str, *, mode: str = "move_to_parent") -> DeleteFolderResult:
        """Delete a folder.

        Args:
            mode: "move_to_parent" keeps what is in it one level up, where folders of one name become one;
                "delete_all" deletes it too, softly.

        Raises:
            ResourceNotFoundError: There is no such folder.
            ValidationError: There is no such mode.
            ChangeError: It holds protected files.
        """
        one_of("mode", mode, MODES)
        folder = _named(await self.tree(), folder_id)
        plan = await (moving_up if mode == "move_to_parent" else deleting_all)(self._library, folder.path)
        entry: JournalEntry | None = None
        for changes in plan.sets:
            entry = await self._apply(changes, f"Delete the folder “{folder.path}”")
        return DeleteFolderResult(
            id=folder_id,
            mode=mode,
            files_affected=plan.files,
            subfolders_affected=plan.folders,
            entry_id=entry.id if entry else None,
        )

    async def move_files(self, file_ids: Sequence[str], *, folder_id: str | None = None) -> MoveFilesResult:
        """Put files into a folder, or without one to the top; those already there stay.

        Raises:
            ResourceNotFoundError: There is no such folder, or no such file; nothing was moved.
            ValidationError: There are no files, or more than 5,000.
            ChangeError: A file is protected.
        """
        file_ids = several("file_ids", file_ids)
        within("the number of files", len(file_ids), 1, _MAX_MOVED)
        path = _named(await self.tree(), folder_id).path if folder_id else ""
        ids = list(dict.fromkeys(file_ids))
        found = await self._library.catalog.get_files(ids)
        missing = sorted(set(ids) - {record.id for record in found})
        if missing:
            raise ResourceNotFoundError(
                f"{len(missing)} of the files are not in the library; nothing was moved.", file_ids=missing
            )
        moved = [_moved(record, path) for record in found if record.folder_path != path]
        entry = await self._apply(moved, f"Move files to “{path or 'the top'}”") if moved else None
        return MoveFilesResult(
            moved=len(moved), total_requested=len(file_ids), entry_id=entry.id if entry else None
        )

    async def _renamed(self, tree: FolderTree, folder: Folder, path: str, verb: str) -> Folder:
        if path == folder.path:
            return folder
        _check_free(tree, path)
        change = Change(
            id="rename", action=ChangeAction.RENAME_FOLDER, folder_before=folder.path, folder_after=path
        )
        await self._apply([change], f"{verb} the folder “{folder.path}” to “{path}”")
        return await self._at(path)

    async def _apply(self, changes: Sequence[Change], description: str) -> JournalEntry:
        wanted = ChangeSet(plan_id=new_id(), description=description, changes=tuple(changes))
        return await self._library.apply_changes(await self._library.prepare_changes(wanted))

    async def _at(self, path: str) -> Folder:
        return next(folder for folder in (await self.tree()).folders if folder.path == path)


def _shown(folder: StoredFolder, live: dict[str, int], inner: Counter[str | None]) -> Folder:
    return Folder(
        id=folder.id,
        name=folder.name,
        depth=folder.depth,
        parent_id=folder.parent_id,
        file_count=live.get(folder.path, 0),
        subfolder_count=inner[folder.id],
        created_at=folder.created_at,
        updated_at=folder.created_at,
        path=folder.path,
    )


def _named(tree: FolderTree, folder_id: str | None) -> Folder:
    for folder in tree.folders:
        if folder.id == folder_id:
            return folder
    raise ResourceNotFoundError("No folder has this id; list them with `tree()`.", folder_id=folder_id)


def _way(tree: FolderTree, folder: Folder) -> tuple[FolderBreadcrumb, ...]:
    above = sorted((f for f in tree.folders if is_below(folder.path, f.path)), key=lambda f: f.depth)
    return tuple(FolderBreadcrumb(id=f.id, name=f.name, depth=f.depth) for f in above)


def _below(parent: str, name: Any) -> str:
    """Return a path. Raises ValidationError for a name that is none."""
    name = name.strip() if isinstance(name, str) else ""
    if not name or "/" in name:
        raise ValidationError("A folder's name has 1 to 255 characters and no slashes.", name=name)
    path = f"{parent}/{name}" if parent else name
    problem = path_problem(path)
    if problem:
        raise ValidationError(problem, name=name, path=path)
    return path


def _check_free(tree: FolderTree, path: str) -> None:
    if any(folder.path == path for folder in tree.folders):
        raise ValidationError(f"There is a folder “{path}” already: choose another name.", path=path)


def _moved(record: FileRecord, path: str) -> Change:
    before = FileState(folder_path=record.folder_path, filename=record.filename, tags=record.tags)
    return Change(
        id=record.id,
        action=ChangeAction.MOVE,
        file_id=record.id,
        before=before,
        after=before.model_copy(update={"folder_path": path}),
    )
