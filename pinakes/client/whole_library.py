"""What a library can be asked as a whole: a plan, its journal, its index and how it stands."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.agents.planning.compile import compile_plan
from pinakes.client import reindexing
from pinakes.client.journal import Journal
from pinakes.client.reindexing import OnReindexed, ReindexEstimate, ReindexReport
from pinakes.client.wiring import OpenLibrary, disk_usage
from pinakes.core.changes import ChangeSet, JournalEntry
from pinakes.core.errors import ValidationError
from pinakes.core.options import MAX_MESSAGE
from pinakes.core.plans import Plan, PlanRequest
from pinakes.core.uploads import LibraryStatus


class WholeLibrary:
    """Operations of one library; `Pinakes` has each as a method of its own."""

    def __init__(self, opened: OpenLibrary) -> None:
        self._opened = opened
        self._journal = Journal(opened.library)

    async def plan(self, question: str, *, history: Sequence[str] = ()) -> Plan:
        """Return the compiled plan for a question without running it; see `Pinakes.plan`."""
        resources = self._opened.resources
        if not question.strip() or len(question) > MAX_MESSAGE:
            raise ValidationError(f"Ask a question of 1 to {MAX_MESSAGE:,} characters.", length=len(question))
        inventory = await self._opened.library.catalog.inventory()
        request = PlanRequest(
            question=question, history=tuple(history), inventory=inventory, cards=resources.cards
        )
        return compile_plan(await resources.planner.plan(request), resources.cards)

    async def history(self, limit: int = 20, offset: int = 0) -> list[JournalEntry]:
        """Return what was changed, newest first; see `Pinakes.history`."""
        return await self._journal.history(limit, offset)

    async def undo(
        self, entry_id: str | None = None, *, dry_run: bool = False, allow_deletes: bool = False
    ) -> JournalEntry | ChangeSet:
        """Take applied changes back; see `Pinakes.undo`."""
        return await self._journal.undo(entry_id, dry_run=dry_run, allow_deletes=allow_deletes)

    async def redo(
        self, entry_id: str | None = None, *, dry_run: bool = False, allow_deletes: bool = False
    ) -> JournalEntry | ChangeSet:
        """Do again what was taken back; see `Pinakes.redo`."""
        return await self._journal.redo(entry_id, dry_run=dry_run, allow_deletes=allow_deletes)

    async def reindex_estimate(self, *, fresh: bool = False) -> ReindexEstimate:
        """Return what `reindex` would take; see `Pinakes.reindex_estimate`."""
        return await reindexing.estimate(self._opened.library, fresh=fresh)

    async def reindex(self, *, fresh: bool = False, progress: OnReindexed | None = None) -> ReindexReport:
        """Put what the index of the embedder in use lacks into it; see `Pinakes.reindex`."""
        return await reindexing.reindex(self._opened.library, fresh=fresh, progress=progress)

    async def status(self) -> LibraryStatus:
        """Return the library at a glance."""
        opened = self._opened
        library, settings, models = opened.library, opened.settings, opened.resources.models
        inventory = await library.catalog.inventory()
        _, sessions = await library.catalog.list_sessions(limit=1)
        return LibraryStatus(
            library=str(settings.folder),
            tenant=settings.tenant,
            counts=inventory.counts,
            failed=inventory.failed,
            pending=inventory.pending,
            folders=len(await library.catalog.folders()),
            chunks=await library.index.count(settings.tenant),
            bytes_on_disk=await disk_usage(settings.folder),
            index=settings.index_url or "embedded",
            embedder=library.index_embedder.name,
            image_embedder=library.looks.name if library.looks else None,
            ocr=opened.ocr,
            writer=opened.resources.writer.name,
            vision=models.vision.name if models.vision else None,
            sessions=sessions,
        )
