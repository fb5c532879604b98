"""Sharpness, blur, brightness and likeness, from the pixels alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

MEASURED_SIDE = 512

Grey = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Measures:
    """What the grey picture says; see `ImageFacts` for the units."""

    sharpness: float
    brightness: float
    blurred: bool
    dark: bool
    phash: str


def measure(pixels: Image.Image) -> Measures:
    """Measure an RGB picture."""
    grey = pixels.convert("L")
    phash = difference_hash(grey)
    grey.thumbnail((MEASURED_SIDE, MEASURED_SIDE), Image.Resampling.LANCZOS)
    values: Grey = np.asarray(grey, dtype=np.float32)
    width = edge_width(values)
    return Measures(
        sharpness=round(float(_laplacian(values).var()), 1),
        brightness=round(float(values.mean()) / 255, 4),
        blurred=width is not None and width > BLUR_WIDTH,
        dark=is_dark(values),
        phash=phash,
    )


BLUR_WIDTH = 1.0
"""Edge spread, in pixels of the measured copy, from which on even the sharpest edges look soft."""
_FINE, _COARSE = (
    0.7,
    1.5,
)  # the two known blurs that edges are compared under, as standard deviations in pixels
_MIN_GRADIENT = 4.0  # grey levels a pixel: weaker ones are noise, sky and compression
_MIN_EDGE_PIXELS = 200


def edge_width(grey: Grey) -> float | None:
    """Return the spread (standard deviation, pixels) of the sharpest tenth of the strong edges.

    An edge of spread s keeps a known share of its gradient under a known blur, so two blurs give s (after Zhuo and
    Sim, "Defocus map estimation from a single image", 2011). Unlike the variance of the Laplacian it does not depend
    on how much texture or contrast a picture has; None where there are too few edges to tell.
    """
    if min(grey.shape) < 16:
        return None
    fine, coarse = _gradient(_blurred(grey, _FINE)), _gradient(_blurred(grey, _COARSE))
    strong = fine > max(_MIN_GRADIENT, 0.4 * float(np.percentile(fine, 99.8)))
    if int(strong.sum()) < _MIN_EDGE_PIXELS:
        return None
    ratio = np.maximum(fine[strong] / np.maximum(coarse[strong], 1e-3), 1.0001) ** 2
    spread = (_COARSE**2 - ratio * _FINE**2) / (ratio - 1)
    return float(np.sqrt(max(0.0, float(np.percentile(spread, 10)))))


def is_dark(grey: Grey) -> bool:
    """Whether next to nothing in the picture is bright: night and unlit rooms, not a dark wall behind a lit face."""
    return float(grey.mean()) < 0.16 * 255 and float(np.percentile(grey, 90)) < 0.4 * 255


def difference_hash(grey: Image.Image) -> str:
    """Return 64 bits in hex that say whether each of 8 × 8 cells is darker than its right neighbour."""
    small = np.asarray(grey.resize((9, 8), Image.Resampling.BOX), dtype=np.int16)
    bits = (small[:, 1:] > small[:, :-1]).flatten()
    return np.packbits(bits).tobytes().hex()


def _laplacian(grey: Grey) -> Grey:
    if min(grey.shape) < 3:
        return np.zeros((1, 1), dtype=np.float32)
    centre = grey[1:-1, 1:-1]
    return grey[1:-1, 2:] + grey[1:-1, :-2] + grey[2:, 1:-1] + grey[:-2, 1:-1] - 4 * centre


def _gradient(grey: Grey) -> Grey:
    across, down = np.zeros_like(grey), np.zeros_like(grey)
    across[:, 1:-1] = (grey[:, 2:] - grey[:, :-2]) / 2
    down[1:-1] = (grey[2:] - grey[:-2]) / 2
    result: Grey = np.hypot(across, down)
    return result


def _blurred(grey: Grey, spread: float) -> Grey:
    reach = int(3 * spread + 1)
    kernel = np.exp(-(np.arange(-reach, reach + 1, dtype=np.float32) ** 2) / (2 * spread**2))
    kernel /= kernel.sum()
    for axis in (0, 1):
        size = grey.shape[axis]
        padded = np.pad(grey, [(reach, reach) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        slices = [padded[i : i + size] if axis == 0 else padded[:, i : i + size] for i in range(len(kernel))]
        grey = np.sum(
            [weight * part for weight, part in zip(kernel, slices, strict=True)], axis=0, dtype=np.float32
        )
    return grey
