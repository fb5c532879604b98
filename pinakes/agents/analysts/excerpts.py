"""Passages as a model is shown them: numbered, and as many at once as it takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pinakes.agents.citing import name_of
from pinakes.core.files import Chunk, FileRecord
from pinakes.core.prompts import Data
from pinakes.ports.language_model import LanguageModel

_TAGS = 24
"""Tokens that the tags around a passage take."""

_ANSWER = 4_000
"""Tokens kept free for the answer, or a quarter of what the model takes where that is less."""


@dataclass(frozen=True)
class Excerpt:
    """A passage under the id by which a model may refer to it."""

    id: str
    file: FileRecord
    chunk: Chunk

    def data(self, *, named: bool) -> Data:
        """Return it as a prompt's part; `named` tells its file as well as its page."""
        page = f"p. {self.chunk.page_start}" if self.chunk.page_start else ""
        source = ", ".join(part for part in (name_of(self.file) if named else "", page) if part)
        return Data(id=self.id, text=self.chunk.text, source=source)


def numbered(passages: Iterable[tuple[FileRecord, Chunk]]) -> list[Excerpt]:
    """Return passages with words in them as D1, D2 …; what is recorded of a file is no passage."""
    telling = [(f, c) for f, c in passages if c.kind != "facts" and c.text.strip()]
    return [Excerpt(f"D{n}", file, chunk) for n, (file, chunk) in enumerate(telling, 1)]


def shown(excerpts: Sequence[Excerpt]) -> tuple[Data, ...]:
    """Return excerpts as parts of a prompt."""
    named = len({e.file.id for e in excerpts}) > 1
    return tuple(e.data(named=named) for e in excerpts)


def room(model: LanguageModel, *words: str) -> int:
    """Return how many tokens of data fit into a call beside its words and the answer."""
    context = model.capabilities.context_tokens
    return context - min(_ANSWER, context // 4) - sum(model.count_tokens(w) for w in words)


def packed(parts: Sequence[Data], model: LanguageModel, tokens: int) -> list[list[int]]:
    """Return the places of parts in as few runs as fit into so many tokens each; a part too long stands alone."""
    runs: list[list[int]] = []
    left = 0
    for place, part in enumerate(parts):
        size = model.count_tokens(part.text) + _TAGS
        if not runs or size > left:
            runs.append([])
            left = tokens
        runs[-1].append(place)
        left -= size
    return runs
