"""The order that a question asks for: "alphabetically", "by date", "newest first"."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pinakes.agents.queries.found import pattern


class SortKey(StrEnum):
    """What can be sorted by."""

    NAME = "name"
    DATE = "date"
    SIZE = "size"
    PAGES = "pages"
    COUNT = "count"


@dataclass(frozen=True)
class Sorting:
    """An order and its direction."""

    key: SortKey
    descending: bool

    @property
    def by_label(self) -> bool:
        """Whether it is an order of names or times, rather than of numbers."""
        return self.key in {SortKey.NAME, SortKey.DATE}

    @property
    def of_files(self) -> str:
        """The order of a list of files, as the catalog knows it."""
        return f"{'-' if self.descending else ''}{_FIELDS[self.key]}"


_FIELDS = {
    SortKey.NAME: "filename",
    SortKey.DATE: "content_created_at",
    SortKey.SIZE: "size_bytes",
    SortKey.PAGES: "page_count",
    SortKey.COUNT: "filename",
}
_SORTED = r"(?:sort|order|rank|arrang|list|sortier)\w*\s+(?:(?:them|it|these|those)\s+)?"
_BY = rf"(?:{_SORTED})?(?:by|nach)\s+(?:the\s+|their\s+)?"
_DATE = r"(?:date|time|age|day\s+taken|recency|datum)(?:\s+(?:taken|added))?"
_SAID = (
    (
        SortKey.NAME,
        False,
        rf"(?:in\s+)?alphabetic(?:al|ally)?(?:\s+order)?|a\s*(?:-|–|to)\s*z|{_BY}(?:file\s*)?(?:names?|titles?|alphabet)|alphabetisch",
    ),
    (SortKey.DATE, True, r"(?:newest|latest|most\s+recent)\s+(?:\w+\s+)?first|neueste\s+zuerst"),
    (SortKey.DATE, False, r"(?:oldest|earliest)\s+(?:\w+\s+)?first|älteste\s+zuerst"),
    (SortKey.DATE, False, rf"(?:in\s+)?chronological(?:ly)?(?:\s+order)?|{_BY}{_DATE}|chronologisch"),
    (SortKey.SIZE, True, r"(?:largest|biggest|heaviest)\s+(?:\w+\s+)?first"),
    (SortKey.SIZE, False, r"smallest\s+(?:\w+\s+)?first"),
    (SortKey.SIZE, True, rf"{_BY}(?:file\s*)?(?:sizes?|größe)"),
    (SortKey.PAGES, True, rf"{_BY}(?:number\s+of\s+)?pages?|{_BY}page\s+count"),
    (SortKey.COUNT, True, rf"{_BY}(?:counts?|numbers?|frequency|how\s+many)|most\s+first"),
    (SortKey.COUNT, False, r"(?:fewest|least)\s+first"),
)
_SORTINGS = tuple((key, descending, pattern(said)) for key, descending, said in _SAID)
_DOWN = pattern(r"(?:in\s+)?(?:descending|decreasing|reversed?)(?:\s+order)?|z\s*(?:-|–|to)\s*a|absteigend")
_UP = pattern(r"(?:in\s+)?(?:ascending|increasing)(?:\s+order)?|aufsteigend")


def read_sorting(question: str) -> tuple[Sorting | None, str]:
    """Return the order that a question asks for, and the question without the words that say it."""
    for key, descending, said in _SORTINGS:
        match = said.search(question)
        if match:
            rest = f"{question[: match.start()]} {question[match.end() :]}"
            for *_, other in _SORTINGS:
                rest = other.sub(" ", rest)
            down, up = _DOWN.search(rest), _UP.search(rest)
            rest = _UP.sub(" ", _DOWN.sub(" ", rest))
            return Sorting(key, bool(down) or (descending and not up)), rest
    return None, question
