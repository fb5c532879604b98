from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinakes.agents.queries.calendar_words import MONTH_NAMES
from pinakes.agents.queries.dates import find_dates

NOW = datetime(2025, 11, 21, 12)  # a Friday


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("photos from March", "2025-03-01", "2025-03-31"),
        ("in December", "2024-12-01", "2024-12-31"),
        ("photos taken in march 2025", "2025-03-01", "2025-03-31"),
        ("before June 2025", None, "2025-05-31"),
        ("until June 2025", None, "2025-06-30"),
        ("after June 2025", "2025-07-01", None),
        ("since 3 May", "2025-05-03", None),
        ("from April onwards", "2025-04-01", None),
        ("on 3 May 2025", "2025-05-03", "2025-05-03"),
        ("May 3rd, 2024", "2024-05-03", "2024-05-03"),
        ("on the 12th of March", "2025-03-12", "2025-03-12"),
        ("this spring", "2025-03-01", "2025-05-31"),
        ("last summer", "2025-06-01", "2025-08-31"),
        ("in winter 2024", "2024-12-01", "2025-02-28"),
        ("last year", "2024-01-01", "2024-12-31"),
        ("last month", "2025-10-01", "2025-10-31"),
        ("this week", "2025-11-17", "2025-11-23"),
        ("last weekend", "2025-11-15", "2025-11-16"),
        ("last 30 days", "2025-10-23", "2025-11-21"),
        ("the past two weeks", "2025-11-08", "2025-11-21"),
        ("2 weeks ago", "2025-11-03", "2025-11-09"),
        ("older than 2 years", None, "2023-11-21"),
        ("yesterday", "2025-11-20", "2025-11-20"),
        ("on Monday", "2025-11-17", "2025-11-17"),
        ("between March and May", "2025-03-01", "2025-05-31"),
        ("between November 2024 and January 2025", "2024-11-01", "2025-01-31"),
        ("from 2025-03-01 to 2025-03-15", "2025-03-01", "2025-03-15"),
        ("March to May", "2025-03-01", "2025-05-31"),
        ("Q2 2025", "2025-04-01", "2025-06-30"),
        ("second quarter of 2025", "2025-04-01", "2025-06-30"),
        ("H1 2025", "2025-01-01", "2025-06-30"),
        ("03/2025", "2025-03-01", "2025-03-31"),
        ("12.03.2025", "2025-03-12", "2025-03-12"),
        ("on 12/31/2024", "2024-12-31", "2024-12-31"),
        ("in 2023", "2023-01-01", "2023-12-31"),
        ("between 2019 and 2021", "2019-01-01", "2021-12-31"),
        ("Fotos im März 2025", "2025-03-01", "2025-03-31"),
        ("seit Juni", "2025-06-01", None),
        ("letzten Monat", "2025-10-01", "2025-10-31"),
        ("gestern", "2025-11-20", "2025-11-20"),
    ],
)
def test_ranges(text: str, start: str | None, end: str | None) -> None:
    (found,) = find_dates(text, NOW)
    assert (found.start, found.end) == tuple(d and date.fromisoformat(d) for d in (start, end))


@pytest.mark.parametrize(
    "text",
    ["may I see it", "the spring washers", "invoice 2025-0017", "IR-2025-07", "march on", "part 12/4", ""],
)
def test_no_dates(text: str) -> None:
    assert find_dates(text, NOW) == []


def test_a_month_without_a_year_can_be_moved() -> None:
    (found,) = find_dates("in March", NOW)
    assert found.yearless
    assert found.in_year(2023).words() == "March 2023"


def test_a_listed_month_borrows_the_year() -> None:
    first, second = find_dates("in June or July 2024", NOW)
    assert (first.start, second.start) == (date(2024, 6, 1), date(2024, 7, 1))


@given(st.dates(date(1990, 1, 1), date(2025, 11, 21)))
def test_every_spelling_of_a_day_is_that_day(day: date) -> None:
    month = MONTH_NAMES[day.month - 1]
    spellings = (
        day.isoformat(),
        f"{day.day} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        f"{day.day:02d}.{day.month:02d}.{day.year}",
    )
    for said in spellings:
        (found,) = find_dates(f"photos of {said}", NOW)
        assert (found.start, found.end) == (day, day)


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    for found in find_dates(text, NOW):
        assert found.start is None or found.end is None or found.start <= found.end
        assert 0 <= found.span[0] < found.span[1] <= len(text)
        assert found.words()
