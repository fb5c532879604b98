"""Forgetting files for good when they have been deleted long enough."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import delete, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from pinakes.core.approvals import ApprovalStatus
from pinakes.core.changes import Change, ChangeSet
from pinakes.library.adapters.sql.change_tables import APPROVALS, JOURNAL
from pinakes.library.adapters.sql.file_tables import FILES
from pinakes.library.adapters.sql.files import SqlFiles
from pinakes.library.tree import files_in
from pinakes.ports.catalog import Swept

_CHANGES: TypeAdapter[tuple[Change, ...]] = TypeAdapter(tuple[Change, ...])
_SHA256 = re.compile(r'"sha256":"([0-9a-f]{64})"')
_WAITS = (str(ApprovalStatus.OPEN), str(ApprovalStatus.DECIDED))


class SqlSweep(SqlFiles):
    """The part of the catalog that forgets."""

    async def sweep(self, before: datetime) -> Swept:
        """Forget files that were deleted before a moment, unless something since could bring them back."""
        async with self._database.write() as connection:
            due = self._mine(FILES) & (FILES.c.deleted_at < before)
            columns = select(FILES.c.id, FILES.c.sha256, FILES.c.thumbnail_sha256)
            found = (await connection.execute(columns.where(due))).all()
            kept = await self._returnable(connection, before) if found else set()
            gone = [row for row in found if row.id not in kept]
            file_ids = [row.id for row in gone]
            mine = self._mine(FILES) & self._database.member_of(FILES.c.id, file_ids)
            await connection.execute(delete(FILES).where(mine))
            await self._announce(connection, "delete", file_ids)
            hashes = {value for row in gone for value in (row.sha256, row.thumbnail_sha256) if value}
            blobs = hashes - await self._needed_blobs(connection, hashes) if hashes else hashes
        return Swept(file_ids=tuple(file_ids), blobs=tuple(sorted(blobs)))

    async def _returnable(self, connection: AsyncConnection, since: datetime) -> set[str]:
        """Return the files that an entry names which was applied or taken back since, or a waiting approval."""
        recent = or_(JOURNAL.c.applied_at >= since, JOURNAL.c.undone_at >= since)
        entries = await connection.scalars(select(JOURNAL.c.changes).where(self._mine(JOURNAL), recent))
        named = [ChangeSet(plan_id="", changes=_CHANGES.validate_json(entry)) for entry in entries]
        asked = select(APPROVALS.c.changes).where(self._mine(APPROVALS), APPROVALS.c.status.in_(_WAITS))
        waiting = await connection.scalars(asked.where(APPROVALS.c.changes.is_not(None)))
        named += [ChangeSet.model_validate_json(text or "") for text in waiting]
        return {file_id for changes in named for file_id in files_in(changes)}

    async def _needed_blobs(self, connection: AsyncConnection, hashes: Iterable[str]) -> set[str]:
        """Return those of these blobs that a file of any tenant has, or a change may yet add."""
        wanted = list(hashes)
        columns = (FILES.c.sha256, FILES.c.thumbnail_sha256)
        used = union_all(*(select(c).where(self._database.member_of(c, wanted)) for c in columns))
        needed = {str(value) for value in await connection.scalars(used)}
        adding = union_all(
            *(select(t.c.changes).where(t.c.changes.contains('"sha256"')) for t in (JOURNAL, APPROVALS))
        )
        for text in await connection.scalars(adding):
            needed.update(_SHA256.findall(text or ""))
        return needed
