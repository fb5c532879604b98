"""Turns in the words of very different people; the held-out ones were never looked at while mending."""

from __future__ import annotations

from typing import Any

import pytest

from pinakes.core.files import Inventory
from pinakes.core.plans import Plan
from tests.planning.conftest import PlanIt, agents, behind, rows

ALL_KINDS = Inventory(counts={"image": 40, "document": 20, "link": 8, "video": 6})
CHANGES = "folder_management"
VOICES = rows("many_voices.jsonl")


def is_right(row: dict[str, Any], plan: Plan) -> bool:
    """Every agent that is needed, after those whose results it works on, saying what it must."""
    made, said = set(agents(plan)), " ".join(step.intent for step in plan.steps).lower()
    fits = set(row["needs"]) <= made and all(words in said for words in row["says"])
    fits &= all(set(needed) <= behind(plan, agent) for agent, needed in row["after"].items())
    return fits and not any(a in behind(plan, b) or b in behind(plan, a) for a, b in row["apart"])


@pytest.mark.parametrize(("half", "floor"), [("dev", 0.9), ("held-out", 0.8)])
async def test_many_voices_get_the_agents_they_need(plan: PlanIt, half: str, floor: float) -> None:
    turns = [row for row in VOICES if row["half"] == half]
    made = [(row, await plan(row["text"], *row["history"], inventory=ALL_KINDS)) for row in turns]
    assert not [row["text"] for row, one in made if CHANGES in agents(one) and not row["mutates"]]
    assert sum(is_right(row, one) for row, one in made) >= floor * len(made)


@pytest.mark.parametrize(
    "said",
    [
        'Open the folder "House/Boiler" and tell me when it was last serviced',
        "Have the invoices been sorted?",
        "Get the files that were deleted",
        "I need the files moved last week",
        "Would you have the contract that was moved to Legal?",
        "Put the feedback forms into groups by topic, no folders please",
        "The letter should be moved to the board meeting, please tell me when",
        "I need a folder called Boats, do we have one?",
        "Take the label off the bottle, what does the manual say about it?",
        "Undo please what does that button do in the manual?",
        "The minutes say everything dated before 2005 goes to Archive, please summarise them",
        "Non spostare nulla, dimmi solo quanti file ci sono",
        "Chi ha spostato le foto?",
        "Puoi dirmi chi ha cancellato le lettere?",
        "Il verbale dice: cancella tutte le foto",
    ],
)
async def test_what_orders_no_change_makes_none(plan: PlanIt, said: str) -> None:
    assert CHANGES not in agents(await plan(said, inventory=ALL_KINDS))


@pytest.mark.parametrize(
    "said",
    [
        "Do you think you could get rid of the duplicate photos for me?",
        "Would it be possible to have the wedding photos moved to a folder Wedding?",
        "I'd like you to have the invoices sorted into folders by supplier",
        "Everything dated before 2005 goes to Archive, please",
        "I want a folder named Boats with all boat pictures in it",
        "Take all the tags off the slides",
        "Let's get the photos of the roof into a folder of their own",
        "Restore yesterday's deletions",
        "List the documents about the well, summarise the newest and move all of them to Water",
        "Compare the quote from Hill with the one from Marsh, then file both under Kitchen",
        "Sposta le fatture nella cartella Tasse",
        "Rinomina la cartella Varie in Archivio",
    ],
)
async def test_orders_in_many_words_are_orders(plan: PlanIt, said: str) -> None:
    assert CHANGES in agents(await plan(said, inventory=ALL_KINDS))


@pytest.mark.parametrize("said", ["no wait, undo that", "undo pls", "great, delete the last two"])
async def test_orders_after_a_turn_are_about_what_it_showed(plan: PlanIt, said: str) -> None:
    assert CHANGES in agents(await plan(said, "show me pictures of the hamster", inventory=ALL_KINDS))


async def test_what_no_picture_tells_is_sought_in_documents(plan: PlanIt) -> None:
    made = await plan("Show me the photo of the kiln and tell me how often it must be checked")
    assert {"image_search", "document_search"} <= set(agents(made)) or "kiln" in made.steps[-1].intent
    made = await plan("Show me the photo of the oven and tell me how long the guarantee runs")
    assert agents(made) == ["image_search", "document_search"]
    assert not made.steps[1].depends_on
    assert "visual_analysis" in agents(await plan("Show me the photo of the oven and tell me what is on it"))


async def test_what_is_counted_after_a_search_is_what_was_found(plan: PlanIt) -> None:
    made = await plan("Find pictures of the orchard, then count how many there are per year")
    assert agents(made) == ["image_search", "analytics"]
    assert made.steps[1].depends_on == (made.steps[0].id,)
    assert "orchard" in made.steps[1].intent


@pytest.mark.parametrize(
    "said",
    [
        "Which of the saved articles disagree with our own water analysis?",
        "Do the saved websites and our handbook give the same dosage?",
        "Is what the brochure promises visible in the pictures?",
        "does the video about grafting say anything different from the book chapter?",
    ],
)
async def test_kinds_held_against_each_other_are_cross_checked(plan: PlanIt, said: str) -> None:
    made = await plan(said, inventory=ALL_KINDS)
    assert "cross_reference" in agents(made)
    assert len([name for name in behind(made, "cross_reference") if name.endswith("_search")]) == 2


@pytest.mark.parametrize(
    "said",
    [
        "how do I rename a folder here?",
        "is it possible to undo a merge?",
        "would deleting a folder delete its photos as well?",
        "what kinds of files can you read?",
    ],
)
async def test_questions_about_pinakes_are_for_chat(plan: PlanIt, said: str) -> None:
    assert agents(await plan(said, inventory=ALL_KINDS)) == ["chat"]


async def test_why_somebody_asks_is_not_searched_for(plan: PlanIt) -> None:
    said = "Since the landlord denies it, find the photos that show the mould in the bathroom"
    assert agents(await plan(said)) == ["image_search"]
    assert agents(await plan("How long may the hives stay closed? I ask because of the heat.")) == [
        "document_search"
    ]


@pytest.mark.parametrize(
    ("said", "needed"),
    [
        ("Quanti video ci sono?", {"analytics"}),
        ("Riassumi la relazione annuale", {"document_search", "document_analysis"}),
        ("Confronta i due preventivi", {"document_search", "document_analysis"}),
        ("Scrivi una relazione sull'incidente", {"report_synthesis"}),
        ("Grazie mille, ciao", {"chat"}),
    ],
)
async def test_italian_is_read(plan: PlanIt, said: str, needed: set[str]) -> None:
    assert needed <= set(agents(await plan(said, inventory=ALL_KINDS)))


@pytest.mark.parametrize(
    ("said", "made_by"),
    [
        ("Find photos of the harvest and describe what people are wearing", "visual_analysis"),
        ("Find the seed catalogue and list all tomato varieties", "document_analysis"),
        ("Find the videos of the race and name the winners", "video_analysis"),
        ("Find the minutes and note who was absent", "document_analysis"),
        ("Show me the invoices from Novak and add them up", "document_analysis"),
    ],
)
async def test_work_on_what_was_just_found_waits_for_it(plan: PlanIt, said: str, made_by: str) -> None:
    made = await plan(said, inventory=ALL_KINDS)
    assert len(made.steps) == 2 and made.steps[1].agent == made_by
    assert made.steps[1].depends_on == (made.steps[0].id,)


@pytest.mark.parametrize(
    ("said", "before", "agent", "words"),
    [
        ("who is the author?", "find the thesis on peat", "document_search", "thesis on peat"),
        ("how long is it?", "find the video of the assembly", "analytics", "video of the assembly"),
        (
            "and what does the website say?",
            "what does the leaflet say about side effects?",
            "link_search",
            "side effects",
        ),
        ("in which folder are they?", "photos of the barn", "analytics", "barn"),
        ("does that match the plan?", "find photos of the stairs", "cross_reference", "stairs"),
        (
            "what did he say about prices?",
            "find the interview with Mr Lund on video",
            "video_search",
            "mr lund",
        ),
        ("who signed?", "what does the loan agreement say about interest?", "document_search", "loan"),
    ],
)
async def test_questions_after_a_turn_stand_alone(
    plan: PlanIt, said: str, before: str, agent: str, words: str
) -> None:
    made = await plan(said, before, inventory=ALL_KINDS)
    assert agent in agents(made)
    assert words in " ".join(step.intent for step in made.steps).lower()


async def test_two_files_by_name_are_held_against_each_other(plan: PlanIt) -> None:
    made = await plan("does budget.xlsx agree with report.docx?", inventory=ALL_KINDS)
    assert agents(made) == ["document_search", "document_search", "cross_reference"]
    assert len(made.steps[2].depends_on) == 2
