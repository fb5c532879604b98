"""What a set of changes meets: folders, the files it names, and how full the folders are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pinakes.core.changes import PROTECTED_TAG, FileState
from pinakes.library.adapters.sql.file_tables import FILES, FOLDERS, TAGS
from pinakes.library.adapters.sql.store import TenantStore
from pinakes.library.names import folded
from pinakes.ports.catalog import LibraryState

_SAME_FOLDER = and_(FOLDERS.c.tenant_id == FILES.c.tenant_id, FOLDERS.c.id == FILES.c.folder_id)


class SqlLibraryState(TenantStore):
    """The part of the catalog that changes are checked against."""

    async def library_state(self, file_ids: Sequence[str]) -> LibraryState:
        """Return, as of one moment, what a set that changes these files would meet."""
        async with self._database.read() as connection:
            return await self._state(connection, file_ids)

    async def _state(
        self, connection: AsyncConnection, file_ids: Sequence[str], *, lock: bool = False
    ) -> LibraryState:
        folders = select(FOLDERS.c.path).where(self._mine(FOLDERS))
        return LibraryState(
            folders=tuple(await connection.scalars(folders)),
            files=await self._file_states(connection, file_ids, lock=lock),
            live=await self._per_folder(connection, self._live()),
            guarded=await self._per_folder(connection, self._live().where(FILES.c.id.in_(self._protected()))),
        )

    async def _file_states(
        self, connection: AsyncConnection, file_ids: Sequence[str], *, lock: bool
    ) -> dict[str, FileState]:
        columns = (FILES.c.id, FILES.c.filename, FILES.c.deleted_at, FILES.c.lost_folder, FOLDERS.c.path)
        mine = self._mine(FILES) & self._database.member_of(FILES.c.id, file_ids)
        statement = select(*columns).select_from(FILES.outerjoin(FOLDERS, _SAME_FOLDER)).where(mine)
        if lock:  # SQLite, which has one writer, leaves it out
            statement = statement.with_for_update(of=FILES)
        rows = (await connection.execute(statement)).mappings().all()
        tags = await self._tags_of(connection, file_ids)
        return {
            row["id"]: FileState(
                folder_path=row["path"] or row["lost_folder"] or "",
                filename=row["filename"],
                tags=tuple(tags.get(row["id"], ())),
                deleted=row["deleted_at"] is not None,
            )
            for row in rows
        }

    async def _tags_of(self, connection: AsyncConnection, file_ids: Sequence[str]) -> dict[str, list[str]]:
        mine = self._mine(TAGS) & self._database.member_of(TAGS.c.file_id, file_ids)
        tags: dict[str, list[str]] = {}
        for file_id, name in await connection.execute(
            select(TAGS.c.file_id, TAGS.c.name).where(mine).order_by(TAGS.c.ordinal)
        ):
            tags.setdefault(file_id, []).append(name)
        return tags

    def _live(self) -> Select[Any]:
        joined = FILES.join(FOLDERS, _SAME_FOLDER)
        shown = self._mine(FILES) & FILES.c.deleted_at.is_(None)
        return select(FOLDERS.c.path, func.count()).select_from(joined).where(shown).group_by(FOLDERS.c.path)

    def _protected(self) -> Select[Any]:
        return select(TAGS.c.file_id).where(self._mine(TAGS), TAGS.c.folded == folded(PROTECTED_TAG))

    async def _per_folder(self, connection: AsyncConnection, statement: Select[Any]) -> dict[str, int]:
        return {row[0]: row[1] for row in await connection.execute(statement)}
