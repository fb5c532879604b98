from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest
from agent_world import NOW, document
from fake_analyst import FakeAnalyst, asked, data_of, id_of

from pinakes.agents.analysts.verdicts import judged_by_model
from pinakes.agents.comparing.items import Item
from pinakes.agents.comparing.pairing import Match
from pinakes.agents.comparing.statements import Statement
from pinakes.agents.comparing.verdicts import Judgement
from pinakes.agents.spec import AgentContext
from pinakes.agents.writing.verify import check_marks
from pinakes.core.errors import ModelRateLimitError
from pinakes.core.events import Event
from pinakes.core.files import FileRecord
from pinakes.core.findings import Verdict
from pinakes.core.plans import Step, Task
from pinakes.core.prompts import Prompt
from pinakes.library.library import Library
from pinakes.ports.language_model import Models

PAIRS = Path(__file__).resolve().parent.parent / "comparing" / "pairs.jsonl"
TASK = Task(step=Step(id="s1", agent="cross_reference", intent="Do they agree?"), question="Do they agree?")


def match(left: str, right: str, judgement: Judgement, score: float = 0.8) -> Match:
    file = cast(FileRecord, None)
    return Match(Item(file, Statement(left)), Item(file, Statement(right)), judgement, score)


async def judged(model: FakeAnalyst, *matches: Match) -> list[Match]:
    ctx = AgentContext(cast(Library, None), lambda message: None, lambda: NOW, Models(analyst=model))
    return await judged_by_model(matches, TASK, ctx)


def said(verdict: str, left: str, right: str, reason: str = "", pair: int = 1) -> dict[str, object]:
    opinion = {"pair": pair, "verdict": verdict, "reason": reason, "left_quote": left, "right_quote": right}
    return {"pairs": [opinion]}


OPEN = Judgement(Verdict.RELATED)
CLASH = Judgement(Verdict.CONTRADICTS, "14 bar is not 12 bar", sure=True)
WORDS = Judgement(Verdict.CONTRADICTS, "allowed here, forbidden there")
SAME = Judgement(Verdict.SUPPORTS, "12 bar in both")
TEXTS = "The gauge shows 14 bar.", "The boiler runs at 12 bar."


@pytest.mark.parametrize(
    ("rule", "model", "verdict", "why"),
    [
        (OPEN, "supports", "supports", "the model's reason"),
        (OPEN, "contradicts", "contradicts", "the model's reason"),
        (OPEN, "unrelated", None, ""),
        (CLASH, "contradicts", "contradicts", "the model's reason"),
        (CLASH, "supports", "contradicts", "14 bar is not 12 bar; the model: supports, the model's reason"),
        (CLASH, "unrelated", "contradicts", "14 bar is not 12 bar; the model: unrelated, the model's reason"),
        (
            WORDS,
            "supports",
            "related",
            "allowed here, forbidden there; the model: supports, the model's reason",
        ),
        (SAME, "contradicts", "related", "12 bar in both; the model: contradicts, the model's reason"),
    ],
)
async def test_rules_and_model_together(rule: Judgement, model: str, verdict: str | None, why: str) -> None:
    reply = said(model, "14 bar", "12 bar", "the model's reason")
    found = await judged(FakeAnalyst(reply), match(*TEXTS, rule))
    assert [(m.judgement.verdict, m.judgement.why) for m in found] == ([(verdict, why)] if verdict else [])


@pytest.mark.parametrize(
    "reply",
    [
        said("supports", "13 bar", "12 bar"),
        said("supports", "14 bar", ""),
        said("supports", "14 bar", "12 bar", pair=7),
        {"pairs": []},
    ],
)
async def test_opinions_without_quotes_of_both_sides_count_for_nothing(reply: dict[str, object]) -> None:
    before = match(*TEXTS, CLASH)
    assert await judged(FakeAnalyst(reply), before) == [before]


async def test_reasons_hold_no_values_of_their_own() -> None:
    reply = said("contradicts", "14 bar", "12 bar", "It must be 16 bar")
    (found,) = await judged(FakeAnalyst(reply), match(*TEXTS, OPEN))
    assert (found.judgement.verdict, found.judgement.why) == (Verdict.CONTRADICTS, "")


async def test_labelled_pairs_go_in_batches(told: list[Event]) -> None:
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    wanted = {(p["left"], p["right"]): p["verdict"] for p in rows}

    def reply(prompt: Prompt) -> dict[str, object]:
        data = {d.id: d.text for d in data_of(prompt)}
        numbers = [int(i[1:]) for i in data if i.startswith("L")]
        sides = {n: (data[f"L{n}"], data[f"R{n}"]) for n in numbers}
        return {"pairs": [said(wanted[s], *s, pair=n)["pairs"][0] for n, s in sides.items()]}  # type: ignore[index]

    model = FakeAnalyst(reply)
    found = await judged(model, *(match(p["left"], p["right"], OPEN) for p in rows))
    assert len(model.prompts) == -(-len(rows) // 20)
    assert {(m.left.statement.text, m.right.statement.text): m.judgement.verdict for m in found} == wanted
    assert not told


async def test_calls_that_fail_leave_the_rules_verdicts(told: list[Event]) -> None:
    pairs = [match(*TEXTS, CLASH, score=1 - n / 100) for n in range(25)]
    replies = [said("contradicts", "14 bar", "12 bar", "the model's reason"), ModelRateLimitError("Later.")]
    found = await judged(FakeAnalyst(*replies), *pairs)
    assert [m.judgement.why for m in found] == ["the model's reason", *["14 bar is not 12 bar"] * 24]
    (warning,) = told
    assert warning.details["code"] == "MODEL_RATE_LIMIT"  # type: ignore[union-attr]


async def test_a_cross_check_with_a_model(world: Library) -> None:
    rules = (
        "The boiler is operated at a pressure of at most 12 bar. The boiler is cleaned by the night shift."
    )
    notes = (
        "The boiler was operated at a pressure of 14 bar. The night shift left the boiler uncleaned again."
    )
    for name, text in (("rules.md", rules), ("notes.md", notes)):
        await document(world, name, "Boiler", name, pages=None, parts=(("Boiler", None, text),))
    await world.sync_index()
    intent = "Does notes.md agree with rules.md?"
    local = await asked(world, None, "cross_reference", intent)

    def reply(prompt: Prompt) -> dict[str, object]:
        pair = int(id_of(prompt, "uncleaned")[1:])
        sides = {d.id[0]: d.text for d in data_of(prompt) if d.id[1:] == str(pair)}
        opinion = said("contradicts", sides["L"], sides["R"], "It was not cleaned", pair)
        return {
            "pairs": [
                *opinion["pairs"],
                {**opinion["pairs"][0], "pair": 1 if pair == 2 else 2, "left_quote": "x"},
            ]
        }  # type: ignore[index, misc]

    result = await asked(world, FakeAnalyst(reply), "cross_reference", intent)
    assert check_marks(result.text, result.evidence).dropped == 0
    clashes = {p.why for p in result.pairs if p.verdict is Verdict.CONTRADICTS}
    assert {p.why for p in local.pairs if p.verdict is Verdict.CONTRADICTS} <= clashes
    assert "It was not cleaned" in clashes
