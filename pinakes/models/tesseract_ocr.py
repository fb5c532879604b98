"""Tesseract, where its program is on PATH: several times faster than neural OCR on clean scans."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cached_property
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING

from pinakes.core.errors import ModelError
from pinakes.core.files import Element

if TYPE_CHECKING:
    from PIL.Image import Image

_WORD_LEVEL = "5"
_Row = dict[str, str]


class TesseractOcr:
    """Reads lines of text by running `tesseract` on one core; layout and reading order are Tesseract's.

    Args:
        languages: Codes of installed language packs, joined by "+".
        min_confidence: Lines below are left out, as for any OCR on photos.
    """

    name = "tesseract"

    def __init__(self, languages: str = "eng", min_confidence: float = 0.6) -> None:
        self._languages = languages
        self._min_confidence = min_confidence

    def read(self, picture: Image) -> list[Element]:
        """Return lines in reading order with normalised boxes. Raises ModelError."""
        rows = csv.DictReader(self._run(picture).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
        words = [row for row in rows if row.get("level") == _WORD_LEVEL and (row.get("text") or "").strip()]
        found = (_line(list(members), picture.size) for _, members in groupby(words, key=_line_key))
        return [line for line in found if self._is_credible(line)]

    def _is_credible(self, line: Element) -> bool:
        letters = sum(character.isalnum() for character in line.text)
        return letters > 0 and (line.confidence or 0.0) >= (self._min_confidence if letters > 1 else 0.95)

    @cached_property
    def _program(self) -> str:
        program = shutil.which("tesseract")
        if program is None:
            raise ModelError("Tesseract is not installed: install it, or choose another OCR.")
        return program

    def _run(self, picture: Image) -> str:
        pixels = BytesIO()
        picture.convert("RGB").save(pixels, "PNG", compress_level=1)
        try:
            done = subprocess.run(
                [self._program, "stdin", "stdout", "-l", self._languages, "--psm", "3", "tsv"],
                input=pixels.getvalue(),
                capture_output=True,
                check=True,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
        except (OSError, subprocess.CalledProcessError) as error:
            said = getattr(error, "stderr", b"") or str(error).encode()
            told = said.decode("utf-8", "replace").strip()[-200:]
            raise ModelError(f"Tesseract failed ({told}): check its language packs.") from error
        return done.stdout.decode("utf-8", "replace")


def _line_key(row: _Row) -> tuple[str, str, str, str]:
    return row["page_num"], row["block_num"], row["par_num"], row["line_num"]


def _line(words: list[_Row], size: tuple[int, int]) -> Element:
    x0, y0 = min(int(w["left"]) for w in words), min(int(w["top"]) for w in words)
    x1 = max(int(w["left"]) + int(w["width"]) for w in words)
    y1 = max(int(w["top"]) + int(w["height"]) for w in words)
    box = tuple(_unit((x0 / size[0], y0 / size[1], x1 / size[0], y1 / size[1])))
    return Element(
        type="OcrText",
        text=" ".join(w["text"].strip() for w in words),
        box=(box[0], box[1], box[2], box[3]),
        confidence=_confidence(words),
    )


def _unit(values: tuple[float, ...]) -> Iterator[float]:
    return (round(min(1.0, max(0.0, value)), 5) for value in values)


def _confidence(words: list[_Row]) -> float:
    """Return the mean over characters, 0 to 1."""
    weights = [len(w["text"].strip()) for w in words]
    values = [max(0.0, float(w["conf"])) / 100 for w in words]
    return round(sum(v * n for v, n in zip(values, weights, strict=True)) / max(1, sum(weights)), 3)
