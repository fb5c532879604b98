"""Opening pictures within bounds: upright, in RGB, and never larger than they need to be.

Limits: 500 megapixels at most; where a format cannot be decoded at a smaller size (all but baseline JPEG), its
decoded frame may take 1 GiB at most, which is 268 megapixels in colour.
"""

from __future__ import annotations

import struct
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageFile, UnidentifiedImageError

from pinakes.core.errors import CorruptFileError, FileTooLargeError
from pinakes.ingestion.pictures.pixels import flattened, reduced

MAX_PIXELS = 500_000_000
MAX_DECODED_BYTES = 1 << 30
WORKING_SIDE = 2000
"""Longer side, in pixels, of the copy that all measuring and text reading work on."""
MAX_STRIP = 16
"""Strips (screenshots of long pages, panoramas) keep their shorter side up to this many times the working side."""
MIN_SHARE = 0.8
"""Share of a cut-off picture's rows that must be there for it to be read at all."""

_DAMAGE = (
    OSError,
    SyntaxError,
    EOFError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    struct.error,
    RuntimeError,
)
_GLOBALS = threading.RLock()
"""Pillow's limits and Python's warning filters belong to the process: one thread changes them at a time."""

_ORIENTATION, _SUBFILE = 0x0112, 0x00FE
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as displayed: its full size in pixels, and a reduced RGB copy of it.

    Attributes:
        missing: Share of the rows that a cut-off file lacks, 0 to 1; None when the file is whole.
    """

    width: int
    height: int
    pixels: Image.Image
    missing: float | None = None


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """Open a picture without decoding it. Raises CorruptFileError, FileTooLargeError."""
    _register_heif()
    with _GLOBALS, warnings.catch_warnings():  # damaged metadata is no news: what can be read of it is
        warnings.simplefilter("ignore")
        yield from _opened(path)


def _opened(path: Path) -> Iterator[Image.Image]:
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None  # ours follow from memory; checked below
    try:
        with _damage_reported():
            picture = Image.open(path)
        with picture:
            _check_size(picture)
            yield picture
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def frame(path: Path, number: int = 0) -> Frame:
    """Decode one frame (from 0). Raises CorruptFileError, FileTooLargeError."""
    try:
        return _decode(path, number)
    except CorruptFileError as error:
        return _decode_what_is_there(path, number, error)


def frame_count(picture: Image.Image) -> int:
    """Return how many frames or pages an opened picture has."""
    try:
        return int(getattr(picture, "n_frames", 1))
    except _DAMAGE:
        return 1


def page_numbers(picture: Image.Image) -> tuple[int, ...]:
    """Return the positions of the frames that are pages: all of a TIFF but its previews, else the first one."""
    if picture.format != "TIFF" or frame_count(picture) == 1:
        return (0,)
    pages = []
    for number in range(frame_count(picture)):
        try:
            picture.seek(number)
            if not int(getattr(picture, "tag_v2", {}).get(_SUBFILE, 0)) & 1:
                pages.append(number)
        except _DAMAGE:
            break
    picture.seek(0)
    return tuple(pages) or (0,)


def _decode(path: Path, number: int, *, cut_off: bool = False) -> Frame:
    if not cut_off:
        _verify(path)
    with opened(path) as picture, _damage_reported():
        if number:
            picture.seek(number)
            _check_size(picture)
        orientation = _orientation(picture)
        width, height = picture.size
        side = _side(width, height)
        picture.draft(picture.mode, _fitted(picture.size, side))
        picture.load()
        pixels = flattened(reduced(picture, side))
        pixels.thumbnail((side, side), Image.Resampling.LANCZOS)
    missing = _missing_share(pixels) if cut_off else None
    if orientation in _UPRIGHT:
        pixels = pixels.transpose(_UPRIGHT[orientation])
    if orientation >= 5:
        width, height = height, width
    return Frame(width, height, pixels, missing)


def _verify(path: Path) -> None:
    """Check a PNG's checksums: its decoder passes over damaged chunks in silence."""
    with opened(path) as picture, _damage_reported():
        if picture.format == "PNG":
            picture.verify()


def _decode_what_is_there(path: Path, number: int, error: CorruptFileError) -> Frame:
    with opened(path) as picture:
        if picture.format not in _FROM_THE_TOP:
            raise error
    with _GLOBALS:
        tolerant, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, True
        try:
            found = _decode(path, number, cut_off=True)
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = tolerant
    if found.missing is None or found.missing > 1 - MIN_SHARE:
        raise CorruptFileError(
            f"The picture is cut off: about {found.missing or 1:.0%} of it is missing; get a fresh copy of it.",
            missing=found.missing,
        ) from error
    return found


_FROM_THE_TOP = ("JPEG", "MPO", "PNG")  # their decoders keep the rows before the damage


def _missing_share(pixels: Image.Image) -> float:
    """Decoders fill rows that are not there with one value: count the uniform rows at the end."""
    rows = np.asarray(pixels).astype(np.int16)
    uniform = np.abs(rows - rows[-1:, :1]).max(axis=(1, 2)) <= 2
    filled = len(uniform) if uniform.all() else int(np.argmin(uniform[::-1]))
    return round(filled / len(uniform), 2)


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    scaled = picture.format in ("JPEG", "MPO") and not picture.info.get("progressive")
    decoded = width * height * _BYTES.get(picture.mode, 4)
    if width * height <= MAX_PIXELS and (scaled or decoded <= MAX_DECODED_BYTES):
        return
    raise FileTooLargeError(
        f"The picture has {width} × {height} pixels, more than can be read in bounded memory: "
        f"scale it down to at most {MAX_DECODED_BYTES // 4 // 1_000_000} megapixels and add that.",
        width=width,
        height=height,
    )


_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2}


def _side(width: int, height: int) -> int:
    """Return the longer side to work at: strips keep enough of it for their text to stay legible."""
    aspect = max(width, height) / max(1, min(width, height))
    return int(WORKING_SIDE * min(max(1.0, aspect / 2), MAX_STRIP))


def _fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    scale = min(1.0, side / max(size))
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def _orientation(picture: Image.Image) -> int:
    try:
        value: Any = picture.getexif().get(_ORIENTATION, 1)
        return int(value) if 1 <= int(value) <= 8 else 1
    except _DAMAGE:
        return 1


@contextmanager
def _damage_reported() -> Iterator[None]:
    try:
        yield
    except UnidentifiedImageError as error:
        raise CorruptFileError(
            "The picture is damaged: its data cannot be read; get a fresh copy of it."
        ) from error
    except (*_DAMAGE, Image.DecompressionBombError) as error:
        raise CorruptFileError(
            f"The picture is damaged ({str(error)[:120] or type(error).__name__}); get a fresh copy of it."
        ) from error


def _register_heif() -> None:
    """Teach Pillow HEIC where pillow-heif is installed; registering twice is harmless."""
    if "HEIF" in Image.OPEN:
        return
    try:
        import pillow_heif
    except ImportError:
        return
    pillow_heif.register_heif_opener()
