"""Choosing pictures to talk about: all of them page by page, or those that match."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from pinakes import Pinakes
from pinakes.core.errors import ValidationError

NAMES = ("harbour-crane.png", "old-lighthouse.png", "red-tractor.png")


@pytest.fixture
async def ids(client: Pinakes, papers: Path) -> dict[str, str]:
    await client.files.upload(papers / "manual.md")
    found = {}
    for number, name in enumerate(NAMES):
        out = BytesIO()
        Image.new("RGB", (80, 60), (number * 90, 40, 40)).save(out, "PNG")
        found[name] = (await client.upload_one(out.getvalue(), filename=name)).image_id
    return found


async def test_pictures_are_listed_page_by_page(client: Pinakes, ids: dict[str, str]) -> None:
    whole = await client.chats.get_all_images()
    assert (set(whole.image_ids), whole.total_count, whole.has_more) == (set(ids.values()), 3, False)
    page = await client.chats.get_all_images(limit=2)
    assert (len(page.image_ids), page.total_count, page.has_more) == (2, 3, True)
    assert [image async for image in client.chats.iter_all_images(page_size=2)] == list(whole.image_ids)
    assert whole.as_collection().ids == list(whole.image_ids)
    for wrong in ({"limit": 0}, {"limit": 1001}, {"offset": -1}):
        with pytest.raises(ValidationError):
            await client.chats.get_all_images(**wrong)


async def test_pictures_are_found_and_can_be_selected(client: Pinakes, ids: dict[str, str]) -> None:
    found = await client.chats.search_images("lighthouse")
    assert [image.filename for image in found] == ["old-lighthouse.png"]
    assert found[0].image_id == ids["old-lighthouse.png"] and 0 < (found[0].confidence or 0) <= 1
    assert (found[0].thumbnail_url or "").startswith("data:image/jpeg;base64,")
    assert await client.chats.search_images("lighthouse", offset=1) == []
    assert await client.chats.search_images("greasing intervals of bearings") == [], "documents are none"
    for wrong in ({"query": " "}, {"query": "x" * 2001}, {"query": "x", "limit": 501}):
        with pytest.raises(ValidationError):
            await client.chats.search_images(**wrong)
    session = await client.chats.create_session(image_ids=[found[0].image_id], use_all_images=False)
    answer = await client.chat("How many pictures are there?", session_id=session.id)
    assert "**1**" in answer.resolved_content
    tokens = [token async for token in client.chat_stream("List all pictures", session_id=session.id)]
    assert "old-lighthouse.png" in tokens[-1].content and "tractor" not in tokens[-1].content
