"""Where a video is cut, and which of its frames are worth reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from math import ceil
from statistics import median

import numpy as np

from pinakes.core.files import Box
from pinakes.ingestion.videos.samples import Grey, Looked, Sample, change, recoloured

MOST_SCENES = 400
MOST_READ = 60
"""Frames of one video whose text is read."""

_CUT = 0.18  # mean change from one frame to the next; of pairs of unlike photographs 99 % change more
_RECOLOURED = 0.12
_OVER_USUAL = 3.0  # times the change around it: a cut stands out, fast motion does not
_DRIFTED = 0.2  # mean change from what the scene began with: a fade ends somewhere
_STILL = 0.004  # mean change: nothing moves but noise
_TURNED = 0.012  # mean change that is a new slide where all is still before and after
_SHORTEST_S = 0.75
_NEIGHBOURS = 4
_PASSING_S = 2.5
_ALIKE = 0.05  # recoloured by less: the same view
_SAME = 0.03  # mean change of a part of the picture: the same words still
_OTHER = 0.03  # mean change: another picture, worth reading again
_READ_APART_S = 4.0


@dataclass(frozen=True, slots=True)
class Key:
    """A frame worth keeping: its place among the scene's samples, and its second."""

    place: int
    at: float


@dataclass(frozen=True, slots=True)
class Scene:
    """A stretch without a cut, in seconds; the first key frame stands for it, the others show something else."""

    start: float
    end: float
    keys: tuple[Key, ...]
    samples: tuple[Sample, ...] = ()


def scenes_of(looked: Looked, duration_s: float) -> tuple[Scene, ...]:
    """Return the scenes of a video in order, from its beginning to its end."""
    samples = looked.samples
    starts = _lasting(samples, _starts(samples, looked.dense))[:MOST_SCENES]
    end = max(duration_s, samples[-1].at)
    scenes = []
    for first, stop in zip(starts, [*starts[1:], len(samples)], strict=True):
        until = samples[stop].at if stop < len(samples) else end
        begin = samples[first].at if first else 0.0
        members = tuple(samples[first:stop])
        scenes.append(Scene(round(begin, 3), round(until, 3), _keys(members), members))
    return tuple(_thinned(scenes))


def motion_of(looked: Looked) -> float | None:
    """Return the mean change between neighbouring frames; None where too few were looked at to tell."""
    if not looked.dense or len(looked.samples) < 2:
        return None
    return round(float(np.mean(_changes(looked.samples))), 4)


def _changes(samples: Sequence[Sample]) -> list[float]:
    return [change(a, b) for a, b in pairwise(samples)]


def _starts(samples: Sequence[Sample], dense: bool) -> list[int]:
    """Return the positions of the samples that scenes begin with."""
    moved = _changes(samples)
    colours = [recoloured(a.colours, b.colours) for a, b in pairwise(samples)]
    starts = [0]
    for n in range(1, len(samples)):
        if samples[n].at - samples[starts[-1]].at < _SHORTEST_S:
            continue
        fresh = _is_cut(moved, colours, n - 1) or (dense and _is_turned(moved, n - 1))
        if fresh or (dense and _has_drifted(samples, starts[-1], n)):
            starts.append(n)
    return starts


def _lasting(samples: Sequence[Sample], starts: Sequence[int]) -> list[int]:
    """Return the starts without those of something that passed by: soon after, the picture is as before."""
    kept = [0]
    skip = False
    for start, after in zip_longest(starts[1:], starts[2:]):
        if skip:
            skip = False
        elif after is not None and _passes(samples, start, after):
            skip = True
        else:
            kept.append(start)
    return kept


def _passes(samples: Sequence[Sample], start: int, after: int) -> bool:
    brief = samples[after].at - samples[start].at <= _PASSING_S
    return brief and recoloured(samples[start - 1].colours, samples[after].colours) <= _ALIKE


def _is_cut(moved: Sequence[float], colours: Sequence[float], place: int) -> bool:
    around = [*moved[max(0, place - _NEIGHBOURS) : place], *moved[place + 1 : place + 1 + _NEIGHBOURS]]
    stands_out = moved[place] >= _OVER_USUAL * (median(around) if around else 0.0)
    return stands_out and (moved[place] >= _CUT or colours[place] >= _RECOLOURED)


def _is_turned(moved: Sequence[float], place: int) -> bool:
    """Whether a still picture gives way to another still one, as slides do."""
    before, after = moved[max(0, place - 2) : place], moved[place + 1 : place + 3]
    still = bool(before) and bool(after) and max(*before, *after, 0.0) <= _STILL
    return still and moved[place] >= _TURNED


def _has_drifted(samples: Sequence[Sample], first: int, place: int) -> bool:
    """Whether for a second the picture has been another one than the scene began with, without a cut."""
    if samples[place].at - samples[first].at < 2.0 or place + 4 > len(samples):
        return False
    first_one = samples[first]
    return all(
        change(first_one, s) >= _DRIFTED and recoloured(first_one.colours, s.colours) >= _RECOLOURED
        for s in samples[place : place + 4]
    )


def _keys(samples: Sequence[Sample]) -> tuple[Key, ...]:
    """Return the stillest frame near the middle, then frames that differ from all taken before, apart in time."""
    unrest = _unrest(samples)
    middle = (len(samples) - 1) / 2
    order = sorted(range(len(samples)), key=lambda n: (round(unrest[n], 3), abs(n - middle)))
    taken = [order[0]]
    for n in order[1:]:
        apart = all(abs(samples[n].at - samples[t].at) >= _READ_APART_S for t in taken)
        if apart and all(change(samples[n], samples[t]) >= _OTHER for t in taken):
            taken.append(n)
    return tuple(Key(n, samples[n].at) for n in taken)


def _unrest(samples: Sequence[Sample]) -> list[float]:
    moved = _changes(samples) or [0.0]
    return [max(moved[max(0, n - 1)], moved[min(n, len(moved) - 1)]) for n in range(len(samples))]


def standing(scene: Scene, key: Key, box: Box | None) -> tuple[float, float]:
    """Return from when to when a part of a key frame stays as it is there, in seconds."""
    samples, first, last = scene.samples, key.place, key.place
    shown = _part(samples[key.place], box)
    while first > 0 and _is_same(_part(samples[first - 1], box), shown):
        first -= 1
    while last + 1 < len(samples) and _is_same(_part(samples[last + 1], box), shown):
        last += 1
    begin = samples[first].at if first else scene.start
    end = samples[last + 1].at if last + 1 < len(samples) else scene.end
    return round(begin, 3), round(end, 3)


def _part(sample: Sample, box: Box | None) -> Grey:
    if box is None:
        return sample.grey
    high, wide = sample.grey.shape
    top, left = int(box[1] * high), int(box[0] * wide)
    return sample.grey[top : max(top + 1, ceil(box[3] * high)), left : max(left + 1, ceil(box[2] * wide))]


def _is_same(a: Grey, b: Grey) -> bool:
    return float(np.abs(a - b).mean()) <= _SAME


def _thinned(scenes: Sequence[Scene]) -> Iterator[Scene]:
    """Yield scenes with so many key frames in all that reading them stays within bounds; each keeps its first."""
    left = MOST_READ - len(scenes)
    for scene in scenes:
        more = scene.keys[1 : 1 + max(0, left)]
        left -= len(more)
        yield replace(scene, keys=(scene.keys[0], *more))
