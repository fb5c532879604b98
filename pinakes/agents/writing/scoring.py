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

from pinakes.agents.writing.questions import Question
from pinakes.agents.writing.shapes import (
    defines,
    figures_share,
    holds_comparison,
    holds_days,
    holds_due,
    holds_limit,
    holds_measure,
    holds_place,
    holds_purpose,
    holds_rule,
    holds_shape,
    is_label,
    is_question,
    spells_out,
)
from pinakes.agents.writing.weights import ABSENT, EXPECTED, FOUND, FOUND_BIAS, SENTENCE

_UNSEEN = 40
_MANY_FIGURES = 0.3
_LASTS = 0.5
_FIGURED = frozenset({"money", "number", "date"})
_PROSE = frozenset({"prose", "line"})
_ENDS = (".", "!", "?", "…", ":", "。", "！", "？", "：", "；")


class Unit(NamedTuple):
    """A stretch of a passage that can be quoted: a sentence, an item, a line or a table's row."""

    passage: int
    place: int  # among the passage's units
    start: int
    end: int
    text: str  # as scoring reads it: on one line, under its title
    kind: str
    title: str = ""  # the line above that only names what follows
    under: str = ""  # the last such line before it in the passage


class Neighbourhood(NamedTuple):
    """What scoring knows of a unit besides its words: terms of itself and around, and its passage's score."""

    own: Mapping[int, float]
    before: Mapping[int, float]
    after: Mapping[int, float]
    heading: Mapping[int, float]
    name: Mapping[int, float]
    passage: Mapping[int, float]
    passage_score: float
    first: bool
    title: str  # the last part of the heading
    dated: str  # where a date may stand: the passage, its heading, its file's name


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
    led = (unit.under or around.title) if question.asked.shape == "reason" else ""
    shaped = holds_shape(f"{led} {unit.text}", question.asked, question.words)
    wide = (around.passage, around.heading, around.name)
    lacking = _missing(_unexplained(question, around.dated), idf, *wide)
    return {
        "own": own,
        "with_before": max(own, share(idf, around.own, around.before, around.heading, around.name)),
        "with_after": max(own, share(idf, around.own, around.after)),
        "passage_terms": share(idf, around.passage, around.heading),
        "passage_score": around.passage_score,
        "shape": 1.0 if shaped else 0.0,
        "shapeless": 1.0 if question.asked.shape and not shaped else 0.0,
        "pairs": _pairs(unit.text.removeprefix(f"{unit.title}: "), question),
        "length": math.log(len(unit.text.split()) + 1),
        "first": 1.0 if around.first else 0.0,
        "focus_missing": _missing(question.focus, idf, *wide),
        "lacking": lacking,
        "unmentioned": _missing(question.mentioned, idf, *wide),
        "foreign": lacking if unit.kind == "row" else 0.0,
        "undated": 0.0 if holds_days(around.dated, question.asked.days) else 1.0,
        **_expected(unit.text, question),
        **_form(unit, question, shaped),
    }


def _expected(text: str, question: Question) -> dict[str, float]:
    """Return how far a text is the kind of answer that a question expects: 1 where it is, -1 where it is not."""
    asked = question.asked
    measured = _sign(holds_measure(text, asked.units)) if asked.units else 0.0
    return {
        "measured": measured,
        "unmeasured": max(0.0, -measured),
        "ruled": _sign(holds_rule(text)) if asked.rule else 0.0,
        "defined": _sign(any(defines(text, s) for s in asked.subjects)) if asked.subjects else 0.0,
        "placed": _sign(holds_place(text, question.words)) if asked.shape == "place" else 0.0,
        "purposed": 1.0 if "purpose" in asked.kinds and holds_purpose(text) else 0.0,
        "compared": 1.0 if "compared" in asked.kinds and holds_comparison(text, question.words) else 0.0,
        "limited": _limit(text) if "due" in asked.kinds else 0.0,
        "moneyless": 1.0 if asked.shape == "money" and not holds_shape(text, asked, question.words) else 0.0,
    }


def _form(unit: Unit, question: Question, shaped: bool) -> dict[str, float]:
    """Return what makes a unit poor reading: it asks itself, breaks off, or is all figures where none are asked for."""
    text = unit.text.removeprefix(f"{unit.title}: ").rstrip("\"'”’)»] ")
    apart = unit.kind == "prose" and not text.endswith(_ENDS)
    figures = 0.0 if question.asked.shape in _FIGURED else max(0.0, figures_share(unit.text) - _MANY_FIGURES)
    return {
        "asking": 1.0 if is_question(text) else 0.0,
        "broken": 1.0 if apart and not (question.asked.shape and shaped) else 0.0,
        "figures": figures,
        "label": 1.0 if unit.kind in _PROSE and is_label(text, question.words) else 0.0,
    }


def _sign(holds: bool) -> float:
    return 1.0 if holds else -1.0


def _limit(text: str) -> float:
    """How well a text tells when something is due: "guaranteed until 3 May" does so less than "payable by 3 May"."""
    return 1.0 if holds_due(text) else _LASTS if holds_limit(text) else -1.0


def _unexplained(question: Question, text: str) -> list[int]:
    """Return the terms of a question's numbers and names without abbreviations that a text spells out."""
    return [t for t in question.specifics if not spells_out(text, question.terms[t])]


def _missing(terms: Sequence[int], idf: Mapping[int, float], *held: Mapping[int, float]) -> float:
    """Return which share of terms, by weight, occurs in none of these; nothing is missing of no terms."""
    known = {t: idf[t] for t in terms if t in idf}
    return 1.0 - share(known, *held) if known else 0.0


def sentence_score(features: Mapping[str, float]) -> float:
    """Return the log-odds, up to a constant, that a unit is the best one."""
    return _weighed(SENTENCE, features) + _weighed(EXPECTED, features)


def found_score(features: Mapping[str, float]) -> float:
    """Return the probability that a unit answers at all, from absolute evidence."""
    logit = FOUND_BIAS + _weighed(FOUND, features) + _weighed(ABSENT, features)
    return 1 / (1 + math.exp(-logit))


def _weighed(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    return sum(weight * features.get(name, 0.0) for name, weight in weights.items())


def share(idf: Mapping[int, float], *held: Mapping[int, float]) -> float:
    """Return which share of the question's terms, by weight, occurs in any of these."""
    total = sum(idf.values())
    return sum(w for t, w in idf.items() if any(t in h for h in held)) / total if total else 0.0


def _pairs(text: str, question: Question) -> float:
    """Return which share of the question's neighbouring words stand side by side in the text."""
    asked = [w.casefold() for w in re.findall(r"\w+", question.text)]
    said = " ".join(w.casefold() for w in re.findall(r"\w+", text))
    pairs = [f"{a} {b}" for a, b in pairwise(asked)]
    return sum(pair in said for pair in pairs) / len(pairs) if pairs else 0.0
