"""Which values can be set against each other, and whether they agree."""

from __future__ import annotations

import math

from pinakes.agents.comparing.facts import Fact
from pinakes.agents.comparing.intervals import Fit, Interval, fit
from pinakes.agents.comparing.statements import Statement
from pinakes.agents.queries.names import stem

_ROUNDED = 0.01
"""Relative difference that two units of one dimension may owe to rounding."""

_ABOUT = 0.1
_EXACT = 1e-6


def comparable(left: Fact, right: Fact, of_left: Statement, of_right: Statement) -> bool:
    """Return whether two values are of one kind."""
    if left.kind == right.kind == "money":
        return left.dimension == right.dimension or not (left.dimension and right.dimension)
    if left.kind == right.kind:
        return left.kind != "label" and left.dimension == right.dimension
    kinds = {left.kind, right.kind}
    if kinds == {"count", "number"}:
        noun, words = (left.dimension, of_right) if left.kind == "count" else (right.dimension, of_left)
        return noun in {stem(w) for w in words.context}
    return False


def fit_of(left: Fact, right: Fact) -> Fit:
    """Return whether two comparable values agree."""
    if left.kind == "code":
        return Fit.EQUAL if _letters(left.said) == _letters(right.said) else Fit.DIFFERENT
    if left.kind == "date" and not (left.readings and right.readings):
        return fit(left.yearly, right.yearly) if left.yearly and right.yearly else Fit.OPEN
    if not left.readings or not right.readings:
        return Fit.OPEN
    tolerance = _tolerance(left, right)
    pairs = _readings(left.readings, right.readings)
    fits = [fit(a, b, tolerance) for a, b in pairs]
    if Fit.EQUAL in fits:
        return Fit.EQUAL
    nearest = min(range(len(pairs)), key=lambda i: _distance(*pairs[i]))
    return fits[nearest]


def _readings(left: tuple[Interval, ...], right: tuple[Interval, ...]) -> list[tuple[Interval, Interval]]:
    """Return the readings to compare: of two ambiguous numbers those written by one habit."""
    if len(left) == len(right):
        return list(zip(left, right, strict=True))
    return [(a, b) for a in left for b in right]


def _tolerance(left: Fact, right: Fact) -> float:
    if left.kind in {"date", "time", "money"} and not (left.about or right.about):
        return 0.0
    if left.about or right.about:
        return _ABOUT
    same_unit = left.said.split()[-1:] == right.said.split()[-1:]
    return _EXACT if same_unit or left.kind != "quantity" else _ROUNDED


def _distance(left: Interval, right: Interval) -> float:
    a, b = (next((v for v in (i.high, i.low) if math.isfinite(v)), 0.0) for i in (left, right))
    return abs(math.log((abs(a) + 1e-9) / (abs(b) + 1e-9)))


def _letters(code: str) -> str:
    return "".join(c for c in code.casefold() if c.isalnum())
