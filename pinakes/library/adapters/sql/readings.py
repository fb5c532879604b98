"""What was read from files: pages, elements, chunks, and the outbox that tells the index of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pinakes.core.files import (
    DESCRIBED_FROM,
    HEARD_FROM,
    Chunk,
    Description,
    Element,
    FileStatus,
    PageInfo,
    Reading,
    Transcript,
)
from pinakes.library.adapters.sql.file_tables import CHUNKS, ELEMENTS, FILES, OUTBOX, PAGES
from pinakes.library.adapters.sql.files import SqlFiles
from pinakes.library.adapters.sql.rows import (
    TEXTS,
    as_json,
    chunk_row,
    known_columns,
    to_chunk,
    to_text,
)
from pinakes.ports.catalog import OutboxEntry

_ELEMENTS: TypeAdapter[tuple[Element, ...]] = TypeAdapter(tuple[Element, ...])
_RUN = 200  # elements in one row at most
_LAST = 2_000_000_000


class SqlReadings(SqlFiles):
    """Files together with what was read from them."""

    async def store_reading(self, file_id: str, reading: Reading, thumbnail_sha256: str | None) -> None:
        """Replace what was read from a file, mark it completed and tell the index: one transaction.

        Raises ResourceNotFoundError.
        """
        async with self._database.write() as connection:
            await self._complete(connection, file_id, reading, thumbnail_sha256)
            await self._replace_colours(connection, file_id, reading.facts)
            await self._replace_parts(connection, file_id, reading)
            await self._count_chunks(connection, file_id)
            await self._announce(connection, "index", [file_id])

    async def store_description(
        self, file_id: str, description: Description, chunks: Sequence[Chunk] | None
    ) -> None:
        """Keep what a model says of a picture, and tell the index where its chunks are replaced: one transaction.

        Raises ResourceNotFoundError.
        """
        async with self._database.write() as connection:
            legible = {"has_text": True} if description.visible_text else {}
            await self._update(connection, file_id, description=as_json(description), **legible)
            if chunks is not None:
                await self._replace_added(connection, file_id, chunks, DESCRIBED_FROM, HEARD_FROM)

    async def store_transcript(self, file_id: str, transcript: Transcript, chunks: Sequence[Chunk]) -> None:
        """Keep what a model heard in a video and tell the index: one transaction. Raises ResourceNotFoundError."""
        async with self._database.write() as connection:
            await self._update(connection, file_id, transcript=as_json(transcript))
            await self._replace_added(connection, file_id, chunks, HEARD_FROM, _LAST)

    async def _replace_added(
        self, connection: AsyncConnection, file_id: str, chunks: Sequence[Chunk], first: int, end: int
    ) -> None:
        between = CHUNKS.c.ordinal.between(first, end - 1)
        await connection.execute(delete(CHUNKS).where(self._one(CHUNKS, file_id, "file_id"), between))
        if chunks:
            rows = [self._row(**chunk_row(chunk) | {"file_id": file_id}) for chunk in chunks]
            await connection.execute(CHUNKS.insert(), rows)
        await self._count_chunks(connection, file_id)
        completed = self._one(FILES, file_id) & (FILES.c.status == str(FileStatus.COMPLETED))
        if await connection.scalar(select(FILES.c.id).where(completed)):
            await self._announce(connection, "index", [file_id])

    async def _count_chunks(self, connection: AsyncConnection, file_id: str) -> None:
        """Write down how many chunks a file has."""
        of_file = self._one(CHUNKS, file_id, "file_id")
        count = select(func.count()).select_from(CHUNKS).where(of_file).scalar_subquery()
        await connection.execute(update(FILES).where(self._one(FILES, file_id)).values(chunk_count=count))

    async def _complete(
        self, connection: AsyncConnection, file_id: str, reading: Reading, thumbnail_sha256: str | None
    ) -> None:
        facts = known_columns(reading)
        if reading.facts is None and reading.video is None:
            facts["has_text"] = any(chunk.text.strip() for chunk in reading.chunks)
        taken_at = reading.facts.taken_at if reading.facts else None
        await self._update(
            connection,
            file_id,
            status=str(FileStatus.COMPLETED),
            failure_code=None,
            failure_message=None,
            warnings=to_text(TEXTS, reading.warnings),
            title=func.coalesce(FILES.c.title, reading.title),
            content_created_at=reading.content_created_at or taken_at,
            page_count=len(reading.pages) or None,
            language=reading.language,
            thumbnail_sha256=thumbnail_sha256,
            **({"source": reading.link.url} if reading.link and reading.link.url else {}),
            **facts,
        )

    async def _replace_parts(self, connection: AsyncConnection, file_id: str, reading: Reading) -> None:
        chunks = [self._row(**chunk_row(chunk) | {"file_id": file_id}) for chunk in reading.chunks]
        pages = [self._row(file_id=file_id, **page.model_dump()) for page in reading.pages]
        runs = [self._row(file_id=file_id, **run) for run in _runs(reading.elements)]
        for table, rows in ((CHUNKS, chunks), (PAGES, pages), (ELEMENTS, runs)):
            read = (CHUNKS.c.ordinal < DESCRIBED_FROM,) if table is CHUNKS else ()
            await connection.execute(delete(table).where(self._one(table, file_id, "file_id"), *read))
            if rows:
                await connection.execute(table.insert(), rows)

    async def get_chunks(self, chunk_ids: Sequence[str]) -> list[Chunk]:
        """Return those of these chunks whose file is neither deleted nor failed, in the order asked."""
        if not chunk_ids:
            return []
        shown = self._database.member_of(CHUNKS.c.id, chunk_ids)
        found = {chunk.id: chunk for chunk in await self._chunks(shown)}
        return [found[chunk_id] for chunk_id in chunk_ids if chunk_id in found]

    async def file_chunks(self, file_id: str, *, start: int = 0, limit: int | None = None) -> list[Chunk]:
        """Return a file's chunks in order, from an ordinal on."""
        return await self._chunks((CHUNKS.c.file_id == file_id) & (CHUNKS.c.ordinal >= start), limit)

    async def _chunks(self, which: ColumnElement[bool], limit: int | None = None) -> list[Chunk]:
        statement = (
            select(CHUNKS)
            .join(FILES, (FILES.c.tenant_id == CHUNKS.c.tenant_id) & (FILES.c.id == CHUNKS.c.file_id))
            .where(self._mine(CHUNKS), which)
            .where(FILES.c.deleted_at.is_(None), FILES.c.status != str(FileStatus.FAILED))
            .order_by(CHUNKS.c.file_id, CHUNKS.c.ordinal)
            .limit(limit)
        )
        async with self._database.read() as connection:
            return [to_chunk(row) for row in (await connection.execute(statement)).mappings()]

    async def page_elements(self, file_id: str, page: int | None = None) -> list[Element]:
        """Return a file's elements in reading order, of one page or of all."""
        statement = select(ELEMENTS.c.elements).where(self._one(ELEMENTS, file_id, "file_id"))
        if page is not None:
            statement = statement.where(ELEMENTS.c.page == page)
        async with self._database.read() as connection:
            runs = (await connection.scalars(statement.order_by(ELEMENTS.c.ordinal))).all()
        return [element for run in runs for element in _ELEMENTS.validate_json(run)]

    async def pages(self, file_id: str) -> list[PageInfo]:
        """Return a file's pages in order."""
        statement = select(PAGES).where(self._one(PAGES, file_id, "file_id")).order_by(PAGES.c.number)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [PageInfo(**{name: row[name] for name in PageInfo.model_fields}) for row in rows]

    async def outbox(self, limit: int = 100) -> list[OutboxEntry]:
        """Return the oldest entries."""
        statement = select(OUTBOX).where(self._mine(OUTBOX)).order_by(OUTBOX.c.id).limit(limit)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [OutboxEntry(id=row["id"], op=row["op"], file_id=row["file_id"]) for row in rows]

    async def outbox_done(self, ids: Sequence[int]) -> None:
        """Forget entries that the index has followed."""
        async with self._database.write() as connection:
            for entry in ids:
                await connection.execute(delete(OUTBOX).where(self._mine(OUTBOX), OUTBOX.c.id == entry))

    async def enqueue_all(self) -> int:
        """Write an outbox entry for every completed file and return how many."""
        completed = (FILES.c.status == str(FileStatus.COMPLETED)) & FILES.c.deleted_at.is_(None)
        statement = select(FILES.c.id).where(self._mine(FILES), completed).order_by(FILES.c.created_at)
        async with self._database.write() as connection:
            ids = list((await connection.scalars(statement)).all())
            await self._announce(connection, "index", ids)
        return len(ids)

    async def completed_files(self, after: str = "", limit: int = 500) -> list[str]:
        """Return ids of completed files in the order of ids, from above `after` on."""
        completed = (FILES.c.status == str(FileStatus.COMPLETED)) & FILES.c.deleted_at.is_(None)
        statement = select(FILES.c.id).where(self._mine(FILES), completed, FILES.c.id > after)
        async with self._database.read() as connection:
            return list((await connection.scalars(statement.order_by(FILES.c.id).limit(limit))).all())

    async def chunk_total(self) -> int:
        """Return how many chunks the completed files have."""
        completed = (FILES.c.status == str(FileStatus.COMPLETED)) & FILES.c.deleted_at.is_(None)
        statement = select(func.sum(FILES.c.chunk_count)).where(self._mine(FILES), completed)
        async with self._database.read() as connection:
            return await connection.scalar(statement) or 0


def _runs(elements: Sequence[Element]) -> Iterator[dict[str, Any]]:
    ordinal = 0
    for page, run in groupby(elements, key=lambda element: element.page):
        together = tuple(run)
        for start in range(0, len(together), _RUN):
            part = together[start : start + _RUN]
            yield {"ordinal": ordinal, "page": page, "elements": to_text(_ELEMENTS, part)}
            ordinal += 1
