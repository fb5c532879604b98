"""Dates in words → ranges of days.

Understands days, months, quarters, halves, seasons, years, relative words ("yesterday", "last 30 days"), ISO and
numeric dates (day first), English and German month names, and what stands before them ("before", "since",
"between … and …").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from pinakes.agents.queries import calendar_words as words
from pinakes.agents.queries.date_points import Point, find_points


@dataclass(frozen=True)
class DateRange:
    """Days from `start` to `end`, both included; None is open.

    Attributes:
        span: Character offsets in the text, prepositions included.
        yearless: No year was said ("in March"): the year is a guess that `in_year` can change.
        said: The words as they stand in the text.
    """

    start: date | None
    end: date | None
    span: tuple[int, int]
    yearless: bool = False
    said: str = ""

    def bounds(self, zone: tzinfo | None) -> tuple[datetime | None, datetime | None]:
        """Return first and last moment, in a time zone."""
        first = None if self.start is None else datetime.combine(self.start, time.min, zone)
        last = None if self.end is None else datetime.combine(self.end, time.max, zone)
        return first, last

    def in_year(self, year: int) -> DateRange:
        """Return the same days of another year (that of the start, else of the end)."""
        anchor = self.start or self.end
        shift = year - anchor.year if anchor else 0
        return replace(self, start=_shifted(self.start, shift), end=_shifted(self.end, shift))

    def words(self) -> str:
        """Return the range in plain words, for example "March 2025"."""
        if self.start and self.end:
            return _closed_words(self.start, self.end)
        if self.start:
            return f"since {_day(self.start)}"
        return f"until {_day(self.end)}" if self.end else "any time"


def find_dates(text: str, now: datetime) -> list[DateRange]:
    """Return the date ranges said in a text, in order; months without a year get the latest possible one."""
    found: list[DateRange] = []
    points = _same_year(text, find_points(text, now.date()))
    while points:
        first = points.pop(0)
        if points and _joined(text, first, points[0]):
            found.append(_between(text, first, points.pop(0)))
        else:
            found.append(_single(text, first))
    return found


def _same_year(text: str, points: list[Point]) -> list[Point]:
    """Give a point without a year that of the one it is listed with ("June or July 2025")."""
    for place in range(len(points) - 2, -1, -1):
        first, second = points[place], points[place + 1]
        middle = text[first.span[1] : second.span[0]].strip().lower()
        if first.yearless and not second.yearless and middle in words.LISTED:
            shift = second.start.year - first.start.year
            start, end = _shifted(first.start, shift), _shifted(first.end, shift)
            points[place] = Point(start or first.start, end or first.end, first.span)
    return points


def _joined(text: str, first: Point, second: Point) -> bool:
    middle = text[first.span[1] : second.span[0]].strip().lower()
    opened = _tail(text, first.span[0], words.BETWEEN)
    return middle in words.JOIN and (opened is not None or middle not in {"and", "und"})


def _between(text: str, first: Point, second: Point) -> DateRange:
    start, yearless = first.start, first.yearless and second.yearless
    if first.yearless and not second.yearless:
        start = _shifted(first.start, second.end.year - first.start.year) or first.start
    if start > second.end:
        start = _shifted(start, -1) or start
    begin = _tail(text, first.span[0], words.BETWEEN)
    span = (first.span[0] if begin is None else begin, second.span[1])
    return DateRange(start, second.end, span, yearless, text[slice(*span)])


def _single(text: str, point: Point) -> DateRange:
    for openers, make in _OPENERS:
        begin = _tail(text, point.span[0], openers)
        if begin is not None:
            start, end = make(point)
            if openers is words.SINCE and not _open_ended(text, begin, point):
                start, end = point.start, point.end
            return _ranged(text, point, begin, start, end)
    begin = _tail(text, point.span[0], words.WITHIN)
    return _ranged(text, point, point.span[0] if begin is None else begin, point.start, point.end)


def _ranged(text: str, point: Point, begin: int, start: date | None, end: date | None) -> DateRange:
    stop = point.span[1]
    onwards = re.match(r"\s+(?:onwards?|on\b|and later)", text[stop:], re.IGNORECASE)
    if onwards:
        stop += onwards.end()
    first = None if start == date.min else start
    return DateRange(first, end, (begin, stop), point.yearless, text[begin:stop])


def _open_ended(text: str, begin: int, point: Point) -> bool:
    """Tell "since March" and "from March on" from plain "from March"."""
    if not text[begin : point.span[0]].strip().lower().startswith("from"):
        return True
    return re.match(r"\s+(?:onwards?|on\b|and later)", text[point.span[1] :], re.IGNORECASE) is not None


_DAY = timedelta(days=1)
_OPENERS = (
    (words.BEFORE, lambda p: (None, p.start - _DAY)),
    (words.UNTIL, lambda p: (None, p.end)),
    (words.AFTER, lambda p: (p.end + _DAY, None)),
    (words.SINCE, lambda p: (p.start, None)),
)


def _tail(text: str, end: int, openers: tuple[str, ...]) -> int | None:
    """Return where the opener that stands right before `end` begins, if one does."""
    options = "|".join(re.escape(o) for o in sorted(openers, key=len, reverse=True))
    match = re.search(rf"(?<!\w)(?:{options})\s+(?:the\s+|dem\s+|den\s+)?$", text[:end], re.IGNORECASE)
    return match.start() if match else None


def _shifted(day: date | None, years: int) -> date | None:
    if day is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _closed_words(start: date, end: date) -> str:
    if start == end:
        return _day(start)
    if start.day == 1 and (end + _DAY).day == 1:
        if start.month == 1 and end.month == 12:
            return str(start.year) if start.year == end.year else f"{start.year} to {end.year}"
        first, last = _month(start), _month(end)
        if first == last:
            return first
        return (
            f"{words.MONTH_NAMES[start.month - 1]} to {last}"
            if start.year == end.year
            else f"{first} to {last}"
        )
    return f"{_day(start)} to {_day(end)}"


def _day(day: date) -> str:
    return f"{day.day} {_month(day)}"


def _month(day: date) -> str:
    return f"{words.MONTH_NAMES[day.month - 1]} {day.year}"
