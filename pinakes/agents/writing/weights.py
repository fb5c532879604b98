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

FOUND = {
    "meaning": 5.52,
    "meaning_in_context": 8.53,
    "with_before": 5.45,
    "passage_score": 0.58,
    "shapeless": -0.71,
}
"""What they add to the log-odds that the best sentence answers at all."""

FOUND_BIAS = -8.07

FOUND_EVEN = 0.35
"""Probability under which the answer is that nothing in the library answers."""
