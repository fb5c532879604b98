from __future__ import annotations

from datetime import datetime

import pytest
from agent_world import Ask, asking

from pinakes.agents.queries.rates import spelled_out
from pinakes.core.evidence import resolve_marks
from pinakes.core.files import LinkFacts, MediaType, Reading, VideoFacts
from pinakes.core.plans import Focus, StepStatus
from pinakes.library.library import Library


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
        ("List the folders with the number of files in each", "- Manuals: 2"),
        ("How many folders are there?", "folders**; "),
        ("How many folders are in Photos?", "There are **2 folders** in Photos; 2 hold files."),
        ("Show the number of photos per camera as a pie chart", "- NIKON D90: 3"),
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


async def test_a_number_a_year_is_grouped_by_the_year(ask: Ask) -> None:
    each = await ask("analytics", "How many photos are there a year?")
    assert each.table is not None and each.table.query is not None
    assert each.text == (await ask("analytics", "How many photos are there per year?")).text
    assert spelled_out("how many photos are from a year ago?") == "how many photos are from a year ago?"


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
        ("Yes please", "Nothing is waiting for your decision"),
        ("ok", "All right. What would you like to know"),
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


async def _add(library: Library, name: str, kind: MediaType, reading: Reading) -> None:
    content_type = "video/mp4" if kind is MediaType.VIDEO else "text/html"
    record = await library.accept_bytes(
        name.encode(), name, content_type=content_type, media_type=kind, folder_path="Media"
    )
    await library.catalog.store_reading(record.id, reading, None)


@pytest.fixture
async def ask_more(own_world: Library) -> Ask:
    """Ask of a library that has videos and saved pages, too."""
    for name, seconds, day in (("tour.mp4", 12.5, 3), ("weld.mp4", 90.0, 4), ("drill.mov", 150.0, 4)):
        clip = VideoFacts(duration_s=seconds, width=4, height=3, format="mp4", codec="h264")
        reading = Reading(video=clip, content_created_at=datetime(2025, 3, day))
        await _add(own_world, name, MediaType.VIDEO, reading)
    for name, domain in (("a.html", "docs.example.org"), ("b.html", "example.org"), ("c.html", "wiki.net")):
        await _add(own_world, name, MediaType.LINK, Reading(title=name, link=LinkFacts(domain=domain)))
    return asking(own_world)


@pytest.mark.parametrize(
    ("intent", "expected"),
    [
        ("How long are my videos altogether?", "Total length of videos: **4 minutes 12 seconds**."),
        ("How many minutes of video do I have in total?", "**4 minutes 12 seconds**"),
        ("What is the longest video?", "The longest video: **drill.mov** with 2 minutes 30 seconds."),
        ("average length of the clips", "Average length of videos: **1 minute 24 seconds**."),
        ("Which is the shortest clip?", "The shortest video: **tour.mp4** with 12.5 seconds."),
        ("How many videos are longer than a minute?", "with at least 60 seconds: **2**."),
        ("total length of the videos per day", "- 4 March 2025: 4 minutes"),
        ("How many videos are there?", "Number of videos: **3**."),
        ("links per site", "- wiki.net: 1"),
        ("How many links are from example.org?", "Number of links, from example.org: **2**."),
        ("How many documents mention videos?", "with “videos” in name or text: **0**."),
        ("On which weekday were most photos taken?", "**Tuesday** and **Wednesday** with 2 each"),
        ("which weekdays have no photos", "Without pictures: Monday, Thursday, Saturday, Sunday."),
    ],
)
async def test_videos_sites_and_days(ask_more: Ask, intent: str, expected: str) -> None:
    assert expected in resolve_marks((await ask_more("analytics", intent)).text)


@pytest.mark.parametrize(
    ("intent", "first", "last"),
    [
        ("documents per folder alphabetically", "- Invoices: 1", "- Notes: 1"),
        ("photos per month, newest first", "- June 2025", "- December 2024"),
        ("photos by weekday", "- Tuesday", "- Friday"),
        ("list all photos newest first", "receipt.jpg", "diagram.png"),
        ("list the documents by number of pages", "forklift-manual.pdf", "invoice-77.txt"),
        ("list 2 documents alphabetically", "2 of 4 documents", "forklift-manual.pdf"),
    ],
)
async def test_an_order_that_was_asked_for(ask: Ask, intent: str, first: str, last: str) -> None:
    text = (await ask("analytics", intent)).text
    assert -1 < text.find(first) < text.find(last)


async def test_days_are_charted_as_days(ask: Ask) -> None:
    table = (await ask("analytics", "photos per day")).table
    assert table is not None and table.chart is not None
    assert table.chart["encoding"]["x"]["timeUnit"] == "utcyearmonthdate"
    assert all(row.file_ids for row in table.rows)
