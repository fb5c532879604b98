"""Documents as sentences that know where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pinakes.agents.citing import Citations
from pinakes.agents.writing.marks import plain
from pinakes.agents.writing.sentences import split_sentences
from pinakes.core.evidence import Evidence
from pinakes.core.files import Chunk, FileRecord

_ASIDE = re.compile(
    r"\b(?:acknowledg\w*|references|bibliography|imprint|contents|literature|danksagung|literatur)\b",
    re.IGNORECASE,
)
"""Headings of what is not the matter itself."""

_FEWEST_WORDS = 4
_MOST_WORDS = 70


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
        return [(heads[i] if i < len(heads) else "", value) for i, value in enumerate(values)]

    @property
    def in_place(self) -> str:
        """The words under the heading they stand under, for comparing by meaning."""
        heading = self.chunk.heading.rsplit(" > ", 1)[-1]
        return f"{heading}: {self.text}" if heading else self.text

    @property
    def text(self) -> str:
        """The words, in one line."""
        return " ".join(self.chunk.text[self.start : self.end].split())

    @property
    def telling(self) -> bool:
        """Whether this is a whole statement rather than a heading, a label or a page number."""
        words = self.text.split()
        if self.kind == "row" or _ASIDE.search(self.chunk.heading):
            return False
        whole = self.kind == "item" or self.text.rstrip("\"'”’)").endswith((".", "!", "?", "。", ":"))
        lettered = sum(c.isalpha() for c in self.text) > 0.55 * len(self.text.replace(" ", ""))
        return whole and lettered and _FEWEST_WORDS <= len(words) <= _MOST_WORDS


def units_of(file: FileRecord, chunks: Sequence[Chunk]) -> list[Unit]:
    """Return a document's sentences and table rows in order."""
    return [unit for chunk in chunks for unit in _units(file, chunk)]


def _units(file: FileRecord, chunk: Chunk) -> list[Unit]:
    if chunk.kind == "table":
        lines = list(re.finditer(r"[^\n]*\|[^\n]*", chunk.text))
        head = lines[0][0] if len(lines) > 1 else ""
        rows = lines[1:] if head else lines
        return [Unit(file, chunk, m.start(), m.end(), "row", head) for m in rows]
    if chunk.kind not in {"text", "ocr"}:
        return []
    return [Unit(file, chunk, s.start, s.end, s.kind) for s in split_sentences(chunk.text)]


def cite_unit(cited: Citations, unit: Unit, why: str, score: float = 1.0) -> Evidence:
    """Cite a sentence where it stands."""
    return cited.cite_chunk(unit.file, unit.chunk, unit.start, unit.end, why=why, score=score)


def shown(text: str) -> str:
    """Return a line safe to show, without the bullet or number it begins with."""
    return plain(re.sub(r"^\s*(?:[-*•‣◦▪–—·]|\(?\d{1,3}[.)]|\[[ xX]\]|[☐☑☒✓])\s+", "", text))
