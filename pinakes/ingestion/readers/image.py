"""Pictures: what they carry, what can be measured on them, and the text on them."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image

from pinakes.core.errors import ConfigurationError, ModelError
from pinakes.core.files import Chunk, Element, ImageFacts, PageInfo, Reading
from pinakes.core.ids import derived_id
from pinakes.ingestion.ocr import load_ocr
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.pictures import decode
from pinakes.ingestion.pictures.colours import dominant_colours
from pinakes.ingestion.pictures.exif import ExifFacts, exif_facts
from pinakes.ingestion.pictures.inscriptions import Inscriptions, inscriptions
from pinakes.ingestion.pictures.lettering import ocr_chunks, text_of
from pinakes.ingestion.pictures.measures import measure
from pinakes.ingestion.pictures.sentences import describe

THUMBNAIL_SIDE = 512
MAX_VISIBLE_TEXT = 20_000
_NOTICEABLE = 0.005


@dataclass(frozen=True, slots=True)
class _Carried:
    """What the file says without its pixels."""

    format: str
    frames: int
    pages: tuple[int, ...]  # positions of the frames that are pages
    exif: ExifFacts
    words: Inscriptions


def read(path: Path, file_id: str, options: ReadOptions) -> Reading:
    """Read one picture.

    Raises CorruptFileError, FileTooLargeError.
    """
    carried = _carried(path)
    warnings: list[str] = []
    first = decode.frame(path, carried.pages[0])
    if first.missing is not None:
        warnings.append(_damage(first.missing))
    pages, lines = _pages(path, carried, first, options, warnings)
    facts = _facts(carried, first, text_of(lines))
    taken = facts.taken_at
    return Reading(
        title=carried.words.title,
        elements=tuple(lines),
        pages=pages,
        chunks=_chunks(file_id, options, path.name, facts, carried.words.title, lines),
        facts=facts,
        # the day on the photographer's clock is what people ask for, wherever it was taken
        content_created_at=taken.replace(tzinfo=UTC) if taken else None,
        thumbnail=_thumbnail(first.pixels),
        warnings=tuple(warnings),
    )


def _damage(missing: float) -> str:
    if missing < _NOTICEABLE:
        return "The file is damaged: its checks fail, so parts of the picture may look wrong."
    return f"The file is damaged: about {missing:.0%} of the picture is missing."


def _carried(path: Path) -> _Carried:
    with decode.opened(path) as picture:
        frames = decode.frame_count(picture)
        kind = _FORMATS.get(picture.format or "", picture.format or "unknown")
        pages = decode.page_numbers(picture)
        return _Carried(
            format=kind,
            frames=len(pages) if len(pages) > 1 else frames if kind in _ANIMATED else 1,
            pages=pages,
            exif=exif_facts(picture),
            words=inscriptions(picture),
        )


_FORMATS = {"MPO": "JPEG", "HEIF": "HEIC"}
_ANIMATED = ("GIF", "WEBP", "PNG", "AVIF")


def _pages(
    path: Path, carried: _Carried, first: decode.Frame, options: ReadOptions, warnings: list[str]
) -> tuple[tuple[PageInfo, ...], list[Element]]:
    """Return the pages of a multi-page file (none for a single picture) and the lines on them."""
    if len(carried.pages) == 1:
        return (), _lines(first.pixels, None, options, warnings)
    wanted = carried.pages[: min(options.max_pages, options.max_ocr_pages or 1)]
    if len(wanted) < len(carried.pages):
        warnings.append(f"Only the first {len(wanted)} of {len(carried.pages)} pages were read.")
    pages: list[PageInfo] = []
    lines: list[Element] = []
    for number, position in enumerate(wanted, start=1):
        frame = first if number == 1 else decode.frame(path, position)
        pages.append(PageInfo(number=number, width=frame.width, height=frame.height, ocr=True))
        lines += _lines(frame.pixels, number, options, warnings)
    return tuple(pages), lines


def _lines(pixels: Image.Image, page: int | None, options: ReadOptions, warnings: list[str]) -> list[Element]:
    if options.ocr is None:
        return []
    try:
        found = load_ocr(options.ocr).read(pixels)
    except (ModelError, ConfigurationError) as error:
        told = f"Text on the picture was not read: {error.message}"
        if told not in warnings:
            warnings.append(told)
        return []
    return [line.model_copy(update={"page": page}) for line in found] if page else found


def _facts(carried: _Carried, first: decode.Frame, text: str) -> ImageFacts:
    measures = measure(first.pixels)
    exif, words = carried.exif, carried.words
    return ImageFacts(
        width=first.width,
        height=first.height,
        format=carried.format,
        frames=carried.frames,
        taken_at=_first_date(exif.taken_at, words.dated),
        camera_make=exif.make,
        camera_model=exif.model,
        lens=exif.lens,
        exposure=exif.exposure,
        gps=exif.gps,
        colours=dominant_colours(first.pixels),
        sharpness=measures.sharpness,
        brightness=measures.brightness,
        blurred=measures.blurred,
        dark=measures.dark,
        phash=measures.phash,
        caption=words.caption,
        keywords=words.keywords,
        author=words.author,
        visible_text=text[:MAX_VISIBLE_TEXT],
        orientation=exif.orientation,
    )


def _first_date(*dates: datetime | None) -> datetime | None:
    return next((date for date in dates if date is not None), None)


def _chunks(
    file_id: str,
    options: ReadOptions,
    name: str,
    facts: ImageFacts,
    title: str | None,
    lines: Sequence[Element],
) -> tuple[Chunk, ...]:
    described = Chunk(
        id=derived_id(file_id, "0"),
        file_id=file_id,
        ordinal=0,
        text=describe(options.filename or name, facts, title, options.category),
        kind="facts",
    )
    return (described, *ocr_chunks(file_id, lines, first=1))


def _thumbnail(pixels: Image.Image) -> str:
    small = pixels.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    small.save(buffer, "JPEG", quality=82, optimize=True)
    return base64.b64encode(buffer.getvalue()).decode("ascii")
