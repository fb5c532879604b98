"""Weights of the search score, fitted by `benchmarks/bench_search.py --fit`; see there for the data."""

from __future__ import annotations

WEIGHTS = {
    "cosine": 6.58,
    "coverage": 3.04,
    "lacking": -0.78,
    "held": 2.7,
    "density": 1.9,
    "name": 1.0,
}
"""What each piece of evidence in `ranking.features` adds to the log-odds, in order; `name` is set by hand."""

BIAS = -4.78

MEANING_SLOPE = 18.0
MEANING_EVEN = 0.36
MEANING_EVEN_PER_TERM = 0.03
"""Meaning alone: the cosine at which it is even odds, and how fast they rise from there. Of XQuAD's questions whose
article was left out, two in a hundred find a cosine over 0.45, of two-word queries over 0.41."""

IDENTIFIER_MISSING = 2.5
"""Log-odds that a chunk loses which holds none of the codes that the query names; set by hand."""
