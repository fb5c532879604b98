"""The places that an answer cites, as pictures of their pages."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.client.thumbnails import data_url
from pinakes.core.evidence import Citation, Evidence
from pinakes.core.files import FileRecord
from pinakes.ingestion.page_regions import Region, pictures
from pinakes.library.library import Library

SHOWN = 6
"""Places of one answer that are drawn."""
_PDF = "application/pdf"


async def snippets(library: Library, citations: Sequence[Citation]) -> dict[str, str]:
    """Return parts of the pages that the first citations point to, as data URLs by mark; of PDFs alone."""
    cited = {c.mark: c.evidence for c in reversed(citations) if c.evidence.locator.page is not None}
    files = {file.id: file for file in await library.catalog.get_files([e.file_id for e in cited.values()])}
    drawable = [
        (mark, evidence)
        for mark, evidence in reversed(cited.items())
        if evidence.file_id in files and files[evidence.file_id].content_type == _PDF
    ][:SHOWN]
    regions = [await _region(library, files[evidence.file_id], evidence) for _, evidence in drawable]
    drawn = await pictures(regions)
    return {mark: data_url(picture) for (mark, _), picture in zip(drawable, drawn, strict=True) if picture}


async def _region(library: Library, file: FileRecord, evidence: Evidence) -> Region:
    path = await library.blobs.local_path(file.sha256)
    return Region(path=str(path), page=evidence.locator.page or 1, box=evidence.locator.box)
