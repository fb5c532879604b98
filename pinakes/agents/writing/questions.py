"""What a question asks for: its terms, the shape of its answer, how long the answer may be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pinakes.agents.writing.asking import Asked, read_asked, without_asking
from pinakes.agents.writing.irregular import based
from pinakes.agents.writing.lexicon import phrase_pattern
from pinakes.library.languages import ENGLISH, Trust, trust_in
from pinakes.library.requests import asked_about, is_request
from pinakes.ports.embedder import TermEncoder

USUAL_WORDS = 120
DETAILED_WORDS = 300
BRIEF_WORDS = 40
LONGEST_SENTENCE = 60
"""Words after which a sentence is cut down to the part that bears on the question."""


class Question(NamedTuple):
    """A question, understood as far as choosing sentences needs."""

    text: str
    terms: dict[int, str]  # term id -> word
    asked: Asked  # the kind of answer that it expects
    trust: Trust  # in cosines with its text
    words: frozenset[str]  # all its words, casefolded
    open: bool = False  # it asks to be told about something, not for one fact

    @property
    def focus(self) -> list[int]:
        """The terms of what is asked of a thing."""
        return [t for t, word in self.terms.items() if word.casefold() in self.asked.focus]

    @property
    def specifics(self) -> list[int]:
        """The terms of the numbers and names in it."""
        return [t for t, word in self.terms.items() if _is_specific(word, self.asked.specifics)]

    @property
    def mentioned(self) -> list[int]:
        """The terms of what it asks to be told something about."""
        return [t for t, word in self.terms.items() if _is_specific(word, self.asked.mentioned)]


def read_question(text: str, encoder: TermEncoder) -> Question:
    """Return what a question asks for."""
    topic = asked_about(text)
    plain = based(without_asking(topic))
    kept = set(encoder.encode_query(plain).indices)
    terms = {term: word for term, word in encoder.words(plain).items() if term in kept}
    everything = frozenset(w.casefold() for w in re.findall(r"\w+", topic))
    trust = trust_in(text)
    asked = read_asked(topic, english=trust == ENGLISH)
    return Question(topic, terms, asked, trust, everything, _is_open(text))


def _is_specific(word: str, specifics: frozenset[str]) -> bool:
    return any(part in specifics for part in re.findall(r"[^\W_]+", word.casefold()))


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


def _is_open(text: str) -> bool:
    return is_request(text) or phrase_pattern("asks", "open").search(text) is not None
