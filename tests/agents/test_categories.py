from __future__ import annotations

import re

import numpy as np
import pytest
from agent_world import asking, document

from pinakes.agents.analysis.categories import grouped, parted
from pinakes.agents.analysis.parts import parts_of
from pinakes.agents.writing.verify import check_marks
from pinakes.core.evidence import resolve_marks
from pinakes.core.files import Chunk
from pinakes.core.plans import StepResult
from pinakes.library.library import Library

BREAD = "The dough of the bread rises overnight. Bread is baked in the oven at 230 degrees with steam."
LEASE = "The tenant pays the rent to the landlord each month. The lease ends with three months' notice."


def told(result: StepResult) -> str:
    assert check_marks(result.text, result.evidence).dropped == 0
    return resolve_marks(result.text)


def chunk(n: int, heading: str) -> Chunk:
    return Chunk(id=str(n), file_id="f", ordinal=n, text=f"Text {n}.", heading=heading, page_start=n + 1)


async def test_documents_are_grouped_by_what_they_are_about(own_world: Library) -> None:
    for n, text in enumerate(
        (BREAD, LEASE, BREAD.replace("oven", "stone oven"), LEASE.replace("three", "two"))
    ):
        await document(own_world, f"{n:x}7f.txt", "Mixed", f"{n:x}7f", pages=None, parts=(("", None, text),))
    text = told(
        await asking(own_world)("document_analysis", "Categorise the documents in the folder Mixed by topic")
    )
    groups = [set(re.findall(r"\w7f", line)) for line in text.splitlines() if line.startswith("- ")]
    assert {"07f", "27f"} in groups
    assert {"17f", "37f"} in groups
    assert re.search(r"\*\*[^*]*(?:bread|dough)", text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("headings", "titles"),
    [
        ([*["Book > One > a"] * 9, *["Book > Two"] * 9, *["Book > Three > b"] * 9], ["One", "Two", "Three"]),
        (["A"] * 30 + ["A > tiny"] + ["B"] * 30 + ["C"] * 30, ["A", "B", "C"]),
        ([""] * 60, ["", "", "", "", "", ""]),
        ([f"Note {n}" for n in range(60)], [""] * 6),
    ],
)
def test_parts_of_a_long_document(headings: list[str], titles: list[str]) -> None:
    chunks = [chunk(n, heading) for n, heading in enumerate(headings)]
    parts = parts_of(chunks)
    assert [p.title.rsplit(" > ", 1)[-1] for p in parts] == titles
    assert [c for p in parts for c in p.chunks] == chunks


async def test_a_long_document_is_told_part_by_part(own_world: Library) -> None:
    parts = [
        (
            f"Manual > {part}",
            n + 1,
            f"The {part.lower()} of the mill is checked in step {n}. It is made of steel.",
        )
        for part in ("Rollers", "Hopper", "Motor")
        for n in range(30)
    ]
    await document(own_world, "mill.pdf", "Manuals", "Mill", pages=90, parts=parts)
    text = told(await asking(own_world)("document_analysis", "Summarise mill.pdf"))
    assert [name for name in ("Rollers", "Hopper", "Motor") if f"**{name} (pp." not in text] == []


async def test_changes_are_told_from_old_to_new(own_world: Library) -> None:
    for name, price, day in (("offer-1.txt", "1,200", "3 May 2025"), ("offer-2.txt", "1,450", "10 May 2025")):
        text = f"The pump costs {price} EUR including delivery. The offer is valid until {day}. We thank you for your trust."
        await document(own_world, name, "Offers", name, pages=None, parts=(("", None, text),))
    text = told(await asking(own_world)("document_analysis", "Compare offer-1.txt with offer-2.txt"))
    assert "1,200 EUR → 1,450 EUR" in text
    assert "3 May 2025 → 10 May 2025" in text
    assert "thank you" in text.partition("Both say")[2]


async def test_rows_that_changed_and_rows_that_are_new(own_world: Library) -> None:
    for name, table in (
        ("list-1.md", "Part | Stock\nBolt | 40\nNut | 12"),
        ("list-2.md", "Part | Stock\nBolt | 25\nNut | 12\nWasher | 9"),
    ):
        await document(own_world, name, "Stock", name, pages=None, parts=(), table=table)
    text = told(await asking(own_world)("document_analysis", "Compare list-1.md with list-2.md"))
    assert "Stock: 40 → 25" in text
    assert "Washer" in text.partition("Only list-2.md says")[2]


async def test_tables_are_given_as_rows(own_world: Library) -> None:
    text = told(await asking(own_world)("document_analysis", "Extract the tables of minutes-2025-02.md"))
    assert "| Repair door | Tom Lund | 2 April 2025 |" in text


async def test_names_of_files_are_no_orders(own_world: Library) -> None:
    text = "Anna Berg wrote to anna@example.org. The annual report followed. Annual Report of the board."
    await document(own_world, "email.txt", "Mail", "Mail", pages=None, parts=(("", None, text),))
    answer = told(await asking(own_world)("document_analysis", "List all names mentioned in email.txt"))
    assert "Anna Berg" in answer
    assert "**Annual Report**" not in answer
    assert "E-mail addresses" not in answer


def test_documents_of_one_subject_are_parted_finer() -> None:
    rows = np.array([[1, 0.1, 0], [1, 0, 0.1], [0.7, 0.7, 0], [0.7, 0.75, 0]], dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    tilted = np.concatenate([rows, np.zeros((4, 1), dtype=np.float32)], axis=1)
    tilted[2:, 3] = 1.2  # the two pairs are alike, but less than the members of each
    tilted /= np.linalg.norm(tilted, axis=1, keepdims=True)
    assert len(grouped(tilted)) == 1
    assert parted(tilted) == [[0, 1], [2, 3]]
