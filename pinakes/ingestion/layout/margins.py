"""Running heads, feet and page numbers: known by coming again at the same height of neighbouring pages."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from pinakes.ingestion.layout.shapes import Row, Segment, group_rows

_REACH = 6  # pages looked at on each side; left and right pages may differ
_ZONE = 0.16  # of the page's height
_MOST_ROWS = 4
_SAME_HEIGHT = 0.012  # of the page's height
_WHITE = 0.5  # of the row's height: furniture stands apart from the text
_FAR = 0.9
_HIGHER = 0.03  # heads stand further in than feet
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-–—|•\s\[(]*(?:(?:page|p\.|pg\.?|seite|página|pagina|strana|стр\.?|第)\s*)?(\d{1,5}|[ivxlc]{1,7})"
    r"(?:\s*(?:of|/|von|de|di|sur|из|\|)\s*\d{1,5})?\s*(?:页|頁|쪽)?[-–—|•\s\])]*",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(slots=True)
class PageText:
    """What stands on one page: upright segments, and those turned by 1 to 3 quarters (clockwise as read)."""

    number: int
    width: float
    height: float
    segments: list[Segment] = field(default_factory=list)
    turned: dict[int, list[Segment]] = field(default_factory=dict)
    characters: int = 0
    has_drawings: bool = False


@dataclass(slots=True)
class Margins:
    """A page without its furniture, and the furniture from top to bottom."""

    page: PageText
    heads: list[Row] = field(default_factory=list)
    feet: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class _Edge:
    """A row near the top or bottom of a page."""

    row: Row
    key: str
    place: float
    number: int | None
    apart: bool
    far_apart: bool


@dataclass(slots=True)
class _Edges:
    page: PageText
    top: list[_Edge]
    bottom: list[_Edge]


def part_margins(pages: Iterable[PageText], total: int) -> Iterator[Margins]:
    """Yield pages in order with running heads and feet taken out; looks a few pages ahead, keeps no more."""
    ahead = iter(pages)
    window: deque[_Edges] = deque(map(_edges, islice(ahead, _REACH + 1)))
    at = 0
    while at < len(window):
        yield _parted(window, at, total)
        upcoming = next(ahead, None)
        if upcoming is not None:
            window.append(_edges(upcoming))
        if at == _REACH:
            window.popleft()
        else:
            at += 1


def _edges(page: PageText) -> _Edges:
    rows = group_rows(page.segments)
    top = [row for row in rows[:_MOST_ROWS] if row.y1 < _ZONE * page.height]
    bottom = [row for row in rows[-_MOST_ROWS:] if row.y0 > (1 - _ZONE) * page.height][::-1]
    inwards = [*rows[1:], None]
    upwards = [*rows[::-1][1:], None]
    return _Edges(
        page,
        [_edge(row, inner, page.height) for row, inner in zip(top, inwards, strict=False)],
        [_edge(row, inner, page.height) for row, inner in zip(bottom, upwards, strict=False)],
    )


def _edge(row: Row, inner: Row | None, height: float) -> _Edge:
    text = row.text.strip()
    white = height if inner is None else max(inner.y0 - row.y1, row.y0 - inner.y1)
    return _Edge(
        row=row,
        key=_DIGITS.sub("#", text.casefold()),
        place=(row.y0 + row.y1) / 2 / max(height, 1.0),
        number=_page_number(text),
        apart=white > _WHITE * (row.y1 - row.y0),
        far_apart=white > _FAR * (row.y1 - row.y0),
    )


def _page_number(text: str) -> int | None:
    match = _PAGE_NUMBER.fullmatch(text)
    if not match:
        return None
    word = match.group(1).lower()
    return int(word) if word.isdigit() else _roman(word)


def _roman(word: str) -> int:
    values = [_ROMAN[letter] for letter in word]
    return sum(-v if v < max(values[n:]) else v for n, v in enumerate(values))


def _parted(window: deque[_Edges], at: int, total: int) -> Margins:
    here = window[at]
    others = [edges for number, edges in enumerate(window) if number != at]
    heads = _furniture(here.top, [(e.page.number - here.page.number, e.top) for e in others], total)
    feet = _furniture(here.bottom, [(e.page.number - here.page.number, e.bottom) for e in others], total)
    taken = {id(s) for row in (*heads, *feet) for s in row.segments}
    if taken:
        here.page.segments = [s for s in here.page.segments if id(s) not in taken]
    return Margins(here.page, heads, feet[::-1])


def _furniture(edges: list[_Edge], others: list[tuple[int, list[_Edge]]], total: int) -> list[Row]:
    """The outermost rows that are furniture, down to the first that is not."""
    found: list[_Edge] = []
    for edge in edges:
        if not (_comes_again(edge, others, total) or _counts_pages(edge, others)):
            break
        found.append(edge)
    while found and not found[-1].apart:
        found.pop()
    lone = next((n for n, edge in enumerate(edges, 1) if _stands_alone(edge)), 0)
    if lone > len(found):
        found = edges[:lone]
    return [edge.row for edge in found]


def _comes_again(edge: _Edge, others: list[tuple[int, list[_Edge]]], total: int) -> bool:
    same = [
        other
        for _, edges in others
        for other in edges
        if other.key == edge.key and abs(other.place - edge.place) < _SAME_HEIGHT
    ]
    if total > 2 and len(same) >= 2:
        return True
    return "#" in edge.key and any(other.row.text != edge.row.text for other in same) and total <= 3


def _counts_pages(edge: _Edge, others: list[tuple[int, list[_Edge]]]) -> bool:
    """Its number grows with the page's."""
    return edge.number is not None and any(
        other.number is not None and other.number - edge.number == apart
        for apart, edges in others
        for other in edges
    )


def _stands_alone(edge: _Edge) -> bool:
    """A page number at the very edge of a page, alone or at the end of a line that stands apart."""
    if edge.number is not None and len(edge.row.text) <= 14:
        in_corner = edge.place > 0.94 or edge.place < 0.04
        return in_corner or (edge.apart and (edge.place > 0.9 or edge.place < 0.07))
    ends = (edge.row.segments[0].text, edge.row.segments[-1].text)
    numbered = len(edge.row.segments) > 1 and any(text.isdigit() and len(text) <= 4 for text in ends)
    near = 0.9 if len(edge.row.segments) <= 3 else 0.93
    return numbered and edge.far_apart and (edge.place > near or edge.place < 1 - near + _HIGHER)
