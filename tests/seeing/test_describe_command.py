"""`pinakes describe`: the estimate comes first, nothing is called without a yes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from seeing_world import drawing
from typer.testing import CliRunner

from pinakes.cli import describing as command
from pinakes.cli.app import app
from pinakes.cli.describing import estimated
from pinakes.client.client import Pinakes
from pinakes.client.describe_results import DescribeEstimate
from pinakes.client.settings import Settings
from pinakes.testing.scripted_model import ScriptedModel

FORM = {"title": "A box", "description": "A yellow box.", "tags": ["box"], "visible_text": "", "regions": []}


def test_an_estimate_in_words() -> None:
    told = estimated(
        DescribeEstimate(model="m", pictures=3, calls=2, input_tokens=2400, output_tokens=500, cost=0.5)
    )
    assert "2 calls, about 2,400 tokens in and 500 out, about 0.50 at your prices" in told
    assert "Nothing to describe" in estimated(DescribeEstimate(model="m", described=4, given_up=1))


@pytest.fixture
def library(tmp_path: Path) -> Path:
    import asyncio

    (tmp_path / "box.jpg").write_bytes(drawing("navy"))

    async def fill() -> None:
        async with Pinakes(tmp_path / "library") as client:
            await client.files.upload(tmp_path / "box.jpg")

    asyncio.run(fill())
    return tmp_path / "library"


def test_the_command(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = ScriptedModel(FORM)
    monkeypatch.setattr(command, "Pinakes", lambda folder: Pinakes(folder, models={"vision": model}))
    runner = CliRunner()
    dry = runner.invoke(app, ["describe", "-l", str(library), "--dry-run", "--json", "--prices", "1", "2"])
    assert dry.exit_code == 0, dry.output
    assert json.loads(dry.output)["calls"] == 1 and json.loads(dry.output)["cost"] > 0
    refused = runner.invoke(app, ["describe", "-l", str(library)], input="n\n")
    assert refused.exit_code == 0 and model.calls == []
    unasked = runner.invoke(app, ["describe", "-l", str(library), "--json"])
    assert unasked.exit_code == 1
    done = runner.invoke(app, ["describe", "-l", str(library), "--yes"])
    assert done.exit_code == 0 and "1 described" in done.output, done.output
    again = runner.invoke(app, ["describe", "-l", str(library), "--yes"])
    assert again.exit_code == 0 and "Nothing to describe" in again.output
    model.assert_used_up()


def test_without_a_model_it_says_what_to_set(library: Path) -> None:
    told = CliRunner().invoke(app, ["describe", "-l", str(library), "--json", "--dry-run"])
    assert told.exit_code == 1
    assert json.loads(told.output)["error"]["code"] == "CONFIGURATION_ERROR"


async def test_uploads_are_described_where_the_setting_says_so(tmp_path: Path) -> None:
    (tmp_path / "box.jpg").write_bytes(drawing("navy"))
    model = ScriptedModel(FORM)
    settings = Settings(library=tmp_path / "library", describe=True)
    async with Pinakes(settings=settings, models={"vision": model}) as client:
        result = await client.files.upload(tmp_path / "box.jpg")
        await client.describing.drain()
        file = await client.library.catalog.get_file(result.image_id)
        assert file.description is not None and file.description.text == "A yellow box."
        hits = await client.library.search("yellow box")
        assert hits[0].chunk.kind == "description"
    model.assert_used_up()
