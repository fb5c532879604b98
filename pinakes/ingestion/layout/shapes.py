"""The shapes that layout works on. Lengths are in points (or pixels), origin top left, y down, page as displayed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pinakes.core.files import Box

_SCRAP = 0.8  # of a line's size: raised and lowered signs are smaller
_SCRAP_LENGTH = 8
_LEFTWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufefc]")


@dataclass(slots=True)
class Segment:
    """Words that follow each other on one baseline without a wide gap.

    `size` is the font's, in the unit of the coordinates; `bold` and `mono` hold for the whole segment.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False
    mono: bool = False
    confidence: float | None = None

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.y0 + self.y1) / 2


@dataclass(slots=True)
class Row:
    """Segments side by side, from left to right."""

    segments: list[Segment]

    @property
    def y0(self) -> float:
        """The top."""
        return min(s.y0 for s in self.segments)

    @property
    def y1(self) -> float:
        """The bottom."""
        return max(s.y1 for s in self.segments)

    @property
    def text(self) -> str:
        """The words, in reading order."""
        return " ".join(s.text for s in self.segments)


@dataclass(slots=True)
class Block:
    """A paragraph, heading, list item or table; `rows` is set on tables."""

    text: str
    box: Box
    size: float
    bold: bool = False
    mono: bool = False
    lines: int = 1
    space_above: float = 0.0
    rows: list[list[str]] | None = None
    confidence: float | None = None
    label: bool = False  # numbers, units and signs only


_APART = 0.95  # of the font size: white between cells; words of running text are closer


def cells_of(row: Row) -> list[list[Segment]]:
    """Return the segments of a row, parted at wide white, from left to right."""
    ordered = sorted(row.segments, key=lambda s: s.x0)
    cells = [[ordered[0]]]
    for a, b in pairwise(ordered):
        if b.x0 - a.x1 > _APART * max(a.size, b.size):
            cells.append([])
        cells[-1].append(b)
    return cells


def apart(row: Row) -> bool:
    """Whether a row has wide white in it, as rows of tables do."""
    return len(cells_of(row)) > 1


def bounds(shapes: Iterable[Segment]) -> Box:
    """Return the box around segments."""
    x0, y0, x1, y1 = zip(*((s.x0, s.y0, s.x1, s.y1) for s in shapes), strict=True)
    return (min(x0), min(y0), max(x1), max(y1))


def usual_size(segments: Sequence[Segment]) -> float:
    """Return the median font size, at least 1."""
    return max(median(s.size for s in segments), 1.0) if segments else 1.0


def group_rows(segments: Iterable[Segment]) -> list[Row]:
    """Return segments as rows from top to bottom: those that share half their height stand side by side."""
    rows: list[Row] = []
    top = bottom = 0.0
    for segment in sorted(segments, key=lambda s: s.middle):
        height = segment.y1 - segment.y0
        shared = min(bottom, segment.y1) - max(top, segment.y0)
        if rows and shared > 0.5 * min(height, bottom - top):
            rows[-1].segments.append(segment)
            if height > bottom - top:
                top, bottom = segment.y0, segment.y1
        else:
            rows.append(Row([segment]))
            top, bottom = segment.y0, segment.y1
    rows = _with_scraps(rows)
    for row in rows:
        row.segments.sort(key=lambda s: s.x0)
        if sum(map(_runs_leftwards, row.segments)) * 2 > len(row.segments):
            row.segments.reverse()
    return rows


def _with_scraps(rows: list[Row]) -> list[Row]:
    """Put raised and lowered signs, which stand between the lines, into the line that they overlap most."""
    kept = [row for row in rows if not _is_scrap(row)]
    if not kept or len(kept) == len(rows):
        return rows
    spans = [(row.y0, row.y1, max(s.size for s in row.segments)) for row in kept]
    at = 0
    result: list[Row] = []
    for row in rows:
        if not _is_scrap(row):
            result.append(row)
            at += 1
            continue
        size = max(s.size for s in row.segments)
        near = [n for n in (at - 1, at) if 0 <= n < len(kept) and size < _SCRAP * spans[n][2]]
        best = max(near, key=lambda n: _overlap(row, spans[n]), default=None)
        if best is None or _overlap(row, spans[best]) <= 0:
            result.append(row)
        else:
            kept[best].segments.extend(row.segments)
    return result


def _is_scrap(row: Row) -> bool:
    return all(len(s.text) <= _SCRAP_LENGTH for s in row.segments)


def _overlap(row: Row, span: tuple[float, float, float]) -> float:
    return min(row.y1, span[1]) - max(row.y0, span[0])


def _runs_leftwards(segment: Segment) -> bool:
    return not segment.text.isascii() and bool(_LEFTWARDS.search(segment.text))
