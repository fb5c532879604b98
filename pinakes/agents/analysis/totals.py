"""What documents such as invoices come to: their labelled totals, and the sum where each gives exactly one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pinakes.agents.analysis.extraction import AMOUNT
from pinakes.agents.analysis.units import Unit
from pinakes.agents.queries.amounts import NUMBER, currency_of, decimal_of
from pinakes.core.files import FileRecord

_PAYABLE = (
    r"grand\s+total|total\s+(?:amount\s+)?(?:due|payable)|(?:amount|balance)\s+(?:due|payable)"
    r"|total\s+à\s+payer|zahlbetrag"
)
_TOTAL = (
    r"(?:invoice\s+|bill\s+|order\s+)?total|sum\s+total|gesamt(?:betrag|summe)"
    r"|rechnungsbetrag|summe|montant\s+total"
)
_LABEL = re.compile(rf"^\W*(?:{_PAYABLE}|{_TOTAL})\b", re.IGNORECASE)
_PARTIAL = re.compile(
    r"\b(?:net|netto|subtotal|sub-total|excl\w*|without|before|zwischensumme)\b", re.IGNORECASE
)
_TILL = re.compile(r"\d{1,3}(?:[.,’' ]?\d{3})*[.,]\d\d(?![\d%])")
"""An amount as tills print it: two decimals and no currency."""


@dataclass(frozen=True)
class Total:
    """A labelled total: its value, currency ("" where none is written) and where it stands."""

    value: Decimal
    currency: str
    unit: Unit

    @property
    def words(self) -> str:
        """The amount as people write it."""
        return money(self.value, self.currency)


def money(value: Decimal, currency: str) -> str:
    """Return an amount with its currency: "EUR 1,470.50"."""
    return f"{currency} {value:,.2f}".strip()


def totals_of(units: Sequence[Unit]) -> list[Total]:
    """Return the different totals a document labels as such; what is to be paid, where it says so, stands alone."""
    found = [total for unit in units if (total := _total(unit))]
    payable = [t for t in found if re.match(rf"\W*(?:{_PAYABLE})", t.unit.text, re.IGNORECASE)]
    whole = payable or [t for t in found if not _PARTIAL.search(t.unit.text)] or found
    currencies = {c for unit in units for c in _currencies(unit)}
    only = currencies.pop() if len(currencies) == 1 else ""
    distinct = {(t.value, t.currency or only): t for t in reversed(whole)}
    return [Total(value, currency, t.unit) for (value, currency), t in reversed(distinct.items())]


def sum_of(totals: Sequence[Sequence[Total]]) -> Total | None:
    """Return the sum over documents that give one total each, all in one currency; else None."""
    if not totals or any(len(own) != 1 for own in totals) or len({own[0].currency for own in totals}) != 1:
        return None
    first = totals[0][0]
    return Total(sum((own[0].value for own in totals), Decimal(0)), first.currency, first.unit)


def why_not(files: Sequence[FileRecord], totals: Sequence[Sequence[Total]]) -> str:
    """Return why the totals of these documents cannot be added."""
    none = [f.filename for f, own in zip(files, totals, strict=True) if not own]
    many = [f.filename for f, own in zip(files, totals, strict=True) if len(own) > 1]
    reasons = [
        f"{', '.join(none)} {'gives' if len(none) == 1 else 'give'} no labelled total" if none else "",
        f"{', '.join(many)} {'gives' if len(many) == 1 else 'give'} more than one" if many else "",
    ]
    told = " and ".join(r for r in reasons if r) or "they are in different currencies"
    return f"They were not added up, because {told}."


def _total(unit: Unit) -> Total | None:
    if unit.kind == "row":
        return _row_total(unit)
    text = unit.text
    for label in re.finditer(rf"\b(?:{_PAYABLE}|{_TOTAL})\b[^\d€$£¥.;]{{0,30}}", text, re.IGNORECASE):
        amount = AMOUNT.match(text, label.end()) or AMOUNT.match(text, label.end() - 4)
        amount = amount or _TILL.match(text, label.end())
        if amount and not re.search(r"(?:sub-?|zwischen)$", text[: label.start()], re.IGNORECASE):
            return _made(amount[0], unit)
    return None


def _row_total(unit: Unit) -> Total | None:
    cells = unit.cells
    if not _LABEL.match(cells[0][1]):
        return None
    numbers = [
        (head, cell) for head, cell in cells[1:] if re.search(r"\d[.,]\d\d\b", cell) or AMOUNT.search(cell)
    ]
    if not numbers:
        return None
    head, cell = numbers[-1]
    made = _made(cell, unit)
    return Total(made.value, made.currency or currency_of(head), unit) if made else None


def _made(text: str, unit: Unit) -> Total | None:
    number = re.search(NUMBER, text)
    return Total(decimal_of(number[0]), currency_of(text), unit) if number else None


def _currencies(unit: Unit) -> list[str]:
    said = AMOUNT.findall(unit.text) if unit.kind != "row" else []
    heads = [head for head, _ in unit.cells] if unit.kind == "row" else []
    return [c for text in (*said, *heads) if (c := currency_of(text))]
