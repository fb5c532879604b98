from __future__ import annotations

from typing import Any

import pytest

from pinakes.agents.cards import CARDS
from pinakes.agents.planning.local import LocalPlanner
from pinakes.core.files import Inventory
from pinakes.core.plans import MAX_STEPS, AgentCard, Focus, PlanRequest
from tests.planning.conftest import PlanIt, agents, behind, rows

CHANGES = "folder_management"


STOCK = Inventory(counts={"image": 40, "document": 20})
ALL_KINDS = Inventory(counts={"image": 40, "document": 20, "link": 8, "video": 6})


async def shares_right(plan: PlanIt, labelled: list[dict], **fields: Any) -> tuple[float, int]:
    right = unasked = 0
    for row in labelled:
        steps = await plan(row["text"], *row["history"], **fields)
        made, said = set(agents(steps)), " ".join(step.intent for step in steps.steps).lower()
        unasked += CHANGES in made and not row["mutates"]
        fits = not made & set(row.get("avoid", ())) and all(words in said for words in row.get("says", ()))
        fits &= not row.get("only") or sorted(row["needs"]) == sorted(agents(steps))
        fits &= all(set(needed) <= behind(steps, agent) for agent, needed in row.get("after", {}).items())
        right += set(row["needs"]) <= made and (row["mutates"] or CHANGES not in made) and fits
    return right / len(labelled), unasked


@pytest.mark.parametrize("half", ["dev", "held-out"])
async def test_labelled_turns_get_the_agents_they_need(plan: PlanIt, half: str) -> None:
    share, unasked = await shares_right(
        plan, [row for row in rows("utterances.jsonl") if row["half"] == half]
    )
    assert share >= 0.9
    assert unasked == 0


async def test_other_voices_are_understood(plan: PlanIt) -> None:
    share, unasked = await shares_right(plan, rows("other_voices.jsonl"))
    assert share >= 0.85
    assert unasked == 0


@pytest.mark.parametrize(
    "said",
    ["What is the total of all invoices?", "Add up the receipts", "What did we spend on receipts in total?"],
)
async def test_the_money_on_papers_is_added_up_by_reading_them(plan: PlanIt, said: str) -> None:
    steps = await plan(said)
    assert agents(steps) == ["document_search", "document_analysis"] and steps.steps[1].intent.rstrip(
        "."
    ) == said.rstrip(".")
    assert "analytics" in agents(await plan("How many invoices are there in total?"))
    assert "analytics" in agents(await plan("What is the total size of all invoices?"))


@pytest.mark.parametrize("said", ["save it", "Keep it, please.", "yes, save the report"])
async def test_a_report_just_written_is_saved(plan: PlanIt, said: str) -> None:
    steps = await plan(said, "Write a short report on the crane")
    assert agents(steps)[-1] == "report_synthesis" and "the crane" in steps.steps[-1].intent
    assert "report_synthesis" not in agents(await plan(said, "Show me photos of boats"))


@pytest.mark.parametrize("said", ["y", "Yes, do it.", "no", "Cancel that, please"])
async def test_a_yes_to_nothing_asks_nothing_again(plan: PlanIt, said: str) -> None:
    assert agents(await plan(said, "Show me photos of boats")) == ["chat"]
    steps = await plan("And in March?", "Show me photos of boats", said)
    assert agents(steps) == ["image_search"] and "boats" in steps.steps[0].intent


@pytest.mark.parametrize("half", ["dev", "held-out"])
async def test_turns_over_pictures_and_documents_get_what_they_need_and_no_more(
    plan: PlanIt, half: str
) -> None:
    labelled = [row for row in rows("stocked_turns.jsonl") if row["half"] == half]
    share, unasked = await shares_right(plan, labelled, inventory=STOCK)
    assert share >= 0.9
    assert unasked == 0


@pytest.mark.parametrize("half", ["dev", "held-out"])
async def test_specialists_are_asked_in_an_order_that_works(plan: PlanIt, half: str) -> None:
    labelled = [row for row in rows("specialist_turns.jsonl") if row["half"] == half]
    share, unasked = await shares_right(plan, labelled, inventory=ALL_KINDS)
    assert share >= 0.9
    assert unasked == 0


@pytest.mark.parametrize("half", ["dev", "held-out"])
async def test_hard_turns_get_what_they_need_and_no_more(plan: PlanIt, half: str) -> None:
    labelled = [row for row in rows("hard_turns.jsonl") if row["half"] == half]
    share, unasked = await shares_right(plan, labelled, inventory=ALL_KINDS)
    assert share >= 0.9
    assert unasked == 0


FOLLOW_UPS = [
    ("which ones are damaged?", "show photos of pumps", "Which of the photos of pumps are damaged?"),
    ("and the second?", "show photos of pumps", "What about the second of the photos of pumps?"),
    ("only the ones from March", "find photos of pumps", "Find the photos of pumps from March."),
    ("what about videos?", "find photos of pumps", "Find videos of pumps."),
    ("compare them", "find photos of pumps", "Compare the photos of pumps."),
    ("summarise it", "find the safety manual", "Summarise the safety manual."),
    ("and in spring?", "photos of the canal", "Photos of the canal in spring."),
    ("and after that?", "who was treasurer in 2004?", "Who was treasurer after 2004?"),
    (
        "no, I meant the one in York",
        "find the deed for the barn in Hull",
        "Find the deed for the barn in York.",
    ),
    ("no, I mean the motor", "when was the pump installed?", "When was the motor installed?"),
    ("hmm, try again without the boats", "photos of the canal", "Photos of the canal without the boats."),
    (
        "how many are these per month?",
        "photos of the canal",
        "How many photos of the canal are there per month?",
    ),
    ("read the second photo", "photos of name plates", "Read the second of the photos of name plates."),
    ("why so early?", "when did the ferry leave?", "Why so early, about the ferry?"),
    ("which photos show it?", "what does the log say about the winch?", "Which photos show the winch?"),
    ("how many are there?", "photos of pumps", "How many photos of pumps are there?"),
    ("why?", "find the report on the collapsed wall", "Why, about the report on the collapsed wall?"),
    ("and clause 5?", "what does clause 4 say?", "What does clause 5 say?"),
    ("and the Norhaven one?", "What did the Bergset invoice cost?", "What did the Norhaven invoice cost?"),
    ("and P-105?", "where is pump P-104 installed?", "Where is pump P-105 installed?"),
    ("and for trucks?", "what is the speed limit for forklifts?", "What is the speed limit for trucks?"),
    ("in 2021?", "photos of the harbour in 2020", "Photos of the harbour in 2021."),
    (
        "what does it say about helmets?",
        "find the safety manual",
        "What does the safety manual say about helmets?",
    ),
    ("and the fewest?", "which phone took the most pictures?", "Which phone took the fewest pictures?"),
    ("what is her room number?", "who is the night nurse?", "What is the night nurse's room number?"),
    (
        "and what did that cost?",
        "show me the photo of the torn sail from May and tell me from the log how long it was away",
        "What did that cost, about how long the torn sail from May was away?",
    ),
    ("who decided that?", "why was the ferry moved?", "Who decided that, about the ferry moved?"),
    ("what happened there?", "when was the old mill sold?", "What happened there, about the old mill sold?"),
    ("what colour is it?", "find photos of the crane", "What colour is it, in the photos of the crane?"),
]


@pytest.mark.parametrize(("question", "before", "intent"), FOLLOW_UPS)
async def test_follow_ups_stand_alone(plan: PlanIt, question: str, before: str, intent: str) -> None:
    made = await plan(question, before)
    assert intent in [step.intent for step in made.steps]


async def test_talk_between_turns_does_not_change_the_topic(plan: PlanIt) -> None:
    made = await plan("and cats?", "find photos of dogs", "thanks a lot!")
    assert [(step.agent, step.intent) for step in made.steps] == [("image_search", "Find photos of cats.")]


async def test_a_later_clause_works_on_what_an_earlier_one_finds(plan: PlanIt) -> None:
    made = await plan("find the photos of P-104 and tell me which are blurred")
    assert [(step.agent, step.depends_on) for step in made.steps] == [
        ("image_search", ()),
        ("visual_analysis", ("s1",)),
    ]


async def test_independent_clauses_run_side_by_side(plan: PlanIt) -> None:
    made = await plan(
        "Do the photos of the scaffold match the inspection report? Also, how many files do I have?"
    )
    by_agent = {step.agent: step for step in made.steps}
    assert by_agent["analytics"].depends_on == ()
    assert len(by_agent["cross_reference"].depends_on) == 2
    assert by_agent["image_search"].intent == "Find the photos of the scaffold."
    assert by_agent["document_search"].intent == "Find the inspection report."


async def test_a_report_waits_for_everything_it_is_made_of(plan: PlanIt) -> None:
    made = await plan("find the inspection reports, summarise them and write a report")
    assert agents(made) == ["document_search", "document_analysis", "report_synthesis"]
    assert [len(wave) for wave in made.waves()] == [1, 1, 1]


async def test_documents_of_two_sorts_are_found_apart(plan: PlanIt) -> None:
    made = await plan("reconcile the bank statements with the invoices")
    assert [(step.agent, step.intent, step.depends_on) for step in made.steps] == [
        ("document_search", "Find the bank statements.", ()),
        ("document_search", "Find the invoices.", ()),
        ("cross_reference", "Reconcile the bank statements with the invoices.", ("s1", "s2")),
    ]


async def test_what_is_checked_against_something_else_is_not_searched_twice(plan: PlanIt) -> None:
    made = await plan("find the photos of the pump and check them against the maintenance manual")
    assert [(step.agent, step.intent) for step in made.steps] == [
        ("image_search", "Find the photos of the pump."),
        ("document_search", "Find the maintenance manual."),
        ("cross_reference", "Check the photos of the pump against the maintenance manual."),
    ]


async def test_a_report_is_kept_where_it_was_asked_to_be(plan: PlanIt) -> None:
    made = await plan("compare the leases, write a report as pdf and save it into Reports")
    assert agents(made) == ["document_search", "document_analysis", "report_synthesis"]
    assert made.steps[-1].intent == "Write a report as pdf. Save it into Reports."
    later = await plan("save it into Reports", "write a report about the crane")
    assert agents(later) == ["document_search", "report_synthesis"]
    assert later.steps[-1].intent == "Write a report about the crane. Save it into Reports."


async def test_an_answer_is_kept_by_finding_it_out_again(plan: PlanIt) -> None:
    made = await plan("save the last answer as a document", "what does the lease say about pets?")
    assert [(step.agent, step.intent, step.depends_on) for step in made.steps] == [
        ("document_search", "What does the lease say about pets?", ()),
        ("report_synthesis", "Write a report. Save the last answer as a document.", ("s1",)),
    ]
    assert CHANGES not in agents(await plan("save the last answer as a document", "delete all photos"))


async def test_the_rest_is_all_but_what_is_kept(plan: PlanIt) -> None:
    made = await plan("Of the photos of the ferry, keep the sharpest and delete the rest")
    assert [(step.agent, step.intent, step.depends_on) for step in made.steps] == [
        ("image_search", "Find the photos of the ferry.", ()),
        ("visual_analysis", "Keep the sharpest of the photos of the ferry.", ("s1",)),
        (CHANGES, "Delete all but the sharpest of the photos of the ferry.", ("s1", "s2")),
    ]


@pytest.mark.parametrize("stock", [{"image": 4, "document": 2}, {"image": 4, "video": 2}])
async def test_moments_are_in_videos_where_there_are_any(plan: PlanIt, stock: dict[str, int]) -> None:
    made = await plan("At which second does the sign appear?", inventory=Inventory(counts=stock))
    assert ("video_search" in agents(made)) is ("video" in stock)


async def test_small_talk_is_answered_as_a_whole(plan: PlanIt) -> None:
    made = await plan("Hi there! Thanks. What can you do?")
    assert [(step.agent, step.intent) for step in made.steps] == [
        ("chat", "Hi there! Thanks. What can you do?")
    ]


async def test_a_question_under_a_condition_is_told_by_documents(plan: PlanIt) -> None:
    assert "document_search" in agents(await plan("if the crane breaks down who do I ring"))
    assert agents(await plan("if it rains tomorrow what should I wear")) == ["chat"]


async def test_an_empty_shelf_drops_no_agent(plan: PlanIt) -> None:
    made = await plan("photos of boats", inventory=Inventory(counts={"document": 12}))
    assert "image_search" in agents(made)


async def test_the_inventory_resolves_names(plan: PlanIt) -> None:
    inventory = Inventory(filenames=("site_walk.mp4", "harbour-plan.pdf"), cameras=("Nikon D90",))
    assert "video_analysis" in agents(await plan("summarise site walk", inventory=inventory))
    assert "image_search" in agents(await plan("what did the nikon d90 see?", inventory=inventory))


async def test_what_is_counted_by_content_is_found_first(plan: PlanIt) -> None:
    made = await plan("How many photos of ferries did we take per year?", inventory=STOCK)
    assert [(step.agent, step.depends_on) for step in made.steps] == [
        ("image_search", ()),
        ("analytics", ("s1",)),
    ]


@pytest.mark.parametrize(
    ("stock", "searched"), [({"document": 3, "link": 4}, True), ({"document": 3}, False)]
)
async def test_an_article_is_a_saved_page_only_where_there_are_any(
    plan: PlanIt, stock: dict[str, int], searched: bool
) -> None:
    made = agents(await plan("What does the article say about moths?", inventory=Inventory(counts=stock)))
    assert "document_search" in made
    assert ("link_search" in made) is searched


async def test_a_selection_gives_these_a_meaning(plan: PlanIt) -> None:
    made = await plan("describe these", focus=Focus(media_type="image", file_ids=("a",)))
    assert agents(made) == ["visual_analysis"]


AWKWARD = [
    *("", " ", "?", "…", "👍👍", "!!!", "asdfghjkl", "\x00\x07", "a" * 10_000, "find the photos and " * 500),
    *(
        "SHOW ME THE PHOTOS",
        "def f(x): return x * 2",
        "https://example.org/a?b=c",
        "'\"`",
        "> quoted\n> lines",
    ),
    *(
        "photos\n\n\nand\n\n\ndocuments",
        "،؟",
        "写真を見せて",
        "사진 보여줘",
        "покажи фотографии",
        "and and and, then or",
    ),
    *("SELECT * FROM files; DROP TABLE files;", "{{config}}", "why why why why", "the the the of of of"),
]


@pytest.mark.parametrize("question", AWKWARD)
async def test_any_text_gets_a_plan_and_no_change(plan: PlanIt, question: str) -> None:
    for history in ((), ("find photos of pumps",), (question or "x", "delete it")):
        made = await plan(question, *history)
        assert 1 <= len(made.steps) <= MAX_STEPS
        assert CHANGES not in agents(made)
        assert 0.0 <= made.confidence <= 1.0


async def test_the_same_request_gives_the_same_steps(planner: LocalPlanner) -> None:
    request = PlanRequest(question="compare the leases and count the photos", history=("find the leases",))
    first, second = await planner.plan(request), await LocalPlanner(planner._meaning._embedder).plan(request)
    assert (first.steps, first.confidence, first.reason) == (second.steps, second.confidence, second.reason)


async def test_an_agent_of_somebody_else_is_planned_by_its_examples(planner: LocalPlanner) -> None:
    card = AgentCard(
        name="chess_coach",
        purpose="Comments chess games.",
        examples=("Which opening is this?", "Comment on this chess game", "Was the knight sacrifice sound?")
        * 4,
        takes=("text",),
        gives=("findings",),
    )
    made = await planner.plan(PlanRequest(question="Was my chess opening any good?", cards=(*CARDS, card)))
    assert "chess_coach" in agents(made)


@pytest.mark.realdata
async def test_errands_of_an_assistant_never_change_the_library(plan: PlanIt, realdata) -> None:
    import json

    lines = (realdata / "routing" / "val.jsonl").read_text(encoding="utf-8").splitlines()
    for row in map(json.loads, lines):
        assert CHANGES not in agents(await plan(row["text"])), row["text"]


async def test_questions_after_a_comma_have_steps_of_their_own(plan: PlanIt) -> None:
    asked = "What does the survey say of B-17, which photos show it, and how many files are there a year?"
    assert [(s.agent, s.intent) for s in (await plan(asked)).steps] == [
        ("document_search", "What does the survey say of B-17?"),
        ("image_search", "Which photos show B-17?"),
        ("analytics", "How many files are there a year?"),
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Find the report, which was written in May",
        "Please show me, which pumps were replaced",
        "When the alarm rings, what do I do?",
        "According to the manual, what is the torque?",
    ],
)
async def test_what_belongs_together_stays_one_question(plan: PlanIt, question: str) -> None:
    assert len({step.intent for step in (await plan(question)).steps}) == 1


async def test_sums_are_talk(plan: PlanIt) -> None:
    assert agents(await plan("what's 15% of 80?")) == ["chat"]
    assert agents(await plan("How much is 12 times 12?")) == ["chat"]


async def test_a_summary_report_that_is_needed_is_written(plan: PlanIt) -> None:
    assert "report_synthesis" in agents(await plan("I need a short summary report of all repairs in 2021"))
    assert "report_synthesis" not in agents(await plan("I need the inspection report of May"))


async def test_documents_asked_for_by_what_they_hold_are_searched_alone(plan: PlanIt) -> None:
    assert agents(await plan("which documents mention holidays?")) == ["document_search"]


@pytest.mark.parametrize("said", ["how long does an MRI scan take?", "what is a PET scan used for?"])
async def test_a_scan_of_a_body_is_no_picture_of_the_library(plan: PlanIt, said: str) -> None:
    assert "document_search" in [step.agent for step in (await plan(said)).steps]
