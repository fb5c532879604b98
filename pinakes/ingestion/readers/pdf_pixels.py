"""Pages without a text layer, read off their pixels."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

import pypdfium2

from pinakes.core.errors import PinakesError
from pinakes.core.files import Element
from pinakes.ingestion.layout.margins import PageText
from pinakes.ingestion.layout.shapes import Segment
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers.clean import one_line
from pinakes.ports.ocr import OCR

_POINTS_PER_INCH = 72.0
_LETTER_HEIGHT = 0.8  # of a line's box
_ALIKE = (0.7, 1.4)  # of the usual height: lines between are of one size; pixels are rough


class PixelReader:
    """Renders pages of one file and has them read, within the limits of the options."""

    def __init__(self, path: Path, options: ReadOptions, warnings: list[str]) -> None:
        self._path = path
        self._options = options
        self._warnings = warnings
        self._left = options.max_ocr_pages
        self._document: Any = None
        self._ocr: OCR | None = None
        self._unread_said = False

    def read(self, page: PageText) -> list[Segment]:
        """Return the lines on a page as segments; none, and a warning, when nothing can be read."""
        lines = self._lines(page)
        if not lines and not page.segments:
            self._warnings.append(f"page {page.number} has no readable text")
        return _segments(lines, page)

    def close(self) -> None:
        """Let go of the file."""
        if self._document is not None:
            self._document.close()
            self._document = None

    def _lines(self, page: PageText) -> list[Element]:
        if self._options.ocr is None:
            return []
        if self._left == 0:
            if not self._unread_said:
                self._warnings.append(f"only {self._options.max_ocr_pages} pages were read off their pixels")
                self._unread_said = True
            return []
        self._left -= 1
        try:
            return self._reader().read(self._picture(page))
        except (PinakesError, pypdfium2.PdfiumError) as error:
            self._warnings.append(f"page {page.number} could not be read off its pixels: {error}")
            return []

    def _reader(self) -> OCR:
        if self._ocr is None:
            from pinakes.ingestion.ocr import load_ocr

            self._ocr = load_ocr(self._options.ocr or "")
        return self._ocr

    def _picture(self, page: PageText) -> Any:
        if self._document is None:
            self._document = pypdfium2.PdfDocument(self._path)
        scale = self._options.ocr_dpi / _POINTS_PER_INCH
        pixels = page.width * page.height * scale * scale
        scale *= min(1.0, (self._options.max_pixels / pixels) ** 0.5)
        with closing(self._document[page.number - 1]) as shown:
            return shown.render(scale=scale).to_pil().convert("RGB")


def _segments(lines: list[Element], page: PageText) -> list[Segment]:
    found = []
    for line in lines:
        if line.box is None or not (text := one_line(line.text)):
            continue
        x0, x1 = line.box[0] * page.width, line.box[2] * page.width
        y0, y1 = line.box[1] * page.height, line.box[3] * page.height
        size = (y1 - y0) * _LETTER_HEIGHT
        found.append(Segment(text, x0, y0, x1, y1, size, confidence=line.confidence or 0.0))
    usual = median(s.size for s in found) if found else 1.0
    for segment in found:
        if _ALIKE[0] * usual < segment.size < _ALIKE[1] * usual:
            segment.size = usual
    return found
