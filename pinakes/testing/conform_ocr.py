"""What every OCR must do.

Subclass the suite in a test module and give it a fixture `ocr`, an `OCR` that reads Latin script::

    class TestMyOcr(ConformOcr):
        @pytest.fixture
        def ocr(self):
            return MyOcr()
"""

from __future__ import annotations

import re

from PIL import Image, ImageDraw, ImageFont

from pinakes.core.files import Element
from pinakes.ports.ocr import OCR

_SIZE = (900, 400)


def lettered(*lines: str, size: tuple[int, int] = _SIZE) -> Image.Image:
    """Return a white picture with lines of black text, the first one in its upper part."""
    picture = Image.new("RGB", size, "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(56)
    for number, line in enumerate(lines):
        pen.text((60, 50 + 150 * number), line, fill="black", font=font)
    return picture


def _words(lines: list[Element]) -> list[str]:
    return re.findall(r"\w+", " ".join(line.text for line in lines).upper())


class ConformOcr:
    """The suite; `ocr` is the adapter's fixture."""

    def test_name(self, ocr: OCR) -> None:
        """An OCR tells its name."""
        assert isinstance(ocr, OCR)
        assert ocr.name

    def test_lines_in_reading_order(self, ocr: OCR) -> None:
        """Lines come as OcrText, from top to bottom."""
        lines = ocr.read(lettered("EMERGENCY EXIT", "KEEP DOOR CLOSED"))
        assert _words(lines) == ["EMERGENCY", "EXIT", "KEEP", "DOOR", "CLOSED"]
        assert {line.type for line in lines} == {"OcrText"}

    def test_boxes_and_confidence(self, ocr: OCR) -> None:
        """Boxes are of the picture's size, origin top left, around the text; confidence is 0 to 1."""
        for line in ocr.read(lettered("EMERGENCY EXIT")):
            assert line.confidence is not None
            assert 0 < line.confidence <= 1
            assert line.box is not None
            left, top, right, bottom = line.box
            assert 0 <= left < right <= 1
            assert 0 <= top < bottom <= 0.5

    def test_a_blank_picture_has_no_text(self, ocr: OCR) -> None:
        """Nothing is read where nothing is written, also off a single pixel."""
        for size in ((640, 480), (1, 1), (3, 900)):
            assert ocr.read(Image.new("RGB", size, "white")) == []

    def test_every_mode_is_read(self, ocr: OCR) -> None:
        """Grey, palette, bilevel and other pictures are read like coloured ones."""
        for mode in ("L", "P", "1", "RGBA", "CMYK"):
            assert _words(ocr.read(lettered("EMERGENCY EXIT").convert(mode))) == ["EMERGENCY", "EXIT"], mode

    def test_the_picture_stays_as_it_was(self, ocr: OCR) -> None:
        """Readers use the picture further."""
        picture = lettered("EMERGENCY EXIT").convert("L")
        before = picture.copy()
        ocr.read(picture)
        assert (picture.mode, picture.size) == (before.mode, before.size)
        assert picture.tobytes() == before.tobytes()

    def test_the_same_picture_reads_the_same(self, ocr: OCR) -> None:
        """Twice the same lines, boxes and confidence."""
        picture = lettered("KEEP DOOR CLOSED")
        assert ocr.read(picture) == ocr.read(picture)
