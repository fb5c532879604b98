"""Things asked for by the state they are in are found however texts tell of it."""

from __future__ import annotations

import pytest
from agent_world import NOW, Ask, asking, document, picture

from pinakes.agents.queries.conditions import read_condition
from pinakes.agents.queries.filters import Known, read_filters
from pinakes.core.plans import StepResult, StepStatus
from pinakes.library.library import Library


@pytest.mark.parametrize(
    ("intent", "listed"),
    [
        ("Find damaged equipment", True),
        ("Show me photos of broken machines", True),
        ("Which ones are damaged?", True),
        ("What is broken?", True),
        ("Are there any leaking pipes?", True),
        ("Zeig mir kaputte Geräte", True),
        ("Which of the hoses had failed?", True),
        ("What damaged the hose?", False),
        ("What shows that the seal faces are damaged?", False),
        ("What does a worn ring look like?", False),
        ("Why is the pump broken?", False),
        ("How much did the damaged pump cost?", False),
        ("Find the pump manual", False),
        ("When did the seal of P-104 break?", False),
    ],
)
def test_what_asks_for_a_state(intent: str, listed: bool) -> None:
    topic = read_filters(intent, Known(NOW)).topic
    assert (read_condition(intent, topic) is not None) == listed


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("The hydraulic hose burst while a pallet was lifted.", True),
        ("The seat of the valve was corroded.", True),
        ("No ship was damaged.", False),
        ("If the wire is broken, stop the crane.", False),
        ("A switch must never be used when it is cracked.", False),
        ("The crane was painted blue.", False),
    ],
)
def test_what_tells_of_a_state(sentence: str, told: bool) -> None:
    condition = read_condition("Find damaged equipment", "damaged equipment")
    assert condition is not None
    assert condition.told_in(sentence) == told


@pytest.fixture
async def ask_yard(own_world: Library) -> Ask:
    for name, text in (
        ("hose.txt", "On Monday the hydraulic hose of the crane burst."),
        ("pump.txt", "In the night the mechanical seal of the big pump had failed."),
        ("rules.txt", "Stop the lift if a rope is broken. Never use a cracked hook."),
        ("party.txt", "At the summer party everybody ate cake in the garden."),
    ):
        await document(own_world, name, "Yard", name, pages=None, parts=[("", None, text)])
    await picture(
        own_world, "oil.jpg", "Yard", taken=None, camera=None, caption="Oil on the quay after the pump leaked"
    )
    await picture(own_world, "cake.jpg", "Yard", taken=None, camera=None, caption="A cake in the garden")
    await own_world.sync_index()
    return asking(own_world)


def _names(found: StepResult) -> set[str]:
    return {e.filename for e in found.evidence}


async def test_damage_is_found_in_other_words_in_documents_and_captions(ask_yard: Ask) -> None:
    found = await ask_yard("document_search", "Find damaged equipment")
    assert found.status is StepStatus.OK
    assert {"hose.txt", "pump.txt", "oil.jpg"} <= _names(found)
    assert not {"rules.txt", "party.txt", "cake.jpg"} & _names(found)
    assert "burst" in found.text


async def test_a_thing_that_is_named_limits_what_is_found(ask_yard: Ask) -> None:
    found = await ask_yard("document_search", "Find broken pumps")
    assert _names(found) == {"pump.txt", "oil.jpg"}


async def test_pictures_alone_where_pictures_are_asked_for(ask_yard: Ask) -> None:
    found = await ask_yard("image_search", "Show photos of broken machines")
    assert _names(found) == {"oil.jpg"}
    assert "not looked at" in found.text
