"""Frames looked at in passing: small, with what is needed to tell one scene from the next."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pinakes.core.errors import CorruptFileError
from pinakes.ingestion.videos.container import frames, opened, pictures_of

STEP_S = 0.25
"""Seconds between frames looked at where every frame is decoded."""

_WHOLE_UP_TO_S = 300.0
"""Longer videos are looked at on their key frames alone: encoders set one at every cut."""

_MOST = 6_000
_WIDE, _HIGH = 64, 36
Grey = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sample:
    """One frame: its second, its brightness in 36 × 64 cells (0 to 1; upright) and how its colours are spread.

    `colours` has, for red, green and blue, the share of cells no brighter than each of 16 steps.
    """

    at: float
    grey: Grey
    colours: Grey


@dataclass(slots=True)
class Looked:
    """The samples of a video in order; `dense` tells that every frame was decoded, `until` where looking ended."""

    samples: list[Sample]
    dense: bool
    until: float | None = None
    damaged: bool = False


def look(path: Path, duration_s: float, seconds: float) -> Looked:
    """Look through a video for at most so many seconds of work.

    Raises CorruptFileError when no frame can be decoded.
    """
    dense = duration_s <= _WHOLE_UP_TO_S
    looked = Looked([], dense)
    step = STEP_S if dense else max(STEP_S, duration_s / _MOST)
    stop = time.monotonic() + seconds
    try:
        for sample in _samples(path, step, dense):
            looked.samples.append(sample)
            if time.monotonic() > stop:
                looked.until = sample.at
                break
    except CorruptFileError:
        if not looked.samples:
            raise
        looked.until, looked.damaged = looked.samples[-1].at, True
    if not looked.samples:
        raise CorruptFileError("No frame of the video can be read: get a fresh copy of it.")
    return looked


def _samples(path: Path, step: float, dense: bool) -> Iterator[Sample]:
    with opened(path) as container:
        stream = pictures_of(container)
        if not dense:
            stream.codec_context.skip_frame = "NONKEY"
        due = 0.0
        for at, frame in frames(container, stream):
            if at >= due - 1e-6:
                due = at + step
                yield _sample(at, frame)


def _sample(at: float, frame: Any) -> Sample:
    small = frame.reformat(width=_WIDE, height=_HIGH, format="rgb24", interpolation="AREA").to_ndarray()
    small = np.rot90(small, int(getattr(frame, "rotation", 0) or 0) // 90 % 4)
    grey = (small @ np.array([0.299, 0.587, 0.114], dtype=np.float32) / 255).astype(np.float32)
    counted = [np.bincount(small[..., channel].ravel() >> 4, minlength=16) for channel in range(3)]
    spread = np.cumsum(counted, axis=1, dtype=np.float32) / (_WIDE * _HIGH)
    return Sample(at, grey, spread.astype(np.float32))


def change(a: Sample, b: Sample) -> float:
    """Return the mean change of brightness between two frames, 0 to 1."""
    return float(np.abs(a.grey - b.grey).mean())


def recoloured(a: Grey, b: Grey) -> float:
    """Return how far colours have to move to become the others, 0 to 1: little for a change of light."""
    return float(np.abs(a - b).mean())
