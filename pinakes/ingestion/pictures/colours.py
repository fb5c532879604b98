"""Dominant colours under plain names."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from pinakes.core.files import Colour

SAMPLED_SIDE = 96
MIN_SHARE = 0.04
MAX_COLOURS = 6

_ANCHORS: dict[str, tuple[str, ...]] = {
    "black": ("#000000", "#141414"),
    "grey": ("#4d4d4d", "#6e6e6e", "#8f8f8f", "#b0b0b0"),
    "white": ("#ffffff", "#efefef"),
    "red": ("#d0021b", "#ff0000", "#a01018", "#7a0c14", "#e03a3a"),
    "orange": ("#ff7f00", "#ff9a2e", "#e0701a", "#ffa500"),
    "brown": ("#6b4423", "#8b5a2b", "#4e3018", "#7b4b32", "#a0714a", "#5c4033"),
    "beige": ("#f5f0dc", "#e8d9b5", "#d2b48c", "#ddcbb0", "#c9ad8a"),
    "yellow": ("#ffff00", "#ffd700", "#e6c200", "#fff176", "#d4b81c"),
    "green": (
        "#008000",
        "#2e7d32",
        "#6aa84f",
        "#00c040",
        "#7cb342",
        "#33501f",
        "#9acd32",
        "#556b2f",
        "#98d898",
    ),
    "turquoise": ("#40e0d0", "#00a0a0", "#20b2aa", "#00ced1", "#0f6f70"),
    "blue": (
        "#0000ff",
        "#1e5fc2",
        "#2f6fb0",
        "#87b8e8",
        "#5aa0e0",
        "#103a80",
        "#000080",
        "#4682b4",
        "#a8cdf0",
    ),
    "purple": ("#800080", "#6a3fa0", "#9b59b6", "#4b0082", "#b48ad8"),
    "pink": ("#ff69b4", "#ffc0cb", "#e75480", "#f4a6b8", "#ff1493"),
}
"""Typical values of each name; a pixel takes the name of the nearest one in Lab."""

Lab = npt.NDArray[np.float32]
NAMES = tuple(_ANCHORS)


def dominant_colours(pixels: Image.Image) -> tuple[Colour, ...]:
    """Return the colours of an RGB picture, background included, by share; shares are of the whole picture."""
    small = pixels.copy()
    small.thumbnail((SAMPLED_SIDE, SAMPLED_SIDE), Image.Resampling.BOX)
    rgb = np.asarray(small, dtype=np.float32).reshape(-1, 3)
    names = _names(_lab(rgb))
    found = []
    for index, name in enumerate(_ANCHORS):
        members = rgb[names == index]
        if len(members) >= MIN_SHARE * len(rgb):
            centre = np.median(members, axis=0).round().astype(int)
            found.append(
                Colour(name=name, hex="#{:02x}{:02x}{:02x}".format(*centre), share=_share(members, rgb))
            )
    return tuple(sorted(found, key=lambda colour: -colour.share)[:MAX_COLOURS])


def names_of(rgb: Lab) -> list[str]:
    """Return the plain names of colours, given as rows of red, green and blue, 0 to 255."""
    names = list(_ANCHORS)
    return [names[index] for index in _names(_lab(rgb))] if len(rgb) else []


def lab_of(rgb: Lab) -> Lab:
    """Return colours, given as rows of red, green and blue, 0 to 255, in CIE Lab."""
    return _lab(rgb)


def _share(members: Lab, everything: Lab) -> float:
    return round(len(members) / len(everything), 3)


def _names(lab: Lab) -> npt.NDArray[np.intp]:
    """Name pixels: those with little chroma by lightness alone, all others by the nearest anchor that has chroma."""
    anchors, owners = _anchors()
    distances = np.linalg.norm(lab[:, None] - anchors[None], axis=2)
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    neutral = chroma < _neutral_below(lab[:, 0])
    grey_anchor = owners < 3  # black, grey, white come first
    distances[:, grey_anchor] = np.where(neutral[:, None], distances[:, grey_anchor], np.inf)
    distances[:, ~grey_anchor] = np.where(neutral[:, None], np.inf, distances[:, ~grey_anchor])
    names: npt.NDArray[np.intp] = owners[np.argmin(distances, axis=1)]
    return names


def _neutral_below(lightness: Lab) -> Lab:
    """The chroma that the eye still takes for grey: more of it in deep shadow, less in bright tones."""
    return np.interp(lightness, (0, 10, 25, 60, 100), (40, 20, 10, 9, 6)).astype(np.float32)


def _anchors() -> tuple[Lab, npt.NDArray[np.intp]]:
    hexes = [(index, value) for index, values in enumerate(_ANCHORS.values()) for value in values]
    rgb = np.array([[int(value[i : i + 2], 16) for i in (1, 3, 5)] for _, value in hexes], dtype=np.float32)
    return _lab(rgb), np.array([index for index, _ in hexes], dtype=np.intp)


_TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], dtype=np.float32
)
_WHITE = np.array([0.9505, 1.0, 1.089], dtype=np.float32)


def _lab(rgb: Lab) -> Lab:
    """Convert sRGB (0 to 255) to CIE Lab under D65."""
    unit = rgb / 255
    linear = np.where(unit <= 0.04045, unit / 12.92, ((unit + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _TO_XYZ.T / _WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    lab = np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)
    return lab.astype(np.float32)
