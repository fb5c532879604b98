"""Single expressions of time ("3 May 2025", "last summer", "Q2") → first and last day."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pinakes.agents.queries import calendar_words as words
from pinakes.core.patterns import LazyPattern


@dataclass(frozen=True)
class Point:
    """An expression of time: its first and last day and where it stands in the text."""

    start: date
    end: date
    span: tuple[int, int]
    yearless: bool = False


Days = tuple[date, date, bool]
Builder = Callable[[re.Match[str], date], Days | None]


def find_points(text: str, today: date) -> list[Point]:
    """Return the expressions of time in a text, in order, the longest where they overlap."""
    found: list[Point] = []
    for pattern, build in _PATTERNS:
        for match in pattern.finditer(text):
            if not any(match.start() < p.span[1] and p.span[0] < match.end() for p in found):
                days = _built(build, match, today)
                if days:
                    found.append(Point(days[0], days[1], match.span(), days[2]))
    return sorted(found, key=lambda p: p.span)


def _built(build: Builder, match: re.Match[str], today: date) -> Days | None:
    try:
        return build(match, today)
    except (ValueError, OverflowError):  # 31 February, year 0
        return None


def _one_day(day: date, yearless: bool = False) -> Days:
    return day, day, yearless


def _iso_day(match: re.Match[str], today: date) -> Days:
    return _one_day(date(int(match["y"]), int(match["m"]), int(match["d"])))


def _numeric_day(match: re.Match[str], today: date) -> Days:
    day, month = int(match["d"]), int(match["m"])
    if month > 12:
        day, month = month, day
    return _one_day(date(int(match["y"]), month, day))


def _named_day(match: re.Match[str], today: date) -> Days:
    month, day = words.MONTHS[match["mon"].lower()], int(match["d"])
    if match["y"]:
        return _one_day(date(int(match["y"]), month, day))
    this_year = date(today.year, month, day)
    return _one_day(this_year if this_year <= today else date(today.year - 1, month, day), yearless=True)


def _numeric_month(match: re.Match[str], today: date) -> Days:
    return _months(int(match["y"]), int(match["m"]), 1)


def _named_month(match: re.Match[str], today: date) -> Days | None:
    month, which = words.MONTHS[match["mon"].lower()], (match["which"] or "").lower()
    if match["y"]:
        return _months(int(match["y"]), month, 1)
    if which in words.LAST:
        return _months(today.year - (month >= today.month), month, 1)
    if which:
        return _months(today.year, month, 1)
    if _needs_company(match, match["mon"]):
        return None
    return _months(today.year - (month > today.month), month, 1, yearless=True)


def _quarter(match: re.Match[str], today: date) -> Days:
    number = int(match["q"]) if match["q"] else words.ORDINALS[match["nth"].lower()]
    first = 3 * (number - 1) + 1
    if match["y"]:
        return _months(int(match["y"]), first, 3)
    return _months(today.year - (first > today.month), first, 3, yearless=True)


def _half(match: re.Match[str], today: date) -> Days:
    second = match["h"] == "2" or (match["nth"] or "").lower() in {"second", "2nd", "last"}
    year = int(match["y"]) if match["y"] else today.year
    return _months(year, 7 if second else 1, 6, yearless=not match["y"])


def _season(match: re.Match[str], today: date) -> Days | None:
    month, which = words.SEASONS[match["season"].lower()], (match["which"] or "").lower()
    if match["y"]:
        return _months(int(match["y"]), month, 3)
    start = _months(today.year, month, 3)
    if which in words.LAST:
        return start if start[1] < today else _months(today.year - 1, month, 3)
    if which:
        return start
    if _needs_company(match, match["season"]):
        return None
    return _months(today.year - (start[0] > today), month, 3, yearless=True)


def _year(match: re.Match[str], today: date) -> Days | None:
    year = int(match["y"])
    return (date(year, 1, 1), date(year, 12, 31), False) if 1900 <= year <= today.year + 1 else None


def _near_day(match: re.Match[str], today: date) -> Days:
    said = match[0].lower()
    back = (
        2 if said in {"day before yesterday", "vorgestern"} else 1 if said in {"yesterday", "gestern"} else 0
    )
    return _one_day(today - timedelta(days=back))


def _weekday(match: re.Match[str], today: date) -> Days:
    back = (today.weekday() - words.WEEKDAYS[match["day"].lower()]) % 7
    if back == 0 and (match["which"] or "").lower() in words.LAST:
        back = 7
    return _one_day(today - timedelta(days=back))


def _last_many(match: re.Match[str], today: date) -> Days:
    return _back(today, _number(match["n"]), match["unit"]) + timedelta(days=1), today, False


def _ago(match: re.Match[str], today: date) -> Days:
    unit, day = words.UNITS[match["unit"].lower()], _back(today, _number(match["n"]), match["unit"])
    return _one_day(day) if unit == "day" else _period(unit, day)


def _older_than(match: re.Match[str], today: date) -> Days:
    number, unit = match["n"] or match["n2"], match["unit"] or match["unit2"]
    return date.min, _back(today, _number(number), unit), False


def _this_unit(match: re.Match[str], today: date) -> Days:
    unit = words.UNITS[match["unit"].lower()]
    if match["which"].lower() in words.LAST:
        start = _period("week" if unit == "weekend" else unit, today)[0]
        return _period(unit, start - timedelta(days=1))
    return _period(unit, today)


def _period(unit: str, day: date) -> Days:
    monday = day - timedelta(days=day.weekday())
    if unit == "day":
        return _one_day(day)
    if unit in {"week", "weekend"}:
        return monday + timedelta(days=5 if unit == "weekend" else 0), monday + timedelta(days=6), False
    if unit == "month":
        return _months(day.year, day.month, 1)
    if unit == "quarter":
        return _months(day.year, 3 * ((day.month - 1) // 3) + 1, 3)
    return date(day.year, 1, 1), date(day.year, 12, 31), False


def _back(today: date, count: int, unit_word: str) -> date:
    unit = words.UNITS[unit_word.lower()]
    if unit in {"day", "week", "weekend"}:
        return today - timedelta(days=count * (1 if unit == "day" else 7))
    months = count * {"month": 1, "quarter": 3, "year": 12}[unit]
    index = today.year * 12 + today.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _months(year: int, month: int, count: int, *, yearless: bool = False) -> Days:
    last = month + count - 1
    end_year, end_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    return date(year, month, 1), date(end_year, end_month, monthrange(end_year, end_month)[1]), yearless


def _number(said: str) -> int:
    return int(said) if said.isdigit() else words.NUMBERS[" ".join(said.lower().split())]


def _needs_company(match: re.Match[str], word: str) -> bool:
    """Tell whether a word like "may" or "spring" stands without what makes it a time."""
    if word.lower() not in words.AMBIGUOUS:
        return False
    before, after = match.string[: match.start()], match.string[match.end() :]
    named = word[0].isupper() and word.lower() in words.MONTHS and before.strip() != ""
    return not (named or _OPENED.search(before) or _CONTINUED.match(after))


def _any_of(options: Sequence[str]) -> str:
    return "|".join(re.escape(o).replace(r"\ ", r"\s+") for o in sorted(options, key=len, reverse=True))


def _pattern(text: str) -> LazyPattern:
    return LazyPattern(rf"(?<![\w/.-])(?:{text})(?![\w/]|[.-]\d)", re.IGNORECASE)


_OPENERS = {w for group in (words.WITHIN, words.BEFORE, words.UNTIL, words.AFTER, words.SINCE) for w in group}
_OPENED = LazyPattern(
    rf"(?<!\w)(?:{_any_of((*_OPENERS, *words.BETWEEN, *words.JOIN, 'early', 'mid', 'late'))})\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_CONTINUED = LazyPattern(
    rf"\s+(?:{_any_of(words.JOIN)})\s+(?:\d|(?:{_any_of(tuple(words.MONTHS))})\b)", re.IGNORECASE
)
_MONTH = rf"(?P<mon>{_any_of(tuple(words.MONTHS))})\.?"
_Y = r"(?P<y>(?:19|20)\d\d)"
_OPTIONAL_YEAR = rf"(?:,?\s+(?:of\s+)?{_Y})?"
_WHICH = rf"(?P<which>{_any_of((*words.LAST, *words.THIS))})"
_UNIT = rf"(?P<unit>{_any_of(tuple(words.UNITS))})"
_N = rf"(?P<n>\d{{1,4}}|{_any_of(tuple(words.NUMBERS))})"
_N2, _UNIT2 = _N.replace("<n>", "<n2>"), _UNIT.replace("<unit>", "<unit2>")
_NTH = rf"(?P<nth>{_any_of(tuple(words.ORDINALS))})"
_LAST_ONLY = _any_of(words.LAST)

_PATTERNS: tuple[tuple[LazyPattern, Builder], ...] = (
    (_pattern(rf"{_Y}-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}})"), _iso_day),
    (_pattern(rf"(?P<d>\d{{1,2}})(?P<sep>[./])(?P<m>\d{{1,2}})(?P=sep){_Y}"), _numeric_day),
    (_pattern(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?{_MONTH}{_OPTIONAL_YEAR}"), _named_day),
    (_pattern(rf"{_MONTH}\s+(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?{_OPTIONAL_YEAR}"), _named_day),
    (_pattern(rf"older\s+than\s+{_N}\s+{_UNIT}|more\s+than\s+{_N2}\s+{_UNIT2}\s+(?:old|ago)"), _older_than),
    (_pattern(rf"(?:{_LAST_ONLY}|newer\s+than|less\s+than)\s+{_N}\s+{_UNIT}(?:\s+old)?"), _last_many),
    (_pattern(rf"(?:vor\s+)?{_N}\s+{_UNIT}\s+(?:ago|earlier|her)"), _ago),
    (_pattern(rf"{_Y}[-/](?P<m>\d{{2}})"), _numeric_month),
    (_pattern(rf"(?P<m>\d{{1,2}})/{_Y}"), _numeric_month),
    (_pattern(rf"(?:{_WHICH}\s+)?{_MONTH}{_OPTIONAL_YEAR}"), _named_month),
    (_pattern(rf"(?:Q(?P<q>[1-4])|{_NTH}\s+(?:quarter|quartal))(?:\s*[/,]?\s*(?:of\s+)?{_Y})?"), _quarter),
    (_pattern(rf"(?:H(?P<h>[12])|{_NTH}\s+half)\s*(?:of\s+)?{_Y}"), _half),
    (_pattern(rf"(?:{_WHICH}\s+)?(?P<season>{_any_of(tuple(words.SEASONS))}){_OPTIONAL_YEAR}"), _season),
    (_pattern(rf"{_WHICH}\s+{_UNIT}"), _this_unit),
    (_pattern(r"day before yesterday|yesterday|today|vorgestern|gestern|heute"), _near_day),
    (_pattern(rf"(?:{_WHICH}\s+)?(?P<day>{_any_of(tuple(words.WEEKDAYS))})"), _weekday),
    (_pattern(_Y), _year),
)
