"""Values as intervals, and whether two of them agree."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class Fit(StrEnum):
    """How two values stand to each other."""

    EQUAL = "equal"
    WITHIN = "within"
    DIFFERENT = "different"
    OPEN = "open"


@dataclass(frozen=True)
class Interval:
    """All values from `low` to `high`, both included: one value where they are equal, a limit where one is open."""

    low: float = -math.inf
    high: float = math.inf

    @property
    def single(self) -> bool:
        """Whether this is one value."""
        return self.low == self.high

    @property
    def limit(self) -> bool:
        """Whether one end is open."""
        return math.isinf(self.low) != math.isinf(self.high)

    def holds(self, other: Interval, tolerance: float) -> bool:
        """Return whether another interval lies in this one, up to a relative tolerance."""
        return _at_most(self.low, other.low, tolerance) and _at_most(other.high, self.high, tolerance)

    def equals(self, other: Interval, tolerance: float) -> bool:
        """Return whether both ends are the same, up to a relative tolerance."""
        return self.holds(other, tolerance) and other.holds(self, tolerance)


def fit(left: Interval, right: Interval, tolerance: float = 1e-6) -> Fit:
    """Return how two values stand: the same, one inside the other, apart, or undecided."""
    if left.equals(right, tolerance):
        return Fit.EQUAL
    if left.limit and right.limit:
        return _limits(left, right)
    if left.holds(right, tolerance) or right.holds(left, tolerance):
        return Fit.WITHIN
    apart = left.high < right.low or right.high < left.low
    return Fit.DIFFERENT if apart or left.limit or right.limit else Fit.OPEN


def _limits(left: Interval, right: Interval) -> Fit:
    """Two limits of one direction that differ are two rules; of two directions they may both hold."""
    same_way = math.isinf(left.low) == math.isinf(right.low)
    apart = left.high < right.low or right.high < left.low
    return Fit.DIFFERENT if same_way or apart else Fit.OPEN


def _at_most(small: float, large: float, tolerance: float) -> bool:
    if math.isinf(small) or math.isinf(large):
        return small <= large
    return small <= large + tolerance * max(abs(small), abs(large))
