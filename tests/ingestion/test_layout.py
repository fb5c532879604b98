from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinakes.ingestion.layout.columns import reading_order
from pinakes.ingestion.layout.grids import Grid, find_grids
from pinakes.ingestion.layout.margins import PageText, part_margins
from pinakes.ingestion.layout.paragraphs import join_lines, page_blocks
from pinakes.ingestion.layout.shapes import Segment, group_rows
from pinakes.ingestion.layout.turning import turn_box, turn_segments


def segment(text: str, x: float, y: float, size: float = 10, bold: bool = False) -> Segment:
    return Segment(text, x, y, x + 5 * len(text), y + 1.15 * size, size, bold)


def test_raised_signs_join_the_line_they_overlap_most() -> None:
    line, below = segment("the value of x", 0, 10), segment("and of the next line", 0, 22)
    sign = Segment("2", 71, 7.5, 75, 14, 6)
    assert [row.text for row in group_rows([sign, below, line])] == [
        "the value of x 2",
        "and of the next line",
    ]


def test_text_from_right_to_left_keeps_its_order() -> None:
    rows = group_rows([segment("שלום", 100, 0), segment("עולם", 40, 0)])
    assert rows[0].text == "שלום עולם"


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["it was main-", "tained well"], "it was maintained well"),
        (["a carbon-", "free future"], "a carbon-free future"),
        (["the Lucene-", "BM25 system"], "the Lucene-BM25 system"),
        (["one -", "two"], "one - two"),
        (["plain", "lines"], "plain lines"),
    ],
)
def test_hyphens_at_line_ends(lines: list[str], joined: str) -> None:
    assert join_lines(lines) == joined


def test_three_columns_in_order() -> None:
    columns = [
        [segment(f"column {c} line {n} of running text", 10 + 190 * c, 20 + 12 * n) for n in range(8)]
        for c in range(3)
    ]
    order = reading_order([s for line in zip(*columns, strict=True) for s in line])
    text = [s.text for region in order for s in sorted(region, key=lambda s: s.y0)]
    assert text == [s.text for column in columns for s in column]


def test_short_aligned_columns_stay_rows_of_a_table() -> None:
    cells = [[f"r{r}c{c}" for c in range(4)] for r in range(5)]
    segments = [
        segment(cell, 10 + 100 * c, 20 + 14 * r) for r, row in enumerate(cells) for c, cell in enumerate(row)
    ]
    [region] = reading_order(segments)
    [grid] = find_grids(group_rows(region))
    assert isinstance(grid, Grid) and grid.cells == cells


def test_wrapped_cells_stay_in_their_row() -> None:
    rows = [("Shop", "Where it counts"), ("Coffee", "all the large chains and"), ("", "the small ones too")]
    rows += [("Fuel", "every station"), ("Bread", "two bakeries")]
    ys = [0, 20, 32, 52, 72]
    segments = [
        segment(t, 10 + 120 * c, y) for y, row in zip(ys, rows, strict=True) for c, t in enumerate(row) if t
    ]
    [grid] = find_grids(group_rows(segments))
    assert isinstance(grid, Grid)
    assert ["Coffee", "all the large chains and the small ones too"] in grid.cells


def test_bulleted_lists_are_no_tables() -> None:
    segments = [
        s for n in range(4) for s in (segment("•", 10, 14 * n), segment(f"item number {n}", 30, 14 * n))
    ]
    assert [b.rows for b in page_blocks(segments)] == [None] * 4


def test_a_change_of_size_starts_a_block_and_leading_does_not() -> None:
    segments = [
        segment("A heading", 10, 0, 16),
        *(segment(f"line {n} of the text goes on", 10, 25 + 12 * n) for n in range(5)),
    ]
    assert [b.lines for b in page_blocks(segments)] == [1, 5]


def test_margins_look_past_left_and_right_pages() -> None:
    def page(number: int) -> PageText:
        head = segment("Left head" if number % 2 else "Right head", 40, 20)
        lines = [segment(f"line {n} of page {number}", 40, 100 + 12 * n) for n in range(3)]
        return PageText(number, 600, 800, [head, *lines])

    parted = list(part_margins(map(page, range(1, 21)), 20))
    assert [m.page.number for m in parted] == list(range(1, 21))
    assert all(len(m.heads) == 1 and len(m.page.segments) == 3 for m in parted)


@given(
    st.sampled_from([1, 2, 3]),
    st.tuples(*[st.floats(0, 100)] * 4),
    st.floats(100, 300),
    st.floats(100, 300),
)
def test_turning_back_is_the_inverse(
    quarters: int, corners: tuple[float, float, float, float], width: float, height: float
) -> None:
    x0, x1 = sorted(corners[:2])
    y0, y1 = sorted(corners[2:])
    [turned] = turn_segments([Segment("a", x0, y0, x1, y1, 10)], quarters, width, height)
    back = turn_box((turned.x0, turned.y0, turned.x1, turned.y1), quarters, width, height)
    assert back == pytest.approx((x0, y0, x1, y1), abs=1e-9)


@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.integers(0, 700), st.text("ab .•1-", min_size=1, max_size=12)),
        max_size=40,
    )
)
def test_no_word_is_lost_and_boxes_are_ordered(places: list[tuple[int, int, str]]) -> None:
    segments = [segment(text, x, y) for x, y, text in places if text.strip()]
    blocks = page_blocks(segments)
    placed = "".join(b.text if b.rows is None else "".join(c for row in b.rows for c in row) for b in blocks)
    said = "".join(s.text for s in segments)
    assert sorted(placed.replace(" ", "").replace("-", "")) == sorted(said.replace(" ", "").replace("-", ""))
    assert all(b.box[0] <= b.box[2] and b.box[1] <= b.box[3] for b in blocks)


def test_rows_run_from_top_to_bottom() -> None:
    rows = group_rows([segment("b", 0, 30), segment("a", 0, 0), segment("c", 50, 30)])
    assert [r.text for r in rows] == ["a", "b c"]
    assert all(a.y0 <= b.y0 for a, b in pairwise(rows))
