"""Folders: made on the way to a file, at most ten deep."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pinakes.core.errors import ValidationError
from pinakes.core.files import Folder
from pinakes.core.ids import new_id
from pinakes.library.adapters.sql.file_tables import FOLDERS
from pinakes.library.adapters.sql.rows import to_folder
from pinakes.library.adapters.sql.schema import now
from pinakes.library.adapters.sql.store import TenantStore

MAX_DEPTH = 10
MAX_NAME = 255


def folder_names(path: str) -> tuple[str, ...]:
    """Return the names in a folder path, root first; () is the root. Raises ValidationError."""
    names = tuple(part.strip() for part in unicodedata.normalize("NFC", path).split("/") if part.strip())
    if len(names) > MAX_DEPTH:
        raise ValidationError(
            f"Folders may be {MAX_DEPTH} deep and this path has {len(names)}: choose a flatter place.",
            path=path,
        )
    for name in names:
        _check_name(name, path)
    return names


def _check_name(name: str, path: str) -> None:
    if len(name) > MAX_NAME:
        raise ValidationError(f"A folder's name may have {MAX_NAME} characters: shorten it.", path=path)
    if name in {".", ".."} or not name.isprintable():
        raise ValidationError("A folder's name must be printable and not '.' or '..': rename it.", path=path)


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
