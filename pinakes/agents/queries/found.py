"""What a recogniser finds in a question, and how its patterns are made."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pinakes.agents.queries.dates import DateRange
from pinakes.core.patterns import LazyPattern


@dataclass(frozen=True)
class Found:
    """A limit that some words state: the fields of a FileFilter, the limit in plain words, and where it stands."""

    span: tuple[int, int]
    fields: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dates: DateRange | None = None
    date_field: str = "taken"


def any_of(options: Sequence[str]) -> str:
    """Return the alternation of these words, the longest first."""
    ordered = sorted(options, key=len, reverse=True)
    return "|".join(re.escape(o).replace(r"\ ", r"\s+") for o in ordered)


def pattern(text: str) -> LazyPattern:
    """Return a case-blind pattern that matches whole words only."""
    return LazyPattern(rf"(?<!\w)(?:{text})(?!\w)", re.IGNORECASE)
