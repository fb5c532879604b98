from __future__ import annotations

import pytest
from agent_world import document
from fake_analyst import FakeAnalyst, asked, data_of, id_of, point

from pinakes.agents.writing.verify import check_marks
from pinakes.core.errors import BudgetExceededError, ContextTooLongError, ModelTimeoutError
from pinakes.core.events import Event
from pinakes.core.evidence import resolve_marks
from pinakes.core.options import TurnOptions
from pinakes.core.plans import StepResult, StepStatus
from pinakes.core.prompts import Prompt
from pinakes.library.library import Library
from pinakes.models.chat_role import ChatRole
from pinakes.testing.scripted_model import ScriptedModel

SUMMARISE = "Summarise forklift-manual.pdf"
COMPARE = "Compare forklift-manual.pdf with forklift-manual-2019.docx"
EXTRACT = "List all deadlines and amounts in minutes-2025-02.md"


def shown(result: StepResult) -> str:
    """Return a result's text, after checking that every mark in it has evidence."""
    assert check_marks(result.text, result.evidence).dropped == 0
    return resolve_marks(result.text)


def manual(prompt: Prompt) -> dict[str, object]:
    return {
        "points": [
            point(prompt, "The forklift carries loads up to 2500 kg.", "lifts loads of up to 2,500 kg"),
            point(prompt, "Its battery charges overnight, in eight hours.", "Charging takes eight hours"),
        ]
    }


async def test_a_short_document_takes_one_call(world: Library, told: list[Event]) -> None:
    model = FakeAnalyst(manual)
    result = await asked(world, model, "document_analysis", SUMMARISE)
    assert model.tasks == ["analyse"]
    text = shown(result)
    assert "- The forklift carries loads up to 2500 kg. (forklift-manual.pdf, p. 1)" in text
    assert "- Its battery charges overnight, in eight hours. (forklift-manual.pdf, p. 2)" in text
    assert [e.quote for e in result.evidence] == [
        "lifts loads of up to 2,500 kg",
        "Charging takes eight hours",
    ]
    assert all(e.locator.box and e.locator.page for e in result.evidence)
    assert not told and not result.notes


async def test_file_text_is_data_alone(world: Library) -> None:
    model = FakeAnalyst(manual)
    await asked(
        world, model, "document_analysis", SUMMARISE, options=TurnOptions(domain="occupational safety")
    )
    prompt = model.prompts[0]
    assert [d.id for d in data_of(prompt)] == ["D1", "D2", "D3"]
    assert prompt.parts[0] == SUMMARISE
    assert "2,500 kg" not in prompt.system and "occupational safety" in prompt.system


async def test_what_no_source_bears_out_is_left_out(world: Library, told: list[Event]) -> None:
    def reply(prompt: Prompt) -> dict[str, object]:
        own = id_of(prompt, "Charging")
        return {
            "points": [
                {"text": "Charging takes nine hours.", "sources": [{"id": own, "quote": "Charging takes"}]},
                {"text": "The battery is charged.", "sources": [{"id": "D99", "quote": ""}]},
                {"text": "The battery is charged.", "sources": [{"id": own, "quote": "It is never charged"}]},
                {
                    "text": "The battery is charged at www.power.example.",
                    "sources": [{"id": own, "quote": ""}],
                },
                {"text": "The battery of the Toyota is charged.", "sources": [{"id": own, "quote": ""}]},
                {"text": "Paris lies beside a broad river.", "sources": [{"id": own, "quote": "overnight"}]},
                {
                    "text": "Charging takes 8 hours [D2]. [[doc:0|x]]",
                    "sources": [{"id": f"[{own}]", "quote": ""}],
                },
            ]
        }

    result = await asked(world, FakeAnalyst(reply), "document_analysis", SUMMARISE)
    assert shown(result) == "Charging takes 8 hours. (forklift-manual.pdf, p. 2)"
    (warning,) = told
    assert "6 findings of scripted left out" in warning.message  # type: ignore[union-attr]


async def test_nothing_borne_out_takes_the_local_way(world: Library, told: list[Event]) -> None:
    local = await asked(world, None, "document_analysis", SUMMARISE)
    model = FakeAnalyst({"points": [{"text": "All is well.", "sources": []}]})
    assert await asked(world, model, "document_analysis", SUMMARISE) == local
    assert len(told) == 1


@pytest.mark.parametrize(
    ("agent", "intent"),
    [
        ("document_analysis", SUMMARISE),
        ("document_analysis", COMPARE),
        ("document_analysis", EXTRACT),
        ("document_analysis", "Categorise my documents"),
    ],
)
async def test_a_failing_model_takes_the_local_way_and_is_told(
    world: Library, told: list[Event], agent: str, intent: str
) -> None:
    local = await asked(world, None, agent, intent)
    failing = FakeAnalyst(lambda prompt: ModelTimeoutError("The model did not answer within 60 seconds."))
    assert await asked(world, failing, agent, intent) == local
    (warning,) = told
    assert warning.details["code"] == "MODEL_TIMEOUT"  # type: ignore[union-attr]
    assert "without the model" in warning.message  # type: ignore[union-attr]


async def test_what_only_measures_asks_no_model(world: Library) -> None:
    model = FakeAnalyst()
    for intent in (
        "How long is forklift-manual.pdf?",
        "Outline of forklift-manual.pdf",
        "Which e-mail addresses are in minutes-2025-02.md?",
    ):
        assert (await asked(world, model, "document_analysis", intent)).status is StepStatus.OK


async def test_several_documents_are_summed_up_in_one_call(world: Library) -> None:
    def reply(prompt: Prompt) -> dict[str, object]:
        return {
            "points": [
                point(prompt, "The older one lifts 2,000 kg.", "loads of up to 2,000 kg"),
                point(prompt, "The newer one lifts 2,500 kg.", "loads of up to 2,500 kg"),
                point(
                    prompt,
                    "Both demand a seat belt.",
                    "lifts loads of up to 2,500 kg. The driver must wear a seat belt",
                    "2,000 kg. The driver must wear a seat belt",
                ),
            ]
        }

    model = FakeAnalyst(reply)
    result = await asked(
        world, model, "document_analysis", "Summarise forklift-manual.pdf and forklift-manual-2019.docx"
    )
    assert sorted(d.source for d in data_of(model.prompts[0])) == [
        "forklift-manual-2019.docx",
        "forklift-manual.pdf, p. 1",
        "forklift-manual.pdf, p. 2",
        "forklift-manual.pdf, p. 3",
    ]
    both, old, new = shown(result).split("**Forklift operating manual", 2)
    assert "Both demand" in both and "2,500" in new and "2,000" in old


async def test_a_comparison_has_its_sides(world: Library) -> None:
    def reply(prompt: Prompt) -> dict[str, object]:
        belt = "The driver must wear a seat belt"
        return {
            "changed": [
                point(prompt, "It lifts 2,500 kg instead of 2,000 kg.", "up to 2,500 kg", "up to 2,000 kg")
            ],
            "same": [
                point(prompt, "The driver must wear a seat belt.", f"2,500 kg. {belt}", f"2,000 kg. {belt}"),
                point(prompt, "Helmets are recommended in the yard.", "Helmets are recommended"),
            ],
            "only": [point(prompt, "Helmets are recommended in the yard.", "Helmets are recommended")],
        }

    text = shown(await asked(world, FakeAnalyst(reply), "document_analysis", COMPARE))
    changed, same, only = text.split("\n\n**")[:3]
    assert changed.startswith("**forklift-manual.pdf and forklift-manual-2019.docx differ")
    assert "Both say" in same and "Helmets" not in same
    assert only.startswith("Only forklift-manual-2019.docx says") and "Helmets" in only


async def test_extraction_gives_rows_and_rules_fill_in(world: Library) -> None:
    def reply(prompt: Prompt) -> dict[str, object]:
        row = {
            "kind": "deadlines",
            "value": "14 March 2025",
            "text": "Anna Berg orders the paint",
            "sources": [
                {
                    "id": id_of(prompt, "orders the paint"),
                    "quote": "Anna Berg orders the paint by 14 March 2025",
                }
            ],
        }
        return {"rows": [row, {**row, "value": "15 March 2025"}, {**row, "kind": "wishes"}]}

    result = await asked(world, FakeAnalyst(reply), "document_analysis", EXTRACT)
    text = shown(result)
    assert text.count("14 March 2025") == 1 and "15 March" not in text
    assert "**Deadlines** in minutes-2025-02.md:\n\n- **14 March 2025**: Anna Berg orders the paint" in text
    assert "**Amounts** in minutes-2025-02.md:" in text and "480 EUR" in text


async def test_deadlines_of_a_month_asked_for(world: Library) -> None:
    def reply(prompt: Prompt) -> dict[str, object]:
        rows = [("14 March 2025", "Order paint"), ("2 April 2025", "Repair door")]
        return {
            "rows": [
                {
                    "kind": "deadlines",
                    "value": day,
                    "text": what,
                    "sources": [{"id": id_of(prompt, what), "quote": what}],
                }
                for day, what in rows
            ]
        }

    result = await asked(
        world,
        FakeAnalyst(reply),
        "document_analysis",
        "Which deadlines are in April 2025 in minutes-2025-02.md?",
    )
    assert "2 April 2025" in result.text and "14 March" not in result.text


async def test_categories_hold_each_document_once(world: Library) -> None:
    def reply(prompt: Prompt) -> dict[str, object]:
        manuals = [d.id for d in data_of(prompt) if "forklift" in d.text]
        return {
            "groups": [
                {"name": "Forklift manuals", "ids": [*manuals, "D77"]},
                {"name": "Space travel", "ids": [id_of(prompt, "Invoice 77")]},
                {"name": "Forklift again", "ids": manuals},
            ]
        }

    text = shown(await asked(world, FakeAnalyst(reply), "document_analysis", "Categorise my documents"))
    assert "4 documents in 1 group" in text
    assert "**Forklift manuals** (2)" in text and "Space" not in text
    assert "**Like no other** (2)" in text


LONG = "The pump of unit {n} was replaced on {day} May 2024 after {hours} hours of work in the hall. "


async def long_document(world: Library, sections: int = 12) -> None:
    parts = tuple(
        (f"Unit {n}", n, LONG.format(n=n, day=n, hours=100 * n) * 6) for n in range(1, sections + 1)
    )
    await document(world, "log.pdf", "Logs", "The log of the hall", pages=sections, parts=parts)
    await world.sync_index()


def first_of_each(prompt: Prompt) -> dict[str, object]:
    points = []
    for data in data_of(prompt):
        words = data.text.split(" was replaced", 1)[0].removeprefix("The ")
        points.append(
            {
                "text": f"The {words} was replaced.",
                "sources": [{"id": data.id, "quote": f"The {words} was replaced"}],
            }
        )
    return {"points": points}


def joined(prompt: Prompt) -> dict[str, object]:
    first, *rest = data_of(prompt)
    return {"points": [{"text": "Pumps of several units were replaced.", "ids": [first.id, rest[-1].id]}]}


async def test_a_long_document_is_read_in_sections_and_brought_together(
    world: Library, told: list[Event]
) -> None:
    await long_document(world)
    model = FakeAnalyst(map_section=[first_of_each], reduce=[joined], context_tokens=1_100)
    result = await asked(world, model, "document_analysis", "Summarise log.pdf")
    assert model.tasks.count("map_section") > 2 and model.tasks[-1] == "reduce"
    read = [d.id for p in model.prompts if p.task == "map_section" for d in data_of(p)]
    assert sorted(read) == sorted({f"D{n}" for n in range(1, 13)})
    assert shown(result) == "Pumps of several units were replaced. (log.pdf, p. 1) (log.pdf, p. 12)"
    assert not told


async def test_a_spent_budget_keeps_what_was_read(world: Library, told: list[Event]) -> None:
    await long_document(world)
    spent = BudgetExceededError("The turn's budget of 2 model calls is used up.")
    model = FakeAnalyst(map_section=[first_of_each, first_of_each, spent, *[spent] * 9], context_tokens=1_100)
    result = await asked(world, model, "document_analysis", "Summarise log.pdf")
    assert "reduce" not in model.tasks
    text = shown(result)
    assert "unit 1 was replaced" in text and "unit 12 " not in text
    (note,) = result.notes
    assert "sections could not be read: The turn's budget of 2 model calls is used up." in note
    assert told[0].details["code"] == "BUDGET_EXCEEDED"  # type: ignore[union-attr]


async def test_findings_that_cannot_be_brought_together_stand_as_they_are(world: Library) -> None:
    await long_document(world)
    spent = BudgetExceededError("The turn's 10 seconds are over.")
    model = FakeAnalyst(map_section=[first_of_each], reduce=[spent], context_tokens=1_100)
    result = await asked(world, model, "document_analysis", "Summarise log.pdf")
    assert "unit 1 was replaced" in shown(result) and "unit 12 was replaced" in shown(result)
    assert "could not be brought together" in result.notes[0]


async def test_a_section_too_long_after_all_is_read_in_halves(world: Library) -> None:
    def reply(prompt: Prompt) -> object:
        if len(data_of(prompt)) > 3:
            return ContextTooLongError("The prompt is longer than the model takes.")
        return first_of_each(prompt)

    await long_document(world)
    model = FakeAnalyst(analyse=[reply], map_section=[reply], reduce=[joined])
    result = await asked(world, model, "document_analysis", "Summarise log.pdf")
    assert "(log.pdf, p. 12)" in shown(result) and not result.notes


async def test_of_a_long_document_what_is_asked_about_takes_one_call(world: Library) -> None:
    await long_document(world)
    model = FakeAnalyst(first_of_each, context_tokens=1_100)
    await asked(
        world,
        model,
        "document_analysis",
        "Summarise what log.pdf says about the overhaul of the pump of unit 7",
    )
    assert model.tasks == ["analyse"]
    assert any("unit 7 " in d.text for d in data_of(model.prompts[0]))


async def test_through_a_real_chat_model(world: Library) -> None:
    finding = {
        "text": "Charging takes 8 hours.",
        "sources": [{"id": "D2", "quote": "Charging takes eight hours"}],
    }
    model = ScriptedModel({"points": [finding]})
    result = await asked(world, ChatRole(model), "document_analysis", SUMMARISE)
    assert shown(result) == "Charging takes 8 hours. (forklift-manual.pdf, p. 2)"
    assert model.tasks == ["analyse"]
    model.assert_used_up()
