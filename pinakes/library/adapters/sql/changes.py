"""Sets of changes, each applied in one transaction and journaled in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from pinakes.core.changes import Change, ChangeKind, ChangeSet, FileState, JournalEntry
from pinakes.core.errors import ChangeError, LibraryMovedOnError, ResourceNotFoundError
from pinakes.core.failpoints import reach
from pinakes.core.ids import new_id
from pinakes.library.adapters.sql.change_tables import JOURNAL
from pinakes.library.adapters.sql.library_state import SqlLibraryState
from pinakes.library.adapters.sql.rows import to_text
from pinakes.library.adapters.sql.tree_writes import SqlTreeWrites
from pinakes.library.change_rules import refuse
from pinakes.library.tree import Tree, faults, files_in

_CHANGES: TypeAdapter[tuple[Change, ...]] = TypeAdapter(tuple[Change, ...])


class SqlChanges(SqlTreeWrites, SqlLibraryState):
    """The changing half of the catalog."""

    async def apply_changes(
        self, changes: ChangeSet, *, session_id: str | None, at: datetime
    ) -> JournalEntry:
        """Do everything in the set in one transaction, once, and return its journal entry.

        Raises LibraryMovedOnError, ChangeError; nothing was done then.
        """
        try:
            async with self._database.write() as connection:
                known = await self._applied(connection, changes.plan_id, changes.change_no)
                return known or await self._apply(connection, changes, session_id, at)
        except IntegrityError as error:  # another process was at it in the same moment
            known = await self.find_entry(changes.plan_id, changes.change_no)
            if known is not None:
                return known
            raise LibraryMovedOnError(
                "The library changed in the same moment: ask for the changes again.",
                conflicts=[],
                problems=[],
            ) from error

    async def history(self, *, limit: int = 50, offset: int = 0) -> list[JournalEntry]:
        """Return journal entries, newest first."""
        newest = select(JOURNAL).where(self._mine(JOURNAL)).order_by(JOURNAL.c.seq.desc())
        async with self._database.read() as connection:
            rows = (await connection.execute(newest.limit(limit).offset(offset))).mappings().all()
        return [_to_entry(row) for row in rows]

    async def get_entry(self, entry_id: str) -> JournalEntry:
        """Return a journal entry. Raises ResourceNotFoundError."""
        async with self._database.read() as connection:
            return await self._entry(connection, entry_id)

    async def find_entry(self, plan_id: str, change_no: int) -> JournalEntry | None:
        """Return the entry that this set was applied as, if it was."""
        async with self._database.read() as connection:
            return await self._applied(connection, plan_id, change_no)

    async def _entry(self, connection: AsyncConnection, entry_id: str) -> JournalEntry:
        found = await connection.execute(select(JOURNAL).where(self._one(JOURNAL, entry_id)))
        row = found.mappings().one_or_none()
        if row is None:
            raise ResourceNotFoundError("There is no such entry in the history.", id=entry_id)
        return _to_entry(row)

    async def _applied(
        self, connection: AsyncConnection, plan_id: str, change_no: int
    ) -> JournalEntry | None:
        same = self._one(JOURNAL, plan_id, "plan_id") & (JOURNAL.c.change_no == change_no)
        row = (await connection.execute(select(JOURNAL).where(same))).mappings().one_or_none()
        return None if row is None else _to_entry(row)

    async def _apply(
        self, connection: AsyncConnection, changes: ChangeSet, session_id: str | None, at: datetime
    ) -> JournalEntry:
        reach("apply.begin")
        await self._check_kind(connection, changes)
        state = await self._state(connection, files_in(changes), lock=True)
        tree = Tree(state)
        refuse(faults(changes, tree), moved_on=True)
        await self._write_changes(connection, changes.changes, at)
        await self._tell_index(connection, state.files, tree.files)
        reach("apply.changed")
        entry = await self._write_entry(connection, changes, session_id, at)
        reach("apply.journaled")
        return entry

    async def _check_kind(self, connection: AsyncConnection, changes: ChangeSet) -> None:
        """Check that something is done, and that what is taken back holds, or the other way round."""
        if changes.kind is ChangeKind.APPLY:
            if not changes.changes:
                raise ChangeError("There is nothing to change.", problems=[])
            return
        try:
            entry = await self._entry(connection, changes.entry_id or "")
        except ResourceNotFoundError as error:
            raise ChangeError(error.message, problems=[]) from error
        if entry.kind is not ChangeKind.APPLY:
            raise ChangeError("Only what was applied can be taken back or done again.", problems=[])
        if (entry.undone_at is None) is not (changes.kind is ChangeKind.UNDO):
            done = "taken back" if entry.undone_at else "done again"
            raise LibraryMovedOnError(f"This has been {done} already.", conflicts=[], problems=[])

    async def _tell_index(
        self, connection: AsyncConnection, before: Mapping[str, FileState], after: Mapping[str, FileState]
    ) -> None:
        """Announce the files that went, came or are called otherwise now; moves and tags are not indexed."""
        changed = [
            file_id
            for file_id, now in after.items()
            if (then := before.get(file_id)) is None
            or (then.filename, then.deleted) != (now.filename, now.deleted)
        ]
        gone = [file_id for file_id in changed if after[file_id].deleted]
        await self._announce(connection, "delete", gone)
        await self._announce(
            connection, "index", [file_id for file_id in changed if file_id not in set(gone)]
        )

    async def _write_entry(
        self, connection: AsyncConnection, changes: ChangeSet, session_id: str | None, at: datetime
    ) -> JournalEntry:
        entry = JournalEntry(
            id=new_id(),
            plan_id=changes.plan_id,
            change_no=changes.change_no,
            kind=changes.kind,
            description=changes.description,
            changes=changes.changes,
            session_id=session_id,
            applied_at=at,
            entry_id=changes.entry_id if changes.kind is not ChangeKind.APPLY else None,
        )
        row = entry.model_dump() | {"kind": str(entry.kind), "changes": to_text(_CHANGES, entry.changes)}
        await connection.execute(JOURNAL.insert().values(self._row(**row)))
        if entry.entry_id is not None:
            undone_at = at if entry.kind is ChangeKind.UNDO else None
            taken = update(JOURNAL).where(self._one(JOURNAL, entry.entry_id)).values(undone_at=undone_at)
            await connection.execute(taken)
        return entry


def _to_entry(row: Mapping[Any, Any]) -> JournalEntry:
    fields = {name: row[name] for name in JournalEntry.model_fields}
    return JournalEntry(**fields | {"changes": _CHANGES.validate_json(row["changes"])})
