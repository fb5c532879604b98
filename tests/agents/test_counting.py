from __future__ import annotations

import pytest
from agent_world import Ask

from pinakes.core.evidence import resolve_marks
from pinakes.core.plans import Focus, StepStatus


@pytest.mark.parametrize(
    ("intent", "expected"),
    [
        ("How many photos are there?", "Number of images: **6**."),
        ("How many photos were taken in March 2025?", "Number of images, taken in March 2025: **3**."),
        ("How many photos were taken in March?", "Number of images, taken in March 2025: **3**."),
        ("How many photos carry a caption?", "Number of images, with a caption: **1**."),
        ("How many documents mention the forklift?", "with “forklift” in name or text: **2**."),
        ("How many invoices are there?", "in the folder Invoices: **1**."),
        ("Which camera took the most photos?", "- NIKON D90: 3"),
        ("documents per folder", "- Manuals: 2"),
        (
            "What is the longest document?",
            "The document with the most pages: **forklift-manual.pdf** with 3 pages.",
        ),
        ("What are the oldest and newest photos?", "The oldest picture: night.jpg, 24 December 2024"),
        ("What share of the pictures has GPS data?", "1 of 6 pictures with GPS position: **17%**."),
        ("list all docx files", "1 file of type DOCX:\n\n- (forklift-manual-2019.docx) — in Manuals"),
        ("Which photos have no place stored in them?", "5 pictures without GPS position"),
        ("How many jpegs are there?", "Number of images: **5**."),
        ("which files failed?", "No file that could not be read."),
    ],
)
async def test_counts(ask: Ask, intent: str, expected: str) -> None:
    assert expected in resolve_marks((await ask("analytics", intent)).text)


async def test_months_without_pictures(ask: Ask) -> None:
    result = await ask("analytics", "Which months of 2025 have no photos?")
    assert result.text.startswith("Without pictures: January 2025, February 2025, April 2025")
    assert "June 2025" not in result.text


async def test_a_count_names_its_members(ask: Ask, names) -> None:
    result = await ask("analytics", "how many photos are blurred?")
    assert await names(result) == ["shaky.jpg"]
    assert result.table is not None
    assert result.table.total == 1
    assert result.table.query is not None


async def test_two_questions_in_one(ask: Ask) -> None:
    text = (await ask("analytics", "How many photos are there, and how many documents?")).text
    assert "images: **6**" in text
    assert "documents: **4**" in text


async def test_those(ask: Ask) -> None:
    shown = await ask("image_search", "photos from March")
    result = await ask("analytics", "how many of those are blurred?", focus=Focus(file_ids=shown.file_ids))
    assert "among the 3 files shown before" in result.text
    assert "**1**" in result.text


async def test_given_files_alone_are_counted(ask: Ask) -> None:
    given = await ask("image_search", "photos from March")
    result = await ask("analytics", "With which camera were the photos taken?", inputs=(given,))
    assert "- NIKON D90: 3" in result.text
    assert "iPhone" not in result.text


async def test_an_empty_question_is_not_answered_with_everything(ask: Ask) -> None:
    result = await ask("analytics", "And the fewest?")
    assert result.status is StepStatus.EMPTY


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Hello there", "6 pictures and 4 documents"),
        ("Thanks a lot!", "welcome"),
        ("What can you do?", "summarise, compare and extract"),
        ("Who are you?", "I am Pinakes"),
        ("what is in my library?", "The library holds 6 pictures and 4 documents, in 7 folders."),
        ("Bye for now", "Goodbye"),
        ("Book me a table for two", "outside what I can do"),
        ("Yes please", "What would you like to know"),
    ],
)
async def test_small_talk(ask: Ask, said: str, expected: str) -> None:
    result = await ask("chat", said)
    assert expected in result.text
    assert result.status is StepStatus.OK


async def test_the_fewest_come_first(ask: Ask) -> None:
    text = (await ask("analytics", "Which camera took the fewest photos?")).text
    assert text.startswith("The fewest: ")
    assert "Number of images by camera" in text


async def test_an_earlier_search_is_named_only_when_it_limits(ask: Ask) -> None:
    march = await ask("image_search", "photos from March 2025")
    same = await ask("analytics", "How many photos were taken in March 2025?", inputs=(march,))
    assert "found" not in same.text
    limited = await ask("analytics", "How many of those photos are blurred?", inputs=(march,))
    assert "among the 3 files found" in limited.text
    none = await ask("image_search", "photos from 1999")
    assert "**0**" in (await ask("analytics", "How many of those photos are blurred?", inputs=(none,))).text
    whole = await ask("analytics", "How many photos were taken in March 2025?", inputs=(none,))
    assert "**3**" in whole.text


async def test_groups_come_with_a_chart_and_single_numbers_without(ask: Ask) -> None:
    grouped = (await ask("analytics", "documents per folder")).table
    single = (await ask("analytics", "How many photos are there?")).table
    assert grouped is not None and grouped.chart is not None
    values = grouped.chart["data"]["values"]
    assert [(v["folder"], v["files"]) for v in values] == [(row.label, row.value) for row in grouped.rows]
    assert single is not None and single.chart is None


async def test_months_are_charted_in_their_order(ask: Ask) -> None:
    table = (await ask("analytics", "photos per month")).table
    assert table is not None and table.chart is not None
    months = [value["month"] for value in table.chart["data"]["values"]]
    assert months == sorted(months) and len(months) > 1
    assert table.chart["encoding"]["x"]["type"] == "temporal"
