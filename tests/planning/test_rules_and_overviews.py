"""Questions about the whole library are counted; what somebody may or must is looked up, whoever asks."""

from __future__ import annotations

import pytest

from tests.planning.conftest import PlanIt, agents


@pytest.mark.parametrize(
    "question",
    [
        "What do I have in total?",
        "what kinds of files do I have?",
        "what is in here?",
        "Give me a quick overview of my library.",
    ],
)
async def test_what_there_is_at_all_is_counted(plan: PlanIt, question: str) -> None:
    assert agents(await plan(question)) == ["analytics"]


@pytest.mark.parametrize(
    "question",
    [
        "Am I allowed to smoke on the quay?",
        "How much holiday do I get?",
        "What do I have to do before lifting?",
        "Who should I call when the alarm rings?",
        "Where do I park?",
    ],
)
async def test_what_somebody_may_or_must_is_told_by_documents(plan: PlanIt, question: str) -> None:
    assert "document_search" in agents(await plan(question))


@pytest.mark.parametrize("question", ["What can I ask you?", "What should I do today?", "who are you?"])
async def test_talk_stays_talk(plan: PlanIt, question: str) -> None:
    assert agents(await plan(question)) == ["chat"]


async def test_what_a_report_comes_with_is_not_what_it_is_about(plan: PlanIt) -> None:
    made = await plan("Write a report about the pump failures with charts and pictures")
    assert agents(made) == ["image_search", "document_search", "report_synthesis"]
    assert [step.intent for step in made.steps[:2]] == [
        "Find images about the pump failures.",
        "Find documents about the pump failures.",
    ]


async def test_a_report_may_be_the_third_thing_asked_for(plan: PlanIt) -> None:
    made = await plan(
        "Find the inspection reports, pull out the deadlines and then write me a summary report"
    )
    assert agents(made) == ["document_search", "document_analysis", "report_synthesis"]


async def test_papers_that_must_be_equal_are_held_against_each_other(plan: PlanIt) -> None:
    for question in (
        "Check whether the quoted price in the offer equals the one in the invoice",
        "Do the serial numbers on the nameplates agree with the asset list?",
    ):
        assert "cross_reference" in agents(await plan(question))


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("When the alarm rings, what do I do?", 1),
        ("When the alarm rings, find the manual and summarise it", 2),
    ],
)
async def test_the_case_a_question_is_for_is_part_of_it(plan: PlanIt, question: str, asked: int) -> None:
    searched = [step.intent for step in (await plan(question)).steps if step.agent == "document_search"]
    assert len(searched) == asked


@pytest.mark.parametrize(
    "question",
    [
        "Which invoices are over 1,000 euros?",
        "list the bills under €2000",
        "which is the most expensive invoice?",
    ],
)
async def test_papers_asked_for_by_what_they_come_to_are_read(plan: PlanIt, question: str) -> None:
    assert agents(await plan(question)) == ["document_search", "document_analysis"]


async def test_totals_of_the_papers_just_named_are_their_own(plan: PlanIt) -> None:
    made = await plan("list all invoices with their totals", "What caused the flooding?")
    assert made.steps[-1].intent == "List all invoices with their totals."
