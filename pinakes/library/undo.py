"""Which set of changes is taken back or done again, and what would have to go first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from pinakes.core.changes import Change, ChangeAction, ChangeKind, ChangeSet, JournalEntry
from pinakes.core.errors import ChangeError, ResourceNotFoundError
from pinakes.library.changes import prepare
from pinakes.library.names import is_below
from pinakes.ports.blobs import BlobStore
from pinakes.ports.catalog import ChangeCatalog

_PAGE = 10  # entries may be large


async def undo(entry_id: str | None, plan_id: str, catalog: ChangeCatalog, blobs: BlobStore) -> ChangeSet:
    """Return the prepared set that takes an entry back; without an id, the newest one that holds.

    Raises:
        ChangeError: There is nothing to take back, or `details["entry_id"]` has to be taken back first.
    """
    entry = await _chosen(entry_id, catalog) if entry_id else await _newest_that_holds(catalog)
    if entry.undone_at is not None:
        raise _refusal("This has been taken back already.", entry)
    back = ChangeSet(
        plan_id=plan_id,
        kind=ChangeKind.UNDO,
        description=f"Take back: {entry.description}" if entry.description else "Take back the last changes",
        changes=tuple(change.turned_round() for change in reversed(entry.changes)),
        entry_id=entry.id,
    )
    return await _prepared(back, entry, catalog, blobs)


async def redo(entry_id: str | None, plan_id: str, catalog: ChangeCatalog, blobs: BlobStore) -> ChangeSet:
    """Return the prepared set that does an entry again; without an id, the one taken back last.

    Raises:
        ChangeError: There is nothing to do again, something was applied since, or the library no longer fits.
    """
    entry = await _chosen(entry_id, catalog) if entry_id else await _taken_back_last(catalog)
    if entry.undone_at is None:
        raise _refusal("This holds: it does not have to be done again.", entry)
    again = ChangeSet(
        plan_id=plan_id,
        kind=ChangeKind.REDO,
        description=f"Do again: {entry.description}" if entry.description else "Do the changes again",
        changes=tuple(map(_again, entry.changes)),
        entry_id=entry.id,
    )
    return await _prepared(again, entry, catalog, blobs)


async def _prepared(
    changes: ChangeSet, entry: JournalEntry, catalog: ChangeCatalog, blobs: BlobStore
) -> ChangeSet:
    try:
        return await prepare(changes, catalog, blobs)
    except ChangeError as error:
        first = await _in_the_way(entry, error, catalog)
        if first is None:
            raise
        raise ChangeError(
            f"Something later stands in the way: take back “{first.description or first.id}” first.",
            entry_id=first.id,
            problems=error.details.get("problems", []),
        ) from error


def _again(change: Change) -> Change:
    """Return a change to do once more: a file that was added is there, deleted."""
    if change.action is not ChangeAction.ADD or change.after is None:
        return change
    deleted = change.after.model_copy(update={"deleted": True})
    return change.model_copy(update={"action": ChangeAction.RESTORE, "before": deleted, "content": None})


async def _chosen(entry_id: str, catalog: ChangeCatalog) -> JournalEntry:
    try:
        entry = await catalog.get_entry(entry_id)
    except ResourceNotFoundError as error:
        raise ChangeError(error.message, problems=[], entry_id=entry_id) from error
    if entry.kind is not ChangeKind.APPLY:
        raise _refusal("This took something back or did it again: name the changes themselves.", entry)
    return entry


async def _newest_that_holds(catalog: ChangeCatalog) -> JournalEntry:
    async for entry in _newest_first(catalog):
        if entry.kind is ChangeKind.APPLY and entry.undone_at is None:
            return entry
    raise ChangeError("There is nothing to take back.", problems=[])


async def _taken_back_last(catalog: ChangeCatalog) -> JournalEntry:
    async for entry in _newest_first(catalog):
        if entry.kind is ChangeKind.APPLY:
            break  # whatever was taken back before it stays so
        if entry.kind is ChangeKind.UNDO and entry.entry_id is not None:
            taken = await catalog.get_entry(entry.entry_id)
            if taken.undone_at is not None:
                return taken
    raise ChangeError("There is nothing to do again: nothing was taken back last.", problems=[])


async def _in_the_way(entry: JournalEntry, error: ChangeError, catalog: ChangeCatalog) -> JournalEntry | None:
    """Return the newest entry after this one that holds and touched what the error is about."""
    problems = error.details.get("problems", [])
    files = {problem.get("file_id") for problem in problems} - {None}
    paths = {path for change in entry.changes for path in _paths(change)}
    async for later in _newest_first(catalog):
        if later.id == entry.id:
            return None
        holds = later.kind is ChangeKind.APPLY and later.undone_at is None
        if holds and any(_touches(change, files, paths) for change in later.changes):
            return later
    return None


def _touches(change: Change, files: set[str], paths: Iterable[str]) -> bool:
    if change.file_id is not None:
        return change.file_id in files
    return any(is_below(path, mine) or is_below(mine, path) for mine in _paths(change) for path in paths)


def _paths(change: Change) -> set[str]:
    places = [state.folder_path for state in (change.before, change.after) if state is not None]
    return {path for path in (change.folder_before, change.folder_after, *places) if path}


async def _newest_first(catalog: ChangeCatalog) -> AsyncIterator[JournalEntry]:
    offset = 0
    while page := await catalog.history(limit=_PAGE, offset=offset):
        for entry in page:
            yield entry
        offset += len(page)


def _refusal(sentence: str, entry: JournalEntry) -> ChangeError:
    return ChangeError(sentence, problems=[], entry_id=entry.id)
