"""How well a sentence answers a question.

A linear model over a dozen features of the sentence, its neighbours and its passage, fitted so that the sentence
with the answer gets the most of a softmax over all candidates (ListNet's top-one loss, Cao et al. 2007). Features
follow answer sentence selection as in Yang et al., "WikiQA" (2015): likeness of meaning, share of the question's
terms by inverse document frequency, and whether the sentence holds what the question asks for (a number, a date, a
name). Frequencies are those within the passages at hand. Weights and their origin: `weights.py`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from pinakes.agents.writing.lexicon import words
from pinakes.agents.writing.questions import Question
from pinakes.agents.writing.weights import FOUND, FOUND_BIAS, SENTENCE

_UNSEEN = 40


class Unit(NamedTuple):
    """A stretch of a passage that can be quoted: a sentence, an item, a line or a table's row."""

    passage: int
    place: int  # among the passage's units
    start: int
    end: int
    text: str  # as scoring reads it: on one line, under its title
    kind: str
    title: str = ""  # the line above that only names what follows


class Neighbourhood(NamedTuple):
    """What scoring knows of a unit besides its words: terms of itself and around, and its passage's score."""

    own: Mapping[int, float]
    before: Mapping[int, float]
    after: Mapping[int, float]
    heading: Mapping[int, float]
    passage: Mapping[int, float]
    passage_score: float
    first: bool


def idf_within(passages: Sequence[Mapping[int, float]], terms: Sequence[int]) -> dict[int, float]:
    """Return the inverse document frequency of terms, as BM25 defines it.

    The passages were found for these very terms, so they are no fair sample: as many as `_UNSEEN` others without any of
    the terms are added to them.
    """
    n = len(passages) + _UNSEEN
    counts = {t: sum(t in p for p in passages) for t in terms}
    return {t: math.log((n - c + 0.5) / (c + 0.5) + 1) for t, c in counts.items()}


def lexical_features(
    unit: Unit, around: Neighbourhood, question: Question, idf: Mapping[int, float]
) -> dict[str, float]:
    """Return the features that need no vectors."""
    own = share(idf, around.own)
    shaped = holds_shape(unit.text, question)
    return {
        "own": own,
        "with_before": max(own, share(idf, around.own, around.before, around.heading)),
        "with_after": max(own, share(idf, around.own, around.after)),
        "passage_terms": share(idf, around.passage, around.heading),
        "passage_score": around.passage_score,
        "shape": 1.0 if shaped else 0.0,
        "shapeless": 1.0 if question.shape and not shaped else 0.0,
        "pairs": _pairs(unit.text, question),
        "length": math.log(len(unit.text.split()) + 1),
        "first": 1.0 if around.first else 0.0,
    }


def sentence_score(features: Mapping[str, float]) -> float:
    """Return the log-odds, up to a constant, that a unit is the best one."""
    return sum(weight * features.get(name, 0.0) for name, weight in SENTENCE.items())


def found_score(features: Mapping[str, float]) -> float:
    """Return the probability that a unit answers at all, from absolute evidence."""
    logit = FOUND_BIAS + sum(weight * features.get(name, 0.0) for name, weight in FOUND.items())
    return 1 / (1 + math.exp(-logit))


def share(idf: Mapping[int, float], *held: Mapping[int, float]) -> float:
    """Return which share of the question's terms, by weight, occurs in any of these."""
    total = sum(idf.values())
    return sum(w for t, w in idf.items() if any(t in h for h in held)) / total if total else 0.0


def holds_shape(text: str, question: Question) -> bool:
    """Return whether a text has a word of the shape that the question asks for and does not have itself."""
    fresh = [w for w in re.findall(r"[\w½¼¾%€$£]+", text) if w.casefold() not in question.words]
    if question.shape == "money":
        return _is_money(text, fresh)
    if question.shape == "number":
        return any(_is_number(w) for w in fresh)
    if question.shape == "date":
        return any(_is_date(w) for w in fresh)
    if question.shape == "reason":
        return any(w.casefold() in words("words", "reasons") for w in fresh)
    if question.shape in {"person", "place"}:
        return any(w[0].isupper() for w in fresh if w != text.split()[0]) or not text.isascii()
    return False


def _is_money(text: str, fresh: Sequence[str]) -> bool:
    named = re.search(r"[€$£¥]", text) or any(w.casefold() in words("words", "money") for w in fresh)
    return bool(named) and any(c.isdigit() for w in fresh for c in w)


def _is_number(word: str) -> bool:
    return any(c.isdigit() for c in word) or word.casefold() in words("words", "numbers")


def _is_date(word: str) -> bool:
    year = re.fullmatch(r"(?:1\d|20)\d\ds?|\d{1,2}(?:st|nd|rd|th)", word)
    return bool(year) or word.casefold() in words("words", "months") | words("words", "times")


def _pairs(text: str, question: Question) -> float:
    """Return which share of the question's neighbouring words stand side by side in the text."""
    asked = [w.casefold() for w in re.findall(r"\w+", question.text)]
    said = " ".join(w.casefold() for w in re.findall(r"\w+", text))
    pairs = [f"{a} {b}" for a, b in pairwise(asked)]
    return sum(pair in said for pair in pairs) / len(pairs) if pairs else 0.0
