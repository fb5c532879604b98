"""Weights of sentence choice and of refusal, fitted by `benchmarks/fit_answers.py`; see there for data and split."""

from __future__ import annotations

SENTENCE = {
    "meaning": 4.18,
    "meaning_in_context": 3.34,
    "own": 1.69,
    "with_before": 3.52,
    "with_after": 2.62,
    "passage_terms": -0.26,
    "passage_score": 0.62,
    "shape": 1.21,
    "shapeless": -2.99,
    "pairs": 2.57,
    "length": 0.04,
    "first": -0.2,
}
"""What each feature of `scoring` adds to a sentence's log-odds of being the best one."""

FOUND = {
    "meaning": 3.03,
    "meaning_in_context": 9.62,
    "with_before": 5.28,
    "passage_score": 0.77,
    "shapeless": -2.82,
}
"""What they add to the log-odds that the best sentence answers at all."""

FOUND_BIAS = -6.1

FOUND_EVEN = 0.07
"""Probability under which the answer is that nothing in the library answers."""
