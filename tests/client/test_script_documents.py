"""A script as the hosted client's guide to documents has it, line by line; only the constructor is ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinakes import Pinakes, Settings

REPORTS = Path(__file__).resolve().parents[2] / "examples" / "library" / "Reports"


async def test_the_guide_to_documents(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    report = (REPORTS / "Energy-and-water-2025.pdf").read_bytes()
    (tmp_path / "report.pdf").write_bytes(report)
    (tmp_path / "notes.txt").write_text("Safety inspection requirements: inspect every ladder weekly.")
    async with Pinakes(settings=settings) as client:
        result = await client.files.upload(
            "report.pdf",
            folder_id=None,
            project_id=None,
            storage_target="default",
            skip_duplicates=True,
            content_category="document",
        )
        status = await client.files.get_processing_status(result.image_id)
        assert status.text_extraction_status == "completed" and status.page_count and status.chunk_count

        results = await client.files.upload_batch(["report.pdf", "notes.txt"])
        assert [r.filename for r in results] == ["report.pdf", "notes.txt"]
        assert not results.has_failures and results.summary() == "2 succeeded"
        r2 = await client.files.upload("report.pdf", skip_duplicates=True)
        assert r2.deduplicated and r2.image_id == result.image_id

        digitization = await client.files.get_digitization_status(result.image_id)
        assert digitization["status"] == "completed"
        whole = await client.files.get_digitization(result.image_id)
        for page in whole["pages"]:
            assert page["element_count"] == len(page["elements"])
        page = await client.files.get_digitization_page(result.image_id, page_number=1)
        for element in page["elements"]:
            assert element["type"] and element["content"][:60]
            assert all(0 <= edge <= 1 for edge in element["bounding_box"])

        found = await client.files.search(
            query="safety inspection requirements", limit=20, similarity_threshold=0.3
        )
        assert found.items[0].document_filename == "notes.txt"
        assert found.items[0].score > 0 and found.items[0].content[:200]
        within = await client.files.search(
            query="energy consumption", document_ids=[result.image_id], limit=10
        )
        assert {chunk.document_filename for chunk in within.items} == {"report.pdf"}

        files = await client.files.list(media_types=["document"], limit=20)
        assert files.total_count == 2
        assert {(f.filename, f.document_type) for f in files.items} == {
            ("report.pdf", "pdf"),
            ("notes.txt", "txt"),
        }
        doc = await client.files.get(result.image_id)
        assert doc.filename == "report.pdf" and doc.page_count == len(whole["pages"])
        assert len((await client.files.get_text(result.image_id))["text"]) > 100
        assert (await client.files.get_chunks(result.image_id))["total_chunks"] == status.chunk_count
        assert (await client.files.download_url(result.image_id)).endswith("report.pdf")
        await client.files.delete(result.image_id)
        assert (await client.files.list()).total_count == 1
        assert (await client.upload_one("notes.txt")).deduplicated
