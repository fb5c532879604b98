"""Lines to paragraphs: kept whole across line ends, apart where spacing, size, indent or a list mark says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from pinakes.ingestion.layout.columns import reading_order
from pinakes.ingestion.layout.grids import Grid, find_grids
from pinakes.ingestion.layout.shapes import Block, Row, Segment, bounds, group_rows
from pinakes.ingestion.unstructured_offline import english_words

_BULLET = re.compile(r"[•‣◦●○▪■□➢✓❖]|[–—*·\-]\s")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3}){0,3}|[a-zA-Z]|[ivx]{1,5})[.)]\s")
_CAPTION = re.compile(r"(?:fig(?:ure|\.)?|table|exhibit|abb(?:ildung|\.)|tab(?:elle|\.))\s*\d", re.IGNORECASE)
_ENDS = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*$")
_HYPHEN = re.compile(r"[^\W\d_]{2}[-\u2010]$")
_LAST_HALF = re.compile(r"([^\W\d_]+)[-\u2010]$")
_FIRST_HALF = re.compile(r"[^\W\d_]+")
_LEADS_TO_PAGE = re.compile(r"(?:\s?[.·…_]){4,}\s*(?:\d{1,4}|[ivxlc]{1,6})$")
_LABEL_LENGTH = 24
_SIZE_STEP = 1.12
_LOOSE = 1.3  # of the usual pitch: more white than this starts a paragraph
_INDENT = 0.8  # of the font size


class _Line:
    """A row of running text with what paragraphs are told apart by."""

    __slots__ = ("bold", "confidence", "mono", "pitch", "row", "size", "text", "x0", "x1", "y0", "y1")

    def __init__(self, row: Row) -> None:
        self.row = row
        self.text = row.text
        self.x0, self.y0, self.x1, self.y1 = bounds(row.segments)
        main = max(row.segments, key=lambda s: len(s.text))
        self.size = main.size
        self.bold = all(s.bold for s in row.segments)
        self.mono = 2 * sum(len(s.text) for s in row.segments if s.mono) > len(self.text)
        read = [s.confidence for s in row.segments if s.confidence is not None]
        self.confidence = min(read) if read else None

    @property
    def is_item(self) -> bool:
        return bool(_BULLET.match(self.text) or _NUMBERED.match(self.text))


def page_blocks(segments: list[Segment]) -> list[Block]:
    """Return the blocks of a page, or of what stands upright on it, in reading order."""
    return _gathered(block for region in reading_order(segments) for block in _region_blocks(region))


def _gathered(blocks: Iterable[Block]) -> list[Block]:
    """Put scraps that follow each other, such as the labels of a chart, into one block."""
    result: list[Block] = []
    for block in blocks:
        last = result[-1] if result else None
        if last is not None and _is_label(block) and _is_label(last):
            result[-1] = _together(last, block)
        else:
            result.append(block)
    return result


def _is_label(block: Block) -> bool:
    return block.rows is None and block.label


def _together(a: Block, b: Block) -> Block:
    box = (min(a.box[0], b.box[0]), min(a.box[1], b.box[1]), max(a.box[2], b.box[2]), max(a.box[3], b.box[3]))
    return replace(a, text=f"{a.text} {b.text}", box=box, lines=a.lines + b.lines, bold=a.bold and b.bold)


def _region_blocks(region: list[Segment]) -> Iterator[Block]:
    lines: list[_Line] = []
    for part in find_grids(group_rows(region)):
        if isinstance(part, Row):
            lines.append(_Line(part))
            continue
        yield from _paragraphs(lines)
        lines = []
        yield _table(part)
    yield from _paragraphs(lines)


def _table(grid: Grid) -> Block:
    read = [s.confidence for s in grid.segments if s.confidence is not None]
    return Block(
        text="",
        box=bounds(grid.segments),
        size=median(s.size for s in grid.segments),
        rows=grid.cells,
        lines=grid.header_rows,
        confidence=min(read) if read else None,
    )


def _paragraphs(lines: list[_Line]) -> Iterator[Block]:
    if not lines:
        return
    right = sorted(line.x1 for line in lines)[int(0.9 * (len(lines) - 1))]
    pitch = _usual_pitch(lines)
    taken = [lines[0]]
    above = float("inf")
    for number, (last, line) in enumerate(pairwise(lines), 1):
        following = lines[number + 1] if number + 1 < len(lines) else None
        if _parts(taken, line, following, right, pitch):
            yield _block(taken, above)
            above = (line.y0 - last.y1) / max(line.size, 1.0)
            taken = []
        taken.append(line)
    yield _block(taken, above)


def _usual_pitch(lines: Sequence[_Line]) -> float:
    """The usual distance of lines in font sizes: the lower quartile, as white between paragraphs is wider."""
    steps = sorted(
        (b.y1 - a.y1) / max(b.size, 1.0)
        for a, b in pairwise(lines)
        if 0 < b.y1 - a.y1 < 3 * b.size and b.size < _SIZE_STEP * a.size
    )
    return min(max(steps[len(steps) // 4], 0.9), 1.9) if steps else 1.25


def _parts(taken: list[_Line], line: _Line, following: _Line | None, right: float, pitch: float) -> bool:
    """Whether a paragraph ends before this line."""
    last = taken[-1]
    if line.mono and last.mono:
        return line.y0 - last.y1 > line.size
    larger, smaller = max(line.size, last.size), max(min(line.size, last.size), 0.1)
    if larger / smaller > _SIZE_STEP and not _is_scrap(line, last):
        return True
    if (line.y1 - last.y1) / max(larger, 1.0) > _LOOSE * pitch:
        return True
    if (
        line.bold != last.bold
        and not _is_scrap(line, last)
        and not _hangs(taken, line)
        and not _runs_on(last, line)
    ):
        return True
    if _CAPTION.match(line.text) and _ENDS.search(last.text):
        return True
    if _LEADS_TO_PAGE.search(last.text):
        return True
    if line.is_item and (taken[0].is_item or _ENDS.search(last.text) or abs(line.x0 - last.x0) > 2):
        return True
    return _is_shifted(taken, line, following) or _ends_early(taken, line, right)


def _is_scrap(line: _Line, last: _Line) -> bool:
    """A few characters, as in formulas, say nothing about the font of a paragraph."""
    return min(len(line.text), len(last.text)) <= 3


def _runs_on(last: _Line, line: _Line) -> bool:
    """A sentence goes on over the line's end, whichever of its words are set in bold."""
    return not _ENDS.search(last.text) and line.text[:1].islower() and abs(line.x0 - last.x0) < line.size


def _hangs(taken: list[_Line], line: _Line) -> bool:
    """The line goes on with an item whose first words are set in bold."""
    return taken[0].is_item and line.x0 > taken[0].x0 + 2 and not line.is_item


def _is_shifted(taken: list[_Line], line: _Line, following: _Line | None) -> bool:
    """A first line is indented, or stands out where the lines of the last paragraph hang."""
    last, step = taken[-1], _INDENT * line.size
    if line.x0 - last.x0 > step:
        hangs = len(taken) == 1 and (
            last.is_item or (following is not None and following.x0 > last.x0 + step)
        )
        returns = following is None or following.x0 < line.x0 - 0.5 * step
        return not hangs and returns and bool(_ENDS.search(last.text))
    if last.x0 - line.x0 > step:
        return len(taken) > 1 or taken[0].is_item
    return False


def _ends_early(taken: list[_Line], line: _Line, right: float) -> bool:
    """The last line ended a sentence though the next word would have fitted on it."""
    last = taken[-1]
    if not _ENDS.search(last.text) or line.text[:1].islower():
        return False
    first_word = line.text.split(" ", 1)[0]
    width = (line.x1 - line.x0) * len(first_word) / max(len(line.text), 1)
    return last.x1 + width + line.size < right


def _block(lines: list[_Line], above: float) -> Block:
    segments = [s for line in lines for s in line.row.segments]
    weight = {line.size: 0 for line in lines}
    for line in lines:
        weight[line.size] += len(line.text)
    read = [line.confidence for line in lines if line.confidence is not None]
    mono = all(line.mono for line in lines)
    text = _code(lines) if mono and len(lines) > 1 else join_lines([line.text for line in lines])
    return Block(
        text=text,
        box=bounds(segments),
        size=max(weight, key=lambda size: weight[size]),
        bold=all(line.bold for line in lines),
        mono=mono,
        lines=len(lines),
        space_above=above,
        label=_is_sign(text),
        confidence=sum(read) / len(read) if read else None,
    )


def _is_sign(text: str) -> bool:
    """Numbers, units and signs rather than words."""
    letters = sum(map(str.isalpha, text))
    return len(text) <= _LABEL_LENGTH and (letters < 0.34 * len(text) or len(text) <= 2)


def _code(lines: list[_Line]) -> str:
    """Lines of code, indented as they stand."""
    left = min(line.x0 for line in lines)
    widths = [(line.x1 - line.x0) / len(line.text) for line in lines if line.text]
    letter = max(median(widths), 1.0)
    return "\n".join(" " * min(round((line.x0 - left) / letter), 60) + line.text for line in lines)


def join_lines(lines: Sequence[str]) -> str:
    """Return lines as running text; a word parted by a hyphen at a line's end is put together again."""
    text = lines[0]
    for line in lines[1:]:
        if _HYPHEN.search(text) and line[:1].islower() and not _is_compound(text, line):
            text = text[:-1] + line
        elif text.endswith(("-", "\u2010")) and not text.endswith(" -"):
            text += line
        else:
            text = f"{text} {line}"
    return text


def _is_compound(text: str, line: str) -> bool:
    """The hyphen is the word's own: both halves are words, and no word comes of them without it."""
    first, second = _LAST_HALF.search(text), _FIRST_HALF.match(line)
    if first is None or second is None:
        return False
    known = english_words()
    halves = first.group(1).lower(), second.group().lower()
    return "".join(halves) not in known and all(len(half) > 2 and half in known for half in halves)
