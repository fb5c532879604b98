from __future__ import annotations

import pytest
from agent_world import EMBEDDER, Ask, asking, invoice
from test_extraction import units

from pinakes.agents.analysis.facets import facet_units, value_of
from pinakes.agents.analysis.totals import sum_of, totals_of
from pinakes.library.library import Library


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Work | EUR\nFitting | 100.00\nNet | 100.00\nVAT | 19.00\nTotal | 119.00", "table", ["EUR 119.00"]),
        (
            "Part | Qty | Price EUR | Sum EUR\nBolt | 2 | 3.50 | 7.00\nTotal, no tax | 7.00",
            "table",
            ["EUR 7.00"],
        ),
        ("Net 1,000.00 EUR. Total 1,190.00 EUR. Payable by 30 April 2025.", "text", ["EUR 1,190.00"]),
        ("Ware | EUR\nGesamtbetrag | 1.234,50", "table", ["EUR 1,234.50"]),
        ("Item | USD\nTotal | 90.00\nTotal due | 99.00", "table", ["USD 99.00"]),
        ("Item | USD\nSubtotal | 90.00", "table", []),
        ("Item | EUR\nTotal | 90.00\nTotal | 80.00", "table", ["EUR 90.00", "EUR 80.00"]),
        ("The total number of bolts is 12.", "text", []),
    ],
)
def test_labelled_totals(text: str, kind: str, found: list[str]) -> None:
    assert [t.words for t in totals_of(units(text, kind))] == found


def test_only_single_totals_in_one_currency_are_added() -> None:
    euros, more = (totals_of(units(f"A | EUR\nTotal | {n}", "table")) for n in ("10.10", "20.20"))
    dollars = totals_of(units("A | USD\nTotal | 5.00", "table"))
    added = sum_of([euros, more])
    assert added is not None
    assert added.words == "EUR 30.30"
    assert sum_of([euros, dollars]) is None
    assert sum_of([euros, []]) is None


async def test_invoices_are_added_only_when_each_is_clear(ask: Ask, own_world: Library) -> None:
    for number, amount in ((78, "10.00"), (79, "")):
        await invoice(own_world, number, amount)
    await own_world.sync_index()
    result = await asking(own_world)("document_analysis", "What do all the invoices come to together?")
    assert "not added up" in result.text
    assert "invoice-79.txt" in result.text
    assert "EUR 1,190.00" in result.text
    alone = await ask("document_analysis", "What does invoice-77.txt come to in total?")
    assert "EUR 1,190.00" in alone.text


async def test_points_are_found_by_label_or_left_out() -> None:
    text = "Machine: crane C-2.\n\nCause The hose was seven years old.\n\nNobody was hurt on that day."
    found = await facet_units(units(text), ["cause", "exchange rate"], EMBEDDER)
    assert found[0] is not None
    assert value_of(found[0], "cause") == "The hose was seven years old."
    assert found[1] is None
