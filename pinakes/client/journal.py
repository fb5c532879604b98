"""What was changed, and taking it back or doing it again: explicit calls, which are themselves the yes."""

from __future__ import annotations

from pinakes.core.changes import ChangeSet, JournalEntry
from pinakes.core.errors import ChangeError, ValidationError
from pinakes.core.ids import new_id
from pinakes.library.library import Library

MAX_PAGE = 500


class Journal:
    """The journal of a library's changes."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def history(self, limit: int, offset: int) -> list[JournalEntry]:
        """Return entries, newest first. Raises ValidationError."""
        if not 1 <= limit <= MAX_PAGE or offset < 0:
            raise ValidationError(
                f"Ask for 1 to {MAX_PAGE} entries from an offset of 0 or more.", limit=limit
            )
        return await self._library.catalog.history(limit=limit, offset=offset)

    async def undo(
        self, entry_id: str | None, *, dry_run: bool, allow_deletes: bool
    ) -> JournalEntry | ChangeSet:
        """Take an entry back. Raises ChangeError."""
        changes = await self._library.undo_changes(entry_id, plan_id=new_id())
        return await self._do(changes, dry_run, allow_deletes)

    async def redo(
        self, entry_id: str | None, *, dry_run: bool, allow_deletes: bool
    ) -> JournalEntry | ChangeSet:
        """Do an entry again. Raises ChangeError."""
        changes = await self._library.redo_changes(entry_id, plan_id=new_id())
        return await self._do(changes, dry_run, allow_deletes)

    async def _do(self, changes: ChangeSet, dry_run: bool, allow_deletes: bool) -> JournalEntry | ChangeSet:
        if dry_run:
            return changes
        if changes.deletes and not allow_deletes:
            raise ChangeError(
                "This would delete files: look at it with dry_run=True, then call again with allow_deletes=True.",
                counts=changes.counts,
            )
        return await self._library.apply_changes(changes)
