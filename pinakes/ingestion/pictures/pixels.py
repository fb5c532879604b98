"""Bringing pixels of every mode into 8-bit sRGB, without copies that memory would not hold."""

from __future__ import annotations

from io import BytesIO
from typing import cast

import numpy as np
from PIL import Image, ImageCms


def flattened(picture: Image.Image, extremes: tuple[float, float] | None = None) -> Image.Image:
    """Return any picture in 8-bit sRGB, transparency on white.

    Args:
        extremes: Values that become black and white where there are more than 8 bits; by default the picture's own.
    """
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = _eight_bit(picture, extremes or _extremes(picture))
    if picture.mode in ("LA", "PA", "La", "RGBa", "RGBA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return _in_srgb(picture)


def reduced(picture: Image.Image, side: int) -> Image.Image:
    """Shrink by a whole factor before any other copy is made."""
    factor = max(picture.size) // side
    if factor < 2:
        return picture
    if picture.mode in _REDUCIBLE and "transparency" not in picture.info:
        small = picture.reduce(factor)
        small.info = dict(picture.info)
        return small
    return _reduced_by_bands(picture, factor)


_REDUCIBLE = ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB")
_BAND_PIXELS = 8_000_000


def _reduced_by_bands(picture: Image.Image, factor: int) -> Image.Image:
    """Convert and shrink a few rows at a time: palettes and bits would take four or more times their size."""
    width, height = picture.size
    rows = factor * max(1, _BAND_PIXELS // (width * factor))
    small = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    extremes = _extremes(picture)
    for top in range(0, height, rows):
        band = picture.crop((0, top, width, min(height, top + rows)))
        small.paste(flattened(band, extremes).reduce(factor), (0, top // factor))
    return small


def _extremes(picture: Image.Image) -> tuple[float, float]:
    """Return the range of values that an integer or floating-point picture uses, widened to a usual one."""
    if picture.mode not in ("I", "F"):
        return 0.0, 65535.0
    low, high = cast(tuple[float, float], picture.getextrema())
    if not (np.isfinite(low) and np.isfinite(high)):
        return 0.0, 1.0
    if low < 0:
        return low, high
    return 0.0, next((top for top in (1.0, 255.0, 65535.0) if high <= top), high)


def _eight_bit(picture: Image.Image, extremes: tuple[float, float]) -> Image.Image:
    """Bring 16-bit, 32-bit and floating-point grey into 0 to 255."""
    values = np.asarray(picture)
    if picture.mode.startswith("I;16"):
        return Image.fromarray((values >> 8).astype(np.uint8))
    low, high = extremes
    finite = np.nan_to_num(values.astype(np.float32), nan=low, posinf=high, neginf=low)
    scaled = (finite - low) * (255.0 / ((high - low) or 1.0))
    return Image.fromarray(np.clip(scaled, 0, 255).astype(np.uint8))


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK", "LAB"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(
                picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None  # a wrong or broken profile says nothing about the pixels
        if converted is not None:
            return converted
    return picture if picture.mode == "RGB" else picture.convert("RGB")
