"""Tables: rows whose cells line up in columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pinakes.ingestion.layout.shapes import Row, Segment, apart, bounds, usual_size

_MARKER = re.compile(r"(?:[•‣◦●○▪■□➢✓–—*·\-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])")
_SECTION = re.compile(r"\d{1,3}(?:\.\d{1,2}){0,3}\.?")
_NUMBER = re.compile(r"[-–−+(]?[$€£¥]?\s?\d[\d.,\s]*%?\)?")
_NEAR = 3.2  # of the font size: rows of one table are not further apart
_CONTINUES = 0.45  # of the font size: lines within a cell are not further apart
_CELL_GAP = 0.45  # of the font size: the narrowest white between columns
_MARK_GAP = 4.0  # of the font size: a list's text is not further from its mark
_CROSSED = 0.12  # share of rows that may reach across a column border, as spanning headers do
_FEW = 5  # rows; one of more may be a header that spans columns
_MULTI = 0.55  # share of rows with several cells
_LONGEST_CELL = 220
_LONGEST_STEP = 4  # lines with one cell only between rows with several


@dataclass(slots=True)
class Grid:
    """A table: its cells by row and column, the header rows, and the segments it is made of."""

    cells: list[list[str]]
    header_rows: int
    segments: list[Segment]


def find_grids(rows: Sequence[Row]) -> Iterator[Row | Grid]:
    """Yield the rows of a region in order, those that form a table as one grid."""
    at = 0
    while at < len(rows):
        end = _last_alike(rows, at)
        grid = _grid(rows[at:end]) if end - at >= 2 else None
        if grid is None:
            yield rows[at]
            at += 1
        else:
            yield grid
            at = end


def _last_alike(rows: Sequence[Row], start: int) -> int:
    """Where the stretch of rows with several cells that begins here ends; single cells may stand between."""
    if not _is_multi(rows[start]):
        return start + 1
    end = at = start + 1
    while at < len(rows) and rows[at].y0 - rows[at - 1].y1 < _NEAR * usual_size(rows[at].segments):
        if _is_multi(rows[at]):
            end = at + 1
        elif at - end >= _LONGEST_STEP or _bridges(rows[at], rows[end - 1]):
            break
        elif at == end and _continues(rows[at], rows[end - 1]):
            end = at + 1
        at += 1
    return end


def _is_multi(row: Row) -> bool:
    return apart(Row(_merged(row.segments)))


def _bridges(row: Row, cells: Row) -> bool:
    """A line of running text reaches over the white between the cells of the row above."""
    x0, _, x1, _ = bounds(row.segments)
    return any(x0 < a.x1 and x1 > b.x0 for a, b in pairwise(_merged(cells.segments)))


def _continues(row: Row, above: Row) -> bool:
    """A line goes on with a cell that is not the first."""
    cells = _merged(above.segments)
    tight = row.y0 - above.y1 < _CONTINUES * usual_size(row.segments)
    return tight and len(cells) > 1 and row.segments[0].x0 > cells[0].x1


def _merged(segments: Sequence[Segment]) -> list[Segment]:
    """Segments with hardly any white between them are one cell, and so are a list's mark and its text."""
    cells: list[Segment] = []
    for segment in sorted(segments, key=lambda s: s.x0):
        last = cells[-1] if cells else None
        if last and segment.x0 - last.x1 < _CELL_GAP * last.size:
            cells[-1] = _together(last, segment)
        else:
            cells.append(segment)
    if len(cells) > 1 and _marks(cells):
        cells[:2] = [_together(cells[0], cells[1])]
    return cells


def _marks(cells: list[Segment]) -> bool:
    mark, text = cells[0], cells[1]
    if text.x0 - mark.x1 > _MARK_GAP * mark.size:
        return False
    if _MARKER.fullmatch(mark.text):
        return True
    letters = sum(map(str.isalpha, text.text))
    return len(cells) == 2 and bool(_SECTION.fullmatch(mark.text)) and 2 * letters > len(text.text)


def _together(a: Segment, b: Segment) -> Segment:
    x0, y0, x1, y1 = bounds((a, b))
    return Segment(f"{a.text} {b.text}", x0, y0, x1, y1, max(a.size, b.size), a.bold and b.bold)


def _grid(rows: Sequence[Row]) -> Grid | None:
    lines = [_merged(row.segments) for row in rows]
    borders = _borders(lines)
    if not borders or sum(len(line) > 1 for line in lines) < _MULTI * len(lines):
        return None
    cells = _joined_rows(rows, [_placed(line, borders) for line in lines])
    if not _is_table(cells):
        return None
    return Grid(cells, _header_rows(cells), [s for row in rows for s in row.segments])


def _borders(lines: list[list[Segment]]) -> list[float]:
    """The middles of the white strips that hardly any row reaches across."""
    multi = [line for line in lines if len(line) > 1]
    most = max(int(_CROSSED * len(multi)), 1 if len(multi) >= _FEW else 0)
    size = usual_size([s for line in multi for s in line])
    events = sorted((x, step) for line in multi for s in line for x, step in ((s.x0, 1), (s.x1, -1)))
    depth, free_from = 0, None
    borders: list[float] = []
    for x, step in events:
        was_free = depth <= most
        depth += step
        if was_free and depth > most and free_from is not None and x - free_from >= _CELL_GAP * size:
            borders.append((x + free_from) / 2)
        if not was_free and depth <= most:
            free_from = x
    return borders


def _placed(line: list[Segment], borders: list[float]) -> list[str]:
    cells = [""] * (len(borders) + 1)
    for segment in line:
        crossed = [border for border in borders if segment.x0 < border < segment.x1]
        where = segment.x0 if crossed else (segment.x0 + segment.x1) / 2
        column = sum(where > border for border in borders)
        cells[column] = f"{cells[column]} {segment.text}".strip()
    return cells


def _joined_rows(rows: Sequence[Row], placed: list[list[str]]) -> list[list[str]]:
    """Join lines that only continue cells of the row above, with hardly any white between."""
    joined = [placed[0]]
    for (above, below), cells in zip(pairwise(rows), placed[1:], strict=True):
        tight = below.y0 - above.y1 < _CONTINUES * usual_size(below.segments)
        if tight and joined[-1][0] and (not cells[0] or _wraps(cells)):
            joined[-1] = [f"{old} {new}".strip() for old, new in zip(joined[-1], cells, strict=True)]
        else:
            joined.append(cells)
    return joined


def _wraps(cells: list[str]) -> bool:
    """The first cell goes on and nothing stands beside it."""
    return not any(cells[1:]) and (cells[0][:1].islower() or cells[0].startswith("("))


def _is_table(cells: list[list[str]]) -> bool:
    columns = len(cells[0])
    filled = [cell for row in cells for cell in row if cell]
    if max(map(len, filled), default=0) > _LONGEST_CELL * 3:
        return False
    if len(cells) == 2:
        return columns >= 3 and any(_NUMBER.fullmatch(cell) for cell in cells[1])
    return len(cells) >= 3 and sum(map(len, filled)) / len(filled) <= _LONGEST_CELL


def _header_rows(cells: list[list[str]]) -> int:
    numbers = [any(_NUMBER.fullmatch(cell) for cell in row) for row in cells]
    return 1 if not numbers[0] and any(numbers[1:]) else 0
