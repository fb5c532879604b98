from __future__ import annotations

import pytest
from agent_world import NOW, Ask, asking, document, picture

from pinakes.agents.paper_lists import kind_listed
from pinakes.agents.queries.filters import Known, read_filters
from pinakes.core.files import FileFilter
from pinakes.core.options import TurnOptions
from pinakes.core.plans import StepResult, StepStatus
from pinakes.library.library import Library
from pinakes.tools.scope import files_of


@pytest.mark.parametrize(
    ("intent", "kind"),
    [
        ("Which receipts are from May?", "receipts"),
        ("Show me all receipts", "receipts"),
        ("List the invoices", "invoices"),
        ("Find the photos of receipts", "receipts"),
        ("Show me pictures of our invoices", "invoices"),
        ("Find photos of the receipt printer", ""),
        ("Do we have any contracts?", "contracts"),
        ("Are there any invoices from March 2025?", "invoices"),
        ("Zeig mir alle Rechnungen", "rechnungen"),
        ("Welche Belege sind aus dem Mai?", "belege"),
        ("What do the receipts say?", ""),
        ("What is in the contract?", ""),
        ("Show me the contract", ""),
        ("Which receipt is the oldest?", ""),
        ("Which receipt is the highest?", "receipt"),
        ("What reports mention the pump?", ""),
        ("How many invoices are there?", ""),
        ("Find invoices from Corrib", ""),
    ],
)
def test_what_lists_papers(intent: str, kind: str) -> None:
    assert kind_listed(intent, read_filters(intent, Known(NOW))) == kind


@pytest.fixture
async def papers(own_world: Library) -> Library:
    """Three more papers; the date on one is not the day its picture was taken."""
    library = own_world
    for name, lines in (
        (
            "IMG_1.jpg",
            ("HARBOUR STORE", "4 May 2024 10:12", "Rope 12.00", "TOTAL 12.00", "Cash 20.00", "Change 8.00"),
        ),
        ("IMG_2.jpg", ("HARBOUR STORE", "Hook 3.00", "TOTAL 3.00", "Cash 5.00", "Change 2.00")),
    ):
        await picture(library, name, "Scans", taken=(2025, 8, 1, 9, 0), camera=None, lines=lines, phash=name)
    text = "Invoice 12 of Berg Paint, 2 June 2024. Total 480.00 EUR. Payable by 30 June 2024."
    await document(library, "inv12.txt", "Scans", "Invoice 12", pages=None, parts=(("", None, text),))
    await library.sync_index()
    return library


@pytest.mark.parametrize("agent", ["document_search", "image_search"])
async def test_the_date_on_a_paper_counts(papers: Library, agent: str) -> None:
    ask: Ask = asking(papers)
    assert names(await ask(agent, "Which receipts are from May?")) == ["IMG_1.jpg"]
    assert names(await ask(agent, "Which receipts are from August 2025?")) == ["IMG_2.jpg"]
    none = await ask(agent, "Which receipts are from January?")
    assert none.status is StepStatus.EMPTY and "4 May 2024" in none.text and "January" in none.text


def names(found: StepResult) -> list[str]:
    return [e.filename for e in found.evidence]


async def test_papers_are_documents_and_pictures(papers: Library) -> None:
    found = await asking(papers)("document_search", "Show me all invoices")
    assert sorted(names(found)) == ["inv12.txt", "invoice-77.txt"]
    assert {e.filename: e.why for e in found.evidence}["inv12.txt"] == "dated 2 June 2024"


async def test_a_selection_limits_the_list(papers: Library) -> None:
    [chosen] = [
        f.id for f in await files_of(papers, FileFilter(), order="filename") if f.filename == "IMG_2.jpg"
    ]
    options = TurnOptions(use_all_images=False, image_ids=(chosen,))
    found = await asking(papers)("image_search", "Show me all receipts", options=options)
    assert names(found) == ["IMG_2.jpg"]


async def test_papers_are_added_up_pictures_too(papers: Library) -> None:
    ask = asking(papers)
    assert (
        "Together **15.00**"
        in (await ask("document_analysis", "Add up the receipts from the Scans folder")).text
    )
    assert "12.00" in (await ask("document_analysis", "What did we spend on receipts in May in total?")).text
    total = await ask("document_analysis", "What is the total of all invoices?")
    assert "Together **EUR 1,670.00** (480.00 + 1,190.00)" in total.text
    assert {e.filename for e in total.evidence} == {"inv12.txt", "invoice-77.txt"}
    highest = await ask("document_analysis", "Which invoice is the highest?")
    assert highest.text.startswith("The highest: Invoice 77")
