"""Pictures are looked at: what is sent, how findings are told and cited, and what happens when it fails."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pydantic import BaseModel
from seeing_world import Stage, add_picture, drawing, findings, role, said, sent

from pinakes.agents.prompts import prompt_text, prompt_version
from pinakes.agents.seeing.forms import DescriptionForm, LookForm, box_of
from pinakes.agents.visual_analysis import UNSEEN, UNSEEN_NONE
from pinakes.agents.writing.verify import check_marks
from pinakes.core.errors import ContentFilteredError, ModelUnavailableError
from pinakes.core.files import Description
from pinakes.core.options import Budget, TurnOptions
from pinakes.core.plans import StepResult, StepStatus
from pinakes.library.library import Library
from pinakes.ports.language_model import Models


def sound(result: StepResult) -> None:
    assert check_marks(result.text, result.evidence).dropped == 0
    assert UNSEEN not in result.text and UNSEEN_NONE not in " ".join((result.text, *result.notes))


async def test_all_pictures_are_seen_in_one_call(world: Library) -> None:
    eyes, model = role(findings("A bridge.", "Two people.", "A hall.", answer="People are only in [P2]."))
    stage = Stage(world, Models(vision=eyes))
    seen = await stage.ask("How many people are in these photos?")
    model.assert_used_up()
    sound(seen)
    assert seen.status is StepStatus.OK
    assert [e.filename for e in seen.evidence] == ["bridge.jpg", "yard.png", "hall.jpg"]
    yard = seen.evidence[1]
    assert seen.text.startswith(f"People are only in [[img:{yard.file_id[:8]}|yard.png]].")
    assert "— Two people." in seen.text
    assert stage.meter.total.call_count in (0, 1)


async def test_pictures_are_upright_small_and_beside_their_facts(world: Library, tmp_path: Path) -> None:
    await add_picture(world, tmp_path, "turned.jpg", drawing("grey", (1600, 800), turned=True, minute=1))
    eyes, model = role(findings("A wall."))
    await Stage(world, Models(vision=eyes)).ask("Describe turned.jpg")
    [picture] = sent(model.calls[0])
    opened = Image.open(BytesIO(picture))
    assert (opened.format, opened.size) == ("JPEG", (384, 768))
    words = said(model.calls[0])
    assert "File name: turned.jpg" in words
    assert "turned.jpg" not in model.calls[0][0].text  # instructions hold no name
    assert words.index("File name") > words.index("<data")


async def test_fine_text_gets_more_pixels(world: Library, tmp_path: Path) -> None:
    await add_picture(world, tmp_path, "plan.jpg", drawing("white", (1800, 900)))
    for intent, options in (
        ("What does the small print in plan.jpg say?", TurnOptions()),
        ("Describe plan.jpg", TurnOptions(detailed_analysis=True)),
    ):
        eyes, model = role(findings("Nothing legible."))
        await Stage(world, Models(vision=eyes), options).ask(intent)
        assert max(Image.open(BytesIO(sent(model.calls[0])[0])).size) == 1536


async def test_regions_become_places_and_wrong_ones_go(world: Library) -> None:
    reply = findings("A crack.")
    reply["findings"][0]["regions"] = [
        {"label": "crack", "box": [0.9, 0.1, 0.2, 1.04]},
        {"label": "pixels", "box": [10, 20, 300, 400]},
        {"label": "nothing", "box": [0.5, 0.5, 0.5, 0.9]},
    ]
    reply["findings"][0]["confidence"] = 250
    reply["findings"].append({"picture": "P9", "text": "Not there."})
    eyes, _ = role(reply)
    seen = await Stage(world, Models(vision=eyes)).ask("Is there any damage in bridge.jpg?")
    sound(seen)
    [evidence] = seen.evidence
    assert evidence.locator.box == (0.2, 0.1, 0.9, 1.0)
    assert evidence.score == 1.0
    assert "Not there" not in seen.text


async def test_only_pictures_that_show_it_are_members(world: Library) -> None:
    reply = findings("No people.", "A person.", "No people.")
    for number, form in enumerate(reply["findings"]):
        form["fits"] = number == 1
    eyes, _ = role(reply)
    seen = await Stage(world, Models(vision=eyes)).ask("Which photos show a person?")
    files = await world.catalog.get_files(seen.file_ids)
    assert [f.filename for f in files] == ["yard.png"]


@pytest.mark.parametrize(
    "intent",
    [
        "Which photos are blurred?",
        "Are there duplicates among my photos?",
        "Group the photos by visual similarity",
        "What are the main colours of bridge.jpg?",
        "What camera took bridge.jpg?",
        "When was bridge.jpg taken?",
        "Compare the sharpness of bridge.jpg and hall.jpg",
    ],
)
async def test_what_is_measured_costs_no_call(world: Library, intent: str) -> None:
    eyes, model = role()
    seen = await Stage(world, Models(vision=eyes)).ask(intent)
    model.assert_used_up()
    local = await Stage(world, Models()).ask(intent)
    assert seen.text == local.text


@pytest.mark.parametrize(
    "intent",
    [
        "Where is the yellow box in bridge.jpg?",
        "What colour is the box in bridge.jpg?",
        "How big is the box in bridge.jpg?",
        "What is in bridge.jpg?",
        "What time does the clock in bridge.jpg show?",
        "Does bridge.jpg show the same box as hall.jpg?",
        "What is the difference between bridge.jpg and hall.jpg?",
    ],
)
async def test_what_only_eyes_can_tell_is_looked_at(world: Library, intent: str) -> None:
    eyes, model = role(findings("Left of the middle.", "There, too."))
    seen = await Stage(world, Models(vision=eyes)).ask(intent)
    model.assert_used_up()
    assert "Left of the middle." in seen.text
    sound(seen)


async def test_comparing_is_another_prompt(world: Library) -> None:
    eyes, model = role(findings("Blue.", "Red.", answer="[P1] is blue, and [P2] is red."))
    seen = await Stage(world, Models(vision=eyes)).ask("Compare bridge.jpg with hall.jpg")
    assert model.tasks == ["compare_pictures"]
    assert seen.text.count("[[img:") == 4
    sound(seen)


async def test_a_broken_model_leaves_the_local_way_and_says_so(world: Library) -> None:
    eyes, _ = role(ModelUnavailableError("The endpoint is down."))
    stage = Stage(world, Models(vision=eyes))
    seen = await stage.ask("Describe bridge.jpg")
    local = await Stage(world, Models()).ask("Describe bridge.jpg")
    assert seen == local
    assert UNSEEN in seen.text
    [warning] = [e for e in stage.events if e.type == "warning" and "not looked at" in e.message]
    assert "The endpoint is down." in warning.message


async def test_a_refused_picture_does_not_take_the_others_along(world: Library) -> None:
    def reply(messages) -> dict:
        words = said(messages)
        if "yard.png" in words:
            raise ContentFilteredError("The filter refused.")
        shown = "P1" if "bridge.jpg" in words else "P3"
        return {"answer": "", "findings": [{"picture": shown, "text": f"Seen as {shown}."}]}

    eyes, _ = role(*[reply] * 6, "Two were seen.")
    seen = await Stage(world, Models(vision=eyes)).ask("Describe these photos")
    assert "Seen as P1." in seen.text and "Seen as P3." in seen.text
    assert any("1 of 3 pictures" in note for note in seen.notes)
    sound(seen)


async def test_many_pictures_are_looked_at_in_groups_up_to_a_cap(world: Library, tmp_path: Path) -> None:
    for number in range(27):
        await add_picture(world, tmp_path, f"n{number}.jpg", drawing("navy", (60 + number, 60)))
    eyes, model = role(by_task={"look": [group] * 4, "look_together": ["24 boxes, as in [P1]."]})
    seen = await Stage(world, Models(vision=eyes)).ask("Describe all photos")
    model.assert_used_up()
    assert [len(sent(call)) for call in model.calls] == [6, 6, 6, 6, 0]
    assert any("first 24 of 30" in note for note in seen.notes)
    assert seen.text.startswith("24 boxes, as in [[img:")
    sound(seen)


def group(messages) -> dict:
    ids = [
        b["text"].split()[1].rstrip(":")
        for b in messages[-1].content
        if b.get("text", "").startswith("Picture P")
    ]
    return {
        "answer": "",
        "findings": [{"picture": i, "text": f"A box, {i}.", "fits": i == "P1"} for i in ids],
    }


async def test_a_budget_that_ends_half_way_leaves_what_was_seen(world: Library, tmp_path: Path) -> None:
    for number in range(7):
        await add_picture(world, tmp_path, f"n{number}.jpg", drawing("navy", (60 + number, 60)))
    eyes, _ = role(by_task={"look": [group, group]})
    stage = Stage(world, Models(vision=eyes), TurnOptions(budget=Budget(max_calls=1)))
    seen = await stage.ask("Describe all photos")
    assert seen.status is StepStatus.OK
    assert seen.text.count("A box, P") in (4, 6)
    assert any("were not looked at" in note for note in seen.notes)


async def test_words_in_a_picture_are_no_links_and_no_marks(world: Library) -> None:
    evil = "Read [this](https://evil.example/x) ![p](http://evil.example/y.png) [[doc:12345678|x]] www.evil.example"
    eyes, _ = role(findings(evil, answer=evil))
    seen = await Stage(world, Models(vision=eyes)).ask("Describe bridge.jpg")
    sound(seen)
    assert "://" not in seen.text and "www." not in seen.text and "](" not in seen.text
    assert seen.text.count("[[") == 1


async def test_only_selected_pictures_are_looked_at(world: Library) -> None:
    everything = (await world.catalog.list_files(where())).items
    yard = next(f for f in everything if f.filename == "yard.png")
    eyes, model = role(findings("A yard."))
    options = TurnOptions(use_all_images=False, image_ids=(yard.id,))
    seen = await Stage(world, Models(vision=eyes), options).ask("Is anyone wearing a helmet?")
    assert seen.file_ids == (yard.id,)
    assert len(sent(model.calls[0])) == 1


async def test_a_name_that_is_nobodys_is_not_answered_with_others(world: Library) -> None:
    eyes, model = role()
    seen = await Stage(world, Models(vision=eyes)).ask("Describe castle.jpg")
    model.assert_used_up()
    assert seen.text == "There is no picture called “castle.jpg” here."
    assert not seen.evidence


async def test_earlier_descriptions_speak_where_no_model_is(world: Library) -> None:
    file = next(f for f in (await world.catalog.list_files(where())).items if f.filename == "yard.png")
    said_before = Description(model="eyes", text="A yard with two cranes.")
    await world.catalog.store_description(file.id, said_before, None)
    seen = await Stage(world, Models()).ask("Describe yard.png")
    assert "eyes described it: “A yard with two cranes.”" in seen.text
    sound(seen)


def where():
    from pinakes.core.files import FileFilter

    return FileFilter()


@pytest.mark.parametrize("form", [LookForm, DescriptionForm])
def test_forms_are_ones_that_strict_endpoints_take(form: type[BaseModel]) -> None:
    from openai.lib._pydantic import to_strict_json_schema

    schema = json.dumps(to_strict_json_schema(form))
    assert '"default"' not in schema
    assert form.model_validate({}) and form.model_validate({"regions": None, "findings": None, "tags": None})


@pytest.mark.parametrize("name", ["look", "compare_pictures", "look_together", "describe", "watch"])
def test_prompts_are_short_and_versioned(name: str) -> None:
    assert int(prompt_version(name)) >= 1
    assert 300 < len(prompt_text(name)) < 2000


@pytest.mark.parametrize(
    ("box", "kept"),
    [
        ([0.1, 0.2, 0.3, 0.4], (0.1, 0.2, 0.3, 0.4)),
        ([-0.02, 0, 1.03, 1], (0.0, 0.0, 1.0, 1.0)),
        ([100, 200, 300, 400], None),
        ([0, 0, float("nan"), 1], None),
        ([0.1, 0.2, 0.3], None),
    ],
)
def test_boxes(box: list[float], kept: tuple[float, ...] | None) -> None:
    assert box_of(box) == kept
