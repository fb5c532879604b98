"""Amounts of money in words, and limits on them in questions: "over 1,000 euros", "between 50 and 100 dollars"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from pinakes.core.patterns import LazyPattern

CURRENCY = r"(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|JPY|CNY|INR|AUD|CAD|euros?|dollars?|pounds?|cents?|€|\$|£|¥)"
NUMBER = r"\d{1,3}(?:[,.'  ]\d{3})*(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "euro": "EUR", "dollar": "USD", "pound": "GBP"}
_SUM = rf"(?:{CURRENCY}\s?)?(?:{NUMBER})(?:\s?k(?!\w))?(?:\s?{CURRENCY}(?!\w))?"
_LIMIT = LazyPattern(
    r"(?<!\w)(?:(?P<over>over|above|more\s+than|greater\s+than|higher\s+than|exceed(?:s|ing)?|beyond|über|mehr\s+als)"
    r"|(?P<least>at\s+least|no(?:t)?\s+less\s+than|mindestens)"
    r"|(?P<under>under|below|less\s+than|cheaper\s+than|lower\s+than|smaller\s+than|unter|weniger\s+als)"
    r"|(?P<most>at\s+most|up\s+to|no(?:t)?\s+more\s+than|höchstens)"
    rf"|between\s+(?P<low>{_SUM})\s+and)\s+(?:(?:a\s+total|an\s+amount|a\s+sum)\s+of\s+)?(?P<sum>{_SUM})"
    r"(?=\W*(?:$|[,;.?!]|(?:in|and|or|from|dated|of|that|which|each|together|altogether|did|do|was|were|is|are|there)\b))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class AmountLimit:
    """What amounts are to be: from `least` to `most`, the ends among them unless `beyond`; "" is any currency."""

    words: str
    least: Decimal | None = None
    most: Decimal | None = None
    beyond: bool = False
    currency: str = ""

    def holds(self, value: Decimal, currency: str) -> bool:
        """Tell whether an amount is within the limit; one of another currency never is."""
        if self.currency and currency and currency != self.currency:
            return False
        low = self.least is None or (value > self.least if self.beyond else value >= self.least)
        high = self.most is None or (value < self.most if self.beyond else value <= self.most)
        return low and high


def amount_limit(question: str) -> AmountLimit | None:
    """Return the limit that a question sets to amounts, None where it sets none."""
    found = _LIMIT.search(question)
    if found is None:
        return None
    value, currency = _read(found["sum"])
    words = " ".join(found[0].split())
    if low := found["low"]:
        return AmountLimit(words, _read(low)[0], value, currency=currency or _read(low)[1])
    if found["over"] or found["least"]:
        return AmountLimit(words, least=value, beyond=bool(found["over"]), currency=currency)
    return AmountLimit(words, most=value, beyond=bool(found["under"]), currency=currency)


def without_limit(question: str) -> str:
    """Return a question without its limit on amounts."""
    return _LIMIT.sub(" ", question)


def decimal_of(number: str) -> Decimal:
    """Read a number whose last separator parts off at most two decimals."""
    whole, decimals = number, ""
    if parted := re.fullmatch(r"(.*)[.,](\d{1,2})", number):
        whole, decimals = parted[1], parted[2]
    return Decimal(f"{re.sub(r'[^0-9]', '', whole) or '0'}.{decimals or '0'}")


def currency_of(text: str) -> str:
    """Return the code of the currency said in a text, "" where none is."""
    found = re.search(CURRENCY, text, re.IGNORECASE)
    word = found[0].casefold().rstrip("s") if found else ""
    return _SIGNS.get(word, word.upper())


def _read(said: str) -> tuple[Decimal, str]:
    number = re.search(NUMBER, said)
    value = decimal_of(number[0]) if number else Decimal(0)
    thousands = re.search(r"\d\s?k(?!\w)", said, re.IGNORECASE)
    return value * 1000 if thousands else value, currency_of(said)
