"""`client.documents`: the same files seen as documents, and uploads in two steps."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import pytest
from pictures import picture

from pinakes import Pinakes, Settings
from pinakes.client import presigned
from pinakes.core.document_failures import DocumentProcessingErrorType, DocumentProcessingFailure
from pinakes.core.documents import DocumentProcessingStatus, DocumentUploadResult
from pinakes.core.errors import (
    BatchError,
    DocumentProcessingError,
    EmptyFileError,
    ResourceNotFoundError,
    ValidationError,
)

NOTE = b"The boiler is checked every March by Noor Visser."


def local(address: str) -> Path:
    return Path(unquote(urlparse(address).path))


async def test_one_document_from_upload_to_deletion(client: Pinakes, papers: Path) -> None:
    result = await client.documents.upload_one(papers / "manual.md")
    assert result.is_completed and result.chunk_count and result.size_bytes
    assert str(result.extracted_text_preview).startswith("Pump P-104 manual")
    document_id = result.document_id
    status = await client.documents.wait_for_processing(document_id, timeout=300, poll_interval=0.1)
    assert status == await client.documents.get_status(document_id)
    details = await client.documents.get(document_id)
    assert details.filename == "manual.md" and details.embedding_status == "completed"
    assert local(str(details.download_url)).read_bytes() == (papers / "manual.md").read_bytes()
    assert "lithium" in await client.documents.get_text(document_id)
    chunks = await client.documents.get_chunks(document_id, include_embeddings=True)
    assert chunks.total_chunks == len(chunks.items) and len(chunks.chunks[0].embedding or ()) == 384
    assert local(await client.documents.download(document_id)).name == "manual.md"
    found = await client.documents.search("how often is grease needed", document_ids=[document_id])
    assert found.items[0].document_id == document_id
    await client.documents.delete(document_id)
    for call in (client.documents.get(document_id), client.documents.delete(document_id)):
        with pytest.raises(ResourceNotFoundError):
            await call


async def test_a_picture_is_no_document(client: Pinakes, papers: Path) -> None:
    picture_id = (await client.files.upload(picture(("red", 100)), filename="a.png")).image_id
    [paper, _] = await client.documents.upload([papers / "manual.md", papers / "Memos" / "memo.txt"])
    with pytest.raises(ResourceNotFoundError, match="image"):
        await client.documents.get(picture_id)
    listed = await client.documents.list(page_size=1)
    assert (listed.total_count, listed.has_more, len(listed.items)) == (2, True, 1)
    assert len([d async for d in client.documents.list_all(page_size=1)]) == 2
    assert (await client.documents.list(page=2, page_size=1)).has_more is False
    assert (await client.documents.list(status_filter="failed")).total_count == 0
    several = await client.documents.batch_delete([paper.document_id, picture_id, "nobody"])
    assert several.summary == {"total": 3, "deleted": 1, "failed": 2}
    for call in (client.documents.list(page=0), client.documents.list(status_filter="lost")):
        with pytest.raises(ValidationError):
            await call


async def test_every_step_is_told(client: Pinakes, papers: Path) -> None:
    (papers / "empty.txt").write_bytes(b"")
    told: dict[str, list[Any]] = {"progress": [], "complete": [], "read": [], "failed": []}
    results = await client.documents.upload(
        papers,
        raise_on_failure=False,
        on_progress=told["progress"].append,
        on_file_complete=told["complete"].append,
        on_processing_progress=told["read"].append,
        on_processing_failed=told["failed"].append,
    )
    assert results.summary() == "2 succeeded, 1 failed" and results.has_failures
    assert len(told["complete"]) == 3 and told["read"][-1].progress_percent == 100.0
    assert told["failed"][0].result.processing_error_type == "EMPTY_FILE"
    assert told["progress"][0].total_bytes is not None
    with pytest.raises(DocumentProcessingError):
        results.raise_on_failures()
    status = await client.documents.batch_status(str(results.batch_id))
    assert status.is_complete and (status.completed_count, status.failed_count) == (2, 1)


async def test_two_steps(client: Pinakes, settings: Settings) -> None:
    place = await client.documents.request_upload("note.txt", "text/plain", len(NOTE))
    with pytest.raises(ValidationError, match="Nothing was written"):
        await client.documents.confirm_upload(place.object_key, len(NOTE), "text/plain")
    local(place.upload_url).write_bytes(NOTE)
    with pytest.raises(ValidationError, match="bytes were written"):
        await client.documents.confirm_upload(place.object_key, 3, "text/plain")
    with pytest.raises(ValidationError, match="SHA-256"):
        await client.documents.confirm_upload(place.object_key, len(NOTE), "text/plain", checksum="00")
    digest = hashlib.sha256(NOTE).hexdigest()
    done = await client.documents.confirm_upload(place.object_key, len(NOTE), "text/plain", checksum=digest)
    again = await client.documents.confirm_upload(place.object_key, len(NOTE), "text/plain")
    assert again.document_id == done.document_id and done.filename == "note.txt"
    assert (await client.documents.wait_for_processing(done.document_id)).is_completed
    assert (await client.documents.search("when is the boiler checked")).items
    assert not local(place.upload_url).exists()
    with pytest.raises(ResourceNotFoundError):
        await client.documents.confirm_upload("uploads/../../etc/passwd", 1, "text/plain")
    for name, size in (("a/b.txt", 1), ("", 1), ("a.txt", 0)):
        with pytest.raises(ValidationError):
            await client.documents.request_upload(name, "text/plain", size)


async def test_a_batch_in_two_steps(client: Pinakes, papers: Path) -> None:
    names = ("manual.md", "memo.txt", "empty.txt", "late.txt")
    prepared = await client.documents.batch_prepare([{"filename": n, "size_bytes": 5} for n in names])
    assert not (await client.documents.batch_status(prepared.batch_id)).is_complete
    contents = [(papers / "manual.md").read_bytes(), (papers / "Memos" / "memo.txt").read_bytes(), b" \n "]
    confirmations = []
    for place, content in zip(prepared.files, contents, strict=False):
        local(place.upload_url).write_bytes(content)
        confirmations.append({"object_key": place.object_key, "size_bytes": len(content)})
    confirmed = await client.documents.batch_confirm(prepared.batch_id, confirmations)
    for item in confirmed.documents:
        if item.document_id:
            await client.documents.wait_for_processing(item.document_id)
    status = await client.documents.batch_status(prepared.batch_id)
    assert (status.completed_count, status.failed_count, status.processing_count) == (2, 1, 1)
    assert [d.text_extraction_status for d in status.documents] == [
        "completed",
        "completed",
        "failed",
        "pending",
    ]
    with pytest.raises(ValidationError):
        await client.documents.batch_confirm(prepared.batch_id, [{"object_key": "uploads/other/0"}])
    for files in ([], [{"filename": "a"}] * 101, [{"filename": "a.txt"}]):
        with pytest.raises(ValidationError):
            await client.documents.batch_prepare(files)


async def test_what_came_too_late_or_was_refused_stays_out(
    client: Pinakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = await client.documents.request_upload("thing.txt", "text/plain", 4)
    local(refused.upload_url).write_bytes(bytes(range(256)) * 20)
    with pytest.raises(DocumentProcessingError):
        await client.documents.confirm_upload(refused.object_key, 256 * 20, "text/plain")
    with pytest.raises(BatchError, match="refused"):
        await client.documents.confirm_upload(refused.object_key, 256 * 20, "text/plain")
    monkeypatch.setattr(presigned, "_VALID_FOR", timedelta(0))
    late = await client.documents.request_upload("note.txt", "text/plain", len(NOTE))
    local(late.upload_url).write_bytes(NOTE)
    with pytest.raises(BatchError, match="expired"):
        await client.documents.confirm_upload(late.object_key, len(NOTE), "text/plain")


async def test_what_is_too_large_to_read_is_kept(client: Pinakes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pinakes.ingestion.admission.MAX_FILE_BYTES", 10)
    place = await client.documents.request_upload("note.txt", "text/plain", len(NOTE))
    local(place.upload_url).write_bytes(NOTE)
    kept = await client.documents.confirm_upload(place.object_key, len(NOTE), "text/plain")
    status = await client.documents.get_status(kept.document_id)
    assert status.is_failed and status.error_type == "FILE_TOO_LARGE"
    assert await client.files.download(kept.document_id) == NOTE


async def test_a_single_bad_document_raises(client: Pinakes) -> None:
    with pytest.raises(EmptyFileError):
        await client.documents.upload_one(b" ", filename="blank.txt")
    with pytest.raises(DocumentProcessingError):
        await client.documents.upload(b"%PDF-1.7\nno pdf", filename="broken.pdf")


def test_reasons_are_told_by_kind() -> None:
    for words, kind, retryable in (
        ("READ_TIMEOUT", DocumentProcessingErrorType.TIMEOUT, True),
        ("The file needs a password.", DocumentProcessingErrorType.PASSWORD_PROTECTED, False),
        ("UNSUPPORTED_FILE", DocumentProcessingErrorType.UNSUPPORTED_FORMAT, False),
        ("The file is damaged.", DocumentProcessingErrorType.CORRUPT_FILE, False),
        ("READER_CRASHED", DocumentProcessingErrorType.RESOURCE_LIMIT, True),
        ("?", DocumentProcessingErrorType.UNKNOWN, False),
    ):
        failure = DocumentProcessingFailure.from_error_message("d", words, "a.pdf")
        assert (failure.error_type, failure.is_retryable) == (kind, retryable)
    assert "filename" not in DocumentProcessingFailure.from_error_message("d", "?").to_dict()


async def test_a_result_is_brought_up_to_date(client: Pinakes, papers: Path) -> None:
    initial = await client.documents.upload_one(papers / "manual.md", wait_for_processing=False)
    assert initial.is_pending
    status = await client.documents.wait_for_processing(initial.document_id)
    later = DocumentUploadResult.from_status_result(status, initial)
    assert later.text_extraction_status is DocumentProcessingStatus.COMPLETED
    assert DocumentUploadResult.from_api_response({**later.to_dict(), "more": {"x": 1}}) == later
