"""`client.uploads`: sources of every form, callbacks, batches that are followed, quota."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from pinakes import Pinakes
from pinakes.client import uploading
from pinakes.core.batches import BatchStatus
from pinakes.core.errors import BatchLimitError, ResourceNotFoundError, UploadError, ValidationError
from pinakes.core.uploads import DescriptionStatus


async def test_sources_of_every_form(client: Pinakes, papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (papers / "manual.md").open("rb") as opened:
        result = await client.uploads.upload_one(opened)
    assert result.is_completed and result.filename == "manual.md"
    again = await client.uploads.upload_one((papers / "manual.md").read_bytes(), filename="other.md")
    assert again.deduplicated and again.file_id == result.image_id
    [memo] = await client.uploads.upload(str(papers / "**" / "*.txt"))
    assert memo.filename == "memo.txt"
    [named] = await client.uploads.upload(b"Called by its name.", filename="named.txt")
    assert named.filename == "named.txt"
    monkeypatch.chdir(papers)
    assert len(await client.uploads.upload([Path("manual.md"), "Memos/*.txt"])) == 2
    assert len(await client.uploads.upload_batch("~nobody/*.none", raise_on_failure=False)) == 1


async def test_every_step_is_told(client: Pinakes, papers: Path) -> None:
    (papers / "broken.pdf").write_bytes(b"%PDF-1.7\nthis is not a pdf")
    told: dict[str, list[Any]] = {"progress": [], "complete": [], "read": [], "failed": []}
    results = await client.uploads.upload(
        papers,
        raise_on_failure=False,
        on_progress=told["progress"].append,
        on_file_complete=told["complete"].append,
        on_description_progress=told["read"].append,
        on_description_failed=told["failed"].append,
    )
    assert results.summary() == "2 succeeded, 1 failed"
    assert {event.progress_percent for event in told["progress"]} == {0.0, 100.0}
    assert sorted(event.file_index for event in told["complete"]) == [0, 1, 2]
    assert [event.remaining_count for event in told["read"]] == [2, 1, 0]
    [failed] = told["failed"]
    assert failed.error_message and not failed.is_retryable
    assert failed.to_dict()["result"]["filename"] == "broken.pdf"


async def test_a_broken_callback_loses_nothing(client: Pinakes, papers: Path) -> None:
    def broken(event: object) -> None:
        raise RuntimeError("no progress bar")

    assert not (await client.uploads.upload(papers, on_file_complete=broken)).has_failures


async def test_failures_are_raised_when_all_is_done(client: Pinakes, papers: Path) -> None:
    (papers / "empty.txt").write_bytes(b"")
    with pytest.raises(UploadError) as raised:
        await client.uploads.upload(papers)
    assert list(raised.value.details["failures"]) == ["empty.txt"]
    assert (await client.files.list()).total_count == 2


async def test_batches_are_followed(client: Pinakes, papers: Path) -> None:
    (papers / "empty.txt").write_bytes(b"")
    results = await client.files.upload_batch([papers, papers / "manual.md"])
    batch = await client.files.get_batch(str(results.batch_id))
    assert (batch.completed_count, batch.failed_count, batch.pending_count) == (3, 1, 0)
    assert batch.status(batch.created_at) is BatchStatus.COMPLETED
    assert [item.file_id or "" for item in batch.items] == [result.image_id for result in results]
    assert batch.items[-1].deduplicated or batch.items[1].deduplicated
    assert [found.id for found in await client.files.list_batches()] == [batch.id]
    with pytest.raises(ResourceNotFoundError):
        await client.files.get_batch("nobody")
    assert (await client.files.upload_batch([])).batch_id is None


async def test_so_many_batches_may_be_open(
    client: Pinakes, papers: Path, monkeypatch: pytest.MonkeyPatch, reading_gate: asyncio.Event
) -> None:
    monkeypatch.setattr(uploading, "MAX_OPEN_BATCHES", 1)
    first = await client.files.upload_batch(papers, wait=False)
    with pytest.raises(BatchLimitError):
        await client.files.upload_batch(papers)
    reading_gate.set()
    for result in first:
        assert await client.uploads.wait_for_description(result.image_id) is DescriptionStatus.COMPLETED
    assert not (await client.files.upload_batch(papers)).has_failures


async def test_quota_is_the_room_there_is(client: Pinakes, papers: Path) -> None:
    await client.uploads.upload(papers)
    quota = await client.uploads.check_quota(3)
    size = sum(os.stat(path).st_size for path in papers.rglob("*") if path.is_file())  # noqa: ASYNC240, PTH116
    assert quota.can_proceed and quota.requested == 3 and quota.current_usage == 2
    assert quota.storage_used_bytes == size and quota.max_concurrent_uploads == 200
    documents = await client.documents.quota_check()
    assert documents.document_count == 2 and documents.documents_remaining > 10**6
    assert documents.storage_remaining_bytes == documents.storage_limit_bytes - size
    with pytest.raises(ValidationError):
        await client.uploads.check_quota(0)


async def test_names_fit_the_sources(client: Pinakes) -> None:
    with pytest.raises(ValidationError):
        await client.uploads.upload([b"a", b"b"], filenames=["one.txt"])
    with pytest.raises(ValidationError):
        await client.uploads.upload(b"a", filename="a.txt", filenames=["a.txt"])


async def test_a_failure_says_why(client: Pinakes, papers: Path) -> None:
    with pytest.raises(UploadError, match=r"1 failed: There is no file .*gone.pdf"):
        await client.upload(papers / "gone.pdf")
    with pytest.raises(
        UploadError, match=r"2 failed; the first: There is no file .*a.pdf.* See details for all"
    ):
        await client.upload([papers / "a.pdf", papers / "b.pdf"])
