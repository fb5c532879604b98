"""Columns of running text: where they part, and the order in which a reader takes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pinakes.ingestion.layout.shapes import Row, Segment, apart, cells_of, group_rows, usual_size

_GUTTER = 0.8  # of the font size: the narrowest white between columns
_FEWEST_LINES = 3
_DEEPEST = 12
_MOST_STRIPS = 80  # looked at on a page, however many segments are strewn over it
_PITCH = 2.6  # of the font size: lines of running text are not further apart
_ALIGNED = 0.6  # share of lines at one height with a neighbour that makes a table likely
_CHARS_ALIGNED = 18  # running text beside running text on the same lines is at least this wide …
_FILLED = 0.55  # … and fills its column this far
_CHARS = 7
_SPLIT = 0.4
_MARK_LENGTH = 3


@dataclass(slots=True)
class _Gutter:
    """A strip of white between two columns, and the segments around it."""

    left: list[Segment]
    right: list[Segment]
    top: float
    bottom: float
    lines: int


def reading_order(segments: list[Segment], depth: int = 0) -> list[list[Segment]]:
    """Return regions of one column each, in reading order; inside them text is read from row to row."""
    gutter = _widest_read(segments) if depth < _DEEPEST else None
    if gutter is None:
        return [segments] if segments else []
    inside = {id(s) for s in (*gutter.left, *gutter.right)}
    outside = [s for s in segments if id(s) not in inside]
    middle = (gutter.top + gutter.bottom) / 2
    parts = [
        [s for s in outside if s.middle <= middle],
        gutter.left,
        gutter.right,
        [s for s in outside if s.middle > middle],
    ]
    return [region for part in parts for region in reading_order(part, depth + 1)]


def _widest_read(segments: list[Segment]) -> _Gutter | None:
    """The gutter that parts most lines of running text."""
    if len(segments) < 2 * _FEWEST_LINES:
        return None
    size = usual_size(segments)
    found = (g for low, high in _strips(segments, size) for g in _gutters(segments, low, high, size))
    return max(found, key=lambda gutter: gutter.lines, default=None)


def _strips(segments: Sequence[Segment], size: float) -> Iterator[tuple[float, float]]:
    """Yield upright strips, as narrow as a gutter may be, beside edges that several segments share."""
    width = max(_GUTTER * size, 4.0)
    least = max(_FEWEST_LINES, len(segments) // _MOST_STRIPS)
    for edge in _shared([s.x0 for s in segments], 0.3 * size, least):
        yield edge[0] - width, edge[0] - 0.1
    for edge in _shared([s.x1 for s in segments], 0.3 * size, least):
        yield edge[1] + 0.1, edge[1] + width


def _shared(edges: list[float], slack: float, least: int) -> Iterator[tuple[float, float]]:
    edges.sort()
    start = 0
    for at in range(1, len(edges) + 1):
        if at == len(edges) or edges[at] - edges[at - 1] > slack:
            if at - start >= least:
                yield edges[start], edges[at - 1]
            start = at


def _gutters(segments: list[Segment], low: float, high: float, size: float) -> Iterator[_Gutter]:
    """Yield the stretches of a strip that no segment crosses and that running text flanks on both sides."""
    left = [s for s in segments if s.x1 <= low]
    right = [s for s in segments if s.x0 >= high]
    if len(left) < _FEWEST_LINES or len(right) < _FEWEST_LINES:
        return
    crossing = sorted((s.y0, s.y1) for s in segments if s.x0 < high and s.x1 > low)
    top = float("-inf")
    for y0, y1 in [*crossing, (float("inf"), float("inf"))]:
        if y0 - top > _FEWEST_LINES * size:
            gutter = _flanked(left, right, top, y0, size)
            if gutter:
                yield gutter
        top = max(top, y1)


def _flanked(
    left: list[Segment], right: list[Segment], top: float, bottom: float, size: float
) -> _Gutter | None:
    left = [s for s in left if top < s.middle < bottom]
    right = [s for s in right if top < s.middle < bottom]
    if len(left) < _FEWEST_LINES or len(right) < _FEWEST_LINES:
        return None
    start = _common_top(left, right, size)
    left = [s for s in left if s.middle >= start]
    right = [s for s in right if s.middle >= start]
    rows_left, rows_right = group_rows(left), group_rows(right)
    if not _are_columns(rows_left, rows_right, size):
        return None
    low, high = min(s.y0 for s in (*left, *right)), max(s.y1 for s in (*left, *right))
    return _Gutter(left, right, low, high, min(len(rows_left), len(rows_right)))


def _common_top(left: list[Segment], right: list[Segment], size: float) -> float:
    """Where both columns have begun, unless more than a line or two would stay above."""
    start = max(min(s.y0 for s in left), min(s.y0 for s in right)) - 0.5 * size
    above = group_rows(s for s in (*left, *right) if s.middle < start)
    return start if len(above) <= 2 else float("-inf")


def _are_columns(left: list[Row], right: list[Row], size: float) -> bool:
    if min(len(left), len(right)) < _FEWEST_LINES:
        return False
    if max(_pitch(left), _pitch(right)) > _PITCH * size:
        return False
    if min(_characters(left), _characters(right)) < _CHARS:
        return False
    if min(_split(left), _split(right)) > _SPLIT:
        return False
    if _aligned(left, right, size) < _ALIGNED:
        return True
    wide = min(_cell_characters(left), _cell_characters(right)) >= _CHARS_ALIGNED
    return wide and min(_filled(left), _filled(right)) >= _FILLED


def _pitch(rows: list[Row]) -> float:
    return median(b.y0 - a.y0 for a, b in pairwise(rows))


def _characters(rows: list[Row]) -> float:
    return median(sum(len(s.text) for s in row.segments) for row in rows)


def _split(rows: list[Row]) -> float:
    """The share of rows in several pieces, as tables have them."""
    return sum(apart(row) and not _is_listed(row) for row in rows) / len(rows)


def _is_listed(row: Row) -> bool:
    """A number or mark, and the line that it belongs to."""
    return len(row.segments) == 2 and len(row.segments[0].text) <= _MARK_LENGTH


def _cell_characters(rows: list[Row]) -> float:
    """The median length of what stands together on a row; cells of tables are short."""
    return median(sum(len(s.text) for s in cell) for row in rows for cell in cells_of(row))


def _filled(rows: list[Row]) -> float:
    spans = [(min(s.x0 for s in row.segments), max(s.x1 for s in row.segments)) for row in rows]
    width = max(x1 for _, x1 in spans) - min(x0 for x0, _ in spans)
    return median(x1 - x0 for x0, x1 in spans) / width if width > 0 else 0.0


def _aligned(left: list[Row], right: list[Row], size: float) -> float:
    fewer, more = sorted((left, right), key=len)
    heights = sorted(row.segments[0].middle for row in more)
    near = sum(1 for row in fewer if any(abs(row.segments[0].middle - h) < 0.2 * size for h in heights))
    return near / len(fewer)
