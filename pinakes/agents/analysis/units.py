"""Documents as sentences that know where they stand."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pinakes.agents.citing import Citations
from pinakes.agents.passages import is_bibliography, names_source
from pinakes.agents.writing.marks import plain
from pinakes.agents.writing.sentences import split_sentences
from pinakes.core.evidence import Evidence
from pinakes.core.files import Chunk, FileRecord

_ASIDE = re.compile(
    r"\b(?:acknowledg\w*|references|bibliography|imprint|contents|literature|danksagung|literatur)\b",
    re.IGNORECASE,
)
"""Headings of what is not the matter itself."""

_IMPRINT = re.compile(
    r"©|\(c\) \d{4}|\bcopyright\b.*\d{4}|\ball rights reserved\b|\bISBN\b|\bISSN\b", re.IGNORECASE
)
_STATED = re.compile(r"(?<![.…])[.!。！][\"'”’)\]]*(?:\[\d+\])?$")
_FOOTNOTED = re.compile(r"(?<=[^\W\d_][.!?])(?:\[\d+\])+\s+(?=[\"“‘(]?[A-ZÀ-Þ])")
"""The gap after a sentence that ends in a number of a footnote."""

_FEWEST_WORDS = 4
_MOST_WORDS = 70
_LONGEST_LINE = 300
_WORDED = 0.4


@dataclass(frozen=True)
class Unit:
    """A sentence, list item, line or table row: characters `start` to `end` of a chunk.

    `kind` is as in `split_sentences`, or "row"; `head` is the first row of a row's table.
    """

    file: FileRecord
    chunk: Chunk
    start: int
    end: int
    kind: str
    head: str = ""

    @property
    def cells(self) -> list[tuple[str, str]]:
        """The cells of a row, each with its column's heading; of anything else the text alone."""
        if self.kind != "row":
            return [("", self.text)]
        values, heads = self.text.split(" | "), self.head.split(" | ")
        if 1 < len(values) < len(heads):  # empty cells left out, as in a row of totals
            heads = [heads[0], *heads[1 - len(values) :]]
        return [(heads[i] if i < len(heads) else "", value) for i, value in enumerate(values)]

    @property
    def in_place(self) -> str:
        """The words under the heading they stand under, for comparing by meaning."""
        heading = self.chunk.heading.rsplit(" > ", 1)[-1]
        return f"{heading}: {self.text}" if heading else self.text

    @cached_property
    def text(self) -> str:
        """The words, in one line."""
        return " ".join(self.chunk.text[self.start : self.end].split())

    @property
    def worded(self) -> bool:
        """Whether there is more in it to read than figures."""
        return sum(c.isalpha() for c in self.text) > _WORDED * len(self.text.replace(" ", ""))

    @property
    def aside(self) -> bool:
        """Whether this is a source or an imprint, or stands where sources and thanks are."""
        heading = self.chunk.heading.rsplit(" > ", 1)[-1]
        listed = names_source(self.text) or _IMPRINT.search(self.text) or is_bibliography(self.chunk.text)
        return bool(listed) or _ASIDE.search(heading) is not None

    @cached_property
    def telling(self) -> bool:
        """Whether this is a whole statement rather than a heading, a label, a source or a page number."""
        text = self.text
        named = re.match(r"(?:[—–]|--)\s*\w", text) is not None  # whose words those before were
        broken = named or (self.kind != "item" and text[:1].islower())  # begins in the middle of a sentence
        if self.kind == "row" or broken or text.isupper() or self.aside:
            return False
        ended = _STATED.search(text) is not None
        lettered = sum(c.isalpha() for c in text) > 0.55 * len(text.replace(" ", ""))
        return (
            (ended or self.kind == "item")
            and lettered
            and _FEWEST_WORDS <= text.count(" ") + 1 <= _MOST_WORDS
        )


def thinned(chunks: Sequence[Chunk], most: int, kept: Container[str] = ()) -> list[Chunk]:
    """Return at most about so many chunks, evenly spread, and those whose ids must be kept."""
    step = max(1, -(-len(chunks) // most))
    return [chunk for place, chunk in enumerate(chunks) if place % step == 0 or chunk.id in kept]


def units_of(file: FileRecord, chunks: Sequence[Chunk]) -> list[Unit]:
    """Return a document's sentences and table rows in order."""
    return [unit for chunk in chunks for unit in _units(file, chunk)]


def _units(file: FileRecord, chunk: Chunk) -> list[Unit]:
    if chunk.kind == "table":
        lines = list(re.finditer(r"[^\n]*\|[^\n]*", chunk.text))
        head = lines[0][0] if len(lines) > 1 else ""
        rows = lines[1:] if head else lines
        return [Unit(file, chunk, m.start(), m.end(), "row", head) for m in rows]
    if chunk.kind == "facts":
        return []
    return [
        Unit(file, chunk, start, end, s.kind)
        for s in split_sentences(chunk.text)
        for start, end in _between_footnotes(chunk.text, s.start, s.end)
    ]


def _between_footnotes(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a stretch that runs on over numbers of footnotes ("… won.[3] In May …")."""
    for gap in _FOOTNOTED.finditer(text, start, end):
        yield start, gap.end() - len(gap[0]) + len(gap[0].rstrip())
        start = gap.end()
    yield start, end


def cite_unit(cited: Citations, unit: Unit, why: str, score: float = 1.0) -> Evidence:
    """Cite a sentence where it stands."""
    return cited.cite_chunk(unit.file, unit.chunk, unit.start, unit.end, why=why, score=score)


def shown(text: str, around: str = "", most: int = _LONGEST_LINE) -> str:
    """Return a line safe to show, without the bullet or number it begins with, cut around what matters in it."""
    line = plain(re.sub(r"^\s*(?:\[\d{1,3}\]|[-*•‣◦▪–—·]|\(?\d{1,3}[.)]|\[[ xX]\]|[☐☑☒✓])\s+", "", text))
    if len(line) <= most:
        return line
    place = max(0, line.find(around) - most // 2) if around else 0
    start = line.rfind(" ", 0, place) + 1 if place else 0
    piece = line[start : start + most].rsplit(" ", 1)[0]
    return f"{'… ' if start else ''}{piece}{' …' if start + len(piece) < len(line) else ''}"
