"""`client.describe`: a picture in a model's words, from a path, its bytes, or the library."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from pinakes import Pinakes, Settings
from pinakes.core.errors import ConfigurationError, ResourceNotFoundError, ValidationError
from pinakes.testing.scripted_model import ScriptedModel

FORM = {"title": "Blue", "description": "A blue square.", "tags": ["blue"], "visible_text": "", "regions": []}
LOOK = {"answer": "", "findings": [{"picture": "P1", "text": "It is blue.", "fits": True, "confidence": 0.9}]}


def picture(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return out.getvalue()


async def test_pictures_are_described_and_kept(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "red.png").write_bytes(picture("red"))
    model = ScriptedModel(FORM, {**FORM, "description": "A red square."}, LOOK)
    async with Pinakes(settings=settings, models={"vision": model}) as client:
        blue = await client.describe(picture("blue"))
        assert (blue.description, blue.tags, blue.success) == ("A blue square.", ["blue"], True)
        assert blue.metadata["width"] == 64 and blue.model
        again, red = await client.descriptions.describe([picture("blue"), tmp_path / "red.png"])
        assert again == blue and red.description == "A red square.", "known ones are not asked about again"
        assert await client.describe(object_key=red.object_key) == red
        bare = await client.describe(object_key=blue.image_id, include_metadata=False, include_tags=False)
        assert (bare.metadata, bare.tags, bare.description) == ({}, [], blue.description)
        assert [r.image_id for r in await client.describe(object_keys=[red.image_id])] == [red.image_id]
        asked = await client.describe(object_key=blue.image_id, prompt="Describe its colour")
        assert "It is blue." in asked.description
        assert (await client.files.get(blue.image_id)).filename == "picture-1"
        with pytest.raises(ResourceNotFoundError):
            await client.describe(object_key="unknown")
        for wrong in (
            {},
            {"object_key": blue.image_id, "rules": [{}]},
            {"image": b"", "providers": ["other"]},
        ):
            with pytest.raises(ValidationError):
                await client.describe(**wrong)
    model.assert_used_up()


async def test_without_a_model_that_sees_it_is_said(client: Pinakes) -> None:
    with pytest.raises(ConfigurationError, match="PINAKES_VISION_MODEL"):
        await client.describe(picture("blue"))
    assert (await client.files.list()).total_count == 0, "and nothing was taken in"
