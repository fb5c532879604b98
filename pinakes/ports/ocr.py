"""Reading text off pixels. Synchronous: readers call it in their own processes."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PIL.Image import Image

from pinakes.core.files import Element


@runtime_checkable
class OCR(Protocol):
    """Finds lines of text in a picture."""

    @property
    def name(self) -> str: ...

    def read(self, picture: Image) -> list[Element]:
        """Return lines in reading order as `OcrText` elements with normalised boxes and confidence 0 to 1."""
        ...
