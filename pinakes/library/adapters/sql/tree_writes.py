"""Writing a checked set of changes: folders one by one, files in batches, in the set's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pinakes.core.changes import Change, ChangeAction, FileState
from pinakes.core.errors import ChangeError
from pinakes.core.files import FileRecord
from pinakes.library.adapters.sql.file_tables import FILES, FOLDERS
from pinakes.library.adapters.sql.files import SqlFiles
from pinakes.library.names import folded, parent_of

_REPLACED = (
    "filename",
    "filename_folded",
    "extension",
    "folder_id",
    "lost_folder",
    "deleted_at",
    "updated_at",
)


@dataclass
class _Pending:
    """Changes of files that are written together, and where the folders are."""

    at: datetime
    places: dict[str, str]  # path -> id
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    tags: dict[str, Sequence[str]] = field(default_factory=dict)

    def change(self, file_id: str, before: FileState, after: FileState) -> None:
        self.rows[file_id] = {
            "changed_id": file_id,
            "filename": after.filename,
            "filename_folded": folded(after.filename),
            "extension": extension(after.filename),
            "folder_id": self.places.get(after.folder_path),
            "lost_folder": None,
            "deleted_at": self.at if after.deleted else None,
            "updated_at": self.at,
        }
        if before.tags != after.tags:
            self.tags[file_id] = after.tags


class SqlTreeWrites(SqlFiles):
    """The part of the catalog that changes folders and files."""

    async def _write_changes(
        self, connection: AsyncConnection, changes: Sequence[Change], at: datetime
    ) -> None:
        pending = _Pending(at, await self._folder_ids(connection))
        for change in changes:
            if change.action is ChangeAction.ADD:
                record = _added(change, at)
                await self._insert(connection, record, pending.places.get(record.folder_path))
            elif change.file_id and change.before and change.after:
                pending.change(change.file_id, change.before, change.after)
            else:
                await self._write_folder(connection, change, pending)
        await self._flush(connection, pending)

    async def _flush(self, connection: AsyncConnection, pending: _Pending) -> None:
        if pending.rows:
            which = self._mine(FILES) & (FILES.c.id == bindparam("changed_id"))
            values: dict[str, Any] = {name: bindparam(name) for name in _REPLACED}
            await connection.execute(update(FILES).where(which).values(values), list(pending.rows.values()))
        if pending.tags:
            await self._replace_tags(connection, pending.tags)
        pending.rows, pending.tags = {}, {}

    async def _write_folder(self, connection: AsyncConnection, change: Change, pending: _Pending) -> None:
        before, after = change.folder_before, change.folder_after
        if before is None and after is not None:
            folder = await self._ensure_folder(connection, after)
            pending.places |= {after: folder.id} if folder else {}
        elif before is not None and after is None:
            await self._flush(connection, pending)  # files may have left the folder
            await self._delete_folder(connection, before, pending.places.pop(before))
        elif before is not None and after is not None:
            await self._rename_folder(connection, before, after, pending.places)
            pending.places = await self._folder_ids(connection)

    async def _delete_folder(self, connection: AsyncConnection, path: str, folder_id: str) -> None:
        """Delete a folder without live files; deleted ones remember where it was."""
        inside = self._one(FILES, folder_id, "folder_id")
        await connection.execute(update(FILES).where(inside).values(folder_id=None, lost_folder=path))
        await connection.execute(delete(FOLDERS).where(self._one(FOLDERS, folder_id)))

    async def _rename_folder(
        self, connection: AsyncConnection, before: str, after: str, places: dict[str, str]
    ) -> None:
        levels = after.count("/") - before.count("/")
        below = self._mine(FOLDERS) & (func.substr(FOLDERS.c.path, 1, len(before) + 1) == f"{before}/")
        path = after + func.substr(FOLDERS.c.path, len(before) + 1)
        await connection.execute(
            update(FOLDERS).where(below).values(path=path, depth=FOLDERS.c.depth + levels)
        )
        renamed = {
            "path": after,
            "name": PurePosixPath(after).name,
            "parent_id": places.get(parent_of(after)),
            "depth": after.count("/") + 1,
        }
        await connection.execute(update(FOLDERS).where(self._one(FOLDERS, places[before])).values(renamed))

    async def _folder_ids(self, connection: AsyncConnection) -> dict[str, str]:
        statement = select(FOLDERS.c.path, FOLDERS.c.id).where(self._mine(FOLDERS))
        return {row[0]: row[1] for row in await connection.execute(statement)}


def extension(filename: str) -> str:
    """Return a file name's extension as the catalog keeps it: without dot and case."""
    return folded(PurePosixPath(filename).suffix).lstrip(".")


def _added(change: Change, at: datetime) -> FileRecord:
    content, after = change.content, change.after
    if content is None or after is None or change.file_id is None:
        raise ChangeError("A file that is added needs an id, content and a place.")
    return FileRecord(
        id=change.file_id,
        filename=after.filename,
        media_type=content.media_type,
        content_type=content.content_type,
        size_bytes=content.size_bytes,
        sha256=content.sha256,
        folder_path=after.folder_path,
        title=content.title,
        tags=after.tags,
        created_at=at,
        updated_at=at,
    )
