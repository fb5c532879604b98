"""Which values of a sentence its sources do not hold: numbers, dates and codes are copied, never made."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date

from pinakes.agents.comparing.facts import Fact, facts_in
from pinakes.agents.comparing.intervals import Interval
from pinakes.agents.comparing.numbers import FIGURES, NUMBER, readings

_IN_WORDS = frozenset({"quantity", "money"})
"""Kinds of values whose numbers count in words too: "eight hours", but not "both" or "one of them"."""

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


def unsupported_values(text: str, source: str) -> list[str]:
    """Return the numbers, dates and codes in a text that do not stand in its source in any way of writing them."""
    said = facts_in(text)
    dates = [fact for fact in said if fact.kind == "date"]
    known = facts_in(source)
    letters = _letters(source)
    held = _numbers(source)
    missing = [d.said for d in dates if not _dated(d, known, source) and _letters(d.said) not in letters]
    missing += [f.said for f in said if f.kind == "code" and _letters(f.said) not in letters]
    covered = [(f.start, f.end) for f in dates]
    return missing + [n for n in _said_numbers(text, said, covered) if not _held(n, held)]


def _dated(day: Fact, known: Iterable[Fact], source: str) -> bool:
    """Return whether a source says a date: these days, or days within them, and its year if it names one.

    Limits ("by 14 March") count for nothing here: another date within them is another date.
    """
    known = [f for f in known if f.kind == "date"]
    years = set(_YEAR.findall(source)) | {y for f in known for y in _years_of(f)}
    if not _years_of(day) <= years:
        return False
    if day.yearly is None:
        return True
    return any(f.yearly is not None and _within(f.yearly, day.yearly) for f in known)


def _years_of(fact: Fact) -> set[str]:
    ends = (v for i in fact.readings for v in (i.low, i.high) if math.isfinite(v))
    return {str(date.fromordinal(int(v)).year) for v in ends}


def _within(inner: Interval, outer: Interval) -> bool:
    return outer.low <= inner.low and inner.high <= outer.high


def _said_numbers(text: str, facts: Iterable[Fact], covered: list[tuple[int, int]]) -> list[str]:
    found = [m for m in re.finditer(FIGURES, text) if not any(a <= m.start() < b for a, b in covered)]
    said = [m[0] for m in found]
    for fact in facts:
        if fact.kind in _IN_WORDS:
            said += re.findall(NUMBER, fact.said, re.IGNORECASE)
    return list(dict.fromkeys(said))


def _numbers(text: str) -> set[float]:
    said = re.findall(NUMBER, text, re.IGNORECASE)
    scaled = [v for f in facts_in(text) if f.kind == "money" for i in f.readings for v in (i.low, i.high)]
    return {abs(v) for number in said for v in readings(number)} | {abs(v) for v in scaled}


def _held(number: str, held: set[float]) -> bool:
    return any(abs(value) in held for value in readings(number))


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
