"""Weights of sentence choice and of refusal, fitted by `benchmarks/fit_answers.py`; see there for data and split."""

from __future__ import annotations

SENTENCE = {
    "meaning": 3.49,
    "meaning_in_context": 3.93,
    "own": 1.51,
    "with_before": 3.65,
    "with_after": 2.29,
    "passage_terms": 1.18,
    "passage_score": 0.4,
    "shape": 0.86,
    "shapeless": -3.1,
    "pairs": 2.19,
    "length": -0.11,
    "first": -0.34,
}
"""What each feature of `scoring` adds to a sentence's log-odds of being the best one."""

EXPECTED = {
    "measured": 0.4,
    "ruled": 0.8,
    "defined": 1.0,
    "placed": 0.8,
    "moneyless": -2.0,
    "purposed": 1.5,
    "compared": 1.5,
    "limited": 3.0,
    "lacking": -1.0,
    "foreign": -2.0,
    "asking": -5.0,
    "broken": -1.0,
    "figures": -4.0,
    "label": -3.0,
}
"""What a unit gains by being the kind of answer that is expected, and loses by poor form.

Set by hand, as XQuAD is all clean prose: what it does show of them agrees in sign, and they do its figures no harm."""

FOUND = {
    "meaning": 5.52,
    "meaning_in_context": 8.53,
    "with_before": 5.45,
    "passage_score": 0.58,
    "shapeless": -0.71,
}
"""What they add to the log-odds that the best sentence answers at all."""

FOUND_BIAS = -8.07

ABSENT = {
    "focus_missing": -6.0,
    "undated": -6.0,
    "lacking": -2.0,
    "unmentioned": -5.0,
    "unmeasured": -1.5,
}
"""What the log-odds lose where the passage lacks what the question names: a nearby subject is no answer.

Set by hand on XQuAD (en) with nothing but the right paragraph taken out, so that the rest of its article stays: of
those questions 68 in 100 are refused instead of 61, at as many false refusals (1.9)."""

FOUND_EVEN = 0.27
FOUND_EVEN_LATIN = 0.06
"""Probability under which the answer is that nothing in the library answers; in other languages than English right and
wrong evidence is weaker, and so is the bar."""

STRAY = 0.5
"""Share of that bar that every sentence of an answer needs, however well it stands among the others."""
