"""The catalog: the truth about a tenant's library. Every handle is bound to one tenant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from pydantic import Field

from pinakes.core.approvals import Approval, ApprovalStatus, Decision
from pinakes.core.changes import ChangeSet, FileState, JournalEntry
from pinakes.core.chat import SessionRecord, TurnRecord, TurnStatus
from pinakes.core.events import Envelope
from pinakes.core.files import (
    AnalyticsQuery,
    Chunk,
    Description,
    Element,
    Failure,
    FileFilter,
    FilePage,
    FileRecord,
    Folder,
    Inventory,
    PageInfo,
    Reading,
    Table,
    Transcript,
)
from pinakes.core.value import Value
from pinakes.ports.link_catalog import LinkCatalog
from pinakes.ports.upload_catalog import PaletteCatalog, UploadCatalog


class OutboxEntry(Value):
    """A change the index has yet to follow: `op` is "index" or "delete"."""

    id: int
    op: str
    file_id: str


class LibraryState(Value):
    """What a set of changes meets.

    Attributes:
        folders: All folders' paths.
        files: Those of the files asked for that there are, deleted ones too.
        live, guarded: By folder (not counting subfolders), how many files it holds, and how many protected ones.
    """

    folders: tuple[str, ...] = ()
    files: dict[str, FileState] = Field(default_factory=dict)
    live: dict[str, int] = Field(default_factory=dict)
    guarded: dict[str, int] = Field(default_factory=dict)


class Swept(Value):
    """What a sweep forgot: files, and the blobs that nothing refers to any longer."""

    file_ids: tuple[str, ...] = ()
    blobs: tuple[str, ...] = ()


@runtime_checkable
class FileCatalog(Protocol):
    """Files, folders and chunks."""

    async def add_file(self, record: FileRecord) -> FileRecord:
        """Insert a pending file (its folder is made from `folder_path` if needed) and return it."""
        ...

    async def get_file(self, file_id: str, *, deleted: bool = False) -> FileRecord:
        """Return a file. Raises ResourceNotFoundError."""
        ...

    async def get_files(self, file_ids: Sequence[str]) -> list[FileRecord]:
        """Return those of these files that exist, in the order asked."""
        ...

    async def find_by_hash(self, sha256: str) -> FileRecord | None:
        """Return the oldest file with this content, if any."""
        ...

    async def list_files(
        self, where: FileFilter, *, limit: int = 50, offset: int = 0, order: str = "-created_at"
    ) -> FilePage:
        """Return a page of files; `order` is a field of FileRecord, "-" first for descending."""
        ...

    async def matching_ids(self, where: FileFilter) -> list[str] | None:
        """Return the ids of the completed files that match; None if the filter limits nothing.

        A filter whose status is another one than completed gives [].
        """
        ...

    async def set_pending(self, file_id: str) -> None:
        """Queue a file for reading (again), forgetting an earlier failure."""
        ...

    async def set_processing(self, file_id: str) -> None:
        """Mark a file as being read."""
        ...

    async def set_failed(self, file_id: str, failure: Failure, *, warnings: Sequence[str] = ()) -> None:
        """Mark a file as failed and say why."""
        ...

    async def store_reading(self, file_id: str, reading: Reading, thumbnail_sha256: str | None) -> None:
        """Replace what was read from a file, mark it completed and write an outbox entry: one transaction."""
        ...

    async def store_description(
        self, file_id: str, description: Description, chunks: Sequence[Chunk] | None
    ) -> None:
        """Keep what a model says of a picture: one transaction. Raises ResourceNotFoundError.

        Args:
            chunks: Replace those of an earlier description, ordinals from `DESCRIBED_FROM`, and are announced to the
                index; None leaves both as they are.
        """
        ...

    async def store_transcript(self, file_id: str, transcript: Transcript, chunks: Sequence[Chunk]) -> None:
        """Keep what a model heard in a video, ordinals from `HEARD_FROM`, and announce it: one transaction.

        Raises ResourceNotFoundError.
        """
        ...

    async def set_title(self, file_id: str, title: str | None) -> None:
        """Give a file another title and tell the index. Raises ResourceNotFoundError."""
        ...

    async def set_tags(self, file_id: str, tags: Sequence[str]) -> None:
        """Give a file these tags and no others. Raises ResourceNotFoundError."""
        ...

    async def storage_used(self) -> int:
        """Return how many bytes the files have that are not deleted; content kept twice counts once."""
        ...

    async def soft_delete(self, file_ids: Sequence[str], at: datetime) -> int:
        """Hide files everywhere (outbox entries included) and return how many were hidden."""
        ...

    async def get_chunks(self, chunk_ids: Sequence[str]) -> list[Chunk]:
        """Return those of these chunks whose file is neither deleted nor failed, in the order asked."""
        ...

    async def file_chunks(self, file_id: str, *, start: int = 0, limit: int | None = None) -> list[Chunk]:
        """Return a file's chunks in order, from an ordinal on; a large file is read piece by piece."""
        ...

    async def page_elements(self, file_id: str, page: int | None = None) -> list[Element]:
        """Return a file's elements in reading order, of one page or of all."""
        ...

    async def pages(self, file_id: str) -> list[PageInfo]:
        """Return a file's pages in order."""
        ...

    async def unfinished(self) -> list[str]:
        """Return the ids of files that are pending or were being read when a process ended, oldest first."""
        ...

    async def outbox(self, limit: int = 100) -> list[OutboxEntry]:
        """Return the oldest entries."""
        ...

    async def outbox_done(self, ids: Sequence[int]) -> None:
        """Forget entries that the index has followed."""
        ...

    async def enqueue_all(self) -> int:
        """Write an "index" entry for every completed file, for a rebuild, and return how many."""
        ...

    async def completed_files(self, after: str = "", limit: int = 500) -> list[str]:
        """Return ids of completed files in the order of ids, from above `after` on."""
        ...

    async def chunk_total(self) -> int:
        """Return how many chunks the completed files have: what a complete index holds."""
        ...

    async def folders(self) -> list[Folder]:
        """Return all folders by path."""
        ...

    async def inventory(self) -> Inventory:
        """Return a short overview."""
        ...

    async def aggregate(self, query: AnalyticsQuery) -> Table:
        """Answer a typed question about numbers with read-only SQL under this tenant."""
        ...


@runtime_checkable
class SessionCatalog(Protocol):
    """Sessions, turns, the event log and the lease that lets one run at a time."""

    async def add_session(self, record: SessionRecord) -> None:
        """Insert a session."""
        ...

    async def get_session(self, session_id: str) -> SessionRecord:
        """Return a session. Raises ResourceNotFoundError."""
        ...

    async def update_session(self, session_id: str, **fields: Any) -> SessionRecord:
        """Change fields of a session and return it. Raises ResourceNotFoundError."""
        ...

    async def list_sessions(
        self, *, limit: int = 20, offset: int = 0, active_only: bool = False, words: str | None = None
    ) -> tuple[list[SessionRecord], int]:
        """Return a page of sessions, last used first, and how many there are.

        With `words` only those where these occur as they stand, whatever their case, in title, question or answer.
        """
        ...

    async def add_branch(
        self, record: SessionRecord, turns: Sequence[TurnRecord], envelopes: Sequence[Envelope]
    ) -> None:
        """Insert a session with turns that have ended, and their logs, all or nothing."""
        ...

    async def add_turn(self, turn_id: str, session_id: str, question: str) -> TurnRecord:
        """Insert a running turn with the next ordinal and return it."""
        ...

    async def end_turn(
        self, turn_id: str, status: TurnStatus, *, answer: str = "", metadata: dict[str, Any] | None = None
    ) -> None:
        """Record how a turn ended."""
        ...

    async def get_turn(self, turn_id: str) -> TurnRecord:
        """Return a turn. Raises ResourceNotFoundError."""
        ...

    async def turns(self, session_id: str, *, limit: int | None = None) -> list[TurnRecord]:
        """Return a session's turns, oldest first; with a limit, the last ones."""
        ...

    async def append_events(self, envelopes: Sequence[Envelope]) -> None:
        """Append to a turn's log; a sequence number that exists is left as it is."""
        ...

    async def events(self, turn_id: str, *, after: int = 0) -> list[Envelope]:
        """Return a turn's events after a sequence number."""
        ...

    async def take_lease(self, session_id: str, owner: str, seconds: float) -> bool:
        """Take or renew the right to run a turn in a session; False while another owner's has not run out."""
        ...

    async def release_lease(self, session_id: str, owner: str) -> None:
        """Give the right back."""
        ...


@runtime_checkable
class ChangeCatalog(Protocol):
    """Changes, their journal, and the approvals they wait for."""

    async def library_state(self, file_ids: Sequence[str]) -> LibraryState:
        """Return, as of one moment, what a set that changes these files would meet."""
        ...

    async def apply_changes(
        self, changes: ChangeSet, *, session_id: str | None, at: datetime
    ) -> JournalEntry:
        """Do everything in the set, in one transaction, and return its journal entry.

        Idempotent by (plan_id, change_no): asked for again, it returns the entry and does nothing. Writes outbox
        entries for files whose name changed, that went, came back or were added (those are pending). Marks what an
        undo takes back, or a redo does again.

        Raises:
            LibraryMovedOnError: A file or folder is not as the set has it before; nothing was done.
            ChangeError: The set contradicts itself or breaks a rule (depth, names, protected); nothing was done.
        """
        ...

    async def history(self, *, limit: int = 50, offset: int = 0) -> list[JournalEntry]:
        """Return journal entries, newest first."""
        ...

    async def get_entry(self, entry_id: str) -> JournalEntry:
        """Return a journal entry. Raises ResourceNotFoundError."""
        ...

    async def find_entry(self, plan_id: str, change_no: int) -> JournalEntry | None:
        """Return the entry that this set was applied as, if it was."""
        ...

    async def sweep(self, before: datetime) -> Swept:
        """Forget for good the files that were deleted before a moment.

        Files stay that a waiting approval names, or a journal entry that was applied or taken back since then. Blobs
        stay that any tenant's file has, or that a change in any journal or approval added.
        """
        ...

    async def add_approval(self, approval: Approval) -> None:
        """Keep an open question; one with the same plan and number is left as it is."""
        ...

    async def get_approval(self, plan_id: str) -> Approval:
        """Return a plan's newest approval. Raises ResourceNotFoundError."""
        ...

    async def open_approvals(self, session_id: str) -> list[Approval]:
        """Return the approvals of a session that nobody has decided, oldest first."""
        ...

    async def claim_approval(
        self, plan_id: str, change_no: int, decision: Decision, claim: str, at: datetime
    ) -> Approval:
        """Record a decision, once: the same claim again returns the same, another one is refused.

        Raises:
            PlanDecidedError: Somebody else decided first.
            PlanExpiredError: It waited longer than it may; it is marked as expired.
            ResourceNotFoundError: There is no such approval.
        """
        ...

    async def settle_approval(self, plan_id: str, change_no: int, status: ApprovalStatus) -> None:
        """Record what came of an approval."""
        ...


@runtime_checkable
class Catalog(
    FileCatalog, SessionCatalog, ChangeCatalog, UploadCatalog, PaletteCatalog, LinkCatalog, Protocol
):
    """All of it in one store, plus small named values."""

    async def get_value(self, key: str) -> str | None:
        """Return a named value, for example the embedder that the index was built with."""
        ...

    async def set_value(self, key: str, value: str) -> None:
        """Write a named value."""
        ...

    async def aclose(self) -> None:
        """Release connections."""
        ...
