"""PDF files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from pinakes.core.errors import CorruptFileError, EmptyFileError, EncryptedFileError
from pinakes.core.files import PageInfo, Reading
from pinakes.ingestion.layout.margins import Margins, PageText, part_margins
from pinakes.ingestion.layout.paragraphs import page_blocks
from pinakes.ingestion.layout.shapes import Block, Row, bounds
from pinakes.ingestion.layout.turning import turn_box, turn_segments
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers.assemble import assemble
from pinakes.ingestion.readers.dates import parse_pdf_date
from pinakes.ingestion.readers.pdf_elements import PageBlocks, elements_of
from pinakes.ingestion.readers.pdf_pixels import PixelReader
from pinakes.ingestion.readers.pdf_text import page_text

_FEWEST_CHARACTERS = 8  # a page with fewer is read off its pixels
_SIDE = 0.11  # of the page's width
_PAGE_OBJECT = re.compile(rb"/Type\s*/Page[^s]")
_PAGES_AT_ONCE = 64  # pdfium keeps fonts and pictures of a document open; reopening lets go of them


def read(path: Path, file_id: str, options: ReadOptions) -> Reading:
    """Read a PDF; pages without text are read by the OCR of the options.

    Raises EncryptedFileError, CorruptFileError (damaged), EmptyFileError (no pages).
    """
    with closing(_open(path)) as document:
        count, about = len(document), document.get_metadata_dict(skip_empty=True)
    if count == 0:
        raise EmptyFileError("The PDF has no pages; add one that has.")
    warnings: list[str] = []
    if count > options.max_pages:
        warnings.append(f"only the first {options.max_pages:,} of {count:,} pages were read")
    total = min(count, options.max_pages)
    pixels = PixelReader(path, options, warnings)
    texts = _page_texts(path, total, warnings)
    pages = [_blocks(margins, pixels) for margins in part_margins(texts, total)]
    pixels.close()
    if not pages:
        raise CorruptFileError("No page of the PDF could be opened; save it again from its program.")
    return assemble(
        file_id,
        elements_of(pages),
        options,
        title=about.get("Title"),
        pages=[PageInfo(number=p.number, width=p.width, height=p.height, ocr=p.ocr) for p in pages],
        content_created_at=_created(about),
        warnings=warnings,
    )


def _open(path: Path) -> Any:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise EncryptedFileError("The PDF needs a password; save a copy without one.") from error
        if _has_no_pages(path):
            raise EmptyFileError("The PDF has no pages; add one that has.") from error
        raise CorruptFileError(
            "The PDF is damaged; save it again from its program.", detail=str(error)
        ) from error


def _has_no_pages(path: Path) -> bool:
    """Whether pdfium can open the file and neither it nor we find a page in it."""
    document = pdfium.FPDF_LoadDocument(str(path).encode(), None)
    if not document:
        return False
    count = pdfium.FPDF_GetPageCount(document)
    pdfium.FPDF_CloseDocument(document)
    return count == 0 and not _PAGE_OBJECT.search(path.read_bytes())


def _created(about: dict[str, str]) -> datetime | None:
    return parse_pdf_date(about.get("CreationDate", "")) or parse_pdf_date(about.get("ModDate", ""))


def _page_texts(path: Path, total: int, warnings: list[str]) -> Iterator[PageText]:
    for first in range(0, total, _PAGES_AT_ONCE):
        with closing(_open(path)) as document:
            for index in range(first, min(first + _PAGES_AT_ONCE, total)):
                text = _page_text(document, index)
                if text is None:
                    warnings.append(f"page {index + 1} is damaged")
                else:
                    yield text


def _page_text(document: Any, index: int) -> PageText | None:
    try:
        with closing(document[index]) as page, closing(page.get_textpage()) as textpage:
            text = page_text(page, textpage, index + 1)
    except pypdfium2.PdfiumError:
        return None
    return text if text.width > 0 and text.height > 0 else None


def _blocks(margins: Margins, pixels: PixelReader) -> PageBlocks:
    text = margins.page
    page = PageBlocks(text.number, text.width, text.height)
    page.heads = [_furniture(row) for row in margins.heads]
    page.feet = [_furniture(row) for row in margins.feet]
    if text.characters < _FEWEST_CHARACTERS and text.has_drawings:
        segments = pixels.read(text)
        page.ocr = bool(segments)
        page.body = page_blocks(segments or text.segments)
        return page
    page.body = page_blocks(text.segments)
    for quarters, segments in sorted(text.turned.items()):
        for block in _turned_blocks(text, quarters, segments):
            (page.heads if _is_stamp(block, text) else page.body).append(block)
    return page


def _is_stamp(block: Block, text: PageText) -> bool:
    """Turned text along the side of an upright page is no part of what the page says."""
    x0, _, x1, _ = block.box
    beside = x1 < _SIDE * text.width or x0 > (1 - _SIDE) * text.width
    return beside and sum(len(s.text) for s in text.segments) > 2 * len(block.text)


def _turned_blocks(text: PageText, quarters: int, segments: list[Any]) -> list[Block]:
    blocks = page_blocks(turn_segments(segments, quarters, text.width, text.height))
    for block in blocks:
        block.box = turn_box(block.box, quarters, text.width, text.height)
    return blocks


def _furniture(row: Row) -> Block:
    return Block(row.text, bounds(row.segments), row.segments[0].size)
