"""Deleting, tagging and counting up what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from pinakes.client.checks import within
from pinakes.core.batches import MAX_BATCH_FILES
from pinakes.core.changes import Change, ChangeAction, ChangeSet, FileState
from pinakes.core.files import FileRecord
from pinakes.core.ids import new_id
from pinakes.core.user_files import BatchDeleteFileResult, BatchDeleteFilesResponse
from pinakes.library.library import Library
from pinakes.library.names import is_protected


async def delete_several(library: Library, file_ids: Sequence[str]) -> BatchDeleteFilesResponse:
    """Delete files, as one change; those that are not there are skipped. Raises ValidationError."""
    within("the number of files", len(file_ids), 1, MAX_BATCH_FILES)
    ids = list(dict.fromkeys(file_ids))
    there = {record.id for record in await library.catalog.get_files(ids)}
    await library.delete([file_id for file_id in ids if file_id in there])
    left = {record.id for record in await library.catalog.get_files(ids)}
    at = datetime.now(UTC)
    deleted = [BatchDeleteFileResult(id=i, status="deleted", deleted_at=at) for i in ids if i in there - left]
    skipped = [_skipped(file_id) for file_id in ids if file_id not in there]
    failed = [BatchDeleteFileResult(id=i, status="failed", message="It could not be deleted.") for i in left]
    return BatchDeleteFilesResponse(
        deleted=tuple(deleted),
        skipped=tuple(skipped),
        failed=tuple(failed),
        summary={
            "total": len(ids),
            "deleted": len(deleted),
            "skipped": len(skipped),
            "failed": len(failed),
        },
    )


async def retagged(library: Library, record: FileRecord, tags: Sequence[str]) -> None:
    """Give a file these tags, journaled; those of a protected file are never in a set, and change beside it.

    Raises ChangeError.
    """
    before = FileState(folder_path=record.folder_path, filename=record.filename, tags=record.tags)
    if is_protected(record.tags):
        await library.catalog.set_tags(record.id, tags)
        return
    after = before.model_copy(update={"tags": tuple(tags)})
    change = Change(id=record.id, action=ChangeAction.TAG, file_id=record.id, before=before, after=after)
    wanted = ChangeSet(plan_id=new_id(), description=f"Tag {record.filename}", changes=(change,))
    prepared = await library.prepare_changes(wanted)
    if prepared.changes:
        await library.apply_changes(prepared)


def _skipped(file_id: str) -> BatchDeleteFileResult:
    return BatchDeleteFileResult(id=file_id, status="skipped", message="There is no such file.")
