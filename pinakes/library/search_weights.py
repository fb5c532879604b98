"""Weights of the search score, fitted by `benchmarks/fit_weights.py`; see there for the data and the split."""

from __future__ import annotations

WEIGHTS = {
    "cosine": 8.0,
    "coverage": 3.0,
    "lacking": -0.6,
    "held": 1.0,
    "density": 2.0,
    "name": 1.5,
}
"""What each piece of evidence in `ranking.features` adds to the log-odds, in order."""

BIAS = -5.0
IDENTIFIER_MISSING = 2.5
"""Log-odds that a chunk loses which holds none of the codes that the query names; set by hand."""
