"""Nothing outside a turn's selections and folders ever appears, whatever is asked of whichever agent."""

from __future__ import annotations

import pytest
from agent_world import Ask

from pinakes.agents.shipped import SHIPPED
from pinakes.core.options import TurnOptions
from pinakes.core.plans import Focus
from pinakes.library.library import Library

ASKED = {
    "image_search": (
        "photos from March",
        "danger sign",
        'photos that say "danger"',
        "all photos",
        "blurred photos",
    ),
    "document_search": (
        "How long does charging take?",
        "documents with 3 pages",
        "forklift-manual.pdf",
        "forklift",
    ),
    "visual_analysis": (
        "which photos are blurred",
        "near-duplicates",
        "describe danger-sign.jpg",
        "read the receipt",
    ),
    "document_analysis": (
        "summarise forklift-manual.pdf",
        "compare the manuals",
        "extract all dates",
        "key terms",
    ),
    "analytics": (
        "how many files are there",
        "list all files",
        "largest file",
        "documents per folder",
        "oldest photo",
        "what share of the pictures is blurred",
        "how many documents mention the forklift",
    ),
    "link_search": ("links about the forklift", "all links"),
    "link_analysis": ("summarise the page about the forklift",),
    "video_search": ("videos of the forklift", "all videos"),
    "video_analysis": ("how long are the videos",),
    "cross_reference": ("match the photos of danger signs with the forklift manual",),
    "folder_management": ("move the receipts to Receipts", "organise my photos by year"),
    "report_synthesis": (
        "write a report on the forklift",
        "write a report on the danger signs with pictures",
    ),
    "chat": ("what is in my library",),
}


async def outside(world: Library, inside: set[str]) -> set[str]:
    from pinakes.core.files import FileFilter

    page = await world.catalog.list_files(FileFilter(), limit=100)
    return {f.filename for f in page.items} - inside


@pytest.mark.parametrize("agent", list(ASKED))
@pytest.mark.parametrize(
    ("folders", "inside"),
    [
        (("Photos/Office",), {"receipt.jpg"}),
        (("Photos/Office", "Notes"), {"receipt.jpg", "minutes-2025-02.md"}),
        (("Nowhere",), set()),
    ],
)
async def test_folders(
    ask: Ask, world: Library, names, agent: str, folders: tuple[str, ...], inside: set[str]
) -> None:
    hidden = await outside(world, inside)
    for intent in ASKED[agent]:
        result = await ask(agent, intent, options=TurnOptions(folder_paths=folders))
        shown = result.model_dump_json(exclude={"intent"})
        asked = {name for name in hidden if name in intent}
        assert {name for name in hidden - asked if name in shown} == set(), intent
        assert set(await names(result)) <= inside


@pytest.mark.parametrize("agent", ["image_search", "visual_analysis", "analytics"])
async def test_selected_pictures(ask: Ask, world: Library, names, agent: str) -> None:
    everything = await ask("image_search", "all photos")
    chosen = everything.file_ids[:1]
    for ids in (chosen, ()):
        options = TurnOptions(use_all_images=False, image_ids=ids)
        for intent in ASKED[agent]:
            result = await ask(agent, intent, options=options, focus=Focus(file_ids=everything.file_ids))
            images = set(result.file_ids) & set(everything.file_ids)
            assert images <= set(ids), intent


async def test_text_in_pictures_answers_within_the_selection_alone(ask: Ask) -> None:
    question = "What did the hammer cost?"
    receipt = (await ask("image_search", "receipt.jpg")).file_ids
    night = (await ask("image_search", "night.jpg")).file_ids
    focus = Focus(file_ids=receipt)
    given = await ask("image_search", "receipt.jpg")
    for hidden in (
        TurnOptions(use_all_images=False),
        TurnOptions(use_all_images=False, image_ids=night),
        TurnOptions(folder_paths=("Photos/Site",)),
        TurnOptions(use_all_images=False, image_ids=receipt, folder_paths=("Photos/Site",)),
    ):
        for extra in ({}, {"focus": focus}, {"inputs": (given,)}):
            result = await ask("document_search", question, options=hidden, **extra)
            assert "receipt.jpg" not in result.model_dump_json(), (hidden, extra)
    chosen = TurnOptions(use_all_images=False, image_ids=receipt)
    found = await ask("document_search", question, options=chosen)
    assert "receipt.jpg" in {e.filename for e in found.evidence}


async def test_selected_documents_limit_documents_alone(ask: Ask, names) -> None:
    manual = (await ask("document_search", "forklift-manual.pdf")).file_ids[:1]
    options = TurnOptions(document_ids=manual)
    for intent in ASKED["document_search"]:
        assert set((await ask("document_search", intent, options=options)).file_ids) <= set(manual)
    assert len((await ask("image_search", "all photos", options=options)).file_ids) == 6
    assert (
        "Number of documents: **1**" in (await ask("analytics", "how many documents", options=options)).text
    )


async def test_inputs_outside_the_scope_are_dropped(ask: Ask) -> None:
    given = await ask("image_search", "all photos")
    result = await ask(
        "visual_analysis",
        "which are blurred",
        inputs=(given,),
        options=TurnOptions(folder_paths=("Drawings",)),
    )
    assert len(result.file_ids) <= 1
    assert "shaky" not in result.model_dump_json()


def test_thirteen_agents_ship() -> None:
    assert len(SHIPPED) == 13
    assert {s.card.name for s in SHIPPED if s.run} == set(ASKED)
    assert all(s.card.available == (s.run is not None) for s in SHIPPED)
