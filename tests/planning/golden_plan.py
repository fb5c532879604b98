"""A typical turn in a typical library, and what a model is shown of it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from pinakes.agents.cards import CARDS
from pinakes.agents.planning.plan_form import form_for
from pinakes.agents.planning.plan_prompt import plan_prompt
from pinakes.core.files import Inventory, MediaType
from pinakes.core.options import TurnOptions
from pinakes.core.plans import Focus, PlanRequest
from pinakes.models.rendering import messages

GOLDEN = Path(__file__).parent / "golden"

TYPICAL = PlanRequest(
    question="Which of them show the cracks that the roof survey mentions?",
    history=("find the roof survey", "show me photos of the roof in 2021"),
    focus=Focus(
        media_type=MediaType.IMAGE,
        file_ids=tuple("abcdefg"),
        intent="Find photos of the roof in 2021.",
        agents=("image_search",),
    ),
    inventory=Inventory(
        counts={"image": 412, "document": 187, "link": 12, "video": 0},
        folders=("Bills", *(f"Houses/House {number}/Photos" for number in range(30)), "Roof"),
        filenames=("lease.pdf", "roof_survey_2021.pdf", *(f"IMG_{number}.jpg" for number in range(400))),
        tags=("urgent", "archived"),
        cameras=("Nikon D90",),
        first_date=datetime(2015, 3, 1),
        last_date=datetime(2024, 2, 2),
    ),
    cards=CARDS,
    options=TurnOptions(domain="real estate", document_ids=("d1", "d2")),
)


def prompt_shown() -> str:
    """Return the whole prompt as text."""
    shown = messages(plan_prompt(TYPICAL, CARDS, names=True), parts=False)
    return "".join(f"== {message.type} ==\n{message.text}\n" for message in shown)


def schema_shown() -> str:
    """Return the form's schema as text."""
    form = form_for(tuple(card.name for card in CARDS))
    return json.dumps(form.model_json_schema(), indent=1) + "\n"
