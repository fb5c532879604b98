"""Batches of uploads; how far their files are is read off the files themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pinakes.core.batches import BatchItem, UploadBatch, UploadMethod
from pinakes.core.errors import BatchLimitError, ResourceNotFoundError
from pinakes.core.files import Failure, FileStatus
from pinakes.library.adapters.sql.file_tables import FILES
from pinakes.library.adapters.sql.store import TenantStore
from pinakes.library.adapters.sql.upload_tables import BATCHES, ITEMS

_UNREAD = (str(FileStatus.PENDING), str(FileStatus.PROCESSING))
_SAME = ("object_key", "filename", "content_type", "size_bytes", "storage", "file_id", "deduplicated")
_ITS_FILE = and_(
    FILES.c.tenant_id == ITEMS.c.tenant_id, FILES.c.id == ITEMS.c.file_id, FILES.c.deleted_at.is_(None)
)


class SqlUploads(TenantStore):
    """The part of the catalog that follows uploads."""

    async def add_batch(self, batch: UploadBatch, *, at: datetime, most_open: int) -> None:
        """Insert a batch. Raises BatchLimitError."""
        row = self._row(
            **batch.model_dump(include={"id", "created_at", "expires_at"}), method=str(batch.method)
        )
        async with self._database.write() as connection:
            if batch.method is not UploadMethod.SINGLE:
                await self._check_open(connection, at, most_open)
            await connection.execute(BATCHES.insert().values(row))
            items = [self._item_row(batch.id, n, item) for n, item in enumerate(batch.items)]
            if items:
                await connection.execute(ITEMS.insert(), items)

    async def get_batch(self, batch_id: str) -> UploadBatch:
        """Return a batch with its files as they are now. Raises ResourceNotFoundError."""
        found = await self._batches(select(BATCHES).where(self._one(BATCHES, batch_id)))
        if not found:
            raise ResourceNotFoundError("There is no batch with this id.", batch_id=batch_id)
        return found[0]

    async def list_batches(self, *, limit: int = 20, offset: int = 0) -> tuple[list[UploadBatch], int]:
        """Return a page of batches, newest first, and how many there are."""
        shown = self._mine(BATCHES) & (BATCHES.c.method != str(UploadMethod.SINGLE))
        page = select(BATCHES).where(shown).order_by(BATCHES.c.created_at.desc(), BATCHES.c.id)
        async with self._database.read() as connection:
            total = await connection.scalar(select(func.count()).select_from(BATCHES).where(shown))
        return await self._batches(page.limit(limit).offset(offset)), total or 0

    async def find_upload(self, object_key: str) -> tuple[UploadBatch, BatchItem]:
        """Return what was asked for under this key. Raises ResourceNotFoundError."""
        keyed = select(ITEMS.c.batch_id).where(self._one(ITEMS, object_key, "object_key"))
        async with self._database.read() as connection:
            batch_id = await connection.scalar(keyed)
        if batch_id is None:
            raise ResourceNotFoundError("No upload was asked for under this key.", object_key=object_key)
        batch = await self.get_batch(batch_id)
        return batch, next(item for item in batch.items if item.object_key == object_key)

    async def settle_upload(
        self,
        batch_id: str,
        object_key: str,
        *,
        file_id: str | None = None,
        failure: Failure | None = None,
        deduplicated: bool = False,
    ) -> None:
        """Record which file an awaited upload became, or why none. Raises ResourceNotFoundError."""
        which = self._one(ITEMS, batch_id, "batch_id") & (ITEMS.c.object_key == object_key)
        values = {
            "file_id": file_id,
            "failure_code": failure.code if failure else None,
            "failure_message": failure.message if failure else None,
            "deduplicated": deduplicated,
        }
        async with self._database.write() as connection:
            done = await connection.execute(update(ITEMS).where(which).values(values))
            if not done.rowcount:
                raise ResourceNotFoundError("The batch has no such upload.", object_key=object_key)

    async def open_batches(self, at: datetime) -> int:
        """Return how many batches are unfinished and not expired at a moment."""
        async with self._database.read() as connection:
            return await self._unfinished(connection, at)

    async def forget_batches(self, before: datetime) -> int:
        """Forget batches that were made before a moment, and return how many."""
        old = self._mine(BATCHES) & (BATCHES.c.created_at < before)
        async with self._database.write() as connection:
            return int((await connection.execute(delete(BATCHES).where(old))).rowcount)

    async def _check_open(self, connection: AsyncConnection, at: datetime, most_open: int) -> None:
        unfinished = await self._unfinished(connection, at)
        if unfinished >= most_open:
            raise BatchLimitError(
                f"{unfinished} batches are unfinished and {most_open} may be: wait until one is done.",
                open=unfinished,
                limit=most_open,
            )

    async def _unfinished(self, connection: AsyncConnection, at: datetime) -> int:
        joined = BATCHES.join(
            ITEMS, and_(ITEMS.c.tenant_id == BATCHES.c.tenant_id, ITEMS.c.batch_id == BATCHES.c.id)
        ).outerjoin(FILES, _ITS_FILE)
        awaited = and_(ITEMS.c.file_id.is_(None), ITEMS.c.failure_code.is_(None), BATCHES.c.expires_at > at)
        unfinished = or_(awaited, FILES.c.status.in_(_UNREAD))
        counts = self._mine(BATCHES) & (BATCHES.c.method != str(UploadMethod.SINGLE))
        statement = select(func.count(BATCHES.c.id.distinct())).select_from(joined).where(counts, unfinished)
        return int(await connection.scalar(statement) or 0)

    async def _batches(self, statement: Select[Any]) -> list[UploadBatch]:
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
            items = await self._items(connection, [row["id"] for row in rows])
        fields = ("id", "method", "created_at", "expires_at")
        return [
            UploadBatch(**{name: row[name] for name in fields}, items=tuple(items[row["id"]])) for row in rows
        ]

    async def _items(
        self, connection: AsyncConnection, batch_ids: Sequence[str]
    ) -> dict[str, list[BatchItem]]:
        columns = (FILES.c.status.label("file_status"), FILES.c.failure_code.label("file_failure"))
        statement = (
            select(ITEMS, *columns, FILES.c.failure_message.label("file_message"))
            .select_from(ITEMS.outerjoin(FILES, _ITS_FILE))
            .where(self._mine(ITEMS), self._database.member_of(ITEMS.c.batch_id, batch_ids))
            .order_by(ITEMS.c.ordinal)
        )
        found: dict[str, list[BatchItem]] = {batch_id: [] for batch_id in batch_ids}
        for row in (await connection.execute(statement)).mappings():
            found[row["batch_id"]].append(_to_item(row))
        return found

    def _item_row(self, batch_id: str, ordinal: int, item: BatchItem) -> dict[str, Any]:
        plain = {name: getattr(item, name) for name in _SAME}
        failure = item.failure
        return self._row(
            **plain | {"storage": str(item.storage)},
            batch_id=batch_id,
            ordinal=ordinal,
            failure_code=failure.code if failure else None,
            failure_message=failure.message if failure else None,
        )


def _to_item(row: Mapping[Any, Any]) -> BatchItem:
    code, message = row["failure_code"], row["failure_message"]
    if code is None and row["file_failure"]:
        code, message = row["file_failure"], row["file_message"]
    return BatchItem(
        **{name: row[name] for name in _SAME},
        file_status=row["file_status"],
        failure=Failure(code=code, message=message or "") if code else None,
    )
