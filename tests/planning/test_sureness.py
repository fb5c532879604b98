"""Whether the local planner knows when it is right, on everyday turns that it was never tuned to.

A turn is right when it has all agents it needs and none beyond those it may have, and its intents say what they must.
"""

from __future__ import annotations

from typing import Any

import pytest

from pinakes.agents.planning.sureness import SURE
from pinakes.core.files import Inventory
from pinakes.core.plans import Plan
from tests.planning.conftest import PlanIt, agents, rows

ALL_KINDS = Inventory(counts={"image": 40, "document": 20, "link": 8, "video": 6})
EVERYDAY = rows("everyday_turns.jsonl")


def is_right(row: dict[str, Any], plan: Plan) -> bool:
    made, said = set(agents(plan)), " ".join(step.intent for step in plan.steps).lower()
    fits = set(row["needs"]) <= made <= {*row["needs"], *row["may"]}
    return fits and all(words in said for words in row["says"])


@pytest.mark.parametrize("half", ["dev", "held-out"])
@pytest.mark.parametrize("before", [(), ("photos of the greenhouse",)])
async def test_what_it_is_sure_of_is_right(plan: PlanIt, half: str, before: tuple[str, ...]) -> None:
    turns = [row for row in EVERYDAY if row["half"] == half and not (before and row["history"])]
    made = [(row, await plan(row["text"], *(row["history"] or before), inventory=ALL_KINDS)) for row in turns]
    sure = [is_right(row, one) for row, one in made if one.confidence >= SURE]
    assert sum(sure) / len(sure) >= 0.97
    assert len(sure) / len(made) >= 0.45


@pytest.mark.parametrize(
    "row", [row for row in EVERYDAY if row["sort"] == "about"], ids=lambda row: row["text"]
)
async def test_speaking_of_changes_changes_nothing(plan: PlanIt, row: dict[str, Any]) -> None:
    assert "folder_management" not in agents(await plan(row["text"], inventory=ALL_KINDS))


@pytest.mark.parametrize("sort", ["follow", "many"])
async def test_follow_ups_and_many_steps_are_left_to_a_model(plan: PlanIt, sort: str) -> None:
    turns = [row for row in EVERYDAY if row["sort"] == sort]
    made = [await plan(row["text"], *row["history"], inventory=ALL_KINDS) for row in turns]
    assert sum(one.confidence >= SURE for one in made) <= 0.1 * len(made)


@pytest.mark.parametrize(
    "said",
    [
        "Rather than deleting the clips, tell me how long they are",
        "No need to summarise it, where is the contract with the dairy?",
        "Find the documents and photos of the harpsichord and then a short report",
    ],
)
async def test_refusals_and_uncut_clauses_are_left_to_a_model(plan: PlanIt, said: str) -> None:
    assert (await plan(said, inventory=ALL_KINDS)).confidence < SURE


async def test_titles_and_names_of_folders_name_no_kinds(plan: PlanIt) -> None:
    made = await plan('find the saved article called "How to organise your photos"', inventory=ALL_KINDS)
    assert "image_search" not in agents(made)
    assert agents(await plan("new folder Gran's letters", inventory=ALL_KINDS)) == ["folder_management"]
    assert "document_search" in agents(await plan('Summarise "minutes.pdf"', inventory=ALL_KINDS))
