"""What the blocks of a PDF are: judged by their font against the document's body, then by their words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pinakes.core.files import Element
from pinakes.ingestion.layout.shapes import Block
from pinakes.ingestion.readers.clean import one_line, shorten_leaders
from pinakes.ingestion.readers.tables import html_of, text_of
from pinakes.ingestion.unstructured_offline import classify

_LARGER = 1.15  # than the body: a heading, if it is short
_LARGER_READ_OFF = 1.5  # sizes read off pixels are rough
_STEP = 0.92  # headings whose sizes differ less are of one level
_HEADING_WORDS = 25
_BOLD_HEADING_WORDS = 16
_DEEPEST_LEVEL = 6
_BULLET = re.compile(r"(?:[•‣◦●○▪■□➢✓❖·]|[–—*-](?=\s))\s*")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]\s+\S")
_CAPTION = re.compile(
    r"(?i:fig(?:ure|\.)?|table|exhibit|plate|chart|abb(?:ildung|\.)|tab(?:elle|\.)|그림|표|図|表|图)\s*"
    r"[\dIVX]+(?:[.\-]\d+)*\s*(?:[.:|–—-]|\s[A-Z(])"
)
_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}\.?\s+[^\W\d_][^.!?;]{2,80}")
_MATHS = re.compile(r"[=<>≤≥≈≠∈∉⊂⊆∪∩∑∏∫√∂∇±×÷∞→⇒∀∃|^_α-ωΓΔΘΛΞΠΣΦΨΩ]")
_WORD = re.compile(r"[^\W\d_]{3,}")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(slots=True)
class PageBlocks:
    """The blocks of a page in reading order; boxes are still in points."""

    number: int
    width: float
    height: float
    heads: list[Block] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)
    feet: list[Block] = field(default_factory=list)
    ocr: bool = False


def elements_of(pages: Sequence[PageBlocks]) -> Iterator[Element]:
    """Yield the elements of a document, page by page."""
    style = _Style(block for page in pages for block in page.body)
    for page in pages:
        yield from (_element(block, "Header", page, style) for block in page.heads)
        for block in page.body:
            yield _element(block, _kind(block, style), page, style)
        yield from (_element(block, "Footer", page, style) for block in page.feet)


class _Style:
    """The body's font size and weight, and the sizes of headings above it."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        sizes: Counter[float] = Counter()
        bold = total = 0
        headings: Counter[float] = Counter()
        for block in blocks:
            length = len(block.text)
            total += length
            bold += length * block.bold
            sizes[_rounded(block.size)] += length
            headings[_rounded(block.size)] += len(block.text.split()) <= _HEADING_WORDS
        self.body = sizes.most_common(1)[0][0] if sizes else 10.0
        self.bold = bold > total / 2
        self.larger = _steps(
            size for size, number in headings.items() if number and size >= _LARGER * self.body
        )

    def level(self, size: float) -> int:
        above = sum(1 for larger in self.larger if larger * _STEP > _rounded(size))
        return min(above + 1, _DEEPEST_LEVEL)


def _steps(sizes: Iterable[float]) -> list[float]:
    """The sizes that are clearly apart, largest first."""
    steps: list[float] = []
    for size in sorted(sizes, reverse=True):
        if not steps or size < _STEP * steps[-1]:
            steps.append(size)
    return steps


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _kind(block: Block, style: _Style) -> str:
    if block.rows is not None:
        return "Table"
    if _CAPTION.match(block.text):
        return "FigureCaption"
    if block.mono and block.lines > 1:
        return "CodeSnippet"
    if _is_heading(block, style):
        return "Title"
    if _is_formula(block.text):
        return "Formula"
    if _BULLET.match(block.text) or _NUMBERED.match(block.text):
        return "ListItem"
    kind = classify(block.text)
    return kind if kind in ("NarrativeText", "ListItem") else "UncategorizedText"


def _is_heading(block: Block, style: _Style) -> bool:
    text = block.text
    words = text.split()
    if len(_LETTER.findall(text)) < 2 or len(words) > _HEADING_WORDS or block.lines > 4:
        return False
    if _BULLET.match(text) or text.endswith((",", ";")) or (text.endswith(".") and len(words) > 8):
        return False
    larger = _LARGER_READ_OFF if block.confidence is not None else _LARGER
    if _rounded(block.size) >= larger * style.body:
        return True
    if block.size < 0.95 * style.body or len(words) > _BOLD_HEADING_WORDS or text[0].islower():
        return False
    if block.bold and not style.bold and not text.endswith("."):
        return True
    return _is_numbered_heading(block) or _is_capitals(block)


def _is_numbered_heading(block: Block) -> bool:
    return block.lines == 1 and block.space_above > 0.4 and bool(_SECTION.fullmatch(block.text))


def _is_capitals(block: Block) -> bool:
    shouted = block.text.isupper() and block.lines == 1 and len(block.text) < 80
    return (
        shouted
        and bool(_WORD.search(block.text))
        and block.space_above > 0.4
        and classify(block.text) == "Title"
    )


def _is_formula(text: str) -> bool:
    return bool(_MATHS.search(text)) and len(_WORD.findall(text)) * 6 < len(text.split()) + 4


def _element(block: Block, kind: str, page: PageBlocks, style: _Style) -> Element:
    x0, y0, x1, y1 = block.box
    rows = [[one_line(cell) for cell in row] for row in block.rows or ()]
    text = text_of(rows) if rows else shorten_leaders(block.text)
    if kind == "ListItem":
        text = _BULLET.sub("", text, count=1) or text
    return Element(
        type=kind,
        text=text,
        page=page.number,
        box=(x0 / page.width, y0 / page.height, x1 / page.width, y1 / page.height),
        html=html_of(rows, block.lines) if rows else None,
        confidence=block.confidence,
        level=style.level(block.size) if kind == "Title" else None,
    )
