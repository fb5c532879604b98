"""What sections and tables a document has."""

from __future__ import annotations

from pinakes.agents.citing import Citations
from pinakes.agents.writing.marks import plain
from pinakes.core.files import Chunk, FileRecord
from pinakes.library.library import Library
from pinakes.tools.reading import document_sections

_MOST_HEADINGS = 40
_MOST_TABLES = 10
_LONGEST_TABLE = 1200


async def outline_lines(library: Library, file: FileRecord, cited: Citations) -> list[str]:
    """Return a document's headings in order with their pages, thinned out evenly where there are very many."""
    sections = [s for s in await document_sections(library, file.id) if s.heading.strip()]
    seen: dict[str, tuple[int | None, Chunk]] = {}
    for section in sections:
        seen.setdefault(" ".join(section.heading.split()), (section.page, section.chunks[0]))
    headings = list(seen.items())
    step = max(1, -(-len(headings) // _MOST_HEADINGS))
    lines = []
    for heading, (page, chunk) in headings[::step]:
        where = f" (p. {page})" if page is not None else ""
        end = min(len(chunk.text), 120)
        lines.append(
            f"- {plain(heading)}{where}{cited.mark(cited.cite_chunk(file, chunk, 0, end, why='section'))}"
        )
    if step > 1:
        lines.append(f"- … {len(headings)} headings in all, every {step}. shown")
    return lines


async def table_lines(library: Library, file: FileRecord, cited: Citations) -> str:
    """Return a document's tables as text, each with its place."""
    tables = [c for c in await library.catalog.file_chunks(file.id) if c.kind == "table" or c.html]
    parts = []
    for chunk in tables[:_MOST_TABLES]:
        mark = cited.mark(cited.cite_chunk(file, chunk, 0, len(chunk.text), why="table"))
        heading = f"{chunk.heading}: " if chunk.heading else ""
        parts.append(f"{heading}{chunk.text[:_LONGEST_TABLE].strip()}{mark}")
    if len(tables) > _MOST_TABLES:
        parts.append(f"… and {len(tables) - _MOST_TABLES} more tables")
    return "\n\n".join(parts)
