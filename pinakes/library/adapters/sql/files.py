"""Files: adding, finding, listing, their status, and hiding them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from pinakes.core.colors import PaletteColour
from pinakes.core.errors import ResourceNotFoundError, ValidationError
from pinakes.core.files import Failure, FileFilter, FilePage, FileRecord, FileStatus, ImageFacts
from pinakes.library.adapters.sql.conditions import conditions
from pinakes.library.adapters.sql.file_tables import COLOURS, FILES, FOLDERS, OUTBOX, TAGS
from pinakes.library.adapters.sql.folders import SqlFolders
from pinakes.library.adapters.sql.rows import TEXTS, file_row, palette_row, to_file, to_text
from pinakes.library.adapters.sql.schema import now
from pinakes.library.adapters.sql.upload_tables import PALETTE
from pinakes.library.names import distinct_tags, folded

_JSON = frozenset({"facts", "description", "transcript"})
_ORDERS = {
    **{name: FILES.c[name] for name in FileRecord.model_fields if name in FILES.c and name not in _JSON},
    "filename": FILES.c.filename_folded,
    "folder_path": func.coalesce(FOLDERS.c.path, ""),
}
_UNFINISHED = (str(FileStatus.PENDING), str(FileStatus.PROCESSING))


class SqlFiles(SqlFolders):
    """The file half of the catalog, without what was read from files."""

    async def add_file(self, record: FileRecord) -> FileRecord:
        """Insert a file, making its folder, and return it. Raises ValidationError."""
        try:
            async with self._database.write() as connection:
                folder = await self._ensure_folder(connection, record.folder_path)
                await self._insert(connection, record, folder.id if folder else None)
        except IntegrityError as error:
            raise ValidationError("A file with this id is in the library already.", id=record.id) from error
        return await self.get_file(record.id)

    async def _insert(self, connection: AsyncConnection, record: FileRecord, folder_id: str | None) -> None:
        row = file_row(record) | {"folder_id": folder_id}
        await connection.execute(FILES.insert().values(self._row(**row)))
        await self._replace_tags(connection, {record.id: record.tags})
        await self._replace_colours(connection, record.id, record.facts)

    async def get_file(self, file_id: str, *, deleted: bool = False) -> FileRecord:
        """Return a file. Raises ResourceNotFoundError."""
        where = [self._one(FILES, file_id)]
        if not deleted:
            where.append(FILES.c.deleted_at.is_(None))
        found = await self._select(self._files().where(*where))
        if not found:
            raise ResourceNotFoundError("There is no file with this id in the library.", id=file_id)
        return found[0]

    async def get_files(self, file_ids: Sequence[str]) -> list[FileRecord]:
        """Return those of these files that exist, in the order asked."""
        if not file_ids:
            return []
        where = conditions(self._database, self.tenant, FileFilter(ids=tuple(file_ids)))
        found = {record.id: record for record in await self._select(self._files().where(*where))}
        return [found[file_id] for file_id in file_ids if file_id in found]

    async def find_by_hash(self, sha256: str) -> FileRecord | None:
        """Return the oldest file with this content, if any; one that failed only if there is no other."""
        statement = (
            self._files()
            .where(self._one(FILES, sha256, "sha256"), FILES.c.deleted_at.is_(None))
            .order_by(FILES.c.status == str(FileStatus.FAILED), FILES.c.created_at, FILES.c.id)
        )
        found = await self._select(statement.limit(1))
        return found[0] if found else None

    async def list_files(
        self, where: FileFilter, *, limit: int = 50, offset: int = 0, order: str = "-created_at"
    ) -> FilePage:
        """Return a page of files. Raises ValidationError for an unknown order."""
        column = _ORDERS.get(order.removeprefix("-"))
        if column is None:
            raise ValidationError(f"Files are ordered by one of {', '.join(sorted(_ORDERS))}.", order=order)
        direction = column.desc() if order.startswith("-") else column.asc()
        chosen = conditions(self._database, self.tenant, where)
        page = self._files().where(*chosen).order_by(direction, FILES.c.id).limit(limit).offset(offset)
        async with self._database.read() as connection:
            total = await connection.scalar(select(func.count()).select_from(FILES).where(*chosen))
            items = await self._fetch(connection, page)
        return FilePage(items=tuple(items), total=total or 0)

    async def matching_ids(self, where: FileFilter) -> list[str] | None:
        """Return the ids of the completed files that match; None if the filter limits nothing."""
        completed = where.model_copy(update={"status": FileStatus.COMPLETED})
        if completed == FileFilter(status=FileStatus.COMPLETED) and where.status in (None, completed.status):
            return None
        statement = select(FILES.c.id).where(*conditions(self._database, self.tenant, where))
        statement = statement.where(FILES.c.status == str(FileStatus.COMPLETED))
        async with self._database.read() as connection:
            return list((await connection.scalars(statement.order_by(FILES.c.created_at))).all())

    async def set_pending(self, file_id: str) -> None:
        """Queue a file for reading (again). Raises ResourceNotFoundError."""
        await self._set(file_id, status=str(FileStatus.PENDING), failure_code=None, failure_message=None)

    async def set_processing(self, file_id: str) -> None:
        """Mark a file as being read. Raises ResourceNotFoundError."""
        await self._set(file_id, status=str(FileStatus.PROCESSING))

    async def set_failed(self, file_id: str, failure: Failure, *, warnings: Sequence[str] = ()) -> None:
        """Mark a file as failed and say why; the index forgets it. Raises ResourceNotFoundError."""
        async with self._database.write() as connection:
            await self._update(
                connection,
                file_id,
                status=str(FileStatus.FAILED),
                failure_code=failure.code,
                failure_message=failure.message,
                warnings=to_text(TEXTS, tuple(warnings)),
            )
            await self._announce(connection, "delete", [file_id])

    async def set_title(self, file_id: str, title: str | None) -> None:
        """Give a file another title and tell the index. Raises ResourceNotFoundError."""
        async with self._database.write() as connection:
            await self._update(connection, file_id, title=title)
            completed = self._one(FILES, file_id) & (FILES.c.status == str(FileStatus.COMPLETED))
            if await connection.scalar(select(FILES.c.id).where(completed)):
                await self._announce(connection, "index", [file_id])

    async def set_tags(self, file_id: str, tags: Sequence[str]) -> None:
        """Give a file these tags and no others. Raises ResourceNotFoundError."""
        async with self._database.write() as connection:
            await self._update(connection, file_id)
            await self._replace_tags(connection, {file_id: tags})

    async def storage_used(self) -> int:
        """Return how many bytes the files have that are not deleted; content kept twice counts once."""
        shown = self._mine(FILES) & FILES.c.deleted_at.is_(None)
        each = select(func.max(FILES.c.size_bytes).label("size")).where(shown).group_by(FILES.c.sha256)
        async with self._database.read() as connection:
            return int(await connection.scalar(select(func.sum(each.subquery().c.size))) or 0)

    async def unfinished(self) -> list[str]:
        """Return the ids of files that are pending or were being read, oldest first."""
        statement = (
            select(FILES.c.id)
            .where(self._mine(FILES), FILES.c.deleted_at.is_(None), FILES.c.status.in_(_UNFINISHED))
            .order_by(FILES.c.created_at, FILES.c.id)
        )
        async with self._database.read() as connection:
            return list((await connection.scalars(statement)).all())

    async def soft_delete(self, file_ids: Sequence[str], at: datetime) -> int:
        """Hide files everywhere and return how many were hidden."""
        shown = conditions(self._database, self.tenant, FileFilter(ids=tuple(file_ids)))
        async with self._database.write() as connection:
            hidden = list((await connection.scalars(select(FILES.c.id).where(*shown))).all())
            await connection.execute(update(FILES).where(*shown).values(deleted_at=at, updated_at=at))
            await self._announce(connection, "delete", hidden)
        return len(hidden)

    def _files(self) -> Select[Any]:
        same_folder = and_(FOLDERS.c.tenant_id == FILES.c.tenant_id, FOLDERS.c.id == FILES.c.folder_id)
        joined = FILES.outerjoin(FOLDERS, same_folder)
        return select(FILES, FOLDERS.c.path.label("folder_path")).select_from(joined)

    async def _select(self, statement: Select[Any]) -> list[FileRecord]:
        async with self._database.read() as connection:
            return await self._fetch(connection, statement)

    async def _fetch(self, connection: AsyncConnection, statement: Select[Any]) -> list[FileRecord]:
        rows = (await connection.execute(statement)).mappings().all()
        tags: dict[str, list[str]] = {row["id"]: [] for row in rows}
        if tags:
            mine = self._mine(TAGS) & self._database.member_of(TAGS.c.file_id, list(tags))
            named = select(TAGS.c.file_id, TAGS.c.name).where(mine).order_by(TAGS.c.ordinal)
            for file_id, name in await connection.execute(named):
                tags[file_id].append(name)
        return [to_file(row, tags[row["id"]]) for row in rows]

    async def _set(self, file_id: str, **values: Any) -> None:
        async with self._database.write() as connection:
            await self._update(connection, file_id, **values)

    async def _update(self, connection: AsyncConnection, file_id: str, **values: Any) -> None:
        shown = self._one(FILES, file_id) & FILES.c.deleted_at.is_(None)
        done = await connection.execute(update(FILES).where(shown).values(updated_at=now(), **values))
        if not done.rowcount:
            raise ResourceNotFoundError("There is no file with this id in the library.", id=file_id)

    async def _announce(self, connection: AsyncConnection, op: str, file_ids: Sequence[str]) -> None:
        """Write outbox entries; only a file's newest one counts, so older ones go."""
        if not file_ids:
            return
        older = self._mine(OUTBOX) & self._database.member_of(OUTBOX.c.file_id, file_ids)
        await connection.execute(delete(OUTBOX).where(older))
        await connection.execute(OUTBOX.insert(), [self._row(op=op, file_id=file_id) for file_id in file_ids])

    async def _replace_tags(self, connection: AsyncConnection, tags: Mapping[str, Sequence[str]]) -> None:
        """Give each of these files these tags and no others."""
        older = self._mine(TAGS) & self._database.member_of(TAGS.c.file_id, list(tags))
        await connection.execute(delete(TAGS).where(older))
        rows = [
            self._row(file_id=file_id, folded=key, name=name, ordinal=n)
            for file_id, names in tags.items()
            for n, (key, name) in enumerate(distinct_tags(names).items())
        ]
        if rows:
            await connection.execute(TAGS.insert(), rows)

    async def _replace_colours(
        self, connection: AsyncConnection, file_id: str, facts: ImageFacts | None
    ) -> None:
        await connection.execute(delete(COLOURS).where(self._one(COLOURS, file_id, "file_id")))
        rows = [
            self._row(
                file_id=file_id, ordinal=n, name=folded(colour.name), hex=colour.hex, share=colour.share
            )
            for n, colour in enumerate(facts.colours if facts else ())
        ]
        if rows:
            await connection.execute(COLOURS.insert(), rows)
        main = [PaletteColour(**colour.model_dump()) for colour in facts.colours] if facts else []
        await self._write_palette(connection, file_id, main, now(), extracted=False)

    async def _write_palette(
        self,
        connection: AsyncConnection,
        file_id: str,
        colours: Sequence[PaletteColour],
        at: datetime,
        *,
        extracted: bool,
    ) -> None:
        await connection.execute(delete(PALETTE).where(self._one(PALETTE, file_id, "file_id")))
        rows = [
            self._row(file_id=file_id, ordinal=n, extracted=extracted, at=at, **palette_row(colour))
            for n, colour in enumerate(colours)
        ]
        if rows:
            await connection.execute(PALETTE.insert(), rows)
