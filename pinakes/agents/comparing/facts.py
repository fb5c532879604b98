"""What a statement says in figures: quantities, amounts of money, dates, times of day, counts, codes and labels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from pinakes.agents.analysis.extraction import AMOUNT, CODE, DATE
from pinakes.agents.comparing import lexicon
from pinakes.agents.comparing.intervals import Interval
from pinakes.agents.comparing.limits import bounded, is_about
from pinakes.agents.comparing.numbers import FIGURES, NUMBER, decimals, readings
from pinakes.agents.queries.amounts import currency_of
from pinakes.agents.queries.date_points import find_points
from pinakes.agents.queries.names import stem
from pinakes.core.patterns import LazyPattern


@dataclass(frozen=True)
class Fact:
    """One value: characters `start` to `end` of a text.

    Attributes:
        kind: quantity, money, date, time, count, number, code or label.
        dimension: What kinds of value it can be compared with: a unit's dimension, a currency, a counted noun.
        readings: What it may mean; several where the writing is ambiguous. Dates are ordinals, times minutes.
        yearly: Of a date, its days in any year: all there is of one without a year.
        about: The value is said to be rough.
    """

    kind: str
    dimension: str
    readings: tuple[Interval, ...]
    said: str
    start: int
    end: int
    yearly: Interval | None = None
    about: bool = False


def facts_in(text: str) -> list[Fact]:
    """Return the values of a text in order; no character belongs to two of them."""
    taken: list[Fact] = []
    for finder in _FINDERS:
        for fact in finder(text):
            if not any(fact.start < other.end and other.start < fact.end for other in taken):
                taken.append(fact)
    return sorted(taken, key=lambda f: f.start)


_UNIT = "|".join(re.escape(u).replace(r"\ ", r"\s") for u in sorted(lexicon.UNITS, key=len, reverse=True))
_WARM = r"°\s?[cf]\b|degrees?(?:\s(?:celsius|fahrenheit|centigrade))?\b|grad(?:\scelsius)?\b"
_TO = r"\s*(?:to|bis|–|—|-|−|\.{2,3})\s*"
_QUANTITY = LazyPattern(
    rf"(?P<low>{NUMBER})(?:\s?(?:{_UNIT}|{_WARM})?(?:{_TO}|\s(?:and|und)\s)(?P<high>{NUMBER}))?[\s-]?"
    rf"(?P<unit>{_WARM}|(?:{_UNIT})(?![\w²³]))(?P<per>\s?/\s?\w+)?",
    re.IGNORECASE,
)
_BARE_MONEY = LazyPattern(rf"{FIGURES}(?![\w%°])")
_TIME = LazyPattern(
    r"(?<![\d.:])(?P<h>[01]?\d|2[0-4])(?:[:.](?P<m>[0-5]\d))?\s?(?P<half>am|pm|a\.m\.|p\.m\.|uhr|h)(?!\w)"
    r"|(?<![\d.:])(?P<h2>[01]?\d|2[0-4]):(?P<m2>[0-5]\d)(?![\d:])",
    re.IGNORECASE,
)
_YEAR = LazyPattern(r"(?<![\w.,/-])(1[1-9]\d\d|20\d\d)(?![\w/-]|[.,]\d)")
_YEAR_BEFORE = LazyPattern(
    r"(?:\b(?:in|since|from|until|of|year|im|seit|jahr|bis|wurde|around|anno)\s+|\()$", re.IGNORECASE
)
_COUNT = LazyPattern(rf"(?P<n>{NUMBER})\s+(?:x\s+)?(?P<noun>[^\W\d_]{{3,}})", re.IGNORECASE)
_NUMBER = LazyPattern(rf"{FIGURES}(?!\w)")
_LABEL = LazyPattern(
    rf"\b(?P<noun>{'|'.join(lexicon.LABELS)})\s+(?:no\.?\s*|nr\.?\s*|number\s+|#)?(?P<n>\d{{1,8}}|[A-Z])(?![\w]|[.,:]\d)",
    re.IGNORECASE,
)


def _codes(text: str) -> Iterator[Fact]:
    for m in CODE.finditer(text):
        if not DATE.fullmatch(m[0]):
            yield Fact("code", "", (), m[0], m.start(), m.end())


def _labels(text: str) -> Iterator[Fact]:
    for m in _LABEL.finditer(text):
        if m["n"].isdigit() or m["n"].isupper():
            if re.match(rf"\s?(?:{_UNIT})(?!\w)", text[m.end() :], re.IGNORECASE):
                continue
            yield Fact("label", m["noun"].casefold(), (), m["n"], m.start(), m.end())


def _dates(text: str) -> Iterator[Fact]:
    for m in DATE.finditer(text):
        points = find_points(m[0], date.today())
        if not points:
            continue
        point = points[0]
        days = Interval(point.start.toordinal(), point.end.toordinal())
        yearly = Interval(_in_any_year(point.start), _in_any_year(point.end))
        known = () if point.yearless else (bounded(days, text, m.start(), m.end()),)
        yield Fact("date", "", known, m[0], m.start(), m.end(), yearly)


def _years(text: str) -> Iterator[Fact]:
    for m in _YEAR.finditer(text):
        counts = re.match(r"\s+[^\W\d_]{3,}", text[m.end() :]) and not _is_filler(text[m.end() :])
        if counts and not _YEAR_BEFORE.search(text[: m.start()]):
            continue
        year = int(m[0])
        days = Interval(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal())
        yield Fact("date", "", (bounded(days, text, m.start(), m.end()),), m[0], m.start(), m.end())


def _times(text: str) -> Iterator[Fact]:
    for m in _TIME.finditer(text):
        hour, minute = int(m["h"] or m["h2"]), int(m["m"] or m["m2"] or 0)
        half = (m["half"] or "").casefold()
        if half == "h" and m["m"] is None:  # hours of duration
            continue
        if half.startswith(("a", "p")):
            hour = hour % 12 + (12 if half.startswith("p") else 0)
        at = float(60 * hour + minute)
        yield Fact(
            "time", "", (bounded(Interval(at, at), text, m.start(), m.end()),), m[0], m.start(), m.end()
        )


def _money(text: str) -> Iterator[Fact]:
    for m in AMOUNT.finditer(text):
        number = re.search(FIGURES, m[0])
        if number:
            factor = _scale(m[0])
            values = [Interval(v * factor, v * factor) for v in readings(number[0])]
            yield _fact("money", currency_of(m[0]), values, text, m.start(), m.end())


def _scale(said: str) -> float:
    found = re.search(r"\b(?:(thousand|k)|(million|m)|(billion|bn))\b", said, re.IGNORECASE)
    return 1.0 if not found else 1e3 if found[1] else 1e6 if found[2] else 1e9


def _quantities(text: str) -> Iterator[Fact]:
    for m in _QUANTITY.finditer(text):
        unit = " ".join(m["unit"].casefold().split())
        if (
            unit in {"a", "v", "t", "m", "s", "l", "g", "h"}
            and m["unit"].isalpha()
            and m[0][-1 - len(unit)] == "-"
        ):
            continue
        dimension, factor, offset = _unit_of(unit)
        if m["per"]:
            dimension = f"{dimension} per {m['per'].strip(' /').casefold()}"
        joined = m["high"] and (
            re.search(_TO, text[m.end("low") : m.start("high")]) or _between(text[: m.start()])
        )
        low = m["low"] if joined or not m["high"] else m["high"]
        start = m.start() if joined or not m["high"] else m.start("high")
        values = [
            Interval(min(a, b), max(a, b))
            for a, b in zip(readings(low), readings(m["high"] if joined else low), strict=False)
        ]
        scaled = [Interval(factor * v.low + offset, factor * v.high + offset) for v in values]
        yield _fact("quantity", dimension, scaled, text, start, m.end())


def _between(before: str) -> bool:
    return re.search(r"\b(?:between|zwischen)\s+$", before, re.IGNORECASE) is not None


def _unit_of(unit: str) -> tuple[str, float, float]:
    """Return a unit's dimension, and factor and offset to the dimension's first unit."""
    if unit in lexicon.UNITS:
        return (*lexicon.UNITS[unit], 0.0)
    if unit.endswith(("f", "fahrenheit")):
        return "temperature", 5 / 9, -160 / 9
    return "temperature", 1.0, 0.0


def _bare_money(text: str) -> Iterator[Fact]:
    """Yield figures with exactly two decimals, as on receipts and in tables."""
    for m in _BARE_MONEY.finditer(text):
        if decimals(m[0]) == 2:
            yield _fact("money", "", [Interval(v, v) for v in readings(m[0])], text, m.start(), m.end())


def _counts(text: str) -> Iterator[Fact]:
    for m in _COUNT.finditer(text):
        noun = m["noun"].casefold()
        if noun in lexicon.LINKING or _is_filler(noun):
            continue
        values = [Interval(v, v) for v in readings(m["n"])]
        yield _fact("count", stem(noun), values, text, m.start("n"), m.end("n"))


def _bare_numbers(text: str) -> Iterator[Fact]:
    for m in _NUMBER.finditer(text):
        yield _fact("number", "", [Interval(v, v) for v in readings(m[0])], text, m.start(), m.end())


def _fact(kind: str, dimension: str, values: list[Interval], text: str, start: int, end: int) -> Fact:
    known = tuple(bounded(v, text, start, end) for v in values)
    return Fact(kind, dimension, known, text[start:end], start, end, about=is_about(text, start))


def _in_any_year(day: date) -> float:
    return float(day.replace(year=2000).toordinal())


_FILLER = LazyPattern(
    r"\s*(?:and|or|the|was|were|is|are|of|for|from|with|per|each|on|in|at|by|to|und|oder|im|am|war|für|von|mit)\b",
    re.IGNORECASE,
)


def _is_filler(text: str) -> bool:
    return _FILLER.match(text) is not None


_FINDERS: tuple[Callable[[str], Iterator[Fact]], ...] = (
    _dates,
    _money,
    _times,
    _quantities,
    _codes,
    _labels,
    _years,
    _bare_money,
    _counts,
    _bare_numbers,
)
