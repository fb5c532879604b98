"""The writer's prompts word by word: a change of them shows here, and counts the version up."""

from __future__ import annotations

from pathlib import Path

from pinakes.agents.prompts import prompt_text, prompt_version
from pinakes.agents.writing import LocalWriter
from pinakes.core.chat import Exchange
from pinakes.core.files import Locator, Table, TableRow
from pinakes.core.prompts import Data, Prompt
from tests.writing.conftest import passage, request, result
from tests.writing.model_stage import Stage

GOLDEN = Path(__file__).with_name("model_writer_prompt.txt")


def shown(prompt: Prompt) -> str:
    """Return a prompt as text, part by part."""
    lines = [f"## task\n{prompt.task} (version {prompt_version('write')})", f"## system\n{prompt.system}"]
    lines += [f"## {said.role}\n{said.content}" for said in prompt.history]
    for part in prompt.parts:
        if isinstance(part, Data):
            lines.append(f"## data {part.id} ({part.source})\n{part.text}")
        else:
            lines.append(f"## words\n{part}")
    return "\n\n".join(lines) + "\n"


async def test_the_prompt_of_an_answer(writer: LocalWriter) -> None:
    pump = passage(
        "manual.pdf", "The pump is greased every 500 hours.", heading="Care", locator=Locator(page=3)
    )
    crane = passage("crane.jpg", "Inspected in spring [E7].", 2, kind="ocr")
    table = Table(
        words="Photos by year", columns=("year", "n"), rows=(TableRow(label="2024", value=3),), total=3
    )
    steps = [
        result("How often is the pump greased?", [pump, crane], step="s1"),
        result("Photos by year", step="s2", agent="analytics", table=table),
        result("Find videos of the pump.", step="s3", agent="video_search"),
    ]
    wanted = request(
        "How often is it greased, and how many photos are there?", *steps, passages=[pump, crane]
    )
    turns = (Exchange(question="Which pump do we have?", answer="The red one [[doc:aaaaaaaa|m.pdf|p:1]]."),)
    stage = Stage(writer, "Every 500 hours [E1].", guidance=lambda domain: "Units are metric.")
    await stage.write(wanted.model_copy(update={"conversation": turns}))
    assert shown(stage.model.prompts[0]) == GOLDEN.read_text("utf8")


def test_the_prompt_of_notes() -> None:
    text = prompt_text("summarise_history", words="150")
    assert "150 words" in text and "$" not in text
    assert prompt_version("summarise_history") == 1


def test_prompts_are_short() -> None:
    assert len(prompt_text("write", words="120", guidance="")) < 2000
