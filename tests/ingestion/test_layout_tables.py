from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from pinakes.ingestion.readers.layout_tables import unfold_layout_tables

PROSE = "The way to get new ideas is to notice anomalies. " * 20


def tables_left(html: str) -> int:
    root = fragment_fromstring(f"<div>{html}</div>")
    before = " ".join(root.text_content().split())
    unfold_layout_tables(root)
    assert " ".join(root.text_content().split()) == before
    return len(list(root.iter("table")))


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<table><tr><th>Item</th><th>Price</th></tr><tr><td>Apples</td><td>1.99</td></tr></table>", 1),
        ("<table><tr><td>Apples</td><td>1.99</td></tr><tr><td>Pears</td><td>2.10</td></tr></table>", 1),
        (f"<table><tr><td></td><td>{PROSE}</td></tr></table>", 0),
        (f"<table><tr><th>Rule</th></tr><tr><td>{PROSE}</td></tr></table>", 1),
        ("<table role='presentation'><tr><td>a</td><td>b</td></tr></table>", 0),
        ("<table><tr><td>menu</td></tr><tr><td>text</td></tr></table>", 0),
        (
            "<table><tr><td><table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table></td></tr></table>",
            1,
        ),
    ],
    ids=[
        "data",
        "data without a head",
        "prose beside a gap",
        "prose under a head",
        "said so",
        "one column",
        "nested",
    ],
)
def test_only_tables_that_hold_data_stay_tables(html: str, left: int) -> None:
    assert tables_left(html) == left
