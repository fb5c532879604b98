"""`client.plan`, `client.undo` and the like: `client.whole_library` in one word less."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pinakes.client.reindexing import OnReindexed, ReindexEstimate, ReindexReport
from pinakes.client.whole_library import WholeLibrary
from pinakes.core.changes import ChangeSet, JournalEntry
from pinakes.core.plans import Plan
from pinakes.core.uploads import LibraryStatus


class _Whole(Protocol):
    @property
    def whole_library(self) -> WholeLibrary: ...


class LibraryShortcuts:
    """What a client with `whole_library` has besides."""

    async def plan(self: _Whole, question: str, *, history: Sequence[str] = ()) -> Plan:
        """Return the compiled plan for a question without running it.

        Args:
            history: Earlier user turns, oldest first.

        Raises:
            ValidationError: The question is empty or over 10,000 characters.
        """
        return await self.whole_library.plan(question, history=history)

    async def history(self: _Whole, limit: int = 20, offset: int = 0) -> list[JournalEntry]:
        """Return what was changed, newest first. Raises ValidationError for a limit out of 1 to 500."""
        return await self.whole_library.history(limit, offset)

    async def undo(
        self: _Whole, entry_id: str | None = None, *, dry_run: bool = False, allow_deletes: bool = False
    ) -> JournalEntry | ChangeSet:
        """Take applied changes back: those of an entry, else the newest that hold.

        Args:
            dry_run: Return the set of changes that would do it, and do nothing.
            allow_deletes: Also where files would be deleted, softly, because they were added then.

        Returns:
            The new journal entry, which `redo` takes back; with `dry_run` the `ChangeSet`.

        Raises:
            ChangeError: There is nothing to take back, something later has to be taken back first, or files would
                be deleted without `allow_deletes`.
        """
        return await self.whole_library.undo(entry_id, dry_run=dry_run, allow_deletes=allow_deletes)

    async def redo(
        self: _Whole, entry_id: str | None = None, *, dry_run: bool = False, allow_deletes: bool = False
    ) -> JournalEntry | ChangeSet:
        """Do again what was taken back: an entry, else the one taken back last; see `undo`."""
        return await self.whole_library.redo(entry_id, dry_run=dry_run, allow_deletes=allow_deletes)

    async def reindex_estimate(self: _Whole, *, fresh: bool = False) -> ReindexEstimate:
        """Return what `reindex` would take: texts, and calls and tokens where the embedder is not a local one."""
        return await self.whole_library.reindex_estimate(fresh=fresh)

    async def reindex(
        self: _Whole, *, fresh: bool = False, progress: OnReindexed | None = None
    ) -> ReindexReport:
        """Put what the index of the embedder in use lacks into it, as after a change of the embedder.

        What is done is kept: after a fault or a killed process another call goes on. Until all is done, the index of
        the embedder before stays as it is; then it is deleted.

        Args:
            fresh: Also what the index has already.
            progress: Called after every batch.

        Raises:
            ModelError, LibraryError: Another call goes on from there.
        """
        return await self.whole_library.reindex(fresh=fresh, progress=progress)

    async def status(self: _Whole) -> LibraryStatus:
        """Return the library at a glance."""
        return await self.whole_library.status()
