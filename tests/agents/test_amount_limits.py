"""Papers asked for by what they come to: "invoices over 1,000 euros", "the cheapest one"."""

from __future__ import annotations

from decimal import Decimal

import pytest
from agent_world import asking, invoice

from pinakes.agents.queries.amounts import amount_limit, without_limit
from pinakes.library.library import Library


@pytest.mark.parametrize(
    ("question", "within", "beyond"),
    [
        ("which invoices are above 1000 euros?", "1000.01 EUR", "1000 EUR"),
        ("list the bills under €2,000.50", "2000.49 EUR", "2000.50 EUR"),
        ("receipts of at least 5 k", "5000 USD", "4999 USD"),
        ("bills between 10 and 100 dollars in May", "100 USD", "9.99 USD"),
        ("quotes of no more than 90 GBP", "90 GBP", "90 EUR"),
        ("Rechnungen über 1.234,50 EUR", "1234.51 EUR", "1234.50 EUR"),
    ],
)
def test_a_limit_holds_for_amounts(question: str, within: str, beyond: str) -> None:
    limit = amount_limit(question)
    assert limit is not None
    for told, holds in ((within, True), (beyond, False)):
        value, currency = told.split()
        assert limit.holds(Decimal(value), currency) is holds


@pytest.mark.parametrize(
    "question",
    ["invoices with more than 3 pages", "files older than 2020-01-01", "over 30 days", "up to 5 people"],
)
def test_other_numbers_limit_no_amount(question: str) -> None:
    assert amount_limit(question) is None and without_limit(question) == question


async def test_papers_are_told_by_what_they_come_to(own_world: Library) -> None:
    for number, amount in ((78, "10.00"), (79, "2,000.00"), (80, "")):
        await invoice(own_world, number, amount)
    await own_world.sync_index()
    ask = asking(own_world)
    over = (await ask("document_analysis", "Which invoices are over 1,500 euros?")).text
    assert over.startswith("1 of ") and "Invoice 79" in over and "EUR 2,000.00" in over
    assert "EUR 10.00" not in over and "No labelled total: Invoice 80." in over
    none = (await ask("document_analysis", "Which invoices are over 9,000 euros?")).text
    assert none.startswith("None of ")
