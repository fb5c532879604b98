from __future__ import annotations

import importlib.util
import itertools
import logging
import os
import stat
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from pinakes.core.errors import ModelError
from pinakes.models.rapid_ocr import RapidOcr, _tiles
from pinakes.models.reading_order import Quad, reading_order, straightened
from pinakes.models.tesseract_ocr import TesseractOcr
from pinakes.ports.ocr import OCR

needs_rapidocr = pytest.mark.skipif(
    not importlib.util.find_spec("rapidocr"), reason="rapidocr is not installed"
)


def column(x: float, lines: int, top: float = 100) -> list[tuple[float, float, float, float]]:
    return [(x, top + 20 * n, x + 200, top + 20 * n + 15) for n in range(lines)]


def test_columns_are_read_one_after_the_other() -> None:
    title, foot = (50.0, 50.0, 450.0, 70.0), (40.0, 520.0, 460.0, 540.0)
    left, right = column(30, 20), column(270, 18)
    mixed = sorted([title, *left, *right, foot], key=lambda box: (box[1], box[0]))
    ordered = [mixed[i] for i in reading_order(mixed)]
    assert ordered == [title, *left, *right, foot]


def test_three_columns() -> None:
    boxes = [*column(0, 8), *column(250, 8), *column(500, 8)]
    mixed = sorted(boxes, key=lambda box: (box[1], -box[0]))
    assert [mixed[i] for i in reading_order(mixed)] == boxes


def test_a_receipt_is_read_by_rows() -> None:
    rows = [
        ((10.0, 20.0 * n, 120.0, 20.0 * n + 14), (300.0, 20.0 * n + 2, 340.0, 20.0 * n + 15))
        for n in range(8)
    ]
    boxes = [box for row in rows for box in row]
    shuffled = boxes[::-1]
    assert [shuffled[i] for i in reading_order(shuffled)] == boxes


def test_a_receipt_held_askew_is_read_by_rows() -> None:
    def tilted(x: float, y: float) -> tuple[float, float]:
        return (
            x - 0.05 * y,
            y + 0.05 * x,
        )  # 3 degrees: at the right end a row is level with the next one's start

    def quad(x0: float, y0: float, x1: float, y1: float) -> Quad:
        return tilted(x0, y0), tilted(x1, y0), tilted(x1, y1), tilted(x0, y1)

    rows = [(quad(10, 22 * n, 130, 22 * n + 16), quad(420, 22 * n, 470, 22 * n + 16)) for n in range(6)]
    quads = [part for row in rows for part in row]
    mixed = sorted(quads, key=lambda q: q[0][1])
    assert [mixed[i] for i in reading_order(straightened(mixed))] == quads


def test_nothing_to_order() -> None:
    assert reading_order([]) == []


def test_tiles_cover_a_strip() -> None:
    assert list(_tiles((1500, 1200))) == [((0, 0, 1500, 1200),) * 2]
    tiles = list(_tiles((500, 4800)))
    kept = [part for _, part in tiles]
    assert kept[0][1] == 0 and kept[-1][3] == 4800
    assert all(before[3] == after[1] for before, after in itertools.pairwise(kept))
    assert all(area[3] - area[1] <= 1000 for area, _ in tiles)


def sign(text: str, size: tuple[int, int] = (640, 200)) -> Image.Image:
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).text((40, 60), text, fill="black", font=ImageFont.load_default(48))
    return picture


@needs_rapidocr
def test_rapidocr_reads_a_sign(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    ocr = RapidOcr()
    assert isinstance(ocr, OCR)
    with caplog.at_level(logging.DEBUG):
        [line] = ocr.read(sign("Pump P-104"))
        assert ocr.read(Image.new("RGB", (300, 200), "white")) == []
    assert line.text == "Pump P-104" and line.type == "OcrText"
    assert line.confidence and line.confidence > 0.9
    assert line.box == pytest.approx((0.06, 0.33, 0.5, 0.6), abs=0.12)
    assert capfd.readouterr() == ("", "")


FAKE = """#!/bin/sh
cat > /dev/null
printf 'level\\tpage_num\\tblock_num\\tpar_num\\tline_num\\tword_num\\tleft\\ttop\\twidth\\theight\\tconf\\ttext\\n'
printf '1\\t1\\t0\\t0\\t0\\t0\\t0\\t0\\t640\\t200\\t-1\\t\\n'
printf '5\\t1\\t1\\t1\\t1\\t1\\t64\\t20\\t64\\t40\\t96.5\\tPump\\n'
printf '5\\t1\\t1\\t1\\t1\\t2\\t160\\t22\\t96\\t40\\t91.5\\tP-104"\\n'
printf '5\\t1\\t2\\t1\\t1\\t1\\t64\\t120\\t64\\t40\\t21\\t~x~y\\n'
"""


def test_tesseract_by_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tesseract"
    program.write_text(FAKE)
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    [line] = TesseractOcr().read(sign("Pump P-104"))
    assert line.text == 'Pump P-104"'
    assert line.box == (0.1, 0.1, 0.4, 0.31)
    assert line.confidence == pytest.approx(0.935, abs=0.01)


def test_tesseract_missing_or_failing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ModelError, match="not installed"):
        TesseractOcr().read(sign("x"))
    (tmp_path / "tesseract").write_text("#!/bin/sh\necho no language >&2\nexit 1\n")
    (tmp_path / "tesseract").chmod(0o755)
    with pytest.raises(ModelError, match="no language"):
        TesseractOcr().read(sign("x"))


@needs_rapidocr
@pytest.mark.realdata
def test_photos_give_no_garbage(realdata: Path) -> None:
    """Of these photos without legible text, none may yield a word."""
    ocr = RapidOcr()
    for name in ("000000000208", "000000000030"):
        with Image.open(realdata / f"images/coco/images/train2017_{name}.jpg") as photo:
            assert ocr.read(photo) == []
    with Image.open(realdata / "images/coco/images/train2017_000000000471.jpg") as bus:
        assert "LOS" in [line.text for line in ocr.read(bus)]
