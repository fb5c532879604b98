"""Smaller copies of pictures, and finer palettes of them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from pinakes.core.colors import PaletteColour
from pinakes.ingestion.pictures import decode
from pinakes.ingestion.pictures.colours import Lab, lab_of, names_of

Owners = npt.NDArray[np.intp]

_SAMPLED_SIDE = 160
_ROUNDS = 24
_APART = 7.0
"""Colours nearer than this in Lab are one: the eye hardly tells them apart side by side."""
_LEAST = 0.01
"""Least share of a colour: along edges a thin line of blends has less."""


def variant(path: Path, side: int) -> bytes:
    """Return a picture as displayed as JPEG, its longer side at most so many pixels.

    Raises CorruptFileError, FileTooLargeError.
    """
    return shrunk(decode.frame(path).pixels, side)


def smaller(content: bytes, side: int) -> bytes:
    """Return a JPEG, made smaller where it is larger."""
    with Image.open(BytesIO(content)) as picture:
        return shrunk(picture.convert("RGB"), side)


def shrunk(pixels: Image.Image, side: int) -> bytes:
    """Return pixels as JPEG, made smaller where they are larger."""
    small = pixels.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    small.convert("RGB").save(buffer, "JPEG", quality=85, optimize=True)
    return buffer.getvalue()


def palette(path: Path, most: int) -> tuple[PaletteColour, ...]:
    """Return at most so many colours of a picture by share, found by k-means in Lab; fewer where it has fewer.

    Raises CorruptFileError, FileTooLargeError.
    """
    small = decode.frame(path).pixels.copy()
    small.thumbnail((_SAMPLED_SIDE, _SAMPLED_SIDE), Image.Resampling.BOX)
    rgb = np.asarray(small.convert("RGB"), dtype=np.float32).reshape(-1, 3)
    lab = lab_of(rgb)
    owners = _merged(lab, _clustered(lab, most))
    found = []
    for owner in np.unique(owners):
        members = rgb[owners == owner]
        share = len(members) / len(rgb)
        if share >= _LEAST:
            centre = np.median(members, axis=0).round().astype(int)
            found.append(("#{:02x}{:02x}{:02x}".format(*centre), centre, share))
    names = names_of(np.array([centre for _, centre, _ in found], dtype=np.float32))
    colours = [
        PaletteColour(name=name, hex=code, share=round(share, 4))
        for name, (code, _, share) in zip(names, found, strict=True)
    ]
    return tuple(sorted(colours, key=lambda colour: (-colour.share, colour.hex)))


def _clustered(lab: Lab, most: int) -> Owners:
    """Return the cluster of each pixel; starts are spread out: each is the pixel farthest from those before."""
    centres = [lab.mean(axis=0)]
    distances = ((lab - centres[0]) ** 2).sum(axis=1)
    while len(centres) < most and distances.max() > 0:
        centres.append(lab[int(distances.argmax())])
        distances = np.minimum(distances, ((lab - centres[-1]) ** 2).sum(axis=1))
    middle = np.array(centres)
    owners = np.zeros(len(lab), dtype=np.intp)
    for _ in range(_ROUNDS):
        before, owners = owners, ((lab[:, None] - middle[None]) ** 2).sum(axis=2).argmin(axis=1)
        if np.array_equal(before, owners):
            break
        for owner in np.unique(owners):
            middle[owner] = lab[owners == owner].mean(axis=0)
    return owners


def _merged(lab: Lab, owners: Owners) -> Owners:
    """Join clusters whose middles the eye hardly tells apart, nearest ones first."""
    while len(found := np.unique(owners)) > 1:
        middle = np.array([lab[owners == owner].mean(axis=0) for owner in found])
        distances = np.linalg.norm(middle[:, None] - middle[None], axis=2)
        np.fill_diagonal(distances, np.inf)
        one, other = np.unravel_index(int(distances.argmin()), distances.shape)
        if distances[one, other] >= _APART:
            break
        owners = np.where(owners == found[other], found[one], owners)
    return owners
