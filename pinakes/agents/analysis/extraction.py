"""Finds dates, amounts, deadlines, addresses, codes, definitions and tasks by their form."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pinakes.agents.analysis.units import Unit
from pinakes.agents.queries.amounts import CURRENCY, NUMBER
from pinakes.agents.queries.calendar_words import MONTHS
from pinakes.agents.queries.dates import DateRange, find_dates
from pinakes.agents.queries.found import any_of
from pinakes.agents.queries.orders import Wanted
from pinakes.core.patterns import LazyPattern


@dataclass(frozen=True)
class Find:
    """What was found, and the sentence it stands in."""

    value: str
    unit: Unit

    @property
    def row_words(self) -> str:
        """The other cells of the row it stands in, without the row's number; "" outside tables."""
        if self.unit.kind != "row":
            return ""
        cells = [cell.strip() for _, cell in self.unit.cells]
        numbered = re.fullmatch(r"\(?\d{1,3}[.)]?", cells[0]) is not None
        others = [c for c in cells[numbered:] if c and c != self.value.strip()]
        return ", ".join(others)


_MONTH = any_of(tuple(m for m in MONTHS if len(m) > 2))
DATE = LazyPattern(
    rf"\b(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?:{_MONTH})\.?(?:,?\s+\d{{4}})?"
    rf"|(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?|(?:{_MONTH})\s+\d{{4}})\b",
    re.IGNORECASE,
)
AMOUNT = LazyPattern(
    rf"(?<![\w.])(?:{CURRENCY})\s?(?:{NUMBER})(?:\s?(?:million|billion|thousand|k|m|bn)\b)?"
    rf"|(?<![\w.])(?:{NUMBER})(?:\s?(?:million|billion|thousand))?\s?(?:{CURRENCY})(?!\w)",
    re.IGNORECASE,
)
_EMAIL = LazyPattern(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = LazyPattern(
    r"(?<![\w.])(?:\+\d[\d ()/-]{6,}\d|\(?0\d{1,5}\)?[\d /-]{4,}\d|\d{3}[-. ]\d{2,4}(?:[-. ]\d{2,6})?)(?![\w.]\d)"
)
_LINK = LazyPattern(r"\bhttps?://[^\s)>\]]+|\bwww\.[^\s)>\]]+", re.IGNORECASE)
CODE = LazyPattern(
    r"\b(?=[A-Z0-9/-]*\d)(?=[A-Z0-9/-]*[A-Z])[A-Z0-9]+(?:[-/][A-Z0-9]+)+\b|\b[A-Z]{1,4}-?\d{3,}\b"
)
_DEFINITION = LazyPattern(
    r"^(?:for\s+the\s+purposes?\s+of\s+[^,]{3,60},\s+)?[\"“']?(?:the\s+)?[\w\s()/\"”'’-]{2,60}?\s+(?:means|is\s+defined\s+as|refers\s+to|denotes|stands\s+for|is\s+(?:called|known\s+as)|shall\s+mean)\s",
    re.IGNORECASE,
)
_DUE = LazyPattern(
    r"\b(?:by|before|until|till|no\s+later\s+than|not\s+later\s+than|on\s+or\s+before|bis|spätestens)(?:\s+(?:the|zum|\w+day),?)?\s+$",
    re.IGNORECASE,
)
_HEAD_WORDS = 5
_DUE_HEAD = LazyPattern(r"\b(?:by|due|until|before|deadline|bis|frist)\b", re.IGNORECASE)
_LATEST = LazyPattern(r"\s*,?\s*(?:at\s+the\s+latest|latest|deadline)\b", re.IGNORECASE)
_TERM = LazyPattern(
    r"\bwithin\s+(?:\w+\s+)?(?:\d+|\w+)\s+(?:working\s+)?(?:hours?|days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
_TASK = LazyPattern(
    r"^(?:action|to-?do|task|next\s+steps?)\b|\[[ xX]\]|[☐☑☒]|"
    r"\b(?:will|must|shall|to|should|needs?\s+to|has\s+to|have\s+to)\s+(?:be\s+)?[a-z]+",
    re.IGNORECASE,
)
_RULE = LazyPattern(
    r"\b(?:must|shall(?!\s+mean)|is\s+required|are\s+required|may\s+not|(?<!considered\s)(?<!not\s)mandatory|prohibited|forbidden|never|at\s+least|at\s+most|only\s+if|not\s+allowed|has\s+to|have\s+to)\b",
    re.IGNORECASE,
)
_IN_NAMES = frozenset({"van", "von", "der", "den", "mark", "rose", "may", "will", "bill", "frank", "grant"})
_FIGURE = LazyPattern(
    r"\d+(?:[.,]\d+)*\s*(?:%|°C|°F|[kMG]?[WVAJN]\w{0,3}\b|bar\b|mm\b|cm\b|m\b|km\b|kg\b|g\b|t\b|l\b|h\b|s\b|per\s+cent\b|[a-zA-Zµ]+/[a-zA-Z]+)",
    re.IGNORECASE,
)
_NAME = LazyPattern(
    r"\b(?:(?:Dr|Mr|Mrs|Ms|Prof|Herr|Frau)\.?\s+)?[A-ZÀ-Þ][a-zß-ÿ'’-]+(?:\s+(?:van|von|de|der|den|la|le|[A-Z]\.))*\s+[A-ZÀ-Þ][a-zß-ÿ'’-]+\b"
)


def _values(form: LazyPattern) -> Callable[[Unit], list[str]]:
    return lambda unit: [m[0].strip() for m in form.finditer(unit.text)]


def _amounts(unit: Unit) -> list[str]:
    found = [m[0].strip() for m in AMOUNT.finditer(unit.text)]
    for head, cell in unit.cells if unit.kind == "row" else ():
        currency = re.search(CURRENCY, head)
        if currency and re.fullmatch(NUMBER, cell.strip()):
            found.append(f"{cell.strip()} {currency[0]}")
    return found


def _deadlines(unit: Unit) -> list[str]:
    if unit.kind == "row":
        return [m[0] for head, cell in unit.cells if _DUE_HEAD.search(head) for m in DATE.finditer(cell)]
    text = unit.text
    titled = re.search(r"\b(?:deadline|due)\b", text, re.IGNORECASE) is not None
    dated = [m[0] for m in DATE.finditer(text) if titled or _due(text, m)]
    return list(dict.fromkeys([*dated, *(m[0] for m in _TERM.finditer(text))]))


def _due(text: str, date: re.Match[str]) -> bool:
    """Tell whether a date stands right after "by" or "before", or right before "at the latest"."""
    return _DUE.search(text[: date.start()]) is not None or _LATEST.match(text[date.end() :]) is not None


def within_dates(finds: Sequence[Find], question: str, now: datetime) -> list[Find]:
    """Return the dates found that lie in the days a question names; all of them when it names none."""
    asked = [r for r in find_dates(question, now) if r.start and r.end]
    if not asked:
        return list(finds)
    return [find for find in finds if any(_lies_in(find.value, days, now) for days in asked)]


def _lies_in(value: str, days: DateRange, now: datetime) -> bool:
    for found in find_dates(value, now):
        day = found.in_year(days.start.year) if found.yearless and days.start else found
        if (
            days.start
            and days.end
            and day.start
            and day.end
            and day.start <= days.end
            and days.start <= day.end
        ):
            return True
    return False


def _whole(form: LazyPattern) -> Callable[[Unit], list[str]]:
    return lambda unit: [unit.text] if form.search(unit.text) and len(unit.text.split()) > 3 else []


def _tasks(unit: Unit) -> list[str]:
    listed = unit.kind == "item" and _TASK.search(unit.text)
    return [unit.text] if listed or re.match(r"(?:action|to-?do|task)\b", unit.text, re.IGNORECASE) else []


_FINDERS: dict[Wanted, Callable[[Unit], list[str]]] = {
    Wanted.DATES: _values(DATE),
    Wanted.DEADLINES: _deadlines,
    Wanted.AMOUNTS: _amounts,
    Wanted.EMAILS: _values(_EMAIL),
    Wanted.PHONES: _values(_PHONE),
    Wanted.LINKS: _values(_LINK),
    Wanted.CODES: _values(CODE),
    Wanted.DEFINITIONS: _whole(_DEFINITION),
    Wanted.ACTIONS: _tasks,
    Wanted.RULES: _whole(_RULE),
    Wanted.FIGURES: _values(_FIGURE),
    Wanted.NAMES: _values(_NAME),
}


def extract(wanted: Wanted, units: Sequence[Unit]) -> list[Find]:
    """Return what of this form stands in the sentences, each value once a document, where it stands first."""
    found: dict[tuple[str, str, str], Find] = {}
    if wanted is not Wanted.LINKS and not all(u.aside for u in units):
        units = [u for u in units if not u.aside]
    common = _common_words(units) if wanted is Wanted.NAMES else frozenset()
    listed = _listed_as_due(units) if wanted is Wanted.DEADLINES else {}
    for place, unit in enumerate(units):
        for value in listed.get(place) or _FINDERS[wanted](unit):
            if common and next(iter(re.findall(r"[^\W\d_]{2,}", value)), "").casefold() in common:
                continue  # "Annual Report" is no person
            task = unit.text if wanted is Wanted.DEADLINES else ""  # two tasks may be due on one day
            found.setdefault((value.casefold(), unit.file.id, task), Find(value, unit))
    return list(found.values())


def _common_words(units: Sequence[Unit]) -> frozenset[str]:
    """Return the words that a text also writes with a small letter: what is no name."""
    return (
        frozenset(
            w for u in units for w in re.findall(r"(?<![^\W_])[a-zß-öø-ÿ]{3,}", _EMAIL.sub(" ", u.text))
        )
        - _IN_NAMES
    )


def _listed_as_due(units: Sequence[Unit]) -> dict[int, list[str]]:
    """Return the dates that lines end with below a line such as "Who Due": a table that was read as lines."""
    found: dict[int, list[str]] = {}
    below = False
    for place, unit in enumerate(units):
        dates = list(DATE.finditer(unit.text)) if unit.kind != "row" else []
        if below and dates and dates[-1].end() >= len(unit.text) - 1:
            found[place] = [dates[-1][0]]
            continue
        short = unit.kind != "row" and len(unit.text.split()) <= _HEAD_WORDS
        below = short and _DUE_HEAD.search(unit.text) is not None and not re.search(r"[\d.!?]", unit.text)
    return found
