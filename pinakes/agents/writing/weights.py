"""Weights of sentence choice and of refusal, fitted by `benchmarks/fit_answers.py`; see there for data and split."""

from __future__ import annotations

SENTENCE = {
    "meaning": 4.14,
    "meaning_in_context": 3.67,
    "own": 1.13,
    "with_before": 3.83,
    "with_after": 2.71,
    "passage_terms": 0.57,
    "passage_score": 0.41,
    "shape": 0.85,
    "shapeless": -3.25,
    "pairs": 2.52,
    "length": 0.03,
    "first": -0.19,
}
"""What each feature of `scoring` adds to a sentence's log-odds of being the best one."""

FOUND = {
    "meaning": 4.98,
    "meaning_in_context": 7.28,
    "with_before": 5.1,
    "passage_score": 0.69,
    "shapeless": -0.87,
}
"""What they add to the log-odds that the best sentence answers at all."""

FOUND_BIAS = -6.68

FOUND_EVEN = 0.5
"""Probability under which the answer is that nothing in the library answers."""
