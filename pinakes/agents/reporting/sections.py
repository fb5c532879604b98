"""The sections of a report: quoted sentences as paragraphs and lists, tables whole, pictures where they belong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pinakes.agents.citing import LONGEST_QUOTE, locate
from pinakes.agents.reporting.choosing import Quoted
from pinakes.agents.reporting.document import Block, Bullets, Grid, Paragraph, Sentence
from pinakes.agents.reporting.material import Found
from pinakes.agents.reporting.outline import heading_of
from pinakes.agents.reporting.sources import Ledger
from pinakes.agents.reporting.words import Words
from pinakes.agents.writing.marks import plain
from pinakes.agents.writing.tables import Row, is_contents, table_rows
from pinakes.core.evidence import Evidence
from pinakes.core.files import Chunk, FileRecord, MediaType

_BULLET = re.compile(r"^\s*(?:[-*•‣◦▪–—·]|\(?\d{1,3}[.)]|\(?[a-z][.)]|\[[ xX]\]|[☐☑☒✓])\s+")
MOST_ROWS = 25
_MOST_SINGLE = 2


@dataclass(frozen=True)
class Desk:
    """What sections are written with: the list of sources and the fixed words."""

    ledger: Ledger
    words: Words


def evidence_of(file: FileRecord, chunk: Chunk, start: int, end: int, score: float = 1.0) -> Evidence:
    """Return the evidence that characters `start` to `end` of a chunk are."""
    return Evidence(
        id=f"{chunk.id}:{start}",
        media_type=file.media_type,
        file_id=file.id,
        filename=file.filename,
        chunk_id=chunk.id,
        quote=chunk.text[start : min(end, start + LONGEST_QUOTE)],
        locator=locate(chunk, start, end),
        score=min(1.0, score),
    )


def evidence_of_file(file: FileRecord, why: str = "") -> Evidence:
    """Return the evidence that a file as a whole is."""
    return Evidence(
        id=file.id, media_type=file.media_type, file_id=file.id, filename=file.filename, score=1.0, why=why
    )


def prose(quoted: Sequence[Quoted], desk: Desk) -> list[Block]:
    """Return sentences as paragraphs, one a file, items of lists as lists; many single sentences make a list too."""
    runs = [list(_stretches(run)) for run in _runs(quoted)]
    single = [s[0] for run in runs if len(run) == 1 and len(s := run[0]) == 1]
    if len(single) <= _MOST_SINGLE:
        return [_block(stretch, desk) for run in runs for stretch in run]
    blocks = [_block(s, desk) for run in runs for s in run if not any(s[0] is item for item in single)]
    return [*blocks, Bullets(tuple(_sentence(item, desk) for item in single))]


def led(quoted: Sequence[Quoted], desk: Desk) -> list[Block]:
    """Return single sentences as a list, each after the heading that it stands under in its file."""
    items = []
    for item in (item for run in _runs(quoted) for item in run):
        heading = heading_of(item)
        items.append(_sentence(item, desk, f"{heading}:" if heading else ""))
    return [Bullets(tuple(items))] if items else []


def _runs(quoted: Sequence[Quoted]) -> Iterator[list[Quoted]]:
    """Yield the sentences of each file in its order, files with the weightiest sentences first."""
    best: dict[str, float] = {}
    for item in quoted:
        best[item.unit.file.id] = max(item.weight, best.get(item.unit.file.id, -1.0))
    for file_id in sorted(best, key=lambda i: (-best[i], i)):
        own = [item for item in quoted if item.unit.file.id == file_id]
        yield sorted(own, key=lambda item: (item.unit.chunk.ordinal, item.unit.start))


def _stretches(run: Sequence[Quoted]) -> Iterator[list[Quoted]]:
    """Yield the sentences that make one block: prose, or items of lists."""
    stretch: list[Quoted] = []
    for item in run:
        if stretch and (item.unit.kind == "prose") != (stretch[-1].unit.kind == "prose"):
            yield stretch
            stretch = []
        stretch.append(item)
    if stretch:
        yield stretch


def _block(stretch: Sequence[Quoted], desk: Desk) -> Block:
    sentences = tuple(_sentence(q, desk) for q in stretch)
    if stretch[0].unit.kind == "prose" or len(sentences) == 1:
        return Paragraph(sentences)
    return Bullets(sentences)


def line_of(item: Quoted) -> str:
    """Return a sentence as its file has it, on one line, without the bullet before it."""
    unit = item.unit
    return plain(_BULLET.sub("", unit.chunk.text[unit.start : unit.end]))


def _sentence(item: Quoted, desk: Desk, lead: str = "") -> Sentence:
    unit = item.unit
    evidence = evidence_of(unit.file, unit.chunk, unit.start, unit.end, item.weight)
    return desk.ledger.sentence(line_of(item), [evidence], lead)


def listed(quoted: Sequence[Quoted], desk: Desk) -> Bullets:
    """Return sentences as a list, weightiest first."""
    return Bullets(tuple(_sentence(q, desk) for q in quoted))


def is_table(found: Found) -> bool:
    """Return whether a passage is a table that is worth showing."""
    if found.chunk.kind != "table" or found.file.media_type is MediaType.IMAGE:
        return False
    rows = table_rows(found.chunk.html or "")
    return len(rows) > 1 and max(len(row) for row in rows) > 1 and not is_contents(rows)


def table_blocks(found: Sequence[Found], desk: Desk) -> list[Block]:
    """Return tables of documents, in reading order; one that a file's reading cut in two is whole again."""
    order = {f.file.id: n for n, f in reversed(list(enumerate(found)))}
    runs: list[list[Found]] = []
    for item in sorted(found, key=lambda f: (order[f.file.id], f.chunk.ordinal)):
        last = runs[-1][-1] if runs else None
        follows = (
            last is not None and last.file.id == item.file.id and last.chunk.ordinal + 1 == item.chunk.ordinal
        )
        if follows and last is not None and _rows(last)[0] == _rows(item)[0]:
            runs[-1].append(item)
        else:
            runs.append([item])
    return [_table(run, desk) for run in runs]


def _table(parts: Sequence[Found], desk: Desk) -> Grid:
    first = parts[0]
    name, rows = _named_rows(_rows(first))
    body = [*rows[1:], *(row for part in parts[1:] for row in _rows(part)[1:])]
    left = len(body) - MOST_ROWS
    name = name or plain(first.chunk.heading.rsplit(" > ", 1)[-1]) or first.file.title or first.file.filename
    name = _NUMBER.sub("", name)
    evidence = [evidence_of(p.file, p.chunk, 0, len(p.chunk.text), p.score) for p in parts]
    return Grid(
        caption=desk.ledger.sentence(name[:1].upper() + name[1:], evidence),
        head=rows[0],
        rows=tuple(body[:MOST_ROWS]),
        note=desk.words.count("more_rows", left) if left > 0 else "",
    )


_NUMBER = re.compile(
    r"^\s*(?:(?:\d+\.)*\d+\.?\s+|(?:table|tabelle|tabla|tableau|表)\s*\d+\W*)", re.IGNORECASE
)


def _rows(found: Found) -> list[Row]:
    return [tuple(plain(cell) for cell in row) for row in table_rows(found.chunk.html or "")]


def _named_rows(rows: list[Row]) -> tuple[str, list[Row]]:
    """Return a table's name, where a row over its head gives it, and its rows from the head on."""
    width = max(sum(bool(cell) for cell in row) for row in rows)
    start, name = 0, ""
    while len(rows) - start > 2 and 2 * sum(bool(cell) for cell in rows[start]) <= width:
        said = [cell for cell in rows[start] if cell]
        name = said[0] if len(said) == 1 else name
        start += 1
    return name, rows[start:]
