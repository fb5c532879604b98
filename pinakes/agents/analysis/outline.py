"""What sections and tables a document has."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.agents.citing import Citations
from pinakes.agents.writing.marks import plain
from pinakes.agents.writing.tables import Row, is_contents, markdown_table, table_rows
from pinakes.core.files import Chunk, FileRecord
from pinakes.library.library import Library
from pinakes.tools.reading import Section, document_sections

Path = tuple[str, ...]

_MOST_HEADINGS = 40
_MOST_TABLES = 10
_MOST_ROWS = 30


async def outline_lines(library: Library, file: FileRecord, cited: Citations) -> list[str]:
    """Return a document's headings in order, indented, with their pages; of very many only the upper levels."""
    places = _places(await document_sections(library, file.id))
    root = _shared_root(list(places))
    depth = next((d for d in range(9, 0, -1) if len({p[: root + d] for p in places}) <= _MOST_HEADINGS), 1)
    lines: dict[tuple[str, ...], str] = {}
    for path, (page, chunk) in places.items():
        for level in range(root + 1, min(len(path), root + depth) + 1):
            if path[:level] not in lines:
                lines[path[:level]] = _heading_line(path[:level], root, page, file, chunk, cited)
    return list(lines.values())[:_MOST_HEADINGS]


def _places(sections: Sequence[Section]) -> dict[Path, tuple[int | None, Chunk]]:
    """Return each heading with the headings above it, and the page and chunk where it first stands."""
    places: dict[Path, tuple[int | None, Chunk]] = {}
    for section in sections:
        path = tuple(" ".join(part.split()) for part in section.heading.split(" > ") if part.strip())
        if path:
            places.setdefault(path, (section.page, section.chunks[0]))
    return places


def _shared_root(paths: Sequence[Path]) -> int:
    """Return how many uppermost headings all the paths share: the document's own title."""
    shortest = min((len(p) for p in paths), default=0)
    return next((n for n in range(shortest - 1, 0, -1) if len({p[:n] for p in paths}) == 1), 0)


def _heading_line(
    path: Path, root: int, page: int | None, file: FileRecord, chunk: Chunk, cited: Citations
) -> str:
    where = f", p. {page}" if page is not None else ""
    evidence = cited.cite_chunk(file, chunk, 0, min(len(chunk.text), 120), why="section")
    return f"{'  ' * (len(path) - root - 1)}- {plain(path[-1])}{where}{cited.mark(evidence)}"


async def table_lines(library: Library, file: FileRecord, cited: Citations) -> str:
    """Return a document's tables as rows, each with its place; lists of contents and single cells are none."""
    chunks = [c for c in await library.catalog.file_chunks(file.id) if c.kind == "table" or c.html]
    tables = [(chunk, rows) for chunk in chunks if (rows := _rows(chunk))]
    parts = []
    for chunk, rows in tables[:_MOST_TABLES]:
        mark = cited.mark(cited.cite_chunk(file, chunk, 0, len(chunk.text), why="table"))
        shown = markdown_table(rows[0], rows[1 : _MOST_ROWS + 1])
        more = f"\n\n… and {len(rows) - _MOST_ROWS - 1} more rows" if len(rows) > _MOST_ROWS + 1 else ""
        heading = plain(chunk.heading.rsplit(" > ", 1)[-1] or f"Table in {file.filename}")
        where = f", p. {chunk.page_start}" if chunk.page_start else ""
        parts.append(f"**{heading}**{where}{mark}\n\n{shown}{more}")
    if len(tables) > _MOST_TABLES:
        parts.append(f"… and {len(tables) - _MOST_TABLES} more tables")
    return "\n\n".join(parts)


def _rows(chunk: Chunk) -> list[Row]:
    """Return a table's rows, from its HTML where that was kept; none unless it has rows and columns of its own."""
    if chunk.html:
        rows = table_rows(chunk.html)
    else:
        lines = [line for line in chunk.text.splitlines() if "|" in line]
        rows = [tuple(cell.strip() for cell in line.strip(" |").split("|")) for line in lines]
    rows = [tuple(plain(cell) for cell in row) for row in rows]
    columns = sum(len(row) > 1 for row in rows)
    return rows if len(rows) > 1 and columns > 1 and not is_contents(rows) else []
