"""What a question asks for: its terms, the shape of its answer, how long the answer may be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pinakes.agents.writing.lexicon import phrase_pattern
from pinakes.library.languages import Trust, trust_in
from pinakes.library.requests import asked_about
from pinakes.ports.embedder import TermEncoder

USUAL_WORDS = 120
DETAILED_WORDS = 300
BRIEF_WORDS = 40
LONGEST_SENTENCE = 60
"""Words after which a sentence is cut down to the part that bears on the question."""

_SHAPES = ("money", "number", "date", "person", "place", "reason")


class Question(NamedTuple):
    """A question, understood as far as choosing sentences needs."""

    text: str
    terms: dict[int, str]  # term id -> word
    shape: str  # money | number | date | person | place | reason | ""
    trust: Trust  # in cosines with its text
    words: frozenset[str]  # all its words, casefolded
    open: bool = False  # it asks to be told about something, not for one fact


def read_question(text: str, encoder: TermEncoder) -> Question:
    """Return what a question asks for."""
    topic = asked_about(text)
    kept = set(encoder.encode_query(topic).indices)
    terms = {term: word for term, word in encoder.words(topic).items() if term in kept}
    everything = frozenset(w.casefold() for w in re.findall(r"\w+", topic))
    return Question(topic, terms, _shape(topic), trust_in(text), everything, _is_open(text))


def densest_window(words: Sequence[str], question: Question, size: int) -> tuple[int, int]:
    """Return the first and last position (exclusive) of the stretch of words that holds most of a question's terms."""
    asked = {w.casefold()[:5] for w in question.terms.values()}
    hits = [(i, stem) for i, w in enumerate(words) if (stem := w.casefold().strip("\"'(“,.;:")[:5]) in asked]
    if not hits:
        return 0, min(size, len(words))
    best = max(hits, key=lambda hit: len({stem for i, stem in hits if hit[0] <= i < hit[0] + size - 8}))
    first = max(0, best[0] - 8)
    return first, min(len(words), first + size)


def word_budget(question: str, max_words: int | None) -> int:
    """Return how many words the answer may have."""
    if max_words is not None:
        return max_words
    if phrase_pattern("asks", "detail").search(question):
        return DETAILED_WORDS
    return BRIEF_WORDS if phrase_pattern("asks", "brief").search(question) else USUAL_WORDS


def _shape(text: str) -> str:
    """Return the shape whose words come first in the question; "how many years" is a number, not a date."""
    found = [
        (match.start(), order, shape)
        for order, shape in enumerate(_SHAPES)
        if (match := phrase_pattern("answers", shape).search(text))
    ]
    return min(found)[2] if found else ""


def _is_open(text: str) -> bool:
    return asked_about(text) != text or phrase_pattern("asks", "open").search(text) is not None
