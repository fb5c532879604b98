"""Folders: made on the way to a file, at most ten deep."""

from __future__ import annotations

from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pinakes.core.files import Folder
from pinakes.core.ids import new_id
from pinakes.library.adapters.sql.file_tables import FOLDERS
from pinakes.library.adapters.sql.rows import to_folder
from pinakes.library.adapters.sql.schema import now
from pinakes.library.adapters.sql.store import TenantStore
from pinakes.library.names import folder_names


class SqlFolders(TenantStore):
    """The folder half of the catalog."""

    async def folders(self) -> list[Folder]:
        """Return all folders by path."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(FOLDERS).where(self._mine(FOLDERS)))
            folders = [to_folder(row) for row in rows.mappings()]
        return sorted(folders, key=lambda folder: folder.path.split("/"))

    async def _ensure_folder(self, connection: AsyncConnection, path: str) -> Folder | None:
        """Return the folder at a path, making it and those above it; None for the root."""
        folder: Folder | None = None
        for name in folder_names(path):
            folder = await self._child(connection, folder, name)
        return folder

    async def _child(self, connection: AsyncConnection, parent: Folder | None, name: str) -> Folder:
        path = str(PurePosixPath(parent.path, name)) if parent else name
        found = await connection.execute(select(FOLDERS).where(self._one(FOLDERS, path, "path")))
        row = found.mappings().one_or_none()
        if row is not None:
            return to_folder(row)
        folder = Folder(
            id=new_id(),
            name=name,
            parent_id=parent.id if parent else None,
            path=path,
            depth=parent.depth + 1 if parent else 1,
            created_at=now(),
        )
        await connection.execute(FOLDERS.insert().values(self._row(**folder.model_dump())))
        return folder
