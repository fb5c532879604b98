"""The order in which people read lines of text on a picture: columns first, then rows."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, hypot, radians, sin
from statistics import median

PixelBox = tuple[float, float, float, float]
"""[x0, y0, x1, y1] in pixels, so that widths and heights compare."""

Quad = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""Corners of a line in pixels: top left, top right, bottom right, bottom left as its text runs."""

_MAX_TILT = radians(25)
_MIN_COLUMN_LINES = 3
_MIN_COLUMN_ASPECT = 6.0  # a column's lines are at least this much wider than high; table cells are not
_MAX_CROSSING = 0.3  # share of lines (titles, captions, footers) that may run across the gap between columns
_TRIES = 64


def reading_order(boxes: Sequence[PixelBox]) -> list[int]:
    """Return the positions of the boxes in reading order."""
    return _ordered(list(range(len(boxes))), boxes)


def straightened(quads: Sequence[Quad]) -> list[PixelBox]:
    """Return the boxes that lines would have on a picture turned until its text is level.

    A sheet photographed a little askew puts the end of a row level with the start of the next one.
    """
    tilt = _tilt(quads)
    return [_level_box(quad, tilt) for quad in quads]


def _tilt(quads: Sequence[Quad]) -> float:
    """Return the usual angle of the lines that are long enough to have one, in radians."""
    angles = []
    for (x0, y0), (x1, y1), _, (x3, y3) in quads:
        if hypot(x1 - x0, y1 - y0) > 3 * hypot(x3 - x0, y3 - y0):
            angles.append(atan2(y1 - y0, x1 - x0))
    tilt = median(angles) if angles else 0.0
    return tilt if abs(tilt) < _MAX_TILT else 0.0


def _level_box(quad: Quad, tilt: float) -> PixelBox:
    turned = [(x * cos(tilt) + y * sin(tilt), y * cos(tilt) - x * sin(tilt)) for x, y in quad]
    xs, ys = [x for x, _ in turned], [y for _, y in turned]
    return min(xs), min(ys), max(xs), max(ys)


def _ordered(members: list[int], boxes: Sequence[PixelBox]) -> list[int]:
    gap = _column_gap(members, boxes)
    if gap is None:
        return _by_rows(members, boxes)
    order: list[int] = []
    left: list[int] = []
    right: list[int] = []
    for member in sorted(members, key=lambda m: _middle(boxes[m])):
        if _crosses(boxes[member], gap):
            order += [*_ordered(left, boxes), *_ordered(right, boxes), member]
            left, right = [], []
        else:
            (left if boxes[member][2] + boxes[member][0] < 2 * gap else right).append(member)
    return [*order, *_ordered(left, boxes), *_ordered(right, boxes)]


def _column_gap(members: list[int], boxes: Sequence[PixelBox]) -> float | None:
    """Return where to cut the lines into a left and a right column, or None where they are one."""
    if len(members) < 2 * _MIN_COLUMN_LINES:
        return None
    low, high = min(boxes[m][0] for m in members), max(boxes[m][2] for m in members)
    candidates = []
    for step in range(1, _TRIES):
        x = low + (high - low) * step / _TRIES
        crossing = sum(_crosses(boxes[m], x) for m in members)
        if crossing <= _MAX_CROSSING * len(members) and _are_columns(members, boxes, x):
            candidates.append((crossing, abs(step - _TRIES / 2), x))
    return min(candidates)[2] if candidates else None


def _are_columns(members: list[int], boxes: Sequence[PixelBox], x: float) -> bool:
    sides = [boxes[m] for m in members if boxes[m][2] <= x], [boxes[m] for m in members if boxes[m][0] >= x]
    if any(len(side) < _MIN_COLUMN_LINES or _aspect(side) < _MIN_COLUMN_ASPECT for side in sides):
        return False
    tops, bottoms = [min(b[1] for b in side) for side in sides], [max(b[3] for b in side) for side in sides]
    shared = min(bottoms) - max(tops)
    return shared > 0.5 * min(bottom - top for top, bottom in zip(tops, bottoms, strict=True))


def _aspect(side: list[PixelBox]) -> float:
    return median((b[2] - b[0]) / max(1.0, b[3] - b[1]) for b in side)


def _crosses(box: PixelBox, x: float) -> bool:
    return box[0] < x < box[2]


def _middle(box: PixelBox) -> float:
    return (box[1] + box[3]) / 2


def _by_rows(members: list[int], boxes: Sequence[PixelBox]) -> list[int]:
    rows: list[list[int]] = []
    for member in sorted(members, key=lambda m: _middle(boxes[m])):
        if rows and _same_row(boxes[rows[-1][0]], boxes[member]):
            rows[-1].append(member)
        else:
            rows.append([member])
    return [member for row in rows for member in sorted(row, key=lambda m: boxes[m][0])]


def _same_row(first: PixelBox, other: PixelBox) -> bool:
    shared = min(first[3], other[3]) - max(first[1], other[1])
    return shared > 0.5 * min(first[3] - first[1], other[3] - other[1])
