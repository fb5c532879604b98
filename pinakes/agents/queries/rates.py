"""Numbers a year: "how many files are there a year?" asks for each year's."""

from __future__ import annotations

import re

from pinakes.agents.queries.found import pattern

_ASKED = pattern(r"how\s+many|how\s+much|number\s+of|average|count")
_RATE = re.compile(r"(\w+\s+)an?\s+(?=(?:year|month|day)\s*(?:[?.!,;]|$))", re.IGNORECASE)
_NO_RATE = pattern(
    r"in|of|at|on|to|or|as|for|per|and|half|over|from|with|without|show|shows|once|after|before|about|within|under"
    r"|mentions?|contains?|has|have|than"
)
"""After these words a year is a year."""


def spelled_out(question: str) -> str:
    """Return "how many files are there per year" for "how many files are there a year"; others as they are."""
    rate = _RATE.search(question) if _ASKED.search(question) else None
    if rate is None or _NO_RATE.fullmatch(rate[1].strip()):
        return question
    return f"{question[: rate.start()]}{rate[1]}per {question[rate.end() :]}"
