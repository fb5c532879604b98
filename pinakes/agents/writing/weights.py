"""Weights of sentence choice and of refusal, fitted by `benchmarks/fit_answers.py`; see there for data and split."""

from __future__ import annotations

SENTENCE = {
    "meaning": 4.0,
    "meaning_in_context": 4.0,
    "own": 1.0,
    "with_before": 2.0,
    "with_after": 1.5,
    "passage_terms": 2.0,
    "passage_score": 0.5,
    "shape": 1.0,
    "shapeless": -1.0,
    "pairs": 1.5,
    "length": 0.2,
    "first": 0.0,
}
"""What each feature of `scoring` adds to a sentence's log-odds of being the best one."""

FOUND = {
    "meaning": 6.0,
    "meaning_in_context": 4.0,
    "with_before": 2.0,
    "passage_score": 0.7,
    "shapeless": -0.5,
}
"""What they add to the log-odds that the best sentence answers at all."""

FOUND_BIAS = -6.0

FOUND_EVEN = 0.5
"""Probability under which the answer is that nothing in the library answers."""
