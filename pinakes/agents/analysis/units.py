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

_FEWEST_WORDS = 5
_MOST_WORDS = 70


@dataclass(frozen=True)
class Unit:
    """A sentence, list item or line: characters `start` to `end` of a chunk; `kind` as in `split_sentences`."""

    file: FileRecord
    chunk: Chunk
    start: int
    end: int
    kind: str

    @property
    def text(self) -> str:
        """The words, in one line."""
        return " ".join(self.chunk.text[self.start : self.end].split())

    @property
    def telling(self) -> bool:
        """Whether this is a whole statement rather than a heading, a label or a page number."""
        words = self.text.split()
        if _ASIDE.search(self.chunk.heading):
            return False
        whole = self.kind == "item" or self.text.rstrip("\"'”’)").endswith((".", "!", "?", "。", ":"))
        lettered = sum(c.isalpha() for c in self.text) > 0.55 * len(self.text.replace(" ", ""))
        return whole and lettered and _FEWEST_WORDS <= len(words) <= _MOST_WORDS


def units_of(file: FileRecord, chunks: Sequence[Chunk]) -> list[Unit]:
    """Return a document's sentences in order; tables and descriptions are left out."""
    return [
        Unit(file, chunk, sentence.start, sentence.end, sentence.kind)
        for chunk in chunks
        if chunk.kind in {"text", "ocr"}
        for sentence in split_sentences(chunk.text)
    ]


def cite_unit(cited: Citations, unit: Unit, why: str, score: float = 1.0) -> Evidence:
    """Cite a sentence where it stands."""
    return cited.cite_chunk(unit.file, unit.chunk, unit.start, unit.end, why=why, score=score)


def shown(text: str) -> str:
    """Return a line safe to show, without the bullet or number it begins with."""
    return plain(re.sub(r"^\s*(?:[-*•‣◦▪–—·]|\(?\d{1,3}[.)]|\[[ xX]\]|[☐☑☒✓])\s+", "", text))
