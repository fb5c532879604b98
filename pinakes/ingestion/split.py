"""Elements to chunks: by title, within the embedder's reach, every stretch of text tied to its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pinakes.core.files import Chunk, Element, Locator, Span
from pinakes.core.ids import derived_id
from pinakes.ingestion.pieces import character_limit, cut_at_sentences, pieces_per_character
from pinakes.ingestion.readers.tables import html_of, rows_of, text_of
from pinakes.ingestion.unstructured_offline import chunk_by_title, make_element

_FURNITURE = frozenset({"Header", "Footer", "PageNumber", "PageBreak"})
_JOINT = "\n\n"
_SOFT = 0.8  # of the limit: a chunk this full takes no further element
_COMBINE = 0.3  # of the limit: sections shorter than this share a chunk with the next one
_LONG_ENOUGH = 40  # characters that say something about a text's density
_DENSER = 1.25
_LEAD = 90  # characters: a line as short as this before a table says what the table is


@dataclass(slots=True)
class _Piece:
    """An element, or a stretch of one that is too long, on its way into a chunk."""

    text: str
    element: Element
    heading: str
    limit: int
    html: str | None = None

    @property
    def is_table(self) -> bool:
        return self.element.type == "Table"

    @property
    def is_lead(self) -> bool:
        return self.element.type in ("Title", "FigureCaption")


def split(file_id: str, elements: Sequence[Element], *, language: str | None = None) -> tuple[Chunk, ...]:
    """Return the chunks of a file in reading order; headers, footers and page numbers are left out.

    A chunk stays within about 256 word pieces. Tables stay whole where they fit, else they are cut between rows
    with the header row repeated.
    """
    chunks: list[Chunk] = []
    for group in _lead_in(_groups(list(_pieces(elements, language)))):
        chunks.append(_chunk(file_id, len(chunks), group))
    return tuple(chunks)


def _pieces(elements: Sequence[Element], language: str | None) -> Iterator[_Piece]:
    path: list[tuple[int, str]] = []
    usual = pieces_per_character(" ".join(element.text for element in elements[:400]), language)
    for element in elements:
        if element.type in _FURNITURE or not element.text.strip():
            continue
        if element.type == "Title":
            _enter(path, element)
        limit = character_limit(_density(element.text, usual, language))
        yield from _fit(element, " > ".join(title for _, title in path), limit)


def _enter(path: list[tuple[int, str]], title: Element) -> None:
    level = title.level or 1
    while path and path[-1][0] >= level:
        path.pop()
    path.append((level, " ".join(title.text.split())[:120]))


def _density(text: str, usual: float, language: str | None) -> float:
    """One density for the whole file, so that chunks do not break at every number; much denser texts differ."""
    own = pieces_per_character(text, language) if len(text) >= _LONG_ENOUGH else 0.0
    return own if own > _DENSER * usual else usual


def _fit(element: Element, heading: str, limit: int) -> Iterator[_Piece]:
    if element.type == "Table":
        yield from _fit_table(element, heading, limit)
        return
    keeps_breaks = element.type == "CodeSnippet"
    text = element.text if keeps_breaks else " ".join(element.text.split())
    for part in [text] if len(text) <= limit else cut_at_sentences(text, int(limit * _SOFT)):
        yield _Piece(part, element, heading, limit)


def _fit_table(element: Element, heading: str, limit: int) -> Iterator[_Piece]:
    if len(element.text) <= limit:
        yield _Piece(element.text, element, heading, limit, element.html)
        return
    rows = rows_of(element.html) if element.html else [([line], False) for line in element.text.splitlines()]
    for text, html in _row_groups(rows, limit):
        yield _Piece(text, element, heading, limit, html if element.html else None)


def _row_groups(rows: list[tuple[list[str], bool]], limit: int) -> Iterator[tuple[str, str]]:
    """Yield text and html of stretches of rows, each starting with the table's header rows."""
    heads = _header_rows(rows, limit)
    head = [cells for cells, _ in rows[:heads]]
    taken: list[list[str]] = []
    for cells, _ in rows[heads:]:
        if taken and len(text_of([*head, *taken, cells])) > limit:
            yield from _row_group(head, taken, limit)
            taken = []
        taken.append(cells)
    if taken or head:
        yield from _row_group(head, taken, limit)


def _header_rows(rows: list[tuple[list[str], bool]], limit: int) -> int:
    marked = next((number for number, (_, is_header) in enumerate(rows) if not is_header), len(rows))
    if not marked and len(rows) > 2 and len(rows[0][0]) > 1 and not any(map(_is_number, rows[0][0])):
        marked = 1
    return marked if len(text_of([cells for cells, _ in rows[:marked]])) <= limit // 2 else 0


def _is_number(cell: str) -> bool:
    return any(c.isdigit() for c in cell) and not any(c.isalpha() for c in cell)


def _row_group(head: list[list[str]], body: list[list[str]], limit: int) -> Iterator[tuple[str, str]]:
    text, html = text_of([*head, *body]), html_of([*head, *body], len(head))
    if len(text) <= limit:
        yield text, html
        return
    for part in cut_at_sentences(text, int(limit * _SOFT)):
        yield part, html
        html = ""


def _groups(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    """Yield the pieces of each chunk, as unstructured groups them within one limit."""
    for limit, run in groupby(pieces, key=lambda piece: piece.limit):
        alike = list(run)
        made = [make_element(piece.element.type, piece.text, str(n)) for n, piece in enumerate(alike)]
        for chunk in chunk_by_title(
            made, soft=int(limit * _SOFT), hard=limit, combine_under=int(limit * _COMBINE)
        ):
            yield [alike[int(part.id)] for part in chunk.metadata.orig_elements or [chunk]]


def _lead_in(groups: Iterator[list[_Piece]]) -> Iterator[list[_Piece]]:
    """Join titles and captions that stand alone to what they lead to, and short lines to the table they announce."""
    waiting: list[_Piece] = []
    for group in groups:
        if waiting and _length([*waiting, *group]) > max(group[0].limit, waiting[0].limit):
            yield waiting
            waiting = []
        if waiting and not group[0].is_table and not all(piece.is_lead for piece in waiting):
            yield waiting
            waiting = []
        waiting = [*waiting, *group]
        if not all(piece.is_lead for piece in waiting) and not _introduces(waiting):
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _introduces(group: list[_Piece]) -> bool:
    return len(group) == 1 and not group[0].is_table and len(group[0].text) <= _LEAD


def _length(group: list[_Piece]) -> int:
    return sum(len(piece.text) for piece in group) + len(_JOINT) * (len(group) - 1)


def _chunk(file_id: str, ordinal: int, group: list[_Piece]) -> Chunk:
    pages = [piece.element.page for piece in group if piece.element.page is not None]
    main = next((p for p in group if p.is_table), next((p for p in group if not p.is_lead), group[-1]))
    return Chunk(
        id=derived_id(file_id, str(ordinal)),
        file_id=file_id,
        ordinal=ordinal,
        text=_JOINT.join(piece.text for piece in group),
        heading=main.heading,
        kind=_kind(group, main),
        page_start=min(pages, default=None),
        page_end=max(pages, default=None),
        spans=tuple(_spans(group)),
        html=main.html or None,
    )


def _kind(group: list[_Piece], main: _Piece) -> str:
    if main.is_table:
        return "table"
    read_off = (p.element.type == "OcrText" or p.element.confidence is not None for p in group)
    return "ocr" if any(read_off) else "text"


def _spans(group: list[_Piece]) -> Iterator[Span]:
    start = 0
    for piece in group:
        end = start + len(piece.text)
        where = Locator(page=piece.element.page, box=piece.element.box)
        yield Span(start=start, end=end, locator=where)
        start = end + len(_JOINT)
