"""RapidOCR (PP-OCR models in its wheel, Apache-2.0) on onnxruntime: offline, reads Latin and Chinese script."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pinakes.core.errors import ModelError
from pinakes.core.files import Element
from pinakes.models.reading_order import Quad, reading_order, straightened

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_SIDE = 2000
"""Longer side of what is read in one go; larger pictures are scaled down, long strips cut into tiles."""
GLANCE_SIDE = 960
"""A larger picture is first looked over at this size, and read at full size only if that shows text."""
STRIP_ASPECT = 2.2
"""From this ratio of its sides on, a picture over `MAX_SIDE` is a strip."""


class RapidOcr:
    """Reads lines of text; loads its models (about 2 s) at the first picture.

    Textures of photos come back as short words of low confidence, so lines below `min_confidence` are left out, and
    single characters below `_SURE`.

    Args:
        threads: Cores one picture may use; workers run in parallel, so one each.
    """

    name = "rapidocr@3"

    def __init__(self, threads: int = 1, min_confidence: float = 0.6) -> None:
        self._threads = threads
        self._min_confidence = min_confidence

    def read(self, picture: Image) -> list[Element]:
        """Return lines in reading order with normalised boxes. Raises ModelError."""
        picture = picture.convert("RGB")
        if max(picture.size) > 1.5 * GLANCE_SIDE and not self._shows_text(picture):
            return []
        found = [line for tile in _tiles(picture.size) for line in self._read_tile(picture, tile)]
        order = reading_order(straightened([quad for _, quad, _ in found]))
        return [_element(found[position], picture.size) for position in order]

    def _read_tile(self, picture: Image, tile: _Tile) -> Iterator[_Line]:
        area, kept = tile
        result = self._run(_array(picture if area == (0, 0, *picture.size) else picture.crop(area)))
        if result.boxes is None or result.txts is None:
            return
        for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
            quad = _shifted(corners, area)
            if self._is_credible(text, score) and _centre_in(quad, kept):
                yield text.strip(), quad, float(score)

    def _is_credible(self, text: str, score: float) -> bool:
        characters = [character for character in text if character.isalnum()]
        if len(characters) > 3 and len(set(characters)) == 1:
            return False  # slats and fences
        return bool(characters) and score >= (self._min_confidence if len(characters) > 1 else _SURE)

    def _shows_text(self, picture: Image) -> bool:
        if max(picture.size) >= STRIP_ASPECT * min(picture.size):
            return True  # too thin to be looked over as a whole
        small = picture.copy()
        small.thumbnail((GLANCE_SIDE, GLANCE_SIDE))
        result = self._run(_array(small), read=False)
        return result.boxes is not None and len(result.boxes) > 0

    def _run(self, pixels: Any, *, read: bool = True) -> Any:
        try:
            return self._engine(pixels, use_cls=read, use_rec=read)
        except Exception as error:  # the engine wraps vendor errors in its own and raises others besides
            raise ModelError(f"Reading text off the picture failed: {str(error)[-200:]}") from error

    @cached_property
    def _engine(self) -> Any:
        os.environ.setdefault(
            "ORT_DISABLE_TELEMETRY", "1"
        )  # before onnxruntime is imported: it would report usage
        try:
            from rapidocr import RapidOCR
        except ImportError as error:
            raise ModelError(
                "Reading text off pictures needs rapidocr: pip install 'pinakes[local]'."
            ) from error
        return RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.max_side_len": MAX_SIDE,
                "Det.limit_type": "max",  # never enlarge: a third of the time, and fewer misread textures
                "Det.limit_side_len": MAX_SIDE,
                "Rec.rec_batch_num": 1,  # a batch is padded to its widest line: one by one is faster on a core
                "EngineConfig.onnxruntime.intra_op_num_threads": self._threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )


_SURE = 0.95

_Area = tuple[int, int, int, int]
_Tile = tuple[_Area, _Area]  # what is read, and the part of it whose lines are kept
_Line = tuple[str, Quad, float]


def _array(picture: Image) -> Any:
    """Return pixels as the engine wants them: blue, green, red."""
    import numpy as np

    return np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])


def _tiles(size: tuple[int, int]) -> Iterator[_Tile]:
    """Yield overlapping tiles of a strip, or the whole picture; each line belongs to the tile its centre is in."""
    long, short = max(size), min(size)
    if long <= MAX_SIDE or long < STRIP_ASPECT * short:
        whole = (0, 0, *size)
        yield whole, whole
        return
    length, overlap = min(MAX_SIDE, 2 * short), max(64, short // 8)
    for start in range(0, max(1, long - overlap), length - overlap):
        end = min(long, start + length)
        first, last = start + (overlap // 2 if start else 0), end - (overlap // 2 if end < long else 0)
        yield _along(size, start, end), _along(size, first, last)


def _along(size: tuple[int, int], start: int, end: int) -> _Area:
    return (0, start, size[0], end) if size[1] >= size[0] else (start, 0, end, size[1])


def _shifted(corners: Any, area: _Area) -> Quad:
    """Return four corners in pixels of the whole picture."""
    a, b, c, d = ((float(x) + area[0], float(y) + area[1]) for x, y in corners)
    return a, b, c, d


def _centre_in(quad: Quad, area: _Area) -> bool:
    x, y = sum(x for x, _ in quad) / 4, sum(y for _, y in quad) / 4
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def _element(line: _Line, size: tuple[int, int]) -> Element:
    text, quad, score = line
    xs, ys = [x / size[0] for x, _ in quad], [y / size[1] for _, y in quad]
    box = (_unit(min(xs)), _unit(min(ys)), _unit(max(xs)), _unit(max(ys)))
    return Element(type="OcrText", text=text, box=box, confidence=round(min(1.0, score), 3))


def _unit(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 5)
