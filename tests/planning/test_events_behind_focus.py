"""After pictures were shown, "that" may mean them or what was asked about."""

from __future__ import annotations

import pytest

from pinakes.agents.cards import CARDS
from pinakes.agents.planning.local import LocalPlanner
from pinakes.core.files import Inventory, MediaType
from pinakes.core.plans import Focus, PlanRequest
from pinakes.models.minilm import MiniLmEmbedder

HISTORY = ("Show me the photos of the flooded cellar and tell me from the report how long the pump was off.",)
FOCUS = Focus(
    media_type=MediaType.IMAGE,
    file_ids=("a", "b"),
    intent="Find the photos of the flooded cellar.",
    agents=("image_search", "document_search"),
)


@pytest.mark.parametrize(
    ("question", "agent"),
    [
        ("And what did that cost us?", "document_search"),
        ("Why did it happen?", "document_search"),
        ("Who repaired it?", "document_search"),
        ("Which of those are blurred?", "visual_analysis"),
        ("What does it say?", "visual_analysis"),
        ("Compare them.", "visual_analysis"),
    ],
)
async def test_events_are_searched_and_pictures_looked_at(question: str, agent: str) -> None:
    planner = LocalPlanner(MiniLmEmbedder(threads=1))
    inventory = Inventory(counts={"image": 30, "document": 20})
    request = PlanRequest(question=question, history=HISTORY, focus=FOCUS, inventory=inventory, cards=CARDS)
    plan = await planner.plan(request)
    assert [step.agent for step in plan.steps] == [agent]
    assert "cellar" in plan.steps[0].intent
