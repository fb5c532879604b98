"""Tables between html and plain text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from pinakes.ingestion.readers.clean import one_line


def rows_of(html: str) -> list[tuple[list[str], bool]]:
    """Return the rows of a table as cell texts, and whether each is a header row (only `th` cells)."""
    from lxml import etree
    from lxml.html import fromstring

    try:
        table = fromstring(html)
    except (etree.ParserError, ValueError):
        return []
    rows: list[tuple[list[str], bool]] = []
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        texts = [one_line(" ".join(cell.itertext())) for cell in cells]
        if any(texts):
            rows.append((texts, all(cell.tag == "th" for cell in cells)))
    return rows


def text_of(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines with cells parted by bars; empty cells are left out."""
    return "\n".join(line for line in (" | ".join(cell for cell in row if cell) for row in rows) if line)


def html_of(rows: Sequence[Sequence[str]], header_rows: int = 0) -> str:
    """Return rows as a table; the first `header_rows` get `th` cells."""
    parts = ["<table>"]
    for number, row in enumerate(rows):
        tag = "th" if number < header_rows else "td"
        parts.append("<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) + "</tr>")
    parts.append("</table>")
    return "".join(parts)
