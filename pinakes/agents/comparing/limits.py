"""Whether a value is said as a limit: "at most 20", "must not exceed 5", "18 or colder"."""

from __future__ import annotations

import math
import re

from pinakes.agents.comparing.intervals import Interval
from pinakes.agents.comparing.lexicon import BOUNDS, DENIAL

_CLAUSE = re.compile(r"[;:\n]|,\s|(?<!\bmax)(?<!\bmin)(?<!\bca)\.\s|\b(?:and|und|but|aber)\b", re.IGNORECASE)
_WIDE_WORDS = 6
_NEAR_GAP = re.compile(r"[\s:]*(?:(?:the|a|an|of|is|dem|der|den|zum|zur|auf)\s+)*$", re.IGNORECASE)
_AFTER_GAP = 3


def bounded(value: Interval, text: str, start: int, end: int) -> Interval:
    """Return a value as the limit that the words around it make of it; unchanged where they make none."""
    before = _clause_before(text, start)
    upper, lower = _near(before, "upper_near"), _near(before, "lower_near")
    if upper is not None or lower is not None:
        is_upper = lower is None or (upper is not None and upper > lower)
        place = (upper if is_upper else lower) or 0
        return _limit(value, is_upper != _denied(before[:place]))
    after = text[end : end + 24]
    for name, is_upper in (("upper_after", True), ("lower_after", False)):
        found = BOUNDS[name].search(after)
        if found and found.start() <= _AFTER_GAP:
            return _limit(value, is_upper)
    return _wide(value, text, start)


def is_about(text: str, start: int) -> bool:
    """Return whether a value is said to be rough."""
    return _near(_clause_before(text, start), "about") is not None


def _wide(value: Interval, text: str, start: int) -> Interval:
    """Look for a limit's name further before the value, over a colon ("max. load: 5 t"), not over another number."""
    words = " ".join(re.split(r"[;\n,]|\.\s|\d", text[:start])[-1].split()[-_WIDE_WORDS:])
    if BOUNDS["upper_wide"].search(words):
        return _limit(value, True)
    return _limit(value, False) if BOUNDS["lower_wide"].search(words) else value


def _limit(value: Interval, upper: bool) -> Interval:
    if value.low != value.high and math.isfinite(value.low) and math.isfinite(value.high) and _is_days(value):
        return Interval(-math.inf, value.high) if upper else Interval(value.low, math.inf)
    if value.low != value.high:
        return value
    return Interval(-math.inf, value.high) if upper else Interval(value.low, math.inf)


def _is_days(value: Interval) -> bool:
    """Return whether an interval is a month or a year of days, which a limit bounds at one end."""
    return value.low > 300_000 and value.high - value.low <= 366


def _clause_before(text: str, start: int) -> str:
    return _CLAUSE.split(text[:start])[-1]


def _near(before: str, name: str) -> int | None:
    """Return where words of a limit begin that stand right before the value."""
    hits = [m.start() for m in BOUNDS[name].finditer(before) if _NEAR_GAP.fullmatch(before[m.end() :])]
    return hits[0] if hits else None


def _denied(before: str) -> bool:
    """Return whether a limit is turned round: "must not be fired above 1,150"."""
    return DENIAL.search(before) is not None
