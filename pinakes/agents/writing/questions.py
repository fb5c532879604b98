"""What a question asks for: its terms, the shape of its answer, how long the answer may be."""

from __future__ import annotations

import re
from typing import NamedTuple

from pinakes.agents.writing.lexicon import phrase_pattern
from pinakes.library.languages import is_english
from pinakes.ports.embedder import TermEncoder

USUAL_WORDS = 120
DETAILED_WORDS = 300
BRIEF_WORDS = 40
_SHAPES = ("number", "date", "person", "place", "reason")


class Question(NamedTuple):
    """A question, understood as far as choosing sentences needs."""

    text: str
    terms: dict[int, str]  # term id -> word
    shape: str  # person | date | place | number | reason | ""
    english: bool
    words: frozenset[str]  # all its words, casefolded


def read_question(text: str, encoder: TermEncoder) -> Question:
    """Return what a question asks for."""
    kept = set(encoder.encode_query(text).indices)
    terms = {term: word for term, word in encoder.words(text).items() if term in kept}
    everything = frozenset(w.casefold() for w in re.findall(r"\w+", text))
    return Question(text, terms, _shape(text), is_english(text), everything)


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
