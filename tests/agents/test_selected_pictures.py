"""With pictures selected, no agent sees another one: not in results, evidence, counts, words, or proposals."""

from __future__ import annotations

import re

import pytest
from agent_world import Ask
from test_scoping import ASKED

from pinakes.agents.shipped import SHIPPED
from pinakes.core.files import FileFilter, FileRecord, MediaType
from pinakes.core.options import TurnOptions
from pinakes.core.plans import Focus
from pinakes.library.library import Library

MORE = {
    "image_search": ("HIGH VOLTAGE", "photos like danger-sign.jpg", "pictures taken near Berlin"),
    "document_search": ("What does the sign warn of?", "Where is valve V-7?"),
    "visual_analysis": ("which pictures are alike", "what text is on the pictures", "compare all pictures"),
    "document_analysis": ("summarise everything", "what do the pictures say"),
    "analytics": ("how many photos are there", "photos per camera", "files per folder", "list all photos"),
    "link_search": ("danger signs",),
    "link_analysis": ("what do the pages say about danger",),
    "video_search": ("high voltage",),
    "video_analysis": ("what is on the videos",),
    "cross_reference": ("which photos fit which documents", "compare the photos with each other"),
    "folder_management": (
        "delete the duplicates",
        "move all photos to Pictures",
        "tag the blurred photos soft",
    ),
    "report_synthesis": ("write a report on all my photos", "report on what the pictures show"),
    "chat": ("how many photos do I have?", "what is this library about?"),
}
TELLING = {
    "danger-sign.jpg": ("HIGH VOLTAGE", "400 V"),
    "danger-sign-small.jpg": ("HIGH VOLTAGE",),
    "receipt.jpg": ("CORNER HARDWARE", "31.20"),
    "shaky.jpg": ("The old forklift",),
    "diagram.png": ("Valve V-7", "Pump P-2"),
    "night.jpg": (),
}
"""What stands in a picture and nowhere else."""


@pytest.fixture
async def pictures(world: Library) -> dict[str, FileRecord]:
    page = await world.catalog.list_files(FileFilter(media_types=(MediaType.IMAGE,)), limit=100)
    return {file.filename: file for file in page.items}


def told_of(pictures: dict[str, FileRecord], hidden: set[str], shown: str, intent: str) -> list[str]:
    """Return what a result tells of hidden pictures."""
    found = [file.id for name, file in pictures.items() if name in hidden and file.id in shown]
    found += [name for name in hidden if _says(shown, name) and name not in intent]
    words = [word for name in hidden for word in TELLING[name]]
    return found + [word for word in words if word in shown and word.casefold() not in intent.casefold()]


def _says(shown: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}", shown) is not None


@pytest.mark.parametrize("agent", [spec.card.name for spec in SHIPPED])
@pytest.mark.parametrize("chosen", [("receipt.jpg",), ()], ids=len)
async def test_no_agent_sees_another_picture(
    ask: Ask, pictures: dict[str, FileRecord], agent: str, chosen: tuple[str, ...]
) -> None:
    everything = await ask("image_search", "all photos")
    ids = tuple(pictures[name].id for name in chosen)
    options = TurnOptions(use_all_images=False, image_ids=ids)
    hidden = set(pictures) - set(chosen)
    focus = Focus(file_ids=tuple(file.id for file in pictures.values()), media_type=MediaType.IMAGE)
    for intent in (*ASKED[agent], *MORE[agent]):
        for extra in ({}, {"focus": focus}, {"inputs": (everything,)}):
            result = await ask(agent, intent, options=options, **extra)
            shown = result.model_dump_json(exclude={"intent", "step_id"})
            assert told_of(pictures, hidden, shown, intent) == [], (intent, list(extra))


@pytest.mark.parametrize("chosen", [("receipt.jpg",), ("receipt.jpg", "night.jpg"), ()], ids=len)
async def test_counts_are_of_the_selection(
    ask: Ask, pictures: dict[str, FileRecord], chosen: tuple[str, ...]
) -> None:
    ids = tuple(pictures[name].id for name in chosen)
    options = TurnOptions(use_all_images=False, image_ids=ids)
    for intent in ("how many photos are there", "photos per camera", "photos per year"):
        result = await ask("analytics", intent, options=options)
        counted = result.table.total if result.table else 0
        assert counted == len(chosen), intent
        members = {member for row in (result.table.rows if result.table else ()) for member in row.file_ids}
        assert members <= set(ids)
    alike = await ask("visual_analysis", "near-duplicates", options=options)
    assert set(alike.file_ids) <= set(ids)


async def test_selected_documents_and_videos_limit_their_own_kind(ask: Ask, world: Library) -> None:
    page = await world.catalog.list_files(FileFilter(media_types=(MediaType.DOCUMENT,)), limit=100)
    chosen = next(file for file in page.items if file.filename == "minutes-2025-02.md")
    hidden = [file for file in page.items if file.id != chosen.id]
    options = TurnOptions(document_ids=(chosen.id,), video_ids=("no such video",))
    for agent in ASKED:
        for intent in (*ASKED[agent], *MORE[agent]):
            shown = (await ask(agent, intent, options=options)).model_dump_json(exclude={"intent", "step_id"})
            told = [
                f.filename
                for f in hidden
                if f.id in shown or (f.filename in shown and f.filename not in intent)
            ]
            assert told == [], (agent, intent)
