"""Text that runs up, down or upside down: turned upright for layout, its boxes turned back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pinakes.core.files import Box
from pinakes.ingestion.layout.shapes import Segment


def turn_segments(segments: Iterable[Segment], quarters: int, width: float, height: float) -> list[Segment]:
    """Return segments that were turned clockwise by so many quarters as if they stood upright."""
    turned = []
    for segment in segments:
        box = _back((segment.x0, segment.y0, segment.x1, segment.y1), quarters, width, height)
        turned.append(replace(segment, x0=box[0], y0=box[1], x1=box[2], y1=box[3]))
    return turned


def turn_box(box: Box, quarters: int, width: float, height: float) -> Box:
    """Return a box among upright segments where it is on the page; the inverse of `turn_segments`."""
    x0, y0, x1, y1 = box
    if quarters == 1:
        return (width - y1, x0, width - y0, x1)
    if quarters == 2:
        return (width - x1, height - y1, width - x0, height - y0)
    return (y0, height - x1, y1, height - x0)


def _back(box: Box, quarters: int, width: float, height: float) -> Box:
    x0, y0, x1, y1 = box
    if quarters == 1:
        return (y0, width - x1, y1, width - x0)
    if quarters == 2:
        return (width - x1, height - y1, width - x0, height - y0)
    return (height - y1, x0, height - y0, x1)
