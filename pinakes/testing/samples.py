"""Small made-up records for suites and tests."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from pinakes.core.files import (
    Chunk,
    Colour,
    Element,
    FileRecord,
    GeoPoint,
    ImageFacts,
    Locator,
    MediaType,
    PageInfo,
    Reading,
    Span,
)
from pinakes.core.ids import derived_id

START = datetime(2025, 1, 1, 12, tzinfo=UTC)


def file(name: str, *, minute: int = 0, **fields: Any) -> FileRecord:
    """Return a pending file whose id and hash belong to its name, added so many minutes after START."""
    moment = START + timedelta(minutes=minute)
    defaults: dict[str, Any] = {
        "id": derived_id("file", name),
        "filename": name,
        "media_type": MediaType.DOCUMENT,
        "content_type": "application/octet-stream",
        "size_bytes": len(name),
        "sha256": hashlib.sha256(name.encode()).hexdigest(),
        "created_at": moment,
        "updated_at": moment,
    }
    return FileRecord(**defaults | fields)


def chunk(file_id: str, ordinal: int, text: str, **fields: Any) -> Chunk:
    """Return a chunk with one span over its whole text."""
    span = Span(start=0, end=len(text), locator=Locator(page=1, box=(0.1, 0.1, 0.9, 0.2)))
    defaults: dict[str, Any] = {
        "id": derived_id(file_id, str(ordinal)),
        "file_id": file_id,
        "ordinal": ordinal,
        "text": text,
        "page_start": 1,
        "page_end": 1,
        "spans": (span,),
    }
    return Chunk(**defaults | fields)


def reading(file_id: str, *texts: str, pages: int = 1, **fields: Any) -> Reading:
    """Return a reading with one chunk and one element per text, on so many pages."""
    numbers = range(1, pages + 1)
    defaults: dict[str, Any] = {
        "elements": tuple(
            Element(type="NarrativeText", text=text, page=1 + n % pages if pages else None)
            for n, text in enumerate(texts)
        ),
        "pages": tuple(PageInfo(number=number, width=595, height=842) for number in numbers),
        "chunks": tuple(chunk(file_id, n, text) for n, text in enumerate(texts)),
        "language": "en",
    }
    return Reading(**defaults | fields)


def facts(**fields: Any) -> ImageFacts:
    """Return what is known of a landscape photo of a red door, taken with a camera in May 2025."""
    defaults: dict[str, Any] = {
        "width": 4000,
        "height": 3000,
        "format": "JPEG",
        "taken_at": datetime(2025, 5, 4, 10, 30),
        "camera_make": "Fujifilm",
        "camera_model": "X-T5",
        "gps": GeoPoint(latitude=60.39, longitude=5.32, altitude=12.0),
        "colours": (
            Colour(name="red", hex="#b02020", share=0.6),
            Colour(name="grey", hex="#888888", share=0.3),
        ),
        "sharpness": 300.5,
        "phash": "f0e1d2c3b4a59687",
        "visible_text": "NO ENTRY",
    }
    return ImageFacts(**defaults | fields)


def picture(file_id: str, *texts: str, **fields: Any) -> Reading:
    """Return the reading of a picture with these facts."""
    return reading(file_id, *texts, pages=0, facts=facts(**fields), language=None)
