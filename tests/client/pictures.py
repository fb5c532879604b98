"""Pictures of plain colours."""

from __future__ import annotations

from io import BytesIO

from PIL import Image


def picture(*bands: tuple[str, int], size: tuple[int, int] = (1200, 900)) -> bytes:
    """Return a PNG of bands of colour from left to right, each with its share of the width in per cent."""
    image = Image.new("RGB", size, bands[-1][0])
    left = 0
    for colour, share in bands:
        right = left + size[0] * share // 100
        image.paste(colour, (left, 0, right, size[1]))
        left = right
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
