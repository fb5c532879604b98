"""LangGraph's stream parts as events, and the graph's own stream as others read it."""

from __future__ import annotations

import json

from langchain_core.messages import AIMessageChunk
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph

from pinakes.core.chat import Answer
from pinakes.core.errors import PlanError
from pinakes.core.evidence import Evidence
from pinakes.core.files import MediaType, Table, TableRow
from pinakes.core.plans import StepResult, StepStatus
from pinakes.graph.bounds import MAX_MEMBERS
from pinakes.graph.stream import STREAM_MODES, TurnTranslator
from pinakes.testing.scripted import ScriptedAgent, ScriptedPlanner, ScriptedWriter, found, steps

ASKED = {"messages": [{"role": "user", "content": "What?", "id": "q1"}]}


async def events_of(graph, **settings):
    translator = TurnTranslator("q1", "What?")
    events = translator.opening()
    async for part in graph.astream(ASKED, stream_mode=STREAM_MODES, version="v2", **settings):
        events += translator.translate(part)
    return [*events, translator.closing(5)]


def of(events, kind):
    return [event for event in events if event.type == kind]


def piece(kind, file_id):
    return Evidence(id=file_id, media_type=kind, file_id=file_id, filename=file_id, score=0.5)


async def test_every_step_begins_and_ends_once_whatever_its_end(scene):
    plan = steps(
        ("image_search", "a"), ("document_search", "b"), ("video_search", "c"), ("cross_reference", "d", (1,))
    )
    agents = [
        ScriptedAgent("image_search", StepResult(step_id="", agent="", status=StepStatus.EMPTY)),
        ScriptedAgent("document_search", ValueError("no")),
        ScriptedAgent("cross_reference"),
    ]
    made = scene(ScriptedPlanner(plan), ScriptedWriter("None of it."), *agents)
    events = await events_of(made.graph)
    assert [event.call_id for event in of(events, "tool_invocation")] == ["s1", "s2", "s3"]
    ends = {event.call_id: event.status for event in of(events, "tool_result")}
    assert ends == {"s1": "empty", "s2": "failed", "s3": "unavailable", "s4": "skipped"}
    step = of(events, "thinking_step")[0]
    assert step.message == "4 steps: image_search, document_search, video_search, cross_reference"
    assert step.data["waves"] == [["s1", "s2", "s3"], ["s4"]]
    assert events[-1].metadata["partial"] is True
    assert events[-1].has_results is False


async def test_results_come_by_kind_and_each_file_once(scene):
    evidence = (
        piece(MediaType.IMAGE, "i1"),
        piece(MediaType.DOCUMENT, "d1"),
        piece(MediaType.IMAGE, "i1"),
        piece(MediaType.IMAGE, "i2"),
    )
    agent = ScriptedAgent(
        "image_search", StepResult(step_id="", agent="", evidence=evidence, file_ids=("i1", "x"))
    )
    made = scene(ScriptedPlanner(steps(("image_search", "a"))), ScriptedWriter("Here."), agent)
    events = await events_of(made.graph)
    assert [item["image_id"] for item in of(events, "image_results")[0].items] == ["i1", "i2"]
    assert [item["file_id"] for item in of(events, "document_results")[0].items] == ["d1"]
    assert of(events, "tool_result")[0].result_count == 4
    assert (events[-1].result_count, len(events[-1].image_context)) == (4, 2)


async def test_a_broken_plan_is_a_warning(scene):
    made = scene(
        ScriptedPlanner(PlanError("no idea")), ScriptedWriter("Hi."), ScriptedAgent("chat", found(text="Hi."))
    )
    events = await events_of(made.graph)
    assert of(events, "warning")[0].details["code"] == "PLAN_ERROR"


async def test_progress_of_an_agent_is_a_status(scene):
    async def work(task, context):
        context.report("Half way")
        return found("f")

    made = scene(
        ScriptedPlanner(steps(("image_search", "a"))),
        ScriptedWriter("Ok."),
        ScriptedAgent("image_search", work),
    )
    said = [(event.agent_name, event.message) for event in of(await events_of(made.graph), "status")]
    assert ("image_search", "Half way") in said


async def test_thousands_of_members_stay_out_of_log_and_messages(scene):
    ids = tuple(f"f{n}" for n in range(MAX_MEMBERS + 700))
    table = Table(
        words="All", columns=("n",), rows=(TableRow(label="all", value=1200, file_ids=ids),), total=1200
    )
    agent = ScriptedAgent("analytics", StepResult(step_id="", agent="", table=table, file_ids=ids))
    answer = Answer(content="1,200 [[ref:n]]", result_refs={"n": {"count": 1200, "ids": list(ids)}})
    made = scene(ScriptedPlanner(steps(("analytics", "a"))), ScriptedWriter(answer), agent)
    events = await events_of(made.graph)
    result = of(events, "tool_result")[0]
    assert result.result_count == len(ids)
    assert len(result.result["file_ids"]) == len(result.result["table"]["rows"][0]["file_ids"]) == MAX_MEMBERS
    ref = events[-1].result_refs["n"]
    assert (ref["count"], len(ref["ids"]), ref["truncated"]) == (1200, MAX_MEMBERS, True)
    assert events[-1].resolved_content == "1,200 1200"
    assert len(made.writer.requests[0].results[0].file_ids) == len(ids)


async def test_an_answer_that_was_not_streamed_is_one_token(scene):
    class Whole(ScriptedWriter):
        async def write(self, request):
            yield Answer(content="All at once.")

    made = scene(ScriptedPlanner(steps(("chat", "a"))), Whole(), ScriptedAgent("chat", found(text="x")))
    tokens = of(await events_of(made.graph), "token")
    assert [token.content for token in tokens] == ["All at once."]


async def test_other_frontends_see_tokens_as_message_chunks(scene):
    made = scene(
        ScriptedPlanner(steps(("chat", "a"))),
        ScriptedWriter("One two three."),
        ScriptedAgent("chat", found(text="x")),
    )
    seen = [
        (message, origin)
        async for message, origin in made.graph.astream(ASKED, stream_mode="messages")
        if origin["langgraph_node"] == "write"
    ]
    assert [type(message) for message, _ in seen] == [AIMessageChunk] * 3, "the whole message is not repeated"
    assert len({message.id for message, _ in seen}) == 1
    assert "".join(message.text for message, _ in seen) == "One two three."


async def test_what_nodes_send_is_json(scene):
    made = scene(ScriptedPlanner(steps(("image_search", "a"))), ScriptedWriter("Ok."))
    sent = [part async for part in made.graph.astream(ASKED, stream_mode="custom")]
    assert [part["type"] for part in sent] == ["status", "tool_invocation", "status"]
    assert json.loads(json.dumps(sent)) == sent


async def test_a_subgraphs_parts_are_not_the_turns(scene):
    inner = scene(
        ScriptedPlanner(steps(("chat", "a"))), ScriptedWriter("In."), ScriptedAgent("chat", found(text="x"))
    )
    builder = StateGraph(MessagesState)
    builder.add_node("library", inner.graph)
    builder.add_edge(START, "library")
    graph = builder.compile(checkpointer=InMemorySaver())
    translator = TurnTranslator("q1", "What?")
    config = {"configurable": {"thread_id": "t"}}
    parts = graph.astream(ASKED, config, stream_mode=["messages", "custom"], version="v2", subgraphs=True)
    assert [event async for part in parts for event in translator.translate(part)] == []


def test_a_turn_without_an_answer_is_an_error():
    assert TurnTranslator("q1", "What?").closing(1).type == "error"
