"""Key frames at full size: the text on them, their colours and light, and a thumbnail."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from pinakes.core.errors import ConfigurationError, CorruptFileError, ModelError
from pinakes.core.files import Colour, Element
from pinakes.ingestion.ocr import load_ocr
from pinakes.ingestion.pictures.colours import dominant_colours
from pinakes.ingestion.pictures.measures import is_dark
from pinakes.ingestion.videos.container import picture_at
from pinakes.ingestion.videos.scenes import Key, Scene, standing

THUMBNAIL_SIDE = 512
_SAME_WORDS = 0.8  # likeness of two lines that OCR read differently


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line read off a frame, and from when to when it stands there for sure, in seconds."""

    line: Element
    start: float
    end: float


@dataclass(slots=True)
class SceneLook:
    """What was read and measured on the key frames of a scene."""

    lines: list[SeenLine] = field(default_factory=list)
    colours: tuple[Colour, ...] = ()
    brightness: float | None = None
    dark: bool = False
    detail: float = 0.0
    picture: Image.Image | None = None


@dataclass(slots=True)
class Reader:
    """Looks at scenes, one after the other, until its seconds are used up; then it only measures."""

    path: Path
    ocr: str | None
    seconds: float
    warnings: list[str] = field(default_factory=list)
    _stop: float = 0.0

    def __post_init__(self) -> None:
        self._stop = time.monotonic() + self.seconds

    def look(self, scene: Scene) -> SceneLook:
        """Return what can be told of a scene."""
        look = SceneLook()
        for number, key in enumerate(sorted(scene.keys, key=lambda k: k != scene.keys[0])):
            late = time.monotonic() > self._stop
            if late:
                self._warn("There was not enough time to read the text of all scenes.")
            if late and number:
                break
            picture = self._picture(key)
            if picture is None:
                continue
            if not number:
                _measure(look, picture)
            for line in [] if late else self._lines(picture):
                _add(look.lines, SeenLine(line, *standing(scene, key, line.box)))
        look.lines.sort(key=lambda seen: seen.start)
        return look

    def _picture(self, key: Key) -> Image.Image | None:
        try:
            return picture_at(self.path, key.at)[1]
        except CorruptFileError:
            self._warn("Some frames are damaged and could not be looked at.")
            return None

    def _lines(self, picture: Image.Image) -> list[Element]:
        if self.ocr is None:
            return []
        try:
            return [line for line in load_ocr(self.ocr).read(picture) if _is_legible(line.text)]
        except (ModelError, ConfigurationError) as error:
            self._warn(f"Text in the video was not read: {error.message}")
            return []

    def _warn(self, words: str) -> None:
        if words not in self.warnings:
            self.warnings.append(words)


def _is_legible(text: str) -> bool:
    """A single letter on a moving picture is a pole or a window frame more often than a letter."""
    return sum(character.isalnum() for character in text) > 1


def _measure(look: SceneLook, picture: Image.Image) -> None:
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    grey = np.asarray(small.convert("L"), dtype=np.float32)
    look.colours = dominant_colours(picture)
    look.brightness = round(float(grey.mean()) / 255, 4)
    look.dark = is_dark(grey)
    look.detail = float(grey.std())
    look.picture = small


def _add(lines: list[SeenLine], seen: SeenLine) -> None:
    """Add a line, or lengthen the one that says the same already."""
    for place, known in enumerate(lines):
        if _alike(known.line.text, seen.line.text):
            best = max(known.line, seen.line, key=lambda line: line.confidence or 0.0)
            lines[place] = SeenLine(best, min(known.start, seen.start), max(known.end, seen.end))
            return
    lines.append(seen)


def _alike(a: str, b: str) -> bool:
    first, second = (re.sub(r"\W+", "", text.casefold()) for text in (a, b))
    if first == second:
        return True
    digits = [re.sub(r"\D", "", text) for text in (first, second)]
    return digits[0] == digits[1] and SequenceMatcher(None, first, second).ratio() >= _SAME_WORDS


def thumbnail(looks: Sequence[SceneLook]) -> str | None:
    """Return the most detailed of the first key frames as a JPEG, base64."""
    pictures = [look for look in looks[:_FIRST] if look.picture is not None]
    if not pictures:
        return None
    best = max(pictures, key=lambda look: (not look.dark, look.detail)).picture
    buffer = BytesIO()
    assert best is not None
    best.save(buffer, "JPEG", quality=82, optimize=True)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


_FIRST = 8
