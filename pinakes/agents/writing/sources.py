"""The evidence that a model may cite: a closed set of ids, and the marks that they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from pinakes.agents.writing.marks import cited, mark, marks_for
from pinakes.agents.writing.sentences import split_sentences
from pinakes.agents.writing.telling import passages_of
from pinakes.agents.writing.verify import check_marks, occurs
from pinakes.core.chat import Passage
from pinakes.core.evidence import MARK, Evidence
from pinakes.core.plans import StepResult

_ID = re.compile(r"\[(\s*[ES]\d[^\[\]\n]{0,40})\]|\[(?=\s*[ES]\d)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]{2,}|\d")


class Cited(NamedTuple):
    """A mark, the evidence behind it, and the id of its source."""

    mark: str
    evidence: Evidence
    id: str


class Sources:
    """Passages by the ids that a model knows them by: E1 is the best one of the first step.

    Args:
        results: The steps whose passages the model may cite; their best ones take turns.
        passages: All passages of the turn.
    """

    def __init__(self, results: Sequence[StepResult], passages: Sequence[Passage]) -> None:
        found = _in_turns([passages_of(result, passages) for result in results])
        distinct: dict[tuple[str, str | None], Passage] = {}
        for passage in found:
            distinct.setdefault((passage.evidence.file_id, passage.evidence.chunk_id), passage)
        self._by_id = {f"E{n}": passage for n, passage in enumerate(distinct.values(), 1)}
        self._ids = {place: f"E{n}" for n, place in enumerate(distinct, 1)}
        self._lengths = marks_for(passage.evidence for passage in passages)
        self._evidence = [passage.evidence for passage in self._by_id.values()]

    def items(self) -> list[tuple[str, Passage]]:
        """Return the passages under their ids, best first."""
        return list(self._by_id.items())

    def passage(self, id: str) -> Passage:
        """Return a passage by its id."""
        return self._by_id[id]

    def cite(self, id: str, sentence: str) -> Cited | None:
        """Return the mark for an id, narrowed to where the passage says what the sentence does; None if unknown."""
        passage = self._by_id.get(id.upper())
        if passage is None:
            return None
        evidence = _narrowed(passage, sentence)
        return Cited(mark(evidence, self._lengths), evidence, id.upper())

    def meant(self, written: str) -> Cited | None:
        """Return what a mark that was written out stands for; None when there is no evidence behind it."""
        checked = check_marks(written, self._evidence).citations
        return self.cite(self._id_of(checked[0].evidence), "") if checked else None

    def labelled(self, result: StepResult) -> str:
        """Return an agent's words with ids in place of its marks."""
        text, known = check_marks(inert(result.text, marks=False), result.evidence)[:2]
        for citation in known:
            id = self._id_of(citation.evidence)
            text = text.replace(citation.mark, f"[{id}]" if id else "", 1)
        return text

    def _id_of(self, evidence: Evidence) -> str:
        return self._ids.get((evidence.file_id, evidence.chunk_id), "")


def inert(text: str, *, marks: bool = True) -> str:
    """Return text of a file in which nothing looks like an id or, with `marks`, like a mark."""
    text = _ID.sub(lambda match: f"({match[1]})" if match[1] else "(", text)
    return MARK.sub("", text).replace("[[", "[ [") if marks else text


def _in_turns(lists: Sequence[Sequence[Passage]]) -> Iterator[Passage]:
    for row in zip_longest(*lists):
        yield from (passage for passage in row if passage is not None)


def _narrowed(passage: Passage, sentence: str) -> Evidence:
    """Return the evidence of the stretch of a passage that has most of a sentence's words, if it has enough."""
    asked = _words(sentence)
    stretches = [(s.start, s.end) for s in split_sentences(passage.text)]
    shared = [len(asked & _words(passage.text[start:end])) for start, end in stretches]
    if asked and shared and max(shared) >= max(2, len(asked) // 4):
        start, end = stretches[shared.index(max(shared))]
        return cited(passage, start, end)
    kept = not passage.evidence.quote or occurs(passage.evidence.quote, passage.text)
    return passage.evidence if kept else passage.evidence.model_copy(update={"quote": ""})


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))
