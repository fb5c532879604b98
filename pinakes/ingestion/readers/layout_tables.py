"""Tables that web pages use to place things, told from tables that hold data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_PROSE = 500
"""Characters in one cell that make it running text rather than a value."""
_PARTS = frozenset(("thead", "tbody", "tfoot", "tr", "td", "th", "colgroup", "col", "center"))


def unfold_layout_tables(root: Any) -> None:
    """Turn every table of an lxml tree that only places things into plain blocks, in place."""
    tables = [node for node in root.iter("table") if _places_things(node)]
    for table in tables:
        for node in [table, *_own(table)]:
            node.tag = "div"
            node.attrib.pop("role", None)


def _places_things(table: Any) -> bool:
    if table.get("role") in ("presentation", "none"):
        return True
    if any(True for _ in table.iterdescendants("table")):
        return True
    rows = [[len(text) for text in _texts(row)] for row in _own(table) if row.tag == "tr"]
    if any(size > _PROSE for row in rows for size in row):
        return not any(node.tag == "th" for node in _own(table))
    return bool(rows) and all(sum(size > 0 for size in row) <= 1 for row in rows)


def _texts(row: Any) -> Iterator[str]:
    for cell in row:
        if cell.tag in ("td", "th"):
            yield " ".join(cell.text_content().split())


def _own(table: Any) -> Iterator[Any]:
    """Yield the parts of a table without those of tables inside it."""
    for child in table:
        if child.tag in _PARTS:
            yield child
            yield from _own(child)
