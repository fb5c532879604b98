"""Tables from their HTML: rows of plain text, and Markdown that keeps them whole."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser

Row = tuple[str, ...]


def table_rows(html: str) -> list[Row]:
    """Return a table's rows of cells, whitespace collapsed; the first one is taken for its head."""
    reader = _RowReader()
    reader.feed(html)
    reader.close()
    return [tuple(row) for row in reader.rows if any(row)]


def markdown_table(head: Row, rows: Sequence[Row]) -> str:
    """Return a Markdown table; rows are filled up to the widest."""
    width = max((len(row) for row in (head, *rows)), default=0)
    lines = [_line(head, width), "|" + " --- |" * width, *(_line(row, width) for row in rows)]
    return "\n".join(lines)


def row_words(head: Row, row: Row) -> str:
    """Return a row in words, each cell under its column's name."""
    named = [f"{name}: {cell}" if name else cell for name, cell in _under(head, row) if cell]
    return "; ".join(named)


def _under(head: Row, row: Row) -> list[tuple[str, str]]:
    names = (*head, *("" for _ in row[len(head) :]))
    return list(zip(names, row, strict=False))


def _line(row: Row, width: int) -> str:
    cells = [cell.replace("|", "\\|") for cell in row] + [""] * (width - len(row))
    return f"| {' | '.join(cells)} |"


def is_contents(rows: Sequence[Row]) -> bool:
    """Return whether a table is a table of contents: titles with page numbers that never go back."""
    last = [row[-1] for row in rows if row[-1]]
    pages = [int(cell) for cell in last if cell.isdigit()]
    several = len(pages) > 3 and len(pages) >= 0.9 * len(rows)
    return several and pages == sorted(pages) and all(len(row) == 2 for row in rows)


class _RowReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")
            self._open = True
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr"}:
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open and self.rows and self.rows[-1]:
            self.rows[-1][-1] = " ".join(f"{self.rows[-1][-1]} {data}".split())
