"""Pictures of the library and charts as figures of a report, bounded in size."""

from __future__ import annotations

import asyncio
import logging
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinakes.agents.picture_words import text_of
from pinakes.agents.reporting.document import Figure, Sentence
from pinakes.agents.reporting.sections import Desk, evidence_of_file
from pinakes.agents.writing.marks import plain
from pinakes.core.errors import PinakesError
from pinakes.core.files import FileRecord
from pinakes.library.library import Library

if TYPE_CHECKING:
    from PIL import Image

_LONGEST_SIDE = 1400
_QUALITY = 85
_CHART_SCALE = 2.0
_LONGEST_TEXT = 60
_CAMERA_NAME = re.compile(
    r"^(?:IMG|DSC[NF]?|P|PXL|DJI|MVI|WhatsApp Image|Screenshot)?[-_ ]?[\d_ -]+\w?$", re.I
)
_log = logging.getLogger(__name__)


async def picture_figure(library: Library, file: FileRecord, desk: Desk) -> Figure | None:
    """Return a picture of the library with its caption; None where it cannot be read any more."""
    try:
        path = await library.blobs.local_path(file.sha256)
        content, size = await asyncio.to_thread(_shrunk, path)
    except PinakesError as error:
        _log.warning("a picture is left out of a report: %s", error.code)
        return None
    caption = desk.ledger.sentence(_caption(file, desk), [evidence_of_file(file)])
    return Figure(caption, content, "image/jpeg", *size)


def _shrunk(path: Path) -> tuple[bytes, tuple[int, int]]:
    from pinakes.ingestion.pictures.decode import frame

    pixels = frame(path).pixels
    pixels.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return _jpeg(pixels), pixels.size


def _jpeg(pixels: Image.Image) -> bytes:
    out = BytesIO()
    pixels.convert("RGB").save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def _caption(file: FileRecord, desk: Desk) -> str:
    """Return what is known of a picture: its own caption or name, when it was taken, the text in it."""
    facts, words = file.facts, desk.words
    parts = [name_of(file)]
    if facts and facts.taken_at:
        parts.append(words.say("taken", f"{facts.taken_at:%Y-%m-%d}"))
    text = plain(text_of(facts)) if facts else ""
    if facts and not facts.caption and 0 < len(text) <= _LONGEST_TEXT:
        parts.append(words.say("reads", text))
    return ("；" if words.language == "zh" else "; ").join(parts)


def name_of(file: FileRecord) -> str:
    """Return a picture's caption, else its name in words; names that a camera gave stay as they are."""
    if file.facts and file.facts.caption:
        return plain(file.facts.caption).rstrip(". ")
    stem = re.sub(r"\.\w{2,5}$", "", file.filename)
    if _CAMERA_NAME.match(stem):
        return plain(file.filename)
    words = plain(re.sub(r"_+|(?<![A-Z])-+|-+(?!\d)", " ", stem)).strip()  # "P-104" is a name
    return words[:1].upper() + words[1:]


async def chart_figure(chart: dict[str, Any], caption: Sentence) -> Figure | None:
    """Return a Vega-Lite chart as a figure; None where it cannot be drawn, for the table stands beside it."""
    try:
        content = await asyncio.to_thread(_drawn, chart)
    except ImportError:
        _log.info("charts in reports need vl-convert-python: pip install 'pinakes[reports]'")
        return None
    except ValueError as error:
        _log.warning("a chart could not be drawn: %s", error)
        return None
    width, height = _png_size(content)
    return Figure(caption, content, "image/png", width, height)


def _drawn(chart: dict[str, Any]) -> bytes:
    import vl_convert

    # A chart shows the data in it; it may fetch nothing.
    return bytes(vl_convert.vegalite_to_png(chart, scale=_CHART_SCALE, allowed_base_urls=[]))


def _png_size(content: bytes) -> tuple[int, int]:
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
