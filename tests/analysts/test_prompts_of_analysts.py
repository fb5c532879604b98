"""The prompts as they are sent, held against files: `PINAKES_REWRITE=1 pytest …` writes those anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fake_analyst import FakeAnalyst, as_text, asked, data_of
from pydantic import BaseModel
from test_analysts_on_documents import first_of_each, joined, long_document

from pinakes.agents.analysts import forms
from pinakes.agents.analysts.folder_names import names_by_model
from pinakes.agents.organising.sorting import clean_name
from pinakes.agents.prompts import prompt_text, prompt_version
from pinakes.agents.spec import AgentContext
from pinakes.core.options import TurnOptions
from pinakes.core.prompts import Prompt
from pinakes.library.library import Library
from pinakes.models.tokens import count_tokens
from pinakes.ports.language_model import Models

HERE = Path(__file__).parent / "prompts"
NAMES = (
    *("analyse", "analyse_summary", "analyse_summaries", "analyse_comparison", "analyse_extraction"),
    *("analyse_categories", "map_section", "reduce", "reduce_comparison", "verdict", "outline"),
    *("report_section", "name_folders"),
)
VALUES = dict.fromkeys(("count", "job", "reader", "kinds"), "…")
LEGAL = TurnOptions(domain="legal")


def agrees(name: str, said: str) -> None:
    """Hold a prompt against its file."""
    file = HERE / f"{name}.txt"
    if os.environ.get("PINAKES_REWRITE"):
        file.write_text(said, encoding="utf-8")
    assert said == file.read_text(encoding="utf-8"), f"{name}: count its version up and write the file anew"


@pytest.mark.parametrize("name", NAMES)
def test_prompts_are_short_and_have_a_version(name: str) -> None:
    assert prompt_version(name) >= 1
    assert count_tokens(prompt_text(name, **VALUES)) < 200
    assert "$" not in prompt_text(name, **VALUES)


@pytest.mark.parametrize(
    ("name", "agent", "intent", "options"),
    [
        ("summary", "document_analysis", "Summarise forklift-manual.pdf", TurnOptions()),
        (
            "summaries",
            "document_analysis",
            "Summarise forklift-manual.pdf and forklift-manual-2019.docx",
            LEGAL,
        ),
        (
            "comparison",
            "document_analysis",
            "Compare forklift-manual.pdf with forklift-manual-2019.docx",
            LEGAL,
        ),
        ("extraction", "document_analysis", "List all deadlines and amounts in minutes-2025-02.md", LEGAL),
        ("categories", "document_analysis", "Categorise my documents", TurnOptions()),
        (
            "verdicts",
            "cross_reference",
            "Does forklift-manual-2019.docx agree with forklift-manual.pdf?",
            LEGAL,
        ),
    ],
)
async def test_prompts_as_they_are_sent(
    world: Library, name: str, agent: str, intent: str, options: TurnOptions
) -> None:
    sent: list[Prompt] = []

    def keep(prompt: Prompt) -> dict[str, object]:
        sent.append(prompt)
        return {"points": [], "changed": [], "same": [], "only": [], "rows": [], "groups": [], "pairs": []}

    await asked(world, FakeAnalyst(keep), agent, intent, options=options)
    (prompt,) = sent
    agrees(name, as_text(prompt))


async def test_prompts_of_a_long_document(world: Library) -> None:
    await long_document(world)
    model = FakeAnalyst(map_section=[first_of_each], reduce=[joined], context_tokens=1_100)
    await asked(world, model, "document_analysis", "Summarise log.pdf")
    first, last = model.prompts[0], model.prompts[-1]
    agrees("map_section", as_text(first.model_copy(update={"parts": first.parts[:2]})))
    agrees("reduce", as_text(last))


async def test_prompt_for_names(world: Library) -> None:
    model = FakeAnalyst({"names": []})
    groups = {"Hive": [("Bees in spring", "Bees swarm in spring."), ("", "Bees sleep in winter.")]}
    ctx = AgentContext(world, lambda message: None, lambda: None, Models(analyst=model))  # type: ignore[arg-type, return-value]
    await names_by_model(ctx, groups, [], clean_name)
    agrees("name_folders", as_text(model.prompts[0]))


@pytest.mark.parametrize(
    "form",
    [forms.Points, forms.Compared, forms.Rows, forms.MergedPoints, forms.Groups, forms.Verdicts, forms.Names],
)
def test_forms_are_small(form: type[BaseModel]) -> None:
    schema = form.model_json_schema()
    assert count_tokens(str(schema)) < 450
    assert set(schema["required"]) == set(schema["properties"])


async def test_no_prompt_tells_of_agents_or_repeats_a_text(world: Library) -> None:
    model = FakeAnalyst({"points": []})
    await asked(world, model, "document_analysis", "Summarise forklift-manual.pdf")
    (prompt,) = model.prompts
    texts = [d.text for d in data_of(prompt)]
    assert len(set(texts)) == len(texts)
    assert "document_analysis" not in as_text(prompt)
