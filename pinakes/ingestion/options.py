"""What a reader may be told."""

from __future__ import annotations

from pydantic import Field

from pinakes.core.errors import ReaderCrashedError
from pinakes.core.value import Value


class ReadOptions(Value):
    """Limits and means of reading one file; JSON-able, so that it crosses process borders.

    Attributes:
        filename: The file's name for people, where its path is a blob's; empty takes the path's name.
        category: What whoever added the file says that it is.
        url: The address a page was saved from, where whoever added it said so.
        ocr: Import string of an OCR ("package.module:Class"); None reads no pixels.
        deadline_s: Seconds one file may take; whoever runs the reader enforces it.
        memory_mb: Resident memory a reader may take; whoever runs the reader enforces it.
        max_pages: Pages read of one file; the rest is left out with a warning.
        max_ocr_pages: Pages of one file whose pixels are read; the rest is left out with a warning.
        ocr_dpi: Resolution that pages are rendered at for OCR.
        max_pixels: Pixels of one rendered page; larger pages are rendered smaller.
        max_characters: Characters kept of one file; the rest is left out with a warning.
    """

    filename: str = ""
    url: str = ""
    category: str = ""
    ocr: str | None = None
    deadline_s: float = Field(default=600.0, gt=0)
    memory_mb: int = Field(default=2_048, ge=128)
    max_pages: int = Field(default=5_000, ge=1)
    max_ocr_pages: int = Field(default=300, ge=0)
    ocr_dpi: int = Field(default=200, ge=36)
    max_pixels: int = Field(default=9_000_000, ge=10_000)
    max_characters: int = Field(default=50_000_000, ge=1_000)


def too_much_memory(memory_mb: int) -> ReaderCrashedError:
    """Return the error of a file whose reader is over its bound, whether it or the pool has found out."""
    return ReaderCrashedError(
        f"Reading the file took more than {memory_mb} MB of memory: split it or add it in a smaller version.",
        memory_mb=memory_mb,
    )
