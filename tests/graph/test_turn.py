"""A turn through the whole graph, with a scripted planner, agents and writer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from langchain_core.messages import AIMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph

from pinakes.agents.cards import CARDS
from pinakes.core.chat import Answer, ChatResponse
from pinakes.core.errors import ModelError, PinakesTimeoutError, PlanError, ValidationError
from pinakes.core.evidence import Citation, Evidence
from pinakes.core.files import MediaType, Table, TableRow
from pinakes.core.findings import ReportRef
from pinakes.core.options import Budget, TurnOptions
from pinakes.core.plans import AgentCard, Focus, StepResult, StepStatus
from pinakes.graph.resources import Slots
from pinakes.testing.scripted import ScriptedAgent, ScriptedPlanner, ScriptedWriter, found, steps


def picture(file_id: str, step: str = "s1") -> Evidence:
    return Evidence(
        id=f"{step}.{file_id}",
        media_type=MediaType.IMAGE,
        file_id=file_id,
        filename=f"{file_id}.jpg",
        score=0.8,
    )


def pictures(*file_ids: str) -> StepResult:
    return StepResult(step_id="", agent="", evidence=tuple(map(picture, file_ids)), file_ids=file_ids)


EMPTY = StepResult(step_id="", agent="", status=StepStatus.EMPTY)


async def test_it_is_an_ordinary_chat_graph(scene):
    images = ScriptedAgent("image_search", pictures("f1", "f2"))
    answer = Answer(
        content="Two.", citations=(Citation(mark="[[img:f1]]", evidence=picture("f1")),), writer="w"
    )
    made = scene(ScriptedPlanner(steps(("image_search", "tractors"))), ScriptedWriter(answer), images)
    message = await made.ask("Find tractors")
    assert isinstance(message, AIMessage)
    assert message.text == "Two."
    assert message.additional_kwargs["citations"][0]["evidence"]["file_id"] == "f1"
    assert message.response_metadata["agents_used"] == ["image_search"]
    assert message.response_metadata["partial"] is False
    request = made.writer.requests[0]
    assert request.question == "Find tractors"
    assert [passage.evidence.file_id for passage in request.passages] == ["f1", "f2"]
    assert (images.tasks[0].step.intent, images.tasks[0].question) == ("tractors", "Find tractors")
    made.assert_used_up()


async def test_independent_steps_run_at_the_same_time(scene):
    meeting = asyncio.Barrier(3)

    async def meet(task, context):
        await asyncio.wait_for(meeting.wait(), 60)
        return found(task.step.id)

    names = ("image_search", "document_search", "chat")
    agents = [ScriptedAgent(name, meet) for name in names]
    made = scene(ScriptedPlanner(steps(*((name, "x") for name in names))), ScriptedWriter("ok"), *agents)
    await made.ask()
    assert [r.status for r in made.writer.requests[0].results] == [StepStatus.OK] * 3


async def test_one_agent_can_take_two_steps_of_a_wave(scene):
    agent = ScriptedAgent("document_search", found("a"), found("b"))
    plan = steps(("document_search", "first"), ("document_search", "second"))
    made = scene(ScriptedPlanner(plan), ScriptedWriter("ok"), agent)
    await made.ask()
    assert {result.intent for result in made.writer.requests[0].results} == {"first", "second"}


async def test_waves_pass_results_on(scene):
    plan = steps(
        ("image_search", "a"), ("document_search", "b"), ("cross_reference", "c", (1, 2)), ("chat", "d", (3,))
    )
    agents = [
        ScriptedAgent("image_search", pictures("f1")),
        ScriptedAgent("document_search", EMPTY),
        ScriptedAgent("cross_reference", found(text="They agree.")),
        ScriptedAgent("chat", found(text="fine")),
    ]
    made = scene(ScriptedPlanner(plan), ScriptedWriter("ok"), *agents)
    await made.ask()
    assert [r.agent for r in agents[2].tasks[0].inputs] == ["image_search", "document_search"]
    assert [r.text for r in agents[3].tasks[0].inputs] == ["They agree."]
    assert [r.step_id for r in made.writer.requests[0].results] == ["s1", "s2", "s3", "s4"]


async def test_a_step_with_nothing_to_work_on_is_skipped_with_the_reason(scene):
    analysis = ScriptedAgent("cross_reference")
    plan = steps(("image_search", "a"), ("cross_reference", "b", (1,)))
    made = scene(
        ScriptedPlanner(plan), ScriptedWriter("none"), ScriptedAgent("image_search", EMPTY), analysis
    )
    message = await made.ask()
    skipped = made.writer.requests[0].results[1]
    assert skipped.status is StepStatus.SKIPPED
    assert "image_search found nothing" in skipped.notes[0]
    assert message.response_metadata["partial"] is True
    assert analysis.tasks == []


async def test_a_failing_agent_is_admitted_and_the_others_still_count(scene):
    plan = steps(("image_search", "a"), ("document_search", "b"))
    agents = [
        ScriptedAgent("image_search", ValueError("secret")),
        ScriptedAgent("document_search", found("d")),
    ]
    made = scene(ScriptedPlanner(plan), ScriptedWriter("partly"), *agents)
    message = await made.ask()
    failed, fine = made.writer.requests[0].results
    assert failed.status is StepStatus.FAILED
    assert failed.error.code == "AGENT_ERROR"
    assert "secret" not in failed.error.message
    assert fine.file_ids == ("d",)
    assert message.response_metadata["partial"] is True


async def test_when_all_agents_fail_the_answer_still_comes(scene):
    plan = steps(("image_search", "a"), ("document_search", "b"))
    agents = [ScriptedAgent(name, ModelError("No model.")) for name in ("image_search", "document_search")]
    made = scene(ScriptedPlanner(plan), ScriptedWriter("sorry"), *agents)
    assert (await made.ask()).text == "sorry"
    assert [r.error.message for r in made.writer.requests[0].results] == ["No model."] * 2


async def test_a_passing_error_is_tried_again(scene):
    agent = ScriptedAgent(
        "image_search", PinakesTimeoutError("busy"), PinakesTimeoutError("busy"), found("f")
    )
    made = scene(ScriptedPlanner(steps(("image_search", "a"))), ScriptedWriter("ok"), agent)
    await made.ask()
    assert made.writer.requests[0].results[0].file_ids == ("f",)
    made.assert_used_up()


async def test_the_last_attempt_returns_a_failed_result(scene):
    agent = ScriptedAgent("image_search", *(PinakesTimeoutError("busy") for _ in range(3)))
    made = scene(ScriptedPlanner(steps(("image_search", "a"))), ScriptedWriter("ok"), agent)
    await made.ask()
    assert made.writer.requests[0].results[0].error.code == "TIMEOUT"
    made.assert_used_up()


async def test_a_step_that_takes_too_long_fails_alone_and_is_not_tried_again(scene):
    async def sleep(task, context):
        await asyncio.sleep(600)

    agents = [ScriptedAgent("image_search", sleep), ScriptedAgent("document_search", found("d"))]
    plan = steps(("image_search", "a"), ("document_search", "b"))
    made = scene(ScriptedPlanner(plan), ScriptedWriter("ok"), *agents, limits={"step_seconds": 0.05})
    await made.ask()
    slow, quick = made.writer.requests[0].results
    assert (slow.status, quick.status) == (StepStatus.FAILED, StepStatus.OK)
    assert "longer than" in slow.error.message
    made.assert_used_up()


async def test_a_step_without_a_working_agent_says_so(scene):
    plan = steps(("video_search", "a"), ("folder_management", "move them"))
    made = scene(ScriptedPlanner(plan), ScriptedWriter("not yet"))
    await made.ask()
    video, change = made.writer.requests[0].results
    assert (video.status, video.notes) == (StepStatus.UNAVAILABLE, ("not available yet",))
    assert change.notes == ("not available yet", "nothing was changed")
    assert [card.name for card in made.planner.requests[0].cards if card.available] == []


async def test_past_the_time_budget_the_rest_is_left_out(scene):
    clock = [datetime(2026, 1, 1, tzinfo=UTC)]

    async def slow(task, context):
        clock[0] += timedelta(seconds=20)
        return found("f", text="something")

    plan = steps(("image_search", "a"), ("visual_analysis", "b", (1,)))
    agents = [ScriptedAgent("image_search", slow), ScriptedAgent("visual_analysis")]
    made = scene(ScriptedPlanner(plan), ScriptedWriter("so far"), *agents, now=lambda: clock[0])
    message = await made.ask(context=TurnOptions(budget=Budget(max_seconds=10)))
    assert made.writer.requests[0].results[1].notes == ("The turn's time was up.",)
    assert message.response_metadata["partial"] is True


async def test_a_broken_plan_falls_back(scene):
    broken = ScriptedPlanner(steps(("cross_reference", "no input")))
    fallback = ScriptedPlanner(steps(("document_search", "x")))
    agent = ScriptedAgent("document_search", found("d"))
    made = scene(broken, ScriptedWriter("ok"), agent, fallback=fallback)
    await made.ask()
    assert made.writer.requests[0].plan.steps[0].agent == "document_search"


async def test_without_any_plan_the_question_goes_to_chat(scene):
    chat = ScriptedAgent("chat", found(text="Hello"))
    made = scene(ScriptedPlanner(PlanError("no idea")), ScriptedWriter("Hello"), chat)
    await made.ask("x" * 3000)
    assert made.writer.requests[0].plan.source == "fallback"
    assert len(chat.tasks[0].step.intent) == 2000


async def test_options_reach_planner_and_agents_and_are_optional(scene):
    agent = ScriptedAgent("image_search", EMPTY, EMPTY)
    plan = steps(("image_search", "a"))
    made = scene(ScriptedPlanner(plan, plan), ScriptedWriter("no", "no"), agent)
    options = TurnOptions(use_all_images=False, image_ids=("f1", "f2"), max_words=40)
    await made.ask(context=options)
    await made.ask()
    assert [task.options for task in agent.tasks] == [options, TurnOptions()]
    assert [request.options for request in made.planner.requests] == [options, TurnOptions()]
    assert [request.max_words for request in made.writer.requests] == [40, None]


async def test_without_a_history_these_means_the_selection(scene):
    agent = ScriptedAgent("image_search", EMPTY)
    made = scene(ScriptedPlanner(steps(("image_search", "a"))), ScriptedWriter("no"), agent)
    await made.ask(context=TurnOptions(use_all_images=False, image_ids=("f1", "f2")))
    assert agent.tasks[0].focus == Focus(media_type=MediaType.IMAGE, file_ids=("f1", "f2"))


async def test_a_follow_up_knows_what_was_shown_and_said(scene):
    plan = steps(("image_search", "tractors"))
    chat = steps(("chat", "thanks"))
    images = ScriptedAgent("image_search", pictures("f1", "f2"), EMPTY)
    made = scene(
        ScriptedPlanner(plan, chat, plan),
        ScriptedWriter("Two.", "You are welcome.", "None."),
        images,
        ScriptedAgent("chat", found(text="hi")),
        checkpointer=InMemorySaver(),
    )
    config = {"configurable": {"thread_id": "t"}}
    for text in ("Find tractors", "Thanks", "Which of those are red?"):
        await made.ask(text, config=config)
    first, second, third = made.planner.requests
    assert first.focus == Focus()
    shown = Focus(
        media_type=MediaType.IMAGE, file_ids=("f1", "f2"), intent="tractors", agents=("image_search",)
    )
    assert second.focus == shown
    assert third.focus == shown, "small talk does not change what those are"
    assert third.history == ("Find tractors", "Thanks")


async def test_an_empty_search_keeps_what_those_are(scene):
    plan = steps(("image_search", "tractors"))
    asked = steps(("image_search", "red tractors"))
    images = ScriptedAgent("image_search", pictures("f1", "f2"), EMPTY, EMPTY)
    made = scene(
        ScriptedPlanner(plan, asked, asked),
        ScriptedWriter("Two.", "None.", "None."),
        images,
        checkpointer=InMemorySaver(),
    )
    config = {"configurable": {"thread_id": "t"}}
    for text in ("Find tractors", "Which of those are red?", "Or blue?"):
        await made.ask(text, config=config)
    last = made.planner.requests[2].focus
    assert (last.file_ids, last.media_type, last.intent) == (("f1", "f2"), MediaType.IMAGE, "red tractors")


async def test_nothing_of_a_turn_but_its_messages_and_focus_stays(scene):
    made = scene(
        ScriptedPlanner(steps(("image_search", "a"))),
        ScriptedWriter("Two."),
        ScriptedAgent("image_search", pictures("f1", "f2")),
        checkpointer=InMemorySaver(),
    )
    config = {"configurable": {"thread_id": "t"}}
    await made.ask(config=config)
    values = (await made.graph.aget_state(config)).values
    assert (values["plan"], values["results"], values["options"]) == (None, {}, {})
    assert values["focus"]["file_ids"] == ["f1", "f2"]
    assert len(values["messages"]) == 2


@pytest.mark.parametrize("text", ["", "  ", "x" * 10_001])
async def test_a_bad_question_is_a_typed_error(scene, text):
    with pytest.raises(ValidationError):
        await scene(ScriptedPlanner(), ScriptedWriter()).ask(text)


async def test_after_an_error_the_next_turn_is_whole(scene):
    plan = steps(("chat", "x"))
    made = scene(
        ScriptedPlanner(plan, plan),
        ScriptedWriter(ModelError("The model is gone."), "Fine."),
        ScriptedAgent("chat", found(text="a"), found(text="b")),
        checkpointer=InMemorySaver(),
    )
    config = {"configurable": {"thread_id": "t"}}
    with pytest.raises(ModelError):
        await made.ask("one", config=config)
    assert (await made.ask("two", config=config)).text == "Fine."
    assert [r.text for r in made.writer.requests[1].results] == ["b"]
    assert made.writer.requests[1].history == ("one",)


async def test_a_writer_that_never_answers_is_an_error(scene):
    class Mute(ScriptedWriter):
        async def write(self, request):
            yield "half an"

    made = scene(ScriptedPlanner(steps(("chat", "x"))), Mute(), ScriptedAgent("chat", found(text="a")))
    with pytest.raises(ModelError, match="without an answer"):
        await made.ask()


async def test_it_works_as_a_subgraph(scene):
    made = scene(
        ScriptedPlanner(steps(("chat", "x"))),
        ScriptedWriter("Inside."),
        ScriptedAgent("chat", found(text="a")),
    )
    outer = StateGraph(MessagesState)
    outer.add_node("library", made.graph)
    outer.add_edge(START, "library")
    graph = outer.compile(checkpointer=InMemorySaver())
    state = await graph.ainvoke({"messages": [("user", "hi")]}, {"configurable": {"thread_id": "t"}})
    assert [message.text for message in state["messages"]] == ["hi", "Inside."]


def test_the_drawing_shows_all_agents(scene):
    made = scene(ScriptedPlanner(), ScriptedWriter())
    drawn = made.graph.get_graph().draw_mermaid()
    agents = [card.name for card in CARDS]
    assert len(agents) == 13
    assert all(f"plan -.-> {name};" in drawn and f"{name} --> gather;" in drawn for name in agents)
    assert "gather -.-> write;" in drawn


def test_the_outside_sees_messages_alone(scene):
    graph = scene(ScriptedPlanner(), ScriptedWriter()).graph
    assert list(graph.get_input_jsonschema()["properties"]) == ["messages"]
    assert list(graph.get_output_jsonschema()["properties"]) == ["messages"]
    assert "image_ids" in graph.get_context_jsonschema()["properties"]


class Pairs:
    """An agent's work that goes on when another is at work beside it; `most` is how many there were at once."""

    def __init__(self) -> None:
        self.at_work = self.most = 0
        self._meeting = asyncio.Barrier(2)

    async def __call__(self, task, context):
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        await asyncio.wait_for(self._meeting.wait(), 60)
        await asyncio.sleep(0.01)
        self.at_work -= 1
        return found("f")


async def test_agents_are_bounded_over_all_runs(scene):
    count = Pairs()
    card = AgentCard(name="chat", purpose="", examples=(), takes=("text",))
    agent = ScriptedAgent(card, *[count] * 6)
    plan = steps(("chat", "a"), ("chat", "b"), ("chat", "c"))
    made = scene(ScriptedPlanner(plan, plan), ScriptedWriter("1", "2"), agent, slots=Slots(2))
    await asyncio.gather(made.ask(), made.ask())
    assert count.most == 2


async def test_agents_are_bounded_in_one_run(scene):
    count = Pairs()
    agent = ScriptedAgent("chat", *[count] * 4)
    made = scene(
        ScriptedPlanner(steps(*[("chat", "a")] * 4)), ScriptedWriter("1"), agent, limits={"parallel_steps": 2}
    )
    await made.ask()
    assert count.most == 2


def test_one_graph_serves_several_event_loops(scene):
    plan = steps(("chat", "a"), ("chat", "b"), ("chat", "c"))

    async def wait(task, context):
        await asyncio.sleep(0.001)
        return found("f")

    made = scene(
        ScriptedPlanner(plan, plan),
        ScriptedWriter("1", "2"),
        ScriptedAgent("chat", *[wait] * 6),
        slots=Slots(1),
    )
    for _ in range(2):
        asyncio.run(made.ask())
    made.assert_used_up()


async def test_tables_pairs_and_reports_are_in_the_metadata_of_the_answer(scene) -> None:
    table = Table(
        words="files by year",
        columns=("year", "files"),
        rows=(TableRow(label="2024", value=2, file_ids=("a", "b")), TableRow(label="2025", value=1)),
        total=3,
        chart={"mark": "bar", "title": "files by year"},
    )

    async def counting(task, ctx):
        report = ReportRef(title="Years", formats={"md": "0" * 64})
        return StepResult(step_id="", agent="", text="Counted.", table=table, report=report)

    made = scene(
        ScriptedPlanner(steps(("analytics", "count"))),
        ScriptedWriter("3"),
        ScriptedAgent("analytics", counting),
    )
    metadata = (await made.ask()).response_metadata
    assert metadata["tables"][0]["rows"] == [["2024", 2.0], ["2025", 1.0]]
    assert (metadata["reports"][0]["title"], "pairs" in metadata) == ("Years", False)
    shown = ChatResponse(message_id="m", session_id="s", content="3", metadata=metadata).charts[0]
    assert shown._repr_mimebundle_()["text/plain"] == "files by year"
