"""A report in memory, before it becomes a file: plain words, pictures, tables and the sources behind them.

No text in it is markup. Renderers escape all of it, so words of a file never act in the report's file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pinakes.core.files import Box


@dataclass(frozen=True)
class Sentence:
    """Words and the numbers of the sources they stand on; `lead` is set off before them."""

    text: str
    cites: tuple[int, ...] = ()
    lead: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Sentences that follow each other."""

    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[Sentence, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: one heading and one cell a column; `note` tells what was left out."""

    caption: Sentence
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    number: int = 0

    @property
    def columns(self) -> int:
        """How many columns the widest row has."""
        return max((len(row) for row in (self.head, *self.rows)), default=0)

    def filled(self, row: tuple[str, ...]) -> tuple[str, ...]:
        """Return a row with as many cells as the table has columns."""
        return (*row, *("" for _ in range(self.columns - len(row))))

    def is_numeric(self, column: int) -> bool:
        """Return whether a column holds numbers, which are set to the right."""
        cells = [cell for row in self.rows if column < len(row) and (cell := row[column].strip())]
        return bool(cells) and all(sum(c.isdigit() for c in cell) * 2 >= len(cell) for cell in cells)


@dataclass(frozen=True)
class Figure:
    """A picture with its caption; width and height in pixels."""

    caption: Sentence
    content: bytes
    content_type: str  # image/jpeg | image/png
    width: int
    height: int
    number: int = 0


Block = Paragraph | Bullets | Grid | Figure


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it; `level` 2 is part of the section before it."""

    heading: str
    blocks: tuple[Block, ...]
    level: int = 1


@dataclass(frozen=True)
class Source:
    """One entry of the list of sources: a page of a file, or a whole file; `places` are the boxes cited on it."""

    number: int
    file_id: str
    filename: str
    title: str = ""
    page: int | None = None
    detail: str = ""  # in words: "p. 3, top"
    places: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Report:
    """A report: everything that any of its files shows."""

    title: str
    language: str
    made: date
    scope: str
    sections: tuple[Section, ...]
    sources: tuple[Source, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def blocks(self) -> Iterator[Block]:
        """All blocks in order."""
        return (block for section in self.sections for block in section.blocks)


def laid_out(blocks: Sequence[Block]) -> Iterator[Block | tuple[Figure, Figure]]:
    """Yield blocks as they are laid out: pictures that follow each other stand side by side."""
    waiting: Figure | None = None
    for block in blocks:
        if isinstance(block, Figure) and waiting is not None:
            yield waiting, block
            waiting = None
        elif isinstance(block, Figure):
            waiting = block
        else:
            if waiting is not None:
                yield waiting
            waiting = None
            yield block
    if waiting is not None:
        yield waiting


def numbered(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Return the sections with figures and tables numbered in reading order."""
    counts = {Figure: 0, Grid: 0}
    done: list[Section] = []
    for section in sections:
        blocks: list[Block] = []
        for block in section.blocks:
            if isinstance(block, Figure | Grid):
                counts[type(block)] += 1
                blocks.append(replace(block, number=counts[type(block)]))
            else:
                blocks.append(block)
        done.append(replace(section, blocks=tuple(blocks)))
    return tuple(done)
