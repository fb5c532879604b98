"""Reading documents: their text by page, and their outline."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.core.files import Chunk
from pinakes.core.value import Value
from pinakes.library.library import Library


class Section(Value):
    """A heading of a document, the page it stands on and its chunks."""

    heading: str
    page: int | None = None
    chunks: tuple[Chunk, ...] = ()


class DocumentText(Value):
    """A stretch of a document's text; `next_page` is where to read on, None at the end."""

    file_id: str
    filename: str
    text: str
    page_count: int | None = None
    next_page: int | None = None


async def read_document(
    library: Library, file_id: str, *, first_page: int = 1, max_chars: int = 8000
) -> DocumentText:
    """Return a document's text from a page on. Raises ResourceNotFoundError."""
    file = await library.catalog.get_file(file_id)
    chunks = [c for c in await library.catalog.file_chunks(file_id) if (c.page_end or 1) >= first_page]
    taken, length = 0, 0
    for chunk in chunks:
        if taken and length + len(chunk.text) > max_chars:
            break
        taken, length = taken + 1, length + len(chunk.text) + 2
    rest = chunks[taken:]
    return DocumentText(
        file_id=file_id,
        filename=file.filename,
        text="\n\n".join(c.text for c in chunks[:taken])[:max_chars],
        page_count=file.page_count,
        next_page=max(rest[0].page_start or 1, first_page + 1) if rest else None,
    )


async def document_sections(library: Library, file_id: str) -> list[Section]:
    """Return a document's sections in order: runs of chunks under one heading."""
    return sections_of(await library.catalog.file_chunks(file_id))


def sections_of(chunks: Sequence[Chunk]) -> list[Section]:
    """Return runs of chunks under one heading."""
    runs: list[list[Chunk]] = []
    for chunk in chunks:
        if runs and runs[-1][-1].heading == chunk.heading:
            runs[-1].append(chunk)
        else:
            runs.append([chunk])
    return [Section(heading=r[0].heading, page=r[0].page_start, chunks=tuple(r)) for r in runs]
