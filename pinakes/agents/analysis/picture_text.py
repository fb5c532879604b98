"""The text that was read off a picture, and the lines of it that bear on a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pinakes.agents.analysis.closeness import closeness
from pinakes.agents.queries import lexicon
from pinakes.agents.queries.names import stem
from pinakes.core.files import Chunk
from pinakes.ports.embedder import Embedder

SHORT = 240
"""Characters up to which a picture's text is given whole."""

_BEST_LINES = 4
_NEAR = 0.35
"""Cosine from which a line bears on a question that shares no word with it."""


@dataclass(frozen=True)
class Line:
    """A line of text in a picture: characters `start` to `end` of a chunk."""

    chunk: Chunk
    start: int
    end: int

    @property
    def text(self) -> str:
        """The line itself."""
        return self.chunk.text[self.start : self.end]


def lines_of(chunks: Sequence[Chunk]) -> list[Line]:
    """Return the lines of text that OCR read, in reading order; without any, those that a model read."""
    kind = "ocr" if any(chunk.kind == "ocr" for chunk in chunks) else "visible_text"
    return [
        Line(chunk, match.start(), match.end())
        for chunk in chunks
        if chunk.kind == kind
        for match in re.finditer(r"[^\s][^\n]*", chunk.text)
    ]


async def telling_lines(question: str, lines: Sequence[Line], embedder: Embedder) -> list[Line]:
    """Return the lines that bear on a question with the one that follows each; all of them when they are few."""
    if sum(len(line.text) for line in lines) <= SHORT:
        return list(lines)
    asked = _words(question)
    shared = [len(asked & _words(line.text)) for line in lines]
    near = await closeness(question, [line.text for line in lines], embedder)
    value = [s + n for s, n in zip(shared, near, strict=True)]
    ranked = sorted(range(len(lines)), key=lambda i: -value[i])
    best = [i for i in ranked if shared[i] or near[i] >= _NEAR][:_BEST_LINES] or ranked[:_BEST_LINES]
    kept = sorted({j for i in best for j in (i, i + 1) if j < len(lines)})
    return [lines[i] for i in kept]


def _words(text: str) -> set[str]:
    found = (w.casefold() for w in re.findall(r"[^\W_]+", text))
    return {stem(w) for w in found if w not in lexicon.ASKING and len(w) > 1}
