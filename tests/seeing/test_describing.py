"""Pictures are described: once per content, searchable at once, resumable, and kept apart from people's words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from seeing_world import Stage, add_picture, drawing, role

from pinakes.agents.seeing.describer import ModelDescriber
from pinakes.client.describe_results import DescribeProgress
from pinakes.client.describing import Describing
from pinakes.core.errors import (
    ConfigurationError,
    ContentFilteredError,
    ModelAccessError,
    ModelUnavailableError,
    PinakesError,
)
from pinakes.core.files import Description, FileFilter, FileRecord
from pinakes.core.options import Budget
from pinakes.core.prompts import Data, Picture
from pinakes.ingestion.progress import IngestEvent, IngestStage
from pinakes.library.library import Library
from pinakes.ports.describer import Describer
from pinakes.ports.language_model import Models

FORM = {
    "title": "A crane at a dock",
    "description": "A red crane lifts a container at a dock. [link](https://evil.example/x)",
    "tags": ["Crane", "#dock", "crane", "", "x" * 60],
    "visible_text": "BERTH  7\nKEEP OUT",
    "regions": [{"label": "red crane", "box": [0.1, 0.2, 0.5, 0.9]}, {"label": "far", "box": [5, 5, 9, 9]}],
}


class Teller:
    """A describer that says what is known of the picture, or fails as told."""

    side = 256

    def __init__(self, name: str = "teller", faults: Sequence[PinakesError | None] = ()) -> None:
        self.name = name
        self.faults = list(faults)
        self.calls = 0
        self.running = self.most_at_once = 0

    async def describe(self, picture: Picture, known: Sequence[Data] = ()) -> Description:
        self.calls += 1
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        await asyncio.sleep(0)
        self.running -= 1
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault
        name = known[0].text.splitlines()[0]
        return Description(model=self.name, text=f"It is {name}, seen by {self.name}.", tags=("seen",))

    def expected_tokens(self, width: int, height: int) -> tuple[int, int]:
        return 1000, 100


async def files_of(library: Library) -> dict[str, FileRecord]:
    return {f.filename: f for f in (await library.catalog.list_files(FileFilter())).items}


def test_the_model_describer_is_a_describer() -> None:
    assert isinstance(ModelDescriber(role()[0]), Describer)


async def test_a_description_is_kept_and_found_and_cited_where_it_is(world: Library) -> None:
    eyes, model = role(*[FORM] * 3)
    report = await Describing(world, ModelDescriber(eyes)).run()
    model.assert_used_up()
    assert (report.described, report.failed, report.left) == (3, (), 0)
    file = (await files_of(world))["bridge.jpg"]
    known = file.description
    assert known is not None
    assert (known.model, known.tags, known.visible_text) == ("eyes", ("crane", "dock"), "BERTH 7\nKEEP OUT")
    assert "evil.example" in known.text and "://" not in known.text and "](" not in known.text
    assert file.facts is not None and (file.facts.caption, file.facts.visible_text) == (None, "")
    assert file.tags == ()
    found = await Stage(world, Models()).ask("Find photos of a crane", "image_search")
    assert len(found.file_ids) == 3
    assert "description" in found.evidence[0].why
    hits = await world.search("red crane")
    assert hits[0].chunk.kind == "description"
    assert hits[0].chunk.spans[0].locator.box == (0.1, 0.2, 0.5, 0.9)
    read = await Stage(world, Models()).ask('Photos with the text "BERTH 7"', "image_search")
    assert read.file_ids


async def test_content_that_is_there_twice_is_described_once(world: Library, tmp_path: Path) -> None:
    same = drawing("teal")
    for name in ("one.jpg", "two.jpg"):
        await add_picture(world, tmp_path, name, same, skip_duplicates=False)
    teller = Teller()
    describing = Describing(world, teller)
    estimate = await describing.estimate()
    assert (estimate.pictures, estimate.calls) == (5, 4)
    report = await describing.run()
    assert (report.described, report.calls_saved, teller.calls) == (5, 1, 4)
    await add_picture(world, tmp_path, "three.jpg", same, skip_duplicates=False)
    again = await describing.run()
    assert (again.described, again.calls_saved, teller.calls) == (1, 1, 4)


async def test_an_estimate_calls_nobody_and_is_priced_only_by_the_user(world: Library) -> None:
    eyes, model = role()
    describing = Describing(world, ModelDescriber(eyes))
    plain = await describing.estimate(limit=2)
    assert (plain.pictures, plain.calls, plain.cost) == (2, 2, None)
    assert plain.input_tokens > 2 * 85
    priced = await describing.estimate(price_in=1.0, price_out=2.0)
    assert priced.cost == pytest.approx((priced.input_tokens + 2 * priced.output_tokens) / 1e6)
    model.assert_used_up()


async def test_a_run_goes_on_where_it_stopped(world: Library) -> None:
    teller = Teller(faults=[None, ModelAccessError("The key is refused.")])
    stopped = await Describing(world, teller, concurrency=1).run()
    assert (stopped.described, stopped.left, stopped.stopped) == (1, 2, "The key is refused.")
    assert not any(f.description and f.description.failure for f in (await files_of(world)).values())
    rest = await Describing(world, teller).run()
    assert (rest.described, rest.left, teller.calls) == (2, 0, 4)
    assert (await Describing(world, teller).estimate()).described == 3


async def test_one_that_fails_keeps_its_reason_and_is_tried_again_where_that_helps(world: Library) -> None:
    teller = Teller(faults=[ContentFilteredError("Refused."), ModelUnavailableError("Down."), None])
    told: list[DescribeProgress] = []
    report = await Describing(world, teller, concurrency=1).run(on_progress=told.append)
    assert [(f.code, f.retryable) for f in report.failed] == [
        ("CONTENT_FILTERED", False),
        ("MODEL_UNAVAILABLE", True),
    ]
    assert [(p.done, p.total, p.failure is None) for p in told] == [
        (1, 3, False),
        (2, 3, False),
        (3, 3, True),
    ]
    assert (await files_of(world))["bridge.jpg"].description.failure.message == "Refused."
    describing = Describing(world, teller)
    assert (await describing.estimate()).given_up == 1
    assert (await describing.run()).described == 1
    assert (await describing.run(retry_failed=True)).described == 1
    assert all(f.description.failure is None for f in (await files_of(world)).values())


async def test_an_endpoint_that_is_down_ends_the_run(world: Library, tmp_path: Path) -> None:
    for number in range(5):
        await add_picture(world, tmp_path, f"n{number}.jpg", drawing("navy", (60 + number, 60)))
    teller = Teller(faults=[ModelUnavailableError("Down.")] * 20)
    report = await Describing(world, teller, concurrency=1).run()
    assert (teller.calls, len(report.failed), report.left) == (5, 5, 3)
    assert report.stopped


async def test_another_model_describes_anew(world: Library) -> None:
    await Describing(world, Teller("first")).run()
    second = Teller("second")
    assert (await Describing(world, second).run()).described == 3
    chunks = await world.catalog.file_chunks((await files_of(world))["bridge.jpg"].id)
    assert [c.text for c in chunks if c.kind == "description"] == [
        "It is File name: bridge.jpg, seen by second. Tags: seen."
    ]


async def test_a_failure_leaves_earlier_words(world: Library) -> None:
    await Describing(world, Teller("first")).run()
    await Describing(world, Teller("second", [ModelUnavailableError("Down.")] * 3)).run()
    known = (await files_of(world))["yard.png"].description
    assert known.model == "first" and known.text and known.failure.message == "Down."


async def test_calls_run_at_once_up_to_a_bound_and_within_a_budget(world: Library, tmp_path: Path) -> None:
    for number in range(4):
        await add_picture(world, tmp_path, f"n{number}.jpg", drawing("navy", (60 + number, 60)))
    teller = Teller()
    await Describing(world, teller, concurrency=2).run()
    assert 1 <= teller.most_at_once <= 2
    eyes, _ = role(*[FORM] * 7)
    report = await Describing(world, ModelDescriber(eyes)).run(budget=Budget(max_calls=3))
    assert (report.described, report.left, report.spent.call_count) == (3, 4, 3)
    assert "budget" in (report.stopped or "")


async def test_new_pictures_are_described_when_they_have_been_read(world: Library) -> None:
    teller = Teller()
    describing = Describing(world, teller)
    for name, file in (await files_of(world)).items():
        for stage in (IngestStage.READING, IngestStage.INDEXED):
            describing.on_event(IngestEvent(stage=stage, file_id=file.id, filename=name))
    await describing.drain()
    assert teller.calls == 3
    await describing.aclose()


async def test_without_a_model_that_sees(world: Library) -> None:
    describing = Describing(world, None)
    with pytest.raises(ConfigurationError, match="PINAKES_VISION_MODEL"):
        await describing.run()
    describing.on_event(IngestEvent(stage=IngestStage.INDEXED, file_id="x", filename="x"))
    await describing.drain()


async def test_words_in_names_are_data(world: Library) -> None:
    eyes, model = role(*[FORM] * 3)
    await Describing(world, ModelDescriber(eyes)).run()
    for call in model.calls:
        instructions: Any = call[0].text
        assert "jpg" not in instructions and "png" not in instructions
