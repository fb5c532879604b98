from __future__ import annotations

from time import perf_counter

import pytest
from agent_world import Ask, asking, document, picture

from pinakes.agents.writing.verify import check_marks
from pinakes.core.evidence import resolve_marks
from pinakes.core.plans import Focus, StepResult, StepStatus
from pinakes.library.library import Library


def told(result: StepResult) -> str:
    """Return a result's text, after checking that every mark in it has evidence."""
    assert check_marks(result.text, result.evidence).dropped == 0
    return resolve_marks(result.text)


@pytest.mark.parametrize(
    ("intent", "expected", "members"),
    [
        ("Which photos are blurred?", "1 of 6 pictures measures as blurred", ["shaky.jpg"]),
        ("Which pictures are too dark?", "1 of 6 pictures measures as dark", ["night.jpg"]),
        ("Which photo is the darkest?", "night.jpg is the darkest", ["night.jpg"]),
        ("Are there near-duplicates?", "nearly the same", ["danger-sign.jpg", "danger-sign-small.jpg"]),
        ("Read the text in receipt.jpg", "TOTAL 31.20", ["receipt.jpg"]),
        ("When was receipt.jpg taken?", "17 June 2025, 10:00:00", ["receipt.jpg"]),
        ("With which camera was night.jpg taken?", "Apple iPhone 12", ["night.jpg"]),
        ("Where was danger-sign.jpg taken?", "60.4000° N, 5.3000° E", ["danger-sign.jpg"]),
        ("Describe shaky.jpg", "captioned “The old forklift”", ["shaky.jpg"]),
    ],
)
async def test_pictures(ask: Ask, names, intent: str, expected: str, members: list[str]) -> None:
    result = await ask("visual_analysis", intent)
    assert expected in told(result)
    assert await names(result) == members


async def test_what_cannot_be_seen_is_said(ask: Ask) -> None:
    for intent in (
        "What colour is the van in night.jpg?",
        "How many people are in night.jpg?",
        "Describe night.jpg",
    ):
        assert "cannot see" in told(await ask("visual_analysis", intent))


async def test_comparing_pictures(ask: Ask) -> None:
    text = told(await ask("visual_analysis", "Compare danger-sign.jpg and danger-sign-small.jpg"))
    assert "near-duplicates (1 of 64 bits differ)" in text
    assert "different size" in text
    assert "the same: " in text


async def test_given_pictures_are_looked_at_alone(ask: Ask, names) -> None:
    given = await ask("image_search", "photos from March")
    result = await ask("visual_analysis", "which are blurred", inputs=(given,))
    assert "1 of 3 pictures" in told(result)


async def test_the_second_one(ask: Ask, names) -> None:
    shown = await ask("image_search", "photos from March")
    result = await ask("visual_analysis", "describe the second one", focus=Focus(file_ids=shown.file_ids))
    assert await names(result) == ["danger-sign-small.jpg"]


async def test_no_picture_is_guessed(ask: Ask) -> None:
    result = await ask("visual_analysis", "what is the horse doing")
    assert result.status is StepStatus.EMPTY
    assert result.notes


async def test_summary_of_one_document(ask: Ask, names) -> None:
    result = await ask("document_analysis", "Summarise forklift-manual.pdf in three sentences")
    assert await names(result) == ["forklift-manual.pdf"]
    assert len(result.evidence) == 3
    text = told(result)
    assert all(e.quote.split(".")[0][:40] in text for e in result.evidence)


async def test_what_changed_between_two_documents(ask: Ask) -> None:
    text = told(await ask("document_analysis", "Compare forklift-manual.pdf and forklift-manual-2019.docx"))
    assert "differ in figures" in text
    assert "2,500 kg" in text
    assert "2,000 kg" in text
    assert "Helmets are recommended" in text
    assert "Both say" in text


@pytest.mark.parametrize(
    ("intent", "expected"),
    [
        ("Extract the deadlines from the minutes of February", ["14 March 2025", "2 April 2025"]),
        ("List all amounts in the Invoices folder", ["1,190.00 EUR"]),
        ("Find all e-mail addresses in minutes-2025-02.md", ["anna.berg@example.org"]),
        ("What sections are in forklift-manual.pdf?", ["Operation, p. 1", "Batteries, p. 2"]),
        ("How long is forklift-manual.pdf?", ["3 pages"]),
        ("key terms of forklift-manual.pdf", ["forklift"]),
        ("Which tables are in minutes-2025-02.md?", ["Order paint | Anna Berg"]),
        ("summarise what forklift-manual.pdf says about the battery", ["Charging takes eight hours"]),
    ],
)
async def test_documents(ask: Ask, intent: str, expected: list[str]) -> None:
    text = told(await ask("document_analysis", intent))
    assert [e for e in expected if e not in text] == []


async def test_no_document_is_guessed(ask: Ask) -> None:
    result = await ask("document_analysis", "summarise the treaty of Westphalia")
    assert result.status is StepStatus.EMPTY
    assert result.notes


async def test_a_long_document_is_summed_up_in_seconds(own_world: Library) -> None:
    parts = [
        (
            f"Chapter {n // 40}",
            n // 2 + 1,
            f"Point {n} of the plan concerns item {n * 7 % 101} and its owner. It costs {n} EUR.",
        )
        for n in range(1200)
    ]
    await document(own_world, "plan.pdf", "Notes", "Great plan", pages=600, parts=parts)
    started = perf_counter()
    result = await asking(own_world)("document_analysis", "Summarise plan.pdf")
    assert len(result.evidence) == 6  # the whole, in equal stretches
    assert len({e.locator.page // 120 for e in result.evidence if e.locator.page}) >= 4
    assert perf_counter() - started < 20


async def test_many_readings_are_cut_and_counted(own_world: Library) -> None:
    for number in range(8):
        await picture(
            own_world, f"label-{number}.jpg", "Labels", taken=None, camera=None, lines=(f"LABEL {number}",)
        )
    told_all = (await asking(own_world)("visual_analysis", "What is written in the photos?")).text
    assert told_all.count(" reads ") == 5
    assert "more" in told_all.splitlines()[-1]


async def test_how_a_picture_is_stored(own_world: Library) -> None:
    await picture(own_world, "plate.jpg", "Labels", taken=None, camera=None, orientation=3)
    result = await asking(own_world)("visual_analysis", "Is plate.jpg upside down in the file?")
    assert "turned by 180°" in result.text
    assert "EXIF orientation 3" in result.text


async def test_an_empty_search_before_is_not_admitted_twice(ask: Ask) -> None:
    searched = await ask("image_search", "photos with a dog on the beach")
    result = await ask("visual_analysis", "describe the dog on the beach", inputs=(searched,))
    assert result.status is StepStatus.EMPTY
    assert not result.notes


@pytest.mark.parametrize(
    "intent",
    [
        "which pictures show a dog",
        "photos with a giraffe",
        "pictures of a red bus",
        "show me people on the beach",
        "is the man wearing a helmet",
        "how many people are in the pictures",
        "is there a cat in any photo",
        "what is the woman holding",
        "which of the pictures shows a horse",
        "what animals can be seen",
        "do any pictures show children playing",
    ],
)
@pytest.mark.parametrize("agent", ["image_search", "visual_analysis"])
async def test_what_only_eyes_can_tell_is_admitted(ask: Ask, agent: str, intent: str) -> None:
    result = await ask(agent, intent)
    assert not result.file_ids
    assert "cannot see" in " ".join(result.notes)


async def test_pictures_are_grouped_by_likeness(ask: Ask, names) -> None:
    result = await ask("visual_analysis", "group my photos by similarity")
    assert "**nearly the same as danger-sign.jpg** (2)" in result.text
    assert {"danger-sign.jpg", "danger-sign-small.jpg"} <= set(await names(result))
    assert "cannot see" in result.text


async def test_words_and_colours_make_groups(own_world: Library) -> None:
    for n, total in enumerate(("12.40", "8.90")):
        await picture(
            own_world,
            f"bill-{n}.jpg",
            "Bills",
            taken=(2025, 7, 1 + n),
            camera=None,
            lines=("GREEN CAFE", "Coffee and cake", f"TOTAL {total}"),
            colours=("white", "green"),
            phash=("0f0f0f0f0f0f0f0f", "5a5aa5a55a5aa5a5")[n],
        )
    result = await asking(own_world)("visual_analysis", "cluster the pictures that look alike")
    line = next(line for line in result.text.splitlines() if "bill-0.jpg" in line)
    assert "bill-1.jpg" in line
    assert "with the words" in line
    assert result.evidence


async def test_two_pictures_are_told_apart_in_time_and_place(ask: Ask) -> None:
    text = (await ask("visual_analysis", "compare danger-sign.jpg and shaky.jpg")).text
    assert "They were taken 46 hours 30 minutes apart." in text
    assert "bits differ" in text


async def test_a_picture_is_described_in_sentences(ask: Ask) -> None:
    text = (await ask("visual_analysis", "describe danger-sign.jpg")).text
    assert "taken 12 March 2025, 09:30:00 with the NIKON D90 at 60.4000° N, 5.3000° E, sharp" in text
    assert "The text in it reads “DANGER / HIGH VOLTAGE 400 V”." in text


async def test_the_two_of_more_that_fit_are_the_best_two_and_the_others_are_named(own_world: Library) -> None:
    what = ("A hose burst at the crane.", "The valve of a boiler stuck open.", "Rain flooded the cellar.")
    for number, happened in enumerate(what, 1):
        parts = [("Summary", 1, f"Incident report {number}. {happened}")]
        name = f"incident-{number}.pdf"
        await document(own_world, name, "Reports", f"Incident report {number}", pages=1, parts=parts)
    await own_world.sync_index()
    found = await asking(own_world)("document_search", "Find the incident reports.")
    compared = await asking(own_world)(
        "document_analysis", "Compare the two incident reports.", inputs=(found,)
    )
    assert len(compared.file_ids) == 2
    assert any("left out" in note for note in compared.notes)


async def test_an_imprint_stands_for_nothing(own_world: Library) -> None:
    imprint = "© Harbour Council 2016. Copyright is held by the council since 2016."
    text = "The harbour has two berths. Ships are moored at both of them in winter."
    parts = [("Imprint", 1, imprint), ("Berths", 2, text)]
    await document(own_world, "berths.pdf", "Notes", "Berths", pages=2, parts=parts)
    await own_world.sync_index()
    told_of = told(await asking(own_world)("document_analysis", "Summarise berths.pdf in two sentences"))
    assert "two berths" in told_of
    assert "Council" not in told_of and "council" not in told_of
